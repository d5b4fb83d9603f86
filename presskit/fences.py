"""The lines of a Markdown source that are fenced code, wherever the fence stands: a quotation, an item, a note."""

import re
from collections.abc import Iterable

# A fence is followed by one word at most (kramdown): "~~~ et la suite" is a text.
FENCE = re.compile(r" {0,3}(```+|~~~+)[ \t]*[^\s`~]*[ \t]*\Z")
# What may hold one: quotations, items, descriptions, notes.
_HELD = re.compile(
    r"(?P<holders>(?:[ \t]{0,3}(?:>|(?:[-*+:]|\d{1,9}[.)]|\[\^[^\]\n]+\]:)(?=[ \t])))*)(?P<indent>[ \t]*)"
    r"(?P<ticks>```+|~~~+)[ \t]*[^\s`~]*[ \t]*\Z"
)
_QUOTED = re.compile(r"[ \t>]*")


def fenced(lines: Iterable[str]) -> list[bool]:
    """For each line, whether it is a fence or stands between two; one that nothing closes ends with what holds it."""
    found: list[bool] = []
    ticks, quotes, in_item = "", 0, False
    for line in lines:
        margin = _QUOTED.match(line)[0]  # type: ignore[index]
        text = line[len(margin) :]
        outdented = in_item and text and len(margin.rpartition(">")[2]) < 2
        if ticks and (margin.count(">") < quotes or outdented):
            ticks = ""
        if ticks:
            found.append(True)
            if text.startswith(ticks) and not text.strip(ticks[0] + " \t"):
                ticks = ""
            continue
        opening = _HELD.match(line)
        found.append(opening is not None)
        if opening is not None:
            ticks, quotes = opening["ticks"], opening["holders"].count(">")
            in_item = bool(opening["holders"].strip("> \t")) or len(opening["indent"]) > 1
    return found
