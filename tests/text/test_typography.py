"""Typography: what is set, what is left alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presskit.text.typography import NARROW, NO_BREAK, OPAQUE, set_runs, set_text


def shown(text: str) -> str:
    return text.replace(NARROW, "·").replace(NO_BREAK, "~")


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("plus de 800K€ ; soit 46,8%", "plus de 800·K€·; soit 46,8·%"),
        ("L'État : « Bonjour ! »", "L’État·: «·Bonjour·!·»"),
        ("«oui» et «non»", "«·oui·» et «·non·»"),
        ("Quoi?! Vraiment!!!", "Quoi·?! Vraiment·!!!"),
        ("(?) [!]", "(?) [!]"),
        ("Note: rien", "Note·: rien"),
        ("à 10:30, rapport 16:9", "à 10:30, rapport 16:9"),
        ("12 000 agents et 1 234 567 euros", "12·000 agents et 1·234·567~euros"),
        ("15000 €, 2000€, 1234567€", "15·000·€, 2·000·€, 1·234·567·€"),
        ("en 2023 5 stations, 2000 jeunes", "en 2023 5 stations, 2000 jeunes"),
        ("l'année 2023 l’appel", "l’année 2023 l’appel"),
        ("le 1er janvier, le 15 mars", "le 1er~janvier, le 15~mars"),
        ("06 10 60 41 19", "06~10~60~41~19"),
        ("12 km, 20 °C, 3 M€, 5 millions, 10 h 20", "12·km, 20·°C, 3·M€, 5~millions, 10·h·20"),
        ("M. Dupont, n° 5", "M.~Dupont, n°~5"),
        ('Il dit "oui"...', "Il dit «·oui·»…"),
        ("Paris - Lyon", "Paris – Lyon"),
        ("https://a.fr/?b=c;d!e et a@b.fr: oui", "https://a.fr/?b=c;d!e et a@b.fr·: oui"),
        ("Cybermalveillance.gouv.fr: oui", "Cybermalveillance.gouv.fr·: oui"),
        ("déjà « bien » : oui", "déjà «·bien·»·: oui"),
        ("n°6, N° 6, n° 2022-15", "n°~6, N°~6, n°~2022-15"),
        ("25°C, à 90°", "25·°C, à 90°"),
        ("3eme, 2ème, 2 ème, XXIeme, 2ièmes", "3e, 2e, 2e, XXIe, 2es"),
        ("1 er mars, 1ere, 1ère, 1 ères", "1er~mars, 1re, 1re, 1res"),
        ("d''abord, l’ Agence, qu' il, l' hôtel", "d’abord, l’Agence, qu’il, l’hôtel"),
        ("12 m2, km2, m3, B2, m2-a", "12·m², km², m³, B2, m2-a"),
        ("01.23.45.67.89 01-23-45-67-89 01 23 45 67 89", "01~23~45~67~89 01~23~45~67~89 01~23~45~67~89"),
        ("compte 0123456789, version 01.02.03.04.05", "compte 0123456789, version 01.02.03.04.05"),
        (
            "Tél. : 0123456789, ☎ 0123456789, au 0123456789",
            "Tél.·: 01~23~45~67~89, ☎ 01~23~45~67~89, au 01~23~45~67~89",
        ),
        (
            "+33 1 23 45 67 89, +33123456789, +33 (0)1.23.45.67.89",
            "+33~1~23~45~67~89, +33~1~23~45~67~89, +33~(0)1~23~45~67~89",
        ),
        ("1.01.23.45.67.89.5, 30123456789", "1.01.23.45.67.89.5, 30123456789"),
    ],
)
def test_french(written: str, printed: str) -> None:
    assert shown(set_text(written, "fr")) == printed


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ('It\'s "good": really; 50%!', "It’s “good”: really; 50%!"),
        ("'quoted' in the '90s", "‘quoted’ in the '90s"),
        ("12 km, Mr Smith, 5 May", "12~km, Mr~Smith, 5~May"),
        ("n°6, 3eme, l’ Agence, 01.23.45.67.89, m2", "n°6, 3eme, l’ Agence, 01.23.45.67.89, m2"),
    ],
)
def test_english_gets_no_french_spaces(written: str, printed: str) -> None:
    assert shown(set_text(written, "en-GB")).replace("the ’90s", "the '90s") == printed


def test_other_languages_are_left_alone() -> None:
    assert set_text("Das ist's: 46,8%; ja!", "de") == "Das ist's: 46,8%; ja!"


def test_rules_see_across_runs() -> None:
    assert set_runs(["bold ", ": et 12", " %"], "fr") == [f"bold{NARROW}", ": et 12", f"{NARROW}%"]
    assert set_runs(["l", "'", "État"], "fr") == ["l", "’", "État"]


def test_code_is_opaque() -> None:
    assert set_runs(["avec ", OPAQUE, " : oui"], "fr") == ["avec ", OPAQUE, f"{NARROW}: oui"]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_quotes_around_nothing_are_no_quotation(lang: str) -> None:
    for text in ('un champ "" vide', '":"":"'):
        assert set_text(text, lang) == text


def test_spaces_too_many_before_a_unit_do_not_hide_an_amount() -> None:
    assert set_text("2000  € en 2000", "fr") == f"2{NARROW}000{NARROW}€ en 2000"


def test_quotes_around_quotes_are_set_as_well() -> None:
    text = 'Elle a dit : "Il a répondu "oui" hier".'
    inner = f"«{NARROW}oui{NARROW}»"
    assert set_text(text, "fr") == f"Elle a dit{NARROW}: «{NARROW}Il a répondu {inner} hier{NARROW}»."
    assert set_text('"She said "yes" today"', "en") == "“She said “yes” today”"


@settings(max_examples=300)
@given(
    st.one_of(
        st.text(alphabet="ab É«»;:!?%€'\"0159. \u202f\u00a0-(h", max_size=40),
        st.text(alphabet="lnm'’ eè°CN+.0123-\u00a0()", max_size=30),
    )
)
def test_setting_twice_changes_nothing_more(text: str) -> None:
    once = set_text(text, "fr")
    assert set_text(once, "fr") == once


@given(st.lists(st.text(alphabet="ab «»;:!?%€'\"019. ", max_size=8), max_size=6))
def test_runs_give_what_their_text_gives_and_lose_no_letter(runs: list[str]) -> None:
    together = "".join(set_runs(runs, "fr"))
    assert together == set_runs(["".join(runs)], "fr")[0]
    assert [c for c in together if c.isalnum()] == [c for c in "".join(runs) if c.isalnum()]
