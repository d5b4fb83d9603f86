"""However deep blocks stand in each other, their words are printed, on the page."""

import subprocess
import time

import pytest

from presskit.prose.elements import text_of, tree_of
from tests.conftest import SiteFolder
from tests.prose.test_html import html
from tests.texts import read_html


def steps(depth: int, *marks: str) -> str:
    """A line at each depth, begun by the marks in turn."""
    lines, margin = [], ""
    for number in range(depth):
        mark = marks[number % len(marks)]
        lines.append(f"{margin}{mark}mot{number:03}")
        margin += mark if mark == "> " else " " * len(mark)
    return "\n".join(lines)


def words(depth: int) -> list[str]:
    return [f"mot{number:03}" for number in range(depth)]


@pytest.mark.parametrize("marks", [["- "], ["1. "], ["> "], ["> ", "- "], ["- ", "3. ", "> "]])
@pytest.mark.parametrize("depth", [10, 30, 120])
def test_no_word_goes(depth: int, marks: list[str]) -> None:
    printed = read_html(html(steps(depth, *marks))).replace(">", " ").split()
    assert [word for word in printed if word.startswith("mot")] == words(depth)


@pytest.mark.parametrize("tag", ["div", "blockquote", "span"])
def test_no_word_of_html_goes(tag: str) -> None:
    written = "".join(f"<{tag}>{word} " for word in words(150)) + f"</{tag}>" * 150
    assert text_of(tree_of(html(written))).split() == words(150)


def test_what_is_deep_stays_on_the_page(site: SiteFolder) -> None:
    site.communique("", f"{steps(16, '- ')}\n\n{steps(30, '> ')}")
    built = site.build()
    assert "PDF/UA-1" in built.messages and "can't claim" not in built.messages
    crop = ["-x", "0", "-y", "0", "-W", "595", "-H", "842"]
    text = subprocess.run(["pdftotext", *crop, str(built.path), "-"], check=True, capture_output=True, text=True).stdout
    assert sorted(set(text.split()) & set(words(30))) == words(30)


def test_reading_takes_time_in_proportion() -> None:
    def taken(lines: int) -> float:
        start = time.process_time()
        html("\n".join("> " * 40 + f"- mot{number}" for number in range(lines)))
        return time.process_time() - start

    taken(10)
    assert taken(400) < 4 * 2.5 * taken(100)
