"""An index of words that a browser can search without a server: small files by the words' first letters.

A page fetches those of the words that are looked for alone. Publications are numbered from the oldest, so that a
new one changes little.
"""

import json
import re
from collections.abc import Sequence

from presskit.base.letters import without_accents
from presskit.room.entries import Entry

_WORD = re.compile(r"[^\W_]{2,}")


def index(entries: Sequence[Entry]) -> dict[str, bytes]:
    """The files of the index, by name, for publications newest first."""
    places: dict[str, list[int]] = {}
    for number, entry in enumerate(reversed(entries)):
        publication = entry.publication
        pieces = [publication.title, publication.kind, *publication.tags, publication.summary, publication.text]
        pieces += [file.title for file in publication.attachments]
        for word in sorted({word for piece in pieces for word in words(piece)}):
            places.setdefault(word, []).append(number)
    shards: dict[str, dict[str, list[int]]] = {}
    for word, numbers in sorted(places.items()):
        shards.setdefault(shard_of(word), {})[word] = numbers
    return {
        f"{name}.json": json.dumps(shard, ensure_ascii=False, separators=(",", ":")).encode()
        for name, shard in shards.items()
    }


def words(text: str) -> list[str]:
    """The words of a text, without case and accents (room.js folds what is looked for in the same way)."""
    return _WORD.findall(folded(text))


def folded(text: str) -> str:
    """A text without case, accents and ligatures."""
    lower = text.lower().replace("œ", "oe").replace("æ", "ae").replace("ß", "ss")
    return without_accents(lower)


def shard_of(word: str) -> str:
    """The name of the file that a word is in: its first two characters, those beyond ASCII by their number."""
    return "".join(c if c.isascii() and c.isalnum() else f"u{ord(c):x}" for c in word[:2])
