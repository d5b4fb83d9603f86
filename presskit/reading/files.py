"""The files that a communiqué names: found in its site, and remembered, for a kit is as fresh as they are."""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from presskit.base.errors import Problem, Warn
from presskit.base.i18n import _
from presskit.reading.communique import Attachment, title_from_name
from presskit.reading.site import Finding, NotFound, Site
from presskit.text.file_names import decoded, is_left_behind, is_text, safe_name

if TYPE_CHECKING:
    from presskit.base.network import Network


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """A question put to a site, and its answer then: the path from its root, None for what was not there.

    ``beside`` is the folder, from the root, where the address starts; ``named`` by the communiqué itself, not brought
    along by a folder or an attached text.
    """

    reference: str
    beside: str
    folders: bool
    answer: str | None
    named: bool = True


@dataclass(kw_only=True)
class Inputs:
    """What a kit was made of, beside its communiqué: paths are from the site's root.

    ``listings`` are the folders whose list of files counts; with ``untold`` something came from the network, or
    under a name that is no text, so that nobody can tell whether it is still the same.
    """

    lookups: list[Lookup] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    listings: set[str] = field(default_factory=set)
    untold: bool = False


class Files:
    """Finds the files that one communiqué names; ``found`` ones it may use, ``missing`` ones are told of.

    ``places`` are the fields and lines that name the found ones first. Those that ``is_withheld`` tells of are
    left out: ``withheld`` says so; so are those that ``is_anothers`` tells of, where the communiqué does not name them.
    """

    def __init__(
        self,
        source: str,
        folder: Path,
        site: Site,
        *,
        network: "Network | None" = None,
        is_withheld: Callable[[Path], bool] = lambda _path: False,
        is_anothers: Callable[[Path], bool] = lambda _path: False,
    ) -> None:
        self.source = source
        self.found: list[Path] = []
        self.places: dict[Path, tuple[str, int | None]] = {}
        self.missing: list[Problem] = []
        self.withheld: list[Problem] = []
        self._is_withheld = is_withheld
        self._is_anothers = is_anothers
        self.names: list[str] = []
        self.inputs = Inputs()
        self._network = network
        self._folder = folder
        self.site = site

    def find(
        self, reference: str, line: int | None, field: str = "", *, folders: bool = False, named: bool = True
    ) -> Path | None:
        """The file (or with ``folders``, the folder) that the communiqué names; None, noted, when it is not there."""
        result = self.locate(reference, self._folder, folders=folders, named=named)
        if isinstance(result, Path):
            self.found.append(result)
            self.places.setdefault(result, (field, line))
            return result
        if result.why is Finding.WITHHELD:
            self.withheld.append(not_found(result, self.source, line, field=field))
            return None
        self.missing.append(not_found(result, self.source, line, field=field))
        self.names.append(decoded(Path(reference).name))
        return None

    def locate(self, reference: str, beside: Path, *, folders: bool = False, named: bool = False) -> Path | NotFound:
        """A file of the site, or one that the network gives where it may; ``named`` by the communiqué itself."""
        result = self.site.find(reference, beside, folders=folders)
        if isinstance(result, NotFound) and result.why is Finding.NETWORK and self._network is not None:
            return self._download(self._network, result)
        if isinstance(result, Path) and (self._is_withheld(result) or (not named and self._is_anothers(result))):
            result = NotFound(reference=reference, why=Finding.WITHHELD)
        answer = self.note(result) if isinstance(result, Path) else None
        self.inputs.lookups.append(
            Lookup(reference=reference, beside=self.site.inside(beside), folders=folders, answer=answer, named=named)
        )
        return result

    def note(self, path: Path) -> str:
        """Remember that a file or folder of the site is in the kit; gives its path from the root."""
        inside = self.site.inside(path)
        (self.inputs.listings if path.is_dir() else self.inputs.files).add(inside)
        return inside

    def expanded(self, attachment: Attachment, field: str, warn: Warn) -> list[tuple[Path, Attachment]]:
        """The files that an attachment stands for: itself, or those of the folder that it names, in order."""
        path = self.find(attachment.file, attachment.line, field, folders=True)
        if path is None:
            return []
        if path.is_file():
            return [(path, attachment)]
        inner, unseen = [], len(self.withheld)
        for file in files_in(path):
            reference = f"{attachment.file.rstrip('/')}/{quote(os.fsencode(file.relative_to(path).as_posix()))}"
            found = self._in_folder(file, reference, attachment.line, field=field)
            if found is not None:
                title = title_from_name(safe_name(file.name))
                inner.append((found, replace(attachment, file=reference, title=title)))
        if not inner and len(self.withheld) == unseen:
            what = _("the folder “{name}” is empty: nothing is attached for it.").format(name=decoded(attachment.file))
            warn(Problem(what, self.source, field, line=attachment.line))
        return inner

    def _in_folder(self, file: Path, reference: str, line: int | None, *, field: str) -> Path | None:
        """A file of a folder, through the site again: a link may lead out of it."""
        if is_text(file.as_posix()) or file.is_symlink():
            return self.find(reference, line, field, named=False)
        # No address and no record can say such a name: the kit is made anew each time.
        self.inputs.untold = True
        if self._is_withheld(file) or self._is_anothers(file):
            self.withheld.append(
                not_found(NotFound(reference=file.name, why=Finding.WITHHELD), self.source, line, field=field)
            )
            return None
        self.found.append(file.resolve())
        return file.resolve()

    def _download(self, network: "Network", asked: NotFound) -> Path | NotFound:
        from presskit.base.network import RefusedError

        self.inputs.untold = True
        try:
            return network.download(asked.reference)
        except RefusedError as error:
            return replace(asked, detail=str(error))


def files_in(folder: Path) -> Iterator[Path]:
    """The files of a folder and of those in it, in the order of their names, without hidden and systems' ones."""
    for file in sorted(folder.rglob("*"), key=_natural):
        if not is_left_behind(file.relative_to(folder).as_posix()) and file.is_file():
            yield file


# What tells files apart by what they hold: their size, and a digest of their octets.
Fingerprint = tuple[int, bytes]


def fingerprint(path: Path) -> Fingerprint:
    """The fingerprint of a file."""
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").digest()


def _natural(path: Path) -> list[tuple[int, int | str]]:
    """A key that sorts names as people number them: 2 before 10."""
    return [(0, int(p)) if p.isdigit() else (1, p.casefold()) for p in re.split(r"(\d+)", path.as_posix()) if p]


def not_found(result: NotFound, source: str, line: int | None, *, field: str) -> Problem:
    """What to tell people of a file that can't be used."""
    if result.detail:
        what = _("“{file}” was not fetched: {detail}.").replace("{detail}", result.detail)
        remedy = _("Download the file into the site's uploads folder, and name it there.")
    elif result.why is Finding.NETWORK:
        what = _("“{file}” is an address on the network: nothing is fetched from there.")
        remedy = _("Download the file into the site's uploads folder and name it there, or allow it: --allow-net")
    elif result.why is Finding.OUTSIDE:
        what = _("“{file}” is outside the site: it is not read.")
        remedy = _("Copy the file into the site's uploads folder, and name it there.")
    elif result.why is Finding.WITHHELD:
        what = _("“{file}” is a communiqué that is not out, or belongs to one: it is left out.")
        remedy = _("Take it off the list, or wait until it is out.")
    else:
        what = _("“{file}” can't be found (searched: {folders}).")
        remedy = (
            _("Did you mean “{name}”?").format(name=result.close)
            if result.close
            else _("Put the file there, correct its name, or build without it: --allow-missing")
        )
    file = result.reference if result.why is Finding.NETWORK else decoded(result.reference)
    what = what.format(file=file, folders=", ".join(result.searched))
    return Problem(what, source, field, line=line, remedy=remedy)
