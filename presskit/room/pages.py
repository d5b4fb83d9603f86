"""The pages of a press room: publications, in their languages, and the lists that lead to them."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import TemplateError
from markupsafe import Markup

from presskit.base.errors import PresskitError, Problem
from presskit.base.i18n import _
from presskit.base.letters import shortened
from presskit.layout.context import contact_in_words
from presskit.layout.layouts import environment_of, words_of
from presskit.layout.wording import (
    change_in_words,
    date_in_words,
    language_name,
    locale_of,
    moment_in_words,
    size_in_words,
)
from presskit.prose.html import typeset
from presskit.publication import Note, Picture
from presskit.reading.contacts import Contact
from presskit.reading.names import slug
from presskit.reading.site import Site
from presskit.room.entries import Entry, Shelf

# No script but the room's own, nothing from elsewhere, nothing that pages send (CSP 3).
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)
INDEX = "index.html"
_NEWEST, _MOST_TAGS, _SUMMARY = 20, 24, 260
# schema.org asks for headlines no longer than this.
_HEADLINE = 110


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What the pages of a room have in common.

    ``url`` is its public address, '' if unknown; ``logo`` the logo's place in it; ``preview`` the moment that it shows,
    None for now.
    """

    site: Site
    url: str
    logo: str
    preview: datetime | None = None

    def title(self, lang: str) -> str:
        """What the room is called."""
        room, brand = self.site.room, self.site.speaking(lang).brand
        name = room.title or words_of("room", self.site, lang)["room"]
        return f"{name} – {brand.organisation}" if brand.organisation and not room.title else name

    def address(self, page: str) -> str:
        """The public address of a place in the room, '' if unknown."""
        return f"{self.url}/{page}" if self.url else ""


def pages(
    setting: Setting, entries: Sequence[Entry], by_year: Sequence[Shelf], *, by_tag: Sequence[Shelf]
) -> Iterator[tuple[str, str]]:
    """All pages of a room with their paths, for publications newest first."""
    lang = setting.site.lang
    words = words_of("room", setting.site, lang)
    maker = _Maker(setting, {shelf.name: shelf for shelf in by_tag}, by_year)
    for entry in entries:
        yield f"{entry.page}{INDEX}", maker.publication(entry)
    yield INDEX, maker.index(entries[:_NEWEST], more=len(entries) > _NEWEST)
    for shelf in by_year:
        yield f"{shelf.page}{INDEX}", maker.listing(shelf, words["all-of"].format(year=shelf.name))
    for shelf in by_tag:
        yield f"{shelf.page}{INDEX}", maker.listing(shelf, words["tagged"].format(tag=shelf.name))
    if by_tag:
        yield f"{words['tags-folder']}/{INDEX}", maker.tags(by_tag)
    yield f"{words['search-folder']}/{INDEX}", maker.search(entries)
    yield "404.html", maker.lost()


def moved_page(setting: Setting, page: str, target: Entry | None) -> str:
    """What is at an old address: the way to the new one, or that there is none."""
    return _Maker(setting, {}, ()).moved(page, target)


class _Maker:
    """Fills in the templates."""

    def __init__(self, setting: Setting, tags: Mapping[str, Shelf], by_year: Sequence[Shelf]) -> None:
        self._setting = setting
        self._site = setting.site
        self._tags = {name: shelf for shelf in tags.values() for name in _names(shelf)}
        self._shelves = list(tags.values())
        self._items: dict[str, dict[str, Any]] = {}
        self._years = [{"name": s.name, "page": s.page, "count": len(s.entries)} for s in by_year]

    def _fill(self, template: str, page: str, lang: str, *, root: str | None = None, **context: Any) -> str:
        site, setting = self._site.speaking(lang), self._setting
        brand, words = site.brand, words_of("room", site, lang)
        preview = ""
        if setting.preview is not None:
            moment = moment_in_words(setting.preview, site.clock, words, lang=lang)
            preview = words["preview"].format(moment=moment)
        values = {
            "lang": lang,
            "words": words,
            "policy": POLICY,
            "root": "../" * page.count("/") if root is None else root,
            "room_title": setting.title(lang),
            "room_name": site.room.title or words["room"],
            "organisation": self._text(brand.organisation, lang),
            "organisation_plain": brand.organisation,
            "address": [self._text(line, lang) for line in brand.address],
            "logo": setting.logo,
            "locale": str(locale_of(lang if "-" in lang else {"fr": "fr-FR", "en": "en-GB"}.get(lang, lang))),
            "url": setting.address(page.removesuffix(INDEX)),
            "description": site.room.description,
            "preview": preview,
            "hidden": setting.preview is not None,
            "all_years": self._years,
            "target": "",
            "first_fonts": ("headings-400.woff2", "headings-700.woff2", "text-400.woff2"),
            "search_page": f"{words_of('room', site, site.lang)['search-folder']}/{INDEX}",
        }
        name = f"room/{template}.html"
        try:
            return environment_of(site).get_template(name).render(values | context)
        except TemplateError as error:
            problem = Problem(str(error), name, line=getattr(error, "lineno", None), remedy=_("Correct the layout."))
            raise PresskitError(problem) from error

    def index(self, entries: Sequence[Entry], *, more: bool) -> str:
        lang = self._site.lang
        tags = sorted(self._shelves, key=lambda shelf: -len(shelf.entries))[:_MOST_TAGS]
        return self._fill(
            "index",
            INDEX,
            lang,
            entries=[self._item(entry) for entry in entries],
            older=self._years[0] if more and self._years else None,
            all_tags=[_counted(shelf) for shelf in self._shelves if shelf in tags],
            more_tags=len(self._shelves) > len(tags),
            contacts=self._contacts(self._site.brand.contacts, lang),
            heading=self._setting.title(lang),
        )

    def listing(self, shelf: Shelf, heading: str) -> str:
        items = [self._item(entry) for entry in shelf.entries]
        return self._fill("listing", f"{shelf.page}{INDEX}", self._site.lang, entries=items, heading=heading)

    def tags(self, shelves: Sequence[Shelf]) -> str:
        words = words_of("room", self._site, self._site.lang)
        counted = [_counted(shelf) for shelf in shelves]
        page = f"{words['tags-folder']}/{INDEX}"
        return self._fill("tags", page, self._site.lang, all_tags=counted, heading=words["all-tags"])

    def search(self, entries: Sequence[Entry]) -> str:
        words = words_of("room", self._site, self._site.lang)
        page, items = f"{words['search-folder']}/{INDEX}", [self._item(entry) for entry in entries]
        return self._fill("search", page, self._site.lang, entries=items, heading=words["search-title"])

    def lost(self) -> str:
        """The page for addresses that lead nowhere: servers show it anywhere, so that its links start at the room."""
        lang, words = self._site.lang, words_of("room", self._site, self._site.lang)
        root = re.sub(r"^https?://[^/]+", "", self._setting.url) + "/"
        text, heading = words["lost-text"], words["lost-title"]
        return self._fill("notice", "404.html", lang, root=root, heading=heading, text=text, hidden=True)

    def moved(self, page: str, target: Entry | None) -> str:
        lang = target.publication.lang if target else self._site.lang
        words = words_of("room", self._site, lang)
        if target is None:
            text, heading = words["gone-text"], words["gone-title"]
            return self._fill("notice", page, lang, heading=heading, text=text, hidden=True)
        return self._fill(
            "notice",
            page,
            lang,
            heading=words["moved-title"],
            text=words["moved-text"],
            target=f"{'../' * page.count('/')}{target.page}{INDEX}",
            target_title=self._text(target.publication.title, lang),
            url=self._setting.address(target.page),
            hidden=True,
        )

    def publication(self, entry: Entry) -> str:
        publication, site = entry.publication, self._site
        lang = publication.lang
        words = words_of("room", site, lang)
        summary = (
            shortened(publication.summary, _SUMMARY) if publication.withdrawal is None else words["withdrawn-text"]
        )
        withdrawn = publication.withdrawal
        context: dict[str, Any] = {
            "plain_title": publication.title,
            "title": self._text(publication.title, lang),
            "kind": self._text(publication.kind, lang),
            "day": entry.moment.date().isoformat(),
            "date": date_in_words(entry.moment, lang),
            "year": entry.year,
            "moment": entry.moment.isoformat(),
            "modified": entry.modified.isoformat(),
            "summary": summary,
            "chapeau": Markup(publication.chapeau),
            "body": Markup(publication.body),
            "boilerplate": Markup(publication.boilerplate),
            "pictures": [self._picture(picture, lang, words) for picture in publication.pictures],
            "contacts": self._contacts(publication.contacts, lang),
            "tags": [_named(tag, self._tags[tag]) for tag in publication.tags if tag in self._tags],
            "missing": publication.missing,
            "corrections": [
                self._note(note, words["corrected"], words["corrected"], lang=lang) for note in publication.corrections
            ],
            "withdrawn": self._note(withdrawn, words["withdrawn"], words["withdrawn-undated"], lang=lang)
            if withdrawn
            else None,
            "translations": [self._translation(other) for other in entry.translations],
            "share_image": self._share_image(entry),
            "kit": None,
            "data": Markup(self._data(entry, summary)) if withdrawn is None else "",
        }
        if publication.kit and publication.archive:
            count = publication.kit.pages
            pages_ = words["page-one"] if count == 1 else words["page-many"].format(count=count)
            size = size_in_words(publication.kit.size, lang)
            packed = size_in_words(publication.archive.size, lang)
            context |= {
                "kit": {"path": publication.kit.path, "detail": words["kit-detail"].format(pages=pages_, size=size)},
                "archive": {"path": publication.archive.path, "detail": words["archive-detail"].format(size=packed)},
                "texts": [_listed(file, lang) for file in publication.texts],
                "attachments": [
                    _listed(file, lang) | {"title": self._text(file.title, lang)} for file in publication.attachments
                ],
            }
        return self._fill(
            "page", f"{entry.page}{INDEX}", lang, **context, hidden=bool(withdrawn or self._setting.preview)
        )

    @staticmethod
    def _text(text: str, lang: str) -> Markup:
        return Markup(typeset(text, lang))

    def _contacts(self, contacts: Sequence[Contact], lang: str) -> list[dict[str, Any]]:
        return [contact_in_words(contact, self._site, lang) for contact in contacts]

    def _item(self, entry: Entry) -> dict[str, Any]:
        """A publication in lists: it is in several."""
        if entry.id not in self._items:
            self._items[entry.id] = self._listed(entry)
        return self._items[entry.id]

    def _listed(self, entry: Entry) -> dict[str, Any]:
        publication = entry.publication
        lang, words = publication.lang, words_of("room", self._site, publication.lang)
        shown = publication.pictures[:1]
        thumbnails = [
            f"{entry.page}{picture.smaller[0][0] if picture.smaller else picture.full.path}" for picture in shown
        ]
        return {
            "lang": lang,
            "page": entry.page,
            "title": self._text(publication.title, lang),
            "kind": self._text(publication.kind, lang),
            "day": entry.moment.date().isoformat(),
            "date": date_in_words(entry.moment, lang),
            "summary": shortened(publication.summary, _SUMMARY),
            "tags": [_named(tag, self._tags[tag]) for tag in publication.tags if tag in self._tags],
            "mark": words[entry.mark] if entry.mark else "",
            "thumbnail": thumbnails[0] if thumbnails else "",
        }

    def _note(self, note: Note, dated: str, undated: str, *, lang: str) -> dict[str, Any]:
        return {"what": change_in_words(note.date, dated, undated, lang=lang), "note": self._text(note.note, lang)}

    def _translation(self, other: Entry) -> dict[str, Any]:
        lang = other.publication.lang
        return {
            "lang": lang,
            "language": language_name(lang),
            "title": self._text(other.publication.title, lang),
            "page": other.page,
            "url": self._setting.address(other.page),
        }

    def _picture(self, picture: Picture, lang: str, words: Mapping[str, str]) -> dict[str, Any]:
        size = size_in_words(picture.full.size, lang)
        label = words["full-size"].format(size=size)
        if picture.smaller:
            label = words["full-size-pixels"].format(width=picture.width, height=picture.height, size=size)
        return {
            "src": picture.shown,
            "srcset": picture.srcset,
            "alt": picture.alt or "",
            "width": picture.width,
            "height": picture.height,
            "caption": self._text(picture.caption, lang),
            "credit": self._text(picture.credit, lang),
            "full": picture.full.path,
            "label": self._text(label, lang),
        }

    def _share_image(self, entry: Entry) -> dict[str, str] | None:
        """The image that links show when they are shared: services take JPEG, from a whole address."""
        for picture in entry.publication.pictures:
            if picture.smaller and self._setting.url:
                return {"url": self._setting.address(f"{entry.page}{picture.shown}"), "alt": picture.alt or ""}
        return None

    def _data(self, entry: Entry, summary: str) -> str:
        """The page's content for machines (https://schema.org/NewsArticle), safe inside of a script element."""
        publication, brand, setting = entry.publication, self._site.brand, self._setting
        organisation: dict[str, Any] = {"@type": "Organization", "name": brand.organisation}
        if setting.logo and setting.url:
            organisation["logo"] = {"@type": "ImageObject", "url": setting.address(setting.logo)}
        data: dict[str, Any] = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": shortened(publication.title, _HEADLINE),
            "datePublished": entry.moment.isoformat(),
            "dateModified": entry.modified.isoformat(),
            "inLanguage": publication.lang,
            "description": summary,
            "keywords": list(publication.tags),
        }
        if brand.organisation:
            data |= {"author": organisation, "publisher": organisation}
        if setting.url:
            page = setting.address(entry.page)
            data |= {"url": page, "mainEntityOfPage": page}
            data["image"] = [f"{page}{p.shown}" for p in publication.pictures]
            if publication.kit:
                data["encoding"] = {
                    "@type": "MediaObject",
                    "contentUrl": f"{page}{publication.kit.path}",
                    "encodingFormat": publication.kit.media_type,
                    "contentSize": str(publication.kit.size),
                }
        if publication.corrections:
            data["correction"] = [
                {"@type": "CorrectionComment", "datePublished": note.day, "text": note.note}
                for note in publication.corrections
            ]
        if entry.translations and setting.url:
            data["workTranslation"] = [{"@id": setting.address(other.page)} for other in entry.translations]
        text = json.dumps({key: value for key, value in data.items() if value}, ensure_ascii=False)
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _names(shelf: Shelf) -> set[str]:
    """All ways in which a topic is written."""
    return {tag for entry in shelf.entries for tag in entry.publication.tags if slug(tag) == slug(shelf.name)}


def _counted(shelf: Shelf) -> dict[str, Any]:
    return {"name": shelf.name, "page": shelf.page, "count": len(shelf.entries)}


def _named(tag: str, shelf: Shelf) -> dict[str, str]:
    return {"name": tag, "page": shelf.page}


def _listed(file: Any, lang: str) -> dict[str, Any]:
    kind = Path(file.path).suffix.lstrip(".").upper()
    return {"path": quote(file.path), "title": file.title, "detail": f"{kind}, {size_in_words(file.size, lang)}"}
