"""The line of dashes above a signature: mails have "-- ", which CommonMark reads as the underline of a heading."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.lheading import lheading

_MARK = re.compile(r"--[ \t]*\Z")
_SHORT = re.compile(r"--?[ \t]*\Z")
_UNDERLINE = re.compile(r"(?:-+|=+)[ \t]*\Z")


def signatures(markdown: MarkdownIt) -> None:
    """Have "--" alone on a line be a rule; headings are underlined with three hyphens or more."""
    markdown.block.ruler.at("lheading", _heading)
    markdown.block.ruler.before("hr", "signature", _rule, {"alt": ["paragraph", "reference", "blockquote", "list"]})


def _text(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _rule(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    if state.is_code_block(start) or not _MARK.match(_text(state, start)):
        return False
    if not silent:
        token = state.push("hr", "hr", 0)
        token.map, token.markup = [start, start + 1], "--"
        state.line = start + 1
    return True


def _heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    for line in range(start + 1, end):
        text = _text(state, line)
        if state.sCount[line] < state.blkIndent:
            # The next item: looked into for each, a long list would take time with its square.
            break
        if not text or _SHORT.match(text):
            return False
        if _UNDERLINE.match(text):
            break
    return bool(lheading(state, start, end, silent))
