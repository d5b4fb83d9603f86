"""Addresses written apart from the text that nothing calls are said, and left out on purpose."""

import pytest

from presskit.errors import Problem
from presskit.prose import Setting, to_html


def read(markdown: str) -> tuple[list[Problem], list[str]]:
    found: list[Problem] = []
    omitted: list[str] = []
    to_html(markdown, Setting("fr", "c.md", found.append, site_url="https://site.fr", omit=omitted.append))
    return found, omitted


@pytest.mark.parametrize(
    ("markdown", "line", "text"),
    [
        ("Sources :\n\n[1]: https://ex.fr/a", 3, "[1]: https://ex.fr/a"),
        ("a\n\n[NDLR]: https://ex.fr (voir)", 3, "[NDLR]: https://ex.fr (voir)"),
        ("[a][x]\n\n[x]: https://ex.fr/a\n[x]: https://ex.fr/b", 4, "[x]: https://ex.fr/b"),
        ("> [r]: https://ex.fr", 1, "> [r]: https://ex.fr"),
    ],
)
def test_unused_references_are_said(markdown: str, line: int, text: str) -> None:
    found, omitted = read(markdown)
    assert [problem.line for problem in found if text in problem.what] == [line]
    assert omitted == [text]


@pytest.mark.parametrize("call", ["[a][x]", "[X]", "[x][]", "**[a][x]**", "[![a](/i.png)][x]", "| [x] |\n|---|"])
def test_used_references_are_not(call: str) -> None:
    assert read(f"{call}\n\n[x]: https://ex.fr/a")[1] == []
