"""Dates and moments as people write them, read by a strict grammar: what could be read in two ways is refused.

``2022-11-29 09:30 +01:00``, ``mardi 29 novembre 2022 à 9h30``, ``1er décembre 2022``, ``29/11/2022``, ``29 May 2026``.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from presskit.base.i18n import _
from presskit.base.letters import shortened, without_accents

Day = datetime | date

# An embargo without an end is given a year that is far away.
_YEARS = range(1900, 3000)
_LIKELY = range(1900, 2101)
_PARIS = ZoneInfo("Europe/Paris")
# The widest offset that is in use (Kiribati's).
_WIDEST_OFFSET = timedelta(hours=14)

_LEAD = (
    r"(?P<until>(?:jusqu['’]au|until|till)\s)?(?:(?P<weekday>[^\W\d_]+)\.?,?\s)??(?:(?:le|the|on)\s)?"
    r"(?:(?P<weekday2>[^\W\d_]+)\.?,?\s)??"
)
_DATE = (
    r"(?:(?P<y>\d{4})(?P<isosep>[-/.])(?P<m>\d{1,2})(?P=isosep)(?P<d>\d{1,2})"
    r"|(?P<compact>\d{8})"
    r"|(?P<first>\d{1,2})\s?(?P<sep>[-/.])\s?(?P<second>\d{1,2})\s?(?P=sep)\s?(?P<year>\d{4}|\d{2})"
    r"|(?P<day>\d{1,2})(?:\s?(?:er|st|nd|rd|th))?(?:\s|\s?[-.]\s?|\sof\s)(?P<month>[^\W\d_]+)\.?,?[\s-]"
    r"(?P<year2>\d{4}|\d{2})"
    r"|(?P<month2>[^\W\d_]+)\.?\s(?P<day2>\d{1,2})(?:st|nd|rd|th)?,?\s(?P<year3>\d{4}))"
)
_TIME = (
    r"(?:t|,?\s(?:(?:a|at|-|des|from)\s)?)"
    r"(?:(?P<noon>midi|noon)|(?P<hour>\d{1,2})"
    r"(?:\s?(?P<clock>h|:|heures?)(?:\s?(?P<minute>\d{2})(?::(?P<second_>\d{2})(?:[.,]\d{1,9})?)?\s?(?:mn|min|minutes)?)?)?"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?)"
)
_ZONE = (
    r"(?:\s?\(?(?P<utc>z|utc|gmt)\)?|\s?\(?(?:utc|gmt)?(?P<offset>[+-]\d{2}(?::?\d{2})?)\)?"
    r"|,?\s?\(?(?P<season>cest|cet|hnec|haec)\)?"
    r"|,?\s\(?(?P<paris>(?:a l['’])?heure (?:de paris|francaise)|paris time|europe/paris|paris)\)?)?"
)
# An offset belongs to a moment: after a bare date it means nothing.
_WRITTEN = re.compile(rf"{_LEAD}{_DATE}(?:{_TIME}{_ZONE})?\.?")
_LONGEST = 120


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a text says as a date: the ``day``, or what is ``wrong``; ``doubt`` is a warning; with its ``remedy``."""

    day: Day | None = None
    wrong: str = ""
    remedy: str = ""
    doubt: str = ""


class _WrongError(ValueError):
    """What is wrong with a date, and its remedy, in words of the terminal's language."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


def read_day(written: str, lang: str = "fr") -> Reading:
    """Read a date, or a moment with the offset written, in a text of a language.

    Days come before months, but in English texts ``12/01/2026`` could be two days, and is none.
    """
    match = _WRITTEN.fullmatch(_plain(written)) if len(written) <= _LONGEST else None
    unknown = _("“{value}” is not a date.").format(value=shortened(written))
    if match is None:
        return Reading(wrong=unknown)
    found = match.groupdict()
    try:
        _check_words(found, lang)
        day = _day(found, written, lang)
        moment = _with_time(day, found)
        if found["until"] and not isinstance(moment, datetime):
            what = _("“{value}” does not say whether that day is included.").format(value=shortened(written))
            raise _WrongError(what, _("Write the time as well: {example}").format(example=f"{day.isoformat()} 06:00"))
    except _WrongError as error:
        return Reading(wrong=error.what or unknown, remedy=error.remedy)
    doubt, remedy = _doubt(found, day, lang)
    return Reading(day=moment, doubt=doubt, remedy=remedy)


def day_of(written: str, lang: str = "fr") -> Day | None:
    """A date, or a moment with the offset written; None for what is neither, or could be two."""
    return read_day(written, lang).day


def moment_of(day: Day, zone: tzinfo | None = None) -> datetime:
    """A communiqué's date as a moment with an offset: in ``zone``, or UTC, where none is written."""
    if isinstance(day, datetime):
        return day if day.tzinfo else day.replace(tzinfo=zone or UTC)
    return datetime.combine(day, time(), zone or UTC)


def _plain(text: str) -> str:
    """Letters without case and accents, spaces of one kind, signs of one kind."""
    letters = without_accents(text, "NFKD").casefold()
    letters = letters.translate({ord(sign): "-" for sign in "\u2010\u2011\u2012\u2013\u2014\u2212"})
    return " ".join(letters.split())


def _day(found: dict[str, str | None], written: str, lang: str) -> date:
    if compact := found["compact"]:
        return _date(compact[:4], int(compact[4:6]), compact[6:])
    if found["y"]:
        return _date(found["y"], int(found["m"] or 0), found["d"])
    year = found["year"] or found["year2"] or found["year3"] or ""
    if len(year) == 2:
        remedy = _("Write the year with four digits: {example}").format(example=f"20{year}")
        raise _WrongError(_("“{value}” does not say which century.").format(value=shortened(written)), remedy)
    if found["first"]:
        return _numeric(int(found["first"]), int(found["second"] or 0), year, written=written, lang=lang)
    month = _names(lang).months.get(found["month"] or found["month2"] or "")
    if month is None:
        raise _WrongError("")
    return _date(year, month, found["day"] or found["day2"])


def _numeric(first: int, second: int, year: str, *, written: str, lang: str) -> date:
    """A date in figures alone, whose year comes last."""
    english = lang.lower().startswith("en")
    if english and first <= 12 and second <= 12 and first != second:
        one, other = f"{year}-{second:02}-{first:02}", f"{year}-{first:02}-{second:02}"
        remedy = _("Write which is meant: {one}, or {other}").format(one=one, other=other)
        raise _WrongError(_("“{value}” could be two days.").format(value=shortened(written)), remedy)
    if english and second > 12:
        first, second = second, first
    return _date(year, second, str(first))


def _date(year: str | None, month: int, day: str | None) -> date:
    if int(year or 0) not in _YEARS:
        years = {"first": _LIKELY[0], "last": _LIKELY[-1]}
        raise _WrongError(
            _("the year {year} can't be right.").format(year=year),
            _("Write a year from {first} to {last}.").format(**years),
        )
    try:
        return date(int(year or 0), month, int(day or 0))
    except ValueError:
        raise _WrongError(_("there is no such day in the calendar."), _("Check the day and the month.")) from None


def _with_time(day: date, found: dict[str, str | None]) -> Day:
    zone = _zone(found, day)
    if found["noon"]:
        return datetime.combine(day, time(12), zone)
    if found["hour"] is None:
        return day
    hour, half = int(found["hour"]), found["half"]
    if found["minute"] is None and not half and not found["clock"]:
        raise _WrongError("")
    if half and not 1 <= hour <= 12:
        hour = 24
    hour = hour % 12 + (12 if half == "p" else 0) if half and hour < 24 else hour
    try:
        return datetime.combine(day, time(hour, int(found["minute"] or 0), int(found["second_"] or 0)), zone)
    except ValueError:
        what = _("there is no such time of day.")
        raise _WrongError(what, _("Write hours from 00:00 to 23:59.")) from None


def _check_words(found: dict[str, str | None], lang: str) -> None:
    """Refuse words before a date that are no weekday: they may say what a date alone does not."""
    names = [name for name in (found["weekday"], found["weekday2"]) if name]
    if len(names) > 1 or any(name not in _names(lang).weekdays for name in names):
        raise _WrongError("")


def _zone(found: dict[str, str | None], day: date) -> tzinfo | None:
    if found["utc"]:
        return UTC
    if found["season"]:
        return _of_season(found["season"], day)
    if found["paris"]:
        return _PARIS
    if not (written := found["offset"]):
        return None
    figures = written[1:].replace(":", "")
    minutes = int(figures[2:] or 0)
    offset = timedelta(hours=int(figures[:2]), minutes=minutes)
    if offset > _WIDEST_OFFSET or minutes >= 60:
        what = _("no time zone has the offset {offset}.").format(offset=written)
        raise _WrongError(what, _("Write for instance: {example}").format(example="+01:00"))
    return timezone(-offset if written[0] == "-" else offset)


def _of_season(name: str, day: date) -> tzinfo:
    """Central European Time or Summer Time: that which is not the day's own may stand for the other."""
    offset = timedelta(hours=1 if name in ("cet", "hnec") else 2)
    if offset not in {_PARIS.utcoffset(datetime.combine(day, time(hour))) for hour in (0, 23)}:
        what = _("“{zone}” is not in use on that day: which time is meant?").format(zone=name.upper())
        raise _WrongError(
            what, _("Write for instance: {example}").format(example=f"{day.isoformat()} 09:30 Europe/Paris")
        )
    return timezone(offset)


def _doubt(found: dict[str, str | None], day: date, lang: str) -> tuple[str, str]:
    """What to say of a year that is far away, and of a weekday that is another day's, with the remedy."""
    if day.year not in _LIKELY:
        what = _("the year {year} is far away: is it right?").format(year=day.year)
        return what, _("If it is a mistake, correct the year.")
    for name in (found["weekday"], found["weekday2"]):
        weekday = _names(lang).weekdays.get(name or "")
        if weekday is not None and weekday != day.weekday():
            from babel.dates import format_date

            right = format_date(day, "EEEE", "fr" if lang.lower().startswith("fr") else "en")
            what = _("{date} is not a “{name}”, but a “{right}”.").format(date=day.isoformat(), name=name, right=right)
            return what, _("Correct the day of the week, or the date.")
    return "", ""


@dataclass(frozen=True)
class _Names:
    months: dict[str, int]
    weekdays: dict[str, int]


@cache
def _names(lang: str) -> _Names:
    """Names of months and weekdays: French ones, English ones, those of the text's language."""
    from babel import Locale, UnknownLocaleError

    months: dict[str, set[int]] = {}
    weekdays: dict[str, set[int]] = {}
    for code in ("fr", "en", lang):
        try:
            locale = Locale.parse(code, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
        for names, called in ((locale.months, months), (locale.days, weekdays)):
            for form in ("format", "stand-alone"):
                for width in ("wide", "abbreviated"):
                    for number, name in names[form][width].items():
                        called.setdefault(_plain(str(name)).strip("."), set()).add(number)
    return _Names(_sure(months), _sure(weekdays))


def _sure(called: dict[str, set[int]]) -> dict[str, int]:
    """The names that mean one thing in all of the languages."""
    return {name: next(iter(numbers)) for name, numbers in called.items() if len(numbers) == 1}
