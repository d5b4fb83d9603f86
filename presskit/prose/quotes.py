"""Quotations: who said it, as a ``<footer>`` of the quotation, however the communiqué wrote it."""

import re
from xml.etree.ElementTree import Element, SubElement

from presskit.prose.elements import (
    EMPHASES,
    Line,
    classes,
    is_blank,
    line_text,
    lines_of,
    paragraph,
    text_of,
)

_AUTHOR = re.compile(r"(?:\A|[-_])(?:auteure?s?|authors?|fonction|signature|signataires?|source)(?:\Z|[-_])")
# As people sign: a name, a function, no more.
_LONGEST_SIGNATURE = 250
_DASH = re.compile(r"\s*[—–-]\s*(?=[^\W\d])")
_END_OF_SPEECH = ("»", "”")


def set_authors(body: Element) -> None:
    """Give each quotation its author: signed lines at its end, or what follows it with an author's class.

    No word is lost, and their order stays.
    """
    for parent in list(body.iter()):
        _join_signatures(parent)
    for quote in list(body.iter("blockquote")):
        if quote.find("footer") is None and len(quote):
            _sign(quote)


def _join_signatures(parent: Element) -> None:
    """Make what has an author's class and follows a quotation a footer of it."""
    quote: Element | None = None
    for child in list(parent):
        if quote is not None and is_blank(quote.tail) and child.tag in ("blockquote", "p") and _is_author(child):
            footer = quote.find("footer")
            footer = SubElement(quote, "footer") if footer is None else footer
            quote.tail = child.tail
            parent.remove(child)
            _add(footer, child)
        else:
            quote = child if child.tag == "blockquote" and not _is_author(child) else None


def _is_author(element: Element) -> bool:
    return any(_AUTHOR.search(name.lower()) for name in classes(element))


def _add(footer: Element, signed: Element) -> None:
    """Put what an element holds in a footer."""
    if signed.tag == "p":
        signed.tail = None
        footer.extend(paragraph([line]) for line in lines_of(signed))
        return
    loose = paragraph([[signed.text or ""]])
    if not is_blank(loose.text):
        footer.append(loose)
    for child in list(signed):
        if child.tag == "p" and is_blank(child.tail):
            _add(footer, child)
        elif child.tag == "footer" and is_blank(child.tail) and is_blank(child.text):
            footer.extend(child)
        else:
            footer.append(child)


def _sign(quote: Element) -> None:
    last = quote[-1]
    if last.tag != "p" or not is_blank(last.tail):
        return
    said, authors = _parted(lines_of(last), signed=_is_author(last))
    if not authors or (not said and len(quote) == 1):
        return
    quote.remove(last)
    if said:
        quote.append(paragraph(said, last.attrib))
    footer = SubElement(quote, "footer")
    for author in authors:
        footer.append(_without_dash(paragraph([author])))


def _parted(lines: list[Line], *, signed: bool) -> tuple[list[Line], list[Line]]:
    """What is said, and who said it."""
    if signed:
        return [], lines
    start = next((i for i in range(len(lines) + 1) if all(map(_names_author, lines[i:]))), len(lines))
    start = min(start, _after_speech(lines))
    if start < len(lines):
        return lines[:start], lines[start:]
    return _parted_line(lines)


def _after_speech(lines: list[Line]) -> int:
    """Where a signature of several lines (a name, then a function) starts after the quotation's closing sign."""
    for start in range(len(lines) - 1, 0, -1):
        if line_text(lines[start - 1]).rstrip(" .").endswith(_END_OF_SPEECH):
            rest = lines[start:]
            is_short = sum(len(line_text(line)) for line in rest) <= _LONGEST_SIGNATURE
            plain = not any(sign in line_text(line) for line in rest for sign in "«»“”")
            return start if _names_author(rest[0]) and is_short and plain else len(lines)
    return len(lines)


def _names_author(line: Line) -> bool:
    """Whether a line is only emphasised, or starts with a dash: so are a quotation's authors written.

    A label ("Contact :") names nobody.
    """
    texts = "".join(item for item in line if isinstance(item, str))
    elements = [item for item in line if isinstance(item, Element)]
    if line_text(line).rstrip().endswith(":"):
        return False
    if len(elements) == 1 and is_blank(texts) and _is_author(elements[0]):
        return not any(sign in text_of(elements[0]) for sign in "«»“”")
    if isinstance(line[0], str) and _DASH.match(line[0] + ("x" if elements else "")):
        return True
    return bool(elements) and all(e.tag in EMPHASES for e in elements) and not re.sub(r"[\s,;:–—-]", "", texts)


def _parted_line(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """Cut ``« … » **Author**`` after the quotation's end."""
    if not lines:
        return [], []
    *before, last = lines
    while last and isinstance(last[-1], str) and is_blank(last[-1]):
        last = last[:-1]
    if len(last) < 2:
        return lines, []
    *quoted, author = last
    closing = quoted[-1]
    if not isinstance(author, Element) or author.tag not in EMPHASES or text_of(author).rstrip().endswith(":"):
        return lines, []
    speech = closing.rstrip(" ,–—-") if isinstance(closing, str) else ""
    if not speech.endswith(_END_OF_SPEECH):
        return lines, []
    return [*before, [*quoted[:-1], speech]], [[author]]


def _without_dash(signature: Element) -> Element:
    if signature.text:
        signature.text = re.sub(r"\A\s*[—–-]?\s*", "", signature.text)
    last = signature[-1] if len(signature) else None
    if last is not None and last.tail:
        last.tail = last.tail.rstrip()
    return signature
