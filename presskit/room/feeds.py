"""What a press room tells programs: feeds (Atom, JSON Feed) with kits as enclosures, and a sitemap."""

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from presskit.layout.layouts import words_of
from presskit.layout.wording import change_in_words
from presskit.publication.plain import writable
from presskit.room.entries import Entry, Shelf
from presskit.room.pages import Setting

_ATOM = "http://www.w3.org/2005/Atom"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_NEWEST = 50


def atom(setting: Setting, entries: Sequence[Entry], firsts: Mapping[str, str]) -> bytes:
    """The Atom feed (RFC 4287) of the newest publications; ``firsts`` are the first pages, which name them for good."""
    register_namespace("", _ATOM)
    lang = setting.site.lang
    feed = Element(f"{{{_ATOM}}}feed", {f"{_XML}lang": lang})
    if setting.url:
        feed.set(f"{_XML}base", f"{setting.url}/")
    _put(feed, "id", _id(setting, ""))
    _put(feed, "title", setting.title(lang))
    if setting.site.room.description:
        _put(feed, "subtitle", setting.site.room.description)
    newest = [entry.modified for entry in entries[:_NEWEST]]
    _put(feed, "updated", _moment(max(newest, default=datetime(1970, 1, 1, tzinfo=UTC))))
    _put(feed, "link", rel="self", type="application/atom+xml", href=setting.address("feed.xml") or "feed.xml")
    _put(feed, "link", rel="alternate", type="text/html", href=setting.address("") or "index.html")
    author = _put(feed, "author")
    _put(author, "name", setting.site.brand.organisation or setting.title(lang))
    for entry in entries[:_NEWEST]:
        _atom_entry(feed, setting, entry, first=firsts.get(entry.id, entry.page))
    return _written(feed)


def _atom_entry(feed: Element, setting: Setting, entry: Entry, *, first: str) -> None:
    publication = entry.publication
    page = setting.address(entry.page) or f"{entry.page}index.html"
    item = _put(feed, "entry")
    item.set(f"{_XML}lang", publication.lang)
    _put(item, "id", _id(setting, first))
    _put(item, "title", _headline(setting, entry))
    _put(item, "published", _moment(entry.moment))
    _put(item, "updated", _moment(entry.modified))
    _put(item, "link", rel="alternate", type="text/html", hreflang=publication.lang, href=page)
    for other in entry.translations:
        where = setting.address(other.page) or f"{other.page}index.html"
        _put(item, "link", rel="alternate", type="text/html", hreflang=other.publication.lang, href=where)
    kit = publication.kit
    if kit:
        where = _whole(setting, entry, kit.path)
        _put(item, "link", rel="enclosure", type=kit.media_type, length=str(kit.size), title=kit.title, href=where)
    for tag in publication.tags:
        _put(item, "category", term=tag)
    _put(item, "summary", _summary(setting, entry))
    _put(item, "content", _content(setting, entry), type="html")


def json_feed(setting: Setting, entries: Sequence[Entry], firsts: Mapping[str, str]) -> bytes:
    """The same as a JSON Feed (https://www.jsonfeed.org/version/1.1/)."""
    lang, organisation = setting.site.lang, setting.site.brand.organisation
    items: list[dict[str, Any]] = []
    for entry in entries[:_NEWEST]:
        publication = entry.publication
        item: dict[str, Any] = {
            "id": _id(setting, firsts.get(entry.id, entry.page)),
            "url": setting.address(entry.page) or f"{entry.page}index.html",
            "title": _headline(setting, entry),
            "content_html": _content(setting, entry),
            "summary": _summary(setting, entry),
            "date_published": _moment(entry.moment),
            "date_modified": _moment(entry.modified),
            "language": publication.lang,
        }
        if publication.tags:
            item["tags"] = list(publication.tags)
        if publication.kit:
            item["attachments"] = [
                {
                    "url": _whole(setting, entry, file.path),
                    "mime_type": file.media_type,
                    "title": file.title,
                    "size_in_bytes": file.size,
                }
                for file in (publication.kit, *publication.attachments)
            ]
        items.append(item)
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": setting.title(lang),
        "language": lang,
        "items": items,
    }
    if setting.url:
        feed |= {"home_page_url": setting.address(""), "feed_url": setting.address("feed.json")}
    if setting.site.room.description:
        feed["description"] = setting.site.room.description
    if organisation:
        feed["authors"] = [{"name": organisation}]
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()


def sitemap(setting: Setting, entries: Sequence[Entry], shelves: Sequence[Shelf]) -> bytes:
    """The room's pages for search engines (https://www.sitemaps.org/protocol.html), with their translations."""
    register_namespace("", _SITEMAP)
    register_namespace("xhtml", _XHTML)
    root = Element(f"{{{_SITEMAP}}}urlset")
    places = [
        ("", max((e.modified for e in entries), default=None)),
        *((s.page, max(e.modified for e in s.entries)) for s in shelves),
    ]
    for page, moment in places:
        _put_place(root, setting.address(page), moment)
    for entry in entries:
        if entry.publication.withdrawal is not None:
            continue
        place = _put_place(root, setting.address(entry.page), entry.modified)
        for other in (entry, *entry.translations) if entry.translations else ():
            link = SubElement(place, f"{{{_XHTML}}}link", {"rel": "alternate"})
            link.set("hreflang", other.publication.lang)
            link.set("href", setting.address(other.page))
    return _written(root)


def _put_place(root: Element, address: str, moment: datetime | None) -> Element:
    place = SubElement(root, f"{{{_SITEMAP}}}url")
    SubElement(place, f"{{{_SITEMAP}}}loc").text = address
    if moment is not None:
        SubElement(place, f"{{{_SITEMAP}}}lastmod").text = _moment(moment)
    return place


def _put(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    element = SubElement(parent, f"{{{_ATOM}}}{name}", {k: writable(v) for k, v in attributes.items()})
    if text is not None:
        element.text = writable(text)
    return element


def _written(root: Element) -> bytes:
    indent(root)
    octets: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return octets


def _id(setting: Setting, page: str) -> str:
    """A name for good: it does not change with the page's address, nor with the text."""
    owner = setting.url or setting.site.brand.organisation or "presskit"
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{owner}/{page}')}"


def _moment(moment: datetime) -> str:
    """A moment as RFC 3339 has it."""
    return moment.isoformat(timespec="seconds")


def _whole(setting: Setting, entry: Entry, path: str) -> str:
    """The address of a publication's file, from anywhere where that is known."""
    return setting.address(f"{entry.page}{quote(path)}") or f"{entry.page}{quote(path)}"


def _headline(setting: Setting, entry: Entry) -> str:
    words = words_of("room", setting.site, entry.publication.lang)
    title = entry.publication.title
    return f"[{words[entry.mark]}] {title}" if entry.mark else title


def _changes(setting: Setting, entry: Entry) -> list[str]:
    """What became of a publication, a sentence each."""
    publication, lang = entry.publication, entry.publication.lang
    words = words_of("room", setting.site, lang)
    notes = [(note, words["corrected"], words["corrected"]) for note in publication.corrections]
    if publication.withdrawal is not None:
        notes.append((publication.withdrawal, words["withdrawn"], words["withdrawn-undated"]))
    said = []
    for note, dated, undated in notes:
        what = change_in_words(note.date, dated, undated, lang=lang)
        said.append(f"{what}{words['colon']}{note.note}" if note.note else what)
    return said


def _summary(setting: Setting, entry: Entry) -> str:
    said = (f"{sentence.rstrip('.')}." for sentence in _changes(setting, entry))
    return " ".join([*said, entry.publication.summary]).strip()


def _content(setting: Setting, entry: Entry) -> str:
    """The text as HTML, with whole addresses: readers show it far from its page."""
    publication = entry.publication
    said = "".join(f"<p><strong>{escape(sentence)}</strong></p>" for sentence in _changes(setting, entry))
    html = f"{said}{publication.chapeau}{publication.body}"
    html = re.sub(r' (?:srcset|sizes|loading|tabindex|role|aria-label)="[^"]*"', "", html)
    return re.sub(r'(<img [^>]*?src=")([^"]+)"', lambda m: f'{m[1]}{escape(_whole(setting, entry, m[2]))}"', html)
