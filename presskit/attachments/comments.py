"""Comments that reviewers left on a PDF's pages: taken out before they reach a journalist, and counted."""

from dataclasses import dataclass

from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from presskit.attachments.disarm import resolved

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


def take_out(document: PdfReader) -> Comments:
    """Take the remarks out of a document, and what it draws without showing it.

    Notes, stamps and shapes that are seen stay: without them, pages would not be what their author saw.
    """
    taken_out = drawn = redactions = 0
    for page in document.pages:
        for annotation in _drop_remarks(page):
            taken_out += annotation.get("/Subtype") != "/Popup" and "/IRT" not in annotation
            redactions += annotation.get("/Subtype") == "/Redact"
        drawn += sum(_is_drawn_note(annotation) for annotation in _annotations(page))
    return Comments(taken_out, drawn, redactions)


def _annotations(page: PageObject) -> list[DictionaryObject]:
    found = resolved(page.get("/Annots"))
    items = [resolved(item) for item in found] if isinstance(found, ArrayObject) else []
    return [item for item in items if isinstance(item, DictionaryObject)]


def _drop_remarks(page: PageObject) -> list[DictionaryObject]:
    """Take the remarks off a page; gives them."""
    found = resolved(page.get("/Annots"))
    kept, dropped = [], []
    for item in found if isinstance(found, ArrayObject) else ():
        annotation = resolved(item)
        if isinstance(annotation, DictionaryObject) and _is_remark(annotation):
            dropped.append(annotation)
        else:
            kept.append(item)
            if isinstance(annotation, DictionaryObject):
                annotation.pop("/Popup", None)
    if dropped:
        page[NameObject("/Annots")] = ArrayObject(kept)
    return dropped


def _is_remark(annotation: DictionaryObject) -> bool:
    kind = annotation.get("/Subtype")
    return kind in _REMARKS or kind == "/Popup" or (kind in _DRAWN and bool(_flags(annotation) & _UNSEEN))


def _is_drawn_note(annotation: DictionaryObject) -> bool:
    # Words typed into a form with a pen of its own are the form's (12.5.6.6).
    return annotation.get("/Subtype") in _DRAWN and annotation.get("/IT") != "/FreeTextTypeWriter"


def _flags(annotation: DictionaryObject) -> int:
    flags = resolved(annotation.get("/F"))
    return int(flags) if isinstance(flags, int) else 0
