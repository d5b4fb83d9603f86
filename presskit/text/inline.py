"""The words of a one-line text of the front matter: what its author marked up, without the marks.

Titles, captions and names go where no markup can be (outline, metadata, feeds), so they are plain texts everywhere.
Marks are read as CommonMark reads them within a line; what is no mark, or no element of HTML, is a word and stays.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from presskit.text.angles import says_words
from presskit.text.asterisks import asterisks

# The elements that people put into a line; of any other "<…>" nobody knows that it is markup.
_ELEMENTS = (
    "a abbr b big br center cite code del dfn em font i img ins kbd mark p q s samp small span strike strong sub sup u "
    "var wbr"
).split()
_TAG = re.compile(rf"</?({'|'.join(_ELEMENTS)})\b[^<>]*>", re.IGNORECASE)
_ALT = re.compile(r"""\salt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_RAISED = str.maketrans("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")
# "**Plan **:" is no mark to CommonMark, and bold to its author.
_SPACED = re.compile(r"\*\*([^*]+)\*\*")
_MARKED = re.compile(r"[&<*_`\[\\]")


def plain(text: str) -> str:
    """A text of one line without its markup: ``10 m<sup>2</sup>&nbsp;**neufs**`` is ``10 m² neufs``."""
    if _MARKED.search(text):
        tokens = _parser().parseInline(" ".join(text.split(" ")), {})
        text = _SPACED.sub(r"\1", "".join(_words(tokens[0].children or [])))
    return " ".join(re.split(r"[ \t\r\n]+", text.strip()))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True, "maxNesting": 40}).use(asterisks)


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    links: list[tuple[str, int]] = []
    said, raised = "", False
    for token in tokens:
        words = ""
        if token.type in ("text", "code_inline", "text_special"):
            words = token.content
        elif token.type in ("softbreak", "hardbreak"):
            words = " "
        elif token.type == "html_inline":
            words = _of_tag(token.content)
            if token.content.lower().startswith(("<sup", "</sup")):
                raised = not token.content.startswith("</")
        elif token.type == "image":
            words = "".join(_words(token.children or []))
        elif token.type == "link_open":
            links.append((str(token.attrGet("href") or ""), len(said)))
        elif token.type == "link_close":
            address, start = links.pop()
            words = _address(address, said[start:])
        words = _raised(words) if raised else words
        said += words
        yield words


def _of_tag(tag: str) -> str:
    """The words that a tag stands for; what only looks like a tag is words itself."""
    known = _TAG.fullmatch(tag)
    if known is None or says_words(tag):
        return "" if tag.startswith("<!--") else tag
    if known[1].lower() == "br":
        return " "
    alt = _ALT.search(tag) if known[1].lower() == "img" else None
    return unescape(alt[1] or alt[2] or "") if alt else ""


def _address(address: str, said: str) -> str:
    """A link's address in brackets, unless its text says it."""
    bare = address.removeprefix("mailto:")
    return "" if not bare or bare.rstrip("/").endswith(said.strip().rstrip("/")) else f" ({bare})"


def _raised(words: str) -> str:
    """Raised figures as Unicode has them; letters stay, which typography raises again where it should."""
    figures = words.translate(_RAISED)
    return figures if all(unicodedata.category(sign) in ("No", "Sm") for sign in figures) else words
