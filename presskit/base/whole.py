"""Files that are written whole, or not at all."""

import os
import tempfile
from pathlib import Path


def write_whole(target: Path, octets: bytes) -> None:
    """Write a file beside its place, then rename it: whatever happens, the old one or the new one is there, whole.

    Raises OSError when it can't be written.
    """
    temporary: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(octets)
            file.flush()
            os.fsync(file.fileno())
        open_to_others(temporary, 0o666)
        temporary.replace(target)
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def open_to_others(path: Path, mode: int) -> None:
    """Give a file or folder the rights that any new one has here: ``tempfile`` makes private ones."""
    umask = os.umask(0)
    os.umask(umask)
    path.chmod(mode & ~umask)
