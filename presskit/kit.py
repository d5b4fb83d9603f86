"""The pipeline: from a communiqué's bytes to a finished kit, and the write that loses nothing."""

import io
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from presskit.attachments import Desk, Draft, Part, attach, embed, mend, ocr
from presskit.attachments.image import Sheets, keep_profile
from presskit.attachments.kinds import kind_of
from presskit.attachments.text import Text
from presskit.binding import Binding, Bound, Cause, Metadata, UnmergeableError, bind
from presskit.communique import Attachment, Communique, Mode, moment_of, read_communique, title_from_name
from presskit.errors import PresskitError, Problem, Warn, os_reason
from presskit.i18n import _, listed, ngettext
from presskit.layout import Content, Layout, Picture, choose, css_variables, lay_out, lay_out_attachment
from presskit.prose import Setting, clean_html, is_decorative, to_html
from presskit.render import font_families, render
from presskit.rules import TITLES
from presskit.site import BRAND, DEFAULT_FONTS, Finding, NotFound, Site
from presskit.stamp import stamp_html
from presskit.structure import Words
from presskit.worker import Step, StoppedError, can_work_apart, work

if TYPE_CHECKING:
    from presskit.network import Network

OCR = "pip install 'presskit-pdf[ocr]'"


@dataclass(frozen=True)
class KitPart:
    """An attachment as it is in a finished kit; ``pages`` is 0 when none is merged."""

    title: str
    file: str
    pages: int
    embedded: bool
    url: str = ""


@dataclass(frozen=True)
class Care:
    """An attachment that needs its author's care: the pages, from 1, that had no tags, and no text either."""

    file: str
    untagged: tuple[int, ...]
    scanned: tuple[int, ...]


@dataclass(frozen=True)
class Kit:
    """A finished kit: its bytes, and what is in it.

    ``claims`` are the standards that it conforms to; ``refusals`` say why it claims no other, by standard.
    """

    pdf: bytes
    title: str
    pages: int
    layout: str
    parts: tuple[KitPart, ...]
    missing: tuple[str, ...]
    claims: tuple[str, ...] = ()
    refusals: tuple[tuple[str, Problem], ...] = ()
    care: tuple[Care, ...] = ()


class _Files:
    """Finds the files that a communiqué names, and remembers those that are not there."""

    def __init__(self, communique: Communique, site: Site, network: "Network | None") -> None:
        self._network = network
        self.source = communique.source
        self._folder = communique.folder
        self._site = site
        self.found: list[Path] = []
        self.missing: list[Problem] = []
        self.names: list[str] = []

    def find(self, reference: str, line: int | None, field: str = "", *, folders: bool = False) -> Path | None:
        result = _locate(self._site, reference, self._folder, self._network, folders=folders)
        if isinstance(result, Path):
            self.found.append(result)
            return result
        self.missing.append(_not_found(result, self.source, line, field))
        self.names.append(Path(reference).name)
        return None


def build_kit(
    octets: bytes,
    source: str,
    folder: Path,
    site: Site,
    warn: Warn,
    *,
    layout: str = "",
    allow_missing: bool = False,
    allow_net: bool = False,
) -> Kit:
    """Build the kit of one communiqué from the bytes of its file.

    ``source`` names it in messages; ``folder`` is where its relative addresses start; ``layout`` is a
    layout's name, or '' for the one that the communiqué calls for.

    Raises PresskitError with all that is wrong, in particular all missing files at once unless
    ``allow_missing``; nothing is fetched from the network unless ``allow_net``; warnings go to ``warn``.
    """
    communique = read_communique(octets, source, folder, warn, site.timezone)
    chosen = choose(communique, site, layout, warn)
    _check_fonts(site, warn)
    with tempfile.TemporaryDirectory(prefix="presskit-") as scratch:
        job = _Job(communique, site, chosen, Path(scratch), allow_missing=allow_missing, allow_net=allow_net)
        kit = _build_apart(job, warn) if can_work_apart() else job.build(warn, lambda _step: None, {})
        return replace(kit, pdf=job.result.read_bytes())


def _build_apart(job: "_Job", warn: Warn) -> Kit:
    """Build in a worker; an attachment on which it hangs, swells or crashes is embedded in the next try."""
    refused: dict[str, str] = {}
    while True:
        try:
            return work(lambda tell, begin: job.build(tell, begin, refused), job.site.limits, warn)
        except StoppedError as error:
            if not error.step or error.step in refused:
                raise PresskitError(
                    Problem(
                        _("the kit can't be built: {reason}.").format(reason=error),
                        job.communique.source,
                        remedy=_("Shorten the communiqué or its images, or raise the limits in presskit.toml."),
                    )
                ) from error
            refused[error.step] = str(error)


@dataclass(frozen=True)
class _Job:
    """All that a kit is made from."""

    communique: Communique
    site: Site
    layout: Layout
    scratch: Path
    allow_missing: bool
    allow_net: bool

    @property
    def result(self) -> Path:
        """Where the kit's PDF is put."""
        return self.scratch / "kit.pdf"

    def build(self, warn: Warn, begin: Step, refused: Mapping[str, str]) -> Kit:
        """Make the kit, its PDF apart.

        ``begin`` is told of each attachment; ``refused`` gives those that must not be opened, and why.
        """
        communique, site = self.communique, self.site
        lang = communique.lang or site.lang
        network = None
        if self.allow_net:
            from presskit.network import Network

            network = Network(self.scratch)
        files = _Files(communique, site, network)

        def compose(draft: Draft) -> bytes:
            return _compose(draft, communique, site, lang, network, warn)

        desk = Desk(communique.source, self.scratch, compose, warn, begin, refused, site.limits, lang)
        content = _content(communique, site, files, lang, desk)
        begin("")
        if files.missing and not self.allow_missing:
            raise PresskitError(files.missing)
        for problem in files.missing:
            warn(problem)
        mended: list[Part] = []
        while True:
            try:
                bound = _assemble(self.layout, content, files.found, self.result, network, warn, begin)
            except UnmergeableError as error:
                # Found out while binding: the contents list must be laid out again without its pages.
                # A second failure means that qpdf could not mend it either.
                failed = error.part
                part = embed(failed, _("it is damaged"), warn) if failed in mended else mend(failed, site.limits, warn)
                mended.append(part)
                content = replace(content, parts=tuple(part if p is failed else p for p in content.parts))
            else:
                break
        _say_tags(bound, warn)
        refusals = tuple((cause.failure.standard, _refusal(cause, communique)) for cause in bound.causes)
        for _standard, problem in refusals:
            warn(problem)
        parts = tuple(KitPart(p.title, p.path.name, p.pages, p.embedded, p.url) for p in content.parts)
        care = tuple(
            Care(part.path.name, tuple(grafted.untagged), tuple(grafted.scanned))
            for part, grafted in bound.tags
            if grafted.untagged
        )
        return Kit(
            b"", communique.title, bound.pages, self.layout.name, parts, content.missing, bound.claims, refusals, care
        )


def _say_tags(bound: Bound, warn: Warn) -> None:
    """Warn of the attachments whose tags need their author's care."""
    for part, grafted in bound.tags:
        name = part.path.name
        if grafted.scanned:
            what = _("{pages}: scanned, without a text that can be searched or read aloud.")
            remedy = _("Attach the document that was scanned")
            if not ocr.is_there():
                remedy = _("Attach the document that was scanned, or have it read: {extra}").format(extra=OCR)
            if not part.alt:
                remedy = _("{remedy}. At the least, say what it shows: alt: …").format(remedy=remedy)
            warn(Problem(what.format(pages=_pages(grafted.scanned, part.pages)), name, remedy=remedy))
        untagged = [page for page in grafted.untagged if page not in grafted.scanned]
        if untagged:
            what = _("{pages}: not tagged by its author; presskit tagged the text in the order in which it is written.")
            remedy = _("Attach a tagged PDF (in a word processor: “Save as PDF”, option “Tagged PDF”).")
            warn(Problem(what.format(pages=_pages(untagged, part.pages)), name, remedy=remedy))


def _refusal(cause: Cause, communique: Communique) -> Problem:
    """Why a kit does not claim a standard, and what can be done about it."""
    failure, part = cause.failure, cause.part
    what = _("the kit can't claim {standard}: {reason} ({clause}).").format(
        standard=TITLES[failure.standard], reason=failure.words, clause=failure.clause
    )
    if part is None:
        return Problem(what, communique.source, remedy=_("Correct the communiqué, or its layout."))
    remedy = _("Attach a file that is right, or have it in the kit as it is: as: embed")
    return Problem(what, part.path.name, page=cause.page, remedy=remedy)


def _pages(numbers: Sequence[int], count: int) -> str:
    """Pages in words: all, or their numbers."""
    if len(numbers) == count:
        return _("all pages")
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    text = ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)
    return ngettext("page {numbers}", "pages {numbers}", len(numbers)).format(numbers=text)


def write_kit(kit: Kit, target: Path) -> None:
    """Write a kit beside its target, then rename it: whatever happens, the old kit or the new one is whole.

    Raises PresskitError when the target can't be written.
    """
    temporary: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(kit.pdf)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes private files; a kit has the rights of any new file.
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(target)
    except OSError as error:
        raise PresskitError(
            Problem(
                _("the kit can't be written ({detail}).").format(detail=os_reason(error)),
                str(target),
                remedy=_("Choose another place with -o, or close the program that has the file open."),
            )
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _check_fonts(site: Site, warn: Warn) -> None:
    """Warn of each font that the brand names and that is nowhere: presskit's own takes its place."""
    named = {name: family for name, family in site.brand.fonts.items() if family != DEFAULT_FONTS[name]}
    for name, family in named.items():
        if family not in font_families(site.brand.font_folder):
            warn(
                Problem(
                    _("there is no font named “{family}”: “{own}” takes its place.").format(
                        family=family, own=DEFAULT_FONTS[name]
                    ),
                    BRAND,
                    f"brand.fonts.{name}",
                    remedy=_('Put its files in a folder of the site, and name it: folder = "brand/fonts"'),
                )
            )


def _content(communique: Communique, site: Site, files: _Files, lang: str, desk: Desk) -> Content:
    warn = desk.warn
    setting = Setting(
        lang,
        communique.source,
        warn,
        communique.body_line,
        site_url=site.url,
        image=files.find,
    )
    chapeau = replace(setting, first_line=communique.chapeau_line, field="chapeau-text")
    boilerplate = replace(setting, source=BRAND, first_line=None, field="brand.boilerplate")
    pictures = _pictures(communique, files, warn)
    body = to_html(communique.body, setting)
    return Content(
        communique=communique,
        site=site,
        lang=lang,
        chapeau=to_html(communique.chapeau, chapeau),
        body=body,
        boilerplate=to_html(site.brand.boilerplate, boilerplate),
        pictures=pictures,
        contacts=communique.contacts or site.default_contacts(communique.folder / communique.source),
        parts=_parts(communique, site, files, desk),
        missing=tuple(files.names),
    )


def _pictures(communique: Communique, files: _Files, warn: Warn) -> tuple[Picture, ...]:
    pictures = []
    for number, image in enumerate(communique.images, 1):
        field = f"une-ou-diaporama[{number}].image"
        path = files.find(image.file, image.line, field)
        if path is None:
            continue
        if not image.alt:
            warn(
                Problem(
                    _("the image “{name}” has no alternative text.").format(name=path.name),
                    communique.source,
                    f"une-ou-diaporama[{number}]",
                    image.line,
                    remedy=_("Write what it shows: alternative-textuelle: …"),
                )
            )
        alt = "" if is_decorative(image.alt) else image.alt or None
        pictures.append(Picture(path, alt, image.caption, image.credit))
    return tuple(pictures)


def _parts(communique: Communique, site: Site, files: _Files, desk: Desk) -> tuple[Part, ...]:
    parts: list[Part] = []
    problems: list[Problem] = []
    for number, attachment in enumerate(communique.attachments, 1):
        field = f"files[{number}]"
        for path, single in _expanded(attachment, files, f"{field}.file", desk.warn):
            try:
                parts += _attached(path, single, field, site, desk)
            except PresskitError as error:
                problems += error.problems
    if problems:
        raise PresskitError([*files.missing, *problems])
    return tuple(parts)


def _attached(path: Path, attachment: Attachment, field: str, site: Site, desk: Desk) -> list[Part]:
    if attachment.mode is not Mode.LINK:
        return attach(path, attachment, field, desk)
    url = site.public_address(path)
    if not url:
        raise PresskitError(
            Problem(
                _("“{name}” can't be linked: the site's address is unknown.").format(name=path.name),
                desk.source,
                f"{field}.as",
                attachment.line,
                remedy=_('Add the site\'s address to presskit.toml: url = "https://…"'),
            )
        )
    return [Part(attachment.title, path, kind_of(path).media_type, url=url)]


def _compose(
    draft: Draft, communique: Communique, site: Site, lang: str, network: "Network | None", warn: Warn
) -> bytes:
    """Lay out and render an attachment that has no pages of its own."""
    content = draft.content
    files: list[Path] = []
    if isinstance(content, Sheets):
        body = content.html
    else:

        def image(reference: str, _line: int | None) -> Path | None:
            found = _locate(site, reference, draft.path.parent, network)
            if isinstance(found, NotFound):
                warn(_not_found(found, draft.path.name, None, ""))
                return None
            files.append(found)
            return found

        setting = Setting(lang, draft.path.name, warn, site_url=site.url, image=image)
        body = to_html(content.markdown, setting).html if content.markdown else clean_html(content.html, setting)
    page = lay_out_attachment(draft.title, body, site, lang, text=isinstance(content, Text))
    epoch = int(_moment(communique).timestamp())
    pdf = render(page.html, files, page.folders, site.brand.font_folder, epoch, warn, dpi=None, network=network)
    return keep_profile(pdf, content.profile) if isinstance(content, Sheets) and content.profile else pdf


def _expanded(attachment: Attachment, files: _Files, field: str, warn: Warn) -> list[tuple[Path, Attachment]]:
    """The files that an attachment stands for: itself, or those of the folder that it names, in order."""
    path = files.find(attachment.file, attachment.line, field, folders=True)
    if path is None:
        return []
    if path.is_file():
        return [(path, attachment)]
    inner = []
    for file in sorted(path.rglob("*"), key=_natural):
        hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
        if hidden or file.is_dir():
            continue
        # Through the site again, for a link may lead out of it.
        reference = f"{attachment.file.rstrip('/')}/{quote(file.relative_to(path).as_posix())}"
        found = files.find(reference, attachment.line, field)
        if found is not None:
            inner.append((found, replace(attachment, file=reference, title=title_from_name(file.name))))
    if not inner:
        warn(
            Problem(
                _("the folder “{name}” is empty: nothing is attached for it.").format(name=attachment.file),
                files.source,
                field,
                attachment.line,
            )
        )
    return inner


def _natural(path: Path) -> list[tuple[int, int | str]]:
    """A key that sorts names as people number them: 2 before 10."""
    return [(0, int(p)) if p.isdigit() else (1, p.casefold()) for p in re.split(r"(\d+)", path.as_posix()) if p]


def _assemble(
    layout: Layout,
    content: Content,
    found: Sequence[Path],
    target: Path,
    network: "Network | None",
    warn: Warn,
    begin: Step,
) -> Bound:
    moment = _moment(content.communique)
    brand = content.site.brand
    page = lay_out(layout, content, warn)
    files = [*found, *([brand.logo] if brand.logo else [])]
    epoch = int(moment.timestamp())
    front = render(page.html, files, page.folders, brand.font_folder, epoch, warn, network=network)
    metadata = Metadata(
        title=content.communique.title,
        author=brand.organisation,
        subject=_plain(content.chapeau.html) or content.communique.kind,
        keywords=content.communique.tags,
        lang=content.lang,
        moment=moment,
    )

    def stamps(numbers: Sequence[int], total: int) -> bytes:
        html = stamp_html(numbers, total, css_variables(brand))
        return render(html, [], [], brand.font_folder, epoch, warn, tags=False)

    site = content.site
    words = Words(*(page.words[name] for name in ("picture", "scan", "on-page")))
    binding = Binding(metadata, words, site.separators, stamps if site.stamp else None)
    return bind(front, content.parts, binding, target, begin)


def _moment(communique: Communique) -> datetime:
    """A kit's date: SOURCE_DATE_EPOCH where it is set, else the communiqué's own; never the clock's."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return moment_of(communique.date)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise PresskitError(
            Problem(
                _("SOURCE_DATE_EPOCH is not a number of seconds: “{value}”.").format(value=epoch),
                remedy=_("Unset it, or give it a whole number."),
            )
        ) from error


def _plain(html: str) -> str:
    """The text of a piece of HTML, on one line."""
    text = io.StringIO()
    parser = HTMLParser()
    parser.handle_data = text.write  # type: ignore[method-assign,assignment]
    parser.feed(html)
    parser.close()
    return " ".join(text.getvalue().split())


def _locate(
    site: Site, reference: str, folder: Path, network: "Network | None", *, folders: bool = False
) -> Path | NotFound:
    """A file of the site, or one that the network gives where it may."""
    result = site.find(reference, folder, folders=folders)
    if network is None or isinstance(result, Path) or result.why is not Finding.NETWORK:
        return result
    from presskit.network import RefusedError

    try:
        return network.download(reference)
    except RefusedError as error:
        return replace(result, detail=str(error))


def _not_found(result: NotFound, source: str, line: int | None, field: str) -> Problem:
    if result.detail:
        what = _("“{file}” was not fetched: {detail}.").replace("{detail}", result.detail)
        remedy = _("Download the file into the site's uploads folder, and name it there.")
    elif result.why is Finding.NETWORK:
        what = _("“{file}” is an address on the network: nothing is fetched from there.")
        remedy = _("Download the file into the site's uploads folder and name it there, or allow it: --allow-net")
    elif result.why is Finding.OUTSIDE:
        what = _("“{file}” leads out of the site: it is not read.")
        remedy = _("Copy the file into the site's uploads folder, and name it there.")
    else:
        what = _("“{file}” can't be found (searched: {folders}).")
        remedy = (
            _("Did you mean “{name}”?").format(name=result.close)
            if result.close
            else _("Put the file there, correct its name, or build without it: --allow-missing")
        )
    what = what.format(file=result.reference, folders=listed(result.searched))
    return Problem(what, source, field, line, remedy=remedy)
