"""Keys that hold a text back, in the spellings that authors find for them; and words that only look like them."""

import pytest

from presskit.reading.holds import begins_with_embargo, hold_of, may_be_yes_or_no, speaks_of_a_hold, yes_or_no

EMBARGOES = (
    "embargo Embargo EMBARGO embargo-until embargo_date date-embargo sous_embargo_jusqu_au Embargoed embargos "
    "under-embargo embargo-jusqu-au sousEmbargo embargo.fin em-bargo embrago enbargo embargot embago mbargo "
    "emabrgo ambargo date_embrago émbàrgo emb\u00adargo EMBARGÓ_FIN"
).split()
OTHERS = (
    "title titre date tags une files images categories chapeau-text publisher publication retraite extrait portrait "
    "émargement embarquement embarras embauche ombrage permalink redirect_from lieu-de-retrait excerpt description"
).split()


@pytest.mark.parametrize("key", [*EMBARGOES, "sous embargo", "sous embargo jusqu'au", " embargo "])
def test_a_key_that_speaks_of_an_embargo(key: str) -> None:
    assert hold_of(key) == "embargo"


@pytest.mark.parametrize(
    ("key", "hold"),
    [
        ("retiré", "withdrawal"),
        ("Retirée", "withdrawal"),
        ("retire_le", "withdrawal"),
        ("date-de-retrait", "withdrawal"),
        ("witdrawn", "withdrawal"),
        ("withdraw", "withdrawal"),
        ("brouilon", "draft"),
        ("Draft", "draft"),
        ("publised", "published"),
        ("publié", "published"),
    ],
)
def test_other_holds(key: str, hold: str) -> None:
    assert hold_of(key) == hold


@pytest.mark.parametrize("key", OTHERS)
def test_words_of_their_own_hold_nothing(key: str) -> None:
    assert hold_of(key) is None


@pytest.mark.parametrize(("written", "said"), [("Oui", True), ("vrai", True), ("NON", False), ("aucun", False)])
def test_a_yes_or_no(written: str, said: bool) -> None:
    assert yes_or_no(written) is said
    assert not may_be_yes_or_no(written)


def test_a_slip_of_a_yes_or_no() -> None:
    for written in ("flase", "ture", "fasle"):
        assert yes_or_no(written) is None
        assert may_be_yes_or_no(written)
    assert not may_be_yes_or_no("par erreur")


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("---\ntitle: 'l'eau'\nembargo: demain\n---\nx", True),
        ("--\ntitle: x\nEnbargo : 2026", True),
        ("title: x\nretiré: true\n", True),
        ("---\n{title: x, draft: true\n", True),
        ("published: flase", True),
        ("draft:", True),
        ("---\ntitle: 'l'eau'\ndraft: false\npublished: true\nretrait: non\n---\nLe retrait : demain.", False),
        ("---\ntitle: 'l'eau'\n---\nUne plage embarquée : oui. Le brouillon est retiré, dit-il.", False),
    ],
)
def test_a_file_that_can_not_be_read_speaks_of_a_hold(text: str, speaks: bool) -> None:
    assert speaks_of_a_hold(text.encode()) is speaks
    assert speaks_of_a_hold(text.encode("utf-16-le")) is speaks
    assert speaks_of_a_hold(b"\xff\xfe" + text.encode("cp1252")) is speaks


def test_time_grows_with_length() -> None:
    import time

    start = time.perf_counter()
    for text in ("mot embarqu " * 8_000, "- " * 50_000, "a_" * 50_000, "clef : valeur\n" * 8_000, "{" * 50_000):
        speaks_of_a_hold(text.encode())
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SOUS EMBARGO jusqu’au 1er décembre 2026", True),
        ("Sous embargo : mardi, 6 h", True),
        ("**EMBARGO jusqu’au 1/12**", True),
        ("Under embargo until 6 am", True),
        ("EMBARGO 01/12/2026", True),
        ("Le pétrole russe sous embargo", False),
        ("Sous embargo depuis 2014, le pays exporte peu", False),
        ("L’embargo est levé", False),
    ],
)
def test_a_text_that_begins_with_its_embargo(text: str, said: bool) -> None:
    assert begins_with_embargo(text) is said
