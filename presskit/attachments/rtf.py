"""RTF with its fields as the text that they showed their author (Rich Text Format 1.9.1, "Fields")."""

import re
from dataclasses import dataclass, field

from presskit.attachments.word import is_live

# Braces, control words and their numbers, signs in hexadecimal; all else is text.
_TOKEN = re.compile(rb"\\([a-zA-Z]+)(-?\d+)? ?|\\'[0-9a-fA-F]{2}|\\[^a-zA-Z]|([{}])")
_WORDS = re.compile(rb"\\[a-zA-Z]+-?\d* ?|\\\*|[{}\r\n]")


@dataclass
class _Group:
    """A group that is open: where it begins, the control word that names it, and where that ends."""

    start: int
    name: bytes = b""
    after: int = 0
    parts: dict[bytes, tuple[int, int, int]] = field(default_factory=dict)


def with_frozen_fields(octets: bytes) -> bytes:
    """An RTF whose fields, but those that pages decide, are the text that they hold."""
    kept: list[bytes] = []
    position = 0
    for start, end in _joined(_doomed(octets)):
        kept.append(octets[position:start])
        position = end
    return b"".join([*kept, octets[position:]])


def _doomed(octets: bytes) -> list[tuple[int, int]]:
    """What is to go: of each field that is frozen, all but what its result shows."""
    found: list[tuple[int, int]] = []
    groups: list[_Group] = []
    position = 0
    while (token := _TOKEN.search(octets, position)) is not None:
        position = token.end()
        if token[3] == b"{":
            groups.append(_Group(token.start()))
        elif token[3] == b"}" and groups:
            found += _closed(octets, groups.pop(), position, groups)
        elif token[1] == b"bin" and token[2]:
            # Octets of a picture, whatever they look like.
            position += max(int(token[2]), 0)
        elif token[1] and groups and not groups[-1].name:
            groups[-1].name, groups[-1].after = token[1], position
    return found


def _closed(octets: bytes, group: _Group, end: int, around: list[_Group]) -> list[tuple[int, int]]:
    if group.name in (b"fldinst", b"fldrslt") and around:
        around[-1].parts[group.name] = (group.start, group.after, end)
    if group.name != b"field" or group.parts.keys() != {b"fldinst", b"fldrslt"}:
        return []
    start, _after, stop = group.parts[b"fldinst"]
    instruction = _WORDS.sub(b" ", octets[start:stop])
    if is_live(instruction.decode("latin-1")):
        return []
    start, after, stop = group.parts[b"fldrslt"]
    # The group of the result stays, as one.
    return [(group.start, start), (start + 1, after), (stop, end)]


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges in order, none of which overlaps another: fields stand in each other."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
