"""What is wrong in a kit, or will be in the kit of a communiqué, in plain words."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Object, Pdf

from presskit.base.blame import Reading
from presskit.base.errors import PresskitError, Problem, Warn, unsaid
from presskit.base.i18n import _
from presskit.base.limits import Limits
from presskit.base.worker import Step, StoppedError, can_work_apart, work
from presskit.batch.build import build
from presskit.batch.report import Report
from presskit.batch.request import Request, available_cores
from presskit.conformance import verapdf
from presskit.conformance.claims import Failure, quick_failures, thorough_failures
from presskit.conformance.rules import STANDARDS
from presskit.layout.advice import LEAST_CONTRAST, in_words, on_colours
from presskit.layout.colours import contrast
from presskit.options import Options
from presskit.pdf.content import numbers, operators
from presskit.pdf.objects import decoded, inner, pages_of, text
from presskit.pdf.trees import walk
from presskit.reading.sources import Source

VERAPDF, QUICK = "veraPDF", "page-validation"
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
        return work(partial(_verdict_apart, path), Limits(), unsaid)
    except StoppedError as error:
        what = _("the PDF can't be checked: {reason}.").format(reason=error)
        raise PresskitError(Problem(what, path.name)) from error


def _verdict_apart(path: Path, _warn: Warn, _begin: Step) -> Verdict:
    return _verdict(path)


def _verdict(path: Path) -> Verdict:
    damaged = Problem(_("the PDF can't be read: it is damaged."), path.name, remedy=_("Build the kit anew."))
    with Reading(lambda _error: PresskitError(damaged)):
        try:
            with pikepdf.open(path) as pdf:
                findings = None if pdf.is_encrypted else list(_findings(pdf, path.name))
        except pikepdf.PasswordError:
            findings = None
    if findings is None:
        remedy = _("Check it without a password.")
        raise PresskitError(Problem(_("it is encrypted: it can't be checked."), path.name, remedy=remedy))
    validator, faults = _faults(path)
    return Verdict(validator, faults, findings)


def _faults(path: Path) -> tuple[str, dict[str, list[Failure]]]:
    """Who looked for faults, and what there is of them for each standard."""
    if verapdf.find() is not None:
        with suppress(verapdf.UnusableError):
            return VERAPDF, {standard: thorough_failures(path, standard) for standard in STANDARDS}
    return QUICK, {standard: quick_failures(path, standard) for standard in STANDARDS}


def _findings(pdf: Pdf, name: str) -> Iterator[Problem]:
    tree = inner(pdf.Root, "/StructTreeRoot")
    if tree is None or not tree.get("/K"):
        yield Problem(_("the document is not tagged: a screen reader finds no order in it."), name)
    if not pdf.Root.get("/Lang"):
        yield Problem(_("the document does not state its language."), name)
    if not text((inner(pdf.trailer, "/Info") or Dictionary()).get("/Title")):
        yield Problem(_("the document has no title."), name)
    pages = pages_of(pdf)
    if tree is not None:
        yield from _tree_findings(pages, tree, name)
    for number, page in enumerate(pages, 1):
        yield from _contrast_findings(page, number, name)


def _tree_findings(pages: Sequence[Object], tree: Object, name: str) -> Iterator[Problem]:
    numbered = {page.objgen: number for number, page in enumerate(pages, 1)}
    roles = inner(tree, "/RoleMap") or Dictionary()
    before = 0

    def page_of(item: Object, above: int | None) -> int | None:
        page = inner(item, "/Pg")
        return numbered.get(page.objgen, above) if page is not None else above

    for element, page in walk(tree, None, page_of):
        kind = text(element.get("/S"))
        kind = text(roles.get(kind)) or kind if kind else ""
        if kind == "/Figure" and not (text(element.get("/Alt")) or text(element.get("/ActualText"))):
            yield Problem(_("an image has no alternative text."), name, page=page)
        if heading := re.fullmatch(r"/H([1-6])", kind):
            level = int(heading[1])
            if level > before + 1:
                what = _("a heading skips a level: from {before} to {level}.")
                yield Problem(what.format(before=before, level=level), name, page=page)
            before = level


def _contrast_findings(page: Object, number: int, name: str) -> Iterator[Problem]:
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
            what.format(colour=written, ratio=in_words(ratio), least=in_words(LEAST_CONTRAST)), name, page=number
        )


# Communiqués


def check_communiques(sources: Sequence[Source], options: Options) -> Iterator[Report]:
    """Reports on building the kits of communiqués, in their order, with what could be clearer in them.

    The kits are made, as `presskit build` makes them, and thrown away: nothing is written. The warnings of each
    report are those of the communiqué first, by line.
    """
    options = replace(options, advise=True)
    request = Request(
        sources=sources, target=lambda _source: None, options=options, jobs=available_cores(), drafts=True
    )
    places = {source.name: place for place, source in enumerate(sources)}
    for report in sorted(build(request), key=lambda report: places[report.communique]):
        yield _with_advice(report, sources[places[report.communique]])


def _with_advice(report: Report, source: Source) -> Report:
    found = dict.fromkeys([*report.warnings, *on_colours(source.site.brand)])
    return replace(report, warnings=tuple(sorted(found, key=_order_for(source.name))), pdf=b"")


def _order_for(name: str) -> Callable[[Problem], tuple[bool, bool, int]]:
    """A key that sorts findings: those in the communiqué by their lines, then those in other files."""
    own = ("", Path(name).name, _("standard input"))

    def key(problem: Problem) -> tuple[bool, bool, int]:
        elsewhere = Path(problem.file).name not in own
        return elsewhere, problem.line is None, 0 if elsewhere else problem.line or 0

    return key
