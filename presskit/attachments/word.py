"""Word's documents (WordprocessingML, ISO/IEC 29500-1, 17) as they stand once all changes are accepted."""

from dataclasses import dataclass, field

from presskit.attachments.findings import Findings, Found
from presskit.attachments.xml import (
    Node,
    attribute,
    child,
    drop_attribute,
    is_inside,
    made_beside,
    name_of,
    remove,
    set_attribute,
    unwrap,
)
from presskit.text.symbols import ANY_BULLET, is_private, is_symbols, meaning

# Marks of changes, beside those that hold text: what a format was before, and where ranges begin and end (17.13.5).
_FORMERLY = {
    "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblPrExChange", "trPrChange", "tcPrChange",
    "tblGridChange", "numberingChange",
}  # fmt: skip
_RANGES = {
    f"{kind}{end}"
    for kind in ("moveFromRange", "moveToRange", "customXmlInsRange", "customXmlDelRange", "customXmlMoveFromRange",
                 "customXmlMoveToRange", "commentRange")
    for end in ("Start", "End")
}  # fmt: skip
_PROPERTIES = ("rPr", "trPr", "ctrlPr", "numPr")
# Fields that the page decides or that lead somewhere (17.16.5); all others show what they showed their author.
_LIVE_FIELDS = set(
    "PAGE NUMPAGES SECTION SECTIONPAGES PAGEREF REF NOTEREF TOC TC TOA TA XE INDEX HYPERLINK SEQ STYLEREF FORMTEXT "
    "FORMCHECKBOX FORMDROPDOWN EQ SYMBOL LISTNUM AUTONUM AUTONUMLGL AUTONUMOUT ADVANCE SHAPE EMBED BIBLIOGRAPHY "
    "CITATION GOTOBUTTON MACROBUTTON CONTROL PRIVATE RD".split()
)
_FONT = "OpenSymbol"


def is_live(instruction: str) -> bool:
    """Whether a field is one that must be reckoned anew, by its instruction."""
    words = instruction.split()
    return not words or words[0].upper() in _LIVE_FIELDS


def settle(root: Node, part: str, hidden_styles: frozenset[str], *, found: Findings) -> None:
    """Make a part of a document (its text, a header, its notes, its lists…) what it shows when all is accepted."""
    if part.startswith("comments"):
        found[Found.COMMENT] += sum(name_of(node) == "comment" for node in root)
        for node in list(root):
            remove(node)
        return
    _accept(root, found)
    _freeze_fields(root)
    _drop_hidden(root, hidden_styles, found)
    for node in list(root.iter()):
        if name_of(node) in ("dataBinding", "commentReference"):
            # A content control shows the text that it holds, not the one of a property.
            remove(node)
    _replace_symbols(root)


def hidden_styles(root: Node) -> frozenset[str]:
    """The styles whose text is hidden."""
    return frozenset(
        attribute(style, "styleId")
        for style in root
        if name_of(style) == "style" and (properties := child(style, "rPr")) is not None and _vanishes(properties)
    )


# Changes


def _accept(root: Node, found: Findings) -> None:
    merged: list[Node] = []
    for node in list(root.iter()):
        name = name_of(node)
        if name in _FORMERLY or name in _RANGES:
            _count(node, found, name in _FORMERLY)
            remove(node)
        elif name in ("ins", "del", "moveFrom", "moveTo"):
            _accept_one(node, name, merged, found=found)
        elif name in ("cellDel", "cellIns", "cellMerge"):
            _count(node, found)
            cell = next((above for above in node.iterancestors() if name_of(above) == "tc"), None)
            remove(cell if name == "cellDel" and cell is not None else node)
    for paragraph in merged:
        _join_next(paragraph)
    _mend_tables(root)


def _accept_one(node: Node, name: str, merged: list[Node], *, found: Findings) -> None:
    # A move is one change, told twice.
    _count(node, found, name != "moveTo")
    gone = name in ("del", "moveFrom")
    parent = node.getparent()
    if parent is None:
        return
    if name_of(parent) not in _PROPERTIES:
        (remove if gone else unwrap)(node)
        return
    remove(node)
    if not gone:
        return
    if name_of(parent) == "trPr":
        remove(parent.getparent())
    elif name_of(parent) == "rPr" and name_of(parent.getparent()) == "pPr":
        merged.append(parent.getparent().getparent())


def _count(node: Node, found: Findings, is_one: bool = True) -> None:
    # What a text box shows is written twice: for programs that know it, and for those that do not (ISO 29500-3).
    if is_one and not is_inside(node, "Fallback"):
        found[Found.CHANGE] += 1


def _join_next(paragraph: Node) -> None:
    """Join a paragraph whose end is deleted with the next, whose end and properties stay."""
    following = next((node for node in paragraph.itersiblings() if name_of(node) in ("p", "tbl", "sdt", "tc")), None)
    content = [node for node in paragraph if name_of(node) != "pPr"]
    if following is not None and name_of(following) == "p":
        place = 1 if len(following) and name_of(following[0]) == "pPr" else 0
        following[place:place] = content
        remove(paragraph)
    elif not content and following is not None:
        remove(paragraph)


def _mend_tables(root: Node) -> None:
    """Drop tables without rows, and give cells the paragraph that they must end with (17.4.65)."""
    for table in [node for node in root.iter() if name_of(node) == "tbl"]:
        if not any(name_of(node) == "tr" or (name_of(node) == "sdt" and len(node)) for node in table):
            remove(table)
    for cell in [node for node in root.iter() if name_of(node) == "tc"]:
        if not len(cell) or name_of(cell[-1]) in ("tcPr", "tbl"):
            cell.append(made_beside(cell, "p"))


# Fields


@dataclass
class _Field:
    """A field that is open: what is to go if it is frozen, and its instruction so far."""

    parts: list[Node] = field(default_factory=list)
    instruction: str = ""
    has_result: bool = False


def _freeze_fields(root: Node) -> None:
    """Turn fields into the text that they showed their author, save those that pages decide."""
    doomed: list[Node] = []
    open_fields: list[_Field] = []
    for node in root.iter():
        name = name_of(node)
        if name == "fldChar" and attribute(node, "fldCharType") == "begin":
            _note(node, open_fields)
            open_fields.append(_Field([node]))
        elif name == "fldChar" and open_fields:
            kind, last = attribute(node, "fldCharType"), open_fields[-1]
            last.parts.append(node)
            last.has_result |= kind == "separate"
            if kind == "end":
                open_fields.pop()
                _note(node, open_fields)
                doomed += [] if is_live(last.instruction) else last.parts
        elif name == "instrText" and open_fields and not open_fields[-1].has_result:
            open_fields[-1].instruction += node.text or ""
            open_fields[-1].parts.append(node)
        elif name in ("t", "tab", "br", "cr", "sym", "drawing", "pict", "noBreakHyphen"):
            _note(node, open_fields)
    for node in doomed:
        if node.getparent() is not None:
            remove(node)
    for node in [node for node in root.iter() if name_of(node) == "fldSimple"]:
        if not is_live(attribute(node, "instr")):
            unwrap(node)


def _note(node: Node, open_fields: list[_Field]) -> None:
    """Count a node among what is to go with the field in whose instruction it is."""
    for item in open_fields:
        if not item.has_result:
            item.parts.append(node)
            return


# What is hidden


def _drop_hidden(root: Node, styles: frozenset[str], found: Findings) -> None:
    before = False
    for run in [node for node in root.iter() if name_of(node) == "r"]:
        texts = [node for node in run if name_of(node) == "t" and (node.text or "").strip()]
        is_hidden = _is_hidden(run, styles)
        if is_hidden and texts:
            # Runs that follow each other are one passage.
            found[Found.HIDDEN_TEXT] += not before and not is_inside(run, "Fallback")
            for node in texts:
                remove(node)
        before = is_hidden if texts else before


def _is_hidden(run: Node, styles: frozenset[str]) -> bool:
    properties = child(run, "rPr")
    if properties is not None and child(properties, "vanish") is not None:
        return _vanishes(properties)
    style = child(properties, "rStyle") if properties is not None else None
    if style is not None and attribute(style, "val") in styles:
        return True
    paragraph = next((above for above in run.iterancestors() if name_of(above) == "p"), None)
    about = child(paragraph, "pPr") if paragraph is not None else None
    style = child(about, "pStyle") if about is not None else None
    return style is not None and attribute(style, "val") in styles


def _vanishes(properties: Node) -> bool:
    mark = child(properties, "vanish")
    return mark is not None and attribute(mark, "val") not in ("0", "false", "off")


# Symbols


def _replace_symbols(root: Node) -> None:
    """Write bullets and signs of fonts of symbols as the characters that they show."""
    for node in list(root.iter()):
        name = name_of(node)
        if name == "lvl":
            _replace_bullet(node)
        elif name == "sym":
            _replace_sign(node)
        elif name == "t" and any(map(is_private, node.text or "")):
            _replace_text(node)


def _replace_bullet(level: Node) -> None:
    properties, text = child(level, "rPr"), child(level, "lvlText")
    fonts = child(properties, "rFonts") if properties is not None else None
    own = attribute(text, "val") if text is not None else ""
    if not own or fonts is None or not (is_symbols(attribute(fonts, "ascii")) or any(map(is_private, own))):
        return
    font = attribute(fonts, "ascii")
    set_attribute(text, "val", "".join(meaning(font, sign) or ANY_BULLET for sign in own))
    _set_font(fonts)


def _set_font(fonts: Node) -> None:
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        set_attribute(fonts, name, _FONT)
    drop_attribute(fonts, "hint")


def _replace_sign(sign: Node) -> None:
    try:
        found = meaning(attribute(sign, "font"), chr(int(attribute(sign, "char") or "0", 16)))
    except (ValueError, OverflowError):
        return
    if found:
        text = made_beside(sign, "t")
        text.text = found
        sign.getparent().replace(sign, text)


def _replace_text(text: Node) -> None:
    run = text.getparent()
    properties = child(run, "rPr") if run is not None else None
    fonts = child(properties, "rFonts") if properties is not None else None
    if fonts is None:
        return
    font = attribute(fonts, "ascii") or attribute(fonts, "hAnsi")
    text.text = "".join((meaning(font, sign) or sign) if is_private(sign) else sign for sign in text.text)
    if not any(map(is_private, text.text)):
        _set_font(fonts)
