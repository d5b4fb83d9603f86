"""Attached PDFs: merged, or embedded with the reason said; never lost."""

import io

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from tests.conftest import SiteFolder, chapters


def encrypted(password: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(chapters("Secret", 1))) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user=password, R=3, aes=False, metadata=False))
    return out.getvalue()


def build(site: SiteFolder, content: bytes, name: str = "a.pdf") -> tuple[PdfReader, str]:
    site.write(f"uploads/{name}", content)
    site.communique(f"files: [{{file: /uploads/{name}, nom: La pièce}}]\n")
    built = site.build()
    return built.reader, built.messages


def test_content_decides_not_the_name(site: SiteFolder) -> None:
    reader, messages = build(site, chapters("A", 2), "a.docx")
    assert len(reader.pages) == 3
    assert messages.count("warning") == 0


def test_an_empty_user_password_is_no_obstacle(site: SiteFolder) -> None:
    reader, _messages = build(site, encrypted(""))
    assert "Secret 0" in reader.pages[1].extract_text()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (encrypted("x"), "it is protected by a password"),
        (b"%PDF-1.4\nrubbish", "it is damaged"),
        (chapters("A", 2)[:900], "it is damaged"),
        (b"notes", "it is not a PDF"),
        (b"", "it is not a PDF"),
    ],
)
def test_what_can_not_be_merged_is_embedded_and_named(site: SiteFolder, content: bytes, reason: str) -> None:
    reader, messages = build(site, content)
    assert reason in messages
    assert "a.pdf" in messages
    assert reader.attachments["a.pdf"] == [content]
    assert len(reader.pages) == 1
    text = " ".join(reader.pages[0].extract_text().split())
    assert "La pièce fichier joint au PDF (a.pdf" in text


def test_an_embedded_file_says_what_it_is(site: SiteFolder) -> None:
    reader, _messages = build(site, b"a;b\n", "tableau.csv")
    (file,) = reader.attachment_list
    assert file.name == file.alternative_name == "tableau.csv"
    assert file.description == "La pièce"
    assert file.subtype == "/text/csv"
    assert file.size == 4
    assert file.associated_file_relationship == "/Supplement"
    assert len(reader.root_object["/AF"]) == 1


def test_embedded_files_of_one_name_are_told_apart(site: SiteFolder) -> None:
    for folder in "ab":
        site.write(f"uploads/{folder}/x.csv", folder)
    site.communique("files: [/uploads/a/x.csv, /uploads/b/x.csv]\n")
    assert dict(site.build().reader.attachments) == {"x.csv": [b"a"], "x (2).csv": [b"b"]}


def test_a_file_found_broken_only_while_merging_is_embedded(site: SiteFolder) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(chapters("A", 2))))
    out = io.BytesIO()
    writer.write(out)
    broken = out.getvalue().replace(b"/Contents", b"/Annots 5 /X", 1)
    reader, messages = build(site, broken)
    assert len(reader.pages) in (1, 3)
    assert ("it is damaged" in messages) == (len(reader.pages) == 1)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 6000), st.integers(0, 255)), min_size=1, max_size=12))
def test_a_mutated_pdf_gives_a_kit_with_its_pages_or_the_file(
    site: SiteFolder, mutations: list[tuple[int, int]]
) -> None:
    content = bytearray(chapters("A", 2))
    for position, value in mutations:
        content[position % len(content)] = value
    reader, _messages = build(site, bytes(content))
    assert len(reader.pages) > 1 or reader.attachments["a.pdf"] == [bytes(content)]
