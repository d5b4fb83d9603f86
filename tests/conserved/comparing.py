"""The comparison of a text with what it is laid out as, without any PDF."""

from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from presskit.conserved.account import _Comparison
from presskit.conserved.frame import Frame
from presskit.conserved.said import Kind, Said
from presskit.conserved.written import markdown
from presskit.prose.html import Setting, to_html

_INLINE = {"a", "b", "i", "em", "strong", "span", "sup", "sub", "code", "q", "cite", "del", "s", "small", "abbr", "u"}


class _Speaker(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[Said] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in _INLINE:
            self.handle_data(" ")
        if alt := dict(attrs).get("alt"):
            self.pieces.append(Said(f" {alt} ", Kind.ALTERNATIVE, 1))

    def handle_data(self, data: str) -> None:
        self.pieces.append(Said(data, Kind.TEXT, 1))


def laid_out(source: str) -> tuple[str, list[str]]:
    """A Markdown text as HTML, and what stated rules left out of it."""
    omitted: list[str] = []
    setting = Setting(
        lang="fr",
        source="c.md",
        warn=lambda _problem: None,
        first_line=1,
        image=lambda name, _line: Path("/") / name,
        omit=omitted.append,
    )
    return to_html(source, setting).html, omitted


def faults(source: str, html: str, omitted: list[str]) -> list[str]:
    """What is said to be wrong with a text that is laid out as some HTML."""
    written = markdown(source, 1)
    frame = Frame(words=written.words, spare=written.spare, leftward=written.leftward, unsure=written.unsure)
    speaker = _Speaker()
    speaker.feed(html)
    content = cast("Any", SimpleNamespace(communique=SimpleNamespace(source="c.md"), missing=[]))
    return [
        problem.what
        for problem in _Comparison(frame, speaker.pieces, content, omitted=omitted, ours=True).account().faults
    ]
