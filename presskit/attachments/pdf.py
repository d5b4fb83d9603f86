"""Attached PDFs: opened, unlocked or repaired where needed, and checked that their pages can be reached."""

import io
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, EmbeddedFile, StreamObject

from presskit.attachments.comments import Comments, take_out
from presskit.attachments.disarm import disarm, fields, is_program, resolved
from presskit.attachments.names import is_left_behind, safe_name
from presskit.attachments.pages import settle
from presskit.blame import Reading, reason
from presskit.i18n import _
from presskit.limits import Limits
from presskit.listening import listening, silenced

if TYPE_CHECKING:
    import pikepdf

# What pypdf mends in passing is no news to a press officer.
_LOGGER = silenced("pypdf")


_MOST_FILES = 200
# pypdf reads every object of an object stream to reach one: 85 percent of the time that a tagged report of
# 250 pages takes. Past this many objects, having qpdf write them one by one first is the quicker way.
_MANY_OBJECTS = 3_000


class UnreadableError(Exception):
    """A PDF whose pages can't be had; its text says why, to follow "can't be merged:"."""


class _BrokenError(Exception):
    """A PDF that pypdf can't read as it is; another library may."""


class PasswordError(Exception):
    """A PDF that opens with a password, which was not given or is not the right one."""


@dataclass(frozen=True)
class Opened:
    """A PDF that is ready to be merged.

    ``removed`` counts the scripts and such that it lost; ``unlike`` says why its pages are not all that it
    is (a signature, an XFA form), '' for most; ``files`` are those that it holds, by name; ``comments`` are
    its reviewers'.
    """

    document: PdfReader
    repaired: bool = False
    removed: int = 0
    unlike: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    portfolio: bool = False
    comments: Comments = field(default_factory=Comments)


def read(path: Path, password: str, limits: Limits) -> Opened:
    """Open a PDF, and take out what a kit must not carry.

    Raises PasswordError when it needs another password, UnreadableError when its pages can't be had.
    """
    with listening(_LOGGER) as complaints, suppress(_BrokenError), Reading(_BrokenError):
        # The open file, and not its path: pypdf would read all of it into memory.
        document = PdfReader(path.open("rb"))
        size = resolved(document.trailer.get("/Size"))
        if not document.is_encrypted and isinstance(size, int) and size <= _MANY_OBJECTS:
            opened = _made_ready(document, limits)
            if not complaints and not _wants_appearances(document):
                return opened
    return repair(path, password, limits)


def repair(path: Path, password: str, limits: Limits) -> Opened:
    """Open a PDF through qpdf (pikepdf), which unlocks it and rebuilds what is damaged.

    Of the repairing libraries tried on 300 damaged files, qpdf brought back the most pages, and unlike
    PDFium it keeps all that is not damaged as it was.
    """
    import pikepdf

    rewritten = io.BytesIO()
    with Reading(lambda error: UnreadableError(reason(error))):
        with _unlocked(path, password) as pdf:
            damaged = bool(pdf.get_warnings())
            form = pdf.Root.get("/AcroForm")
            if isinstance(form, pikepdf.Dictionary) and form.get("/NeedAppearances"):
                # Archives show what is in the file (ISO 19005-3, 6.4.1): drawn once, by qpdf.
                pdf.generate_appearance_streams()
            pdf.save(rewritten, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return _made_ready(PdfReader(rewritten), limits, repaired=damaged)


def _made_ready(document: PdfReader, limits: Limits, *, repaired: bool = False) -> Opened:
    """Reach each page, so that a broken file is known before the kit is laid out."""
    if not document.pages:
        raise UnreadableError(_("it has no page"))
    if len(document.pages) > limits.pages:
        raise UnreadableError(_("it has more than {count} pages").format(count=limits.pages))
    for page in document.pages:
        settle(page)
    removed = disarm(document)
    comments = take_out(document)
    files, programs = _inner_files(document, limits.unpacked * 1_000_000)
    return Opened(
        document,
        repaired,
        removed + programs,
        _settle_form(document),
        files,
        portfolio="/Collection" in document.root_object and bool(files),
        comments=comments,
    )


def _wants_appearances(document: PdfReader) -> bool:
    """Whether a form leaves it to each reader to draw what is in its fields."""
    form = resolved(document.root_object.get("/AcroForm"))
    return isinstance(form, DictionaryObject) and bool(form.get("/NeedAppearances"))


def _inner_files(document: PdfReader, most: int) -> tuple[dict[str, bytes], int]:
    """The files that a document holds, under safe names, and the number of programs left out of them."""
    files: dict[str, bytes] = {}
    programs = 0
    for file in islice(document.attachment_list, _MOST_FILES):
        name = safe_name(str(file.alternative_name or file.name))
        if is_left_behind(name) or not _is_held(file):
            continue
        content = file.content
        most -= len(content)
        if most < 0:
            raise UnreadableError(_("the files that it holds are too large"))
        if is_program(name, content):
            programs += 1
            continue
        stem, dot, ending = name.rpartition(".")
        count = 1
        while name in files:
            count += 1
            name = f"{stem or ending} ({count}){dot}{ending if stem else ''}"
        files[name] = content
    return files, programs


def _is_held(file: EmbeddedFile) -> bool:
    """Whether an entry of the list of files is one that is in the PDF, and does not only name one elsewhere."""
    streams = resolved(file.pdf_object.get("/EF"))
    return isinstance(streams, DictionaryObject) and any(
        isinstance(resolved(streams.get(key)), StreamObject) for key in ("/UF", "/F")
    )


def _settle_form(document: PdfReader) -> str:
    """Make a form one that can be merged; says what its pages no longer have, '' if nothing."""
    form = resolved(document.root_object.get("/AcroForm"))
    if not isinstance(form, DictionaryObject):
        return ""
    form.pop("/SigFlags", None)
    if resolved(form.get("/DR")) is None:
        # Null, or a reference that leads nowhere, is none; the kit's form takes its resources from this one.
        form.pop("/DR", None)
    signed = [item for item in fields(document) if item.get("/FT") == "/Sig" and "/V" in item]
    for item in signed:
        # What it signed is another file: in a kit the signature would only be shown as broken.
        del item["/V"]
    if form.pop("/XFA", None) is not None:
        return _("it is an XFA form")
    return _("it is signed") if signed else ""


def _unlocked(path: Path, password: str) -> "pikepdf.Pdf":
    import pikepdf

    # Before PDF 2.0 passwords are in PDFDocEncoding (ISO 32000-1, 7.6.3.3), near enough to Latin-1.
    spellings: tuple[str | bytes, ...] = (password, password.encode("latin-1", "replace"))
    for spelling in spellings:
        with suppress(pikepdf.PasswordError):
            return pikepdf.open(path, password=spelling)
    raise PasswordError
