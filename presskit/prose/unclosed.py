"""Marks of Markdown that are still in a text once it is read: their author meant something else by them."""

import re
from collections.abc import Iterator

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from presskit.prose.remarks import Remark

_ELEMENT = "\ufffc"
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_OPENS = rf"(?=[\w«“\"’(\[{_ELEMENT}])"
_TAGS = "a|b|br|blockquote|center|div|em|i|img|li|ol|p|span|strong|table|td|th|tr|u|ul"
_CLOSES = rf"(?<=[\w».!?)\]:%’{_ELEMENT}])"
_MARK = re.compile(
    rf"(?P<undefined>\[\^[^\]\s\[]+\])|(?P<comment>\{{::comment|{_ELEMENT}!--)|(?P<attributes>\{{:(?![^{{}}\n]*\}}))"
    rf"|(?P<link>\]\(|\]\[|\] \((?=[/{_ELEMENT}]))|(?P<tag></?(?:{_TAGS})(?=[\s/]|\Z))"
    rf"|(?P<strong>(?<!\S)\*\*(?!\S)|(?<![*\w])\*\*(?!\*){_OPENS}|{_CLOSES}(?<!\*)\*\*(?!\*)|(?<![_\w])__(?!_){_OPENS})"
    rf"|(?P<emphasis>(?<![*\w{_ELEMENT}])\*(?!\*){_OPENS}|(?<![_\w{_ELEMENT}/])_(?!_){_OPENS})"
    rf"|(?P<code>(?<![^\W\d_`])`+(?!`)|`+(?![^\W\d_`]))"
)
# "prix*" … "*hors taxes": a call and its note, by hand.
_CALL = re.compile(r"(?<=\w)(\*\*?)(?=[\s.,;:)]|\Z)")
# Signs around a mark, for a message.
_AROUND = 30


def say_unclosed(state: StateCore) -> None:
    """Add a remark for each mark that is left in the texts."""
    texts = [(token, _flat(token.children)) for token in state.tokens if token.children]
    calls = {match[1] for _token, text in texts for match in _CALL.finditer(text)}
    remarks = state.env.setdefault("remarks", [])
    for token, text in texts:
        remarks += _remarks(text, token.map[0] if token.map else None, calls)


def _flat(children: list[Token]) -> str:
    """A text as one string, in which addresses and elements are one sign each."""
    pieces = []
    for child in children:
        if child.type == "text":
            pieces.append(_ADDRESS.sub(_ELEMENT, child.content))
        elif child.type in ("softbreak", "hardbreak"):
            pieces.append("\n")
        elif child.nesting == 0:
            pieces.append(_ELEMENT)
    return "".join(pieces)


def _remarks(text: str, line: int | None, calls: set[str]) -> Iterator[Remark]:
    counted, ends = 0, 0
    for match in _MARK.finditer(text):
        kind, place = match.lastgroup or "", match.start()
        line_start = text.rfind("\n", 0, place) + 1
        if match[0] in calls and (place == line_start or _CALL.match(text, place)):
            continue
        ends += text.count("\n", counted, place)
        counted = place
        line_end = text.find("\n", place)
        line_end = len(text) if line_end < 0 else line_end
        kind = kind if kind in ("undefined", "comment", "attributes", "link", "tag") else "unclosed"
        words = match[0] if kind == "undefined" else _around(text[line_start:line_end], place - line_start, kind)
        yield Remark(kind, None if line is None else line + ends, words)


def _around(line: str, place: int, kind: str) -> str:
    """The words of a line about a mark, whole; a link from its bracket on."""
    start, end = max(0, place - _AROUND), min(len(line), place + _AROUND)
    if kind == "link" and (bracket := line.rfind("[", start, place)) >= 0:
        start = bracket
    elif start and (space := line.find(" ", start, place)) >= 0:
        start = space
    if end < len(line) and not line[end].isspace() and (space := line.rfind(" ", place + 1, end)) >= 0:
        end = space
    return line[start:end].strip().replace(_ELEMENT, "…")
