"""Pages of attached PDFs made what readers take them for: with boxes, an angle, and annotations that are some."""

from pikepdf import Array, Name, Object

from presskit.pdf.objects import annotations, drop, inherited, keep_annotations, number

# What readers show a page on that does not say how large it is: US Letter (points).
_LETTER = (0.0, 0.0, 612.0, 792.0)
Box = tuple[float, float, float, float]


def settle(page: Object) -> None:
    """Write into a page what readers make of its odd boxes (ISO 32000-1, 14.11.2), angle and annotations."""
    media = _box(page, "/MediaBox") or _LETTER
    crop = _box(page, "/CropBox")
    seen = _common(media, crop) if crop else None
    _set_box(page, "/MediaBox", media)
    if seen is not None:
        _set_box(page, "/CropBox", seen)
    else:
        # Said, lest it be taken from what the page hangs from.
        drop(page, "/CropBox")
        if inherited(page, "/CropBox") is not None:
            _set_box(page, "/CropBox", media)
    _settle_angle(page)
    resources = inherited(page, "/Resources")
    if resources is not None and "/Resources" not in page:
        page["/Resources"] = resources
    # Null, a reference that leads nowhere, or what is of no kind, is no annotation.
    keep_annotations(page, [note for note in annotations(page) if isinstance(note.get("/Subtype"), Name)])


def _settle_angle(page: Object) -> None:
    found = inherited(page, "/Rotate")
    if found is None:
        return
    angle = number(found)
    right = int(angle) % 360 if angle is not None and angle % 90 == 0 else 0
    if page.get("/Rotate") != right:
        page["/Rotate"] = right


def _box(page: Object, name: str) -> Box | None:
    """A box of a page, its corners in order; None for one that is none."""
    found = inherited(page, name)
    values = [number(value) for value in found] if isinstance(found, Array) else []
    numbers = [value for value in values[:4] if value is not None]
    if len(numbers) < 4:
        return None
    left, right = sorted((numbers[0], numbers[2]))
    bottom, top = sorted((numbers[1], numbers[3]))
    return (left, bottom, right, top) if right > left and top > bottom else None


def _common(one: Box, other: Box) -> Box | None:
    left, bottom = max(one[0], other[0]), max(one[1], other[1])
    right, top = min(one[2], other[2]), min(one[3], other[3])
    return (left, bottom, right, top) if right > left and top > bottom else None


def _set_box(page: Object, name: str, box: Box) -> None:
    found = page.get(name)
    if not isinstance(found, Array) or [number(value) for value in found] != list(box):
        page[name] = Array(box)
