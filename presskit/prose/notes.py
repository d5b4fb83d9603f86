"""Footnotes: numbered once however often they are called; those that nothing calls are said."""

from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from presskit.prose.remarks import Remark


def notes(markdown: MarkdownIt) -> None:
    """kramdown's footnotes, ``[^1]`` and ``[^1]: …``; "^[" starts none."""
    markdown.use(footnote_plugin, inline=False)
    markdown.add_render_rule("footnote_caption", _caption)
    markdown.core.ruler.before("footnote_tail", "inner_notes", _part_inner_notes)
    markdown.core.ruler.before("footnote_tail", "uncalled_notes", _say_uncalled)


def _caption(_self: object, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
    return str(tokens[index].meta["id"] + 1)


def _part_inner_notes(state: StateCore) -> None:
    """Put a note that stands in another one after it: the plugin would forget what the outer one says before it."""
    state.tokens = _parted(state.tokens)


def _parted(tokens: list[Token]) -> list[Token]:
    depth, inner, parted = 0, list[Token](), list[Token]()
    for token in tokens:
        depth += token.type == "footnote_reference_open"
        (inner if depth > 1 else parted).append(token)
        depth -= token.type == "footnote_reference_close"
        if inner and not depth:
            parted += _parted(inner)
            inner = []
    return parted


def _say_uncalled(state: StateCore) -> None:
    """Notes that nothing calls are left out, as kramdown does, with a remark; of two of one name the last counts."""
    found: dict[str, tuple[int | None, str]] = {}
    called: dict[str, int] = state.env.get("footnotes", {}).get("refs", {})
    label, line = "", None
    texts: list[str] = []
    for token in state.tokens:
        if token.type == "footnote_reference_open":
            label, line, texts = token.meta["label"], token.map[0] if token.map else None, []
            if label in found:
                _omit(state.env, *found[label])
        elif token.type == "footnote_reference_close":
            found[label] = (line, " ".join(texts))
        elif token.type in ("inline", "fence", "code_block", "html_block"):
            texts.append(token.content)
    for name, note in found.items():
        if called.get(f":{name}", -1) < 0:
            _omit(state.env, *note)


def _omit(env: Any, line: int | None, text: str) -> None:
    env.setdefault("omitted", []).append(text)
    env.setdefault("remarks", []).append(Remark("uncited", line, text))
