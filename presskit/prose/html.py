"""A communiqué's Markdown as safe, typographically right HTML for one language.

The steps: leave out comments, mend and parse (kramdown), clean, then set right what print needs, one kind of thing
after another: lists, quotations with their authors, headings, links, images, typography. No step takes a word from
the tree that it does not put elsewhere; the rules that leave text out say so, and tell ``setting.omit``.
"""

from dataclasses import dataclass, replace
from functools import cache, lru_cache
from html import escape
from typing import Any
from xml.etree.ElementTree import Element

from markdown_it import MarkdownIt

from presskit.prose import headings, kramdown, links, lists, quotes, remarks
from presskit.prose.cleaning import cleaned
from presskit.prose.elements import html_of, put_text, tree_of
from presskit.prose.extensions import without_comments
from presskit.prose.links import is_decorative, says_nothing
from presskit.prose.remarks import Remark
from presskit.prose.setting import Setting
from presskit.prose.typesetting import set_typography
from presskit.text.word_signs import with_line_ends

__all__ = [
    "Heading",
    "Prose",
    "Setting",
    "clean_html",
    "html_of",
    "is_decorative",
    "put_text",
    "says_nothing",
    "to_html",
    "tree_of",
    "typeset",
]


@dataclass(frozen=True)
class Heading:
    """A heading of the text, for a table of contents; ``level`` counts from 2 (the title is 1)."""

    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Prose:
    """A text laid out as HTML, with its headings in order."""

    html: str = ""
    headings: tuple[Heading, ...] = ()


def to_html(markdown: str, setting: Setting) -> Prose:
    """Lay out a Markdown text as HTML that is safe to put in a page."""
    if not markdown.strip():
        return Prose()
    text, lines = with_line_ends(*without_comments(markdown, setting.omit))
    if setting.first_line is not None:
        setting = replace(setting, lines=[setting.line(line) or 0 for line in lines])
    body = cleaned(_rendered(text, setting), setting)
    lists.set_pasted(body, setting.omit)
    quotes.set_authors(body)
    found = _settled(body, setting)
    headings.mark_bold_lines(body)
    set_typography(body, setting.lang)
    headings.label_calling(found)
    return Prose(html_of(body), tuple(_described(heading) for heading in found))


def clean_html(html: str, setting: Setting) -> str:
    """Somebody's HTML, safe to put in a page: cleaned like a communiqué's, its text left as it is."""
    body = cleaned(html, setting)
    _settled(body, setting)
    return html_of(body)


@lru_cache(1024)
def typeset(text: str, lang: str) -> str:
    """A one-line plain text as HTML, with its language's typography."""
    body = tree_of(escape(" ".join(text.split()), quote=False))
    set_typography(body, lang)
    return html_of(body)


@cache
def _parser() -> MarkdownIt:
    return kramdown.parser()


def _rendered(markdown: str, setting: Setting) -> str:
    """The HTML of a Markdown text, as its author wrote it; what reading it finds wrong is said."""
    env: dict[str, Any] = {"remarks": [], "omitted": []}

    def spaced(line: int, text: str) -> None:
        env["remarks"].append(Remark("spaced", line, text))

    html: str = _parser().render(kramdown.mend(markdown, spaced, setting.omit), env)
    remarks.report(env["remarks"], setting)
    for text in env["omitted"]:
        setting.omit(text)
    return html


def _settled(body: Element, setting: Setting) -> list[Element]:
    """Set a clean tree right: its lists, headings, links and images; gives its headings in order."""
    lists.put_right(body)
    lists.set_numbers(body)
    found = headings.order(body, setting)
    links.settle(body, setting)
    return found


def _described(heading: Element) -> Heading:
    return Heading(int(heading.tag[1]), heading.get("id", ""), headings.label(heading))
