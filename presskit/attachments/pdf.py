"""Attached PDFs: opened, unlocked or repaired where needed, and checked that their pages can be reached."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pypdf import PdfReader

from presskit.attachments.disarm import disarm
from presskit.i18n import _
from presskit.listening import listening, silenced

if TYPE_CHECKING:
    import pikepdf

# What pypdf mends in passing is no news to a press officer.
_LOGGER = silenced("pypdf")


class UnreadableError(Exception):
    """A PDF whose pages can't be had; its text says why, to follow "can't be merged:"."""


class PasswordError(Exception):
    """A PDF that opens with a password, which was not given or is not the right one."""


@dataclass(frozen=True)
class Opened:
    """A PDF that is ready to be merged: whether it was repaired, and how many scripts and such it lost."""

    document: PdfReader
    repaired: bool = False
    removed: int = 0


def read(path: Path, password: str = "") -> Opened:
    """Open a PDF, and take out what a kit must not carry.

    Raises PasswordError when it needs another password, UnreadableError when its pages can't be had.
    """
    with listening(_LOGGER) as complaints:
        try:
            document = PdfReader(path)
            if not document.is_encrypted:
                opened = _made_ready(document)
                if not complaints:
                    return opened
        except Exception as error:
            # A damaged file breaks pypdf in as many ways as there are kinds of object.
            _LOGGER.debug("%s", error)
    return repair(path, password)


def repair(path: Path, password: str = "") -> Opened:
    """Open a PDF through qpdf (pikepdf), which unlocks it and rebuilds what is damaged.

    Of the repairing libraries tried on 300 damaged files, qpdf brought back the most pages, and unlike
    PDFium it keeps all that is not damaged as it was.
    """
    import pikepdf

    rewritten = io.BytesIO()
    try:
        with _unlocked(path, password) as pdf:
            damaged = bool(pdf.get_warnings())
            pdf.save(rewritten)
        return _made_ready(PdfReader(rewritten), repaired=damaged)
    except UnreadableError:
        raise
    except pikepdf.PasswordError as error:
        raise PasswordError from error
    except Exception as error:
        raise UnreadableError(_("it is damaged")) from error


def _made_ready(document: PdfReader, *, repaired: bool = False) -> Opened:
    """Reach each page, so that a broken file is known before the kit is laid out."""
    if not document.pages:
        raise UnreadableError(_("it has no page"))
    return Opened(document, repaired, disarm(document))


def _unlocked(path: Path, password: str) -> "pikepdf.Pdf":
    import pikepdf

    try:
        return pikepdf.open(path, password=password)
    except pikepdf.PasswordError:
        # Before PDF 2.0 passwords are in PDFDocEncoding (ISO 32000-1, 7.6.3.3), near enough to Latin-1.
        if password.isascii():
            raise
        return pikepdf.open(path, password=password.encode("latin-1", "replace"))
