"""Many kits: which of them are wanted and not there yet, who makes them, and what became of each."""

import hashlib
import os
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from presskit.base.errors import PresskitError, Problem, Warn, os_reason, unsaid
from presskit.base.i18n import _
from presskit.base.startup import quick_imports
from presskit.options import Options
from presskit.reading.communique import read_communique
from presskit.reading.files import files_in
from presskit.reading.likeness import likeness, sketch
from presskit.reading.site import Site, is_root
from presskit.reading.sources import STANDARD, Sites, Source, beside, collect, id_of, of_site, read, refuse_twins
from presskit.release.standing import Standing, State, from_json, standing_of, unknown

if TYPE_CHECKING:
    from presskit.base.worker import Done
    from presskit.batch.record import Record
    from presskit.orders import Kit, Order
    from presskit.release.translations import Families, Kin, Translation
    from presskit.release.withheld import Withheld

Status = Literal["built", "unchanged", "skipped", "failed"]
STATUSES: tuple[Status, ...] = ("built", "unchanged", "skipped", "failed")
# The share of a text's runs of words from which on another may be the same one, revised.
_ALIKE = 0.3
_KITS_NAMED = 3
_FIRST_FIELD = re.compile(rb"\W{0,20}(?:title|titre|date|layout|lang|embargo)[\"']?\s?:", re.IGNORECASE)
# What a report tells of its run: paths as they were given, and how it ended.
_OF_ONE_RUN = ("communique", "kit", "status", "errors")


@dataclass(frozen=True)
class Report:
    """What became of one communiqué.

    ``kit`` is its kit's path, None when there is none; ``reason`` is why it was skipped, ``until`` when it
    no longer is. ``details`` are what is in the kit: title, layout, pages, bytes, parts, missing,
    conformance. ``publication`` is what was published of it where that was asked for (see presskit.publication),
    ``uses`` the ids of the other communiqués that this holds or names; ``standing`` is what decides when it is out,
    None where that was not asked.
    """

    communique: str
    status: Status
    kit: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    reason: str = ""
    until: str = ""
    pdf: bytes = field(default=b"", repr=False)
    publication: Mapping[str, Any] | None = field(default=None, repr=False)
    uses: tuple[str, ...] = ()
    standing: Standing | None = field(default=None, repr=False)

    def as_json(self) -> dict[str, Any]:
        """The report as values that JSON knows."""
        skipped = {"reason": self.reason} | ({"until": self.until} if self.until else {})
        return {
            "communique": self.communique,
            "status": self.status,
            "kit": self.kit,
            **(skipped if self.status == "skipped" else {}),
            **self.details,
            "errors": [problem.as_json() for problem in self.errors],
            "warnings": [problem.as_json() for problem in self.warnings],
        }


@dataclass
class Summary:
    """What became of all communiqués of a run, counted."""

    counts: Counter[Status] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)

    def add(self, report: Report) -> None:
        """Count a report in."""
        self.counts[report.status] += 1
        if report.reason:
            self.reasons[report.reason] += 1
        self.warnings.update(kind_of_warning(problem) for problem in report.warnings)

    @property
    def failed(self) -> int:
        """How many kits could not be built."""
        return self.counts["failed"]


@dataclass(frozen=True)
class Request:
    """What is to be built, and how.

    ``target`` gives the path of each communiqué's kit, None to have its bytes; ``folder`` is the one whose
    record tells what has changed, None to build all. With ``drafts`` those that are not out yet are built
    too. ``executor`` is the address of a Dask cluster, '' for ``jobs`` workers on this machine. Once
    ``stopping``, no kit is begun. With ``archives`` each kit has a ZIP beside it; with ``published`` a folder of its
    name with all that a press room shows. ``now`` is the moment that decides what is out, None for this one; ``room``
    is the press room's address where it is known.
    """

    sources: Sequence[Source]
    target: Callable[[Source], Path | None]
    options: Options = field(default_factory=Options)
    folder: Path | None = None
    jobs: int = 1
    force: bool = False
    drafts: bool = False
    executor: str = ""
    stopping: Callable[[], bool] = lambda: False
    archives: bool = False
    published: bool = False
    now: datetime | None = None
    room: str = ""


def available_cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


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
        self._under_way: dict[str, tuple[Source, Standing, int, tuple[Problem, ...]]] = {}

    def reports(self) -> Iterator[Report]:
        if self._record is None and not self._request.executor:
            from presskit.base import worker

            # There is something to do for sure: its libraries are loaded while we read.
            worker.start()
        orders = self._orders()
        first = next(orders, None)
        yield from self._set_aside()
        if first is None:
            self._note_gone()
            return
        with tempfile.TemporaryDirectory(prefix="presskit-") as shared:
            for done in self._run(chain([first], orders), Path(shared)):
                yield from self._set_aside()
                yield self._finished(done)
        yield from self._set_aside()
        self._note_gone()

    def _set_aside(self) -> list[Report]:
        reports, self._aside = self._aside, []
        return reports

    def _run(self, orders: Iterable["Order"], shared: Path) -> "Iterator[Done[Order, Kit]]":
        request = self._request
        if request.executor:
            from presskit.batch import cluster

            yield from cluster.run(orders, request.executor, request.stopping)
            return
        with quick_imports():
            from presskit.base import worker
            from presskit.orders import make

        count = max(1, min(request.jobs, len(request.sources)))
        shared_orders = (replace(order, shared=_shared_by(order.site, shared)) for order in orders)
        yield from worker.run(shared_orders, make, count, request.stopping)

    def _orders(self) -> "Iterator[Order]":
        """The kits to be made; reports on the others are set aside."""
        for source in self._request.sources:
            planned = self._plan(source)
            if isinstance(planned, Report):
                self._aside.append(planned)
            else:
                yield planned

    def _plan(self, source: Source) -> "Report | Order":
        since = self._record.moment() if self._record is not None else 0
        if report := self._unchanged(source):
            return report
        warnings: list[Problem] = []
        try:
            octets = read(source.name)
        except PresskitError as error:
            standing = unknown(error.problems, b"", source.path, source.site, draft=source.draft)
            return self._failed(source, standing, error.problems, ())
        standing = standing_of(octets, source.path, source.site, draft=source.draft, warn=warnings.append)
        if standing.problems:
            return self._failed(source, standing, standing.problems, warnings)
        try:
            return self._skipped(source, standing) or self._order(source, standing, octets, since)
        except PresskitError as error:
            return self._failed(source, standing, error.problems, ())

    def _unchanged(self, source: Source) -> Report | None:
        """A report on one whose kit is there as it must be; what it says is not read again."""
        target, entry = self._request.target(source), self._entry(source)
        if entry is None or self._record is None or target is None or self._request.force:
            return None
        standing = from_json(entry["standing"])
        if not (standing.is_out(self._now) or self._request.drafts):
            return None
        as_of, embargoed, archive, published = self._wanted_beside(source, standing, target)
        order = _of_order(embargoed, self._named(source, as_of), standing.corrections_at(as_of))
        if entry["order"] != order or not self._has_all(entry, archive, published):
            return None
        withheld, path = self._withheld_from(source.site, as_of), source.path
        if not self._record.is_fresh(
            entry, source.site, target, withheld.is_text, lambda file: withheld.is_anothers(file, path)
        ):
            return None
        return replace(_report_from(entry, source.name, "unchanged", str(target)), standing=standing)

    def _wanted_beside(
        self, source: Source, standing: Standing, target: Path | None
    ) -> tuple[datetime, bool, Path | None, Path | None]:
        """When a kit is out, at the earliest; whether it is under embargo; where its ZIP and its folder are wanted."""
        embargoed = standing.is_embargoed(self._now)
        archive = target.with_suffix(".zip") if target and self._request.archives and not embargoed else None
        published = target.with_suffix("") if target and self._request.published else None
        return max(self._now, standing.until or self._now), embargoed, archive, published

    def _order(self, source: Source, standing: Standing, octets: bytes, since: int) -> "Order":
        request = self._request
        target = request.target(source)
        if target is not None and source.name != STANDARD and target.exists() and target.samefile(source.path):
            what = _("the kit would replace the communiqué itself.")
            raise PresskitError(Problem(what, str(target), remedy=_("Choose another name with -o.")))
        as_of, embargoed, archive, published = self._wanted_beside(source, standing, target)
        said = self._removed(source, [target.with_suffix(".zip")]) if embargoed and target is not None else ()
        # Only now: where nothing is to be done, what makes kits is not loaded.
        with quick_imports():
            from presskit.orders import Order

        order = Order(
            octets,
            _("standard input") if source.name == STANDARD else source.path.name,
            source.path.parent,
            source.site,
            request.options,
            target,
            key=source.name,
            embargoed=embargoed,
            as_of=as_of,
            translations=self._named(source, as_of),
            archive=archive,
            published=published,
            stem=Path(source.kit).stem,
        )
        self._under_way[source.name] = (source, standing, since, said)
        return order

    def _has_all(self, entry: Mapping[str, Any], archive: Path | None, published: Path | None) -> bool:
        """Whether what was made beside a kit is still there as it was."""
        assert self._record is not None  # noqa: S101
        if archive is not None:
            digest = self._record.digest(archive)
            if digest is None or digest != entry["archive"]:
                return False
        return published is None or _sizes(published) == entry["published"]

    def _named(self, source: Source, moment: datetime) -> "tuple[Translation, ...]":
        room = self._request.room or source.site.room.url
        return tuple(one.at(room) for one in self._translations(source, moment))

    def _translations(self, source: Source, moment: datetime) -> "tuple[Kin, ...]":
        """Those of a communiqué that are out when it is, and so may be named in its kit."""
        if source.name == STANDARD:
            return ()
        kin = self._family(source.site, source).kin.get(source.path.resolve(), ())
        return tuple(one for one in kin if one.standing.is_out(moment))

    def _withheld_from(self, site: Site, moment: datetime) -> "Withheld":
        """What must not be in a kit of a site that is out at that moment."""
        from presskit.release.withheld import Withheld

        return self._withheld.setdefault((id(site), moment), Withheld(site, moment))

    def _family(self, site: Site, source: Source) -> "Families":
        from presskit.release.translations import families

        known = is_root(site.root)
        place = site.root if known else source.path.parent
        if place not in self._families:
            try:
                sources = list(of_site(place, site)) if known else list(beside(source))
            except PresskitError:
                sources = [source]
            self._families[place] = families(sources)
        return self._families[place]

    def _entry(self, source: Source) -> dict[str, Any] | None:
        """What was noted of a communiqué, if it and what it depends on are still the same."""
        record = self._record
        if record is None or source.name == STANDARD:
            return None
        entry = record.entry(self._place(source))
        if entry is None or entry["wanted"] != self._wanted_by(source)(source.path, entry["layout"]):
            return None
        return entry if entry["communique"] == record.digest(source.path) else None

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
        warnings = () if standing.may_stay(self._now) else self._struck_out(source)
        if state is State.NO_FRONT_MATTER:
            warnings += tuple(_lost_front_matter(source))
        shown = _by_clock(until, source.site) if state in (State.EMBARGO, State.FUTURE) and until else ""
        return Report(source.name, "skipped", reason=state.value, until=shown, warnings=warnings, standing=standing)

    def _failed(
        self, source: Source, standing: Standing, errors: Iterable[Problem], warnings: Iterable[Problem]
    ) -> Report:
        """A report on one that can't be made; its last kit stays where nothing in it must not be seen."""
        errors = tuple(_placed(problem, source) for problem in errors)
        others = [placed for problem in warnings if (placed := _placed(problem, source)) not in errors]
        before = self._record.entry(self._place(source)) if self._record is not None else None
        if not standing.may_stay(self._now) or self._gives_away(source, before["uses"] if before else ()):
            others += self._struck_out(source)
        return Report(source.name, "failed", errors=errors, warnings=tuple(others), standing=standing)

    def _gives_away(self, source: Source, uses: Sequence[str]) -> bool:
        """Whether what was made before holds or names another communiqué that must not be seen now."""
        return bool(uses) and self._withheld_from(source.site, self._now).gives_away(uses)

    def _struck_out(self, source: Source) -> tuple[Problem, ...]:
        """Remove what an earlier run made of a communiqué that must not be seen now, and tell of it."""
        target, record = self._request.target(source), self._record
        if record is None or target is None or self._may_stay_as_asked(source):
            return ()
        if self._request.published:
            # Nobody publishes this kit: the press room's is a copy.
            shutil.rmtree(target.with_suffix(""), ignore_errors=True)
            with suppress(OSError):
                target.unlink()
            record.strike_out(self._place(source))
            return ()
        assert self._request.folder is not None  # noqa: S101
        places = [self._place(source), *self._renamed(source)]
        kits = [self._request.folder / place for place in places]
        said = self._removed(source, [path for kit in kits for path in (kit, kit.with_suffix(".zip"))])
        is_new = record.entry(self._place(source)) is None
        for place in places:
            record.strike_out(place)
        return (*said, *self._of_unknown_origin(source)) if is_new else said

    def _may_stay_as_asked(self, source: Source) -> bool:
        """Whether a kit of what is not out was asked for, and says that it is not."""
        entry = self._record.entry(self._place(source)) if self._record is not None else None
        return (
            self._request.drafts and entry is not None and (entry["order"]["embargoed"] or "draft" in entry["standing"])
        )

    def _renamed(self, source: Source) -> list[str]:
        """The kits of communiqués that are gone, and may be this one under a former name, or hold or name it."""
        assert self._record is not None  # noqa: S101
        site = source.site
        entry = self._record.entry(self._place(source))
        titles, text = {entry["report"]["title"]} if entry is not None else set(), b""
        with suppress(PresskitError):
            text = read(source.name)
            titles.add(read_communique(text, source.path.name, source.path.parent, unsaid, site).title)
        known = sketch(text)
        return [
            place
            for place, other in self._gone(site)
            if not titles
            or other["report"]["title"] in titles
            or source.id in other["uses"]
            or likeness(known, other["sketch"]) >= _ALIKE
        ]

    def _gone(self, site: Site) -> list[tuple[str, dict[str, Any]]]:
        """What was noted of communiqués of a site that are not there any more, with its place."""
        assert self._record is not None  # noqa: S101
        of_this_site, present = self._of_site(site), self._withheld_from(site, self._now).ids
        entries = self._record.entries()
        return [(place, e) for place, e in entries if e["site"] == of_this_site and e["id"] not in present]

    def _of_unknown_origin(self, source: Source) -> Iterator[Problem]:
        """A warning of kits whose communiqués went as this one came: under another name, it may be one of them."""
        assert self._request.folder is not None  # noqa: S101
        gone = [place for place, entry in self._gone(source.site) if not entry.get("gone")]
        names = [place for place in gone if (self._request.folder / place).is_file()]
        if names:
            what = _(
                "the communiqués of these kits are gone: {kits}. If this is one of them, it can still be seen there."
            )
            shown = [*names[:_KITS_NAMED], *(["…"] if len(names) > _KITS_NAMED else [])]
            remedy = _("If so, delete the kit; if not, nothing needs to be done.")
            yield Problem(what.format(kits=", ".join(shown)), source.path.name, remedy=remedy)

    def _note_gone(self) -> None:
        """Note which communiqués are gone: what comes later is none of them under another name."""
        if self._record is None or self._request.published:
            return
        for site in {id(source.site): source.site for source in self._request.sources}.values():
            for place, entry in self._gone(site):
                if not entry.get("gone"):
                    self._record.note(place, entry | {"gone": True})

    def _of_site(self, site: Site) -> str:
        """What tells a site from others whose kits are in the same folder."""
        assert self._request.folder is not None  # noqa: S101
        return id_of(os.path.relpath(site.root.resolve(), self._request.folder.resolve()))

    def _removed(self, source: Source, paths: Iterable[Path]) -> tuple[Problem, ...]:
        """Remove what presskit made, and tell of it. Raises PresskitError for what can't be removed."""
        from presskit.release.withheld import is_ours

        # One that has moved has the place that it had.
        gone = [path for path in dict.fromkeys(paths) if path.is_file() and is_ours(path)]
        for path in gone:
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                what = _("{name} must not be seen now, and can't be removed ({detail}).")
                what = what.format(name=path, detail=os_reason(error))
                raise PresskitError(Problem(what, source.path.name, remedy=_("Remove it by hand."))) from error
        what = _("{name} was made before: it must not be seen now, and is removed.")
        remedy = _("Build it with --drafts, or alone: the kit says then that it is under embargo, or withdrawn.")
        return tuple(Problem(what.format(name=path.name), source.path.name, remedy=remedy) for path in gone)

    def _finished(self, done: "Done[Order, Kit]") -> Report:
        from presskit.orders import made

        order = done.task
        source, standing, since, said = self._under_way.pop(order.key)
        noted = [*said, *done.warnings, *self._remarks(order, source), *_yet_to_come(order, standing, self._now)]
        try:
            kit = made(done)
            noted += self._shared_with_embargoed(order, source, kit)
            if order.target is not None and kit.pdf:
                # Made far away: it has come as bytes.
                from presskit.kit import write_kit

                write_kit(kit.pdf, order.target)
        except PresskitError as error:
            return self._failed(source, standing, error.problems, noted)
        target = str(order.target) if order.target else STANDARD
        publication = asdict(kit.publication) if kit.publication is not None and self._request.published else None
        details = _details(kit)
        warnings = tuple(_placed(problem, source) for problem in noted)
        uses = self._uses(order, source, kit)
        report = Report(
            source.name, "built", target, details, (), warnings, "", "", kit.pdf, publication, uses, standing
        )
        if self._record is not None and order.target is not None:
            kit.inputs.files.add(source.site.inside(source.path))
            self._record.forget(order.target)
            entry = {
                "standing": standing.as_json(),
                "uses": list(uses),
                "id": source.id,
                "site": self._of_site(source.site),
                "sketch": sketch(order.octets),
                "layout": kit.layout,
                "kit": self._record.digest(order.target),
                "inputs": self._record.inputs(kit.inputs, source.site, since),
                "report": {name: value for name, value in report.as_json().items() if name not in _OF_ONE_RUN},
                "order": _of_order(
                    order.embargoed, order.translations, standing.corrections_at(order.as_of or self._now)
                ),
                "archive": self._archived(order),
                "published": _sizes(order.published) if order.published else None,
                "publication": publication,
            }
            self._note(source, order.octets, entry)
        return report

    def _uses(self, order: "Order", source: Source, kit: "Kit") -> tuple[str, ...]:
        """The ids of the other communiqués that a kit holds, or names as its translations."""
        site, moment = source.site, order.as_of or self._now
        named = {id_of(one.place) for one in self._translations(source, moment)}
        held = self._withheld_from(site, moment).communiques(site.root / path for path in kit.inputs.files)
        return tuple(sorted((named | held) - {source.id}))

    def _shared_with_embargoed(self, order: "Order", source: Source, kit: "Kit") -> Iterator[Problem]:
        """What is to be said of the files that a communiqué names itself, and one that is under embargo as well."""
        withheld = self._withheld_from(source.site, order.as_of or self._now)
        for file in sorted(kit.inputs.files):
            path = source.site.root / file
            if withheld.is_embargoed(path.resolve(), source.path):
                what = _("“{file}” is also a file of a communiqué that is under embargo: it goes out with this one.")
                remedy = _(
                    "If it must wait, take it out of this communiqué; if not, give this one a copy under another name."
                )
                line = _line_of(order.octets, path.name)
                yield Problem(what.format(file=path.name), order.source, line=line, remedy=remedy)

    def _note(self, source: Source, octets: bytes, entry: dict[str, Any]) -> None:
        if self._record is not None:
            wanted = self._wanted_by(source)(source.path, entry["layout"])
            entry |= {"wanted": wanted, "communique": hashlib.sha256(octets).hexdigest()}
            self._record.note(self._place(source), entry)

    def _archived(self, order: "Order") -> str | None:
        assert self._record is not None  # noqa: S101
        if order.archive is None:
            return None
        self._record.forget(order.archive)
        return self._record.digest(order.archive)

    def _place(self, source: Source) -> str:
        """Where a kit is, from the folder that the record is about."""
        target = self._request.target(source)
        assert target is not None  # noqa: S101
        assert self._request.folder is not None  # noqa: S101
        return target.relative_to(self._request.folder).as_posix()

    def _remarks(self, order: "Order", source: Source) -> Iterator[Problem]:
        """What is to be said of a kit that none but the run knows."""
        if self._request.archives and order.embargoed:
            what = _("the embargo is not over: there is no ZIP, for the files in it would not say so.")
            yield Problem(what, order.source, "embargo", remedy=_("Send the kit, or make the ZIP after the embargo."))
        if source.name != STANDARD and (
            problem := self._family(source.site, source).problems.get(source.path.resolve())
        ):
            yield problem


def _lost_front_matter(source: Source) -> Iterator[Problem]:
    """What is to be said of a text that begins with the fields of a communiqué, and no line of hyphens before them."""
    with suppress(OSError):
        if _FIRST_FIELD.match(source.path.read_bytes()[:1000].replace(b"\0", b"")):
            what = _("there is no front matter.")
            remedy = _("Start the file with a “---” line, “title: …”, “date: …”, and a “---” line.")
            yield Problem(what, source.path.name, line=1, remedy=remedy)


def _yet_to_come(order: "Order", standing: Standing, now: datetime) -> Iterator[Problem]:
    """What is to be said of corrections that are dated of a day to come."""
    if standing.corrections_at(order.as_of or now) < len(standing.corrected):
        what = _("a correction has a date to come: it is not told before that day.")
        yield Problem(what, order.source, "correction", remedy=_("If it is a slip, correct the date."))


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


def _of_order(embargoed: bool, translations: "Sequence[Translation]", corrections: int) -> dict[str, Any]:
    """What a kit depends on that is not in its own files."""
    named = [asdict(one) for one in translations]
    return {"embargoed": embargoed, "translations": named, "corrections": corrections}


def _line_of(octets: bytes, name: str) -> int | None:
    """The first line of a text in which a file's name is, as it is or percent-encoded."""
    forms = (os.fsencode(name), quote(name).encode())
    lines = enumerate(octets.split(b"\n"), 1)
    return next((number for number, line in lines if any(form in line for form in forms)), None)


def _sizes(folder: Path) -> dict[str, int]:
    """The files of a folder, by their paths in it, with their sizes."""
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in files_in(folder)}


def _details(kit: "Kit") -> dict[str, Any]:
    parts = [{name: value for name, value in asdict(part).items() if value or name != "url"} for part in kit.parts]
    return {
        "title": kit.title,
        "layout": kit.layout,
        "pages": kit.pages,
        "bytes": kit.size,
        "parts": parts,
        "missing": list(kit.missing),
        "conformance": {
            "claims": list(kit.claims),
            "refusals": [{"standard": name} | problem.as_json() for name, problem in kit.refusals],
            "care": [asdict(care) for care in kit.care],
        },
    }


def _report_from(entry: Mapping[str, Any], name: str, status: Status, target: str) -> Report:
    """A report that was noted, for the kit that it is about still stands."""
    values = entry["report"]
    warnings = tuple(Problem(**problem) for problem in values["warnings"])
    details = {k: v for k, v in values.items() if k != "warnings"}
    uses = tuple(entry["uses"])
    return Report(name, status, target, details, (), warnings, publication=entry["publication"], uses=uses)


def kind_of_warning(problem: Problem) -> str:
    """What warnings of one kind have in common: their words, without names and numbers."""
    text = re.sub(r"“[^”]*”|«[^»]*»|\([^)]*\)", "…", problem.what)
    return re.sub(r"(?<![\w-])\d+(?:[.,]\d+)*", "…", text)


# For programs that call presskit


def build_kit(
    communique: str | os.PathLike[str],
    output: str | os.PathLike[str] | None = None,
    *,
    site: str | os.PathLike[str] | None = None,
    options: Options | None = None,
) -> Report:
    """Build the kit of one communiqué, whether it is out or not.

    ``communique`` is its file, ``output`` the kit's; without one the kit's bytes are in the report's
    ``pdf``. ``site`` is the site's root; by default the nearest folder above with ``_config.yml`` or
    ``presskit.toml``. What deserves a look is in the report's ``warnings``.

    Raises PresskitError, whose ``problems`` tell all that is wrong, when there is no kit.
    """
    warnings: list[Problem] = []
    name = os.fspath(communique)
    path = Path(name)
    source = Source(name, path, Sites(os.fspath(site) if site else "", warnings.append).of(path), named=True)
    target = Path(output) if output is not None else None
    (report,) = build(Request([source], lambda _source: target, options or Options()))
    if report.status == "failed":
        raise PresskitError(report.errors)
    return replace(report, warnings=(*warnings, *report.warnings))


def build_site(
    site: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    output: str | os.PathLike[str],
    *,
    options: Options | None = None,
    jobs: int | None = None,
    force: bool = False,
    drafts: bool = False,
    executor: str = "",
    on_report: Callable[[Report], None] = lambda _report: None,
    warn: Warn = unsaid,
) -> Summary:
    """Build the kits of a site, or of several files, folders and patterns, into the folder ``output``.

    Only kits that are not there, or whose communiqué, files, layout or settings have changed, are built,
    all with ``force``. Drafts, and communiqués that are not out yet, are left out unless ``drafts``.
    ``jobs`` workers share the work (default: as many as there are cores), or the Dask cluster at
    ``executor``. ``on_report`` is told of each communiqué; ``warn`` of what is wrong with the settings.

    Returns the counts: kits that fail are counted, and do not raise. Raises PresskitError before any work
    when there is no communiqué, or two would give kits of one name.
    """
    names = [site] if isinstance(site, (str, os.PathLike)) else site
    sources = collect([os.fspath(name) for name in names], Sites("", warn))
    refuse_twins(sources)
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    request = Request(
        sources,
        lambda source: folder / source.kit,
        options or Options(),
        folder,
        jobs or available_cores(),
        force,
        drafts,
        executor,
    )
    summary = Summary()
    for report in build(request):
        summary.add(report)
        on_report(report)
    return summary
