"""Pages of an attached file carried into a kit, with what leads to them: links, names, outline, form, layers.

pikepdf copies pages, layers and outlines (``Pdf.add_pages_from``). What a file names, other files may
name as well: its links and its outline lead to pages here, and its names are told apart from the kit's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, String

from presskit.pdf.objects import (
    annotations,
    dictionaries,
    drop,
    entries,
    inner,
    is_named,
    keep_annotations,
    made,
    outline_items,
    pages_of,
    text,
    whole,
)


@dataclass(frozen=True, kw_only=True)
class Carried:
    """Pages as they are in a kit, and the file's named destinations, which lead to them."""

    pages: Sequence[Page]
    names: Mapping[bytes, Object]


def carry(kit: Pdf, document: Pdf) -> Carried:
    """Add all pages of a document to the end of a kit."""
    names = _settle_links(document)
    start = len(kit.pages)
    # qpdf tells the resources of two forms apart by new names, which appearances then do not all go by.
    form = inner(document.Root, "/AcroForm")
    drop(document.Root, "/AcroForm")
    try:
        kit.add_pages_from(document)
    finally:
        if form is not None:
            document.Root["/AcroForm"] = form
    pages = list(kit.pages)[start:]
    if form is not None:
        _carry_form(kit, document, form)
    _carry_threads(kit, document)
    here = {page.objgen: copy.obj for page, copy in zip(pages_of(document), pages, strict=True)}
    led = {name: Array([here[target[0].objgen], *list(target)[1:]]) for name, target in names.items()}
    return Carried(pages=pages, names=led)


def _carry_form(kit: Pdf, document: Pdf, form: Object) -> None:
    """Add the fields of a document, whose widgets are on its pages, to the kit's form, under names of their own.

    Fields of one name share one value (ISO 32000-1, 12.7.3.2).
    """
    ours = made(kit.Root, "/AcroForm")
    taken = {text(field.get("/T")) for field in dictionaries(ours.get("/Fields"))}
    fields = [kit.copy_foreign(_indirect(document, field)) for field in dictionaries(form.get("/Fields"))]
    for field in fields:
        name = unique = text(field.get("/T"))
        count = 1
        while unique in taken:
            count += 1
            unique = f"{name} ({count})"
        taken.add(unique)
        if unique != name:
            field["/T"] = String(unique)
    ours["/Fields"] = Array([*dictionaries(ours.get("/Fields")), *fields])
    # What the fields are set in (12.7.2), and by default as what: the first form's word holds.
    for kind, named in (inner(form, "/DR") or Dictionary()).items():
        resources = made(made(ours, "/DR"), kind)
        for name, resource in named.items() if isinstance(named, Dictionary) else ():
            if name not in resources:
                resources[name] = kit.copy_foreign(_indirect(document, resource))
    if "/DA" not in ours and isinstance(form.get("/DA"), String):
        ours["/DA"] = String(bytes(form.DA))


def _indirect(pdf: Pdf, item: Object) -> Object:
    """An object that can be copied: one that has a number."""
    return item if isinstance(item, Object) and item.is_indirect else pdf.make_indirect(item)


def _carry_threads(kit: Pdf, document: Pdf) -> None:
    """Keep the articles that beads on the pages belong to (ISO 32000-1, 12.4.3)."""
    threads = [thread for thread in dictionaries(document.Root.get("/Threads")) if thread.is_indirect]
    if threads and "/Threads" not in kit.Root:
        kit.Root["/Threads"] = Array()
    for thread in threads:
        kit.Root.Threads.append(kit.copy_foreign(thread))


# Links and names


def _settle_links(document: Pdf) -> dict[bytes, Object]:
    """Make a file's own links and outline lead to pages, not to names; gives the names, and where they lead.

    Links that lead nowhere are taken out: in a kit, another file's name would lead them astray.
    """
    targets = _Targets(document)
    for page in pages_of(document):
        found = annotations(page)
        keep_annotations(page, [annotation for annotation in found if _settle_link(annotation, targets)])
    for item in outline_items(document):
        _settle_link(item, targets)
    return targets.known()


class _Targets:
    """Where a file's names lead.

    Those of old (PDF 1.1) are the keys of a dictionary, others strings in a tree (ISO 32000-1, 12.3.2.3).
    """

    def __init__(self, document: Pdf) -> None:
        self._pages = pages_of(document)
        self._numbers = {page.objgen for page in self._pages}
        old = (inner(document.Root, "/Dests") or Dictionary()).items()
        new = entries(inner(document.Root, "/Names", "/Dests"), "/Names")
        self._old = {_octets(name): self._explicit(target) for name, target in old}
        self._new = {bytes(name): self._explicit(target) for name, target in new if isinstance(name, String)}

    def of(self, value: object) -> Object | None:
        """Where a destination leads, as an array that begins with a page; None for nowhere."""
        if isinstance(value, Name):
            return self._old.get(bytes(value))
        if isinstance(value, String):
            return self._new.get(bytes(value))
        return self._explicit(value)

    def known(self) -> dict[bytes, Object]:
        """The names, in one list, that lead somewhere."""
        every = {name[1:]: target for name, target in self._old.items()} | self._new
        return {name: target for name, target in every.items() if target is not None}

    def _explicit(self, target: object) -> Object | None:
        if isinstance(target, Dictionary):
            target = target.get("/D")
        if not isinstance(target, Array) or not len(target):
            return None
        page: object = target[0]
        if isinstance(page, int) and 0 <= page < len(self._pages):
            return Array([self._pages[page], *list(target)[1:]])
        return target if isinstance(page, Dictionary) and page.objgen in self._numbers else None


def _octets(key: str) -> bytes:
    """A name, as it is a dictionary's key, in its own octets."""
    return key.encode("utf-8", "surrogateescape")


def _settle_link(holder: Object, targets: _Targets) -> bool:
    """Have a link or an outline's item lead to a page; False for one that leads nowhere."""
    action = inner(holder, "/A")
    goes = action is not None and is_named(action.get("/S"), "/GoTo")
    for owner, key in ((holder, "/Dest"), (action if goes else None, "/D")):
        value = owner.get(key) if owner is not None else None
        if owner is None or value is None:
            continue
        target = targets.of(value)
        if target is None:
            del owner[key]
            return False
        if target is not value:
            owner[key] = target
    return True


def add_names(kit: Pdf, names: Mapping[bytes, Object], file: str) -> None:
    """Keep a file's names reachable from outside (``kit.pdf#name``): one that is taken gets the ``file``'s first.

    Those that need no UTF-16 are written without: readers that put them in order by their characters find them then,
    as those do that take their octets (ISO 32000-1, 7.9.6).
    """
    known = names_of(kit)
    for written, target in names.items():
        characters = text(String(written))
        name = characters.encode() if characters.isascii() else written
        unique, count = name, 0
        while unique in known:
            count += 1
            unique = f"{file}{count if count > 1 else ''}.".encode() + name
        known[unique] = target
    write_names(kit, known)


def names_of(kit: Pdf) -> dict[bytes, Object]:
    """The named destinations of a kit."""
    found = entries(inner(kit.Root, "/Names", "/Dests"), "/Names")
    return {bytes(name): target for name, target in found}


def write_names(kit: Pdf, names: Mapping[bytes, Object]) -> None:
    """Write named destinations in their order."""
    pairs = [item for name, target in sorted(names.items()) for item in (String(name), target)]
    made(kit.Root, "/Names")["/Dests"] = kit.make_indirect(Dictionary(Names=Array(pairs)))


# Outline


def nest_outline(kit: Pdf, before: int, title: str, *, start: Object) -> None:
    """Show a file as one line of the outline, closed over its own items (ISO 32000-1, 12.3.3).

    These are all that stand at the top after the first ``before`` ones.
    """
    root = made(kit.Root, "/Outlines")
    tops = _tops(root)
    item = kit.make_indirect(Dictionary(Title=String(title), Parent=root, Dest=Array([start, Name.Fit])))
    own = tops[before:]
    if own:
        for kid in own:
            kid["/Parent"] = item
        drop(own[0], "/Prev")
        item["/First"], item["/Last"] = own[0], own[-1]
        item["/Count"] = -sum(1 + max(whole(kid.get("/Count")), 0) for kid in own)
    tops[before:] = [item]
    if before:
        tops[before - 1]["/Next"] = item
        item["/Prev"] = tops[before - 1]
    root["/First"], root["/Last"] = tops[0], item
    root["/Count"] = sum(1 + max(whole(top.get("/Count")), 0) for top in tops)


def outline_of(kit: Pdf) -> list[tuple[int, str, int | None]]:
    """The items of a kit's outline, each with its depth and the page (from 0) that it leads to, None for none."""
    pages = {page.objgen: index for index, page in enumerate(pages_of(kit))}
    listed: list[tuple[int, str, int | None]] = []
    waiting = [(0, item) for item in reversed(_tops(kit.Root.get("/Outlines")))]
    while waiting:
        depth, item = waiting.pop()
        target = item.get("/Dest")
        page = target[0].objgen if isinstance(target, Array) else None
        listed.append((depth, text(item.get("/Title")), pages.get(page) if page else None))
        waiting += [(depth + 1, below) for below in reversed(_tops(item))]
    return listed


def outline_length(kit: Pdf) -> int:
    """How many items stand at the top of a kit's outline."""
    return len(_tops(kit.Root.get("/Outlines")))


def _tops(root: object) -> list[Object]:
    tops: list[Object] = []
    item = root.get("/First") if isinstance(root, Dictionary) else None
    while isinstance(item, Dictionary):
        tops.append(item)
        item = item.get("/Next")
    return tops
