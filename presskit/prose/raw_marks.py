"""Marks of Markdown in blocks of HTML, where neither kramdown nor CommonMark reads any."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from presskit.prose.remarks import Remark

_NO_TEXT = re.compile(r"<(script|style|pre|code|textarea)\b.*?(?:</\1>|\Z)|<[^<>]*>", re.IGNORECASE | re.DOTALL)
_MARKED = re.compile(
    r"(?<![*\w])\*\*[^\s*][^*\n]*\*\*|(?<!\w)__[^\s_][^_\n]*__(?!\w)|(?<![*\w])\*[^\s*][^*\n]*\*(?![*\w])"
    r"|\[[^\]\[\n]+\]\((?:https?:|mailto:|www\.|/)[^()\s]*\)"
)


def raw_marks(markdown: MarkdownIt) -> None:
    """Say which marks are printed as they are written, for they stand in HTML."""
    markdown.core.ruler.after("inline", "raw_marks", _say_raw)


def _say_raw(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "html_block":
            start = token.map[0] if token.map else None
            text = _NO_TEXT.sub(_line_ends, token.content)
            for number, line in enumerate(text.split("\n")):
                place = None if start is None else start + number
                found = [Remark("raw", place, match[0]) for match in _MARKED.finditer(line)]
                state.env.setdefault("remarks", []).extend(found)


def _line_ends(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n") or " "
