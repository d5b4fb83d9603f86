"""Rows, cells and items: each word in one of them, each cell in a place of its own."""

from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.prose.html import tree_of
from presskit.publication.tree import items, number_in, rows, slots


def table(html: str) -> Element:
    found = tree_of(html).find(".//table")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<table><tr><td>a<td>b<tr><td>c</table>", [["a", "b"], ["c"]]),
        ("<table><thead><tr><th>a</thead><tfoot><tr><td>b<td>c</table>", [["a"], ["b", "c"]]),
        ("<table><caption>x</caption><colgroup><col></colgroup><tr><td>a</table>", [["a"]]),
        ("<table><tr><td><table><tr><td>inner</table></table>", [["inner"]]),
        ("<table> <tr> <td>a</td> </tr> </table>", [["a"]]),
        ("<table><p></p></table>", []),
    ],
)
def test_rows(html: str, expected: list[list[str]]) -> None:
    assert [["".join(cell.itertext()) for cell in row] for row in rows(table(html))] == expected


def stray(tag: str, *children: Element | str) -> Element:
    element = Element(tag)
    for child in children:
        if isinstance(child, Element):
            element.append(child)
        elif len(element):
            element[-1].tail = child
        else:
            element.text = child
    return element


def test_what_is_in_no_cell_has_one_of_its_own() -> None:
    """The parser leaves such trees: ``<table><p><li>`` gives an item among rows."""
    row = stray("tr", "b", stray("td", "c"), "d", stray("p", "e"))
    found = rows(stray("table", "a", stray("tbody", row, "f"), stray("li", "g")))
    assert [["".join(cell.itertext()) for cell in line] for line in found] == [["a"], ["b", "c", "de"], ["f"], ["g"]]


def test_items() -> None:
    found = items(stray("ul", " ", stray("li", "a"), "b", stray("p", "c"), stray("li", "d"), stray("img")))
    assert ["".join(item.itertext()) for item in found] == ["a", "bc", "d", ""]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<tr><td colspan=2><td>", [(0, 0, 0, 1), (0, 2, 0, 2)]),
        # The second row's cell makes place for the one that comes down from the first.
        ("<tr><td rowspan=2><td><tr><td><td>", [(0, 0, 1, 0), (0, 1, 0, 1), (1, 1, 1, 1), (1, 2, 1, 2)]),
        # A cell that would cover another is narrowed; one that would leave the table is cut.
        ("<tr><td><td rowspan=9><tr><td colspan=3>", [(0, 0, 0, 0), (0, 1, 1, 1), (1, 0, 1, 0)]),
        ("<tr><td colspan=x rowspan=0>", [(0, 0, 0, 0)]),
        ("<tr><td colspan=5000>", [(0, 0, 0, 49)]),
    ],
)
def test_slots(html: str, expected: list[tuple[int, int, int, int]]) -> None:
    found = slots(rows(table(f"<table>{html}</table>")))
    assert [(slot.row, slot.column, slot.last_row, slot.last_column) for slot in found] == expected


@given(st.lists(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=4), max_size=4))
def test_no_cell_covers_another_and_none_is_lost(spans: list[list[tuple[int, int]]]) -> None:
    html = "".join(
        "<tr>" + "".join(f"<td colspan={columns} rowspan={height}>x</td>" for columns, height in line) for line in spans
    )
    lines = rows(table(f"<table>{html}</table>"))
    found = list(slots(lines))
    assert [slot.cell for slot in found] == [cell for line in lines for cell in line]
    covered = [
        (row, column)
        for slot in found
        for row in range(slot.row, slot.last_row + 1)
        for column in range(slot.column, slot.last_column + 1)
    ]
    assert len(covered) == len(set(covered))
    assert all(row < len(lines) for row, _column in covered)


@pytest.mark.parametrize(
    ("written", "number"), [("2026", 2026), ("0", 0), ("-1", 1), ("", 1), ("9" * 5000, 1), ("٣", 1)]
)
def test_number_in(written: str, number: int) -> None:
    assert number_in(Element("ol", start=written), "start") == number
