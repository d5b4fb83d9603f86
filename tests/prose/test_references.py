"""Addresses written apart from the text that nothing calls are said, and left out on purpose."""

import pytest

from presskit.base.errors import Problem
from presskit.prose.elements import text_of, tree_of
from presskit.prose.html import Setting, to_html
from tests.prose.test_html import html


def read(markdown: str) -> tuple[list[Problem], list[str]]:
    found: list[Problem] = []
    omitted: list[str] = []
    to_html(
        markdown, Setting(lang="fr", source="c.md", warn=found.append, site_url="https://site.fr", omit=omitted.append)
    )
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


HELD = ["{}", "> {}", "- {}", "1. {}", "| {} |\n| b |", "> - {}", "x[^1]\n\n[^1]: {}", "<div markdown=1>\n{}\n</div>"]


@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize(
    "text",
    ["[NDLR]: remarque", "[Photo]: DR", "[mot]: autre.", "[x]: 12,5", "[Nota]: suite 'fin'", "[sic]: <mot>"],
)
def test_what_holds_no_address_is_text(held: str, text: str) -> None:
    found, omitted = read(held.format(text))
    assert found == [] and omitted == []
    printed = text_of(tree_of(html(held.format(text)))).replace("\u202f", "")
    assert text in printed


@pytest.mark.parametrize(
    "address",
    ["https://ex.fr", "/a", "#b", "a@ex.fr", "www.ex.fr 'T'", "page.html", "<un dossier.pdf>", "tel:01", "../a", "x/y"],
)
def test_addresses_are_not(address: str) -> None:
    assert text_of(tree_of(html(f"[a][x]\n\n[x]: {address}\n\nb"))).split() == ["a", "b"]
