"""A finished kit read back by pypdf before it replaces an old one: what one library wrote, another has read.

A kit that says other than it was to say is a mistake of presskit's, and goes nowhere. Pages, outline, labels and
destinations are read in full, words and tags of long parts by samples: an everyday kit takes some 15 ms.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pikepdf import Object, Pdf, Stream

from presskit.base.blame import Reading
from presskit.base.i18n import _
from presskit.base.listening import silenced
from presskit.conformance.claims import sound_mapping
from presskit.pdf.content import TEXT_OPERATORS, operators, strings
from presskit.pdf.objects import decoded, is_named, named_resources, pages_of, text
from presskit.reading.metadata import Metadata

if TYPE_CHECKING:
    from pypdf import PdfReader

# So many pages of a part, and entries of the parent tree, are looked at.
_SAMPLES = 12
_DEPTH = 4
silenced("pypdf")


class DifferenceError(Exception):
    """A kit that says other than it was to say: a mistake of ours, to be told at once."""


class _UnreadError(Exception):
    """What pypdf can't read, though qpdf can."""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What a kit is to hold.

    ``labels`` are its pages'; ``outline`` its items, each with its depth and its page (from 0, None for none);
    ``starts`` are the titles of the merged parts, and the pages that they begin on; ``names`` tells the page (from 0)
    of each named destination whose name all libraries read alike; ``files`` the octets of each embedded file;
    ``parts`` the documents whose pages are merged, by their first page (from 0).
    """

    labels: Sequence[str]
    outline: Sequence[tuple[int, str, int | None]]
    starts: Sequence[tuple[str, int]]
    names: Mapping[str, int]
    files: Mapping[str, int]
    metadata: Metadata
    parts: Mapping[int, Pdf]


def reread(path: Path, expected: Expected) -> tuple[str, ...]:
    """Read a kit back; gives the names of what could not be read.

    Raises DifferenceError for what is not as expected.
    """
    from pypdf import PdfReader

    checks: dict[str, Callable[[PdfReader, Expected], None]] = {
        _("pages"): _pages,
        _("page numbers"): _labels,
        _("bookmarks"): _outline,
        _("destinations"): _names,
        _("embedded files"): _files,
        _("title and author"): _metadata,
        _("tags"): _tags,
        _("words of attached pages"): _words,
    }
    # A long kit need not be in memory to be looked at.
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as octets:
        try:
            with Reading(_UnreadError):
                reader = PdfReader(octets)  # type: ignore[arg-type]
        except _UnreadError:
            return tuple(checks)
        return tuple(name for name, check in checks.items() if not _is_read(partial(check, reader, expected)))


def _is_read(check: Callable[[], None]) -> bool:
    try:
        with Reading(_UnreadError):
            check()
    except _UnreadError:
        return False
    return True


def _compare(what: str, wanted: object, found: object) -> None:
    if wanted != found:
        raise DifferenceError(f"{what}: {wanted!r:.80} was written, {found!r:.80} was read")


def _plain(value: object) -> str:
    """The letters and figures of a text that libraries read alike, however they take odd encodings."""
    return re.sub(r"[^A-Za-z0-9]+", "", str(value or ""))


def _sampled(count: int, most: int = _SAMPLES) -> list[int]:
    """Some of so many places, the first and the last among them."""
    if count <= most:
        return list(range(count))
    return sorted({round(step * (count - 1) / (most - 1)) for step in range(most)})


def _pages(reader: "PdfReader", expected: Expected) -> None:
    _compare("pages", len(expected.labels), len(reader.pages))


def _labels(reader: "PdfReader", expected: Expected) -> None:
    """pypdf's own ``page_labels`` looks each up from the start: a long kit would take seconds."""
    labels: Any = reader.root_object["/PageLabels"]
    starts, runs = labels["/Nums"][::2], labels["/Nums"][1::2]
    found: list[str] = []
    for start, end, run in zip(starts, [*starts[1:], len(reader.pages)], map(_resolved, runs), strict=True):
        first = run.get("/St", 1) if run.get("/S") == "/D" else None
        numbers = [run.get("/S", "") if first is None else first + index for index in range(end - start)]
        found += [f"{run.get('/P', '')}{number}" for number in numbers]
    _compare("page labels", [_plain(label) for label in expected.labels], [_plain(label) for label in found])


def _resolved(value: Any) -> Any:
    return value.get_object()


def _outline(reader: "PdfReader", expected: Expected) -> None:
    found = list(_outline_items(reader, reader.outline, 0))
    _compare("the outline", [(depth, _plain(title), page) for depth, title, page in expected.outline], found)
    parts = [(title, page) for depth, title, page in found if not depth][-len(expected.starts) or len(found) :]
    _compare("the parts' bookmarks", [(_plain(title), page) for title, page in expected.starts], parts)


def _outline_items(reader: "PdfReader", items: Any, depth: int) -> Iterator[tuple[int, str, int | None]]:
    for item in items:
        if isinstance(item, list):
            yield from _outline_items(reader, item, depth + 1)
        else:
            yield depth, _plain(item.title), reader.get_destination_page_number(item)


def _names(reader: "PdfReader", expected: Expected) -> None:
    found = {name: reader.get_destination_page_number(target) for name, target in reader.named_destinations.items()}
    for name, page in expected.names.items():
        _compare(f"destination {name}", page, found.get(name))


def _files(reader: "PdfReader", expected: Expected) -> None:
    found = sorted((_plain(file.name), file.size) for file in reader.attachment_list)
    _compare("embedded files", sorted((_plain(name), size) for name, size in expected.files.items()), found)


def _metadata(reader: "PdfReader", expected: Expected) -> None:
    info, packet, wanted = reader.metadata, reader.xmp_metadata, expected.metadata
    for what, value in (("title", wanted.title), ("author", wanted.author)):
        _compare(what, _plain(value), _plain(getattr(info, what, "")))
    titles = packet.dc_title if packet is not None else None
    _compare("title in XMP", _plain(wanted.title), _plain((titles or {}).get("x-default")))
    _compare("language", wanted.lang, str(reader.root_object.get("/Lang")))


def _tags(reader: "PdfReader", expected: Expected) -> None:
    """Each page that is looked at has its marks' elements, in the parent tree (ISO 32000-1, 14.7.4.4)."""
    root: Any = reader.root_object["/StructTreeRoot"]
    numbers = root["/ParentTree"]["/Nums"]
    elements = dict(zip(numbers[::2], numbers[1::2], strict=True))
    wanted = sorted(
        {start + page for start, part in expected.parts.items() for page in _sampled(len(part.pages))} | {0}
    )
    for number in wanted[:: 1 + len(wanted) // (4 * _SAMPLES)]:
        page = reader.pages[number]
        if "/StructParents" not in page:
            continue
        owners = elements[page["/StructParents"]].get_object()
        for index in _sampled(len(owners), 3):
            owner = owners[index]
            if owner is not None and not owner.__class__.__name__.startswith("Null"):
                _compare("the owner of a mark", ["/P", "/S"], sorted({"/P", "/S"} & owner.keys()))


# Words


def _words(reader: "PdfReader", expected: Expected) -> None:
    for start, part in expected.parts.items():
        pages, seen = pages_of(part), set[tuple[int, int]]()
        for number in _sampled(len(pages)):
            _same_words(pages[number], reader.pages[start + number], seen, depth=_DEPTH)


def _same_words(source: Object, copy: Any, seen: set[tuple[int, int]], *, depth: int) -> None:
    """Whether a page or form shows the same strings, in fonts that give them the same characters, as it did."""
    before, after = decoded(source), _content(copy)
    if before not in after and strings(before) != strings(after):
        _compare("the words of an attached page", _shown(before), _shown(after))
    for kind in ("/Font", "/XObject"):
        named = named_resources(source, kind)
        copies = copy["/Resources"][kind] if named else {}
        for name, item in named.items():
            if not isinstance(item, Object) or (item.is_indirect and item.objgen in seen):
                continue
            seen.add(item.objgen)
            other = copies[name].get_object()
            mapping = item.get("/ToUnicode") if kind == "/Font" else None
            if isinstance(mapping, Stream):
                wanted = sound_mapping(decoded(mapping), text(item.get("/BaseFont")))
                _compare("a font's characters", wanted, other["/ToUnicode"].get_object().get_data())
            elif depth and isinstance(item, Stream) and is_named(item.get("/Subtype"), "/Form"):
                _same_words(item, other, seen, depth=depth - 1)


def _content(item: Any) -> bytes:
    found = item.get("/Contents", item) if item.get("/Type") == "/Page" else item
    found = found.get_object()
    parts = found if isinstance(found, list) else [found]
    return b"\n".join(part.get_object().get_data() for part in parts if hasattr(part.get_object(), "get_data"))


def _shown(data: bytes) -> list[bytes]:
    return [b" ".join(operator.operands) for operator in operators(data) if operator.name in TEXT_OPERATORS]
