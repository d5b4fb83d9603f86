"""A press room of a site: its kits are built, and its pages, feeds and files put in place together."""

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from presskit.base.errors import PresskitError, Problem, Warn, unsaid
from presskit.base.i18n import _
from presskit.base.resources import resource_folder
from presskit.base.whole import write_whole
from presskit.batch import build as batch
from presskit.batch.report import Report
from presskit.batch.request import Request
from presskit.layout.context import kind_in_words
from presskit.layout.layouts import words_of
from presskit.options import Options
from presskit.publication import Publication, files_of
from presskit.publication.prepare import note_of
from presskit.reading.communique import read_communique
from presskit.reading.days import moment_of
from presskit.reading.names import name_of, page_of
from presskit.reading.site import Site
from presskit.reading.sources import LEDGER, Source, id_of, of_site
from presskit.release.standing import Standing, State, standing_of
from presskit.release.translations import families
from presskit.release.withheld import Withheld, is_preview
from presskit.room import feeds, look, search
from presskit.room.entries import Entry, Ledger, Shadow, in_order, moved, topics, written_down, years
from presskit.room.last import NAME, is_safe, noted, recalled
from presskit.room.pages import INDEX, Setting, moved_page, pages
from presskit.room.swap import Swapped, refuse_foreign, swap
from presskit.room.workplace import Workplace, workplace


@dataclass(frozen=True, kw_only=True)
class RoomRequest:
    """A press room to be made of a site, in the folder ``output``.

    ``at`` is the moment whose room is shown, None for now. Once ``stopping``, no kit is begun, and the old room stays.
    """

    site: Site
    output: Path
    options: Options = field(default_factory=Options)
    at: datetime | None = None
    jobs: int = 1
    force: bool = False
    stopping: Callable[[], bool] = lambda: False


@dataclass(frozen=True)
class Room:
    """A press room as it was made: how many publications, and what of its folder changed; None if it was not made.

    ``refused`` tells of those that could not be shown.
    """

    publications: int
    swapped: Swapped | None
    refused: tuple[Problem, ...] = ()


def sources_of(request: RoomRequest) -> list[Source]:
    """The communiqués of a room's site. Raises PresskitError for none at all."""
    found = list(of_site(request.site.root, request.site))
    if not found:
        what = _("there is no communiqué here.")
        remedy = _('Say where they are in presskit.toml: content = ["press/**/*.md"]')
        raise PresskitError(Problem(what, str(request.site.root), remedy=remedy))
    return found


def address_of(site: Site, warn: Warn) -> str:
    """The room's public address: what is said, else the site's, else ''; with a warning if it is not said."""
    if site.room.url:
        return site.room.url
    example = '[room] url = "https://presse.example.org"'
    remedy = _("Set it in presskit.toml: {example}").format(example=example)
    if site.url:
        what = _("the press room's address is not set: it is taken to be the site's, {url}.").format(url=site.url)
        warn(Problem(what, "presskit.toml", "room.url", remedy=remedy))
        return site.url
    what = _("the press room's address is not set: feeds have no full addresses, and there is no sitemap.")
    warn(Problem(what, "presskit.toml", "room.url", remedy=remedy))
    return ""


def build_room(
    request: RoomRequest, sources: Sequence[Source], warn: Warn, *, on_report: Callable[[Report], None]
) -> Room:
    """Make a press room; ``on_report`` is told of each communiqué as its kit comes.

    A communiqué that fails is shown as the last run for now published it, unless it may be held back. Raises
    PresskitError when there can be no room.
    """
    refuse_foreign(request.output, LEDGER)
    url = address_of(request.site, warn)
    with workplace(request.site, request.at, warn) as place:
        run = _Run(
            request=request, url=url, place=place, now=request.at or datetime.now(UTC), before=_ledger(request.output)
        )
        for report in batch.build(run.request_of_kits(sources)):
            run.take(report)
            on_report(report)
        return Room(0, None) if request.stopping() else run.room(sources, warn)


@dataclass(kw_only=True)
class _Run:
    """One run: what is shown of each communiqué, or why it is not."""

    request: RoomRequest
    url: str
    place: Workplace
    now: datetime
    before: Ledger
    shown: dict[str, Entry] = field(default_factory=dict)
    hidden: list[Source] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    by_name: dict[str, Source] = field(default_factory=dict)

    def request_of_kits(self, sources: Sequence[Source]) -> Request:
        request, kits = self.request, self.place.kits
        self.by_name |= {source.name: source for source in sources}
        return Request(
            sources=sources,
            target=lambda source: _target(kits, source),
            options=request.options,
            folder=kits,
            jobs=request.jobs,
            force=request.force,
            stopping=request.stopping,
            published=True,
            now=self.now,
            room=self.url,
        )

    def take(self, report: Report) -> None:
        """Decide what is shown of a communiqué, now that its kit is made, or not."""
        source, standing = self.by_name[report.communique], report.standing
        assert standing is not None  # noqa: S101
        if report.publication is not None:
            folder = _target(self.place.kits, source).with_suffix("")
            entry: Entry | None = Entry(
                id=source.id, publication=report.publication, folder=folder, since=standing.until, uses=report.uses
            )
        elif standing.at(self.now) is State.WITHDRAWN:
            entry = _withdrawal(source, self.now) if self._was_out(source) else None
        else:
            entry = self._last(source, standing)
        if entry is not None:
            self.shown[source.name] = entry
        elif not standing.is_out(self.now):
            self.hidden.append(source)

    def _last(self, source: Source, standing: Standing) -> Entry | None:
        """What the last run for now published, where it may stay; what goes, or stays as it was, is said."""
        last, state = self._recalled(source), standing.at(self.now)
        if last is None or state in (State.EMBARGO, State.FUTURE, State.DRAFT):
            return None
        if last.since is not None and last.since > self.now:
            return None
        if not standing.may_stay(self.now):
            what = _("its page is removed: the file can't be read, and may be under embargo, withdrawn, or a draft.")
            self._say(source, what, _("Correct the error that is reported above."))
            return None
        if Withheld(source.site, self.now).gives_away(last.uses):
            what = _("its page is removed: as it was, it contains or names a communiqué that is no longer out.")
            self._say(source, what, _("Correct the error that is reported above."))
            return None
        if state is State.NO_FRONT_MATTER:
            what = _("there is no front matter any more: its page is left as it was.")
            self._say(source, what, _("Start the file with a “---” line, or remove it."))
        return last

    def _was_out(self, source: Source) -> bool:
        """Whether a communiqué has a page, or had one, under this name of its file or another."""
        known = {page for pages in self.before.pages.values() for page in pages}
        return (
            bool({source.id, self._former(source)} & {*self.before.pages}) or _shadow(source, self.before).page in known
        )

    def _former(self, source: Source) -> str:
        """The id under which a communiqué was published whose file was given another name; '' where none is known."""
        present = {other.id for other in self.by_name.values()}
        title = _shadow(source, self.before).title
        former = [id_ for id_, known in self.before.titles.items() if known == title and id_ not in present]
        return former[0] if title and len(former) == 1 else ""

    def _say(self, source: Source, what: str, remedy: str) -> None:
        self.refused.append(Problem(what, source.site.inside(source.path), remedy=remedy))

    def _recalled(self, source: Source) -> Entry | None:
        """What is known of the last run for now: its room, or else what was kept of it."""
        output, target = self.request.output, _target(self.place.kits, source)
        if (output / LEDGER).is_file() and not is_preview(output):
            id_ = source.id if source.id in self.before.pages else self._former(source)
            page = self.before.pages.get(id_, ("",))[-1]
            last = recalled(output / page / NAME, id_, output / page) if page else None
            return replace(last, id=source.id) if last else None
        return recalled(target.with_suffix(".json"), source.id, target.with_suffix("")) if self.place.lasts else None

    def room(self, sources: Sequence[Source], warn: Warn) -> Room:
        """Put the room in its place."""
        request = self.request
        _forget(self.place.kits, sources)
        found, twins = _each_of_its_page(self.shown, sources)
        entries = in_order(_translated(found, sources, request.site))
        ledger = self.before
        if request.at is None:
            # A room of another moment tells nothing of the addresses that there are.
            shadows = [_shadow(source, self.before) for source in self.hidden]
            ledger = written_down(self.before, entries, shadows, present={source.id for source in sources})
        written, files = _contents(request, self.place, entries, ledger=ledger, url=self.url, warn=warn)
        swapped = swap(request.output, written, files)
        self._note(entries, sources)
        return Room(len(entries), swapped, (*self.refused, *twins))

    def _note(self, entries: Sequence[Entry], sources: Sequence[Source]) -> None:
        """Keep what is published now, for where the room itself gets lost; of what is not, nothing."""
        by_id = {entry.id: entry for entry in entries if entry.folder is not None}
        for source in sources:
            note, entry = _target(self.place.kits, source).with_suffix(".json"), by_id.get(source.id)
            with suppress(OSError):
                if entry is None:
                    note.unlink(missing_ok=True)
                elif not note.is_file() or note.read_bytes() != noted(entry):
                    write_whole(note, noted(entry))


def _target(kits: Path, source: Source) -> Path:
    """Where a communiqué's kit is kept: under its path in the site, with its ending, which may tell it from another."""
    inside = source.site.inside(source.path).lstrip("/")
    return kits / f"{inside.replace('.', '_')}.pdf"


def _forget(kits: Path, sources: Sequence[Source]) -> None:
    """Drop what was kept of communiqués that are gone."""
    wanted = {str(_target(kits, source)) for source in sources}
    for path in list(kits.rglob("*.pdf")):
        # A kit, or a file of the folder beside one.
        if not {str(path), *(f"{folder}.pdf" for folder in path.parents)} & wanted:
            shutil.rmtree(path.with_suffix(""), ignore_errors=True)
            with suppress(OSError):
                path.with_suffix(".json").unlink(missing_ok=True)
                path.unlink()


def _withdrawal(source: Source, now: datetime) -> Entry | None:
    """What is shown of a communiqué that was withdrawn; None where its file was changed while kits were made."""
    site, octets = source.site, source.path.read_bytes()
    if standing_of(octets, source.path, site, draft=source.draft).at(now) is not State.WITHDRAWN:
        return None
    communique = read_communique(octets, source.path.name, source.path.parent, warn=unsaid, site=site)
    withdrawal = communique.withdrawal
    publication = Publication(
        name=name_of(communique, Path(source.kit).stem, site),
        lang=communique.lang or site.lang,
        title=communique.title,
        moment=moment_of(communique.date, site.clock).isoformat(),
        kind=kind_in_words(communique.kind, words_of("room", site, communique.lang or site.lang)),
        tags=communique.tags,
        withdrawal=note_of(withdrawal, site) if withdrawal else None,
        old_addresses=communique.old_addresses,
    )
    return Entry(id=source.id, publication=publication)


def _each_of_its_page(shown: Mapping[str, Entry], sources: Sequence[Source]) -> tuple[list[Entry], list[Problem]]:
    """The publications in the order of their files, and what is to be said of those whose page is another's."""
    by_page: dict[str, Entry] = {}
    refused = []
    for source in sources:
        entry = shown.get(source.name)
        if entry is not None and by_page.setdefault(entry.page, entry) is not entry:
            what = _("another communiqué has the same page: {name}.").format(name=entry.publication.name)
            remedy = _("Give one of them a name: slug: …")
            refused.append(Problem(what, source.site.inside(source.path), "slug", remedy=remedy))
    return list(by_page.values()), refused


def _shadow(source: Source, before: Ledger) -> Shadow:
    """What must not be seen of a communiqué that is not out."""
    site = source.site
    try:
        communique = read_communique(
            source.path.read_bytes(), source.path.name, source.path.parent, warn=unsaid, site=site
        )
    except (OSError, PresskitError):
        return Shadow(source.id, before.titles.get(source.id, ""))
    return Shadow(source.id, communique.title, page_of(name_of(communique, Path(source.kit).stem, site)))


def _translated(entries: Sequence[Entry], sources: Sequence[Source], site: Site) -> list[Entry]:
    """The publications with those of their translations that are in the room."""
    by_page = {entry.page: entry for entry in entries}
    kin = families(sources).kin
    by_id = {id_of(site.inside(path)): others for path, others in kin.items()}
    return [
        replace(
            entry,
            translations=tuple(
                by_page[other.page]
                for other in by_id.get(entry.id, ())
                if other.page in by_page and by_page[other.page].publication.withdrawal is None
            ),
        )
        for entry in entries
    ]


def _ledger(output: Path) -> Ledger:
    try:
        read = json.loads((output / LEDGER).read_text("utf-8"))["addresses"]
        pages = {str(id_): tuple(str(page) for page in known["pages"]) for id_, known in read.items()}
        titles = {str(id_): str(known["title"]) for id_, known in read.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Ledger()
    safe = {id_: tuple(p for p in known if is_safe(p) and p.endswith("/")) for id_, known in pages.items()}
    return Ledger({id_: known for id_, known in safe.items() if known}, titles)


def _contents(
    request: RoomRequest, place: Workplace, entries: Sequence[Entry], *, ledger: Ledger, url: str, warn: Warn
) -> tuple[dict[str, bytes], dict[str, Path]]:
    """All files of a room: those that are written, and those that are copied."""
    site = request.site
    words = words_of("room", site, site.lang)
    logo = _logo(site)
    setting = Setting(site=site, url=url, logo=logo[0] if logo else "", preview=request.at)
    by_year, by_tag = years(entries), topics(entries, words["tags-folder"])
    firsts = {id_: known[0] for id_, known in ledger.pages.items()}
    written = {path: html.encode() for path, html in pages(setting, entries, by_year, by_tag=by_tag)}
    written["feed.xml"] = feeds.atom(setting, entries, firsts)
    written["feed.json"] = feeds.json_feed(setting, entries, firsts)
    if url:
        written["sitemap.xml"] = feeds.sitemap(setting, entries, [*by_year, *by_tag])
        if re.fullmatch(r"https?://[^/]+", url):
            written["robots.txt"] = f"User-agent: *\nAllow: /\nSitemap: {url}/sitemap.xml\n".encode()
    for name, octets in search.index(entries).items():
        written[f"{words['search-folder']}/index/{name}"] = octets
    written |= _assets(site, place.fonts)
    if logo:
        written[logo[0]] = logo[1]
    addresses = {
        id_: {"title": ledger.titles.get(id_, ""), "pages": list(known)} for id_, known in ledger.pages.items()
    }
    moment = {"at": request.at.isoformat()} if request.at else {}
    about = {"presskit": "room", **moment, "addresses": addresses}
    written[LEDGER] = (json.dumps(about, ensure_ascii=False, indent=1) + "\n").encode()
    written |= {f"{entry.page}{NAME}": noted(entry) for entry in entries if entry.folder is not None}
    files = {
        f"{entry.page}{path}": entry.folder / path
        for entry in entries
        if entry.folder is not None
        for path in files_of(entry.publication)
    }
    taken = {*written, *files}
    folders = {str(folder) for path in taken for folder in PurePosixPath(path).parents}
    for path, html in _old_addresses(setting, entries, ledger, warn=warn):
        if path in taken:
            continue
        around = {str(folder) for folder in PurePosixPath(path).parents}
        if path in folders or around & taken:
            what = _("“{value}” can't be an address in the press room: a file has this name.")
            what = what.format(value=path.removesuffix(f"/{INDEX}"))
            warn(Problem(what, LEDGER, "redirect_from", remedy=_("Write a path: /old/page/")))
            continue
        written[path] = html.encode()
        taken.add(path)
        folders |= around
    return written, files


def _assets(site: Site, fonts: Path) -> dict[str, bytes]:
    """Styles, scripts and fonts."""
    ours, own = resource_folder("layouts"), site.layouts
    assets = {
        f"assets/{Path(name).name}": (own / name if (own / name).is_file() else ours / name).read_bytes()
        for name in ("room/room.css", "room/room.js", "communique/numbers.css")
    }
    faces = []
    for use, weight, italic, name, octets in look.web_fonts(site.brand, fonts):
        assets[f"assets/{name}"] = octets
        faces.append((use, weight, italic, name))
    assets["assets/brand.css"] = look.brand_sheet(site.brand, faces).encode()
    return assets | {f"assets/{name}": octets for name, octets in look.licences(site.brand)}


def _logo(site: Site) -> tuple[str, bytes] | None:
    from presskit.base.images import without_private_metadata
    from presskit.publication.pictures import NotPublishedError, harmless_svg

    path = site.brand.logo
    if path is None:
        return None
    octets = path.read_bytes()
    ending = path.suffix.lower()
    if ending == ".svg":
        try:
            octets = harmless_svg(octets)
        except NotPublishedError:
            return None
    elif ending not in (".png", ".jpg", ".jpeg", ".webp", ".gif"):
        return None
    return f"assets/logo{ending}", without_private_metadata(octets)


def _old_addresses(
    setting: Setting, entries: Sequence[Entry], ledger: Ledger, *, warn: Warn
) -> Iterator[tuple[str, str]]:
    """The pages at addresses that publications had before: of this room, and those that they name themselves."""
    by_page = {entry.page: entry for entry in entries}
    for page, target in moved(ledger, entries).items():
        path = f"{page}{INDEX}"
        yield path, moved_page(setting, path, by_page.get(target))
    for entry in entries:
        for address in entry.publication.old_addresses:
            path = address.strip().lstrip("/")
            path = path if path.lower().endswith((".html", ".htm")) else f"{path.rstrip('/')}/{INDEX}"
            if not is_safe(path):
                what = _("“{value}” can't be an address in the press room.").format(value=address)
                warn(Problem(what, entry.publication.name, "redirect-from", remedy=_("Write a path: /old/page/")))
                continue
            yield path, moved_page(setting, path, entry)
