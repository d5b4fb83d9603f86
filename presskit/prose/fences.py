"""Fenced code, wherever it stands: a quotation, an item, a note. A fence that nothing closes is a text (kramdown)."""

import re
from collections.abc import Sequence

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.fence import fence as read_fence

# A fence is followed by one word at most (kramdown): "~~~ et la suite" is a text.
_FENCE = re.compile(r" {0,3}(```+|~~~+)[ \t]*[^\s`~]*[ \t]*\Z")
# What may hold one: quotations, items, descriptions, notes.
_HELD = re.compile(
    r"(?P<holders>(?:[ \t]{0,3}(?:>|(?:[-*+:]|\d{1,9}[.)]|\[\^[^\]\n]+\]:)(?=[ \t])))*)(?P<indent>[ \t]*)"
    r"(?P<ticks>```+|~~~+)[ \t]*[^\s`~]*[ \t]*\Z"
)
_QUOTED = re.compile(r"[ \t>]*")


def fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block of fenced code that is closed in what holds it."""
    opening = _FENCE.match(_text(state, start))
    if opening is None:
        return False
    ticks = opening[1]
    # By sign and range, the shortest fence that is not closed: another one's end is not looked for again.
    unclosed: dict[tuple[str, int, int], int] = state.env.setdefault("unclosed_fences", {})
    key = (ticks[0], end, state.blkIndent)
    if len(ticks) >= unclosed.get(key, len(state.src)) or not read_fence(state, start, end, silent):
        return False
    if silent or _closes(_text(state, state.line - 1), ticks, state.line - 1 - start):
        return True
    unclosed[key] = len(ticks)
    state.tokens.pop()
    state.line = start
    return False


def fenced(lines: Sequence[str]) -> list[bool]:
    """For each line of a source, whether it is a fence or stands between two."""
    found = [False] * len(lines)
    unclosed: dict[tuple[str, int, bool], tuple[int, int]] = {}
    number = 0
    while number < len(lines):
        opening = _HELD.match(lines[number]) if "```" in lines[number] or "~~~" in lines[number] else None
        end = _end_of(lines, number, opening, unclosed=unclosed) if opening is not None else number
        found[number:end] = [True] * (end - number)
        number = max(end, number + 1)
    return found


def _end_of(
    lines: Sequence[str], start: int, opening: re.Match[str], *, unclosed: dict[tuple[str, int, bool], tuple[int, int]]
) -> int:
    """The line after the fence that closes one; the start where none does, before what holds it ends."""
    ticks, quotes = opening["ticks"], opening["holders"].count(">")
    in_item = bool(opening["holders"].strip("> \t")) or len(opening["indent"]) > 1
    key = (ticks[0], quotes, in_item)
    length, until = unclosed.get(key, (0, 0))
    if start < until and len(ticks) >= length:
        return start
    number = start
    for number in range(start + 1, len(lines)):
        margin = _QUOTED.match(lines[number])[0]  # type: ignore[index]
        text = lines[number][len(margin) :]
        outdented = in_item and text and len(margin.rpartition(">")[2]) < 2
        if margin.count(">") < quotes or outdented:
            break
        if _closes(text, ticks, number - start):
            return number + 1
    unclosed[key] = (len(ticks), number)
    return start


def _closes(text: str, ticks: str, lines_below: int) -> bool:
    return lines_below > 0 and text.startswith(ticks) and not text.strip(ticks[0] + " \t")


def _text(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
