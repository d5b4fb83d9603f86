"""A line of one or two dashes underlines no heading."""

import time

import pytest

from tests.prose.test_html import html


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


def test_a_long_list_takes_time_in_proportion() -> None:
    def taken(items: int) -> float:
        start = time.process_time()
        html("- un mot\n" * items)
        return time.process_time() - start

    taken(10)
    assert taken(3200) < 2.5 * 4 * taken(800)
