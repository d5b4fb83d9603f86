"""Two readers of the same Markdown agree, save where presskit means to differ."""

import collections
import html
import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from tests import second_reader
from tests.conftest import ROOT
from tests.second_reader import DIFFERENCES, Difference, as_printed, compared, words
from tests.test_random_texts import FIRST
from tests.texts import Text, by_chance, mutated, texts


@pytest.fixture(autouse=True)
def ruby() -> None:
    if not second_reader.is_there():
        pytest.skip("NOT TESTED: ruby-kramdown and ruby-kramdown-parser-gfm are not installed")


def real_texts(folder: Path) -> dict[str, str]:
    """The bodies of the communiqués in a folder, by their names."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".md", ".markdown"))
    texts = {path.stem: path.read_text("utf-8").split("\n---", 1) for path in files}
    return {name: text[1].partition("\n")[2] for name, text in texts.items() if len(text) == 2}


@given(texts())
def test_of_random_texts(text: Text) -> None:
    ours, theirs = compared(text.markdown)
    assert ours == theirs, text.markdown


def test_of_real_texts(shared: Path) -> None:
    found = real_texts(shared / "seed") | real_texts(shared / "corpus") | real_texts(ROOT / "examples")
    assert len(found) > 40
    for name, text in found.items():
        ours, theirs = compared(text)
        assert ours == theirs, name


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_of_damaged_texts_nothing_is_lost_or_doubled(shared: Path, seed: int) -> None:
    lines = "\n".join(real_texts(shared).values()).split("\n")
    text = mutated(lines, by_chance(random.Random(seed)))
    ours, theirs = compared(text)
    # Where a link is damaged, one may print the address that the other takes for a link's.
    addresses = words(" ".join(re.findall(r"\]\([^)]*\)|https?://\S+|\S+@\S+", text)))
    # A pasted number that stays text for the one is a list's numeral for the other.
    numbers = re.findall(r"(\d+)[.)°]", text)
    # What the one parts by marks that it prints, the other may print together.
    found = "".join([*ours.words, *addresses, *numbers])
    lost = [word for word, count in collections.Counter(theirs.words).items() if found.count(word) < count]
    assert lost == [], text
    written = collections.Counter(words(as_printed(html.unescape(text))))
    printed = {word: count for word, count in collections.Counter(ours.words).items() if word in written}
    assert not {word for word, count in printed.items() if count > written[word]}, text


@pytest.mark.parametrize("difference", DIFFERENCES, ids=[difference.example for difference in DIFFERENCES])
def test_each_intended_difference_is_still_one(difference: Difference) -> None:
    ours, theirs = compared(difference.example)
    assert ours == theirs
    ours, theirs = compared(difference.example, without=difference)
    assert ours != theirs, f"no longer needed: {difference.why}"


def test_a_quotation_that_loses_words_is_found(losing: None) -> None:
    ours, theirs = compared("> Nous ferons **tout** pour la mer")
    assert ours.words == ["Nous", "ferons", "tout"]
    assert ours != theirs
    find(texts(), lambda text: differ(text.markdown), settings=FIRST)


def differ(markdown: str) -> bool:
    ours, theirs = compared(markdown)
    return ours != theirs
