"""What is less than right in drawn pages: signs that no font has, pictures too small for their place.

Pages are looked at as WeasyPrint laid them out, for only there it is known how large a picture is printed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from babel.numbers import format_decimal

from presskit.base.errors import Problem
from presskit.base.i18n import _

# Dots per inch below which a photograph looks coarse in print; and for an attached picture, which nothing enlarges.
LEAST_DPI, LEAST_ATTACHED_DPI = 150, 100
# Millimetres: narrower ones are logos and icons, those at their own size above all.
_OWN_SIZE, _FITTED = 100, 30
_CSS_DPI, _INCH = 96, 25.4
_SIGNS_SHOWN = 12


@dataclass(frozen=True)
class Printed:
    """A picture as it is printed: its size in pixels, its width on the page in millimetres."""

    across: int
    down: int
    width: float

    @property
    def dpi(self) -> float:
        """Its pixels per inch of paper."""
        return self.across / self.width * _INCH

    def is_small(self, least: float) -> bool:
        """Whether it has too few of them, and is large enough for that to be seen."""
        of_itself = abs(self.dpi - _CSS_DPI) < 1
        return self.dpi < least and self.width >= (_OWN_SIZE if of_itself else _FITTED)


@dataclass
class Blemishes:
    """What was seen of a file's pages: ``signs`` without a drawing, and ``pictures`` by their addresses."""

    signs: dict[str, None] = field(default_factory=dict)
    pictures: dict[str, Printed] = field(default_factory=dict)

    def look(self, document: Any, _pdf: object) -> None:
        """Note the pictures of pages, each as it is at its coarsest; called by WeasyPrint, which has drawn them."""
        for page in document.pages:
            for address, printed in _pictures(page._page_box):
                # The address of one that is written into the page is the picture itself.
                key = "" if address.startswith("data:") else address
                known = self.pictures.setdefault(key, printed)
                if printed.dpi < known.dpi:
                    self.pictures[key] = printed


def _pictures(box: Any) -> Iterator[tuple[str, Printed]]:
    from weasyprint.formatting_structure.boxes import ReplacedBox
    from weasyprint.images import RasterImage
    from weasyprint.layout.replaced import replacedbox_layout

    for inner in box.descendants(placeholders=True):
        inner = getattr(inner, "_box", inner)
        if isinstance(inner, ReplacedBox) and inner.element_tag == "img" and isinstance(inner.replacement, RasterImage):
            width = replacedbox_layout(inner)[0] / _CSS_DPI * _INCH
            if width > 0:
                yield inner.element.get("src", ""), Printed(inner.replacement.width, inner.replacement.height, width)


def small_picture(name: str, printed: Printed, least: float, *, place: Problem) -> Problem:
    """Warn of a picture that is too small; ``place`` tells where it is named."""
    what = _(
        "the image “{name}” is too small to be printed sharp: {across} × {down} pixels, {width} mm wide ({dpi} dpi)."
    )
    what = what.format(
        name=name, across=printed.across, down=printed.down, width=round(printed.width), dpi=round(printed.dpi)
    )
    wanted = format_decimal(-(-printed.width / _INCH * least // 10) * 10, "#,##0", locale=_("en"))
    remedy = _("Use the original, at least {wanted} pixels wide ({least} dpi).").format(wanted=wanted, least=least)
    return Problem(what, place.file, place.field, line=place.line, remedy=remedy)


def missing_signs(signs: list[str], file: str, line: int | None) -> Problem:
    """Warn of the signs that no font has, all of a kit at once."""
    shown = " ".join(f"{sign} (U+{ord(sign):04X})" for sign in signs[:_SIGNS_SHOWN])
    if len(signs) > _SIGNS_SHOWN:
        shown += _(" and {count} more").format(count=len(signs) - _SIGNS_SHOWN)
    what = _("no font has these characters, which are printed as boxes: {signs}.").format(signs=shown)
    remedy = _("Replace them by words, or add a font that has them (presskit.toml: [brand.fonts], folder).")
    return Problem(what, file, line=line, remedy=remedy)
