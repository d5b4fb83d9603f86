"""The pipeline: from a communiqué's bytes to a finished kit, and the write that loses nothing."""

import io
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from presskit.assembly.content import content_of, speaking
from presskit.assembly.parts import parts_of
from presskit.assembly.remarks import check_fonts, refusals_of, say_tags
from presskit.attachments.attach import Desk, Draft, Part, embed, mend
from presskit.attachments.converted import Converted
from presskit.attachments.image import Sheets, keep_profile
from presskit.attachments.text import Text
from presskit.base.errors import PresskitError, Problem, Warn, os_reason
from presskit.base.i18n import _, listed
from presskit.base.whole import write_whole
from presskit.base.worker import Step
from presskit.binding.bind import JUDGING, Binding, Bound, UnmergeableError, bind
from presskit.binding.grafting import Words
from presskit.binding.stamp import notice_html, stamp_html
from presskit.conserved.account import account, unread
from presskit.layout.context import Content, css_variables
from presskit.layout.layouts import Layout, Page, choose, lay_out, lay_out_attachment
from presskit.layout.wording import name_of_language
from presskit.orders import Care, Kit, KitPart, Order
from presskit.prose.html import Setting, clean_html, to_html
from presskit.publication import Original
from presskit.reading.communique import Communique, read_communique
from presskit.reading.days import moment_of
from presskit.reading.files import Files, not_found
from presskit.reading.liquid import expand
from presskit.reading.metadata import Metadata
from presskit.reading.moments import LANG
from presskit.reading.names import name_of
from presskit.reading.site import NotFound
from presskit.release.standing import as_of
from presskit.release.withheld import Withheld
from presskit.rendering.blemishes import LEAST_ATTACHED_DPI, LEAST_DPI, Blemishes, missing_signs, small_picture
from presskit.rendering.render import IMAGE_DPI, render
from presskit.text.language import other_language
from presskit.text.text_files import decode

if TYPE_CHECKING:
    from presskit.base.network import Network

_RESULT = "kit.pdf"
_EPOCH_OF_PARTS = 315_532_800


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
    communique = read_communique(manuscript.octets, manuscript.name, manuscript.folder, warn=note, site=site)
    layout = choose(communique, site, options.layout, warn=note)
    order = replace(order, manuscript=replace(manuscript, site=speaking(site, communique, note)))
    check_fonts(site, note)
    with tempfile.TemporaryDirectory(prefix="presskit-") as scratch:
        kit, content, originals = _Work(
            order=order,
            communique=communique,
            layout=layout,
            scratch=Path(scratch),
            warn=note,
            begin=begin,
            warned=warnings,
        ).kit()
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
        publication = publish(
            content,
            originals,
            made,
            pages=kit.pages,
            name=name,
            folder=folder,
            aside=Path(scratch) / "aside",
            warn=note,
        )
        if options.strict and warnings:
            raise PresskitError(dict.fromkeys(warnings))
        write_kit(pdf, outputs.kit)
        if outputs.archive is not None:
            write_kit((folder / f"{name}.zip").read_bytes(), outputs.archive)
        if outputs.published is not None:
            _set_down(folder, outputs.kit, name, target=outputs.published)
        return replace(kit, publication=publication)


def _set_down(folder: Path, kit: Path, name: str, *, target: Path) -> None:
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


@dataclass(frozen=True, kw_only=True)
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
            return Files(self.communique.source, self.communique.folder, site, network=self.network)
        withheld, own = Withheld(site, moment), self.communique.folder / self.communique.source
        return Files(
            own.name,
            own.parent,
            site,
            network=self.network,
            is_withheld=withheld,
            is_anothers=lambda path: withheld.is_anothers(path, own),
        )

    @property
    def _lacking(self) -> Sequence[Problem]:
        """The files that are missing, and must not be."""
        return () if self.order.options.allow_missing else self.files.missing

    def kit(self) -> tuple[Kit, Content, list[Original]]:
        """Make the kit, its PDF apart; gives what it shows, and its attached files as they may go out."""
        content, originals = self._gathered()
        bound, content = self._bound(content)
        say_tags(bound, self.warn)
        if bound.unread:
            what = _("the finished kit could not be read back whole ({things}).").format(things=listed(bound.unread))
            remedy = _("Open it in a PDF reader, and look at them before you send it.")
            self.warn(Problem(what, self.communique.source, remedy=remedy))
        refusals = tuple(refusals_of(bound.causes, self.communique))
        for problem in [*self._blemishes(), *(problem for _standard, problem in refusals)]:
            self.warn(problem)
        if self._lacking:
            raise PresskitError(self._lacking)
        kit = Kit(
            pdf=b"",
            title=self.communique.title,
            pages=bound.pages,
            layout=self.layout.name,
            parts=tuple(
                KitPart(title=p.title, file=p.path.name, pages=p.pages, embedded=p.embedded, url=p.url)
                for p in content.parts
            ),
            missing=content.missing,
            claims=bound.claims,
            refusals=refusals,
            care=tuple(
                Care(part.path.name, tuple(grafted.untagged), tuple(grafted.scanned))
                for part, grafted in bound.tags
                if grafted.untagged
            ),
            inputs=self.files.inputs,
        )
        return kit, content, originals

    def _gathered(self) -> tuple[Content, list[Original]]:
        """What the kit shows, and the attached files. Raises PresskitError with all that is missing or wrong."""
        files, warn, manuscript, release = self.files, self.warn, self.order.manuscript, self.order.release
        self._answer_for(unread(decode(manuscript.octets, self.communique.source), self.communique, self.warned))
        moment, site = release.as_of, manuscript.site
        communique = as_of(self.communique, site, moment) if moment is not None else self.communique
        communique = expand(communique, site, files.note, warn=warn)
        advise = self.order.options.advise
        content = content_of(communique, files, lang=self.lang, warn=warn, omit=self.omitted.append, advise=advise)
        parts, originals = parts_of(communique, files, self._desk, target=self.order.outputs.kit)
        content = replace(
            content,
            parts=parts,
            missing=tuple(files.names),
            embargo=communique.embargo if release.embargoed else None,
            translations=release.translations,
        )
        line = communique.line_of(*LANG)
        self._check_language(
            content.chapeau.html + content.body.html, self.lang, communique.source, name="lang", line=line
        )
        self.begin("", _("reading the communiqué"))
        for problem in (*(files.missing if self.order.options.allow_missing else ()), *files.withheld):
            warn(problem)
        return content, originals

    @property
    def _desk(self) -> Desk:
        shared, limits = self.order.shared, self.order.manuscript.site.limits
        return Desk(
            source=self.communique.source,
            scratch=self.scratch,
            compose=self._compose,
            warn=self.warn,
            begin=self.begin,
            refused=self.order.refused,
            limits=limits,
            lang=self.lang,
            converted=Converted(shared) if shared else None,
        )

    def _bound(self, content: Content) -> tuple[Bound, Content]:
        """The kit, bound, and what it shows in the end: a part that can't be merged is mended, or else embedded."""
        limits, mended = self.order.manuscript.site.limits, list[Part]()
        while True:
            try:
                return self._assemble(content), content
            except UnmergeableError as error:
                # Found out while binding: the contents list must be laid out again without its pages.
                # A second failure means that qpdf could not mend it either.
                failed, reason = error.part, error.reason
            except PresskitError as error:
                # What is missing is told with all else that is wrong.
                raise PresskitError([*self._lacking, *error.problems]) from error
            part = embed(failed, reason, self.warn) if failed in mended else mend(failed, limits, self.warn)
            mended.append(part)
            content = replace(content, parts=tuple(part if p is failed else p for p in content.parts))

    def _check_language(self, html: str, lang: str, file: str, *, name: str, line: int | None = None) -> None:
        """Warn of a text that is plainly in another language than it is said to be in."""
        if code := other_language(html, lang):
            what = _(
                "the text seems to be in {other}, but its language is set to {language}: screen readers would read it "
                "as that."
            )
            names = {"other": name_of_language(code, _("en")), "language": name_of_language(lang, _("en"))}
            remedy = _("Set its language: lang: {code}").format(code=code)
            self.warn(Problem(what.format(**names), file, name, line=line, remedy=remedy))

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
                    self.warn(not_found(result, draft.path.name, None, field=""))
                    return None
                found.append(result)
                return result

            setting = Setting(lang=lang, source=draft.path.name, warn=self.warn, site_url=site.url, image=image)
            body = to_html(content.markdown, setting).html if content.markdown else clean_html(content.html, setting)
            self._check_language(body, lang, draft.path.name, name="")
        wide = isinstance(content, Text) and content.wide
        page = lay_out_attachment(draft.title, body, site, lang=lang, text=isinstance(content, Text), wide=wide)
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
            font_folder=fonts,
            epoch=epoch,
            warn=self.warn,
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
                place = Problem("", self.communique.source, name, line=line)
                yield small_picture(path.name, printed, LEAST_DPI, place=place)

    def _of_attachment(self, owner: Path, seen: Blemishes) -> Iterator[Problem]:
        if any(printed.is_small(LEAST_ATTACHED_DPI) for printed in seen.pictures.values()):
            worst = min(seen.pictures.values(), key=lambda printed: printed.dpi)
            yield small_picture(owner.name, worst, LEAST_ATTACHED_DPI, place=Problem("", owner.name))

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
        own = account(front, self.layout, content, omitted=self.omitted, ours=len(page.folders) == 1)
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
            return self._render(
                Page(html=stamp_html(numbers, total, css_variables(brand)), folders=()), [], epoch=epoch, tags=False
            )

        notice = b""
        if page.notice:
            shown = Page(html=notice_html(page.notice, css_variables(brand)), folders=())
            notice = self._render(shown, [], epoch=epoch, tags=False)
        words = Words(*(page.words[name] for name in ("picture", "scan", "on-page")))
        self.begin("", _("merging, and judging what the kit conforms to"))
        binding = Binding(
            metadata=metadata,
            words=words,
            separators=site.separators,
            stamps=stamps if site.stamp else None,
            notice=notice,
            unjudged=JUDGING in self.order.refused,
        )
        return bind(front, content.parts, binding, target=self.scratch / _RESULT, begin=self.begin)


def write_kit(pdf: bytes, target: Path) -> None:
    """Write a kit in the place of an old one, whole. Raises PresskitError when the target can't be written."""
    if target.exists() and not (target.is_file() or target.is_dir()):
        what = _("this is a device or a pipe: a kit does not take its place.")
        raise PresskitError(
            Problem(what, str(target), remedy=_("Choose another name with -o, or write to standard output (-o -)."))
        )
    try:
        write_whole(target, pdf)
    except OSError as error:
        what = _("the kit can't be written ({detail}).").format(detail=os_reason(error))
        remedy = _("Choose another place with -o, or close the program that has the file open.")
        raise PresskitError(Problem(what, str(target), remedy=remedy)) from error


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
