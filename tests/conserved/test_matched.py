"""Two readings laid side by side: what one has more than the other, wherever it is."""

import random
import time

import pytest

from presskit.conserved.matched import matched, unmatched
from presskit.conserved.written import words_in


def differences(written: str, printed: str) -> tuple[list[str], list[str]]:
    """The words that are not printed, and what is printed besides."""
    words, text = list(words_in(written)), printed.replace(" ", "")
    places = matched(words, printed.split())
    lost = [word.written for word, place in zip(words, places, strict=True) if place is None]
    return lost, [text[start:end] for start, end in unmatched(places, len(text))]


@pytest.mark.parametrize(
    ("written", "printed", "lost", "extra"),
    [
        ("un deux trois", "un deux trois", [], []),
        ("un deux trois", "un trois", ["deux"], []),
        ("un trois", "un deux trois", [], ["deux"]),
        ("pièce 1 pièce 2", "pièce 1 page 2 pièce 2 page 3", [], ["page2", "page3"]),
        ("a 1 a 2", "a 1 page 2 a 2 page 3", [], ["page2", "page3"]),
        ("a abord", "abord", ["a"], []),
        ("nous ferons tout pour la mer après", "nous ferons tout après", ["pour", "la", "mer"], []),
        ("un", "", ["un"], []),
        ("", "un", [], ["un"]),
    ],
)
def test_differences_are_where_they_are(written: str, printed: str, lost: list[str], extra: list[str]) -> None:
    assert differences(written, printed) == (lost, extra)


def test_some_words_lost_in_a_long_text_are_those_that_are_found_lost() -> None:
    dice = random.Random(1)
    words = [f"{dice.choice('bcdfg')}{dice.choice('aeiou')}{number}z" for number in range(2000)]
    gone = {number for start in dice.sample(range(1, 1900), 12) for number in range(start, start + dice.randint(1, 4))}
    printed = "".join(word for number, word in enumerate(words) if number not in gone)
    assert differences(" ".join(words), printed) == ([words[number] for number in sorted(gone)], [])


def test_time_is_bounded_where_nothing_agrees() -> None:
    start = time.process_time()
    differences(" ".join(f"mot{number}" for number in range(20_000)), "x" * 100_000)
    assert time.process_time() - start < 5
