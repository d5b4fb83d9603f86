"""A communiqué's Markdown as safe, typographically right HTML for one language.

The steps: mend and parse (kramdown), clean (nh3), then one walk over the tree for what print needs:
headings in order, quotes with their authors, links that lead somewhere, images of the site.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

import nh3
import tinyhtml5
from markdown_it import MarkdownIt

from presskit import kramdown, typography
from presskit.errors import Problem, Warn
from presskit.i18n import _

# Ids of the layouts' own elements start so; a communiqué can't take one.
RESERVED_ID = "kit-"

_TAGS = set(
    "a abbr article aside b blockquote br caption cite code col colgroup dd del div dl dt em figcaption figure footer "
    "h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp section small span strong sub sup table tbody td "
    "tfoot th thead tr u ul var".split()
)
_ATTRIBUTES = {
    "*": {"class", "id", "lang", "align", "style", kramdown.LINE_ATTRIBUTE},
    "a": {"href"},
    "img": {"src", "alt"},
    "ol": {"start", "type", "reversed"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
# Removed with what they contain: their text is code, or stands for what is not there.
_DROPPED_WHOLE = set("script style title iframe object noscript template svg math select video audio".split())
_BLOCKS = set(
    "article aside blockquote body caption dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 hr li ol p section "
    "table tbody td tfoot th thead tr ul".split()
)
_OPAQUE = {"code", "kbd", "pre", "samp", "var"}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_EMPHASES = {"strong", "b", "em", "i"}
_AUTHOR_CLASSES = {"auteur", "author", "fonction", "signature", "source"}
_WIDE_TABLE, _LONG_WORD = 6, 28
# Characters that fit in a line: a shorter address is not cut.
_SHORT_ADDRESS = 55
_AMOUNT = re.compile(r"[<>±+–-]?\s*\d[\d\s.,/]*\s*\S{0,3}")
_DECORATIVE = re.compile(r"\s*(?:image|photo|illustration)?\s*d[ée]corati(?:ve|f)\s*(?:image)?\s*", re.IGNORECASE)
_PRE_PRODUCTION = re.compile(
    r"(?:^|[.-])(?:pre-?prod(?:uction)?|staging|recette|preview|dev|test|qualif(?:ication)?|integration)\d*(?:[.-]|$)"
    r"|^localhost$|\.(?:local|test|localhost|internal)$|^(?:127|10|192\.168)\.",
    re.IGNORECASE,
)
# Links and alternative texts that mean nothing out of their place (RGAA 6.1 and 1.3).
_VAGUE_LINKS = set(
    "cliquez ici,cliquer ici,clic ici,ici,lire la suite,la suite,en savoir plus,plus d’infos,plus d'infos,lien,"
    "ce lien,voir,click here,here,read more,more,learn more,link,this link".split(",")
)
_VAGUE_ALTS = set("image,photo,photographie,illustration,visuel,logo,bannière,picture,photograph,img,banner".split(","))
_FILE_NAME = re.compile(
    r"\S+\.(?:jpe?g|png|gif|webp|svg|avif|heic|tiff?)|(?:img|dsc|image|photo)[_-]?\d+", re.IGNORECASE
)
_E_MAIL = re.compile(r"(?:mailto:)?([^@\s/:?]+@[^@\s/:?]+\.[A-Za-z]{2,})(\?\S*)?\Z", re.IGNORECASE)
_DOMAIN = re.compile(
    r"(?:www\.\S+|(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:fr|eu|com|org|net|info|io|paris|bzh)(?:[/?#]\S*)?)\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Heading:
    """A heading of the text, for a table of contents; ``level`` counts from 2 (the title is 1)."""

    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Prose:
    """A text laid out as HTML, with its headings in order."""

    html: str = ""
    headings: tuple[Heading, ...] = ()


@dataclass(frozen=True)
class Setting:
    """What a text's surroundings give it: its language, its file, its site, and where warnings go.

    ``image`` gives the file of an image address (with the line that names it), or None when it can't be
    used, which is then its own business to report. ``lines``, if not empty, are the lines of the file that
    the text's lines come from, where they do not follow each other from ``first_line``. ``omit`` is told
    the text that a stated rule leaves out: whoever counts words need not miss it. With ``advise``,
    what only makes a text less clear to some of its readers is reported as well.
    """

    lang: str
    source: str
    warn: Warn
    first_line: int | None = 1
    field: str = ""
    site_url: str = ""
    advise: bool = False
    image: Callable[[str, int | None], Path | None] = lambda _reference, _line: None
    lines: Sequence[int] = ()
    omit: Callable[[str], None] = lambda _text: None

    def line(self, offset: int | None) -> int | None:
        """The line of the file, from a line of the text counted from 0."""
        if self.lines and offset is not None:
            return self.lines[min(offset, len(self.lines) - 1)]
        return None if self.first_line is None or offset is None else self.first_line + offset

    def report(self, what: str, offset: int | None = None, remedy: str = "") -> None:
        """Warn about this text, at a line of it."""
        self.warn(Problem(what, self.source, self.field, self.line(offset), remedy=remedy))


def to_html(markdown: str, setting: Setting) -> Prose:
    """Lay out a Markdown text as HTML that is safe to put in a page."""
    if not markdown.strip():
        return Prose()

    def spaced(line: int, text: str) -> None:
        setting.report(
            _("“**{text}**” has a space inside of its marks.").format(text=_short(text)),
            line,
            _("It is printed in bold all the same; write the marks close to the words."),
        )

    rendered = _parser().render(kramdown.mend(markdown, spaced))
    _warn_of_removed_tags(markdown, rendered, setting)
    body, headings = _cleaned(rendered, setting, quotes=True)
    _set_typography(body, setting.lang)
    return Prose(html_of(body), tuple(_described(heading) for heading in headings))


def clean_html(html: str, setting: Setting) -> str:
    """Somebody's HTML, safe to put in a page: cleaned like a communiqué's, its text left as it is."""
    body, _headings = _cleaned(html, setting, quotes=False)
    return html_of(body)


def typeset(text: str, lang: str) -> str:
    """A one-line plain text as HTML, with its language's typography."""
    body = tree_of(escape(" ".join(text.split()), quote=False))
    _set_typography(body, lang)
    return html_of(body)


def is_decorative(alt: str) -> bool:
    """Whether an alternative text says that the image is mere decoration ("Image décorative")."""
    return _DECORATIVE.fullmatch(alt) is not None


def says_nothing(alt: str, name: str) -> bool:
    """Whether an alternative text is only a file's name, or a word such as "image"."""
    plain, stem = alt.strip(" .").casefold(), name.rpartition(".")[0].casefold()
    return plain in _VAGUE_ALTS or plain in (name.casefold(), stem) or _FILE_NAME.fullmatch(plain) is not None


@cache
def _parser() -> MarkdownIt:
    return kramdown.parser()


def _cleaned(html: str, setting: Setting, *, quotes: bool) -> tuple[Element, list[Element]]:
    """The tree of a cleaned HTML, its headings in order, its links and images right."""
    body = tree_of(_clean(html))
    _tidy(body)
    if quotes:
        _set_quotes(body)
    headings = _order_headings(body, setting)
    _Walk(setting).visit(body, None)
    return body, headings


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_DROPPED_WHOLE,
        attributes=_ATTRIBUTES,
        filter_style_properties={"text-align"},
        # Addresses are judged, with a message, in the walk.
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )


def tree_of(html: str) -> Element:
    """The ``<body>`` that a piece of HTML makes."""
    document = tinyhtml5.parse(html, namespace_html_elements=False)
    body: Element = document.find("body")
    return body


def html_of(body: Element) -> str:
    """What a tree holds, as HTML."""
    for element in body.iter():
        element.attrib.pop(kramdown.LINE_ATTRIBUTE, None)
    html = escape(body.text or "", quote=False)
    return (html + "".join(tostring(child, encoding="unicode", method="html") for child in body)).strip()


def _warn_of_removed_tags(markdown: str, rendered: str, setting: Setting) -> None:
    found = {tag.lower() for tag in re.findall(r"<([a-zA-Z][a-zA-Z0-9]*)\b", rendered)}
    for tag in sorted(found - _TAGS - {"center", "font", "input", "label", "button", "html", "body"}):
        place = re.search(rf"<{tag}\b", markdown, re.IGNORECASE)
        setting.report(
            _("“<{tag}>” has no place in a kit: it is left out.").format(tag=tag),
            markdown.count("\n", 0, place.start()) if place else None,
            _("Put a link to it in the text instead."),
        )


def _tidy(body: Element) -> None:
    """Turn layout by hand (align, <br> at the ends, empty paragraphs) into what it stood for."""
    for element in body.iter():
        align = element.attrib.pop("align", "").lower()
        if align in ("center", "right"):
            element.set("class", f"{element.get('class', '')} text-{align}".strip())
        if element.get("id", "").startswith(RESERVED_ID):
            del element.attrib["id"]
        if element.tag in _BLOCKS:
            _trim_breaks(element)
        if element.tag == "table":
            _classify_table(element)
        elif "footnote-ref" in element.get("class", "").split() and len(element):
            element[0].text = (element[0].text or "").strip("[]")
    _drop_empty(body)


def _classify_table(table: Element) -> None:
    """Tell the stylesheet which cells must not be cut, and which tables may have to be."""
    rows = list(table.iter("tr"))
    for cell in (cell for row in rows for cell in row):
        if _AMOUNT.fullmatch("".join(cell.itertext()).strip()):
            cell.set("class", f"{cell.get('class', '')} amount".strip())
    words = " ".join(table.itertext()).split()
    if max((len(row) for row in rows), default=0) >= _WIDE_TABLE or max(map(len, words), default=0) > _LONG_WORD:
        table.set("class", f"{table.get('class', '')} wide".strip())


def _trim_breaks(element: Element) -> None:
    while len(element) and element[-1].tag == "br" and not (element[-1].tail or "").strip():
        element.remove(element[-1])
    while len(element) and element[0].tag == "br" and not (element.text or "").strip():
        element.text = (element.text or "") + (element[0].tail or "")
        element.remove(element[0])


def _drop_empty(parent: Element) -> None:
    for child in list(parent):
        _drop_empty(child)
        # A note's way back to its call is a screen's convenience, in a character that few fonts have.
        back = "footnote-backref" in child.get("class", "").split()
        empty = not len(child) and not (child.text or "").replace(typography.NO_BREAK, " ").strip()
        if back:
            put_text(parent, child)
        elif empty and child.tag in {"p", "div", "li", "ul", "ol", "blockquote", *_EMPHASES, *_HEADINGS}:
            put_text(parent, child, child.text or "")


def put_text(parent: Element, child: Element, text: str = "") -> None:
    """Put a text, or nothing, in the place of a child; what follows it stays."""
    text += child.tail or ""
    index = list(parent).index(child)
    if index:
        parent[index - 1].tail = (parent[index - 1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    parent.remove(child)


def _unwrap(parent: Element, child: Element) -> None:
    """Put a child's content in its place."""
    index = list(parent).index(child)
    inner, tail = list(child), child.tail or ""
    child.tail = ""
    put_text(parent, child, child.text or "")
    for offset, element in enumerate(inner):
        parent.insert(index + offset, element)
    if inner:
        inner[-1].tail = (inner[-1].tail or "") + tail
    elif index:
        parent[index - 1].tail = (parent[index - 1].tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail


# Quotes


def _set_quotes(body: Element) -> None:
    """Give each quote its author as a ``<footer>``, however the communiqué wrote it."""
    for quote in body.iter("blockquote"):
        if quote.find("footer") is not None:
            continue
        authors: list[list[str | Element]] = []
        while len(quote) and quote[-1].tag == "p" and not authors:
            last = quote[-1]
            lines = _lines(last)
            signed = set(last.get("class", "").split()) & _AUTHOR_CLASSES
            kept = (
                0 if signed else next((i for i in range(len(lines)) if all(map(_names_author, lines[i:]))), len(lines))
            )
            if kept == len(lines):
                kept, lines = _split_last_line(lines)
            if kept == len(lines) or (kept == 0 and len(quote) == 1):
                break
            authors = lines[kept:]
            quote.remove(last)
            if kept:
                quote.append(_paragraph(lines[:kept], last))
        if authors:
            footer = SubElement(quote, "footer")
            for author in authors:
                paragraph = SubElement(footer, "p")
                _fill(paragraph, author)
                _strip_dash(paragraph)


Line = list[str | Element]


def _lines(paragraph: Element) -> list[Line]:
    """The lines of a paragraph, cut where its source has a line's end or a ``<br>``."""
    lines: list[Line] = [[]]

    def add(text: str | None) -> None:
        for index, piece in enumerate((text or "").split("\n")):
            if index:
                lines.append([])
            if piece:
                lines[-1].append(piece)

    add(paragraph.text)
    for child in paragraph:
        tail, child.tail = child.tail, None
        if child.tag == "br":
            lines.append([])
        else:
            lines[-1].append(child)
        add(tail)
    return [line for line in lines if any(not isinstance(item, str) or item.strip() for item in line)]


def _names_author(line: Line) -> bool:
    """Whether a line is only emphasised, or starts with a dash: so are a quote's authors written."""
    texts = "".join(item for item in line if isinstance(item, str)).strip()
    elements = [item for item in line if not isinstance(item, str)]
    if isinstance(line[0], str) and re.match(r"\s*[—–-]\s*\w", line[0] + ("x" if elements else "")):
        return True
    return bool(elements) and all(e.tag in _EMPHASES for e in elements) and not re.sub(r"[\s,;:–—-]", "", texts)


def _split_last_line(lines: list[Line]) -> tuple[int, list[Line]]:
    """Cut ``« … » **Author**`` after the quote's end; (number of lines kept, lines)."""
    *before, last = lines or [[]]
    if len(last) >= 2:
        *quoted, author = [item for item in last if not isinstance(item, str) or item.strip()]
        closing = quoted[-1] if quoted else ""
        if not isinstance(author, str) and author.tag in _EMPHASES and isinstance(closing, str):
            text = closing.rstrip(" ,–—-")
            if text.endswith(("»", "”")):
                return len(lines), [*before, [*quoted[:-1], text], [author]]
    return len(lines), lines


def _paragraph(lines: list[Line], model: Element) -> Element:
    paragraph = Element("p", dict(model.attrib))
    for index, line in enumerate(lines):
        _fill(paragraph, [*(["\n"] if index else []), *line])
    return paragraph


def _fill(element: Element, line: Line) -> None:
    for item in line:
        if not isinstance(item, str):
            element.append(item)
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + item
        else:
            element.text = (element.text or "") + item


def _strip_dash(paragraph: Element) -> None:
    if paragraph.text:
        paragraph.text = re.sub(r"\A\s*[—–-]?\s*", "", paragraph.text)
    last = paragraph[-1] if len(paragraph) else None
    if last is not None and last.tail:
        last.tail = last.tail.rstrip()


# Headings


def _order_headings(body: Element, setting: Setting) -> list[Element]:
    """Number headings from 2 without gaps, whatever levels their author chose; give each an id."""
    open_levels: list[int] = []
    before = 1
    headings = [element for element in body.iter() if element.tag in _HEADINGS]
    for number, heading in enumerate(headings, 1):
        level = int(heading.tag[1])
        if setting.advise and level > before + 1:
            setting.report(
                _("the heading “{text}” skips a level: from {before} to {level}.").format(
                    text=_short("".join(heading.itertext()).strip()), before=before, level=level
                ),
                _line_of(heading),
                _("Write it with {marks}; the kit puts it right, a web page does not.").format(
                    marks="#" * (before + 1)
                ),
            )
        before = level
        while open_levels and open_levels[-1] >= level:
            open_levels.pop()
        open_levels.append(level)
        heading.tag = f"h{min(len(open_levels) + 1, 6)}"
        heading.set("id", heading.get("id") or f"section-{number}")
    return headings


def _line_of(element: Element) -> int | None:
    place = element.get(kramdown.LINE_ATTRIBUTE)
    return int(place) if place and place.isdigit() else None


def _described(heading: Element) -> Heading:
    return Heading(int(heading.tag[1]), heading.get("id", ""), " ".join("".join(heading.itertext()).split()))


# Links and images


class _Walk:
    """Makes links and images right, or says what is wrong with them and where."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._ids: set[str] = set()

    def visit(self, body: Element, offset: int | None) -> None:
        self._ids = {element.get("id", "") for element in body.iter()}
        self._visit(body, offset)

    def _visit(self, parent: Element, offset: int | None) -> None:
        for child in list(parent):
            own = _line_of(child)
            line = offset if own is None else own
            self._visit(child, line)
            if child.tag == "a":
                self._link(parent, child, line)
            elif child.tag == "img":
                self._image(parent, child, line)

    def _link(self, parent: Element, link: Element, line: int | None) -> None:
        text = "".join(link.itertext()).strip()
        if not text and link.find(".//img") is None:
            if link.get("href"):
                self._setting.report(
                    _("a link has no text: it is left out."), line, _("Write [the text](the address).")
                )
            _unwrap(parent, link)
            return
        if self._setting.advise and text.lower().strip(" .…!»«:") in _VAGUE_LINKS:
            self._setting.report(
                _("the link “{text}” does not say where it leads.").format(text=text),
                line,
                _("Name in it what is found there: some readers hear links out of their sentence."),
            )
        address = self._address(link.get("href", "").strip(), line, _short(text))
        if address:
            link.set("href", address)
            if "." in text and text.removeprefix("mailto:").rstrip("/") in address:
                # An address as text may be cut anywhere to stay in its column, and is no French word.
                whole = " whole" if len(text) <= _SHORT_ADDRESS else ""
                link.set("class", f"{link.get('class', '')} address{whole}".strip())
        else:
            _unwrap(parent, link)

    def _address(self, href: str, line: int | None, text: str) -> str:
        """The full address of a link, '' when it leads nowhere (said in a warning)."""
        report = self._setting.report
        if mail := _E_MAIL.match(href):
            return f"mailto:{mail[1]}{mail[2] or ''}"
        if not href:
            report(
                _("the link “{text}” has no address, or a refused one: its text is kept.").format(text=text),
                line,
                _("Give it an address that starts with https:// or mailto:"),
            )
            return ""
        if href.startswith("#"):
            if href[1:] in self._ids:
                return href
            report(
                _("the link “{text}” leads to “{href}”, which is not in the text.").format(text=text, href=href),
                line,
                _("Its text is kept; correct the address."),
            )
            return ""
        if href.startswith("//"):
            href = f"https:{href}"
        elif href.startswith("/"):
            if not self._setting.site_url:
                report(
                    _("the link “{text}” starts at the site's root, but its address is unknown.").format(text=text),
                    line,
                    _('Add the site\'s address to presskit.toml: url = "https://…"'),
                )
                return ""
            return self._setting.site_url + href
        elif ":" not in href.split("/")[0]:
            if not _DOMAIN.match(href):
                report(
                    _("the link “{text}” has an incomplete address: “{href}”.").format(text=text, href=href),
                    line,
                    _("Give the whole address, with https://"),
                )
                return ""
            href = f"https://{href}"
        host = urlsplit(href).hostname or ""
        if _PRE_PRODUCTION.search(host):
            report(
                _("the link “{text}” leads to a pre-production site: {host}.").format(text=text, host=host),
                line,
                _("Put the public address in its place."),
            )
        return href

    def _image(self, parent: Element, image: Element, line: int | None) -> None:
        source = image.get("src", "")
        path = self._setting.image(source, self._setting.line(line)) if source else None
        if path is None:
            put_text(parent, image)
            return
        alt = " ".join(image.get("alt", "").split())
        image.set("src", path.as_uri())
        image.set("alt", "" if is_decorative(alt) else alt)
        if self._setting.advise and alt and says_nothing(alt, path.name):
            self._setting.report(
                _("the alternative text “{alt}” says nothing of the image “{name}”.").format(alt=alt, name=path.name),
                line,
                _("Write what it shows: ![what it shows](its address)."),
            )
        if not alt:
            # No text is not the same as none needed: "Image décorative" says that.
            del image.attrib["alt"]
            self._setting.report(
                _("the image “{name}” has no alternative text.").format(name=path.name),
                line,
                _("Write what it shows: ![what it shows](its address)."),
            )


# Typography


def _set_typography(body: Element, lang: str) -> None:
    for language, group in _paragraphs(body, lang):
        hidden: list[list[str]] = []
        runs = []
        for text, put in group:
            hidden.append([])
            runs.append(typography.hide_addresses(text, hidden[-1]) if put else text)
        for (_text, put), run, addresses in zip(group, typography.set_runs(runs, language), hidden, strict=True):
            if put:
                put(typography.show_addresses(run, addresses))
    if typography.language_of(lang) == "fr":
        _raise_ordinals(body)


def _raise_ordinals(element: Element) -> None:
    if element.tag in _OPAQUE or element.tag in ("sup", "sub") or "address" in element.get("class", "").split():
        return
    if typography.language_of(element.get("lang", "fr")) != "fr":
        return
    for child in list(element):
        _raise_ordinals(child)
    typography.raise_ordinals(element)


Run = tuple[str, Callable[[str], None] | None]


def _paragraphs(body: Element, lang: str) -> Iterator[tuple[str, list[Run]]]:
    """The paragraphs of a tree: each with its language and its runs of text, with how to set them."""
    finished: list[tuple[str, list[Run]]] = []
    current: list[Run] = []

    def flush(language: str) -> None:
        nonlocal current
        if any(put for _text, put in current):
            finished.append((language, current))
        current = []

    def run(text: str | None, put: Callable[[str], None]) -> None:
        if text:
            current.append((text, put))

    def visit(element: Element, language: str) -> None:
        run(element.text, lambda text: setattr(element, "text", text))
        for child in element:
            own = child.get("lang") or language
            if child.tag in _BLOCKS:
                flush(language)
                visit(child, own)
                flush(own)
            elif child.tag == "br":
                current.append(("\n", None))
            elif child.tag in _OPAQUE or "address" in child.get("class", "").split():
                current.append((typography.OPAQUE, None))
            elif typography.language_of(own) != typography.language_of(language):
                current.append((typography.OPAQUE, None))
                finished.extend(_paragraphs(child, own))
            else:
                visit(child, own)
            run(child.tail, lambda text, child=child: setattr(child, "tail", text))  # type: ignore[misc]

    visit(body, lang)
    flush(lang)
    yield from finished


def _short(text: str) -> str:
    return text if len(text) <= 50 else f"{text[:49].rstrip()}…"
