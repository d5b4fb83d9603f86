"""A folder replaced as a whole: made beside the old one, of which it keeps what is the same, then put in its place."""

import ctypes
import errno
import filecmp
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from presskit.base.errors import PresskitError, Problem, os_reason
from presskit.base.i18n import _
from presskit.base.whole import open_to_others

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


@dataclass(frozen=True)
class Swapped:
    """How many files of a folder were written anew, stayed as they were, and went."""

    written: int
    kept: int
    removed: int


def refuse_foreign(folder: Path, mark: str) -> None:
    """Raise PresskitError for a folder that holds something, and not the file that marks it as ours."""
    if folder.is_dir() and not (folder / mark).is_file() and any(folder.iterdir()):
        what = _("this folder holds other files: a press room replaces all that is in its folder.")
        raise PresskitError(Problem(what, str(folder), remedy=_("Choose a new or an empty folder with -o.")))
    if folder.exists() and not folder.is_dir():
        what = _("a folder is expected here, but this is a file.")
        raise PresskitError(Problem(what, str(folder), remedy=_("Choose another name with -o.")))


def swap(folder: Path, written: Mapping[str, bytes], files: Mapping[str, Path]) -> Swapped:
    """Make ``folder`` hold just what is ``written`` and copies of ``files``, both by their paths in it.

    A file that is the same as before stays the same one, with its dates, so that programs that copy what changed copy
    little. Raises PresskitError when it can't be written; the old folder is whole then.
    """
    folder = folder.resolve()
    beside: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.", suffix=".part"))
        open_to_others(beside, 0o777)
        kept = 0
        for path, octets in written.items():
            old, new = folder / path, beside / path
            new.parent.mkdir(parents=True, exist_ok=True)
            if old.is_file() and old.stat().st_size == len(octets) and old.read_bytes() == octets:
                _link(old, new)
                kept += 1
            else:
                new.write_bytes(octets)
        for path, source in files.items():
            old, new = folder / path, beside / path
            new.parent.mkdir(parents=True, exist_ok=True)
            same = old.is_file() and (old.samefile(source) or filecmp.cmp(old, source, shallow=False))
            _link(old if same else source, new)
            kept += same
        total = len(written) + len(files)
        removed = sum(
            1 for path in folder.rglob("*") if path.is_file() and not (beside / path.relative_to(folder)).exists()
        )
        _exchange(beside, folder)
        return Swapped(total - kept, kept, removed)
    except OSError as error:
        what = _("the press room can't be written ({detail}).").format(detail=os_reason(error))
        remedy = _("Choose another place with -o, or close the program that has one of its files open.")
        raise PresskitError(Problem(what, str(folder), remedy=remedy)) from error
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)


def _link(source: Path, target: Path) -> None:
    """The same file in another place; a copy with its dates where disks don't allow that."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        status = source.stat()
        os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))


def _exchange(new: Path, folder: Path) -> None:
    """Put a folder in the place of another, which is at its own place then: in one step where the system can."""
    if not folder.exists():
        new.rename(folder)
        return
    if _renamed_at_once(new, folder):
        return
    aside = new.with_suffix(".old")
    folder.rename(aside)
    try:
        new.rename(folder)
    except OSError:
        aside.rename(folder)
        raise
    aside.rename(new)


def _renamed_at_once(one: Path, other: Path) -> bool:
    """Whether the system exchanged two folders (Linux, renameat2)."""
    if sys.platform != "linux":
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    if ctypes.get_errno() in (errno.EINVAL, errno.ENOSYS, errno.EPERM):
        # A file system that can't.
        return False
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(other))
