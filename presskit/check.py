"""What is wrong in a kit, or will be in the kit of a communiqué, in plain words."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from babel.numbers import format_decimal
from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject

from presskit import verapdf
from presskit.attachments.disarm import decoded, object_number, resolved
from presskit.blame import Reading
from presskit.colours import colour_of, contrast
from presskit.communique import Communique, read_communique
from presskit.conformance import Failure, quick_failures, thorough_failures
from presskit.content import numbers, operators
from presskit.errors import PresskitError, Problem, Warn, unsaid
from presskit.i18n import _
from presskit.limits import Limits
from presskit.liquid import expand
from presskit.prose import Setting, is_decorative, says_nothing, to_html
from presskit.rules import STANDARDS
from presskit.site import BRAND, NotFound, Site
from presskit.structure import walk
from presskit.worker import StoppedError, can_work_apart, work

VERAPDF, QUICK = "veraPDF", "page-validation"
# RGAA 3.2, WCAG 1.4.3: of texts smaller than 18 points.
LEAST_CONTRAST = 4.5
_LARGE = 18.0


@dataclass(frozen=True)
class Verdict:
    """What was found of a kit: by standard, the faults against it; and our own checks' findings.

    ``validator`` is who looked for the faults.
    """

    validator: str
    faults: dict[str, list[Failure]]
    findings: list[Problem]

    @property
    def conforms(self) -> bool:
        """Whether nothing was found."""
        return not self.findings and not any(self.faults.values())


# Kits


def check_kit(path: Path) -> Verdict:
    """Check a finished PDF. Raises PresskitError for one that can't be read."""
    if not can_work_apart():
        return _verdict(path)
    try:
        return work(lambda _tell, _begin: _verdict(path), Limits(), unsaid)
    except StoppedError as error:
        what = _("the PDF can't be checked: {reason}.").format(reason=error)
        raise PresskitError(Problem(what, path.name)) from error


def _verdict(path: Path) -> Verdict:
    damaged = Problem(_("the PDF can't be read: it is damaged."), path.name, remedy=_("Build the kit anew."))
    with Reading(lambda _error: PresskitError(damaged)):
        reader = PdfReader(path)
        if reader.is_encrypted:
            raise PresskitError(
                Problem(_("it is encrypted: nobody can check it."), path.name, remedy=_("Check it without a password."))
            )
        findings = list(_findings(reader, path.name))
    validator, faults = _faults(path)
    return Verdict(validator, faults, findings)


def _faults(path: Path) -> tuple[str, dict[str, list[Failure]]]:
    """Who looked for faults, and what there is of them for each standard."""
    if verapdf.find() is not None:
        with suppress(verapdf.UnusableError):
            return VERAPDF, {standard: thorough_failures(path, standard) for standard in STANDARDS}
    return QUICK, {standard: quick_failures(path, standard) for standard in STANDARDS}


def _findings(reader: PdfReader, name: str) -> Iterator[Problem]:
    root = reader.root_object
    tree = resolved(root.get("/StructTreeRoot"))
    if not isinstance(tree, DictionaryObject) or not resolved(tree.get("/K")):
        yield Problem(_("the document is not tagged: a screen reader finds no order in it."), name)
    if not resolved(root.get("/Lang")):
        yield Problem(_("the document does not tell its language."), name)
    if not (reader.metadata and reader.metadata.title):
        yield Problem(_("the document has no title."), name)
    if isinstance(tree, DictionaryObject):
        yield from _tree_findings(reader, tree, name)
    for number, page in enumerate(reader.pages, 1):
        yield from _contrast_findings(page, number, name)


def _tree_findings(reader: PdfReader, tree: DictionaryObject, name: str) -> Iterator[Problem]:
    pages = {object_number(page): number for number, page in enumerate(reader.pages, 1)}
    roles = resolved(tree.get("/RoleMap"))
    before = 0

    def page_of(item: DictionaryObject, above: int | None) -> int | None:
        return pages.get(object_number(item.raw_get("/Pg")), above) if "/Pg" in item else above

    for element, page in walk(tree, None, page_of):
        kind = element.get("/S")
        role = resolved(roles.get(kind)) if isinstance(roles, DictionaryObject) else None
        kind = str(role or kind)
        if kind == "/Figure" and not (resolved(element.get("/Alt")) or resolved(element.get("/ActualText"))):
            yield Problem(_("an image has no alternative text."), name, page=page)
        if heading := re.fullmatch(r"/H([1-6])", kind):
            level = int(heading[1])
            if level > before + 1:
                what = _("a heading skips a level: from {before} to {level}.")
                yield Problem(what.format(before=before, level=level), name, page=page)
            before = level


def _contrast_findings(page: PageObject, number: int, name: str) -> Iterator[Problem]:
    """Small texts in a colour that is too pale on white paper; near-white ones stand on a colour of their own."""
    pale: dict[str, float] = {}
    colour, size, scale = (0.0, 0.0, 0.0), 0.0, 1.0
    stack: list[tuple[tuple[float, float, float], float]] = []
    for operator in operators(decoded(page)):
        values = numbers(operator.operands)
        match operator.name:
            case b"q":
                stack.append((colour, size))
            case b"Q" if stack:
                colour, size = stack.pop()
            case b"rg" if len(values) == 3:
                colour = (values[0], values[1], values[2])
            case b"g" if len(values) == 1:
                colour = (values[0],) * 3
            case b"Tf" if values:
                size = abs(values[-1])
            case b"Tm" if len(values) == 6:
                scale = abs(values[3]) or 1.0
            case b"Tj" | b"TJ" if size * scale < _LARGE:
                ratio = contrast(colour, (1.0, 1.0, 1.0))
                if 1.25 < ratio < LEAST_CONTRAST:
                    pale["#" + "".join(f"{round(value * 255):02x}" for value in colour)] = ratio
    for written, ratio in pale.items():
        what = _("text in the colour {colour} is too pale on white: {ratio}:1, where {least}:1 is needed.")
        yield Problem(
            what.format(colour=written, ratio=_decimal(ratio), least=_decimal(LEAST_CONTRAST)), name, page=number
        )


def _decimal(value: float) -> str:
    return format_decimal(value, "0.0", locale=_("en"))


# Communiqués


def check_communique(octets: bytes, source: str, folder: Path, site: Site) -> list[Problem]:
    """What will be wrong in a communiqué's kit, found without building it, in the order of its lines.

    Raises PresskitError with all that keeps it from being read.
    """
    findings: list[Problem] = []

    def warn(problem: Problem) -> None:
        if problem not in findings:
            findings.append(problem)

    communique = expand(read_communique(octets, source, folder, warn, site), site, lambda _path: None, warn)
    find = _finder(communique, site, warn)
    _check_pictures(communique, find, warn)
    for number, attachment in enumerate(communique.attachments, 1):
        find(attachment.file, attachment.line, f"files[{number}].file")
    lang = communique.lang or site.lang
    text = Setting(
        lang,
        source,
        warn,
        communique.body_line,
        site_url=site.url,
        advise=True,
        image=lambda reference, line: find(reference, line, ""),
        lines=communique.lines,
    )
    to_html(communique.chapeau, replace(text, first_line=communique.chapeau_line, field="chapeau-text", lines=()))
    to_html(communique.body, text)
    to_html(site.brand.boilerplate, replace(text, source=BRAND, first_line=None, field="brand.boilerplate", lines=()))
    _check_colours(site, warn)
    return sorted(findings, key=lambda problem: (problem.file != source, problem.line or 0))


def _finder(communique: Communique, site: Site, warn: Warn) -> Callable[[str, int | None, str], Path | None]:
    def find(reference: str, line: int | None, field: str) -> Path | None:
        found = site.find(reference, communique.folder, folders=True)
        if isinstance(found, NotFound):
            what = _("“{file}” can't be used: it is not in the site.").format(file=reference)
            remedy = _("Did you mean “{name}”?").format(name=found.close) if found.close else ""
            warn(Problem(what, communique.source, field, line, remedy=remedy or _("Put the file there.")))
            return None
        return found

    return find


def _check_pictures(communique: Communique, find: Callable[[str, int | None, str], Path | None], warn: Warn) -> None:
    for number, image in enumerate(communique.images, 1):
        path = find(image.file, image.line, f"une-ou-diaporama[{number}].image")
        name = path.name if path else Path(image.file).name
        field = f"une-ou-diaporama[{number}]"
        if not image.alt:
            what = _("the image “{name}” has no alternative text.").format(name=name)
        elif is_decorative(image.alt) and image.caption:
            what = _("the image “{name}” has a caption, and yet its alternative text calls it decoration.")
            what = what.format(name=name)
        elif not is_decorative(image.alt) and says_nothing(image.alt, name):
            what = _("the alternative text “{alt}” says nothing of the image “{name}”.")
            what = what.format(alt=image.alt, name=name)
        else:
            continue
        remedy = _("Write what it shows: alternative-textuelle: …")
        warn(Problem(what, communique.source, field, image.line, remedy=remedy))


def _check_colours(site: Site, warn: Warn) -> None:
    """The brand's colours as the layouts use them: two as text on white and on the tint."""
    colours = {name: colour_of(value) for name, value in site.brand.colours.items()}
    papers = {_("white"): (1.0, 1.0, 1.0), _("the tint"): colours["tint"]}
    for name in ("primary", "accent"):
        for paper, ground in papers.items():
            ratio = contrast(colours[name], ground)
            if ratio < LEAST_CONTRAST:
                what = _("text in the colour {colour} is too pale on {paper}: {ratio}:1, where {least}:1 is needed.")
                what = what.format(
                    colour=site.brand.colours[name],
                    paper=paper,
                    ratio=_decimal(ratio),
                    least=_decimal(LEAST_CONTRAST),
                )
                remedy = _("Choose a darker one.")
                warn(Problem(what, BRAND, f"brand.colours.{name}", remedy=remedy))
