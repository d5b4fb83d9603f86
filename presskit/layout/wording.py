"""Dates, moments, sizes and short forms, as the readers of a language write them."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, get_timezone_location
from babel.units import format_unit

from presskit.reading.days import Day, moment_of


def date_in_words(day: date, lang: str) -> str:
    """A date as a communiqué prints it: ``29 novembre 2022``, ``1er décembre 2022``."""
    locale = locale_of(lang)
    if locale.language == "en" and not locale.territory:
        # The long form of plain "en" is American.
        locale = Locale("en", "GB")
    words = format_date(day, "long", locale)
    return re.sub(r"^1(?= )", "1er", words) if locale.language == "fr" else words


def moment_in_words(day: Day, clock: ZoneInfo | None, words: Mapping[str, str], *, lang: str) -> str:
    """A moment with its place's time: ``1er décembre 2026 à 6 h 30 (heure de Paris)``.

    ``words`` are a layout's: ``moment``, ``zone``, ``hour`` and ``half-hour`` tell how the pieces are put.
    """
    moment = moment_of(day, clock)
    if clock is not None:
        moment = moment.astimezone(clock)
        zone = words["zone"].format(city=get_timezone_location(clock, locale=locale_of(lang), return_city=True))
    else:
        zone = f"UTC{moment.isoformat()[-6:]}" if moment.utcoffset() else "UTC"
    form = words["half-hour"] if moment.minute else words["hour"]
    time = form.format(hour=moment.hour, minute=f"{moment.minute:02}")
    return words["moment"].format(date=date_in_words(moment, lang), time=time, zone=zone)


def change_in_words(day: date | None, dated: str, undated: str, *, lang: str) -> str:
    """That a communiqué was corrected or withdrawn, with its date where there is one."""
    return dated.format(date=date_in_words(day, lang)) if day else undated


def size_in_words(octets: int, lang: str) -> str:
    """A size in bytes as people read it, in decimal units: ``96 ko``, ``1,2 MB``."""
    amount, units = float(octets), ["byte", "kilobyte", "megabyte", "gigabyte"]
    while amount >= 999.5 and len(units) > 1:
        amount /= 1000
        del units[0]
    pattern = "0.#" if amount < 9.95 and units[0] != "byte" else "0"
    length: Literal["short", "long"] = "long" if units[0] == "byte" else "short"
    return format_unit(amount, f"digital-{units[0]}", length, pattern, locale=locale_of(lang))


def language_name(lang: str) -> str:
    """A language's own name: ``English``, ``Français``."""
    locale = locale_of(lang)
    name = (Locale(locale.language).get_display_name() or lang) if locale.language == lang[:2].lower() else lang
    return name[:1].upper() + name[1:]


def name_of_language(lang: str, reader: str) -> str:
    """What a language is called in the language of a reader; its code where that is not known."""
    return str(locale_of(reader).languages.get(lang.split("-", maxsplit=1)[0].lower(), lang))


def locale_of(lang: str) -> Locale:
    """A language's locale; Britain's for one that is unknown."""
    try:
        return Locale.parse(lang, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")
