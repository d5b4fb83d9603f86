"""Texts that share much of their words."""

from hypothesis import given
from hypothesis import strategies as st

from presskit.reading.likeness import likeness, sketch

WORDS = [f"mot{number}" for number in range(400)]


def text(words: list[str]) -> bytes:
    return f"---\ntitle: t\n---\n{' '.join(words)}".encode()


@given(st.binary(max_size=200))
def test_any_octets_are_like_themselves(octets: bytes) -> None:
    assert likeness(sketch(octets), sketch(octets)) == 1


def test_the_share_that_two_texts_have() -> None:
    whole = sketch(text(WORDS))
    assert likeness(whole, sketch(text([*WORDS[:200], "neuf", *WORDS[200:]]))) > 0.9
    assert likeness(whole, sketch(text([*WORDS[:300], *(f"x{word}" for word in WORDS[:100])]))) > 0.4
    assert likeness(whole, sketch(text([f"x{word}" for word in WORDS]))) < 0.05
    assert likeness(sketch(b""), []) == 0
