"""Trees of HTML: read, written, and changed without a word lost."""

import re
from collections.abc import Iterable, Iterator
from copy import copy
from html import escape
from typing import TypeAlias
from xml.etree.ElementTree import Element, tostring

import tinyhtml5

# The line of the source (from 0) where an element starts, until the tree is written.
LINE_ATTRIBUTE = "data-line"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
EMPHASES = {"strong", "b", "em", "i"}
BLOCKS = set(
    "article aside blockquote body caption dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 hr li ol p pre "
    "section table tbody td tfoot th thead tr ul".split()
)

Item: TypeAlias = "str | Element"
# A line of a text: words, and elements without their tails.
Line: TypeAlias = "list[Item]"


def tree_of(html: str) -> Element:
    """The ``<body>`` that a piece of HTML makes."""
    document = tinyhtml5.parse(html, namespace_html_elements=False)
    body: Element = document.find("body")
    return body


def html_of(body: Element) -> str:
    """What a tree holds, as HTML."""
    for element in body.iter():
        element.attrib.pop(LINE_ATTRIBUTE, None)
    html = escape(body.text or "", quote=False)
    return (html + "".join(tostring(child, encoding="unicode", method="html") for child in body)).strip()


def text_of(element: Element) -> str:
    """The text in an element, its spaces as they are."""
    return "".join(element.itertext())


def words_of(element: Element) -> str:
    """The text in an element, on one line."""
    return " ".join(text_of(element).split())


def line_of(element: Element) -> int | None:
    """The line of the source (from 0) where an element starts, if it is known."""
    place = element.get(LINE_ATTRIBUTE)
    return int(place) if place and re.fullmatch("[0-9]{1,9}", place) else None


def classes(element: Element) -> set[str]:
    """The classes of an element."""
    return set(element.get("class", "").split())


def add_class(element: Element, name: str) -> None:
    """Give an element one more class."""
    element.set("class", f"{element.get('class', '')} {name}".strip())


def is_blank(text: str | None) -> bool:
    """Whether a text prints nothing."""
    return not (text or "").strip()


def put_text(parent: Element, child: Element, text: str = "") -> None:
    """Put a text, or nothing, in the place of a child; what follows it stays."""
    text += child.tail or ""
    index = list(parent).index(child)
    if index:
        parent[index - 1].tail = (parent[index - 1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    parent.remove(child)


def put_elements(parent: Element, child: Element, elements: Iterable[Element]) -> None:
    """Put elements, of which it may be one, in the place of a child; what follows it stays."""
    index = list(parent).index(child)
    placed = list(elements)
    if not placed:
        put_text(parent, child)
        return
    tail, child.tail = child.tail or "", None
    placed[-1].tail = (placed[-1].tail or "") + tail
    parent[index : index + 1] = placed


def unwrap(parent: Element, child: Element) -> None:
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


def items_of(element: Element) -> Iterator[Item]:
    """What an element holds, in order; its elements are copies without their tails."""
    if element.text:
        yield element.text
    for child in element:
        bare = copy(child)
        bare.tail = None
        yield bare
        if child.tail:
            yield child.tail


def lines_of(element: Element) -> list[Line]:
    """The lines that print something, cut at a line's end of the source or a ``<br>``; the element is left alone."""
    lines: list[Line] = [[]]
    for item in items_of(element):
        if isinstance(item, Element):
            if item.tag == "br":
                lines.append([])
            else:
                lines[-1].append(item)
            continue
        first, *others = item.split("\n")
        lines[-1].append(first)
        lines.extend([piece] for piece in others)
    kept = [[item for item in line if item != ""] for line in lines]
    return [line for line in kept if any(isinstance(item, Element) or item.strip() for item in line)]


def line_text(line: Line) -> str:
    """The words of a line."""
    return "".join(item if isinstance(item, str) else text_of(item) for item in line)


def fill(element: Element, line: Iterable[Item]) -> Element:
    """Add words and elements at the end of an element."""
    for item in line:
        if isinstance(item, Element):
            element.append(item)
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + item
        else:
            element.text = (element.text or "") + item
    return element


def paragraph(lines: Iterable[Line], attributes: dict[str, str] | None = None, tag: str = "p") -> Element:
    """A paragraph of lines."""
    made = Element(tag, dict(attributes or {}))
    for number, line in enumerate(lines):
        fill(made, [*(["\n"] if number else []), *line])
    return made
