"""Many kits: which of them are wanted and not there yet, who makes them, and what became of each."""

import hashlib
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from presskit.communique import Communique, read_communique
from presskit.days import moment_of
from presskit.errors import PresskitError, Problem, Warn, unsaid
from presskit.files import files_in
from presskit.i18n import _
from presskit.options import Options
from presskit.site import Site, is_root
from presskit.sources import STANDARD, Sites, Source, beside, collect, of_site, read, refuse_twins
from presskit.startup import quick_imports

if TYPE_CHECKING:
    from presskit.orders import Kit, Order
    from presskit.record import Record
    from presskit.translations import Families, Translation
    from presskit.worker import Done

Status = Literal["built", "unchanged", "skipped", "failed"]
STATUSES: tuple[Status, ...] = ("built", "unchanged", "skipped", "failed")
# What a report tells of its run: paths as they were given, and how it ended.
_OF_ONE_RUN = ("communique", "kit", "status", "errors")
DRAFT, FUTURE, EMBARGO, NO_FRONT_MATTER = "draft", "future", "embargo", "no-front-matter"
WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Report:
    """What became of one communiqué.

    ``kit`` is its kit's path, None when there is none; ``reason`` is why it was skipped, ``until`` when it
    no longer is. ``details`` are what is in the kit: title, layout, pages, bytes, parts, missing,
    conformance. ``publication`` is what was published of it where that was asked for (see presskit.publication);
    after a failure, what the last success published.
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
    from presskit.record import Record

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
        self._wanted: dict[int, Callable[[Path, str], str]] = {}
        self._under_way: dict[str, tuple[Source, Mapping[str, str], int]] = {}

    def reports(self) -> Iterator[Report]:
        if self._record is None and not self._request.executor:
            from presskit import worker

            # There is something to do for sure: its libraries are loaded while we read.
            worker.start()
        orders = self._orders()
        first = next(orders, None)
        yield from self._set_aside()
        if first is None:
            return
        with tempfile.TemporaryDirectory(prefix="presskit-") as shared:
            for done in self._run(chain([first], orders), Path(shared)):
                yield from self._set_aside()
                yield self._finished(done)
        yield from self._set_aside()

    def _set_aside(self) -> list[Report]:
        reports, self._aside = self._aside, []
        return reports

    def _run(self, orders: Iterable["Order"], shared: Path) -> "Iterator[Done[Order, Kit]]":
        request = self._request
        if request.executor:
            from presskit import cluster

            yield from cluster.run(orders, request.executor, request.stopping)
            return
        with quick_imports():
            from presskit import worker
            from presskit.orders import make

        count = max(1, min(request.jobs, len(request.sources)))
        shared_orders = (replace(order, shared=_shared_by(order.site, shared)) for order in orders)
        yield from worker.run(shared_orders, make, count, request.stopping)

    def _orders(self) -> "Iterator[Order]":
        """The kits to be made; reports on the others are set aside."""
        for source in self._request.sources:
            try:
                planned = self._plan(source)
            except PresskitError as error:
                planned = Report(source.name, "failed", errors=error.problems)
            if isinstance(planned, Report):
                self._aside.append(planned)
            else:
                yield planned

    def _plan(self, source: Source) -> "Report | Order":
        request, record = self._request, self._record
        since = record.moment() if record is not None else 0
        octets = None
        entry = self._entry(source)
        if entry is None or record is None:
            octets = read(source.name)
            schedule = _schedule(octets, source)
        else:
            schedule = entry["schedule"]
        if report := self._skipped(source, schedule):
            if octets is not None:
                self._note(source, octets, {"schedule": schedule, "layout": "", "kit": None, "inputs": None})
            return report
        target = request.target(source)
        if target is not None and source.name != STANDARD and target.exists() and target.samefile(source.path):
            what = _("the kit would replace the communiqué itself.")
            raise PresskitError(Problem(what, str(target), remedy=_("Choose another name with -o.")))
        embargoed = bool(schedule["embargo"]) and datetime.fromisoformat(schedule["embargo"]) > self._now
        translations = self._translations(source, schedule)
        archive = target.with_suffix(".zip") if target and request.archives and not embargoed else None
        published = target.with_suffix("") if target and request.published else None
        if entry is not None and record is not None and target is not None and not request.force:
            same = entry.get("order") == _of_order(embargoed, translations) and self._has_all(entry, archive, published)
            if same and record.is_fresh(entry, source.site, target):
                return _report_from(entry, source.name, "unchanged", str(target))
        # Only now: where nothing is to be done, what makes kits is not loaded.
        with quick_imports():
            from presskit.orders import Order

        order = Order(
            read(source.name) if octets is None else octets,
            _("standard input") if source.name == STANDARD else source.path.name,
            source.path.parent,
            source.site,
            request.options,
            target,
            key=source.name,
            embargoed=embargoed,
            translations=translations,
            archive=archive,
            published=published,
            stem=Path(source.kit).stem,
        )
        self._under_way[source.name] = (source, schedule, since)
        return order

    def _has_all(self, entry: Mapping[str, Any], archive: Path | None, published: Path | None) -> bool:
        """Whether what was made beside a kit is still there as it was."""
        assert self._record is not None  # noqa: S101
        if archive is not None:
            digest = self._record.digest(archive)
            if digest is None or digest != entry["archive"]:
                return False
        return published is None or _sizes(published) == entry["published"]

    def _translations(self, source: Source, schedule: Mapping[str, str]) -> "tuple[Translation, ...]":
        """Those of a communiqué that are out when it is, and so may be named in its kit."""
        if source.name == STANDARD:
            return ()
        moment = max([self._now, *(datetime.fromisoformat(at) for at in [schedule["until"]] if at)])
        kin = self._family(source.site, source).kin.get(source.path.resolve(), ())
        return tuple(one.at(self._request.room or source.site.room.url) for one in kin if one.is_out(moment))

    def _family(self, site: Site, source: Source) -> "Families":
        from presskit.translations import families

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

    def _skipped(self, source: Source, schedule: Mapping[str, Any]) -> Report | None:
        """Why a communiqué is not built now; None when it is. One that is named alone is meant."""
        request = self._request
        if schedule["reason"] == NO_FRONT_MATTER and not source.named:
            return Report(source.name, "skipped", reason=NO_FRONT_MATTER)
        if request.drafts or (source.named and len(request.sources) == 1):
            return None
        if source.draft or schedule["reason"] == DRAFT:
            return Report(source.name, "skipped", reason=DRAFT)
        until = schedule["until"]
        if until and datetime.fromisoformat(until) > self._now:
            return Report(source.name, "skipped", reason=schedule["reason"], until=until)
        return Report(source.name, "skipped", reason=WITHDRAWN) if schedule["withdrawn"] else None

    def _finished(self, done: "Done[Order, Kit]") -> Report:
        from presskit.orders import made

        order = done.task
        source, schedule, since = self._under_way.pop(order.key)
        noted = [*done.warnings, *self._remarks(order, source)]
        warnings = tuple(_placed(problem, source) for problem in noted)
        try:
            kit = made(done)
            if order.target is not None and kit.pdf:
                # Made far away: it has come as bytes.
                from presskit.kit import write_kit

                write_kit(kit.pdf, order.target)
        except PresskitError as error:
            errors = tuple(_placed(problem, source) for problem in error.problems)
            others = tuple(problem for problem in warnings if problem not in errors)
            before = self._record.entry(self._place(source)) if self._record is not None else None
            last = before.get("publication") if before is not None else None
            return Report(source.name, "failed", errors=errors, warnings=others, publication=last)
        target = str(order.target) if order.target else STANDARD
        publication = asdict(kit.publication) if kit.publication is not None and self._request.published else None
        details = _details(kit)
        report = Report(source.name, "built", target, details, (), warnings, pdf=kit.pdf, publication=publication)
        if self._record is not None and order.target is not None:
            kit.inputs.files.add(source.site.inside(source.path))
            self._record.forget(order.target)
            entry = {
                "schedule": schedule,
                "layout": kit.layout,
                "kit": self._record.digest(order.target),
                "inputs": self._record.inputs(kit.inputs, source.site, since),
                "report": {name: value for name, value in report.as_json().items() if name not in _OF_ONE_RUN},
                "order": _of_order(order.embargoed, order.translations),
                "archive": self._archived(order),
                "published": _sizes(order.published) if order.published else None,
                "publication": publication,
            }
            self._note(source, order.octets, entry)
        return report

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


def _schedule(octets: bytes, source: Source) -> dict[str, str]:
    """When a communiqué is out, and why not before: ``reason`` and ``until``, '' for none."""
    nothing = {"reason": "", "until": "", "embargo": "", "withdrawn": ""}
    if not octets.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"---", b"+++")):
        return nothing | {"reason": NO_FRONT_MATTER}
    site = source.site
    try:
        communique = read_communique(octets, source.path.name, source.path.parent, unsaid, site)
    except PresskitError:
        # Whoever builds it says what is wrong.
        return nothing
    embargo = moment_of(communique.embargo, site.clock).isoformat() if communique.embargo else ""
    if communique.draft:
        return nothing | {"reason": DRAFT, "embargo": embargo}
    return (
        nothing | _out(communique, source) | {"embargo": embargo, "withdrawn": "yes" if communique.withdrawal else ""}
    )


def _out(communique: Communique, source: Source) -> dict[str, str]:
    site = source.site
    until = communique.waits_for(site.clock, future=site.future)
    if until is None:
        return {"reason": "", "until": ""}
    embargoed = replace(communique, embargo=None).waits_for(site.clock, future=site.future) != until
    return {"reason": EMBARGO if embargoed else FUTURE, "until": until.isoformat()}


def _of_order(embargoed: bool, translations: "Sequence[Translation]") -> dict[str, Any]:
    """What a kit depends on that is not in its own files."""
    return {"embargoed": embargoed, "translations": [asdict(one) for one in translations]}


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
    return Report(name, status, target, details, (), warnings, publication=entry["publication"])


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
