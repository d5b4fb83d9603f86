"""Files that are not what their names say: a login page saved as a PDF, an archive that is a text."""

from pathlib import PurePath

from presskit.attachments.kinds import FileKind, Kind
from presskit.base.i18n import _

# Endings by what they promise. Any picture may bear any picture's ending: every program shows it all the same.
_PROMISES = {
    "pdf": "pdf",
    "picture": "jpg jpeg jpe jfif png apng gif webp tif tiff bmp avif heic heif",
    "drawing": "svg",
    "document": "doc docx docm dot dotx rtf odt ott",
    "table": "xls xlsx xlsm xlt xltx ods ots",
    "show": "ppt pptx pptm pps ppsx odp otp",
    "page": "html htm xhtml",
    "text": "txt text md markdown csv tsv log",
    "mail": "eml",
    "other": "zip rar 7z gz epub mp3 mp4 m4a m4v wav ogg ogv webm mov avi mkv wmv flac aac msg",
}
_PROMISED = {ending: promise for promise, endings in _PROMISES.items() for ending in endings.split()}
_KINDS = {
    Kind.PDF: "pdf",
    Kind.IMAGE: "picture",
    Kind.SVG: "drawing",
    Kind.TEXT: "text",
    Kind.CSV: "text",
    Kind.MARKDOWN: "text",
    Kind.HTML: "page",
    Kind.MAIL: "mail",
}
_READ_AS_TEXT = ("text", "page", "mail")


def mistaken(name: str, found: FileKind) -> str:
    """How a file's content is at odds with its name, to follow its name; '' where nobody is misled."""
    promise = _PROMISED.get(PurePath(name).suffix.lower().lstrip("."))
    content = _content(found)
    if promise is None or promise == content or _agree(promise, content, found):
        return ""
    return _("its content is not what its name says: it is {content}, not {promise}").format(
        content=_word(content), promise=_word(promise)
    )


def is_lost(found: FileKind) -> bool:
    """Whether a mistaken file is likely to stand where another was meant: what servers send for what they refuse."""
    return _content(found) in (*_READ_AS_TEXT, "other")


def _content(found: FileKind) -> str:
    if found.kind is Kind.OFFICE:
        words = (("sheet", "table"), ("excel", "table"), ("presentation", "show"), ("powerpoint", "show"))
        return next((content for word, content in words if word in found.media_type), "document")
    if found.kind is Kind.OTHER and found.media_type.startswith("text/"):
        return "text"
    return _KINDS.get(found.kind, "other")


def _agree(promise: str, content: str, found: FileKind) -> bool:
    old_office = found.media_type in ("application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint")
    if old_office and promise in ("document", "table", "show"):
        # Their containers are alike: which one it is can't be told for sure.
        return True
    if promise == "other":
        return content not in _READ_AS_TEXT
    # A saved mail is a text; so is a page that is not one as a whole.
    return (promise, content) in (("text", "mail"), ("mail", "text"), ("page", "text"))


def _word(content: str) -> str:
    return {
        "pdf": _("a PDF"),
        "picture": _("an image"),
        "drawing": _("a drawing (SVG)"),
        "document": _("a word processor's document"),
        "table": _("a spreadsheet"),
        "show": _("a presentation"),
        "page": _("a web page (HTML)"),
        "text": _("plain text"),
        "mail": _("an e-mail"),
        "other": _("a file of another kind"),
    }[content]
