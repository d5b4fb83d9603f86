"""What the last run for now published of a communiqué, to be shown again where this one fails.

It is noted beside the published files themselves, and beside the kits that are kept: either may be lost.
"""

import json
import re
from dataclasses import asdict
from datetime import datetime
from pathlib import Path, PurePosixPath

from presskit.publication import Publication, files_of, from_json
from presskit.reading.names import page_of
from presskit.room.entries import Entry

NAME = "publication.json"


def noted(entry: Entry) -> bytes:
    """What is noted of a publication, for ``recalled``."""
    values = {
        "presskit": "publication",
        "id": entry.id,
        "since": entry.since.isoformat() if entry.since else "",
        "uses": list(entry.uses),
        "publication": asdict(entry.publication),
    }
    return (json.dumps(values, ensure_ascii=False) + "\n").encode()


def recalled(note: Path, id_: str, folder: Path) -> Entry | None:
    """The publication of the communiqué ``id_`` that is noted in a file, with its files in ``folder``.

    None where there is none, or not all of it.
    """
    try:
        values = json.loads(note.read_bytes())
        entry = Entry(
            id_,
            from_json(values["publication"]),
            folder,
            since=datetime.fromisoformat(values["since"]) if values["since"] else None,
            uses=tuple(str(use) for use in values["uses"]),
        )
        return entry if values["id"] == id_ and _is_whole(entry.publication, folder) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, AssertionError):
        return None


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
