"""Addresses that are written apart from the text ("[1]: https://…"): those that nothing in the text calls are said."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.reference import reference
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from presskit.prose.remarks import Remark

# A definition up to its address. What has none ("[NDLR]: remarque") is a text, in whatever reader's eyes.
_ADDRESSED = re.compile(
    r"\[(?:[^\[\]\\]|\\.)+\]:\s*(?:<[^<>\n]*?|(?=\S))(?:[a-z][a-z0-9+.-]*:\S|[/#?.]\S|\S*?(?:/|@\S|\w\.[a-z]))",
    re.IGNORECASE,
)


def references(markdown: MarkdownIt) -> None:
    """Read as definitions only those that hold an address, and say which print nothing.

    These are left out, as kramdown does: no link has their name, or one of that name stands before them.
    """
    markdown.options["store_labels"] = True
    markdown.block.ruler.at("reference", _reference)
    markdown.core.ruler.after("inline", "unused_references", _say_unused)


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.src[state.bMarks[start] + state.tShift[start]] != "[":
        return False
    # Its address may stand on the line below.
    text = state.getLines(start, min(start + 2, end), state.blkIndent, False).lstrip()
    return _ADDRESSED.match(text) is not None and bool(reference(state, start, end, silent))


def _say_unused(state: StateCore) -> None:
    used = set(_labels(state.tokens))
    defined: dict[str, Any] = state.env.get("references", {})
    unused = [reference["map"] for label, reference in defined.items() if label not in used]
    unused += [reference["map"] for reference in state.env.get("duplicate_refs", ())]
    lines = state.src.split("\n") if unused else []
    for start, end in unused:
        text = "\n".join(lines[start:end])
        state.env.setdefault("omitted", []).append(text)
        state.env.setdefault("remarks", []).append(Remark("unused", start, text))


def _labels(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if "label" in token.meta:
            yield token.meta["label"]
        yield from _labels(token.children or ())
