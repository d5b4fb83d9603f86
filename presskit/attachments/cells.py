"""What a workbook of Excel's shows in its cells, heads and feet (SpreadsheetML, ISO/IEC 29500-1, 18)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from presskit.attachments.wording import Parts, Wording, drawings, target_of
from presskit.attachments.xml import Node, attribute, child, is_inside, name_of

# Formats that show a whole number as its digits (18.8.30), by their numbers and by what they are made of.
_PLAIN_FORMATS = {0, 1, 2, 3, 4, 37, 38, 39, 40}
_PLAIN_CODE = re.compile(r"(?:[#0 ?]|,(?=[#0])|\.(?=0)|\"[^\"]*\"|\\.|_.|[€$£]|\[\$[^\]]*\]|\[\w+\])+")
_LITERAL = re.compile(r"\"[^\"]*\"|\\.|_.|\[[^\]]*\]")
_LONGEST = 10
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")
# Codes of heads and feet (18.3.1.46): fonts, sizes, colours, styles, what is reckoned.
_CODES = re.compile(r"&(?:\"[^\"]*\"|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3}|\d+|[LCR])|&[A-Z]", re.IGNORECASE)


@dataclass
class _Book:
    """What the cells of a workbook are read by: its strings, and the formats of its styles."""

    strings: list[str] = field(default_factory=list)
    formats: list[str | int] = field(default_factory=list)


def of_workbook(parts: Parts) -> Iterator[Wording]:
    """The wording of the sheets, rows and columns that are not hidden."""
    main = "xl/workbook.xml"
    if main not in parts:
        return
    book = _Book()
    for root in parts.values():
        if name_of(root) == "sst":
            book.strings = [_string(item) for item in root]
        elif name_of(root) == "styleSheet":
            book.formats = _formats(root)
    sheets = [node for node in parts[main].iter() if name_of(node) == "sheet"]
    seen = [node for node in sheets if attribute(node, "state") not in ("hidden", "veryHidden")]
    for sheet in seen:
        # Beside the identity of its part it has another, without a namespace (18.2.19).
        part = target_of(parts, main, next((sheet.get(key) for key in sheet.attrib if key.endswith("}id")), ""))
        if part in parts:
            yield from map(Wording, _cells(parts[part], book))
            yield from drawings(parts, part)
            yield from _heads(parts[part], alone=len(seen) == 1)


def _string(item: Node) -> str:
    return "".join(
        node.text or "" for node in item.iter() if name_of(node) == "t" and not is_inside(node, "rPh", "phoneticPr")
    )


def _formats(styles: Node) -> list[str | int]:
    """The formats of the styles of cells: their codes, the numbers of those that need none."""
    codes = {
        attribute(node, "numFmtId"): attribute(node, "formatCode")
        for node in styles.iter()
        if name_of(node) == "numFmt"
    }
    cells = child(styles, "cellXfs")
    numbers = [attribute(node, "numFmtId") or "0" for node in (cells if cells is not None else ())]
    return [codes[number] if number in codes else int(number) if number.isdigit() else 0 for number in numbers]


def _cells(sheet: Node, book: _Book) -> Iterator[str]:
    columns = _hidden_columns(sheet)
    covered = _covered(sheet)
    row_number = 0
    for row in (node for part in sheet if name_of(part) == "sheetData" for node in part):
        row_number = int(attribute(row, "r") or row_number + 1)
        if attribute(row, "hidden") in ("1", "true") or attribute(row, "ht") == "0":
            continue
        column = 0
        for cell in row:
            found = _REFERENCE.match(attribute(cell, "r"))
            column = _number(found[1]) if found else column + 1
            if column not in columns and (column, row_number) not in covered:
                yield _text(cell, book)


def _text(cell: Node, book: _Book) -> str:
    """What a cell shows, as far as it is known."""
    kind, value = attribute(cell, "t") or "n", child(cell, "v")
    content = (value.text or "").strip() if value is not None else ""
    style = attribute(cell, "s")
    code = book.formats[int(style)] if style.isdigit() and int(style) < len(book.formats) else 0
    if isinstance(code, str) and code.strip(" ") in (";;;", ";;"):
        return ""
    if kind == "s":
        return book.strings[int(content)] if content.isdigit() and int(content) < len(book.strings) else ""
    if kind == "inlineStr":
        inline = child(cell, "is")
        return _string(inline) if inline is not None else ""
    if kind == "str":
        return content
    return whole_number(content) if kind == "n" and _is_plain(code) else ""


def _is_plain(code: str | int) -> bool:
    if isinstance(code, int):
        return code in _PLAIN_FORMATS
    first = code.split(";")[0]
    if first.casefold() == "general":
        return True
    return _PLAIN_CODE.fullmatch(first) is not None and "0" in _LITERAL.sub("", first)


def whole_number(value: str) -> str:
    """The digits of a whole number that is shown by them, '' for others: they may be rounded, or be dates."""
    try:
        number = float(value)
    except ValueError:
        return ""
    return str(int(abs(number))) if number.is_integer() and abs(number) < 10**_LONGEST else ""


def _hidden_columns(sheet: Node) -> set[int]:
    hidden: set[int] = set()
    for node in (item for part in sheet if name_of(part) == "cols" for item in part):
        if attribute(node, "hidden") in ("1", "true") or attribute(node, "width") == "0":
            first, last = (int(attribute(node, name) or 0) for name in ("min", "max"))
            hidden |= set(range(first, min(last, 16384) + 1))
    return hidden


def _covered(sheet: Node) -> set[tuple[int, int]]:
    """The cells that others lie over, which are merged with them."""
    covered: set[tuple[int, int]] = set()
    for node in (item for part in sheet if name_of(part) == "mergeCells" for item in part):
        ends = _REFERENCE.findall(attribute(node, "ref"))
        if len(ends) == 2:
            (left, top), (right, bottom) = ((_number(column), int(row)) for column, row in ends)
            # A column that is merged as a whole has a million rows.
            area = [(x, y) for x in range(left, right + 1) for y in range(top, min(bottom, top + 2000) + 1)]
            covered |= set(area[1:])
    return covered


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _heads(sheet: Node, *, alone: bool) -> Iterator[Wording]:
    """The texts of a sheet's heads and feet, from how many pages on they are seen."""
    heads = child(sheet, "headerFooter")
    if heads is None:
        return
    two_sided, titled = (attribute(heads, name) in ("1", "true") for name in ("differentOddEven", "differentFirst"))
    pages = {"odd": 1, "even": 2 if two_sided and alone else 0, "first": int(titled)}
    if titled:
        pages["odd"] = (3 if two_sided else 2) if alone else 0
    for node in heads:
        least = pages.get(name_of(node).removesuffix("Header").removesuffix("Footer"), 0)
        if least:
            yield Wording(_CODES.sub(" ", (node.text or "").replace("&&", " ")), least)
