"""Drawings (SVG) and web pages as their readers see them: without comments, traces of programs, and what is hidden."""

import re
from xml.etree.ElementTree import tostring

import tinyhtml5

from presskit.attachments import xml
from presskit.attachments.hiding import with_marks
from presskit.attachments.kinds import as_page
from presskit.base.drawing import remove

_SVG = "{http://www.w3.org/2000/svg}"
# The namespaces of drawings; all others are programs' own (Inkscape's layers and paths, Illustrator's, RDF).
_DRAWN = (
    _SVG,
    "{http://www.w3.org/1999/xlink}",
    "{http://www.w3.org/XML/1998/namespace}",
    "{http://www.w3.org/1999/xhtml}",
)
_HIDDEN = re.compile(r"(?:\A|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.IGNORECASE)
# What a page tells of its makers; its charset, viewport and colours stay.
_TOLD = ("author", "generator", "creator", "owner", "progid", "originator", "publisher", "contributor")


def drawing(octets: bytes) -> tuple[bytes, int]:
    """A drawing without comments, metadata and hidden elements, and how many texts these hid.

    To the byte as it was where it has none.
    """
    try:
        root = xml.parse(octets)
    except xml.UnreadableError:
        return octets, 0
    gone = [node for node in root.iter() if _is_private(node) and node is not root]
    gone += [node for node in (*root.itersiblings(preceding=True), *root.itersiblings()) if not xml.name_of(node)]
    traces = [(node, key) for node in root.iter(f"{_SVG}*") for key in node.attrib if not _is_drawn(key)]
    hidden = sum(_is_drawn_text(node) for node in gone)
    for node in gone:
        xml.remove(node) if node.getparent() is not None else _drop_beside(root, node)
    for node, key in traces:
        del node.attrib[key]
    return (xml.serialize(root) if gone or traces else octets), hidden


def _is_drawn_text(node: xml.Node) -> bool:
    name = xml.name_of(node)
    return name not in ("", "metadata") and _is_drawn(node.tag) and any(text.strip() for text in node.itertext())


def _drop_beside(root: xml.Node, node: xml.Node) -> None:
    """Drop a comment beside the root: lxml does so for what is moved into an element, and taken out of it."""
    if node.tag is not xml.INSTRUCTION or node.target != "xml-stylesheet":
        root.append(node)
        root.remove(node)


def _is_private(node: xml.Node) -> bool:
    if not xml.name_of(node):
        # A comment, or an instruction.
        return True
    if xml.name_of(node) == "metadata" or not _is_drawn(node.tag):
        return True
    # What is defined is shown by those that use it.
    is_hidden = xml.attribute(node, "display") == "none" or xml.attribute(node, "visibility") in ("hidden", "collapse")
    return (is_hidden or bool(_HIDDEN.search(node.get("style", "")))) and not xml.is_inside(node, "defs", "symbol")


def _is_drawn(name: str) -> bool:
    return not name.startswith("{") or name.startswith(_DRAWN)


def page(octets: bytes) -> tuple[bytes, int]:
    """A web page without comments, names of its makers and hidden elements, and how many texts these hid.

    To the byte as it was where it has none.
    """
    text = as_page(octets)
    if text is None:
        return octets, 0
    root = tinyhtml5.parse(with_marks(text), namespace_html_elements=False)
    gone = [(parent, node) for parent in root.iter() for node in parent if _is_unseen(node)]
    for parent, node in gone:
        remove(parent, node)
    if not gone:
        return octets, 0
    hidden = sum(any(words.strip() for words in node.itertext()) for _above, node in gone if isinstance(node.tag, str))
    for node in root.iter("meta"):
        # It is written in UTF-8 now, whatever it was.
        if "charset" in node.attrib:
            node.set("charset", "utf-8")
        elif node.get("http-equiv", "").lower() == "content-type":
            node.set("content", "text/html; charset=utf-8")
    return b"\xef\xbb\xbf<!DOCTYPE html>\n" + tostring(root, encoding="unicode", method="html").encode(), hidden


def _is_unseen(node: xml.Node) -> bool:
    if not isinstance(node.tag, str):
        return True
    if node.tag == "template" or (node.tag == "input" and node.get("type", "").lower() == "hidden"):
        return True
    return "hidden" in node.attrib or (node.tag == "meta" and node.get("name", "").lower() in _TOLD)
