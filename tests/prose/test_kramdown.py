"""What kramdown reads and CommonMark does not; what is wrong in a text is said, with its line."""

import time

import pytest

from presskit.base.errors import Problem
from presskit.prose.elements import tree_of, words_of
from presskit.prose.html import Setting, to_html
from tests.prose.test_html import flat, html, warnings


def said(markdown: str) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.what) for problem in warnings(markdown)]


def rows(markdown: str) -> list[str]:
    return ["|".join(words_of(cell) for cell in row) for row in tree_of(html(markdown)).iter("tr")]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("| a | b |\n| c | d |", ["a|b", "c|d"]),
        ("| a |  |\n| b | c |", ["a|", "b|c"]),
        ("Texte\n| a | b |\n| c | d |", ["a|b", "c|d"]),
        ("> | a | b |\n> | c | d |", ["a|b", "c|d"]),
        ("|---|---|\n| a | b |", ["a|b"]),
        ("| a | b |\n|---|:-:|\n| c |\n|---|---|\n| d | e | f |", ["a|b|", "c||", "d|e|f"]),
        ("a | b\n-|-\nc | d | e", ["a|b|", "c|d|e"]),
        ("a | b\nc | d", ["a|b", "c|d"]),
        ("| a | `x|y` |\n| b \\| c | d |", ["a|x|y", "b | c|d"]),
    ],
)
def test_tables_keep_all_their_cells(written: str, expected: list[str]) -> None:
    assert rows(written) == expected


def test_lines_with_bars_are_no_tables() -> None:
    assert not rows("|x| = 3")
    assert not rows("Paris | Lyon")
    assert not rows("- a | b\n- c | d")


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("<section>\n\n   <div>\n\n       <p>a</p>\n\n        b\n\n   </div>\n</section>", "a b"),
        ("\t•\ta\n\t•\tb", "a b"),
        ("<div>\n<p>a</p>\n</div>\nb", "a b"),
        ("<table><tr><td>1. a\n<br>\n2. b\n\n36. c\n</td></tr></table>", "1. a 2. b 36. c"),
        ("<details><summary>a</summary>\n<p>b</p>\n</details>", "a b"),
        ("<nom prénom> a <nom> b", "<nom prénom> a <nom> b"),
        ("~~~ a b\nc", "~~~ a b c"),
        ("- a\n\n  > b\n- c", "a b c"),
        ("* TOC\n{:toc}\n\na", "a"),
        ("1. TOC {:toc}\n\na", "a"),
        ("{:toc}\n- Sommaire\n\na", "a"),
        ("- a\n- b\n{:toc}", "a b"),
        ("a^[2]", "a^[2]"),
    ],
)
def test_words_are_those_of_the_author(written: str, printed: str) -> None:
    assert " ".join(" ".join(tree_of(html(written)).itertext()).split()) == printed
    assert "<pre>" not in html(written)
    assert not warnings(written)


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("**a b", "not closed"),
        ("*a b", "not closed"),
        ("_a b", "not closed"),
        ("a **b**c**(d", "not closed"),
        ("a `b", "not closed"),
        ("[a](https://x.fr", "an incomplete link"),
        ("[a] (https://x.fr)", "an incomplete link"),
        ("[1](voir la note)", "an incomplete link"),
        ("a {: .b", "attributes"),
        ("a <b c", "looks like HTML"),
        ("<div c\nd", "looks like HTML"),
        ("<!-- a", "comment"),
        ("{::comment}a", "comment"),
        ("a[^1]", "is missing: its call"),
        ("a\n\n[^1]: b", "never called"),
        ('<p style="display: none">a</p>', "hidden"),
        ("<div hidden>a</div>", "hidden"),
        ('a <span style="VISIBILITY:hidden">b</span>', "hidden"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(written: str, what: str) -> None:
    found = said(f"un\n\n{written}")
    assert len(found) == 1
    assert what in found[0][1]
    assert found[0][0] == (5 if "called" in what else 3)


@pytest.mark.parametrize(
    "written", ["prix*\n\n*hors taxes", "2 * 3 et 5*4", "a_b_c", "# [a]", "https://x.fr/_a", "l`a"]
)
def test_signs_that_are_no_marks_are_not_said(written: str) -> None:
    assert not said(written)


@pytest.mark.parametrize(
    ("written", "quoted"),
    [
        (f"{'mot ' * 20}[^abs] {'suite ' * 20}", "“[^abs]”"),
        (f"{'mot ' * 20}[le lien](https://x.fr {'suite ' * 20}", "“[le lien]("),
        (f"{'longuement ' * 9}**gras {'longuement ' * 9}", "“longuement longuement **gras longuement longuement”"),
    ],
)
def test_messages_quote_whole_words(written: str, quoted: str) -> None:
    (found,) = said(written)
    assert quoted in found[1]


def test_what_has_no_place_is_said_in_order_with_a_remedy_that_helps() -> None:
    found = warnings("<style>p{}</style>\n\n<textarea>a</textarea>\n\n<iframe src='https://x.fr'></iframe>")
    assert [problem.line for problem in found] == [1, 3, 5]
    for problem, remedy in zip(found, ("take it out", "plain text", "Put a link"), strict=True):
        assert remedy in problem.remedy


def test_a_note_that_is_called_outside_the_text_is_said() -> None:
    found: list[Problem] = []
    to_html("Le chapeau[^1].", Setting(lang="fr", source="c.md", warn=found.append, first_line=4, field="chapeau-text"))
    assert [(problem.line, "in the main text only: the call “[^1]”" in problem.what) for problem in found] == [
        (4, True)
    ]


def test_a_note_that_stands_in_another_one_takes_nothing_from_it() -> None:
    printed = html("x[^1] y[^2] z[^3]\n\n[^1]: Un.\n    [^2]: Deux.\n        [^3]: Trois.\n\n    Quatre.\n")
    items = [words_of(item) for item in tree_of(printed).iter("li")]
    assert sorted(" ".join(items).split()) == ["Deux.", "Quatre.", "Trois.", "Un."]
    assert items[0].startswith("Un.")


def test_a_note_that_is_called_twice_keeps_its_number() -> None:
    printed = flat(html("a[^n] b[^n]\n\n> c[^m]\n\n[^n]: d\n[^m]: e"))
    assert printed.count(">1</a></sup>") == 2
    assert printed.count(">2</a></sup>") == 1
    assert ":1<" not in printed


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("[a](/u/A b.pdf)", "https://site.fr/u/A%20b.pdf"),
        ("[a](/u/b.pdf )", "https://site.fr/u/b.pdf"),
        ("[a](/u/b (1).pdf)", "https://site.fr/u/b%20(1).pdf"),
        ('[a](/u/b c.pdf "Titre")', "https://site.fr/u/b%20c.pdf"),
        ("[a](</u/b c.pdf>)", "https://site.fr/u/b%20c.pdf"),
        ("[a](/u/b%20é.pdf)", "https://site.fr/u/b%20%C3%A9.pdf"),
        ('<a href="/u/b c.pdf">a</a>', "https://site.fr/u/b%20c.pdf"),
    ],
)
def test_addresses_may_hold_spaces(written: str, address: str) -> None:
    assert html(written) == f'<p><a href="{address}">a</a></p>'


def test_what_rules_leave_out_is_told() -> None:
    omitted: list[str] = []
    found: list[Problem] = []
    blocks = "a <!-- c1 -->", "{::comment}c2{:/}", "* TOC\n{:toc}", "<p hidden>h</p>", "<iframe>f</iframe>"
    text = "\n\n".join((*blocks, "[^1]: n", "*[B]: b"))
    assert to_html(text, Setting(lang="fr", source="c.md", warn=found.append, omit=omitted.append)).html == "<p>a</p>"
    assert sorted(word for text in omitted for word in text.split()) == sorted("c1 c2 TOC h f n *[B]: b".split())


@pytest.mark.parametrize(
    "unit",
    ["> ", "*", "[", "](", "{:", "<!--", "<div ", "<b>", "a.", "1", "|", "• a\n", "{::comment}", "a@", "`", "' "],
)
def test_time_grows_with_length(unit: str) -> None:
    def seconds(length: int) -> float:
        started = time.process_time()
        html(unit * (length // len(unit)))
        return time.process_time() - started

    # Four times the text: a square would take sixteen times the time.
    assert seconds(6_000) < max(9 * seconds(1_500), 1.0)


@pytest.mark.parametrize("margin", ["", " ", "   ", "> ", "- ", "> 1. "])
@pytest.mark.parametrize("heading", ["## T {#x}", "##T {#x}", "## T {: #x}"])
def test_headings_are_read_with_their_id_wherever_they_stand(margin: str, heading: str) -> None:
    assert '<h2 id="x">T</h2>' in html(margin + heading)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("<div markdown=1>\na **b**.</div> *c*", "<div><p>a <strong>b</strong>.</p></div><p><em>c</em></p>"),
        ("<div markdown=1>\n- a\n- b</div>", "<div><ul><li>a</li><li>b</li></ul></div>"),
        ("<div markdown=1>\n<p>a</p></div>\nb", "<div><p>a</p></div><p>b</p>"),
        ("- <div markdown=1>\nun</div>", "<p>un</p>"),
        ("> <div markdown=1>\n> a</div> b\n\nc", "<blockquote><div><p>a</p></div><p>b</p></blockquote><p>c</p>"),
    ],
)
def test_text_on_the_line_of_a_closing_tag_is_kept(written: str, expected: str) -> None:
    assert flat(html(written)) == expected


@pytest.mark.parametrize("note", ["<p>Voir", "<table><tr><td>Voir", "```\nVoir\n```", "- Voir", "Voir"])
def test_a_note_that_nothing_calls_is_said_whatever_it_holds(note: str) -> None:
    said_of = [what for _line, what in said(f"a\n\n[^x]: {note}") if "never called" in what]
    assert len(said_of) == 1


@pytest.mark.parametrize("comment", ["[//]: # (à revoir)", "[comment]: <> (à revoir)", '[//]: # "à revoir"', "[x]: #"])
def test_a_definition_without_an_address_is_a_comment(comment: str) -> None:
    written = f"Avant.\n\n{comment}\n\nAprès.\n"
    assert "revoir" not in html(written)
    assert "[" not in html(written)
    assert not said(written)
    assert "revoir" in html(f"```\n{comment} revoir\n```\n")
