"""Files as they may be handed on: freed of what is their authors' own business, whichever way they go out."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from presskit.attachments import findings, package, pdf, rtf, tidying
from presskit.attachments.findings import Findings, Found
from presskit.attachments.kinds import FileKind, Kind, kind_of
from presskit.attachments.mail import without_private_headers
from presskit.base.errors import Problem
from presskit.base.i18n import _
from presskit.base.images import without_private_metadata
from presskit.base.limits import Limits

OF_REVIEWERS = (Found.CHANGE, Found.COMMENT, Found.NOTE, Found.HIDDEN_TEXT)
HIDDEN = (Found.HIDDEN_SHEET, Found.HIDDEN_CELLS, Found.HIDDEN_SLIDE)


@dataclass(frozen=True)
class Freed:
    """A file to be handed on: its octets, None where they are as they were, and what is to be said of it.

    One that is not ``fit`` holds what can't be taken out of it.
    """

    octets: bytes | None = None
    remarks: tuple[Problem, ...] = ()
    fit: bool = True


def freed(path: Path, name: str, limits: Limits, password: str = "") -> Freed:
    """A file without reviewers' remarks and changes, what is hidden in it, and what was noted of its makers."""
    kind = kind_of(path)
    if kind.kind is Kind.PDF:
        return _of_pdf(path, name, limits, password)
    if kind.kind is Kind.OFFICE:
        return _of_office(path, name, kind, limits)
    if kind.kind is Kind.MAIL:
        return _of_mail(path.read_bytes(), name)
    clean = _CLEANED.get(kind.kind)
    return Freed(clean(path.read_bytes())) if clean else Freed()


_CLEANED: dict[Kind, Callable[[bytes], bytes]] = {
    Kind.IMAGE: without_private_metadata,
    Kind.SVG: tidying.drawing,
    Kind.HTML: tidying.page,
}


def _of_pdf(path: Path, name: str, limits: Limits, password: str) -> Freed:
    try:
        done = pdf.freed(path, password, limits)
    except pdf.UnreadableError:
        # Said where its pages are asked for.
        return Freed()
    except pdf.PasswordError:
        what = _("it is protected by a password: nobody looked for comments in it.")
        return Freed(
            None, (Problem(what, name, remedy=_("Attach it without one, or give its password: password-env")),)
        )
    return Freed(done.octets, tuple(pdf.remarks(done, name)))


def _of_office(path: Path, name: str, kind: FileKind, limits: Limits) -> Freed:
    octets = path.read_bytes()
    found: Findings
    if octets.startswith(b"{\\rtf"):
        octets, found = rtf.freed(octets)
        return Freed(octets if found else None, tuple(findings.remarks(found, name)))
    try:
        done = package.settled(path, kind.media_type, path.name, limits.unpacked * 1_000_000, reviewed=False)
    except package.UnreadableError:
        # One in an older format, or a broken one: known once it is converted, or said where it is embedded.
        return Freed()
    found = Counter({item: done.found[item] for item in OF_REVIEWERS if done.found[item]})
    hides = any(done.found[item] for item in HIDDEN)
    return Freed(done.octets if found else None, tuple(findings.remarks(found, name)), fit=not hides)


def _of_mail(octets: bytes, name: str) -> Freed:
    public, hidden = without_private_headers(octets)
    what = _("its hidden recipients (Bcc) were taken out of the e-mail: they are not in the kit.")
    return Freed(public, (Problem(what, name),) if hidden else ())
