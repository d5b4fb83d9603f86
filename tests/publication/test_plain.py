"""Plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.publication.plain import plain


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h2>A</h2><p>b\nc<br>d</p>", "A\n\nb c\nd"),
        (
            "<p>un <a href='https://x.fr'>lien</a>, <a href='https://y.fr'>https://y.fr</a></p>",
            "un lien (https://x.fr), https://y.fr",
        ),
        ("<p><a href='mailto:a@b.fr'>a@b.fr</a> <a href='#n'>n</a></p>", "a@b.fr n"),
        ("<ul><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ul>", "- a\n  - b\n- c\n  d"),
        ("<ol start=3><li>a</li><li>b</li></ol>", "3. a\n4. b"),
        ("<table><tr><th>a</th><td>b c</td></tr><tr><td>1</td><td>2</td></tr></table>", "a\tb c\n1\t2"),
        ("<table><caption>t</caption><tr><td>a</table>", "t\na"),
        ("<ol start=0><li>a</ol>", "0. a"),
        ("<ol><li>a<li><li value=7>b</ol><ol reversed><li>c<li>d</ol>", "1. a\n2.\n7. b\n\n2. c\n1. d"),
        ("<ol type=a class=paren start=2><li>a</ol><ol type=I class=parens><li>b</ol>", "b) a\n\n(I) b"),
        ("<pre>  a\n   b</pre>", "  a\n   b"),
        ("<p>12\u00a0%\u202f!</p>", "12\u00a0%\u202f!"),
        ("<p>a</p><img alt='x' src='y'>", "a"),
        ("", ""),
    ],
)
def test_plain(html: str, expected: str) -> None:
    assert plain(html) == expected


def test_addresses_can_be_left_out() -> None:
    assert plain("<p>un <a href='https://x.fr'>lien</a></p>", links=False) == "un lien"


PIECES = "<p> </p> <ul> </ul> <li> <ol> <table> <caption> <tr> <td> </table> <pre> <b> <a/href=x> <br> mot".split()


@given(st.lists(st.sampled_from(PIECES)))
def test_no_html_breaks_it_and_no_word_is_lost(pieces: list[str]) -> None:
    html = "".join(pieces)
    assert plain(html).count("mot") == pieces.count("mot")
