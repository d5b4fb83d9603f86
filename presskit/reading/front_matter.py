"""A page's file parted into its front matter (YAML, or Hugo's TOML) and its text."""

import re
from dataclasses import dataclass, field
from typing import Any

import frontmatter
from frontmatter.default_handlers import BaseHandler

from presskit.base.errors import PresskitError, Problem
from presskit.base.i18n import _
from presskit.reading.fields import Findings
from presskit.reading.toml_text import parse_toml
from presskit.reading.yaml_text import held_back_in, parse_yaml, remarks
from presskit.text.word_signs import in_one_line

_START = re.compile(r"\s*(?:(?P<yaml>-{3,})|(?P<toml>\+{3}))[ \t]*(?:\n|\Z)")
# Jekyll's own rule for the end: https://github.com/jekyll/jekyll/blob/master/lib/jekyll/document.rb
_END = {
    "yaml": re.compile(r"^(?:-{3,}|\.{3})[ \t]*$", re.MULTILINE),
    "toml": re.compile(r"^\+{3}[ \t]*$", re.MULTILINE),
}
# What word processors make of three hyphens.
_NEARLY = re.compile(r"\s*(?:[\u2010-\u2015\u2212\u2500][-\u2010-\u2015\u2212\u2500]*|-{2,}[\u2010-\u2015]*)\s*")
_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212_=*\u2500]+[ \t]*(?:\n|\Z)")


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """A page: its front matter as written, what was found in it, its text and the line where this starts.

    ``remarks`` are warnings about words that YAML takes for remarks.
    """

    values: dict[str, Any]
    findings: Findings
    body: str
    body_line: int
    remarks: tuple[Problem, ...] = field(default=())


def parse(text: str, source: str) -> Parsed:
    """Part a page's text. Raises PresskitError where it has no front matter, or none that can be read."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        remedy = _("Start with the front matter: a “---” line, “title: …”, “date: …”, a “---” line.")
        raise PresskitError(Problem(_("the file is empty."), source, remedy=remedy))
    start = _START.match(text)
    if start is None:
        raise PresskitError(_without_start(text, source))
    kind = "yaml" if start["yaml"] else "toml"
    end = _END[kind].search(text, start.end())
    first_line = text.count("\n", 0, start.end()) + 1
    if end is None:
        raise PresskitError(_without_end(text[start.end() :] if kind == "yaml" else "", first_line, source))
    body_line = text.count("\n", 0, end.end() + len(text[end.end() :]) - len(text[end.end() :].lstrip())) + 1
    handler = _Handler(start, end, source, first_line=first_line)
    values, body = frontmatter.parse(text, handler=handler)
    return Parsed(values=values, findings=handler.findings, body=body, body_line=body_line, remarks=handler.remarks)


class _Handler(BaseHandler):
    """python-frontmatter's handler for a page whose parts were found: every value stays text, and has its line."""

    FM_BOUNDARY = _START
    START_DELIMITER = END_DELIMITER = "---"

    def __init__(self, start: re.Match[str], end: re.Match[str], source: str, *, first_line: int) -> None:
        super().__init__()
        self._start, self._end = start, end
        self._source, self._first_line = source, first_line
        self.findings = Findings(file=source)
        self.remarks: tuple[Problem, ...] = ()

    def split(self, _text: str) -> tuple[str, str]:
        text = self._start.string
        return in_one_line(text[self._start.end() : self._end.start()]), text[self._end.end() :]

    def load(self, fm: str, **_options: object) -> Any:
        if self._start["toml"]:
            values, self.findings = parse_toml(fm, self._source, self._first_line)
            own = [(n, line) for n, line in enumerate(fm.split("\n"), self._first_line) if line.lstrip()[:1] == "#"]
            self.remarks = tuple(held_back_in(own, self.findings))
            return values
        values, self.findings = parse_yaml(fm, self._source, self._first_line)
        self.remarks = tuple(remarks(fm, self.findings, self._first_line))
        return values


def _without_end(rest: str, first_line: int, source: str) -> Problem:
    for number, line in enumerate(rest.split("\n"), first_line):
        if _NEARLY.fullmatch(line):
            what = _("the front matter does not end: this line is not made of three hyphens.")
            remedy = _("Type “---” in its place, with nothing before it (word processors turn hyphens into dashes).")
            return Problem(what, source, line=number, remedy=remedy)
    what, remedy = _("the front matter does not end."), _("Close it with a “---” line before the text.")
    return Problem(what, source, line=first_line - 1, remedy=remedy)


def _without_start(text: str, source: str) -> Problem:
    what = _("there is no front matter.")
    remedy = _("Start the file with a “---” line, “title: …”, “date: …”, and a “---” line.")
    if _DASHES.match(text):
        what = _("the first line is not made of three hyphens: there is no front matter.")
        remedy = _("Type “---” in a text editor: word processors turn hyphens into dashes.")
    return Problem(what, source, line=1, remedy=remedy)
