"""Words for dates, moments and languages (sizes and dates alone: tests/layout/test_layouts.py)."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from presskit.layout.layouts import words_of
from presskit.layout.wording import language_name, moment_in_words
from presskit.reading.site import Site

PARIS = ZoneInfo("Europe/Paris")


def said(day: datetime | date, clock: ZoneInfo | None, lang: str) -> str:
    words = words_of("communique", Site(root=Path("/nowhere")), lang)
    return moment_in_words(day, clock, words, lang=lang).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("day", "clock", "lang", "expected"),
    [
        (datetime(2026, 12, 1, 6), PARIS, "fr", "1er décembre 2026 à 6 h (heure de Paris)"),
        (datetime(2026, 12, 1, 6, 5), PARIS, "fr", "1er décembre 2026 à 6 h 05 (heure de Paris)"),
        (date(2026, 12, 2), PARIS, "fr", "2 décembre 2026 à 0 h (heure de Paris)"),
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), PARIS, "fr", "2 juillet 2026 à 0 h 30 (heure de Paris)"),
        (datetime(2026, 12, 1, 6), PARIS, "en", "6:00 on 1 December 2026 (Paris time)"),
        (datetime(2026, 12, 1, 6), ZoneInfo("Indian/Reunion"), "fr", "1er décembre 2026 à 6 h (heure de La Réunion)"),
        (datetime(2026, 12, 1, 6), None, "en", "6:00 on 1 December 2026 (UTC)"),
        (datetime.fromisoformat("2026-12-01T06:00-05:00"), None, "en", "6:00 on 1 December 2026 (UTC-05:00)"),
    ],
)
def test_moments(day: datetime | date, clock: ZoneInfo | None, lang: str, expected: str) -> None:
    assert said(day, clock, lang) == expected


@pytest.mark.parametrize(
    ("lang", "expected"), [("fr", "Français"), ("en", "English"), ("de", "Deutsch"), ("en-GB", "English"), ("xx", "xx")]
)
def test_languages_have_their_own_names(lang: str, expected: str) -> None:
    assert language_name(lang).casefold() == expected.casefold()
