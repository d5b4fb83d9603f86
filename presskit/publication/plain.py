"""HTML as plain text, as it is pasted into a newsroom's system: paragraphs, lists and quotes, and no marks."""

import re
import textwrap
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from presskit.prose.html import tree_of
from presskit.publication.tree import counter, numbered, rows

_BLOCKS = set(
    "article aside blockquote body caption dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 hr li ol p pre "
    "section table tr ul".split()
)
# Stands for a <br>: in HTML a line's end is a mere space.
_BREAK = "\v"


# What XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def writable(text: str) -> str:
    """A text without the signs that XML can't hold: invisible control signs, pasted by mistake."""
    return _UNWRITABLE.sub("", text)


def plain(html: str, *, links: bool = True) -> str:
    """The text of a piece of HTML: blocks apart by an empty line, list items and rows on a line each.

    With ``links`` the address of a link follows its text.
    """
    body = tree_of(html)
    if not links:
        for link in body.iter("a"):
            link.attrib.pop("href", None)
    return "\n\n".join(_blocks(body))


def _blocks(parent: Element) -> Iterator[str]:
    """The paragraphs of an element, each one text."""
    line: list[str] = [parent.text or ""]

    def flush() -> Iterator[str]:
        text = _tidy("".join(line))
        line.clear()
        if text:
            yield text

    for child in parent:
        if child.tag in _BLOCKS:
            yield from flush()
            yield from _block(child)
        else:
            line.append(_inline(child))
        line.append(child.tail or "")
    yield from flush()


def _block(element: Element) -> Iterator[str]:
    if element.tag in ("ul", "ol"):
        lines = []
        for number, item in numbered(element):
            mark = f"{counter(element, number)} " if element.tag == "ol" else "- "
            text = textwrap.indent("\n".join(_blocks(item)), " " * len(mark))
            lines.append(text.replace(" " * len(mark), mark, 1) or mark.rstrip())
        if lines:
            yield "\n".join(lines)
    elif element.tag == "table":
        lines = [text for caption in element.findall("caption") for text in _blocks(caption)]
        lines += ["\t".join(" ".join(_blocks(cell)) for cell in row) for row in rows(element)]
        yield "\n".join(lines)
    elif element.tag == "pre":
        yield "".join(element.itertext()).rstrip()
    else:
        yield from _blocks(element)


def _inline(element: Element) -> str:
    """An element within a line; a link's address follows it where its text is another."""
    if element.tag == "br":
        return _BREAK
    if element.tag == "img":
        return ""
    text = (element.text or "") + "".join(_inline(child) + (child.tail or "") for child in element)
    address = element.get("href", "")
    bare = address.removeprefix("mailto:").removeprefix("tel:")
    if element.tag == "a" and address and not address.startswith("#") and _tidy(text) not in (address, bare):
        return f"{text} ({bare})"
    return text


def _tidy(text: str) -> str:
    """A text whose lines are those of its breaks; white space that is not to be broken stays."""
    lines = (re.sub(r"[ \t\r\n]+", " ", line).strip(" ") for line in text.split(_BREAK))
    return "\n".join(line for line in lines if line)
