"""Hand-written mappings (YAML, TOML) read field by field, with every problem gathered and placed."""

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from presskit.errors import PresskitError, Problem
from presskit.holds import hold_of
from presskit.i18n import _, listed

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# A front matter has some dozens of nodes: more than this is an accident or an alias bomb.
_MAX_NODES = 20_000
_MAX_DEPTH = 40

_EMPTY: tuple[Any, ...] = (None, "", [], {})

Path = tuple[str | int, ...]


@dataclass
class Findings:
    """The problems found in one file: errors forbid the kit, warnings don't."""

    file: str
    lines: Mapping[Path, int] = field(default_factory=dict)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def line(self, path: Path) -> int | None:
        """The line of a value, or of the nearest one around it that has a line."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)


class Fields:
    """One mapping of a file. Keys are compared without case, accents or `_`/`-` differences.

    What is not filled in here is read from ``defaults``, another file's mapping.
    """

    def __init__(
        self, values: Mapping[str, Any], findings: Findings, path: Path = (), defaults: "Fields | None" = None
    ) -> None:
        self.findings = findings
        self.defaults = defaults
        self.values = values
        self._path = path
        self._keys = {_normal(key): key for key in values}
        self._asked: dict[str, str] = {}

    def __bool__(self) -> bool:
        return any(value not in _EMPTY for value in self.values.values())

    def text(self, *names: str) -> str:
        """The text under the first of these names that is filled in, stripped; '' if none is."""
        key, value = self._find(names)
        if value is None and self.defaults is not None:
            return self.defaults.text(*names)
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if value is None or isinstance(value, str):
            return (value or "").strip()
        if isinstance(value, (list, dict)):
            self.error(key, _("a single text is expected here."), _("Write: {key}: your text").format(key=key))
            return ""
        return str(value)

    def texts(self, *names: str, separator: str = "") -> tuple[str, ...]:
        """The texts under one of these names: a list, or one text (cut at ``separator`` if given)."""
        key, value = self._find(names)
        if value is None and self.defaults is not None:
            return self.defaults.texts(*names, separator=separator)
        if isinstance(value, str):
            value = value.split(separator) if separator else [value]
        if value is None:
            return ()
        if not isinstance(value, list):
            value = [value]
        if any(isinstance(item, (list, dict)) for item in value):
            self.error(key, _("a list of texts is expected here."), _("Write one “- text” per line."))
            return ()
        return tuple(text for item in value if item is not None and (text := str(item).strip()))

    def mappings(self, *names: str, shorthand: str = "") -> tuple["Fields", ...]:
        """The mappings under one of these names: one, or a list of them.

        With ``shorthand``, a text stands for a mapping with that one key.
        """
        key, value = self._find(names)
        if value is None and self.defaults is not None:
            return self.defaults.mappings(*names, shorthand=shorthand)
        items = value if isinstance(value, list) else [] if value is None else [value]
        found: list[Fields] = []
        for index, item in enumerate(items):
            path = (*self._path, key, index) if isinstance(value, list) else (*self._path, key)
            if isinstance(item, str) and shorthand:
                item = {shorthand: item}
            if isinstance(item, dict):
                found.append(Fields(item, self.findings, path))
            elif item is not None:
                expected = _("named fields are expected here (“key: value” lines).")
                self.findings.errors.append(self._problem(path, expected, ""))
        return tuple(found)

    def written(self, key: str) -> Any:
        """The value under a key of this very spelling, which counts as asked for."""
        self._asked.setdefault(_normal(key), key)
        return self.values[key]

    def error(self, name: str, what: str, remedy: str = "") -> None:
        """Record an error about the field ``name``, in the file that has it."""
        place = self._origin(name)
        place.findings.errors.append(place._problem(place._place(name), what, remedy))

    def warn(self, name: str, what: str, remedy: str = "") -> None:
        """Record a warning about the field ``name``."""
        self.findings.warnings.append(self._problem(self._place(name), what, remedy))

    def line(self, name: str) -> int | None:
        """The line where the field ``name``, or else what it belongs to, is written; None if unknown."""
        return self.findings.line(self._place(name))

    def suggest_for_typos(self) -> None:
        """Warn of each key never asked for that looks like one that was."""
        unknown = [key for key in self._keys if key and key not in self._asked]
        for key in unknown:
            close = difflib.get_close_matches(key, self._asked, n=1, cutoff=0.8)
            if close:
                self.warn(
                    self._keys[key],
                    _("unknown key: it is not used."),
                    _("Did you mean “{key}”?").format(key=self._asked[close[0]]),
                )

    def _find(self, names: tuple[str, ...]) -> tuple[str, Any]:
        for name in names:
            self._asked.setdefault(_normal(name), name)
        present = [self._keys[_normal(name)] for name in names if _normal(name) in self._keys]
        filled = [key for key in dict.fromkeys(present) if self.values[key] not in _EMPTY]
        for key in filled[1:]:
            self.warn(
                key,
                _("“{first}” already says this: “{key}” is not used.").format(first=filled[0], key=key),
                _("Keep one of the two."),
            )
        key = filled[0] if filled else present[0] if present else names[0]
        return key, self.values[key] if filled else None

    def _origin(self, name: str) -> "Fields":
        """The mapping that a field comes from: this one, or the one of the defaults."""
        own = self.values.get(self._keys.get(_normal(name), name))
        if own in _EMPTY and self.defaults is not None and _normal(name) in self.defaults._keys:
            return self.defaults
        return self

    def _place(self, name: str) -> Path:
        return (*self._path, self._keys.get(_normal(name), name))

    def _problem(self, path: Path, what: str, remedy: str) -> Problem:
        return Problem(what, self.findings.file, _dotted(path), self.findings.line(path), remedy=remedy)


def parse_yaml(text: str, file: str, first_line: int = 1) -> tuple[dict[str, Any], Findings]:
    """Read a YAML mapping in which every scalar stays the text that its author wrote.

    YAML 1.1 would make a number of ``tel: 0610604117`` (octal!), of ``title: 12:30`` (base 60) and a
    boolean of ``title: No``; an empty or ``null`` scalar is None.

    Raises PresskitError when the text is not YAML, or not a mapping.
    """
    lines: dict[Path, int] = {}
    findings = Findings(file, lines)
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        # An unclosed quote is found at the end of the file: its context is where it opened.
        quote = "quoted scalar" in (error.context or "")
        mark = error.context_mark if quote else error.problem_mark or error.context_mark
        line = first_line + mark.line if mark else None
        raise PresskitError(_yaml_problem(error, file, line)) from error
    except yaml.YAMLError as error:
        # A control character (yaml.reader.ReaderError has no mark): invisible, so its place is all the help.
        character = yaml.reader.Reader.NON_PRINTABLE.search(text)
        raise PresskitError(
            Problem(
                _("the YAML can't be read ({detail}).").format(detail=str(error).split("\n")[0]),
                file,
                line=first_line + text.count("\n", 0, character.start()) if character else None,
                remedy=_("Delete the invisible character of this line, and write the line again."),
            )
        ) from error
    if node is None:
        return {}, findings
    values = _Plain(findings, lines, first_line).value(node, ())
    if not isinstance(values, dict):
        raise PresskitError(
            Problem(
                _("“key: value” lines are expected."),
                file,
                line=first_line,
                remedy=_("Write for instance: title: The title"),
            )
        )
    return values, findings


def parse_toml(text: str, file: str, first_line: int = 1) -> dict[str, Any]:
    """Read TOML that starts at a line of a file. Raises PresskitError, with the line, when it is none."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+), column \d+\)", str(error))
        raise PresskitError(
            Problem(
                _("the TOML can't be read ({detail}).").format(detail=str(error).split(" (at ")[0]),
                file,
                line=first_line + int(place[1]) - 1 if place else None,
                remedy=_('Texts are written in quotes: city = "Paris"'),
            )
        ) from error


class _Plain:
    """Turns a tree of YAML nodes into dicts, lists and texts, and notes where each is."""

    def __init__(self, findings: Findings, lines: dict[Path, int], first_line: int) -> None:
        self._findings = findings
        self._lines = lines
        self._first_line = first_line
        self._nodes = 0

    def value(self, node: Any, path: Path) -> Any:
        self._nodes += 1
        line = self._first_line + node.start_mark.line
        self._lines.setdefault(path, line)
        if self._nodes > _MAX_NODES or len(path) > _MAX_DEPTH:
            # Aliases (&a, *a) share nodes: walking them is what a "YAML bomb" makes endless.
            raise PresskitError(
                Problem(
                    _("the YAML is too large or nested too deep."),
                    self._findings.file,
                    line=line,
                    remedy=_("Remove the aliases (“*name”) or the surplus entries."),
                )
            )
        if isinstance(node, yaml.MappingNode):
            return dict(self._items(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        empty = not node.style and node.value in ("", "~", "null", "Null", "NULL")
        return None if empty else node.value

    def _items(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            key = str(key_node.value)
            place = (*path, key)
            line = self._first_line + key_node.start_mark.line
            if key in seen:
                # Of two that hold a text back, the first may be the one that is meant.
                holds, findings = hold_of(key) is not None, self._findings
                (findings.errors if holds else findings.warnings).append(
                    Problem(
                        _("this key is there twice: which one holds?")
                        if holds
                        else _("this key is there twice: the last one is used."),
                        self._findings.file,
                        _dotted(place),
                        line,
                        remedy=_("Remove one of the two."),
                    )
                )
            seen.add(key)
            self._lines[place] = line
            yield key, self.value(value_node, place)


def _yaml_problem(error: yaml.MarkedYAMLError, file: str, line: int | None) -> Problem:
    detail = f"{error.context or ''} {error.problem or ''}".strip()
    if "mapping values are not allowed" in detail:
        what = _("a text that contains “: ” must be in quotes.")
        remedy = _("Write: key: 'the text', and double each ' inside it.")
    elif "cannot start any token" in detail and "\\t" in repr(detail):
        what = _("a tab is not allowed here.")
        remedy = _("Replace it with spaces.")
    elif "quoted scalar" in detail or "expected <block end>" in detail or "expected ':'" in detail:
        what = _("the YAML can't be read: a quote or a colon is missing, or a line is badly indented.")
        remedy = _("Check this line and the ones just before it.")
    else:
        what = _("the YAML can't be read ({detail}).").format(detail=detail)
        remedy = _("Check this line and the ones just before it.")
    return Problem(what, file, line=line, remedy=remedy)


def _normal(key: str) -> str:
    """The form in which keys are compared: ``Chapeau_Text`` and ``chapeau-text`` are one."""
    decomposed = unicodedata.normalize("NFD", str(key).strip().lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("_", "-").replace(" ", "-")


def _dotted(path: Path) -> str:
    """``('files', 0, 'nom')`` as ``files[1].nom``: people count from 1."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def unknown_choice(value: str, choices: list[str]) -> str:
    """The remedy for a value that is not among the known ones."""
    close = difflib.get_close_matches(value, choices, n=1, cutoff=0.6)
    if close:
        return _("Did you mean “{key}”?").format(key=close[0])
    return _("Choose one of: {choices}.").format(choices=listed(choices))
