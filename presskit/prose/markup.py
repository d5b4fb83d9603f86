"""Raw HTML in Markdown: where a block of it ends, what is no tag after all, and the lines where tags stand."""

import re

from markdown_it.common.html_blocks import block_names
from markdown_it.common.html_re import HTML_OPEN_CLOSE_TAG_RE, HTML_TAG_RE
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.html_block import html_block
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from presskit.prose.elements import LINE_ATTRIBUTE
from presskit.prose.fences import fenced
from presskit.prose.remarks import Remark
from presskit.text.angles import says_words

# Elements of HTML (living standard), past ones among them: what looks like a tag of another name is text.
_KNOWN = set(
    "a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink blockquote body br "
    "button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em "
    "embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i "
    "iframe img input ins kbd label legend li link main map mark marquee math menu meta meter nav nobr noframes "
    "noscript object ol optgroup option output p param picture pre progress q rp rt ruby s samp script search section "
    "select slot small source span strike strong style sub summary sup svg table tbody td template textarea tfoot th "
    "thead time title tr track tt u ul var video wbr".split()
)
_VOID = set("area base br col embed hr img input link meta param source track wbr".split())
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
_MAYBE_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)(?=[\s/>]|\Z)")
_CONTAINER = re.compile(
    r"<(/?)(article|aside|blockquote|center|details|div|figure|footer|header|main|nav|ol|section|table|ul)(?=[\s/>]|$)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^ *\d{1,9}[.)] ", re.MULTILINE)
_INDENTED = re.compile(rf"<(?:!--|/?(?:{'|'.join(sorted(_KNOWN))})(?=[\s/>]|$))|[•►▪●‣◦■➢\uf0b7\uf0a7]", re.IGNORECASE)


def note_open_elements(state: StateCore) -> None:
    """Before blocks are read, note in the environment which lines stand in an open element, or in a table."""
    inside, in_table = set(), set()
    depths: dict[str, int] = {}
    lines = state.src.split("\n")
    for number, (line, is_code) in enumerate(zip(lines, fenced(lines), strict=True)):
        if any(depths.values()):
            inside.add(number)
        if depths.get("table"):
            in_table.add(number)
        for match in () if is_code or "<" not in line else _CONTAINER.finditer(line):
            name = match[2].lower()
            depths[name] = max(depths.get(name, 0) + (-1 if match[1] else 1), 0)
    state.env["open"], state.env["in_table"] = inside, in_table


def indented(state: StateBlock, start: int, end: int, _silent: bool) -> bool:
    """Tags, pasted bullets and what stands in open elements are no code, however far they are indented.

    kramdown reads an element whole; CommonMark ends it at an empty line. Nor is the text of an item that spaces or
    tabs set apart from its mark, as those do who align it, and what is aligned with it; nor what goes on with a number
    that stands under a text ("10. …").
    """
    if not state.is_code_block(start):
        return False
    aligned = state.env.setdefault("aligned", set())
    text, column = _text(state, start), state.sCount[start]
    begins = _begins_item(state, start)
    if begins:
        aligned.add(column)
    is_aligned = (state.listIndent >= 0 and column in aligned) or _follows_number(state)
    if is_aligned or start in state.env.get("open", ()) or _INDENTED.match(text):
        _outdent(state, start + 1 if begins else start, end, column=column)
        state.sCount[start] = state.blkIndent
    return False


def _follows_number(state: StateBlock) -> bool:
    last = state.tokens[-2:]
    return len(last) == 2 and last[1].type == "paragraph_close" and _NUMBERED.search(last[0].content) is not None


def _outdent(state: StateBlock, start: int, end: int, *, column: int) -> None:
    """Move lines that start at a column, or further, so far to the left that the first is no code."""
    moved = column - state.blkIndent
    for line in range(start, end):
        if state.isEmpty(line):
            continue
        if state.sCount[line] < column:
            break
        taken = min(moved, state.tShift[line])
        state.bMarks[line] += taken
        state.tShift[line] -= taken
        state.sCount[line] -= moved


def _begins_item(state: StateBlock, start: int) -> bool:
    last = state.tokens[-1] if state.tokens else None
    return last is not None and last.type == "list_item_open" and last.map is not None and last.map[0] == start


def html(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block of HTML, which ends with the line on which its elements are closed, or at an empty one."""
    if state.is_code_block(start):
        return False
    text = _text(state, start)
    match = _NAME.match(text)
    if match is None:
        return bool(html_block(state, start, end, silent))
    name = match[1].lower()
    tag = HTML_TAG_RE.match(text)
    if name not in _KNOWN or (tag is not None and says_words(tag[0])):
        return False
    if name in ("script", "style", "pre", "textarea"):
        return bool(html_block(state, start, end, silent))
    alone = HTML_OPEN_CLOSE_TAG_RE.match(text)
    is_block = name in block_names and _MAYBE_TAG.match(text) is not None
    if not is_block and not (alone and not text[alone.end() :].strip()):
        return False
    if silent:
        return is_block
    line, depth = start, 0
    while line < end and state.sCount[line] >= state.blkIndent and not state.isEmpty(line):
        depth += _depth(_text(state, line))
        line += 1
        if depth <= 0:
            break
    token = state.push("html_block", "", 0)
    token.map = [start, line]
    token.content = state.getLines(start, line, state.blkIndent, True)
    state.line = line
    return True


def _text(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _depth(text: str) -> int:
    """How many elements a line leaves open, less those that it closes; a tag that goes on in the next line counts."""
    depth = 0
    for match in _MAYBE_TAG.finditer(text):
        if match[1].lower() not in _VOID:
            depth += -1 if match[0][1] == "/" else 1
    return depth - len(re.findall(r"<[A-Za-z][^<>]*/>", text)) if "/>" in text else depth


def settle_tags(state: StateCore) -> None:
    """Give each tag its line; show as text what is no whole tag, or one of no element."""
    for token in state.tokens:
        line = token.map[0] if token.map else None
        if token.type == "html_block":
            token.content = _settled(token.content, line, state)
        children = token.children or []
        last_close = max((n for n, child in enumerate(children) if child.content.lower() == "</a>"), default=-1)
        for number, child in enumerate(children):
            if child.type in ("softbreak", "hardbreak") and line is not None:
                line += 1
            elif child.content.lower() == "<a>" and number > last_close:
                # No link, for it leads nowhere and does not end.
                child.type = "text"
            elif child.type == "html_inline":
                _settle_inline(child, line, state)


def _settle_inline(token: Token, line: int | None, state: StateCore) -> None:
    name = _NAME.match(token.content)
    if name is not None and (name[1].lower() not in _KNOWN or says_words(token.content)):
        token.type = "text"
        return
    token.content = _settled(token.content, line, state)


def _settled(content: str, line: int | None, state: StateCore) -> str:
    pieces, done = [], 0
    counted, at = 0, line
    for place in re.finditer("<", content):
        start = place.start()
        if start < done:
            continue
        if at is not None:
            at += content.count("\n", counted, start)
            counted = start
        pieces.append(content[done:start])
        match = HTML_TAG_RE.match(content, start)
        name = _NAME.match(content, start)
        if match is None or (name is not None and name[1].lower() not in _KNOWN) or says_words(match[0]):
            if match is None and name is not None and name[1].lower() in _KNOWN:
                words = content[start:].split("\n", maxsplit=1)[0]
                state.env.setdefault("remarks", []).append(Remark("tag", at, words))
            pieces.append("&lt;")
            done = start + 1
            continue
        tag = match[0]
        if name is not None and tag[1] != "/" and at is not None:
            tag = f'{tag[: name.end() - start]} {LINE_ATTRIBUTE}="{at}"{tag[name.end() - start :]}'
        pieces.append(tag)
        done = match.end()
    return "".join([*pieces, content[done:]])
