"""Markup in lines of the front matter: read, and no word lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.text.inline import plain

WORDS = "trois"


@pytest.mark.parametrize(
    "written",
    [
        "<strong>trois</strong>",
        "<b>trois</b>",
        "<em>trois</em>",
        "<i>trois</i>",
        "<u>trois</u>",
        "<STRONG>trois</STRONG>",
        '<span style="color: red" class="x">trois</span>',
        "<small>trois</small>",
        "<mark>trois</mark>",
        "**trois**",
        "*trois*",
        "***trois***",
        "__trois__",
        "_trois_",
        "`trois`",
        "**trois **",
        "<b>trois",
        "tr&#111;is",
        "&#x74;rois",
        "<!-- x -->trois",
        "<sub>trois</sub>",
        "**<em>trois</em>**",
    ],
)
def test_marks_are_read(written: str) -> None:
    assert plain(f"Les {written} quais") == "Les trois quais"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Le port&nbsp;: suite", "Le port\u00a0: suite"),
        ("R&amp;D &laquo;&nbsp;vélo&nbsp;&raquo;", "R&D «\u00a0vélo\u00a0»"),
        ("&lt;b&gt; et &amp;nbsp;", "<b> et &nbsp;"),
        ("XXI<sup>e</sup> siècle", "XXIe siècle"),
        ("10 m<sup>2</sup> et 10<sup>-3</sup>", "10 m² et 10⁻³"),
        ("CO<sub>2</sub>", "CO2"),
        ("un<br>deux<br/>trois<BR />quatre", "un deux trois quatre"),
        ("[Terra](https://terra.org)", "Terra (https://terra.org)"),
        ("[terra.org](https://terra.org/)", "terra.org"),
        ("<https://terra.org>", "https://terra.org"),
        ("![Un logo](/a.png) de Terra", "Un logo de Terra"),
        ("a \\* b", "a * b"),
        ("un\n  deux", "un deux"),
    ],
)
def test_entities_and_elements(written: str, expected: str) -> None:
    assert plain(written) == expected


@pytest.mark.parametrize(
    "words",
    [
        "R&D & profits&parameters",
        "AT&T; &inconnu;",
        "5 * 3 = 15 et 2 < 3 > 1",
        "Prix* et taux*",
        "Appel_a_projets_2026",
        "Le <Nom à compléter>",
        "<date> à venir",
        "[Communiqué] Hausse",
        "1. Plan",
        "# Plan",
        "- Plan",
        "> 50 %",
        "<3",
        "C:\\Docs\\plan",
        "https://www.a_b_c.fr/x_y_z",
        "alice@example.org",
        "N°1 (bis) – « oui » ; 50 %",
    ],
)
def test_what_is_no_mark_is_words(words: str) -> None:
    assert plain(words) == words


@given(st.lists(st.from_regex(r"[a-zà-ü]{2,6}", fullmatch=True), min_size=1, max_size=6), st.data())
def test_no_word_is_lost(words: list[str], data: st.DataObject) -> None:
    marks = ["{}", "**{}**", "*{}*", "<b>{}</b>", "<sup>{}</sup>", "{}&nbsp;!", "<{}>", "[{}]", "<br>{}", "**{}", "_{}"]
    text = " ".join(data.draw(st.sampled_from(marks)).format(word) for word in words)
    said = plain(text)
    position = 0
    for word in words:
        position = said.index(word, position) + len(word)
