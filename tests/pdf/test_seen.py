"""What is seen on a page: what lies on it, and within what its drawing is clipped to."""

import io
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name

from presskit.pdf.content import operators
from presskit.pdf.seen import seen_text
from tests.conftest import html_pdf


def page(content: str, **more: Any) -> pikepdf.Pdf:
    """A page of 200 by 100 points whose font has letters half as wide as it is high."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 100))
    font = Dictionary(Type=Name.Font, Subtype=Name.TrueType, FirstChar=0, Widths=Array([500] * 256))
    pdf.pages[0].Resources = Dictionary(Font=Dictionary(F1=font), **more)
    pdf.pages[0].Contents = pdf.make_stream(content.encode("latin-1"))
    return pdf


def seen(content: str, **more: object) -> list[str]:
    return seen_text(page(content, **more)).split()


SHOWN = "BT /F1 10 Tf {x} {y} Td (Abcdef) Tj ET"


@given(x=st.integers(-100, 250), y=st.integers(-30, 130), left=st.integers(0, 100), right=st.integers(101, 200))
def test_each_letter_is_seen_that_is_half_within_the_page_and_the_clip(x: int, y: int, left: int, right: int) -> None:
    clip = f"{left} 0 {right - left} 100 re W* n "
    expected = [
        letter
        for place, letter in enumerate("Abcdef")
        if min(right, x + 5 * place + 5) - max(left, x + 5 * place) >= 2.5 and min(100, y + 5) - max(0, y) >= 2.5
    ]
    assert "".join(seen(clip + SHOWN.format(x=x, y=y))) == "".join(expected)
    # A clip ends with what it was set in; moved and turned, it is where its text is.
    assert seen(f"q {clip} Q {SHOWN.format(x=20, y=50)}") == ["Abcdef"]
    turned = seen(f"q 0 1 -1 0 100 0 cm {left} 0 {right - left} 100 re W n {SHOWN.format(x=x, y=y)} Q")
    assert set("".join(turned)) <= set(expected)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("BT /F1 10 Tf 10 50 Td [(Ab)-3000<63>]TJ ET", "Abc"),
        ("BT /F1 10 Tf 1 0 0 1 10 50 Tm (Ab) Tj 20 0 Td (c) Tj T* (d) ' ET", "Ab c d"),
        ("BT /F1 10 Tf 3 Tr 10 50 Td (Ab) Tj 0 Tr (c) Tj ET", "c"),
        ("BT /F1 10 Tf 190 50 Td (Ab) Tj (cd) Tj ET", "Ab"),
        ("/Span <</ActualText (fi)>> BDC BT /F1 10 Tf 10 50 Td (X) Tj ET EMC", "fi"),
        ("/Span <</ActualText (fi)>> BDC BT /F1 10 Tf 300 50 Td (X) Tj ET EMC", ""),
        (r"BT /F1 10 Tf 10 50 Td (\(A\)\051) Tj ET", "(A))"),
        ("BT /F2 10 Tf 10 50 Td (Ab) Tj ET Q Q", ""),
        ("10 50 m 20 50 l 20 60 l h W n BT /F1 10 Tf 10 50 Td (Abc) Tj ET", "Ab"),
    ],
)
def test_text_is_read_as_it_is_set(content: str, text: str) -> None:
    assert " ".join(seen(content)) == text


def test_forms_are_read_where_they_are_drawn() -> None:
    pdf = page("q 1 0 0 1 150 0 cm /Fm Do Q")
    form = pdf.make_stream(SHOWN.format(x=10, y=50).encode())
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 25, 100])
    form.Resources = Dictionary(Font=pdf.pages[0].Resources.Font)
    pdf.pages[0].Resources.XObject = Dictionary(Fm=form)
    assert seen_text(pdf).split() == ["Abc"]


def test_what_is_beside_a_page_is_not_seen_in_what_the_layouts_make() -> None:
    html = "<style>@page{size:90mm;margin:0}p{position:absolute;left:%dmm;top:9mm}</style><p>Efficacité œuvre"
    for left, text in ((5, ["Efficacité", "œuvre"]), (95, [])):
        with pikepdf.open(io.BytesIO(html_pdf(html % left))) as pdf:
            assert seen_text(pdf).split() == text


@given(st.lists(st.sampled_from(["1 0 0 rg", "q", "Q", "0.5 w", "BT", "ET", "/F1 9 Tf", "[<01>2(a)]TJ", "n", "W*"])))
def test_operators_are_read_alike_however_they_are_set(steps: list[str]) -> None:
    found = [(operator.name, operator.operands) for operator in operators("\n".join(steps).encode())]
    apart = [(operator.name, operator.operands) for step in steps for operator in operators(f" % x\n{step}".encode())]
    assert found == apart
    assert len(found) == len(steps)
