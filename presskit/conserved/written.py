"""What an author wrote, word for word, by a reading of Markdown of its own.

It shares no step with what lays texts out (kramdown.py, prose.py): where those lose a word, this one must not.
So it parses nothing: it scans the source once, leaves out what is syntax (the list is ``_SYNTAX``), and
takes all the rest for words.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import unquote


class Word(NamedTuple):
    """A word as it was ``written``, the line where, and the forms in which it may be printed, as letters alone.

    One that is not ``needed`` may be printed there or not; ``field`` is the part of the communiqué that it is in;
    ``image`` tells that it stands for one; one that is ``loose`` may be printed elsewhere, where the text goes on.
    """

    written: str
    forms: tuple[str, ...]
    line: int | None = None
    needed: bool = True
    field: str = ""
    image: bool = False
    loose: bool = False


@dataclass(kw_only=True)
class Written:
    """The words of a text in the order of print, and those that may come anywhere in it (the numbers of lists).

    ``unsure`` are those of its syntax, which other readers may take for text: each may come as often as it is
    written, near where it is.
    Letters of scripts that run to the left stand in PDFs in the order in which they are seen: they are counted
    ``leftward``, not compared in order.
    """

    words: list[Word] = field(default_factory=list)
    spare: list[Word] = field(default_factory=list)
    leftward: Counter[str] = field(default_factory=Counter)
    unsure: Counter[str] = field(default_factory=Counter)


# What follows is syntax, and no word. Quantifiers are possessive or bounded: no text makes them try again.
_SYNTAX = re.compile(
    r"^(?:[ \t>]|(?:[-*+]|\d{1,9}+[.)])[ \t])*+(?P<fence>(?P<ticks>```++(?=[^`\n]*+$)|~~~++)[^\n]*+)"
    r"|^[ \t>]*+(?:(?P<definition>(?:(?:[-*+]|\d{1,9}+[.)])[ \t]++|>[ \t]*+)*+\[(?!\^)(?P<name>[^\]\n]++)\]:"
    r"[ \t]*+(?:\n[ \t]*+)?(?:<[^<>\n]*+>|(?=\S*?[/.#@]|[a-z][a-z0-9+.-]*+:\S)\S++)"
    r"[ \t]*+(?:\n?[ \t]*+(?:\"[^\"\n]*+\"|'[^'\n]*+'|\([^()\n]*+\)))?[ \t]*+(?:<!--(?:[^\n-]|-(?!->))*+-->[ \t]*+)?$)"
    r"|(?P<bare>\[(?!\^)(?P<word>[^\]\n]++)\]:[ \t]*+[^\s<]++[ \t]*+$)"
    r"|(?P<abbreviation>\*\[[^\]\n]++\]:[^\n]*+)"
    r"|(?P<list>(?:[-*+]|\d++[.)])[ \t][^\n]*+\n[ \t>]*+\{:[ \t]*+toc\b[^}\n]*+\})"
    r"|(?P<number>(?:[-*+•–—►▪·][ \t]++)*+\(?(?P<count>\d{1,9}+|(?:[a-z]|[ivx]{2,4})(?=\)))[.)](?=[ \t])))"
    r"|(?=[\\`<{\]!\[])(?:"
    r"(?P<escaped>\\[^\w\s])"
    r"|(?P<code>`++)"
    r"|(?P<comment><!--|\{::comment[^}\n]*+\}|<(?P<dead>script|style)\b)"
    r"|(?P<barred><(?P<bar>title|iframe|object|noscript|template|svg|math|select|video|audio)\b[^<>]*+>)"
    r"|(?P<contents>\{:[ \t]*+toc\b[^}\n]*+\})"
    r"|(?P<attributes>\{:[^}\n]*+\}|(?<=[ \t])\{\#[\w-]++\})"
    r"|(?P<image>!\[(?P<alt>[^\]]{0,2000}+)\](?:\([ \t]*+\n?(?:[^()\n]|\([^()\n]*+\))*+\)|\[[^\]\n]*+\]))"
    r"|(?P<target>\]\([ \t]*+\n?(?:[^()\n]|\([^()\n]*+\))*+(?:\n[ \t]*+)?\)|\]\[[^\]\n]*+\])"
    r"|(?P<noted>\[\^[^\]\n]++\]:)"
    r"|(?P<call>\[\^(?P<label>[^\]\n]++)\](?!:))"
    r"|(?P<address><(?P<link>(?:https?://|ftp://|mailto:)[^\s<>]++|[^\s<>@\"=]++@[^\s<>]++)>)"
    r"|(?P<tag></?[a-z](?:[^<>\n]|\n(?![ \t]*+(?:\n|[-*+][ \t]|[>\#])))*+>|<!\[(?:if|endif)\b[^<>\]\n]*+\]>)"
    r"|(?P<task>(?<=[-*+] )\[[ x]\](?=[ \t])))",
    re.MULTILINE | re.IGNORECASE,
)
_HEADING = re.compile(
    r"^ {0,3}(?:#{1,6}+[ \t]*+(?P<text>[^\n]++)|(?P<lined>[^\n]++)(?=\n {0,3}(?:=++|-{2,}+)[ \t]*+$))", re.MULTILINE
)
_NOTE = re.compile(
    r"^ {0,3}\[\^(?P<label>[^\]\n]++)\]:(?P<text>[^\n]*+(?:\n(?![ \t]*+(?:\n|\Z)| {0,3}\[\^[^\]\n]++\]:)[^\n]++)*+"
    r"(?:\n++(?: {2,}+|\t)[^\n]++(?:\n(?![ \t]*+(?:\n|\Z)| {0,3}\[\^[^\]\n]++\]:)[^\n]++)*+)*+)",
    re.MULTILINE,
)
# Longer code is not looked for within a line: marks that nothing closes must not have all of a text searched.
_LONGEST_SPAN = 2000
_IMAGE_ALT = re.compile(r"<img\b[^<>]*?\balt=(?:\"([^\"<>]*)\"|'([^'<>]*)')", re.IGNORECASE)
_CALLED = re.compile(r"\]\[([^\]\n]++)\]")
_TABLE_PART = re.compile(
    r"<(?P<end>/?)(?:(?P<cell>td|th|caption)|(?P<whole>table)|(?P<group>tbody|thead|tfoot)|tr)\b", re.I
)
# Soft hyphens are signs as well: NFKC keeps them.
_LEFTWARD = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"
_SIGNS = re.compile(rf"[\W_{_LEFTWARD}]+")
_SET_IN = re.compile(r"[ >]*(?:[-*+]|\d+[.)])?(?: {4}| {0,3}\t)")
_LEFTWARD_LETTERS = re.compile(rf"[{_LEFTWARD}]")
_IN_SEVERAL_FORMS = re.compile(r"\d|[IVXLC]|[%&]|mailto:")
_DECORATION = re.compile(r"d[ée]corati(?:ve|f)", re.IGNORECASE)
# Its figure may be parted from its ending, by a space or by markup: that is a word then.
_ORDINAL = re.compile(r"(?:(?<=[\dIVXLC])|^\W*)(?:i?[èe]me(s?)|([èe]re)(s?))(?!\w)")
_ENDING = re.compile(r"\W*(?:i?[èe]mes?|[èe]res?)(?!\w)")
_EMPHASIS = re.compile(r"[*_~]++")


@lru_cache(8192)
def letters(text: str) -> str:
    """A text as it is compared: its letters and digits, with nothing of case, spaces, signs and ligatures."""
    return "".join(parts_of(text))


def leftward_letters(text: str) -> list[str]:
    """The letters of a text that are written from right to left."""
    return [letter for letter in _LEFTWARD_LETTERS.findall(unicodedata.normalize("NFKC", text)) if letter.isalpha()]


def parts_of(text: str) -> list[str]:
    """The letters of a text, cut at its signs."""
    composed = unicodedata.normalize("NFKC", text.replace("º", "°")).casefold()
    return [part for part in _SIGNS.split(composed) if part]


def _counted(text: str) -> Counter[str]:
    """The parts of a text, with its encoded signs as they stand or decoded."""
    counted = Counter(parts_of(text))
    return counted | Counter(parts_of(unescape(unquote(text)))) if "%" in text or "&" in text else counted


def words_in(text: str, line: int | None = None, **about: Any) -> Iterator[Word]:
    """The words of a plain text that begins at a line."""
    for number, part in enumerate(text.split("\n")):
        place = None if line is None else line + number
        for written in part.split():
            if forms := _forms(written):
                yield Word(written, forms, place, **about)


@lru_cache(8192)
def _forms(written: str) -> tuple[str, ...]:
    """How a word may be printed: as it is, with short ordinals (3ème: 3e), an address with its signs decoded."""
    plain = letters(unescape(written) if "&" in written else written)
    composed = unicodedata.normalize("NFC", written)
    if not plain or not (_IN_SEVERAL_FORMS.search(written) or _ENDING.match(composed)):
        return (plain,) if plain else ()
    composed = _EMPHASIS.sub("", composed)
    short = _ORDINAL.sub(lambda found: f"re{found[3]}" if found[2] else f"e{found[1]}", composed)
    spellings = (short, unquote(written), written.removeprefix("mailto:"), written)
    return tuple(form for form in dict.fromkeys((plain, *map(letters, spellings))) if form)


def markdown(source: str, line: int | None = None, field: str = "") -> Written:
    """The words of a Markdown text that begins at a line: footnotes at its end, in the order of their calls."""
    notes: dict[str, tuple[str, int]] = {}
    replaced: list[tuple[str, int]] = []

    def aside(found: re.Match[str]) -> str:
        label = found["label"].casefold()
        # Of two of one name the last is the one that is called (kramdown).
        replaced.extend([notes[label]] if label in notes else [])
        notes[label] = found["text"], source.count("\n", 0, found.start())
        return "\n" * found[0].count("\n")

    scan = _Scan(source, line, field)
    text = _NOTE.sub(aside, source) if "[^" in source else source
    scan.read(text, 0)
    # What a note calls comes after it; a note that nothing calls is still its author's.
    scan.written.spare += words_in(" ".join(notes))
    for label in scan.calls:
        if label in notes:
            scan.read(*notes.pop(label), loose=True)
    for note in (*notes.values(), *replaced):
        scan.read(*note, loose=True)
    return scan.written


class _Scan:
    """One reading of a source; ``calls`` are the labels of the footnotes that it calls."""

    def __init__(self, whole: str, line: int | None, field: str) -> None:
        self.written = Written()
        self.calls: list[str] = []
        self._whole, self._line, self._field = whole, line, field
        self._code_may_be_open = False
        # What nothing closes any more: it is not looked for again.
        self._open: set[str] = set()
        self._between_cells = self._placed_by_table = False
        self._called = {name.casefold() for name in _CALLED.findall(whole)} if "][" in whole else set()
        names = [found["name"] or found["word"] for found in _SYNTAX.finditer(whole)] if "]:" in whole else []
        self._defined = {name.casefold() for name in names if name}

    def read(self, source: str, offset: int, *, loose: bool = False) -> None:
        """Take in a text that begins ``offset`` lines below the first one; a ``loose`` one is a note's.

        Where a note ends is what readers differ most in, and so in where its words are printed.
        """
        self._source, self._at, self._number = source, 0, offset
        # Up to where it is the text of a note.
        self._loose = len(source) if loose else 0
        position = 0
        while found := _SYNTAX.search(source, position):
            self._take(position, found.start())
            taken = len(self.written.words)
            position = self._skip(found)
            self._doubt(found, position, taken)
        self._take(position, len(source))

    def _take(self, start: int, end: int, **about: bool) -> None:
        """Take the words between two places."""
        self._number += self._source.count("\n", self._at, start)
        self._at = start
        line = None if self._line is None else self._line + self._number
        text = self._source[start:end]
        self.written.leftward.update(leftward_letters(text))
        if "&" in text:
            self.written.unsure.update(Counter(parts_of(text)) - Counter(parts_of(unescape(text))))
        loose = start < self._loose or self._between_cells or self._placed_by_table
        self.written.words += words_in(text, line, field=self._field, loose=loose, **about)

    def _doubt(self, found: re.Match[str], end: int, taken: int) -> None:
        """Note the words of syntax, but for those that were ``taken`` for text since."""
        closed = end > found.end()
        if found.lastgroup == "comment" and closed and not self._may_be_code(found.start()):
            # A remark of its author's is not to be printed, by any reading.
            return
        counted = _counted(self._source[found.start() : end])
        for word in self.written.words[taken:]:
            counted -= _counted(word.written) if word.needed else Counter()
        self.written.unsure.update(counted)

    def _may_be_code(self, place: int) -> bool:
        """Whether the line of a place is set in as code is: there, a comment is a text."""
        return self._code_may_be_open or _SET_IN.match(self._source, self._source.rfind("\n", 0, place) + 1) is not None

    def _skip(self, found: re.Match[str]) -> int:
        """Read a piece of syntax; gives where it ends."""
        kind, end = found.lastgroup, found.end()
        if kind in ("fence", "code", "comment", "barred"):
            return self._skip_to_closing(found)
        if kind == "image":
            self._alternative(*found.span("alt"))
        elif kind == "tag":
            self._tag(found)
        elif kind == "target" and found[0].startswith("][") and found[0][2:-1].casefold() not in self._defined:
            self._take(found.start(), end)
        elif kind == "address":
            self._address(found)
        elif kind == "bare" and found["word"].casefold() not in self._called:
            # A word in brackets and another: no address, but where a link takes it for one.
            self._take(found.start(), end)
        elif kind == "noted":
            blank = self._source.find("\n\n", end)
            self._loose = max(self._loose, blank if blank > 0 else len(self._source))
        elif kind == "call":
            self._call(found["label"].casefold())
        elif kind in ("contents", "list"):
            self._contents()
        elif kind in ("number", "task"):
            self.written.spare += words_in(found["count"] or "x")
        return end

    def _skip_to_closing(self, found: re.Match[str]) -> int:
        """Read what has a closing mark: code is taken as it stands, the rest left out. What nothing closes is text."""
        start, closing = found.end(), _closing(found)
        limit = start + _LONGEST_SPAN if found["code"] else len(self._source)
        end = None if closing in self._open else re.compile(closing, re.M | re.I).search(self._source, start, limit)
        if end is None:
            if not found["code"]:
                self._open.add(closing)
            return start
        if (found["code"] or found["fence"]) and not self._is_plain(found, end):
            # Only some readers take it for code: what is syntax elsewhere may be either in it.
            self._code_may_be_open = True
            return start
        if found["code"] or found["fence"]:
            self._take(start, end.start())
        elif found["barred"]:
            # What has no place on paper is left out, and said to be.
            self.written.spare += words_in(self._source[start : end.start()])
        return end.end()

    def _is_plain(self, found: re.Match[str], end: re.Match[str]) -> bool:
        """Whether all readers take it for code: on one line, or between lines of marks that are not set in."""
        if found["code"]:
            return "\n" not in self._source[found.end() : end.start()]
        return all(mark[0].startswith(("`", "~")) for mark in (found, end))

    def _address(self, found: re.Match[str]) -> None:
        """Take an address, unless Outlook says it once more right after it ("jean@x.fr<mailto:jean@x.fr>")."""
        bare = re.sub(r"\A(?:mailto:|https?://)", "", found["link"], flags=re.IGNORECASE).rstrip("/")
        if not self._source.endswith((bare, f"{bare}/"), 0, found.start()):
            self._take(*found.span("link"))

    def _alternative(self, start: int, end: int) -> None:
        """Take what stands for an image, unless it says that nothing needs to."""
        if not _DECORATION.search(self._source, start, end):
            self._take(start, end, image=True)

    def _tag(self, found: re.Match[str]) -> None:
        """Read a tag of HTML: what a table holds in no cell, browsers print before it (HTML, 13.2.6.4.9)."""
        if alt := _IMAGE_ALT.match(found[0]):
            self._alternative(*(found.start() + place for place in alt.span(alt.lastindex or 0)))
        elif part := _TABLE_PART.match(found[0]):
            self._between_cells = not part["whole" if part["end"] else "cell"]
            if part["whole"] or part["group"] or part[0].lower().endswith("caption"):
                # A caption stands above its table and a foot below, wherever they are written (CSS 2.2, 17.2).
                self._placed_by_table = part[0].lower() in ("<caption", "<tfoot")

    def _contents(self) -> None:
        """Note that the headings may be said here once more."""
        for found in _HEADING.finditer(self._whole):
            self.written.words += words_in(found["text"] or found["lined"], needed=False, field=self._field)

    def _call(self, label: str) -> None:
        """Note the call of a footnote: it may be printed by its number, or as its author named it."""
        if label not in self.calls:
            self.calls.append(label)
        self.written.spare += words_in(f"{label} {self.calls.index(label) + 1}")


def _closing(found: re.Match[str]) -> str:
    """The pattern of what closes code, a comment, or an element."""
    if found["fence"]:
        # At the text's end, if nothing does.
        return rf"^[ \t>]*+{found['ticks']}[`~]*+[ \t]*+$|\Z"
    if found["code"]:
        return rf"(?<!`){found['code']}(?!`)"
    if element := found["dead"] or found["bar"]:
        return f"</{element}>"
    return "-->" if found["comment"] == "<!--" else r"\{:/[^}\n]*+\}"
