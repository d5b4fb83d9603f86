"""Texts that people write, decoded; a file that is none is called what it is."""

import zipfile
from io import BytesIO

from presskit.base.errors import PresskitError, Problem
from presskit.base.i18n import _

_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# What French and English texts are written with beyond ASCII: in another encoding these octets are other signs.
_WESTERN = set("àâäçéèêëîïôöùûüÿæœÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸÆŒ«»“”‘’–—…€°²³·•\u00a0§©®ñáíóúß")


def decode(octets: bytes, name: str) -> str:
    """Decode UTF-8, or UTF-16 that says so by its byte order mark.

    Raises PresskitError that names the kind of a file that is no text, or the line of a wrong sign.
    """
    encoding = _MARKS.get(octets[:2], "utf-8-sig")
    if encoding == "utf-8-sig" and (kind := _kind(octets)):
        raise PresskitError(_no_text(kind, name))
    if encoding == "utf-8-sig" and _is_unmarked_utf_16(octets[:1000]):
        remedy = _("Open it in a text editor and save it again with the encoding UTF-8.")
        raise PresskitError(Problem(_("the file is encoded in UTF-16, but does not say so."), name, remedy=remedy))
    try:
        return octets.decode(encoding)
    except UnicodeDecodeError as error:
        raise PresskitError(_undecodable(octets, error.start, name)) from error


def _is_unmarked_utf_16(head: bytes) -> bool:
    """Whether a text seems to have a zero beside nearly each letter."""
    return any(head[start::2].count(0) > len(head) // 3 for start in (0, 1))


def _undecodable(octets: bytes, start: int, name: str) -> Problem:
    remedy = _("Open it in a text editor and save it again with the encoding UTF-8.")
    line = octets.count(b"\n", 0, start) + 1
    what = _("the file is not encoded in UTF-8.")
    if octets[:2] in _MARKS:
        what = _("the file is encoded in UTF-16, but cut short or damaged.")
    elif b"\0" in octets[:1000]:
        what = _("the file is not a text.")
        remedy = _("Name the communiqué's text file (.md).")
    elif {sign for sign in octets.decode("cp1252", "replace") if ord(sign) > 127} <= _WESTERN:
        what = _("the file is not encoded in UTF-8, but in Windows-1252 (“ANSI”).")
    return Problem(what, name, line=line, remedy=remedy)


def _kind(octets: bytes) -> str:
    """What a file that is no plain text is, in words; '' for one that may be a text."""
    head = octets[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if octets.startswith(b"PK\x03\x04"):
        return _zipped(octets)
    if octets.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        # Their directory names the stream of each program's own content.
        streams = {"PowerPoint Document": _("a PowerPoint file"), "Workbook": _("an Excel file")}
        named = (kind for stream, kind in streams.items() if stream.encode("utf-16-le") in octets)
        return next(named, _("a Word file"))
    if head.startswith(b"{\\rtf"):
        return _("a Word file (RTF)")
    if head.startswith((b"<!doctype html", b"<html")):
        return _("a web page (HTML)")
    if head.startswith(b"%pdf-"):
        return _("a PDF")
    if octets.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"II*\0", b"MM\0*")):
        return _("an image")
    return ""


def _zipped(octets: bytes) -> str:
    """What a ZIP holds: office files and electronic books are ZIPs too."""
    try:
        with zipfile.ZipFile(BytesIO(octets)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        names = []
    kinds = {
        "word/": _("a Word file"),
        "xl/": _("an Excel file"),
        "ppt/": _("a PowerPoint file"),
        "Index/": _("a Pages file"),
    }
    for start, kind in kinds.items():
        if any(name.startswith(start) for name in names):
            return kind
    return _("a LibreOffice file") if "content.xml" in names else _("a ZIP file")


def _no_text(kind: str, name: str) -> Problem:
    what = _("this is {kind}, not the text of a communiqué.").format(kind=kind)
    remedy = _(
        "Copy its text into a text file (.md) that starts with a “---” line, “title: …”, “date: …” and a “---” line; "
        "to attach the file itself, name it there under “files:”."
    )
    return Problem(what, name, remedy=remedy)
