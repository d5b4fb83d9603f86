"""Front pages and attachments bound into one kit: outline, labels, links, destinations, metadata, files."""

import hashlib
import io
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import groupby
from pathlib import Path
from typing import Any, cast

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    NameObject,
    NullObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)
from pypdf.xmp import XmpInformation

from presskit import __version__
from presskit.attachments import Part
from presskit.attachments.disarm import (
    action_of,
    link_holders,
    named_resources,
    object_number,
    outline_holders,
    resolved,
)
from presskit.blame import Reading, reason
from presskit.conformance import (
    Failure,
    claim,
    failures,
    font_failure,
    mend,
    scan_failure,
    shows_bare_font,
    use_profile,
)
from presskit.layout import PART_ID
from presskit.metadata import Metadata
from presskit.rules import PDF_UA, STANDARDS
from presskit.stamp import apply_notice, apply_stamps
from presskit.structure import Grafted, Structure, Words

PROGRAM = "presskit"
PRODUCER = f"{PROGRAM} {__version__}"


class _NoLabelsError(Exception):
    """Page labels that can't be read: as good as none."""


class UnmergeableError(Exception):
    """An attachment whose pages pypdf can't append: ``reason`` says why."""

    def __init__(self, part: Part, error: Exception) -> None:
        self.part, self.reason = part, reason(error)
        super().__init__(part.title)


@dataclass(frozen=True)
class Cause:
    """Why a kit does not claim a standard: a failure, and where it is.

    ``part`` is the attached file, None for the front pages; ``page`` the page in that file, from 1.
    """

    failure: Failure
    part: Part | None
    page: int | None


@dataclass(frozen=True)
class Bound:
    """A kit as it was bound: its length, the standards that it claims, and why not the others.

    ``tags`` tells what became of those of each merged part.
    """

    pages: int
    claims: tuple[str, ...]
    causes: tuple[Cause, ...]
    tags: tuple[tuple[Part, Grafted], ...]


@dataclass(frozen=True)
class Binding:
    """How a kit is to be bound.

    With ``separators`` the pages that announce the parts stay before them. ``stamps``, if given, makes a
    PDF of stamps for the attached pages, from their numbers and the kit's; ``notice``, if not empty, is a PDF
    whose one page is put at the top of all pages.
    """

    metadata: Metadata
    words: Words
    separators: bool = False
    stamps: Callable[[Sequence[int], int], bytes] | None = None
    notice: bytes = b""


def bind(
    front: bytes,
    parts: Sequence[Part],
    binding: Binding,
    target: Path,
    begin: Callable[[str], None] = lambda _path: None,
) -> Bound:
    """Bind the front pages and the parts, in order, into a kit at ``target``.

    The front's last pages are one for each merged part and a last blank one (see layout.py); the attached
    pages take their place. ``begin`` is told the path of each file before its pages are appended, and ''
    when all are. Raises UnmergeableError for the first part that can't be appended.
    """
    kit = _Kit(front, parts, binding)
    kit.insert(parts, begin)
    begin("")
    kit.finish(parts)
    _identify(kit.writer, front, parts)
    # The claims are written first and taken back after: a validator only judges what a file says it is.
    kit.write(STANDARDS, target)
    found = {standard: kit.failures(standard, target) for standard in STANDARDS}
    claims = [standard for standard in STANDARDS if not found[standard]]
    causes: list[Cause] = []
    if len(claims) < len(STANDARDS):
        alone = _failures_alone(kit, front, parts, binding, [s for s in STANDARDS if s not in claims], target)
        causes = [cause for standard in STANDARDS for cause in _causes(kit, found[standard], alone.get(standard))]
        kit.write(claims, target)
    tags = tuple((placed.part, placed.grafted) for placed in kit.placed)
    return Bound(kit.pages, tuple(claims), tuple(causes), tags)


@dataclass(frozen=True)
class _Placed:
    """A merged part, its pages in the kit (from 1), and what became of its tags."""

    part: Part
    pages: range
    grafted: Grafted


class _Kit:
    """A kit in the making: front pages, then parts in the places that were left for them."""

    def __init__(self, front: bytes, parts: Sequence[Part], binding: Binding) -> None:
        self.writer = writer = PdfWriter(clone_from=PdfReader(io.BytesIO(front)))
        self._binding = binding
        self._places = [part for part in parts if part.document is not None]
        # As many pages as merged parts announce them, and one more ends them.
        count = len(self._places) + 1 if self._places else 0
        self._announcing = list(writer.pages)[len(writer.pages) - count :] if count else []
        self._front_pages = len(writer.pages) - count
        self._structure = Structure(writer)
        _copy_plain_spaces(writer)
        self.placed: list[_Placed] = []
        self._labels = [str(number) for number in range(1, self._front_pages + 1)]
        self._starts: dict[int, PageObject] = {}

    def insert(self, parts: Sequence[Part], begin: Callable[[str], None]) -> None:
        """Append the pages of the parts, each in its place. Raises UnmergeableError for one that can't be."""
        separators = self._binding.separators
        for number, part in enumerate(self._places):
            if part not in parts:
                continue
            writer, place = self.writer, self._announcing[number]
            start = next(i for i, page in enumerate(writer.pages) if object_number(page) == object_number(place)) + 1
            begin(str(part.path))
            own_labels = _own_labels(part)
            with Reading(partial(UnmergeableError, part)):
                _insert(writer, part, start)
                pages = [writer.pages[start + index] for index in range(part.pages)]
                document = cast("PdfReader", part.document)
                use_profile(writer, document, pages)
                name = f"{PART_ID}{number + 1}"
                grafted = self._structure.graft(document, pages, name, self._binding.words, part.alt)
            self._starts[number] = place if separators else pages[0]
            self._labels += [str(len(self._labels) + 1)] if separators else []
            first = len(self._labels) + 1
            self.placed.append(_Placed(part, range(first, first + part.pages), grafted))
            self._labels += [f"{first + i} ({own})" if own else str(first + i) for i, own in enumerate(own_labels)]

    def finish(self, parts: Sequence[Part]) -> None:
        """Settle all that the pages do not hold themselves, and mend what archives refuse."""
        writer, stays = self.writer, self._binding.separators
        _settle_outlines(writer, list(self._starts.values()))
        blanks = {
            object_number(page): self._starts.get(number)
            for number, page in enumerate(self._announcing)
            if not (stays and number in self._starts)
        }
        _drop_blanks(writer, blanks)
        _label_pages(writer, self._labels)
        attached = [page for placed in self.placed for page in placed.pages]
        if self._binding.stamps is not None and attached:
            made = PdfReader(io.BytesIO(self._binding.stamps(attached, len(writer.pages))))
            apply_stamps(writer, [writer.pages[number - 1] for number in attached], made)
        if self._binding.notice:
            pages = dict(enumerate(writer.pages, 1))
            own = [pages.pop(number) for number in attached]
            apply_notice(writer, list(pages.values()), own, PdfReader(io.BytesIO(self._binding.notice)).pages[0])
        for part in parts:
            if part.embedded:
                _embed(writer, part)
        _describe(writer, self._binding.metadata)
        self._structure.close()
        mend(writer)
        # A merged file of PDF 2.0 brings its number with it.
        writer.pdf_header = "%PDF-1.7"

    @property
    def pages(self) -> int:
        """How many pages the kit has."""
        return len(self.writer.pages)

    def write(self, claims: Sequence[str], target: Path) -> None:
        """Write the kit, with its claims."""
        import pikepdf

        claim(self.writer, claims)
        loose = target.with_suffix(".loose.pdf")
        # Straight to a file: a kit of large scans need not be in memory once more.
        with loose.open("wb") as file:
            self.writer.write(file)
        # pypdf writes objects one by one, as they are: in the streams that qpdf packs them in, structure
        # trees take a fifth of the room. LZW, which archives refuse (ISO 19005-3, 6.1.7.2), becomes Flate.
        try:
            with warnings.catch_warnings(), pikepdf.open(loose) as pdf:
                # Its remarks on pages that it was not asked to copy.
                warnings.simplefilter("ignore")
                pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
        except pikepdf.PdfError:
            # What a damaged attachment left: as it is, the kit is only larger.
            loose.replace(target)
        loose.unlink(missing_ok=True)

    def failures(self, standard: str, written: Path) -> list[Failure]:
        """What stands against a claim of the kit, as it was written."""
        return [*failures(written, standard, self._doubts(standard)), *self._unsaid(standard)]

    def _unsaid(self, standard: str) -> list[Failure]:
        """What no validator can tell: that nobody said what the pages of a scan show."""
        if standard != PDF_UA:
            return []
        return [
            scan_failure(placed.pages[number - 1])
            for placed in self.placed
            if not placed.part.alt
            for number in placed.grafted.scanned[:1]
        ]

    def _doubts(self, standard: str) -> list[Failure]:
        """What a validator is known to overlook: fonts that are not embedded, by the first page of each part."""
        return [font_failure(standard, page) for page in self._bare_pages]

    @cached_property
    def _bare_pages(self) -> list[int]:
        pages = self.writer.pages
        found = (next((n for n in placed.pages if shows_bare_font(pages[n - 1])), None) for placed in self.placed)
        return [page for page in found if page is not None]

    def place(self, page: int | None) -> tuple[Part | None, int | None]:
        """The part that a page of the kit is in, None for the front, and its number there."""
        for placed in self.placed:
            if page is not None and page in placed.pages:
                return placed.part, placed.pages.index(page) + 1
        return None, page


def _failures_alone(
    kit: _Kit,
    front: bytes,
    parts: Sequence[Part],
    binding: Binding,
    standards: Sequence[str],
    target: Path,
) -> dict[str, list[Cause]]:
    """What each of several parts breaks by itself: in a kit, a validator names only the first for each rule."""
    found: dict[str, list[Cause]] = {standard: [] for standard in standards} if len(kit.placed) > 1 else {}
    for placed in kit.placed if found else ():
        alone = _Kit(front, parts, binding)
        alone.insert([placed.part], lambda _path: None)
        alone.finish([])
        alone.write(standards, target)
        for standard in standards:
            for failure in alone.failures(standard, target):
                where, page = alone.place(failure.page)
                if where is not None or not failure.page:
                    found[standard].append(Cause(failure, placed.part, page))
    return found


def _causes(kit: _Kit, found: Sequence[Failure], alone: Sequence[Cause] | None) -> list[Cause]:
    """Lay failures to the files that cause them; ``alone`` is what each part breaks, None for one part or none."""
    causes = [Cause(failure, *kit.place(failure.page)) for failure in found]
    if alone is None:
        only = kit.placed[0].part if kit.placed else None
        return [cause if cause.page else replace(cause, part=only) for cause in causes]
    own = [*(cause for cause in causes if cause.part is None and cause.page), *alone]
    # What shows in no part alone is still a cause.
    known = {cause.failure.rule for cause in own}
    return own + [cause for cause in causes if cause.failure.rule not in known]


def _insert(writer: PdfWriter, part: Part, start: int) -> None:
    document = cast("PdfReader", part.document)
    named = _named_destinations(document)
    _resolve_names(document, named)
    for annotation in link_holders(document):
        # These numbers point into the file's own structure tree, which pypdf leaves behind.
        annotation.pop("/StructParent", None)
    _rename_fields(writer, document)
    writer.merge(start, document, outline_item=part.title)
    _carry_layers(writer, document)
    _name_destinations(writer, part, named, document, start)


# Text


def _copy_plain_spaces(writer: PdfWriter) -> None:
    """Let a glyph that stands for all spaces be copied as the plain one.

    A font without U+202F (Spectral) sets it with the glyph of its space, and WeasyPrint maps a glyph to the
    first character that it stood for: after « every space would be copied, and searched, as U+202F.
    """
    seen: set[int] = set()
    for page in writer.pages:
        for font in named_resources(page, "/Font").values():
            stream = resolved(cast("DictionaryObject", font.get_object()).get("/ToUnicode"))
            if not isinstance(stream, StreamObject) or id(stream) in seen:
                continue
            seen.add(id(stream))
            mapping = stream.get_data()
            if re.search(rb"> ?<0020>", mapping) is None:
                stream.set_data(re.sub(rb"(> ?)<(?:202[fF]|00[aA]0|2009)>", rb"\1<0020>", mapping))


# Forms and layers


def _rename_fields(writer: PdfWriter, document: PdfReader) -> None:
    """Tell apart the fields of two forms: fields of one name share one value (ISO 32000-1, 12.7.3.2)."""
    ours, theirs = (resolved(root.get("/AcroForm")) for root in (writer.root_object, document.root_object))
    if not isinstance(ours, DictionaryObject) or not isinstance(theirs, DictionaryObject):
        return
    taken = {str(item.get("/T")) for item in _dictionaries(ours.get("/Fields"))}
    for item in _dictionaries(theirs.get("/Fields")):
        name, count = str(item.get("/T", "")), 1
        unique = name
        while unique in taken:
            count += 1
            unique = f"{name} ({count})"
        taken.add(unique)
        item[NameObject("/T")] = TextStringObject(unique)
    _carry_resources(writer, ours, theirs)


def _carry_resources(writer: PdfWriter, ours: DictionaryObject, theirs: DictionaryObject) -> None:
    """Add the fonts that the fields of a second form are set in to those of the first (12.7.2, /DR)."""
    fonts = resolved(cast("DictionaryObject", resolved(theirs.get("/DR")) or {}).get("/Font"))
    resources = cast("DictionaryObject", resolved(ours.setdefault(NameObject("/DR"), DictionaryObject())))
    known = cast("DictionaryObject", resolved(resources.setdefault(NameObject("/Font"), DictionaryObject())))
    for name, font in fonts.items() if isinstance(fonts, DictionaryObject) else ():
        if name not in known:
            known[NameObject(name)] = cast("Any", font.clone(writer).indirect_reference or font.clone(writer))


def _carry_layers(writer: PdfWriter, document: PdfReader) -> None:
    """Keep the layers of a file, and which of them are shown (8.11): pypdf leaves their list behind."""
    theirs = resolved(document.root_object.get("/OCProperties"))
    if not isinstance(theirs, DictionaryObject):
        return
    # Its pages are cloned already: the layers that they use are the very ones cloned here.
    cloned = cast("DictionaryObject", theirs.clone(writer).get_object())
    cloned.pop("/Configs", None)
    shown = cast("DictionaryObject", resolved(cloned.get("/D")) or DictionaryObject())
    layers = _list(cloned, "/OCGs")
    if shown.pop("/BaseState", None) == "/OFF":
        on = {object_number(layer) for layer in _list(shown, "/ON")}
        hidden = _list(shown, "/OFF")
        hidden += [layer for layer in layers if object_number(layer) not in on and layer not in hidden]
    ours = resolved(writer.root_object.get("/OCProperties"))
    if not isinstance(ours, DictionaryObject):
        cloned[NameObject("/D")] = shown
        writer.root_object[NameObject("/OCProperties")] = cloned
        return
    _list(ours, "/OCGs").extend(layers)
    for key in ("/ON", "/OFF", "/Order", "/Locked", "/RBGroups", "/AS"):
        _list(cast("DictionaryObject", resolved(ours["/D"])), key).extend(_list(shown, key))


def _list(holder: DictionaryObject, key: str) -> ArrayObject:
    """The array under a key, made if it is not there."""
    found = resolved(holder.get(key))
    if not isinstance(found, ArrayObject):
        found = holder[NameObject(key)] = ArrayObject()
    return found


def _dictionaries(value: object) -> list[DictionaryObject]:
    found = resolved(value)
    items = [resolved(item) for item in found] if isinstance(found, ArrayObject) else []
    return [item for item in items if isinstance(item, DictionaryObject)]


# Destinations


def _named_destinations(document: PdfReader) -> dict[str, ArrayObject]:
    """The named destinations of a file, as explicit ones: ``[page, /XYZ, …]``."""
    return {
        str(name): destination.dest_array
        for name, destination in document.named_destinations.items()
        if not isinstance(destination.get("/Page", NullObject()), NullObject)
    }


def _resolve_names(document: PdfReader, named: dict[str, ArrayObject]) -> None:
    """Make a file's own links and outline lead to pages, not to names that another file may also use."""
    for holder in (*link_holders(document), *outline_holders(document)):
        for owner, key in ((holder, "/Dest"), (action_of(holder), "/D")):
            name = owner.get(key) if owner is not None else None
            if owner is not None and isinstance(name, (str, bytes)):
                target = named.get(name if isinstance(name, str) else name.decode("latin-1"))
                if target is not None:
                    owner[NameObject(key)] = ArrayObject(target)


def _name_destinations(
    writer: PdfWriter, part: Part, named: dict[str, ArrayObject], document: PdfReader, start: int
) -> None:
    """Keep reachable from outside (``kit.pdf#name``) the names that an earlier file took already.

    pypdf leaves out the second destination of a name: it gets the file's own name before it.
    """
    root = writer.get_named_dest_root()
    taken = {str(root[i]): root[i + 1] for i in range(0, len(root), 2)}
    numbers = {object_number(page): index for index, page in enumerate(document.pages)}
    own = {object_number(page) for page in writer.pages[start : start + part.pages]}
    for name, target in named.items():
        existing = taken.get(name)
        index = numbers.get(object_number(target[0]))
        if index is None or (existing is not None and object_number(_array(existing)[0]) in own):
            continue
        page = writer.pages[start + index].indirect_reference
        unique, count = name, 0
        while unique in taken:
            count += 1
            unique = f"{part.path.stem}{count if count > 1 else ''}.{name}"
        taken[unique] = target
        writer.add_named_destination_array(TextStringObject(unique), ArrayObject([cast("Any", page), *target[1:]]))


def _array(destination: Any) -> Any:
    """The array of a destination, which a name tree may hold in a dictionary (ISO 32000-1, 12.3.2.3)."""
    destination = destination.get_object()
    return destination["/D"] if isinstance(destination, DictionaryObject) else destination


# Pages


def _settle_outlines(writer: PdfWriter, starts: Sequence[PageObject]) -> None:
    """Show each attachment as one line of the outline, closed over its own (ISO 32000-1, 12.3.3)."""
    root = writer.get_outline_root()
    items = list(root.children())
    for item, start in zip(items[len(items) - len(starts) :], starts, strict=True):
        item.pop("/A", None)
        item[NameObject("/Dest")] = ArrayObject([cast("Any", start.indirect_reference), NameObject("/Fit")])
        if "/First" in item:
            item[NameObject("/Count")] = NumberObject(-abs(item["/Count"]))
    root[NameObject("/Count")] = NumberObject(len(items) + sum(max(item.get("/Count", 0), 0) for item in items))


def _own_labels(part: Part) -> list[str]:
    """The page labels that a file gives itself, '' where they are its plain page numbers or none."""
    document = cast("PdfReader", part.document)
    if "/PageLabels" not in document.root_object:
        return [""] * part.pages
    labels: Sequence[str] = ()
    with suppress(_NoLabelsError), Reading(_NoLabelsError):
        labels = document.page_labels
    if not labels:
        return [""] * part.pages
    return ["" if label == str(number) else label for number, label in enumerate(labels, 1)]


def _label_pages(writer: PdfWriter, labels: Sequence[str]) -> None:
    """Label each page with its number in the kit, as printed, followed by its own label if it has one."""
    for plain, run in groupby(enumerate(labels), key=lambda item: item[1].isdigit()):
        items = list(run)
        if plain:
            first, last = items[0][0], items[-1][0]
            writer.set_page_label(first, last, PageLabelStyle.DECIMAL, start=first + 1)
        else:
            for index, label in items:
                writer.set_page_label(index, index, prefix=label)


def _drop_blanks(writer: PdfWriter, blanks: Mapping[int, PageObject | None]) -> None:
    """Drop the blank pages, by number; what led to one now leads to the page that takes its place, if any."""
    names = writer.get_named_dest_root()
    for position in reversed(range(0, len(names), 2)):
        number = object_number(_array(names[position + 1])[0])
        if number not in blanks:
            continue
        page = blanks[number]
        if page is None:
            del names[position : position + 2]
        else:
            names[position + 1] = ArrayObject([cast("Any", page.indirect_reference), NameObject("/Fit")])
    for index in reversed(range(len(writer.pages))):
        if object_number(writer.pages[index]) in blanks:
            writer.remove_page(index)


# Files, metadata


def _embed(writer: PdfWriter, part: Part) -> None:
    """Attach a file to the document itself (ISO 32000-1, 7.11.4; /AF as PDF/A-3 wants it)."""
    content = part.path.read_bytes()
    name, count = part.path.name, 1
    while name in writer.attachments:
        count += 1
        name = f"{part.path.stem} ({count}){part.path.suffix}"
    file = writer.add_attachment(name, content)
    file.subtype = NameObject(f"/{part.media_type}")
    file.description = TextStringObject(part.title)
    file.alternative_name = TextStringObject(name)
    file.associated_file_relationship = NameObject("/Supplement")
    file.size = NumberObject(len(content))
    file.checksum = ByteStringObject(hashlib.md5(content, usedforsecurity=False).digest())
    associated = cast("ArrayObject", writer.root_object.setdefault(NameObject("/AF"), ArrayObject()))
    associated.append(cast("Any", file.pdf_object.indirect_reference or file.pdf_object))


def _describe(writer: PdfWriter, metadata: Metadata) -> None:
    """Write the title, author, subject, keywords, language and dates, in Info and XMP alike."""
    stamp = metadata.moment.strftime("D:%Y%m%d%H%M%S%z")
    stamp = f"{stamp[:-2]}'{stamp[-2:]}'"
    writer.metadata = None
    writer.add_metadata(
        {
            "/Title": metadata.title,
            **({"/Author": metadata.author} if metadata.author else {}),
            **({"/Subject": metadata.subject} if metadata.subject else {}),
            **({"/Keywords": ", ".join(metadata.keywords)} if metadata.keywords else {}),
            "/Creator": PRODUCER,
            "/Producer": PRODUCER,
            "/CreationDate": stamp,
            "/ModDate": stamp,
        }
    )
    xmp = XmpInformation.create()
    xmp.dc_title = {"x-default": metadata.title}
    xmp.dc_creator = [metadata.author] if metadata.author else None
    xmp.dc_description = {"x-default": metadata.subject} if metadata.subject else None
    xmp.dc_subject = list(metadata.keywords) or None
    xmp.dc_language = [metadata.lang]
    xmp.dc_format = "application/pdf"
    xmp.pdf_keywords = ", ".join(metadata.keywords) or None
    xmp.pdf_producer = PRODUCER
    xmp.xmp_creator_tool = PRODUCER
    xmp.xmp_create_date = xmp.xmp_modify_date = metadata.moment
    writer.xmp_metadata = xmp
    # Left out by pypdf 7.1; ISO 32000-1, 14.3.2 requires both.
    stream = cast("DictionaryObject", writer.root_object["/Metadata"].get_object())
    stream[NameObject("/Type")], stream[NameObject("/Subtype")] = NameObject("/Metadata"), NameObject("/XML")
    writer.root_object[NameObject("/Lang")] = TextStringObject(metadata.lang)
    writer.page_mode = "/UseOutlines"


def _identify(writer: PdfWriter, front: bytes, parts: Sequence[Part]) -> None:
    """Set the file identifier from the content: pypdf's own is random (ISO 32000-1, 14.4)."""
    digest = hashlib.sha256(front)
    for part in parts:
        with part.path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    identifier = ByteStringObject(digest.digest()[:16])
    writer._ID = ArrayObject([identifier, identifier])
