"""kramdown's mark for a table of contents, left out: a communiqué does without, and it is no list."""

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_LISTS = ("bullet_list", "ordered_list")
# The item that stands for the table says "TOC" or the like; a longer one is a text.
_LONGEST = 60


def drop_marks(state: StateCore) -> None:
    """Take out each list of one item that bears ``{:toc}``; the environment is told its text ("omitted")."""
    tokens = state.tokens
    taken: set[int] = set()
    for index, token in enumerate(tokens):
        if not _is_mark(token):
            continue
        span = _span(tokens, index)
        if span and _is_stand_in(tokens[span.start : span.stop]):
            taken.update(span)
            state.env.setdefault("omitted", []).extend(tokens[i].content for i in span if tokens[i].type == "inline")
    if taken:
        state.tokens = [token for index, token in enumerate(tokens) if index not in taken]


def _is_mark(token: Token) -> bool:
    if token.type == "attribute_list":
        return bool(token.meta["toc"])
    last = token.children[-1] if token.children else None
    return last is not None and last.type == "attribute_list" and bool(last.meta["toc"])


def _span(tokens: list[Token], index: int) -> range | None:
    """Where the list is that a mark belongs to: the one it is in, else the one before it, else the one after it."""
    own = tokens[index]
    if own.type == "attribute_list" and index and tokens[index - 1].type in [f"{name}_close" for name in _LISTS]:
        return range(_partner(tokens, index - 1, -1), index)
    for start in range(index, -1, -1):
        if tokens[start].type in [f"{name}_open" for name in _LISTS]:
            stop = _partner(tokens, start, 1)
            return range(start, stop + 1) if stop >= index else _after(tokens, index)
        if tokens[start].level == 0 and start < index:
            break
    return _after(tokens, index)


def _after(tokens: list[Token], index: int) -> range | None:
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    if following is None or following.type not in [f"{name}_open" for name in _LISTS]:
        return None
    return range(index + 1, _partner(tokens, index + 1, 1) + 1)


def _partner(tokens: list[Token], index: int, step: int) -> int:
    depth = 0
    while 0 <= index < len(tokens):
        depth += tokens[index].nesting
        if depth == 0:
            return index
        index += step
    return index - step


def _is_stand_in(tokens: list[Token]) -> bool:
    texts = [token.content for token in tokens if token.type == "inline"]
    return len(texts) == 1 and len(texts[0]) <= _LONGEST
