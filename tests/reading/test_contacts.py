"""Press contacts as people write them."""

import pytest

from presskit.reading.contacts import Contact, read_contacts
from presskit.reading.fields import Fields, Findings
from presskit.reading.yaml_text import parse_yaml


def read(text: str) -> tuple[tuple[Contact, ...], Findings]:
    values, findings = parse_yaml(f"contact-presse:{text}\n", "f.md")
    return read_contacts(Fields(values, findings), "FR"), findings


ALICE = Contact(name="Alice Martin", role="", organisation="", phones=("01 02 03 04 05",), email="a@b.fr")


@pytest.mark.parametrize(
    "written",
    [
        " {name: Alice Martin, tel: 01 02 03 04 05, email: a@b.fr}",
        " {Nom: Alice Martin, Téléphone: 'Tél. : 01 02 03 04 05', Courriel: <a@b.fr>}",
        " {prénom: Alice, nom: Martin, tél: [01 02 03 04 05], E_mail: 'mailto:a@b.fr'}",
        " {tels: 01 02 03 04 05, emails: Alice Martin <a@b.fr>}",
        " Alice Martin - 01 02 03 04 05 - a@b.fr",
        " 'Alice Martin, Tél. : 01 02 03 04 05, a@b.fr'",
        " |\n  Alice Martin\n  Tél. 01 02 03 04 05\n  a@b.fr",
        " 'Alice Martin : 01 02 03 04 05 / <a@b.fr>'",
        "\n- Alice Martin | 01 02 03 04 05 | mailto:a@b.fr",
    ],
)
def test_one_contact_written_in_many_ways(written: str) -> None:
    contacts, findings = read(written)
    assert contacts == (ALICE,)
    assert findings.errors == findings.warnings == []


def test_a_role_and_several_numbers_in_a_line() -> None:
    contacts, _findings = read(" Alice Martin, attachée de presse, 01 02 03 04 05 / portable 06 01 02 03 04, a@b.fr")
    assert contacts == (
        Contact(
            name="Alice Martin",
            role="attachée de presse",
            organisation="",
            phones=("01 02 03 04 05", "portable 06 01 02 03 04"),
            email="a@b.fr",
        ),
    )


@pytest.mark.parametrize(
    ("written", "contact"),
    [
        ("Agence X – Alice Martin – Tel 01 02 03 04 05 – Mob 06 01 02 03 04 – Mail a@b.fr",
         Contact(name="Agence X", role="Alice Martin", phones=("01 02 03 04 05", "Mob 06 01 02 03 04"),
                 email="a@b.fr")),
        ("Alice Martin | T : 01 02 03 04 05 | M : 06 01 02 03 04 | a@b.fr",
         Contact(name="Alice Martin", phones=("01 02 03 04 05", "M 06 01 02 03 04"), email="a@b.fr")),
        ("Alice Martin 01 02 03 04 05 (standard) a@b.fr",
         Contact(name="Alice Martin", role="", organisation="", phones=("01 02 03 04 05 (standard)",), email="a@b.fr")),
        ("presse@b.fr", Contact(email="presse@b.fr")),
        ("01 02 03 04 05", Contact(phones=("01 02 03 04 05",))),
    ],
)  # fmt: skip
def test_what_a_number_is_stays_with_it(written: str, contact: Contact) -> None:
    contacts, findings = read(f" '{written}'")
    assert contacts == (contact,)
    assert findings.errors == findings.warnings == []


@pytest.mark.parametrize("between", [" / ", ", ", ",", ";", " ; ", " ou ", " et "])
def test_several_addresses_are_kept(between: str) -> None:
    (contact,), _findings = read(f" {{name: A, email: 'a@b.fr{between}c@d.fr'}}")
    assert (contact.email, contact.other_emails) == ("a@b.fr", ("c@d.fr",))


def test_empty_lines_part_contacts() -> None:
    bob = "  Bob Durand, 01 02 03 04 06\n  c@d.fr"
    contacts, findings = read(f" |\n  Alice Martin\n  01 02 03 04 05\n  a@b.fr\n\n{bob}")
    assert contacts == (
        ALICE,
        Contact(name="Bob Durand", role="", organisation="", phones=("01 02 03 04 06",), email="c@d.fr"),
    )
    assert findings.errors == findings.warnings == []
    assert read(" |\n  Alice Martin\n\n  01 02 03 04 05\n\n  a@b.fr")[0] == (ALICE,)


@pytest.mark.parametrize("written", [" a@b.fr ou c@d.fr, le soir", " alice@exemple", " {email: alice}", " [[a]]"])
def test_what_can_not_be_told_is_an_error_with_an_example(written: str) -> None:
    _contacts, findings = read(written)
    assert findings.errors
    assert all("email: presse@exemple.gouv.fr" in error.remedy for error in findings.errors)


@pytest.mark.parametrize(
    ("written", "what"),
    [
        (" {name: A, tel: 01 02 03 04}", "too few digits"),
        (" {name: A, tel: 01 02 03 04 05 06}", "too many digits"),
        (" {name: A, tel: à venir}", "not a telephone number"),
        (" {name: A, email: a@b.fr (le soir)}", "“le soir” beside the e-mail address is left out"),
        (" {name: A, twitter: '@a'}", "unknown key"),
        (" {name:Alice, tel: 01 02 03 04 05}", "unknown key"),
    ],
)
def test_what_is_left_out_or_doubtful_is_said(written: str, what: str) -> None:
    _contacts, findings = read(written)
    (problem,) = findings.warnings
    assert what in problem.what
    assert problem.line == 1
    assert problem.remedy
