"""Asterisks inside words are signs: "les agent*es", "10*20*30 cm"."""

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline


def asterisks(markdown: MarkdownIt) -> None:
    """Have an asterisk between letters or figures be no mark, as CommonMark has it for underscores (6.2).

    Inclusive writing and dimensions are far commoner in French than a word that is emphasised in part.
    """
    markdown.inline.ruler.before("emphasis", "inner_asterisk", _inner_asterisk)


def _inner_asterisk(state: StateInline, silent: bool) -> bool:
    place = state.pos
    around = state.src[place - 1 : place] + state.src[place + 1 : place + 2]
    if state.src[place] != "*" or len(around) < 2 or not around.isalnum():
        return False
    if not silent:
        state.pending += "*"
    state.pos += 1
    return True
