"""When a text is dated, and when it may go out: embargoes, drafts, corrections and withdrawals, as they are written."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from presskit.base.errors import Problem
from presskit.base.i18n import _
from presskit.reading.days import Day, day_of, moment_of, read_day
from presskit.reading.fields import Fields, normal
from presskit.reading.holds import (
    Hold,
    begins_as_draft,
    begins_with_embargo,
    embargo_line,
    embargoes_in,
    hold_of,
    is_not_out,
    is_out,
    is_slip_of_embargo,
    is_sure_release,
    keys_of,
    may_be_yes_or_no,
    speaks_of_embargo,
    yes_or_no,
)
from presskit.reading.site import Site
from presskit.text.inline import plain

if TYPE_CHECKING:
    from presskit.reading.communique import Communique

LANG = ("lang", "langue", "language")
_FILE_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})-")
# Of fields below one: those that name a moment, and those that do not tell whether their day counts.
_ENDS, _UNTIL = ("date", "le", "levee"), ("jusqu'au", "jusqu’au", "jusqu-au", "until", "fin", "end")
# What an embargo's moment may be introduced with.
_DAYS = ("date", "le")
_UNDER = re.compile(r"^(?:sous|under) embargo\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Change:
    """What became of a communiqué after it went out: when, and a note on it; either may be missing."""

    day: Day | None = None
    note: str = ""


def date_of(fields: Fields, source: str, site: Site) -> Day:
    """A communiqué's date, which its file's name may tell (Jekyll); what is wrong with it is noted in ``fields``."""
    written = fields.text("date")
    from_name = _FILE_DATE.match(Path(source).name)
    if not written and from_name:
        # Jekyll's posts carry their date in their name.
        written = from_name[1]
    example = "date: 2026-11-24 10:30:00 +01:00"
    if not written:
        remedy = _("Write for instance: {example}").format(example=example)
        fields.error("date", _("the date is missing."), remedy)
        return date.min
    return _moment(fields, "date", written, lang=_language_meant(fields, site), site=site, example=example) or date.min


def _moment(fields: Fields, name: str, written: str, *, lang: str, site: Site, example: str) -> Day | None:
    """The date that a field says, in the site's time zone; None, with an error, where it can't be read for certain."""
    reading = read_day(written, lang)
    if reading.day is None:
        remedy = reading.remedy or _("Write for instance: {example}").format(example=example)
        fields.error(name, reading.wrong, remedy)
    elif reading.doubt:
        fields.warn(name, reading.doubt, reading.remedy)
    return _in_zone(reading.day, site.timezone)


def embargo_of(fields: Fields, site: Site) -> Day | None:
    """When the embargo is over: the last of the moments under all keys that speak of one."""
    keys = keys_of(fields.values, "embargo")
    if not keys:
        return embargo_of(fields.defaults, site) if fields.defaults is not None else None
    for key in filter(is_slip_of_embargo, keys):
        fields.warn(key, _("this key is taken for an embargo."), _("Write: {key}: …").format(key="embargo"))
    days = [day for key in keys if (day := _end_of_embargo(fields, key, site)) is not None]
    last = max(days, key=lambda day: moment_of(day, site.clock), default=None)
    if any(day != last for day in days):
        fields.warn(keys[0], _("there are two embargoes: the later one holds."), _("Keep one of the two."))
    return last


def _end_of_embargo(fields: Fields, key: str, site: Site) -> Day | None:
    written = _end_in_fields(fields, key) or _single_text(fields, key)
    if yes_or_no(written) is False:
        return None
    if not written and fields.values[key] and isinstance(fields.values[key], (list, dict)):
        what, remedy = _("the end of the embargo can't be read from this."), _("Write for instance: {example}")
        fields.error(key, what, remedy.format(example="embargo: 2030-12-01 06:00"))
        return None
    if not written or yes_or_no(written):
        remedy = _("Write for instance: embargo: 2030-12-01 06:00 (or, if there is none, remove the line).")
        fields.error(key, _("the embargo has no end."), remedy)
        return None
    lang, example = _language_of_order(fields, site), "embargo: 2030-12-01 06:00"
    moment = _moment(fields, key, _UNDER.sub("", written), lang=lang, site=site, example=example)
    if moment is not None and not (isinstance(moment, datetime) and moment.tzinfo) and site.clock is None:
        what = _(
            "the embargo's time zone is not known: it is over once it is over in every time zone that may be meant."
        )
        remedy = _('Say which in presskit.toml: timezone = "Europe/Paris", or write: 2030-12-01 06:00 +01:00')
        fields.warn(key, what, remedy)
    return moment


def _end_in_fields(fields: Fields, key: str) -> str:
    """The end of an embargo of named fields: “{date: 2026-12-01, heure: 6h}”; '' for one that says anything else."""
    value = fields.written(key)
    value = value[0] if isinstance(value, list) and len(value) == 1 else value
    texts = {normal(name): str(text or "") for name, text in value.items()} if isinstance(value, dict) else {}
    texts |= {name: f"jusqu'au {texts[name]}" for name in _UNTIL if texts.get(name)}
    days, times = (
        [texts.pop(name) for name in names if texts.get(name)]
        for names in ((*_ENDS, *_UNTIL), ("heure", "time", "hour"))
    )
    return " ".join(days + times) if len(days) == 1 and len(times) <= 1 and not any(texts.values()) else ""


def _single_text(fields: Fields, key: str) -> str:
    """What is under a key that is written just so, as one text; '' where it is empty, or more than a text."""
    value = fields.written(key)
    value = value[0] if isinstance(value, list) and len(value) == 1 else value
    return "" if value is None or isinstance(value, (list, dict)) else str(value).strip()


def refuse_inner_embargoes(fields: Fields, defaults: Fields) -> None:
    """An embargo somewhere below the top of a front matter would be passed over."""
    for mapping in (fields, defaults):
        if "<<" in mapping.values:
            # What it brings is not read: a draft or an embargo may be in it.
            what = _("“<<” is not read here, and what it brings may hold the text back.")
            mapping.error("<<", what, _("Write the keys themselves."))
        for path in embargoes_in(mapping.values):
            findings = mapping.findings
            if len(path) == 1:
                continue
            what = _("this mentions an embargo, where presskit does not look for one.")
            remedy = _("Write it at the start of a line of the front matter: embargo: 2030-12-01 06:00")
            findings.errors.append(replace(findings.problem(path, what, remedy), field=str(path[-1])))


def refuse_spoken_holds(fields: Fields, read: "Communique") -> None:
    """What only the text says of an embargo, or of a draft, would be broken: nothing else holds the text back."""
    told = [hold_of(key) for values in (fields, fields.defaults) if values for key in values.values]
    if "embargo" not in told and (place := _says_so(fields, read, begins_with_embargo) or _lost_embargo(fields, read)):
        what = _("the text says that it is under embargo, but no field sets one.")
        remedy = _("Write in the front matter: embargo: 2030-12-01 06:00 (or, if there is none: embargo: non)")
        fields.findings.errors.append(Problem(what, read.source, place[0], line=place[1], remedy=remedy))
    elif not {"embargo", "draft", "published", "state"} & {*told} and (
        place := _says_so(fields, read, begins_as_draft)
    ):
        what = _("the text says that it is not to be published, but no field holds it back.")
        remedy = _("Write in the front matter: published: false (or, if it may go out: published: true)")
        fields.findings.errors.append(Problem(what, read.source, place[0], line=place[1], remedy=remedy))


def _says_so(fields: Fields, read: "Communique", says: Callable[[str], bool]) -> tuple[str, int | None] | None:
    """The field and the line where a text begins by saying this."""
    texts = [("title", read.title), ("categories", read.kind), *(("tags", tag) for tag in read.tags)]
    texts += [("chapeau-text", read.chapeau), ("", read.body)]
    name = next((name for name, text in texts if says(text)), None)
    return None if name is None else (name, fields.line(name) if name else read.body_line)


def _lost_embargo(fields: Fields, read: "Communique") -> tuple[str, int | None] | None:
    """Where a line of the text is a field of the front matter that sets an embargo."""
    if embargo_line(read.chapeau) is not None:
        return "chapeau-text", fields.line("chapeau-text")
    number = embargo_line(read.body)
    return None if number is None else ("", read.body_line + number)


def key_of(fields: Fields, *holds: Hold) -> str:
    """The first key that speaks of these, as it is written; '' where there is none."""
    return next((key for hold in holds for key in keys_of(fields.values, hold)), "")


def is_draft(fields: Fields) -> bool:
    """Whether a key says that the communiqué is not to be published yet, in itself or else in its defaults."""
    drafts, published = keys_of(fields.values, "draft"), keys_of(fields.values, "published")
    said = [_is_said(fields, key) for key in drafts] + [not _is_said(fields, key, default=True) for key in published]
    said += [True for key in keys_of(fields.values, "state") if _is_held_by_state(fields, key)]
    said += [True for key in keys_of(fields.values, "release") if is_not_out(_single_text(fields, key))]
    if not said and fields.defaults is not None:
        return is_draft(fields.defaults)
    return any(said)


def _is_held_by_state(fields: Fields, key: str) -> bool:
    """Whether the state of a text, in its author's words, keeps it from being out; what is not known is an error."""
    written = _single_text(fields, key)
    under_embargo = speaks_of_embargo(written) and bool(keys_of(fields.values, "embargo"))
    if is_not_out(written) or is_out(written) or under_embargo:
        return is_not_out(written)
    what = _("“{value}” does not say clearly whether the communiqué may be published.")
    remedy = _("Write “{key}: published”, “{key}: draft”, or embargo: 2030-12-01 06:00").format(key=key)
    fields.error(key, what.format(value=written or key), remedy)
    return False


def _is_said(fields: Fields, key: str, *, default: bool = False) -> bool:
    written = _single_text(fields, key)
    said = yes_or_no(written)
    if said is None:
        remedy = _("Write: {name}: true").format(name=key)
        if default:
            # Whoever does as the remedy says must not publish by it.
            other = "embargo: 2030-12-01 06:00"
            remedy = _("Write “{key}: false”, or, if it is to wait for a day: {example}").format(key=key, example=other)
        fields.error(key, _("“true” or “false” is expected here, not “{value}”.").format(value=written), remedy)
    return default if said is None else said


def not_before(fields: Fields, passed_over: Collection[str], site: Site) -> Day | None:
    """The last of the moments before which a text may not be out, beside its date and its embargo.

    They are written under keys that speak of a release, or under ones that nobody knows: what else a date may be there
    for can't be told.
    """
    keys = keys_of(fields.values, "release")
    days = [day for key in keys if (day := _release(fields, key, site)) is not None]
    if not keys and fields.defaults is not None:
        by_default = fields.defaults
        days += [day for key in keys_of(by_default.values, "release") if (day := _release(by_default, key, site))]
    for key in fields.unknown(passed_over):
        if (day := day_of(str(fields.values[key]))) is not None:
            what = _("unknown key with a date: the communiqué is not published before that date.")
            remedy = _("Write “date:” or “embargo:”; for another date, in presskit.toml: other-keys = ['{key}']")
            fields.warn(key, what, remedy.format(key=key))
            fields.written(key)
            days.append(day)
    fields.warn_of_unknown(passed_over)
    return max(days, key=lambda day: moment_of(day, site.clock), default=None)


def _release(fields: Fields, key: str, site: Site) -> Day | None:
    lang = _language_of_order(fields, site)
    if not fields.values[key] or not (is_sure_release(key) or day_of(str(fields.values[key]), lang)):
        return None
    written = _single_text(fields, key)
    if yes_or_no(written) is not None:
        return None
    return _moment(fields, key, written, lang=lang, site=site, example=f"{key}: 2030-12-01 06:00")


def _language_of_order(fields: Fields, site: Site) -> str:
    """The language by which the order of a day and a month is read: where one may be English, none is certain."""
    meant = _language_meant(fields, site)
    return site.lang if site.lang.lower().startswith("en") else meant


def corrections_of(fields: Fields, site: Site) -> tuple[Change, ...]:
    """The corrections that a front matter tells of, in the order of their days."""
    changes = []
    for entry in fields.mappings("correction", "corrections", "corrige", shorthand="note"):
        change = _change(entry, fields, site)
        if change == Change():
            # What is written says that there is none: "correction: false", or an empty entry.
            continue
        if change.day is None and _says_a_day(entry):
            # Which can't be read: that is said.
            continue
        if change.day is None:
            example = _("Write for instance: {example}").format(
                example="correction: {date: 2026-12-02, note: '…'}",
            )
            entry.error("date", _("the correction has no date."), example)
            continue
        if not change.note:
            entry.warn("note", _("the correction does not say what was corrected."), _("Add: note: …"))
        changes.append(change)
    return tuple(sorted(changes, key=lambda change: moment_of(change.day or date.min, site.timezone)))


def _says_a_day(entry: Fields) -> bool:
    return bool(entry.text(*_DAYS))


def withdrawal_of(fields: Fields, site: Site) -> Change | None:
    """The withdrawal that a front matter or its defaults tell of; None where they tell of none."""
    keys = keys_of(fields.values, "withdrawal") or _expiries(fields)
    if not keys and fields.defaults is not None:
        return withdrawal_of(fields.defaults, site)
    changes = []
    for key in keys:
        value = fields.written(key)
        if value is None or value in ("", [], {}):
            remedy = _("Write “{key}: true”, or remove the line.").format(key=key)
            fields.error(key, _("this does not say whether the communiqué is withdrawn."), remedy)
            continue
        value = value if value is None or isinstance(value, (list, dict)) else str(value)
        for entry in Fields({key: value}, fields.findings).mappings(key, shorthand="note"):
            note = entry.text("note")
            if may_be_yes_or_no(note):
                example = _("Write: {name}: true").format(name=key)
                fields.error(key, _("“true” or “false” is expected here, not “{value}”.").format(value=note), example)
            elif yes_or_no(note) is not False:
                changes.append(_change(entry, fields, site))
    return changes[0] if changes else None


def _expiries(fields: Fields) -> list[str]:
    """The keys under which Hugo's sites write the day from which a page is gone."""
    return [key for key in keys_of(fields.values, "expiry") if _single_text(fields, key) and _says_expiry(fields, key)]


def _says_expiry(fields: Fields, key: str) -> bool:
    reading = read_day(_single_text(fields, key), "fr")
    if reading.day is None and yes_or_no(_single_text(fields, key)) is not False:
        remedy = reading.remedy or _("Write for instance: {example}").format(example=f"{key}: 2026-12-01")
        fields.error(key, reading.wrong, remedy)
    return reading.day is not None


def _change(entry: Fields, fields: Fields, site: Site) -> Change:
    """A date and a note; where one text is all there is, a date, a note or a yes."""
    lang = _language_meant(fields, site)
    day, note = entry.text(*_DAYS), plain(entry.text("note", "texte", "text", "motif", "reason"))
    entry.warn_of_unknown()
    if not day and day_of(note, lang) is not None:
        day, note = note, ""
    moment = _moment(entry, "date", day, lang=lang, site=site, example="date: 2026-12-02") if day else None
    return Change(moment, note if yes_or_no(note) is None else "")


def _in_zone(moment: Day | None, zone: ZoneInfo | None) -> Day | None:
    if isinstance(moment, datetime) and moment.tzinfo is not None and zone is not None:
        return moment.astimezone(zone)
    return moment


def _language_meant(fields: Fields, site: Site) -> str:
    """The language that a communiqué is taken to be in."""
    return fields.text(*LANG) or site.lang
