"""Puts what is published of a communiqué into a folder, and tells of it: kit, ZIP, attachments, images, texts."""

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from presskit.attachments.kinds import Kind, kind_of
from presskit.base.errors import Problem, Warn
from presskit.base.i18n import _
from presskit.layout.context import Content, kind_in_words
from presskit.layout.layouts import lay_out_text, words_of
from presskit.publication import File, Note, Original, Picture, Publication
from presskit.publication.archive import write_archive
from presskit.publication.pictures import NotPublishedError, publish_picture
from presskit.publication.plain import plain, writable
from presskit.publication.web import for_the_web, image_addresses
from presskit.publication.word import word
from presskit.reading.days import moment_of
from presskit.reading.metadata import Metadata
from presskit.reading.moments import Change
from presskit.reading.names import file_name, slug
from presskit.reading.site import Site

# What no web server runs and no browser shows as a page: other attachments are published in a ZIP each.
_INERT = set(
    ".pdf .jpg .jpeg .png .webp .gif .tif .tiff .bmp .avif .heic .doc .docx .odt .rtf .xls .xlsx .ods .ppt .pptx .odp "
    ".txt .csv .tsv .md .zip .epub .mp3 .m4a .wav .ogg .mp4 .webm .mov .json .ics .vcf .srt .vtt .eml".split()
)
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass
class _Shelf:
    """Where files go: ``folder`` for those of the page, ``aside`` for the others; ``packed`` are those of the ZIP."""

    folder: Path
    aside: Path
    packed: dict[str, Path] = field(default_factory=dict)

    def put(self, path: str, octets: bytes, title: str = "", *, media_type: str = "", aside: bool = False) -> File:
        target = (self.aside if aside else self.folder) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(octets)
        self.packed[path] = target
        return File(path=path, title=title, size=len(octets), media_type=media_type)


def publish(
    content: Content,
    originals: Sequence[Original],
    kit: Path,
    *,
    pages: int,
    name: str,
    folder: Path,
    aside: Path,
    warn: Warn,
) -> Publication:
    """Put a communiqué's files into ``folder``, named after ``name``; ``kit`` is its PDF, of so many ``pages``.

    Its ZIP is there too, as ``<name>.zip``; what is only in it is written in ``aside``.
    """
    communique, site, lang = content.communique, content.site, content.lang
    words, moment = words_of("room", site, lang), moment_of(communique.date, site.clock)
    shelf = _Shelf(folder, aside)
    shelf.packed[f"{name}.pdf"] = kit
    une, inside = _pictures(content, shelf, warn)
    pictures = (*une, *inside.values())
    chapeau = for_the_web(content.chapeau.html, {}, words["table"])
    body = for_the_web(content.body.html, inside, words["table"])
    if pictures:
        shelf.put("images/credits.txt", _credits(pictures, words).encode(), aside=True)
    attachments = _attachments(originals, shelf, words["attachments-folder"])
    summary = re.sub(r"[ \n]+", " ", plain(content.chapeau.html or content.body.html, links=False))
    drawn = {p.shown: folder / p.shown for p in pictures if p.smaller}
    text = writable(lay_out_text(content, body, [(p, p.shown) for p in une], warn=warn))
    about = _about(content, summary, moment)
    texts = (
        shelf.put(f"{name}.txt", f"{plain(text)}\n".encode(), words["as-text"], media_type="text/plain"),
        shelf.put(f"{name}.docx", word(text, about, drawn), words["as-word"], media_type=_WORD),
    )
    shelf.put(f"{name}.html", _as_page(text, content, pictures), aside=True)
    told: dict[str, Any] = {"title": communique.title, "date": moment.isoformat(), "lang": lang}
    told |= {"organisation": site.brand.organisation, "missing": list(content.missing)}
    archive = folder / f"{name}.zip"
    write_archive(archive, name, shelf.packed, moment=moment, about=told)
    return Publication(
        name=name,
        lang=lang,
        title=communique.title,
        moment=moment.isoformat(),
        kind=kind_in_words(communique.kind, words),
        tags=communique.tags,
        chapeau=chapeau,
        summary=summary,
        body=body,
        text=plain(f"{content.chapeau.html}{content.body.html}", links=False),
        boilerplate=for_the_web(content.boilerplate.html, {}, words["table"]),
        contacts=content.contacts,
        kit=File(
            path=f"{name}.pdf",
            title=communique.title,
            size=kit.stat().st_size,
            media_type="application/pdf",
            pages=pages,
        ),
        archive=File(
            path=archive.name, title=communique.title, size=archive.stat().st_size, media_type="application/zip"
        ),
        texts=texts,
        attachments=tuple(attachments),
        pictures=tuple(une),
        missing=content.missing,
        corrections=tuple(note_of(change, site) for change in communique.corrections),
        withdrawal=note_of(communique.withdrawal, site) if communique.withdrawal else None,
        old_addresses=communique.old_addresses,
    )


def _about(content: Content, summary: str, moment: datetime) -> Metadata:
    communique, organisation = content.communique, content.site.brand.organisation
    tags = tuple(map(writable, communique.tags))
    return Metadata(
        title=writable(communique.title),
        author=writable(organisation),
        subject=writable(summary),
        keywords=tags,
        lang=content.lang,
        moment=moment,
    )


def _as_page(text: str, content: Content, pictures: Sequence[Picture]) -> bytes:
    """The text as a web page of its own, as it is in the ZIP: there are the full pictures alone."""
    for picture in pictures:
        text = text.replace(f'src="{picture.shown}"', f'src="{picture.full.path}"')
    head = f'<meta charset="utf-8">\n<title>{escape(content.communique.title)}</title>'
    page = f'<!DOCTYPE html>\n<html lang="{content.lang}">\n<head>\n{head}\n</head>\n<body>\n{text}\n</body>\n</html>\n'
    return page.encode()


def note_of(change: Change, site: Site) -> Note:
    """A correction or withdrawal as it is published."""
    return Note(moment_of(change.day, site.clock).isoformat() if change.day else "", change.note)


def _pictures(content: Content, shelf: _Shelf, warn: Warn) -> tuple[list[Picture], dict[str, Picture]]:
    """The images of the une, and those of the text by their address in it."""
    taken: set[str] = set()
    known: dict[Path, str] = {}

    def published(path: Path, texts: tuple[str | None, str, str]) -> Picture | None:
        # Addresses of images are put together in ways (srcset) in which spaces part them.
        name = known.get(path) or file_name(f"{slug(path.stem) or 'image'}{path.suffix.lower()}", taken)
        try:
            picture = publish_picture(path, shelf.folder, name, texts=texts, pixels=content.site.limits.pixels)
        except NotPublishedError:
            what = _("the image is not published: it can't be read as one.")
            warn(Problem(what, path.name, remedy=_("Save it as JPEG or PNG, and put it in its place.")))
            return None
        known[path] = name
        taken.update((name.casefold(), Path(picture.full.path).name.casefold()))
        shelf.packed[picture.full.path] = shelf.folder / picture.full.path
        return picture

    une = [published(p.path, (p.alt, p.caption, p.credit)) for p in content.pictures]
    inside = {
        address: picture
        for address, path in image_addresses(content.body.html).items()
        if (picture := published(path, (None, "", "")))
    }
    return [picture for picture in une if picture], inside


def _credits(pictures: Sequence[Picture], words: Mapping[str, str]) -> str:
    """Whose the images are and what they show, for who prints them."""
    blocks = []
    for picture in {p.full.path: p for p in reversed(pictures)}.values():
        texts = (("credit", picture.credit or words["no-credit"]), ("caption", picture.caption), ("shows", picture.alt))
        lines = [Path(picture.full.path).name, *(f"{words[name]} {text}" for name, text in texts if text)]
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(reversed(blocks))


def _attachments(originals: Sequence[Original], shelf: _Shelf, folder: str) -> list[File]:
    """Each attachment under its own name; what a browser or a server might run, in a ZIP."""
    taken: set[str] = set()
    done: dict[Path, File] = {}
    for original in originals:
        path = original.path
        if path in done:
            continue
        name, kind = file_name(path.name, taken), kind_of(path)
        # Its ZIP, if it needs one, is no other attachment's.
        taken |= {name.casefold(), f"{name}.zip".casefold()}
        harmless = Path(name).suffix.lower() in _INERT and kind.kind not in (Kind.HTML, Kind.SVG)
        target = (shelf.folder if harmless else shelf.aside) / folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        shelf.packed[f"{folder}/{name}"] = target
        media_type = kind.media_type
        if not harmless:
            target, media_type = _zipped(target, shelf.folder / folder / f"{name}.zip"), "application/zip"
        done[path] = File(
            path=f"{folder}/{target.name}", title=original.title, size=target.stat().st_size, media_type=media_type
        )
    return list(done.values())


def _zipped(path: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(target, "w") as archive:
        info = ZipInfo(path.name)
        info.compress_type = ZIP_DEFLATED
        archive.writestr(info, path.read_bytes())
    return target
