"""Attached files as they go into a kit: pages to merge, files to embed or link, decided by content."""

import mimetypes
import os
from dataclasses import dataclass, replace
from pathlib import Path

from pypdf import PdfReader

from presskit.attachments import pdf
from presskit.communique import Attachment, Mode
from presskit.errors import PresskitError, Problem, Warn
from presskit.i18n import _


@dataclass(frozen=True)
class Part:
    """An attachment in a kit.

    ``document`` has its pages if they are merged; ``embedded`` tells whether the file itself goes into the
    kit; ``url`` is where the file is published, for one that is only linked.
    """

    title: str
    path: Path
    document: PdfReader | None = None
    embedded: bool = False
    url: str = ""

    @property
    def pages(self) -> int:
        """How many pages it brings; 0 when none is merged."""
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


def attach(path: Path, attachment: Attachment, source: str, field: str, warn: Warn) -> Part:
    """Make a part of an attached file: its pages if they can be merged, else the file, with a warning.

    ``source`` and ``field`` are where the communiqué names it. Raises PresskitError for a password that
    lacks or is wrong.
    """
    if attachment.mode is Mode.EMBED:
        return Part(attachment.title, path, embedded=True)
    if not pdf.is_pdf(path):
        return embed(Part(attachment.title, path), _("it is not a PDF"), warn)
    try:
        document, repaired = pdf.read(path, _password(attachment, source, field))
    except pdf.PasswordError as error:
        raise PresskitError(_password_problem(path, attachment, source, field)) from error
    except pdf.UnreadableError as error:
        return embed(Part(attachment.title, path), str(error), warn)
    if repaired:
        _warn_of_repair(path, warn)
    return Part(attachment.title, path, document, embedded=attachment.mode is Mode.BOTH)


def mend(part: Part, warn: Warn) -> Part:
    """Another part for one whose pages could not be merged: repaired, or its file embedded."""
    try:
        document, _damaged = pdf.repair(part.path)
    except (pdf.UnreadableError, pdf.PasswordError):
        return embed(part, _("it is damaged"), warn)
    _warn_of_repair(part.path, warn)
    return replace(part, document=document)


def embed(part: Part, reason: str, warn: Warn) -> Part:
    """Make a part whose file goes into the kit as it is, and warn of the reason."""
    warn(
        Problem(
            _("its pages can't be merged: {reason}. The file is embedded in the kit as it is.").format(reason=reason),
            part.path.name,
            remedy=_("Attach a PDF made with “Save as PDF” to have its pages in the kit, or write: as: embed"),
        )
    )
    return replace(part, document=None, embedded=True)


def _warn_of_repair(path: Path, warn: Warn) -> None:
    warn(
        Problem(
            _("the file was damaged: it has been repaired."),
            path.name,
            remedy=_("Look at its pages in the kit, or attach a sound copy."),
        )
    )


def _password(attachment: Attachment, source: str, field: str) -> str:
    name = attachment.password_env
    if name and name not in os.environ:
        raise PresskitError(
            Problem(
                _("the environment variable “{name}” is not set.").format(name=name),
                source,
                f"{field}.password-env",
                attachment.line,
                remedy=_("Put the file's password in it before you start presskit."),
            )
        )
    return os.environ.get(name, "") if name else ""


def _password_problem(path: Path, attachment: Attachment, source: str, field: str) -> Problem:
    if attachment.password_env:
        what = _("the password given does not open “{name}”.").format(name=path.name)
        remedy = _("Correct the environment variable “{name}”.").format(name=attachment.password_env)
    else:
        what = _("“{name}” is protected by a password.").format(name=path.name)
        remedy = _("Attach it without one, or add: password-env: the name of an environment variable that holds it")
    return Problem(what, source, field, attachment.line, remedy=remedy)
