"""The Markdown that Jekyll sites write: kramdown's attribute lists, and what authors meant around them.

markdown-it-py reads CommonMark. A source step mends, line for line, what CommonMark would print
otherwise than its author meant; a plugin adds kramdown's inline attribute lists (``{: .class}``), its
``markdown="1"`` blocks and its definition lists and footnotes.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.attrs.parse import ParseError
from mdit_py_plugins.attrs.parse import parse as parse_attributes
from mdit_py_plugins.deflist import deflist_plugin

from presskit.prose import contents, markup, notes, numbering, reviews, tables, unclosed
from presskit.prose.elements import LINE_ATTRIBUTE
from presskit.prose.fences import fence, fenced
from presskit.prose.nesting import nesting, push_paragraph
from presskit.prose.raw_marks import raw_marks
from presskit.prose.references import references
from presskit.prose.remarks import Remark
from presskit.prose.signatures import signatures
from presskit.prose.targets import mend_outlook, mend_targets
from presskit.text.asterisks import asterisks

_LONE_BREAK = re.compile(r"((?: {0,3}>)* {0,4})(?:<br\s*/?>\s*)+\Z", re.IGNORECASE)
_LIST_ITEM = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)])\s+\S")
_HEADING = r"\A((?: {0,3}(?:>|[-*+] |\d{1,9}[.)] ))* {0,3}#"
_GLUED_HEADING = re.compile(rf"{_HEADING}{{2,6}})(?=[^\s#])")
_HEADING_ID = re.compile(rf"{_HEADING}{{1,6}}\s.*?)[ \t]+\{{#([\w-]+)\}}[ \t]*\Z")
_LINED_HEADING_ID = re.compile(r"( {0,3}\S.*?)[ \t]+\{#([\w-]+)\}[ \t]*\Z")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{3,})[ \t]*\Z")
_ABBREVIATION = re.compile(r"\*\[[^\]]+\]:")
# A definition without an address, as authors write comments: "[//]: # (to be checked)", "[comment]: <> (…)".
_COMMENT = re.compile(r" {0,3}\[[^\]\n]*\]:[ \t]*(?:#|<>)[ \t]*(?:\(.*\)|\".*\"|'.*')?[ \t]*$")
_ATTRIBUTES = re.compile(r"\{:(?![:/])((?:[^{}\n\"']|\"[^\"\n]*\"|'[^'\n]*')*)\}")
_BLOCK_ATTRIBUTES = re.compile(r"[ \t]*(?:\{:(?![:/])[^{}\n]*\}[ \t]*)+\Z")
_MARKDOWN_BLOCK = re.compile(r" {0,3}<(div|section|aside|article)\b([^>]*\bmarkdown=[\"']?(?:1|block)\b[^>]*)>[ \t]*\Z")
# What Word leaves in the HTML that is pasted from it.
_WORD_TAG = re.compile(r"</?(?:o|w|v|m|st1):[A-Za-z]+[^<>\n]*>|<!\[(?:if|endif)\b[^<>\]\n]*\]>")
_CONTENTS = re.compile(r"\{:[ \t]*toc[ \t}]")
_STRONG = re.compile(r"(?<![\\*])\*\*(?!\*)")

Note = Callable[[int, str], None]


def parser() -> MarkdownIt:
    """A parser for the Markdown of Jekyll sites, to be fed with mended source."""
    markdown = MarkdownIt("commonmark", {"linkify": True}).enable(["table", "strikethrough", "linkify"])
    markdown.use(deflist_plugin).use(notes.notes).use(asterisks).use(signatures).use(references).use(raw_marks).use(
        nesting
    )
    # Addresses are judged, with a message, once the HTML is clean: here they would stay as "[text](address)".
    markdown.validateLink = lambda _url: True  # type: ignore[method-assign,assignment]
    # An address is printed as it is written: decoded ("%20", "xn--"), it would not work once copied.
    markdown.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    if markdown.linkify is not None:
        # "Cybermalveillance.gouv.fr" is a name: only whole addresses and e-mail ones become links.
        markdown.linkify.set({"fuzzy_link": False, "fuzzy_email": True})
        # Endings of French public bodies that linkify-it's short list lacks, and the one of examples.
        markdown.linkify.tlds(["paris", "bzh", "alsace", "corsica", "eus", "tech", "example"], keep_old=True)
    interrupts: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    block, core = markdown.block.ruler, markdown.core.ruler
    block.at("list", numbering.numbered_list, {"alt": ["paragraph", "reference", "blockquote"]})
    block.at("html_block", markup.html, {"alt": ["paragraph", "reference", "blockquote"]})
    block.at("fence", fence, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    block.before("table", "indented", markup.indented)
    block.at("table", tables.table, {"alt": ["paragraph", "reference"]})
    block.before("paragraph", "attribute_list", _block_attributes, interrupts)
    block.before("html_block", "markdown_block", _markdown_block, interrupts)
    markdown.inline.ruler.before("text", "attribute_list", _inline_attributes)
    markdown.inline.ruler.before("link", "lone_bracket", _lone_bracket)
    core.before("block", "open_elements", markup.note_open_elements)
    core.after("inline", "unclosed", unclosed.say_unclosed)
    core.after("inline", "reviews", reviews.say_reviews)
    core.after("unclosed", "contents", contents.drop_marks)
    core.after("contents", "attribute_lists", _apply_attributes)
    core.after("attribute_lists", "numbering", numbering.set_numbers)
    core.push("lines", _mark_lines)
    core.push("tags", markup.settle_tags)
    return markdown


def mend(source: str, spaced_strong: Note, omit: Callable[[str], None]) -> str:
    """Give CommonMark a source in which it reads what the author of kramdown Markdown meant.

    The lines stay in number and order. ``spaced_strong`` is told the line (from 0) and the text of each
    ``**bold **`` whose inner spaces were moved out of it, ``omit`` comments, and the definitions of abbreviations:
    kramdown keeps "*[DINUM]: …" for a tooltip, and paper has none.
    """
    lines = source.expandtabs(4).split("\n")
    in_quote = False
    for number, (line, is_code) in enumerate(zip(lines, fenced(lines), strict=True)):
        if is_code:
            continue
        # `<br>` alone on a line is an author's way of leaving a blank one.
        lone = _LONE_BREAK.match(line)
        if lone:
            line = lone[1].rstrip()
        elif _ABBREVIATION.match(line) or ("]:" in line and _COMMENT.match(line)):
            omit(line)
            line = ""
        if "##" in line:
            line = _GLUED_HEADING.sub(r"\1 ", line)
        if "{#" in line:
            line = _HEADING_ID.sub(r"\1 {: #\2}", line)
            if number + 1 < len(lines) and _UNDERLINE.match(lines[number + 1]):
                line = _LINED_HEADING_ID.sub(r"\1 {: #\2}", line)
        if "<" in line:
            line = _WORD_TAG.sub("", line)
        # A list right under the lines of a quote belongs to the quote, unless that is itself in an item.
        if in_quote and _LIST_ITEM.match(line):
            line = f"> {line}"
        in_quote = bool(line.strip()) and (in_quote or line[:1] == ">") and line[:1] != "#"
        lines[number] = mend_targets(mend_outlook(_mend_strong(line, partial(spaced_strong, number))))
    return "\n".join(lines)


def _mend_strong(line: str, note: Callable[[str], None]) -> str:
    """Write as ``<strong>`` the ``**`` pairs of a line that CommonMark's flanking rules refuse."""
    parts = _STRONG.split(line)
    if len(parts) % 2 == 0 or len(parts) == 1 or "`" in line or line.startswith("    "):
        return line
    for index in range(1, len(parts), 2):
        before, inner, after = parts[index - 1], parts[index], parts[index + 1]
        core = inner.strip()
        spaced = core != inner
        if core and spaced:
            note(core)
        if core and (spaced or _refused(before[-1:], core[0]) or _refused(after[:1], core[-1])):
            left = inner[: len(inner) - len(inner.lstrip())]
            right = inner[len(inner.rstrip()) :]
            parts[index] = f"{left}<strong>{core}</strong>{right}"
        else:
            parts[index] = f"**{inner}**"
    return "".join(parts)


def _refused(outside: str, inside: str) -> bool:
    """Whether ``**`` between these characters does not open or close (CommonMark 0.31, 6.2)."""
    return bool(outside) and outside.isalnum() and not inside.isalnum()


def _block_attributes(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """A line of attribute lists: for the block that ends just above it, else for the next one."""
    text = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    if not text.startswith("{:") or not _BLOCK_ATTRIBUTES.match(text):
        return False
    if silent:
        return True
    token = state.push("attribute_list", "", 0)
    token.meta = _meta(text) | {"apart": start > 0 and state.isEmpty(start - 1)}
    token.map = [start, start + 1]
    state.line = start + 1
    return True


def _inline_attributes(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("{:", state.pos):
        return False
    match = _ATTRIBUTES.match(state.src, state.pos)
    if match is None:
        return False
    meta = _meta(match[0])
    if match[1].strip() and not meta["attrs"] and not meta["toc"]:
        # "{:10}", "{: hors taxe}": words, of which kramdown prints those that follow a text.
        return False
    if not silent:
        token = state.push("attribute_list", "", 0)
        token.content, token.meta = match[0], meta
    state.pos = match.end()
    return True


def _lone_bracket(state: StateInline, silent: bool) -> bool:
    """A bracket after which none closes is text: the rules of links would each look for one to the end."""
    if state.src[state.pos] != "[" or state.src.find("]", state.pos) >= 0:
        return False
    if not silent:
        state.pending += "["
    state.pos += 1
    return True


def _markdown_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """``<div class="encadre" markdown="1">`` … ``</div>``: an element whose content is Markdown."""
    text = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    opening = _MARKDOWN_BLOCK.match(text)
    if opening is None:
        return False
    tag, depth = opening[1], 0
    for line in range(start, end):
        if state.sCount[line] < state.blkIndent and not state.isEmpty(line):
            return False
        content = state.src[state.bMarks[line] : state.eMarks[line]]
        depth += len(re.findall(rf"<{tag}\b", content)) - content.count(f"</{tag}>")
        if depth <= 0:
            break
    else:
        return False
    if silent:
        return True
    token = state.push("html_block", "", 0)
    token.content = re.sub(r"\s*\bmarkdown=[\"']?\w+[\"']?", "", text) + "\n"
    token.map = [start, start + 1]
    after = _read_to_closing(state, start + 1, line, closing=f"</{tag}>")
    token = state.push("html_block", "", 0)
    token.content = f"</{tag}>\n"
    token.map = [line, line + 1]
    if after.strip():
        push_paragraph(state, after.strip(), [line, line + 1])
    state.line = line + 1
    return True


def _read_to_closing(state: StateBlock, start: int, line: int, *, closing: str) -> str:
    """Read the lines up to a closing tag, which ends the last of them; gives the text that follows it there."""
    source, line_max, mark = state.src, state.lineMax, state.eMarks[line]
    place = source.rindex(closing, state.bMarks[line], mark)
    # For the rules of blocks, the line ends where the tag begins.
    state.src = f"{source[:place]}\n{source[place + 1 :]}"
    state.lineMax, state.eMarks[line] = line + 1, place
    state.md.block.tokenize(state, start, line + 1)
    state.src, state.lineMax, state.eMarks[line] = source, line_max, mark
    return source[place + len(closing) : mark]


def _meta(text: str) -> dict[str, Any]:
    """What attribute lists say: their attributes, and whether they ask for a table of contents."""
    return {"attrs": _attributes(text), "toc": _CONTENTS.search(text) is not None}


def _attributes(text: str) -> dict[str, str]:
    """The attributes of one or several ``{: …}``; what is no attribute is left out."""
    attributes: dict[str, str] = {}
    for match in _ATTRIBUTES.finditer(text):
        body = match[1].replace("'", '"').strip()
        try:
            _end, found = parse_attributes("{" + body + "}")
        except ParseError:
            continue
        if "class" in found and "class" in attributes:
            found["class"] = f"{attributes['class']} {found['class']}"
        attributes |= found
    return attributes


def _apply_attributes(state: StateCore) -> None:
    state.tokens = list(_applied(state.tokens, block=True))
    for above, opening, token in zip([None, None, *state.tokens], [None, *state.tokens], state.tokens, strict=False):
        if not token.children:
            continue
        if above is not None and above.type == "list_item_open" and token.children[0].type == "attribute_list":
            # kramdown writes an item's own list at its start.
            _join(above, token.children.pop(0))
        last = token.children[-1] if token.children else token
        if opening is not None and opening.type == "heading_open" and last.type == "attribute_list":
            # kramdown writes a heading's own list at the end of its line.
            token.children.pop()
            _join(opening, last)
            if token.children and token.children[-1].type == "text":
                token.children[-1].content = token.children[-1].content.rstrip()
        token.children = _with_classed_lines(token.children)
        state.env["remarks"] += _say_unapplied(token)
        token.children = list(_applied(token.children, block=False))


def _say_unapplied(token: Token) -> Iterator[Remark]:
    """A remark for each attribute list of a text that is for no element: kramdown prints it, and nobody means that."""
    children, line = token.children or [], token.map[0] if token.map else None
    for index, child in enumerate(children):
        if child.type in ("softbreak", "hardbreak") and line is not None:
            line += 1
        elif child.type == "attribute_list" and _before(children, index, block=False) is None and not child.meta["toc"]:
            words = children[index - 1].content if index and children[index - 1].type == "text" else ""
            yield Remark("unapplied", line, f"{words[-20:]}{child.content}")


def _with_classed_lines(children: list[Token]) -> list[Token]:
    """Put a line of text that ends in an attribute list with classes, which is for no element, in a ``<span>``."""
    made: list[Token] = []
    start = 0
    for index, token in enumerate(children):
        made.append(token)
        if token.type in ("softbreak", "hardbreak"):
            start = len(made)
        if token.type != "attribute_list" or "class" not in token.meta["attrs"]:
            continue
        at_end = index + 1 == len(children) or children[index + 1].type in ("softbreak", "hardbreak")
        line = made[start:-1]
        if at_end and line and line[-1].type == "text" and line[-1].content.strip() and _is_whole(line):
            made[start:] = [Token("span_open", "span", 1), *line, Token("span_close", "span", -1)]
            _join(made[start], token)
    return made


def _is_whole(tokens: list[Token]) -> bool:
    """Whether tokens close what they open, and nothing else."""
    depth = 0
    for token in tokens:
        depth += token.nesting
        if depth < 0 or token.type == "html_inline":
            return False
    return depth == 0


def _applied(tokens: list[Token], *, block: bool) -> Iterator[Token]:
    for index, token in enumerate(tokens):
        if token.type != "attribute_list":
            yield token
            continue
        before = None if token.meta.get("apart") else _before(tokens, index, block=block)
        target = before or (_after(tokens, index) if block else None)
        if target is not None:
            _join(target, token)


def _join(target: Token, attribute_list: Token) -> None:
    for name, value in attribute_list.meta["attrs"].items():
        if name == "class":
            target.attrJoin("class", value)
        else:
            target.attrSet(name, value)


def _before(tokens: list[Token], index: int, *, block: bool) -> Token | None:
    """The opening token of the element just before; a block must end on the line above."""
    position = index - 1
    while not block and position >= 0 and tokens[position].type == "text" and not tokens[position].content.strip():
        position -= 1
    if position < 0:
        return None
    last = tokens[position]
    if last.nesting == 0:
        return last if last.type in ("image", "code_inline", "fence", "hr") else None
    if last.nesting == 1:
        return None
    depth = 0
    while position >= 0:
        depth -= tokens[position].nesting
        if depth == 0:
            opening = tokens[position]
            own = tokens[index].map
            if block and opening.map and own and opening.map[1] < own[0]:
                return None
            return opening
        position -= 1
    return None


def _after(tokens: list[Token], index: int) -> Token | None:
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    return following if following is not None and following.nesting == 1 else None


def _mark_lines(state: StateCore) -> None:
    """Note on each block the line where it starts, for the warnings of later steps."""
    for token in state.tokens:
        if token.map and token.nesting == 1:
            token.attrSet(LINE_ATTRIBUTE, str(token.map[0]))
