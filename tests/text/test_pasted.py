"""Addresses and telephones as they are pasted."""

import pytest

from presskit.text.pasted import Length, addresses_in, length_of, parts_of, phones_in

LINE = "01 02 03 04 05"
MOBILE = "06 01 02 03 04"


@pytest.mark.parametrize(
    ("text", "found", "rest"),
    [
        ("a@b.fr", ["a@b.fr"], ""),
        ("<a@b.fr>", ["a@b.fr"], ""),
        ("mailto:a@b.fr?subject=Bonjour", ["a@b.fr"], ""),
        ("Alice Martin <a@b.fr>", ["a@b.fr"], "Alice Martin"),
        ('"Alice" <a@b.fr>;', ["a@b.fr"], "Alice"),
        ("[a@b.fr](mailto:a@b.fr)", ["a@b.fr"], ""),
        ('<a href="mailto:a@b.fr">Alice</a>', ["a@b.fr"], "Alice"),
        ("&lt;a@b.fr&gt;", ["a@b.fr"], ""),
        ("E-mail : a@b.fr.", ["a@b.fr"], ""),
        ("a@b.fr / c@d.fr", ["a@b.fr", "c@d.fr"], ""),
        ("a@b.fr ou c@d.fr", ["a@b.fr", "c@d.fr"], ""),
        ("jean.d'arc@b.gouv.fr", ["jean.d'arc@b.gouv.fr"], ""),
        ("a@b.fr\u200b", ["a@b.fr"], ""),
        ("alice@b", [], "alice@b"),
        ("alice @b.fr", [], "alice @b.fr"),
        ("a@b.fr, c@d", ["a@b.fr"], "c@d"),
    ],
)
def test_addresses(text: str, found: list[str], rest: str) -> None:
    addresses = addresses_in(text)
    assert (list(addresses.found), addresses.rest) == (found, rest)


@pytest.mark.parametrize("between", [" / ", "/", " ou ", " et ", " - ", " – ", " ; ", ", ", " | ", "\n"])
def test_two_telephones_in_a_line(between: str) -> None:
    assert phones_in(f"{LINE}{between}{MOBILE}") == (LINE, MOBILE)
    assert phones_in(f"Tél. : {LINE}{between}Portable : {MOBILE}") == (LINE, f"Portable : {MOBILE}")


@pytest.mark.parametrize(
    "text", [LINE, f"Tél. : {LINE}", f"Tél : {LINE}", f"tel:{LINE}", f"Téléphone : {LINE}", f"T. {LINE}", f" {LINE};"]
)
def test_that_it_is_a_telephone_need_not_be_said(text: str) -> None:
    assert phones_in(text) == (LINE,)


@pytest.mark.parametrize("text", ["01-02-03-04-05", "01/02/03/04/05", "01.02.03.04.05", "+33 (0)1 02 03 04 05", "3939"])
def test_one_telephone_stays_one(text: str) -> None:
    assert phones_in(text) == (text,)
    assert length_of(text, "FR") is Length.RIGHT


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("01 02 03 04", Length.SHORT),
        ("01 02 03 04 05 06", Length.LONG),
        (f"{LINE} {MOBILE}", Length.LONG),
        ("06 xx xx xx xx", Length.SHORT),
        ("0262 12 34 56", Length.RIGHT),
        ("0692 12 34 56", Length.RIGHT),
        ("0262 12 34 56 78", Length.LONG),
        ("+32 2 123 45 67", Length.RIGHT),
        ("+33 1 02 03 04", Length.SHORT),
        ("112", Length.RIGHT),
        ("116 006", Length.RIGHT),
    ],
)
def test_figures_are_counted(text: str, length: Length) -> None:
    assert length_of(text, "FR") is length


def test_what_is_said_of_a_telephone_stays() -> None:
    phone = parts_of(f"Portable : {MOBILE} (astreinte)")
    assert (phone.before, phone.number, phone.after) == ("Portable :", MOBILE, "(astreinte)")
    assert parts_of("à venir").number == ""
