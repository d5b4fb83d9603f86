"""What reviewers left on a PDF's pages, and pages that are odd: what becomes of them."""

import itertools
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from tests import producers
from tests.conftest import SiteFolder, attach, chapters, pdf_text, unpacked
from tests.producers import changed

GONE = ["Text", "Highlight", "Underline", "Squiggly", "StrikeOut", "Caret", "Ink", "Redact", "FileAttachment"]
STAY = ["FreeText", "Stamp", "Line", "Square", "Circle", "Polygon", "PolyLine"]


def annotated(*notes: dict[str, object]) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        made = [
            pdf.make_indirect(Dictionary(Type=Name.Annot, Rect=Array([50, 50, 90, 90]), **note))  # type: ignore[arg-type]
            for note in notes
        ]
        window = Dictionary(Type=Name.Annot, Subtype=Name.Popup, Rect=Array([90, 50, 200, 90]), Parent=made[0])
        made[0].Popup = pdf.make_indirect(window)
        pdf.pages[0].Annots = Array([*made, made[0].Popup, None])

    return changed(chapters("A", 1), change)


def note(kind: str, words: str, **entries: object) -> dict[str, object]:
    return {"Subtype": Name(f"/{kind}"), "Contents": String(words), **entries}


def test_remarks_are_taken_out_and_counted_and_what_is_drawn_stays_and_is_said(site: SiteFolder) -> None:
    remarks = [note(kind, "ENLEVE") for kind in GONE]
    reply = note("Text", "ENLEVE", IRT=Dictionary())
    unseen = note("Square", "ENLEVE", F=2)
    attach(site, annotated(*remarks, reply, unseen, *(note(kind, "GARDE") for kind in STAY)))
    built = site.build()
    assert "f1.pdf: 10 comments of reviewers were taken out" in built.messages
    assert "f1.pdf: 1 passage is marked to be blackened" in built.messages
    assert f"f1.pdf: {len(STAY)} notes, stamps or shapes" in built.messages
    data = unpacked(built.path)
    assert b"ENLEVE" not in data and data.count(b"GARDE") == len(STAY)
    assert b"/Popup" not in data


def test_links_and_fields_are_no_comments(site: SiteFolder) -> None:
    attach(site, producers.form(), chapters("B", 2))
    messages = site.build().messages
    assert "comment" not in messages and "shapes" not in messages


BOXES: dict[str, dict[str, object]] = {
    "none": {"MediaBox": None},
    "three": {"MediaBox": Array([0, 0, 200])},
    "words": {"MediaBox": Array([Name.a, 0, 200, 200])},
    "upside down": {"MediaBox": Array([300, 400, 0, 0])},
    "cropped outside": {"MediaBox": Array([0, 0, 300, 400]), "CropBox": Array([-50, -50, 900, 900])},
    "cropped away": {"MediaBox": Array([0, 0, 300, 400]), "CropBox": Array([500, 500, 600, 600])},
    "crop of three": {"MediaBox": Array([0, 0, 300, 400]), "CropBox": Array([0, 0, 3])},
}
ANGLES = {"45": 45, "string": String("90"), "-90": -90, "450": 450, "null": None, "90.0": 90}
SEEN = {"none": (612, 792), "three": (612, 792), "words": (612, 792)}


def odd(**entries: object) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0].obj
        for name, value in entries.items():
            if value is None:
                for holder in (page, pdf.Root.Pages):
                    if f"/{name}" in holder:
                        del holder[f"/{name}"]
            else:
                page[f"/{name}"] = value

    return changed(chapters("A", 1), change)


@pytest.mark.parametrize("stamped", [False, True])
def test_odd_pages_are_merged_as_readers_show_them(site: SiteFolder, stamped: bool) -> None:
    contents = [odd(**entries) for entries in BOXES.values()] + [odd(Rotate=value) for value in ANGLES.values()]
    attach(site, *contents, odd(MediaBox=Array([0, 0, 200, 300]), UserUnit=2), extra="embargo: 2099-01-01\n" * stamped)
    site.write("presskit.toml", f"[kit]\nstamp = {str(stamped).lower()}\n")
    built = site.build("--drafts")
    assert "damaged" not in built.messages
    pages = built.reader.pages[-len(contents) - 1 :]
    longer = 2 * 22.7 * stamped
    for (name, _entries), page in zip(BOXES.items(), pages, strict=False):
        across, down = SEEN.get(name, (300, 400))
        assert [round(float(page.cropbox.width)), round(float(page.cropbox.height))] == [across, round(down + longer)]
    assert [page.rotation for page in pages[len(BOXES) : -1]] == [0, 0, 270, 90, 0, 90]
    # A unit is two points: the strip is as high as on other pages.
    assert round(float(pages[-1].cropbox.height), 1) == round(300 + longer / 2, 1)


def test_what_is_listed_as_an_annotation_and_is_none_is_no_damage(site: SiteFolder) -> None:
    nothing = changed(chapters("A", 1), lambda pdf: setattr(pdf.pages[0], "Annots", Array([None, 3, Dictionary()])))
    number = changed(chapters("B", 1), lambda pdf: setattr(pdf.pages[0], "Annots", 3))
    attach(site, nothing, number)
    built = site.build()
    assert len(built.reader.pages) == 3
    assert "damaged" not in built.messages and "repaired" not in built.messages


def test_merged_pages_show_the_same_text_as_before(site: SiteFolder, without_ocr: None) -> None:
    """As poppler reads it, page by page, of what every known program makes, alone and one after the other."""
    contents = [make() for make in producers.ALL.values()]
    contents += [producers.changed(contents[0], lambda pdf: pdf.pages.reverse()), chapters("Fin", 3)]
    attach(site, *contents)
    built = site.build()
    before = list(itertools.chain(*(texts(site.write("a.pdf", content)) for content in contents)))
    assert texts(built.path)[-len(before) :] == before
    assert any("Rapport d’activité" in text for text in before)


def texts(path: Path) -> list[str]:
    return pdf_text(path, "-raw").split("\f")[:-1]
