"""What is to be said of a kit: tags that need care, standards that it can't claim, fonts that are not there."""

from collections.abc import Iterator, Sequence

from presskit.attachments import ocr
from presskit.base.errors import Problem, Warn
from presskit.base.i18n import _, ngettext
from presskit.binding.bind import Bound, Cause
from presskit.conformance.rules import TITLES
from presskit.reading.communique import Communique
from presskit.reading.site import BRAND, DEFAULT_FONTS, Site
from presskit.rendering.render import font_families

OCR = "pip install 'presskit-pdf[ocr]'"


def say_tags(bound: Bound, warn: Warn) -> None:
    """Warn of the attachments whose tags need their author's care."""
    for part, grafted in bound.tags:
        name = part.path.name
        if grafted.scanned:
            what = _("{pages}: scanned, without a text that can be searched or read aloud.")
            remedy = _("Attach the document that was scanned")
            if not ocr.is_there():
                remedy = _("Attach the document that was scanned, or have it read: {extra}").format(extra=OCR)
            if not part.alt:
                remedy = _("{remedy}. At the least, say what it shows: alt: …").format(remedy=remedy)
            warn(Problem(what.format(pages=_pages(grafted.scanned, part.pages)), name, remedy=remedy))
        untagged = [page for page in grafted.untagged if page not in grafted.scanned]
        if untagged:
            what = _("{pages}: not tagged by its author; presskit tagged the text in the order in which it is written.")
            remedy = _("Attach a tagged PDF (in a word processor: “Save as PDF”, option “Tagged PDF”).")
            warn(Problem(what.format(pages=_pages(untagged, part.pages)), name, remedy=remedy))


def refusals_of(causes: Sequence[Cause], communique: Communique) -> Iterator[tuple[str, Problem]]:
    """Why a kit does not claim its standards, by standard; what stands against several is said once for all."""
    alike: dict[tuple[str, int, int | None], list[Cause]] = {}
    for cause in causes:
        alike.setdefault((cause.failure.words, id(cause.part), cause.page), []).append(cause)
    for group in alike.values():
        problem = _refusal(group, communique)
        yield from ((cause.failure.standard, problem) for cause in group)


def _refusal(causes: Sequence[Cause], communique: Communique) -> Problem:
    """Why a kit does not claim one or several standards, and what can be done about it."""
    failure, part, page = causes[0].failure, causes[0].part, causes[0].page
    what = _("the kit can't claim {standard}: {reason} ({clause}).").format(
        standard=_(" and ").join(dict.fromkeys(TITLES[cause.failure.standard] for cause in causes)),
        reason=failure.words,
        clause="; ".join(dict.fromkeys(cause.failure.clause for cause in causes)),
    )
    if part is None:
        return Problem(what, communique.source, remedy=_("Correct the communiqué, or its layout."))
    remedy = _("Attach a file that is right, or have it in the kit as it is: as: embed")
    return Problem(what, part.path.name, page=page, remedy=remedy)


def _pages(numbers: Sequence[int], count: int) -> str:
    """Pages in words: all, or their numbers."""
    if len(numbers) == count:
        return _("all pages")
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    text = ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)
    return ngettext("page {numbers}", "pages {numbers}", len(numbers)).format(numbers=text)


def check_fonts(site: Site, warn: Warn) -> None:
    """Warn of each font that the brand names and that is nowhere: presskit's own takes its place."""
    named = {name: family for name, family in site.brand.fonts.items() if family != DEFAULT_FONTS[name]}
    for name, family in named.items():
        if family not in font_families(site.brand.font_folder):
            warn(
                Problem(
                    _("there is no font named “{family}”: “{own}” is used instead.").format(
                        family=family, own=DEFAULT_FONTS[name]
                    ),
                    BRAND,
                    f"brand.fonts.{name}",
                    remedy=_('Put its files in a folder of the site, and name it: folder = "brand/fonts"'),
                )
            )
