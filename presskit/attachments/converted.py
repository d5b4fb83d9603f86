"""What was converted once in a run, kept for the other kits that attach the same file."""

import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class Converted:
    """A folder of results, which workers share; each is made by the first that needs it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def once(self, path: Path, manner: str, convert: Callable[[], bytes]) -> bytes:
        """The result of converting a file, in a ``manner`` that tells all else that it depends on."""
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256")
        content.update(manner.encode())
        kept = self._folder / f"{content.hexdigest()}.pdf"
        with _alone(kept.with_suffix(".lock")):
            if kept.is_file():
                return kept.read_bytes()
            result = convert()
            unfinished = kept.with_suffix(f".{os.getpid()}")
            unfinished.write_bytes(result)
            unfinished.replace(kept)
        return result


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Let one process in at a time. On Windows all are let in: they do the same work, and harm nothing."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with lock.open("w") as file:
        # Let go by the system when its holder ends, however that happens.
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
