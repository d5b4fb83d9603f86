"""A press room of a site: its kits are built, and its pages, feeds and files put in place together."""

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from presskit import batch
from presskit.batch import WITHDRAWN, Report, Request
from presskit.communique import read_communique
from presskit.days import moment_of
from presskit.errors import PresskitError, Problem, Warn, unsaid
from presskit.files import files_in
from presskit.i18n import _
from presskit.layout import kind_in_words, words_of
from presskit.options import Options
from presskit.publication import Publication, from_json
from presskit.publication.names import name_of, page_of
from presskit.publication.prepare import note_of
from presskit.resources import resource_folder
from presskit.room import feeds, look, search
from presskit.room.entries import Entry, Ledger, Shadow, id_of, in_order, moved, topics, written_down, years
from presskit.room.pages import INDEX, Setting, moved_page, pages
from presskit.room.swap import Swapped, refuse_foreign, swap
from presskit.site import Site
from presskit.sources import Source, of_site
from presskit.translations import families

# The addresses that a room ever had, kept in the room itself: it is what lasts from one build to the next.
LEDGER = "room.json"
# In the site's folder: what is made for the room, to be made once.
CACHE = ".presskit"


@dataclass(frozen=True)
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
    """The communiqués of a room's site. What the room itself holds is none. Raises PresskitError for none at all."""
    output, cache = request.output.resolve(), (request.site.root / CACHE).resolve()
    found = [
        source
        for source in of_site(request.site.root, request.site)
        if not any(source.path.resolve().is_relative_to(folder) for folder in (output, cache))
    ]
    if not found:
        what = _("there is no communiqué here.")
        remedy = _('Tell where they are in presskit.toml: content = ["press/**/*.md"]')
        raise PresskitError(Problem(what, str(request.site.root), remedy=remedy))
    return found


def address_of(site: Site, warn: Warn) -> str:
    """The room's public address: what is said, else the site's, else ''; with a warning if it is not said."""
    if site.room.url:
        return site.room.url
    example = '[room] url = "https://presse.example.org"'
    remedy = _("Say it in presskit.toml: {example}").format(example=example)
    if site.url:
        what = _("the press room's address is not said: it is taken to be the site's, {url}.").format(url=site.url)
        warn(Problem(what, "presskit.toml", "room.url", remedy=remedy))
        return site.url
    what = _("the press room's address is not said: feeds have no whole addresses, and there is no sitemap.")
    warn(Problem(what, "presskit.toml", "room.url", remedy=remedy))
    return ""


def build_room(
    request: RoomRequest, sources: Sequence[Source], warn: Warn, on_report: Callable[[Report], None]
) -> Room:
    """Make a press room; ``on_report`` is told of each communiqué as its kit comes.

    A communiqué that fails is shown as it was published last. Raises PresskitError when there can be no room.
    """
    refuse_foreign(request.output, LEDGER)
    site, url = request.site, address_of(request.site, warn)
    kits = _cache(site) / "kits"
    kits.mkdir(parents=True, exist_ok=True)
    by_name = {source.name: source for source in sources}
    shown: dict[str, Entry] = {}
    hidden: list[Source] = []
    for report in batch.build(_request(request, sources, kits, url)):
        source = by_name[report.communique]
        publication = _publication(report, source)
        folder = _target(kits, source).with_suffix("")
        if publication is not None and (report.reason == WITHDRAWN or folder.is_dir()):
            id_ = id_of(site.inside(source.path))
            shown[source.name] = Entry(id_, publication, None if report.reason == WITHDRAWN else folder)
        elif report.status == "skipped":
            hidden.append(source)
        on_report(report)
    if request.stopping():
        return Room(0, None)
    _forget(kits, sources)
    found, refused = _each_of_its_page(shown, sources)
    entries = in_order(_translated(found, sources, site))
    before = _ledger(request.output)
    # A room of another moment tells nothing of the addresses that there are.
    ledger = before if request.at else written_down(before, entries, [_shadow(source) for source in hidden])
    written, files = _contents(request, entries, ledger, url, warn)
    return Room(len(entries), swap(request.output, written, files), tuple(refused))


def _request(request: RoomRequest, sources: Sequence[Source], kits: Path, url: str) -> Request:
    return Request(
        sources,
        lambda source: _target(kits, source),
        request.options,
        kits,
        request.jobs,
        request.force,
        stopping=request.stopping,
        published=True,
        now=request.at,
        room=url,
    )


def _target(kits: Path, source: Source) -> Path:
    """Where a communiqué's kit is kept: under its path in the site, with its ending, which may tell it from another."""
    inside = source.site.inside(source.path).lstrip("/")
    return kits / f"{inside.replace('.', '_')}.pdf"


def _cache(site: Site) -> Path:
    folder = site.root / CACHE
    try:
        folder.mkdir(exist_ok=True)
        ignored = folder / ".gitignore"
        if not ignored.exists():
            ignored.write_text("*\n", "utf-8")
    except OSError as error:
        what = _("the site's folder can't be written: finished kits are kept there.")
        raise PresskitError(Problem(what, str(folder), remedy=_("Give yourself the right to write in it."))) from error
    return folder / "room"


def _forget(kits: Path, sources: Sequence[Source]) -> None:
    """Drop what was kept of communiqués that are gone."""
    wanted = {str(_target(kits, source)) for source in sources}
    for path in list(kits.rglob("*.pdf")):
        # A kit, or a file of the folder beside one.
        if not {str(path), *(f"{folder}.pdf" for folder in path.parents)} & wanted:
            shutil.rmtree(path.with_suffix(""), ignore_errors=True)
            path.unlink(missing_ok=True)


def _publication(report: Report, source: Source) -> Publication | None:
    """What a report lets be shown: what was published of it, or that it was withdrawn."""
    if report.publication is not None:
        return from_json(report.publication)
    if report.reason != WITHDRAWN:
        return None
    site = source.site
    octets = source.path.read_bytes()
    communique = read_communique(octets, source.path.name, source.path.parent, unsaid, site)
    withdrawal = communique.withdrawal
    return Publication(
        name_of(communique, Path(source.kit).stem, site),
        communique.lang or site.lang,
        communique.title,
        moment_of(communique.date, site.clock).isoformat(),
        kind_in_words(communique.kind, words_of("room", site, communique.lang or site.lang)),
        communique.tags,
        withdrawal=note_of(withdrawal, site) if withdrawal else None,
        old_addresses=communique.old_addresses,
    )


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


def _shadow(source: Source) -> Shadow:
    """What must not be seen of a communiqué that is not out."""
    site, id_ = source.site, id_of(source.site.inside(source.path))
    try:
        communique = read_communique(source.path.read_bytes(), source.path.name, source.path.parent, unsaid, site)
    except (OSError, PresskitError):
        return Shadow(id_)
    return Shadow(id_, communique.title, page_of(name_of(communique, Path(source.kit).stem, site)))


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
    safe = {id_: tuple(p for p in known if _safe(p) and p.endswith("/")) for id_, known in pages.items()}
    return Ledger({id_: known for id_, known in safe.items() if known}, titles)


def _safe(path: str) -> bool:
    """Whether a path stays in its folder."""
    pure = PurePosixPath(path)
    plain = not pure.is_absolute() and not any(part in ("..", ".") or part.startswith(".") for part in pure.parts)
    return bool(pure.parts) and plain and re.search(r'[\x00-\x1f\\:*?"<>|]', path) is None


def _contents(
    request: RoomRequest, entries: Sequence[Entry], ledger: Ledger, url: str, warn: Warn
) -> tuple[dict[str, bytes], dict[str, Path]]:
    """All files of a room: those that are written, and those that are copied."""
    site = request.site
    words = words_of("room", site, site.lang)
    logo = _logo(site)
    setting = Setting(site, url, logo[0] if logo else "", request.at)
    by_year, by_tag = years(entries), topics(entries, words["tags-folder"])
    firsts = {id_: known[0] for id_, known in ledger.pages.items()}
    written = {path: html.encode() for path, html in pages(setting, entries, by_year, by_tag)}
    written["feed.xml"] = feeds.atom(setting, entries, firsts)
    written["feed.json"] = feeds.json_feed(setting, entries, firsts)
    if url:
        written["sitemap.xml"] = feeds.sitemap(setting, entries, [*by_year, *by_tag])
        if re.fullmatch(r"https?://[^/]+", url):
            written["robots.txt"] = f"User-agent: *\nAllow: /\nSitemap: {url}/sitemap.xml\n".encode()
    for name, octets in search.index(entries).items():
        written[f"{words['search-folder']}/index/{name}"] = octets
    written |= _assets(site)
    if logo:
        written[logo[0]] = logo[1]
    for path, html in _old_addresses(setting, entries, ledger, warn):
        if path not in written:
            written[path] = html.encode()
    addresses = {
        id_: {"title": ledger.titles.get(id_, ""), "pages": list(known)} for id_, known in ledger.pages.items()
    }
    written[LEDGER] = (
        json.dumps({"presskit": "room", "addresses": addresses}, ensure_ascii=False, indent=1) + "\n"
    ).encode()
    files = {
        f"{entry.page}{file.relative_to(entry.folder).as_posix()}": file
        for entry in entries
        if entry.folder is not None
        for file in files_in(entry.folder)
    }
    return written, files


def _assets(site: Site) -> dict[str, bytes]:
    """Styles, scripts and fonts."""
    folder = resource_folder("layouts") / "room"
    own = site.layouts / "room"
    assets = {
        f"assets/{name}": (own / name if (own / name).is_file() else folder / name).read_bytes()
        for name in ("room.css", "room.js")
    }
    faces = []
    for use, weight, italic, name, octets in look.web_fonts(site.brand, _cache(site) / "fonts"):
        assets[f"assets/{name}"] = octets
        faces.append((use, weight, italic, name))
    assets["assets/brand.css"] = look.brand_sheet(site.brand, faces).encode()
    return assets | {f"assets/{name}": octets for name, octets in look.licences(site.brand)}


def _logo(site: Site) -> tuple[str, bytes] | None:
    from presskit.images import without_private_metadata
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


def _old_addresses(setting: Setting, entries: Sequence[Entry], ledger: Ledger, warn: Warn) -> Iterator[tuple[str, str]]:
    """The pages at addresses that publications had before: of this room, and those that they name themselves."""
    by_page = {entry.page: entry for entry in entries}
    for page, target in moved(ledger, entries).items():
        path = f"{page}{INDEX}"
        yield path, moved_page(setting, path, by_page.get(target))
    for entry in entries:
        for address in entry.publication.old_addresses:
            path = address.strip().lstrip("/")
            path = path if path.lower().endswith((".html", ".htm")) else f"{path.rstrip('/')}/{INDEX}"
            if not _safe(path):
                what = _("“{value}” can't be an address in the press room.").format(value=address)
                warn(Problem(what, entry.publication.name, "redirect-from", remedy=_("Write a path: /old/page/")))
                continue
            yield path, moved_page(setting, path, entry)
