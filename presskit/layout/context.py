"""What templates are given: a communiqué, its parts and its brand, in words and as HTML."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from markupsafe import Markup, escape

from presskit.attachments.attach import Part
from presskit.base.letters import shortened, without_accents
from presskit.base.marks import END_ID, PART_ATTRIBUTE, PART_ID
from presskit.layout.wording import change_in_words, date_in_words, language_name, moment_in_words, size_in_words
from presskit.prose.html import Prose, typeset
from presskit.reading.communique import Communique
from presskit.reading.contacts import Contact
from presskit.reading.days import Day
from presskit.reading.moments import Change
from presskit.reading.site import DEFAULT_FONTS, Brand, Site
from presskit.release.translations import Translation
from presskit.text import typography
from presskit.text.pasted import parts_of, regions_of

_SHORT_TITLE = 90


@dataclass(frozen=True, kw_only=True)
class Picture:
    """An image of the une, found: ``alt`` is '' for a decorative one, None where nobody wrote any."""

    path: Path
    alt: str | None
    caption: str
    credit: str


@dataclass(frozen=True, kw_only=True)
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


def context_of(content: Content, words: Mapping[str, str]) -> dict[str, Any]:
    """What a template is given, in the ``words`` of its layout."""
    communique, site, lang = content.communique, content.site, content.lang
    brand = site.brand

    def text(value: str) -> Markup:
        return Markup(typeset(value, lang))

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
        "missing": content.missing,
        "translations": [
            {
                "lang": translation.lang,
                "language": language_name(translation.lang),
                "title": Markup(typeset(translation.title, translation.lang)),
                "url": translation.url,
            }
            for translation in content.translations
        ],
        **_parts(content, text),
        **_standing(content, words, text),
    }


def _parts(content: Content, text: Callable[[str], Markup]) -> dict[str, Any]:
    merged, lang = merged_of(content.parts), content.lang
    listed = [
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
    ]
    pages = _attached_pages(merged, text, lang, separators=content.site.separators)
    return {"parts": listed, "attached_pages": pages}


def _standing(content: Content, words: Mapping[str, str], text: Callable[[str], Markup]) -> dict[str, Any]:
    """What is to be said of an embargo, of corrections and of a withdrawal."""
    communique, site, lang = content.communique, content.site, content.lang
    withdrawal = communique.withdrawal
    embargo = withdrawn = ""
    if content.embargo:
        embargo = words["embargo"].format(moment=moment_in_words(content.embargo, site.clock, words, lang=lang))
    if withdrawal:
        withdrawn = change_in_words(withdrawal.day, words["withdrawn"], words["withdrawn-undated"], lang=lang)

    def change(of: Change, what: str) -> dict[str, Markup]:
        return {"what": text(what), "note": text(of.note)}

    return {
        "notice": typography.set_text(embargo or withdrawn, lang),
        "embargo": text(embargo),
        "corrections": [
            change(correction, change_in_words(correction.day, words["corrected"], words["corrected"], lang=lang))
            for correction in communique.corrections
        ],
        "withdrawn": change(withdrawal, withdrawn) if withdrawal else None,
    }


def merged_of(parts: Sequence[Part]) -> list[Part]:
    """The parts whose pages are in the kit, in order."""
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
    return str(words.get("kinds", {}).get(kind_key(kind)) or kind or words["kind"])


def kind_key(text: str) -> str:
    """The form in which kinds of communiqué are compared."""
    return re.sub(r"[^a-z0-9]+", "-", without_accents(text.lower())).strip("-")
