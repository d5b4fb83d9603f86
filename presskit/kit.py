"""The pipeline: from a communiqué's bytes to a finished kit, and the write that loses nothing."""

import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from presskit.attachments import ocr
from presskit.attachments.attach import Desk, Draft, Part, attach, embed, fit_to_go_out, is_unknown, mend
from presskit.attachments.converted import Converted
from presskit.attachments.image import Sheets, keep_profile
from presskit.attachments.kinds import Kind, kind_of
from presskit.attachments.text import Text
from presskit.base.errors import PresskitError, Problem, Warn, os_reason
from presskit.base.i18n import _, listed, ngettext
from presskit.base.worker import Step
from presskit.binding.bind import JUDGING, PROGRAM, Binding, Bound, Cause, UnmergeableError, bind
from presskit.binding.grafting import Words
from presskit.binding.stamp import notice_html, stamp_html
from presskit.conformance.rules import TITLES
from presskit.conserved.account import account, unread
from presskit.layout import advice
from presskit.layout.layouts import Content, Layout, Page, Picture, choose, css_variables, lay_out, lay_out_attachment
from presskit.layout.wording import name_of_language
from presskit.orders import Care, Kit, KitPart, Order
from presskit.pdf.objects import inner, text
from presskit.prose.html import Setting, clean_html, is_decorative, to_html
from presskit.publication import Original
from presskit.reading.communique import LANG, Attachment, Communique, Mode, read_communique
from presskit.reading.days import moment_of
from presskit.reading.files import Files, Fingerprint, fingerprint, not_found
from presskit.reading.liquid import expand
from presskit.reading.metadata import Metadata
from presskit.reading.names import name_of
from presskit.reading.site import BRAND, DEFAULT_FONTS, NotFound, Site
from presskit.release.standing import as_of
from presskit.release.withheld import Withheld
from presskit.rendering.blemishes import LEAST_ATTACHED_DPI, LEAST_DPI, Blemishes, missing_signs, small_picture
from presskit.rendering.render import IMAGE_DPI, font_families, render
from presskit.text.language import other_language
from presskit.text.text_files import decode
from presskit.text.typography import language_of

if TYPE_CHECKING:
    from presskit.base.network import Network

_RESULT = "kit.pdf"
_EPOCH_OF_PARTS = 315_532_800
OCR = "pip install 'presskit-pdf[ocr]'"


def make(order: Order, warn: Warn, begin: Step) -> Kit:
    """Make the kit of one communiqué; ``begin`` is told of each attachment before it is opened.

    Raises PresskitError with all that is wrong, in particular all missing files at once unless they are
    allowed. A kit that is there already is replaced by a complete one only.
    """
    warnings: list[Problem] = []

    def note(problem: Problem) -> None:
        if problem not in warnings:
            warnings.append(problem)
            warn(problem)

    manuscript, options, outputs = order.manuscript, order.options, order.outputs
    site = manuscript.site
    communique = read_communique(manuscript.octets, manuscript.name, manuscript.folder, note, site)
    layout = choose(communique, site, options.layout, note)
    order = replace(order, manuscript=replace(manuscript, site=_speaking(site, communique, note)))
    _check_fonts(site, note)
    with tempfile.TemporaryDirectory(prefix="presskit-") as scratch:
        kit, content, originals = _Work(order, communique, layout, Path(scratch), note, begin, warnings).kit()
        lacking = [problem for standard, problem in kit.refusals if standard in options.required]
        if lacking or (options.strict and warnings):
            raise PresskitError(dict.fromkeys(warnings if options.strict else lacking))
        pdf = (Path(scratch) / _RESULT).read_bytes()
        kit = replace(kit, size=len(pdf))
        if outputs.kit is None:
            return replace(kit, pdf=pdf)
        if outputs.archive is None and outputs.published is None:
            write_kit(pdf, outputs.kit)
            return kit
        from presskit.publication.prepare import publish

        name = name_of(content.communique, outputs.stem, site)
        folder = Path(scratch) / "published"
        folder.mkdir()
        made = Path(scratch) / _RESULT
        publication = publish(content, originals, made, kit.pages, name, folder, Path(scratch) / "aside", note)
        if options.strict and warnings:
            raise PresskitError(dict.fromkeys(warnings))
        write_kit(pdf, outputs.kit)
        if outputs.archive is not None:
            write_kit((folder / f"{name}.zip").read_bytes(), outputs.archive)
        if outputs.published is not None:
            _set_down(folder, outputs.kit, name, outputs.published)
        return replace(kit, publication=publication)


def _speaking(site: Site, communique: Communique, warn: Warn) -> Site:
    """The site in the communiqué's language."""
    lang = communique.lang or site.lang
    speaking = site.speaking(lang)
    if site.brand.boilerplate and not speaking.brand.boilerplate:
        what = _("the brand's “about” text is not there in the language “{lang}”: the kit has none.").format(lang=lang)
        remedy = _("Write it in presskit.toml, under [brand.{lang}]: boilerplate = …").format(lang=language_of(lang))
        warn(Problem(what, communique.source, "lang", communique.line_of(*LANG), remedy=remedy))
    return speaking


def _set_down(folder: Path, kit: Path, name: str, target: Path) -> None:
    """Put a published folder in its place, with the kit in it, which is one file with ``kit`` where disks allow."""
    beside = target.with_name(f".{target.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(folder, beside)
    try:
        os.link(kit, beside / f"{name}.pdf")
    except OSError:
        shutil.copyfile(kit, beside / f"{name}.pdf")
    shutil.rmtree(target, ignore_errors=True)
    beside.rename(target)


@dataclass(frozen=True)
class _Work:
    """The work on one kit."""

    order: Order
    communique: Communique
    layout: Layout
    scratch: Path
    warn: Warn
    begin: Step
    warned: Sequence[Problem] = ()
    # What stated rules left out of the author's texts.
    omitted: list[str] = field(default_factory=list)
    # By the file whose pages they are in; the communiqué's are under its own name.
    seen: dict[Path | None, Blemishes] = field(default_factory=dict)

    @property
    def lang(self) -> str:
        return self.communique.lang or self.order.manuscript.site.lang

    @cached_property
    def network(self) -> "Network | None":
        if not self.order.options.allow_net:
            return None
        from presskit.base.network import Network

        return Network(self.scratch)

    @cached_property
    def files(self) -> Files:
        site, moment = self.order.manuscript.site, self.order.release.as_of
        if moment is None:
            return Files(self.communique.source, self.communique.folder, site, self.network)
        withheld, own = Withheld(site, moment), self.communique.folder / self.communique.source
        return Files(own.name, own.parent, site, self.network, withheld, lambda path: withheld.is_anothers(path, own))

    def kit(self) -> tuple[Kit, Content, list[Original]]:
        """Make the kit, its PDF apart; gives what it shows, and its attached files as they were."""
        warn, site, files = self.warn, self.order.manuscript.site, self.files
        shared = self.order.shared
        converted = Converted(shared) if shared else None
        desk = Desk(
            self.communique.source,
            self.scratch,
            self._compose,
            warn,
            self.begin,
            self.order.refused,
            site.limits,
            self.lang,
            converted,
        )
        self._answer_for(
            unread(decode(self.order.manuscript.octets, self.communique.source), self.communique, self.warned)
        )
        moment = self.order.release.as_of
        communique = as_of(self.communique, site, moment) if moment is not None else self.communique
        communique = expand(communique, site, files.note, warn)
        originals: list[Original] = []
        advise, target, omit = self.order.options.advise, self.order.outputs.kit, self.omitted.append
        content = _content(communique, site, files, self.lang, desk, originals, target, omit, advise=advise)
        content = replace(
            content,
            embargo=communique.embargo if self.order.release.embargoed else None,
            translations=self.order.release.translations,
        )
        line = communique.line_of(*LANG)
        self._check_language(content.chapeau.html + content.body.html, self.lang, communique.source, "lang", line)
        self.begin("", _("reading the communiqué"))
        if files.missing and not self.order.options.allow_missing:
            raise PresskitError(files.missing)
        for problem in (*files.missing, *files.withheld):
            warn(problem)
        mended: list[Part] = []
        while True:
            try:
                bound = self._assemble(content)
            except UnmergeableError as error:
                # Found out while binding: the contents list must be laid out again without its pages.
                # A second failure means that qpdf could not mend it either.
                failed = error.part
                part = embed(failed, error.reason, warn) if failed in mended else mend(failed, site.limits, warn)
                mended.append(part)
                content = replace(content, parts=tuple(part if p is failed else p for p in content.parts))
            else:
                break
        _say_tags(bound, warn)
        if bound.unread:
            what = _("the finished kit could not be read back whole ({things}).").format(things=listed(bound.unread))
            remedy = _("Open it in a PDF reader, and look at them before you send it.")
            warn(Problem(what, communique.source, remedy=remedy))
        refusals = tuple(_refusals(bound.causes, communique))
        for problem in [*self._blemishes(), *(problem for _standard, problem in refusals)]:
            warn(problem)
        parts = tuple(KitPart(p.title, p.path.name, p.pages, p.embedded, p.url) for p in content.parts)
        care = tuple(
            Care(part.path.name, tuple(grafted.untagged), tuple(grafted.scanned))
            for part, grafted in bound.tags
            if grafted.untagged
        )
        kit = Kit(
            pdf=b"",
            title=communique.title,
            pages=bound.pages,
            layout=self.layout.name,
            parts=parts,
            missing=content.missing,
            claims=bound.claims,
            refusals=refusals,
            care=care,
            inputs=files.inputs,
        )
        return kit, content, originals

    def _check_language(self, html: str, lang: str, file: str, name: str, line: int | None = None) -> None:
        """Warn of a text that is plainly in another language than it is said to be in."""
        if code := other_language(html, lang):
            what = _(
                "the text seems to be in {other}, but it is said to be in {language}: it would be read aloud as that."
            )
            names = {"other": name_of_language(code, _("en")), "language": name_of_language(lang, _("en"))}
            remedy = _("Write its language down: lang: {code}").format(code=code)
            self.warn(Problem(what.format(**names), file, name, line, remedy=remedy))

    def _compose(self, draft: Draft) -> bytes:
        """Lay out and render an attachment that has no pages of its own."""
        content, site, lang = draft.content, self.order.manuscript.site, draft.lang or self.lang
        found: list[Path] = []
        if isinstance(content, Sheets):
            body = content.html
        else:

            def image(reference: str, _line: int | None) -> Path | None:
                result = self.files.locate(reference, draft.path.parent)
                if isinstance(result, NotFound):
                    self.warn(not_found(result, draft.path.name, None, ""))
                    return None
                found.append(result)
                return result

            setting = Setting(lang, draft.path.name, self.warn, site_url=site.url, image=image)
            body = to_html(content.markdown, setting).html if content.markdown else clean_html(content.html, setting)
            self._check_language(body, lang, draft.path.name, "")
        wide = isinstance(content, Text) and content.wide
        page = lay_out_attachment(draft.title, body, site, lang, text=isinstance(content, Text), wide=wide)
        # Kits of different days share it: nothing of this one's goes in.
        pdf = self._render(page, found, epoch=_EPOCH_OF_PARTS, dpi=None, owner=draft.path)
        return keep_profile(pdf, content.profile) if isinstance(content, Sheets) and content.profile else pdf

    def _render(
        self,
        page: Page,
        found: Sequence[Path],
        *,
        epoch: int,
        dpi: int | None = IMAGE_DPI,
        tags: bool = True,
        owner: Path | None = None,
    ) -> bytes:
        fonts, network = self.order.manuscript.site.brand.font_folder, self.network
        seen = self.seen.setdefault(owner, Blemishes())
        return render(
            page.html,
            found,
            page.folders,
            fonts,
            epoch,
            self.warn,
            dpi=dpi,
            tags=tags,
            network=network,
            blemishes=seen,
        )

    def _blemishes(self) -> Iterator[Problem]:
        """What is less than right in the look of the pages laid out here, each thing once."""
        front_first = sorted(self.seen.items(), key=lambda item: item[0] is not None)
        signs = {sign: owner for owner, seen in front_first for sign in seen.signs}
        if signs:
            yield missing_signs(list(signs), *self._place_of(signs))
        for owner, seen in front_first:
            yield from self._of_attachment(owner, seen) if owner else self._of_front(seen)

    def _place_of(self, signs: Mapping[str, Path | None]) -> tuple[str, int | None]:
        """Where the first of some signs stands: file, and line if it is the communiqué's own."""
        source = self.communique.source
        text = decode(self.order.manuscript.octets, source).replace("\r\n", "\n").replace("\r", "\n")
        for number, line in enumerate(text.split("\n"), 1):
            if not signs.keys().isdisjoint(line):
                return source, number
        return next((owner.name for owner in signs.values() if owner), source), None

    def _of_front(self, seen: Blemishes) -> Iterator[Problem]:
        for path, (name, line) in self.files.places.items():
            printed = seen.pictures.get(path.as_uri())
            if printed and printed.is_small(LEAST_DPI):
                place = Problem("", self.communique.source, name, line)
                yield small_picture(path.name, printed, LEAST_DPI, place)

    def _of_attachment(self, owner: Path, seen: Blemishes) -> Iterator[Problem]:
        if any(printed.is_small(LEAST_ATTACHED_DPI) for printed in seen.pictures.values()):
            worst = min(seen.pictures.values(), key=lambda printed: printed.dpi)
            yield small_picture(owner.name, worst, LEAST_ATTACHED_DPI, Problem("", owner.name))

    def _answer_for(self, faults: Sequence[Problem]) -> None:
        """Words are conserved: raises PresskitError for faults of presskit's, or warns of what was accepted."""
        if faults and not self.order.options.accept_lost_words:
            raise PresskitError(faults)
        for problem in faults:
            self.warn(problem)

    def _assemble(self, content: Content) -> Bound:
        site, communique = self.order.manuscript.site, self.communique
        brand = site.brand
        self.begin("", _("laying out the communiqué's pages"))
        page = lay_out(self.layout, content, self.warn)
        moment = _moment(communique)
        epoch = int(moment.timestamp())
        front = self._render(page, [*self.files.found, *([brand.logo] if brand.logo else [])], epoch=epoch)
        own = account(front, self.layout, content, self.omitted, ours=len(page.folders) == 1)
        self._answer_for(own.faults)
        for problem in own.leaves_out:
            self.warn(problem)
        metadata = Metadata(
            title=communique.title,
            author=brand.organisation,
            subject=_plain(content.chapeau.html) or communique.kind,
            keywords=communique.tags,
            lang=self.lang,
            moment=moment,
        )

        def stamps(numbers: Sequence[int], total: int) -> bytes:
            return self._render(Page(stamp_html(numbers, total, css_variables(brand)), ()), [], epoch=epoch, tags=False)

        notice = b""
        if page.notice:
            shown = Page(notice_html(page.notice, css_variables(brand)), ())
            notice = self._render(shown, [], epoch=epoch, tags=False)
        words = Words(*(page.words[name] for name in ("picture", "scan", "on-page")))
        self.begin("", _("merging, and judging what the kit conforms to"))
        binding = Binding(
            metadata, words, site.separators, stamps if site.stamp else None, notice, JUDGING in self.order.refused
        )
        return bind(front, content.parts, binding, self.scratch / _RESULT, self.begin)


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


def _refusals(causes: Sequence[Cause], communique: Communique) -> Iterator[tuple[str, Problem]]:
    """Why a kit does not claim its standards, by standard; what stands against several is said once for all."""
    alike: dict[tuple[str, int, int | None], list[Cause]] = {}
    for cause in causes:
        alike.setdefault((cause.failure.words, id(cause.part), cause.page), []).append(cause)
    for group in alike.values():
        problem = _refusal(group, communique)
        yield from ((cause.failure.standard, problem) for cause in group)


def _refusal(causes: Sequence[Cause], communique: Communique) -> Problem:
    """Why a kit does not claim one or several standards, and what can be done about it."""
    failure, part, page = causes[0].failure, causes[0].part, causes[0].page
    what = _("the kit can't claim {standard}: {reason} ({clause}).").format(
        standard=_(" and ").join(dict.fromkeys(TITLES[cause.failure.standard] for cause in causes)),
        reason=failure.words,
        clause="; ".join(dict.fromkeys(cause.failure.clause for cause in causes)),
    )
    if part is None:
        return Problem(what, communique.source, remedy=_("Correct the communiqué, or its layout."))
    remedy = _("Attach a file that is right, or have it in the kit as it is: as: embed")
    return Problem(what, part.path.name, page=page, remedy=remedy)


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


def write_kit(pdf: bytes, target: Path) -> None:
    """Write a kit beside its target, then rename it: whatever happens, the old kit or the new one is whole.

    Raises PresskitError when the target can't be written.
    """
    temporary: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(pdf)
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


def _content(
    communique: Communique,
    site: Site,
    files: Files,
    lang: str,
    desk: Desk,
    originals: list[Original],
    target: Path | None,
    omit: Callable[[str], None],
    *,
    advise: bool,
) -> Content:
    warn = desk.warn
    setting = Setting(
        lang,
        communique.source,
        warn,
        communique.body_line,
        site_url=site.url,
        advise=advise,
        image=partial(_picture_file, files, communique.source),
        lines=communique.lines,
        omit=omit,
    )
    chapeau = replace(setting, first_line=communique.chapeau_line, field="chapeau-text", lines=())
    boilerplate = replace(setting, source=BRAND, first_line=None, field="brand.boilerplate", lines=())
    pictures = _pictures(communique, files, warn, advise=advise)
    body = to_html(communique.body, setting)
    return Content(
        communique=communique,
        site=site,
        lang=lang,
        chapeau=to_html(communique.chapeau, chapeau),
        body=body,
        boilerplate=to_html(site.brand.boilerplate, boilerplate),
        pictures=pictures,
        contacts=communique.contacts,
        parts=_parts(communique, site, files, desk, originals, target),
        missing=tuple(files.names),
    )


def _pictures(communique: Communique, files: Files, warn: Warn, *, advise: bool) -> tuple[Picture, ...]:
    pictures = []
    for number, image in enumerate(communique.images, 1):
        field = f"une-ou-diaporama[{number}].image"
        path = _picture_file(files, communique.source, image.file, image.line, field)
        if path is None:
            continue
        what = advice.on_picture(image, path.name) if image.alt and advise else ""
        if not image.alt:
            what = _("the image “{name}” has no alternative text.").format(name=path.name)
        if what:
            remedy = _("Write what it shows: alternative-textuelle: …")
            warn(Problem(what, communique.source, f"une-ou-diaporama[{number}]", image.line, remedy=remedy))
        alt = "" if is_decorative(image.alt) else image.alt or None
        pictures.append(Picture(path, alt, image.caption, image.credit))
    return tuple(pictures)


def _picture_file(files: Files, source: str, reference: str, line: int | None, field: str = "") -> Path | None:
    """The file of a picture; None, noted, for one that is not there, or is a document with pages."""
    path = files.find(reference, line, field)
    if path is None or kind_of(path).kind not in (Kind.PDF, Kind.OFFICE):
        return path
    what = _("“{name}” is a document and no image: it can't be shown in the text.").format(name=path.name)
    remedy = _("Attach it (files: {reference}), or save its page as JPEG or PNG.").format(reference=reference)
    files.missing.append(Problem(what, source, field, line, remedy=remedy))
    files.names.append(path.name)
    return None


def _parts(
    communique: Communique, site: Site, files: Files, desk: Desk, originals: list[Original], target: Path | None
) -> tuple[Part, ...]:
    """The parts of a kit; the attached files themselves are added to ``originals``."""
    parts: list[Part] = []
    problems: list[Problem] = []
    known: dict[Fingerprint, str] = {}
    for number, attachment in enumerate(communique.attachments, 1):
        field = f"files[{number}]"
        for path, single in files.expanded(attachment, f"{field}.file", desk.warn):
            try:
                if _is_kit_itself(path, target, single, attachment, desk):
                    continue
                public = fit_to_go_out(path, desk, os.environ.get(single.password_env, ""))
                _say_repeated(path, single, known, desk)
                made = _attached(path, public, single, field, site, desk)
                if public in desk.held:
                    what = _("the file itself is not handed on: what reviewers left or hid in it can't be taken out.")
                    remedy = _("Take it out, and save the file in a newer format (docx, xlsx, pptx); or attach a PDF.")
                    desk.warn(Problem(what, public.name, remedy=remedy))
                else:
                    originals.append(Original(public, single.title))
            except PresskitError as error:
                problems += error.problems
            else:
                _say_older_kit(made, communique.title, desk.warn)
                parts += made
    if problems:
        raise PresskitError([*files.missing, *problems])
    return tuple(parts)


def _is_kit_itself(path: Path, target: Path | None, single: Attachment, named: Attachment, desk: Desk) -> bool:
    """Whether a file is the kit that is being made: each build would put the last one into the next.

    In a folder it is passed over, for the others were meant. Raises PresskitError where it is named.
    """
    if target is None or not target.exists() or not path.samefile(target):
        return False
    what = _("“{name}” is the kit itself, that is being built.").format(name=single.file)
    remedy = _("Take it out of the attached files, or write the kit elsewhere: -o")
    problem = Problem(what, desk.source, "files", single.line, remedy=remedy)
    if single.file == named.file:
        raise PresskitError(problem)
    desk.warn(problem)
    return True


def _say_repeated(path: Path, attachment: Attachment, known: dict[Fingerprint, str], desk: Desk) -> None:
    """Warn of a file that is attached a second time, whatever its name is there."""
    content = fingerprint(path)
    if content in known:
        what = _("“{name}” is the same file as “{first}”: it is attached twice.").format(
            name=attachment.file, first=known[content]
        )
        remedy = _("Take one of them out of the list.")
        desk.warn(Problem(what, desk.source, "files", attachment.line, remedy=remedy))
    known.setdefault(content, attachment.file)


def _say_older_kit(parts: Sequence[Part], title: str, warn: Warn) -> None:
    """Warn of a kit of the same communiqué, an older one, among its attachments."""
    for part in parts:
        about = inner(part.document.trailer, "/Info") if part.document is not None else None
        if about is None:
            continue
        if text(about.get("/Producer")).startswith(PROGRAM) and text(about.get("/Title")) == title:
            what = _("it is a kit of this communiqué, made before.")
            warn(Problem(what, part.path.name, remedy=_("Take it out of the attached files.")))


def _attached(path: Path, public: Path, attachment: Attachment, field: str, site: Site, desk: Desk) -> list[Part]:
    """The parts of a file, made of the copy of it that is fit to go out."""
    if attachment.mode is not Mode.LINK:
        return attach(public, attachment, field, desk)
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
    if is_unknown(public, desk.limits):
        desk.held.add(public)
    return [Part(attachment.title, public, kind_of(public).media_type, url=url)]


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
