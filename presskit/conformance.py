"""What a kit may say of itself: PDF/UA-1 (ISO 14289-1) and PDF/A-3a (ISO 19005-3), each when it holds.

What an attached file does that these forbid is mended where nothing is lost by it; what is left is found
by a validator, laid to a file and a page, and costs the kit the one claim that it breaks.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from presskit import rules, verapdf
from presskit.attachments.disarm import annotations, decoded, fields, named_resources, object_number, resolved
from presskit.content import TEXT_OPERATORS, numbers, operators
from presskit.i18n import _
from presskit.listening import silenced
from presskit.rules import PDF_A, PDF_UA
from presskit.structure import walk
from presskit.symbols import is_private, is_symbols, meaning

DOCUMENTS = {PDF_UA: "ISO 14289-1", PDF_A: "ISO 19005-3"}
PROFILES = {PDF_UA: "ua1", PDF_A: "3a"}
_LOGGER = silenced("presskit.conformance")
_PRINT, _UNSEEN = 4, 1 | 2 | 32 | 256  # Invisible, Hidden, NoView, ToggleNoView (ISO 32000-1, 12.5.3)
_PAGE_IN_MESSAGE = re.compile(r"\bpage (\d+)")
_NO_CHARACTER = re.compile(rb"<[0-9a-fA-F]+>\s*<(?:0000|[fF][eE][fF][fF]|[fF]{3}[eE])>\s*")
_ENTRY = re.compile(rb"(<[0-9a-fA-F]+>\s*)<([0-9a-fA-F]+)>")
_RESOURCES = {b"gs": "/ExtGState", b"Tf": "/Font", b"Do": "/XObject", b"sh": "/Shading"}
_DEVICE = {1: "/DefaultGray", 3: "/DefaultRGB", 4: "/DefaultCMYK"}
_DEPTH = 6


@dataclass(frozen=True)
class Failure:
    """A rule that a kit breaks: the validator's name for it, its clause, its words, and the page if known."""

    standard: str
    rule: str
    clause: str
    words: str
    page: int | None = None


# Mending


def mend(writer: PdfWriter) -> None:
    """Mend in a kit what can be without a loss: what is drawn and what is said stay as they are."""
    for item in list(writer._objects):
        if isinstance(item, StreamObject):
            _mend_stream(item)
        if isinstance(item, DictionaryObject):
            _mend_dictionary(item)
    for page in writer.pages:
        page.pop("/PresSteps", None)
        resources = resolved(page.get("/Resources"))
        for annotation in annotations(page):
            _mend_annotation(annotation)
            for appearance in _appearances(annotation):
                _complete_resources(appearance, resources)
    _mend_form(writer)
    _mend_layers(writer)


def use_profile(writer: PdfWriter, document: PdfReader, pages: Sequence[DictionaryObject]) -> None:
    """Keep what a file's output intent says its device colours are, now that the kit has one of its own.

    ISO 32000-1, 8.6.5.6: a default colour space in the resources of a page stands for the device's.
    """
    intents = resolved(document.root_object.get("/OutputIntents"))
    for intent in intents if isinstance(intents, ArrayObject) else ():
        intent = resolved(intent)
        profile = resolved(intent.get("/DestOutputProfile")) if isinstance(intent, DictionaryObject) else None
        if not isinstance(profile, StreamObject):
            continue
        count = resolved(profile.get("/N"))
        if not isinstance(count, int) or count not in _DEVICE:
            continue
        clone = cast("StreamObject", profile.clone(writer))
        space = ArrayObject([NameObject("/ICCBased"), cast("PdfObject", clone.indirect_reference)])
        seen: set[int] = set()
        for page in pages:
            _set_default(page, _DEVICE[int(count)], space, seen, _DEPTH)
        return


def _set_default(holder: DictionaryObject, name: str, space: ArrayObject, seen: set[int], depth: int) -> None:
    resources = resolved(holder.get("/Resources"))
    if not isinstance(resources, DictionaryObject) or id(resources) in seen or depth == 0:
        return
    seen.add(id(resources))
    spaces = resolved(resources.get("/ColorSpace"))
    if not isinstance(spaces, DictionaryObject):
        spaces = resources[NameObject("/ColorSpace")] = DictionaryObject()
    spaces.setdefault(NameObject(name), space)
    for kind in ("/XObject", "/Pattern"):
        items = resolved(resources.get(kind))
        for item in items.values() if isinstance(items, DictionaryObject) else ():
            item = resolved(item)
            if isinstance(item, DictionaryObject):
                _set_default(item, name, space, seen, depth - 1)


def _mend_stream(stream: StreamObject) -> None:
    kind = stream.get("/Subtype")
    if kind == "/Image":
        # Whether to smooth an image is a hint to the reader (8.9.5.3).
        if "/Interpolate" in stream:
            stream[NameObject("/Interpolate")] = BooleanObject(False)
        for key in ("/Alternates", "/OPI"):
            stream.pop(key, None)
    elif kind == "/Form":
        for key in ("/OPI", "/PS", "/Ref"):
            stream.pop(key, None)


def _mend_dictionary(item: DictionaryObject) -> None:
    kind = item.get("/Type")
    if kind == "/FontDescriptor":
        # A list of the glyphs in a font: it need not be there, but must be complete (6.2.11.4.2).
        item.pop("/CIDSet", None)
    elif kind == "/Font" and item.get("/Subtype") == "/CIDFontType2" and "/CIDToGIDMap" not in item:
        # What its absence means (ISO 32000-1, table 117), which PDF/A wants said.
        item[NameObject("/CIDToGIDMap")] = NameObject("/Identity")
    elif kind == "/Font" and isinstance(mapping := resolved(item.get("/ToUnicode")), StreamObject):
        _mend_mapping(mapping, str(item.get("/BaseFont", "")))
    elif kind == "/ExtGState":
        item.pop("/HTP", None)
        for key in ("/TR", "/TR2"):
            if str(resolved(item.get(key))) in ("/Identity", "/Default"):
                item.pop(key)


def _mend_mapping(mapping: StreamObject, font: str) -> None:
    """Take out of a font's table the characters that are none (6.2.11.7.2): fpdf2 writes one for glyph 0.

    Those that a font of symbols has to itself (6.2.11.7.3), such as Word's bullets, become what they stand for.
    """
    data = decoded(mapping)
    if _NO_CHARACTER.search(data) is None and not is_symbols(font):
        return

    def known(entry: re.Match[bytes]) -> bytes:
        sign = chr(int(entry[2], 16)) if len(entry[2]) == 4 else ""
        shown = meaning(font, sign) if sign and is_private(sign) else ""
        return entry[1] + b"<%s>" % shown.encode("utf-16-be").hex().upper().encode() if shown else entry[0]

    def without(block: re.Match[bytes]) -> bytes:
        entries, dropped = _NO_CHARACTER.subn(rb"", _ENTRY.sub(known, block[2]) if is_symbols(font) else block[2])
        return b"%d beginbfchar%sendbfchar" % (int(block[1]) - dropped, entries)

    changed = re.sub(rb"(\d+)\s+beginbfchar(.*?)endbfchar", without, data, flags=re.DOTALL)
    if changed != data:
        mapping.set_data(changed)


def _mend_annotation(annotation: DictionaryObject) -> None:
    kind = annotation.get("/Subtype")
    flags = resolved(annotation.get("/F"))
    number = int(flags) if isinstance(flags, int) else 0
    if not number & _UNSEEN:
        annotation[NameObject("/F")] = NumberObject(number | _PRINT)
    looks = resolved(annotation.get("/AP"))
    if isinstance(looks, DictionaryObject) and "/N" in looks:
        for key in ("/R", "/D"):
            looks.pop(key, None)
    if kind != "/Widget" and not resolved(annotation.get("/Contents")):
        said = _destination(annotation) if kind == "/Link" else str(kind or "")[1:]
        annotation[NameObject("/Contents")] = TextStringObject(said)


def _appearances(annotation: DictionaryObject) -> Iterator[StreamObject]:
    """The streams that draw an annotation, in each of its states."""
    looks = resolved(annotation.get("/AP"))
    normal = resolved(looks.get("/N")) if isinstance(looks, DictionaryObject) else None
    states = (resolved(item) for item in normal.values()) if isinstance(normal, DictionaryObject) else iter(())
    yield from (item for item in (normal, *states) if isinstance(item, StreamObject))


def _complete_resources(appearance: StreamObject, known: PdfObject | None) -> None:
    """Name in a stream's own resources those that it takes from its page (ISO 19005-3, 6.2.2)."""
    own = resolved(appearance.get("/Resources"))
    if not isinstance(own, DictionaryObject):
        own = appearance[NameObject("/Resources")] = DictionaryObject()
    for operator in operators(decoded(appearance)):
        kind = _RESOURCES.get(operator.name)
        name = operator.operands[0].decode("latin-1") if kind and operator.operands else ""
        shared = resolved(known.get(kind)) if kind and isinstance(known, DictionaryObject) else None
        if not kind or not isinstance(shared, DictionaryObject) or name not in shared:
            continue
        entries = resolved(own.get(kind))
        if not isinstance(entries, DictionaryObject):
            entries = own[NameObject(kind)] = DictionaryObject()
        entries.setdefault(NameObject(name), shared.raw_get(name))


def _destination(annotation: DictionaryObject) -> str:
    """What can be said of where a link leads, for want of anything better."""
    action = resolved(annotation.get("/A"))
    address = resolved(action.get("/URI")) if isinstance(action, DictionaryObject) else None
    if isinstance(address, bytes):
        return bytes(address).decode("latin-1")
    return str(address) if address else "→"


def _mend_form(writer: PdfWriter) -> None:
    form = resolved(writer.root_object.get("/AcroForm"))
    if not isinstance(form, DictionaryObject):
        return
    form.pop("/NeedAppearances", None)
    for item in fields(cast("PdfReader", writer)):
        # ISO 14289-1, 7.18.1: a field's own name is the best that is known where its author wrote none.
        name = resolved(item.get("/T"))
        if name and not resolved(item.get("/TU")):
            item[NameObject("/TU")] = TextStringObject(str(name))


def _mend_layers(writer: PdfWriter) -> None:
    layers = resolved(writer.root_object.get("/OCProperties"))
    shown = resolved(layers.get("/D")) if isinstance(layers, DictionaryObject) else None
    if not isinstance(layers, DictionaryObject) or not isinstance(shown, DictionaryObject):
        return
    shown.pop("/AS", None)
    if not resolved(shown.get("/Name")):
        shown[NameObject("/Name")] = TextStringObject("Kit")
    order = resolved(shown.get("/Order"))
    listed = set(_numbers(order)) if isinstance(order, ArrayObject) else set()
    if isinstance(order, ArrayObject):
        every = resolved(layers.get("/OCGs"))
        order += [
            item for item in (every if isinstance(every, ArrayObject) else ()) if object_number(item) not in listed
        ]


def _numbers(array: ArrayObject) -> Iterator[int]:
    for item in array:
        found = resolved(item)
        if isinstance(found, ArrayObject):
            yield from _numbers(found)
        else:
            yield object_number(item)


# Claiming


def claim(writer: PdfWriter, standards: Sequence[str]) -> None:
    """Write into the kit's XMP which standards it conforms to (ISO 19005-3, 6.6; ISO 14289-1, 5)."""
    stream = cast("StreamObject", resolved(writer.root_object["/Metadata"]))
    packet = re.sub(rb"<!--claims-->.*<!--/claims-->", b"", stream.get_data(), flags=re.DOTALL)
    claims = "".join(_CLAIMS[standard] for standard in standards)
    if claims:
        packet = packet.replace(b"</rdf:RDF>", f"<!--claims-->{claims}<!--/claims--></rdf:RDF>".encode())
    # Plain, so that archives find it without knowing of PDF (ISO 19005-3, 6.6.2.1).
    plain = DecodedStreamObject()
    plain.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
    plain.set_data(packet)
    writer._replace_object(cast("IndirectObject", writer.root_object.raw_get("/Metadata")), plain)


# PDF/A knows no other schema than its own until it is described (ISO 19005-3, 6.6.2.3).
_UA_SCHEMA = (
    '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
    ' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>'
    '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>'
    "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
    '<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    "<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>Part of ISO 14289 standard</pdfaProperty:description></rdf:li>"
    "</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)
_CLAIMS = {
    PDF_UA: _UA_SCHEMA + '<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">'
    "<pdfuaid:part>1</pdfuaid:part></rdf:Description>",
    PDF_A: '<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">'
    "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance></rdf:Description>",
}


def failures(path: Path, standard: str, doubts: Sequence[Failure] = ()) -> list[Failure]:
    """What validators find against a file's claim to a standard; ``doubts`` are our own findings.

    page-validation, which takes milliseconds, names one failure for each rule. Where it finds any, or there
    are doubts, veraPDF, if it is on this machine, has the last word, and names each page.
    """
    found = quick_failures(path, standard)
    known = {(failure.clause, failure.page) for failure in found}
    found += [failure for failure in doubts if (failure.clause, failure.page) not in known]
    if found and verapdf.find() is not None:
        try:
            return thorough_failures(path, standard)
        except verapdf.UnusableError as error:
            _LOGGER.debug("%s", error)
    return found


def thorough_failures(path: Path, standard: str) -> list[Failure]:
    """What veraPDF finds. Raises verapdf.UnusableError where there is none that works."""
    (findings,) = verapdf.validate([path], PROFILES[standard])
    pages = _pages_of_objects(path) if any(item.page is None for item in findings) else {}
    return [
        Failure(
            standard,
            f"{item.clause}-{item.test}",
            f"{DOCUMENTS[standard]}, {item.clause}",
            rules.explanation_of_clause(item.clause) or _("a rule of the standard is not kept"),
            item.page or pages.get(item.object if item.object is not None else -1),
        )
        for item in findings
    ]


def quick_failures(path: Path, standard: str) -> list[Failure]:
    """What page-validation finds: the first failure for each rule.

    To be called in a worker (worker.py): once it has run, its threads make every later fork hang.
    """
    import page as validator

    try:
        report = validator.validate_pdf(path, profile=PROFILES[standard], limits=validator.SafetyLimits.unlimited())
    except BaseException as error:
        # A panic of its Rust code is no Exception; the kit is whole, only what it may claim is not known.
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        _LOGGER.debug("%s", error)
        return [Failure(standard, "", DOCUMENTS[standard], _("it could not be judged"))]
    # It takes a stream whose data end with a carriage return for one of a wrong length (version 0.11).
    found = [item for item in report.failures if "-STREAM-LENGTH-" not in item.rule_id]
    pages = _pages_of_objects(path) if found else {}
    return [_failure(standard, item, pages) for item in found]


def shows_bare_font(page: PageObject) -> bool:
    """Whether a page, or an annotation on it, is set in a font that is not embedded.

    page-validation (0.11) overlooks fonts of annotations that show an empty text, and those that are used
    after an inline image.
    """
    drawn = [appearance for annotation in annotations(page) for appearance in _appearances(annotation)]
    return any(_shows_bare(holder, _DEPTH) for holder in (page, *drawn))


def _shows_bare(holder: DictionaryObject, depth: int) -> bool:
    fonts = named_resources(holder, "/Font")
    bare = {str(name) for name, font in fonts.items() if not _is_embedded(resolved(font))}
    for form in map(resolved, named_resources(holder, "/XObject").values() if depth else ()):
        if isinstance(form, StreamObject) and form.get("/Subtype") == "/Form" and _shows_bare(form, depth - 1):
            return True
    if not bare:
        return False
    font, mode = "", 0.0
    stack: list[tuple[str, float]] = []
    for operator in operators(decoded(holder)):
        match operator.name:
            case b"q":
                stack.append((font, mode))
            case b"Q" if stack:
                font, mode = stack.pop()
            case b"Tf" if operator.operands:
                font = operator.operands[0].decode("latin-1")
            case b"Tr":
                mode = (numbers(operator.operands) or [0.0])[-1]
            case name if name in TEXT_OPERATORS and font in bare and mode != 3:
                return True
    return False


def _is_embedded(font: PdfObject | None) -> bool:
    if not isinstance(font, DictionaryObject) or font.get("/Subtype") == "/Type3":
        return True
    inner = resolved(font.get("/DescendantFonts"))
    holder = resolved(inner[0]) if isinstance(inner, ArrayObject) and inner else font
    descriptor = resolved(holder.get("/FontDescriptor")) if isinstance(holder, DictionaryObject) else None
    return isinstance(descriptor, DictionaryObject) and any(
        key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")
    )


def font_failure(standard: str, page: int) -> Failure:
    """The failure of a page in a font that is not embedded."""
    rule = f"{'PDFUA1' if standard == PDF_UA else 'PDFA3A'}-FONT-EMBEDDING-001"
    return Failure(standard, rule, rules.clause(rule), rules.explanation(rule), page)


def scan_failure(page: int) -> Failure:
    """The failure that no program can find: nobody said what a scanned page shows."""
    rule = "PDFUA1-FIGURE-SCAN-001"
    return Failure(PDF_UA, rule, rules.clause(rule), rules.explanation(rule), page)


def _failure(standard: str, item: Any, pages: dict[int, int]) -> Failure:
    named = _PAGE_IN_MESSAGE.search(item.message)
    number = item.object_id.object_number if item.object_id is not None else None
    page = int(named[1]) if named else pages.get(number) if number is not None else None
    words = rules.explanation(item.rule_id) or _("a rule of the standard is not kept")
    return Failure(standard, item.rule_id, rules.clause(item.rule_id), words, page)


def _pages_of_objects(path: Path) -> dict[int, int]:
    """The page (from 1) of each object that only one page or the elements on it lead to, by its number."""
    reader = PdfReader(path)
    numbers: dict[int, int] = {}
    by_page = {object_number(page): index for index, page in enumerate(reader.pages, 1)}
    for index, page in enumerate(reader.pages, 1):
        _reach(page, index, numbers, 0)

    def page_of(item: DictionaryObject, above: int | None) -> int | None:
        return by_page.get(object_number(item.raw_get("/Pg"))) if "/Pg" in item else above

    for item, own in walk(resolved(reader.root_object.get("/StructTreeRoot")), None, page_of):
        if own is not None:
            numbers.setdefault(object_number(item), own)
    return numbers


def _reach(value: Any, page: int, numbers: dict[int, int], depth: int) -> None:
    if isinstance(value, IndirectObject):
        if value.idnum in numbers:
            return
        numbers[value.idnum] = page
        value = resolved(value)
    if depth > 12:
        return
    if isinstance(value, DictionaryObject):
        if depth and value.get("/Type") in ("/Page", "/Pages", "/StructElem", "/StructTreeRoot"):
            return
        for key in value:
            if key not in ("/Parent", "/P", "/Dest", "/D"):
                _reach(value.raw_get(key), page, numbers, depth + 1)
    elif isinstance(value, ArrayObject):
        for item in value:
            _reach(item, page, numbers, depth + 1)
