"""Attached PDFs: opened, and checked that their pages can be reached."""

import logging
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError

from presskit.i18n import _

# What pypdf mends in passing is no news to a press officer.
logging.getLogger("pypdf").addHandler(logging.NullHandler())
logging.getLogger("pypdf").propagate = False

# Readers look for the header in the first kilobyte (ISO 32000-1, annex H.3, note 13).
_HEADER_WITHIN = 1024


class UnreadableError(Exception):
    """A PDF whose pages can't be had; its text says why, to follow "can't be merged:"."""


def is_pdf(path: Path) -> bool:
    """Whether a file's content is a PDF, whatever its name."""
    with path.open("rb") as file:
        return b"%PDF-" in file.read(_HEADER_WITHIN)


def read(path: Path) -> PdfReader:
    """Open a PDF. Raises UnreadableError when it is damaged, empty, or needs a password."""
    try:
        document = PdfReader(path)
        if document.is_encrypted and not document.decrypt(""):
            raise UnreadableError(_("it is protected by a password"))
        if not document.pages:
            raise UnreadableError(_("it has no page"))
        for page in document.pages:
            # Reached here, so that a broken page tree is known before the kit is laid out.
            _box = page.mediabox
    except UnreadableError:
        raise
    except (DependencyError, FileNotDecryptedError) as error:
        raise UnreadableError(_("it is encrypted")) from error
    except Exception as error:
        # A damaged file breaks pypdf in as many ways as there are kinds of object.
        raise UnreadableError(_("it is damaged")) from error
    return document
