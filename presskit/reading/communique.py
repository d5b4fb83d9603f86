"""A communiqué: front matter and Markdown body, read, checked and given its names once for all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from presskit.base.errors import PresskitError, Problem, Warn
from presskit.base.i18n import _
from presskit.reading import jekyll
from presskit.reading.contacts import Contact, read_contacts
from presskit.reading.days import Day
from presskit.reading.fields import Fields, normal, unknown_choice
from presskit.reading.front_matter import parse
from presskit.reading.moments import (
    LANG,
    Change,
    corrections_of,
    date_of,
    embargo_of,
    is_draft,
    key_of,
    not_before,
    refuse_inner_embargoes,
    refuse_spoken_holds,
    withdrawal_of,
)
from presskit.reading.site import LANGUAGE, Site
from presskit.text.inline import plain
from presskit.text.text_files import decode

_NOTE_CALL = re.compile(r"\[\^[^\]\s]+\]")
# What a text shows of its front matter, by Liquid.
_USED_BY_TEXT = re.compile(r"\bpage\.([\w-]+)")
# The words that stand for a file's address in an entry, and what web sites keep in a front matter for themselves.
_ADDRESSES = (
    "file", "fichier", "path", "lien", "link", "url", "href", "src", "source", "document", "doc", "pdf", "chemin",
    "adresse", "address", "piece-jointe", "attachment", "uri",
)  # fmt: skip
LAYOUT, TRANSLATION_OF = (
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
    refuse_inner_embargoes(fields, defaults)
    read = Communique(
        source=source,
        folder=folder,
        title=title,
        date=date_of(fields, source, site),
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
        draft=is_draft(fields),
        embargo=embargo_of(fields, site),
        corrections=corrections_of(fields, site),
        withdrawal=withdrawal_of(fields, site),
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
        key = key_of(fields, "draft", "published", "state") or "published"
        fields.warn(key, _("the communiqué is not published yet."), _("Check that its kit may go out."))
    if read.withdrawal:
        key, what = (
            key_of(fields, "withdrawal", "expiry") or "withdrawn",
            _("the communiqué is withdrawn: its kit says so."),
        )
        if read.withdrawal.day is not None:
            what = _("the communiqué is withdrawn on {day}: from then on its kit says so.")
            what = what.format(day=read.withdrawal.day.isoformat())
        fields.warn(key, what, _("Check that it may go out."))
    refuse_spoken_holds(fields, read)
    read = replace(read, not_before=not_before(fields, _passed_over(defaults, site, read.body), site))
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


def _language(fields: Fields) -> str:
    lang = fields.text(*LANG)
    if lang and not LANGUAGE.match(lang):
        fields.error(
            "lang",
            _("“{value}” is not a language code.").format(value=lang),
            _("Write for instance: lang: fr"),
        )
    return lang
