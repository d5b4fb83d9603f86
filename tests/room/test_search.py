"""The search index: words as they are looked for, in files small enough for a telephone."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from presskit.publication import Publication
from presskit.room.entries import Entry
from presskit.room.search import folded, index, shard_of, words
from tests.room.conftest import RoomFolder


def entry(number: int, title: str, text: str = "", **fields: Any) -> Entry:
    day = f"2026-01-{number + 1:02}"
    return Entry(
        id=str(number),
        publication=Publication(
            name=f"{day}-x{number}", lang="fr", title=title, moment=f"{day}T00:00:00+01:00", text=text, **fields
        ),
    )


def test_words_are_looked_for_without_case_accents_and_ligatures() -> None:
    assert words("L’Œuvre d’ÉTÉ, n° 2024 : Straße_nord") == ["oeuvre", "ete", "2024", "strasse", "nord"]


def test_title_chapeau_text_and_tags_are_found_by_numbers_that_stay() -> None:
    old, new = entry(0, "Marées", "Brest"), entry(1, "Marins", summary="Un chapeau", tags=("Océan",))
    files = index([new, old])
    assert json.loads(files["ma.json"]) == {"marees": [0], "marins": [1]}
    assert json.loads(files["ch.json"]) == {"chapeau": [1]}
    assert json.loads(files["oc.json"]) == {"ocean": [1]}
    later = index([entry(2, "Zoo"), new, old])
    assert later["ma.json"] == files["ma.json"]


@given(st.text(max_size=200))
def test_every_word_is_in_the_file_of_its_name(text: str) -> None:
    files = index([entry(0, text)])
    for word in words(text):
        name = f"{shard_of(word)}.json"
        assert word in json.loads(files[name])
        assert name.replace(".", "").isalnum()
        assert name.isascii()


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_what_is_withdrawn_is_found_by_its_title_alone(room: RoomFolder) -> None:
    found = {path.name: json.loads(path.read_text("utf-8")) for path in (room.public / "recherche/index").iterdir()}
    assert "nomination" in found["no.json"]
    assert not any("xyzzy" in shard for shard in found.values())
