"""What an attachment calls its elements and their attributes, in the words of the kit's structure tree."""

import re

from pikepdf import Array, Dictionary, Name, Object, String

from presskit.binding.structure import STANDARD, Structure
from presskit.pdf.objects import inner, is_named, items, text
from presskit.pdf.trees import Number

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


class Vocabulary:
    """The types, classes and identifiers of one file's tree; ``name`` is what the kit tells the file by."""

    def __init__(self, tree: Object | None, structure: Structure, name: str) -> None:
        self._tree, self._structure, self._name = tree, structure, name
        # Only trees of PDF 2.0 tell whose types theirs are (ISO 32000-2, 14.7.4).
        self._is_newer = tree is not None and "/Namespaces" in tree
        self._roles: dict[tuple[str, str], tuple[str, str]] = {}
        self._classes: dict[str, str] = {}
        self._renamed: set[Number] = set()

    def type_of(self, element: Object) -> tuple[str, str, str]:
        """The standard type of an element, the name to write for it, and its own; '' if that is none."""
        found, namespace = element.get("/S"), element.get("/NS") if self._is_newer else None
        own = text(found)[1:] if isinstance(found, Name) else ""
        uri = text(namespace.get("/NS")) if isinstance(namespace, Dictionary) else ""
        known = self._roles.get((own, uri))
        if known is None:
            known = self._roles[own, uri] = self._resolved_type(own or "NonStruct", uri, namespace)
        return *known, own

    def _resolved_type(self, name: str, uri: str, namespace: object) -> tuple[str, str]:
        standard, original = name, name
        roles = inner(self._tree, "/RoleMap") or Dictionary()
        for _step in range(20):
            if uri not in _STANDARD_NAMESPACES:
                target = (inner(namespace, "/RoleMapNS") or Dictionary()).get(f"/{standard}")
                if isinstance(target, Array) and len(target) == 2:
                    target, namespace = target[0], target[1]
                    uri = text(namespace.get("/NS")) if isinstance(namespace, Dictionary) else ""
                else:
                    uri = ""
            else:
                if standard in STANDARD:
                    break
                if uri == _PDF_2 and (standard in _NEWER or standard == "Artifact" or re.fullmatch(r"H\d+", standard)):
                    break
                target = roles.get(f"/{standard}")
            if not isinstance(target, Name):
                break
            standard = text(target)[1:]
        if standard == "Artifact":
            return "Artifact", "Artifact"
        if standard not in STANDARD:
            standard = _NEWER.get(standard, "H6" if re.fullmatch(r"H\d+", standard) else "NonStruct")
        if original == standard or original in STANDARD:
            return standard, standard
        return standard, self._structure.role(original, standard)

    def attributes(self, value: object) -> list[Object]:
        """The attributes that PDF 1.7 knows (14.7.5), with the identifiers in them as they are in the kit."""
        found = [item for item in items(value) if isinstance(item, Dictionary)]
        known: list[Object] = [item for item in found if not is_named(item.get("/O"), "/NSO")]
        for item in known:
            headers = item.get("/Headers")
            if isinstance(headers, Array) and (not item.is_indirect or item.objgen not in self._renamed):
                self._renamed.add(item.objgen)
                item["/Headers"] = Array([String(self.renamed(name)) for name in headers])
        return known

    def class_named(self, name: str) -> str:
        """The name in the kit of one of the file's classes of attributes (14.7.6)."""
        if name not in self._classes:
            classes = inner(self._tree, "/ClassMap") or Dictionary()
            known = self.attributes(classes.get(f"/{name}"))
            attributes = known[0] if len(known) == 1 else Array(known)
            self._classes[name] = self._structure.attribute_class(name, attributes)
        return self._classes[name]

    def renamed(self, identifier: object) -> str:
        """An identifier as it is in the kit, where those of other files are told from it."""
        return f"{self._name}.{text(identifier)}"
