"""What is wrong with a YAML text that can't be read, in the words of who wrote it.

A parser tells where it stopped, in words of its own that change from one version to the next. Only the place is
used: the lines up to there are read again, one by one, as people write them ("key: value", "- item", texts in quotes
or not), and the first thing that YAML reads otherwise than its author meant is named.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from presskit.base.i18n import _
from presskit.base.letters import shortened

_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?(?:[ \t]+#.*)?")
_GLUED_KEY = re.compile(r"([^\W\d][\w-]*):(?=[^\s/\\])")
_ODD_SPACE = re.compile(r"[\u00a0\u2000-\u200b\u202f\u3000\ufeff]")
# Fields that are written below another one.
_NESTED = re.compile(
    r"(?:name|nom|tel|e-?mail|role|file|fichier|image|lien|note|date|credit|legende)\s?:\s", re.IGNORECASE
)
# What people write before the entries of a list.
_BULLET = re.compile(r"[*+\u2022\u00b7\u25aa\u25ba\u2010-\u2015\u2212]\s+(?=\S)")
_INDICATORS = "@`%&*!|>,]}"
_ESCAPES = set('0abt\tnvfre "/\\N_LPxuU\n')


@dataclass(frozen=True)
class Mistake:
    """What is wrong at a line, counted from 0."""

    line: int
    what: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class _Entry:
    """A line as its author sees it: where its text starts, its key ('' for none), its value and where that starts.

    It is ``spaced`` where a space stands before its colon, as in French texts.
    """

    number: int
    column: int
    dashes: int
    key: str
    value: str
    at: int
    spaced: bool = False


def find_mistake(text: str, stopped: int, context: int | None = None) -> Mistake:
    """The mistake for which a parser stopped at a line (from 0), in something that began at the line ``context``."""
    lines = text.split("\n")
    found = list(_Lines(lines).mistakes(stopped))
    for line in (stopped, context):
        for mistake in found:
            if mistake.line == line:
                return mistake
    return found[-1] if found else _general(lines, min(stopped, len(lines) - 1))


def key_and_value(line: str) -> tuple[str, str]:
    """The key of a line ('' for none) and what follows it."""
    entry = _entry(line, 0)
    return entry.key, entry.value


def starts_with(sign: str, value: str, line: int, *, key: str = "") -> Mistake:
    """A text without quotes starts with a sign that means something else to YAML."""
    what = _("a text that starts with “{sign}” must be between quotes: “{value}”.")
    return Mistake(line, what.format(sign=sign, value=shortened(value)), quoting(key, value))


def quoting(key: str, value: str) -> str:
    """The remedy for a value that must be between quotes."""
    return _("Write it between quotes: {example}").format(example=quoted(key, value))


def quoted(key: str, value: str) -> str:
    """A value between the quotes that it needs, whatever it holds, after its key."""
    value = shortened(value, 200)
    plain = "'" in value and '"' not in value and "\\" not in value
    text = f'"{value}"' if plain else "'" + value.replace("'", "''") + "'"
    return f"{key}: {text}" if key else text


class _Lines:
    """The lines of a text, read one after the other."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._open: list[int] = []  # the columns of the keys and items around a line
        self._above: _Entry | None = None
        self._first: _Entry | None = None
        self._dashes: set[int] = set()  # those of them that are items' alone
        self._remark = -1  # the last line that is a remark

    def mistakes(self, last: int) -> Iterator[Mistake]:
        number = 0
        while number <= min(last, len(self._lines) - 1):
            line = self._lines[number]
            bare = line.strip()
            if not bare or bare.startswith("#"):
                self._remark = number if bare else self._remark
                number += 1
                continue
            if mistake := _bad_space(line, number):
                yield mistake
                return
            entry = _entry(line, number)
            if mistake := self._misplaced(entry):
                yield mistake
                return
            number, mistake = self._value(entry)
            if mistake:
                yield mistake
            if number < 0:
                return
            if entry.key or entry.dashes:
                self._above = entry

    def _misplaced(self, entry: _Entry) -> Mistake | None:
        """What is wrong with where a line starts, or with its key."""
        above = self._above
        if not entry.key and not entry.dashes:
            return self._without_key(entry)
        start = entry.column - entry.dashes
        scalar = above is not None and above.value and not _BLOCK.fullmatch(above.value)
        if above and scalar and above.key and start > above.column:
            return _too_deep(entry, above)
        while self._open and self._open[-1] > start:
            self._dashes.discard(self._open.pop())
            if not self._open and above and entry.key and self._first:
                # All lines above start further right than this one.
                return _further_right(self._first, entry)
        if start in self._dashes and not entry.dashes and above and above.key:
            what = _("this line is not aligned with the lines that it belongs to.")
            return Mistake(entry.number, what, _aligned(entry, above))
        if self._open and start not in self._open and above and scalar:
            what = _("this line is not aligned with the lines that it belongs to.")
            return Mistake(entry.number, what, _("Align it with them: as many spaces before each."))
        if entry.dashes and start not in self._open:
            self._dashes.add(start)
        self._first = self._first or entry
        self._open += [column for column in dict.fromkeys((start, entry.column)) if column not in self._open]
        return None

    def _without_key(self, entry: _Entry) -> Mistake | None:
        """A line that is no "key: value" is the next line of a text, or lacks something."""
        above, text = self._above, entry.value or ":"
        if glued := _GLUED_KEY.match(text):
            what = _("a space is missing after the colon of “{key}:”.").format(key=glued[1])
            remedy = _("Write: {example}").format(example=f"{glued[1]}: {shortened(text[glued.end() :])}")
            return Mistake(entry.number, what, remedy)
        if re.match(r"-[^\s-]", text) and (above is None or not above.value or above.dashes):
            what = _("a space is missing after the dash “-”.")
            return Mistake(entry.number, what, _("Write: {example}").format(example=f"- {shortened(text[1:])}"))
        if (bullet := _BULLET.match(text)) and (above is None or not above.value or above.dashes):
            what = _("the entries of a list start with a hyphen and a space, not with “{sign}”.")
            remedy = _("Write: {example}").format(example=f"- {shortened(text[bullet.end() :])}")
            return Mistake(entry.number, what.format(sign=bullet[0].strip()), remedy)
        if text[0] in "'\"":
            return None
        if text[0] in _INDICATORS and not (above and above.value):
            return starts_with(text[0], text, entry.number)
        if above and above.value and entry.column > above.column - above.dashes:
            return self._not_next(entry, above)
        what = _("this line is not a “key: value” line: “{text}”.").format(text=shortened(text))
        remedy = _(
            "Add the key and a colon before it; where it goes on with the text above, start it with two more spaces."
        )
        return Mistake(entry.number, what, remedy)

    def _not_next(self, entry: _Entry, above: _Entry) -> Mistake | None:
        """Why a line can't be the next one of the text above."""
        if _BLOCK.fullmatch(above.value):
            what = _("this line starts further left than the text that it belongs to.")
            return Mistake(entry.number, what, _("Align it with that text: as many spaces before each line."))
        if above.number < self._remark:
            what = _("“{remark}” is read as a comment, and ends the text above.")
            what = what.format(remark=shortened(self._lines[self._remark]))
            return Mistake(self._remark, what, _("Put the whole text between quotes."))
        return _cut(above) if re.search(r"(?:^|\s)#", above.value) else None

    def _value(self, entry: _Entry) -> tuple[int, Mistake | None]:
        """The line after a value, -1 where nothing after it can be told, and what is wrong with it."""
        value, number = entry.value, entry.number
        if not value or value.startswith("#"):
            return number + 1, None
        if value[0] in "'\"":
            return self._quoted(entry)
        if value[0] in "[{":
            return self._flow(entry)
        if _BLOCK.fullmatch(value):
            return self._after_block(entry), None
        return number + 1, _plain_mistake(entry)

    def _after_block(self, entry: _Entry) -> int:
        """The line after a text below "|" or ">": the first that starts further left than the text does."""
        parent = entry.column if entry.key else entry.column - entry.dashes
        number, least = entry.number + 1, -1
        while number < len(self._lines):
            line = self._lines[number]
            indent = len(line) - len(line.lstrip(" "))
            if line.strip():
                least = indent if least < 0 else least
                if indent <= parent or indent < least:
                    break
            number += 1
        return number

    def _quoted(self, entry: _Entry) -> tuple[int, Mistake | None]:
        number, mistake, rest = self._closing(entry)
        if mistake is not None:
            return -1, mistake
        if rest and not rest.startswith("#"):
            if entry.key == "" and rest.startswith(":"):
                return number + 1, None
            return -1, _inner_quote(entry, number, rest, written=self._lines[number])
        return number + 1, None

    def _closing(self, entry: _Entry) -> tuple[int, Mistake | None, str]:
        """Where a quoted text ends: the line, what is wrong with it, and what follows it there."""
        quote, at, number = entry.value[0], entry.at + 1, entry.number
        while number < len(self._lines):
            line = self._lines[number]
            if number > entry.number and _is_key(line, entry.column):
                break
            while at < len(line):
                if quote == '"' and line[at] == "\\":
                    if line[at + 1 : at + 2] not in _ESCAPES:
                        return number, _backslash(entry, number), ""
                    at += 2
                elif line[at] != quote:
                    at += 1
                elif quote == "'" and line[at + 1 : at + 2] == quote:
                    at += 2
                else:
                    return number, None, line[at + 1 :].strip()
            number, at = number + 1, 0
        what = _("the quote {quote} before “{text}” is not closed.")
        what = what.format(quote=quote, text=shortened(entry.value[1:]))
        return number, Mistake(entry.number, what, _("Write the same quote at the end of the text.")), ""

    def _flow(self, entry: _Entry) -> tuple[int, Mistake | None]:
        depth, quote, number, at = 0, "", entry.number, entry.at
        while number < len(self._lines):
            line = self._lines[number]
            if number > entry.number and _is_key(line, entry.column):
                break
            while at < len(line):
                sign = line[at]
                if quote:
                    quote = "" if sign == quote else quote
                elif sign in "'\"" and line[:at].rstrip().endswith(("[", "{", ",", ":")):
                    quote = sign
                elif sign == "#" and (line[at - 1].isspace() or line[at - 1] in "[{,"):
                    if (depth and "]" in line[at:]) or "}" in line[at:]:
                        return -1, _flow_remark(entry, line[at:], number)
                    break
                elif sign in "[{":
                    depth += 1
                elif sign in "]}":
                    depth -= 1
                    if depth == 0:
                        rest = line[at + 1 :].strip()
                        wrong = rest and not rest.startswith("#")
                        return (-1 if wrong else number + 1), (
                            starts_with(entry.value[0], entry.value, entry.number, key=entry.key)
                            if wrong
                            else self._inside(entry, number)
                        )
                at += 1
            number, at = number + 1, 0
        if not re.search(r"[\]}]|[,:]\s", entry.value):
            return -1, starts_with(entry.value[0], entry.value, entry.number, key=entry.key)
        what = _("the “{sign}” of this line is not closed, or a quote in it is not.").format(sign=entry.value[0])
        remedy = _("Close it with “{sign}”, or write one entry on each line.")
        return -1, Mistake(entry.number, what, remedy.format(sign="]" if entry.value[0] == "[" else "}"))

    def _inside(self, entry: _Entry, last: int) -> Mistake | None:
        """What is wrong between brackets that are closed."""
        inner = "\n".join(self._lines[entry.number : last + 1])[entry.at :]
        for sign, item in re.findall(r"[\[{,:]\s+([@`%*&!])([^,\]}\n]*)", " " + inner.replace("[", "[ ", 1)):
            return starts_with(sign, sign + item, entry.number)
        if glued := re.search(r"[{,]\s*([^\W\d][\w-]*):(?=[^\s/,}\]])", inner):
            what = _("a space is missing after the colon of “{key}:”.").format(key=glued[1])
            return Mistake(entry.number, what, _("Write: {example}").format(example=f"{glued[1]}: …"))
        if colon := re.search(r"[{,]\s*([^\W\d][\w -]{0,40}):\s+([^\s,}\]'\"][^,}\]]*?:\s[^,}\]]*)", inner):
            what = _("a text that contains “: ” must be between quotes: “{value}”.").format(value=shortened(colon[2]))
            return Mistake(entry.number, what, quoting(colon[1], colon[2].strip()))
        if quoted := re.search(r"'[^',\]}]*'\w[^',\]}]*'", inner):
            return _apostrophe(entry.number, quoted[0].strip("'"), "")
        return None


def _entry(line: str, number: int) -> _Entry:
    at = len(line) - len(line.lstrip(" "))
    indent = at
    while line[at : at + 2] in ("- ", "-\t") or line[at:].rstrip() == "-":
        after = line[at + 1 :]
        at += 1 + len(after) - len(after.lstrip())
    rest = line[at:].rstrip()
    end = _key_end(rest)
    if end < 0:
        return _Entry(number=number, column=at, dashes=at - indent, key="", value=rest, at=at)
    after = rest[end + 1 :]
    place = at + end + 1 + len(after) - len(after.lstrip())
    spaced = rest[:end].endswith((" ", "\u00a0", "\u202f"))
    return _Entry(
        number=number,
        column=at,
        dashes=at - indent,
        key=rest[:end].strip(" '\""),
        value=after.strip(),
        at=place,
        spaced=spaced,
    )


def _key_end(text: str) -> int:
    """Where the colon after a line's key is, -1 where it has none."""
    start = 0
    if text[:1] in ("'", '"'):
        close = text.find(text[0], 1)
        if close < 0 or not text[close + 1 :].lstrip().startswith(":"):
            return -1
        start = close + 1
    elif text[:1] and text[0] in "[{#" + _INDICATORS:
        return -1
    colon = text.find(":", start)
    while colon >= 0:
        if colon + 1 == len(text) or text[colon + 1] in " \t":
            return colon
        colon = text.find(":", colon + 1)
    return -1


def _is_key(line: str, column: int) -> bool:
    """Whether a line starts a new field, no deeper than a column: no text goes on over it."""
    indent = len(line) - len(line.lstrip(" "))
    return indent <= column and bool(re.match(r"(?:- +)*[^\W\d][\w -]{0,40}:(?:\s|$)", line[indent:]))


def _bad_space(line: str, number: int) -> Mistake | None:
    lead = line[: len(line) - len(line.lstrip())]
    if "\t" in lead:
        what = _("this line starts with a tab.")
        return Mistake(number, what, _("Replace the tab with spaces: two for each level."))
    if _ODD_SPACE.search(lead) or re.match(r"[\w-]+[ \t]*:[\u00a0\u202f\u2009]", line.lstrip().lstrip("- ")):
        what = _("there is a no-break space where an ordinary space is expected.")
        remedy = _("Delete the spaces at the start of this line and after its colon, and type them again.")
        return Mistake(number, what, remedy)
    return None


def _plain_mistake(entry: _Entry) -> Mistake | None:
    value = entry.value
    sign = value[0]
    if sign in _INDICATORS or (sign in "-?:" and (len(value) == 1 or value[1] in " \t")):
        return starts_with(sign, value, entry.number, key=entry.key)
    words = re.split(r"\s#", value, maxsplit=1)[0]
    if entry.key and _NESTED.match(value):
        what = _("two “key: value” pairs are on one line.")
        remedy = _("Write “{value}” on a line of its own, below this one, after two spaces.").format(
            value=shortened(value)
        )
        return Mistake(entry.number, what, remedy)
    if entry.key and (": " in words or ":\t" in words or words.endswith(":")):
        what = _("a text that contains “: ” must be between quotes: “{value}”.").format(value=shortened(value))
        return Mistake(entry.number, what, quoting(entry.key, value))
    return None


def _too_deep(entry: _Entry, above: _Entry) -> Mistake:
    if " " in entry.key or entry.spaced or (above.value and above.value[-1] in ",;:«("):
        text = f"{above.value} {entry.key}{' ' if entry.spaced else ''}: {entry.value}"
        what = _("a text that contains “: ” must be between quotes: “{value}”.").format(value=shortened(text))
        return Mistake(entry.number, what, quoting(above.key, text))
    return _further_right(entry, above)


def _further_right(entry: _Entry, other: _Entry) -> Mistake:
    what = _("this line is indented too far: “{key}” starts further right than “{above}”.")
    what = what.format(key=entry.key or "-", above=other.key)
    return Mistake(entry.number, what, _aligned(entry, other))


def _aligned(entry: _Entry, other: _Entry) -> str:
    remedy = _("Align “{key}” with “{above}”: as many spaces before each.")
    return remedy.format(key=entry.key or "-", above=other.key)


def _inner_quote(entry: _Entry, line: int, rest: str, *, written: str) -> Mistake:
    """A quote ends the text before its end: an apostrophe, an inner quote, or that of its first words alone."""
    quote, value = entry.value[0], entry.value
    several = line != entry.number
    if not several and written[: -len(rest)].endswith(" ") and value.count(quote) % 2 == 0:
        what = _("the text goes on after its closing quote: “{rest}”.").format(rest=shortened(rest))
        return Mistake(line, what, quoting(entry.key, value))
    if quote == "'":
        return _apostrophe(line, "" if several else value.strip("'"), entry.key)
    what = _("there are quotes inside the quotes: what follows the second one can't be read (“{rest}”).")
    what = what.format(rest=shortened(rest))
    if several:
        return Mistake(line, what, _("Write single quotes around the whole text, and double each apostrophe in it."))
    inner = value[1:-1] if value.endswith('"') else value[1:]
    example = "'" + shortened(inner, 200).replace("'", "''") + "'"
    remedy = _("Write single quotes around the whole text: {example}")
    return Mistake(line, what, remedy.format(example=f"{entry.key}: {example}" if entry.key else example))


def _apostrophe(line: int, value: str, key: str) -> Mistake:
    if not value:
        what = _("an apostrophe ends the text here, for the text is between apostrophes.")
        return Mistake(line, what, _("Write double quotes around the text, or double each apostrophe in it."))
    what = _("an apostrophe ends the text here, for the text is between apostrophes: “{value}”.")
    text = shortened(value, 200).replace("''", "'")
    example = f'"{text}"' if '"' not in text and "\\" not in text else "'" + text.replace("'", "''") + "'"
    example = f"{key}: {example}" if key else example
    remedy = _("Write double quotes around the text, or double each apostrophe in it: {example}")
    return Mistake(line, what.format(value=shortened(value)), remedy.format(example=example))


def _backslash(entry: _Entry, line: int) -> Mistake:
    what = _("a backslash “\\” means something else between double quotes.")
    inner = entry.value[1:].rstrip('"')
    example = f"{entry.key}: '" + shortened(inner, 200).replace("'", "''") + "'"
    return Mistake(line, what, _("Write single quotes around the text: {example}").format(example=example))


def _cut(above: _Entry) -> Mistake:
    value = above.value
    what = _("what follows “ #” is read as a comment, and ends the text: “{value}”.").format(value=shortened(value))
    return Mistake(above.number, what, quoting(above.key, value))


def _flow_remark(entry: _Entry, remark: str, number: int) -> Mistake:
    what = _("“{remark}” is read as a comment: the “{sign}” before it is never closed.")
    what = what.format(remark=shortened(remark), sign=entry.value[0])
    words = ", ".join(f"'{word}'" for word in re.findall(r"#[^\s,\]}#]+", remark)[:5]) or "'#…'"
    remedy = _("Put each text that starts with “#” between quotes: {example}")
    return Mistake(number, what, remedy.format(example=f"[{words}]"))


def _general(lines: list[str], line: int) -> Mistake:
    while line > 0 and not lines[line].strip():
        line -= 1
    what = _("this line can't be read: “{text}”.").format(text=shortened(lines[line]))
    remedy = _("Check its quotes, its colon and the spaces before it, and those of the line above.")
    return Mistake(line, what, remedy)
