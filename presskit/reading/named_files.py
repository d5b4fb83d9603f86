"""The files of its site that a communiqué names itself: in its front matter, and in its text.

It need not be right to be read so: one that is not out because of a mistake names its files all the same.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from presskit.base.errors import PresskitError
from presskit.reading.communique import FILES
from presskit.reading.fields import normal
from presskit.reading.front_matter import parse
from presskit.reading.site import Site
from presskit.text.text_files import decode

# What a text shows or links: Markdown's ways, and HTML's.
_ADDRESSES = re.compile(
    r"\]\(\s*<?([^)>\n]+)|\b(?:src|href)\s*=\s*[\"']([^\"'\n]+)|^ {0,3}\[[^\]\n]+\]:\s*<?([^>\n]+)", re.MULTILINE
)
_TITLE = re.compile(r"\s+[\"'(]")
_LONGEST = 300
_ATTACHED = {normal(name) for name in FILES}


def named_files(octets: bytes, folder: Path, site: Site) -> tuple[Path, ...] | None:
    """The files and folders that are there and that a communiqué names, links followed; None if that can't be told.

    ``folder`` is where its relative addresses start.
    """
    try:
        parsed = parse(decode(octets, ""), "")
    except PresskitError:
        return None
    attached = [text for key, value in parsed.values.items() if normal(key) in _ATTACHED for text in _texts(value)]
    references = dict.fromkeys(chain(attached, _texts(parsed.values), _in_text(parsed.body)))
    found = (
        # A tag that is called like a folder does not name it.
        site.find(one, folder, folders=one in attached, guess=False)
        for one in references
        if len(one) <= _LONGEST
    )
    return tuple(one for one in found if isinstance(one, Path))


def _texts(value: Any) -> Iterator[str]:
    """All texts of a front matter, as addresses, and the addresses in them."""
    if isinstance(value, str):
        yield value.strip()
        yield from _in_text(value)
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for one in inner:
        yield from _texts(one)


def _in_text(text: str) -> Iterator[str]:
    for match in _ADDRESSES.finditer(text):
        written = next(filter(None, match.groups()))
        yield _TITLE.split(written, maxsplit=1)[0].strip()
