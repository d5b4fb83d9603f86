"""The tags of front pages: one element for each thing, in order, and nothing that is only decoration."""

import subprocess
from pathlib import Path

import pikepdf
import pytest

from tests.conftest import SHARED, SiteFolder, struct_text
from tests.trees import Element, check_tree, shown_words, tagged_words

LOREM = "Une phrase assez longue pour remplir une ligne de la page, et même un peu plus que cela. "


def front(site: SiteFolder, body: str, extra: str = "") -> Element:
    site.communique(extra, body)
    built = site.build()
    assert built.result.exit_code == 0, built.result.output
    return check_tree(built.path)


def below(root: Element, tag: str) -> str:
    return " ".join(element.outline() for element in root.find(tag))


def test_an_element_over_two_pages_is_one(site: SiteFolder) -> None:
    body = f"{LOREM * 8}\n\n" * 3 + f"> {LOREM * 30}\n\n- {LOREM * 60}\n- court\n"
    root = front(site, body)
    assert len(site.build().reader.pages) >= 3
    # The date and the kind above the title, then the three.
    assert len([kid for kid in root.kids if kid.tag == "P"]) == 2 + 3
    assert below(root, "BlockQuote") == "BlockQuote(P)"
    assert below(root, "L") == "L(LI(Lbl LBody) LI(Lbl LBody))"
    (quote,) = root.find("BlockQuote")
    assert len({page for page, _mcid in quote.kids[0].content}) == 2


def test_a_table_over_pages_says_its_head_once(site: SiteFolder) -> None:
    rows = "\n".join(f"| Ligne {number} | {number} |" for number in range(90))
    root = front(site, f"| Sujet | Nombre |\n|---|---|\n{rows}\n")
    (table,) = root.find("Table")
    assert len(table.find("THead")) == 1
    assert len(table.find("TH")) == 2
    assert len(table.find("TR")) == 91
    assert all(cell.raw.A.Scope == "/Column" for cell in table.find("TH"))
    path = site.root / "kit.pdf"
    assert len(site.build().reader.pages) > 2
    assert struct_text(path).count('"Sujet"') == 1
    text = subprocess.run(["pdftotext", str(path), "-"], check=True, capture_output=True, text=True).stdout
    assert text.count("Sujet") > 2


def test_links_in_a_head_that_pages_repeat_are_links_on_each(site: SiteFolder) -> None:
    rows = "\n".join(f"| Ligne {number} | {number} |" for number in range(90))
    root = front(site, f"| [Sujet](https://x.fr/) | [Nombre](https://y.fr/) |\n|---|---|\n{rows}\n")
    built = site.build()
    assert "can't claim" not in built.messages
    links = [link for link in root.find("Link") if len(link.objects) > 1]
    pages = len(built.reader.pages)
    assert [len(link.objects) for link in links] == [pages, pages] and pages > 2
    assert struct_text(site.root / "kit.pdf").count('"Sujet"') == 1


def test_cells_say_how_far_they_reach_and_empty_ones_count(site: SiteFolder) -> None:
    html = (
        "<table><tr><th scope=row>A</th><td colspan=2>large</td></tr>"
        "<tr><th scope=row rowspan=2>B</th><td></td><td>x</td></tr><tr><td>y</td><td>z</td></tr></table>"
    )
    (table,) = front(site, html).find("Table")
    assert table.outline() == "Table(TBody(TR(TH TD) TR(TH TD TD) TR(TD TD)))"
    first, second = table.find("TH")
    assert first.raw.A.Scope == "/Row" and int(second.raw.A.RowSpan) == 2
    assert int(table.find("TD")[0].raw.A.ColSpan) == 2


def test_lists_are_nested_and_numbered(site: SiteFolder) -> None:
    root = front(site, "1. Un\n2. Deux\n    - a\n    - b\n3. Trois\n")
    outer, inner = root.find("L")
    assert outer.outline() == "L(LI(Lbl LBody) LI(Lbl LBody(L(LI(Lbl LBody) LI(Lbl LBody)))) LI(Lbl LBody))"
    assert outer.raw.A.ListNumbering == "/Decimal" and inner.raw.A.ListNumbering == "/Disc"


def test_terms_and_their_descriptions_are_items(site: SiteFolder) -> None:
    root = front(site, "<dl><dt>Terme</dt><dd>Sens</dd><dt>Autre</dt><dd>Sens</dd></dl>")
    assert below(root, "L") == "L(LI(Lbl LBody) LI(Lbl LBody))"


def test_links_are_in_their_sentence_and_say_it(site: SiteFolder) -> None:
    root = front(site, f"Avant [{LOREM * 2}](https://example.org/a) après.\n\n<a href='https://example.org'>Seul</a>")
    first, second = (link for link in root.find("Link") if link.content)
    assert len(first.objects) == len(first.content) == 3
    with pikepdf.open(site.root / "kit.pdf") as pdf:
        said = {str(pdf.get_object(reference).Contents) for reference in first.objects}
    assert said == {" ".join((LOREM * 2).split())}
    assert [p.outline() for p in root.find("P") if p.kids] == ["P(Link)", "P(Link)"]
    assert len(second.objects) == 1


def test_pictures_are_figures_or_decoration(site: SiteFolder) -> None:
    from PIL import Image

    for name in ("a", "b", "c"):
        Image.new("RGB", (200, 100), "teal").save(site.root / f"uploads/{name}.png")
    body = "![Un rectangle bleu](/uploads/a.png)\n\n![Image décorative](/uploads/b.png)\n\n![](/uploads/c.png)\n"
    described, bare = front(site, body).find("Figure")
    assert described.text("Alt") == "Un rectangle bleu"
    left, bottom, right, top = (float(value) for value in described.raw.A.BBox)
    assert 0 < left < right < 596 and 0 < bottom < top < 842
    # Nobody said that the third is decoration.
    assert "/Alt" not in bare.raw
    assert "can't claim PDF/UA-1: an image has no alternative text (ISO 14289-1, 7.3)" in site.build().messages


def test_running_heads_are_decoration(site: SiteFolder) -> None:
    front(site, f"{LOREM * 60}\n")
    path = site.root / "kit.pdf"
    assert "/ 2" not in struct_text(path)
    assert "2/2" in subprocess.run(
        ["pdftotext", str(path), "-"], check=True, capture_output=True, text=True
    ).stdout.replace(" ", "").replace("\u202f", "")
    with pikepdf.open(path) as pdf:
        marks = [
            instruction.operands
            for instruction in pikepdf.parse_content_stream(pdf.pages[0])
            if str(instruction.operator) == "BDC" and str(instruction.operands[0]) == "/Artifact"
        ]
    assert marks and all(operands[1].Type == "/Pagination" for operands in marks)


def test_passages_tell_their_language(site: SiteFolder) -> None:
    body = (
        'Un <span lang="en">press kit</span>.\n\n<p lang="de">Ein Absatz.</p>\n\n<div lang="en">A <em>word</em>.</div>'
    )
    root = front(site, body)
    languages = [(element.tag, element.text("Lang")) for element in root.walk() if "/Lang" in element.raw]
    assert languages == [("Span", "en"), ("P", "de"), ("Div", "en")]
    with pikepdf.open(site.root / "kit.pdf") as pdf:
        assert str(pdf.Root.Lang) == "fr"


def test_text_that_stands_in_a_group_gets_a_paragraph(site: SiteFolder) -> None:
    root = front(site, "<section>Un <em>texte</em> nu<p>un paragraphe</p>un reste</section>")
    assert root.find("Sect")[0].outline() == "Sect(P P P)"


@pytest.mark.parametrize("layout", ["communique", "dossier-de-presse"])
def test_the_contents_list_is_one_and_leads_to_the_parts(site: SiteFolder, layout: str) -> None:
    from tests.conftest import chapters

    site.write("uploads/a.pdf", chapters("A", 2))
    site.write("uploads/b.csv", "a,b\n1,2\n")
    files = "files: [{file: /uploads/a.pdf, nom: 'La pièce'}, {file: /uploads/b.csv, nom: 'Les données', as: embed}]\n"
    root = front(site, "## Une partie\n\nTexte.", files + f"layout: {layout}\n")
    contents = root.find("TOC")
    assert contents[-1].outline() == "TOC(TOCI(Reference(Link)) TOCI(P))"
    if layout == "dossier-de-presse":
        assert contents[0].outline() == "TOC(TOCI(Reference(Link)) TOCI(Reference(Link)))"
    assert root.kids[-1].tag == "Part" and root.kids[-1].text("T") == "La pièce"


def test_headings_are_in_order_and_the_title_is_the_first(site: SiteFolder) -> None:
    root = front(site, "#### Profond\n\ntexte\n\n# Haut\n\ntexte\n\n### Bas\n")
    headings = [element.tag for element in root.walk() if element.tag[0] == "H" and element.tag[1:].isdigit()]
    assert headings == ["H1", "H2", "H2", "H3"]


def test_separators_are_in_the_part_that_they_announce(site: SiteFolder) -> None:
    from tests.conftest import chapters

    site.write("presskit.toml", "[kit]\nseparators = true\nstamp = true\n")
    site.write("uploads/a.pdf", chapters("A", 1))
    root = front(site, "Texte.", "files: [{file: /uploads/a.pdf, nom: 'La pièce'}]\n")
    assert root.kids[-1].kids[0].tag == "P"
    assert "La pièce" in struct_text(site.root / "kit.pdf").split("Part <")[1]


def test_attachments_that_are_laid_out_are_tagged_alike(site: SiteFolder) -> None:
    site.write("uploads/a.md", "# Titre\n\nUn texte.\n\n- a\n- b\n")
    site.write("uploads/b.csv", "Nom,Nombre\na,1\n")
    root = front(site, "Texte.", "files: [{file: /uploads/a.md, nom: A}, {file: /uploads/b.csv, nom: B}]\n")
    first, second = (kid for kid in root.kids if kid.tag == "Part")
    assert first.outline() == "Part(H1 H2 P L(LI(Lbl LBody) LI(Lbl LBody)))"
    assert "Table(THead(TR(TH TH)) TBody(TR(TD TD)))" in second.outline()


@pytest.mark.parametrize(
    "name",
    ["seed/communique.md", "corpus/femmes-et-numerique.md", "corpus/tchap-note-aux-redactions.md"],
)
def test_real_communiques_say_all_once(site: SiteFolder, shared: Path, name: str) -> None:
    from tests.test_corpus import build

    built = build(site, SHARED, name)
    check_tree(built.path)
    shown, tagged = shown_words(built.path), tagged_words(built.path)
    # What is shown and not said: the running title and numbers of each page.
    extra = len(shown) - len(tagged)
    assert 0 < extra < 120 * len(built.reader.pages)
