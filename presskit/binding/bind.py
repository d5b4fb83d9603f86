"""Front pages and attachments bound into one kit: outline, labels, links, destinations, metadata, files."""

import io
import warnings
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Page, Pdf, String

from presskit.attachments.attach import Part
from presskit.base.blame import Reading, reason
from presskit.base.marks import PART_ID
from presskit.binding.carry import add_names, carry, names_of, nest_outline, outline_length, outline_of, write_names
from presskit.binding.furnishing import copy_plain_spaces, describe, embed_file, label_pages, own_labels
from presskit.binding.grafting import Grafted, Words, graft
from presskit.binding.reread import Expected, reread
from presskit.binding.stamp import apply_notice, apply_stamps
from presskit.binding.structure import Structure
from presskit.conformance.claims import (
    Failure,
    claim,
    failures,
    font_failure,
    mend,
    retract,
    scan_failure,
    shows_bare_font,
    unjudged_failure,
    use_profile,
)
from presskit.conformance.light import light_copy
from presskit.conformance.rules import PDF_UA, STANDARDS
from presskit.pdf.objects import pages_of, text
from presskit.pdf.trees import Number
from presskit.reading.metadata import Metadata

# The step at which validators read a kit: no file is called so.
JUDGING = ":judging"


class UnmergeableError(Exception):
    """An attachment whose pages can't be carried: ``reason`` says why."""

    def __init__(self, part: Part, error: Exception) -> None:
        self.part, self.reason = part, reason(error)
        super().__init__(part.title)


@dataclass(frozen=True)
class Cause:
    """Why a kit does not claim a standard: a failure, and where it is.

    ``part`` is the attached file, None for the front pages; ``page`` the page in that file, from 1.
    """

    failure: Failure
    part: Part | None
    page: int | None


@dataclass(frozen=True, kw_only=True)
class Bound:
    """A kit as it was bound: its length, the standards that it claims, and why not the others.

    ``tags`` tells what became of those of each merged part; ``unread`` names what no other library could read back.
    """

    pages: int
    claims: tuple[str, ...]
    causes: tuple[Cause, ...]
    tags: tuple[tuple[Part, Grafted], ...]
    unread: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Binding:
    """How a kit is to be bound.

    With ``separators`` the pages that announce the parts stay before them. ``stamps``, if given, makes a
    PDF of stamps for the attached pages, from their numbers and the kit's; ``notice``, if not empty, is a PDF
    whose one page is put at the top of all pages. With ``unjudged`` no validator is asked, and nothing claimed.
    """

    metadata: Metadata
    words: Words
    separators: bool = False
    stamps: Callable[[Sequence[int], int], bytes] | None = None
    notice: bytes = b""
    unjudged: bool = False


def bind(
    front: bytes,
    parts: Sequence[Part],
    binding: Binding,
    *,
    target: Path,
    begin: Callable[[str], None] = lambda _path: None,
) -> Bound:
    """Bind the front pages and the parts, in order, into a kit at ``target``.

    The front's last pages are one for each merged part and a last blank one (see layout.py); the attached
    pages take their place. ``begin`` is told the path of each file before its pages are appended, JUDGING before
    validators read the kit, and '' when they have. Raises UnmergeableError for the first part that can't be appended.
    """
    kit = _Kit(front, parts, binding)
    kit.insert(parts, begin)
    begin("")
    kit.finish(parts)
    # The claims are written first and taken back after: a validator only judges what a file says it is.
    kit.write(STANDARDS, target)
    begin(JUDGING)
    found = {s: [unjudged_failure(s)] for s in STANDARDS} if binding.unjudged else kit.failures(STANDARDS, target)
    refused = [standard for standard in STANDARDS if found[standard]]
    causes: list[Cause] = []
    if refused:
        alone: dict[str, list[Cause]] = {}
        own: set[str] = set()
        if not binding.unjudged:
            judge = _Judge(
                front=front, parts=parts, binding=binding, standards=refused, beside=target.with_suffix(".alone.pdf")
            )
            # Failures on no page are the front's if it has them by itself.
            unplaced = any(not failure.page for standard in refused for failure in found[standard])
            own = {failure.rule for _standard, failure in judge.of([])[1] if not failure.page} if unplaced else set()
            alone = _failures_alone(kit, judge, own)
        causes = [
            cause
            for standard in STANDARDS
            for cause in _causes(kit, found[standard], alone.get(standard), of_front=own)
        ]
        retract(target, refused)
    begin("")
    unread = reread(target, kit.expected(parts))
    tags = tuple((placed.part, placed.grafted) for placed in kit.placed)
    return Bound(
        pages=kit.pages,
        claims=tuple(s for s in STANDARDS if s not in refused),
        causes=tuple(causes),
        tags=tags,
        unread=unread,
    )


@dataclass(frozen=True)
class _Placed:
    """A merged part, its pages in the kit (from 1), and what became of its tags."""

    part: Part
    pages: range
    grafted: Grafted


class _Kit:
    """A kit in the making: front pages, then parts in the places that were left for them."""

    def __init__(self, front: bytes, parts: Sequence[Part], binding: Binding) -> None:
        self.pdf = pikepdf.open(io.BytesIO(front))
        self._binding = binding
        self._places = [part for part in parts if part.document is not None]
        # As many pages as merged parts announce them, and one more ends them.
        count = len(self._places) + 1 if self._places else 0
        pages = list(self.pdf.pages)
        self._announcing = pages[len(pages) - count :]
        self._front_pages = len(pages) - count
        self._structure = Structure(self.pdf)
        copy_plain_spaces(self.pdf)
        self.placed: list[_Placed] = []
        self._labels = [str(number) for number in range(1, self._front_pages + 1)]
        self._starts: dict[Number, Object] = {}

    def insert(self, parts: Sequence[Part], begin: Callable[[str], None]) -> None:
        """Append the pages of the parts, each in its place. Raises UnmergeableError for one that can't be."""
        del self.pdf.pages[self._front_pages :]
        for number, (part, place) in enumerate(zip(self._places, self._announcing, strict=False), 1):
            if part not in parts:
                continue
            begin(str(part.path))
            if self._binding.separators:
                self.pdf.pages.append(place)
                self._labels.append(str(len(self._labels) + 1))
            with Reading(partial(UnmergeableError, part)):
                self._insert(part, place, f"{PART_ID}{number}")

    def _insert(self, part: Part, place: Page, name: str) -> None:
        kit, document = self.pdf, part.document
        assert document is not None  # noqa: S101 - it has a place
        before = outline_length(kit)
        carried = carry(kit, document)
        pages = [page.obj for page in carried.pages]
        start = place.obj if self._binding.separators else pages[0]
        self._starts[place.obj.objgen] = start
        nest_outline(kit, before, part.title, start=start)
        add_names(kit, carried.names, part.path.stem)
        use_profile(kit, document, carried.pages)
        grafted = graft(self._structure, document, pages, place=name, words=self._binding.words, alternative=part.alt)
        first = len(self._labels) + 1
        self.placed.append(_Placed(part, range(first, first + part.pages), grafted))
        numbered = enumerate(own_labels(document), first)
        self._labels += [f"{number} ({own})" if own else str(number) for number, own in numbered]

    def finish(self, parts: Sequence[Part]) -> None:
        """Settle all that the pages do not hold themselves, and mend what archives refuse."""
        kit = self.pdf
        self._settle_names()
        label_pages(kit, self._labels)
        attached = [page for placed in self.placed for page in placed.pages]
        if self._binding.stamps is not None and attached:
            with pikepdf.open(io.BytesIO(self._binding.stamps(attached, len(kit.pages)))) as stamps:
                apply_stamps(kit, [kit.pages[number - 1] for number in attached], stamps)
        if self._binding.notice:
            pages = dict(enumerate(kit.pages, 1))
            own = [pages.pop(number) for number in attached]
            with pikepdf.open(io.BytesIO(self._binding.notice)) as notice:
                apply_notice(kit, list(pages.values()), own, notice=notice.pages[0])
        for part in parts:
            if part.embedded:
                embed_file(kit, part)
        describe(kit, self._binding.metadata)
        self._structure.close()
        mend(kit)

    def _settle_names(self) -> None:
        """Have what led to a page that announced a part lead to the part, or nowhere if there is none."""
        announcing = {page.obj.objgen for page in self._announcing} - {page.objgen for page in pages_of(self.pdf)}
        names = names_of(self.pdf)
        for name, number in _pages_of_names(self.pdf):
            if number in announcing & self._starts.keys():
                names[name] = Array([self._starts[number], Name.Fit])
            elif number in announcing:
                del names[name]
        write_names(self.pdf, names)

    @property
    def pages(self) -> int:
        """How many pages the kit has."""
        return len(self.pdf.pages)

    def write(self, claims: Sequence[str], target: Path) -> None:
        """Write the kit, with its claims, in streams that pack its objects: structure trees take a fifth of the room.

        LZW, which archives refuse (ISO 19005-3, 6.1.7.2), becomes Flate.
        """
        claim(self.pdf, claims)
        # qpdf makes both halves of a new one from the content, of one that is there the second alone (14.4).
        if "/ID" in self.pdf.trailer:
            del self.pdf.trailer["/ID"]
        # A merged file of PDF 2.0 brings its number with it.
        with warnings.catch_warnings():
            # Its remarks on widgets that are in no form are for developers.
            warnings.simplefilter("ignore")
            self.pdf.save(
                target, object_stream_mode=ObjectStreamMode.generate, deterministic_id=True, force_version="1.7"
            )

    def expected(self, parts: Sequence[Part]) -> Expected:
        """What is to be read in the kit."""
        kit = self.pdf
        numbers = {page.objgen: index for index, page in enumerate(pages_of(kit))}
        said = Counter(text(String(name)) for name, _page in _pages_of_names(kit))
        names = [(name, page) for name, page in _pages_of_names(kit) if said[text(String(name))] == 1]
        return Expected(
            labels=self._labels,
            outline=outline_of(kit),
            starts=[(placed.part.title, placed.pages[0] - 1 - self._binding.separators) for placed in self.placed],
            names={name.decode("ascii"): numbers[page] for name, page in names if name.isascii() and page in numbers},
            files={name: kit.attachments[name].get_file().size for name in kit.attachments},
            metadata=self._binding.metadata,
            parts={placed.pages[0] - 1: placed.part.document for placed in self.placed if placed.part.document},
        )

    def failures(self, standards: Sequence[str], written: Path) -> dict[str, list[Failure]]:
        """What stands against the claims of the kit, as it was written."""
        light = light_copy(written, written.with_suffix(".light.pdf"))
        return {
            standard: [*failures(written, light, standard, doubts=self._doubts(standard)), *self._unsaid(standard)]
            for standard in standards
        }

    def _unsaid(self, standard: str) -> list[Failure]:
        """What no validator can tell: that nobody said what the pages of a scan show."""
        if standard != PDF_UA:
            return []
        return [
            scan_failure(placed.pages[number - 1])
            for placed in self.placed
            if not placed.part.alt
            for number in placed.grafted.scanned[:1]
        ]

    def _doubts(self, standard: str) -> list[Failure]:
        """What a validator is known to overlook: fonts that are not embedded, by the first page of each part."""
        return [font_failure(standard, page) for page in self._bare_pages]

    @cached_property
    def _bare_pages(self) -> list[int]:
        pages = pages_of(self.pdf)
        found = (next((n for n in placed.pages if shows_bare_font(pages[n - 1])), None) for placed in self.placed)
        return [page for page in found if page is not None]

    def place(self, page: int | None) -> tuple[Part | None, int | None]:
        """The part that a page of the kit is in, None for the front, and its number there."""
        for placed in self.placed:
            if page is not None and page in placed.pages:
                return placed.part, placed.pages.index(page) + 1
        return None, page


@dataclass(frozen=True, kw_only=True)
class _Judge:
    """Judges kits that have some of the parts alone, by the standards that the whole one is refused."""

    front: bytes
    parts: Sequence[Part]
    binding: Binding
    standards: Sequence[str]
    beside: Path

    def of(self, parts: Sequence[Part]) -> tuple[_Kit, list[tuple[str, Failure]]]:
        """A kit with these parts, and what stands against its claims, by standard."""
        alone = _Kit(self.front, self.parts, self.binding)
        alone.insert(parts, lambda _path: None)
        alone.finish([])
        alone.write(self.standards, self.beside)
        judged = alone.failures(self.standards, self.beside)
        found = [(standard, failure) for standard, own in judged.items() for failure in own]
        self.beside.unlink()
        return alone, found


def _failures_alone(kit: _Kit, judge: _Judge, of_front: Collection[object]) -> dict[str, list[Cause]]:
    """What each of several parts breaks by itself: in a kit, a validator names only the first for each rule."""
    found: dict[str, list[Cause]] = {standard: [] for standard in judge.standards} if len(kit.placed) > 1 else {}
    for placed in kit.placed if found else ():
        alone, failures = judge.of([placed.part])
        for standard, failure in failures:
            where, page = alone.place(failure.page)
            if where is not None or (not failure.page and failure.rule not in of_front):
                found[standard].append(Cause(failure, placed.part, page))
    return found


def _causes(
    kit: _Kit, found: Sequence[Failure], alone: Sequence[Cause] | None, *, of_front: Collection[object]
) -> list[Cause]:
    """Lay failures to the files that cause them.

    ``alone`` is what each part breaks, None for one part or none; ``of_front`` are the rules that the front pages
    break by themselves, on no page.
    """
    causes = [Cause(failure, *kit.place(failure.page)) for failure in found]
    if alone is None:
        only = kit.placed[0].part if kit.placed else None
        return [
            cause if cause.page or cause.failure.rule in of_front else replace(cause, part=only) for cause in causes
        ]
    own = [*(cause for cause in causes if cause.part is None and cause.page), *alone]
    # What shows in no part alone is still a cause.
    known = {cause.failure.rule for cause in own}
    return own + [cause for cause in causes if cause.failure.rule not in known]


def _pages_of_names(kit: Pdf) -> list[tuple[bytes, Number]]:
    """The page that each named destination leads to, by its number."""
    found = names_of(kit).items()
    return [(name, (target.D if isinstance(target, Dictionary) else target)[0].objgen) for name, target in found]
