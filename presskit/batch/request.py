"""What a run is asked for."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from presskit.options import Options
from presskit.reading.sources import Source


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is to be built, and how.

    ``target`` gives the path of each communiqué's kit, None to have its bytes; ``folder`` is the one whose
    record tells what has changed, None to build all. With ``drafts`` those that are not out yet are built
    too. ``executor`` is the address of a Dask cluster, '' for ``jobs`` workers on this machine. Once
    ``stopping``, no kit is begun. With ``archives`` each kit has a ZIP beside it; with ``published`` a folder of its
    name with all that a press room shows. ``now`` is the moment that decides what is out, None for this one; ``room``
    is the press room's address where it is known.
    """

    sources: Sequence[Source]
    target: Callable[[Source], Path | None]
    options: Options = field(default_factory=Options)
    folder: Path | None = None
    jobs: int = 1
    force: bool = False
    drafts: bool = False
    executor: str = ""
    stopping: Callable[[], bool] = lambda: False
    archives: bool = False
    published: bool = False
    now: datetime | None = None
    room: str = ""

    def place(self, source: Source) -> str:
        """Where a communiqué's kit is, from the folder that the record is about."""
        target = self.target(source)
        assert target is not None  # noqa: S101
        assert self.folder is not None  # noqa: S101
        return target.relative_to(self.folder).as_posix()


def available_cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
