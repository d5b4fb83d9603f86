"""Files of a site that would give away a communiqué that is not out: none of them goes into another one's kit."""

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from html import escape
from pathlib import Path

from presskit.communique import read_communique, read_front_matter
from presskit.errors import PresskitError, unsaid
from presskit.publication.names import name_of
from presskit.site import Site
from presskit.sources import CACHE, LEDGER, Source, of_site
from presskit.standing import Standing, State, standing_of

# What the ledger of a press room says that is not of now.
PREVIEW = '"at":'
_OUR_PDF = b"<pdf:Producer>presskit "


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
        if path.suffix.lower() != ".pdf" or _OUR_PDF not in (octets := path.read_bytes()):
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
                communique = read_communique(octets, source.path.name, source.path.parent, unsaid, self.site)
            except PresskitError:
                continue
            names.add(name_of(communique, Path(source.kit).stem, self.site))
            titles.add(communique.title)
        return names, titles


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
        return _OUR_PDF in path.read_bytes()
    except OSError:
        return False


def _is_undated(path: Path) -> bool:
    """Whether a file has a front matter that can be read and has no date: no communiqué has that."""
    values = read_front_matter(path)
    return values is not None and not any(key.strip().casefold() == "date" for key in values)


def _has_front_matter(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"---", b"+++"))


def _names_in_our_zip(path: Path) -> list[str]:
    """The names of the files at the top of a ZIP of ours, without their endings; none for one of others."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [Path(name) for name in archive.namelist()]
    except (OSError, zipfile.BadZipFile):
        return []
    ours = any(member.name == "manifest.json" and len(member.parts) == 2 for member in members)
    return [member.stem for member in members if len(member.parts) == 2] if ours else []
