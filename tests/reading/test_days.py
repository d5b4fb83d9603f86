"""Dates as people write them: read for certain, or refused."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from presskit.layout.wording import date_in_words
from presskit.reading.days import day_of, read_day

DAY = date(2022, 11, 29)
HALF_PAST_NINE = datetime(2022, 11, 29, 9, 30)


@pytest.mark.parametrize(
    "written",
    [
        "2022-11-29",
        "2022/11/29",
        "20221129",
        "29/11/2022",
        "29 / 11 / 2022",
        "29.11.2022",
        "29-11-2022",
        "29 novembre 2022",
        "29 NOVEMBRE 2022",
        "29 nov. 2022",
        "29-nov-2022",
        "le 29 novembre 2022",
        "mardi 29 novembre 2022",
        "Mardi, 29 Novembre 2022",
        "mar. 29 nov. 2022",
        "29 November 2022",
        "November 29th, 2022",
        "Tuesday 29 November 2022",
        "29\u00a0novembre\u00a02022",
    ],
)
def test_days(written: str) -> None:
    assert read_day(written).day == DAY
    assert read_day(written).doubt == ""


@pytest.mark.parametrize(
    "written",
    [
        "2022-11-29 09:30",
        "2022-11-29T09:30:00",
        "2022-11-29 9h30",
        "29/11/2022 09:30",
        "29/11/2022 à 9h30",
        "29 novembre 2022 à 9 h 30",
        "mardi 29 novembre 2022 à 9h30",
        "mardi 29 novembre 2022, 9h30",
        "29.11.2022 - 9h30",
        "29 novembre 2022 à 9\u202fh\u202f30",
        "29 November 2022 at 9:30 am",
    ],
)
def test_moments(written: str) -> None:
    assert read_day(written).day == HALF_PAST_NINE


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1er décembre 2022", date(2022, 12, 1)),
        ("1 er decembre 2022", date(2022, 12, 1)),
        ("1ER DÉCEMBRE 2022", date(2022, 12, 1)),
        ("5 août 2022", date(2022, 8, 5)),
        ("12/01/2026", date(2026, 1, 12)),
        ("29 novembre 2022 à 14h", datetime(2022, 11, 29, 14)),
        ("29 novembre 2022 à midi", datetime(2022, 11, 29, 12)),
        ("29 November 2022 12 am", datetime(2022, 11, 29, 0)),
        ("29 November 2022 2:05 pm", datetime(2022, 11, 29, 14, 5)),
        ("2022-11-29T09:30:00.000Z", datetime(2022, 11, 29, 9, 30, tzinfo=UTC)),
        ("29/11/2022 9h30 UTC", datetime(2022, 11, 29, 9, 30, tzinfo=UTC)),
        ("2022-11-29 09:30 -0500", datetime(2022, 11, 29, 9, 30, tzinfo=timezone(timedelta(hours=-5)))),
        ("29 novembre 2022 9h30 (heure de Paris)", datetime(2022, 11, 29, 8, 30, tzinfo=UTC)),
        ("29 novembre 2022 à 9h30, heure française", datetime(2022, 11, 29, 8, 30, tzinfo=UTC)),
        ("2022-11-29 09:30 CET", datetime(2022, 11, 29, 8, 30, tzinfo=UTC)),
        ("2022-11-29 09:30 (HNEC)", datetime(2022, 11, 29, 8, 30, tzinfo=UTC)),
        ("29 juillet 2022 à 9h30 CEST", datetime(2022, 7, 29, 7, 30, tzinfo=UTC)),
        ("jusqu’au 29 novembre 2022 à 9h30", HALF_PAST_NINE),
    ],
)
def test_other_ways(written: str, expected: date) -> None:
    assert read_day(written).day == expected


@pytest.mark.parametrize(
    ("written", "lang", "what"),
    [
        ("12/01/2026", "en", "could be two days"),
        ("12.01.2026", "en-GB", "could be two days"),
        ("29/11/22", "fr", "does not say which century"),
        ("29 novembre 22", "fr", "does not say which century"),
        ("31 février 2022", "fr", "no such day"),
        ("2022-02-30", "fr", "no such day"),
        ("11/29/2022", "fr", "no such day"),
        ("0001-01-01", "fr", "can't be right"),
        ("9999-12-31 23:59 -10:00", "fr", "can't be right"),
        ("2022-11-29 25:00", "fr", "no such time"),
        ("2022-11-29 09:60", "fr", "no such time"),
        ("2022-11-29 13:00 pm", "fr", "no such time"),
        ("2022-11-29 09:30 +25:00", "fr", "offset"),
        ("2022-11-29 09:30 CEST", "fr", "which time is meant"),
        ("2022-07-29 09:30 CET", "fr", "which time is meant"),
        ("2022-11-29 09:30 +14:30", "fr", "offset"),
        ("jusqu'au 1er décembre 2022", "fr", "whether that day is included"),
        *(
            (written, "fr", "is not a date")
            for written in (
                "demain",
                "29 novembre",
                "novembre 2022",
                "29 et 30 novembre 2022",
                "2022-11-29 9",
                "du 29 novembre 2022",
                "29 novembre 2022 à minuit",
                "envoyé 29 novembre 2022",
                "29 brumaire 2022",
                "2022-11-29 09:30 EST",
                "",
                "29 novembre 2022 ?",
                "x" * 500,
                "2022-11-29 +01:00",
            )
        ),
    ],
)
def test_what_is_no_day_for_certain_is_none(written: str, lang: str, what: str) -> None:
    reading = read_day(written, lang)
    assert reading.day is None
    assert what in reading.wrong


def test_in_english_what_can_be_one_day_only_is_read() -> None:
    assert {day_of(written, "en") for written in ("29/11/2022", "11/29/2022", "29 Nov 2022")} == {DAY}
    assert day_of("01/01/2026", "en") == date(2026, 1, 1)


def test_a_weekday_of_another_day_and_a_far_year_are_doubts() -> None:
    reading = read_day("lundi 29 novembre 2022")
    assert reading.day == DAY
    assert "“lundi”, but a “mardi”" in reading.doubt
    assert "far away" in read_day("2999-01-01").doubt


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(["fr", "en", "de"]))
def test_what_kits_print_is_read_back(day: date, lang: str) -> None:
    assert day_of(date_in_words(day, lang), lang) == day
    assert day_of(day.isoformat(), lang) == day
    assert read_day(format_date(day, "full", "fr"), "fr").doubt == ""
    assert day_of(format_date(day, "dd/MM/yyyy", "fr"), "fr") == day


@given(st.text(max_size=40) | st.text(alphabet="0123456789/-.: +hTZerjanvier", max_size=25))
def test_any_text_is_read_or_refused(text: str) -> None:
    reading = read_day(text)
    assert (reading.day is None) == bool(reading.wrong)
