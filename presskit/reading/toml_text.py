"""TOML, and what is wrong with one that can't be read, in the words of who wrote it."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from presskit.base.errors import PresskitError, Problem
from presskit.base.i18n import _
from presskit.base.letters import shortened
from presskit.reading.fields import Findings, Path
from presskit.reading.yaml_mistakes import Mistake

_PLACE = re.compile(r"\(at line (\d+),")
_KEY = r"[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'"
_PAIR = re.compile(rf"\s*((?:{_KEY})(?:\s*\.\s*(?:{_KEY}))*)\s*=\s*(.*?)\s*\Z", re.DOTALL)
_SWITCHES = {"true": "true", "yes": "true", "oui": "true", "false": "false", "no": "false", "non": "false"}
_TABLE = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?\Z")
_BARE = re.compile(r"true|false|[+-]?(?:inf|nan)|[\d:.TZtz+ _xoeEabcdf-]+")


def parse_toml(text: str, file: str, first_line: int = 1) -> tuple[dict[str, Any], Findings]:
    """Read TOML that starts at a line of a file. Raises PresskitError, with the line, when it is none."""
    try:
        return tomllib.loads(text), Findings(file=file, lines=dict(_places(text, first_line)), toml=True)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        lines = text.split("\n")
        mistake = _mistake(lines, min(int(place[1]) - 1, len(lines) - 1) if place else len(lines) - 1, first_line)
    except RecursionError:
        mistake = Mistake(0, _("the TOML is nested too deep."), _("Remove the surplus brackets."))
    raise PresskitError(Problem(mistake.what, file, line=first_line + mistake.line, remedy=mistake.remedy))


def _places(text: str, first_line: int) -> Iterator[tuple[Path, int]]:
    """Where the keys of a TOML that can be read are, one by one, as far as their lines tell."""
    table: Path = ()
    counts: Counter[Path] = Counter()
    inside = ""
    for number, line in enumerate(text.split("\n"), first_line):
        if inside:
            inside = "" if inside in line else inside
        elif header := _TABLE.match(line):
            table = _parts(header[2])
            if header[1] == "[[":
                counts[table] += 1
                table = (*table, counts[table] - 1)
            yield table, number
        elif pair := _PAIR.match(line):
            inside = next((quotes for quotes in ('"""', "'''") if pair[2].count(quotes) == 1), "")
            yield (*table, *_parts(pair[1])), number


def _parts(name: str) -> Path:
    return tuple(part.strip(" \"'") for part in name.split("."))


def _mistake(lines: list[str], stopped: int, first_line: int) -> Mistake:
    while stopped > 0 and not lines[stopped].strip():
        stopped -= 1
    line = lines[stopped].strip()
    if again := _repeated(lines, stopped):
        return again
    if line.startswith("["):
        if above := _above(lines, stopped, first_line):
            return above
        what = _("the name of a table must be between brackets: “{text}”.").format(text=shortened(line))
        return Mistake(stopped, what, _("Write for instance: {example}").format(example="[brand]"))
    opened = _opened(lines, stopped)
    pair = _PAIR.match(line)
    if pair and opened in (None, stopped):
        return _value_mistake(stopped, pair[1], pair[2])
    if colon := re.match(rf"({_KEY})\s*:\s*(.*)", line):
        example = f"{colon[1]} = {_quoted(colon[2])}"
        return Mistake(stopped, _("TOML needs “=” here, not a colon."), _("Write: {example}").format(example=example))
    if opened is not None:
        what = _("what starts on this line is never closed: “{text}”.").format(text=shortened(lines[opened]))
        return Mistake(opened, what, _("Close its bracket or its quotes."))
    what = _("this line can't be read: “{text}”.").format(text=shortened(line))
    return Mistake(stopped, what, _("Write for instance: {example}").format(example='city = "Paris"'))


def _value_mistake(line: int, key: str, value: str) -> Mistake:
    remedy = _("Write: {example}").format(example=f"{key} = {_quoted(value)}")
    if not value:
        return Mistake(line, _("“{key}” has no value.").format(key=key), remedy)
    if value[0] in "“”«‘’":
        what = _("the quotes around “{value}” must be straight ones.").format(value=shortened(value.strip("“”«»‘’ ")))
        return Mistake(line, what, remedy)
    if value[0] == '"' and "\\" in value:
        what = _("a backslash “\\” means something else between double quotes.")
        return Mistake(line, what, remedy)
    if value[0] == '"' and value.count('"') > 2:
        what = _("there are quotes inside the quotes: “{value}”.").format(value=shortened(value))
        return Mistake(line, what, remedy)
    if value[0] == "'" and value.count("'") > 2:
        what = _("an apostrophe ends the text here, for the text is between apostrophes: “{value}”.")
        return Mistake(line, what.format(value=shortened(value)), remedy)
    if value[0] in "\"'" and value.count(value[0]) == 1:
        what = _("the quote {quote} before “{text}” is not closed.").format(quote=value[0], text=shortened(value[1:]))
        return Mistake(line, what, remedy)
    if value[0] in "[{":
        what = _("the list or table “{value}” can't be read.").format(value=shortened(value))
        remedy = _("Put each text between quotes, a comma between two, and close the bracket: {example}")
        example = f'{key} = ["…", "…"]' if value[0] == "[" else f'{key} = {{name = "…", tel = "…"}}'
        return Mistake(line, what, remedy.format(example=example))
    if value.lower() in _SWITCHES:
        remedy = _("Write: {example}").format(example=f"{key} = {_SWITCHES[value.lower()]}")
        return Mistake(line, _("write “true” for yes, and “false” for no."), remedy)
    if not _BARE.fullmatch(value):
        what = _("a text must be between quotes: “{value}”.").format(value=shortened(value))
        return Mistake(line, what, remedy)
    what = _("“{value}” is neither a number, nor a date, nor a text between quotes.").format(value=shortened(value))
    return Mistake(line, what, remedy)


def _quoted(value: str) -> str:
    """A value between the quotes that it needs."""
    text = shortened(value, 200)
    if len(text) > 1 and text[0] + text[-1] in ('""', "''", "“”", "«»", "‘’"):
        text = text[1:-1].strip()
    else:
        text = text.strip("\"'“”«»‘’ ")
    text = text or "…"
    if '"' in text or "\\" in text:
        return f"'{text}'" if "'" not in text else f"'''{text}'''"
    return f'"{text}"'


def _repeated(lines: list[str], stopped: int) -> Mistake | None:
    """The key of a line, where it is there before."""
    here = _PAIR.match(lines[stopped].strip())
    for number in range(stopped - 1, -1, -1) if here else ():
        line = lines[number].strip()
        pair = _PAIR.match(line)
        if pair and here and pair[1] == here[1]:
            what = _("“{key}” is there twice.").format(key=here[1])
            return Mistake(stopped, what, _("Remove one of the two."))
        if line.startswith("["):
            return None
    return None


def _above(lines: list[str], stopped: int, first_line: int) -> Mistake | None:
    """The table of a line, where one of its name is there before, or a key that stands in its place."""
    header = _TABLE.match(lines[stopped])
    if header is None:
        return None
    name = _parts(header[2])
    table: Path = ()
    found: tuple[str, str] | None = None
    for number, line in enumerate(lines[:stopped], first_line):
        other, pair = _TABLE.match(line), _PAIR.match(line)
        if other:
            table = _parts(other[2])
            if table == name:
                what = _("“{table}” is there twice: on line {line} as well.")
                remedy = _("Move the lines below this one to those below the other, and remove this one.")
                found = what.format(table=shortened(lines[stopped].strip()), line=number), remedy
        elif pair and len(table) < len(name):
            key = (*table, *_parts(pair[1]))
            if key[: len(name)] == name or name[: len(key)] == key:
                what = _("“{table}” can't begin here: line {line} gives “{key}” a value already.")
                remedy = _("Write that value below this line, under its own name, or remove it.")
                found = what.format(table=shortened(lines[stopped].strip()), line=number, key=pair[1]), remedy
    return Mistake(stopped, *found) if found else None


def _opened(lines: list[str], stopped: int) -> int | None:
    """The nearest line, up to one, that opens a bracket or quotes of several lines and does not close them."""
    for number in range(stopped, -1, -1):
        line = lines[number]
        open_text = any(line.count(quotes) % 2 for quotes in ('"""', "'''"))
        if open_text or line.count("[") > line.count("]") or line.count("{") > line.count("}"):
            return number
    return None
