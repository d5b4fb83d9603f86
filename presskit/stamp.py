"""The kit's page number on attached pages, on a strip added below them: their own content is not touched."""

from collections.abc import Sequence
from typing import Any, cast

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    RectangleObject,
)

# Points: 8 mm, and the distance of a number from the page's edge.
STRIP, EDGE = 22.7, 28.3


def stamp_html(numbers: Sequence[int], total: int, variables: str) -> str:
    """A page of HTML whose pages are the stamps, in order: « n / N », set at the right."""
    stamps = "".join(f"<p>{number} / {total}</p>" for number in numbers)
    return (
        f"<!DOCTYPE html><html lang='zxx'><title>stamps</title><style>:root {{ {variables} }}"
        f"@page {{ size: 200pt {STRIP}pt; margin: 0 }} body {{ margin: 0 }}"
        f"p {{ margin: 0; break-after: page; text-align: right; font: 600 7.5pt/{STRIP}pt var(--font-headings);"
        f" color: var(--primary) }} p:last-child {{ break-after: auto }}</style><body>{stamps}"
    )


def apply_stamps(writer: PdfWriter, pages: Sequence[PageObject], stamps: PdfReader) -> None:
    """Add to each page the strip that bears its stamp, at its bottom as it is seen."""
    for number, (page, stamp) in enumerate(zip(pages, stamps.pages, strict=True)):
        name = NameObject(f"/PresskitStamp{number}")
        form = _form(writer, stamp)
        a, b, c, d, e, f = _lengthen(page, float(stamp.mediabox.width))
        drawing = f"Q /Artifact <</Type /Pagination>> BDC q {a} {b} {c} {d} {e:.3f} {f:.3f} cm {name} Do Q EMC"
        resources = cast("DictionaryObject", page.setdefault(NameObject("/Resources"), DictionaryObject()).get_object())
        objects = resources.setdefault(NameObject("/XObject"), DictionaryObject()).get_object()
        cast("DictionaryObject", objects)[name] = form
        before = page.get("/Contents")
        own = before.get_object() if before is not None else ArrayObject()
        items = list(own) if isinstance(own, ArrayObject) else [cast("Any", page.raw_get("/Contents"))]
        page[NameObject("/Contents")] = ArrayObject([_stream(writer, "q"), *items, _stream(writer, drawing)])


def _lengthen(page: PageObject, width: float) -> tuple[int, int, int, int, float, float]:
    """Lengthen a page at the side that is its bottom once turned; gives where its stamp goes, as a matrix."""
    left, bottom, right, top = (float(value) for value in page.cropbox)
    match page.rotation % 360:
        case 90:
            seen, matrix = (left, bottom, right + STRIP, top), (0, 1, -1, 0, right + STRIP, top - width - EDGE)
        case 180:
            seen, matrix = (left, bottom, right, top + STRIP), (-1, 0, 0, -1, left + width + EDGE, top + STRIP)
        case 270:
            seen, matrix = (left - STRIP, bottom, right, top), (0, -1, 1, 0, left - STRIP, bottom + width + EDGE)
        case _:
            seen, matrix = (left, bottom - STRIP, right, top), (1, 0, 0, 1, right - width - EDGE, bottom - STRIP)
    media = [float(value) for value in page.mediabox]
    whole = [min(media[0], seen[0]), min(media[1], seen[1]), max(media[2], seen[2]), max(media[3], seen[3])]
    page[NameObject("/MediaBox")] = RectangleObject(cast("Any", [FloatObject(value) for value in whole]))
    page[NameObject("/CropBox")] = RectangleObject(cast("Any", [FloatObject(value) for value in seen]))
    return matrix


def _form(writer: PdfWriter, stamp: PageObject) -> Any:
    """A page as a form XObject (ISO 32000-1, 8.10)."""
    form = DecodedStreamObject()
    contents = stamp.get_contents()
    form.set_data(contents.get_data() if contents is not None else b"")
    form[NameObject("/Type")], form[NameObject("/Subtype")] = NameObject("/XObject"), NameObject("/Form")
    form[NameObject("/BBox")] = RectangleObject(stamp.mediabox)
    form[NameObject("/Resources")] = cast("DictionaryObject", stamp["/Resources"]).clone(writer)
    return writer._add_object(form.flate_encode())


def _stream(writer: PdfWriter, operators: str) -> Any:
    stream = DecodedStreamObject()
    stream.set_data(f"{operators}\n".encode("ascii"))
    return writer._add_object(stream)
