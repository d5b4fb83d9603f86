"""Structure trees of finished kits, read by pikepdf and not by the code under test, and held against their pages."""

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf

from tests.conftest import struct_text


@dataclass
class Element:
    """A structure element: its type and entries, its kids, and what it marks, as (object, MCID)."""

    tag: str
    raw: pikepdf.Object
    kids: list["Element"] = field(default_factory=list)
    content: list[tuple[tuple[int, int], int]] = field(default_factory=list)
    objects: list[tuple[int, int]] = field(default_factory=list)

    def walk(self) -> Iterator["Element"]:
        yield self
        for kid in self.kids:
            yield from kid.walk()

    def find(self, tag: str) -> list["Element"]:
        return [element for element in self.walk() if element.tag == tag]

    def text(self, key: str) -> str:
        return str(self.raw.get(f"/{key}", ""))

    def outline(self) -> str:
        """The types of an element and of all in it: ``P(Span Link)``."""
        inner = " ".join(kid.outline() for kid in self.kids)
        return f"{self.tag}({inner})" if inner else self.tag


def read_tree(pdf: pikepdf.Pdf) -> Element:
    """The root element, with all that hangs below it; each must point back to what it hangs from."""
    roots = pdf.Root.StructTreeRoot.K
    root = roots[0] if isinstance(roots, pikepdf.Array) else roots
    assert not isinstance(roots, pikepdf.Array) or len(roots) == 1, "one root element"
    assert root.P.objgen == pdf.Root.StructTreeRoot.objgen
    return _read(root, set())


def _read(raw: pikepdf.Object, seen: set[tuple[int, int]]) -> Element:
    assert raw.objgen not in seen, "an element hangs in one place"
    seen.add(raw.objgen)
    element = Element(str(raw.S)[1:], raw)
    kids = raw.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            assert kid.P.objgen == raw.objgen, "an element points to its parent"
            element.kids.append(_read(kid, seen))
        elif isinstance(kid, pikepdf.Dictionary) and "/MCID" in kid:
            element.content.append(((kid.Stm if "/Stm" in kid else kid.Pg).objgen, int(kid.MCID)))
        elif isinstance(kid, pikepdf.Dictionary):
            assert kid.Type == "/OBJR"
            element.objects.append(kid.Obj.objgen)
        else:
            element.content.append((raw.Pg.objgen, int(kid)))
    return element


def check_tree(path: Path) -> Element:
    """Hold a kit's tree against its pages: all that is marked has one element, and all that elements name is there."""
    with pikepdf.open(path) as pdf:
        root = read_tree(pdf)
        owners = {content: element for element in root.walk() for content in element.content}
        assert sum(len(element.content) for element in root.walk()) == len(owners), "content is marked for one element"
        objects = {reference: element for element in root.walk() for reference in element.objects}
        parents = _parent_tree(pdf)
        in_pages = set()
        for page in pdf.pages:
            for holder, mcids in _marks(page.obj, page.obj.get("/Resources", pikepdf.Dictionary()), set()):
                in_pages |= {(holder.objgen, mcid) for mcid in mcids}
                if mcids:
                    entries = parents[int(holder.StructParents)]
                    for mcid in mcids:
                        assert entries[mcid].objgen == owners[holder.objgen, mcid].raw.objgen
            for annotation in page.obj.get("/Annots", []):
                if "/StructParent" in annotation:
                    assert parents[int(annotation.StructParent)].objgen == objects[annotation.objgen].raw.objgen
                elif annotation.Subtype != "/Popup":
                    flags = int(annotation.get("/F", 0))
                    assert flags & 2, "an annotation that is seen has an element"
        assert set(owners) == in_pages, "elements own what is marked in pages, and nothing else"
        identifiers = Counter(element.text("ID") for element in root.walk() if "/ID" in element.raw)
        assert not [name for name, count in identifiers.items() if count > 1]
        by_name = pdf.Root.StructTreeRoot.get("/IDTree", pikepdf.Dictionary()).get("/Names", pikepdf.Array())
        names = [str(name) for name in list(by_name)[::2]]
        assert names == sorted(identifiers)
        roles = pdf.Root.StructTreeRoot.get("/RoleMap", pikepdf.Dictionary())
        assert {element.tag for element in root.walk()} <= STANDARD | {str(name)[1:] for name in roles}
        for element in root.walk():
            # Read while the file is open.
            element.raw = pikepdf.Dictionary({k: v for k, v in element.raw.items() if k not in ("/P", "/K", "/Pg")})
        return root


STANDARD = set(
    "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl "
    "LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot "
    "Figure Formula Form".split()
)


def _parent_tree(pdf: pikepdf.Pdf) -> dict[int, pikepdf.Object]:
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    keys = [int(key) for key in list(numbers)[::2]]
    assert keys == sorted(set(keys))
    assert int(pdf.Root.StructTreeRoot.ParentTreeNextKey) > max(keys)
    return dict(zip(keys, list(numbers)[1::2], strict=True))


def _marks(
    holder: pikepdf.Object, resources: pikepdf.Object, seen: set[tuple[int, int]]
) -> Iterator[tuple[pikepdf.Object, list[int]]]:
    """The MCIDs that a page uses, and those of the forms that it draws."""
    found: list[int] = []
    properties, drawn = (resources.get(key, pikepdf.Dictionary()) for key in ("/Properties", "/XObject"))
    for instruction in pikepdf.parse_content_stream(holder):
        operator = str(instruction.operator)
        if operator == "BDC":
            entry = instruction.operands[1]
            entry = properties[entry] if isinstance(entry, pikepdf.Name) else entry
            if "/MCID" in entry:
                found.append(int(entry.MCID))
        elif operator == "Do":
            item = drawn.get(str(instruction.operands[0]))
            if item is not None and item.get("/Subtype") == "/Form" and item.objgen not in seen:
                seen.add(item.objgen)
                yield from _marks(item, item.get("/Resources", pikepdf.Dictionary()), seen)
    assert len(found) == len(set(found)), "each content is marked once"
    yield holder, found


def tagged_words(path: Path, *, part: int | None = None) -> list[str]:
    """The words of a PDF in the order of its tags, as poppler reads them; of one part of a kit alone, if given."""
    lines = struct_text(path).split("\n")
    if part is not None:
        starts = [i for i, line in enumerate(lines) if re.match(r" *Part <kit-part-\d+>", line)]
        lines = lines[starts[part - 1] : starts[part] if part < len(starts) else None]
    return words(" ".join(line.strip()[1:-1] for line in lines if line.strip().startswith('"')))


def shown_words(path: Path, first: int = 1, last: int | None = None) -> list[str]:
    """The words of a PDF's pages, tagged or not."""
    pages = ["-f", str(first), *(["-l", str(last)] if last else [])]
    text = subprocess.run(["pdftotext", *pages, str(path), "-"], check=True, capture_output=True, text=True).stdout
    return words(text)


def words(text: str) -> list[str]:
    """Words as they compare: letters and figures, without what line ends do to them."""
    return list(re.sub(r"[\W_]+", "", text).lower())


def texts_in_tag_order(path: Path, first: int = 1) -> list[str]:
    """The text of each page from the ``first`` on, in the order of the tags that own it, read by pdfminer."""
    with pikepdf.open(path) as pdf:
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        root = _read_any(pdf.Root.StructTreeRoot)
        marks = [(numbers[holder], mcid) for element in root for holder, mcid in element]
    texts = marked_texts(path)
    return [
        "".join(texts.get((number, mcid), "") for number, mcid in marks if number == page)
        for page in range(first - 1, len(numbers))
    ]


def _read_any(root: pikepdf.Object) -> Iterator[list[tuple[tuple[int, int], int]]]:
    """What each element of any file's tree marks, in the order in which it is read."""
    waiting: list[tuple[pikepdf.Object, pikepdf.Object | None]] = [(root, None)]
    while waiting:
        item, page = waiting.pop()
        if isinstance(item, int):
            if page is not None:
                yield [(page.objgen, int(item))]
            continue
        page = item.get("/Pg", page)
        if "/MCID" in item and page is not None:
            yield [((item.Stm if "/Stm" in item else page).objgen, int(item.MCID))]
        kids = item.get("/K", pikepdf.Array())
        waiting += [(kid, page) for kid in reversed(list(kids) if isinstance(kids, pikepdf.Array) else [kids])]


def marked_texts(path: Path) -> dict[tuple[int, int], str]:
    """The text of each mark, by page and MCID."""
    from pdfminer.pdfdevice import PDFTextDevice
    from pdfminer.pdffont import PDFUnicodeNotDefined
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdfpage import PDFPage

    class Device(PDFTextDevice):
        def __init__(self, manager: PDFResourceManager) -> None:
            super().__init__(manager)
            self.number, self.open, self.texts = -1, [], {}  # type: ignore[var-annotated]

        def begin_page(self, page, ctm) -> None:  # type: ignore[no-untyped-def]
            self.number += 1

        def begin_tag(self, tag, props=None) -> None:  # type: ignore[no-untyped-def]
            self.open.append(props.get("MCID") if isinstance(props, dict) else None)

        def end_tag(self) -> None:
            self.open.pop()

        def render_string(self, textstate, seq, ncs, graphicstate) -> None:  # type: ignore[no-untyped-def]
            owner = next((mcid for mcid in reversed(self.open) if mcid is not None), None)
            for piece in (item for item in seq if isinstance(item, bytes)):
                for cid in textstate.font.decode(piece):
                    try:
                        text = textstate.font.to_unichr(cid)
                    except PDFUnicodeNotDefined:
                        text = f"({cid})"
                    key = (self.number, owner)
                    self.texts[key] = self.texts.get(key, "") + text

    manager = PDFResourceManager()
    device = Device(manager)
    with path.open("rb") as file:
        interpreter = PDFPageInterpreter(manager, device)
        for page in PDFPage.get_pages(file):
            interpreter.process_page(page)
    return device.texts
