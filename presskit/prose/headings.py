"""Headings: their levels in order, and lines in bold that stand for one."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, count
from xml.etree.ElementTree import Element

from presskit.base.i18n import _
from presskit.base.letters import shortened
from presskit.prose.elements import HEADINGS, add_class, classes, is_blank, line_of, text_of, words_of
from presskit.prose.setting import Setting

# A line in bold that is longer is a text.
_LONGEST = 150


def order(body: Element, setting: Setting) -> list[Element]:
    """Number headings from 2 without gaps, whatever levels their author chose; give each an id."""
    open_levels: list[int] = []
    before = 1
    headings = [element for element in body.iter() if element.tag in HEADINGS]
    for number, heading in enumerate(headings, 1):
        level = int(heading.tag[1])
        if setting.advise and level > before + 1:
            setting.report(
                _("the heading “{text}” skips a level: from {before} to {level}.").format(
                    text=shortened(text_of(heading).strip()), before=before, level=level
                ),
                line_of(heading),
                _("Write it with {marks}; the kit corrects it, a web page does not.").format(marks="#" * (before + 1)),
            )
        before = level
        while open_levels and open_levels[-1] >= level:
            open_levels.pop()
        open_levels.append(level)
        heading.tag = f"h{min(len(open_levels) + 1, 6)}"
        heading.set("id", heading.get("id") or f"section-{number}")
    return headings


def automatic_ids(body: Element) -> dict[str, str]:
    """The id of each heading, by those that kramdown gives it, which links in a text may know.

    kramdown's own ("Basic ID generation": ASCII letters and digits from the first letter on) and that of its
    GitHub dialect, which Jekyll sites use; one that is taken gets a number.
    """
    found: dict[str, str] = {}
    for heading in (element for element in body.iter() if element.tag in HEADINGS):
        words = label(heading)
        plain = re.sub(r"[^a-zA-Z0-9 -]", "", re.sub(r"\A[^a-zA-Z]+", "", words))
        for name in {plain, re.sub(r"[^\w\- ]", "", words)} - {""}:
            own = name.replace(" ", "-").lower()
            numbered = chain([own], (f"{own}-{number}" for number in count(1)))
            found[next(free for free in numbered if free not in found)] = heading.get("id", "")
    return found


def label(heading: Element) -> str:
    """What a heading says where it is listed: its words, without calls of notes."""
    words = _uncalled(heading)
    return " ".join("".join(words).split())


def _uncalled(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if "footnote-ref" not in classes(child):
            yield from _uncalled(child)
        yield child.tail or ""


def label_calling(found: Iterable[Element]) -> None:
    """Note the label of each heading that calls a note, for the stylesheet to list it by."""
    for heading in found:
        if label(heading) != words_of(heading):
            heading.set("data-label", label(heading))


def mark_bold_lines(body: Element) -> None:
    """Mark each paragraph that is a line in bold, for the stylesheet to keep it with what follows."""
    for parent in body.iter():
        children = list(parent) if parent.tag != "footer" else []
        for child in children[:-1]:
            if child.tag == "p" and is_blank(child.tail) and _is_bold_line(child):
                add_class(child, "lead-in")


def _is_bold_line(paragraph: Element) -> bool:
    bold = len(paragraph) > 0 and all(child.tag in ("strong", "b") and is_blank(child.tail) for child in paragraph)
    return bold and is_blank(paragraph.text) and len(words_of(paragraph)) <= _LONGEST
