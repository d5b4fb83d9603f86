"""Attached files as they go into a kit: pages to merge, or a file to embed, decided by content."""

import mimetypes
from dataclasses import dataclass
from pathlib import Path

from pypdf import PdfReader

from presskit.attachments import pdf
from presskit.errors import Problem, Warn
from presskit.i18n import _


@dataclass(frozen=True)
class Part:
    """An attachment in a kit: its title and, if its pages are merged, the document that has them."""

    title: str
    path: Path
    document: PdfReader | None = None

    @property
    def pages(self) -> int:
        """How many pages it brings; 0 for a file that is embedded."""
        return len(self.document.pages) if self.document else 0

    @property
    def size(self) -> int:
        """The file's size in bytes."""
        return self.path.stat().st_size

    @property
    def media_type(self) -> str:
        """The file's media type, from its name when its content does not tell."""
        if pdf.is_pdf(self.path):
            return "application/pdf"
        return mimetypes.guess_type(self.path.name)[0] or "application/octet-stream"


def attach(path: Path, title: str, warn: Warn) -> Part:
    """Make a part of an attached file; what can't be merged is embedded whole, and said."""
    if not pdf.is_pdf(path):
        return embed(path, title, _("it is not a PDF"), warn)
    try:
        return Part(title, path, pdf.read(path))
    except pdf.UnreadableError as error:
        return embed(path, title, str(error), warn)


def embed(path: Path, title: str, reason: str, warn: Warn) -> Part:
    """Make a part whose file goes into the kit as it is, and warn of the reason."""
    warn(
        Problem(
            _("its pages can't be merged: {reason}. The file is embedded in the kit as it is.").format(reason=reason),
            path.name,
            remedy=_("Attach a PDF without a password, made with “Save as PDF”, to have its pages in the kit."),
        )
    )
    return Part(title, path)
