"""Kinds: the content decides, whatever a file is called."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.attachments.kinds import FileKind, Kind, as_text, kind_of
from tests.attachments.conftest import every_kind, zipped

EXPECTED = {
    "document.pdf": (Kind.PDF, "application/pdf"),
    "photo.jpg": (Kind.IMAGE, "image/jpeg"),
    "image.png": (Kind.IMAGE, "image/png"),
    "image.webp": (Kind.IMAGE, "image/webp"),
    "image.gif": (Kind.IMAGE, "image/gif"),
    "image.bmp": (Kind.IMAGE, "image/bmp"),
    "image.avif": (Kind.IMAGE, "image/avif"),
    "scan.tiff": (Kind.IMAGE, "image/tiff"),
    "dessin.svg": (Kind.SVG, "image/svg+xml"),
    "notes.txt": (Kind.TEXT, "text/plain"),
    "tableau.csv": (Kind.CSV, "text/csv"),
    "texte.md": (Kind.MARKDOWN, "text/markdown"),
    "page.html": (Kind.HTML, "text/html"),
    "mail.eml": (Kind.MAIL, "message/rfc822"),
    "document.rtf": (Kind.OFFICE, "application/rtf"),
    "archive.zip": (Kind.OTHER, "application/zip"),
    "son.wav": (Kind.OTHER, "audio/x-wav"),
    "film.mp4": (Kind.OTHER, "video/mp4"),
    "donnees.json": (Kind.OTHER, "application/json"),
}
ONLY_BY_NAME = {Kind.CSV, Kind.MARKDOWN}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_kind(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(every_kind()[name])
    found = kind_of(tmp_path / name)
    assert (found.kind, found.media_type) == EXPECTED[name]


@pytest.mark.parametrize(
    "name",
    [name for name, (kind, media) in EXPECTED.items() if kind not in ONLY_BY_NAME and media != "application/json"],
)
def test_a_name_without_ending_changes_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "fichier").write_bytes(every_kind()[name])
    assert kind_of(tmp_path / "fichier").kind is EXPECTED[name][0]


@pytest.mark.parametrize(
    ("files", "media_type"),
    [
        ({"[Content_Types].xml": "x", "word/document.xml": "x"}, "wordprocessingml.document"),
        ({"[Content_Types].xml": "x", "xl/workbook.xml": "x"}, "spreadsheetml.sheet"),
        ({"[Content_Types].xml": "x", "ppt/presentation.xml": "x"}, "presentationml.presentation"),
        ({"mimetype": "application/vnd.oasis.opendocument.text"}, "opendocument.text"),
        ({"mimetype": "application/epub+zip"}, "epub+zip"),
        ({"x": "word/document.xml"}, "application/zip"),
    ],
)
def test_documents_that_are_archives(tmp_path: Path, files: dict[str, str], media_type: str) -> None:
    (tmp_path / "f.zip").write_bytes(zipped(**files))
    found = kind_of(tmp_path / "f.zip")
    assert found.media_type.endswith(media_type)
    assert found.kind is (Kind.OTHER if media_type.endswith("zip") else Kind.OFFICE)


def test_an_archive_whose_names_are_no_text_is_one_all_the_same(tmp_path: Path) -> None:
    content = zipped(é="x").replace("é".encode(), b"\xff\xff")
    (tmp_path / "f.zip").write_bytes(content)
    assert kind_of(tmp_path / "f.zip") == FileKind(Kind.OTHER, "application/zip")


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        ("été".encode(), "été"),
        ("\ufeffété".encode(), "été"),
        ("été".encode("utf-16"), "été"),
        ("l’été à 12 €".encode("cp1252"), "l’été à 12 €"),
        (b"a\0b", None),
        (b"\x80\x01\x02", None),
    ],
)
def test_texts_are_decoded(octets: bytes, text: str | None) -> None:
    assert as_text(octets) == text


@given(st.binary(max_size=200), st.sampled_from(["f", "f.pdf", "f.csv", "f.docx"]))
def test_any_content_has_a_kind(tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(content)
    assert isinstance(kind_of(path).kind, Kind)
