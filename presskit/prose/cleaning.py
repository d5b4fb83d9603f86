"""Somebody's HTML made safe to put in a page, and what it hides taken out; what goes is said."""

import re
from xml.etree.ElementTree import Element

import nh3

from presskit.base.i18n import _
from presskit.base.letters import shortened
from presskit.base.marks import RESERVED_ID
from presskit.prose.elements import (
    BLOCKS,
    EMPHASES,
    HEADINGS,
    LINE_ATTRIBUTE,
    add_class,
    classes,
    is_blank,
    line_of,
    put_text,
    text_of,
    tree_of,
    words_of,
)
from presskit.prose.grids import make_regular
from presskit.prose.nesting import flatten
from presskit.prose.setting import Setting
from presskit.text import typography

_TAGS = set(
    "a abbr article aside b blockquote br caption cite code col colgroup dd del details div dl dt em figcaption figure "
    "footer h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp section small span strong sub summary sup "
    "table tbody td tfoot th thead tr u ul var".split()
)
_ATTRIBUTES = {
    "*": {"class", "id", "lang", "align", "style", "hidden", LINE_ATTRIBUTE},
    "a": {"href", "name"},
    "img": {"src", "alt"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
# Removed with what they contain: their text is code, or stands for what is not there.
_DROPPED_WHOLE = set(
    "script style title iframe object noscript template svg math select video audio canvas datalist noframes "
    "textarea".split()
)
# Removed alone, with something that was to be seen in it.
_DROPPED_ALONE = {"embed", "frame", "applet", "area", "map"}
_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)")
# What pages set as blocks, and what they set apart in a line, by names that go: their words would run together.
_OTHER_BLOCK = re.compile(
    r"<(/?)(?:address|center|dialog|fieldset|form|header|hgroup|legend|main|nav|search)(?=[\s/>])", re.IGNORECASE
)
_CENTERED = re.compile(r"<center(?=[\s/>])", re.IGNORECASE)
_SET_APART = re.compile(r"</?(?:button|meter|option|progress)(?=[\s/>])[^<>]*>", re.IGNORECASE)
_HIDING = re.compile(r"(?:\A|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))\b", re.IGNORECASE)
_ALIGNED = re.compile(r"(?:\A|;)\s*(text-align\s*:\s*[a-z]+)", re.IGNORECASE)
_WIDE_TABLE, _LONG_WORD = 6, 28
_AMOUNT = re.compile(r"[<>±+–-]?\s*+\d[\d\s.,/]*+\S{0,3}")
_EMPTIED = {"p", "div", "li", "ul", "ol", "blockquote", *EMPHASES, *HEADINGS}


def cleaned(html: str, setting: Setting) -> Element:
    """The tree of an HTML without what is unsafe or hidden.

    Rules that leave text out, each with a warning and told to ``setting.omit``: elements that are programs, forms or
    films (``script``, ``iframe``, ``video``…), and those that a page hides (``hidden``, ``display: none``).
    """
    _say_removed(html, setting)
    body = tree_of(_safe(html))
    _take_hidden(body, setting)
    flatten(body)
    _tidy(body)
    return body


def _safe(html: str) -> str:
    html = _OTHER_BLOCK.sub(r"<\1div", _CENTERED.sub('<div align="center"', html))
    html = _SET_APART.sub(" ", html)
    return nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_DROPPED_WHOLE,
        attributes=_ATTRIBUTES,
        # Addresses are judged, with a message, in links.py; of styles, what hides and what aligns is read below.
        url_schemes={"http", "https", "mailto", "tel", "data"},
        link_rel=None,
    )


def _say_removed(html: str, setting: Setting) -> None:
    """Say once for each kind of element that goes, with the line of the first."""
    removed = _DROPPED_WHOLE | _DROPPED_ALONE
    if not any(match[1].lower() in removed for match in _TAG.finditer(html)):
        return
    found: dict[str, int | None] = {}
    # A style or program that begins a page would be in its head, unless the body has begun.
    for element in tree_of(f"<body>{html}").iter():
        tag = str(element.tag).rpartition("}")[2]
        if tag in removed:
            found.setdefault(tag, line_of(element))
        if tag in _DROPPED_WHOLE:
            setting.omit(text_of(element))
    for tag, line in sorted(found.items(), key=lambda place: (place[1] or 0, place[0])):
        setting.report(
            _("“<{tag}>” has no place in a kit: it is left out.").format(tag=tag),
            line,
            _remedy_for(tag),
        )


def _remedy_for(tag: str) -> str:
    if tag in ("math", "textarea", "select", "datalist", "title"):
        return _("Write what it says as plain text.")
    if tag in ("script", "style", "noscript", "template", "noframes"):
        return _("It is for web pages only: take it out.")
    return _("Put a link to it in the text instead.")


def _take_hidden(body: Element, setting: Setting) -> None:
    """Take out what a page does not show, and say so with its line."""
    for parent in list(body.iter()):
        for child in list(parent):
            style = child.attrib.pop("style", "")
            if (name := child.attrib.pop("name", "")) and not child.get("id"):
                # HTML's old way of naming a place.
                child.set("id", name)
            hidden = child.attrib.pop("hidden", None) is not None or _HIDING.search(style) is not None
            if hidden:
                _omit_hidden(parent, child, setting)
            elif aligned := _ALIGNED.search(style):
                child.set("style", aligned[1])


def _omit_hidden(parent: Element, child: Element, setting: Setting) -> None:
    text = words_of(child)
    if text or child.find(".//img") is not None or child.tag == "img":
        setting.omit(text)
        setting.report(
            _("“{text}” is hidden on a page (hidden, display: none): it is left out.").format(
                text=shortened(text or child.get("alt", ""))
            ),
            line_of(child),
            _("Take it out of the text, or show it."),
        )
    child[:] = []
    put_text(parent, child)


def _tidy(body: Element) -> None:
    """Turn layout by hand (align, <br> at the ends, empty paragraphs) into what it stood for."""
    for element in body.iter():
        align = element.attrib.pop("align", "").lower()
        if align in ("center", "right"):
            add_class(element, f"text-{align}")
        if element.get("id", "").startswith(RESERVED_ID):
            del element.attrib["id"]
        if element.tag in ("details", "summary"):
            _unfold(element)
        if element.tag in BLOCKS:
            _trim_breaks(element)
        if element.tag == "table":
            make_regular(element)
            _classify_table(element)
    _drop_empty(body)


def _unfold(element: Element) -> None:
    """What a page folds away is printed whole."""
    if element.tag == "summary" and not any(child.tag in BLOCKS for child in element):
        element.tag = "p"
        add_class(element, "summary")
    else:
        element.tag = "div"


def _classify_table(table: Element) -> None:
    """Tell the stylesheet which cells must not be cut, and which tables may have to be."""
    rows = list(table.iter("tr"))
    for cell in (cell for row in rows for cell in row):
        if _AMOUNT.fullmatch(text_of(cell).strip()):
            add_class(cell, "amount")
    words = " ".join(table.itertext()).split()
    if max((len(row) for row in rows), default=0) >= _WIDE_TABLE or max(map(len, words), default=0) > _LONG_WORD:
        add_class(table, "wide")


def _trim_breaks(element: Element) -> None:
    while len(element) and element[-1].tag == "br" and is_blank(element[-1].tail):
        element.remove(element[-1])
    while len(element) and element[0].tag == "br" and is_blank(element.text):
        element.text = (element.text or "") + (element[0].tail or "")
        element.remove(element[0])


def _drop_empty(parent: Element) -> None:
    for child in parent:
        _drop_empty(child)
    # An item without words still has its number, which those after it are counted from.
    numbered = parent.tag == "ol" and not all(map(_is_empty, parent))
    for child in list(parent):
        # A note's way back to its call is a screen's convenience, in a character that few fonts have.
        if "footnote-backref" in classes(child):
            put_text(parent, child)
        elif not numbered and _is_empty(child):
            # Spaces part the words around them; a list holds none.
            put_text(parent, child, "" if parent.tag in ("ul", "ol") else child.text or "")


def _is_empty(element: Element) -> bool:
    blank = is_blank((element.text or "").replace(typography.NO_BREAK, " "))
    return blank and element.tag in _EMPTIED and not len(element)
