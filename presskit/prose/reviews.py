"""What reviewers leave in a text: changes of CriticMarkup, comments of Obsidian. Neither is kramdown's."""

import re

from markdown_it.rules_core import StateCore

from presskit.prose.remarks import Remark

_CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
# "%%" after a figure is a slip for "%".
_MARK = re.compile(
    r"\{\+\+.+?\+\+\}|\{--.+?--\}|\{>>.+?<<\}|\{==.+?==\}|\{~~.+?~>.*?~~\}"
    r"|(?<![\d%])(?<!\d[ \u00a0\u202f])%%(?!%)[^%]+%%(?!%)|^%%$",
    re.DOTALL | re.MULTILINE,
)


def say_reviews(state: StateCore) -> None:
    """Add a remark for each mark of a reviewer: they are printed, and seldom meant to be."""
    for token in state.tokens:
        if token.type != "inline" or not ("%%" in token.content or "{" in token.content):
            continue
        text = _CODE.sub(lambda code: re.sub(r"[^\n]", "`", code[0]), token.content)
        for match in _MARK.finditer(text):
            line = None if token.map is None else token.map[0] + text.count("\n", 0, match.start())
            state.env.setdefault("remarks", []).append(Remark("review", line, match[0]))
