"""Office documents that are archives of XML (OOXML, ODF), rewritten to show what their authors saw."""

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from presskit.attachments import opendocument, sheet, show, word, xml
from presskit.attachments.cells import of_workbook
from presskit.attachments.findings import Findings, Found
from presskit.attachments.odfwording import of_opendocument
from presskit.attachments.wording import Parts, Wording, of_show, of_word
from presskit.attachments.xml import Node, attribute, name_of, remove

# Parts with what reviewers and speakers wrote for themselves, by the names of their relationships' types.
_OF_REVIEWERS = (
    "comments", "commentsExtended", "commentsIds", "commentsExtensible", "threadedComment", "person", "people",
    "commentAuthors", "notesSlide", "legacyDrawing",
)  # fmt: skip
_REVIEW_PARTS = re.compile(
    r"(?:word|xl|ppt)/(?:comments|threadedComments|persons|people|commentAuthors|authors|notesSlides)[^/]*(?:/.*)?\Z"
)
# Links to what is elsewhere, and would be fetched (ISO/IEC 29500-2, 9.3): all but those that readers click.
_CLICKED = ("hyperlink",)


class UnreadableError(Exception):
    """A document that is no archive of XML, or is larger than the limits allow."""


@dataclass(frozen=True)
class Settled:
    """A document rewritten, what was found in it, and what its pages are to show, as far as is known."""

    octets: bytes
    found: Findings
    texts: tuple[Wording, ...] = ()


def settled(
    path: Path, media_type: str, file_name: str, *, most: int, reckoned: bool = False, reviewed: bool = True
) -> Settled:
    """Rewrite a document of at most ``most`` octets, once unpacked. Raises UnreadableError.

    ``reckoned`` is a document that another program made of one in an older format; one that is not ``reviewed`` has
    no part left with what reviewers and speakers wrote for themselves.
    """
    found: Findings = Counter()
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > most:
                raise UnreadableError
            rewrite = _rewriter(archive, media_type, file_name, found=found, reckoned=reckoned)
            parts: dict[str, Node] = {}
            octets = _rewritten(archive, rewrite if reviewed else _without_review(rewrite), parts, reviewed=reviewed)
            return Settled(octets, found, tuple(_wording(parts, media_type)) if reviewed else ())
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError, EOFError, zlib.error) as error:
        raise UnreadableError from error
    except xml.UnreadableError as error:
        raise UnreadableError from error


# Changes a part, if it is one to change; tells whether it did.
_Rewrite = Callable[[str, Node], None]


def _without_review(rewrite: _Rewrite) -> _Rewrite:
    """Rewrites, and takes out what names the parts of reviewers."""

    def rewritten(name: str, root: Node) -> None:
        rewrite(name, root)
        for node in list(root) if name.endswith(".rels") or name == "[Content_Types].xml" else ():
            of_reviewers = attribute(node, "Type").rpartition("/")[2] in _OF_REVIEWERS
            if of_reviewers or _REVIEW_PARTS.match(attribute(node, "PartName").lstrip("/")):
                remove(node)

    return rewritten


def _rewritten(archive: zipfile.ZipFile, rewrite: _Rewrite, parts: dict[str, Node], *, reviewed: bool) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for item in archive.infolist():
            octets = archive.read(item)
            if _REVIEW_PARTS.match(item.filename) and not reviewed:
                # Counted, and left out.
                rewrite(item.filename, xml.parse(octets)) if item.filename.endswith(".xml") else None
                continue
            if PurePosixPath(item.filename).suffix in (".xml", ".rels") and octets.strip():
                root = xml.parse(octets)
                rewrite(item.filename, root)
                parts[item.filename] = root
                octets = xml.serialize(root)
            # The first part of an OpenDocument is not packed (ISO/IEC 26300-2, 3.3).
            # With the date that it has: the same document gives the same octets.
            target.writestr(item, octets, item.compress_type)
    return out.getvalue()


def _wording(parts: Parts, media_type: str) -> Iterator[Wording]:
    """What a document tells who opens it, once it is rewritten."""
    if "opendocument" in media_type:
        roots = [parts[name] for name in ("styles.xml", "content.xml") if name in parts]
        return of_opendocument(parts, opendocument.styles_of(*roots))
    if "presentation" in media_type:
        return of_show(parts)
    return of_workbook(parts) if "sheet" in media_type else of_word(parts)


def _rewriter(
    archive: zipfile.ZipFile, media_type: str, file_name: str, *, found: Findings, reckoned: bool
) -> _Rewrite:
    if "opendocument" in media_type:
        return _of_opendocument(archive, found, reckoned=reckoned)
    if "presentation" in media_type:
        return _below("ppt/", lambda part, root: show.settle(root, part, found), found)
    if "sheet" in media_type:
        return _below("xl/", lambda part, root: sheet.settle(root, part, file_name, found=found), found)
    hidden = (
        word.hidden_styles(xml.parse(archive.read("word/styles.xml")))
        if _has(archive, "word/styles.xml")
        else frozenset()
    )
    return _below("word/", lambda part, root: word.settle(root, part, hidden, found=found), found)


def _has(archive: zipfile.ZipFile, name: str) -> bool:
    return name in archive.namelist()


def _below(folder: str, settle: _Rewrite, found: Findings) -> _Rewrite:
    """Rewrites the parts of a folder, and cuts links to what is elsewhere."""

    def rewrite(name: str, root: Node) -> None:
        if name.endswith(".rels"):
            _cut_links(root, found)
        elif name.startswith(folder):
            settle(name.removeprefix(folder), root)

    return rewrite


def _cut_links(root: Node, found: Findings) -> None:
    for node in list(root):
        kind = attribute(node, "Type").rpartition("/")[2]
        if attribute(node, "TargetMode") == "External" and kind not in _CLICKED:
            found[Found.LINKED] += kind in ("image", "oleObject", "video", "audio", "media", "subDocument", "frame")
            remove(node)


def _of_opendocument(archive: zipfile.ZipFile, found: Findings, *, reckoned: bool) -> _Rewrite:
    parts = [xml.parse(archive.read(name)) for name in ("styles.xml", "content.xml") if _has(archive, name)]
    styles = opendocument.styles_of(*parts)

    def rewrite(name: str, root: Node) -> None:
        # Objects in a document have folders of their own.
        if PurePosixPath(name).name in ("content.xml", "styles.xml") and name_of(root).startswith("document"):
            opendocument.settle(root, reckoned=reckoned, styles=styles, found=found)
            found[Found.LINKED] += _cut_pictures(root)

    return rewrite


def _cut_pictures(root: Node) -> int:
    """Take out pictures that a document only links to; gives how many."""
    linked = [
        node
        for node in root.iter()
        if name_of(node) in ("image", "object", "object-ole", "plugin", "section-source")
        and "://" in attribute(node, "href")[:20] + ("://" if attribute(node, "href").startswith(("/", "..")) else "")
    ]
    for node in linked:
        remove(node)
    return len(linked)
