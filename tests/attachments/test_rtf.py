"""RTF: what its changes took is gone, and its fields are text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.attachments.rtf import settled

PIECES = {
    "a ": ("a ", 0),
    r"{\b gras }": ("gras ", 0),
    r"{\deleted\revauthdel1\revdttmdel12 ENLEVE}": ("", 1),
    r"\deleted ENLEVE\deleted0 b ": ("b ", 1),
    r"{\deleted ENLEVE{\b ENLEVE}\par \'e9 ENLEVE}": ("", 1),
    r"{\revised\revauth1 neuf }": ("neuf ", 1),
    r"{\revised{\deleted ENLEVE}c }": ("c ", 2),
    r"{\b\deleted ENLEVE\plain d }": ("d ", 1),
    r"{\field{\*\fldinst { DATE \\@ ENLEVE }}{\fldrslt {3 mars }}}": ("3 mars ", 0),
    r"{\field\flddirty{\*\fldinst FILENAME}{\fldrslt nom }}": ("nom ", 0),
    r"{\field{\*\fldinst IF {\field{\*\fldinst DATE}{\fldrslt ENLEVE}} }{\fldrslt oui }}": ("oui ", 0),
    r"\{ \} \\ ": (r"\{ \} \\ ", 0),
}


def plain(octets: bytes) -> str:
    """The text of a simple RTF."""
    import re

    return re.sub(r"(?<!\\)[{}]|\\(?:b|plain|rtf1)\b ?", "", octets.decode())


@given(st.lists(st.sampled_from(list(PIECES)), max_size=12))
def test_what_stays_is_what_was_not_taken(pieces: list[str]) -> None:
    done, changes = settled(("{\\rtf1 " + "".join(pieces) + "}").encode())
    assert plain(done) == "".join(PIECES[piece][0] for piece in pieces)
    assert b"ENLEVE" not in done and b"DATE" not in done
    apart = sum(PIECES[piece][1] for piece in pieces)
    # Two that follow each other are one.
    assert (changes > 0) == (apart > 0) and changes <= apart


@pytest.mark.parametrize("content", [rb"{\field{\*\fldinst PAGE}{\fldrslt 7}}", rb"\bin7 \deleted", b"", b"}}{{\\"])
def test_all_else_stays_to_the_byte(content: bytes) -> None:
    assert settled(content) == (content, 0)


@given(st.binary(max_size=300))
def test_anything_is_read(content: bytes) -> None:
    settled(content)


def test_time_grows_with_length() -> None:
    started = time.monotonic()
    settled(rb"{\field{\*\fldinst DATE}{\fldrslt " * 5_000 + b"}" * 10_000)
    settled(b"\\" * 100_000 + b"{" * 50_000)
    assert time.monotonic() - started < 5
