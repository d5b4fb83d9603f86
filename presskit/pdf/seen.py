"""The text that the pages of a PDF show: what lies beside them, or is clipped away, is not seen.

Written for what LibreOffice and WeasyPrint make: their fonts tell the characters of their glyphs (ISO 32000-1, 9.10.3).
Operators are those of 8.4 and 9.3 to 9.4.
"""

import re
from binascii import unhexlify
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from struct import unpack
from typing import NamedTuple, TypeAlias

from pikepdf import Array, Dictionary, Object, Page, Pdf, PdfError, Stream

from presskit.pdf.content import IDENTITY, TEXT_OPERATORS, Matrix, Operator, matrix_of, numbers, operators, product
from presskit.pdf.objects import annotations, decoded, inherited, inner, is_named, items, number, text

Box: TypeAlias = tuple[float, float, float, float]

# Of what is between a line and half the height of its letters, as much must be seen for one to be read.
_HEIGHT, _READABLE = 0.5, 0.5
_DEPTH = 8
_PATHS = {b"re", b"m", b"l", b"c", b"v", b"y"}
_PAINTED = {b"n", b"f", b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*"}
_IN_TEXT = {b"BT", b"ET", b"Tf", b"Td", b"TD", b"Tm", b"T*", b"TL", b"Tc", b"Tw", b"Tz", b"Ts", b"Tr"}
# Text that is drawn in these modes is not seen (9.3.6).
_UNSEEN_MODES = (3, 7)
_EVERYWHERE: Box = (-1e9, -1e9, 1e9, 1e9)
_PIECE = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.)*+\))*+\))|([-+]?[\d.]+)", re.DOTALL)
_HEXADECIMAL = re.compile(rb"<([0-9A-Fa-f\s]*)>")
_MOVES = re.compile(rb"(?<=[>\[\s])[-+]?(?:\d+\.?\d*|\.\d+)(?=[<\]\s])")
_MAPPINGS = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
_CODES = re.compile(rb"<([0-9A-Fa-f\s]+)>|(\[[^\]]*\])")


class _Widths(dict[int, float]):
    """Widths of glyphs by their codes, and that of all others."""

    usual = 0.0

    def __missing__(self, _code: int) -> float:
        return self.usual


class _Characters(dict[int, str]):
    """What codes stand for, by a font's table; without one, letters are most often where Windows has them."""

    def __missing__(self, code: int) -> str:
        return "" if self or code > 255 else bytes([code]).decode("cp1252", "replace")


class _Font(NamedTuple):
    """How many octets the codes of a font have, what each stands for, and how wide it is (thousandths of the size)."""

    octets: int
    characters: _Characters
    widths: _Widths


@dataclass(kw_only=True)
class _State:
    matrix: Matrix
    clip: Box
    font: _Font | None = None
    size: float = 0.0
    between: float = 0.0
    after_space: float = 0.0
    scale: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0


def seen_text(pdf: Pdf) -> str:
    """What is seen on the pages of a document, each piece of text on a line of its own."""
    fonts: dict[tuple[int, int], _Font] = {}
    return "\n".join("".join(_of_page(page, fonts)) for page in pdf.pages)


def _of_page(page: Page, fonts: dict[tuple[int, int], _Font]) -> Iterator[str]:
    box = _box(inherited(page.obj, "/CropBox")) or _box(inherited(page.obj, "/MediaBox")) or _EVERYWHERE
    resources = inherited(page.obj, "/Resources")
    yield from _Reading(
        holder=page.obj, resources=resources, state=_State(matrix=IDENTITY, clip=box), fonts=fonts, depth=_DEPTH
    ).run()
    for note in annotations(page.obj):
        # What is typed into a field.
        drawn = (inner(note, "/AP") or Dictionary()).get("/N")
        if isinstance(drawn, Stream):
            state = _State(matrix=IDENTITY, clip=_EVERYWHERE)
            yield from _Reading(
                holder=drawn, resources=drawn.get("/Resources", resources), state=state, fonts=fonts, depth=_DEPTH
            ).run()


@dataclass(kw_only=True)
class _Reading:
    """One reading of the stream of a page, or of a form that is drawn on it."""

    holder: Object
    resources: object
    state: _State
    fonts: dict[tuple[int, int], _Font]
    depth: int
    out: list[str] = field(default_factory=list)
    line: Matrix = IDENTITY
    place: Matrix = IDENTITY
    stack: list[_State] = field(default_factory=list)
    path: list[tuple[bytes, list[bytes]]] = field(default_factory=list)
    clipping: bool = False
    # What is said instead of glyphs (14.9.4), '' for nothing, and whether one of these is seen.
    marks: list[tuple[str, list[bool]]] = field(default_factory=list)

    def run(self) -> list[str]:
        """The pieces of text that are seen."""
        for operator in operators(decoded(self.holder)):
            self._step(operator)
        return self.out

    def _step(self, operator: Operator) -> None:
        name, operands = operator.name, operator.operands
        if name in TEXT_OPERATORS:
            if name in (b"'", b'"'):
                self._move(0.0, -self.state.leading)
            self._show(operands[-1] if operands else b"")
        elif name == b"q":
            self.stack.append(copy(self.state))
        elif name == b"Q":
            self.state = self.stack.pop() if self.stack else self.state
        elif name == b"cm":
            self.state.matrix = product(matrix_of(operands), self.state.matrix)
        elif name in (b"BDC", b"BMC"):
            self.marks.append((_said_instead(operands), []))
        elif name == b"EMC":
            said, seen = self.marks.pop() if self.marks else ("", [])
            self.out += [said] if seen else []
        elif name == b"Do" and operands:
            self._draw(operands[0].decode("latin-1"))
        elif name in _IN_TEXT:
            self._set(name, operands)
        else:
            self._follow_path(name, operands)

    def _follow_path(self, name: bytes, operands: list[bytes]) -> None:
        """Note a path, and clip to it (8.5.4)."""
        if name in _PATHS:
            self.path.append((name, operands))
        elif name in (b"W", b"W*"):
            self.clipping = True
        elif name in _PAINTED:
            path = self.path if self.clipping else []
            points = [point for step, values in path for point in _points(step, numbers(values))]
            if points:
                self.state.clip = _common(self.state.clip, _around(points, self.state.matrix))
            self.path, self.clipping = [], False

    def _set(self, name: bytes, operands: list[bytes]) -> None:
        state = self.state
        value = (numbers(operands[-1:]) or [0.0])[0]
        match name:
            case b"BT":
                self.line = self.place = IDENTITY
            case b"ET":
                self.out.append("\n")
            case b"Tf":
                state.size, state.font = value, self._font(operands[0].decode("latin-1") if operands else "")
            case b"Td" | b"TD":
                across, up = [*numbers(operands), 0.0, 0.0][:2]
                state.leading = -up if name == b"TD" else state.leading
                self._move(across, up)
            case b"Tm":
                self.line = self.place = matrix_of(operands)
                self.out.append("\n")
            case b"T*":
                self._move(0.0, -state.leading)
            case b"TL":
                state.leading = value
            case b"Tc":
                state.between = value
            case b"Tw":
                state.after_space = value
            case b"Tz":
                state.scale = value / 100
            case b"Ts":
                state.rise = value
            case b"Tr":
                state.mode = int(value)

    def _move(self, across: float, up: float) -> None:
        self.line = self.place = product((1.0, 0.0, 0.0, 1.0, across, up), self.line)
        self.out.append("\n")

    def _show(self, operand: bytes) -> None:
        """Take what is seen of some glyphs."""
        state, font = self.state, self.state.font
        if font is None:
            return
        codes, moves = _codes(operand, font.octets)
        spaces = codes.count(32) if font.octets == 1 else 0
        wide = (sum(map(font.widths.__getitem__, codes)) - moves) / 1000 * state.size
        wide = (wide + state.between * len(codes) + state.after_space * spaces) * state.scale
        matrix = product(self.place, state.matrix)
        self.place = product((1.0, 0.0, 0.0, 1.0, wide, 0.0), self.place)
        if state.mode in _UNSEEN_MODES or not codes:
            return
        # Wholly seen, as most is: which way moves go within matters at the edge of a clip alone.
        if _is_seen(self._box_of(min(0.0, wide), max(0.0, wide), matrix), state.clip, 1.0):
            self._take("".join(map(font.characters.__getitem__, codes)))
            return
        for code, begin, end in self._places(operand, font):
            if _is_seen(self._box_of(begin, end, matrix), state.clip, _READABLE):
                self._take(font.characters[code])

    def _places(self, operand: bytes, font: _Font) -> Iterator[tuple[int, float, float]]:
        """Each code of a text, and from where to where its glyph is."""
        state, at = self.state, 0.0
        for digits, literal, move in _PIECE.findall(operand):
            at -= sum(numbers([move])) / 1000 * state.size * state.scale
            codes, _moves = _codes(literal or b"<" + digits + b">", font.octets)
            for code in codes:
                end = at + font.widths[code] / 1000 * state.size * state.scale
                yield code, at, end
                at = end + (state.between + (state.after_space if code == 32 and font.octets == 1 else 0)) * state.scale

    def _box_of(self, begin: float, end: float, matrix: Matrix) -> Box:
        low, high = self.state.rise, self.state.rise + _HEIGHT * self.state.size
        return _around([(begin, low), (end, low), (begin, high), (end, high)], matrix)

    def _take(self, characters: str) -> None:
        for said, seen in self.marks:
            if said:
                seen.append(True)
                return
        self.out.append(characters)

    def _font(self, name: str) -> _Font | None:
        font = inner(self.resources, "/Font", name)
        if font is None:
            return None
        if not font.is_indirect:
            return _font_of(font)
        if font.objgen not in self.fonts:
            self.fonts[font.objgen] = _font_of(font)
        return self.fonts[font.objgen]

    def _draw(self, name: str) -> None:
        form = (inner(self.resources, "/XObject") or Dictionary()).get(name)
        if not isinstance(form, Stream) or not is_named(form.get("/Subtype"), "/Form") or not self.depth:
            return
        values = [number(value) or 0.0 for value in items(form.get("/Matrix"))]
        own = (values[0], values[1], values[2], values[3], values[4], values[5]) if len(values) == 6 else IDENTITY
        state = replace(self.state, matrix=product(own, self.state.matrix))
        own_resources = form.get("/Resources", self.resources)
        box = _box(form.get("/BBox"))
        if box is not None:
            left, bottom, right, top = box
            corners = [(left, bottom), (left, top), (right, bottom), (right, top)]
            state.clip = _common(state.clip, _around(corners, state.matrix))
        self.out += [
            *_Reading(holder=form, resources=own_resources, state=state, fonts=self.fonts, depth=self.depth - 1).run(),
            "\n",
        ]


def _points(name: bytes, values: list[float]) -> list[tuple[float, float]]:
    """The points of a piece of a path, those that bend it included."""
    if name == b"re" and len(values) == 4:
        x, y, width, height = values
        return [(x, y), (x + width, y), (x, y + height), (x + width, y + height)]
    return list(zip(values[::2], values[1::2], strict=False))


def _codes(operand: bytes, octets: int) -> tuple[Sequence[int], float]:
    """The codes of a string or of several, and how far the moves between them go back (9.4.3)."""
    if b"(" in operand:
        pieces = _PIECE.findall(operand)
        string = b"".join(_literal(literal) if literal else _octets(digits) for digits, literal, _move in pieces)
        moves = sum(numbers([move for _digits, _literal, move in pieces if move]))
    else:
        string = _octets(b"".join(_HEXADECIMAL.findall(operand)))
        moves = sum(map(float, _MOVES.findall(operand)))
    return (string if octets == 1 else unpack(f">{len(string) // 2}H", string[: len(string) // 2 * 2])), moves


def _literal(string: bytes) -> bytes:
    try:
        return bytes(Object.parse(string))
    except PdfError:
        return string[1:-1]


def _octets(digits: bytes) -> bytes:
    digits = b"".join(digits.split())
    return unhexlify(digits + b"0" * (len(digits) % 2))


def _said_instead(operands: list[bytes]) -> str:
    """The text that is said instead of what a mark has (14.9.4), '' for none."""
    if b"/ActualText" not in operands[:-1]:
        return ""
    try:
        return text(Object.parse(operands[operands.index(b"/ActualText") + 1]))
    except PdfError:
        return ""


# Fonts


def _font_of(font: Object) -> _Font:
    characters = _Characters(_mapped(decoded(font.get("/ToUnicode"))))
    if is_named(font.get("/Subtype"), "/Type0"):
        below = next(
            (item for item in items(font.get("/DescendantFonts")) if isinstance(item, Dictionary)), Dictionary()
        )
        widths, usual = _Widths(_widths_by_glyph(items(below.get("/W")))), number(below.get("/DW"))
        widths.usual = 1000.0 if usual is None else usual
        return _Font(2, characters, widths)
    first = int(number(font.get("/FirstChar")) or 0)
    # Those of Type 3 have a measure of their own (9.6.5).
    measure = 1000 * (number((items(font.get("/FontMatrix")) or [None])[0]) or 0.001)
    found = enumerate(items(font.get("/Widths")), first)
    widths = _Widths((code, (number(value) or 0.0) * measure) for code, value in found)
    widths.usual = 500.0
    return _Font(1, characters, widths)


def _widths_by_glyph(entries: list[object]) -> dict[int, float]:
    """The widths of a composite font (9.7.4.3): a code and a list from there on, or two codes and a width for all."""
    widths: dict[int, float] = {}
    waiting: list[int] = []
    for entry in entries:
        if isinstance(entry, Array) and waiting:
            widths |= {waiting[-1] + at: number(value) or 0.0 for at, value in enumerate(list(entry))}
            waiting = []
        elif len(waiting) == 2:
            first, last = waiting
            widths |= dict.fromkeys(range(first, min(last, 0xFFFF) + 1), number(entry) or 0.0)
            waiting = []
        else:
            waiting.append(int(number(entry) or 0))
    return widths


def _mapped(table: bytes) -> dict[int, str]:
    """What the codes of a font stand for, from its table (9.10.3)."""
    found: dict[int, str] = {}
    for kind, body in _MAPPINGS.findall(table):
        step, codes = (2 if kind == b"char" else 3), _CODES.findall(body)
        for entry in zip(*[iter(codes)] * step, strict=False):
            first, target = int(b"".join(entry[0][0].split()) or b"0", 16), entry[-1]
            last = int(b"".join(entry[1][0].split()) or b"0", 16) if kind == b"range" else first
            found |= dict(_range(first, min(last, 0xFFFF), target))
    return found


def _range(first: int, last: int, target: tuple[bytes, bytes]) -> Iterator[tuple[int, str]]:
    digits, several = target
    if several:
        yield from zip(range(first, last + 1), (_utf16(code) for code, _array in _CODES.findall(several)), strict=False)
        return
    start = _utf16(digits)
    for code in range(first, last + 1):
        yield code, start[:-1] + chr(min(ord(start[-1]) + code - first, 0x10FFFF)) if start else ""


def _utf16(digits: bytes) -> str:
    return _octets(digits).decode("utf-16-be", "replace")


# Boxes


def _box(value: object) -> Box | None:
    found = [number(item) for item in items(value)] if isinstance(value, Array) else []
    corners = [item for item in found if item is not None]
    if len(corners) != 4:
        return None
    left, right = sorted(corners[::2])
    bottom, top = sorted(corners[1::2])
    return left, bottom, right, top


def _around(points: list[tuple[float, float]], matrix: Matrix) -> Box:
    a, b, c, d, e, f = matrix
    across = [a * x + c * y + e for x, y in points]
    up = [b * x + d * y + f for x, y in points]
    return min(across), min(up), max(across), max(up)


def _common(one: Box, other: Box) -> Box:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _is_seen(box: Box, clip: Box, least: float) -> bool:
    """Whether at least such a part of a box is within a clip, each way."""
    left, bottom, right, top = _common(box, clip)
    return right - left >= least * (box[2] - box[0]) and top - bottom >= least * (box[3] - box[1])
