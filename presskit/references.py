"""Addresses that are written apart from the text ("[1]: https://…"): those that nothing in the text calls are said."""

from collections.abc import Iterable, Iterator
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from presskit.remarks import Remark


def references(markdown: MarkdownIt) -> None:
    """Say which definitions print nothing: no link has their name, or one of that name stands before them.

    They are left out, as kramdown does.
    """
    markdown.options["store_labels"] = True
    markdown.core.ruler.after("inline", "unused_references", _say_unused)


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
