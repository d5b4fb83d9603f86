"""Names: readable, dated, safe everywhere."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.reading.communique import Communique
from presskit.reading.names import file_name, name_of, page_of, slug
from presskit.reading.site import Site

_RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}


def named(stem: str, title: str = "Un titre", **fields: Any) -> str:
    communique = Communique(
        source="x.md", folder=Path(), title=title, date=fields.pop("date", date(2026, 3, 5)), **fields
    )
    return name_of(communique, stem, Site(root=Path()))


@pytest.mark.parametrize(
    ("stem", "fields", "expected"),
    [
        ("2026-03-04-marees", {}, "2026-03-05-marees"),
        ("Marées d’été", {}, "2026-03-05-marees-d-ete"),
        ("communique", {"title": "L’État œuvre"}, "2026-03-05-l-etat-oeuvre"),
        ("index", {"title": "日本"}, "2026-03-05-ri-ben"),
        ("index", {"title": "!!!"}, "2026-03-05-communique"),
        ("x", {"slug": "Mon Adresse"}, "2026-03-05-mon-adresse"),
        ("tide", {"lang": "en"}, "2026-03-05-tide-en"),
        ("tide-en", {"lang": "en"}, "2026-03-05-tide-en"),
        ("tide", {"lang": "fr"}, "2026-03-05-tide"),
        # The day is the one of the country: it is after midnight in Paris.
        ("x", {"date": datetime(2026, 3, 5, 23, 30, tzinfo=UTC)}, "2026-03-05-x"),
    ],
)
def test_names(stem: str, fields: dict[str, object], expected: str) -> None:
    assert named(stem, **fields) == expected  # type: ignore[arg-type]


def test_a_page_is_under_its_year() -> None:
    assert page_of("2026-03-05-x") == "2026/2026-03-05-x/"


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_name_is_an_address_and_a_file_on_every_system(stem: str, title: str) -> None:
    name = named(stem, title or "t")
    assert re.fullmatch(r"2026-03-05-[a-z0-9]+(-[a-z0-9]+)*", name)
    assert len(name) <= 75
    assert slug(slug(stem)) == slug(stem)


@given(st.text(max_size=400), st.sets(st.text(max_size=5)))
def test_any_file_name_is_safe_on_every_system(name: str, taken: set[str]) -> None:
    safe = file_name(name, {t.casefold() for t in taken})
    assert safe
    assert len(safe.encode()) < 240
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]', safe)
    assert safe.strip(" .") == safe.strip(" ").rstrip(".") or safe.startswith(".") is False
    assert safe not in (".", "..")
    assert not safe.endswith((" ", "."))
    assert not safe.startswith(".")
    assert safe.split(".")[0].strip().casefold() not in _RESERVED
    assert safe.casefold() not in {t.casefold() for t in taken}


def test_files_keep_their_own_names_with_a_number_for_twins() -> None:
    assert file_name("Dossier d’été.pdf") == "Dossier d’été.pdf"
    assert file_name("Dossier.PDF", {"dossier.pdf"}) == "Dossier-2.PDF"
    assert file_name("../../etc/passwd") == "-..-etc-passwd"
    assert file_name("fiche\u202efdp.exe") == "fichefdp.exe"
    assert file_name("a" * 300 + ".pdf").endswith(".pdf")
