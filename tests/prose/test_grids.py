"""Tables as their author wrote them, but with as many columns in each row."""

import pytest

from presskit.prose.elements import tree_of, words_of
from tests.conftest import SiteFolder
from tests.prose.test_html import html

# Tables, and the columns that each is to have.
TABLES = {
    "<table><tr><td>a<td>b<tr><td>c</table>": 2,
    "<table><tr><td rowspan=3>a<td colspan=4>b<tr><td>c</table>": 5,
    "<table><tr><td rowspan=9>a<td>b<tr><td colspan=2>c<tr><td>d</table>": 2,
    "<table><tr><td colspan=9>a<tr><td>b<td>c<tr><td rowspan=2>d<td>e<tr><td>f<td>g</table>": 3,
    "<table><tr><td colspan=3>a</table>": 1,
    "<table><tr></tr><tr><td>a</table>": 1,
    "<table><thead><tr><th>a<th>b</thead></table>": 2,
    "<table><thead><tr><th>a<th>b<tbody><tr><td>c<tfoot><tr><td colspan=3>d</table>": 2,
    "<table><tr><td colspan=0 rowspan=x>a<td>b<tr><td>c</table>": 2,
    "| a | b |\n|---|---|": 2,
}


def columns(table: str) -> set[int]:
    """How many columns the rows of a table have, by what its cells say that they span."""
    found: set[int] = set()
    for part in tree_of(html(table)).findall("table/*"):
        rows = part.findall("tr")
        reached = [0] * len(rows)
        for number, row in enumerate(rows):
            for cell in row:
                down = int(cell.get("rowspan", "1"))
                assert number + down <= len(rows)
                for below in range(number, number + down):
                    reached[below] += int(cell.get("colspan", "1"))
        found |= set(reached)
    return found


@pytest.mark.parametrize(("table", "width"), TABLES.items())
def test_rows_have_as_many_columns(table: str, width: int) -> None:
    plain = table.replace("=0", "=1").replace("=x", "=1")
    assert columns(plain) == {width}
    words = words_of(tree_of(html(f"<div>\n{plain}\n</div>" if "<" in plain else plain)))
    assert sorted(words.replace(" ", "")) == sorted(set(words) & set("abcdefg"))


def test_such_tables_keep_the_claim(site: SiteFolder) -> None:
    site.communique("", "\n\n".join(TABLES))
    built = site.build()
    assert "PDF/UA-1" in built.messages and "can't claim" not in built.messages


def test_a_slip_makes_no_thousands_of_cells() -> None:
    assert html("<table><tr><td colspan=9999>a<td>b<tr><td>c</table>").count("<td") < 210
