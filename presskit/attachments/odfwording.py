"""What an OpenDocument tells who opens it, in words (ISO/IEC 26300-1): what the pages made of it are to show."""

import re
from collections.abc import Iterator

from presskit.attachments.cells import whole_number
from presskit.attachments.wording import Parts, Wording
from presskit.attachments.xml import Node, attribute, child, is_inside, name_of, walked

Styles = dict[str, Node]
_DIGITS = re.compile(r"\d+")
# What is no text of a document's, is hidden under a condition, or is reckoned by the page that it is on.
_UNREAD = {
    "annotation", "notes", "tracked-changes", "forms", "content-validations", "note-citation", "desc", "binary-data",
    "math", "hidden-text", "hidden-paragraph", "page-number", "page-count", "page-continuation", "bookmark-ref",
    "reference-ref", "sequence-ref", "note-ref", "chapter", "sequence", "named-expressions", "covered-table-cell",
    "page-variable-get", "sheet-name", "file-name", "header", "footer", "date-time", "object", "event-listeners",
    "scenario", "dde-links", "measure", "placeholder",
}  # fmt: skip
_INDEXES = ("index-body",)
_SPACES = {"s": " ", "tab": "\t", "line-break": "\n"}
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"


def of_opendocument(parts: Parts, styles: Styles) -> Iterator[Wording]:
    """The wording of a text, a workbook or a show."""
    content = parts.get("content.xml")
    body = child(content, "body") if content is not None else None
    for text in body if body is not None else ():
        match name_of(text):
            case "text":
                yield from map(Wording, paragraphs(text))
                yield from _heads(parts, _masters_of_text(text, styles))
            case "spreadsheet":
                tables = [node for node in text if name_of(node) == "table" and not _is_off(node, styles)]
                for table in tables:
                    yield from map(Wording, _cells(table))
                yield from _heads(parts, {_master(table, "table", styles) for table in tables})
            case "presentation" | "drawing":
                yield from _pages(parts, text, styles)


def paragraphs(root: Node) -> Iterator[str]:
    """The paragraphs of a part, those of a box before the one that it hangs on."""
    texts: list[list[str]] = []
    indexes = 0
    for node, begins in walked(root, _is_unread):
        name = name_of(node)
        indexes += (name in _INDEXES) * (1 if begins else -1)
        if name in ("p", "h"):
            if not begins:
                yield "".join(texts.pop())
            else:
                texts.append([])
        if texts:
            said = (_SPACES.get(name, "") + (node.text or "")) if begins else (node.tail or "")
            # An index has the numbers of pages.
            texts[-1].append(_DIGITS.sub(" ", said) if indexes else said)


def _is_unread(node: Node) -> bool:
    name = name_of(node)
    if name in _UNREAD or name.endswith("-source") or node.tag == f"{_SVG}title":
        return True
    if name == "section":
        return attribute(node, "display") in ("none", "condition")
    if name == "enhanced-geometry" or name != "custom-shape":
        return False
    geometry = child(node, "enhanced-geometry")
    # Words along a curve are drawn.
    return geometry is not None and attribute(geometry, "text-path") == "true"


def _is_off(table: Node, styles: Styles) -> bool:
    style = styles.get(f"table/{attribute(table, 'style-name')}")
    return style is not None and any(attribute(item, "display") == "false" for item in style)


# Sheets


def _cells(table: Node) -> Iterator[str]:
    hidden: set[int] = set()
    column = 0
    for node in table.iter():
        if name_of(node) == "table-column":
            count = _repeated(node, "columns")
            if _is_folded(node, table):
                hidden |= set(range(column, column + count))
            column += count
    for row in table.iter():
        if name_of(row) == "table-row" and not _is_folded(row, table):
            column = 0
            for cell in row:
                if name_of(cell) == "table-cell" and column not in hidden:
                    yield from _text(cell)
                column += _repeated(cell, "columns")
        elif name_of(row) == "shapes":
            yield from paragraphs(row)


def _text(cell: Node) -> Iterator[str]:
    """What a cell shows, as far as it is known: numbers, dates and the like are set anew by their formats."""
    kind, shown = attribute(cell, "value-type"), list(paragraphs(cell))
    if kind in ("", "string"):
        yield from shown
    elif kind in ("float", "currency"):
        digits = whole_number(attribute(cell, "value"))
        if digits and "".join(_DIGITS.findall(shown[0] if shown else "")).startswith(digits):
            yield digits


def _is_folded(node: Node, table: Node) -> bool:
    """Whether a row or a column is hidden, or is in a group that is closed."""
    if attribute(node, "visibility") in ("collapse", "filter"):
        return True
    above = node.getparent()
    while above is not None and above is not table:
        if attribute(above, "display") == "false":
            return True
        above = above.getparent()
    return False


def _repeated(node: Node, name: str) -> int:
    count = attribute(node, f"number-{name}-repeated")
    return min(int(count), 16384) if count.isdigit() else 1


# Shows


def _pages(parts: Parts, show: Node, styles: Styles) -> Iterator[Wording]:
    masters: dict[str, None] = {}
    for page in (node for node in show if name_of(node) == "page"):
        style = styles.get(f"drawing-page/{attribute(page, 'style-name')}")
        about = {name: value for item in (style if style is not None else ()) for name, value in _named(item)}
        if about.get("visibility") == "hidden":
            continue
        yield from map(Wording, paragraphs(page))
        if about.get("background-objects-visible") != "false":
            masters[attribute(page, "master-page-name")] = None
    for name in masters:
        master = _master_page(parts, name)
        for shape in master if master is not None else ():
            if not attribute(shape, "class"):
                yield from map(Wording, paragraphs(shape))


def _named(node: Node) -> Iterator[tuple[str, str]]:
    return ((key.rpartition("}")[2], value) for key, value in node.attrib.items())


# Heads and feet (16.10)


def _heads(parts: Parts, masters: set[str]) -> Iterator[Wording]:
    """The heads and feet that are seen for sure, and from how many pages on."""
    alone = len(masters) == 1
    for name in sorted(masters):
        master = _master_page(parts, name)
        if master is None:
            continue
        yield from _heads_of(master, 1, alone=alone)
        following = _master_page(parts, attribute(master, "next-style-name"))
        if alone and following is not None and following is not master:
            yield from _heads_of(following, 2, alone=False)


def _heads_of(master: Node, least: int, *, alone: bool) -> Iterator[Wording]:
    heads = [node for node in master if name_of(node).startswith(("header", "footer"))]
    shown = {name_of(node): node for node in heads if attribute(node, "display") != "false"}
    for kind, node in shown.items():
        pages = least
        if kind.endswith("-left") or f"{kind}-first" in shown:
            pages = least + 1 if alone else 0
        if pages:
            # Their own names are among what is not read elsewhere.
            yield from (Wording(text, pages) for part in node for text in paragraphs(part))


def _master_page(parts: Parts, name: str) -> Node | None:
    root = parts.get("styles.xml")
    found = (node for node in (root.iter() if root is not None else ()) if name_of(node) == "master-page")
    return next((node for node in found if attribute(node, "name") == name), None)


def _masters_of_text(text: Node, styles: Styles) -> set[str]:
    """The kinds of pages that a text has for sure."""
    begun = [
        _master(node, "table" if name_of(node) == "table" else "paragraph", styles)
        for node in text.iter()
        if name_of(node) in ("p", "h", "table") and not is_inside(node, "frame", "custom-shape", "forms")
    ]
    return {"Standard" if not begun or not begun[0] else begun[0], *filter(None, begun)}


def _master(node: Node, family: str, styles: Styles) -> str:
    """The kind of page that begins with a paragraph or a table, by its style or one that this is based on."""
    name = attribute(node, "style-name")
    for _step in range(10):
        style = styles.get(f"{family}/{name}")
        if style is None:
            return ""
        if "master-page-name" in dict(_named(style)):
            return attribute(style, "master-page-name")
        name = attribute(style, "parent-style-name")
    return ""
