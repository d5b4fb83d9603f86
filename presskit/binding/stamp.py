"""What the kit writes on its pages beside their own content: page numbers below attached ones, notices above all.

Attached pages are lengthened by a strip for it, so that nothing of them is covered.
"""

from collections.abc import Iterable, Sequence
from html import escape

from pikepdf import Array, Name, Object, Page, Pdf

from presskit.pdf.objects import number

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


def apply_stamps(kit: Pdf, pages: Sequence[Page], stamps: Pdf) -> None:
    """Add to each page the strip that bears its stamp, at its bottom as it is seen."""
    for index, (page, stamp) in enumerate(zip(pages, stamps.pages, strict=True)):
        _lengthen(page, top=False)
        width, _height = _seen_size(page)
        scale = 1 / _unit(page)
        left, _bottom, right, _top = _box(stamp.mediabox)
        matrix = _matrix(page, width - scale * (right - left + EDGE), 0, scale=scale)
        _draw(page, Name(f"/PresskitStamp{index}"), kit.copy_foreign(stamp.as_form_xobject()), matrix=matrix)


def apply_notice(kit: Pdf, front: Sequence[Page], attached: Sequence[Page], *, notice: Page) -> None:
    """Add a notice (a page of its own) at the top of each page as it is seen: in the front's margin, above others."""
    form = kit.copy_foreign(notice.as_form_xobject())
    for page in attached:
        _lengthen(page, top=True)
    for page, edge in (*((page, _NOTICE_EDGE) for page in front), *((page, 0.0) for page in attached)):
        width, height = _seen_size(page)
        scale = min(1 / _unit(page), width / _NOTICE_WIDTH)
        matrix = _matrix(page, (width - scale * _NOTICE_WIDTH) / 2, height - edge - scale * STRIP, scale=scale)
        _draw(page, Name.PresskitNotice, form, matrix=matrix)


def _draw(page: Page, name: Name, form: Object, *, matrix: tuple[float, ...]) -> None:
    """Draw a form on a page, as what belongs to the kit and not to its content."""
    placed = " ".join(f"{value:.3f}" for value in matrix)
    page.add_resource(form, Name.XObject, name)
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(f"Q /Artifact <</Type /Pagination>> BDC q {placed} cm {name} Do Q EMC\n".encode("ascii"))


def _lengthen(page: Page, *, top: bool) -> None:
    """Lengthen a page by a strip, at the side that is its bottom or its top once turned."""
    angle = _angle(page)
    side, sign = _BOTTOM[(angle + 180) % 360 if top else angle]
    media, seen = _box(page.mediabox), list(_box(page.cropbox))
    seen[side] += sign * STRIP / _unit(page)
    whole = (min(media[0], seen[0]), min(media[1], seen[1]), max(media[2], seen[2]), max(media[3], seen[3]))
    page.mediabox, page.cropbox = Array(whole), Array(seen)


def _angle(page: Page) -> int:
    return int(number(page.obj.get("/Rotate")) or 0) % 360


def _box(box: Iterable[object]) -> tuple[float, float, float, float]:
    left, bottom, right, top = (number(value) or 0.0 for value in box)
    return left, bottom, right, top


def _unit(page: Page) -> float:
    """How many points one unit of a page's space is (ISO 32000-1, 14.11.2, UserUnit)."""
    unit = number(page.obj.get("/UserUnit"))
    return unit if unit is not None and unit > 0 else 1.0


def _seen_size(page: Page) -> tuple[float, float]:
    """Width and height of a page as it is seen (in units of its space)."""
    left, bottom, right, top = _box(page.cropbox)
    return (top - bottom, right - left) if _angle(page) % 180 else (right - left, top - bottom)


def _matrix(page: Page, x: float, y: float, *, scale: float = 1.0) -> tuple[float, ...]:
    """Where a form goes whose left bottom corner is to be seen at (x, y) from that of the page (ISO 32000-1, 8.3.4)."""
    left, bottom, right, top = _box(page.cropbox)
    match _angle(page):
        case 90:
            return (0, scale, -scale, 0, right - y, bottom + x)
        case 180:
            return (-scale, 0, 0, -scale, right - x, top - y)
        case 270:
            return (0, -scale, scale, 0, left + y, top - x)
        case _:
            return (scale, 0, 0, scale, left + x, bottom + y)
