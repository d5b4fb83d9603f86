"""Layouts: found, filled in with a communiqué, its parts and its brand, and given as one HTML page.

A layout is a folder with ``layout.html`` (Jinja2), ``layout.css``, ``layout.toml`` (the kinds it serves)
and ``words.toml`` (its words by language). A site's own ``layouts/`` folder comes before presskit's.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from presskit.attachments.attach import Part
from presskit.base.errors import PresskitError, Problem, Warn
from presskit.base.i18n import _
from presskit.base.letters import shortened, without_accents
from presskit.base.marks import END_ID, PART_ATTRIBUTE, PART_ID
from presskit.base.resources import resource_folder
from presskit.layout.wording import change_in_words, date_in_words, language_name, moment_in_words, size_in_words
from presskit.prose.html import Prose, typeset
from presskit.reading.communique import LAYOUT, Change, Communique
from presskit.reading.contacts import Contact
from presskit.reading.days import Day
from presskit.reading.fields import unknown_choice
from presskit.reading.site import DEFAULT_FONTS, Brand, Site
from presskit.release.translations import Translation
from presskit.text import typography
from presskit.text.pasted import parts_of, regions_of

DEFAULT = "communique"

# Jekyll's own names: a `layout:` that is meant for the web site, not for a kit.
_WEB_LAYOUTS = {"default", "post", "posts", "page", "home", "communiques", "communique-de-presse"}
_SHORT_TITLE = 90


@dataclass(frozen=True)
class Layout:
    """A layout's name, where it is, and the kinds of communiqué that it serves."""

    name: str
    folder: Path
    description: dict[str, str]
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Picture:
    """An image of the une, found: ``alt`` is '' for a decorative one, None where nobody wrote any."""

    path: Path
    alt: str | None
    caption: str
    credit: str


@dataclass(frozen=True)
class Content:
    """All that a layout shows; ``embargo`` is one that is not over."""

    communique: Communique
    site: Site
    lang: str
    chapeau: Prose
    body: Prose
    boilerplate: Prose
    pictures: tuple[Picture, ...]
    contacts: tuple[Contact, ...]
    parts: tuple[Part, ...]
    missing: tuple[str, ...] = ()
    embargo: Day | None = None
    translations: tuple[Translation, ...] = ()


@dataclass(frozen=True)
class Page:
    """A laid-out communiqué: HTML, the folders whose files its layout may use, and the layout's words.

    ``notice`` is what every page of its kit must say, '' for nothing.
    """

    html: str
    folders: tuple[Path, ...]
    words: Mapping[str, str] = field(default_factory=dict)
    notice: str = ""


def layouts(site: Site | None) -> dict[str, Layout]:
    """All layouts by name, those of the site first."""
    found: dict[str, Layout] = {}
    for folder in _folders(site):
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if (path / "layout.html").is_file() and path.name not in found:
                about = _toml(path / "layout.toml")
                description = about.get("description")
                kinds = tuple(str(kind) for kind in about.get("kinds", ()))
                found[path.name] = Layout(path.name, path, description if isinstance(description, dict) else {}, kinds)
    return found


def choose(communique: Communique, site: Site, wanted: str, warn: Warn) -> Layout:
    """The layout for a communiqué: the one wanted, else its ``layout:``, else the one of its kind.

    Raises PresskitError when the one wanted does not exist.
    """
    known = layouts(site)
    if wanted:
        if wanted in known:
            return known[wanted]
        raise PresskitError(
            Problem(
                _("there is no layout named “{name}”.").format(name=wanted),
                remedy=unknown_choice(wanted, list(known)),
            )
        )
    named = communique.layout
    if named in known:
        return known[named]
    if named and named.lower() not in _WEB_LAYOUTS:
        warn(
            Problem(
                _("there is no layout named “{name}”: the kind of communiqué decides.").format(name=named),
                communique.source,
                "layout",
                communique.line_of(*LAYOUT),
                remedy=unknown_choice(named, list(known)),
            )
        )
    kind = _slug(communique.kind)
    for layout in known.values():
        if kind and kind in {_slug(served) for served in (layout.name, *layout.kinds)}:
            return layout
    return known[DEFAULT]


def lay_out(layout: Layout, content: Content, warn: Warn) -> Page:
    """Fill in a layout. Raises PresskitError when the layout itself is at fault."""
    folders = _folders(content.site)
    environment = _environment(folders)
    template = f"{layout.name}/layout.html"
    try:
        context = _context(layout, content, warn)
        html = environment.get_template(template).render(context)
    except TemplateSyntaxError as error:
        raise PresskitError(
            Problem(error.message or "", error.name or template, line=error.lineno, remedy=_("Correct the layout."))
        ) from error
    except TemplateError as error:
        raise PresskitError(Problem(str(error), template, remedy=_("Correct the layout."))) from error
    ends = [END_ID, *(f"{PART_ID}{number}" for number, _part in enumerate(_merged(content.parts), 1))]
    if not all(f'id="{end}"' in html for end in ends):
        raise PresskitError(
            Problem(
                _("the layout leaves no place for the attached pages."),
                template,
                remedy=_("Extend communique/layout.html, or end with {{ attached_pages }}."),
            )
        )
    return Page(html, folders, context["words"], context["notice"])


def lay_out_attachment(title: str, body: str, site: Site, lang: str, *, text: bool, wide: bool = False) -> Page:
    """A page for an attachment that has none of its own; a ``text`` gets its title above it, a ``wide`` one lies."""
    folders = _folders(site)
    template = _environment(folders).get_template(f"{DEFAULT}/attachment.html")
    brand = site.brand
    return Page(
        template.render(
            lang=lang,
            title=Markup(typeset(title, lang)),
            plain_title=title,
            text=text,
            wide=wide,
            body=Markup(body),
            css_variables=css_variables(brand),
        ),
        folders,
    )


def lay_out_text(content: Content, body: str, une: Sequence[tuple[Any, str]], warn: Warn) -> str:
    """A communiqué's text alone, as plain HTML without any look: for who pastes it elsewhere.

    ``body`` is its text, ``une`` its pictures with their addresses in it.
    """
    folders, lang = _folders(content.site), content.lang
    layout = Layout("room", folders[-1] / "room", {})
    context = _context(layout, content, warn) | {
        "body": Markup(body),
        "pictures": [
            {
                "url": url,
                "alt": p.alt,
                "caption": Markup(typeset(p.caption, lang)),
                "credit": Markup(typeset(p.credit, lang)),
            }
            for p, url in une
        ],
    }
    return _environment(folders).get_template("room/text.html").render(context)


def words_of(layout: str, site: Site, lang: str) -> dict[str, str]:
    """The words of a layout in a language, in English where it has none; the site's own come first."""
    merged: dict[str, str] = {}
    for folder in reversed(_folders(site)):
        chosen = Layout(layout, folder / layout, {})
        merged |= _words(chosen, site, lang) or _words(chosen, site, "en") or {}
    return merged


def environment_of(site: Site) -> Environment:
    """The templates of a site's layouts, over presskit's own."""
    return _environment(_folders(site))


@cache
def _environment(folders: tuple[Path, ...]) -> Environment:
    environment = SandboxedEnvironment(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["file_url"] = lambda name: _layout_file(folders, str(name)).as_uri()
    return environment


def _layout_file(folders: tuple[Path, ...], name: str) -> Path:
    for folder in folders:
        path = (folder / name).resolve()
        if path.is_file() and path.is_relative_to(folder.resolve()):
            return path
    raise PresskitError(Problem(_("the layout's file “{name}” is not there.").format(name=name)))


def _context(layout: Layout, content: Content, warn: Warn) -> dict[str, Any]:
    communique, site, lang = content.communique, content.site, content.lang
    brand = site.brand
    words = _words(layout, site, lang)
    if words is None:
        warn(
            Problem(
                _("the layout has no words in the language “{lang}”: they are in English.").format(lang=lang),
                communique.source,
                "lang",
            )
        )
        words = _words(layout, site, "en") or {}

    def text(value: str) -> Markup:
        return Markup(typeset(value, lang))

    def change(of: Change, what: str) -> dict[str, Markup]:
        return {"what": text(what), "note": text(of.note)}

    merged = _merged(content.parts)
    withdrawal = communique.withdrawal
    embargo = withdrawn = ""
    if content.embargo:
        embargo = words["embargo"].format(moment=moment_in_words(content.embargo, site.clock, words, lang))
    if withdrawal:
        withdrawn = change_in_words(withdrawal.day, words["withdrawn"], words["withdrawn-undated"], lang)
    place = words["place"] if brand.city else "{date}"
    return {
        "lang": lang,
        "words": words,
        "brand": brand,
        "organisation": text(brand.organisation),
        "sub_organisation": text(brand.sub_organisation),
        "logo": brand.logo.as_uri() if brand.logo else "",
        "address": [text(line) for line in brand.address],
        "css_variables": css_variables(brand),
        "kind": text(kind_in_words(communique.kind, words)),
        "place": text(place.format(city=brand.city, date=date_in_words(communique.date, lang))),
        "plain_title": communique.title,
        "short_title": typography.set_text(shortened(communique.title, _SHORT_TITLE), lang),
        "title": text(communique.title),
        "chapeau": Markup(content.chapeau.html),
        "body": Markup(content.body.html),
        "boilerplate": Markup(content.boilerplate.html),
        "headings": [heading for heading in content.body.headings if heading.level == 2],
        "pictures": [
            {"url": p.path.as_uri(), "alt": p.alt, "caption": text(p.caption), "credit": text(p.credit)}
            for p in content.pictures
        ],
        "contacts": [contact_in_words(contact, site, lang) for contact in content.contacts],
        "parts": [
            {
                "title": text(part.title),
                "id": f"{PART_ID}{merged.index(part) + 1}" if part in merged else "",
                "pages": part.pages,
                "embedded": part.embedded,
                "url": part.url,
                "file": part.path.name,
                "size": size_in_words(part.size, lang),
            }
            for part in content.parts
        ],
        "missing": content.missing,
        "notice": typography.set_text(embargo or withdrawn, lang),
        "embargo": text(embargo),
        "corrections": [
            change(correction, change_in_words(correction.day, words["corrected"], words["corrected"], lang))
            for correction in communique.corrections
        ],
        "withdrawn": change(withdrawal, withdrawn) if withdrawal else None,
        "translations": [
            {
                "lang": translation.lang,
                "language": language_name(translation.lang),
                "title": Markup(typeset(translation.title, translation.lang)),
                "url": translation.url,
            }
            for translation in content.translations
        ],
        "attached_pages": _attached_pages(merged, text, lang, separators=site.separators),
    }


def _merged(parts: Sequence[Part]) -> list[Part]:
    return [part for part in parts if part.document is not None]


def _attached_pages(merged: list[Part], text: Callable[[str], Markup], lang: str, *, separators: bool) -> Markup:
    """One page for each attachment, which binding replaces by the attached pages, or puts them after.

    Each advances the page counter by the length of the attachment before it, so that the contents list
    and « page n/N » count the whole kit in one pass of CSS, without a second layout. A page is blank, or
    with ``separators`` announces its attachment and stays.
    """
    if not merged:
        return Markup(f'<span id="{END_ID}"></span>')
    names = [*(f"{PART_ID}{number}" for number in range(1, len(merged) + 1)), END_ID]
    own = 1 if separators else 0
    lengths = [part.pages + own for part in merged]
    steps = [1, *lengths[:-1], lengths[-1] - 1]
    rules = "".join(
        f"@page {name} {{ counter-increment: page {step} }} #{name} {{ page: {name}; break-before: page }}"
        for name, step in zip(names, steps, strict=True)
    )
    titles = [f'<p class="separator" lang="{lang}">{text(part.title)}</p>' if separators else "" for part in merged]
    parts = [f'{PART_ATTRIBUTE}="{escape(part.title)}"{_language_of(part)}' for part in merged]
    sections = "".join(
        f'<section id="{name}" class="kit-attached" {part}>{title}</section>'
        for name, part, title in zip(names, [*parts, ""], [*titles, ""], strict=True)
    )
    return Markup(f"<style>{rules}</style>{sections}")


def _language_of(part: Part) -> str:
    return f' lang="{escape(part.lang)}"' if part.lang else ""


def contact_in_words(contact: Contact, site: Site, lang: str) -> dict[str, Any]:
    """A press contact as pages show it, with its numbers to dial.

    Who reads another language than the site's is likely to call from another country.
    """
    abroad = typography.language_of(lang) != typography.language_of(site.lang)
    return {
        "name": Markup(typeset(contact.name, lang)),
        "role": Markup(typeset(contact.role, lang)),
        "organisation": Markup(typeset(contact.organisation, lang)),
        "phones": [phone_in_words(number, site.brand.country, abroad=abroad) for number in contact.phones],
        "email": contact.email,
        "emails": [email for email in (contact.email, *contact.other_emails) if email],
    }


@lru_cache(256)
def phone_in_words(written: str, country: str, *, abroad: bool = False) -> Mapping[str, str]:
    """A telephone number as it is read and as it is dialled; what is no number stays as written."""
    import phonenumbers

    phone = parts_of(written)
    for region in regions_of(country):
        try:
            number = phonenumbers.parse(phone.number, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            local = region == country and number.country_code == phonenumbers.country_code_for_region(country)
            formats = phonenumbers.PhoneNumberFormat
            style = formats.NATIONAL if local and not abroad else formats.INTERNATIONAL
            text = phonenumbers.format_number(number, style).replace("-", " ")
            spoken = {
                "text": re.sub(r" ,", ",", " ".join(filter(None, (phone.before, text, phone.after)))),
                "dial": phonenumbers.format_number(number, formats.E164),
            }
            return MappingProxyType(spoken)
    return MappingProxyType({"text": written, "dial": ""})


def css_variables(brand: Brand) -> Markup:
    """A brand's colours and fonts as CSS custom properties."""
    variables = [f"--{name}: {value}" for name, value in brand.colours.items()]
    for name, family in brand.fonts.items():
        quoted = re.sub(r"[^\w .-]", "", family)
        variables.append(f'--font-{name}: "{quoted}", "{DEFAULT_FONTS[name]}"')
    return Markup("; ".join(variables))


def kind_in_words(kind: str, words: Mapping[str, Any]) -> str:
    """A kind of communiqué in the language of ``words``: what is written, unless it is one of another language."""
    return str(words.get("kinds", {}).get(_slug(kind)) or kind or words["kind"])


def _words(layout: Layout, site: Site, lang: str) -> dict[str, str] | None:
    """A layout's words in a language, over those of the layout that all inherit from."""
    language = typography.language_of(lang)
    words: dict[str, str] = {}
    for folder in (*(base / DEFAULT for base in reversed(_folders(site))), layout.folder):
        words |= _toml(folder / "words.toml").get(language, {})
    return words or None


def _folders(site: Site | None) -> tuple[Path, ...]:
    ours = resource_folder("layouts")
    return (site.layouts, ours) if site and site.layouts.is_dir() and site.layouts != ours else (ours,)


def _toml(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    status = path.stat()
    return _parsed_toml(path, status.st_mtime_ns, status.st_size)


@cache
def _parsed_toml(path: Path, _changed: int, _size: int) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PresskitError(
            Problem(
                _("the TOML can't be read ({detail}).").format(detail=error),
                f"{path.parent.name}/{path.name}",
                remedy=_("Correct the layout."),
            )
        ) from error


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", without_accents(text.lower())).strip("-")
