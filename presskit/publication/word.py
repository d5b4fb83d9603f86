"""HTML as a Word document (OOXML): headings, lists, quotes, tables and links as its own styles, in one language."""

import re
from base64 import b64decode
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from presskit.base.i18n import _
from presskit.prose.html import tree_of
from presskit.publication.tree import around_number, numbered, rows, slots
from presskit.reading.metadata import Metadata

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_BOLD, _ITALIC = {"strong", "b", "th"}, {"em", "i", "cite", "var", "dfn"}
_INLINE = set("a abbr b br cite code del em i img ins kbd mark q s samp small span strong sub sup u var".split())
# Word's own styles go three deep.
_DEEPEST = 3
_WIDTH = 6.1
_NUMBERS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


def word(html: str, about: Metadata, pictures: Mapping[str, Path]) -> bytes:
    """A piece of HTML as a .docx file; ``pictures`` are files for the addresses of images.

    The same text gives the same bytes.
    """
    import docx

    document = docx.Document()
    _describe(document, about)
    _Writer(document, pictures).blocks(tree_of(html), document)
    out = BytesIO()
    document.save(out)
    return _dated(out.getvalue(), about.moment)


def _describe(document: "Document", about: Metadata) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm

    properties = document.core_properties
    properties.title, properties.author, properties.subject = about.title[:255], about.author[:255], about.subject[:255]
    properties.keywords, properties.language = ", ".join(about.keywords)[:255], about.lang
    properties.comments, properties.last_modified_by = "", ""
    properties.created = properties.modified = about.moment.astimezone(UTC).replace(tzinfo=None)
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    language = OxmlElement("w:lang")
    language.set(
        qn("w:val"), about.lang if "-" in about.lang else {"fr": "fr-FR", "en": "en-GB"}.get(about.lang, about.lang)
    )
    defaults.append(language)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.75)


class _Writer:
    """Writes a tree of HTML into a document."""

    def __init__(self, document: "Document", pictures: Mapping[str, Path]) -> None:
        self._document = document
        self._pictures = pictures
        # The numbering that lists of a style have at the moment.
        self._numberings: dict[str, int] = {}
        self._style_ids: dict[str, str] = {}
        # The paragraphs of the item that is being written, each with its style.
        self._written: list[tuple[str | None, Any]] = []

    def blocks(self, parent: Element, place: Any, style: str | None = None, *, depth: int = 0) -> None:
        """The blocks of an element, at a place that takes paragraphs; lines of loose text become one each."""
        loose = Element("p")

        def flush() -> None:
            nonlocal loose
            if len(loose) or (loose.text or "").strip():
                self._paragraph(loose, place, style)
            loose = Element("p")

        def add(text: str | None) -> None:
            if len(loose):
                loose[-1].tail = (loose[-1].tail or "") + (text or "")
            else:
                loose.text = (loose.text or "") + (text or "")

        add(parent.text)
        for child in list(parent):
            tail, child.tail = child.tail, None
            if child.tag in _INLINE:
                loose.append(child)
            else:
                flush()
                self._block(child, place, style, depth=depth)
            add(tail)
        flush()

    def _block(self, element: Element, place: Any, style: str | None, *, depth: int) -> None:
        if element.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            level = element.tag[1]
            self._paragraph(element, place, "Title" if level == "1" else f"Heading {int(level) - 1}")
        elif element.tag in ("ul", "ol"):
            self._list(element, place, depth + 1)
        elif element.tag == "blockquote":
            self.blocks(element, place, "Intense Quote" if style == "Quote" else "Quote", depth=depth)
        elif element.tag == "table":
            self._table(element, place)
        elif element.tag in ("figcaption", "caption"):
            self.blocks(element, place, "Caption", depth=depth)
        elif element.tag == "figure" and not any(map(self._has, element.iter("img"))):
            # A caption below nothing helps nobody: drawings are in the folder of images, with their credits.
            return
        elif element.tag == "dt":
            self._paragraph(element, place, style, bold=True)
        elif element.tag == "p":
            self._paragraph(element, place, style)
        elif element.tag != "hr":
            self.blocks(element, place, style, depth=depth)

    def _has(self, image: Element) -> bool:
        source = image.get("src", "")
        return source in self._pictures or source.startswith("data:image/")

    def _list(self, element: Element, place: Any, depth: int) -> None:
        suffix = f" {min(depth, _DEEPEST)}" if depth > 1 else ""
        style = ("List Number" if element.tag == "ol" else "List Bullet") + suffix
        before = dict(self._numberings)
        expected = None
        for number, item in numbered(element):
            numbering = None
            if element.tag == "ol" and number != expected:
                numbering = self._numbered_from(number, element, style)
            if numbering is not None:
                self._numberings[style] = numbering
            if self._item(item, place, style, depth=depth):
                expected = number + 1
        self._numberings = before

    def _item(self, item: Element, place: Any, style: str, *, depth: int) -> bool:
        """Write an item, of which only the first paragraph bears its number; tells whether there is one."""
        self._written, before = [], self._written
        self.blocks(item, place, style, depth=depth)
        own = [paragraph for written, paragraph in self._written if written == style]
        self._written = before
        for paragraph in own[1:]:
            paragraph.style = self._style_id(re.sub("Number|Bullet", "Continue", style))
            paragraph.pPr._remove_numPr()
        return bool(own)

    def _numbered_from(self, number: int, element: Element, style: str) -> int | None:
        """A numbering of its own for a list, or for the rest of one: it would go on from what is before."""
        numbering = self._document.part.numbering_part.element
        paragraph_format: Any = self._document.styles[style].element.pPr
        if paragraph_format is None or paragraph_format.numPr is None:
            return None
        used = paragraph_format.numPr.numId.val
        abstract = next(num.abstractNumId.val for num in numbering.num_lst if num.numId == used)
        added = numbering.add_num(abstract)
        override = added.add_lvlOverride(ilvl=0)
        override.add_startOverride(number)
        level = _level(numbering, abstract, element, start=number)
        if level is not None:
            override.append(level)
        return int(added.numId)

    def _table(self, element: Element, place: Any) -> None:
        for caption in element.findall("caption"):
            self.blocks(caption, place, "Caption")
        lines = rows(element)
        cells = list(slots(lines))
        if not cells:
            return
        if place is self._document and place.element.body.xpath("./*[not(self::w:sectPr)][last()][self::w:tbl]"):
            # Word makes one of two tables between which there is nothing.
            place.add_paragraph()
        table = place.add_table(rows=len(lines), cols=max(slot.last_column for slot in cells) + 1)
        table.style = self._document.styles["Table Grid"]
        # table.cell() would list all cells anew, for each cell.
        targets = [row.cells for row in table.rows]
        for cell, row, column, last_row, last_column in cells:
            target = targets[row][column]
            if (row, column) != (last_row, last_column):
                target = target.merge(targets[last_row][last_column])
            self._cell(cell, target)
        self._repeat_heads(table, lines)

    def _cell(self, cell: Element, target: Any) -> None:
        for paragraph in target.paragraphs:
            target._element.remove(paragraph._p)
        if any(child.tag not in _INLINE for child in cell):
            self.blocks(cell, target)
        if not target.paragraphs:
            self._paragraph(cell, target, None, bold=cell.tag == "th")

    @staticmethod
    def _repeat_heads(table: Any, lines: list[list[Element]]) -> None:
        """Tell that a first row of headings is one, for who listens and for the next page."""
        from docx.oxml import OxmlElement

        if lines[0] and all(cell.tag == "th" for cell in lines[0]):
            table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))

    def _paragraph(self, element: Element, place: Any, style: str | None, *, bold: bool = False) -> None:
        paragraph = place.add_paragraph()
        if style:
            # What add_paragraph() does with a style takes longer than all the rest.
            paragraph._p.style = self._style_id(style)
        if style in self._numberings:
            paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = self._numberings[style]
        self._runs(element, paragraph, {"bold": True} if bold else {})
        if not paragraph.text.strip() and not paragraph._p.xpath(".//w:drawing") and place is self._document:
            paragraph._p.getparent().remove(paragraph._p)
        else:
            self._written.append((style, paragraph._p))

    def _style_id(self, name: str) -> str:
        if name not in self._style_ids:
            self._style_ids[name] = self._document.styles[name].style_id
        return self._style_ids[name]

    def _runs(self, element: Element, paragraph: "Paragraph", how: dict[str, Any]) -> None:
        self._run(element.text, paragraph, how)
        for child in element:
            inner = dict(how)
            if child.tag in _BOLD:
                inner["bold"] = True
            elif child.tag in _ITALIC:
                inner["italic"] = True
            elif child.tag == "sup":
                inner["superscript"] = True
            elif child.tag == "sub":
                inner["subscript"] = True
            if child.tag == "br":
                paragraph.add_run().add_break()
            elif child.tag == "img":
                self._picture(child, paragraph)
            elif child.tag == "a" and (child.get("href") or "#")[0] != "#":
                self._link(child, paragraph, inner)
            else:
                self._runs(child, paragraph, inner)
            self._run(child.tail, paragraph, how)

    def _run(self, text: str | None, paragraph: "Paragraph", how: Mapping[str, Any]) -> None:
        # White space that is not to be broken stays.
        flat = re.sub(r"[ \t\r\n]+", " ", text or "")
        if _takes_no_space(paragraph):
            flat = flat.lstrip(" ")
        if not flat:
            return
        run = paragraph.add_run(flat)
        run.bold, run.italic = how.get("bold"), how.get("italic")
        for place in ("superscript", "subscript"):
            if how.get(place):
                # Setting one of them to nothing would take the other away.
                setattr(run.font, place, True)

    def _link(self, element: Element, paragraph: "Paragraph", how: dict[str, Any]) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import RGBColor
        from docx.text.run import Run

        before = len(paragraph._p)
        self._runs(element, paragraph, how)
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), paragraph.part.relate_to(element.get("href", ""), _HYPERLINK, is_external=True))
        for written in paragraph._p[before:]:
            run = Run(written, paragraph)
            run.font.underline, run.font.color.rgb = True, RGBColor(0x05, 0x50, 0xA0)
            link.append(written)
        paragraph._p.append(link)

    def _picture(self, element: Element, paragraph: "Paragraph") -> None:
        from docx.image.exceptions import UnrecognizedImageError
        from docx.shared import Emu, Inches

        source = element.get("src", "")
        path = self._pictures.get(source)
        picture = str(path) if path is not None else _pasted(source)
        if picture is None:
            return
        try:
            shape = paragraph.add_run().add_picture(picture)
        except (UnrecognizedImageError, OSError):
            # Drawings and newer kinds of image: they are in the folder of images.
            return
        if shape.width > Inches(_WIDTH):
            height = shape.height * Inches(_WIDTH) / shape.width
            shape.width, shape.height = Inches(_WIDTH), Emu(round(height))
        described = shape._inline.docPr
        described.set("descr", element.get("alt", ""))
        described.set("name", path.name if path is not None else _("pasted picture"))


def _pasted(source: str) -> BytesIO | None:
    """A picture that its address itself holds (RFC 2397), as Word reads it: it knows no WebP."""
    from PIL import Image

    head, _comma, data = source.partition(",")
    if not head.startswith("data:image/") or not head.endswith(";base64"):
        return None
    octets = BytesIO(b64decode(data))
    if head != "data:image/webp;base64":
        return octets
    converted = BytesIO()
    with Image.open(octets) as picture:
        picture.save(converted, "PNG")
    converted.seek(0)
    return converted


def _level(numbering: Any, abstract: int, element: Element, *, start: int) -> Any:
    """How a list writes its numbers, if it is not as its style does (ISO 29500-1, 17.9.6); None if it is."""
    from docx.oxml.ns import qn

    before, after = around_number(element)
    kind = _NUMBERS.get(element.get("type", "1"), "decimal")
    if (kind, before, after) == ("decimal", "", "."):
        return None
    (own,) = numbering.xpath(f"./w:abstractNum[@w:abstractNumId={abstract}]/w:lvl[@w:ilvl=0]")
    level = deepcopy(own)
    for name, value in (("start", str(start)), ("numFmt", kind), ("lvlText", f"{before}%1{after}")):
        level.find(qn(f"w:{name}")).set(qn("w:val"), value)
    # Only the style's own level is the one that the style names.
    for tied in level.findall(qn("w:pStyle")):
        level.remove(tied)
    return level


def _takes_no_space(paragraph: "Paragraph") -> bool:
    """Whether a paragraph has nothing yet, or ends in a break or a space. Its end alone is looked at, for speed."""
    from docx.oxml.ns import qn

    last = next(paragraph._p.iterchildren(reversed=True), None)
    return last is None or last.tag == qn("w:pPr") or last.text.endswith((" ", "\n"))


def _dated(document: bytes, moment: datetime) -> bytes:
    """The same package with the document's own date, and not the clock's, on each of its parts."""
    out = BytesIO()
    with ZipFile(BytesIO(document)) as before, ZipFile(out, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            info = ZipInfo(name, (max(moment.year, 1980), *moment.timetuple()[1:6]))
            info.compress_type = ZIP_DEFLATED
            after.writestr(info, before.read(name))
    return out.getvalue()
