"""What the kits of a folder were made of, so that only what changed is built again.

The record lives beside the kits, in an SQLite file: a crash leaves it whole, and two runs can share it.
Contents are compared, not dates; a file whose size, dates and place are those of the last time is not read
again (as Git does it). Losing the record only costs time.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import asdict, fields
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from presskit import __version__
from presskit.base.resources import resource_folder
from presskit.batch.kit_record import KitRecord, MadeOf
from presskit.reading.files import Inputs, Lookup, files_in
from presskit.reading.site import Site

NAME = ".presskit-record.sqlite"
_VERSION = 5
_SCHEMA = """
CREATE TABLE IF NOT EXISTS kits (place TEXT PRIMARY KEY, entry TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, state TEXT NOT NULL, digest TEXT NOT NULL);
"""
# What makes kits, beside presskit itself; and what may be on a machine or not.
_LIBRARIES = ("weasyprint", "pydyf", "pypdf", "pikepdf", "page-validation", "pillow", "markdown-it-py", "jinja2")
_PROGRAMS = ("soffice", "libreoffice", "tesseract", "verapdf", "java")
_MODULES = ("ocrmypdf", "pillow_heif")
_TEXTS = ("text.html", "words.toml")
# Of a site: what tells which communiqués there are, and what is looked at for each of them.
_NO_SETTINGS = {"root", "config", "defaults", "content"}
# A file that was changed this shortly before it was read may change again and keep its dates.
_TOO_FRESH = 2_000_000_000
_COARSE_CLOCK, _COARSE_TICK = 5, 16_000_000


class Record:
    """The record of one folder of kits; use as a context manager."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._kits: dict[str, KitRecord] = {}
        self._states: dict[str, tuple[str, str]] = {}
        self._digests: dict[str, str | None] = {}
        self._learned: dict[str, tuple[str, str]] = {}
        self._database: sqlite3.Connection | None = None

    def __enter__(self) -> "Record":
        try:
            self._open()
        except sqlite3.OperationalError:
            # Busy for too long, or not to be written: this run does without it.
            self._close()
        except sqlite3.DatabaseError:
            # Damaged, or another program's: made anew, at the cost of building all.
            self._close()
            with suppress(OSError, sqlite3.DatabaseError):
                for path in self._path.parent.glob(f"{NAME}*"):
                    path.unlink(missing_ok=True)
                self._open()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._save_digests()
        self._close()

    def _open(self) -> None:
        if not self._path.parent.is_dir():
            return
        self._database = sqlite3.connect(self._path, timeout=60, isolation_level=None)
        # What is struck out leaves no trace in the file: folders of kits get published.
        self._database.execute("PRAGMA secure_delete=ON")
        # Changes are whole after a crash; the last ones may be lost, at the cost of building them again.
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        if self._database.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            self._database.executescript("DROP TABLE IF EXISTS kits; DROP TABLE IF EXISTS files; VACUUM;")
            self._database.execute(f"PRAGMA user_version={_VERSION}")
        self._database.executescript(_SCHEMA)
        for path, state, digest in self._database.execute("SELECT path, state, digest FROM files"):
            self._states[path] = (state, digest)
        for place, entry in self._database.execute("SELECT place, entry FROM kits"):
            # One that is of another kind is as good as none.
            with suppress(msgspec.DecodeError):
                self._kits[place] = _DECODER.decode(entry)

    def _close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def _save_digests(self) -> None:
        learned, self._learned = self._learned, {}
        if self._database is not None and learned:
            rows = [(path, state, digest) for path, (state, digest) in learned.items()]
            with suppress(sqlite3.DatabaseError):
                self._database.execute("BEGIN IMMEDIATE")
                self._database.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", rows)
                self._database.execute("COMMIT")

    def digest(self, path: Path) -> str | None:
        """What tells a file's content from any other; None when it is not there."""
        key = self._key(path)
        if key not in self._digests:
            self._digests[key] = self._digest(path, key)
        return self._digests[key]

    def _digest(self, path: Path, key: str) -> str | None:
        try:
            state = _state(path)
            if state and self._states.get(key, ("", ""))[0] == state:
                return self._states[key][1]
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return None
        if state and not _changed_since(path, time.time_ns() - _TOO_FRESH):
            self._learned[key] = (state, digest)
        return digest

    def forget(self, path: Path) -> None:
        """Look at a file anew: it has been written since."""
        self._digests.pop(self._key(path), None)

    def _key(self, path: Path) -> str:
        """A name for a file that tells nobody where things are on this machine: kits' folders get published."""
        return hashlib.sha256(os.path.relpath(path, self._path.parent).encode()).hexdigest()[:32]

    @staticmethod
    def moment() -> int:
        """The time by the clock that dates files (nanoseconds since 1970), which may be some ms behind others."""
        if sys.platform == "linux":
            return time.clock_gettime_ns(_COARSE_CLOCK)
        return time.time_ns() - _COARSE_TICK

    def entry(self, place: str) -> KitRecord | None:
        """What was noted of a communiqué the last time."""
        return self._kits.get(place)

    def strike_out(self, place: str) -> None:
        """Forget a communiqué that must not be seen, and its name."""
        if self._kits.pop(place, None) is not None and self._database is not None:
            with suppress(sqlite3.DatabaseError):
                self._database.execute("DELETE FROM kits WHERE place = ?", (place,))

    def entries(self) -> list[tuple[str, KitRecord]]:
        """All that was noted, with its place."""
        return list(self._kits.items())

    def is_fresh(
        self,
        entry: KitRecord,
        site: Site,
        kit: Path,
        *,
        is_withheld: Callable[[Path], bool],
        is_anothers: Callable[[Path], bool],
    ) -> bool:
        """Whether a kit is there as it was made, and all that it was made of is as it was then.

        A file that ``is_withheld`` now was not found then, or else the kit must be made without it; nor one that
        ``is_anothers`` and that the communiqué does not name itself (see presskit.reading.files).
        """
        made_of = entry.made_of
        if made_of is None or entry.kit is None or self.digest(kit) != entry.kit:
            return False
        root = site.root
        if any(self.digest(root / path) != digest for path, digest in made_of.files.items()):
            return False
        if any(self._listing(root / path) != digest for path, digest in made_of.listings.items()):
            return False
        return all(_answer(site, one, is_withheld, is_anothers=is_anothers) == one.answer for one in made_of.lookups)

    def note(self, place: str, entry: KitRecord) -> None:
        """Write down what became of a communiqué."""
        self._kits[place] = entry
        if self._database is not None:
            with suppress(sqlite3.DatabaseError):
                row = (place, msgspec.json.encode(entry).decode())
                self._database.execute("INSERT OR REPLACE INTO kits VALUES (?, ?)", row)

    def made_of(self, inputs: Inputs, site: Site, since: int) -> MadeOf | None:
        """What a kit was made of, to be compared the next time.

        None when that can't be told: something came from the network, or changed after ``since``
        (see ``moment``), while the kit was being made.
        """
        root = site.root
        paths = [root / path for path in (*inputs.files, *inputs.listings)]
        if inputs.untold or any(_changed_since(path, since) for path in paths):
            return None
        return MadeOf(
            files={path: self.digest(root / path) for path in sorted(inputs.files)},
            listings={path: self._listing(root / path) for path in sorted(inputs.listings)},
            lookups=tuple(inputs.lookups),
        )

    def _listing(self, folder: Path) -> str:
        names = [file.relative_to(folder).as_posix() for file in files_in(folder)] if folder.is_dir() else []
        return _digest_of(names)

    def surroundings(self, site: Site, options: Any) -> Callable[[Path, str], str]:
        """What all kits of a site depend on: gives, for a communiqué and its layout, what tells it from other times."""
        brand = site.brand
        root = str(site.root.resolve())
        settings = {
            f.name: repr(getattr(site, f.name)).replace(root, "") for f in fields(site) if f.name not in _NO_SETTINGS
        }
        fonts = [folder for folder in (brand.font_folder, resource_folder("fonts")) if folder]
        logo = self.digest(brand.logo) if brand.logo else ""
        layouts = _Layouts([site.layouts, resource_folder("layouts")], self)
        common = _digest_of(
            [
                __version__,
                *_machine(),
                os.environ.get("SOURCE_DATE_EPOCH", ""),
                settings,
                asdict(options),
                logo,
                [self._content(folder) for folder in fonts],
                layouts.kinds,
                # The texts that are published beside a kit.
                [self.digest(folder / "room" / name) for folder in layouts.folders for name in _TEXTS],
            ]
        )

        @cache
        def of_layout(layout: str) -> str:
            return _digest_of([common, layouts.digest(layout)])

        def of(communique: Path, layout: str) -> str:
            return _digest_of([of_layout(layout), site.inside(communique), site.defaults_for(communique)])

        return of

    def _content(self, folder: Path) -> list[tuple[str, str | None]]:
        return [(file.relative_to(folder).as_posix(), self.digest(file)) for file in files_in(folder)]


def copy_record(folder: Path, target: Path) -> None:
    """Begin the record of a folder with that of another, if it has one that can be read."""
    with (
        suppress(sqlite3.DatabaseError),
        closing(sqlite3.connect(f"{(folder / NAME).resolve().as_uri()}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target / NAME)) as new,
    ):
        old.backup(new)


_DECODER = msgspec.json.Decoder(KitRecord)


class _Layouts:
    """Which files a layout is made of: those of its folder, and of the layouts that they name."""

    def __init__(self, folders: Iterable[Path], record: Record) -> None:
        self.folders = [folder for folder in folders if folder.is_dir()]
        self._record = record

    @cached_property
    def _names(self) -> set[str]:
        return {path.name for folder in self.folders for path in folder.iterdir() if path.is_dir()}

    @cached_property
    def kinds(self) -> list[tuple[str, str | None]]:
        """The layouts' names and the kinds that they serve, which decide who gets which."""
        paths = [folder / name / "layout.toml" for folder in self.folders for name in sorted(self._names)]
        return [(path.parent.name, self._record.digest(path)) for path in paths if path.parent.is_dir()]

    def digest(self, layout: str) -> str:
        """What tells a layout's files from those of another time."""
        # The words of the first one are those that others inherit.
        family, waiting = {""}, {layout or "communique", "communique"}
        files: list[tuple[str, str | None]] = []
        while waiting:
            name = waiting.pop()
            family.add(name)
            for folder in self.folders:
                for file in files_in(folder / name) if (folder / name).is_dir() else ():
                    files.append((file.relative_to(folder).as_posix(), self._record.digest(file)))
                    if file.suffix in (".html", ".css"):
                        text = file.read_text("utf-8", "replace")
                        waiting |= {other for other in self._names - family if f"{other}/" in text}
        return _digest_of(sorted(files))


def _answer(
    site: Site, lookup: Lookup, is_withheld: Callable[[Path], bool], *, is_anothers: Callable[[Path], bool]
) -> str | None:
    found = site.find(lookup.reference, site.root / lookup.beside, folders=lookup.folders, guess=False)
    if not isinstance(found, Path) or is_withheld(found) or (not lookup.named and is_anothers(found)):
        return None
    return site.inside(found)


def _state(path: Path) -> str:
    """What changes with a file's content, as far as its folder tells; '' where folders don't tell enough."""
    if sys.platform == "win32":
        # No date there tells that a copy has kept the dates of another file.
        return ""
    status = path.stat()
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def _changed_since(path: Path, moment: int) -> bool:
    try:
        status = path.stat()
    except OSError:
        return True
    return max(status.st_mtime_ns, status.st_ctime_ns) >= moment


@cache
def _machine() -> tuple[str, ...]:
    """The libraries and programs that kits are made with."""
    return (
        *(_version(name) for name in _LIBRARIES),
        *(str(shutil.which(name)) for name in _PROGRAMS),
        *(str(find_spec(name) is not None) for name in _MODULES),
        os.environ.get("PRESSKIT_VERAPDF", ""),
    )


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def _digest_of(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, default=str).encode()).hexdigest()
