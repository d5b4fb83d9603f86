"""Lists and tables of an HTML tree, whatever their author put between items, rows and cells."""

import re
from collections.abc import Iterator, Sequence
from string import ascii_lowercase
from typing import NamedTuple
from xml.etree.ElementTree import Element

# What a cell may span: Word has no more than 63 columns, and an author's slip is not to make thousands.
_WIDEST = 50
_ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split()
# By the class of a list (see lists.py).
_AFTER = {"paren": ")", "parens": ")", "degree": "°)", "ordinal": "°"}


class Slot(NamedTuple):
    """Where a cell of a table stands: its first and last row and column, counted from 0."""

    cell: Element
    row: int
    column: int
    last_row: int
    last_column: int


def items(element: Element) -> Iterator[Element]:
    """The items of a list; what is in none is one of its own, so that no word is lost."""
    return _held(element, ("li",), "li")


def numbered(element: Element) -> Iterator[tuple[int, Element]]:
    """The items of an ordered list with their numbers (HTML 4.4.5 and 4.4.8: ``start``, ``reversed``, ``value``)."""
    found = list(items(element))
    step = -1 if "reversed" in element.attrib else 1
    number = number_in(element, "start", 1 if step > 0 else len(found))
    for item in found:
        number = number_in(item, "value", number)
        yield number, item
        number += step


def around_number(element: Element) -> tuple[str, str]:
    """What an ordered list writes before and after each of its numbers."""
    kinds = element.get("class", "").split()
    return "(" if "parens" in kinds else "", next((_AFTER[kind] for kind in kinds if kind in _AFTER), ".")


def counter(element: Element, number: int) -> str:
    """A number as an ordered list writes it."""
    before, after = around_number(element)
    kind, written = element.get("type", "1"), str(number)
    if kind.lower() == "a" and 0 < number <= len(ascii_lowercase):
        written = ascii_lowercase[number - 1]
    elif kind.lower() == "i" and 0 < number <= len(_ROMAN):
        written = _ROMAN[number - 1]
    return f"{before}{written.upper() if kind.isupper() else written}{after}"


def rows(table: Element) -> list[list[Element]]:
    """The cells of each row of a table, without those of tables in it; what is in none is one of its own."""
    parts = _held(table, ("caption", "thead", "tbody", "tfoot", "tr"), "tr")
    lines = [
        line
        for part in parts
        if part.tag != "caption"
        for line in ([part] if part.tag == "tr" else _held(part, ("tr",), "tr"))
    ]
    return [list(_held(line, ("td", "th"), "td")) for line in lines]


def slots(lines: Sequence[Sequence[Element]]) -> Iterator[Slot]:
    """Where each cell of a table's rows stands. None covers another: one that would is narrowed."""
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(lines):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            last_column = column
            while last_column - column + 1 < _span(cell, "colspan") and (row, last_column + 1) not in taken:
                last_column += 1
            last_row = min(row + _span(cell, "rowspan"), len(lines)) - 1
            taken |= {(r, c) for r in range(row, last_row + 1) for c in range(column, last_column + 1)}
            yield Slot(cell, row, column, last_row, last_column)


def number_in(element: Element, name: str, default: int = 1) -> int:
    """The number that an attribute gives; ``default`` where it gives none."""
    written = element.get(name, "")
    return int(written) if re.fullmatch("[0-9]{1,9}", written) else default


def _span(cell: Element, name: str) -> int:
    return min(max(number_in(cell, name), 1), _WIDEST)


def _held(element: Element, tags: Sequence[str], stray_tag: str) -> Iterator[Element]:
    """The children with these tags; all that stands before, between and after is put in elements of ``stray_tag``."""
    stray = Element(stray_tag)
    stray.text = element.text
    for child in element:
        tail, child.tail = child.tail, None
        if child.tag in tags:
            if _is_filled(stray):
                yield stray
            yield child
            stray = Element(stray_tag)
            stray.text = tail
        else:
            child.tail = tail
            stray.append(child)
    if _is_filled(stray):
        yield stray


def _is_filled(element: Element) -> bool:
    return bool("".join(element.itertext()).strip()) or element.find(".//img") is not None
