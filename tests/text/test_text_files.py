"""Texts decoded; other files called what they are."""

import io
import zipfile

import pytest

from presskit.base.errors import PresskitError, Problem
from presskit.text.text_files import decode


def refused(octets: bytes) -> Problem:
    with pytest.raises(PresskitError) as caught:
        decode(octets, "c.md")
    (problem,) = caught.value.problems
    return problem


def zipped(*names: str) -> bytes:
    with zipfile.ZipFile(target := io.BytesIO(), "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return target.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("octets", "kind"),
    [
        (zipped("[Content_Types].xml", "word/document.xml"), "a Word file"),
        (zipped("xl/workbook.xml"), "an Excel file"),
        (zipped("ppt/presentation.xml"), "a PowerPoint file"),
        (zipped("mimetype", "content.xml"), "a LibreOffice file"),
        (zipped("Index/Document.iwa"), "a Pages file"),
        (zipped("a.md"), "a ZIP file"),
        (b"PK\x03\x04 cut", "a ZIP file"),
        (OLE + b"x" * 600, "a Word file"),
        (OLE + "Workbook".encode("utf-16-le"), "an Excel file"),
        (rb"{\rtf1\ansi Bonjour}", "a Word file (RTF)"),
        (b"%PDF-1.7", "a PDF"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><title>x</title>", "a web page (HTML)"),
        (b"<html>", "a web page (HTML)"),
        (b"\x89PNG\r\n\x1a\n", "an image"),
    ],
)
def test_a_file_that_is_no_text_is_called_what_it_is(octets: bytes, kind: str) -> None:
    problem = refused(octets)
    assert problem.what == f"this is {kind}, not the text of a communiqué."
    assert "---" in problem.remedy


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_texts_are_read(encoding: str) -> None:
    assert decode("---\ntitle: L’été\n".encode(encoding), "c.md") == "---\ntitle: L’été\n"


@pytest.mark.parametrize(
    ("octets", "line", "what"),
    [
        ("title: a\nL’été à 5 €".encode("cp1252"), 2, "Windows-1252"),
        ("title: a\nL'été".encode("mac_roman"), 2, "not encoded in UTF-8."),
        ("---\ntitle: été\n".encode("utf-16-le"), None, "UTF-16"),
        ("---\ntitle: ete\n".encode("utf-16-be"), None, "UTF-16"),
        (b"---\ntitle: \xe9\x00\n", 2, "not a text"),
        ("title: a".encode("utf-16") + b"x", 1, "UTF-16"),
    ],
)
def test_other_encodings_are_named(octets: bytes, line: int | None, what: str) -> None:
    problem = refused(octets)
    assert (problem.line, what in problem.what) == (line, True)
