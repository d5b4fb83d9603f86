"""What a kit may say of itself: PDF/UA-1 (ISO 14289-1) and PDF/A-3a (ISO 19005-3), each when it holds.

What an attached file does that these forbid is mended where nothing is lost by it; what is left is found
by a validator, laid to a file and a page, and costs the kit the one claim that it breaks.
"""

import mmap
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream, String

from presskit.base.i18n import _
from presskit.base.listening import silenced
from presskit.conformance import rules, verapdf
from presskit.conformance.places import pages_of_objects
from presskit.conformance.rules import PDF_A, PDF_UA
from presskit.pdf.content import TEXT_OPERATORS, numbers, operators
from presskit.pdf.objects import (
    annotations,
    decoded,
    dictionaries,
    drop,
    fields,
    inner,
    is_named,
    items,
    made,
    named_resources,
    pages_of,
    text,
    whole,
)
from presskit.pdf.trees import Number
from presskit.text.symbols import is_private, is_symbols, meaning

DOCUMENTS = {PDF_UA: "ISO 14289-1", PDF_A: "ISO 19005-3"}
PROFILES = {PDF_UA: "ua1", PDF_A: "3a"}
_LOGGER = silenced("presskit.conformance.claims")
_PRINT, _UNSEEN = 4, 1 | 2 | 32 | 256  # Invisible, Hidden, NoView, ToggleNoView (ISO 32000-1, 12.5.3)
_PAGE_IN_MESSAGE = re.compile(r"\bpage (\d+)")
_NO_CHARACTER = re.compile(rb"<[0-9a-fA-F]+>\s*<(?:0000|[fF][eE][fF][fF]|[fF]{3}[eE])>\s*")
_ENTRY = re.compile(rb"(<[0-9a-fA-F]+>\s*)<([0-9a-fA-F]+)>")
_RESOURCES = {b"gs": "/ExtGState", b"Tf": "/Font", b"Do": "/XObject", b"sh": "/Shading"}
_DEVICE = {1: "/DefaultGray", 3: "/DefaultRGB", 4: "/DefaultCMYK"}
_DEPTH = 6


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A rule that a kit breaks: the validator's name for it, its clause, its words, and the page if known."""

    standard: str
    rule: str
    clause: str
    words: str
    page: int | None = None


# Mending


def mend(kit: Pdf) -> None:
    """Mend in a kit what can be without a loss: what is drawn and what is said stay as they are."""
    seen: set[Number] = set()
    for page in pages_of(kit):
        drop(page, "/PresSteps")
        for annotation in annotations(page):
            _mend_annotation(annotation)
            for appearance in _appearances(annotation):
                _complete_resources(appearance, inner(page, "/Resources"))
    for scope in kit.content_scopes():
        if isinstance(scope.content, Stream):
            drop(scope.content, "/OPI", "/PS", "/Ref")
        _mend_resources(scope.resources, seen)
    _mend_resources(inner(kit.Root, "/AcroForm", "/DR"), seen)
    _mend_form(kit)
    _mend_layers(kit)


def use_profile(kit: Pdf, document: Pdf, pages: Sequence[Page]) -> None:
    """Keep what a file's output intent says its device colours are, now that the kit has one of its own.

    ISO 32000-1, 8.6.5.6: a default colour space in the resources of a page stands for the device's.
    """
    for intent in dictionaries(document.Root.get("/OutputIntents")):
        profile = intent.get("/DestOutputProfile")
        name = _DEVICE.get(whole(profile.get("/N"))) if isinstance(profile, Stream) else None
        if not isinstance(profile, Stream) or name is None:
            continue
        space = Array([Name.ICCBased, kit.copy_foreign(profile)])
        for scope in kit.content_scopes(pages=pages, kinds=("page", "form", "pattern")):
            if scope.resources is not None:
                spaces = made(scope.resources, "/ColorSpace")
                if name not in spaces:
                    spaces[name] = space
        return


def _mend_resources(resources: Object | None, seen: set[Number]) -> None:
    """Mend the fonts, images and graphics states that a page or a form names."""
    for kind, change in (("/Font", _mend_font), ("/XObject", _mend_image), ("/ExtGState", _mend_state)):
        for item in (inner(resources, kind) or Dictionary()).values():
            if isinstance(item, Dictionary | Stream) and not (item.is_indirect and item.objgen in seen):
                seen.add(item.objgen)
                change(item)


def _mend_image(image: Object) -> None:
    if is_named(image.get("/Subtype"), "/Image"):
        # Whether to smooth an image is a hint to the reader (8.9.5.3).
        for stream in (image, image.get("/SMask"), image.get("/Mask")):
            if isinstance(stream, Stream):
                if "/Interpolate" in stream:
                    stream["/Interpolate"] = False
                drop(stream, "/Alternates", "/OPI")


def _mend_font(font: Object) -> None:
    inner_fonts = dictionaries(font.get("/DescendantFonts"))
    for holder in (font, *inner_fonts):
        descriptor = inner(holder, "/FontDescriptor")
        if descriptor is not None:
            # A list of the glyphs in a font: it need not be there, but must be complete (6.2.11.4.2).
            drop(descriptor, "/CIDSet")
    for inner_font in inner_fonts:
        if is_named(inner_font.get("/Subtype"), "/CIDFontType2") and "/CIDToGIDMap" not in inner_font:
            # What its absence means (ISO 32000-1, table 117), which PDF/A wants said.
            inner_font["/CIDToGIDMap"] = Name.Identity
    mapping = font.get("/ToUnicode")
    if isinstance(mapping, Stream):
        _mend_mapping(mapping, text(font.get("/BaseFont")))


def _mend_state(state: Object) -> None:
    drop(state, "/HTP")
    drop(state, *(key for key in ("/TR", "/TR2") if is_named(state.get(key), "/Identity", "/Default")))


def _mend_mapping(mapping: Stream, font: str) -> None:
    data = decoded(mapping)
    changed = sound_mapping(data, font)
    if changed != data:
        mapping.write(changed)


def sound_mapping(data: bytes, font: str) -> bytes:
    """A font's table without the characters that are none (6.2.11.7.2): fpdf2 writes one for glyph 0.

    Those that a font of symbols has to itself (6.2.11.7.3), such as Word's bullets, become what they stand for.
    """
    if _NO_CHARACTER.search(data) is None and not is_symbols(font):
        return data

    def known(entry: re.Match[bytes]) -> bytes:
        sign = chr(int(entry[2], 16)) if len(entry[2]) == 4 else ""
        shown = meaning(font, sign) if sign and is_private(sign) else ""
        return entry[1] + b"<%s>" % shown.encode("utf-16-be").hex().upper().encode() if shown else entry[0]

    def without(block: re.Match[bytes]) -> bytes:
        entries, dropped = _NO_CHARACTER.subn(rb"", _ENTRY.sub(known, block[2]) if is_symbols(font) else block[2])
        return b"%d beginbfchar%sendbfchar" % (int(block[1]) - dropped, entries)

    return re.sub(rb"(\d+)\s+beginbfchar(.*?)endbfchar", without, data, flags=re.DOTALL)


def _mend_annotation(annotation: Object) -> None:
    kind = annotation.get("/Subtype")
    flags = whole(annotation.get("/F"))
    if not flags & _UNSEEN:
        annotation["/F"] = flags | _PRINT
    looks = inner(annotation, "/AP")
    if looks is not None and "/N" in looks:
        drop(looks, "/R", "/D")
    if not is_named(kind, "/Widget") and not annotation.get("/Contents"):
        said = _destination(annotation) if is_named(kind, "/Link") else text(kind)[1:]
        annotation["/Contents"] = String(said)


def _appearances(annotation: Object) -> Iterator[Stream]:
    """The streams that draw an annotation, in each of its states."""
    looks = inner(annotation, "/AP")
    normal = looks.get("/N") if looks is not None else None
    states = normal.values() if isinstance(normal, Dictionary) else ()
    yield from (item for item in (normal, *states) if isinstance(item, Stream))


def _complete_resources(appearance: Stream, known: Object | None) -> None:
    """Name in a stream's own resources those that it takes from its page (ISO 19005-3, 6.2.2)."""
    own = made(appearance, "/Resources")
    for operator in operators(decoded(appearance)):
        kind = _RESOURCES.get(operator.name)
        name = operator.operands[0].decode("latin-1") if kind and operator.operands else ""
        shared = inner(known, kind) if kind else None
        if kind and shared is not None and name in shared:
            named = made(own, kind)
            if name not in named:
                named[name] = shared[name]


def _destination(annotation: Object) -> str:
    """What can be said of where a link leads, for want of anything better."""
    action = inner(annotation, "/A")
    return text(action.get("/URI") if action is not None else None) or "→"


def _mend_form(kit: Pdf) -> None:
    form = inner(kit.Root, "/AcroForm")
    if form is None:
        return
    drop(form, "/NeedAppearances")
    for item in fields(kit):
        # ISO 14289-1, 7.18.1: a field's own name is the best that is known where its author wrote none.
        name = text(item.get("/T"))
        if name and not item.get("/TU"):
            item["/TU"] = String(name)


def _mend_layers(kit: Pdf) -> None:
    layers = inner(kit.Root, "/OCProperties")
    shown = inner(layers, "/D")
    if layers is None or shown is None:
        return
    drop(shown, "/AS")
    if not shown.get("/Name"):
        shown["/Name"] = String("Kit")
    if "/Order" not in shown:
        shown["/Order"] = Array()
    listed = set(_listed(shown.get("/Order")))
    shown.Order.extend([layer for layer in dictionaries(layers.get("/OCGs")) if layer.objgen not in listed])


def _listed(order: object) -> Iterator[Number]:
    for item in items(order):
        if isinstance(item, Array):
            yield from _listed(item)
        elif isinstance(item, Dictionary):
            yield item.objgen


# Claiming


def claim(kit: Pdf, standards: Sequence[str]) -> None:
    """Write into the kit's XMP which standards it conforms to (ISO 19005-3, 6.6; ISO 14289-1, 5)."""
    packet = kit.Root.Metadata.read_bytes()
    claims = "".join(_CLAIMS[standard] for standard in standards)
    kit.Root.Metadata.write(packet.replace(b"</rdf:RDF>", f"{claims}</rdf:RDF>".encode()))


def retract(path: Path, standards: Sequence[str]) -> None:
    """Take claims back out of a file, where they stand plain (ISO 19005-3, 6.6.2.1), without writing it anew."""
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as octets:
        for statement in (statement for standard in standards for statement in _STATEMENTS[standard]):
            place = octets.find(statement)
            start, end = octets.rfind(_DESCRIPTION[0], 0, place), octets.find(_DESCRIPTION[1], place)
            size = end + len(_DESCRIPTION[1]) - start
            octets[start : start + size] = b" " * size


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


# What each of these descriptions says, wherever pikepdf puts their namespaces.
_STATEMENTS = {
    PDF_UA: (b"<pdfaExtension:schemas>", b"<pdfuaid:part>1</pdfuaid:part>"),
    PDF_A: (b"<pdfaid:part>3</pdfaid:part>",),
}
_DESCRIPTION = (b"<rdf:Description", b"</rdf:Description>")


def failures(path: Path, light: Path, standard: str, *, doubts: Sequence[Failure] = ()) -> list[Failure]:
    """What validators find against a file's claim to a standard; ``doubts`` are our own findings.

    ``light`` is the file, or a copy without what no rule is about (see light.py): page-validation reads that one.

    page-validation, which takes milliseconds, names one failure for each rule. Where it finds any, or there
    are doubts, veraPDF, if it is on this machine, has the last word, and names each page.
    """
    found = quick_failures(light, standard)
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
    pages = pages_of_objects(path) if any(item.page is None for item in findings) else {}
    return [
        Failure(
            standard=standard,
            rule=f"{item.clause}-{item.test}",
            clause=f"{DOCUMENTS[standard]}, {item.clause}",
            words=rules.explanation_of_clause(item.clause) or _("a rule of the standard is broken"),
            page=item.page or pages.get(item.object if item.object is not None else -1),
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
        return [Failure(standard=standard, rule="", clause=DOCUMENTS[standard], words=_("it could not be judged"))]
    # It takes a stream whose data end with a carriage return for one of a wrong length (version 0.11).
    found = [item for item in report.failures if "-STREAM-LENGTH-" not in item.rule_id]
    pages = pages_of_objects(path) if found else {}
    return [_failure(standard, item, pages) for item in found]


def shows_bare_font(page: Object) -> bool:
    """Whether a page, or an annotation on it, is set in a font that is not embedded.

    page-validation (0.11) overlooks fonts of annotations that show an empty text, and those that are used
    after an inline image.
    """
    drawn = [appearance for annotation in annotations(page) for appearance in _appearances(annotation)]
    return any(_shows_bare(holder, _DEPTH) for holder in (page, *drawn))


def _shows_bare(holder: Object, depth: int) -> bool:
    fonts = named_resources(holder, "/Font")
    bare = {name for name, font in fonts.items() if not _is_embedded(font)}
    for form in named_resources(holder, "/XObject").values() if depth else ():
        if isinstance(form, Stream) and is_named(form.get("/Subtype"), "/Form") and _shows_bare(form, depth - 1):
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


def _is_embedded(font: object) -> bool:
    if not isinstance(font, Dictionary) or is_named(font.get("/Subtype"), "/Type3"):
        return True
    holder = next(iter(dictionaries(font.get("/DescendantFonts"))), font)
    descriptor = inner(holder, "/FontDescriptor")
    return descriptor is not None and any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def font_failure(standard: str, page: int) -> Failure:
    """The failure of a page in a font that is not embedded."""
    rule = f"{'PDFUA1' if standard == PDF_UA else 'PDFA3A'}-FONT-EMBEDDING-001"
    return Failure(standard=standard, rule=rule, clause=rules.clause(rule), words=rules.explanation(rule), page=page)


def unjudged_failure(standard: str) -> Failure:
    """The failure of a kit that no validator came to the end of: what nobody has judged is not claimed."""
    return Failure(
        standard=standard, rule="UNJUDGED", clause=DOCUMENTS[standard], words=_("the validator failed on it")
    )


def scan_failure(page: int) -> Failure:
    """The failure that no program can find: nobody said what a scanned page shows."""
    rule = "PDFUA1-FIGURE-SCAN-001"
    return Failure(standard=PDF_UA, rule=rule, clause=rules.clause(rule), words=rules.explanation(rule), page=page)


def _failure(standard: str, item: Any, pages: dict[int, int]) -> Failure:
    named = _PAGE_IN_MESSAGE.search(item.message)
    number = item.object_id.object_number if item.object_id is not None else None
    page = int(named[1]) if named else pages.get(number) if number is not None else None
    words = rules.explanation(item.rule_id) or _("a rule of the standard is broken")
    return Failure(standard=standard, rule=item.rule_id, clause=rules.clause(item.rule_id), words=words, page=page)
