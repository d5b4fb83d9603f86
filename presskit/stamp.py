"""What the kit writes on its pages beside their own content: page numbers below attached ones, notices above all.

Attached pages are lengthened by a strip for it, so that nothing of them is covered.
"""

from collections.abc import Sequence
from html import escape
from typing import Any, cast

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    RectangleObject,
)

from presskit.attachments.disarm import resolved

# Points: 8 mm, and the distance of a number from the page's edge.
STRIP, EDGE = 22.7, 28.3
# A notice's width, and its distance from the top of a page that is not lengthened.
_NOTICE_WIDTH, _NOTICE_EDGE = 480.0, 8.5
# For each angle that a page is turned by, which of its sides (left, bottom, right, top) is seen as its bottom, and
# the way in which this one grows.
_BOTTOM = {0: (1, -1), 90: (2, 1), 180: (3, 1), 270: (0, -1)}


def stamp_html(numbers: Sequence[int], total: int, variables: str) -> str:
    """A page of HTML whose pages are the stamps, in order: « n / N », set at the right."""
    stamps = "".join(f"<p>{number} / {total}</p>" for number in numbers)
    return (
        f"<!DOCTYPE html><html lang='zxx'><title>stamps</title><style>:root {{ {variables} }}"
        f"@page {{ size: 200pt {STRIP}pt; margin: 0 }} body {{ margin: 0 }}"
        f"p {{ margin: 0; break-after: page; text-align: right; font: 600 7.5pt/{STRIP}pt var(--font-headings);"
        f" color: var(--primary) }} p:last-child {{ break-after: auto }}</style><body>{stamps}"
    )


def notice_html(text: str, variables: str) -> str:
    """A page of HTML whose one page is a notice, white on dark so that it shows on any page."""
    return (
        f"<!DOCTYPE html><html lang='zxx'><title>notice</title><style>:root {{ {variables} }}"
        f"@page {{ size: {_NOTICE_WIDTH}pt {STRIP}pt; margin: 0 }}"
        f"body {{ margin: 0; text-align: center; font: 700 9pt/{STRIP}pt var(--font-headings) }}"
        f"span {{ background: #8a1f11; color: #fff; padding: 3pt 9pt; white-space: nowrap }}</style>"
        f"<body><span>{escape(text)}</span>"
    )


def apply_stamps(writer: PdfWriter, pages: Sequence[PageObject], stamps: PdfReader) -> None:
    """Add to each page the strip that bears its stamp, at its bottom as it is seen."""
    for number, (page, stamp) in enumerate(zip(pages, stamps.pages, strict=True)):
        _lengthen(page, top=False)
        width, _height = _seen_size(page)
        scale = 1 / _unit(page)
        matrix = _matrix(page, width - scale * (float(stamp.mediabox.width) + EDGE), 0, scale)
        _draw(writer, page, f"/PresskitStamp{number}", _form(writer, stamp), matrix)


def apply_notice(writer: PdfWriter, front: Sequence[PageObject], attached: Sequence[PageObject], notice: Any) -> None:
    """Add a notice (a page of its own) at the top of each page as it is seen: in the front's margin, above others."""
    form = _form(writer, notice)
    for page in attached:
        _lengthen(page, top=True)
    for page, edge in (*((page, _NOTICE_EDGE) for page in front), *((page, 0.0) for page in attached)):
        width, height = _seen_size(page)
        scale = min(1 / _unit(page), width / _NOTICE_WIDTH)
        matrix = _matrix(page, (width - scale * _NOTICE_WIDTH) / 2, height - edge - scale * STRIP, scale)
        _draw(writer, page, "/PresskitNotice", form, matrix)


def _draw(writer: PdfWriter, page: PageObject, name: str, form: Any, matrix: tuple[float, ...]) -> None:
    """Draw a form on a page, as what belongs to the kit and not to its content."""
    placed = " ".join(f"{value:.3f}" for value in matrix)
    drawing = f"Q /Artifact <</Type /Pagination>> BDC q {placed} cm {name} Do Q EMC"
    resources = cast("DictionaryObject", page.setdefault(NameObject("/Resources"), DictionaryObject()).get_object())
    objects = resources.setdefault(NameObject("/XObject"), DictionaryObject()).get_object()
    cast("DictionaryObject", objects)[NameObject(name)] = form
    before = page.get("/Contents")
    own = before.get_object() if before is not None else ArrayObject()
    items = list(own) if isinstance(own, ArrayObject) else [cast("Any", page.raw_get("/Contents"))]
    page[NameObject("/Contents")] = ArrayObject([_stream(writer, "q"), *items, _stream(writer, drawing)])


def _lengthen(page: PageObject, *, top: bool) -> None:
    """Lengthen a page by a strip, at the side that is its bottom or its top once turned."""
    angle = page.rotation % 360
    side, sign = _BOTTOM[(angle + 180) % 360 if top else angle]
    seen = [float(value) for value in page.cropbox]
    seen[side] += sign * STRIP / _unit(page)
    media = [float(value) for value in page.mediabox]
    whole = [min(media[0], seen[0]), min(media[1], seen[1]), max(media[2], seen[2]), max(media[3], seen[3])]
    page[NameObject("/MediaBox")] = RectangleObject(cast("Any", [FloatObject(value) for value in whole]))
    page[NameObject("/CropBox")] = RectangleObject(cast("Any", [FloatObject(value) for value in seen]))


def _unit(page: PageObject) -> float:
    """How many points one unit of a page's space is (ISO 32000-1, 14.11.2, UserUnit)."""
    unit = resolved(page.get("/UserUnit"))
    return float(unit) if isinstance(unit, NumberObject | FloatObject) and unit > 0 else 1.0


def _seen_size(page: PageObject) -> tuple[float, float]:
    """Width and height of a page as it is seen (in units of its space)."""
    width, height = float(page.cropbox.width), float(page.cropbox.height)
    return (height, width) if page.rotation % 180 else (width, height)


def _matrix(page: PageObject, x: float, y: float, scale: float = 1.0) -> tuple[float, ...]:
    """Where a form goes whose left bottom corner is to be seen at (x, y) from that of the page (ISO 32000-1, 8.3.4)."""
    left, bottom, right, top = (float(value) for value in page.cropbox)
    match page.rotation % 360:
        case 90:
            return (0, scale, -scale, 0, right - y, bottom + x)
        case 180:
            return (-scale, 0, 0, -scale, right - x, top - y)
        case 270:
            return (0, -scale, scale, 0, left + y, top - x)
        case _:
            return (scale, 0, 0, scale, left + x, bottom + y)


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
