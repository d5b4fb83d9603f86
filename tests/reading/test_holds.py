"""Keys that hold a text back, in the spellings that authors find for them; and words that only look like them."""

import pytest

from presskit.reading.holds import (
    begins_as_draft,
    begins_with_embargo,
    embargo_line,
    hold_of,
    may_be_yes_or_no,
    speaks_of_a_hold,
    yes_or_no,
)

EMBARGOES = (
    "embargo Embargo EMBARGO embargo-until embargo_date date-embargo sous_embargo_jusqu_au Embargoed embargos "
    "under-embargo embargo-jusqu-au sousEmbargo embargo.fin em-bargo embrago enbargo embargot embago mbargo "
    "emabrgo ambargo date_embrago émbàrgo emb\u00adargo EMBARGÓ_FIN"
).split()
OTHERS = (
    "title titre date tags une files images categories chapeau-text publisher retraite extrait portrait "
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


SAID = [
    "SOUS EMBARGO jusqu’au 1er décembre",
    "Information sous embargo jusqu’au 1er décembre 2026",
    "> Sous embargo !",
    "**Diffusion interdite avant le mardi 1er décembre à 6 h.**",
    "À ne pas diffuser avant le 1er décembre 2026.",
    "Strictement embargoté jusqu’à mardi",
    "embargo 2026-12-01",
    "embargo: 2026-12-01",
    "- **Embargo** : mardi 1er décembre",
    "[BROUILLON] Le titre",
    "DRAFT – not for release",
    "CONFIDENTIEL – NE PAS DIFFUSER",
    "Embargoed until 6 am",
    "STRICTLY EMBARGOED",
    "Embargo : 1er décembre, 6 h",
    "Document sous embargo",
    "Communiqué sous embargo presse",
    "NOT FOR RELEASE BEFORE 6 AM",
    "> ⚠️ Sous embargo jusqu'à demain",
    "Embargo levé le 1er décembre",
    "Embargo : ne pas diffuser avant mardi",
    "Embargo jusqu’au 1er décembre",
    "Ne pas publier avant lundi",
    "Embargo média : mardi 6h",
    "Sous embargo : 6 h",
]
UNSAID = [
    "Embargo sur les armes",
    "Embargo : la France renforce ses sanctions.",
    "Le pétrole russe sous embargo",
    "Sous embargo depuis 2014, le pays exporte peu",
    "L’embargo est levé",
    "L’embargo sur les armes est prolongé jusqu’au 31 juillet 2027",
    "Embargo russe : 12 mesures",
    "Draft law on energy",
    "Brouillon de culture",
    "Projet de loi de finances",
    "Ne pas diffuser de fausses nouvelles",
    "Confidentiel défense : la réforme",
    "Publication du rapport avant le 1er décembre",
    "Diffusion de la liste",
    "Communiqué de presse",
    "POUR DIFFUSION IMMÉDIATE",
    "For immediate release",
    "Projet : la gare",
    "Embargo pétrolier",
    "Le 2 décembre, embargo levé",
]


@pytest.mark.parametrize("text", SAID)
def test_a_text_that_says_first_that_it_must_wait(text: str) -> None:
    assert begins_with_embargo(text) or begins_as_draft(text)
    assert begins_with_embargo(f"Le titre\n\n> {text}") or begins_as_draft(f"Le titre\n\n> {text}")
    assert speaks_of_a_hold(f"---\ntitle: 'l'eau'\n---\n{text}\n".encode())


@pytest.mark.parametrize("text", UNSAID)
def test_a_text_about_embargoes_and_drafts_need_not_wait(text: str) -> None:
    assert not begins_with_embargo(text)
    assert not begins_as_draft(text)
    assert not speaks_of_a_hold(f"---\ntitle: {text}\ntags: 'l'eau'\n---\n{text}\n".encode())


def test_what_a_comment_says_is_of_the_comment() -> None:
    for comment in ("{::comment}\nNote interne : ne pas publier\n{:/comment}", "<!--\nNE PAS DIFFUSER\n-->"):
        assert not begins_as_draft(f"Avant\n\n{comment}\n\nfin")


def test_a_field_that_slipped_into_the_text() -> None:
    assert embargo_line("Texte.\n\n- **Embargo** : 1er décembre 2026 à 6 h\n") == 2
    assert embargo_line("Texte.\n\nEmbargo : le point sur les sanctions\n") is None


@pytest.mark.parametrize(
    ("key", "hold"),
    [
        ("publishDate", "release"),
        ("publish_date", "release"),
        ("date de publication", "release"),
        ("ne-pas-diffuser-avant", "release"),
        ("mise_en_ligne", "release"),
        ("parution", "release"),
        ("expiryDate", "expiry"),
        ("supprimé", "withdrawal"),
        ("deleted", "withdrawal"),
        ("unlisted", "draft"),
    ],
)
def test_other_keys_that_hold_a_text_back(key: str, hold: str) -> None:
    assert hold_of(key) == hold
