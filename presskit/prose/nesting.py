"""How deep blocks may stand in each other: what is deeper stays, as text or at the deepest level."""

from xml.etree.ElementTree import Element

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from presskit.prose.elements import BLOCKS, text_of, unwrap

# Levels of markdown-it (a quotation is one, a list two), and elements in each other: later steps go no deeper.
_DEEPEST_BLOCK, _DEEPEST_ELEMENT = 80, 100
# A page is not wide enough for more.
_QUOTES, _LISTS = 6, 9


def nesting(markdown: MarkdownIt) -> None:
    """Read what stands deeper than any author nests as paragraphs: markdown-it would leave it out."""
    markdown.options["maxNesting"] = _DEEPEST_BLOCK + 20
    markdown.block.ruler.before("table", "deepest", _deepest)


def _deepest(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if silent or state.level < _DEEPEST_BLOCK:
        return False
    line = start + 1
    while line < end and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent:
        line += 1
    push_paragraph(state, state.getLines(start, line, state.blkIndent, False).strip(), [start, line])
    state.line = line
    return True


def push_paragraph(state: StateBlock, text: str, lines: list[int] | None) -> None:
    """Add a paragraph to what is read."""
    state.push("paragraph_open", "p", 1).map = lines
    inline = state.push("inline", "", 0)
    inline.content, inline.children, inline.map = text, [], lines
    state.push("paragraph_close", "p", -1)


def flatten(body: Element) -> None:
    """Set lists and quotations that would leave the page at the deepest level; make text of what is deeper still."""
    open_elements = [(body, 0, 0, 0)]
    while open_elements:
        element, depth, quotes, lists = open_elements.pop()
        if depth == _DEEPEST_ELEMENT:
            _make_text(element)
        while quotes == _QUOTES and (quote := element.find("blockquote")) is not None:
            unwrap(element, quote)
        for child in element:
            in_list = lists + (child.tag in ("ul", "ol"))
            if child.tag in ("ul", "ol") and in_list > _LISTS:
                child.set("style", "margin-left: 0; padding-left: 0")
            open_elements.append((child, depth + 1, quotes + (child.tag == "blockquote"), in_list))


def _make_text(element: Element) -> None:
    for inner in element.iter():
        if inner.tag in BLOCKS:
            inner.tail = f" {inner.tail or ''}"
    element.text = text_of(element)
    element[:] = []
