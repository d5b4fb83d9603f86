"""The structure tree of rendered pages: from the boxes that WeasyPrint laid out to PDF tags.

It takes the place of WeasyPrint's own (weasyprint.pdf.tags, version 70), which makes one element of each
piece that a page break leaves of another (Kozea/WeasyPrint issues 2902 and 2903), one of each line, and
none of languages. Here elements follow the HTML tree, so that a paragraph is one ``P`` however it was cut.
Types are those of ISO 32000-1, 14.8.4; the rules on them those of ISO 14289-1, 7.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from presskit.base.marks import PART_ATTRIBUTE

_TAGS = {
    **{f"h{level}": f"H{level}" for level in range(1, 7)},
    **dict.fromkeys(("ul", "ol", "dl"), "L"),
    **dict.fromkeys(("p", "pre", "figcaption", "address"), "P"),
    **dict.fromkeys(("section", "aside"), "Sect"),
    "article": "Art",
    "blockquote": "BlockQuote",
    "li": "LI",
    "table": "Table",
    "caption": "Caption",
    "thead": "THead",
    "tbody": "TBody",
    "tfoot": "TFoot",
    "tr": "TR",
    "th": "TH",
    "td": "TD",
    "a": "Link",
    "img": "Figure",
    "code": "Code",
    "q": "Quote",
}
_BLOCKS = {"div", "body", "html", "main", "nav", "header", "footer", "figure", "figcaption", "dt", "dd"}
_INLINES = {"a", "code", "q"}
# Elements that may hold text; in all others it needs a paragraph of its own.
_TEXTUAL = {"P", "Link", "Code", "Quote", "Span", "Lbl", "LBody", "TH", "TD", "Caption", "Reference", "Figure"}
_TEXTUAL |= {f"H{level}" for level in range(1, 7)}
# Cells count in their table even when they are empty.
_KEPT_EMPTY = {"TR", "TH", "TD", "Part"}
_NUMBERING = {"ul": "Disc", "1": "Decimal", "a": "LowerAlpha", "A": "UpperAlpha", "i": "LowerRoman", "I": "UpperRoman"}

# An element, text or a picture by page and MCID, or an annotation by page.
_Kid: TypeAlias = "_Node | tuple[int, int] | tuple[int, Any]"


@dataclass(eq=False, kw_only=True)
class _Node:
    """A structure element to be: its type, its content in order, its entries and its attributes."""

    tag: str
    parent: "_Node | None" = None
    kids: list[_Kid] = field(default_factory=list)
    entries: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    source: Any = None

    def add(self, tag: str, source: Any = None) -> "_Node":
        node = _Node(tag=tag, parent=self, source=source)
        self.kids.append(node)
        return node


def add_tags(pdf: Any, document: Any, _pdf_version: object, page_streams: list[Any]) -> None:
    """Give a PDF its structure tree; called by WeasyPrint in the place of its own function."""
    tree = _Tree(document)
    for number, (page, stream) in enumerate(zip(document.pages, page_streams, strict=True)):
        tree.read(page._page_box, number, stream)
    _write(pdf, tree.root, [len(stream._tags) for stream in page_streams])


class _Tree:
    """Reads pages of boxes, and gathers what they hold by the elements of the HTML page."""

    def __init__(self, document: Any) -> None:
        from weasyprint.formatting_structure import boxes
        from weasyprint.layout.absolute import AbsolutePlaceholder

        self._boxes, self._placeholder = boxes, AbsolutePlaceholder
        self.root = _Node(tag="Document")
        self._nodes: dict[Any, _Node] = {}
        self._parents: dict[Any, Any] = {}
        html = next((page._page_box.children[0].element for page in document.pages), None)
        if html is not None:
            # WeasyPrint wraps elements, and makes those of boxes from the wrapped ones.
            self._parents = {child: parent for parent in html.iter() for child in parent}
        # The pages on which the heads and feet of tables were first met: repeated ones are decoration.
        self._groups: dict[Any, int] = {}
        self._page, self._height, self._stream = 0, 0.0, None

    def read(self, page_box: Any, number: int, stream: Any) -> None:
        """Read one page."""
        self._page, self._stream = number, stream
        self._height = page_box.margin_height()
        artifacts: set[int] = set()
        self._visit(page_box, artifacts, hidden=False)
        _hide(stream, artifacts)

    def _visit(self, box: Any, artifacts: set[int], *, hidden: bool) -> None:
        boxes = self._boxes
        if isinstance(box, self._placeholder):
            box = box._box
        hidden = hidden or isinstance(box, boxes.MarginBox) or self._is_repeated(box)
        mark = self._stream._tags.get(box) if self._stream is not None else None
        self._note_link(box)
        if hidden:
            if mark:
                artifacts.add(mark["mcid"])
        else:
            self._note(box, mark, artifacts)
        for child in box.children if isinstance(box, boxes.ParentBox) else ():
            self._visit(child, artifacts, hidden=hidden)

    def _is_repeated(self, box: Any) -> bool:
        if not isinstance(box, self._boxes.TableRowGroupBox) or box.element_tag not in ("thead", "tfoot"):
            return False
        return bool(self._groups.setdefault(box.element, self._page) != self._page)

    def _note(self, box: Any, mark: dict[str, Any] | None, artifacts: set[int]) -> None:
        element, boxes = box.element, self._boxes
        if element is None or isinstance(box, boxes.PageBox):
            return
        if isinstance(box, boxes.TableCellBox):
            self._note_cell(box)
        elif isinstance(box, boxes.TableRowBox):
            self._node(element)
        if PART_ATTRIBUTE in element.attrib:
            self._node(element)
        if mark is None:
            return
        if not isinstance(box, boxes.ReplacedBox):
            self._holder(box).kids.append((self._page, mark["mcid"]))
            return
        alternative = element.attrib.get("alt")
        if element.tag != "img" or "::" in box.element_tag or alternative == "":
            # Drawn by the stylesheet, or said to be decoration.
            artifacts.add(mark["mcid"])
            return
        figure = self._node(element)
        figure.kids.append((self._page, mark["mcid"]))
        if alternative:
            figure.entries["Alt"] = _string(alternative)
        left, top = box.content_box_x(), box.content_box_y()
        points = (left, self._height - top - box.height, left + box.width, self._height - top)
        figure.attributes |= {"O": "/Layout", "BBox": [round(0.75 * value, 2) for value in points]}

    def _note_link(self, box: Any) -> None:
        """A link leads somewhere on each page that repeats it, though a table's head is read once (7.18.5)."""
        if box.element is None or box.link_annotation is None:
            return
        link = self._node(self._anchor(box.element))
        link.kids.append((self._page, box.link_annotation))
        box.link_annotation["Contents"] = _string(_spoken(box.element))

    def _anchor(self, element: Any) -> Any:
        """The link that an element is in: a picture in one has the link's annotation, too (ISO 14289-1, 7.18.5)."""
        while element.tag != "a" and element in self._parents:
            element = self._parents[element]
        return element

    def _note_cell(self, box: Any) -> None:
        cell = self._node(box.element)
        if cell.attributes:
            return
        cell.attributes["O"] = "/Table"
        if cell.tag == "TH":
            row = self._parents.get(box.element)
            in_head = row is not None and getattr(self._parents.get(row), "tag", "") == "thead"
            scope = box.element.attrib.get("scope", "col" if in_head else "row")
            cell.attributes["Scope"] = "/Column" if scope.startswith("col") else "/Row"
        if box.colspan != 1:
            cell.attributes["ColSpan"] = box.colspan
        if box.rowspan != 1:
            cell.attributes["RowSpan"] = box.rowspan

    def _holder(self, box: Any) -> _Node:
        """The element that the text of a box belongs to."""
        if box.element_tag.endswith("::marker"):
            return self._part_of_item(box.element, "Lbl")
        return self._textual(box.element)

    def _textual(self, element: Any) -> _Node:
        """Where text that an element holds goes."""
        node = self._inside(element)
        if node.tag in _TEXTUAL:
            return node
        # A paragraph of its own for each block of text that stands directly in a group.
        block = element
        while block.tag not in _BLOCKS and block.tag not in _TAGS and block in self._parents:
            block = self._parents[block]
        last = node.kids[-1] if node.kids else None
        return last if isinstance(last, _Node) and last.source is block else node.add("P", block)

    def _node(self, element: Any) -> _Node:
        """The structure element of an HTML element: its own, or that of what it is in."""
        if element not in self._nodes:
            self._nodes[element] = self._made(element)
        return self._nodes[element]

    def _made(self, element: Any) -> _Node:
        above = self._parents.get(element)
        if above is None:
            return self.root
        tag, language = element.tag, element.attrib.get("lang", "")
        inline = tag in _INLINES or (bool(language) and tag not in _BLOCKS and tag not in _TAGS)
        parent = self._textual(above) if inline else self._inside(above)
        if title := element.attrib.get(PART_ATTRIBUTE):
            node = parent.add("Part")
            node.entries |= {"T": _string(title), "ID": _string(element.attrib.get("id", ""))}
        elif tag in ("dt", "dd"):
            node = self._described(parent, tag)
        elif tag in ("ul", "ol") and element.attrib.get("role") == "doc-toc":
            node = parent.add("TOC")
        elif tag == "li" and parent.tag == "TOC":
            entry = parent.add("TOCI")
            linked = any(link.attrib.get("href", "").startswith("#") for link in element.iter("a"))
            node = entry.add("Reference" if linked else "P")
        elif tag == "li" and parent.tag != "L":
            # An item without its list.
            node = parent.add("L").add("LI")
        elif tag == "a" and "href" not in element.attrib:
            node = parent
        elif tag in _TAGS:
            node = parent.add(_TAGS[tag])
        elif language:
            node = parent.add("Div" if tag in _BLOCKS else "Span")
        else:
            return parent
        if language:
            node.entries["Lang"] = _string(language)
        if node.tag == "L" and tag in ("ul", "ol") and element.attrib.get("class") != "plain":
            kind = "ul" if tag == "ul" else element.attrib.get("type", "1")
            node.attributes |= {"O": "/List", "ListNumbering": f"/{_NUMBERING.get(kind, 'Decimal')}"}
        return node

    def _inside(self, element: Any) -> _Node:
        """Where what an element contains goes."""
        node = self._node(element)
        return self._part_of_item(element, "LBody") if node.tag == "LI" else node

    def _part_of_item(self, element: Any, tag: str) -> _Node:
        key = (element, tag)
        if key not in self._nodes:
            item = self._node(element)
            self._nodes[key] = item.add(tag) if item.tag == "LI" else item
        return self._nodes[key]

    @staticmethod
    def _described(parent: _Node, tag: str) -> _Node:
        """A term, which begins an item of its list, or a description, which goes on with one."""
        if parent.tag != "L":
            return parent.add("P")
        last = parent.kids[-1] if parent.kids else None
        if tag == "dt" or not isinstance(last, _Node):
            last = parent.add("LI")
        return last.add("Lbl" if tag == "dt" else "LBody")


def _spoken(element: Any) -> str:
    """What a link says: its text, else that of its pictures, else its address."""
    text = " ".join("".join(element.itertext()).split())
    text = text or " ".join(image.attrib.get("alt", "") for image in element.iter("img")).strip()
    return text or str(element.attrib.get("href", ""))


def _hide(stream: Any, artifacts: set[int]) -> None:
    """Make marked content decoration: in a page's operators, a type, its properties and BDC in turn."""
    operators = stream.stream
    for index, operator in enumerate(operators):
        if operator == b"BDC" and operators[index - 1]["MCID"] in artifacts:
            operators[index - 2 : index + 1] = ["/Artifact", "<</Type /Pagination>>", b"BDC"]


# Writing


def _string(text: str) -> Any:
    import pydyf

    return pydyf.String(text)


def _write(pdf: Any, root: _Node, lengths: list[int]) -> None:
    import pydyf

    tree = pydyf.Dictionary({"Type": "/StructTreeRoot", "ParentTreeNextKey": 0})
    pdf.add_object(tree)
    # By page, the element of each MCID (14.7.4.4); decoration has none.
    owners: list[list[Any]] = [[b"null"] * length for length in lengths]
    annotations: list[tuple[Any, Any]] = []
    _prune(root)
    tree["K"] = pydyf.Array([_written(pdf, root, tree.reference, owners=owners, annotations=annotations)])
    numbers = pydyf.Array()
    for page, elements in enumerate(owners):
        numbers.extend((page, pydyf.Array(elements)))
    for key, (annotation, element) in enumerate(annotations, len(lengths)):
        annotation["StructParent"] = key
        numbers.extend((key, element))
    tree["ParentTreeNextKey"] = len(lengths) + len(annotations)
    tree["ParentTree"] = pydyf.Dictionary({"Nums": numbers})
    pdf.catalog["StructTreeRoot"] = tree.reference
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
    pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})


def _prune(node: _Node) -> bool:
    """Drop elements without content; tells whether a node has any."""
    node.kids = [kid for kid in node.kids if not isinstance(kid, _Node) or _prune(kid)]
    return bool(node.kids) or node.tag in _KEPT_EMPTY


def _written(pdf: Any, node: _Node, parent: Any, *, owners: list[list[Any]], annotations: list[tuple[Any, Any]]) -> Any:
    """Add an element and those in it to a PDF; gives its reference."""
    import pydyf

    element = pydyf.Dictionary({"Type": "/StructElem", "S": f"/{node.tag}", "P": parent, **node.entries})
    pdf.add_object(element)
    home = next(_pages(node), None)
    if home is not None:
        element["Pg"] = pdf.page_references[home]
    if node.attributes:
        attributes = {key: pydyf.Array(v) if isinstance(v, list) else v for key, v in node.attributes.items()}
        element["A"] = pydyf.Dictionary(attributes)
    kids = pydyf.Array()
    for kid in node.kids:
        if isinstance(kid, _Node):
            kids.append(_written(pdf, kid, element.reference, owners=owners, annotations=annotations))
            continue
        page, content = kid
        if isinstance(content, int):
            owners[page][content] = element.reference
            reference = pydyf.Dictionary({"Type": "/MCR", "Pg": pdf.page_references[page], "MCID": content})
            kids.append(content if page == home else reference)
        else:
            annotations.append((content, element.reference))
            reference = {"Type": "/OBJR", "Obj": content.reference, "Pg": pdf.page_references[page]}
            kids.append(pydyf.Dictionary(reference))
    element["K"] = kids
    return element.reference


def _pages(node: _Node) -> Iterator[int]:
    """The pages of what a node itself holds."""
    return (kid[0] for kid in node.kids if not isinstance(kid, _Node))
