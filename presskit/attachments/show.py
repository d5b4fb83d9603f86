"""PowerPoint's presentations (PresentationML, ISO/IEC 29500-1, 19) as their author saw them."""

from presskit.attachments.findings import Findings, Found
from presskit.attachments.xml import Node, attribute, child, drop_attribute, name_of, remove, renamed, set_attribute
from presskit.text.symbols import ANY_BULLET, is_symbols, meaning


def settle(root: Node, part: str, found: Findings) -> None:
    """Make a part of a presentation (a slide, its notes, its comments) what its author saw."""
    if part.startswith("comments"):
        found[Found.COMMENT] += sum(name_of(node) == "cm" for node in root.iter())
        return
    if part.startswith("notesSlides"):
        found[Found.NOTE] += _has_notes(root)
        return
    if part.startswith("slides") and attribute(root, "show") in ("0", "false"):
        found[Found.HIDDEN_SLIDE] += 1
    for node in list(root.iter()):
        if name_of(node) == "fld" and attribute(node, "type").startswith("datetime"):
            _freeze(node)
        elif name_of(node) == "buChar":
            _replace_bullet(node)


def _has_notes(root: Node) -> bool:
    """Whether somebody wrote notes, beside what the page of notes shows of the slide."""
    for shape in root.iter():
        if name_of(shape) == "sp":
            places = [node for node in shape.iter() if name_of(node) == "ph"]
            if any(attribute(place, "type") == "body" for place in places):
                return any((node.text or "").strip() for node in shape.iter() if name_of(node) == "t")
    return False


def _freeze(field: Node) -> None:
    """Make a field a run of the text that it holds (21.1.2.2.4)."""
    properties = child(field, "pPr")
    if properties is not None:
        remove(properties)
    for name in ("id", "type"):
        drop_attribute(field, name)
    renamed(field, "r")


def _replace_bullet(bullet: Node) -> None:
    properties = bullet.getparent()
    font = child(properties, "buFont")
    if font is None or not is_symbols(attribute(font, "typeface")):
        return
    family = attribute(font, "typeface")
    signs = attribute(bullet, "char")
    set_attribute(bullet, "char", "".join(meaning(family, sign) or ANY_BULLET for sign in signs))
    set_attribute(font, "typeface", "OpenSymbol")
    for name in ("charset", "panose", "pitchFamily"):
        drop_attribute(font, name)
