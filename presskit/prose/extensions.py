"""What kramdown and HTML keep from print: comments, options; with the lines that the rest comes from."""

import re
from collections.abc import Callable, Iterator

_NAMES = "comment|options|nomarkdown"
# Code, where nothing is a mark, and what may begin here. Fences are looked for by line.
_MARK = re.compile(
    r"(?P<fence>^[ >]*(?P<ticks>```+|~~~+)(?=[ \t]*[^\s`~]*[ \t]*$))"
    r"|(?P<code>`+)|(?P<html><!--|<\?|<!\[CDATA\[|<![A-Za-z])"
    rf"|(?P<alone>\{{::(?:{_NAMES})(?:\s[^}}\n]*)?/\}})"
    rf"|(?P<open>\{{::(?P<name>{_NAMES})(?:\s[^}}\n]*)?\}})",
    re.MULTILINE,
)


# What HTML prints nothing of: comments, instructions to programs, declarations (CommonMark 0.31, 6.6).
_ENDS = {"<!--": "-->", "<?": "?>", "<![CDATA[": "]]>"}
_SEPARATOR = "<!-- -->"


class _Source:
    """A text in which marks are looked for; each kind of search fails once only, so that time grows with length."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._absent: dict[str, int] = {}
        # Names whose marks do not pair: counting them again would take as long again.
        self.unpaired: set[str] = set()

    def find(self, mark: str, start: int) -> int:
        """Where a mark is from a place on, -1 where it is not."""
        if start >= self._absent.get(mark, len(self.text) + 1):
            return -1
        place = self.text.find(mark, start)
        if place < 0:
            self._absent[mark] = start
        return place


def without_comments(text: str, omit: Callable[[str], None]) -> tuple[str, list[int]]:
    """A text without its comments (``{::comment}``, ``<!-- -->``) and options, and the line that each line comes from.

    They are for their author's eyes: ``omit`` is told what is in them, nobody else. ``{::nomarkdown}`` loses its
    marks alone. What does not end stays, as kramdown has it. Code is left as it is.
    """
    lines: list[str] = [""]
    numbers: list[int] = [0]
    emptied: set[int] = set()
    for piece, gap in _kept(_Source(text), omit):
        if gap is not None:
            emptied.add(len(lines) - 1)
            numbers[-1] += 0 if lines[-1].strip(" >") else gap
        first, *others = piece.split("\n")
        start = numbers[-1] if gap is None or not lines[-1].strip(" >") else numbers[-1] + gap
        lines[-1] += first
        lines += others
        numbers += range(start + 1, start + 1 + len(others))
    blank = {i for i in emptied if not lines[i].strip(" >")}
    for i in blank:
        # What separated blocks still does; within a paragraph it was nothing at all.
        if i and not lines[i - 1].strip(" >"):
            lines[i] += _SEPARATOR
    # Of a text that was all comments, its first line is left.
    kept = [i for i in range(len(lines)) if lines[i].endswith(_SEPARATOR) or i not in blank] or [0]
    return "\n".join(lines[i] for i in kept), [numbers[i] for i in kept]


def _kept(source: _Source, omit: Callable[[str], None]) -> Iterator[tuple[str, int | None]]:
    """What is printed, in pieces; each with the number of line ends of the comment before it, None for the first."""
    text, done, position, gap = source.text, 0, 0, None
    while match := _MARK.search(text, position):
        ends = _end_of(match, source)
        if ends is None:
            position = match.end()
            if match["html"]:
                yield text[done : match.start()] + "\\", gap
                done, gap = match.start(), 0
            continue
        inner_start, inner_end, end = ends
        if inner_start < 0:
            position = end
            continue
        yield text[done : match.start()], gap
        inner = text[inner_start:inner_end]
        if match["name"] == "nomarkdown":
            yield inner, text.count("\n", match.start(), inner_start)
            gap = text.count("\n", inner_end, end)
        else:
            omit(inner)
            gap = text.count("\n", match.start(), end)
        done = position = end
    yield text[done:], gap


def _end_of(match: re.Match[str], source: _Source) -> tuple[int, int, int] | None:
    """Where what a mark begins has its content, and ends; content from -1 for code; None when it does not end."""
    text = source.text
    if match["fence"]:
        return _end_of_fence(match["ticks"], match.end(), source)
    if match["code"]:
        return _end_of_code(match, text)
    if match["alone"]:
        return match.end(), match.end(), match.end()
    if match["html"]:
        mark = _ENDS.get(match["html"], ">")
        place = source.find(mark, match.start() + 2)
        return None if place < 0 else (match.end(), max(place, match.end()), place + len(mark))
    return _end_of_extension(match, source)


def _end_of_fence(ticks: str, start: int, source: _Source) -> tuple[int, int, int] | None:
    if ticks in source.unpaired:
        return None
    end = re.compile(rf"^[ >]*{re.escape(ticks)}[`~]*[ \t]*$", re.MULTILINE).search(source.text, start)
    if end is None:
        source.unpaired.add(ticks)
        return None
    return -1, -1, end.end()


def _end_of_code(match: re.Match[str], text: str) -> tuple[int, int, int] | None:
    """Code in a line ends in as many backticks as it starts with, in its paragraph (CommonMark 0.31, 6.1)."""
    limit = text.find("\n", match.end())
    limit = len(text) if limit < 0 else limit
    end = text.find(match["code"], match.end(), limit)
    return None if end < 0 else (-1, -1, end + len(match["code"]))


def _end_of_extension(match: re.Match[str], source: _Source) -> tuple[int, int, int] | None:
    """An extension ends at its own mark, or at ``{:/}``; those of the same name in it are counted."""
    name, depth, position = match["name"], 1, match.end()
    first: tuple[int, int, int] | None = None
    while True:
        places = [(p, mark) for mark in (f"{{:/{name}}}", "{:/}") if (p := source.find(mark, position)) >= 0]
        if not places:
            source.unpaired.add(name)
            return first
        place, mark = min(places)
        first = first or (match.end(), place, place + len(mark))
        depth += source.text.count(f"{{::{name}}}", position, place) - 1
        position = place + len(mark)
        if depth <= 0 or name in source.unpaired:
            return match.end(), place, position
