"""Attached files as they go into a kit: pages to merge, files to embed or link, decided by content."""

import io
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

from pypdf import PdfReader

from presskit.attachments import image, office, pdf, text
from presskit.attachments.kinds import FileKind, Kind, kind_of
from presskit.communique import Attachment, Mode
from presskit.errors import PresskitError, Problem, Warn
from presskit.i18n import _, listed, ngettext

# Pages of a TIFF: more of them belong in a PDF.
_MOST_FRAMES = 200


@dataclass(frozen=True)
class Part:
    """An attachment in a kit.

    ``document`` has its pages if they are merged; ``embedded`` tells whether the file itself goes into the
    kit; ``url`` is where the file is published, for one that is only linked.
    """

    title: str
    path: Path
    media_type: str
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


@dataclass(frozen=True)
class Draft:
    """An attachment that is to be laid out: sheets of images, or a text."""

    title: str
    path: Path
    content: image.Sheets | text.Text


# Lays a draft out and gives its PDF: a later step's work, handed down to this one.
Compose = Callable[[Draft], bytes]


class _UnmergeableError(Exception):
    """Why a file's pages can't be had, and how to mend that if not by attaching a PDF."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        self.remedy = remedy
        super().__init__(reason)


def attach(path: Path, attachment: Attachment, source: str, field: str, compose: Compose, warn: Warn) -> Part:
    """Make a part of an attached file: its pages if they can be merged, else the file, with a warning.

    ``source`` and ``field`` are where the communiqué names it. Raises PresskitError for a password that
    lacks or is wrong.
    """
    kind = kind_of(path)
    part = Part(attachment.title, path, kind.media_type)
    if attachment.mode is Mode.EMBED:
        return replace(part, embedded=True)
    if part.size == 0:
        return embed(part, _("it is empty"), warn)
    if kind.kind is Kind.OTHER and attachment.mode is Mode.AUTO:
        # Sounds, films, archives, data: they have no pages, and nobody expects any.
        return replace(part, embedded=True)
    try:
        document, complete = _document(path, kind, attachment, compose, warn)
    except pdf.PasswordError as error:
        raise PresskitError(_password_problem(path, attachment, source, field)) from error
    except _MissingVariableError as error:
        raise PresskitError(_variable_problem(attachment, source, field)) from error
    except _UnmergeableError as error:
        return embed(part, str(error), warn, error.remedy)
    return replace(part, document=document, embedded=attachment.mode is Mode.BOTH or not complete)


class _MissingVariableError(Exception):
    """The environment variable of a password is not set."""


def _document(
    path: Path, kind: FileKind, attachment: Attachment, compose: Compose, warn: Warn
) -> tuple[PdfReader, bool]:
    """The pages of a file, and whether they show all of it. Raises _UnmergeableError when there are none."""
    try:
        if kind.kind is Kind.PDF:
            opened = pdf.read(path, _password(attachment))
            _say(opened, path, warn)
            return opened.document, True
        if kind.kind in (Kind.IMAGE, Kind.SVG):
            return _opened(compose(Draft(attachment.title, path, _sheets(path, kind, attachment)))), True
        if kind.kind is Kind.OFFICE:
            return _opened(office.to_pdf(path, kind.media_type)), True
        if kind.kind is not Kind.OTHER:
            content = text.read(path, kind.kind)
            if content.left_out:
                what = _("its own attachments ({names}) have no pages: the file is embedded as well.")
                warn(Problem(what.format(names=listed(content.left_out)), path.name))
            return _opened(compose(Draft(attachment.title, path, content))), not content.left_out
    except (pdf.UnreadableError, image.UnreadableError, text.UnreadableError, office.UnreadableError) as error:
        raise _UnmergeableError(str(error)) from error
    except office.AbsentError as error:
        raise _UnmergeableError(
            _("LibreOffice is not installed"),
            _("Install LibreOffice (Debian, Ubuntu: sudo apt install libreoffice), or attach a PDF."),
        ) from error
    raise _UnmergeableError(_("it has no pages"))


def _opened(octets: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(octets))


def _sheets(path: Path, kind: FileKind, attachment: Attachment) -> image.Sheets:
    texts = (("legend", attachment.caption), ("credit", attachment.credit))
    caption = " ".join(f'<span class="{name}">{escape(value)}</span>' for name, value in texts if value)
    alt = attachment.alt or attachment.title
    return image.sheets(path, kind.media_type, alt=alt, caption=caption, frames=_MOST_FRAMES)


def mend(part: Part, warn: Warn) -> Part:
    """Another part for one whose pages could not be merged: repaired, or its file embedded."""
    try:
        opened = pdf.repair(part.path)
    except (pdf.UnreadableError, pdf.PasswordError):
        return embed(part, _("it is damaged"), warn)
    _say(replace(opened, repaired=True), part.path, warn)
    return replace(part, document=opened.document)


def embed(part: Part, reason: str, warn: Warn, remedy: str = "") -> Part:
    """Make a part whose file goes into the kit as it is, and warn of the reason."""
    warn(
        Problem(
            _("its pages can't be merged: {reason}. The file is embedded in the kit as it is.").format(reason=reason),
            part.path.name,
            remedy=remedy
            or _("Attach a PDF made with “Save as PDF” to have its pages in the kit, or write: as: embed"),
        )
    )
    return replace(part, document=None, embedded=True)


def _say(opened: pdf.Opened, path: Path, warn: Warn) -> None:
    """Warn of what became of a PDF on its way."""
    if opened.repaired:
        what = _("the file was damaged: it has been repaired.")
        warn(Problem(what, path.name, remedy=_("Look at its pages in the kit, or attach a sound copy.")))
    if opened.removed:
        what = ngettext(
            "{count} script or action that could run or send something was taken out.",
            "{count} scripts or actions that could run or send something were taken out.",
            opened.removed,
        )
        warn(Problem(what.format(count=opened.removed), path.name))


def _password(attachment: Attachment) -> str:
    if attachment.password_env and attachment.password_env not in os.environ:
        raise _MissingVariableError
    return os.environ.get(attachment.password_env, "") if attachment.password_env else ""


def _variable_problem(attachment: Attachment, source: str, field: str) -> Problem:
    return Problem(
        _("the environment variable “{name}” is not set.").format(name=attachment.password_env),
        source,
        f"{field}.password-env",
        attachment.line,
        remedy=_("Put the file's password in it before you start presskit."),
    )


def _password_problem(path: Path, attachment: Attachment, source: str, field: str) -> Problem:
    if attachment.password_env:
        what = _("the password given does not open “{name}”.").format(name=path.name)
        remedy = _("Correct the environment variable “{name}”.").format(name=attachment.password_env)
    else:
        what = _("“{name}” is protected by a password.").format(name=path.name)
        remedy = _("Attach it without one, or add: password-env: the name of an environment variable that holds it")
    return Problem(what, source, field, attachment.line, remedy=remedy)
