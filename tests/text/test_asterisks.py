"""Asterisks inside words are printed."""

import pytest

from presskit.prose.elements import tree_of
from presskit.text.inline import plain
from tests.prose.test_html import html

TEXTS = ["Les tous*tes et les agent*es", "Lecteur*rices et auteur*rices", "10*20*30", "P@ss_word*1*_a", "é*à*ù"]


@pytest.mark.parametrize("text", TEXTS)
def test_asterisks_inside_words_are_signs(text: str) -> None:
    assert "".join(tree_of(html(text)).itertext()) == text
    assert plain(text) == text


@pytest.mark.parametrize("text", ["l’*un* et", "*un*", "(*un*), deux*s", "**un**s", "«*un*»"])
def test_asterisks_around_words_are_marks(text: str) -> None:
    assert "<em>un</em>" in html(text) or "<strong>un</strong>" in html(text)
