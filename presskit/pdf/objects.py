"""Objects of a PDF, as pikepdf gives them, looked at without trust: what is not of its kind is as good as absent."""

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, PdfError, Stream, String

# As deep as page trees and the like are followed upwards.
_DEPTH = 50


def pages_of(pdf: Pdf) -> list[Object]:
    """The pages of a document, as the dictionaries that they are."""
    return [page.obj for page in pdf.pages]


def items(value: object) -> list[Any]:
    """What an entry holds that may be one thing or an array of them; none for nothing."""
    if isinstance(value, Array):
        return list(value)
    return [] if value is None else [value]


def dictionaries(value: object) -> list[Object]:
    """The dictionaries in an array; none where there is no array."""
    return [item for item in value if isinstance(item, Dictionary)] if isinstance(value, Array) else []


def inner(holder: object, *keys: str) -> Object | None:
    """The dictionary that a chain of keys leads to from a dictionary or a stream; None if there is none."""
    for key in keys:
        holder = holder.get(key) if isinstance(holder, Dictionary | Stream) else None
    return holder if isinstance(holder, Dictionary) else None


def made(holder: Object, key: str) -> Object:
    """The dictionary under a key, put there if there is none."""
    if key not in holder or not isinstance(holder[key], Dictionary):
        holder[key] = Dictionary()
    return holder[key]


def drop(holder: Object, *keys: str) -> int:
    """Take entries out of a dictionary; gives how many were there."""
    there = [key for key in keys if key in holder]
    for key in there:
        del holder[key]
    return len(there)


def number(value: object) -> float | None:
    """A number; None for what is none."""
    return float(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def whole(value: object, default: int = 0) -> int:
    """A whole number; ``default`` for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def text(value: object) -> str:
    """A string or a name in characters, whatever its octets are; '' for anything else."""
    if not isinstance(value, Name | String):
        return ""
    try:
        return str(value)
    except UnicodeDecodeError:
        return bytes(value).decode("latin-1")


def inherited(page: Object, key: str) -> Any:
    """An entry of a page, or of what it hangs from (ISO 32000-1, 7.7.3.4)."""
    node: object = page
    for _step in range(_DEPTH):
        if not isinstance(node, Dictionary) or key in node:
            break
        node = node.get("/Parent")
    return node.get(key) if isinstance(node, Dictionary) else None


def annotations(page: Object) -> list[Object]:
    """The annotations of a page that are what they should be."""
    return dictionaries(page.get("/Annots"))


def keep_annotations(page: Object, kept: Collection[Object]) -> None:
    """Leave a page these of its annotations alone."""
    if kept and len(kept) < len(items(page.get("/Annots"))):
        page["/Annots"] = Array(kept)
    elif not kept:
        drop(page, "/Annots")


def outline_items(pdf: Pdf) -> Iterator[Object]:
    """All items of an outline, each once, however its links are tangled."""
    yield from linked(pdf.Root.get("/Outlines"), "/First", "/Next")


def fields(pdf: Pdf) -> Iterator[Object]:
    """All fields of a form, those that are no widgets included."""
    for field in dictionaries((inner(pdf.Root, "/AcroForm") or Dictionary()).get("/Fields")):
        yield from linked(field, "/Kids")


def linked(start: object, *keys: str) -> Iterator[Object]:
    """A dictionary, and all that these entries lead to from one to the next, each once."""
    waiting, seen = [start], set()
    while waiting:
        item = waiting.pop()
        if not isinstance(item, Dictionary) or (item.is_indirect and item.objgen in seen):
            continue
        seen.add(item.objgen)
        yield item
        waiting += [kid for key in keys for kid in items(item.get(key))]


def entries(root: object, kind: str) -> Iterator[tuple[Any, Any]]:
    """The entries of a name tree (``kind`` is ``/Names``) or a number tree (``/Nums``; ISO 32000-1, 7.9.6, 7.9.7)."""
    for node in linked(root, "/Kids"):
        pairs = items(node.get(kind))
        yield from zip(pairs[::2], pairs[1::2], strict=False)


def named_resources(holder: Object, kind: str) -> dict[str, Any]:
    """The resources of a kind (``/Font``, ``/XObject``…) of a page, a form or a pattern, by name; often none."""
    found = inner(holder, "/Resources", kind)
    return dict(found.items()) if found is not None else {}


def decoded(item: object) -> bytes:
    """What a stream holds, or all of those of a page or a list; nothing for one that can't be decoded."""
    if isinstance(item, Array):
        return b"\n".join(decoded(part) for part in list(item) if isinstance(part, Stream))
    if isinstance(item, Dictionary):
        return decoded(item.get("/Contents"))
    if not isinstance(item, Stream):
        return b""
    try:
        return item.read_bytes()
    except PdfError:
        return b""


def is_named(value: object, *names: str) -> bool:
    """Whether something is one of these names (``/Link``)."""
    return isinstance(value, Name) and text(value) in names
