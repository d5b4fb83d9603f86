"""OpenDocument's texts, sheets and shows (ISO/IEC 26300-1) as they stand once all changes are accepted."""

from collections.abc import Iterator

from presskit.attachments.findings import Findings, Found
from presskit.attachments.xml import Node, attribute, child, drop_attribute, name_of, remove, set_attribute, unwrap
from presskit.text.symbols import ANY_BULLET, is_private, is_symbols, meaning

# Fields that a program reckons anew when it opens a document, and that hold what they showed last (7).
_FIELDS = {
    "date", "time", "file-name", "author-name", "author-initials", "initial-creator", "creator", "creation-date",
    "creation-time", "modification-date", "modification-time", "print-date", "print-time", "printed-by",
    "editing-cycles", "editing-duration", "title", "subject", "description", "keywords", "template-name",
    "user-defined", "user-field-get", "variable-get", "variable-set", "variable-input", "expression",
    "conditional-text", "database-display", "database-name", "dde-connection", "execute-macro",
    "sender-firstname", "sender-lastname", "sender-initials", "sender-title", "sender-position", "sender-email",
    "sender-phone-private", "sender-fax", "sender-company", "sender-phone-work", "sender-street", "sender-city",
    "sender-postal-code", "sender-country", "sender-state-or-province", "paragraph-count", "word-count",
    "character-count", "table-count", "image-count", "object-count",
}  # fmt: skip
_RECKONED = {"date", "time", "file-name", "author-name", "creator"}
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_FLEETING = ("TODAY(", "NOW(", "RAND(", "RANDBETWEEN(", "CELL(", "INFO(", "INDIRECT(", "OFFSET(")


def settle(root: Node, *, reckoned: bool, styles: dict[str, Node], found: Findings) -> None:
    """Make a part of a document what its author saw; ``styles`` are the document's, by name.

    With ``reckoned`` it comes from a program that reckoned its fields anew, so that what they showed is lost.
    """
    _accept(root, found)
    for node in list(root.iter()):
        name = name_of(node)
        if name in ("annotation", "annotation-end"):
            found[Found.COMMENT] += name == "annotation"
            remove(node)
        elif name in _FIELDS and node.tag.startswith(f"{{{_TEXT}}}") and not is_meta(node):
            found[Found.RECKONED] += reckoned and name in _RECKONED and attribute(node, "fixed") != "true"
            unwrap(node)
        elif name == "date-time-decl" and attribute(node, "source") == "current-date":
            found[Found.UNDATED] += 1
            set_attribute(node, "source", "fixed")
            drop_attribute(node, "data-style-name")
        elif name == "list-level-style-bullet":
            _replace_bullet(node)
    _freeze_formulas(root, found, reckoned=reckoned)
    _drop_hidden(root, styles, found)
    _replace_symbols(root, styles)


def styles_of(*roots: Node) -> dict[str, Node]:
    """The styles of a document by family and name ("table/ta1")."""
    return {
        f"{attribute(node, 'family')}/{attribute(node, 'name')}": node
        for root in roots
        for node in root.iter()
        if name_of(node) == "style"
    }


def is_meta(node: Node) -> bool:
    """Whether an element tells of a document, and is no part of its text."""
    return name_of(node.getparent()) in ("meta", "change-info", "annotation") if node.getparent() is not None else True


def _accept(root: Node, found: Findings) -> None:
    for node in list(root.iter()):
        name = name_of(node)
        if name == "tracked-changes":
            found[Found.CHANGE] += sum(1 for change in node if name_of(change))
            remove(node)
        elif name in ("change", "change-start", "change-end"):
            remove(node)


def _freeze_formulas(root: Node, found: Findings, *, reckoned: bool) -> None:
    cells = [node for node in root.iter() if name_of(node) in ("table-cell", "covered-table-cell")]
    for cell in cells:
        formula = attribute(cell, "formula")
        if not formula:
            continue
        found[Found.RECKONED] += reckoned and any(name in formula.upper() for name in _FLEETING)
        if attribute(cell, "value-type"):
            drop_attribute(cell, "formula")


# What is hidden


def _drop_hidden(root: Node, styles: dict[str, Node], found: Findings) -> None:
    """Take out hidden text and notes, which a file that is handed on must not have either; count the rest."""
    for node in list(root.iter()):
        match name_of(node):
            case "table" if _property(node, "table", styles, name="display") == "false":
                found[Found.HIDDEN_SHEET] += 1
            case "table-row" if attribute(node, "visibility") in ("collapse", "filter") and _has_text(node):
                found[Found.HIDDEN_CELLS] += 1
            case "table-column" if attribute(node, "visibility") in ("collapse", "filter"):
                found[Found.HIDDEN_CELLS] += int(attribute(node, "number-columns-repeated") or 1) < 1000
            case "page" if _property(node, "drawing-page", styles, name="visibility") == "hidden":
                found[Found.HIDDEN_SLIDE] += 1
            case "notes" if _has_notes(node):
                found[Found.NOTE] += 1
                remove(node)
            case "span" | "p" | "h" if _is_hidden(node, styles) and _has_text(node):
                found[Found.HIDDEN_TEXT] += 1
                remove(node)
            case "section" if attribute(node, "display") == "none" and _has_text(node):
                found[Found.HIDDEN_TEXT] += 1
                remove(node)
            case "section" if attribute(node, "display") == "condition" and _has_text(node):
                found[Found.HIDDEN_TEXT] += 1
            case "hidden-text" if attribute(node, "is-hidden") != "false":
                found[Found.HIDDEN_TEXT] += 1
                remove(node)
            case "hidden-paragraph":
                found[Found.HIDDEN_TEXT] += 1


def _is_hidden(node: Node, styles: dict[str, Node]) -> bool:
    family = "text" if name_of(node) == "span" else "paragraph"
    style = styles.get(f"{family}/{attribute(node, 'style-name')}")
    return style is not None and any(
        attribute(item, "display") == "none" for item in style if name_of(item) == "text-properties"
    )


def _property(node: Node, family: str, styles: dict[str, Node], *, name: str) -> str:
    style = styles.get(f"{family}/{attribute(node, 'style-name')}")
    return next((value for item in (style if style is not None else ()) if (value := attribute(item, name))), "")


def _has_text(node: Node) -> bool:
    return any(text.strip() for text in node.itertext())


def _has_notes(notes: Node) -> bool:
    """Whether somebody wrote notes to a slide (9.3.3): beside these, their page has the slide, a head and a foot."""
    ours = ("page", "header", "footer", "date-time", "page-number")
    return any(name_of(item) and attribute(item, "class") not in ours and _has_text(item) for item in notes)


# Symbols


def _replace_bullet(bullet: Node) -> None:
    properties = child(bullet, "text-properties")
    sign = attribute(bullet, "bullet-char")
    font = _font(properties)
    if not sign or not (is_private(sign) or (is_symbols(font) and font.casefold() not in ("opensymbol", "starsymbol"))):
        return
    set_attribute(bullet, "bullet-char", meaning(font, sign) or meaning("OpenSymbol", sign) or ANY_BULLET)
    for name in ("font-name", "font-family", "font-charset", "font-style-name"):
        if properties is not None:
            drop_attribute(properties, name)


def _font(properties: Node | None) -> str:
    if properties is None:
        return ""
    return (attribute(properties, "font-name") or attribute(properties, "font-family")).strip("'")


def _replace_symbols(root: Node, styles: dict[str, Node]) -> None:
    """Write signs of fonts of symbols as the characters that they show."""
    for node in root.iter():
        for holder, text in _private_texts(node):
            font = _font_of(holder, styles)
            shown = "".join((meaning(font, sign) or sign) if is_private(sign) else sign for sign in text)
            if holder is node:
                node.text = shown
            else:
                node.tail = shown


def _private_texts(node: Node) -> Iterator[tuple[Node, str]]:
    """The texts in and after a node that have signs of a font's own, with the element whose style they have."""
    if not isinstance(node.tag, str):
        return
    if node.text and any(map(is_private, node.text)):
        yield node, node.text
    if node.tail and any(map(is_private, node.tail)):
        yield node.getparent(), node.tail


def _font_of(node: Node, styles: dict[str, Node]) -> str:
    for item in (node, *node.iterancestors()):
        family = {"span": "text", "p": "paragraph", "h": "paragraph"}.get(name_of(item), "")
        style = styles.get(f"{family}/{attribute(item, 'style-name')}") if family else None
        properties = child(style, "text-properties") if style is not None else None
        if font := _font(properties):
            return font
    return "OpenSymbol"
