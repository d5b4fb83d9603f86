"""Attached files as they go into a kit: pages to merge, files to embed or link, decided by content."""

import io
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path

import pikepdf
from pikepdf import Pdf

from presskit.attachments import findings, image, lost, ocr, office, package, pdf, rtf, text
from presskit.attachments.converted import Converted
from presskit.attachments.freeing import HIDDEN, OF_REVIEWERS, Freed, freed
from presskit.attachments.kinds import FileKind, Kind, kind_of
from presskit.attachments.mistaken import is_lost, mistaken
from presskit.attachments.wording import Wording
from presskit.base.errors import MissingLibraryError, PresskitError, Problem, Warn
from presskit.base.i18n import _, listed, ngettext
from presskit.base.limits import Limits
from presskit.reading.communique import Attachment, Mode, title_from_name
from presskit.text.file_names import safe_name


@dataclass(frozen=True, kw_only=True)
class Part:
    """An attachment in a kit.

    ``document`` has its pages if they are merged; ``embedded`` tells whether the file itself goes into the
    kit; ``url`` is where the file is published, for one that is only linked; ``alt`` is what its pages
    show, for one that is a scan; ``lang`` is the language that it is said to be in, '' for the kit's or its own.
    """

    title: str
    path: Path
    media_type: str
    document: Pdf | None = None
    embedded: bool = False
    url: str = ""
    alt: str = ""
    lang: str = ""

    @property
    def pages(self) -> int:
        """How many pages it brings; 0 when none is merged."""
        return len(self.document.pages) if self.document else 0

    @property
    def size(self) -> int:
        """The file's size in bytes."""
        return self.path.stat().st_size


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An attachment that is to be laid out: sheets of images, or a text; ``lang`` is '' for the kit's language."""

    title: str
    path: Path
    content: image.Sheets | text.Text
    lang: str = ""


# Lays a draft out and gives its PDF: a later step's work, handed down to this one.
Compose = Callable[[Draft], bytes]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where attachments are worked on: whose they are, a folder for what they hold, and helping hands.

    ``begin`` is told the path of each file before it is opened; ``refused`` gives, by path, why a file is
    not to be opened again; ``lang`` is the kit's language; ``converted`` keeps what other kits of the run
    may need too; ``held`` are the files that are not to be handed on themselves, for what reviewers left in them.
    """

    source: str
    scratch: Path
    compose: Compose
    warn: Warn
    begin: Callable[[str], None] = lambda _path: None
    refused: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    lang: str = "fr"
    converted: Converted | None = None
    held: set[Path] = field(default_factory=set)

    def aside(self) -> Path:
        """A new folder for files that an attachment holds or becomes."""
        folder = self.scratch / f"aside-{len(list(self.scratch.glob('aside-*')))}"
        folder.mkdir()
        return folder

    def key(self, path: Path) -> str:
        """What a file is known by when its kit is begun anew: in another scratch folder, under the same name."""
        return str(path.relative_to(self.scratch) if path.is_relative_to(self.scratch) else path)

    def once(self, path: Path, manner: str, convert: Callable[[], bytes]) -> bytes:
        """Convert a file, or take what another kit of the run got from the same one in the same manner."""
        return self.converted.once(path, manner, convert) if self.converted else convert()


class _UnmergeableError(Exception):
    """Why a file's pages can't be had, and how to mend that if not by attaching a PDF."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        self.remedy = remedy
        super().__init__(reason)


def fit_to_go_out(path: Path, desk: Desk, password: str = "") -> Path:
    """A file as it may be handed on: itself, or a copy under a safe name, without what is its authors' own business.

    One that can't be freed of that is ``held``.
    """
    name = safe_name(path.name)
    if name != path.name:
        what = _("its name has signs that mislead or that not all machines take: it is called “{name}” in the kit.")
        remedy = _("Give the file a plain name: letters, digits, hyphens.")
        desk.warn(Problem(what.format(name=name), name, remedy=remedy))
    done = Freed(fit=False)
    if desk.key(path) not in desk.refused:
        desk.begin(desk.key(path))
        done = freed(path, name, desk.limits, password=password)
    for problem in done.remarks:
        desk.warn(problem)
    public = path
    if name != path.name or done.octets not in (None, path.read_bytes()):
        public = desk.aside() / name
        shutil.copyfile(path, public)
        if done.octets is not None:
            public.write_bytes(done.octets)
    if not done.fit:
        desk.held.add(public)
    return public


def attach(path: Path, attachment: Attachment, place: str, *, desk: Desk, depth: int = 0) -> list[Part]:
    """Make parts of an attached file: its pages if they can be merged, else the file, with a warning.

    Files that a PDF holds come after it; those of a portfolio come instead of it. ``place`` is where the
    communiqué names the file. Raises PresskitError for a password that lacks or is wrong.
    """
    kind = kind_of(path)
    part = Part(title=attachment.title, path=path, media_type=kind.media_type, alt=attachment.alt, lang=attachment.lang)
    if part.size and (why := mistaken(path.name, kind)):
        desk.warn(_mistake(why, part, kind))
        if is_lost(kind):
            # Shown as pages, an error page would pass for the document.
            return [replace(part, embedded=True)]
    if attachment.mode in (Mode.EMBED, Mode.BOTH):
        _say_kept(path, kind, desk)
    if attachment.mode is Mode.EMBED:
        return [replace(part, embedded=True)]
    if desk.key(path) in desk.refused:
        return [embed(part, desk.refused[desk.key(path)], desk.warn)]
    desk.begin(desk.key(path))
    if part.size == 0:
        return [embed(part, _("it is empty"), desk.warn)]
    if kind.kind is Kind.OTHER and attachment.mode is Mode.AUTO:
        # Sounds, films, archives, data: they have no pages, and nobody expects any.
        return [replace(part, embedded=True)]
    try:
        if kind.kind is Kind.PDF:
            return _of_pdf(part, attachment, place, desk=desk, depth=depth)
        document, complete = _document(path, kind, attachment, desk=desk)
    except _UnmergeableError as error:
        if attachment.mode is not Mode.BOTH:
            _say_kept(path, kind, desk)
        return [embed(part, str(error), desk.warn, remedy=error.remedy)]
    as_file = attachment.mode is Mode.BOTH and path not in desk.held
    return [replace(part, document=document, embedded=as_file or not complete)]


def _mistake(why: str, part: Part, kind: FileKind) -> Problem:
    if is_lost(kind):
        what = _("{reason}. The file is embedded in the kit as it is.").format(reason=why)
        remedy = _("Open it, and attach the right one: a login or error page is often saved in a file's place.")
    else:
        what, remedy = _("{reason}.").format(reason=why), _("Give its name the ending that is right.")
    return Problem(what, part.path.name, remedy=remedy)


def _of_pdf(part: Part, attachment: Attachment, place: str, *, desk: Desk, depth: int) -> list[Part]:
    try:
        opened = pdf.read(part.path, _password(attachment, desk.source, place), desk.limits)
    except pdf.UnreadableError as error:
        raise _UnmergeableError(str(error)) from error
    except pdf.PasswordError as error:
        raise PresskitError(_password_problem(part.path, attachment, desk.source, place=place)) from error
    _say(opened, part.path, desk.warn)
    opened = _read_scans(opened, part.path, desk)
    whole = replace(part, document=opened.document, embedded=attachment.mode is Mode.BOTH or bool(opened.unlike))
    inner = _inner_parts(opened, place, desk, depth=depth)
    return inner if opened.portfolio and inner else [whole, *inner]


def _read_scans(opened: pdf.Opened, path: Path, desk: Desk) -> pdf.Opened:
    """Give scanned pages a text, where a program that can is installed (the extra "ocr")."""
    if not ocr.is_there():
        return opened
    scanned = ocr.scanned_pages(opened.document)
    if not scanned:
        return opened
    # From the pages as they are ready to be merged: unlocked, repaired, without scripts.
    ready = desk.aside() / "scan.pdf"
    opened.document.save(ready)
    try:
        read = desk.once(path, f"ocr {desk.lang}", lambda: ocr.read(ready, desk.lang, desk.limits.seconds))
        document = _opened(read)
        if len(document.pages) != len(opened.document.pages):
            raise ocr.FailedError
    except ocr.FailedError:
        what = _("its scanned pages could not be read: they have no text in the kit.")
        desk.warn(Problem(what, path.name, remedy=_("Give it more time in presskit.toml ([limits], seconds).")))
        return opened
    found = len(scanned) - len(ocr.scanned_pages(document))
    if not found:
        desk.warn(Problem(_("no text was found in its scanned pages."), path.name))
        return opened
    what = ngettext(
        "{count} scanned page was read by a program (OCR): its text may have mistakes.",
        "{count} scanned pages were read by a program (OCR): their text may have mistakes.",
        found,
    )
    desk.warn(Problem(what.format(count=found), path.name, remedy=_("Attach the document itself if you can.")))
    return replace(opened, document=document)


def _inner_parts(opened: pdf.Opened, place: str, desk: Desk, *, depth: int) -> list[Part]:
    """The files that a PDF holds, as parts: attachments in a portfolio, else files to embed."""
    parts: list[Part] = []
    for name, content in opened.files.items():
        path = desk.aside() / name
        path.write_bytes(content)
        mode = Mode.AUTO if opened.portfolio and depth < desk.limits.nesting else Mode.EMBED
        inner = Attachment(file=name, title=title_from_name(name), mode=mode)
        try:
            parts += attach(fit_to_go_out(path, desk), inner, place, desk=desk, depth=depth + 1)
        except PresskitError:
            parts.append(
                embed(
                    Part(title=inner.title, path=path, media_type=kind_of(path).media_type),
                    _("it needs a password"),
                    desk.warn,
                )
            )
    return parts


def _document(path: Path, kind: FileKind, attachment: Attachment, *, desk: Desk) -> tuple[Pdf, bool]:
    """The pages of a file, and whether they show all of it. Raises _UnmergeableError when there are none."""
    try:
        if kind.kind in (Kind.IMAGE, Kind.SVG):
            return _of_image(path, kind, attachment, desk=desk), True
        if kind.kind is Kind.OFFICE:
            return _of_office(path, kind, desk), True
        if kind.kind is not Kind.OTHER:
            content = text.read(path, kind.kind, desk.limits.rows)
            if content.left_out:
                what = _("its own attachments ({names}) have no pages: the file is embedded as well.")
                desk.warn(Problem(what.format(names=listed(content.left_out)), path.name))
            composed = _composed(Draft(title=attachment.title, path=path, content=content, lang=attachment.lang), desk)
            _say_lost(map(Wording, content.words), composed, path, warn=desk.warn)
            if content.scripts:
                what = _("scripts of the web page were taken out: what they would have shown is not in the kit.")
                remedy = _("Open it in a browser, and attach what “Print to PDF” gives.")
                desk.warn(Problem(what, path.name, remedy=remedy))
            return _opened(composed), not content.left_out
    except (image.UnreadableError, text.UnreadableError, office.UnreadableError) as error:
        raise _UnmergeableError(str(error)) from error
    except office.AbsentError as error:
        raise _UnmergeableError(
            _("LibreOffice is not installed"),
            _("Install LibreOffice (Debian, Ubuntu: sudo apt install libreoffice), or attach a PDF."),
        ) from error
    raise _UnmergeableError(_("it has no pages"))


def _of_image(path: Path, kind: FileKind, attachment: Attachment, *, desk: Desk) -> Pdf:
    lang = attachment.lang or desk.lang
    texts = (attachment.title, attachment.alt, attachment.caption, attachment.credit, lang)
    if kind.kind is Kind.SVG:
        # Said of each kit, whichever of the run has it drawn.
        for problem in _sheets(path, kind, attachment, limits=desk.limits).remarks:
            desk.warn(problem)

    def composed() -> bytes:
        sheets = _sheets(path, kind, attachment, limits=desk.limits)
        return _composed(Draft(title=attachment.title, path=path, content=sheets, lang=attachment.lang), desk)

    return _opened(desk.once(path, f"sheets {texts}", composed))


def _of_office(path: Path, kind: FileKind, desk: Desk) -> Pdf:
    def made() -> bytes:
        return office.to_pdf(path, kind.media_type, desk.limits).packed()

    result = office.Made.unpacked(desk.once(path, f"office {kind.media_type} {path.name}", made))
    for problem in findings.remarks(result.found, path.name):
        desk.warn(problem)
    if any(result.found[item] for item in OF_REVIEWERS):
        # They were taken from those that could be rewritten (fit_to_go_out).
        desk.held.add(path)
    _say_lost(result.texts, result.pdf, path, warn=desk.warn)
    return _opened(result.pdf)


def _say_lost(texts: Iterable[Wording], pdf: bytes, path: Path, *, warn: Warn) -> None:
    """Warn of words that a file has and its pages have not."""
    for problem in lost.remarks(lost.lost(texts, pdf), path.name):
        warn(problem)


def is_unknown(path: Path, limits: Limits) -> bool:
    """Whether a file is an office document in an older format, into which nobody looks before it is converted."""
    return kind_of(path).kind is Kind.OFFICE and _found_in(path, limits) is None


def _found_in(path: Path, limits: Limits) -> findings.Findings | None:
    """What an office document has beside what it shows; None for one that is no archive of XML."""
    octets = path.read_bytes()
    if octets.startswith(b"{\\rtf"):
        return rtf.freed(octets)[1]
    try:
        return package.settled(path, kind_of(path).media_type, path.name, most=limits.unpacked * 1_000_000).found
    except package.UnreadableError:
        return None


def _say_kept(path: Path, kind: FileKind, desk: Desk) -> None:
    """Warn of what an office document that goes into the kit as it is has beside what it shows, or may have."""
    if kind.kind is not Kind.OFFICE:
        return
    found = _found_in(path, desk.limits)
    if found is None:
        desk.held.add(path)
        what = _("the file goes into the kit as it is: nobody looked for tracked changes and comments in it.")
        desk.warn(Problem(what, path.name, remedy=_("Save it in a newer format (docx, xlsx, pptx), or attach a PDF.")))
        return
    count = sum(found[item] for item in HIDDEN)
    if count:
        what = ngettext(
            "the file goes into the kit with {count} hidden sheet, row, column or slide.",
            "the file goes into the kit with {count} hidden sheets, rows, columns or slides.",
            count,
        )
        remedy = _("Take it out of the file before you attach it if it should not be there.")
        desk.warn(Problem(what.format(count=count), path.name, remedy=remedy))


def _composed(draft: Draft, desk: Desk) -> bytes:
    """The pages of a draft. Raises _UnmergeableError for one that can't be laid out: it costs no kit."""
    try:
        return desk.compose(draft)
    except MissingLibraryError:
        raise
    except PresskitError as error:
        raise _UnmergeableError(_("it can't be drawn")) from error


def _opened(octets: bytes) -> Pdf:
    return pikepdf.open(io.BytesIO(octets))


def _sheets(path: Path, kind: FileKind, attachment: Attachment, *, limits: Limits) -> image.Sheets:
    texts = (("legend", attachment.caption), ("credit", attachment.credit))
    caption = " ".join(f'<span class="{name}">{escape(value)}</span>' for name, value in texts if value)
    alt = attachment.alt or attachment.title
    return image.sheets(path, kind.media_type, alt=alt, caption=caption, limits=limits)


def mend(part: Part, limits: Limits, warn: Warn) -> Part:
    """Another part for one whose pages could not be merged: repaired, or its file embedded."""
    try:
        opened = pdf.repair(part.path, limits)
    except (pdf.UnreadableError, pdf.PasswordError):
        return embed(part, _("it is damaged"), warn)
    _say(opened, part.path, warn)
    return replace(part, document=opened.document)


def embed(part: Part, reason: str, warn: Warn, *, remedy: str = "") -> Part:
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
    if opened.unlike:
        what = _("{reason}: its pages are merged as they look, and the untouched file is embedded as well.")
        warn(Problem(what.format(reason=opened.unlike), path.name))
    if opened.portfolio:
        count = len(opened.files)
        what = ngettext(
            "the file is a portfolio: the file in it is attached in its place.",
            "the file is a portfolio: the {count} files in it are attached in its place.",
            count,
        )
        warn(Problem(what.format(count=count), path.name))


def _password(attachment: Attachment, source: str, place: str) -> str:
    """The password of a file, '' for none. Raises PresskitError when its variable is not set."""
    name = attachment.password_env
    if name and name not in os.environ:
        raise PresskitError(
            Problem(
                _("the environment variable “{name}” is not set.").format(name=name),
                source,
                f"{place}.password-env",
                line=attachment.line,
                remedy=_("Put the file's password in it before you start presskit."),
            )
        )
    return os.environ[name] if name else ""


def _password_problem(path: Path, attachment: Attachment, source: str, *, place: str) -> Problem:
    if attachment.password_env:
        what = _("the password given does not open “{name}”.").format(name=path.name)
        remedy = _("Correct the environment variable “{name}”.").format(name=attachment.password_env)
    else:
        what = _("“{name}” is protected by a password.").format(name=path.name)
        remedy = _("Attach it without one, or add: password-env: the name of an environment variable that holds it")
    return Problem(what, source, place, line=attachment.line, remedy=remedy)
