"""Files as they may be handed on: freed of what is their authors' own business, whichever way they go out."""

import io
import re
import zlib
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile

from presskit.attachments import findings, package, pdf, rtf, tidying
from presskit.attachments.findings import Findings, Found
from presskit.attachments.kinds import FileKind, Kind, kind_of
from presskit.attachments.mail import with_parts, without_private_headers
from presskit.attachments.makers import is_signed, without_names
from presskit.base.errors import Problem
from presskit.base.i18n import _
from presskit.base.images import without_private_metadata
from presskit.base.limits import Limits
from presskit.text.file_names import is_left_behind, safe_name
from presskit.text.text_files import decode

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


def freed(path: Path, name: str, limits: Limits, *, password: str = "", depth: int = 0) -> Freed:
    """A file without reviewers' remarks and changes, what is hidden in it, and what was noted of its makers.

    ``name`` is what it is called in what is said of it; ``depth`` tells how many files it is in.
    """
    kind = kind_of(path)
    if kind.kind is Kind.PDF:
        return _of_pdf(path, name, limits, password=password, depth=depth)
    if kind.kind is Kind.OFFICE:
        return _of_office(path, name, kind, limits=limits)
    if kind.kind is Kind.MAIL:
        return _of_mail(path.read_bytes(), name, limits, depth=depth)
    if kind.media_type == "application/zip" and depth <= limits.nesting:
        return _of_archive(path, name, limits, depth=depth)
    if kind.media_type in _ARCHIVES:
        return Freed(None, (_unseen(name),))
    if kind.kind is Kind.IMAGE:
        return Freed(without_private_metadata(path.read_bytes()))
    if kind.kind in (Kind.SVG, Kind.HTML):
        tidied = tidying.drawing if kind.kind is Kind.SVG else tidying.page
        octets, hidden = tidied(path.read_bytes())
        return Freed(octets, tuple(findings.remarks(Counter({Found.HIDDEN_TEXT: hidden}), name)))
    if kind.media_type == "text/markdown":
        return _of_markdown(path, name)
    return Freed()


def _of_markdown(path: Path, name: str) -> Freed:
    """A text without the comments that only its source shows; those within code are its author's words."""
    text = decode(path.read_bytes(), name)
    count = sum(not found["code"] for found in _CODE_OR_COMMENT.finditer(text))
    # Lines stay where they are, for messages that name them.
    public = _CODE_OR_COMMENT.sub(lambda found: found["code"] or "\n" * found[0].count("\n"), text)
    said = findings.remarks(Counter({Found.COMMENT: count}), name) if count else ()
    return Freed(public.encode() if count else None, tuple(said))


_CODE_OR_COMMENT = re.compile(
    r"(?P<code>^(?P<fence>```+|~~~+).*?^(?P=fence)|(?P<tick>`++)[^\n]*?(?P=tick))"
    r"|<!--.*?-->|\{::comment\}.*?\{:/(?:comment)?\}",
    re.DOTALL | re.MULTILINE,
)
_ARCHIVES = (
    "application/zip",
    "application/x-7z-compressed",
    "application/x-rar-compressed",
    "application/x-tar",
    "application/gzip",
    "application/x-bzip2",
    "application/x-xz",
    "application/vnd.rar",
)
_OLDER = ("application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint")


def _of_pdf(path: Path, name: str, limits: Limits, *, password: str, depth: int) -> Freed:
    held: list[Freed] = []

    def of_file(inside: str, octets: bytes) -> bytes | None:
        held.append(_member(inside, octets, name, limits=limits, depth=depth) if depth <= limits.nesting else Freed())
        return held[-1].octets

    try:
        done = pdf.freed(path, password, limits, of_file=of_file)
    except pdf.UnreadableError:
        # Said where its pages are asked for.
        return Freed()
    except pdf.PasswordError:
        what = _("it is protected by a password: nobody looked for comments in it.")
        return Freed(
            None, (Problem(what, name, remedy=_("Attach it without one, or give its password: password-env")),)
        )
    said = (*pdf.remarks(done, name), *(problem for one in held for problem in one.remarks))
    return Freed(done.octets, said, fit=all(one.fit for one in held))


def _of_office(path: Path, name: str, kind: FileKind, *, limits: Limits) -> Freed:
    octets = path.read_bytes()
    found: Findings
    if octets.startswith(b"{\\rtf"):
        settled, found = rtf.freed(octets)
        public = rtf.without_names(settled if found else octets)
        return Freed(public if public != octets else None, tuple(findings.remarks(found, name)))
    most = limits.unpacked * 1_000_000
    try:
        done = package.settled(path, kind.media_type, path.name, most=most, reviewed=False)
    except package.UnreadableError:
        # One in an older format, or a broken one: known once it is converted, or said where it is embedded.
        return Freed()
    found = Counter({item: done.found[item] for item in OF_REVIEWERS if done.found[item]})
    hides = any(done.found[item] for item in HIDDEN)
    public, signed = without_names(done.octets if found else octets, most), is_signed(octets)
    named = signed and not found and public != octets
    said = (*findings.remarks(found, name), *pdf.signature_said(name, unsigned=signed and bool(found), named=named))
    return Freed(None if named or public == octets else public, said, fit=not hides)


def _of_mail(octets: bytes, name: str, limits: Limits, *, depth: int) -> Freed:
    public, hidden = without_private_headers(octets)
    what = _("its hidden recipients (Bcc) were taken out of the e-mail: they are not in the kit.")
    said = [Problem(what, name)] if hidden else []

    def inner(part: str, content: bytes) -> bytes | None:
        done = _member(part, content, name, limits=limits, depth=depth)
        said.extend([*done.remarks, *([] if done.fit else [_taken_out(f"{name}/{part}")])])
        return done.octets if done.fit else b""

    return Freed(with_parts(public, inner), tuple(said))


def _of_archive(path: Path, name: str, limits: Limits, *, depth: int) -> Freed:
    """A ZIP whose files are freed, without its comment and what systems left in it."""
    said: list[Problem] = []
    out = io.BytesIO()
    try:
        with ZipFile(path) as archive, ZipFile(out, "w") as target:
            changed = bool(archive.comment)
            if sum(item.file_size for item in archive.infolist()) > limits.unpacked * 1_000_000:
                return Freed(None, (_unseen(name),))
            for item in archive.infolist():
                octets = archive.read(item)
                if is_left_behind(item.filename):
                    said.append(
                        Problem(
                            _("a file that a system or a program left in it was taken out."), f"{name}/{item.filename}"
                        )
                    )
                    changed = True
                    continue
                done = Freed() if item.is_dir() else _member(item.filename, octets, name, limits=limits, depth=depth)
                said += done.remarks
                changed |= done.octets is not None or not done.fit
                if done.fit:
                    target.writestr(item, octets if done.octets is None else done.octets, item.compress_type)
                else:
                    said.append(_taken_out(f"{name}/{item.filename}"))
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError, zlib.error):
        # Damaged, or locked by a password.
        return Freed(None, (_unseen(name),))
    return Freed(out.getvalue() if changed else None, tuple(said))


def _member(inside: str, octets: bytes, name: str, *, limits: Limits, depth: int) -> Freed:
    """A file that is in another."""
    with TemporaryDirectory(prefix="presskit-") as folder:
        path, called = Path(folder) / safe_name(PurePosixPath(inside).name), f"{name}/{inside}"
        path.write_bytes(octets)
        done = freed(path, called, limits, depth=depth + 1)
        if done.octets is None and kind_of(path).media_type in _OLDER:
            return Freed(None, (_unseen(called),))
        return replace(done, octets=None if done.octets == octets else done.octets)


def _taken_out(name: str) -> Problem:
    what = _("it was taken out: what reviewers left or hid in it can't be.")
    return Problem(what, name, remedy=_("Delete it yourself, or attach a PDF of the file."))


def _unseen(name: str) -> Problem:
    what = _("nobody looked for comments, changes and traces of people in what it holds.")
    return Problem(what, name, remedy=_("Look into it before you attach it, or attach what it holds file by file."))
