"""What a reader gets of a communiqué beside its kit: its text, its images and its attachments, as files and as data."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from presskit.reading.contacts import Contact


@dataclass(frozen=True)
class Original:
    """An attached file as the communiqué names it, before anything is made of it."""

    path: Path
    title: str


@dataclass(frozen=True, kw_only=True)
class File:
    """A published file: its path from the page's folder, what it is, and its size in bytes."""

    path: str
    title: str
    size: int
    media_type: str
    pages: int = 0


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A published image: its file at full size, and smaller ones for pages, by their width in pixels.

    ``width`` and ``height`` are those of the full one, 0 where they are unknown; ``alt`` is '' for a decorative one,
    None where nobody wrote any.
    """

    full: File
    alt: str | None
    caption: str
    credit: str
    width: int = 0
    height: int = 0
    smaller: tuple[tuple[str, int], ...] = ()

    @property
    def shown(self) -> str:
        """The path of the one that pages show: the largest of the smaller ones, if there are any."""
        return self.smaller[-1][0] if self.smaller else self.full.path

    @property
    def srcset(self) -> str:
        """The sizes that a browser may choose from (HTML, ``srcset``), '' for one alone."""
        return ", ".join(f"{path} {width}w" for path, width in self.smaller) if len(self.smaller) > 1 else ""


@dataclass(frozen=True)
class Note:
    """A correction or withdrawal: the day (ISO 8601), '' if none is known, and what is said of it."""

    day: str
    note: str

    @property
    def date(self) -> datetime | None:
        """The day, if one is known."""
        return datetime.fromisoformat(self.day) if self.day else None


@dataclass(frozen=True, kw_only=True)
class Publication:
    """A communiqué as it is published.

    ``name`` is that of its page and files; ``moment`` its date (ISO 8601, with an offset); ``chapeau`` and ``body``
    are HTML, with addresses from the page's folder; ``text`` is all of it without marks, to search in.
    One that was withdrawn has no text and no files.
    """

    name: str
    lang: str
    title: str
    moment: str
    kind: str = ""
    tags: tuple[str, ...] = ()
    chapeau: str = ""
    summary: str = ""
    body: str = ""
    text: str = ""
    boilerplate: str = ""
    contacts: tuple[Contact, ...] = ()
    kit: File | None = None
    archive: File | None = None
    texts: tuple[File, ...] = ()
    attachments: tuple[File, ...] = ()
    pictures: tuple[Picture, ...] = ()
    missing: tuple[str, ...] = ()
    corrections: tuple[Note, ...] = ()
    withdrawal: Note | None = None
    old_addresses: tuple[str, ...] = ()


def files_of(publication: Publication) -> dict[str, int | None]:
    """The files of a publication by their paths from its page, with their sizes in bytes where they are known."""
    pictures = [picture.full for picture in publication.pictures]
    one = [file for file in (publication.kit, publication.archive) if file is not None]
    sizes: dict[str, int | None] = {
        file.path: file.size for file in (*one, *publication.texts, *publication.attachments, *pictures)
    }
    smaller = (path for picture in publication.pictures for path, _width in picture.smaller)
    return dict.fromkeys(smaller, None) | sizes
