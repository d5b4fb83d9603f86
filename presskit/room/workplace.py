"""Where a press room's kits are made, and kept for the next run: those of now, and those of each later moment apart."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from presskit.base.errors import Problem, Warn, os_reason
from presskit.base.i18n import _
from presskit.batch.record import copy_record
from presskit.reading.site import Site
from presskit.reading.sources import CACHE


@dataclass(frozen=True)
class Workplace:
    """The folder of the kits, that of the fonts, and whether they stay when the run is over."""

    kits: Path
    fonts: Path
    lasts: bool


@contextmanager
def workplace(site: Site, at: datetime | None, warn: Warn) -> Iterator[Workplace]:
    """The place of a run for the moment ``at``, None for now, in the site's folder.

    Where that can't be written, or a link leads out of it, it is another one that goes with the run: a warning tells.
    """
    root = site.root / CACHE
    kits = _kits(root, at)
    try:
        _make(root, kits)
        if at is not None:
            _clear_others(kits.parent)
    except OSError as error:
        what = _("the record in {folder} can't be used ({detail}): everything is built again.")
        what = what.format(folder=CACHE, detail=os_reason(error))
        warn(Problem(what, remedy=_("Give yourself the right to write in this folder, or delete it.")))
        with tempfile.TemporaryDirectory(prefix="presskit-") as folder:
            (Path(folder) / "kits").mkdir()
            yield Workplace(Path(folder) / "kits", Path(folder) / "fonts", lasts=False)
        return
    yield Workplace(kits, root / "room" / "fonts", lasts=True)


def _kits(root: Path, at: datetime | None) -> Path:
    place = root / "room" if at is None else root / "preview" / re.sub(r"\W", "", at.isoformat())
    return place / "kits"


def _make(root: Path, kits: Path) -> None:
    """Raises OSError where nothing can be kept."""
    root.mkdir(exist_ok=True)
    ignored = root / ".gitignore"
    if not ignored.exists():
        ignored.write_text("*\n", "utf-8")
    now = _kits(root, None)
    if kits != now and not kits.exists() and now.is_dir():
        _copy(now, kits)
    kits.mkdir(parents=True, exist_ok=True)
    _refuse_links(root, kits)
    with tempfile.TemporaryFile(dir=kits):
        pass


def _refuse_links(root: Path, kits: Path) -> None:
    folders = [kits, *(folder for folder in kits.parents if folder.is_relative_to(root) and folder != root)]
    inner = (Path(place) / name for place, names, _files in os.walk(kits) for name in names)
    if any(folder.is_symlink() for folder in (*folders, *inner)):
        raise OSError(0, _("a link leads out of it"))


def _copy(now: Path, kits: Path) -> None:
    """What was made for now is what a later moment begins with; never the other way round."""
    kits.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=kits.parent, prefix=".kits."))
    try:
        shutil.copytree(
            now, beside, copy_function=_link, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".presskit-record*")
        )
        copy_record(now, beside)
        beside.rename(kits)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _clear_others(place: Path) -> None:
    """One preview at a time is kept."""
    for other in place.parent.iterdir():
        if other != place:
            shutil.rmtree(other, ignore_errors=True)
