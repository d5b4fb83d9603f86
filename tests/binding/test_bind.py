"""Binding: what attachments bring is in the kit, leads where it led, and says who made it."""

import io
import os
import re
import signal
import subprocess
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from presskit import __version__
from tests.attachments.conftest import picture, saved
from tests.conftest import (
    SiteFolder,
    attach,
    chapters,
    html_pdf,
    kit_of,
    link_targets,
    outline,
    struct_text,
    unpacked,
)
from tests.planting import Plants
from tests.trees import check_tree


def changed(content: bytes, change) -> bytes:  # type: ignore[no-untyped-def]
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_pages_come_in_the_order_of_files(site: SiteFolder) -> None:
    attach(site, chapters("A", 2), chapters("B", 3))
    texts = [page.extract_text().split("\n")[0] for page in site.build().reader.pages[1:]]
    assert texts == ["A 0", "A 1", "B 0", "B 1", "B 2"]


def test_each_attachment_is_a_bookmark_over_its_own_outline(site: SiteFolder) -> None:
    attach(site, chapters("A", 2), chapters("B", 2))
    assert outline(site.build().reader)[-6:] == [
        (0, "Pièce 1", 2),
        (1, "A 0", 2),
        (1, "A 1", 3),
        (0, "Pièce 2", 4),
        (1, "B 0", 4),
        (1, "B 1", 5),
    ]


def test_attachments_are_closed_lines_of_the_outline(site: SiteFolder) -> None:
    attach(site, chapters("A", 2), html_pdf("<title>B</title><body>sans titre"))
    with pikepdf.open(site.build().path) as pdf, pdf.open_outline() as opened:
        assert [(item.title, bool(item.is_closed), len(item.children)) for item in opened.root][1:] == [
            ("Pièce 1", True, 2),
            ("Pièce 2", False, 0),
        ]
        # Items in sight: the title, its one heading ("Pièces jointes"), and the attachments.
        assert pdf.Root.Outlines.Count == 4


def test_separators_announce_attachments_and_are_counted(site: SiteFolder) -> None:
    site.write("presskit.toml", "[kit]\nseparators = true\n")
    attach(site, chapters("A", 2), changed(chapters("B", 1), lambda writer: writer.set_page_label(0, 0, "/r")))
    reader = site.build().reader
    texts = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert "Pièce 1 page 2" in texts[0] and "Pièce 2 page 5" in texts[0]
    assert texts[1].startswith("Pièce 1") and "2 / 6" in texts[1]
    assert texts[2].startswith("A 0")
    assert texts[4].startswith("Pièce 2") and "5 / 6" in texts[4]
    assert "1 / 6" in texts[0]
    assert link_targets(reader, 1) == [2, 5]
    assert [entry for entry in outline(reader) if entry[0] == 0][1:] == [(0, "Pièce 1", 2), (0, "Pièce 2", 5)]
    assert link_targets(reader, 3) == [4]
    assert reader.page_labels == ["1", "2", "3", "4", "5", "6 (i)"]


def test_links_still_lead_to_their_pages_when_names_are_shared(site: SiteFolder) -> None:
    attach(site, chapters("A", 3), chapters("B", 3), chapters("A", 3))
    reader = site.build().reader
    assert [link_targets(reader, page) for page in range(2, 11)] == [[3], [4], [2], [6], [7], [5], [9], [10], [8]]


def test_named_destinations_are_all_there_and_sorted(site: SiteFolder) -> None:
    attach(site, chapters("A", 2), chapters("B", 2))
    path = site.build().path
    reader = PdfReader(path)
    pages = {name: reader.get_destination_page_number(d) + 1 for name, d in reader.named_destinations.items()}
    assert pages | {"kit-part-1": 0, "kit-part-2": 0} == {
        "c0": 2,
        "c1": 3,
        "f2.c0": 4,
        "f2.c1": 5,
        "kit-part-1": 0,
        "kit-part-2": 0,
    }
    with pikepdf.open(path) as pdf:
        names = [str(name) for name in list(pdf.Root.Names.Dests.Names)[::2]]
    assert names == sorted(names)


def test_names_in_utf_16_stand_where_all_readers_look_for_them(site: SiteFolder) -> None:
    with pikepdf.open(io.BytesIO(chapters("A", 1))) as pdf:
        page = pdf.pages[0].obj
        names = [b"\xfe\xff" + name.encode("utf-16-be") for name in ("annexe", "zones")]
        pairs = [item for name in names for item in (pikepdf.String(name), pikepdf.Array([page, pikepdf.Name.Fit]))]
        pdf.Root["/Names"] = pikepdf.Dictionary(Dests=pdf.make_indirect(pikepdf.Dictionary(Names=pikepdf.Array(pairs))))
        pdf.save(out := io.BytesIO())
    built = kit_of(site, out.getvalue())
    with pikepdf.open(built.path) as kit:
        tree = kit.Root.Names.Dests
        found = [bytes(name) for name in list(tree.Names)[::2]]
        assert found == sorted(found) == [b"annexe", b"kit-part-1", b"zones"]
        # qpdf looks for names by their characters.
        assert all(name.decode() in pikepdf.NameTree(tree) for name in found)


def test_old_style_names_are_followed(site: SiteFolder) -> None:
    def old_style(writer: PdfWriter) -> None:
        page = writer.pages[1].indirect_reference
        writer.root_object[NameObject("/Dests")] = DictionaryObject(
            {NameObject("/ici"): ArrayObject([page, NameObject("/Fit")])}
        )
        link = writer.pages[0]["/Annots"][0].get_object()
        link.pop("/A", None)
        link[NameObject("/Dest")] = NameObject("/ici")

    attach(site, changed(chapters("A", 3), old_style))
    assert link_targets(site.build().reader, 2) == [3]


def test_pages_keep_their_size_and_rotation(site: SiteFolder) -> None:
    attach(
        site,
        changed(chapters("A", 2, "@page{size:A5 landscape}"), lambda writer: writer.pages[1].rotate(90)),
        chapters("B", 1, "@page{size:100mm 300mm}"),
    )
    reader = site.build().reader
    sizes = [(round(p.mediabox.width), round(p.mediabox.height), p.rotation) for p in reader.pages]
    assert sizes == [(595, 842, 0), (595, 420, 0), (595, 420, 90), (283, 850, 0)]


def test_pages_look_as_before(site: SiteFolder, tmp_path: Path) -> None:
    def pixels(path: Path, page: int) -> bytes:
        command = ["pdftoppm", "-r", "40", "-f", str(page), "-l", str(page), str(path)]
        return subprocess.run(command, check=True, capture_output=True).stdout

    attach(site, chapters("A", 2), chapters("B", 2, "body{color:red}"))
    kit = site.build().path
    for page, name, own in ((2, "f1", 1), (3, "f1", 2), (4, "f2", 1), (5, "f2", 2)):
        assert pixels(kit, page) == pixels(site.root / f"uploads/{name}.pdf", own)


def test_labels_are_the_printed_numbers_with_each_files_own(site: SiteFolder) -> None:
    def labelled(writer: PdfWriter) -> None:
        writer.set_page_label(0, 1, PageLabelStyle.LOWERCASE_ROMAN)
        writer.set_page_label(2, 2, prefix="Annexe")

    attach(site, chapters("A", 2), changed(chapters("B", 3), labelled), chapters("C", 1))
    assert site.build().reader.page_labels == ["1", "2", "3", "4 (i)", "5 (ii)", "6 (Annexe)", "7"]


def test_metadata_in_info_and_xmp(site: SiteFolder) -> None:
    site.write("presskit.toml", '[brand]\norganisation = "L\'organisme"\n')
    attach(site, chapters("A", 1), extra="tags: [un, deux]\nchapeau-text: Le **chapeau**\n")
    reader = site.build().reader
    info, xmp = reader.metadata, reader.xmp_metadata
    assert info is not None and xmp is not None
    assert info.title == "Un titre : celui du communiqué" == xmp.dc_title["x-default"]
    assert info.author == "L'organisme" == xmp.dc_creator[0]
    assert info.subject == "Le chapeau" == xmp.dc_description["x-default"]
    assert str(info["/Keywords"]) == "un, deux" == xmp.pdf_keywords
    assert xmp.dc_subject == ["un", "deux"]
    assert xmp.dc_language == ["fr"]
    assert str(reader.root_object["/Lang"]) == "fr"
    assert info.creation_date.isoformat() == "2022-11-29T11:26:00+01:00"
    # XMP's are in UTC.
    assert xmp.xmp_create_date.isoformat() == xmp.xmp_modify_date.isoformat() == "2022-11-29T10:26:00"
    assert info.producer == f"presskit {__version__}" == xmp.pdf_producer
    assert reader.root_object["/ViewerPreferences"]["/DisplayDocTitle"]
    with pikepdf.open(site.root / "kit.pdf") as pdf:
        assert pdf.Root.Metadata.Type == "/Metadata"
        assert pdf.open_metadata()["dc:title"] == "Un titre : celui du communiqué"


def test_spaces_are_copied_as_plain_ones(site: SiteFolder) -> None:
    site.communique(
        "", "> « Une citation : avec des espaces fines » et des mots, des mots, des mots.\n\n« Texte » de suite"
    )
    text = site.build().reader.pages[0].extract_text()
    assert "espaces fines" in text
    assert "des mots, des mots" in text
    assert "de suite" in text


def test_the_front_keeps_its_tags_and_nothing_points_to_dropped_pages(site: SiteFolder) -> None:
    attach(site, chapters("A", 2), chapters("B", 1))
    path = site.build().path
    assert struct_text(path).count("celui du communiqué") == 1
    root = check_tree(path)
    assert [kid.text("T") for kid in root.kids if kid.tag == "Part"] == ["Pièce 1", "Pièce 2"]


def test_scripts_and_launches_go_and_are_counted(site: SiteFolder) -> None:
    def armed(writer: PdfWriter) -> None:
        script = DictionaryObject(
            {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
        )
        launch = DictionaryObject(
            {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd.exe")}
        )
        writer.root_object[NameObject("/OpenAction")] = script
        writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): script})
        writer.pages[0]["/Annots"][0].get_object()[NameObject("/A")] = launch
        link = writer.pages[1]["/Annots"][0].get_object()
        link[NameObject("/A")] = DictionaryObject(
            {
                NameObject("/S"): NameObject("/URI"),
                NameObject("/URI"): TextStringObject("https://x.fr"),
                NameObject("/Next"): launch,
            }
        )

    attach(site, changed(chapters("A", 2), armed))
    built = site.build()
    data = unpacked(built.path)
    for trace in (b"JavaScript", b"/Launch", b"cmd.exe", b"alert", b"OpenAction"):
        assert trace not in data
    assert "f1.pdf: 3 scripts or actions" in built.messages


def test_private_metadata_of_attachments_stays_out(site: SiteFolder) -> None:
    def signed(writer: PdfWriter) -> None:
        writer.add_metadata(
            {"/Author": "jeanne.secret", "/Producer": "Producteur secret", "/Title": "C:\\Users\\secret"}
        )

    attach(site, changed(chapters("A", 1), signed))
    assert b"secret" not in unpacked(site.build().path)


def test_the_kit_is_sound_for_qpdf(site: SiteFolder) -> None:
    attach(site, chapters("A", 3), html_pdf("<title>t</title><body><form><input name=a></form>"))
    subprocess.run(["qpdf", "--check", str(site.build().path)], check=True, capture_output=True)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.booleans(), st.sampled_from([0, 90, 180, 270]), st.booleans()),
        min_size=1,
        max_size=4,
    )
)
def test_any_mix_of_attachments_keeps_every_page_link_and_label(
    site: SiteFolder, mix: list[tuple[int, bool, int, bool]]
) -> None:
    contents = []
    for number, (count, landscape, rotation, labelled) in enumerate(mix):

        def change(writer: PdfWriter, rotation: int = rotation, labelled: bool = labelled) -> None:
            writer.pages[0].rotate(rotation)
            if labelled:
                writer.set_page_label(0, len(writer.pages) - 1, PageLabelStyle.LOWERCASE_ROMAN)

        contents.append(changed(chapters(f"N{number}", count, "@page{size:A5 landscape}" if landscape else ""), change))
    attach(site, *contents)
    reader = site.build().reader
    page = 1
    for number, (count, landscape, rotation, labelled) in enumerate(mix):
        for own in range(count):
            kit_page = reader.pages[page]
            assert f"N{number} {own}" in kit_page.extract_text()
            assert kit_page.rotation == (rotation if own == 0 else 0)
            assert round(kit_page.mediabox.height) == (420 if landscape else 842)
            assert link_targets(reader, page + 1) == [page - own + (own + 1) % count + 1]
            assert reader.page_labels[page].split(" ")[0] == str(page + 1)
            assert ("(" in reader.page_labels[page]) is labelled
            page += 1
    assert page == len(reader.pages)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_the_number_of_attachments_changes_nothing_else(site: SiteFolder, count: int) -> None:
    attach(site, *[chapters("A", 1)] * count)
    reader = site.build().reader
    assert len(reader.pages) == 1 + count
    assert f"1 / {1 + count}" in reader.pages[0].extract_text()


def ends_its_process(*_arguments: object, **_options: object) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def test_a_validator_that_crashes_costs_the_claims_alone(site: SiteFolder, plant: Plants) -> None:
    plant("presskit.binding.bind.failures", ends_its_process)
    built = kit_of(site, chapters("A", 2))
    assert built.result.exit_code == 0, built.messages
    assert len(built.reader.pages) == 3
    assert "can't claim PDF/UA-1 and PDF/A-3a: the validator failed on it" in built.messages
    assert b"pdfuaid" not in unpacked(site.root / "kit.pdf")


@pytest.mark.parametrize("count", [1, 2])
def test_what_the_front_lacks_is_not_laid_to_attached_files(site: SiteFolder, count: int) -> None:
    site.write("uploads/photo.png", saved(picture(), "PNG"))
    pictures = "une-ou-diaporama: [{image: /uploads/photo.png}, {image: /uploads/photo.png}]\n"
    attach(site, *(chapters(f"P{number}", 1) for number in range(count)), extra=pictures)
    messages = site.build().messages
    assert "communique.md: the kit can't claim PDF/UA-1" in messages
    assert not re.search(r"f\d\.pdf.*: the kit can't claim", messages)
