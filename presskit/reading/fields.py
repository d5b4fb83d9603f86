"""Hand-written mappings (YAML, TOML) read field by field, with every problem gathered and placed."""

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from presskit.base.errors import Problem
from presskit.base.i18n import _, listed
from presskit.base.letters import without_accents

_KEYS_SHOWN = 20

_EMPTY: tuple[Any, ...] = (None, "", [], {})

Path = tuple[str | int, ...]


@dataclass(kw_only=True)
class Findings:
    """The problems found in one file: errors forbid the kit, warnings don't.

    ``files`` names the other files that some values come from; with ``toml`` remedies are in TOML.
    """

    file: str
    lines: dict[Path, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    toml: bool = False
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def line(self, path: Path) -> int | None:
        """The line of a value, or of the nearest one around it that has a line."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)

    def problem(self, path: Path, what: str, remedy: str) -> Problem:
        """A problem with a value, in the file and line that it comes from."""
        file = self.files.get(str(path[0]), self.file) if path else self.file
        return Problem(what, file, dotted(path), line=self.line(path), remedy=remedy)


class Fields:
    """One mapping of a file. Keys are compared without case, accents or `_`/`-` differences.

    What is not filled in here is read from ``defaults``, another file's mapping.
    """

    def __init__(
        self, values: Mapping[str, Any], findings: Findings, path: Path = (), *, defaults: "Fields | None" = None
    ) -> None:
        self.findings = findings
        self.defaults = defaults
        self.values = values
        self._path = path
        self._keys = {normal(key): key for key in values}
        self._asked: dict[str, str] = {}
        self._known: dict[str, None] = {}  # of each field that was asked for, its first name

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
            example = f'{key} = "…"' if self.findings.toml else f"{key}: …"
            self.error(key, _("a single text is expected here."), _("Write: {example}").format(example=example))
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
        if any(isinstance(item, (list, dict, bool)) for item in value):
            remedy = _("Write one “- text” per line.")
            if self.findings.toml:
                remedy = _("Write: {example}").format(example=f'{key} = ["…", "…"]')
            self.error(key, _("a list of texts is expected here."), remedy)
            return ()
        return tuple(text for item in value if item is not None and (text := str(item).strip()))

    def mappings(self, *names: str, shorthand: str = "", example: str = "") -> tuple["Fields", ...]:
        """The mappings under one of these names: one, or a list of them.

        With ``shorthand``, a text stands for a mapping with that one key; ``example`` shows what is right.
        """
        key, value = self._find(names)
        if value is None and self.defaults is not None:
            return self.defaults.mappings(*names, shorthand=shorthand, example=example)
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
                if self.findings.toml:
                    expected = _("a table is expected here (“key = value” lines).")
                    table = dotted((*self._path, key))
                    example = example or _("[{table}] on a line of its own, its keys below it").format(table=table)
                remedy = _("Write for instance: {example}").format(example=example) if example else ""
                self.findings.errors.append(self._problem(path, expected, remedy))
        return tuple(found)

    def written(self, key: str) -> Any:
        """The value under a key of this very spelling, which counts as asked for."""
        self._asked.setdefault(normal(key), key)
        return self.values[key]

    def error(self, name: str, what: str, remedy: str = "") -> None:
        """Record an error about the field ``name`` ('' for the whole mapping), in the file that has it."""
        place = self._origin(name)
        place.findings.errors.append(place._problem(place._place(name), what, remedy))

    def warn(self, name: str, what: str, remedy: str = "") -> None:
        """Record a warning about the field ``name``."""
        self.findings.warnings.append(self._problem(self._place(name), what, remedy))

    def line(self, name: str) -> int | None:
        """The line where the field ``name``, or else what it belongs to, is written; None if unknown."""
        return self.findings.line(self._place(name))

    def line_of(self, *names: str) -> int | None:
        """The line of the field that is there under one of these names, or else of what it belongs to."""
        return self.line(self._find(names)[0])

    def unknown(self, ignored: Collection[str] = ()) -> list[str]:
        """The keys that nobody asked for, as they are written, save for those that are ``ignored``."""
        passed = {normal(key) for key in ignored}
        return [written for key, written in self._keys.items() if key not in self._asked and key not in passed]

    def warn_of_unknown(self, ignored: Collection[str] = ()) -> None:
        """Warn of each key that is filled in and that nobody asked for, save for those that are ``ignored``."""
        passed = {normal(key) for key in ignored}
        above = ""
        for key, written in self._keys.items():
            # "name:Alice", without a space, is a key without a value to YAML.
            filled = self.values[written] not in _EMPTY or ":" in written
            if filled and key not in self._asked and key not in passed:
                self.warn(written, _("unknown key: it is not used."), self._remedy_for(key, written, above))
            elif key in self._asked:
                above = "" if filled else written

    def _remedy_for(self, key: str, written: str, above: str) -> str:
        """What may have been meant by an unknown key; ``above`` is the known one before it, if that is empty."""
        if written[:1].isspace():
            return _("Delete the spaces at the start of this line and after its colon, and type them again.")
        if written.startswith("-"):
            example = written.replace("-", "- ", 1)
            return _("A space is missing after its dash: {example}").format(example=example)
        if ":" in written:
            example = written.replace(":", ": ", 1)
            return _("A space is missing after its colon: {example}").format(example=example)
        close = difflib.get_close_matches(key, self._asked, n=1, cutoff=0.8)
        if close:
            return _("Did you mean “{key}”?").format(key=self._asked[close[0]])
        if above:
            return _("If it belongs to “{above}”, start its line with two spaces.").format(above=above)
        known = list(self._known)[:_KEYS_SHOWN]
        return _("Remove it, or use one of the keys that are known here: {keys}.").format(keys=", ".join(known))

    def _find(self, names: tuple[str, ...]) -> tuple[str, Any]:
        self._known.setdefault(names[0])
        for name in names:
            self._asked.setdefault(normal(name), name)
        present = [self._keys[normal(name)] for name in names if normal(name) in self._keys]
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
        own = self.values.get(self._keys.get(normal(name), name))
        if own in _EMPTY and self.defaults is not None and normal(name) in self.defaults._keys:
            return self.defaults
        return self

    def _place(self, name: str) -> Path:
        return (*self._path, self._keys.get(normal(name), name)) if name else self._path

    def _problem(self, path: Path, what: str, remedy: str) -> Problem:
        return self.findings.problem(path, what, remedy)


def normal(key: str) -> str:
    """The form in which keys are compared: ``Chapeau_Text`` and ``chapeau-text``, ``Files`` and ``file`` are one."""
    plain = without_accents(str(key).strip().lower())
    words = plain.replace("_", "-").replace(" ", "-").split("-")
    return "-".join(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words)


def dotted(path: Path) -> str:
    """``('files', 0, 'nom')`` as ``files[1].nom``: people count from 1."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def unknown_choice(value: str, choices: list[str]) -> str:
    """The remedy for a value that is not among the known ones; a guess only where it is close."""
    close = difflib.get_close_matches(value, choices, n=1, cutoff=0.8)
    if close:
        return _("Did you mean “{key}”?").format(key=close[0])
    return _("Choose one of: {choices}.").format(choices=listed(choices))
