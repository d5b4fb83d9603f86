"""What a kit holds beside its pages and their tags: labels, files, metadata, and text that can be copied."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC
from itertools import groupby

from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Pdf, Stream, String

from presskit import __version__
from presskit.attachments.attach import Part
from presskit.base.blame import Reading
from presskit.pdf.objects import decoded, drop, named_resources, pages_of
from presskit.pdf.trees import Number
from presskit.reading.metadata import Metadata

PROGRAM = "presskit"
PRODUCER = f"{PROGRAM} {__version__}"


class _NoLabelsError(Exception):
    """Page labels that can't be read: as good as none."""


def copy_plain_spaces(kit: Pdf) -> None:
    """Let a glyph that stands for all spaces be copied as the plain one.

    A font without U+202F (Spectral) sets it with the glyph of its space, and WeasyPrint maps a glyph to the
    first character that it stood for: after « every space would be copied, and searched, as U+202F.
    """
    seen: set[Number] = set()
    for font in (font for page in pages_of(kit) for font in named_resources(page, "/Font").values()):
        stream = font.get("/ToUnicode")
        if not isinstance(stream, Stream) or stream.objgen in seen:
            continue
        seen.add(stream.objgen)
        mapping = decoded(stream)
        if re.search(rb"> ?<0020>", mapping) is None:
            stream.write(re.sub(rb"(> ?)<(?:202[fF]|00[aA]0|2009)>", rb"\1<0020>", mapping))


def own_labels(document: Pdf) -> list[str]:
    """The page labels that a file gives itself, '' where they are its plain page numbers or none."""
    if "/PageLabels" not in document.Root:
        return [""] * len(document.pages)
    labels: Sequence[str] = ()
    with suppress(_NoLabelsError), Reading(_NoLabelsError):
        labels = [page.label for page in document.pages]
    return ["" if label == str(number) else label for number, label in enumerate(labels, 1)]


def label_pages(kit: Pdf, labels: Sequence[str]) -> None:
    """Label each page with its number in the kit, as printed, followed by its own label if it has one."""
    numbers: list[object] = []
    for plain, run in groupby(enumerate(labels), key=lambda item: item[1].isdigit()):
        listed = list(run)
        if plain:
            numbers += [listed[0][0], Dictionary(S=Name.D, St=listed[0][0] + 1)]
        else:
            numbers += [item for index, label in listed for item in (index, Dictionary(P=String(label)))]
    kit.Root["/PageLabels"] = Dictionary(Nums=Array(numbers))


def embed_file(kit: Pdf, part: Part) -> None:
    """Attach a file to the document itself (ISO 32000-1, 7.11.4; /AF as PDF/A-3 wants it)."""
    name, count = part.path.name, 1
    while name in kit.attachments:
        count += 1
        name = f"{part.path.stem} ({count}){part.path.suffix}"
    file = AttachedFileSpec(
        kit,
        part.path.read_bytes(),
        description=part.title,
        filename=name,
        mime_type=part.media_type,
        relationship=Name.Supplement,
    )
    kit.attachments[name] = file


def describe(kit: Pdf, metadata: Metadata) -> None:
    """Write the title, author, subject, keywords, language and dates, in Info and XMP alike."""
    stamp = metadata.moment.strftime("D:%Y%m%d%H%M%S%z")
    stamp = f"{stamp[:-2]}'{stamp[-2:]}'"
    keywords = ", ".join(metadata.keywords)
    info = {
        "/Title": metadata.title,
        "/Author": metadata.author,
        "/Subject": metadata.subject,
        "/Keywords": keywords,
        "/Creator": PRODUCER,
        "/Producer": PRODUCER,
        "/CreationDate": stamp,
        "/ModDate": stamp,
    }
    kit.trailer["/Info"] = kit.make_indirect(Dictionary({key: String(value) for key, value in info.items() if value}))
    drop(kit.Root, "/Metadata")
    moment = metadata.moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with kit.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        known: dict[str, str | list[str]] = {
            "dc:title": metadata.title,
            "dc:creator": [metadata.author] if metadata.author else [],
            "dc:description": metadata.subject,
            "dc:subject": list(metadata.keywords),
            "dc:language": [metadata.lang],
            "dc:format": "application/pdf",
            "pdf:Keywords": keywords,
            "pdf:Producer": PRODUCER,
            "xmp:CreatorTool": PRODUCER,
            "xmp:CreateDate": moment,
            "xmp:ModifyDate": moment,
        }
        for key, value in known.items():
            if value:
                xmp[key] = value
    kit.Root["/Lang"] = String(metadata.lang)
    kit.Root["/PageMode"] = Name.UseOutlines
