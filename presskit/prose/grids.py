"""Tables whose rows have as many columns each, as PDF/UA asks (ISO 14289-1, 7.2), whatever their author left out."""

from xml.etree.ElementTree import Element, SubElement

# An author's slip ("colspan=100") is not to make thousands of cells.
_WIDEST = 100
_CELLS = ("td", "th")


def make_regular(table: Element) -> None:
    """Narrow cells that reach out of their table or group of rows, and fill rows that are too short."""
    for part in table:
        for row in part.findall("tr"):
            if not any(cell.tag in _CELLS for cell in row):
                part.remove(row)
    groups = [rows for part in table if (rows := part.findall("tr"))]
    _give_body(table)
    width = min(max(map(_width, groups), default=1), _WIDEST)
    for rows in groups:
        for row, taken in zip(rows, _placed(rows, width), strict=True):
            for _column in range(width - len(taken)):
                SubElement(row, "td")


def _give_body(table: Element) -> None:
    head = table.find("thead")
    if head is not None and not any(len(body) for body in table.findall("tbody")):
        head.tag = "tbody"


def _width(rows: list[Element]) -> int:
    """The columns of a group of rows; a cell that is alone in its row ("colspan=9") asks for none."""
    bare = [Element("tr") for _row in rows]
    for row, copied in zip(rows, bare, strict=True):
        for cell in row:
            attributes = {name: cell.get(name, "1") for name in ("rowspan", "colspan") if len(row) > 1}
            SubElement(copied, "td", attributes)
    return max((max(taken, default=0) + 1 for taken in _placed(bare, _WIDEST)), default=1)


def _span(cell: Element, name: str) -> int:
    written = cell.get(name, "1")
    return max(int(written), 1) if written.isascii() and written.isdecimal() and len(written) < 5 else 1


def _placed(rows: list[Element], width: int) -> list[set[int]]:
    """The columns that each row's cells, and those from above, take; spans that reach too far are cut."""
    taken: list[set[int]] = [set() for _row in rows]
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while column in taken[number]:
                column += 1
            free = next((n for n in range(column, width) if n in taken[number]), max(width, column + 1)) - column
            across = _set(cell, "colspan", min(_span(cell, "colspan"), free))
            down = _set(cell, "rowspan", min(_span(cell, "rowspan"), len(rows) - number))
            for below in range(number, number + down):
                taken[below].update(range(column, column + across))
    return taken


def _set(cell: Element, name: str, span: int) -> int:
    if name in cell.attrib:
        cell.set(name, str(span))
    return span
