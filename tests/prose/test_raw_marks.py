"""Marks of Markdown in blocks of HTML are said."""

import pytest

from tests.prose.test_html import html, warnings


@pytest.mark.parametrize(
    ("markdown", "line", "mark"),
    [
        ("<table>\n<tr><td>**non**</td></tr>\n</table>", 2, "**non**"),
        ("<center>*x y*</center>", 1, "*x y*"),
        ("<div\n class='a'>\n__littéral__\n</div>", 3, "__littéral__"),
        ("<figure><figcaption>Légende [a](https://x.fr)</figcaption></figure>", 1, "[a](https://x.fr)"),
    ],
)
def test_marks_in_html_are_said(markdown: str, line: int, mark: str) -> None:
    assert [problem.line for problem in warnings(markdown) if f"“{mark}”" in problem.what] == [line]


@pytest.mark.parametrize(
    "markdown",
    ["<pre>\n**x**\n</pre>", "<div><code>*x*</code></div>", "<div>2 * 3 * 4, tous*tes, agent*es</div>",
     '<div title="**x**">y</div>', '<div markdown="1">\n**x**\n</div>', "<p>a <b>b</b></p>"],
)  # fmt: skip
def test_what_is_no_mark_is_not(markdown: str) -> None:
    assert warnings(markdown) == []


@pytest.mark.parametrize("markdown", ["**Titre :**\n**", "**gras** ** **gras2**", "a **"])
def test_lone_marks_are_said(markdown: str) -> None:
    assert any("is not closed" in problem.what for problem in warnings(markdown))


@pytest.mark.parametrize("piece", ["*a ", "<a ", "_a ", "</b "])
def test_a_line_has_one_warning_of_a_kind(piece: str) -> None:
    assert len(warnings(piece * 500)) == 1


def test_an_anchor_without_address_that_does_not_end_is_text() -> None:
    assert html("mot. <a> Le fin.") == "<p>mot. &lt;a&gt; Le fin.</p>"
    assert warnings("mot. <a> Le fin.") == []
