"""What a PDF that WeasyPrint made says to who has it read aloud: the text of its tags, in their order.

It is read from the finished file (ISO 32000-1, 14.6 to 14.8): the marks of its content streams, the
characters that its fonts give their glyphs (9.10.3), and the structure tree that owns the marks.
Decoration, which no element owns, is not said.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from struct import unpack
from typing import Any, TypeAlias


class Kind(Enum):
    """What a piece of text is: plain, a list's bullet or number, of a contents list, or an image's alternative."""

    TEXT = "text"
    LABEL = "label"
    CONTENTS = "contents"
    ALTERNATIVE = "alternative"


@dataclass(frozen=True)
class Said:
    """A piece of what is said, and the page that it begins on, from 1."""

    text: str
    kind: Kind
    page: int


# What a page's stream is made of, as far as it is said: marks, fonts, glyphs.
_STEP = re.compile(
    rb"(?=[/BE\[<])(?:/MCID (?P<mcid>\d+)[^>]*>>\s*BDC\b|(?P<other>\bB[DM]C\b)|(?P<end>\bEMC\b)"
    rb"|/(?P<font>\S+) \S+ Tf\b|(?P<glyphs>\[[^\]]*\]|<[^<>]*>)\s*T[Jj]\b)"
)
_HEX = re.compile(rb"<([0-9a-fA-F]+)>")
_CHARACTERS = re.compile(rb"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>")

# By page (its object's number) and MCID.
_Marks: TypeAlias = dict[tuple[int, int], str]


class _Font(dict[int, str]):
    """Characters by glyph; none for a glyph that stands for nothing."""

    def __missing__(self, _glyph: int) -> str:
        return ""


def said(pdf: bytes) -> list[Said]:
    """What the tags of a PDF say, in their order. Raises LookupError when a text is there that no tag can give."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        marks: _Marks = {}
        numbers: dict[int, int] = {}
        fonts: dict[tuple[int, int], _Font] = {}
        for number, page in enumerate(document.pages, 1):
            own = int(page.objgen[0])
            numbers[own] = number
            marks |= {(own, mcid): text for mcid, text in _marked(page, fonts).items()}
        return list(_spoken(document.Root.StructTreeRoot, Kind.TEXT, 0, reading=_Reading(marks, numbers)))


def _marked(page: Any, fonts: dict[tuple[int, int], _Font]) -> dict[int, str]:
    """The text of each mark of a page."""
    named = {name: _characters(font, fonts) for name, font in page.Resources.get("/Font", {}).items()}
    texts: dict[int, list[str]] = {}
    open_marks: list[int | None] = []
    font = _Font()
    for step in _STEP.finditer(page.Contents.read_bytes()):
        match step.lastgroup:
            case "mcid":
                open_marks.append(int(step["mcid"]))
            case "other":
                open_marks.append(None)
            case "end":
                open_marks.pop()
            case "font":
                font = named["/" + step["font"].decode("ascii")]
            case _ if open_marks and open_marks[-1] is not None:
                glyphs = bytes.fromhex(b"".join(_HEX.findall(step["glyphs"])).decode("ascii"))
                texts.setdefault(open_marks[-1], []).extend(
                    map(font.__getitem__, unpack(f">{len(glyphs) // 2}H", glyphs))
                )
    return {mcid: "".join(pieces) for mcid, pieces in texts.items()}


def _characters(font: Any, fonts: dict[tuple[int, int], _Font]) -> _Font:
    """The characters that each glyph of a font stands for."""
    known = fonts.get(font.objgen)
    if known is None:
        pairs = _CHARACTERS.findall(font.ToUnicode.read_bytes())
        known = _Font((int(glyph, 16), _text_of(digits)) for glyph, digits in pairs)
        fonts[font.objgen] = known
    return known


@lru_cache(4096)
def _text_of(digits: bytes) -> str:
    """The characters that hexadecimal digits stand for in a font's table (UTF-16, 9.10.3)."""
    return bytes.fromhex(digits.decode("ascii")).decode("utf-16-be")


@dataclass(frozen=True)
class _Reading:
    marks: _Marks
    numbers: dict[int, int]


def _spoken(element: Any, kind: Kind, page: int, *, reading: _Reading) -> Iterator[Said]:
    """What an element says: an image its alternative, any other its content in order."""
    role = str(element.get("/S", ""))
    kind = Kind.LABEL if role == "/Lbl" and not _is_term(element) else Kind.CONTENTS if role == "/TOC" else kind
    page = element.Pg.objgen[0] if "/Pg" in element else page
    if role == "/Figure":
        yield Said(str(element.get("/Alt", "")), Kind.ALTERNATIVE, reading.numbers.get(page, 0))
        return
    for kid in _kids(element):
        if isinstance(kid, int):
            yield Said(reading.marks.get((page, kid), ""), kind, reading.numbers.get(page, 0))
        elif "/MCID" in kid:
            own = kid.Pg.objgen[0]
            yield Said(reading.marks.get((own, int(kid.MCID)), ""), kind, reading.numbers.get(own, 0))
        elif "/S" in kid:
            yield from _spoken(kid, kind, page, reading=reading)


def _is_term(label: Any) -> bool:
    """Whether a label is its author's: a term that is described, in a list that has no marks (14.8.5.5)."""
    return "/ListNumbering" not in label.P.P.get("/A", {})


def _kids(element: Any) -> list[Any]:
    import pikepdf

    kids = element.get("/K")
    if kids is None:
        return []
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]
