"""What the pages of a kit show: a communiqué's texts and pictures, and its site in its language."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from presskit.attachments.kinds import Kind, kind_of
from presskit.base.errors import Problem, Warn
from presskit.base.i18n import _
from presskit.layout import advice
from presskit.layout.context import Content, Picture
from presskit.prose.html import Setting, is_decorative, to_html
from presskit.reading.communique import Communique
from presskit.reading.files import Files
from presskit.reading.moments import LANG
from presskit.reading.site import BRAND, Site
from presskit.text.typography import language_of


def speaking(site: Site, communique: Communique, warn: Warn) -> Site:
    """The site in the communiqué's language."""
    lang = communique.lang or site.lang
    spoken = site.speaking(lang)
    if site.brand.boilerplate and not spoken.brand.boilerplate:
        what = _("the brand's “about” text is not there in the language “{lang}”: the kit has none.").format(lang=lang)
        remedy = _("Write it in presskit.toml, under [brand.{lang}]: boilerplate = …").format(lang=language_of(lang))
        warn(Problem(what, communique.source, "lang", line=communique.line_of(*LANG), remedy=remedy))
    return spoken


def content_of(
    communique: Communique, files: Files, *, lang: str, warn: Warn, omit: Callable[[str], None], advise: bool
) -> Content:
    """What the pages of a kit show of a communiqué, its parts apart.

    ``omit`` is told what stated rules leave out of the author's texts; with ``advise`` warnings also tell what could
    be clearer.
    """
    site = files.site
    setting = Setting(
        lang=lang,
        source=communique.source,
        warn=warn,
        first_line=communique.body_line,
        site_url=site.url,
        advise=advise,
        image=lambda reference, place: _picture_file(files, communique.source, reference, line=place),
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
        parts=(),
        missing=(),
    )


def _pictures(communique: Communique, files: Files, warn: Warn, *, advise: bool) -> tuple[Picture, ...]:
    pictures = []
    for number, image in enumerate(communique.images, 1):
        field = f"une-ou-diaporama[{number}].image"
        path = _picture_file(files, communique.source, image.file, line=image.line, field=field)
        if path is None:
            continue
        what = advice.on_picture(image, path.name) if image.alt and advise else ""
        if not image.alt:
            what = _("the image “{name}” has no alternative text.").format(name=path.name)
        if what:
            remedy = _("Write what it shows: alternative-textuelle: …")
            warn(Problem(what, communique.source, f"une-ou-diaporama[{number}]", line=image.line, remedy=remedy))
        alt = "" if is_decorative(image.alt) else image.alt or None
        pictures.append(Picture(path=path, alt=alt, caption=image.caption, credit=image.credit))
    return tuple(pictures)


def _picture_file(files: Files, source: str, reference: str, *, line: int | None, field: str = "") -> Path | None:
    """The file of a picture; None, noted, for one that is not there, or is a document with pages."""
    path = files.find(reference, line, field)
    if path is None or kind_of(path).kind not in (Kind.PDF, Kind.OFFICE):
        return path
    what = _("“{name}” is a document, not an image: it can't be shown in the text.").format(name=path.name)
    remedy = _("Attach it (files: {reference}), or save its page as JPEG or PNG.").format(reference=reference)
    files.missing.append(Problem(what, source, field, line=line, remedy=remedy))
    files.names.append(path.name)
    return None
