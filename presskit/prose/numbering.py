"""The numbers of a Markdown list as its author wrote them, where CommonMark and kramdown only count."""

import re
from collections.abc import Iterator
from itertools import pairwise

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.list import list_block
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from presskit.prose.nesting import push_paragraph

_YEAR = re.compile(r"\d{4,}[.)]")
_FROM_NOUGHT = re.compile(r"0([.)])[ \t].*\n1\1[ \t]")
_NUMBER = re.compile(r"\d{1,9}[.)]")


def numbered_list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A list; but a year ("2022. Une année") starts none, nor does a number in a table of HTML.

    Right under a text, CommonMark has lists start with 1 alone; "0." that "1." follows is a list as well.
    """
    text = _line(state, start)
    if _YEAR.match(text) or (start in state.env.get("in_table", ()) and _NUMBER.match(text)):
        return False
    if silent and start + 1 < end and text.startswith("0") and _FROM_NOUGHT.match(f"{text}\n{_line(state, start + 1)}"):
        return True
    opened = len(state.tokens)
    found = bool(list_block(state, start, end, silent))
    if found and not silent:
        _set_lone_numbers(state, opened)
    return found


def _set_lone_numbers(state: StateBlock, opened: int) -> None:
    """Make paragraphs of a numbered list in which nothing but its numbers stands: "3)", "2022."."""
    items = state.tokens[opened + 1 : -1]
    if not state.tokens[opened].type.startswith("ordered") or any(
        token.type not in ("list_item_open", "list_item_close") for token in items
    ):
        return
    del state.tokens[opened:]
    lines: list[list[Token]] = []
    for item in items[::2]:
        if lines and item.map and lines[-1][-1].map and item.map[0] == lines[-1][-1].map[0] + 1:
            lines[-1].append(item)
        else:
            lines.append([item])
    for numbers in lines:
        push_paragraph(state, "\n".join(f"{item.info}{item.markup}" for item in numbers), numbers[0].map)


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def set_numbers(state: StateCore) -> None:
    """Note on each ordered list where it starts, and on its items those that do not follow.

    A list whose author writes one number everywhere ("1. 1. 1.") leaves the counting to the reader.
    """
    for opening, items in _ordered_lists(state.tokens):
        if opening.markup == ")":
            opening.attrJoin("class", "paren")
        numbers = [int(item.info) for item in items if item.info.isdecimal()]
        if len(numbers) != len(items) or len(set(numbers)) == 1:
            continue
        for (before, number), item in zip(pairwise(numbers), items[1:], strict=True):
            if number != before + 1:
                item.attrSet("value", str(number))


def _ordered_lists(tokens: list[Token]) -> Iterator[tuple[Token, list[Token]]]:
    """Each ordered list with its items."""
    open_lists: list[tuple[Token, list[Token]]] = []
    for token in tokens:
        if token.type in ("ordered_list_open", "bullet_list_open"):
            open_lists.append((token, []))
        elif token.type == "list_item_open" and open_lists:
            open_lists[-1][1].append(token)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            opening, items = open_lists.pop()
            if token.type == "ordered_list_close":
                yield opening, items
