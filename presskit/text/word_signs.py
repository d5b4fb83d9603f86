"""What texts bring along from word processors and slides: line ends that are no new line, and signs of symbol fonts."""

import re
from collections.abc import Iterator, Sequence

from presskit.text.symbols import meaning

# Shift+Return in Word and PowerPoint, a page's end, and Unicode's own (The Unicode Standard, 5.8).
_LINE_END = re.compile("[\x0b\x0c\x85\u2028]")
_PARAGRAPH_END = "\u2029"
_SPACED = re.compile(f" *[\x0b\x0c\x85\u2028{_PARAGRAPH_END}] *")
# A picture of several signs: they are joined with or without the sign that asks for a picture (Unicode, UTS #51,
# "minimally qualified"), and fonts that have the picture for the shorter writing alone tell no text for the longer one.
_JOINED = re.compile("\ufe0f(?=\u200d)")
_PRIVATE = re.compile("[\uf020-\uf0ff]")


def with_line_ends(text: str, lines: Sequence[int]) -> tuple[str, list[int]]:
    """A Markdown text with the line ends and signs that were meant, and the line that each line comes from."""
    made: list[str] = []
    numbers: list[int] = []
    for line, number in zip(text.split("\n"), lines, strict=True):
        pieces = list(_pieces(with_signs(line)))
        made += pieces
        numbers += [number] * len(pieces)
    return "\n".join(made), numbers


def in_one_line(text: str) -> str:
    """A text of the front matter without line ends that are none of the file's."""
    return with_signs(_SPACED.sub(" ", text))


def with_signs(text: str) -> str:
    """A text with Unicode's signs for those that Wingdings and Symbol draw, and emoji that join as fonts expect it.

    A sign that neither font has stays.
    """
    text = _JOINED.sub("", text)
    return _PRIVATE.sub(lambda match: meaning("OpenSymbol", match[0]) or meaning("Symbol", match[0]) or match[0], text)


def _pieces(line: str) -> Iterator[str]:
    """The lines that a line holds; a heading has one, and so has the row of a table."""
    start = line.lstrip(" >")[:1]
    if start == "#":
        yield _SPACED.sub(" ", line).rstrip()
    elif start == "|":
        yield _SPACED.sub("<br>", line)
    else:
        paragraphs = line.split(_PARAGRAPH_END)
        for number, paragraph in enumerate(paragraphs):
            if number:
                yield ""
            # Two spaces end a line for good.
            yield from "  \n".join(_LINE_END.split(paragraph)).split("\n")
