"""What an attached PDF must not bring into a kit: what could run or send, and what it tells of its makers."""

from collections.abc import Iterator

from pikepdf import Dictionary, Object, Pdf, Stream

from presskit.pdf.objects import (
    annotations,
    decoded,
    drop,
    fields,
    inner,
    is_named,
    keep_annotations,
    linked,
    named_resources,
    outline_items,
    pages_of,
    text,
)

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


def disarm(document: Pdf) -> int:
    """Take out of a document what could run or send something; gives how many of these there were.

    Its traces of paths, programs and people go as well, uncounted: nobody misses them.
    """
    pages = pages_of(document)
    removed = sum(_drop_players(page) for page in pages)
    notes = [annotation for page in pages for annotation in annotations(page)]
    above = [field for note in notes for field in linked(note.get("/Parent"), "/Parent")]
    for holder in (*pages, *notes, *above, *outline_items(document), *fields(document)):
        removed += _drop_actions(holder)
    seen: set[tuple[int, int]] = set()
    for page in pages:
        for item in _drawn(page, seen, _DEPTH):
            # Keys into the file's own structure tree, which stays behind.
            drop(item, "/StructParent", "/StructParents")
    drop_traces(document)
    return removed


def drop_traces(document: Pdf) -> int:
    """Take out what tells of a document's programs, paths and people, where no reader looks; gives how many entries.

    A copy that is handed on keeps its structure, and what it says of itself as a whole.
    """
    seen: set[tuple[int, int]] = set()
    removed = drop(document.Root, "/PieceInfo")
    for page in pages_of(document):
        removed += drop(page, *_TRACES)
        removed += sum(drop(item, *_TRACES) for item in _drawn(page, seen, _DEPTH))
        for annotation in annotations(page):
            # The author of a comment; a widget's /T is the name of its field.
            if not is_named(annotation.get("/Subtype"), "/Widget"):
                removed += drop(annotation, "/T")
    return removed


def is_program(name: str, content: bytes) -> bool:
    """Whether a file that a PDF holds could run: by its first octets, or by the name that starts it."""
    magic = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!")
    return content.startswith(magic) or any(name.lower().rstrip(". ").endswith(ending) for ending in _PROGRAMS)


def _drop_players(page: Object) -> int:
    found = annotations(page)
    kept = [a for a in found if not is_named(a.get("/Subtype"), *_PLAYERS) and not _holds_program(a)]
    keep_annotations(page, kept)
    return len(found) - len(kept)


def _holds_program(annotation: Object) -> bool:
    """Whether a file attached to a page (12.5.6.15) could run."""
    file = inner(annotation, "/FS")
    if not is_named(annotation.get("/Subtype"), "/FileAttachment") or file is None:
        return False
    content = decoded((inner(file, "/EF") or Dictionary()).get("/F"))[:8]
    return is_program(text(file.get("/UF")) or text(file.get("/F")), content)


def _drop_actions(holder: Object) -> int:
    removed = drop(holder, "/AA", "/JS")
    action = inner(holder, "/A")
    if action is not None and not _is_harmless(action):
        removed += drop(holder, "/A")
    return removed


def _is_harmless(action: Object) -> bool:
    # A chain of actions is not worth telling apart: its harmful links would hide behind a harmless one.
    if not is_named(action.get("/S"), *_HARMLESS_ACTIONS) or "/Next" in action:
        return False
    address = text(action.get("/URI")).strip().lower()
    return not is_named(action.get("/S"), "/URI") or address.startswith(_SAFE_SCHEMES) or ":" not in address


def _drawn(holder: Object, seen: set[tuple[int, int]], depth: int) -> Iterator[Object]:
    """The forms and images that a page is made of, each once."""
    for item in named_resources(holder, "/XObject").values() if depth else ():
        if isinstance(item, Stream) and item.objgen not in seen:
            seen.add(item.objgen)
            yield item
            yield from _drawn(item, seen, depth - 1)
