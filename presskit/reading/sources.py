"""Which communiqués are meant: files, folders, patterns and whole sites, as lists of files."""

import glob
import hashlib
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from presskit.base.errors import PresskitError, Problem, Warn, os_reason
from presskit.base.i18n import _
from presskit.reading import jekyll
from presskit.reading.files import files_in
from presskit.reading.settings import read_site
from presskit.reading.site import BRAND, Site, find_root, is_root

ENDINGS = (".md", ".markdown", ".mkd", ".mdown")
STANDARD = "-"
# In a site's folder: what presskit keeps of one run for the next, whether it is out or not.
CACHE = ".presskit"
# The addresses that a press room ever had, kept in the room itself, and what marks that file as ours.
LEDGER, LEDGER_MARK = "room.json", '"presskit": "room"'
# Where generators and package managers keep what nobody wrote.
_NOT_OURS = {"_site", "node_modules", "vendor", "themes", "layouts", "_layouts", "_includes", "_data", "public"}
# A page of its own folder (Hugo, Eleventy), with its language if it has several.
_BUNDLE = re.compile(r"index(\.[a-z]{2}(?:-[a-zA-Z]{2})?)?\Z")


@dataclass(frozen=True, kw_only=True)
class Source:
    """A communiqué's file (``-`` for standard input), and its site.

    ``draft`` by the folder where it is; ``named`` by itself, not brought by a folder or a pattern.
    """

    name: str
    path: Path
    site: Site
    draft: bool = False
    named: bool = False

    @property
    def id(self) -> str:
        """What it is known by for good, from its place in the site: it tells nobody what that is."""
        return id_of(self.site.inside(self.path))

    @property
    def kit(self) -> str:
        """The name of its kit's file: the communiqué's, or its folder's for an ``index.md``."""
        if self.name == STANDARD:
            return "communique.pdf"
        bundle = _BUNDLE.fullmatch(self.path.stem)
        stem = f"{self.path.resolve().parent.name}{bundle[1] or ''}" if bundle else self.path.stem
        return f"{stem}.pdf"


def id_of(place: str) -> str:
    """The id of the communiqué that is at a place in a site."""
    return hashlib.sha256(place.encode()).hexdigest()[:20]


class Sites:
    """The sites of a run, each read once; ``folder`` is the one asked for, '' to look for each communiqué's."""

    def __init__(self, folder: str, warn: Warn) -> None:
        self._folder = folder
        self._warn = warn
        self._sites: dict[Path, Site] = {}

    def of(self, communique: Path) -> Site:
        """The site of a communiqué. Raises PresskitError when its settings can't be read."""
        return self.at(root_named(self._folder) if self._folder else find_root(communique))

    def at(self, root: Path) -> Site:
        """The site with this root."""
        if root not in self._sites:
            self._sites[root] = read_site(root, self._warn)
        return self._sites[root]


def root_named(folder: str) -> Path:
    """A site's root that somebody names. Raises PresskitError when it is not there."""
    if not Path(folder).is_dir():
        what, remedy = _("this folder does not exist."), _("Give the site's root with --site.")
        raise PresskitError(Problem(what, folder, remedy=remedy))
    return Path(folder)


def read(name: str) -> bytes:
    """The bytes of a communiqué's file, or of standard input. Raises PresskitError when they can't be had."""
    if name == STANDARD:
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        if Path(name).is_dir():
            what, remedy = _("this is a folder, not a communiqué."), _("Name one of its .md files.")
        else:
            what = _("the file can't be read ({detail}).").format(detail=os_reason(error))
            remedy = _("Check the path and the file's rights.")
        raise PresskitError(Problem(what, name, remedy=remedy)) from error


def is_several(names: Sequence[str]) -> bool:
    """Whether these arguments may stand for more than one communiqué."""
    return len(names) != 1 or Path(names[0]).is_dir() or is_pattern(names[0])


def collect(names: Sequence[str], sites: Sites) -> list[Source]:
    """The communiqués that arguments stand for, each once, in order.

    Raises PresskitError for an argument that stands for none.
    """
    found: dict[Path, Source] = {}
    for name in names:
        sources = list(_sources(name, sites))
        if not sources:
            what = _("there is no communiqué here.")
            remedy = _('Name its .md files, or say where they are in presskit.toml: content = ["press/**/*.md"]')
            if not Path(name).is_dir():
                what, remedy = _("no communiqué matches this pattern."), _("Check the pattern.")
            raise PresskitError(Problem(what, name, remedy=remedy))
        for source in sources:
            found.setdefault(source.path.resolve(), source)
    return list(found.values())


def refuse_twins(sources: Sequence[Source]) -> None:
    """Raise PresskitError when two communiqués would give kits of one name, on any system."""
    seen: dict[str, Source] = {}
    for source in sources:
        other = seen.setdefault(unicodedata.normalize("NFC", source.kit).casefold(), source)
        if other is not source:
            what = _("two communiqués would give the same kit, {name}: {one} and {two}.")
            what = what.format(name=source.kit, one=other.name, two=source.name)
            raise PresskitError(Problem(what, remedy=_("Rename one of them, or build them into different folders.")))


def _sources(name: str, sites: Sites) -> Iterator[Source]:
    path = Path(name)
    if name == STANDARD:
        yield Source(
            name=name, path=Path.cwd() / "communique.md", site=sites.of(Path.cwd() / "communique.md"), named=True
        )
    elif path.is_dir():
        if is_root(path):
            yield from of_site(path, sites.at(path))
        else:
            for file in _pages(path, path):
                yield Source(name=str(file), path=file, site=sites.of(file))
    elif is_pattern(name):
        for match in sorted(glob.glob(name, recursive=True)):  # noqa: PTH207 (patterns may be absolute)
            if Path(match).is_file() and Path(match).suffix.lower() in ENDINGS:
                yield Source(name=match, path=Path(match), site=sites.of(Path(match)))
    else:
        yield Source(name=name, path=path, site=sites.of(path), named=True)


def of_site(root: Path, site: Site) -> Iterator[Source]:
    """The communiqués of a site: those that presskit.toml tells, else its collections', else all its pages.

    What a press room holds, of now or of a later moment, is none of them.
    """
    made = cache(_is_room)
    for source in _of_site(root, site):
        folders = source.path.relative_to(root).parents
        if not any(made(root / folder) for folder in folders):
            yield source


def _is_room(folder: Path) -> bool:
    """Whether a folder is a press room, or presskit's own."""
    if folder.name == CACHE:
        return True
    try:
        with (folder / LEDGER).open("rb") as file:
            return LEDGER_MARK.encode() in file.read(64)
    except OSError:
        return False


def _of_site(root: Path, site: Site) -> Iterator[Source]:
    if site.content:
        for pattern in site.content:
            if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
                what = _("“{value}” is outside the site.").format(value=pattern)
                raise PresskitError(Problem(what, BRAND, "content"))
            for file in sorted(root.glob(pattern)):
                if _is_page(file, root):
                    yield Source(name=str(file), path=file, site=site)
        return
    folders = [jekyll.folder_of(site.config, name) for name in jekyll.collections(site.config)]
    drafts = jekyll.folder_of(site.config, jekyll.DRAFTS)
    present = [folder for folder in (*folders, drafts) if (root / folder).is_dir()]
    for folder in present:
        for file in _pages(root / folder, root):
            yield Source(name=str(file), path=file, site=site, draft=folder == drafts)
    if not present:
        for file in _pages(root, root):
            if not _NOT_OURS.intersection(file.relative_to(root).parts):
                yield Source(name=str(file), path=file, site=site)


def beside(source: Source) -> Iterator[Source]:
    """A communiqué of no site, and those in its folder."""
    for file in sorted(source.path.parent.iterdir()):
        if _is_page(file, source.path.parent):
            yield Source(name=str(file), path=file, site=source.site)


def _pages(folder: Path, root: Path) -> Iterator[Path]:
    return (file for file in files_in(folder) if _is_page(file, root))


def _is_page(file: Path, root: Path) -> bool:
    """Whether a file may be a communiqué: Hugo's lists of pages are none, and links may not lead out of the site."""
    if file.suffix.lower() not in ENDINGS or file.stem.startswith("_index") or not file.is_file():
        return False
    return not file.is_symlink() or file.resolve().is_relative_to(root.resolve())


def is_pattern(name: str) -> bool:
    """Whether a name stands for those that are like it."""
    return name != STANDARD and glob.has_magic(name) and not Path(name).exists()
