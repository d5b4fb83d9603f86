"""What the last run for now published of a communiqué, to be shown again where this one fails.

It is noted beside the published files themselves, and beside the kits that are kept: either may be lost.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

import msgspec

from presskit.publication import Publication, files_of
from presskit.reading.names import page_of
from presskit.room.entries import Entry

NAME = "publication.json"


@dataclass(frozen=True, kw_only=True)
class _Noted:
    presskit: str
    id: str
    since: str
    uses: tuple[str, ...]
    publication: Publication


def noted(entry: Entry) -> bytes:
    """What is noted of a publication, for ``recalled``."""
    note = _Noted(
        presskit="publication",
        id=entry.id,
        since=entry.since.isoformat() if entry.since else "",
        uses=entry.uses,
        publication=entry.publication,
    )
    return msgspec.json.encode(note) + b"\n"


def recalled(note: Path, id_: str, folder: Path) -> Entry | None:
    """The publication of the communiqué ``id_`` that is noted in a file, with its files in ``folder``.

    None where there is none, or not all of it.
    """
    try:
        known = msgspec.json.decode(note.read_bytes(), type=_Noted)
        since = datetime.fromisoformat(known.since) if known.since else None
    except (OSError, ValueError):
        return None
    if known.id != id_ or not _is_whole(known.publication, folder):
        return None
    return Entry(id=id_, publication=known.publication, folder=folder, since=since, uses=known.uses)


def _is_whole(publication: Publication, folder: Path) -> bool:
    files = files_of(publication)
    if not is_safe(page_of(publication.name)) or not all(is_safe(path) for path in files):
        return False
    return all(
        (folder / path).is_file() and size in (None, (folder / path).stat().st_size) for path, size in files.items()
    )


def is_safe(path: str) -> bool:
    """Whether a path stays in its folder."""
    pure = PurePosixPath(path)
    plain = not pure.is_absolute() and not any(part in ("..", ".") or part.startswith(".") for part in pure.parts)
    return bool(pure.parts) and plain and re.search(r'[\x00-\x1f\\:*?"<>|]', path) is None
