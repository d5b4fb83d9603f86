"""The structure tree of a kit: that of its front pages, with those of its attachments grafted into it.

Everything that a tree numbers is numbered anew (ISO 32000-1, 14.7): parent tree keys, StructParent(s),
element identifiers, role and class names. The parent tree is made from the elements, never copied, so that
no page can point into another file's tree. What an attachment left untagged is tagged as it can be told.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, cast

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from presskit.attachments.disarm import decoded, named_resources, object_number, resolved
from presskit.content import ARTIFACT_MARK, Block, Marked, ObjectKind, figure_mark, mark, shows

# The standard types (ISO 32000-1, 14.8.4).
STANDARD = frozenset(
    "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl "
    "LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP Warichu "
    "WT WP Figure Formula Form".split()
)
# Types of PDF 2.0 (ISO 32000-2, 14.8.4) by what stands nearest to them in a PDF 1.7.
_NEWER = {
    "DocumentFragment": "Part",
    "Aside": "Sect",
    "Title": "P",
    "FENote": "Note",
    **dict.fromkeys(("Sub", "Em", "Strong"), "Span"),
}
_PDF_2 = "http://iso.org/pdf2/ssn"
_STANDARD_NAMESPACES = {"", _PDF_2, "http://iso.org/pdf/ssn"}
_GROUPS = {"Sect", "Art", "Part"}
_TEXT_ENTRIES = ("/T", "/Lang", "/Alt", "/E", "/ActualText")
_INVISIBLE_FLAGS = 2 | 32  # Hidden, NoView (12.5.3)
_FILTERS = ("/Filter", "/DecodeParms", "/Length", "/StructParents", "/StructParent")
_DEPTH = 6


@dataclass(frozen=True)
class Words:
    """What a kit says, in its language, in the place of what nobody wrote."""

    picture: str
    scan: str
    page: str


@dataclass
class Grafted:
    """What became of an attachment's tags.

    ``untagged`` are the pages (from 1) whose content had to be tagged; ``scanned`` those of them that show
    pictures only, without a text that can be read.
    """

    untagged: list[int] = field(default_factory=list)
    scanned: list[int] = field(default_factory=list)


class Structure:
    """The structure tree of a kit in the making."""

    def __init__(self, writer: PdfWriter) -> None:
        self._writer = writer
        self._root = cast("DictionaryObject", resolved(writer.root_object["/StructTreeRoot"]))
        self.owners = _Owners()
        self._roles: dict[str, str] = {}
        self._classes: dict[str, PdfObject] = {}
        self._ids: dict[str, IndirectObject] = {}
        self._levels: list[tuple[int, int]] = []
        self._places: dict[str, DictionaryObject] = {}
        for element, _page in walk(self._root, None, lambda _item, page: page):
            if "/S" in element:
                self._own(element)

    def _own(self, element: DictionaryObject) -> None:
        """Take in an element of the front pages."""
        reference = _reference(element)
        if "/ID" in element:
            self._ids[_text(element["/ID"])] = reference
            self._places[_text(element["/ID"])] = element
        for kid in _list(element.get("/K")):
            if isinstance(kid, int):
                self.owners.add_content(object_number(element.raw_get("/Pg")), int(kid), reference)
            elif isinstance(kid, DictionaryObject) and kid.get("/Type") == "/MCR":
                self.owners.add_content(object_number(kid.raw_get("/Pg")), _int(kid["/MCID"]), reference)
            elif isinstance(kid, DictionaryObject) and kid.get("/Type") == "/OBJR":
                self.owners.objects[object_number(kid.raw_get("/Obj"))] = reference

    def graft(
        self, document: PdfReader, pages: Sequence[PageObject], place: str, words: Words, alternative: str = ""
    ) -> Grafted:
        """Graft the tree of a file whose pages were just added to the kit, under the element named ``place``.

        ``alternative`` says what its pages show where they are scans without text.
        """
        part = self._places[place]
        graft = _Graft(self, document, pages, part, place)
        graft.carry()
        done = Grafted()
        for number, page in enumerate(pages, 1):
            if graft.complete(page, number, words, alternative, done):
                done.untagged.append(number)
            page[NameObject("/Tabs")] = NameObject("/S")
        return done

    def close(self) -> None:
        """Write the parent tree, the role and class maps and the identifiers into the kit."""
        root, writer = self._root, self._writer
        for page in writer.pages:
            page.pop("/StructParents", None)
        numbers = ArrayObject()
        key = 0
        for holder, elements in sorted(self.owners.content.items()):
            target = cast("DictionaryObject", resolved(IndirectObject(holder, 0, writer)))
            target[NameObject("/StructParents")] = NumberObject(key)
            owners = [elements.get(mcid, NullObject()) for mcid in range(max(elements) + 1)]
            numbers.extend((NumberObject(key), writer._add_object(ArrayObject(owners))))
            key += 1
        for holder, element in sorted(self.owners.objects.items()):
            target = cast("DictionaryObject", resolved(IndirectObject(holder, 0, writer)))
            target[NameObject("/StructParent")] = NumberObject(key)
            numbers.extend((NumberObject(key), element))
            key += 1
        root[NameObject("/ParentTree")] = writer._add_object(DictionaryObject({NameObject("/Nums"): numbers}))
        root[NameObject("/ParentTreeNextKey")] = NumberObject(key)
        roles = {NameObject(f"/{name}"): NameObject(f"/{standard}") for name, standard in self._roles.items()}
        classes = {NameObject(f"/{name}"): attributes for name, attributes in self._classes.items()}
        if roles:
            root[NameObject("/RoleMap")] = DictionaryObject(roles)
        if classes:
            root[NameObject("/ClassMap")] = DictionaryObject(classes)
        if self._ids:
            pairs = (item for name, ref in sorted(self._ids.items()) for item in (TextStringObject(name), ref))
            root[NameObject("/IDTree")] = DictionaryObject({NameObject("/Names"): ArrayObject(pairs)})

    # What a graft asks of the kit's tree.

    def add(self, tag: str, parent: DictionaryObject) -> DictionaryObject:
        """Add an element at the end of another."""
        element = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/StructElem"),
                NameObject("/S"): NameObject(f"/{tag}"),
                NameObject("/P"): _reference(parent),
            }
        )
        reference = self._writer._add_object(element)
        self.hang(parent, reference)
        return cast("DictionaryObject", reference.get_object())

    def hang(self, parent: DictionaryObject, kid: PdfObject) -> None:
        """Put a kid at the end of those of an element."""
        kids = parent.get("/K")
        if not isinstance(kids, ArrayObject):
            kids = parent[NameObject("/K")] = ArrayObject([] if kids is None else [kids])
        kids.append(kid)

    def role(self, name: str, standard: str) -> str:
        """A name for a type that stands for a standard one, other than what it stands for elsewhere."""
        unique, count = name, 1
        while self._roles.get(unique, standard) != standard or unique in STANDARD:
            count += 1
            unique = f"{name}_{count}"
        self._roles[unique] = standard
        return unique

    def attribute_class(self, name: str, attributes: PdfObject) -> str:
        """A name for a class of attributes, other than that of different ones."""
        unique, count = name, 1
        while unique in self._classes and self._classes[unique] != attributes:
            count += 1
            unique = f"{name}_{count}"
        self._classes[unique] = attributes
        return unique

    def level(self, level: int) -> int:
        """The level at which a heading comes, so that none is skipped (ISO 14289-1, 7.4.2)."""
        while self._levels and self._levels[-1][0] >= level:
            self._levels.pop()
        fitting = min(level, (self._levels[-1][1] if self._levels else 1) + 1, 6)
        self._levels.append((level, fitting))
        return fitting

    def begin_part(self) -> None:
        """Count headings anew: the kit's title is above them all."""
        self._levels.clear()

    def identify(self, name: str, element: DictionaryObject) -> None:
        """Give an element an identifier of the kit."""
        element[NameObject("/ID")] = TextStringObject(name)
        self._ids[name] = _reference(element)


@dataclass
class _Owners:
    """The element of each marked content, by the object number of its page or form and its MCID, and of each object."""

    content: dict[int, dict[int, IndirectObject]] = field(default_factory=dict)
    objects: dict[int, IndirectObject] = field(default_factory=dict)

    def add_content(self, holder: int, mcid: int, element: IndirectObject) -> bool:
        """Note the owner of a content; False if it has one already."""
        owners = self.content.setdefault(holder, {})
        return owners.setdefault(mcid, element) is element


class _Graft:
    """One attachment's tree on its way into the kit."""

    def __init__(
        self,
        structure: Structure,
        document: PdfReader,
        pages: Sequence[PageObject],
        part: DictionaryObject,
        name: str,
    ) -> None:
        self._structure, self._document, self._part, self._name = structure, document, part, name
        self._writer = structure._writer
        self._cloned = self._writer._id_translated.get(id(document), {})
        self._pages = {object_number(page): page for page in pages}
        self._hidden: dict[int, set[int]] = {}
        self._roles: dict[tuple[str, str], tuple[str, str]] = {}
        tree = resolved(document.root_object.get("/StructTreeRoot"))
        self._tree = tree if isinstance(tree, DictionaryObject) else None
        language = resolved(document.root_object.get("/Lang"))
        # What the communiqué says of the file comes first: word processors write their own language.
        if "/Lang" not in part and isinstance(language, str) and _is_language(str(language)):
            part[NameObject("/Lang")] = TextStringObject(str(language))

    # Tags that are there

    def carry(self) -> None:
        """Copy the file's own tree, if it has one."""
        self._structure.begin_part()
        if self._tree is None:
            return
        # (source, where it goes, the page and the depth of sections it is in), last first.
        seen: set[int] = set()
        waiting = [(kid, self._part, -1, 1) for kid in reversed(_list(self._tree.get("/K")))]
        found = False
        while waiting:
            source, parent, page, depth = waiting.pop()
            if isinstance(source, int) or (isinstance(source, DictionaryObject) and not _is_element(source)):
                found = self._carry_leaf(source, parent, page) or found
                continue
            if not isinstance(source, DictionaryObject) or id(source) in seen:
                continue
            seen.add(id(source))
            page = self._page_of(source, page)
            tag, name = self._type(source)
            kids = _list(source.get("/K"))
            if tag == "Artifact":
                self._hide(source, page)
                continue
            if tag == "Document" and parent is self._part:
                # The kit is the one document: what its root says is said of the part.
                element = parent
            else:
                element = self._copied(source, parent, tag, name, depth)
            inner = depth + (tag in _GROUPS)
            waiting += [(kid, element, page, inner) for kid in reversed(kids)]
        if found and _is_weasyprints(self._document):
            self._hide_running_heads(seen)

    def _copied(
        self, source: DictionaryObject, parent: DictionaryObject, tag: str, name: str, depth: int
    ) -> DictionaryObject:
        if tag == "Document":
            tag = name = "Part"
        elif tag == "H" or re.fullmatch(r"H[1-6]", tag):
            level = depth if tag == "H" else int(tag[1])
            fitting = f"H{self._structure.level(min(level, 6))}"
            tag, name = fitting, name if name != tag and fitting == tag else fitting
        element = self._structure.add(name, parent)
        for key in _TEXT_ENTRIES:
            value = resolved(source.get(key))
            if isinstance(value, (str, bytes)) and (key != "/Lang" or _is_language(_text(value))):
                element[NameObject(key)] = TextStringObject(_text(value))
        attributes = self._attributes(source.get("/A"))
        if attributes:
            element[NameObject("/A")] = ArrayObject(attributes) if len(attributes) > 1 else attributes[0]
        classes = [
            NameObject(f"/{self._class(str(item)[1:])}")
            for item in _list(source.get("/C"))
            if isinstance(item, NameObject)
        ]
        if classes:
            element[NameObject("/C")] = ArrayObject(classes) if len(classes) > 1 else classes[0]
        if "/ID" in source:
            self._structure.identify(self._renamed(source["/ID"]), element)
        elif tag == "Note":
            # ISO 14289-1, 7.9: each note has an identifier.
            self._structure.identify(f"{self._name}.note-{object_number(element)}", element)
        return element

    def _carry_leaf(self, leaf: object, parent: DictionaryObject, page: int) -> bool:
        """Copy a content item (14.7.4); tells whether there was one to copy."""
        if isinstance(leaf, int):
            return self._hang_content(parent, page, page, int(leaf))
        entry = cast("DictionaryObject", leaf)
        page = self._page_of(entry, page)
        if "/MCID" in entry:
            mcid = resolved(entry["/MCID"])
            stream = self._clone_of(entry.raw_get("/Stm")) if "/Stm" in entry else page
            return isinstance(mcid, int) and self._hang_content(parent, page, stream, int(mcid))
        target = self._clone_of(entry.raw_get("/Obj")) if "/Obj" in entry else -1
        if target < 0 or page not in self._pages or target in self._structure.owners.objects:
            return False
        self._hang_object(parent, page, target)
        return True

    def _hang_content(self, parent: DictionaryObject, page: int, stream: int, mcid: int) -> bool:
        reference = _reference(parent)
        if page not in self._pages or stream < 0 or not 0 <= mcid < 100_000:
            return False
        if not self._structure.owners.add_content(stream, mcid, reference):
            return False
        home = parent.get("/Pg")
        page_reference = self._pages[page].indirect_reference
        if home is None:
            parent[NameObject("/Pg")] = cast("PdfObject", page_reference)
        if stream == page and (home is None or object_number(parent.raw_get("/Pg")) == page):
            self._structure.hang(parent, NumberObject(mcid))
            return True
        entry = DictionaryObject({NameObject("/Type"): NameObject("/MCR"), NameObject("/MCID"): NumberObject(mcid)})
        entry[NameObject("/Pg")] = cast("PdfObject", page_reference)
        if stream != page:
            entry[NameObject("/Stm")] = IndirectObject(stream, 0, self._writer)
        self._structure.hang(parent, entry)
        return True

    def _hang_object(self, parent: DictionaryObject, page: int, target: int) -> None:
        entry = DictionaryObject({NameObject("/Type"): NameObject("/OBJR")})
        entry[NameObject("/Obj")] = IndirectObject(target, 0, self._writer)
        entry[NameObject("/Pg")] = cast("PdfObject", self._pages[page].indirect_reference)
        self._structure.hang(parent, entry)
        self._structure.owners.objects[target] = _reference(parent)

    def _hide(self, source: DictionaryObject, page: int) -> None:
        """Note what a PDF 2.0 calls an artifact in its tree: PDF 1.7 says so in the pages alone."""
        for element, _where in walk(source, page, lambda item, above: self._page_of(item, cast("int", above))):
            where = cast("int", _where)
            for kid in _list(element.get("/K")):
                if isinstance(kid, int):
                    self._hidden.setdefault(where, set()).add(int(kid))
                elif isinstance(kid, DictionaryObject) and isinstance(resolved(kid.get("/MCID")), int):
                    self._hidden.setdefault(self._page_of(kid, where), set()).add(_int(kid["/MCID"]))

    def _hide_running_heads(self, seen: set[int]) -> None:
        """Take for decoration what WeasyPrint marks in margins: elements that hang in no tree, below its root."""
        tree = cast("DictionaryObject", self._tree)
        elements = dict(_number_tree(resolved(tree.get("/ParentTree"))))
        for page in self._document.pages:
            key = resolved(page.get("/StructParents"))
            owners = elements.get(key) if isinstance(key, int) else None
            for mcid, owner in enumerate(_list(owners) if isinstance(resolved(owners), ArrayObject) else ()):
                above = owner
                for _step in range(_DEPTH):
                    if not isinstance(above, DictionaryObject) or id(above) in seen:
                        break
                    owner, above = above, resolved(above.get("/P"))
                if isinstance(above, DictionaryObject) and above is not owner and above.get("/S") == "/Document":
                    self._hidden.setdefault(self._clone_of(page), set()).add(mcid)

    def _page_of(self, holder: DictionaryObject, inherited: int) -> int:
        """The kit's page, as an object number, that a source element or content item is on."""
        return self._clone_of(holder.raw_get("/Pg")) if "/Pg" in holder else inherited

    def _clone_of(self, reference: object) -> int:
        return int(self._cloned.get(object_number(reference), -1))

    def _type(self, source: DictionaryObject) -> tuple[str, str]:
        """The standard type of a source element, and the name to write for it."""
        name = str(resolved(source.get("/S")) or "/NonStruct")[1:]
        namespace = resolved(source.get("/NS"))
        uri = _text(namespace.get("/NS", "")) if isinstance(namespace, DictionaryObject) else ""
        if (name, uri) not in self._roles:
            self._roles[name, uri] = self._resolved_type(name, uri, namespace)
        return self._roles[name, uri]

    def _resolved_type(self, name: str, uri: str, namespace: object) -> tuple[str, str]:
        standard, original = name, name
        roles = resolved(self._tree.get("/RoleMap")) if self._tree is not None else None
        for _step in range(20):
            if uri not in _STANDARD_NAMESPACES:
                table = resolved(namespace.get("/RoleMapNS")) if isinstance(namespace, DictionaryObject) else None
                target = resolved(table.get(f"/{standard}")) if isinstance(table, DictionaryObject) else None
                if isinstance(target, ArrayObject) and len(target) == 2:
                    namespace = resolved(target[1])
                    uri = _text(namespace.get("/NS", "")) if isinstance(namespace, DictionaryObject) else ""
                    target = resolved(target[0])
                else:
                    uri = ""
            else:
                if standard in STANDARD:
                    break
                if uri == _PDF_2 and (standard in _NEWER or standard == "Artifact" or re.fullmatch(r"H\d+", standard)):
                    break
                target = resolved(roles.get(f"/{standard}")) if isinstance(roles, DictionaryObject) else None
            if not isinstance(target, NameObject):
                break
            standard = str(target)[1:]
        if standard == "Artifact":
            return "Artifact", "Artifact"
        if standard not in STANDARD:
            standard = _NEWER.get(standard, "H6" if re.fullmatch(r"H\d+", standard) else "NonStruct")
        if original == standard or original in STANDARD:
            return standard, standard
        return standard, self._structure.role(original, standard)

    def _attributes(self, value: object) -> list[PdfObject]:
        copies: list[PdfObject] = []
        for item in _list(value):
            if isinstance(item, DictionaryObject) and not isinstance(item, StreamObject):
                copy = _copy(item, _DEPTH)
                if isinstance(copy, DictionaryObject) and isinstance(copy.get("/Headers"), ArrayObject):
                    names = (TextStringObject(self._renamed(name)) for name in cast("ArrayObject", copy["/Headers"]))
                    copy[NameObject("/Headers")] = ArrayObject(names)
                if isinstance(copy, DictionaryObject) and copy.get("/O") != "/NSO":
                    copies.append(copy)
        return copies

    def _class(self, name: str) -> str:
        classes = resolved(self._tree.get("/ClassMap")) if self._tree is not None else None
        known = self._attributes(classes.get(f"/{name}")) if isinstance(classes, DictionaryObject) else []
        return self._structure.attribute_class(name, ArrayObject(known) if len(known) != 1 else known[0])

    def _renamed(self, identifier: object) -> str:
        return f"{self._name}.{_text(resolved(identifier))}"

    # Tags that are not there

    def complete(self, page: PageObject, number: int, words: Words, alternative: str, done: Grafted) -> bool:
        """Tag what a page shows and nothing owns; tells whether there was any text or picture to tag."""
        own = object_number(page)
        marked, blocks = self._marked(page, own)
        data = marked.data
        if data is not None and marked.invisible:
            # The picture of a page whose text is written over it, unseen: what it shows is said already.
            covered = [block for block, stream in blocks if block.kind == "Figure" and stream == own]
            for mcid in (mcid for block in covered for mcid in block.mcids):
                data = data.replace(figure_mark(mcid), ARTIFACT_MARK)
            blocks = [(block, stream) for block, stream in blocks if block not in covered]
        if data is not None:
            content = StreamObject()
            content.set_data(data)
            page[NameObject("/Contents")] = self._writer._add_object(content.flate_encode())
        scan = bool(blocks) and not marked.text and all(block.kind == "Figure" for block, _stream in blocks)
        if scan:
            done.scanned.append(number)
        where = words.page.format(number=number)
        said = (f"{alternative} ({where})" if alternative else words.scan) if scan else words.picture
        for block, stream in blocks:
            element = self._structure.add(block.kind, self._part)
            if block.kind == "Figure":
                element[NameObject("/Alt")] = TextStringObject(said.format(page=where))
            for mcid in block.mcids:
                self._hang_content(element, own, stream, mcid)
        self._complete_annotations(page, own)
        return bool(blocks)

    def _marked(self, holder: DictionaryObject, own: int) -> tuple[Marked, list[tuple[Block, int]]]:
        """A page's or form's content with marks, and the blocks in it with the objects that hold them."""
        lists, objects = named_resources(holder, "/Properties"), named_resources(holder, "/XObject")
        inner: dict[str, list[tuple[Block, int]]] = {}
        data = decoded(holder)
        drawn = Counter(shows(data)[1]) if objects else Counter()
        text = invisible = False

        def properties(name: str) -> int | None:
            entry = resolved(lists.get(name))
            value = resolved(entry.get("/MCID")) if isinstance(entry, DictionaryObject) else None
            return int(value) if isinstance(value, int) else None

        def kind_of(name: str) -> ObjectKind:
            nonlocal text, invisible
            item = resolved(objects.get(name))
            kind = self._kind(item, _DEPTH)
            once = self._uses[object_number(item)] == 1 and drawn[name] == 1
            if kind == "text form" and isinstance(item, StreamObject) and once:
                number = object_number(item)
                marks, inner[name] = self._marked(item, number)
                text, invisible = text or marks.text, invisible or marks.invisible
                self._rewrite(item, marks)
                return "marked form"
            return kind

        owned = self._structure.owners.content.get(own, {})
        marked = mark(data, owned, self._hidden.get(own, ()), properties, kind_of)
        blocks: list[tuple[Block, int]] = []
        for block in marked.blocks:
            blocks += inner.get(block.form, []) if block.form else [(block, own)]
        return replace(marked, text=marked.text or text, invisible=marked.invisible or invisible), blocks

    def _rewrite(self, form: StreamObject, marked: Marked) -> None:
        if marked.data is None:
            return
        content = StreamObject()
        content.update({key: form.raw_get(key) for key in form if key not in _FILTERS})
        content.set_data(marked.data)
        self._writer._replace_object(_reference(form), content.flate_encode())

    @cached_property
    def _uses(self) -> Counter[int]:
        """How many of the file's pages may draw each form, by its object number."""
        uses: Counter[int] = Counter()
        for page in self._pages.values():
            uses.update(object_number(item) for item in named_resources(page, "/XObject").values())
        return uses

    def _kind(self, item: object, depth: int) -> ObjectKind:
        """What an XObject shows, the forms in it included."""
        if not isinstance(item, StreamObject) or depth == 0:
            return ""
        if item.get("/Subtype") == "/Image":
            return "image"
        if object_number(item) in self._structure.owners.content:
            return "marked form"
        text, names = shows(decoded(item))
        if text:
            return "text form"
        objects = named_resources(item, "/XObject")
        kinds = {self._kind(resolved(objects.get(name)), depth - 1) if name else "image" for name in names}
        if "text form" in kinds:
            return "text form"
        return "picture form" if kinds & {"image", "picture form"} else "form"

    def _complete_annotations(self, page: PageObject, own: int) -> None:
        """Give each annotation that a reader meets an element (ISO 14289-1, 7.18)."""
        for item in _raw_list(page.get("/Annots")):
            annotation = resolved(item)
            if not isinstance(annotation, DictionaryObject):
                continue
            number = object_number(item)
            kind = annotation.get("/Subtype")
            flags = resolved(annotation.get("/F"))
            unseen = isinstance(flags, int) and int(flags) & _INVISIBLE_FLAGS
            if number < 0 or number in self._structure.owners.objects or kind == "/Popup" or unseen:
                continue
            tag = {"/Link": "Link", "/Widget": "Form"}.get(str(kind), "Annot")
            self._hang_object(self._structure.add(tag, self._part), own, number)


# Objects


def _copy(value: object, depth: int) -> PdfObject:
    """A direct copy of an attribute's value; nothing of its file is referred to."""
    found = resolved(value)
    if depth and isinstance(found, DictionaryObject) and not isinstance(found, StreamObject):
        return DictionaryObject({NameObject(key): _copy(item, depth - 1) for key, item in found.items()})
    if depth and isinstance(found, ArrayObject):
        return ArrayObject(_copy(item, depth - 1) for item in found)
    return NullObject() if found is None or isinstance(found, (DictionaryObject, ArrayObject)) else found


def walk(
    root: PdfObject | None, page: int | None, page_of: Callable[[DictionaryObject, int | None], int | None]
) -> Iterator[tuple[DictionaryObject, int | None]]:
    """A tree's root and all that hangs below it, content items included, in order and each once.

    With each comes its page, as ``page_of`` tells it from the page of what it hangs from.
    """
    waiting: list[tuple[PdfObject | None, int | None]] = [(root, page)]
    seen: set[int] = set()
    while waiting:
        item, above = waiting.pop()
        if not isinstance(item, DictionaryObject) or id(item) in seen:
            continue
        seen.add(id(item))
        own = page_of(item, above)
        yield item, own
        waiting += [(kid, own) for kid in reversed(_list(item.get("/K")))]


def _number_tree(root: object) -> Iterator[tuple[int, Any]]:
    """The entries of a number tree (ISO 32000-1, 7.9.7)."""
    waiting, seen = [root], set()
    while waiting:
        node = waiting.pop()
        if not isinstance(node, DictionaryObject) or id(node) in seen:
            continue
        seen.add(id(node))
        numbers = _raw_list(node.get("/Nums"))
        for key, value in zip(numbers[::2], numbers[1::2], strict=False):
            if isinstance(resolved(key), int):
                yield _int(key), value
        waiting += _list(node.get("/Kids"))


def _is_element(item: DictionaryObject) -> bool:
    """Whether a kid is an element, be it one that lost its type, and not a content item."""
    return "/S" in item or ("/K" in item and item.get("/Type") not in ("/MCR", "/OBJR"))


def _list(value: object) -> list[Any]:
    """The items of an entry that may be one thing or an array of them, resolved."""
    return [resolved(item) for item in _raw_list(value)]


def _raw_list(value: object) -> list[Any]:
    found = resolved(value)
    if found is None:
        return []
    return list(found) if isinstance(found, ArrayObject) else [value if isinstance(value, IndirectObject) else found]


def _reference(item: DictionaryObject) -> IndirectObject:
    return cast("IndirectObject", item.indirect_reference)


def _int(value: object) -> int:
    found = resolved(value)
    return int(found) if isinstance(found, int) else -1


def _text(value: object) -> str:
    if isinstance(value, (ByteStringObject, bytes)):
        return bytes(value).decode("latin-1")
    return str(value) if value is not None else ""


def _is_weasyprints(document: PdfReader) -> bool:
    metadata = document.metadata
    return bool(metadata and (metadata.producer or "").startswith("WeasyPrint"))


def _is_language(value: str) -> bool:
    return re.fullmatch(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*", value) is not None
