"""Files of a site that would give away a communiqué that is not out: none of them goes into another one's kit."""

import filecmp
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from html import escape
from itertools import chain
from pathlib import Path
from urllib.parse import quote

from presskit.base.errors import PresskitError, unsaid
from presskit.reading.communique import read_communique, read_front_matter
from presskit.reading.files import files_in
from presskit.reading.named_files import named_files
from presskit.reading.names import name_of
from presskit.reading.site import Site
from presskit.reading.sources import CACHE, LEDGER, Source, of_site
from presskit.release.standing import Standing, State, begins_with_front_matter, standing_of

# What the ledger of a press room says that is not of now.
PREVIEW = '"at":'
# XMP may declare a namespace where it is used (ISO 16684-1, 7.3).
_OUR_PDF = re.compile(rb"<pdf:Producer(?:\s[^<>]{0,200})?>presskit ")


@dataclass(frozen=True)
class Withheld:
    """Tells which files of a site must not be taken into a kit that is out at the moment ``now``."""

    site: Site
    now: datetime

    def __call__(self, path: Path) -> bool:
        """Whether a file is a communiqué that is not out, under any name, or was made of one."""
        return self.is_text(path) or self._is_made_of_one(path)

    def is_text(self, path: Path) -> bool:
        """Whether a file is the Markdown of a communiqué that is not out, or in a folder that nobody publishes."""
        if path.is_dir():
            return False
        if self._is_kept_apart(path):
            return True
        undated = _is_undated(path)
        return _has_front_matter(path) and any(self._holds(*found, undated=undated) for found in self._of(path))

    def is_anothers(self, path: Path, asking: Path) -> bool:
        """Whether a file is one that a communiqué that is not out names, and none that is out does.

        What the communiqué ``asking`` names is its author's decision: it is asked for what a folder brings along,
        and what an attached text shows.
        """
        others = [one for one in self._named if one.communique != asking.resolve()]
        hidden = any(one.has(path) for one in others if not one.is_out)
        return hidden and not any(one.has(path, itself=True) for one in others if one.is_out)

    def is_embargoed(self, path: Path, asking: Path) -> bool:
        """Whether a communiqué that is under embargo names the same file as the communiqué ``asking``."""
        others = (one for one in self._named_under_embargo if one.communique != asking.resolve())
        return any(path in one.all_files for one in others)

    @cached_property
    def _named(self) -> list["_Named"]:
        return [self._named_by(source) for source in self._sources]

    @cached_property
    def _named_under_embargo(self) -> list["_Named"]:
        # Of a large site, only those that may be are read.
        sources = (s for s in self._sources if b"mbarg" in s.path.read_bytes().lower())
        return [self._named_by(s) for s in sources if self._standing(s).is_embargoed(self.now)]

    def _named_by(self, source: Source) -> "_Named":
        octets = source.path.read_bytes()
        out = not self._holds(self._standing(source), True, undated=_is_undated(source.path))
        files = named_files(octets, source.path.parent, self.site)
        return _Named(
            communique=source.path.resolve(), is_out=out, files=files or (), octets=octets if files is None else b""
        )

    def communiques(self, paths: Iterable[Path]) -> set[str]:
        """The ids of the communiqués among files, by whatever name."""
        texts = [path for path in paths if path.is_file() and _has_front_matter(path)]
        return {source.id for path in texts for source in self._same(path)}

    def gives_away(self, ids: Iterable[str]) -> bool:
        """Whether one of these communiqués must not be seen, or is not there any more, and so may be another."""
        by_id = {source.id: source for source in self._sources}
        return any(id_ not in by_id or not self._standing(by_id[id_]).may_stay(self.now) for id_ in ids)

    def _is_kept_apart(self, path: Path) -> bool:
        root = self.site.root.resolve()
        folders = [folder for folder in path.resolve().parents if folder.is_relative_to(root)]
        return any(folder.name == CACHE for folder in folders) or any(map(is_preview, folders))

    def _of(self, path: Path) -> Iterator[tuple[Standing, bool]]:
        """Where a file stands, in itself and as each communiqué that it is: by its place, a hard link, or as a copy."""
        yield standing_of(path.read_bytes(), path, self.site), False
        for source in self._same(path):
            yield self._standing(source), True

    def _same(self, path: Path) -> Iterator[Source]:
        octets, status = path.read_bytes(), path.stat()
        for source in self._sources:
            same = source.path.stat()
            if (same.st_dev, same.st_ino) == (status.st_dev, status.st_ino) or (
                same.st_size == status.st_size and source.path.read_bytes() == octets
            ):
                yield source

    def _standing(self, source: Source) -> Standing:
        return standing_of(source.path.read_bytes(), source.path, self.site, draft=source.draft)

    def _holds(self, standing: Standing, is_source: bool, *, undated: bool) -> bool:
        state = standing.at(self.now)
        if state is State.UNKNOWN:
            # A file that begins with a line of hyphens need not be a communiqué, nor a note that has a title alone.
            return standing.held or (is_source and not undated)
        return state not in (State.PUBLIC, State.NO_FRONT_MATTER)

    @cached_property
    def ids(self) -> set[str]:
        """The ids of all communiqués of the site."""
        return {source.id for source in self._sources}

    @cached_property
    def _sources(self) -> list[Source]:
        try:
            return [source for source in of_site(self.site.root, self.site) if source.path.is_file()]
        except PresskitError:
            return []

    def _is_made_of_one(self, path: Path) -> bool:
        """Whether a file is the kit, or the ZIP, of a communiqué that is not out: by its name, or its title."""
        if path.suffix.lower() == ".zip":
            return any(name in self._names[0] for name in _names_in_our_zip(path))
        if path.suffix.lower() != ".pdf" or not _OUR_PDF.search(octets := path.read_bytes()):
            return False
        names, titles = self._names
        return path.stem in names or any(escape(title, quote=False).encode() in octets for title in titles)

    @cached_property
    def _names(self) -> tuple[set[str], set[str]]:
        """What kits and ZIPs of communiqués that are not out are called, and their titles."""
        names, titles = set(), set()
        for source in self._sources:
            octets = source.path.read_bytes()
            if not self._holds(self._standing(source), True, undated=_is_undated(source.path)):
                continue
            names.add(Path(source.kit).stem)
            try:
                communique = read_communique(octets, source.path.name, source.path.parent, warn=unsaid, site=self.site)
            except PresskitError:
                continue
            names.add(name_of(communique, Path(source.kit).stem, self.site))
            titles.add(communique.title)
        return names, titles


@dataclass(frozen=True, kw_only=True)
class _Named:
    """The files and folders that a communiqué names; of one that can't be read, its ``octets``."""

    communique: Path
    is_out: bool
    files: tuple[Path, ...]
    octets: bytes = b""

    def has(self, path: Path, *, itself: bool = False) -> bool:
        """Whether a file is among them, or a copy of it; ``itself`` leaves out what folders hold."""
        if self.octets:
            names = (os.fsencode(path.name), quote(path.name).encode(), os.fsencode(path.parent.name))
            return not itself and any(name in self.octets for name in names)
        return any(path == one or _same(path, one) for one in (self.files if itself else self.all_files))

    @cached_property
    def all_files(self) -> tuple[Path, ...]:
        """Its files, and those that its folders hold."""
        return tuple(chain.from_iterable(files_in(one) if one.is_dir() else [one] for one in self.files))


def _same(one: Path, other: Path) -> bool:
    size = one.stat().st_size
    return other.is_file() and 0 < size == other.stat().st_size and filecmp.cmp(one, other, shallow=False)


def is_preview(folder: Path) -> bool:
    """Whether a folder is a press room of a later moment."""
    try:
        return PREVIEW in (folder / LEDGER).read_text("utf-8")[:200]
    except (OSError, ValueError):
        return False


def is_ours(path: Path) -> bool:
    """Whether a kit, or a ZIP, was made by presskit."""
    try:
        if path.suffix.lower() == ".zip":
            return bool(_names_in_our_zip(path))
        return _OUR_PDF.search(path.read_bytes()) is not None
    except OSError:
        return False


def _is_undated(path: Path) -> bool:
    """Whether a file has a front matter that can be read and has no date: no communiqué has that."""
    values = read_front_matter(path)
    return values is not None and not any(key.strip().casefold() == "date" for key in values)


def _has_front_matter(path: Path) -> bool:
    with path.open("rb") as file:
        return begins_with_front_matter(file.read(1024))


def _names_in_our_zip(path: Path) -> list[str]:
    """The names of the files at the top of a ZIP of ours, without their endings; none for one of others."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [Path(name) for name in archive.namelist()]
    except (OSError, zipfile.BadZipFile):
        return []
    ours = any(member.name == "manifest.json" and len(member.parts) == 2 for member in members)
    return [member.stem for member in members if len(member.parts) == 2] if ours else []
