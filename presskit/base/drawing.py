"""Drawings (SVG) made to stand alone: without what they would fetch, with what they can't show known."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from presskit.base.errors import Problem
from presskit.base.i18n import _, listed
from presskit.base.letters import shortened

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_VIEW_BOX = re.compile(rf"{_NUMBER}(?:(?:\s*,\s*|\s+){_NUMBER}){{3}}")
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
# Rules that fetch (CSS Cascading 4, 2; CSS Fonts 4, 4): no address in them holds a brace.
_FETCHING = re.compile(r"@import\b[^;{}]*(?:;|$)|@font-face\s*\{[^{}]*\}", re.IGNORECASE)
_ADDRESS = re.compile(r"""(?:url\(\s*|@import\s+(?!url\())["']?([^"')\s;]+)""", re.IGNORECASE)
# More elements than this, uses counted, is a drawing made to hang its readers.
_MOST_ELEMENTS = 200_000


@dataclass(frozen=True)
class Drawing:
    """A drawing as it can be shown: its octets, what it asked for elsewhere, by name, and text that has no place.

    ``unseen`` is text in HTML inside of it (SVG 2, 12.7, foreignObject), which only browsers lay out.
    """

    octets: bytes
    outside: tuple[str, ...] = ()
    unseen: str = ""


def standing_alone(octets: bytes) -> Drawing:
    """A drawing without what it would fetch, without uses of itself, and without a view box that is none.

    Browsers take a wrong view box as none (SVG 2, 8.6); WeasyPrint 70 fails as a whole on these. What is no XML is
    given back as it is.
    """
    try:
        root = ElementTree.fromstring(octets)  # noqa: S314 - expat refuses bombs, and WeasyPrint reads it so too
    except (ElementTree.ParseError, ValueError, LookupError):
        return Drawing(octets)
    outside = [*_drop_linked(root), *_drop_fetching_rules(root)]
    changed = bool(outside)
    if b"<?xml-stylesheet" in octets[:4096]:
        outside.append("CSS")
    changed |= _drop_endless_uses(root)
    if not _VIEW_BOX.fullmatch(root.get("viewBox", "0 0 1 1").strip()):
        del root.attrib["viewBox"]
        changed = True
    made = ElementTree.tostring(root) if changed else octets
    return Drawing(made, tuple(dict.fromkeys(outside)), _unseen(root))


def _tag(element: Element) -> str:
    """An element's name without its namespace; '' for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _href(element: Element) -> str:
    return next((element.attrib[name].strip() for name in _HREFS if name in element.attrib), "")


def _drop_linked(root: Element) -> Iterator[str]:
    """Drop pictures and parts of other files; gives their names."""
    for parent in list(root.iter()):
        for child in list(parent):
            address = _href(child)
            if _tag(child) not in ("image", "feImage", "use") or not address or address.startswith("#"):
                continue
            if not address.lower().startswith("data:"):
                remove(parent, child)
                yield _name(address)


def remove(parent: Element, child: Element) -> None:
    """Remove an element, and leave the text that follows it."""
    place = list(parent).index(child)
    if place:
        parent[place - 1].tail = (parent[place - 1].tail or "") + (child.tail or "")
    else:
        parent.text = (parent.text or "") + (child.tail or "")
    parent.remove(child)


def _drop_fetching_rules(root: Element) -> Iterator[str]:
    for element in root.iter():
        if _tag(element) != "style" or not element.text:
            continue
        for rule in _FETCHING.findall(element.text):
            yield from (_name(address) for address in _ADDRESS.findall(rule)[:1])
        element.text = _FETCHING.sub("", element.text)


def _name(address: str) -> str:
    """What people call a file by: the end of its address."""
    if address.lower().startswith("data:"):
        return address[5:].partition(";")[0].partition(",")[0] or "data:"
    parts = urlsplit(address) if "[" not in address else urlsplit("")
    return PurePosixPath(unquote(parts.path)).name or parts.netloc or address[:40]


def _drop_endless_uses(root: Element) -> bool:
    """Drop uses that lead to themselves, or to more than a reader can draw; whether there were any."""
    named = {element.get("id"): element for element in root.iter() if element.get("id")}
    known: dict[Element, int] = {}
    dropped: list[tuple[Element, Element]] = []

    def weight(element: Element, path: frozenset[Element]) -> int:
        """How many elements are drawn for one."""
        if element in known:
            return known[element]
        total, path = 1, path | {element}
        for child in list(element):
            target = named.get(_href(child)[1:]) if _tag(child) == "use" else None
            more = weight(child, path)
            if target is not None:
                more = _MOST_ELEMENTS if target in path else more + weight(target, path)
                if more >= _MOST_ELEMENTS:
                    dropped.append((element, child))
                    continue
            total += more
        known[element] = total
        return total

    try:
        weight(root, frozenset())
    except RecursionError:
        # Deeper than any program draws: what comes of it is said when it is drawn.
        return False
    for parent, child in dropped:
        if child in list(parent):
            remove(parent, child)
    return bool(dropped)


def _unseen(root: Element) -> str:
    """The text of HTML inside of a drawing, where the drawing has no other text in its place (SVG 2, 5.8.3)."""
    parents = {child: parent for parent in root.iter() for child in parent}
    texts = [
        " ".join("".join(element.itertext()).split())
        for element in root.iter()
        if _tag(element) == "foreignObject" and not _has_other(parents.get(element))
    ]
    return " ".join(text for text in texts if text)


def _has_other(parent: Element | None) -> bool:
    if parent is None or _tag(parent) != "switch":
        return False
    return any(_tag(child) in ("text", "g", "image", "use") for child in parent)


def remarks(drawing: Drawing, name: str) -> Iterator[Problem]:
    """What is to be said of a drawing that does not show all that it is."""
    if drawing.outside:
        what = _("the drawing is shown without what it takes from elsewhere: {names}.").format(
            names=listed(drawing.outside)
        )
        remedy = _("Export it with its pictures inside and its texts as paths, or attach a PDF of it.")
        yield Problem(what, name, remedy=remedy)
    if drawing.unseen:
        what = _("text of the drawing can't be shown: “{words}”.").format(words=shortened(drawing.unseen))
        remedy = _("Export it with its texts as paths (not as HTML), or attach a PDF of it.")
        yield Problem(what, name, remedy=remedy)
