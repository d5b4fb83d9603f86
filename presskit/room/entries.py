"""A press room's publications in order, with their pages: years, topics, translations, and addresses that stay."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from presskit.base.letters import without_accents
from presskit.publication import Publication
from presskit.reading.names import page_of, slug


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A publication in a room: ``id`` is its communiqué's for good, ``folder`` has its files, None for none.

    ``translations`` are those of the room, by language. ``since`` is when it came out, None where it never waited;
    ``uses`` are the ids of other communiqués that it holds or names.
    """

    id: str
    publication: Publication
    folder: Path | None = None
    translations: tuple["Entry", ...] = ()
    since: datetime | None = None
    uses: tuple[str, ...] = ()

    @property
    def page(self) -> str:
        """Its page's folder, from the room's root."""
        return page_of(self.publication.name)

    @property
    def year(self) -> str:
        """The year under which it is."""
        return self.publication.name[:4]

    @cached_property
    def moment(self) -> datetime:
        """When it was published."""
        return datetime.fromisoformat(self.publication.moment)

    @cached_property
    def modified(self) -> datetime:
        """When it was last corrected or withdrawn, else published."""
        notes = [*self.publication.corrections, *([self.publication.withdrawal] if self.publication.withdrawal else [])]
        return max([self.moment, *(note.date for note in notes if note.date)])

    @property
    def mark(self) -> str:
        """The name of the word that lists and feeds put to it, '' for none."""
        if self.publication.withdrawal is not None:
            return "withdrawn-mark"
        return "corrected-mark" if self.publication.corrections else ""


@dataclass(frozen=True)
class Shelf:
    """Publications that have something in common, newest first: those of a year or of a topic."""

    name: str
    page: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Ledger:
    """All addresses that a room ever had: by the communiqué's id, its title and its pages, the first one first."""

    pages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Shadow:
    """A communiqué that is not out: what would give it away; no title where nobody knows it."""

    id: str
    title: str = ""
    page: str = ""


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Newest first."""
    return sorted(entries, key=lambda entry: (entry.moment, entry.publication.name), reverse=True)


def years(entries: Sequence[Entry]) -> list[Shelf]:
    """The publications of each year, the last year first."""
    names = dict.fromkeys(sorted((entry.year for entry in entries), reverse=True))
    return [Shelf(name, f"{name}/", tuple(e for e in entries if e.year == name)) for name in names]


def topics(entries: Sequence[Entry], folder: str) -> list[Shelf]:
    """The publications of each tag, in alphabetical order; tags that differ in case or accents alone are one."""
    found: dict[str, tuple[str, list[Entry]]] = {}
    for entry in entries:
        for tag in entry.publication.tags:
            key = slug(tag)
            if key and entry not in found.setdefault(key, (tag, []))[1]:
                found[key][1].append(entry)
    shelves = [Shelf(name, f"{folder}/{key}/", tuple(list_)) for key, (name, list_) in found.items()]
    return sorted(shelves, key=lambda shelf: without_accents(shelf.name.casefold()))


def written_down(
    before: Ledger, entries: Sequence[Entry], hidden: Sequence[Shadow], *, present: Container[str]
) -> Ledger:
    """The ledger with today's addresses. What tells of a ``hidden`` communiqué is struck out, under whatever name.

    ``present`` are the ids of the site's communiqués: one that is not may be a hidden one without a title.
    """
    nameless = any(not shadow.title for shadow in hidden)
    kept = [
        id_
        for id_, known in before.pages.items()
        if not (nameless and id_ not in present) and not any(_tells_of(s, id_, known, ledger=before) for s in hidden)
    ]
    pages = {id_: before.pages[id_] for id_ in kept}
    titles = {id_: before.titles.get(id_, "") for id_ in kept}
    for entry in entries:
        known = pages.get(entry.id, ())
        pages[entry.id] = known if known[-1:] == (entry.page,) else (*(p for p in known if p != entry.page), entry.page)
        titles[entry.id] = entry.publication.title
    return Ledger(pages, titles)


def _tells_of(shadow: Shadow, id_: str, pages: Sequence[str], *, ledger: Ledger) -> bool:
    titles = {shadow.title, ledger.titles.get(shadow.id, "")} - {""}
    return shadow.id == id_ or shadow.page in pages or ledger.titles.get(id_) in titles


def moved(ledger: Ledger, entries: Sequence[Entry]) -> dict[str, str]:
    """Where each old address leads: the page that its communiqué has now, '' where there is none any more.

    A communiqué whose file has another name is known by its title.
    """
    now = {entry.id: entry.page for entry in entries}
    by_title: dict[str, list[Entry]] = {}
    for entry in entries:
        by_title.setdefault(entry.publication.title, []).append(entry)
    result: dict[str, str] = {}
    for id_, pages in ledger.pages.items():
        target = now.get(id_, "")
        namesakes = by_title.get(ledger.titles.get(id_, ""), [])
        if not target and len(namesakes) == 1:
            target = namesakes[0].page
        result |= dict.fromkeys(pages, target)
    return result
