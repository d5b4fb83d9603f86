"""Lists: the numbers that their author wrote, lines pasted with their bullets, and what stands astray in a list."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement

from presskit.prose.elements import (
    BLOCKS,
    Line,
    add_class,
    classes,
    fill,
    is_blank,
    line_text,
    lines_of,
    put_elements,
)

_INTEGER = re.compile(r"\s*[+-]?[0-9]{1,9}\s*\Z")
_STYLES = {"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
# What follows a number: a class, and the end of the name of the stylesheet's own counter style.
_SUFFIXES = {")": "paren", "°)": "degree", "°": "ordinal", "()": "parens"}


# Numbers


def set_numbers(body: Element) -> None:
    """Have print count as browsers do (HTML 4.4.5 and 4.4.8): ``start``, ``reversed``, ``value`` and ``type``.

    WeasyPrint reads none of these attributes by itself. Those that say nothing are taken away.
    """
    for element in body.iter():
        if element.tag == "ol":
            _set_list(element)
        elif "value" in element.attrib and element.tag != "li":
            del element.attrib["value"]


def _set_list(ordered: Element) -> None:
    kind = ordered.get("type", "1").strip()
    if kind not in _STYLES:
        ordered.attrib.pop("type", None)
        kind = "1"
    suffix = next((name for name in _SUFFIXES.values() if name in classes(ordered)), "")
    if kind != "1" or suffix:
        _add_style(ordered, f"list-style-type: {_STYLES[kind]}{'-' + suffix if suffix else ''}")
    items = [child for child in ordered if child.tag == "li"]
    backwards = "reversed" in ordered.attrib
    start = _integer(ordered, "start")
    if start is None:
        start = len(items) if backwards else 1
    elif start != 1 and not backwards:
        _add_style(ordered, f"counter-reset: list-item {start - 1}")
    _count(items, start, backwards=backwards)


def _count(items: list[Element], start: int, *, backwards: bool) -> None:
    number = start
    for item in items:
        own = _integer(item, "value")
        if own is not None or backwards:
            number = number if own is None else own
            # Said as well that nothing is added: CSS adds before it sets, WeasyPrint after.
            _add_style(item, f"counter-set: list-item {number}; counter-increment: list-item 0")
        number += -1 if backwards else 1


def _integer(element: Element, name: str) -> int | None:
    written = element.get(name)
    if written is None:
        return None
    if not _INTEGER.match(written):
        del element.attrib[name]
        return None
    return int(written)


def _add_style(element: Element, declaration: str) -> None:
    before = element.get("style", "").rstrip("; ")
    element.set("style", f"{before}; {declaration}" if before else declaration)


# What stands astray


def put_right(body: Element) -> None:
    """Have lists hold items alone (HTML 4.4.5; ISO 32000-1, table 336), with every word in its order.

    What stands before the first item goes before the list, what stands after one into it; items without a list get one.
    """
    # From within: what stands astray in a list may hold another.
    for parent in reversed(list(body.iter())):
        for child in list(parent):
            if child.tag in ("ul", "ol") and (placed := _with_items_only(child)) != [child]:
                put_elements(parent, child, placed)
            if child.tag == "dl":
                _describe_only(child)
        if parent.tag not in ("ul", "ol"):
            _gather_items(parent)


def _with_items_only(element: Element) -> list[Element]:
    """What stood before a list's first item, and the list."""
    before: list[Element] = []
    if not is_blank(element.text):
        before.append(fill(Element("p"), [element.text or ""]))
    # A space that is not to be broken is a text as well, for a tagger.
    element.text = "\n" if element.text else None
    item: Element | None = None
    for child in list(element):
        tail, child.tail = child.tail, None
        if child.tag == "li":
            item = child
        else:
            element.remove(child)
            _take(item, before, child)
        if not is_blank(tail):
            _take(item, before, tail or "")
    return [*before, element] if len(element) else before


def _take(item: Element | None, before: list[Element], astray: "Element | str") -> None:
    if item is not None:
        fill(item, [" ", astray])
    elif isinstance(astray, Element) and astray.tag in BLOCKS:
        before.append(astray)
    elif before and before[-1].tag == "p":
        fill(before[-1], [astray])
    else:
        before.append(fill(Element("p"), [astray]))


def _describe_only(element: Element) -> None:
    """Have a list of terms hold terms and descriptions alone."""
    if not is_blank(element.text):
        element.insert(0, fill(Element("dd"), [element.text or ""]))
    element.text = "\n" if element.text else None
    for child in list(element):
        tail, child.tail = child.tail, None
        index = list(element).index(child)
        if child.tag not in ("dt", "dd", "div"):
            described = Element("dd")
            described.append(child)
            element[index] = described
        if not is_blank(tail):
            element.insert(index + 1, fill(Element("dd"), [tail or ""]))


def _gather_items(parent: Element) -> None:
    """Put items that stand in no list into one."""
    made: Element | None = None
    for child in list(parent):
        if child.tag != "li":
            made = None
            continue
        tail, child.tail = child.tail, None
        if made is None:
            made = Element("ul")
            parent[list(parent).index(child)] = made
        else:
            parent.remove(child)
        made.append(child)
        made.tail = tail
        if not is_blank(tail):
            made = None


# Pasted bullets

_SIGN = re.compile(r"[•►▪●‣◦○■□❖➢➤▶✓✔❑❒◻◆⬧⧫⬥➲➔]\s*(?=\S)|·\s+(?=\S)")
_DASH = re.compile(r"[–—-]\s*(?=[^\W\d])|[–—-]\s+(?=\S)")
# What Wingdings and Courier draw as bullets, in Word's lists; words are not set so far apart.
_LETTER = re.compile(r"(?P<sign>[oØ§üv])(?:[ \u00a0\u2003]{2,}|[\t\u2003]\s*)(?=\S)")
_COUNTER = re.compile(
    r"(?P<open>\()?(?:(?P<number>\d{1,3})|(?P<lower>[a-z])|(?P<roman>[IVX]{1,5})|(?P<upper>[A-Z]))"
    r"(?:(?P<suffix>°\)|\))\s*|(?P<point>\.)\s+|(?P<degree>°)\s+)(?=\S)"
)
_ROMAN = {
    numeral: number for number, numeral in enumerate("I II III IV V VI VII VIII IX X XI XII XIII XIV XV".split(), 1)
}
_CONTAINERS = {"p", "td", "th", "dd", "li", "div", "blockquote", "section", "article", "aside", "figcaption"}


@dataclass(frozen=True)
class _Bullet:
    """What begins a pasted item: the length of its sign, and the list that it is for."""

    length: int
    kind: str
    number: int = 0


def set_pasted(body: Element, omit: Callable[[str], None]) -> None:
    """Make lists of the lines that start with a bullet, wherever they stand: a text, a quotation, a cell.

    Dashes count when they are no dialogue: after a colon, or with items that end as those of a list do.
    ``omit`` is told the letters that draw bullets in a font that no text has.
    """
    made: set[Element] = set()
    for parent in list(body.iter()):
        for child in list(parent):
            if child.tag in _CONTAINERS and not any(inner.tag in BLOCKS for inner in child):
                _set_container(parent, child, made, omit=omit)
        _join_made(parent, made)


def _set_container(parent: Element, element: Element, made: set[Element], *, omit: Callable[[str], None]) -> None:
    lines = lines_of(element)
    texts = [line_text(line).strip() for line in lines]
    if not any(map(_bullet, texts)):
        return
    bullets = _bullets(texts, _text_before(parent, element))
    if not any(bullets):
        return
    for bullet in bullets:
        if bullet and bullet.kind.startswith("letter"):
            omit(bullet.kind.removeprefix("letter "))
    blocks = list(_blocks(lines, bullets, made))
    if element.tag == "p":
        for block in blocks:
            if block.tag == "p":
                block.attrib |= element.attrib
            elif "class" in element.attrib:
                add_class(block, element.attrib["class"])
        put_elements(parent, element, blocks)
        return
    element.text = None
    element[:] = blocks
    if blocks and blocks[0].tag == "p" and element.tag in ("li", "td", "th", "dd"):
        first = blocks[0]
        element.remove(first)
        element.text = first.text
        element[:0] = list(first)


def _text_before(parent: Element, element: Element) -> str:
    index = list(parent).index(element)
    return "".join(parent[index - 1].itertext()).strip() if index else (parent.text or "").strip()


def _bullets(texts: list[str], before: str) -> list[_Bullet | None]:
    """For each line, the bullet that it starts with."""
    found = [_bullet(text) for text in texts]
    for kind in {bullet.kind for bullet in found if bullet} - {"sign"}:
        places = [index for index, bullet in enumerate(found) if bullet and bullet.kind == kind]
        if kind == "dash":
            ahead = texts[places[0] - 1] if places[0] else before
            is_list = _is_list_of_dashes([texts[index] for index in places], ahead)
        elif kind.startswith("letter"):
            is_list = len(places) > 1
        else:
            numbers = [bullet.number for bullet in found if bullet and bullet.kind == kind]
            is_list = len(numbers) > 1 and all(b == a + 1 for a, b in pairwise(numbers))
            # Initials of names are capitals as well.
            is_list &= kind[0] not in "AI" or numbers[0] == 1
        if not is_list:
            found = [None if bullet and bullet.kind == kind else bullet for bullet in found]
    return found


def _bullet(text: str) -> _Bullet | None:
    if match := _SIGN.match(text):
        return _Bullet(match.end(), "sign")
    if match := _DASH.match(text):
        return _Bullet(match.end(), "dash")
    if match := _LETTER.match(text):
        return _Bullet(match.end(), f"letter {match['sign']}")
    if (match := _COUNTER.match(text)) and (match["open"] is None or match["suffix"] == ")"):
        kind, number = _counted(match)
        suffix = "()" if match["open"] else match["suffix"] or match["degree"] or "."
        # Only figures have a degree; "XL." is no numeral of a list.
        if number and (kind == "1" or "°" not in suffix):
            return _Bullet(match.end(), f"{kind}{suffix}", number)
    return None


def _counted(match: re.Match[str]) -> tuple[str, int]:
    """The type of list (HTML 4.4.5) that a counter is for, and its number; 0 for none."""
    if match["number"]:
        return "1", int(match["number"])
    if match["roman"]:
        return "I", _ROMAN.get(match["roman"], 0)
    letter = match["lower"] or match["upper"]
    return ("a", ord(letter) - ord("a") + 1) if match["lower"] else ("A", ord(letter) - ord("A") + 1)


def _is_list_of_dashes(items: list[str], ahead: str) -> bool:
    """Whether lines that start with a dash are a list, and not what people say in turn."""
    if len(items) < 2:
        return False
    return (
        ahead.endswith(":")
        or any(item.endswith((";", ",")) for item in items)
        or all(item.lstrip("–—- ")[:1].islower() for item in items)
    )


def _blocks(lines: list[Line], bullets: list[_Bullet | None], made: set[Element]) -> "list[Element]":
    """Paragraphs and lists of lines; a line without a bullet goes on with the item before, until a sentence ends."""
    blocks: list[Element] = []
    for line, bullet in zip(lines, bullets, strict=True):
        last = blocks[-1] if blocks else None
        if bullet is not None:
            if last is None or last.tag == "p" or last.get("data-kind") != bullet.kind:
                last = _new_list(bullet)
                blocks.append(last)
                made.add(last)
            fill(SubElement(last, "li"), _without(line, bullet.length))
        elif last is None:
            blocks.append(fill(Element("p"), line))
        elif last.tag == "p" or _goes_on(last[-1], line):
            fill(last if last.tag == "p" else last[-1], ["\n", *line])
        else:
            blocks.append(fill(Element("p"), line))
    for block in blocks:
        block.attrib.pop("data-kind", None)
    return blocks


def _new_list(bullet: _Bullet) -> Element:
    if not bullet.number:
        return Element("ul", {"data-kind": bullet.kind})
    made = Element("ol", {"data-kind": bullet.kind})
    if suffix := _SUFFIXES.get(bullet.kind[1:]):
        made.set("class", suffix)
    if bullet.kind[0] != "1":
        made.set("type", bullet.kind[0])
    if bullet.number != 1:
        made.set("start", str(bullet.number))
    return made


def _goes_on(item: Element, line: Line) -> bool:
    before, text = "".join(item.itertext()).strip(), line_text(line).strip()
    return not (before.endswith((".", "!", "?", "…", ":")) and text[:1].isupper())


def _without(line: Line, length: int) -> Line:
    """A line without the sign that starts it, which may stand in an element ("**• Le titre**")."""
    kept: Line = []
    for item in line:
        if length and isinstance(item, str):
            stripped = item.lstrip() if not kept else item
            taken = min(length, len(stripped))
            item, length = stripped[taken:], length - taken
        elif length and isinstance(item, Element) and not "".join(item.itertext()):
            # A picture or a line's end: the sign stands before it, and only spaces were left to cut.
            length = 0
        elif length and isinstance(item, Element):
            length = _cut(item, length)
            if not len(item) and is_blank(item.text):
                continue
        if isinstance(item, Element) or item:
            kept.append(item)
    return kept


def _cut(element: Element, length: int) -> int:
    """Cut characters at the start of an element; gives how many are still to be cut."""
    taken = min(length, len(element.text or ""))
    element.text = (element.text or "")[taken:]
    length -= taken
    for child in element:
        if length:
            length = _cut(child, length)
        taken = min(length, len(child.tail or ""))
        child.tail = (child.tail or "")[taken:]
        length -= taken
    return length


def _join_made(parent: Element, made: set[Element]) -> None:
    """Make one of lists that were pasted as paragraphs of one item each."""
    last: Element | None = None
    for child in list(parent):
        same = last is not None and child.tag == last.tag and child.get("type") == last.get("type")
        if last is not None and child in made and same and is_blank(last.tail) and child.tag == "ul":
            last.extend(child)
            last.tail = child.tail
            parent.remove(child)
        else:
            last = child if child in made else None
