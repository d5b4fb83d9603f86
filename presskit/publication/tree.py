"""Lists and tables of an HTML tree, whatever their author put between items and rows."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element


def items(element: Element) -> Iterator[Element]:
    """The items of a list; what is in none is one of its own, so that no word is lost."""
    stray = Element("li")
    stray.text = element.text
    for child in element:
        tail, child.tail = child.tail, None
        if child.tag == "li":
            if _is_filled(stray):
                yield stray
            yield child
            stray = Element("li")
            stray.text = tail
        else:
            child.tail = tail
            stray.append(child)
    if _is_filled(stray):
        yield stray


def rows(table: Element) -> list[Element]:
    """The rows of a table, without those of tables in it."""
    return [
        row
        for child in table
        for row in ([child] if child.tag == "tr" else child if child.tag in ("thead", "tbody", "tfoot") else [])
        if row.tag == "tr"
    ]


def _is_filled(element: Element) -> bool:
    return bool(len(element) or (element.text or "").strip())
