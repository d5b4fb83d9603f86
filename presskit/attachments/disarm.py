"""What an attached PDF must not bring into a kit: what could run or send, and what it tells of its makers."""

from collections.abc import Iterator
from contextlib import suppress

from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NullObject, PdfObject, StreamObject

from presskit.blame import Reading

# Actions that only move the reader about (ISO 32000-1, 12.6.4): the others could run or send something.
_HARMLESS_ACTIONS = {"/GoTo", "/URI", "/Named", "/Thread", "/SetOCGState"}
_SAFE_SCHEMES = ("http:", "https:", "mailto:", "tel:", "ftp:")
# Annotations that play or run what they hold (12.5.6.15 and after).
_PLAYERS = {"/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}
# What programs note of their files, their paths and their users, where no reader looks (14.5, 14.3.2).
_TRACES = ("/PieceInfo", "/Metadata", "/LastModified")
_PROGRAMS = (
    ".app .apk .bat .bin .cmd .com .cpl .dll .dmg .docm .exe .hta .jar .js .jse .lnk .msi .pif .ps1 .reg .scr .sh "
    ".vbe .vbs .wsf .xlsm .pptm"
).split()
_DEPTH = 8


def disarm(document: PdfReader) -> int:
    """Take out of a document what could run or send something; gives how many of these there were.

    Its traces of paths, programs and people go as well, uncounted: nobody misses them.
    """
    removed = sum(_drop_players(page) for page in document.pages)
    for holder in (*document.pages, *link_holders(document), *outline_holders(document), *fields(document)):
        removed += _drop_actions(holder)
    for page in document.pages:
        _drop_traces(page, set(), _DEPTH)
        for annotation in annotations(page):
            # The author of a comment; a widget's /T is the name of its field.
            if annotation.get("/Subtype") != "/Widget":
                annotation.pop("/T", None)
    return removed


def is_program(name: str, content: bytes) -> bool:
    """Whether a file that a PDF holds could run: by its first octets, or by the name that starts it."""
    magic = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!")
    return content.startswith(magic) or any(name.lower().rstrip(". ").endswith(ending) for ending in _PROGRAMS)


def link_holders(document: PdfReader) -> Iterator[DictionaryObject]:
    """All annotations of a document."""
    for page in document.pages:
        yield from annotations(page)


def annotations(page: PageObject) -> Iterator[DictionaryObject]:
    """The annotations of a page that are what they should be."""
    found = resolved(page.get("/Annots"))
    for annotation in found if isinstance(found, ArrayObject) else ():
        annotation = resolved(annotation)
        if isinstance(annotation, DictionaryObject):
            yield annotation


def outline_holders(document: PdfReader) -> Iterator[DictionaryObject]:
    """All items of an outline, each once, however its links are tangled."""
    yield from _linked(resolved(document.root_object.get("/Outlines")), ("/First", "/Next"))


def action_of(holder: DictionaryObject) -> DictionaryObject | None:
    """The action of an annotation or of an outline's item."""
    action = resolved(holder.get("/A"))
    return action if isinstance(action, DictionaryObject) else None


def resolved(value: object) -> PdfObject | None:
    """What a reference leads to; None for nothing."""
    found = value.get_object() if isinstance(value, PdfObject) else None
    return None if isinstance(found, NullObject) else found


def named_resources(holder: DictionaryObject, kind: str) -> DictionaryObject:
    """The resources of a kind (``/Font``, ``/XObject``…) of a page, a form or a pattern, by name; often none."""
    resources = resolved(holder.get("/Resources"))
    found = resolved(resources.get(kind)) if isinstance(resources, DictionaryObject) else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def object_number(item: object) -> int:
    """The number of an object, or of the one that a reference leads to; -1 for one that has none."""
    reference = item if isinstance(item, IndirectObject) else getattr(item, "indirect_reference", None)
    return int(reference.idnum) if reference is not None else -1


class _UndecodableError(Exception):
    """A stream that can't be decoded."""


def decoded(item: object) -> bytes:
    """What a stream holds, or all of those of a page or a list; nothing for one that can't be decoded."""
    found = resolved(item)
    if isinstance(found, PageObject):
        return decoded(found.get("/Contents"))
    if isinstance(found, ArrayObject):
        return b"\n".join(decoded(part) for part in found)
    if not isinstance(found, StreamObject):
        return b""
    with suppress(_UndecodableError), Reading(_UndecodableError):
        return bytes(found.get_data())
    return b""


def fields(document: PdfReader) -> Iterator[DictionaryObject]:
    """All fields of a form, those that are no widgets included."""
    form = resolved(document.root_object.get("/AcroForm"))
    if isinstance(form, DictionaryObject):
        yield from _linked(resolved(form.get("/Fields")), ("/Kids",))


def _linked(start: PdfObject | None, keys: tuple[str, ...]) -> Iterator[DictionaryObject]:
    waiting, seen = [start], set()
    while waiting:
        item = waiting.pop()
        if isinstance(item, ArrayObject):
            waiting += [resolved(kid) for kid in item]
        elif isinstance(item, DictionaryObject) and id(item) not in seen:
            seen.add(id(item))
            yield item
            waiting += [resolved(item.get(key)) for key in keys]


def _drop_players(page: PageObject) -> int:
    found = resolved(page.get("/Annots"))
    if not isinstance(found, ArrayObject):
        return 0
    players = []
    for index, item in enumerate(found):
        annotation = resolved(item)
        if isinstance(annotation, DictionaryObject) and (
            str(annotation.get("/Subtype")) in _PLAYERS or _holds_program(annotation)
        ):
            players.append(index)
    for index in reversed(players):
        del found[index]
    return len(players)


def _holds_program(annotation: DictionaryObject) -> bool:
    """Whether a file attached to a page (12.5.6.15) could run."""
    file = resolved(annotation.get("/FS"))
    if annotation.get("/Subtype") != "/FileAttachment" or not isinstance(file, DictionaryObject):
        return False
    streams = resolved(file.get("/EF"))
    stream = resolved(streams.get("/F")) if isinstance(streams, DictionaryObject) else None
    content = stream.get_data()[:8] if stream is not None and hasattr(stream, "get_data") else b""
    return is_program(str(file.get("/UF") or file.get("/F") or ""), content)


def _drop_actions(holder: DictionaryObject) -> int:
    removed = 0
    for key in ("/AA", "/JS"):
        if key in holder:
            del holder[key]
            removed += 1
    action = action_of(holder)
    if action is not None and not _is_harmless(action):
        del holder["/A"]
        removed += 1
    return removed


def _is_harmless(action: DictionaryObject) -> bool:
    # A chain of actions is not worth telling apart: its harmful links would hide behind a harmless one.
    if str(action.get("/S")) not in _HARMLESS_ACTIONS or "/Next" in action:
        return False
    address = str(action.get("/URI", "")).strip().lower()
    return action.get("/S") != "/URI" or address.startswith(_SAFE_SCHEMES) or ":" not in address


def _drop_traces(holder: DictionaryObject, seen: set[int], depth: int) -> None:
    """Drop private data of a page, and of the forms and images that it is made of."""
    if id(holder) in seen or depth == 0:
        return
    seen.add(id(holder))
    for key in _TRACES:
        holder.pop(key, None)
    for item in named_resources(holder, "/XObject").values():
        item = resolved(item)
        if isinstance(item, DictionaryObject):
            # Keys into the file's own structure tree, which stays behind.
            item.pop("/StructParent", None)
            item.pop("/StructParents", None)
            _drop_traces(item, seen, depth - 1)
