"""The structure tree of a kit: that of its front pages, into which those of its attachments are grafted.

Everything that a tree numbers is numbered anew (ISO 32000-1, 14.7): parent tree keys, StructParent(s),
element identifiers, role and class names. The parent tree is made from the elements, never copied, so that
no page can point into another file's tree.
"""

from dataclasses import dataclass, field
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from presskit.pdf.objects import drop, items, pages_of, text, whole
from presskit.pdf.trees import Number, walk

# The standard types (ISO 32000-1, 14.8.4).
STANDARD = frozenset(
    "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl "
    "LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP Warichu "
    "WT WP Figure Formula Form".split()
)


class Structure:
    """The structure tree of a kit in the making."""

    def __init__(self, kit: Pdf) -> None:
        self.kit = kit
        self._root = kit.Root.StructTreeRoot
        self.owners = Owners()
        self._roles: dict[str, str] = {}
        self._classes: dict[str, Object] = {}
        self._ids: dict[bytes, Object] = {}
        self._levels: list[tuple[int, int]] = []
        self._places: dict[str, Object] = {}
        for element, _page in walk(self._root, None, lambda _item, page: page):
            if "/S" in element:
                self._own(element)

    def _own(self, element: Object) -> None:
        """Take in an element of the front pages."""
        if "/ID" in element:
            self._ids[bytes(element.ID)] = element
            self._places[text(element.ID)] = element
        for kid in items(element.get("/K")):
            if isinstance(kid, int):
                self.owners.add_content(element.Pg.objgen, kid, element)
            elif "/MCID" in kid:
                self.owners.add_content(kid.Pg.objgen, whole(kid.MCID), element)
            elif "/Obj" in kid:
                self.owners.objects[kid.Obj.objgen] = element

    def place(self, name: str) -> Object:
        """The element of the front pages that is named so: an attachment's place."""
        return self._places[name]

    def close(self) -> None:
        """Write the parent tree, the role and class maps and the identifiers into the kit."""
        root, kit = self._root, self.kit
        for page in pages_of(kit):
            drop(page, "/StructParents")
        numbers: list[Any] = []
        key = 0
        for holder, elements in sorted(self.owners.content.items()):
            kit.get_object(holder)["/StructParents"] = key
            owners = [elements.get(mcid) for mcid in range(max(elements) + 1)]
            numbers += (key, kit.make_indirect(Array(owners)))
            key += 1
        for holder, element in sorted(self.owners.objects.items()):
            kit.get_object(holder)["/StructParent"] = key
            numbers += (key, element)
            key += 1
        root["/ParentTree"] = kit.make_indirect(Dictionary(Nums=Array(numbers)))
        root["/ParentTreeNextKey"] = key
        if self._roles:
            root["/RoleMap"] = Dictionary({f"/{name}": Name(f"/{role}") for name, role in self._roles.items()})
        if self._classes:
            root["/ClassMap"] = Dictionary({f"/{name}": attributes for name, attributes in self._classes.items()})
        if self._ids:
            pairs = [item for name, element in sorted(self._ids.items()) for item in (String(name), element)]
            root["/IDTree"] = Dictionary(Names=Array(pairs))

    # What a graft asks of the kit's tree.

    def add(self, tag: str, parent: Object) -> Object:
        """Add an element at the end of another."""
        element = self.kit.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{tag}"), P=parent))
        self.hang(parent, element)
        return element

    def hang(self, parent: Object, kid: object) -> None:
        """Put a kid at the end of those of an element."""
        kids = parent.get("/K")
        if not isinstance(kids, Array):
            parent["/K"] = Array([] if kids is None else [kids])
        parent.K.append(kid)

    def role(self, name: str, standard: str) -> str:
        """A name for a type that stands for a standard one, other than what it stands for elsewhere."""
        unique, count = name, 1
        while self._roles.get(unique, standard) != standard or unique in STANDARD:
            count += 1
            unique = f"{name}_{count}"
        self._roles[unique] = standard
        return unique

    def attribute_class(self, name: str, attributes: Object) -> str:
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

    def identify(self, name: str, element: Object) -> None:
        """Give an element an identifier of the kit."""
        element["/ID"] = String(name)
        self._ids[bytes(element.ID)] = element


@dataclass
class Owners:
    """The element of each marked content, by the number of its page or form and its MCID, and of each object."""

    content: dict[Number, dict[int, Object]] = field(default_factory=dict)
    objects: dict[Number, Object] = field(default_factory=dict)

    def add_content(self, holder: Number, mcid: int, element: Object) -> bool:
        """Note the owner of a content; False if it has one already."""
        owners = self.content.setdefault(holder, {})
        return owners.setdefault(mcid, element) is element
