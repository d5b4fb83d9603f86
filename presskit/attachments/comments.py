"""Comments that reviewers left on a PDF's pages: taken out before they reach a journalist, and counted."""

from collections.abc import Iterator
from dataclasses import dataclass

from pikepdf import Object, Pdf

from presskit.base.errors import Problem
from presskit.base.i18n import _, ngettext
from presskit.pdf.objects import annotations, drop, is_named, keep_annotations, pages_of, whole

# Remarks on a text (ISO 32000-1, 12.5.6): they say something of the page, and are no part of what it says.
_REMARKS = {
    "/Text",
    "/Highlight",
    "/Underline",
    "/Squiggly",
    "/StrikeOut",
    "/Caret",
    "/Ink",
    "/Redact",
    "/FileAttachment",
    "/Sound",
}
# What is drawn or written over a page: a map's labels and a signature's stamp as well as a reviewer's cloud.
_DRAWN = {"/FreeText", "/Stamp", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine"}
_UNSEEN = 2 | 32  # Hidden, NoView (12.5.3)


@dataclass(frozen=True)
class Comments:
    """What reviewers left: how many remarks were taken out, and how many drawn notes stay as pages show them.

    ``redactions`` are marks for words to be blackened, which nobody blackened: the words are there.
    """

    taken_out: int = 0
    drawn: int = 0
    redactions: int = 0


def take_out(document: Pdf) -> Comments:
    """Take the remarks out of a document, and what it draws without showing it.

    Notes, stamps and shapes that are seen stay: without them, pages would not be what their author saw.
    """
    taken_out = drawn = redactions = 0
    for page in pages_of(document):
        for annotation in _drop_remarks(page):
            taken_out += not is_named(annotation.get("/Subtype"), "/Popup") and "/IRT" not in annotation
            redactions += is_named(annotation.get("/Subtype"), "/Redact")
        drawn += sum(_is_drawn_note(annotation) for annotation in annotations(page))
    return Comments(taken_out, drawn, redactions)


def comments_said(comments: Comments, name: str) -> Iterator[Problem]:
    """What is to be said of the comments of a PDF."""
    if comments.taken_out:
        what = ngettext(
            "{count} comment of reviewers was taken out: it is not in the kit.",
            "{count} comments of reviewers were taken out: they are not in the kit.",
            comments.taken_out,
        )
        yield Problem(what.format(count=comments.taken_out), name)
    if comments.redactions:
        what = ngettext(
            "{count} passage is marked to be blackened, and is not: its words can be read.",
            "{count} passages are marked to be blackened, and are not: their words can be read.",
            comments.redactions,
        )
        remedy = _("Apply the redactions in the program that marked them, and attach the result.")
        yield Problem(what.format(count=comments.redactions), name, remedy=remedy)
    if comments.drawn:
        what = ngettext(
            "{count} note, stamp or shape drawn over its pages stays in the kit as it is seen.",
            "{count} notes, stamps or shapes drawn over its pages stay in the kit as they are seen.",
            comments.drawn,
        )
        remedy = _("Look at it: delete what is a reviewer's remark, and attach the file anew.")
        yield Problem(what.format(count=comments.drawn), name, remedy=remedy)


def _drop_remarks(page: Object) -> list[Object]:
    """Take the remarks off a page; gives them."""
    found = annotations(page)
    kept = [annotation for annotation in found if not _is_remark(annotation)]
    for annotation in kept:
        drop(annotation, "/Popup")
    keep_annotations(page, kept)
    return [annotation for annotation in found if _is_remark(annotation)]


def _is_remark(annotation: Object) -> bool:
    kind = annotation.get("/Subtype")
    unseen = bool(whole(annotation.get("/F")) & _UNSEEN)
    return is_named(kind, "/Popup", *_REMARKS) or (is_named(kind, *_DRAWN) and unseen)


def _is_drawn_note(annotation: Object) -> bool:
    # Words typed into a form with a pen of its own are the form's (12.5.6.6).
    typed = is_named(annotation.get("/IT"), "/FreeTextTypeWriter")
    return is_named(annotation.get("/Subtype"), *_DRAWN) and not typed
