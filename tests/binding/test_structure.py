"""Structure trees: those of attachments are in the kit, whole, each under its own part, and in order."""

import io
import random
import re
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String

from tests import producers
from tests.conftest import SiteFolder, html_pdf, kit_of
from tests.producers import changed
from tests.trees import Element, check_tree, shown_words, tagged_words, texts_in_tag_order

pytestmark = pytest.mark.usefixtures("without_ocr")


def parts(root: Element) -> list[Element]:
    return [kid for kid in root.kids if kid.tag == "Part"]


@pytest.mark.parametrize("name", producers.ALL)
def test_what_a_page_says_its_tags_say_once(site: SiteFolder, tmp_path: Path, name: str) -> None:
    content = producers.ALL[name]()
    kit = kit_of(site, content).path
    (part,) = parts(check_tree(kit))
    assert part.text("T") == "Pièce 1"
    source = tmp_path / "source.pdf"
    source.write_bytes(content)
    with pikepdf.open(source) as pdf:
        pages = len(pdf.pages)
    with pikepdf.open(kit) as pdf:
        front = len(pdf.pages) - pages
    shown, tagged = shown_words(kit, front + 1), tagged_words(kit, part=1)
    assert shown_words(source) == shown
    if name in ("PDF 2.0", "LaTeX"):
        # A paragraph, or the pages' numbers, which the file itself calls decoration.
        assert 0 < len(shown) - len(tagged) < (100 if name == "PDF 2.0" else 3)
    else:
        assert sorted(tagged) == sorted(shown)


@pytest.mark.parametrize("name", producers.TAGGED)
def test_the_order_of_tags_is_the_files_own(site: SiteFolder, tmp_path: Path, name: str) -> None:
    source = tmp_path / "source.pdf"
    source.write_bytes(producers.TAGGED[name]())
    assert tagged_words(kit_of(site, source.read_bytes()).path, part=1) == tagged_words(source)


@pytest.mark.parametrize("name", producers.TAGGED)
def test_each_page_reads_as_it_did(site: SiteFolder, tmp_path: Path, name: str) -> None:
    source = tmp_path / "source.pdf"
    source.write_bytes(producers.TAGGED[name]())
    kit = kit_of(site, source.read_bytes(), producers.untagged()).path
    expected = texts_in_tag_order(source)
    assert all(expected)
    assert texts_in_tag_order(kit, 2)[: len(expected)] == expected


def test_a_part_has_the_elements_of_its_file(site: SiteFolder) -> None:
    (part,) = parts(check_tree(kit_of(site, producers.latex()).path))
    assert part.outline() == "Part(Sect(H1 P H2 L(LI(Lbl LBody) LI(Lbl LBody)) P))"
    assert part.text("Lang") == "fr"


def test_identifiers_are_told_apart_and_followed(site: SiteFolder) -> None:
    root = check_tree(kit_of(site, producers.weasyprint(), producers.weasyprint()).path)
    for number, part in enumerate(parts(root), 1):
        headers = [cell.text("ID") for cell in part.find("TH")]
        assert headers and all(name.startswith(f"kit-part-{number}.") for name in headers)
        for cell in part.find("TD"):
            assert str(cell.raw.A.Headers[0]) in headers


def test_roles_of_one_name_are_told_apart(site: SiteFolder) -> None:
    def other(pdf: pikepdf.Pdf) -> None:
        # The same name for another thing: a heading here, a paragraph there.
        pdf.Root.StructTreeRoot.RoleMap.Normal = Name.Quote

    kit = kit_of(site, producers.word(), changed(producers.word(), other), producers.word()).path
    first, second, third = parts(check_tree(kit))
    with pikepdf.open(kit) as pdf:
        roles = {str(name): str(target) for name, target in pdf.Root.StructTreeRoot.RoleMap.items()}
        classes = {str(name) for name in pdf.Root.StructTreeRoot.ClassMap}
    assert roles == {
        "/Normal": "/P",
        "/Normal_2": "/Quote",
        "/Heading1": "/H1",
        "/Heading2": "/H2",
    }
    assert classes == {"/Pa1"}
    assert first.find("Normal") and not first.find("Normal_2")
    assert second.find("Normal_2") and not second.find("Normal")
    assert third.outline() == first.outline()
    assert all(element.text("C") == "/Pa1" for element in first.find("Normal"))


def test_classes_of_one_name_are_told_apart(site: SiteFolder) -> None:
    def other(pdf: pikepdf.Pdf) -> None:
        pdf.Root.StructTreeRoot.ClassMap.Pa1.SpaceAfter = 3

    first, second = parts(check_tree(kit_of(site, producers.word(), changed(producers.word(), other)).path))
    assert {element.text("C") for element in first.find("Normal")} == {"/Pa1"}
    assert {element.text("C") for element in second.find("Normal")} == {"/Pa1_2"}


def test_types_of_pdf_2_become_those_nearest_to_them(site: SiteFolder) -> None:
    kit = kit_of(site, producers.pdf_2())
    (part,) = parts(check_tree(kit.path))
    with pikepdf.open(kit.path) as pdf:
        assert pdf.pdf_version == "1.7"
        roles = {str(name): str(target) for name, target in pdf.Root.StructTreeRoot.RoleMap.items()}
        assert "/Namespaces" not in pdf.Root.StructTreeRoot
    assert roles == {"/Title": "/P", "/Chapo": "/P"}
    assert part.find("Title") and part.find("Chapo") and not part.find("Artifact")
    assert all("/NS" not in element.raw for element in part.walk())


def test_unknown_types_are_mapped_to_none(site: SiteFolder) -> None:
    def unmapped(pdf: pikepdf.Pdf) -> None:
        del pdf.Root.StructTreeRoot.RoleMap.Normal
        pdf.Root.StructTreeRoot.RoleMap.Heading1 = Name.Heading2
        pdf.Root.StructTreeRoot.RoleMap.Heading2 = Name.Heading1

    kit = kit_of(site, changed(producers.word(), unmapped))
    check_tree(kit.path)
    with pikepdf.open(kit.path) as pdf:
        assert set(map(str, pdf.Root.StructTreeRoot.RoleMap.values())) == {"/NonStruct"}


@pytest.mark.parametrize(
    ("html", "levels"),
    [
        ("<h1>A</h1><h3>B</h3><h3>C</h3><h4>D</h4>", "H1 H2 H2 H3"),
        ("<h3>A</h3><h4>B</h4><h2>C</h2>", "H2 H3 H2"),
        ("<h1>A</h1><h2>B</h2><h6>C</h6><h2>D</h2>", "H1 H2 H3 H2"),
    ],
)
def test_no_heading_skips_a_level(site: SiteFolder, html: str, levels: str) -> None:
    (part,) = parts(check_tree(kit_of(site, html_pdf(f"<title>T</title><body>{html}")).path))
    assert " ".join(element.tag for element in part.walk() if re.fullmatch(r"H\d", element.tag)) == levels


def test_links_and_fields_stay_with_their_elements(site: SiteFolder) -> None:
    root = check_tree(kit_of(site, producers.weasyprint(), producers.form()).path)
    first, second = parts(root)
    (link,) = first.find("Link")
    assert len(link.objects) == 1 and link.content
    assert [len(element.objects) for element in second.find("Form")] == [1, 1]


def test_untagged_text_becomes_paragraphs_and_links(site: SiteFolder) -> None:
    kit = kit_of(site, producers.untagged())
    (part,) = parts(check_tree(kit.path))
    assert part.outline() == "Part(P P P Link)"
    assert "f1.pdf: all pages: not tagged by its author" in kit.messages


def test_marks_that_nothing_owns_are_made_anew(site: SiteFolder) -> None:
    (part,) = parts(check_tree(kit_of(site, producers.detached()).path))
    assert len(part.find("P")) > 5


def test_a_page_without_tags_in_a_tagged_file_is_tagged(site: SiteFolder) -> None:
    def add(pdf: pikepdf.Pdf) -> None:
        with pikepdf.open(io.BytesIO(producers.untagged())) as other:
            pdf.pages.append(other.pages[0])

    kit = kit_of(site, changed(producers.latex(), add))
    (part,) = parts(check_tree(kit.path))
    assert part.outline() == "Part(Sect(H1 P H2 L(LI(Lbl LBody) LI(Lbl LBody)) P) P P P Link)"
    assert "f1.pdf: page 3: not tagged" in kit.messages


def test_a_scan_is_a_figure_that_says_what_is_known(site: SiteFolder) -> None:
    kit = kit_of(site, producers.scan())
    (part,) = parts(check_tree(kit.path))
    assert part.outline() == "Part(Figure)"
    assert "sans texte lisible (page 1)" in part.kids[0].text("Alt")
    assert "all pages: scanned" in kit.messages
    kit = kit_of(site, producers.scan(), entry=", alt: 'Lettre du service'")
    (part,) = parts(check_tree(kit.path))
    assert part.kids[0].text("Alt") == "Lettre du service (page 1)"


def test_text_in_a_form_is_reached_where_it_is_drawn(site: SiteFolder) -> None:
    def wrap(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        inner = pdf.make_stream(page.Contents.read_bytes())
        inner.Type, inner.Subtype, inner.BBox, inner.Resources = Name.XObject, Name.Form, page.MediaBox, page.Resources
        page.Resources = Dictionary(XObject=Dictionary(Fm=inner))
        page.Contents = pdf.make_stream(b"q /Fm Do Q")

    (part,) = parts(check_tree(kit_of(site, changed(producers.untagged(), wrap)).path))
    assert part.outline() == "Part(P P P Link)"


def test_a_form_drawn_twice_is_said_twice_where_it_is_drawn(site: SiteFolder) -> None:
    def wrap(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        inner = pdf.make_stream(b"BT /F0 12 Tf 50 700 Td (Filigrane) Tj ET")
        inner.Type, inner.Subtype, inner.BBox = Name.XObject, Name.Form, page.MediaBox
        inner.Resources = Dictionary(Font=Dictionary(F0=page.Resources.Font[next(iter(page.Resources.Font.keys()))]))
        page.Resources.XObject = Dictionary(Fm=inner)
        page.Contents = pdf.make_stream(page.Contents.read_bytes() + b" q /Fm Do Q q 1 0 0 1 0 -90 cm /Fm Do Q")
        pdf.pages.append(page)

    (part,) = parts(check_tree(kit_of(site, changed(producers.untagged(), wrap)).path))
    assert len(part.find("P")) == 2 * (3 + 2)


def test_a_form_drawn_twice_on_a_page_is_said_where_it_is_drawn(site: SiteFolder) -> None:
    def wrap(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        inner = pdf.make_stream(page.Contents.read_bytes())
        inner.Type, inner.Subtype, inner.BBox, inner.Resources = Name.XObject, Name.Form, page.MediaBox, page.Resources
        page.Resources = Dictionary(XObject=Dictionary(Fm=inner))
        page.Contents = pdf.make_stream(b"q /Fm Do Q q 1 0 0 1 0 -90 cm /Fm Do Q")

    (part,) = parts(check_tree(kit_of(site, changed(producers.untagged(), wrap)).path))
    assert part.outline() == "Part(P P Link)"


def test_running_heads_of_weasyprint_are_decoration(site: SiteFolder) -> None:
    # It marks them for elements that hang in no tree.
    css = "<style>@page { @bottom-center { content: 'Pied de page' } }</style>"
    kit = kit_of(site, html_pdf(f"<title>T</title>{css}<body><h1>Titre</h1><p>Texte."))
    check_tree(kit.path)
    assert "".join(tagged_words(kit.path, part=1)) == "titretexte"
    assert "pieddepage" in "".join(shown_words(kit.path, 2))
    assert "not tagged" not in kit.messages


def test_nothing_points_to_what_is_not_in_the_kit(site: SiteFolder) -> None:
    kit = kit_of(site, producers.weasyprint(), producers.latex()).path
    with pikepdf.open(kit) as pdf:
        pages = {page.objgen for page in pdf.pages}
        for item in pdf.objects:
            if isinstance(item, Dictionary) and item.get("/Type") in ("/StructElem", "/MCR", "/OBJR") and "/Pg" in item:
                assert item.Pg.objgen in pages
        roots = [
            item for item in pdf.objects if isinstance(item, Dictionary) and item.get("/Type") == "/StructTreeRoot"
        ]
        assert len(roots) == 1
        documents = [item for item in pdf.objects if isinstance(item, Dictionary) and item.get("/S") == "/Document"]
        assert len(documents) == 1
        assert all(page.get("/Tabs") == "/S" for page in pdf.pages)


def _damage(kind: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        root = pdf.Root.StructTreeRoot
        elements = [item for item in pdf.objects if isinstance(item, Dictionary) and item.get("/Type") == "/StructElem"]
        match kind:
            case "cycle":
                elements[-1].K = Array([elements[0], *(elements[-1].get("/K") or [])])
            case "no kids":
                del root.K
            case "twice":
                elements[5].K = Array([elements[-1], elements[-1]])
            case "far page":
                elements[4].Pg = pdf.make_indirect(Dictionary(Type=Name.Page))
            case "large numbers":
                elements[-1].K = Array([999_999_999, -3])
            case "no types":
                for element in elements[::3]:
                    del element.S
            case "numbers for names":
                root.RoleMap, root.ClassMap, root.ParentTree = 3, String("x"), Array([])
                elements[3].A, elements[3].C, elements[3].ID = 5, 6, 7
            case "lost objects":
                for element in elements:
                    if element.get("/S") == "/Link":
                        element.K = Array([Dictionary(Type=Name.OBJR), Dictionary(Type=Name.MCR), Dictionary()])

    return change


@pytest.mark.parametrize(
    "kind",
    ["cycle", "no kids", "twice", "far page", "large numbers", "no types", "numbers for names", "lost objects"],
)
def test_a_damaged_tree_loses_no_text(site: SiteFolder, kind: str) -> None:
    kit = kit_of(site, changed(producers.weasyprint(), _damage(kind))).path
    check_tree(kit)
    shown, tagged = shown_words(kit, 2), tagged_words(kit, part=1)
    # What no element of the tree owned is tagged after the rest.
    assert sorted(tagged) == sorted(shown)


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_random_trees_are_grafted_whole(tmp_path_factory: pytest.TempPathFactory, chance: random.Random) -> None:
    folder = tmp_path_factory.mktemp("site")
    (folder / "uploads").mkdir()
    site = SiteFolder(folder)
    contents, counts = zip(*(_random_file(chance) for _number in range(chance.randint(1, 3))), strict=True)
    root = check_tree(kit_of(site, *contents).path)
    for part, count in zip(parts(root), counts, strict=True):
        marks = [content for element in part.walk() for content in element.content]
        assert len(marks) == count
        texts = "".join(element.text("Alt") for element in part.walk())
        assert texts.count("*") == len([element for element in part.walk() if element.text("Alt")])


def _random_file(chance: random.Random) -> tuple[bytes, int]:
    """A file of random pages with a random tree over their marks; and the number of marks."""
    pdf = pikepdf.new()
    marks: list[tuple[pikepdf.Object, int]] = []
    for _page in range(chance.randint(1, 4)):
        page = pdf.add_blank_page(page_size=(300, 400))
        count = chance.randint(0, 6)
        page.Contents = pdf.make_stream(
            b"".join(b"/P <</MCID %d>> BDC 0 0 %d 5 re f EMC " % (mcid, mcid + 1) for mcid in range(count))
        )
        marks += [(page.obj, mcid) for mcid in range(count)]
    total = len(marks)
    chance.shuffle(marks)
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, RoleMap=Dictionary(Own=Name.Span)))
    tree = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root, K=Array()))
    root.K = Array([tree])
    elements = [tree]
    types = ["P", "Sect", "Span", "Own", "Figure", "Div", "H1", "H4"]
    while marks or chance.random() < 0.5:
        parent = chance.choice(elements)
        element = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name("/" + chance.choice(types)), P=parent))
        element.K = Array()
        if chance.random() < 0.3:
            element.Alt = String("*")
        if chance.random() < 0.2:
            element.ID = String(f"id{len(elements)}")
        for _mark in range(min(chance.randint(0, 3), len(marks))):
            holder, mcid = marks.pop()
            if chance.random() < 0.5 and "/Pg" not in element:
                element.Pg = holder
            if "/Pg" in element and element.Pg.objgen == holder.objgen:
                element.K.append(mcid)
            else:
                element.K.append(Dictionary(Type=Name.MCR, Pg=holder, MCID=mcid))
        parent.K.append(element)
        elements.append(element)
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue(), total
