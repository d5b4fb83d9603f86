"""What files tell of who made them, where no reader looks: their names, their firms, paths on their machines.

Of office documents (properties, ISO/IEC 29500-1, 22.2 and 22.3; meta.xml, ISO/IEC 26300-1, 4.3) and of PDFs (Info,
ISO 32000-1, 14.3.3; XMP, ISO 16684-1). What the document itself is about stays: title, subject, keywords, language.
"""

import io
import re
from pathlib import PurePosixPath
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from lxml import etree  # type: ignore[import-untyped]
from pikepdf import Dictionary, Name, Pdf, Stream, String

from presskit.attachments import xml
from presskit.attachments.xml import Node, attribute, name_of, remove, set_attribute
from presskit.base.images import without_private_metadata
from presskit.pdf.objects import decoded, inner, text

# Elements by the part that they are in.
_TOLD_BY = {
    "docProps/core.xml": {"creator", "lastModifiedBy", "contributor", "description"},
    "docProps/app.xml": {"Manager", "Company", "HyperlinkBase"},
    "docProps/custom.xml": {"property"},
    "meta.xml": {"initial-creator", "creator", "contributor", "printed-by", "user-defined", "template"},
    "xl/workbook.xml": {"absPath", "fileSharing"},
}
_PRINTER = ("PrinterName", "PrinterSetup")
_SIGNATURES = re.compile(r"_xmlsignatures/|META-INF/[^/]*signatures[^/]*\.xml\Z")
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".tif", ".tiff")
_PACKAGES = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp")
_DEPTH = 3
# The folders of a path on somebody's machine, up to the name of the file.
_FOLDERS = re.compile(r"(?:file:/+)?(?:(?<![A-Za-z])[A-Za-z]:[\\/]|\\\\|/(?:home|Users)/)(?:[^\\/\n\"<>|?*]*[\\/])*")

# What a PDF tells of itself as a document (14.3.3), and what TeX and PDF/X note.
_KEPT_INFO = re.compile(
    r"/(?:Title|Subject|Keywords|Creator|Producer|CreationDate|ModDate|Trapped|(?:PTEX\.|GTS_).*)\Z"
)
_DC, _PDF, _XMP = (
    "{http://purl.org/dc/elements/1.1/}",
    "{http://ns.adobe.com/pdf/1.3/}",
    "{http://ns.adobe.com/xap/1.0/",
)
_TIFF = "{http://ns.adobe.com/tiff/1.0/}"
_PERSONAL = {f"{_DC}creator", f"{_DC}contributor", f"{_PDF}Author", f"{_XMP}}}Author", f"{_TIFF}Artist"}
# Properties of pictures and of firms' programs; of those of files, what names other files.
_PERSONAL_SETS = re.compile(
    r"\{http://(?:ns\.adobe\.com/(?:photoshop|exif|pdfx)|iptc\.org/std/Iptc4xmp|cipa\.jp/exif)[^}]*\}(?!GTS_|PTEX)"
)
_OF_FILES = f"{_XMP}mm/}}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


def is_signed(octets: bytes) -> bool:
    """Whether an office document bears a signature, which no copy that is changed keeps."""
    with ZipFile(io.BytesIO(octets)) as archive:
        return any(_SIGNATURES.match(name) for name in archive.namelist())


def without_names(octets: bytes, most: int, depth: int = _DEPTH) -> bytes:
    """An office document, of at most so many octets once unpacked, without what it tells of its makers.

    To the byte as it was where it tells nothing.
    """
    try:
        with ZipFile(io.BytesIO(octets)) as archive:
            if sum(item.file_size for item in archive.infolist()) > most:
                return octets
            changed = {
                item.filename: done
                for item in archive.infolist()
                if (done := _freed(item.filename, archive, most, depth=depth)) is not None
            }
            return _replaced(archive, changed) if changed else octets
    except BadZipFile:
        return octets


def _freed(name: str, archive: ZipFile, most: int, *, depth: int) -> bytes | None:
    """Another content for a part; None for the one that it has."""
    path = PurePosixPath(name)
    if path.suffix.lower() in _PICTURES:
        octets = archive.read(name)
        done = without_private_metadata(octets)
        return done if done != octets else None
    if path.suffix.lower() in _PACKAGES and depth:
        octets = archive.read(name)
        done = without_names(octets, most, depth - 1)
        return done if done != octets else None
    # Objects in an OpenDocument have folders of their own.
    told = _TOLD_BY.get(name) or (_TOLD_BY["meta.xml"] if path.name == "meta.xml" else set())
    if not told and path.suffix != ".rels" and path.name != "settings.xml":
        return None
    try:
        root = xml.parse(archive.read(name))
    except xml.UnreadableError:
        return None
    changed = sum(map(_emptied, _telling(root, told)))
    changed += sum(map(_without_folders, root)) if path.suffix == ".rels" else 0
    return xml.serialize(root) if changed else None


def _telling(root: Node, told: set[str]) -> list[Node]:
    found = [node for node in root.iter() if name_of(node) in told]
    return found + [
        node for node in root.iter() if name_of(node) == "config-item" and attribute(node, "name") in _PRINTER
    ]


def _emptied(node: Node) -> bool:
    """Take out what an element tells; tells whether there was something."""
    if name_of(node) in ("config-item", "creator", "lastModifiedBy", "Company", "Manager"):
        told = bool((node.text or "").strip())
        node.text = None
        return told
    remove(node)
    return True


def _without_folders(link: Node) -> bool:
    """Leave of a link to a file on somebody's machine the file's name alone."""
    target = attribute(link, "Target")
    if attribute(link, "TargetMode") != "External" or not (found := _FOLDERS.match(target)):
        return False
    set_attribute(link, "Target", target[found.end() :] or "-")
    return True


def _replaced(archive: ZipFile, changed: dict[str, bytes]) -> bytes:
    """An archive with other contents for some of its parts, with the dates and in the order that they have."""
    out = io.BytesIO()
    with ZipFile(out, "w") as target:
        # The type of an OpenDocument comes first, unpacked (ISO/IEC 26300-2, 3.3).
        for item in sorted(archive.infolist(), key=lambda item: item.filename != "mimetype"):
            packing = ZIP_STORED if item.filename == "mimetype" else item.compress_type
            target.writestr(item, changed.get(item.filename) or archive.read(item), packing)
    return out.getvalue()


# PDF


def drop_names(document: Pdf) -> int:
    """Take out what a PDF tells of its makers; gives how many entries."""
    removed = 0
    about = inner(document.trailer, "/Info") or Dictionary()
    for key, value in list(about.items()):
        plain = _FOLDERS.sub("", text(value))
        if not _KEPT_INFO.match(key):
            removed += bool(plain.strip())
            del about[key]
        elif isinstance(value, String) and plain != text(value):
            removed += 1
            about[key] = String(plain)
    return removed + _drop_names_of_xmp(document)


def _drop_names_of_xmp(document: Pdf) -> int:
    packet = document.Root.get("/Metadata")
    if not isinstance(packet, Stream):
        return 0
    try:
        root = xml.parse(decoded(packet).strip(b"\0 \t\r\n"))
    except xml.UnreadableError:
        # Whom it names can't be told.
        del document.Root["/Metadata"]
        return 1
    removed = 0
    for description in list(root.iter(f"{_RDF}Description")):
        for key in [key for key, value in description.attrib.items() if _is_personal(key, [value])]:
            removed += bool(description.attrib.pop(key).strip())
        for node in [node for node in description if name_of(node) and _is_personal(node.tag, _values(node))]:
            removed += any(value.strip() for value in _values(node))
            remove(node)
    if removed:
        packet = Stream(document, etree.tostring(root.getroottree(), encoding="UTF-8"))
        packet.Type, packet.Subtype = Name.Metadata, Name.XML
        document.Root["/Metadata"] = packet
    return removed


def _is_personal(name: str, values: list[str]) -> bool:
    if name in _PERSONAL or _PERSONAL_SETS.match(name):
        return True
    return name.startswith(_OF_FILES) and any(map(_FOLDERS.search, values))


def _values(node: Node) -> list[str]:
    return [*node.itertext(), *(value for item in node.iter() for value in item.attrib.values())]
