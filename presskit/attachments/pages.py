"""Pages of attached PDFs made what readers take them for: with boxes, an angle, and annotations that are some."""

from pypdf import PageObject
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject

from presskit.attachments.disarm import resolved

# What readers show a page on that does not say how large it is: US Letter (points).
_LETTER = (0.0, 0.0, 612.0, 792.0)
Box = tuple[float, float, float, float]


def settle(page: PageObject) -> None:
    """Write into a page what readers make of its odd boxes (ISO 32000-1, 14.11.2), angle and annotations."""
    media = _box(page, "/MediaBox") or _LETTER
    _set_box(page, "/MediaBox", media)
    crop = _box(page, "/CropBox")
    seen = _common(media, crop) if crop else None
    if seen is not None:
        _set_box(page, "/CropBox", seen)
    else:
        page.pop("/CropBox", None)
    _settle_angle(page)
    _drop_no_annotations(page)


def _settle_angle(page: PageObject) -> None:
    angle = resolved(page.get("/Rotate"))
    if angle is None:
        page.pop("/Rotate", None)
    elif not isinstance(angle, NumberObject | FloatObject) or angle % 90:
        page[NameObject("/Rotate")] = NumberObject(0)
    else:
        page[NameObject("/Rotate")] = NumberObject(int(angle) % 360)


def _drop_no_annotations(page: PageObject) -> None:
    """Leave out what is listed as an annotation and is none: null, or a reference that leads nowhere."""
    if "/Annots" not in page:
        return
    found = resolved(page.get("/Annots"))
    listed = list(found) if isinstance(found, ArrayObject) else []
    kept = [item for item in listed if isinstance(resolved(item), DictionaryObject)]
    if not isinstance(found, ArrayObject) or len(kept) < len(listed):
        page[NameObject("/Annots")] = ArrayObject(kept)


def _box(page: PageObject, name: str) -> Box | None:
    """A box of a page, its corners in order; None for one that is none."""
    found = resolved(page.get(name))
    values = [resolved(value) for value in found] if isinstance(found, ArrayObject) else []
    numbers = [float(value) for value in values[:4] if isinstance(value, NumberObject | FloatObject)]
    if len(numbers) < 4:
        return None
    left, right = sorted((numbers[0], numbers[2]))
    bottom, top = sorted((numbers[1], numbers[3]))
    return (left, bottom, right, top) if right > left and top > bottom else None


def _common(one: Box, other: Box) -> Box | None:
    left, bottom = max(one[0], other[0]), max(one[1], other[1])
    right, top = min(one[2], other[2]), min(one[3], other[3])
    return (left, bottom, right, top) if right > left and top > bottom else None


def _set_box(page: PageObject, name: str, box: Box) -> None:
    found = resolved(page.get(name))
    values: list[object] = [resolved(value) for value in found] if isinstance(found, ArrayObject) else []
    if values != list(box):
        page[NameObject(name)] = ArrayObject([FloatObject(value) for value in box])
