"""Lists: their author's numbers, pasted bullets, and only items in them."""

import re
from pathlib import Path

import pytest

from presskit.prose.elements import tree_of
from tests.conftest import SiteFolder
from tests.prose.test_html import flat, html


def numbers(markdown: str) -> list[int]:
    """The numbers that print shows, by CSS counters."""
    shown = []
    for ordered in tree_of(html(markdown)).iter("ol"):
        reset = re.search(r"counter-reset: list-item (-?\d+)", ordered.get("style", ""))
        number = int(reset[1]) if reset else 0
        for item in ordered.findall("li"):
            own = re.search(r"counter-set: list-item (-?\d+); counter-increment: list-item 0", item.get("style", ""))
            number = int(own[1]) if own else number + 1
            shown.append(number)
    return shown


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("3. a\n4. b", [3, 4]),
        ("1. a\n1. b\n1. c", [1, 2, 3]),
        ("1. a\n3. b\n2. c", [1, 3, 2]),
        ("0. a\n1. b", [0, 1]),
        ("Mesures :\n0. a\n1. b", [0, 1]),
        ("1. a\n2. b\n2. c\n3. d", [1, 2, 2, 3]),
        ("10. a\n9. b\n8. c", [10, 9, 8]),
        ("12) a\n14) b", [12, 14]),
        ("1. a\n2. b\n\n5. c", [1, 2, 5]),
        ("Mesures :\n3. a\n4. b", [3, 4]),
        ("- a\n  10. b\n  11. c", [10, 11]),
        ('{:start="2"}\n1. a', [2]),
        ('1. a\n{:start="2"}', [2]),
        ('{:start="1"}\n1. a\n\n{:start="2"}\n2. b\n\nc\n\n{:start="3"}\n3. d', [1, 2, 3]),
        ('<ol start="5"><li>a</li><li value="9">b</li><li>c</li></ol>', [5, 9, 10]),
        ("<ol reversed><li>a</li><li>b</li></ol>", [2, 1]),
        ('<ol reversed start="9"><li>a</li><li>b</li></ol>', [9, 8]),
        ('<ol start="x"><li value="y">a</li></ol>', [1]),
        ("> 4. a\n> 5. b", [4, 5]),
        ("1°) a\n2°) b", [1, 2]),
        ("c) a\nd) b", [3, 4]),
    ],
)
def test_numbers_are_the_authors(written: str, expected: list[int]) -> None:
    assert numbers(written) == expected


@pytest.mark.parametrize("written", ["2022. Une année.", "## 3. Un titre", "1°) seul", "a) x\nc) y"])
def test_numbers_that_start_no_list_are_text(written: str) -> None:
    assert "<ol" not in html(written)
    assert written.lstrip("# ").split("\n")[0] in "".join(tree_of(html(written)).itertext())


@pytest.mark.parametrize(
    ("written", "style"),
    [
        ("1) a", "decimal-paren"),
        ("1°) a\n2°) b", "decimal-degree"),
        ("a) a\nb) b", "lower-alpha-paren"),
        ('<ol type="I"><li>a</li></ol>', "upper-roman"),
    ],
)
def test_numbers_are_printed_as_they_are_written(written: str, style: str) -> None:
    assert f"list-style-type: {style}" in html(written)


@pytest.mark.parametrize("sign", ["•", "► ", "▪ ", "● ", "· ", "– ", "\uf0b7 "])
@pytest.mark.parametrize("form", ["{0}", "> {1}", "<table><tr><td>{2}</td></tr></table>", "<p>{2}</p>"])
def test_pasted_bullets_are_lists(sign: str, form: str) -> None:
    lines = ["Suite :", f"{sign}**une** ;", f"{sign}deux,", "et demie ;", f"{sign}trois."]
    lines = [line.replace("**une**", "<b>une</b>") for line in lines]
    raw = html(form.format("\n".join(lines), "\n> ".join(lines), "<br>".join(lines[:3] + lines[4:])))
    printed = flat(raw)
    assert printed.count("<li>") == 3
    assert "<li><b>une</b>·;</li>" in printed
    assert sign.strip() not in raw


@pytest.mark.parametrize(
    "written", ["— Bonjour, dit-il.\n— Bonjour, dit-elle.", "Paris – Lyon\net – oui – Nice", "-12 %\n-13 %"]
)
def test_dialogues_and_dashes_are_none(written: str) -> None:
    assert "<li>" not in html(written)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("<ol>\n<p>a</p>\n<li>b</li>\n</ol>", "<p>a</p><ol><li>b</li></ol>"),
        ("<ul>a<li>b</li>c<h3>d</h3></ul>", '<p>a</p><ul><li>b c <h2 id="section-1">d</h2></li></ul>'),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li>a <ul><li>b</li></ul></li></ul>"),
        ("<li>a</li><li>b</li>", "<ul><li>a</li><li>b</li></ul>"),
        ("<dl>a<dt>b</dt>c<dd>d</dd></dl>", "<dl><dd>a</dd><dt>b</dt><dd>c</dd><dd>d</dd></dl>"),
    ],
)
def test_lists_hold_items_alone(written: str, printed: str) -> None:
    assert flat(html(written)) == printed


def test_a_pasted_bullet_takes_nothing_from_the_picture_after_it() -> None:
    printed = html("• ![b](/a.png) c [zd](https://x.fr)\n• e", image=lambda _reference, _line: Path("/a.png"))
    assert 'alt="b"> c <a href="https://x.fr">zd</a></li>' in printed


def test_the_numbers_in_the_pdf_are_the_authors(site: SiteFolder) -> None:
    site.communique(
        body="1. un\n2. deux\n4. quatre\n5. cinq\n\nSuite\n\n10. dix\n9. neuf\n\nSuite :\n0. zéro\n1. premier"
    )
    printed = site.build().text
    assert re.findall(r"\d+\. \w+", printed) == [
        "1. un", "2. deux", "4. quatre", "5. cinq", "10. dix", "9. neuf", "0. zéro", "1. premier",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("1.      un\n2.      deux", ["un", "deux"]),
        ("-          un\n-          deux\n\n           suite", ["un", "deux suite"]),
        ("-\t\tun\n\n\t\tsuite", ["un suite"]),
        ("> *       un\n> *       deux", ["un", "deux"]),
        (
            "1.      un\n\n        -      deux\n        -      trois\n2.      quatre",
            ["un deuxtrois", "deux", "trois", "quatre"],
        ),
        ("<div>\n\n    - un\n    - deux\n\n</div>", ["un", "deux"]),
    ],
)
def test_aligned_items_are_text(text: str, items: list[str]) -> None:
    printed = tree_of(html(text))
    assert printed.find(".//pre") is None
    assert [" ".join("".join(item.itertext()).split()) for item in printed.iter("li")] == items


def test_code_in_an_item_is_code() -> None:
    assert tree_of(html("- a\n\n      code")).findtext(".//pre/code") == "code\n"


@pytest.mark.parametrize("sign", ["o\t", "§\t", "Ø\t", "ü  ", "v\t"])
def test_letters_that_draw_bullets_are_bullets(sign: str) -> None:
    assert html(f"Suite\n{sign}un\n{sign}deux").endswith("<ul><li>un</li><li>deux</li></ul>")
    assert "<ul" not in html(f"Suite\n{sign}seul")


@pytest.mark.parametrize("text", ["o un\no deux", "M. Dupont\nN. Martin", "C. Dupont\nD. Durand", "A. un\nC. deux"])
def test_letters_that_begin_words_are_text(text: str) -> None:
    assert "<li" not in html(text)


def test_series_are_printed_with_their_signs(site: SiteFolder) -> None:
    series = ["I. un\nII. deux", "A. trois\nB. quatre", "1° cinq\n2° six", "(1) sept\n(2) huit", "(a) neuf\n(b) dix"]
    site.communique(body="\n\nTexte\n\n".join([*series, "o\tquinze\no\tseize"]))
    printed = " ".join(site.build().text.split())
    for line in "\n".join(series).split("\n"):
        assert line in printed
    assert "quinze" in printed
    assert "o quinze" not in printed


@pytest.mark.parametrize(
    "held", ["{}", "> {}", "- {}", "1. {}", "| {} |\n| b |", "a[^1]\n\n[^1]: {}", "{}\n\nb", "a\n\n{}"]
)
@pytest.mark.parametrize("number", ["3)", "2022.", "1.", "07."])
def test_a_number_alone_is_text(held: str, number: str) -> None:
    assert number in flat(html(held.format(number)))


def test_numbers_alone_below_each_other_are_text() -> None:
    assert flat(html("3)\n\n4)\n\n> 5.\n> 6.")) == "<p>3)</p><p>4)</p><blockquote><p>5. 6.</p></blockquote>"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1. a\n2.\n3. c", [1, 2, 3]),
        ("3.\n4. b", [3, 4]),
        ("<ol><li>a</li><li><p></p></li><li>c</li></ol>", [1, 2, 3]),
        ("<ol><li></li></ol>", []),
    ],
)
def test_items_without_words_count(written: str, expected: list[int]) -> None:
    assert numbers(written) == expected


@pytest.mark.parametrize("held", ["", "> "])
def test_what_goes_on_with_a_number_under_a_text_is_no_code(held: str) -> None:
    written = "a\n10. b\n\n    c<sup>d</sup>\n\n    *e*\n\nf".replace("\n", f"\n{held}")
    assert "<p>c<sup>d</sup></p><p><em>e</em></p><p>f</p>" in flat(html(held + written))


@pytest.mark.parametrize(
    "written",
    [
        "- &nbsp;\n- a",
        "<ul>&nbsp;<li>a</li>&nbsp;<li>b</ul>",
        "<ul>a<ul><li>x</li>b</ul></ul>",
        "<ul>a<ol>b<ul>c<li>d</ul></ol>e<ul><li>f</ul></ul>",
    ],
)
def test_lists_astray_in_lists_hold_items_alone(written: str) -> None:
    tree = tree_of(html(written))
    for element in tree.iter():
        if element.tag in ("ul", "ol"):
            assert {child.tag for child in element} == {"li"}
            between = [element.text, *(child.tail for child in element)]
            assert not any((text or "").strip(" \n") for text in between)


def test_what_follows_a_list_is_printed_once_whatever_stands_before_its_items() -> None:
    assert flat(html("<div><ul>a<li>b</li></ul>c</div>")) == "<div><p>a</p><ul><li>b</li></ul>c</div>"
