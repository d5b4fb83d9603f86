"""Excel's workbooks (SpreadsheetML, ISO/IEC 29500-1, 18) with the values that their author saw."""

import re

from presskit.attachments.findings import Findings, Found
from presskit.attachments.xml import Node, attribute, child, name_of, remove

# Functions that give something else each time, or somewhere else.
_FLEETING = re.compile(
    r"\b(?:TODAY|NOW|RAND|RANDBETWEEN|RANDARRAY|CELL|INFO|INDIRECT|OFFSET|WEBSERVICE|RTD)\s*\(|\[", re.I
)
# Codes for the day, the time, the path and the file in heads and feet (18.3.1.46); "&&" is an ampersand.
_CODES = re.compile(r"&&|&[DTZF]")


def settle(root: Node, part: str, file_name: str, *, found: Findings) -> None:
    """Make a part of a workbook what it showed its author; ``file_name`` is what its head may print."""
    kind = name_of(root)
    if kind in ("comments", "ThreadedComments"):
        if kind == "comments":
            found[Found.COMMENT] += sum(name_of(node) == "comment" for node in root.iter())
    elif kind == "workbook":
        states = [attribute(node, "state") for node in root.iter() if name_of(node) == "sheet"]
        found[Found.HIDDEN_SHEET] += sum(state in ("hidden", "veryHidden") for state in states)
    elif kind == "worksheet" and part.startswith("worksheets"):
        _freeze_formulas(root)
        found[Found.HIDDEN_CELLS] += _count_hidden(root)
        for node in root.iter():
            if name_of(node) in ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"):
                _settle_head(node, file_name, found)


def _freeze_formulas(root: Node) -> None:
    """Leave cells the values that are stored with them; a sheet that no program has reckoned keeps its formulas."""
    formulas = [(cell, formula) for cell in root.iter() if name_of(cell) == "c" for formula in _formula(cell)]
    stored = [child(cell, "v") is not None for cell, _formula in formulas]
    for (_cell, formula), is_stored in zip(formulas, stored, strict=True):
        if is_stored and (all(stored) or _FLEETING.search(formula.text or "")):
            remove(formula)


def _formula(cell: Node) -> list[Node]:
    return [node for node in cell if name_of(node) == "f"]


def _count_hidden(root: Node) -> int:
    rows = sum(
        name_of(row) == "row" and attribute(row, "hidden") in ("1", "true") and _is_filled(row) for row in root.iter()
    )
    used = [attribute(cell, "r") for cell in root.iter() if name_of(cell) == "c" and len(cell)]
    columns = {_column(reference) for reference in used}
    hidden = 0
    for node in root.iter():
        if name_of(node) == "col" and attribute(node, "hidden") in ("1", "true"):
            first, last = (int(attribute(node, name) or 0) for name in ("min", "max"))
            hidden += sum(first <= column <= last for column in columns)
    return rows + hidden


def _is_filled(row: Node) -> bool:
    return any(len(cell) for cell in row)


def _column(reference: str) -> int:
    """The number of a cell's column, from 1: "AB12" is in the 28th."""
    number = 0
    for letter in re.match("[A-Z]*", reference)[0]:  # type: ignore[index]
        number = number * 26 + ord(letter) - 64
    return number


def _settle_head(node: Node, file_name: str, found: Findings) -> None:
    """Write the file's own name into a head, and leave out what is reckoned when it is printed."""

    def settled(code: re.Match[str]) -> str:
        if code[0] == "&&":
            return "&&"
        found[Found.UNDATED] += code[0] in ("&D", "&T")
        return file_name.replace("&", "&&") if code[0] == "&F" else ""

    node.text = _CODES.sub(settled, node.text or "")
