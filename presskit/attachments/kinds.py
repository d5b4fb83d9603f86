"""What an attached file is, told by its content; its name only tells texts apart."""

import re
from dataclasses import dataclass
from enum import Enum
from mimetypes import guess_type
from pathlib import Path

from webencodings import lookup  # type: ignore[import-untyped]

# Enough to hold any signature, a declaration and a comment before an SVG's first tag, and a mail's headers.
_HEAD = 8192

_SVG = re.compile(r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>\s*)*<(?:\w+:)?svg\b", re.DOTALL)
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.DOTALL | re.IGNORECASE
)
# Where an HTML file says how it is encoded: at its start (HTML, 13.2.3.2), or in an XML declaration.
_CHARSET = re.compile(
    rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)|<meta\b[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE
)
_MAIL = re.compile(r"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:From|Received|Message-ID|MIME-Version):", re.IGNORECASE)

_OFFICE = {
    "application/msword",
    "application/rtf",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.oasis.opendocument.presentation",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_IMAGES = {"image/jpeg", "image/png", "image/webp", "image/gif", "image/tiff", "image/bmp", "image/avif", "image/heic"}


class Kind(Enum):
    """What presskit does with a file depends on this alone."""

    PDF = "pdf"
    IMAGE = "image"
    SVG = "svg"
    OFFICE = "office"
    TEXT = "text"
    CSV = "csv"
    MARKDOWN = "markdown"
    HTML = "html"
    MAIL = "mail"
    OTHER = "other"


@dataclass(frozen=True)
class FileKind:
    """A file's kind and media type."""

    kind: Kind
    media_type: str


def kind_of(path: Path) -> FileKind:
    """Tell what a file is."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    # Readers look for a PDF's header in the first kilobyte (ISO 32000-1, annex H.3, note 13).
    if b"%PDF-" in head[:1024]:
        return FileKind(Kind.PDF, "application/pdf")
    # Most attachments are PDFs: only the others pay for knowing the rest.
    import filetype

    guess = filetype.guess(head)
    # An animated PNG is a PNG whose first picture is shown.
    media_type = (guess.mime if guess else "").replace("image/apng", "image/png")
    if media_type == "application/zip" or media_type.startswith(("application/vnd", "application/epub")):
        media_type = _zipped(path) or media_type
    if media_type in _IMAGES or media_type == "image/heif":
        return FileKind(Kind.IMAGE, media_type)
    if media_type in _OFFICE:
        return FileKind(Kind.OFFICE, media_type)
    if media_type:
        return FileKind(Kind.OTHER, media_type)
    text = as_text(head)
    if text is not None and _SVG.match(text):
        return FileKind(Kind.SVG, "image/svg+xml")
    return _text_kind(text, path) if text is not None else FileKind(Kind.OTHER, "application/octet-stream")


def as_text(octets: bytes) -> str | None:
    """Decode a text, UTF-8, UTF-16 or Windows' Western encoding; None for what is no text."""
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")):
        return octets.decode("utf-16", "replace")
    if b"\0" in octets:
        return None
    # A character may be cut at the end of a file's head.
    for cut in range(min(4, max(len(octets), 1))):
        try:
            return octets[: len(octets) - cut].decode("utf-8-sig")
        except UnicodeDecodeError:
            continue
    control = sum(octet < 32 and octet not in b"\t\n\r\f\x1b" for octet in octets)
    return octets.decode("cp1252", "replace") if control == 0 else None


def as_page(octets: bytes) -> str | None:
    """Decode HTML in the encoding that it declares, as browsers do; as any text where that can't be true."""
    declared = _CHARSET.search(octets[:4096])
    if declared is not None and not octets.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        # By the names that browsers know: "iso-8859-1" is Windows' Western encoding (Encoding Standard, 4.2).
        encoding = lookup((declared[1] or declared[2]).decode("ascii"))
        if encoding is not None and not encoding.name.startswith("utf-16"):
            try:
                return str(encoding.codec_info.decode(octets, "strict")[0])
            except UnicodeDecodeError:
                pass
    return as_text(octets)


def _text_kind(text: str, path: Path) -> FileKind:
    suffix = path.suffix.lower()
    if _HTML.match(text):
        return FileKind(Kind.HTML, "text/html")
    if suffix == ".eml" or _MAIL.match(text):
        return FileKind(Kind.MAIL, "message/rfc822")
    if suffix in (".csv", ".tsv"):
        return FileKind(Kind.CSV, "text/csv" if suffix == ".csv" else "text/tab-separated-values")
    if suffix in (".md", ".markdown"):
        return FileKind(Kind.MARKDOWN, "text/markdown")
    if suffix in (".html", ".htm"):
        return FileKind(Kind.HTML, "text/html")
    if suffix in ("", ".txt", ".text", ".log"):
        return FileKind(Kind.TEXT, "text/plain")
    # Data and programs (.json, .srt, .ics…) are for machines: they go into the kit as they are.
    return FileKind(Kind.OTHER, guess_type(path.name)[0] or "text/plain")


def _zipped(path: Path) -> str:
    """The media type that a ZIP-based document declares (ODF, EPUB), or that its parts show (OOXML)."""
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                return archive.read("mimetype").decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError):
        # ValueError: names that are not the UTF-8 that they claim to be.
        return ""
    for part, kind in (
        ("word/document.xml", "wordprocessingml.document"),
        ("xl/workbook.xml", "spreadsheetml.sheet"),
        ("ppt/presentation.xml", "presentationml.presentation"),
    ):
        if part in names:
            return f"application/vnd.openxmlformats-officedocument.{kind}"
    return "application/zip"
