"""Attached PDFs: opened by qpdf (pikepdf), which unlocks and repairs them, and made ready to be merged."""

import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Pdf, Stream

from presskit.attachments.comments import Comments, comments_said, take_out
from presskit.attachments.disarm import disarm, drop_traces, is_program
from presskit.attachments.makers import drop_names
from presskit.attachments.pages import settle
from presskit.base.blame import Reading, reason
from presskit.base.errors import Problem
from presskit.base.i18n import _, listed, ngettext
from presskit.base.limits import Limits
from presskit.base.listening import silenced
from presskit.pdf.objects import (
    annotations,
    dictionaries,
    drop,
    entries,
    fields,
    inner,
    is_named,
    pages_of,
    text,
    whole,
)
from presskit.text.file_names import is_left_behind, safe_name

# What qpdf mends in passing is no news to a press officer.
silenced("pikepdf")
_MOST_FILES = 200
_PASSWORD, _HIDDEN = 1 << 13, 2
# How qpdf says that a page is odd, by its place in the tree of pages.
_ODD_PAGE = re.compile(r"\bkid \d+ \(from \d+\)")


class UnreadableError(Exception):
    """A PDF whose pages can't be had; its text says why, to follow "can't be merged:"."""


class PasswordError(Exception):
    """A PDF that opens with a password, which was not given or is not the right one."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A PDF that is ready to be merged.

    ``removed`` counts the scripts and such that it lost; ``unlike`` says why its pages are not all that it
    is (a signature, an XFA form), '' for most; ``files`` are those that it holds, by name.
    """

    document: Pdf
    repaired: bool = False
    removed: int = 0
    unlike: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    portfolio: bool = False


@dataclass(frozen=True, kw_only=True)
class Freed:
    """A PDF as it may be handed on: its octets, None where they are as they were, and what is to be said of it.

    ``comments`` are its reviewers'; ``layers`` are the names of those that are switched off; ``unsigned`` tells that
    a signature does not hold for what is left, ``repaired`` that it was damaged, ``named`` that it names its makers.
    """

    octets: bytes | None
    comments: Comments
    layers: tuple[str, ...] = ()
    unsigned: bool = False
    repaired: bool = False
    named: bool = False


def read(path: Path, password: str, limits: Limits) -> Opened:
    """Open a PDF, and take out what a kit must not carry.

    Raises PasswordError when it needs another password, UnreadableError when its pages can't be had.
    """
    with Reading(lambda error: UnreadableError(reason(error))):
        try:
            document = _unlocked(path, password)
        except pikepdf.PdfError:
            return _made_ready(_rebuilt(path), limits, repaired=True)
        return _made_ready(document, limits, repaired=_was_damaged(document))


def _rebuilt(path: Path) -> Pdf:
    """A file in which qpdf finds no page, written anew by pypdf, which looks for lost objects everywhere."""
    from pypdf import PdfReader, PdfWriter

    rewritten = io.BytesIO()
    with PdfReader(path) as reader:
        PdfWriter(clone_from=reader).write(rewritten)
    return pikepdf.open(rewritten)


def repair(path: Path, limits: Limits) -> Opened:
    """Open a PDF whose pages could not be merged, written anew by qpdf: what can't be read in it is gone."""
    rewritten = io.BytesIO()
    with Reading(lambda error: UnreadableError(reason(error))):
        with _unlocked(path, "") as pdf:
            pdf.save(rewritten)
        return _made_ready(pikepdf.open(rewritten), limits, repaired=True)


def _made_ready(document: Pdf, limits: Limits, *, repaired: bool) -> Opened:
    """Reach each page, so that a broken file is known before the kit is laid out."""
    if not document.pages:
        raise UnreadableError(_("it has no page"))
    if len(document.pages) > limits.pages:
        raise UnreadableError(_("it has more than {count} pages").format(count=limits.pages))
    for page in pages_of(document):
        settle(page)
    removed = disarm(document)
    take_out(document)
    _drop_unseen(document)
    files, programs = _inner_files(document, limits.unpacked * 1_000_000)
    return Opened(
        document=document,
        repaired=repaired,
        removed=removed + programs,
        unlike=_settle_form(document),
        files=files,
        portfolio="/Collection" in document.Root and bool(files),
    )


def freed(path: Path, password: str, limits: Limits, *, of_file: Callable[[str, bytes], bytes | None]) -> Freed:
    """A PDF without its reviewers' comments, what programs noted in it, and what was typed into fields of passwords.

    ``of_file`` is given the name and content of each file that it holds, and gives another content, None for the same.
    A signature is worth more than what programs noted: where there is nothing else, a signed file stays as it is.
    Raises PasswordError and UnreadableError.
    """
    with Reading(lambda error: UnreadableError(reason(error))), _unlocked(path, password) as document:
        if len(document.pages) > limits.pages:
            raise UnreadableError(_("it has more than {count} pages").format(count=limits.pages))
        before = _annotated(document)
        comments = take_out(document)
        gone = before - _annotated(document) + _drop_unseen(document)
        gone += _free_inner(document, limits.unpacked * 1_000_000, of_file)
        signed = any(is_named(item.get("/FT"), "/Sig") and "/V" in item for item in fields(document))
        names = drop_names(document)
        changed = bool(gone) or (not signed and drop_traces(document) + names > 0)
        layers = tuple(_layers_off(document))
        if not changed:
            return Freed(octets=None, comments=comments, layers=layers, named=names > 0)
        drop_traces(document)
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
        return Freed(
            octets=out.getvalue(), comments=comments, layers=layers, unsigned=signed, repaired=_was_damaged(document)
        )


def remarks(done: Freed, name: str) -> Iterator[Problem]:
    """What is to be said of a PDF that is handed on."""
    if done.repaired:
        what = _("the file was damaged: it has been repaired.")
        yield Problem(what, name, remedy=_("Look at its pages in the kit, or attach a sound copy."))
    yield from comments_said(done.comments, name)
    yield from signature_said(name, unsigned=done.unsigned, named=done.named)
    if done.layers:
        what = ngettext(
            "a layer that is switched off ({names}) stays in the file: readers can switch it on.",
            "layers that are switched off ({names}) stay in the file: readers can switch them on.",
            len(done.layers),
        )
        remedy = _("Delete what should not be seen in the program that made the file.")
        yield Problem(what.format(names=listed(done.layers)), name, remedy=remedy)


def signature_said(name: str, *, unsigned: bool, named: bool) -> Iterator[Problem]:
    """What is to be said of a signed file: that it was changed all the same, or was not, and what it tells stays."""
    if unsigned:
        what = _("it is signed, and its signature does not hold any more: what reviewers left in it was taken out.")
        yield Problem(what, name, remedy=_("Take the comments out yourself, and have it signed anew."))
    if named:
        what = _("it is signed, and stays as it is: its properties name who made it, or their machine.")
        yield Problem(what, name, remedy=_("Empty its properties (author, company), and have it signed anew."))


def _free_inner(document: Pdf, most: int, of_file: Callable[[str, bytes], bytes | None]) -> int:
    """Free the files that a document holds; gives how many are other than they were."""
    changed = 0
    for key, file in islice(entries(inner(document.Root, "/Names", "/EmbeddedFiles"), "/Names"), _MOST_FILES):
        stream = _held(file)
        octets = stream.read_bytes() if stream is not None else b""
        most -= len(octets)
        if most < 0:
            raise UnreadableError(_("the files that it holds are too large"))
        done = of_file(safe_name(text(file.get("/UF")) or text(key)), octets) if stream is not None else None
        if stream is not None and done is not None:
            stream.write(done)
            # Its size and its sum (7.11.4) are those of the former one.
            drop(stream, "/Params")
            changed += 1
    return changed


def _annotated(document: Pdf) -> int:
    return sum(len(annotations(page)) for page in pages_of(document))


def _drop_unseen(document: Pdf) -> int:
    """Empty the fields that show stars for what is typed into them (ISO 32000-1, 12.7.4.3), and hidden ones."""
    unseen = (
        item for item in fields(document) if whole(item.get("/Ff")) & _PASSWORD or whole(item.get("/F")) & _HIDDEN
    )
    return sum(drop(item, "/V", "/DV") for item in unseen)


def _layers_off(document: Pdf) -> Iterator[str]:
    """The names of the layers that readers do not see at first (8.11.4)."""
    layers = inner(document.Root, "/OCProperties")
    order = inner(layers, "/D") or Dictionary()
    on, off = ({item.objgen for item in dictionaries(order.get(key))} for key in ("/ON", "/OFF"))
    for layer in dictionaries((layers or Dictionary()).get("/OCGs")):
        is_off = layer.objgen not in on if is_named(order.get("/BaseState"), "/OFF") else layer.objgen in off
        if is_off:
            yield text(layer.get("/Name"))


def _inner_files(document: Pdf, most: int) -> tuple[dict[str, bytes], int]:
    """The files that a document holds, under safe names, and the number of programs left out of them."""
    files: dict[str, bytes] = {}
    programs = 0
    for key, file in islice(entries(inner(document.Root, "/Names", "/EmbeddedFiles"), "/Names"), _MOST_FILES):
        content = _held(file)
        name = safe_name((text(file.get("/UF")) if isinstance(file, Dictionary) else "") or text(key))
        if content is None or is_left_behind(name):
            continue
        octets = content.read_bytes()
        most -= len(octets)
        if most < 0:
            raise UnreadableError(_("the files that it holds are too large"))
        if is_program(name, octets):
            programs += 1
            continue
        stem, dot, ending = name.rpartition(".")
        count = 1
        while name in files:
            count += 1
            name = f"{stem or ending} ({count}){dot}{ending if stem else ''}"
        files[name] = octets
    return files, programs


def _held(file: object) -> Stream | None:
    """What an entry of the list of files holds; None for one that only names a file elsewhere."""
    streams = inner(file, "/EF") or Dictionary()
    found = (streams.get(key) for key in ("/UF", "/F"))
    return next((stream for stream in found if isinstance(stream, Stream)), None)


def _settle_form(document: Pdf) -> str:
    """Make a form one that can be merged; says what its pages no longer have, '' if nothing."""
    form = inner(document.Root, "/AcroForm")
    if form is None:
        drop(document.Root, "/AcroForm")
        return ""
    if form.get("/NeedAppearances"):
        # Archives show what is in the file (ISO 19005-3, 6.4.1): drawn once, by qpdf.
        document.generate_appearance_streams()
    drop(form, "/SigFlags", "/NeedAppearances")
    if inner(form, "/DR") is None:
        drop(form, "/DR")
    signed = [item for item in fields(document) if is_named(item.get("/FT"), "/Sig") and "/V" in item]
    for item in signed:
        # What it signed is another file: in a kit the signature would only be shown as broken.
        drop(item, "/V")
    if drop(form, "/XFA"):
        return _("it is an XFA form")
    return _("it is signed") if signed else ""


def _was_damaged(document: Pdf) -> bool:
    """Whether qpdf had to mend a file; pages that lack what they should have are only odd (pages.py)."""
    return any(_ODD_PAGE.search(warning) is None for warning in document.get_warnings())


def _unlocked(path: Path, password: str) -> Pdf:
    # Before PDF 2.0 passwords are in PDFDocEncoding (ISO 32000-1, 7.6.3.3), near enough to Latin-1.
    spellings: tuple[str | bytes, ...] = (password, password.encode("latin-1", "replace"))
    for spelling in spellings:
        with suppress(pikepdf.PasswordError):
            return pikepdf.open(path, password=spelling)
    raise PasswordError
