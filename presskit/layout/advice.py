"""What is printed as it should be, and yet less clear to some of its readers than it could be (RGAA 1.3, 3.2)."""

from collections.abc import Iterator

from babel.numbers import format_decimal

from presskit.base.errors import Problem
from presskit.base.i18n import _
from presskit.layout.colours import colour_of, contrast
from presskit.prose.html import is_decorative, says_nothing
from presskit.reading.communique import Image
from presskit.reading.site import BRAND, Brand

# RGAA 3.2, WCAG 1.4.3: of texts smaller than 18 points.
LEAST_CONTRAST = 4.5


def on_picture(image: Image, name: str) -> str:
    """What is wrong with the alternative text of an image, '' for nothing."""
    if is_decorative(image.alt):
        what = _("the image “{name}” has a caption, yet its alternative text says that it is decorative.")
        return what.format(name=name) if image.caption else ""
    if not says_nothing(image.alt, name):
        return ""
    return _("the alternative text “{alt}” says nothing of the image “{name}”.").format(alt=image.alt, name=name)


def on_colours(brand: Brand) -> Iterator[Problem]:
    """Those of a brand's colours that are too pale where the layouts set text in them: on white and on the tint."""
    papers = {_("white"): (1.0, 1.0, 1.0), _("the tint"): colour_of(brand.colours["tint"])}
    for name in ("primary", "accent"):
        for paper, ground in papers.items():
            ratio = contrast(colour_of(brand.colours[name]), ground)
            if ratio < LEAST_CONTRAST:
                yield _too_pale(brand.colours[name], paper, ratio, field=f"brand.colours.{name}")


def _too_pale(colour: str, paper: str, ratio: float, *, field: str) -> Problem:
    what = _("text in the colour {colour} is too pale on {paper}: {ratio}:1, where {least}:1 is needed.")
    what = what.format(colour=colour, paper=paper, ratio=in_words(ratio), least=in_words(LEAST_CONTRAST))
    return Problem(what, BRAND, field, remedy=_("Choose a darker one."))


def in_words(ratio: float) -> str:
    """A contrast as people of the terminal's language read it."""
    return format_decimal(ratio, "0.0", locale=_("en"))
