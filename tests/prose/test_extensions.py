"""What is for its author's eyes only is left out in silence, and the other lines keep their numbers."""

import pytest

from presskit.prose.extensions import without_comments


@pytest.mark.parametrize(
    ("written", "printed", "lines"),
    [
        ("a\n\n{::comment}\nn\n{:/comment}\n\nb", "a\n\n<!-- -->\n\nb", [0, 1, 4, 5, 6]),
        ("{::comment}n{:/} b\nc", " b\nc", [0, 1]),
        ("a <!-- n\n\nn --> b\nc", "a  b\nc", [0, 3]),
        ("> a\n> {::comment}\n> n\n> {:/}\n> b", "> a\n> b", [0, 4]),
        ("{::comment}n{::comment}n{:/comment}n{:/comment}b", "b", [0]),
        ("{::comment}n{::comment}n{:/comment}b", "b", [0]),
        ('{::options toc_levels="2" /}\nb', "b", [1]),
        ("{::nomarkdown}\n<b>a</b>\n{:/}\nb", "<b>a</b>\nb", [1, 3]),
        ("<?php n ?>b", "b", [0]),
        ("`<!-- a -->`", "`<!-- a -->`", [0]),
        ("```\n<!-- a -->\n```\nb", "```\n<!-- a -->\n```\nb", [0, 1, 2, 3]),
        ("{::comment}a\nb", "{::comment}a\nb", [0, 1]),
        ("<!-- a -->", "", [0]),
        ("<!-- a\nb", "\\<!-- a\nb", [0, 1]),
    ],
)
def test_comments_go(written: str, printed: str, lines: list[int]) -> None:
    assert without_comments(written, lambda _text: None) == (printed, lines)


def test_what_is_in_comments_is_told() -> None:
    omitted: list[str] = []
    without_comments("a <!-- b --> {::comment}c{:/} `<!-- d -->` {::nomarkdown}e{:/}", omitted.append)
    assert omitted == [" b ", "c"]
