"""A line of one or two dashes underlines no heading."""

import pytest

from tests.test_prose import html


@pytest.mark.parametrize("text", ["Cordialement,\n-- \nJean Dupont", "Fin\n--", "> Fin\n> --", "- Fin\n--\nJean"])
def test_two_dashes_are_a_rule(text: str) -> None:
    printed = html(text)
    assert "<hr>" in printed
    assert "<h2" not in printed


def test_one_dash_is_text() -> None:
    assert html("Fin\n-") == "<p>Fin\n-</p>"


@pytest.mark.parametrize("text", ["Titre\n---", "Titre\n===", "Titre\n--------"])
def test_longer_lines_underline_headings(text: str) -> None:
    assert "<h2" in html(text)


def test_columns_of_two_dashes_are_a_table() -> None:
    assert "<table" in html("a | b\n-- | --\nc | d")
