"""Content streams of pages: what in them is marked for the structure tree, and marks for what is not.

Only marks are put in, between operators: the rest of a stream keeps its bytes. Operators and marked
content are those of ISO 32000-1, 7.8.2, 8.2 and 14.6.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, TypeAlias

Matrix: TypeAlias = tuple[float, float, float, float, float, float]

# Whole arrays are one token: those of TJ would be a hundred. Strings with inner parentheses are read by hand.
# Quantifiers are possessive: a damaged stream must not be tried in all ways that it could be cut.
_STRING = rb"\((?:[^()\\]++|\\.)*+\)"
_TOKEN = re.compile(
    rb"[\s\x00]*+("
    rb"%[^\r\n]*+"
    rb"|\[[^\[\]()%]*+(?:" + _STRING + rb"[^\[\]()%]*+)*+\]"
    rb"|" + _STRING + rb"|\("
    rb"|<<|>>|<[^<>]*+>|[\[\]{}]"
    rb"|/[^\s\x00/<>()\[\]{}%]*+"
    rb"|[^\s\x00/<>()\[\]{}%]++"
    rb"|.)",
    re.DOTALL,
)
# Numbers and an operator at once, as most of a stream is.
_PLAIN = re.compile(
    rb"\s*+((?:[-+]?+[\d.]++\s++)*+)(?!BI\b|true\b|false\b|null\b)([A-Za-z][A-Za-z0-9*]*+)(?=[\s/<>()\[\]{}%]|\Z)"
)
# A stream at a glance: without its strings, what begins and ends marks, and what shows something.
_TEXTS = re.compile(_STRING + rb"|<[0-9A-Fa-f\s]*+>", re.DOTALL)
_PIECES = re.compile(
    rb"<<(?:[^()<>]++|" + _STRING + rb"|<[0-9A-Fa-f\s]*+>)*+>>|(" + _STRING + rb"|<[0-9A-Fa-f\s]*+>)", re.DOTALL
)
_UNCLEAR = re.compile(rb"[(%\x00]|(?<!\S)BI(?!\S)")
_GLANCE = re.compile(
    rb"(?P<artifact>/Artifact\s*+(?:<<[^<>]*+>>\s*+)?+B[MD]C(?![^\s/\[<]))"
    rb"|/MCID\s++(?P<mcid>\d++)[^<>]*+>>\s*+BDC(?![^\s/\[<])"
    rb"|(?<![^\s\]>])(?P<operator>BDC|BMC|EMC|T[jJ]|['\"]|Do|sh|re|m)(?![^\s/\[<])"
)
_WORD = re.compile(rb"[A-Za-z'\"][A-Za-z0-9*'\"]*\Z")
_LITERALS = {b"true", b"false", b"null"}
# Those that show text (9.4.3).
TEXT_OPERATORS = {b"Tj", b"TJ", b"'", b'"'}
_PATH_STARTS = {b"m", b"re"}
_MCID = re.compile(rb"/MCID\s+(\d+)")
# Points: what is smaller is a dot or a rule, not a picture.
_SMALLEST_FIGURE = 12.0
# What begins the mark of decoration (ISO 32000-1, 14.8.2.2).
ARTIFACT_MARK = b"/Artifact BMC"
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

ObjectKind: TypeAlias = Literal["image", "form", "text form", "picture form", "marked form", ""]


class Operator(NamedTuple):
    """An operator with its operands, as they are written from ``start`` to ``end`` in a stream."""

    name: bytes
    operands: list[bytes]
    start: int
    end: int


def operators(data: bytes) -> Iterator[Operator]:
    """Read a content stream; what is malformed in it is passed over, as readers do."""
    operands: list[bytes] = []
    position, start = 0, -1
    while True:
        while not operands and start < 0 and (plain := _PLAIN.match(data, position)):
            position = plain.end()
            yield Operator(plain[2], plain[1].split(), plain.start(1), position)
        match = _TOKEN.match(data, position)
        if match is None:
            return
        token, position = match[1], match.end()
        if token == b"(":
            position = _end_of_string(data, match.start(1))
            token = data[match.start(1) : position]
        elif token[0] == 37:  # %: a remark
            continue
        if start < 0:
            start = match.start(1)
        if _WORD.match(token) and token not in _LITERALS:
            if token == b"BI":
                position = _end_of_inline_image(data, position)
                operands = [data[match.end() : position]]
            yield Operator(token, operands, start, position)
            operands, start = [], -1
        else:
            operands.append(token)


def _end_of_string(data: bytes, position: int) -> int:
    depth = 0
    for match in re.compile(rb"\\.|[()]", re.DOTALL).finditer(data, position):
        depth += {b"(": 1, b")": -1}.get(match[0], 0)
        if depth == 0:
            return match.end()
    return len(data)


def _end_of_inline_image(data: bytes, position: int) -> int:
    """Where an inline image ends (8.9.7): after an EI that binary data could hardly imitate."""
    for match in re.compile(rb"\sEI(?=[\s]|\Z)").finditer(data, position):
        # What follows a true EI is text: operators and numbers.
        if all(byte in b"\t\n\r\f" or 32 <= byte < 127 for byte in data[match.end() : match.end() + 12]):
            return match.end()
    return len(data)


@dataclass
class Block:
    """A piece of content to be tagged: text or a picture, with the MCIDs that mark it."""

    kind: Literal["P", "Figure"]
    mcids: list[int] = field(default_factory=list)
    # The name of a form XObject that holds blocks of its own, which come here.
    form: str = ""


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A stream with its marks: unchanged (``data`` is None) when all in it was marked already."""

    data: bytes | None
    blocks: list[Block]
    text: bool
    invisible: bool


class _Marker:
    """Puts marks around the content of one stream that has none."""

    def __init__(
        self,
        data: bytes,
        owned: Collection[int],
        hidden: Collection[int],
        *,
        properties: Callable[[str], int | None],
        kind_of: Callable[[str], ObjectKind],
    ) -> None:
        self._data, self._owned, self._hidden = data, owned, hidden
        self._properties, self._kind_of = properties, kind_of
        self._out: list[bytes] = []
        self._done = 0
        self._covers: list[bool] = []
        self._open: Block | Literal["artifact"] | None = None
        self._next = max([*owned, -1]) + 1
        self.blocks: list[Block] = []
        self.text = self.invisible = False
        self._place = _Place()

    def run(self) -> Marked:
        for operator in operators(self._data):
            self._step(operator)
        self._close(len(self._data))
        data = b"".join([*self._out, self._data[self._done :]]) if self._out else None
        return Marked(data=data, blocks=self.blocks, text=self.text, invisible=self.invisible)

    def _step(self, operator: Operator) -> None:
        name = operator.name
        if name in (b"BMC", b"BDC"):
            self._begin(operator)
        elif name == b"EMC":
            self._close(operator.start)
            if self._covers:
                self._covers.pop()
        else:
            if name in TEXT_OPERATORS:
                self.text = True
                self.invisible = self.invisible or self._place.mode == 3
            new_block = self._place.follow(operator)
            if not any(self._covers):
                self._mark(operator, new_block)

    def _begin(self, operator: Operator) -> None:
        self._close(operator.start)
        tag = operator.operands[0] if operator.operands else b""
        mcid = self._mcid(operator)
        if mcid is not None and mcid in self._hidden:
            self._replace(operator, ARTIFACT_MARK)
            self._covers.append(True)
        elif mcid is not None and mcid not in self._owned:
            # A mark that no tree owns: what it marks is as good as unmarked.
            self._replace(operator, (tag if tag not in (b"", b"/Artifact") else b"/Span") + b" BMC")
            self._covers.append(False)
        else:
            self._covers.append(mcid is not None or tag == b"/Artifact")

    def _mcid(self, operator: Operator) -> int | None:
        if operator.name == b"BMC" or len(operator.operands) < 2:
            return None
        if operator.operands[1].startswith(b"/"):
            return self._properties(operator.operands[1].decode("latin-1"))
        found = _MCID.search(b" ".join(operator.operands[1:]))
        return int(found[1]) if found else None

    def _mark(self, operator: Operator, new_block: bool) -> None:
        name = operator.name
        if name in TEXT_OPERATORS:
            last = self.blocks[-1] if self.blocks and not self.blocks[-1].form else None
            if isinstance(self._open, Block) and self._open.kind == "P" and not new_block:
                return
            self._close(operator.start)
            block = last if last is not None and last.kind == "P" and not new_block else None
            self._open_block(operator.start, block or self._new("P"))
        elif name in (b"BT", b"ET", b"q", b"Q"):
            self._close(operator.start)
        elif name in _PATH_STARTS or name == b"sh":
            if self._open != "artifact":
                self._close(operator.start)
                self._insert(operator.start, ARTIFACT_MARK + b" ")
                self._open = "artifact"
        elif name in (b"BI", b"Do"):
            self._close(operator.start)
            self._draw(operator)

    def _draw(self, operator: Operator) -> None:
        name = operator.operands[0].decode("latin-1") if operator.operands else ""
        kind: ObjectKind = "image" if operator.name == b"BI" else self._kind_of(name)
        if kind == "marked form":
            # Its content is numbered in its own stream.
            self.blocks.append(Block("P", form=name))
            return
        if kind == "":
            return
        tiny = kind == "image" and min(self._place.extent()) < _SMALLEST_FIGURE
        if kind == "form" or tiny:
            self._insert(operator.start, ARTIFACT_MARK + b" ")
            self._open = "artifact"
        else:
            self.text = self.text or kind == "text form"
            self._open_block(operator.start, self._new("P" if kind == "text form" else "Figure"))
        self._close(operator.end)

    def _new(self, kind: Literal["P", "Figure"]) -> Block:
        self.blocks.append(Block(kind))
        return self.blocks[-1]

    def _open_block(self, position: int, block: Block) -> None:
        block.mcids.append(self._next)
        self._insert(position, _content_mark(block.kind, self._next) + b" ")
        self._next += 1
        self._open = block

    def _close(self, position: int) -> None:
        if self._open is not None:
            self._insert(position, b" EMC ")
            self._open = None

    def _insert(self, position: int, mark: bytes) -> None:
        self._out += [self._data[self._done : position], mark]
        self._done = position

    def _replace(self, operator: Operator, mark: bytes) -> None:
        self._insert(operator.start, mark)
        self._done = operator.end


@dataclass(kw_only=True)
class _State:
    matrix: Matrix = IDENTITY
    size: float = 0.0
    leading: float = 0.0
    mode: int = 0


class _Place:
    """Follows where text is shown, to tell whether it goes on with the block before it."""

    def __init__(self) -> None:
        self._state = _State()
        self._stack: list[_State] = []
        self._line: Matrix = IDENTITY
        self._last: tuple[float, float, float, float] | None = None

    @property
    def mode(self) -> int:
        """The text rendering mode (9.3.6): 3 shows nothing."""
        return self._state.mode

    def extent(self) -> tuple[float, float]:
        """The size, in points, at which an image is drawn now."""
        a, b, c, d, _e, _f = self._state.matrix
        return (a * a + b * b) ** 0.5, (c * c + d * d) ** 0.5

    def follow(self, operator: Operator) -> bool:
        """Follow an operator; tells whether it shows text that begins a new block."""
        name, state = operator.name, self._state
        if name == b"q":
            self._stack.append(replace(state))
        elif name == b"Q":
            self._state = self._stack.pop() if self._stack else state
        elif name == b"cm":
            state.matrix = product(matrix_of(operator.operands), state.matrix)
        elif name == b"BT":
            self._line = IDENTITY
        elif name == b"Tf":
            state.size = (numbers(operator.operands) or [0.0])[-1]
        elif name == b"TL":
            state.leading = (numbers(operator.operands) or [0.0])[-1]
        elif name == b"Tr":
            state.mode = int((numbers(operator.operands) or [0.0])[-1])
        elif name == b"Tm":
            self._line = matrix_of(operator.operands)
        elif name in (b"Td", b"TD"):
            across, up = [*numbers(operator.operands), 0.0, 0.0][:2]
            self._move(across, up)
            if name == b"TD":
                state.leading = -up
        elif name == b"T*" or name in (b"'", b'"'):
            self._move(0.0, -state.leading)
        return self._begins() if name in TEXT_OPERATORS else False

    def _move(self, across: float, up: float) -> None:
        self._line = product((1.0, 0.0, 0.0, 1.0, across, up), self._line)

    def _begins(self) -> bool:
        a, b, c, d, x, y = product(self._line, self._state.matrix)
        size = abs(self._state.size) * max((c * c + d * d) ** 0.5, 0.001) or 1.0
        # Along and across the line, whichever way the text is turned.
        scale = (a * a + b * b) ** 0.5 or 1.0
        along, across = (x * a + y * b) / scale, (y * a - x * b) / scale
        last, self._last = self._last, (along, across, size, along)
        if last is None:
            return True
        before_along, before_across, before_size, first = last
        drop, larger = before_across - across, max(size, before_size)
        if abs(drop) < 0.5 * larger:
            self._last = (along, across if size >= before_size else before_across, larger, first)
            # Far back on one line is another column.
            return along < before_along - 3 * larger
        same_size = abs(size - before_size) < 0.12 * larger
        goes_on = same_size and 0 < drop < 1.75 * size and abs(along - first) < 4 * size
        if goes_on:
            self._last = (along, across, size, min(along, first))
        return not goes_on


def figure_mark(mcid: int) -> bytes:
    """What begins the mark of a picture."""
    return _content_mark("Figure", mcid)


def _content_mark(kind: str, mcid: int) -> bytes:
    return b"/%s <</MCID %d>> BDC" % (kind.encode(), mcid)


def mark(
    data: bytes,
    owned: Collection[int],
    hidden: Collection[int],
    *,
    properties: Callable[[str], int | None],
    kind_of: Callable[[str], ObjectKind],
) -> Marked:
    """Mark what a content stream shows outside of all marks.

    ``owned`` are the MCIDs that a structure tree has elements for, ``hidden`` those that it calls
    decoration; ``properties`` gives the MCID of a named property list, ``kind_of`` what an XObject is.
    Text becomes blocks as it is set, pictures become figures, drawings artifacts.
    """
    return _Marker(data, owned, hidden, properties=properties, kind_of=kind_of).run()


def all_marked(data: bytes, owned: Collection[int]) -> bool:
    """Whether it can be told at a glance that nothing in a stream is shown outside of marks that are owned.

    Most tagged pages are so, and need not be read operator by operator; those that can't be told are.
    """
    plain = _TEXTS.sub(b" ", data)
    if _UNCLEAR.search(plain):
        return False
    covers: list[bool] = []
    for step in _GLANCE.finditer(plain):
        if step["mcid"]:
            if int(step["mcid"]) not in owned:
                return False
            covers.append(True)
        elif step["artifact"]:
            if b"/MCID" in step["artifact"]:
                return False
            covers.append(True)
        elif step["operator"] == b"BMC":
            covers.append(False)
        elif step["operator"] == b"EMC":
            if covers:
                covers.pop()
        elif step["operator"] == b"BDC" or True not in covers:
            return False
    return True


def strings(data: bytes) -> list[bytes]:
    """The strings of a stream, in order, but for those of its marks' properties."""
    return [text for text in _PIECES.findall(data) if text]


def shows(data: bytes) -> tuple[bool, list[str]]:
    """Whether a stream shows text, and the names of the XObjects that it draws, '' for inline images."""
    text, names = False, []
    for operator in operators(data):
        if operator.name in TEXT_OPERATORS:
            text = True
        elif operator.name == b"Do" and operator.operands:
            names.append(operator.operands[0].decode("latin-1"))
        elif operator.name == b"BI":
            names.append("")
    return text, names


def numbers(operands: list[bytes]) -> list[float]:
    """The numbers among operands."""
    found = []
    for operand in operands:
        try:
            found.append(float(operand))
        except ValueError:
            continue
    return found


def matrix_of(operands: list[bytes]) -> Matrix:
    """The matrix that operands give; that which changes nothing where they are none."""
    values = numbers(operands)
    if len(values) != 6:
        return IDENTITY
    a, b, c, d, e, f = values
    return (a, b, c, d, e, f)


def product(one: Matrix, two: Matrix) -> Matrix:
    """One matrix, and then another (8.3.4)."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)
