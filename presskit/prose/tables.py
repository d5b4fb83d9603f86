"""kramdown's tables: with a head or without, with lines between their rows, however many cells a row has.

GitHub's tables, which markdown-it reads, need a head, and lose the cells that it has none for.
"""

import re

from markdown_it.rules_block import StateBlock

_RULE = re.compile(r"[ \t|:+=-]*[-=][ \t|:+=-]*\Z")
# What starts another block.
_OTHER = re.compile(r">|#|[-*+] |\d+[.)] |\[\^")
_PIECE = re.compile(r"\\.|`[^`\n]*`|\|")


def table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block of lines with cells: the first one starts and ends with ``|``, or has a rule or a like row under it."""
    if state.is_code_block(start) or not _starts(state, start, end):
        return False
    if silent:
        return True
    stop = start
    while stop < end and state.sCount[stop] >= state.blkIndent and _is_row(_text(state, stop)):
        stop += 1
    rules = [line for line in range(start, stop) if _RULE.match(_text(state, line))]
    head_end = rules[0] if rules and rules[0] > start else start
    rows = {line: _cells(_text(state, line)) for line in range(start, stop) if line not in rules}
    if not rows:
        return False
    aligns = _aligns(_text(state, rules[0])) if rules else []
    width = max(map(len, rows.values()))
    _open(state, "table", [start, stop])
    for part, lines in (("thead", range(start, head_end)), ("tbody", range(head_end, stop))):
        if any(line in rows for line in lines):
            _open(state, part, [lines.start, lines.stop])
            for line in lines:
                if line in rows:
                    _row(
                        state, line, rows[line] + [""] * (width - len(rows[line])), aligns=aligns, head=part == "thead"
                    )
            state.push(f"{part}_close", part, -1)
    state.push("table_close", "table", -1)
    state.line = stop
    return True


def _starts(state: StateBlock, start: int, end: int) -> bool:
    text = _text(state, start)
    if not _is_row(text):
        return False
    if text[0] == "|" and text.rstrip()[-1] == "|" and text.count("|") > 1:
        return True
    # Two lines in columns, as kramdown takes them.
    below = _text(state, start + 1) if start + 1 < end and state.sCount[start + 1] >= state.blkIndent else ""
    ruled = "|" in below and "-" in below and _RULE.match(below) is not None
    columns = " | " in text and not _OTHER.match(text) and text.count(" | ") == below.count(" | ")
    return (ruled or columns) and not _RULE.match(text)


def _text(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()


def _is_row(text: str) -> bool:
    return any(match[0] == "|" for match in _PIECE.finditer(text))


def _cells(text: str) -> list[str]:
    """The cells of a row; a ``|`` in code or after a backslash parts none (kramdown, "Tables")."""
    cells, done = [], 0
    for match in _PIECE.finditer(text):
        if match[0] == "|":
            cells.append(text[done : match.start()])
            done = match.end()
    cells.append(text[done:])
    if text[:1] == "|":
        cells = cells[1:]
    if len(cells) > 1 and not cells[-1].strip():
        cells = cells[:-1]
    return [cell.strip().replace("\\|", "|") for cell in cells]


def _aligns(rule: str) -> list[str]:
    found = []
    for cell in re.split(r"[|+]", rule.strip().strip("|+")):
        left, right = cell.strip()[:1] == ":", cell.strip()[-1:] == ":"
        found.append("center" if left and right else "right" if right else "left" if left else "")
    return found


def _open(state: StateBlock, tag: str, lines: list[int]) -> None:
    state.push(f"{tag}_open", tag, 1).map = lines


def _row(state: StateBlock, line: int, cells: list[str], *, aligns: list[str], head: bool) -> None:
    tag = "th" if head else "td"
    _open(state, "tr", [line, line + 1])
    for number, cell in enumerate(cells):
        opening = state.push(f"{tag}_open", tag, 1)
        if number < len(aligns) and aligns[number]:
            opening.attrs["style"] = f"text-align:{aligns[number]}"
        inline = state.push("inline", "", 0)
        inline.content, inline.children, inline.map = cell, [], [line, line + 1]
        state.push(f"{tag}_close", tag, -1)
    state.push("tr_close", "tr", -1)
