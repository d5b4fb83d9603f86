"""Front matter: every field, its aliases, and what is said of what is wrong."""

import io
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from presskit.base.errors import PresskitError, Problem
from presskit.reading.communique import (
    LAYOUT,
    TRANSLATION_OF,
    Attachment,
    Communique,
    read_communique,
    read_front_matter,
)
from presskit.reading.contacts import Contact
from presskit.reading.days import moment_of
from presskit.reading.moments import Change
from presskit.reading.site import Brand, Site
from tests.conftest import SiteFolder, html_pdf, outline


def read(text: str | bytes, name: str = "c.md", zone: ZoneInfo | None = None) -> tuple[Communique, list[Problem]]:
    warnings: list[Problem] = []
    octets = text if isinstance(text, bytes) else text.encode()
    return read_communique(octets, name, Path(), warn=warnings.append, site=Site(root=Path(), timezone=zone)), warnings


def fail(text: str | bytes, name: str = "c.md") -> list[Problem]:
    with pytest.raises(PresskitError) as caught:
        read(text, name)
    return list(caught.value.problems)


def png() -> bytes:
    Image.new("RGB", (400, 300), "navy").save(octets := io.BytesIO(), "PNG")
    return octets.getvalue()


BASE = "---\ntitle: T\ndate: 2022-01-01\n{}---\nTexte\n"


def test_all_fields() -> None:
    communique, warnings = read(
        """---
title: 'Un titre sur
  deux lignes'
date: 2022-11-29 11:26:00 +01:00
categories:
- Note aux rédactions
tags: [a, b]
chapeau-text: |-
  Le chapeau
  suite
une-ou-diaporama:
- image: "/uploads/a.jpg"
  alternative-textuelle: |-
    Deux
    lignes
  legende: La légende
  credit: Qui
contact-presse:
  name: 'Jeanne '
  tel:
  - 06.10.60.41.19
  email: j@x.fr
  Key:
files:
- file: "/uploads/a.pdf"
  nom: 'Le dossier '
lang: en
layout: dossier-de-presse
---

Le corps.
"""
    )
    assert warnings == []
    assert communique.title == "Un titre sur deux lignes"
    assert communique.date == datetime(2022, 11, 29, 11, 26, tzinfo=timezone(timedelta(hours=1)))
    assert communique.kind == "Note aux rédactions"
    assert communique.tags == ("a", "b")
    assert communique.chapeau == "Le chapeau\nsuite"
    (image,) = communique.images
    assert (image.file, image.alt, image.caption, image.credit) == (
        "/uploads/a.jpg",
        "Deux lignes",
        "La légende",
        "Qui",
    )
    assert communique.contacts == (Contact(name="Jeanne", phones=("06.10.60.41.19",), email="j@x.fr"),)
    assert communique.attachments == (Attachment(file="/uploads/a.pdf", title="Le dossier", line=25),)
    assert (communique.lang, communique.layout) == ("en", "dossier-de-presse")
    assert (communique.body, communique.body_line) == ("Le corps.", 31)


def test_english_aliases() -> None:
    communique, warnings = read(
        BASE.format(
            "standfirst: S\nimages: [/a.jpg, {file: /b.jpg, alt: B, caption: C}]\n"
            "press-contact:\n- {name: A, phone: '112'}\n- {name: B, mail: b@x.fr}\n"
            "attachments: [/x.pdf, {file: /y.pdf, name: Why}]\nlanguage: en-GB\nkeywords: a, b\n"
        )
    )
    assert warnings == []
    assert communique.chapeau == "S"
    assert [image.file for image in communique.images] == ["/a.jpg", "/b.jpg"]
    assert [contact.name for contact in communique.contacts] == ["A", "B"]
    assert [(a.file, a.title) for a in communique.attachments] == [("/x.pdf", "X"), ("/y.pdf", "Why")]
    assert communique.tags == ("a", "b")


def test_keys_of_older_pages() -> None:
    communique, _warnings = read(BASE.format("communique_file: /uploads/Le%20CP_final.pdf\nimage: /uploads/une.jpg\n"))
    assert communique.attachments == (Attachment(file="/uploads/Le%20CP_final.pdf", title="Le CP final", line=4),)
    assert communique.images[0].file == "/uploads/une.jpg"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2018-07-18 15:16:00 Z", datetime(2018, 7, 18, 15, 16, tzinfo=UTC)),
        ("2018-07-18T15:16:00+02:00", datetime(2018, 7, 18, 15, 16, tzinfo=timezone(timedelta(hours=2)))),
        ("2018-07-18 9:05", datetime(2018, 7, 18, 9, 5)),
        ("2018-07-18", date(2018, 7, 18)),
        ("18/07/2018", date(2018, 7, 18)),
    ],
)
def test_dates(written: str, expected: date) -> None:
    assert read(f"---\ntitle: T\ndate: {written}\n---\nx")[0].date == expected


def test_a_moment_is_shown_in_the_sites_time_zone() -> None:
    communique, _warnings = read("---\ntitle: T\ndate: 2018-07-18 23:16:00 Z\n---\nx", zone=ZoneInfo("Europe/Paris"))
    assert communique.date.day == 19


def test_the_date_may_be_in_the_files_name() -> None:
    assert read("---\ntitle: T\n---\nx", "2020-02-03-titre.md")[0].date == date(2020, 2, 3)


def test_all_problems_come_together_with_their_lines() -> None:
    problems = fail(
        "---\ndate: hier\ncontact-presse:\n  email: personne\nlang: x!\nfiles:\n- file: [a, b]\n---\ntexte\n"
    )
    assert {(p.field, p.line) for p in problems} == {
        ("title", 2),
        ("date", 2),
        ("contact-presse.email", 4),
        ("lang", 5),
        ("files[1].file", 7),
    }
    assert all(p.file == "c.md" and p.remedy for p in problems)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"Bonjour", "no front matter"),
        (b"---\ntitle: x\n", "does not end"),
        ("---\ntitle: é\n---\n".encode("latin-1"), "not encoded in UTF-8"),
        (b"---\ntitle: a: b\n---\n", "must be between quotes"),
        (b"---\n- a\n---\n", "lines are expected"),
        (b"---\n---\ntexte", "title is missing"),
    ],
)
def test_files_that_are_no_communique(content: bytes, what: str) -> None:
    assert any(what in problem.what for problem in fail(content))


def test_the_line_of_a_wrong_encoding() -> None:
    assert fail("---\ntitle: a\nx: é\n---\n".encode("latin-1"))[0].line == 3


def test_incomplete_entries_are_said_and_left_out() -> None:
    communique, warnings = read(BASE.format("files:\n- nom: Rien\nune-ou-diaporama:\n- alternative-textuelle: x\n"))
    assert (*communique.attachments, *communique.images) == ()
    assert {w.field for w in warnings} == {"files[1].file", "une-ou-diaporama[1].image"}


def test_a_typo_is_said() -> None:
    _communique, warnings = read(BASE.format("contact-press: {name: x}\n"))
    assert [(w.field, w.line, w.remedy) for w in warnings] == [("contact-press", 4, "Did you mean “contact-presse”?")]


@pytest.mark.parametrize(
    ("file", "title"),
    [("/a/fiche-technique.pdf", "Fiche technique"), ("Île-de-France_2026.pdf", "Île-de-France 2026"), (".pdf", ".pdf")],
)
def test_an_attachment_without_title_has_its_files_name(file: str, title: str) -> None:
    assert read(BASE.format(f"files: ['{file}']\n"))[0].attachments[0].title == title


def test_an_unpublished_communique_is_said() -> None:
    _communique, warnings = read(BASE.format("published: false\n"))
    assert [w.field for w in warnings] == ["published"]


def test_byte_order_mark_and_windows_lines() -> None:
    communique, _warnings = read("\ufeff---\r\ntitle: T\r\ndate: 2022-01-01\r\n---\r\nCorps\r\n".encode())
    assert (communique.title, communique.body) == ("T", "Corps")


@given(st.binary(max_size=80))
def test_any_bytes_give_a_communique_or_a_presskit_error(octets: bytes) -> None:
    try:
        read(octets)
    except PresskitError as error:
        assert error.problems


@given(
    st.dictionaries(
        st.sampled_from(["title", "date", "files", "une-ou-diaporama", "contact-presse", "tags", "lang", "layout"]),
        st.recursive(
            st.none() | st.text(alphabet="ab:é- 1", max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["file", "nom", "image", "tel", "email"]), inner, max_size=3)
            ),
            max_leaves=6,
        ),
    )
)
def test_any_shape_gives_a_communique_or_a_presskit_error(values: dict[str, object]) -> None:
    import yaml

    try:
        read(f"---\n{yaml.safe_dump(values, allow_unicode=True)}---\ntexte\n")
    except PresskitError as error:
        assert all(problem.what for problem in error.problems)


TOML = """+++
title = "Un titre : en TOML"
date = 2022-11-29T11:26:00+01:00
draft = true
categories = ["Note aux rédactions"]

[[files]]
file = "/uploads/a.pdf"
nom = "A"
+++

Le texte.
"""


def test_hugos_toml_is_read() -> None:
    communique, warnings = read(TOML)
    assert communique.title == "Un titre : en TOML"
    assert communique.date == datetime(2022, 11, 29, 11, 26, tzinfo=timezone(timedelta(hours=1)))
    assert communique.draft
    assert communique.kind == "Note aux rédactions"
    assert communique.attachments == (Attachment(file="/uploads/a.pdf", title="A", line=8),)
    assert (communique.body, communique.body_line) == ("Le texte.", 12)
    assert any("not published yet" in str(warning) for warning in warnings)


def test_wrong_toml_tells_its_line() -> None:
    with pytest.raises(PresskitError) as caught:
        read(TOML.replace('"Un titre : en TOML"', "Un titre"))
    assert caught.value.problems[0].line == 2
    assert caught.value.problems[0].remedy == 'Write: title = "Un titre"'


def with_defaults(front_matter: str, defaults: str) -> tuple[Communique, list[Problem]]:
    from presskit.reading.yaml_text import parse_yaml

    config, _findings = parse_yaml(f"defaults:\n- scope: {{path: ''}}\n  values: {{{defaults}}}\n", "_config.yml")
    warnings: list[Problem] = []
    octets = f"---\ntitle: T\ndate: 2022-01-01\n{front_matter}\n---\nx".encode()
    return read_communique(
        octets, "c.md", Path(), warn=warnings.append, site=Site(root=Path(), config=config)
    ), warnings


def test_what_is_not_written_is_the_sites() -> None:
    defaults = "lang: en, tags: [a, b], categories: [Note], files: [/uploads/a.pdf], layout: page, perso: x"
    communique, _warnings = with_defaults("lang:\ntags: [c]", defaults)
    assert (communique.lang, communique.tags, communique.kind) == ("en", ("c",), "Note")
    assert communique.attachments[0].file == "/uploads/a.pdf"
    # Jekyll's layouts are web pages.
    assert communique.layout == ""
    assert communique.front_matter["perso"] == "x"


def test_contacts_are_not_mixed() -> None:
    communique, _warnings = with_defaults("contact-presse: {name: Jean}", "contact-presse: {name: Presse, tel: '01'}")
    assert communique.contacts == (Contact(name="Jean"),)
    communique, _warnings = with_defaults("contact-presse: {Key: ''}", "contact-presse: {name: Presse, tel: '01'}")
    assert communique.contacts == (Contact(name="Presse", phones=("01",)),)


def test_a_wrong_default_is_laid_to_its_file() -> None:
    with pytest.raises(PresskitError) as caught:
        with_defaults("embargo: demain", "lang: français de France")
    assert [(problem.file, problem.field) for problem in caught.value.problems] == [
        ("c.md", "embargo"),
        ("_config.yml", "lang"),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("---\ntitle: T\npermalink: /x/\n---\ny", {"title": "T", "permalink": "/x/"}),
        ("+++\ntitle = 'T'\n+++\ny", {"title": "T"}),
        ("rien", None),
        ("---\n: [\n---\n", None),
    ],
)
def test_the_front_matter_of_any_page(tmp_path: Path, content: str, expected: dict[str, str] | None) -> None:
    path = tmp_path / "p.md"
    path.write_text(content, "utf-8")
    assert read_front_matter(path) == expected
    assert read_front_matter(tmp_path / "absent.md") is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("correction: {date: 2026-12-02, note: 'Le  chiffre'}", (Change(date(2026, 12, 2), "Le chiffre"),)),
        ("corrigé: {date: 02/12/2026, texte: x}", (Change(date(2026, 12, 2), "x"),)),
        (
            "corrections:\n- {date: 2026-12-03, note: b}\n- {date: 2026-12-02, note: a}",
            (Change(date(2026, 12, 2), "a"), Change(date(2026, 12, 3), "b")),
        ),
        ("correction: false", ()),
        ("correction:", ()),
    ],
)
def test_corrections(written: str, expected: tuple[Change, ...]) -> None:
    communique, warnings = read(BASE.format(f"{written}\n"))
    assert communique.corrections == expected
    assert warnings == []


def test_a_correction_needs_a_date_and_should_tell_what_changed() -> None:
    (problem,) = fail(BASE.format("correction: Le chiffre était faux\n"))
    assert "the correction has no date" in problem.what
    (problem,) = fail(BASE.format("correction: {date: demain, note: x}\n"))[:1]
    assert "“demain” is not a date" in problem.what
    communique, (warning,) = read(BASE.format("correction: 2026-12-02\n"))
    assert communique.corrections == (Change(date(2026, 12, 2)),)
    assert "does not say what was corrected" in warning.what


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("withdrawn: true", Change()),
        ("retrait: {date: 2026-12-02, motif: par erreur}", Change(date(2026, 12, 2), "par erreur")),
        ("retiré: 2026-12-02", Change(date(2026, 12, 2))),
        ("retiré: par erreur", Change(None, "par erreur")),
        ("annulé: oui", Change()),
        ("withdrawn: false", None),
    ],
)
def test_withdrawals(written: str, expected: Change | None) -> None:
    communique, warnings = read(BASE.format(f"{written}\n"))
    assert communique.withdrawal == expected
    assert bool(warnings) == (expected is not None)


@pytest.mark.parametrize(
    "written",
    ["withdrawn:", "retrait: ''", "retrait: {}", "published:", "draft: ''", "brouillon:", "status:", "état: ''"],
)
def test_what_says_nothing_of_a_hold_is_an_error(written: str) -> None:
    (problem,) = fail(BASE.format(f"{written}\n"))
    assert (problem.line, problem.field) == (4, written.split(":", maxsplit=1)[0])


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("publish: false", True),
        ("publish: true", False),
        ("public: non", True),
        ("à diffuser: non", True),
        ("ne pas publier: oui", True),
        ("ne pas diffuser: non", False),
        ("diffusion: interne", True),
        ("diffusion: nationale", False),
        ("publication: Journal officiel", False),
        ("publication: false", True),
        ("validé: non", True),
        ("post_status: draft", True),
        ("hold: true", True),
    ],
)
def test_a_text_that_may_not_go_out_is_held_in_whatever_words(written: str, held: bool) -> None:
    assert read(BASE.format(f"{written}\n"))[0].draft is held


def test_what_a_merge_of_yaml_brings_is_not_guessed() -> None:
    assert "<<" in [problem.field for problem in fail(BASE.format("x: &a {published: false}\n<<: *a\n"))]


@pytest.mark.parametrize("written", ["2022-02-30", "bientôt", "12/01/22"])
def test_a_date_of_a_correction_that_cant_be_read_is_one_error(written: str) -> None:
    (problem,) = fail(BASE.format(f"correction: {{date: {written}, note: n}}\n"))
    assert problem.line == 4


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{date: 2027-01-01 06:00}", datetime(2027, 1, 1, 6)),
        ("{jusqu'au: 1er janvier 2027 à 6h}", datetime(2027, 1, 1, 6)),
        ("{date: 2027-01-01, heure: 6h}", datetime(2027, 1, 1, 6)),
        ("[{date: 2027-01-01}]", date(2027, 1, 1)),
        # Whatever is not understood may change it.
        ("{date: 2027-01-01, minuit: oui}", None),
        ("{date: 2027-01-01, fin: 2028-01-01}", None),
        ("{heure: 6h}", None),
        ("[2027-01-01, 2028-01-01]", None),
    ],
)
def test_an_embargo_of_named_fields(written: str, expected: date | None) -> None:
    text = BASE.format(f"embargo: {written}\n")
    if expected is None:
        (problem,) = fail(text)
        assert "can't be read from this" in problem.what
        assert problem.line == 4
    else:
        communique, warnings = read(text)
        assert communique.embargo == expected
        assert warnings == []


@pytest.mark.parametrize(
    "sign", ["#embargo: 2027-01-01", "#  Sous_Embargo : oui", "  # embargo jusqu'au 3 mars", "#- embrago: x"]
)
@pytest.mark.parametrize("place", ["{}\ntags: [a]\n", "tags:\n{}\n- a\n", "chapeau: |\n  a\n{}\n"])
def test_an_embargo_that_is_a_remark_is_said(sign: str, place: str) -> None:
    if "|" in place and sign.startswith(" "):
        # There it is the text's.
        return
    _communique, warnings = read(BASE.format(place.format(sign)))
    (problem,) = warnings
    assert "sets no embargo" in problem.what
    assert problem.line == 4 + place[: place.index("{")].count("\n")
    assert read(BASE.format(place.format(sign) + "embargo: non\n"))[1] == []


def test_other_remarks_are_their_authors() -> None:
    for text in ("# titre: x\n", "# pas d'embargo cette fois\n", "chapeau: |\n  a\n  # embargo: x\n"):
        assert read(BASE.format(text))[1] == []
    _communique, warnings = read("+++\ntitle = 'T'\ndate = 2022-01-01\n# embargo = 2027-01-01\n+++\nx")
    assert [(problem.line, "sets no embargo" in problem.what) for problem in warnings] == [(4, True)]


def test_a_year_that_is_far_away_has_a_remedy_of_its_own() -> None:
    _communique, (problem,) = read("---\ntitle: T\ndate: 2206-11-25\n---\nx")
    assert "correct the year" in problem.remedy


def test_what_its_page_is_called() -> None:
    communique, _warnings = read(
        BASE.format("slug: mon-adresse\nredirect_from:\n- /a/\n- /b/\nref: x\ntranslation-of: y.md\n")
    )
    assert (communique.slug, communique.old_addresses) == ("mon-adresse", ("/a/", "/b/"))
    assert (communique.ref, communique.translation_of) == ("x", "y.md")


@pytest.mark.parametrize(
    ("country", "expected"),
    [("FR", "2026-12-01T06:00:00+01:00"), ("BE", "2026-12-01T06:00:00+01:00"), ("US", "2026-12-01T06:00:00+00:00")],
)
def test_an_embargo_without_a_zone_is_by_the_clock_of_the_country_if_it_has_one_alone(
    country: str, expected: str
) -> None:
    site = Site(root=Path(), brand=Brand(country=country))
    warnings: list[Problem] = []
    text = BASE.format("embargo: 2026-12-01 06:00\n")
    communique = read_communique(text.encode(), "c.md", Path(), warn=warnings.append, site=site)
    until = moment_of(communique.embargo, site.clock) if communique.embargo else None
    assert until is not None
    assert until.isoformat() == expected
    # Which clock is meant in a country of several is asked.
    assert [warning.field for warning in warnings] == (["embargo"] if country == "US" else [])


def test_remarks_that_may_be_words_are_warnings() -> None:
    _communique, warnings = read("---\n# note\ntitle: Le plan #MaSanté\ndate: 2022-01-01 # à confirmer\n---\nTexte\n")
    assert [(w.line, w.field) for w in warnings] == [(3, "title"), (4, "date")]
    problems = fail("---\ntitle: #MaSanté\ndate: 2022-01-01\n---\nTexte\n")
    assert [problem.field for problem in problems] == ["title"]


@pytest.mark.parametrize("field", ["date", "embargo", "correction", "withdrawn"])
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1er décembre 2026", date(2026, 12, 1)),
        ("01/12/2026 06:00", datetime(2026, 12, 1, 6)),
        ("mardi 1er décembre 2026 à 6h", datetime(2026, 12, 1, 6)),
        ("01.12.2026", date(2026, 12, 1)),
    ],
)
def test_dates_as_offices_write_them_in_every_field(field: str, written: str, expected: date) -> None:
    values = {"date": "2022-01-01", field: written if field in ("date", "embargo") else f"{{date: {written}, note: x}}"}
    lines = "".join(f"{key}: {value}\n" for key, value in values.items())
    communique, _warnings = read(f"---\ntitle: T\n{lines}---\nTexte\n")
    changes = [change.day for change in (*communique.corrections, communique.withdrawal) if change is not None]
    assert expected in (communique.date, communique.embargo, *changes)


@pytest.mark.parametrize("field", ["date", "embargo", "correction", "withdrawn"])
@pytest.mark.parametrize("written", ["12/01/2026", "31 février 2026", "demain", "1/12/26", "2026-12-01 06:00 +25:00"])
def test_dates_that_are_not_certain_are_errors_in_every_field(field: str, written: str) -> None:
    values = {"date": "2022-01-01", field: written if field in ("date", "embargo") else f"{{date: {written}, note: x}}"}
    lines = "".join(f"{key}: {value}\n" for key, value in values.items())
    problems = fail(f"---\ntitle: T\nlang: en\n{lines}---\nTexte\n")
    assert problems[0].field.partition(".")[0] == field
    assert all(problem.remedy for problem in problems)


def test_a_weekday_of_another_day_is_said() -> None:
    communique, (warning,) = read("---\ntitle: T\ndate: lundi 29 novembre 2022\n---\nTexte\n")
    assert communique.date == date(2022, 11, 29)
    assert (warning.field, warning.line) == ("date", 3)


@pytest.mark.parametrize(
    "key", ["lien", "Lien", "File", "Fichier", "fichiers", "url", "URL", "href", "path", "document"]
)
def test_a_files_address_has_many_names(key: str) -> None:
    communique, warnings = read(BASE.format(f"files:\n- nom: Annexe\n  {key}: /uploads/a.pdf\n"))
    assert communique.attachments == (Attachment(file="/uploads/a.pdf", title="Annexe", line=6),)
    communique, more = read(BASE.format(f"Images:\n- Légendes: L\n  {key}: /uploads/a.jpg\n"))
    assert [(image.file, image.caption, image.line) for image in communique.images] == [("/uploads/a.jpg", "L", 6)]
    assert warnings == more == []


def test_no_key_passes_unseen() -> None:
    _communique, warnings = read(
        BASE.format(
            "hero: x\npermalink: /a/\nperso:\nfiles:\n- {file: a.pdf, pages: 3, nom:Annexe, Key: }\n"
            "image: {image: a.jpg, taille: 3}\ncontact-presse: {name: A, twitter: b}\n"
        )
    )
    assert {w.field for w in warnings if "unknown key" in w.what} == {
        "hero",
        "files[1].pages",
        "files[1].nom:Annexe",
        "image.taille",
        "contact-presse.twitter",
    }
    assert all(w.line and w.remedy for w in warnings)


def test_keys_of_the_site_are_known() -> None:
    warnings: list[Problem] = []
    site = Site(root=Path(), other_keys=("hero",), liquid=True)
    text = BASE.format("hero: x\nperso: y\n") + "{{ page.perso }}"
    read_communique(text.encode(), "c.md", Path(), warn=warnings.append, site=site)
    assert warnings == []


def test_marks_in_lines_are_read_wherever_they_are_shown(site: SiteFolder) -> None:
    site.write("uploads/a.pdf", html_pdf("<h1>Annexe</h1>"))
    site.write("uploads/a.png", png())
    marked, bare = "l'&eacute;t&eacute;&nbsp;: **le** <sup>1</sup> <b>{}</b>", "l’été : le ¹ {}"
    (title, caption, credit, file, role) = (
        marked.format(word) for word in ("titre", "soleil", "photographe", "annexe", "chef")
    )
    site.write(
        "communique.md",
        f'---\ntitle: "{title}"\ndate: 2022-01-01\nimage: {{image: uploads/a.png, alt: x, legende: "{caption}", '
        f'credit: "{credit}"}}\ncontact-presse: {{name: A, role: "{role}", email: "<a@b.fr>", tel: 01 23 45 67 89 / '
        f'Portable 06 12 34 56 78}}\nfiles:\n- {{lien: uploads/a.pdf, nom: "{file}"}}\n---\nTexte\n',
    )
    built = site.build()
    text = " ".join(built.text.split()).replace("\u202f", " ").replace("\u00a0", " ")
    for word in ("titre", "soleil", "photographe", "annexe", "chef"):
        assert bare.format(word) in text
    for mark in ("&", "**", "<", "mailto"):
        assert mark not in text
    for words in ("a@b.fr", "01 23 45 67 89", "Portable 06 12 34 56 78"):
        assert words in text
    about = built.reader.metadata
    assert about is not None
    plain = "l'été\u00a0: le ¹ {}"
    assert about.title == plain.format("titre")
    assert plain.format("annexe") in [name for _level, name, _page in outline(built.reader)]


ENDS = "---\ntitle: T\ndate: 2022-01-01\n{}\ntexte\n"


@pytest.mark.parametrize(
    ("text", "line", "what", "mended"),
    [
        (ENDS.format("–––"), 4, "does not end: this line", ENDS.format("---")),
        (ENDS.format(" ---"), 4, "does not end: this line", ENDS.format("---")),
        (ENDS.format("--"), 4, "does not end: this line", ENDS.format("---")),
        (ENDS.format(""), 1, "does not end", ENDS.format("---")),
        ("---\n title: T\ndate: 2022-01-01\n---\nx", 2, "“title” starts further right than “date”", BASE.format("")),
        (
            BASE.format("contact: \n  - name: A\n  tel: 01 23 45 67 89\n"),
            6,
            "is not aligned with",
            BASE.format("contact: \n  - name: A\n    tel: 01 23 45 67 89\n"),
        ),
        *(
            (
                BASE.format(f"files:\n{sign} a.pdf\n"),
                5,
                "start with a hyphen and a space",
                BASE.format("files:\n- a.pdf\n"),
            )
            for sign in "*•–—·+"
        ),
        (
            BASE.format("files:\n- {file: a.pdf, nom: L'eau : suite}\n"),
            5,
            "a text that contains “: ”",
            BASE.format('files:\n- {file: a.pdf, nom: "L\'eau : suite"}\n'),
        ),
        (
            "---\ntitle: # alerte\ndate: 2022-01-01\n---\nx",
            2,
            "is read as a comment",
            "---\ntitle: '# alerte'\ndate: 2022-01-01\n---\nx",
        ),
        (
            '---\ntitle: "C:\\eau"\ndate: 2022-01-01\n---\nx',
            2,
            "a backslash",
            "---\ntitle: 'C:\\eau'\ndate: 2022-01-01\n---\nx",
        ),
        (BASE.format("embargo: oui\n"), 4, "the embargo has no end", BASE.format("embargo: 2026-12-01 06:00\n")),
        (
            BASE.format("contact: {name: A, email: a.x.fr}\n"),
            4,
            "is not an e-mail",
            BASE.format("contact: {name: A}\n"),
        ),
    ],
)
def test_one_message_with_the_right_line_for_one_mistake(text: str, line: int, what: str, mended: str) -> None:
    warnings: list[Problem] = []
    with pytest.raises(PresskitError) as caught:
        read_communique(text.encode(), "c.md", Path(), warn=warnings.append, site=Site(root=Path()))
    (problem,) = caught.value.problems
    assert what in problem.what
    assert problem.line == line
    assert warnings == []
    assert read(mended)[1] == []


def test_fields_that_are_not_below_theirs_are_told_where_they_belong() -> None:
    _communique, warnings = read(BASE.format("contact-presse:\nname: A\ntel: 01 23 45 67 89\n"))
    assert [(one.line, "belongs to “contact-presse”" in one.remedy) for one in warnings] == [(5, True), (6, True)]


def test_utf_16_without_its_mark_is_called_so() -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        (problem,) = fail(BASE.format("").encode(encoding))
        assert "UTF-16" in problem.what


def test_the_lines_of_fields_that_are_judged_later() -> None:
    communique, _warnings = read(BASE.format("Gabarit: x\ntraduction-de: y\n"))
    assert (communique.line_of(*LAYOUT), communique.line_of(*TRANSLATION_OF)) == (4, 5)
    assert communique.line_of("lang") is None


def test_a_title_calls_no_note() -> None:
    warnings: list[Problem] = []
    text = "---\ntitle: Plan[^1]\ndate: 2026-01-01\n---\n\nTexte[^1].\n\n[^1]: Note.\n"
    assert (
        read_communique(text.encode(), "c.md", Path(), warn=warnings.append, site=Site(root=Path())).title == "Plan[^1]"
    )
    assert [(w.line, w.field) for w in warnings if "the call “[^1]” is printed as it is written" in w.what] == [
        (2, "title")
    ]
