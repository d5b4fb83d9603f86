"""What surrounds a text that is laid out: its language, its file, and whom to tell what."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from presskit.base.errors import Problem, Warn

# Signs of a text that a message quotes.


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What a text's surroundings give it: its language, its file, its site, and where warnings go.

    ``image`` gives the file of an image address (with the line that names it), or None when it can't be
    used, which is then its own business to report. ``lines``, if not empty, are the lines of the file that
    the text's lines come from, where they do not follow each other from ``first_line``. ``omit`` is told
    the text that a stated rule leaves out: whoever counts words need not miss it. With ``advise``,
    what only makes a text less clear to some of its readers is reported as well.
    """

    lang: str
    source: str
    warn: Warn
    first_line: int | None = 1
    field: str = ""
    site_url: str = ""
    advise: bool = False
    image: Callable[[str, int | None], Path | None] = lambda _reference, _line: None
    lines: Sequence[int] = ()
    omit: Callable[[str], None] = lambda _text: None

    def line(self, offset: int | None) -> int | None:
        """The line of the file, from a line of the text counted from 0."""
        if self.lines and offset is not None:
            return self.lines[min(offset, len(self.lines) - 1)]
        return None if self.first_line is None or offset is None else self.first_line + offset

    def report(self, what: str, offset: int | None = None, remedy: str = "") -> None:
        """Warn about this text, at a line of it."""
        self.warn(Problem(what, self.source, self.field, line=self.line(offset), remedy=remedy))
