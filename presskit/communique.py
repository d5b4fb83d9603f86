"""A communiqué: front matter and Markdown body, read, checked and given its names once for all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from enum import Enum
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import frontmatter
from frontmatter.default_handlers import YAMLHandler

from presskit import jekyll
from presskit.errors import PresskitError, Problem, Warn
from presskit.fields import Fields, Findings, parse_toml, parse_yaml, unknown_choice
from presskit.holds import embargoes_in, is_slip_of_embargo, keys_of, may_be_yes_or_no, yes_or_no
from presskit.i18n import _
from presskit.site import CONFIG, Contact, Site, decode, read_contacts

_FILE_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})-")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")
# What an embargo's moment may be introduced with.
_UNTIL = re.compile(r"^(?:(?:sous|under) embargo )?(?:jusqu['’]au|until|le|au) ", re.IGNORECASE)
_BOUNDARY = re.compile(r"\s*(?:-{3,}|\+{3})[ \t]*(?:\r?\n|\Z)")


Day = datetime | date


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class Attachment:
    """A file (or folder) to attach: its address as written and the title to list it under.

    ``password_env`` names the environment variable that holds the file's password; ``alt``, ``caption``
    and ``credit`` are an image's.
    """

    file: str
    title: str
    line: int | None = None
    mode: Mode = Mode.AUTO
    password_env: str = ""
    alt: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True)
class Change:
    """What became of a communiqué after it went out: when, and a note on it; either may be missing."""

    day: Day | None = None
    note: str = ""


@dataclass(frozen=True)
class Communique:
    """A communiqué; ``chapeau`` and ``body`` are Markdown, ``body_line`` is where the body starts.

    ``lines``, if not empty, are the lines of the file that the body's lines come from. A ``draft`` is not to
    be published yet; ``embargo`` is when it may be. ``corrections`` are in the order of their dates. Communiqués
    with the same ``ref``, and those that name one another's file in ``translation_of``, are translations of
    each other. ``slug`` and ``old_addresses`` are for its page. ``front_matter`` has all of it, as written.
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
    corrections: tuple[Change, ...] = ()
    withdrawal: Change | None = None
    ref: str = ""
    translation_of: str = ""
    slug: str = ""
    old_addresses: tuple[str, ...] = ()
    front_matter: Mapping[str, Any] = field(default_factory=dict)


class _Handler(YAMLHandler):
    """python-frontmatter's YAML handler, with every scalar kept as text and placed in the file."""

    def __init__(self, source: str, first_line: int) -> None:
        super().__init__()
        self.source = source
        self.first_line = first_line
        self.findings = Findings(source)

    def load(self, fm: str, **kwargs: object) -> Any:
        values, self.findings = parse_yaml(fm, self.source, self.first_line)
        return values


class _TOMLHandler(_Handler):
    """Hugo's other front matter, between ``+++`` lines."""

    FM_BOUNDARY = re.compile(r"^\+{3}\s*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "+++"

    def load(self, fm: str, **kwargs: object) -> Any:
        return parse_toml(fm, self.source, self.first_line)


def read_communique(octets: bytes, source: str, folder: Path, warn: Warn, site: Site | None = None) -> Communique:
    """Read a communiqué from the bytes of its file.

    ``source`` names it in messages, ``folder`` is where its relative addresses start. Its ``site`` gives the
    front matter that it has by default, and the time zone in which a moment given in UTC is shown.

    Raises PresskitError with all of the file's problems together.
    """
    site = site or Site(folder)
    zone = site.timezone
    text = decode(octets, source)
    _require_front_matter(text, source)
    handler = _handler(text, source)
    metadata, body = frontmatter.parse(text, handler=handler)
    defaults = Fields(site.defaults_for(folder / source), Findings(CONFIG))
    fields = Fields(metadata, handler.findings, defaults=defaults)
    title, lang = _title(fields), _language(fields)
    _refuse_inner_embargoes(fields, defaults)
    read = Communique(
        source=source,
        folder=folder,
        title=title,
        date=_date(fields, source, zone),
        kind=next(iter(fields.texts("categories", "category", "catégories", "catégorie", "kind")), ""),
        tags=fields.texts("tags", "tag", "mots-clés", "keywords", separator=","),
        chapeau=fields.text("chapeau-text", "chapeau", "chapo", "standfirst"),
        chapeau_line=fields.line("chapeau-text"),
        images=_images(fields),
        contacts=read_contacts(fields) or read_contacts(defaults) or site.speaking(lang or site.lang).brand.contacts,
        attachments=_attachments(fields),
        lang=lang,
        layout=fields.text("layout", "gabarit"),
        body=body,
        # Both texts end alike: what comes before the body tells its line.
        body_line=text.rstrip().count("\n", 0, len(text.rstrip()) - len(body)) + 1,
        draft=_is_draft(fields),
        embargo=_embargo(fields, site),
        corrections=_corrections(fields, zone),
        withdrawal=_withdrawal(fields, zone),
        ref=fields.text("ref"),
        translation_of=fields.text("translation-of", "traduction-de"),
        slug=fields.text("slug"),
        old_addresses=fields.texts("redirect-from", "aliases", "anciennes-adresses"),
        front_matter=jekyll.joined(defaults.values, metadata),
    )
    if not body and not read.chapeau:
        handler.findings.warnings.append(
            Problem(_("the communiqué has no text."), source, remedy=_("Write it under the second “---” line."))
        )
    if read.draft:
        fields.warn("published", _("the communiqué is not published yet."), _("Check that its kit may go out."))
    if read.withdrawal:
        fields.warn("withdrawn", _("the communiqué is withdrawn: its kit says so."), _("Check that it may go out."))
    fields.suggest_for_typos()
    for warning in handler.findings.warnings + defaults.findings.warnings:
        warn(warning)
    if errors := handler.findings.errors + defaults.findings.errors:
        raise PresskitError(errors)
    return read


def read_front_matter(path: Path) -> dict[str, Any] | None:
    """The front matter of any page, as it is written; None for a file that has none, or none that can be read."""
    try:
        text = decode(path.read_bytes(), path.name)
        _require_front_matter(text, path.name)
        metadata, _body = frontmatter.parse(text, handler=_handler(text, path.name))
    except (OSError, PresskitError):
        return None
    return metadata


def _handler(text: str, source: str) -> _Handler:
    """What reads the front matter of a text, in YAML or TOML."""
    leading = len(text) - len(text.lstrip())
    kind = _TOMLHandler if text.lstrip().startswith("+") else _Handler
    return kind(source, text.count("\n", 0, leading) + 1)


def _require_front_matter(text: str, source: str) -> None:
    if not text.strip():
        raise PresskitError(
            Problem(
                _("the file is empty."),
                source,
                remedy=_("Start with the front matter: a “---” line, “title: …”, “date: …”, a “---” line."),
            )
        )
    start = _BOUNDARY.match(text)
    if start is None:
        raise PresskitError(
            Problem(
                _("there is no front matter."),
                source,
                line=1,
                remedy=_("Start the file with a “---” line, “title: …”, “date: …”, and a “---” line."),
            )
        )
    if not re.search(r"^(?:-{3,}|\+{3})\s*$", text[start.end() :], re.MULTILINE):
        raise PresskitError(
            Problem(
                _("the front matter does not end."),
                source,
                line=text.count("\n", 0, start.end()),
                remedy=_("Close it with a “---” line before the text."),
            )
        )


def _title(fields: Fields) -> str:
    title = " ".join(fields.text("title", "titre").split())
    if not title and not fields.findings.errors:
        fields.error("title", _("the title is missing."), _("Add: title: 'The title of the communiqué'"))
    return title


def _date(fields: Fields, source: str, zone: ZoneInfo | None) -> Day:
    written = fields.text("date")
    from_name = _FILE_DATE.match(Path(source).name)
    if not written and from_name:
        # Jekyll's posts carry their date in their name.
        written = from_name[1]
    moment = _in_zone(day_of(written), zone) if written else None
    if moment is not None:
        return moment
    example = _("Write for instance: date: 2026-11-24 10:30:00 +01:00")
    if written:
        fields.error("date", _("“{value}” is not a date.").format(value=written), example)
    else:
        fields.error("date", _("the date is missing."), example)
    return date.min


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
    written = _single_text(fields, key)
    if yes_or_no(written) is False:
        return None
    bare = _UNTIL.sub("", written)
    moment = _in_zone(day_of(bare), site.timezone) if bare else None
    if moment is None:
        what = _("“{value}” does not tell when the embargo ends.") if written else _("the embargo has no end.")
        remedy = _("Write for instance: embargo: 2026-12-01 06:00 (or, if there is none, remove the line).")
        fields.error(key, what.format(value=written), remedy)
    elif not (isinstance(moment, datetime) and moment.tzinfo) and site.clock is None:
        what = _("the embargo's time zone is not known: it ends when it is over in all places that may be meant.")
        remedy = _('Say which in presskit.toml: timezone = "Europe/Paris", or write: 2026-12-01 06:00 +01:00')
        fields.warn(key, what, remedy)
    return moment


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
            what = _("this speaks of an embargo, in a place where none is looked for.")
            remedy = _("Write it at the start of a line of the front matter: embargo: 2026-12-01 06:00")
            findings.errors.append(Problem(what, findings.file, str(path[-1]), findings.line(path), remedy=remedy))


def _is_draft(fields: Fields) -> bool:
    """Whether a key says that the communiqué is not to be published yet, in itself or else in its defaults."""
    drafts, published = keys_of(fields.values, "draft"), keys_of(fields.values, "published")
    said = [_is_said(fields, key) for key in drafts] + [not _is_said(fields, key, default=True) for key in published]
    if not said and fields.defaults is not None:
        return _is_draft(fields.defaults)
    return any(said)


def _is_said(fields: Fields, key: str, *, default: bool = False) -> bool:
    written = _single_text(fields, key)
    said = yes_or_no(written)
    if said is None and (written or fields.values[key]):
        example = _("Write: {name}: true").format(name=key)
        fields.error(key, _("“true” or “false” is expected here, not “{value}”.").format(value=written), example)
    return default if said is None else said


def _corrections(fields: Fields, zone: ZoneInfo | None) -> tuple[Change, ...]:
    changes = []
    for entry in fields.mappings("correction", "corrections", "corrige", shorthand="note"):
        change = _change(entry, zone)
        if change == Change():
            # What is written says that there is none: "correction: false", or an empty entry.
            continue
        if change.day is None:
            example = _("Write for instance: {example}").format(
                example="correction: {date: 2026-12-02, note: '…'}",
            )
            entry.error("date", _("the correction has no date."), example)
            continue
        if not change.note:
            entry.warn("note", _("the correction does not tell what was corrected."), _("Add: note: …"))
        changes.append(change)
    return tuple(sorted(changes, key=lambda change: moment_of(change.day or date.min, zone)))


def _withdrawal(fields: Fields, zone: ZoneInfo | None) -> Change | None:
    keys = keys_of(fields.values, "withdrawal")
    if not keys and fields.defaults is not None:
        return _withdrawal(fields.defaults, zone)
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
                changes.append(_change(entry, zone))
    return changes[0] if changes else None


def _change(entry: Fields, zone: ZoneInfo | None) -> Change:
    """A date and a note; where one text is all there is, a date, a note or a yes."""
    day, note = entry.text("date"), " ".join(entry.text("note", "texte", "text", "motif", "reason").split())
    entry.suggest_for_typos()
    if not day and day_of(note) is not None:
        day, note = note, ""
    moment = _in_zone(day_of(day), zone) if day else None
    if day and moment is None:
        example = _("Write for instance: {example}").format(example="date: 2026-12-02")
        entry.error("date", _("“{value}” is not a date.").format(value=day), example)
    return Change(moment, note if yes_or_no(note) is None else "")


def _in_zone(moment: Day | None, zone: ZoneInfo | None) -> Day | None:
    if isinstance(moment, datetime) and moment.tzinfo is not None and zone is not None:
        return moment.astimezone(zone)
    return moment


def day_of(written: str) -> Day | None:
    """A date, or a moment with the offset written; None for what is neither."""
    text = re.sub(r"\s+(?=[+-]\d|Z|UTC)", "", written.strip()).replace("UTC", "Z")
    french = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    if french:
        text = f"{french[3]}-{french[2]:0>2}-{french[1]:0>2}"
    # ISO wants two digits for the hour: "2022-11-29 9:30".
    text = re.sub(r"([ T])(\d:)", r"\g<1>0\2", text)
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _images(fields: Fields) -> tuple[Image, ...]:
    images = []
    keys = ("une-ou-diaporama", "une", "diaporama", "images", "image", "lead-image")
    for entry in fields.mappings(*keys, shorthand="image"):
        image = Image(entry.text("image", "file", "fichier", "src"), *_texts(entry), line=entry.line("image"))
        entry.suggest_for_typos()
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
    alt = " ".join(entry.text("alternative-textuelle", "alternative-text", "alt", "alt-text").split())
    return alt, entry.text("legende", "caption"), entry.text("credit")


def _attachments(fields: Fields) -> tuple[Attachment, ...]:
    attachments = []
    entries = fields.mappings("files", "attachments", "pieces-jointes", "fichiers", shorthand="file")
    for entry in (*entries, *fields.mappings("communique-file", shorthand="file")):
        file = entry.text("file", "fichier", "path")
        title = " ".join(entry.text("nom", "name", "titre", "title").split())
        mode, password_env = _mode(entry), entry.text("password-env", "mot-de-passe-env")
        texts = _texts(entry)
        entry.suggest_for_typos()
        if file:
            title = title or title_from_name(file)
            attachments.append(Attachment(file, title, entry.line("file"), mode, password_env, *texts))
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
            "as", _("“{value}” is no way to attach a file.").format(value=written), unknown_choice(written, choices)
        )
    return _MODES.get(written, Mode.AUTO)


def title_from_name(file: str) -> str:
    """A readable title for an attachment without one: its file's name, without its ending."""
    stem = Path(unquote(file)).stem
    # "fiche-technique" has no other sign between its words; "Île-de-France 2026" has.
    words = re.sub(r"[_\s]+", " ", stem if re.search(r"[_\s]", stem) else stem.replace("-", " ")).strip()
    return words[:1].upper() + words[1:] or file


def _language(fields: Fields) -> str:
    lang = fields.text("lang", "langue", "language")
    if lang and not _LANGUAGE.match(lang):
        fields.error(
            "lang",
            _("“{value}” is not a language code.").format(value=lang),
            _("Write for instance: lang: fr"),
        )
    return lang


def moment_of(day: Day, zone: tzinfo | None = None) -> datetime:
    """A communiqué's date as a moment with an offset: in ``zone``, or UTC, where none is written."""
    if isinstance(day, datetime):
        return day if day.tzinfo else day.replace(tzinfo=zone or UTC)
    return datetime.combine(day, time(), zone or UTC)
