"""YAML as its author wrote it: every scalar a text with its line, and what YAML would drop is said."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import yaml

from presskit.base.errors import PresskitError, Problem
from presskit.base.i18n import _
from presskit.base.letters import shortened
from presskit.reading.fields import Findings, Path, dotted, normal
from presskit.reading.holds import begins_with_embargo, hold_of, speaks_of_embargo
from presskit.reading.yaml_mistakes import Mistake, find_mistake, key_and_value, quoted, starts_with

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# A front matter has some dozens of nodes: more than this is an accident or an alias bomb.
_MAX_NODES = 20_000
_MAX_DEPTH = 40
# What an escape may stand for that is no text: "C:\\eau".
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
# Tags that say what a value is anyway: all values are texts here. Others are words to their author, or a program's.
_TAGS = {("!!", name) for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map")} | {("!", "")}


def parse_yaml(text: str, file: str, first_line: int = 1) -> tuple[dict[str, Any], Findings]:
    """Read a YAML mapping in which every scalar stays the text that its author wrote.

    YAML 1.1 would make a number of ``tel: 0610604117`` (octal!), of ``title: 12:30`` (base 60) and a
    boolean of ``title: No``; an empty or ``null`` scalar is None.

    Raises PresskitError when the text is not YAML, or not a mapping.
    """
    findings = Findings(file=file, lines={})
    node = _composed(text, file, first_line)
    if node is None:
        return {}, findings
    values = _Plain(findings, first_line).value(node, ())
    if not isinstance(values, dict):
        what, remedy = _("“key: value” lines are expected."), _("Write for instance: title: The title")
        raise PresskitError(Problem(what, file, line=first_line, remedy=remedy))
    for mistake in _passed_over(text):
        line = first_line + mistake.line
        findings.errors.append(Problem(mistake.what, file, _field_at(findings, line), line=line, remedy=mistake.remedy))
    return values, findings


def remarks(text: str, findings: Findings, first_line: int = 1) -> Iterator[Problem]:
    """A warning for each remark (``#…``) that stands where its author may have meant words.

    That is after a value, or in the place of one; a remark on a line of its own is its author's. ``findings`` are
    those of the same text, which can be read.
    """
    lines = text.split("\n")
    own = [(first_line + number, lines[number]) for number in _own_lines(text, lines)]
    yield from held_back_in(own, findings)
    for number, column, whole in _remarks(text, lines):
        remark = lines[number][column:].strip()
        line = first_line + number
        what = _("“{remark}” is read as a comment, and left out.").format(remark=remark)
        remedy = _("Put the value between quotes, and these words inside them (a comment goes on a line of its own).")
        if whole:
            example = quoted(_key_before(whole, lines[number]), whole)
            remedy = _("Put the value between quotes: {example} (a comment goes on a line of its own).")
            remedy = remedy.format(example=example)
        yield Problem(what, findings.file, _field_at(findings, line), line=line, remedy=remedy)


def held_back_in(remarks: Iterable[tuple[int, str]], findings: Findings) -> Iterator[Problem]:
    """A warning for each remark (with its line) that speaks of an embargo where no field does: it sets none."""
    if any(speaks_of_embargo(str(path[0])) for path in findings.lines if len(path) == 1):
        return
    for line, remark in remarks:
        if _sets_embargo(remark):
            what = _("“{remark}” is a comment: it sets no embargo.").format(remark=shortened(remark))
            remedy = _("If there is an embargo, delete the “#”; if there is none, delete the line.")
            yield Problem(what, findings.file, line=line, remedy=remedy)


def _sets_embargo(remark: str) -> bool:
    """Whether a remark would set an embargo if it were none."""
    words = remark.strip().lstrip("#").strip()
    key = re.match(r"[\"'-]*\s*([^\W\d][\w \t-]{2,40}?)[\"']?\s*[:=]", words)
    return bool(key and speaks_of_embargo(key[1])) or begins_with_embargo(words)


def _own_lines(text: str, lines: list[str]) -> Iterator[int]:
    """The lines that hold nothing but a remark, and are no part of a text."""
    for before, after in pairwise(yaml.scan(text, Loader=_Loader)):
        # A text below "|" ends where the next token starts, or its last line.
        for number in range(before.end_mark.line, min(after.start_mark.line, len(lines) - 1) + 1):
            if lines[number].lstrip().startswith("#"):
                yield number


def _composed(text: str, file: str, first_line: int) -> Any:
    try:
        return yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        stopped, context = error.problem_mark or error.context_mark, error.context_mark
        mistake = find_mistake(text, stopped.line if stopped else 0, context.line if context else None)
        problem = Problem(mistake.what, file, line=first_line + mistake.line, remedy=mistake.remedy)
        raise PresskitError(problem) from error
    except RecursionError as error:
        raise PresskitError(_too_deep(file, first_line)) from error
    except yaml.YAMLError as error:
        # A control character (yaml.reader.ReaderError has no mark): invisible, so its place is all the help.
        character = yaml.reader.Reader.NON_PRINTABLE.search(text)
        line = first_line + text.count("\n", 0, character.start()) if character else None
        name = f"U+{ord(character[0]):04X}" if character else "?"
        what = _("there is an invisible character ({name}) on this line.").format(name=name)
        remedy = _("Delete this line, and type it again.")
        raise PresskitError(Problem(what, file, line=line, remedy=remedy)) from error


def _too_deep(file: str, line: int) -> Problem:
    what = _("the YAML is too large or nested too deep.")
    return Problem(what, file, line=line, remedy=_("Remove the aliases (“*name”) or the surplus entries."))


def _endless(file: str, line: int) -> Problem:
    what = _("what starts on this line contains itself (“*name” within “&name”).")
    remedy = _("Remove “*name” and “&name”; where they are words, put these between quotes.")
    return Problem(what, file, line=line, remedy=remedy)


def _passed_over(text: str) -> Iterator[Mistake]:
    """What YAML reads as a tag ("!Attention") or an anchor ("&…") that nothing refers to: words to their author."""
    lines = text.split("\n")
    tokens = list(yaml.scan(text, Loader=_Loader))
    referred = {token.value for token in tokens if isinstance(token, yaml.AliasToken)}
    for token in tokens:
        tag = isinstance(token, yaml.TagToken) and token.value not in _TAGS
        anchor = isinstance(token, yaml.AnchorToken) and token.value not in referred
        if tag or anchor:
            line, column = token.start_mark.line, token.start_mark.column
            written = lines[line][column:].strip()
            yield starts_with("!" if tag else "&", written, line, key=_key_before(written, lines[line]))


def _remarks(text: str, lines: list[str]) -> Iterator[tuple[int, int, str]]:
    """The line and column of each remark that may be words, and the value of which it may be the end.

    Between two tokens of YAML there is nothing but space and remarks.
    """
    tokens = list(yaml.scan(text, Loader=_Loader))
    for before, after in pairwise(tokens):
        if isinstance(before, yaml.ScalarToken) and before.style in ("|", ">"):
            header = lines[before.start_mark.line]
            column = header.find(" #", before.start_mark.column)
            if column >= 0:
                yield before.start_mark.line, column + 1, ""
            continue
        for number in range(before.end_mark.line, min(after.start_mark.line, len(lines) - 1) + 1):
            start = before.end_mark.column if number == before.end_mark.line else 0
            end = after.start_mark.column if number == after.start_mark.line else None
            column = lines[number].find("#", start, end)
            if column >= 0 and _may_be_words(before, after, number, lines=lines, column=column):
                yield number, column, _whole(before, lines[number], column)


def _may_be_words(before: Any, after: Any, number: int, *, lines: list[str], column: int) -> bool:
    glued = bool(lines[number][column + 1 : column + 2].strip())
    if number != before.end_mark.line or isinstance(before, yaml.StreamStartToken):
        # On a line of its own, only "#Word" right below a text and further right can be its next line.
        below = isinstance(before, yaml.ScalarToken) and not before.style and number == before.end_mark.line + 1
        return below and glued and bool(column) and _key_column(lines[before.start_mark.line]) < column
    opens = (yaml.BlockMappingStartToken, yaml.BlockSequenceStartToken, yaml.BlockEntryToken)
    return glued or not (isinstance(before, yaml.ValueToken) and isinstance(after, opens))


def _key_column(line: str) -> int:
    """Where the key of a line starts, after its dashes."""
    return len(line) - len(line.lstrip(" -"))


def _whole(before: Any, line: str, column: int) -> str:
    """The value that the words of a remark end, where it stands on one line without quotes."""
    if isinstance(before, yaml.ValueToken):
        return line[column:].strip()
    plain = isinstance(before, yaml.ScalarToken) and not before.style and before.start_mark.line == before.end_mark.line
    return line[before.start_mark.column :].strip() if plain and column > before.start_mark.column else ""


def _key_before(value: str, line: str) -> str:
    """The key of a line, where the value is all that follows it."""
    key, whole = key_and_value(line)
    return key if whole == value else ""


def _field_at(findings: Findings, line: int) -> str:
    """The field that is written at a line."""
    places = [(number, len(path), path) for path, number in findings.lines.items() if number <= line]
    return dotted(max(places, key=lambda place: place[:2])[2]) if places else ""


class _Plain:
    """Turns a tree of YAML nodes into dicts, lists and texts, and notes where each is."""

    def __init__(self, findings: Findings, first_line: int) -> None:
        self._findings = findings
        self._first_line = first_line
        self._nodes = 0
        self._around: list[Any] = []

    def value(self, node: Any, path: Path) -> Any:
        self._nodes += 1
        line = self._first_line + node.start_mark.line
        self._findings.lines.setdefault(path, line)
        if self._nodes > _MAX_NODES or len(path) > _MAX_DEPTH:
            # Aliases (&a, *a) share nodes: walking them is what a "YAML bomb" makes endless.
            raise PresskitError(_too_deep(self._findings.file, line))
        if isinstance(node, yaml.CollectionNode):
            if any(node is outer for outer in self._around):
                raise PresskitError(_endless(self._findings.file, line))
            self._around.append(node)
            value = self._inner(node, path)
            self._around.pop()
            return value
        if node.style == '"' and _CONTROL.search(node.value):
            what = _("a backslash “\\” means something else between double quotes.")
            remedy = _("Write single quotes around the text, or double each backslash.")
            self._findings.errors.append(Problem(what, self._findings.file, dotted(path), line=line, remedy=remedy))
        empty = not node.style and node.value in ("", "~", "null", "Null", "NULL")
        return None if empty else node.value

    def _inner(self, node: Any, path: Path) -> Any:
        if isinstance(node, yaml.MappingNode):
            return dict(self._items(node, path))
        return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]

    def _items(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, Any]]:
        seen: dict[str, str] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            place = (*path, key)
            line = self._first_line + key_node.start_mark.line
            if (first := seen.get(normal(key))) is not None:
                what = _("this key is there twice: the last one is used.")
                if first != key:
                    what = _("this key is there twice, as “{first}” too: the last one is used.").format(first=first)
                # Of two that hold a text back, the first may be the one that is meant.
                holds = hold_of(key) is not None
                what = _("this key is there twice: which one holds?") if holds else what
                problem = Problem(
                    what, self._findings.file, dotted(place), line=line, remedy=_("Remove one of the two.")
                )
                (self._findings.errors if holds else self._findings.warnings).append(problem)
            seen[normal(key)] = key
            self._findings.lines[place] = line
            yield key, self.value(value_node, place)
