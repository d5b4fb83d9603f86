"""What an office document tells who opens it, in words: what the pages that are made of it are to show.

Parts are read once they are settled (package.py): without changes, comments and hidden text, with frozen fields.
Where it can't be known whether something is seen, it is left out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from posixpath import dirname, join, normpath

from presskit.attachments.xml import Node, attribute, child, name_of, walked

Parts = Mapping[str, Node]
_DIGITS = re.compile(r"\d+")
# What programs draw as shapes, or set in letters that are no letters; and what others show in its place.
_UNREAD = ("Fallback", "oMath", "oMathPara", "rPh")
_SPACES = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# What hangs on a page beside its own text, by the names of relationships' types.
_DRAWN = ("chart", "chartEx", "diagramDrawing", "chartUserShapes")


@dataclass(frozen=True)
class Wording:
    """A text that is to be seen where a document has at least so many pages."""

    text: str
    pages: int = 1


def of_word(parts: Parts) -> Iterator[Wording]:
    """The wording of a text: its notes that are called, and its heads and feet."""
    main = "word/document.xml"
    if main not in parts:
        return
    document = parts[main]
    yield from map(Wording, paragraphs(document))
    for kind in ("footnote", "endnote"):
        called = {attribute(node, "id") for node in document.iter() if name_of(node) == f"{kind}Reference"}
        for part in _targets(parts, main, f"{kind}s"):
            notes = [note for note in parts[part] if attribute(note, "id") in called]
            yield from (Wording(text) for note in notes for text in paragraphs(note))
    for part, pages in _heads(parts, main):
        yield from (Wording(text, pages) for text in paragraphs(parts[part]))
        yield from _hanging(parts, part)
    yield from _hanging(parts, main)


def of_show(parts: Parts) -> Iterator[Wording]:
    """The wording of the slides that are shown, and what stands on all of them."""
    behind: dict[str, None] = {}
    for name, root in parts.items():
        if name_of(root) != "sld" or attribute(root, "show") in ("0", "false"):
            continue
        yield from map(Wording, paragraphs(root))
        yield from _hanging(parts, name)
        shown, kind = root, name
        for layer in ("slideLayout", "slideMaster"):
            found = _targets(parts, kind, layer)
            if not found or attribute(shown, "showMasterSp") in ("0", "false"):
                break
            kind, shown = found[0], parts[found[0]]
            behind[kind] = None
    for name in behind:
        yield from map(Wording, paragraphs(parts[name], places=False))


def drawings(parts: Parts, name: str) -> Iterator[Wording]:
    """The wording of the boxes and charts that lie on a sheet."""
    for part in _targets(parts, name, "drawing"):
        yield from map(Wording, paragraphs(parts[part]))
        yield from _hanging(parts, part)


def paragraphs(root: Node, *, places: bool = True) -> Iterator[str]:
    """The paragraphs of a part, those of a box before the one that it hangs on.

    Without ``places``, those that slides fill in (19.3.1.36) are left out.
    """
    texts: list[list[str]] = []
    field = _Fields()
    for node, begins in walked(root, lambda node: _is_unread(node, places=places)):
        name = name_of(node)
        if name == "p":
            if begins:
                texts.append([])
            else:
                yield "".join(texts.pop())
        elif not begins:
            field.end(name)
        elif not texts:
            continue
        elif name == "t":
            # Figures in a field are those of the page that it is on.
            texts[-1].append(_DIGITS.sub(" ", node.text or "") if field.is_open else node.text or "")
        elif name in _SPACES:
            texts[-1].append(_SPACES[name])
        else:
            field.begin(node, name)


@dataclass
class _Fields:
    """How deep a place is in fields that pages decide."""

    open: int = 0

    @property
    def is_open(self) -> bool:
        return self.open > 0

    def begin(self, node: Node, name: str) -> None:
        kind = attribute(node, "fldCharType") if name == "fldChar" else ""
        self.open += (kind == "begin" or name in ("fldSimple", "fld")) - (kind == "end")

    def end(self, name: str) -> None:
        self.open -= name in ("fldSimple", "fld")


def _is_unread(node: Node, *, places: bool) -> bool:
    name = name_of(node)
    if name in _UNREAD:
        return True
    if name in ("sp", "wsp", "grpSp", "cxnSp", "pic", "graphicFrame"):
        return _is_unread_shape(node, places=places)
    return False


def _is_unread_shape(shape: Node, *, places: bool) -> bool:
    for about in (node for part in shape if name_of(part).startswith("nv") for node in part.iter()):
        if name_of(about) == "cNvPr" and attribute(about, "hidden") in ("1", "true"):
            return True
        if name_of(about) == "ph" and not places:
            return True
    body = next((part for part in shape if name_of(part) in ("txBody", "bodyPr")), None)
    about = child(body, "bodyPr") if body is not None and name_of(body) == "txBody" else body
    curve = child(about, "prstTxWarp") if about is not None else None
    # Words along a curve are drawn.
    return curve is not None and attribute(curve, "prst") != "textNoShape"


def _hanging(parts: Parts, name: str) -> Iterator[Wording]:
    """The titles of the charts of a part, and the texts of its diagrams."""
    for part in _targets(parts, name, *_DRAWN):
        yield from map(Wording, paragraphs(parts[part]))


def _targets(parts: Parts, name: str, *kinds: str) -> list[str]:
    """The parts that a part leads to, by the names of the relationships' types (ISO/IEC 29500-2, 9.3)."""
    links = parts.get(join(dirname(name), "_rels", f"{name.rpartition('/')[2]}.rels"))
    found = [
        normpath(join("/" + dirname(name), attribute(link, "Target"))).lstrip("/")
        for link in (links if links is not None else ())
        if attribute(link, "Type").rpartition("/")[2] in kinds
    ]
    return [part for part in dict.fromkeys(found) if part in parts]


def target_of(parts: Parts, name: str, identity: str) -> str:
    """The part that a part leads to under an identity; '' where it leads nowhere."""
    links = parts.get(join(dirname(name), "_rels", f"{name.rpartition('/')[2]}.rels"))
    for link in links if links is not None else ():
        if attribute(link, "Id") == identity:
            return normpath(join("/" + dirname(name), attribute(link, "Target"))).lstrip("/")
    return ""


# Heads and feet of Word's (17.10)


def _heads(parts: Parts, main: str) -> Iterator[tuple[str, int]]:
    """The heads and feet that are seen for sure, and from how many pages on."""
    sections = [node for node in parts[main].iter() if name_of(node) == "sectPr"]
    settings = [parts[name] for name in _targets(parts, main, "settings")]
    two_sided = any(_is_on(child(root, "evenAndOddHeaders")) for root in settings)
    known: dict[tuple[str, str], str] = {}
    seen: dict[str, int] = {}
    for number, section in enumerate(sections):
        known |= {
            (name_of(node), attribute(node, "type") or "default"): target_of(parts, main, attribute(node, "id"))
            for node in section
            if name_of(node) in ("headerReference", "footerReference")
        }
        for (_kind, use), part in known.items():
            pages = _pages_of(section, use, two_sided=two_sided, first=number == 0, alone=len(sections) == 1)
            if pages and part in parts:
                seen[part] = min(pages, seen.get(part, pages))
    yield from seen.items()


def _pages_of(section: Node, use: str, *, two_sided: bool, first: bool, alone: bool) -> int:
    """From how many pages on a head or foot is seen; 0 where that can't be known."""
    kind = child(section, "type")
    if not first and kind is not None and attribute(kind, "val") == "continuous":
        return 0
    titled = _is_on(child(section, "titlePg"))
    if use == "first":
        return int(titled)
    if use == "even":
        return 2 if two_sided and alone else 0
    if not titled and (first or not two_sided):
        return 1
    return (3 if two_sided else 2) if alone else 0


def _is_on(mark: Node | None) -> bool:
    return mark is not None and attribute(mark, "val") not in ("0", "false", "off")
