"""Content streams: read as pikepdf reads them, and marked without a change to what they draw."""

import re

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.pdf.content import Marked, ObjectKind, mark, operators, shows

NUMBERS = st.integers(-999, 999).map(str) | st.floats(-99, 99, allow_nan=False).map(lambda value: f"{value:.3f}")
STRINGS = st.binary(max_size=12).map(lambda data: b"<" + data.hex().encode() + b">") | st.sampled_from(
    [b"(a)", b"()", b"(a (b) c)", rb"(\) BDC \()", b"(EMC ET)", b"(%)", b"( /P BMC )"]
)
NAMES = st.sampled_from([b"/F1", b"/Im0", b"/#20x", b"/P"])
OPERANDS = (
    NUMBERS.map(str.encode) | STRINGS | NAMES | st.sampled_from([b"[1 (a) -20 (b)]", b"<</A 1 /B [2]>>", b"true"])
)
OPERATIONS = st.tuples(
    st.lists(OPERANDS, max_size=6), st.sampled_from([b"Tj", b"TJ", b"'", b'"', b"re", b"f*", b"Do", b"cm", b"q", b"T*"])
).map(lambda item: b" ".join([*item[0], item[1]]))
STREAMS = st.lists(OPERATIONS | st.just(b"% a remark Tj\n"), max_size=30).map(b"\n".join)


def parsed(data: bytes) -> list[tuple[str, int]]:
    with pikepdf.new() as pdf:
        found = pikepdf.parse_content_stream(pikepdf.Stream(pdf, data))
        return [(str(item.operator), len(item.operands)) for item in found]


@given(STREAMS)
def test_operators_are_those_that_pikepdf_reads(data: bytes) -> None:
    expected = [name for name, _count in parsed(data)]
    assert [operator.name.decode() for operator in operators(data)] == expected


@given(st.binary(max_size=200))
def test_any_bytes_are_read_to_their_end(data: bytes) -> None:
    for operator in operators(data):
        assert 0 <= operator.start < operator.end <= len(data)


@pytest.mark.parametrize("start", [b"(", b"[(", b"[(a)(", b"<", b"[<"])
def test_what_is_never_closed_takes_no_time(start: bytes) -> None:
    """Tried in all ways that it can be cut, such a stream would take for ever."""
    assert [operator.name for operator in operators(b"q " + start + b"a " * 200)][:1] == [b"q"]


def test_an_inline_image_is_one_operator() -> None:
    data = b"q BI /W 2 /H 2 /BPC 8 /CS /G ID \x00 EI\xff EI Q"
    assert [operator.name for operator in operators(data)] == [b"q", b"BI", b"Q"]
    assert shows(data) == (False, [""])
    imitated = b"q BI /W 2 /H 2 /BPC 8 /CS /G ID \x00 EI \xff\x00 EI Q"
    assert [operator.name for operator in operators(imitated)] == [b"q", b"BI", b"Q"]


def marked(
    data: bytes, owned: tuple[int, ...] = (), hidden: tuple[int, ...] = (), kind: ObjectKind = "image"
) -> Marked:
    return mark(data, owned, hidden, properties=lambda _name: None, kind_of=lambda _name: kind)


def without_marks(data: bytes) -> list[bytes]:
    return [item.name for item in operators(data) if item.name not in (b"BDC", b"BMC", b"EMC")]


@given(STREAMS)
def test_marks_change_nothing_else_and_are_balanced(data: bytes) -> None:
    result = marked(data)
    assert without_marks(result.data or data) == without_marks(data)
    depth = 0
    for operator in operators(result.data or data):
        depth += {b"BDC": 1, b"BMC": 1, b"EMC": -1}.get(operator.name, 0)
        assert 0 <= depth <= 1
    assert depth == 0
    mcids = [mcid for block in result.blocks for mcid in block.mcids]
    assert mcids == sorted(set(mcids)) == list(range(len(mcids)))
    again = marked(result.data or data, tuple(mcids))
    assert again.data is None and not again.blocks


def test_what_is_owned_stays_and_what_is_not_is_marked_anew() -> None:
    data = b"/P <</MCID 0>> BDC BT (a) Tj ET EMC /H1 <</MCID 7>> BDC BT (b) Tj ET EMC BT (c) Tj ET"
    result = marked(data, owned=(0,))
    assert result.data is not None
    assert b"/P <</MCID 0>> BDC BT (a) Tj ET EMC" in result.data
    assert b"/MCID 7" not in result.data and b"/H1 BMC" in result.data
    assert [block.mcids for block in result.blocks] == [[1, 2]]
    hidden = marked(data, owned=(0,), hidden=(7,))
    assert hidden.data is not None
    assert b"/Artifact BMC BT (b) Tj ET EMC" in hidden.data


def test_drawings_are_decoration_and_pictures_figures() -> None:
    data = (
        b"q 10 10 m 20 20 l S Q q 200 0 0 100 0 0 cm /Im0 Do Q q 3 0 0 3 0 0 cm /Im0 Do Q 1 1 5 5 re W n 0 0 9 9 re f"
    )
    result = marked(data)
    assert [block.kind for block in result.blocks] == ["Figure"]
    assert result.data is not None
    assert re.findall(rb"/(\w+) (?:BMC|<<)", result.data) == [b"Artifact", b"Figure", b"Artifact", b"Artifact"]


def lines(*places: tuple[float, float, float]) -> Marked:
    shown = b" ".join(b"/F1 %f Tf 1 0 0 1 %f %f Tm (x) Tj" % (size, x, y) for x, y, size in places)
    return marked(b"BT " + shown + b" ET")


def test_lines_that_follow_are_one_paragraph() -> None:
    assert len(lines((50, 700, 10), (50, 688, 10), (50, 676, 10)).blocks) == 1


def test_a_gap_another_size_or_another_column_begin_a_paragraph() -> None:
    assert len(lines((50, 700, 10), (50, 670, 10)).blocks) == 2
    assert len(lines((50, 700, 16), (50, 688, 10)).blocks) == 2
    assert len(lines((300, 700, 10), (50, 700, 10)).blocks) == 2
    assert len(lines((50, 100, 10), (300, 700, 10)).blocks) == 2


def test_a_note_mark_stays_in_its_line() -> None:
    assert len(lines((50, 700, 10), (80, 703, 6), (86, 700, 10), (50, 688, 10)).blocks) == 1


def test_turned_text_goes_on_along_its_own_lines() -> None:
    data = b"BT /F1 10 Tf 0 1 -1 0 100 50 Tm (a) Tj 0 1 -1 0 112 50 Tm (b) Tj 0 1 -1 0 160 50 Tm (c) Tj ET"
    assert len(marked(data).blocks) == 2


def test_unseen_text_is_told() -> None:
    assert marked(b"BT 3 Tr (a) Tj ET").invisible
    assert not marked(b"BT (a) Tj ET").invisible
