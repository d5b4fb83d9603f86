"""Many kits: which of them are wanted and not there yet, who makes them, and what became of each."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from presskit.base.errors import PresskitError, Problem
from presskit.base.i18n import _
from presskit.base.startup import quick_imports
from presskit.batch.kit_record import Circumstances, KitRecord
from presskit.batch.remarks import line_naming, lost_front_matter, yet_to_come
from presskit.batch.report import Report, details_of
from presskit.batch.request import Request
from presskit.batch.unseen import Unseen
from presskit.orders import Kit, Manuscript, Order, Outputs, Release, made, make
from presskit.reading.files import files_in
from presskit.reading.likeness import sketch
from presskit.reading.site import Site, is_root
from presskit.reading.sources import STANDARD, Source, beside, id_of, of_site, read
from presskit.release.standing import Standing, State, standing_of, unknown
from presskit.release.translations import Families, Kin, Translation, families
from presskit.release.withheld import Withheld
from presskit.text.file_names import decoded

if TYPE_CHECKING:
    from presskit.base.worker import Done
    from presskit.batch.record import Record


def build(request: Request) -> Iterator[Report]:
    """Build kits; gives a report for each communiqué, as it comes.

    Closing the iterator ends the work: finished kits stay, unfinished ones leave nothing behind.
    """
    if request.folder is None:
        yield from _Run(request, None).reports()
        return
    from presskit.batch.record import Record

    with Record(request.folder) as record:
        yield from _Run(request, record).reports()


@dataclass(frozen=True, kw_only=True)
class _UnderWay:
    """A kit that is being made: of which communiqué, where it stands, since when, and what was said on the way."""

    source: Source
    standing: Standing
    since: int
    said: tuple[Problem, ...]


class _Run:
    """One run: plans what is to be done, has it done, and notes what came of it."""

    def __init__(self, request: Request, record: "Record | None") -> None:
        self._request = request
        self._record = record
        self._aside: list[Report] = []
        self._now = request.now or datetime.now(UTC)
        self._families: dict[Path, Families] = {}
        self._withheld: dict[tuple[int, datetime], Withheld] = {}
        self._wanted: dict[int, Callable[[Path, str], str]] = {}
        self._under_way: dict[str, _UnderWay] = {}
        self._unseen = Unseen(request, record, lambda site: self._withheld_from(site, self._now))

    def reports(self) -> Iterator[Report]:
        if self._record is None and not self._request.executor:
            from presskit.base import worker

            # There is something to do for sure: its libraries are loaded while we read.
            worker.start()
        orders = self._orders()
        first = next(orders, None)
        yield from self._set_aside()
        if first is None:
            self._unseen.note_gone()
            return
        with tempfile.TemporaryDirectory(prefix="presskit-") as shared:
            for done in self._run(chain([first], orders), Path(shared)):
                yield from self._set_aside()
                yield self._finished(done)
        yield from self._set_aside()
        self._unseen.note_gone()

    def _set_aside(self) -> list[Report]:
        reports, self._aside = self._aside, []
        return reports

    def _run(self, orders: Iterable[Order], shared: Path) -> "Iterator[Done[Order, Kit]]":
        request = self._request
        if request.executor:
            from presskit.batch import cluster

            yield from cluster.run(orders, request.executor, request.stopping)
            return
        with quick_imports():
            from presskit.base import worker

        count = max(1, min(request.jobs, len(request.sources)))
        shared_orders = (replace(order, shared=_shared_by(order.manuscript.site, shared)) for order in orders)
        yield from worker.run(shared_orders, make, count, stopping=request.stopping)

    def _orders(self) -> Iterator[Order]:
        """The kits to be made; reports on the others are set aside."""
        for source in self._request.sources:
            planned = self._plan(source)
            if isinstance(planned, Report):
                self._aside.append(planned)
            else:
                yield planned

    def _plan(self, source: Source) -> Report | Order:
        since = self._record.moment() if self._record is not None else 0
        if report := self._unchanged(source):
            return report
        warnings: list[Problem] = []
        try:
            octets = read(source.name)
        except PresskitError as error:
            standing = unknown(error.problems, b"", source.path, site=source.site, draft=source.draft)
            return self._failed(source, standing, error.problems, warnings=())
        standing = standing_of(octets, source.path, source.site, draft=source.draft, warn=warnings.append)
        if standing.problems:
            return self._failed(source, standing, standing.problems, warnings=warnings)
        try:
            return self._skipped(source, standing) or self._order(source, standing, octets, since=since)
        except PresskitError as error:
            return self._failed(source, standing, error.problems, warnings=())

    def _unchanged(self, source: Source) -> Report | None:
        """A report on one whose kit is there as it must be; what it says is not read again."""
        target, entry = self._request.target(source), self._entry(source)
        if entry is None or self._record is None or target is None or self._request.force:
            return None
        standing = entry.standing
        if not (standing.is_out(self._now) or self._request.drafts):
            return None
        release, outputs = self._release(source, standing), self._outputs(source, standing)
        if entry.circumstances != self._circumstances(release, standing) or not self._has_all(entry, outputs):
            return None
        withheld, path = self._withheld_from(source.site, release.as_of or self._now), source.path
        if not self._record.is_fresh(
            entry,
            source.site,
            target,
            is_withheld=withheld.is_text,
            is_anothers=lambda file: withheld.is_anothers(file, path),
        ):
            return None
        return Report(
            communique=source.name,
            status="unchanged",
            kit=str(target),
            details=entry.details,
            warnings=entry.warnings,
            publication=entry.publication,
            uses=entry.uses,
            standing=standing,
        )

    def _release(self, source: Source, standing: Standing) -> Release:
        """What a kit may show: what is out when it is, at the earliest."""
        as_of = max(self._now, standing.until or self._now)
        return Release(embargoed=standing.is_embargoed(self._now), as_of=as_of, translations=self._named(source, as_of))

    def _outputs(self, source: Source, standing: Standing) -> Outputs:
        """Where a kit, its ZIP and its folder are wanted."""
        request, target = self._request, self._request.target(source)
        archived = request.archives and not standing.is_embargoed(self._now)
        return Outputs(
            kit=target,
            archive=target.with_suffix(".zip") if target and archived else None,
            published=target.with_suffix("") if target and request.published else None,
            stem=Path(source.kit).stem,
        )

    def _circumstances(self, release: Release, standing: Standing) -> Circumstances:
        return Circumstances(
            embargoed=release.embargoed,
            translations=release.translations,
            corrections=standing.corrections_at(release.as_of or self._now),
        )

    def _order(self, source: Source, standing: Standing, octets: bytes, *, since: int) -> Order:
        target = self._request.target(source)
        if target is not None and source.name != STANDARD and target.exists() and target.samefile(source.path):
            what = _("the kit would replace the communiqué itself.")
            raise PresskitError(Problem(what, str(target), remedy=_("Choose another name with -o.")))
        release = self._release(source, standing)
        old_archive = [target.with_suffix(".zip")] if release.embargoed and target is not None else []
        said = self._unseen.removed(source, old_archive)
        name = _("standard input") if source.name == STANDARD else source.path.name
        self._under_way[source.name] = _UnderWay(source=source, standing=standing, since=since, said=said)
        return Order(
            manuscript=Manuscript(octets=octets, name=name, folder=source.path.parent, site=source.site),
            options=self._request.options,
            outputs=self._outputs(source, standing),
            release=release,
            key=source.name,
        )

    def _has_all(self, entry: KitRecord, outputs: Outputs) -> bool:
        """Whether what was made beside a kit is still there as it was."""
        assert self._record is not None  # noqa: S101
        if outputs.archive is not None:
            digest = self._record.digest(outputs.archive)
            if digest is None or digest != entry.archive:
                return False
        return outputs.published is None or _sizes(outputs.published) == entry.published

    def _named(self, source: Source, moment: datetime) -> tuple[Translation, ...]:
        room = self._request.room or source.site.room.url
        return tuple(one.at(room) for one in self._translations(source, moment))

    def _translations(self, source: Source, moment: datetime) -> tuple[Kin, ...]:
        """Those of a communiqué that are out when it is, and so may be named in its kit."""
        if source.name == STANDARD:
            return ()
        kin = self._family(source.site, source).kin.get(source.path.resolve(), ())
        return tuple(one for one in kin if one.standing.is_out(moment))

    def _withheld_from(self, site: Site, moment: datetime) -> Withheld:
        """What must not be in a kit of a site that is out at that moment."""
        return self._withheld.setdefault((id(site), moment), Withheld(site, moment))

    def _family(self, site: Site, source: Source) -> Families:
        known = is_root(site.root)
        place = site.root if known else source.path.parent
        if place not in self._families:
            try:
                sources = list(of_site(place, site)) if known else list(beside(source))
            except PresskitError:
                sources = [source]
            self._families[place] = families(sources)
        return self._families[place]

    def _entry(self, source: Source) -> KitRecord | None:
        """What was noted of a communiqué, if it and what it depends on are still the same."""
        record = self._record
        if record is None or source.name == STANDARD:
            return None
        entry = record.entry(self._request.place(source))
        if entry is None or entry.wanted != self._wanted_by(source)(source.path, entry.details.layout):
            return None
        return entry if entry.communique == record.digest(source.path) else None

    def _wanted_by(self, source: Source) -> Callable[[Path, str], str]:
        key = id(source.site)
        if key not in self._wanted:
            assert self._record is not None  # noqa: S101
            self._wanted[key] = self._record.surroundings(source.site, self._request.options)
        return self._wanted[key]

    def _skipped(self, source: Source, standing: Standing) -> Report | None:
        """Why a communiqué is not built now; None when it is. One that is named alone is meant."""
        request, state = self._request, standing.at(self._now)
        if state is State.NO_FRONT_MATTER:
            return None if source.named else self._left_out(source, standing)
        if state is State.PUBLIC or request.drafts or (source.named and len(request.sources) == 1):
            return None
        return self._left_out(source, standing)

    def _left_out(self, source: Source, standing: Standing) -> Report:
        """A report on one that is not out; what was made of it before goes."""
        state, until = standing.at(self._now), standing.until
        warnings = () if standing.may_stay(self._now) else self._unseen.struck_out(source)
        if state is State.NO_FRONT_MATTER:
            warnings += tuple(lost_front_matter(source))
        shown = _by_clock(until, source.site) if state in (State.EMBARGO, State.FUTURE) and until else ""
        return Report(
            communique=source.name,
            status="skipped",
            reason=state.value,
            until=shown,
            warnings=warnings,
            standing=standing,
        )

    def _failed(
        self, source: Source, standing: Standing, errors: Iterable[Problem], *, warnings: Iterable[Problem]
    ) -> Report:
        """A report on one that can't be made; its last kit stays where nothing in it must not be seen."""
        errors = tuple(_placed(problem, source) for problem in errors)
        others = [placed for problem in warnings if (placed := _placed(problem, source)) not in errors]
        before = self._record.entry(self._request.place(source)) if self._record is not None else None
        if not standing.may_stay(self._now) or self._gives_away(source, before.uses if before else ()):
            others += self._unseen.struck_out(source)
        return Report(communique=source.name, status="failed", errors=errors, warnings=tuple(others), standing=standing)

    def _gives_away(self, source: Source, uses: Sequence[str]) -> bool:
        """Whether what was made before holds or names another communiqué that must not be seen now."""
        return bool(uses) and self._withheld_from(source.site, self._now).gives_away(uses)

    def _finished(self, done: "Done[Order, Kit]") -> Report:
        order, under_way = done.task, self._under_way.pop(done.task.key)
        source, standing, target = under_way.source, under_way.standing, order.outputs.kit
        noted = [
            *under_way.said,
            *done.warnings,
            *self._remarks(order, source),
            *yet_to_come(order, standing, self._now),
        ]
        try:
            kit = made(done)
            noted += self._shared_with_embargoed(order, source, kit)
            if target is not None and kit.pdf:
                # Made far away: it has come as bytes.
                from presskit.kit import write_kit

                write_kit(kit.pdf, target)
        except PresskitError as error:
            return self._failed(source, standing, error.problems, warnings=noted)
        report = Report(
            communique=source.name,
            status="built",
            kit=str(target) if target else STANDARD,
            details=details_of(kit),
            warnings=tuple(_placed(problem, source) for problem in noted),
            pdf=kit.pdf,
            publication=kit.publication if self._request.published else None,
            uses=self._uses(order, source, kit),
            standing=standing,
        )
        self._note(order, under_way, kit, report=report)
        return report

    def _uses(self, order: Order, source: Source, kit: Kit) -> tuple[str, ...]:
        """The ids of the other communiqués that a kit holds, or names as its translations."""
        site, moment = source.site, order.release.as_of or self._now
        named = {id_of(one.place) for one in self._translations(source, moment)}
        held = self._withheld_from(site, moment).communiques(site.root / path for path in kit.inputs.files)
        return tuple(sorted((named | held) - {source.id}))

    def _shared_with_embargoed(self, order: Order, source: Source, kit: Kit) -> Iterator[Problem]:
        """Warnings about files that a communiqué shares with one that is under embargo."""
        withheld = self._withheld_from(source.site, order.release.as_of or self._now)
        for file in sorted(kit.inputs.files):
            path = source.site.root / file
            if withheld.is_embargoed(path.resolve(), source.path):
                what = _("“{file}” is also a file of a communiqué that is under embargo: it goes out with this one.")
                remedy = _(
                    "If it must wait, take it out of this communiqué; if not, give this one a copy under another name."
                )
                names = [lookup.reference for lookup in kit.inputs.lookups if lookup.answer == file]
                name = names[0] if names else path.name
                line = line_naming(order.manuscript.octets, name)
                yield Problem(
                    what.format(file=decoded(Path(name).name)), order.manuscript.name, line=line, remedy=remedy
                )

    def _note(self, order: Order, under_way: _UnderWay, kit: Kit, *, report: Report) -> None:
        """Write down what a kit was made of."""
        record, outputs, source = self._record, order.outputs, under_way.source
        if record is None or outputs.kit is None:
            return
        assert report.details is not None  # noqa: S101
        kit.inputs.files.add(source.site.inside(source.path))
        for path in (outputs.kit, outputs.archive):
            if path is not None:
                record.forget(path)
        noted = KitRecord(
            id=source.id,
            site=self._unseen.of_site(source.site),
            standing=under_way.standing,
            uses=report.uses,
            sketch=tuple(sketch(order.manuscript.octets)),
            communique=hashlib.sha256(order.manuscript.octets).hexdigest(),
            wanted=self._wanted_by(source)(source.path, kit.layout),
            kit=record.digest(outputs.kit),
            made_of=record.made_of(kit.inputs, source.site, under_way.since),
            circumstances=self._circumstances(order.release, under_way.standing),
            details=report.details,
            warnings=report.warnings,
            archive=record.digest(outputs.archive) if outputs.archive else None,
            published=_sizes(outputs.published) if outputs.published else None,
            publication=report.publication,
        )
        record.note(self._request.place(source), noted)

    def _remarks(self, order: Order, source: Source) -> Iterator[Problem]:
        """Warnings about a kit that only the run can give."""
        if self._request.archives and order.release.embargoed:
            what = _("the embargo is not over: no ZIP is made, because the files in it would not mention it.")
            yield Problem(
                what, order.manuscript.name, "embargo", remedy=_("Send the kit, or make the ZIP after the embargo.")
            )
        if source.name != STANDARD and (
            problem := self._family(source.site, source).problems.get(source.path.resolve())
        ):
            yield problem


def _placed(problem: Problem, source: Source) -> Problem:
    """A problem as it is told among others: an ``index.md`` with its folder, which tells it from the next one."""
    if problem.file != source.path.name or source.kit == f"{source.path.stem}.pdf":
        return problem
    return replace(problem, file=f"{source.path.resolve().parent.name}/{problem.file}")


def _shared_by(site: Site, folder: Path) -> Path:
    """What the kits of one site can share: those of another look otherwise."""
    own = folder / hashlib.sha256(os.fsencode(site.root.resolve())).hexdigest()[:16]
    own.mkdir(exist_ok=True)
    return own


def _by_clock(moment: datetime, site: Site) -> str:
    """A moment (ISO 8601) as the site's clock shows it."""
    try:
        return moment.astimezone(site.clock or UTC).isoformat()
    except OverflowError:
        return moment.isoformat()


def _sizes(folder: Path) -> dict[str, int]:
    """The files of a folder, by their paths in it, with their sizes."""
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in files_in(folder)}
