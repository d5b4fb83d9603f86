"""XML of strangers' documents: read without entities, taken apart and put together again."""

from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

# An element of lxml's, which has no types.
Node = Any
# The "tag" of a processing instruction.
INSTRUCTION = etree.PI


class UnreadableError(Exception):
    """XML that is none, or that defines entities, which office documents never do."""


def parse(octets: bytes) -> Node:
    """The root of a document. Raises UnreadableError."""
    # huge_tree only lifts limits of depth and length that large sheets reach; entities stay shut out.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, recover=False)
    try:
        root = etree.fromstring(octets, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableError
    return root


def serialize(root: Node) -> bytes:
    """A document's octets."""
    octets: bytes = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)
    return octets


def name_of(node: Node) -> str:
    """A node's name without its namespace; '' for what is no element."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def attribute(node: Node, name: str) -> str:
    """An attribute by its name without a namespace; '' where there is none."""
    return next((value for key, value in node.attrib.items() if key.rpartition("}")[2] == name), "")


def set_attribute(node: Node, name: str, value: str) -> None:
    """Give an attribute that is there another value."""
    for key in node.attrib:
        if key.rpartition("}")[2] == name:
            node.set(key, value)


def drop_attribute(node: Node, name: str) -> None:
    """Take an attribute off, if it is there."""
    for key in [key for key in node.attrib if key.rpartition("}")[2] == name]:
        del node.attrib[key]


def child(node: Node, name: str) -> Node | None:
    """The first child of a name."""
    return next((item for item in node if name_of(item) == name), None)


def remove(node: Node) -> None:
    """Take a node out, and leave the text that follows it."""
    parent = node.getparent()
    if parent is not None:
        _hand_text(parent, node, node.tail or "")
        parent.remove(node)


def unwrap(node: Node) -> None:
    """Put what is in a node in its place."""
    parent = node.getparent()
    if parent is None:
        return
    items = list(node)
    _hand_text(parent, node, node.text or "")
    if items:
        items[-1].tail = (items[-1].tail or "") + (node.tail or "")
    else:
        _hand_text(parent, node, node.tail or "")
    place = parent.index(node)
    node.tail = None
    parent[place : place + 1] = items


def _hand_text(parent: Node, node: Node, text: str) -> None:
    """Add a text before a node."""
    before = node.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def is_inside(node: Node, *names: str) -> bool:
    """Whether a node is in one of some name."""
    return any(name_of(above) in names for above in node.iterancestors())


def walked(root: Node, passed_over: Callable[[Node], bool]) -> Iterator[tuple[Node, bool]]:
    """The elements of a tree, each where it begins (True) and where it ends; of some, not what is in them."""
    waiting = [(root, True)]
    while waiting:
        node, begins = waiting.pop()
        if not begins:
            yield node, False
            continue
        waiting.append((node, False))
        if isinstance(node.tag, str) and not passed_over(node):
            yield node, True
            waiting += [(item, True) for item in reversed(node)]


def renamed(node: Node, name: str) -> None:
    """Give a node another name in its own namespace."""
    node.tag = f"{{{etree.QName(node).namespace}}}{name}"


def made_beside(node: Node, name: str) -> Node:
    """A new element of the namespace of another, in no place yet."""
    return etree.Element(f"{{{etree.QName(node).namespace}}}{name}")
