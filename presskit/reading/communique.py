"""A communiqué: front matter and Markdown body, read, checked and given its names once for all."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from presskit.base.errors import PresskitError, Problem, Warn
from presskit.base.i18n import _
from presskit.reading import jekyll
from presskit.reading.contacts import Contact, read_contacts
from presskit.reading.days import Day, day_of, moment_of, read_day
from presskit.reading.fields import Fields, normal, unknown_choice
from presskit.reading.front_matter import parse
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
from presskit.reading.site import LANGUAGE, Site
from presskit.text.inline import plain
from presskit.text.text_files import decode

_FILE_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})-")
_NOTE_CALL = re.compile(r"\[\^[^\]\s]+\]")
# What a text shows of its front matter, by Liquid.
_USED_BY_TEXT = re.compile(r"\bpage\.([\w-]+)")
# Of fields below one: those that name a moment, and those that do not tell whether their day counts.
_ENDS, _UNTIL = ("date", "le", "levee"), ("jusqu'au", "jusqu’au", "jusqu-au", "until", "fin", "end")
# What an embargo's moment may be introduced with.
_DAYS = ("date", "le")
_UNDER = re.compile(r"^(?:sous|under) embargo\s+", re.IGNORECASE)

# The words that stand for a file's address in an entry, and what web sites keep in a front matter for themselves.
_ADDRESSES = (
    "file", "fichier", "path", "lien", "link", "url", "href", "src", "source", "document", "doc", "pdf", "chemin",
    "adresse", "address", "piece-jointe", "attachment", "uri",
)  # fmt: skip
LANG, LAYOUT, TRANSLATION_OF = (
    ("lang", "langue", "language"),
    ("layout", "gabarit"),
    ("translation-of", "traduction-de"),
)
_CHAPEAU = ("chapeau-text", "chapeau", "chapo", "standfirst")
FILES = ("files", "attachments", "pieces-jointes", "fichiers", "fichiers-joints", "documents", "annexes")
_FOR_WEB_SITES = (
    "permalink", "url", "id", "uid", "uuid", "guid", "type", "author", "auteur", "excerpt", "extrait", "description",
    "summary", "résumé", "meta", "seo", "og", "twitter", "robots", "noindex", "sitemap", "canonical", "canonical-url",
    "comments", "commentaires", "toc", "sommaire", "order", "ordre", "weight", "position", "menu", "nav", "navigation",
    "nav-order", "parent", "breadcrumb", "fil-ariane", "hidden", "sticky", "pin", "pinned", "featured", "a-la-une",
    "lastmod", "last-modified-at", "modified", "updated", "linktitle", "outputs",
    "collection", "theme", "css", "js", "script", "cascade", "params", "resources", "translationkey", "series", "rss",
    "feed", "search", "sidebar", "image-alt", "cover", "thumbnail", "vignette", "logo", "icon", "color", "couleur",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Image:
    """An image of the une: its address as written, its texts ('' where none)."""

    file: str
    alt: str = ""
    caption: str = ""
    credit: str = ""
    line: int | None = None


class Mode(Enum):
    """What becomes of an attachment; AUTO leaves it to its content."""

    AUTO = "auto"
    MERGE = "merge"
    EMBED = "embed"
    BOTH = "both"
    LINK = "link"


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file (or folder) to attach: its address as written and the title to list it under.

    ``password_env`` names the environment variable that holds the file's password; ``alt``, ``caption``
    and ``credit`` are an image's; ``lang`` is its language, '' for the communiqué's.
    """

    file: str
    title: str
    line: int | None = None
    mode: Mode = Mode.AUTO
    password_env: str = ""
    alt: str = ""
    caption: str = ""
    credit: str = ""
    lang: str = ""


@dataclass(frozen=True)
class Change:
    """What became of a communiqué after it went out: when, and a note on it; either may be missing."""

    day: Day | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Communique:
    """A communiqué; ``chapeau`` and ``body`` are Markdown, ``body_line`` is where the body starts.

    ``lines``, if not empty, are the lines of the file that the body's lines come from. A ``draft`` is not to
    be published yet; ``embargo`` is when it may be, and ``not_before`` the last of the other moments that were written
    for that, or that may be. ``corrections`` are in the order of their dates. Communiqués
    with the same ``ref``, and those that name one another's file in ``translation_of``, are translations of
    each other. ``slug`` and ``old_addresses`` are for its page. ``front_matter`` has all of it, as written;
    ``key_lines`` are the lines of its keys, by their ``normal`` form.
    """

    source: str
    folder: Path
    title: str
    date: Day
    kind: str = ""
    tags: tuple[str, ...] = ()
    chapeau: str = ""
    images: tuple[Image, ...] = ()
    contacts: tuple[Contact, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    lang: str = ""
    layout: str = ""
    body: str = ""
    body_line: int = 1
    chapeau_line: int | None = None
    lines: tuple[int, ...] = ()
    draft: bool = False
    embargo: Day | None = None
    not_before: Day | None = None
    corrections: tuple[Change, ...] = ()
    withdrawal: Change | None = None
    ref: str = ""
    translation_of: str = ""
    slug: str = ""
    old_addresses: tuple[str, ...] = ()
    front_matter: Mapping[str, Any] = field(default_factory=dict)
    key_lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, *names: str) -> int | None:
        """The line where one of these fields is written; None where none is, or its defaults say it."""
        return next((line for name in names if (line := self.key_lines.get(normal(name)))), None)


def read_communique(octets: bytes, source: str, folder: Path, *, warn: Warn, site: Site | None = None) -> Communique:
    """Read a communiqué from the bytes of its file.

    ``source`` names it in messages, ``folder`` is where its relative addresses start. Its ``site`` gives the
    front matter that it has by default, and the time zone in which a moment given in UTC is shown.

    Raises PresskitError with all of the file's problems together.
    """
    site = site or Site(root=folder)
    parsed = parse(decode(octets, source), source)
    country = site.brand.country
    defaults = Fields(site.defaults_for(folder / source), site.findings_for(folder / source))
    fields = Fields(parsed.values, parsed.findings, defaults=defaults)
    title, lang = _title(fields, parsed.remarks), _language(fields)
    _refuse_inner_embargoes(fields, defaults)
    read = Communique(
        source=source,
        folder=folder,
        title=title,
        date=_date(fields, source, site),
        kind=plain(next(iter(fields.texts("categories", "category", "catégories", "catégorie", "kind")), "")),
        tags=tuple(plain(tag) for tag in fields.texts("tags", "tag", "mots-clés", "keywords", separator=",")),
        chapeau=fields.text(*_CHAPEAU),
        chapeau_line=fields.line_of(*_CHAPEAU),
        images=_images(fields),
        contacts=read_contacts(fields, country)
        or read_contacts(defaults, country)
        or site.speaking(lang or site.lang).brand.contacts,
        attachments=_attachments(fields),
        lang=lang,
        layout=fields.text(*LAYOUT),
        body=parsed.body,
        body_line=parsed.body_line,
        draft=_is_draft(fields),
        embargo=_embargo(fields, site),
        corrections=_corrections(fields, site),
        withdrawal=_withdrawal(fields, site),
        ref=fields.text("ref"),
        translation_of=fields.text(*TRANSLATION_OF),
        slug=fields.text("slug"),
        old_addresses=fields.texts("redirect-from", "aliases", "anciennes-adresses"),
        front_matter=jekyll.joined(defaults.values, parsed.values),
        key_lines={normal(str(path[0])): line for path, line in parsed.findings.lines.items() if len(path) == 1},
    )
    if not read.body and not read.chapeau:
        parsed.findings.warnings.append(
            Problem(_("the communiqué has no text."), source, remedy=_("Write it under the second “---” line."))
        )
    if read.draft:
        key = _key_of(fields, "draft", "published", "state") or "published"
        fields.warn(key, _("the communiqué is not published yet."), _("Check that its kit may go out."))
    if read.withdrawal:
        key, what = (
            _key_of(fields, "withdrawal", "expiry") or "withdrawn",
            _("the communiqué is withdrawn: its kit says so."),
        )
        if read.withdrawal.day is not None:
            what = _("the communiqué is withdrawn on {day}: from then on its kit says so.")
            what = what.format(day=read.withdrawal.day.isoformat())
        fields.warn(key, what, _("Check that it may go out."))
    _refuse_spoken_holds(fields, read)
    read = replace(read, not_before=_not_before(fields, _passed_over(defaults, site, read.body), site))
    for warning in dict.fromkeys((*parsed.findings.warnings, *parsed.remarks, *defaults.findings.warnings)):
        if warning not in parsed.findings.errors:
            warn(warning)
    if errors := parsed.findings.errors + defaults.findings.errors:
        raise PresskitError(dict.fromkeys(errors))
    return read


def read_front_matter(path: Path) -> dict[str, Any] | None:
    """The front matter of any page, as it is written; None for a file that has none, or none that can be read."""
    try:
        return parse(decode(path.read_bytes(), path.name), path.name).values
    except (OSError, PresskitError):
        return None


def _passed_over(defaults: Fields, site: Site, body: str) -> tuple[str, ...]:
    """The keys of a communiqué that presskit does not know, and that its web site, as far as they tell, does."""
    used = _USED_BY_TEXT.findall(body) if site.liquid else ()
    return (*_FOR_WEB_SITES, *defaults.values, *site.other_keys, *used)


def _title(fields: Fields, remarks: tuple[Problem, ...]) -> str:
    title = plain(fields.text("title", "titre"))
    if call := _NOTE_CALL.search(title):
        what = _("footnotes work in the main text only: the call “{text}” is printed as it is written.")
        remedy = _("Call the note in the text, or take the call out of the title.")
        fields.warn("title", what.format(text=call[0]), remedy)
    if not title and (all_of_it := [remark for remark in remarks if normal(remark.field) in ("title", "titre")]):
        fields.findings.errors += all_of_it
    elif not title and not fields.findings.errors:
        fields.error("title", _("the title is missing."), _("Add: title: 'The title of the communiqué'"))
    return title


def _date(fields: Fields, source: str, site: Site) -> Day:
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


def _embargo(fields: Fields, site: Site) -> Day | None:
    """When the embargo is over: the last of the moments under all keys that speak of one."""
    keys = keys_of(fields.values, "embargo")
    if not keys:
        return _embargo(fields.defaults, site) if fields.defaults is not None else None
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
        fields.error(key, what, remedy.format(example="embargo: 2026-12-01 06:00"))
        return None
    if not written or yes_or_no(written):
        remedy = _("Write for instance: embargo: 2026-12-01 06:00 (or, if there is none, remove the line).")
        fields.error(key, _("the embargo has no end."), remedy)
        return None
    lang, example = _language_of_order(fields, site), "embargo: 2026-12-01 06:00"
    moment = _moment(fields, key, _UNDER.sub("", written), lang=lang, site=site, example=example)
    if moment is not None and not (isinstance(moment, datetime) and moment.tzinfo) and site.clock is None:
        what = _(
            "the embargo's time zone is not known: it is over once it is over in every time zone that may be meant."
        )
        remedy = _('Say which in presskit.toml: timezone = "Europe/Paris", or write: 2026-12-01 06:00 +01:00')
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


def _refuse_inner_embargoes(fields: Fields, defaults: Fields) -> None:
    """An embargo somewhere below the top of a front matter would be passed over."""
    for mapping in (fields, defaults):
        for path in embargoes_in(mapping.values):
            findings = mapping.findings
            if len(path) == 1:
                continue
            what = _("this mentions an embargo, where presskit does not look for one.")
            remedy = _("Write it at the start of a line of the front matter: embargo: 2026-12-01 06:00")
            findings.errors.append(replace(findings.problem(path, what, remedy), field=str(path[-1])))


def _refuse_spoken_holds(fields: Fields, read: Communique) -> None:
    """What only the text says of an embargo, or of a draft, would be broken: nothing else holds the text back."""
    told = [hold_of(key) for values in (fields, fields.defaults) if values for key in values.values]
    if "embargo" not in told and (place := _says_so(fields, read, begins_with_embargo) or _lost_embargo(fields, read)):
        what = _("the text says that it is under embargo, but no field sets one.")
        remedy = _("Write in the front matter: embargo: 2026-12-01 06:00 (or, if there is none: embargo: non)")
        fields.findings.errors.append(Problem(what, read.source, place[0], line=place[1], remedy=remedy))
    elif not {"embargo", "draft", "published", "state"} & {*told} and (
        place := _says_so(fields, read, begins_as_draft)
    ):
        what = _("the text says that it is not to be published, but no field holds it back.")
        remedy = _("Write in the front matter: published: false (or, if it may go out: published: true)")
        fields.findings.errors.append(Problem(what, read.source, place[0], line=place[1], remedy=remedy))


def _says_so(fields: Fields, read: Communique, says: Callable[[str], bool]) -> tuple[str, int | None] | None:
    """The field and the line where a text begins by saying this."""
    texts = [("title", read.title), ("categories", read.kind), *(("tags", tag) for tag in read.tags)]
    texts += [("chapeau-text", read.chapeau), ("", read.body)]
    name = next((name for name, text in texts if says(text)), None)
    return None if name is None else (name, fields.line(name) if name else read.body_line)


def _lost_embargo(fields: Fields, read: Communique) -> tuple[str, int | None] | None:
    """Where a line of the text is a field of the front matter that sets an embargo."""
    if embargo_line(read.chapeau) is not None:
        return "chapeau-text", fields.line("chapeau-text")
    number = embargo_line(read.body)
    return None if number is None else ("", read.body_line + number)


def _key_of(fields: Fields, *holds: Hold) -> str:
    """The first key that speaks of these, as it is written; '' where there is none."""
    return next((key for hold in holds for key in keys_of(fields.values, hold)), "")


def _is_draft(fields: Fields) -> bool:
    """Whether a key says that the communiqué is not to be published yet, in itself or else in its defaults."""
    drafts, published = keys_of(fields.values, "draft"), keys_of(fields.values, "published")
    said = [_is_said(fields, key) for key in drafts] + [not _is_said(fields, key, default=True) for key in published]
    said += [True for key in keys_of(fields.values, "state") if _is_held_by_state(fields, key)]
    if not said and fields.defaults is not None:
        return _is_draft(fields.defaults)
    return any(said)


def _is_held_by_state(fields: Fields, key: str) -> bool:
    """Whether the state of a text, in its author's words, keeps it from being out; what is not known is an error."""
    written, value = _single_text(fields, key), fields.values[key]
    under_embargo = speaks_of_embargo(written) and bool(keys_of(fields.values, "embargo"))
    if is_not_out(written) or is_out(written) or under_embargo or not (written or value):
        return is_not_out(written)
    what = _("“{value}” does not say clearly whether the communiqué may be published.")
    remedy = _("Write “{key}: published”, “{key}: draft”, or embargo: 2026-12-01 06:00").format(key=key)
    fields.error(key, what.format(value=written or key), remedy)
    return False


def _is_said(fields: Fields, key: str, *, default: bool = False) -> bool:
    written = _single_text(fields, key)
    said = yes_or_no(written)
    if said is None and (written or fields.values[key]):
        remedy = _("Write: {name}: true").format(name=key)
        if default:
            # Whoever does as the remedy says must not publish by it.
            other = "embargo: 2026-12-01 06:00"
            remedy = _("Write “{key}: false”, or, if it is to wait for a day: {example}").format(key=key, example=other)
        fields.error(key, _("“true” or “false” is expected here, not “{value}”.").format(value=written), remedy)
    return default if said is None else said


def _not_before(fields: Fields, passed_over: Collection[str], site: Site) -> Day | None:
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
    return _moment(fields, key, written, lang=lang, site=site, example=f"{key}: 2026-12-01 06:00")


def _language_of_order(fields: Fields, site: Site) -> str:
    """The language by which the order of a day and a month is read: where one may be English, none is certain."""
    meant = _language_meant(fields, site)
    return site.lang if site.lang.lower().startswith("en") else meant


def _corrections(fields: Fields, site: Site) -> tuple[Change, ...]:
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


def _withdrawal(fields: Fields, site: Site) -> Change | None:
    keys = keys_of(fields.values, "withdrawal") or _expiries(fields)
    if not keys and fields.defaults is not None:
        return _withdrawal(fields.defaults, site)
    changes = []
    for key in keys:
        value = fields.written(key)
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


def _images(fields: Fields) -> tuple[Image, ...]:
    images = []
    keys = ("une-ou-diaporama", "une", "diaporama", "images", "image", "lead-image")
    for entry in fields.mappings(*keys, shorthand="image"):
        alt, caption, credit = _texts(entry)
        file, line = entry.text("image", "photo", *_ADDRESSES), entry.line_of("image", "photo", *_ADDRESSES)
        image = Image(file=file, alt=alt, caption=caption, credit=credit, line=line)
        entry.warn_of_unknown()
        if image.file:
            images.append(image)
        elif entry:
            entry.warn(
                "image",
                _("this entry names no image: nothing is shown for it."),
                _("Add its address (image: /uploads/photo.jpg), or remove the entry."),
            )
    return tuple(images)


def _texts(entry: Fields) -> tuple[str, str, str]:
    """An image's alternative text, caption and credit."""
    alt = entry.text("alternative-textuelle", "alternative-text", "alternative", "alt", "alt-text", "texte-alternatif")
    return plain(alt), plain(entry.text("legende", "caption")), plain(entry.text("credit", "copyright"))


def _attachments(fields: Fields) -> tuple[Attachment, ...]:
    attachments = []
    entries = fields.mappings(*FILES, shorthand="file", example="files: [/uploads/document.pdf]")
    for entry in (*entries, *fields.mappings("communique-file", shorthand="file")):
        file = entry.text(*_ADDRESSES)
        title = plain(entry.text("nom", "name", "titre", "title", "label", "libelle", "intitule"))
        mode, password_env = _mode(entry), entry.text("password-env", "mot-de-passe-env")
        (alt, caption, credit), lang = _texts(entry), _language(entry)
        entry.warn_of_unknown()
        if file:
            title = title or title_from_name(file)
            attachments.append(
                Attachment(
                    file=file,
                    title=title,
                    line=entry.line_of(*_ADDRESSES),
                    mode=mode,
                    password_env=password_env,
                    alt=alt,
                    caption=caption,
                    credit=credit,
                    lang=lang,
                )
            )
        elif entry:
            entry.warn(
                "file",
                _("“{title}” names no file: nothing is attached for it.").format(title=title),
                _("Add its address (file: /uploads/document.pdf), or remove the entry."),
            )
    return tuple(attachments)


_MODES = {
    "": Mode.AUTO,
    "fusionner": Mode.MERGE,
    "joindre": Mode.EMBED,
    "les-deux": Mode.BOTH,
    "lien": Mode.LINK,
    **{mode.value: mode for mode in Mode},
}


def _mode(entry: Fields) -> Mode:
    written = entry.text("as", "mode", "comme").lower()
    if written not in _MODES:
        choices = [mode.value for mode in Mode if mode is not Mode.AUTO]
        entry.error(
            "as", _("“{value}” is not a way to attach a file.").format(value=written), unknown_choice(written, choices)
        )
    return _MODES.get(written, Mode.AUTO)


def title_from_name(file: str) -> str:
    """A readable title for an attachment without one: its file's name, without its ending."""
    stem = Path(unquote(file)).stem
    # "fiche-technique" has no other sign between its words; "Île-de-France 2026" has.
    words = re.sub(r"[_\s]+", " ", stem if re.search(r"[_\s]", stem) else stem.replace("-", " ")).strip()
    return words[:1].upper() + words[1:] or file


def _language_meant(fields: Fields, site: Site) -> str:
    """The language that a communiqué is taken to be in."""
    return fields.text(*LANG) or site.lang


def _language(fields: Fields) -> str:
    lang = fields.text(*LANG)
    if lang and not LANGUAGE.match(lang):
        fields.error(
            "lang",
            _("“{value}” is not a language code.").format(value=lang),
            _("Write for instance: lang: fr"),
        )
    return lang
