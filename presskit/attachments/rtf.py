"""RTF as it stands once all changes are accepted, its fields as their author saw them (Rich Text Format 1.9.1)."""

import re
from collections import Counter
from dataclasses import dataclass, field

from presskit.attachments.findings import Findings, Found
from presskit.attachments.word import is_live

# Braces, control words and their numbers, signs in hexadecimal; all else is text.
_TOKEN = re.compile(rb"\\([a-zA-Z]+)(-?\d+)? ?|\\'[0-9a-fA-F]{2}|\\[^a-zA-Z]|([{}])")
_WORDS = re.compile(rb"\\[a-zA-Z]+-?\d* ?|\\\*|[{}\r\n]")


# What tells of changes, beside the text that they took or gave (Rich Text Format 1.9.1, "Revision marks").
_MARKS = {b"revised", b"revauth", b"revdttm", b"deleted", b"revauthdel", b"revdttmdel", b"crauth", b"crdate"}
# Groups of comments (Rich Text Format 1.9.1, "Comments (Annotations)"): their text, who wrote it, and where.
_COMMENTS = (
    b"annotation", b"atnid", b"atnauthor", b"atnref", b"atntime", b"atndate", b"atnicn", b"atnparent", b"atrfstart",
    b"atrfend",
)  # fmt: skip
# Who made the changes: nobody needs to know once there are none.
_AUTHORS = b"revtbl"
# Groups of properties that name people, firms and paths (Rich Text Format 1.9.1, "Information group").
_MAKERS = (b"author", b"operator", b"manager", b"company", b"hlinkbase", b"userprops", b"template")
# Control words that stand for text.
_SIGNS = set(
    b"par line tab u emdash endash bullet lquote rquote ldblquote rdblquote emspace enspace qmspace page".split()
)


@dataclass(kw_only=True)
class _Group:
    """A group that is open: where it begins, the control word that names it, and where that ends.

    With ``deleted`` its text is one that a change took, with ``hidden`` one that is not printed.
    """

    start: int
    deleted: bool = False
    hidden: bool = False
    name: bytes = b""
    after: int = 0
    parts: dict[bytes, tuple[int, int, int]] = field(default_factory=dict)


@dataclass(kw_only=True)
class _Settling:
    """What is to go of a document, as it is read, and how many changes it has.

    With ``freeing`` comments and hidden text are to go as well.
    """

    octets: bytes
    freeing: bool = False
    doomed: list[tuple[int, int]] = field(default_factory=list)
    makers: list[tuple[int, int]] = field(default_factory=list)
    groups: list[_Group] = field(default_factory=lambda: [_Group(start=0)])
    changes: int = 0
    comments: int = 0
    hidden: int = 0
    in_deleted: bool = False
    in_hidden: bool = False

    def text(self, start: int, end: int) -> None:
        """Some text, as far as it is not empty: it goes if it is deleted."""
        if not self.octets[start:end].strip(b"\r\n"):
            return
        deleted, hidden = self.groups[-1].deleted, self.groups[-1].hidden
        if deleted or hidden:
            self.doomed.append((start, end))
            self.changes += deleted and not self.in_deleted
            self.hidden += hidden and not self.in_hidden
        self.in_deleted, self.in_hidden = deleted, hidden

    def word(self, name: bytes, number: bytes | None, start: int, *, end: int) -> None:
        """A control word."""
        group = self.groups[-1]
        if name in _MARKS:
            self.doomed.append((start, end))
            self.changes += name == b"revised" and number != b"0"
            if name == b"deleted":
                group.deleted = number != b"0"
        elif name == b"plain":
            group.deleted = group.hidden = False
        elif name == b"v" and self.freeing:
            group.hidden = number != b"0"
        elif name in _SIGNS:
            self.text(start, end)
        if not group.name:
            group.name, group.after = name, end


def text_of(octets: bytes) -> str:
    """The words of a file, as another reader than LibreOffice has them."""
    from striprtf.striprtf import rtf_to_text

    return str(rtf_to_text(octets.decode("latin-1"), errors="ignore"))  # type: ignore[no-untyped-call]


def settled(octets: bytes) -> tuple[bytes, int]:
    """An RTF as it stands once all changes are accepted, and how many these were.

    Its fields, but those that pages decide, become the text that they hold.
    """
    work = _read(_Settling(octets=octets))
    return _without(octets, _joined(work.doomed)), work.changes


def freed(octets: bytes) -> tuple[bytes, Findings]:
    """An RTF as it may be handed on: settled, and without comments and hidden text; and what it had of these."""
    work = _read(_Settling(octets=octets, freeing=True))
    found = Counter({Found.CHANGE: work.changes, Found.COMMENT: work.comments, Found.HIDDEN_TEXT: work.hidden})
    return _without(octets, _joined(work.doomed)), +found


def without_names(octets: bytes) -> bytes:
    """An RTF without what it tells of its makers; to the byte as it was where it tells nothing."""
    return _without(octets, _joined(_read(_Settling(octets=octets)).makers))


def _read(work: _Settling) -> _Settling:
    octets, position = work.octets, 0
    while (token := _TOKEN.search(octets, position)) is not None:
        work.text(position, token.start())
        position = token.end()
        if token[3] == b"{":
            work.groups.append(
                _Group(start=token.start(), deleted=work.groups[-1].deleted, hidden=work.groups[-1].hidden)
            )
        elif token[3] == b"}":
            closed = work.groups.pop() if len(work.groups) > 1 else _Group(start=0)
            work.doomed += _closed(octets, closed, position, around=work.groups)
            if closed.name in _MAKERS:
                work.makers.append((closed.start, position))
            if work.freeing and closed.name in (*_COMMENTS, _AUTHORS):
                work.comments += closed.name == b"annotation"
                work.doomed.append((closed.start, position))
        elif token[1] == b"bin" and token[2]:
            # Octets of a picture, whatever they look like.
            position += max(int(token[2]), 0)
        elif token[1]:
            work.word(token[1], token[2], token.start(), end=position)
        elif token[0] != b"\\*":
            work.text(token.start(), position)
    return work


def _without(octets: bytes, ranges: list[tuple[int, int]]) -> bytes:
    """A document without some parts: an empty group stands for each, so that no word runs into a text."""
    kept: list[bytes] = []
    position = 0
    for start, end in ranges:
        kept += [octets[position:start], b"{}"]
        position = end
    return b"".join([*kept, octets[position:]])


def _closed(octets: bytes, group: _Group, end: int, *, around: list[_Group]) -> list[tuple[int, int]]:
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
