"""An attachment's structure tree grafted into the kit's; what it left untagged is tagged as it can be told."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from presskit.binding.structure import Structure
from presskit.binding.vocabulary import Vocabulary
from presskit.pdf.content import ARTIFACT_MARK, Block, Marked, ObjectKind, all_marked, figure_mark, mark, shows
from presskit.pdf.objects import (
    annotations,
    decoded,
    drop,
    entries,
    inner,
    is_named,
    items,
    named_resources,
    text,
    whole,
)
from presskit.pdf.trees import Number, is_element, walk

_GROUPS = {"Sect", "Art", "Part"}
_HEADINGS = {"H", "H1", "H2", "H3", "H4", "H5", "H6"}
_TEXT_ENTRIES = ("/T", "/Lang", "/Alt", "/E", "/ActualText")
_INVISIBLE_FLAGS = 2 | 32  # Hidden, NoView (12.5.3)
# The entries of an element that a kit's has as well, and those of one that there is nothing to be settled in.
_KEPT = {"/Type", "/S", "/P", "/K", "/Pg", "/A", "/C", "/ID", *_TEXT_ENTRIES}
_PLAIN = {"/Type", "/S", "/P", "/K", "/Pg"}
_NOWHERE: Number = (0, 0)
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


def graft(
    structure: Structure, document: Pdf, pages: Sequence[Object], *, place: str, words: Words, alternative: str = ""
) -> Grafted:
    """Graft the tree of a file whose pages were just added to the kit, under the element named ``place``.

    ``alternative`` says what its pages show where they are scans without text.
    """
    work = _Graft(structure, document, pages, part=structure.place(place), name=place)
    work.carry()
    done = Grafted()
    for number, page in enumerate(pages, 1):
        if work.complete(page, number, words, alternative=alternative, done=done):
            done.untagged.append(number)
        page["/Tabs"] = Name.S
    return done


class _Hanging(NamedTuple):
    """An element on its way: what it hangs from, what it becomes, the page and the depth of sections that it is in.

    ``tag`` is its standard type, ``name`` the one to write for it, ``own`` the one that it has.
    """

    element: Object
    parent: Object
    tag: str
    name: str
    own: str
    page: Number
    depth: int


class _Graft:
    """One attachment's tree on its way into the kit: copied whole, then settled element by element."""

    def __init__(
        self,
        structure: Structure,
        document: Pdf,
        pages: Sequence[Object],
        *,
        part: Object,
        name: str,
    ) -> None:
        self._structure, self._document, self._part, self._name = structure, document, part, name
        self._kit = structure.kit
        self._pages = {page.objgen: page for page in pages}
        self._annotations = {annotation.objgen for page in pages for annotation in annotations(page)}
        self._hidden: dict[Number, set[int]] = {}
        self._seen: set[Number] = set()
        tree = document.Root.get("/StructTreeRoot")
        if isinstance(tree, Dictionary) and not tree.is_indirect:
            tree = document.Root["/StructTreeRoot"] = document.make_indirect(tree)
        self._tree = self._kit.copy_foreign(tree) if isinstance(tree, Dictionary) else None
        self._vocabulary = Vocabulary(self._tree, structure, name)
        language = document.Root.get("/Lang")
        # What the communiqué says of the file comes first: word processors write their own language.
        if "/Lang" not in part and isinstance(language, String) and _is_language(text(language)):
            part["/Lang"] = String(text(language))

    # Tags that are there

    def carry(self) -> None:
        """Hang the file's own tree, if it has one, where the kit has a place for it."""
        self._structure.begin_part()
        if self._tree is None:
            return
        part, hang = self._part, self._structure.hang
        # Last first: kids of the root, and of its documents, for the kit is the one document there is.
        waiting = [(kid, _NOWHERE) for kid in reversed(items(self._tree.get("/K")))]
        while waiting:
            kid, page = waiting.pop()
            if not is_element(kid):
                leaf = self._leaf(kid, part, page)
                if leaf is not None:
                    hang(part, leaf)
                continue
            hanging = self._admitted(kid, part, page, depth=1)
            if hanging is None:
                continue
            if hanging.tag == "Document":
                waiting += [(inner_kid, hanging.page) for inner_kid in reversed(items(kid.get("/K")))]
                continue
            hang(part, hanging.element)
            self._settle_all(hanging)
        if self._owns_content() and _is_weasyprints(self._document):
            self._hide_running_heads()

    def _settle_all(self, hanging: _Hanging) -> None:
        """Settle an element and all that hangs below it, in the order in which they are read."""
        waiting = [hanging]
        while waiting:
            hanging = waiting.pop()
            self._settle(hanging)
            waiting += reversed(self._settle_kids(hanging))

    def _admitted(self, element: Object, parent: Object, page: Number, *, depth: int) -> _Hanging | None:
        """An element that may hang in the kit; None for one that hangs there already, or that is decoration."""
        if not element.is_indirect:
            element = self._kit.make_indirect(element)
        if element.objgen in self._seen:
            return None
        self._seen.add(element.objgen)
        page = self._page_of(element, page)
        tag, name, own = self._vocabulary.type_of(element)
        if tag == "Artifact":
            self._hide(element, page)
            return None
        return _Hanging(element, parent, tag, name, own, page, depth)

    def _settle(self, hanging: _Hanging) -> None:
        """Make an element one of the kit's: its type, its entries, and what it hangs from."""
        element, parent, tag, name, own, page, depth = hanging
        if tag == "Document":
            tag = name = "Part"
        elif tag in _HEADINGS:
            level = depth if tag == "H" else int(tag[1])
            fitting = f"H{self._structure.level(min(level, 6))}"
            tag, name = fitting, name if name != tag and fitting == tag else fitting
        if name != own:
            element["/S"] = Name(f"/{name}")
        element["/P"] = parent
        keys = element.keys()
        if "/Type" not in keys:
            element["/Type"] = Name.StructElem
        if "/Pg" in keys and page not in self._pages:
            del element["/Pg"]
        if not keys <= _PLAIN:
            self._settle_entries(element, keys)
        if tag == "Note" and "/ID" not in keys:
            # ISO 14289-1, 7.9: each note has an identifier.
            self._structure.identify(f"{self._name}.note-{element.objgen[0]}", element)

    def _settle_entries(self, element: Object, keys: set[str]) -> None:
        drop(element, *(keys - _KEPT))
        for key in keys.intersection(_TEXT_ENTRIES):
            value = element.get(key)
            if not isinstance(value, String) or (key == "/Lang" and not _is_language(text(value))):
                del element[key]
        if "/A" in keys:
            _set(element, "/A", self._vocabulary.attributes(element.get("/A")))
        if "/C" in keys:
            names = [item for item in items(element.get("/C")) if isinstance(item, Name)]
            _set(element, "/C", [Name(f"/{self._vocabulary.class_named(text(name)[1:])}") for name in names])
        if "/ID" in keys:
            self._structure.identify(self._vocabulary.renamed(element.get("/ID")), element)

    def _settle_kids(self, hanging: _Hanging) -> list[_Hanging]:
        """Leave an element the kids that may hang in the kit; gives the elements among them."""
        element, depth = hanging.element, hanging.depth + (hanging.tag in _GROUPS)
        elements: list[_Hanging] = []
        kept: list[Any] = []
        changed = False
        for kid in items(element.get("/K")):
            if isinstance(kid, int) or not is_element(kid):
                new = self._leaf(kid, element, hanging.page)
            else:
                below = self._admitted(kid, element, hanging.page, depth=depth)
                new = kid if below is not None and kid.is_indirect else below.element if below is not None else None
                elements += [below] if below is not None else []
            changed = changed or new is not kid
            kept.append(new)
        if changed:
            element["/K"] = Array([kid for kid in kept if kid is not None])
        return elements

    def _leaf(self, leaf: object, element: Object, page: Number) -> int | Object | None:
        """A content item (14.7.4) as it hangs from an element; None where there is nothing for it to own."""
        if isinstance(leaf, int):
            return self._content(element, page, page, mcid=leaf)
        if not isinstance(leaf, Dictionary):
            return None
        page = self._page_of(leaf, page)
        if "/MCID" in leaf:
            stream = leaf.get("/Stm")
            return self._content(
                element, page, stream.objgen if isinstance(stream, Stream) else page, mcid=whole(leaf.get("/MCID"), -1)
            )
        target = leaf.get("/Obj")
        if not isinstance(target, Dictionary | Stream) or page not in self._pages:
            return None
        known = target.objgen in self._annotations or isinstance(target, Stream)
        if not known or target.objgen in self._structure.owners.objects:
            return None
        return self._object(element, page, target)

    def _content(self, element: Object, page: Number, stream: Number, *, mcid: int) -> int | Object | None:
        """What an element owns of a page's content, or of a form's on it."""
        if page not in self._pages or not 0 <= mcid < 100_000:
            return None
        if not self._structure.owners.add_content(stream, mcid, element):
            return None
        home = element.get("/Pg")
        if not isinstance(home, Dictionary):
            home = element["/Pg"] = self._pages[page]
        if stream == page == home.objgen:
            return mcid
        entry = Dictionary(Type=Name.MCR, Pg=self._pages[page], MCID=mcid)
        if stream != page:
            entry["/Stm"] = self._kit.get_object(stream)
        return entry

    def _object(self, element: Object, page: Number, target: Object) -> Object:
        self._structure.owners.objects[target.objgen] = element
        return Dictionary(Type=Name.OBJR, Obj=target, Pg=self._pages[page])

    def _owns_content(self) -> bool:
        return not self._pages.keys().isdisjoint(self._structure.owners.content)

    def _hide(self, source: Object, page: Number) -> None:
        """Note what a PDF 2.0 calls an artifact in its tree: PDF 1.7 says so in the pages alone."""
        for element, where in walk(source, page, self._page_of):
            for kid in items(element.get("/K")):
                if isinstance(kid, int):
                    self._hidden.setdefault(where, set()).add(kid)
                elif isinstance(kid, Dictionary) and isinstance(kid.get("/MCID"), int):
                    self._hidden.setdefault(self._page_of(kid, where), set()).add(whole(kid.get("/MCID")))

    def _hide_running_heads(self) -> None:
        """Take for decoration what WeasyPrint marks in margins: elements that hang in no tree, below its root."""
        owners = dict(entries(self._tree.get("/ParentTree") if self._tree else None, "/Nums"))
        for page in self._pages.values():
            own = owners.get(page.get("/StructParents"))
            for mcid, owner in enumerate(items(own) if isinstance(own, Array) else ()):
                above = owner
                for _step in range(_DEPTH):
                    if not isinstance(above, Dictionary) or above.objgen in self._seen:
                        break
                    owner, above = above, above.get("/P")
                if above is not owner and isinstance(above, Dictionary) and is_named(above.get("/S"), "/Document"):
                    self._hidden.setdefault(page.objgen, set()).add(mcid)

    def _page_of(self, holder: Object, inherited: Number) -> Number:
        """The page, by its number, that an element or content item is on."""
        page = holder.get("/Pg")
        return page.objgen if isinstance(page, Dictionary) else inherited

    # Tags that are not there

    def complete(self, page: Object, number: int, words: Words, *, alternative: str, done: Grafted) -> bool:
        """Tag what a page shows and nothing owns; tells whether there was any text or picture to tag."""
        own = page.objgen
        if own not in self._hidden and all_marked(decoded(page), self._structure.owners.content.get(own, {})):
            self._complete_annotations(page)
            return False
        marked, blocks = self._marked(page, own)
        data = marked.data
        if data is not None and marked.invisible:
            # The picture of a page whose text is written over it, unseen: what it shows is said already.
            covered = [block for block, stream in blocks if block.kind == "Figure" and stream == own]
            for mcid in (mcid for block in covered for mcid in block.mcids):
                data = data.replace(figure_mark(mcid), ARTIFACT_MARK)
            blocks = [(block, stream) for block, stream in blocks if block not in covered]
        if data is not None:
            page["/Contents"] = self._kit.make_stream(data)
        scan = bool(blocks) and not marked.text and all(block.kind == "Figure" for block, _stream in blocks)
        if scan:
            done.scanned.append(number)
        where = words.page.format(number=number)
        said = (f"{alternative} ({where})" if alternative else words.scan) if scan else words.picture
        for block, stream in blocks:
            element = self._structure.add(block.kind, self._part)
            if block.kind == "Figure":
                element["/Alt"] = String(said.format(page=where))
            for mcid in block.mcids:
                self._structure.hang(element, self._content(element, own, stream, mcid=mcid))
        self._complete_annotations(page)
        return bool(blocks)

    def _marked(self, holder: Object, own: Number) -> tuple[Marked, list[tuple[Block, Number]]]:
        """A page's or form's content with marks, and the blocks in it with the objects that hold them."""
        lists, objects = named_resources(holder, "/Properties"), named_resources(holder, "/XObject")
        forms: dict[str, list[tuple[Block, Number]]] = {}
        data = decoded(holder)
        drawn = Counter(shows(data)[1]) if objects else Counter()
        readable = invisible = False

        def properties(name: str) -> int | None:
            entry = lists.get(name)
            value = entry.get("/MCID") if isinstance(entry, Dictionary) else None
            return value if isinstance(value, int) else None

        def kind_of(name: str) -> ObjectKind:
            nonlocal readable, invisible
            item = objects.get(name)
            kind = self._kind(item, _DEPTH)
            if kind == "text form" and isinstance(item, Stream) and self._uses[item.objgen] == drawn[name] == 1:
                marks, forms[name] = self._marked(item, item.objgen)
                readable, invisible = readable or marks.text, invisible or marks.invisible
                if marks.data is not None:
                    item.write(marks.data)
                return "marked form"
            return kind

        owned = self._structure.owners.content.get(own, {})
        marked = mark(data, owned, self._hidden.get(own, ()), properties=properties, kind_of=kind_of)
        blocks: list[tuple[Block, Number]] = []
        for block in marked.blocks:
            blocks += forms.get(block.form, []) if block.form else [(block, own)]
        return replace(marked, text=marked.text or readable, invisible=marked.invisible or invisible), blocks

    @cached_property
    def _uses(self) -> Counter[Number]:
        """How many of the file's pages may draw each form, by its number."""
        uses: Counter[Number] = Counter()
        for page in self._pages.values():
            uses.update(item.objgen for item in named_resources(page, "/XObject").values() if isinstance(item, Stream))
        return uses

    def _kind(self, item: object, depth: int) -> ObjectKind:
        """What an XObject shows, the forms in it included."""
        if not isinstance(item, Stream) or depth == 0:
            return ""
        if is_named(item.get("/Subtype"), "/Image"):
            return "image"
        if item.objgen in self._structure.owners.content:
            return "marked form"
        readable, names = shows(decoded(item))
        if readable:
            return "text form"
        objects = named_resources(item, "/XObject")
        kinds = {self._kind(objects.get(name), depth - 1) if name else "image" for name in names}
        if "text form" in kinds:
            return "text form"
        return "picture form" if kinds & {"image", "picture form"} else "form"

    def _complete_annotations(self, page: Object) -> None:
        """Give each annotation that a reader meets an element (ISO 14289-1, 7.18)."""
        found = page.get("/Annots")
        for index, annotation in enumerate(annotations(page)):
            if not annotation.is_indirect and isinstance(found, Array):
                found[index] = annotation = self._kit.make_indirect(annotation)
            kind = annotation.get("/Subtype")
            unseen = whole(annotation.get("/F")) & _INVISIBLE_FLAGS
            if annotation.objgen in self._structure.owners.objects or is_named(kind, "/Popup") or unseen:
                continue
            tag = "Link" if is_named(kind, "/Link") else "Form" if is_named(kind, "/Widget") else "Annot"
            element = self._structure.add(tag, self._part)
            self._structure.hang(element, self._object(element, page.objgen, annotation))


def _set(element: Object, key: str, values: Sequence[Object]) -> None:
    """Write one value, or several, or take out what has none."""
    if values:
        element[key] = Array(values) if len(values) > 1 else values[0]
    else:
        del element[key]


def _is_weasyprints(document: Pdf) -> bool:
    return text((inner(document.trailer, "/Info") or Dictionary()).get("/Producer")).startswith("WeasyPrint")


def _is_language(value: str) -> bool:
    return re.fullmatch(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*", value) is not None
