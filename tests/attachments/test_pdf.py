"""Attached PDFs: merged, or embedded with the reason said; never lost."""

import io
import re
from pathlib import Path
from typing import Any, cast

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject

from tests.conftest import SiteFolder, chapters, link_targets, outline


def encrypted(password: str, revision: Any = 6) -> bytes:
    out = io.BytesIO()
    aes = revision >= 4
    with pikepdf.open(io.BytesIO(chapters("Secret", 1))) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user=password, R=revision, aes=aes, metadata=aes))
    return out.getvalue()


def build(site: SiteFolder, content: bytes, name: str = "a.pdf") -> tuple[PdfReader, str]:
    site.write(f"uploads/{name}", content)
    site.communique(f"files: [{{file: /uploads/{name}, nom: La pièce}}]\n")
    built = site.build()
    return built.reader, built.messages


def test_content_decides_not_the_name(site: SiteFolder) -> None:
    reader, messages = build(site, chapters("A", 2), "a.docx")
    assert len(reader.pages) == 3
    assert messages.count("warning") == 1 and "a.docx: its content is not what its name says" in messages


@pytest.mark.parametrize("revision", [2, 3, 4, 6])
def test_an_empty_user_password_is_no_obstacle(site: SiteFolder, revision: int) -> None:
    reader, messages = build(site, encrypted("", revision))
    assert "Secret 0" in reader.pages[1].extract_text()
    assert not reader.is_encrypted
    assert "warning" not in messages


@pytest.mark.parametrize("revision", [3, 6])
def test_a_password_is_asked_for_by_the_name_of_its_variable(
    site: SiteFolder, revision: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.write("uploads/a.pdf", encrypted("sésame", revision))
    site.communique("files: [/uploads/a.pdf]\n")
    built = site.build()
    assert built.result.exit_code == 1
    assert "“a.pdf” is protected by a password" in built.messages
    assert "password-env" in built.messages
    site.communique("files: [{file: /uploads/a.pdf, password-env: CLE}]\n")
    assert "“CLE” is not set" in site.build().messages
    monkeypatch.setenv("CLE", "faux")
    assert "does not open “a.pdf”" in site.build().messages
    monkeypatch.setenv("CLE", "sésame")
    built = site.build()
    assert "Secret 0" in built.text
    assert "sésame" not in built.messages


def test_a_damaged_file_is_repaired_and_said(site: SiteFolder) -> None:
    content = chapters("A", 3)
    reader, messages = build(site, content[: content.rfind(b"xref")])
    assert [page.extract_text().split("\n")[0] for page in reader.pages[1:]] == ["A 0", "A 1", "A 2"]
    assert "a.pdf: the file was damaged: it has been repaired" in messages


def test_a_file_whose_root_is_lost_is_repaired_too(site: SiteFolder) -> None:
    with pikepdf.open(io.BytesIO(chapters("A", 3))) as pdf:
        pdf.save(out := io.BytesIO(), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    content = re.sub(rb"/Root \d+ 0 R", b"/Root 999 0 R", out.getvalue())
    with pytest.raises(pikepdf.PdfError):
        pikepdf.open(io.BytesIO(content))
    reader, messages = build(site, content)
    assert [page.extract_text().split("\n")[0] for page in reader.pages[1:]] == ["A 0", "A 1", "A 2"]
    assert "a.pdf: the file was damaged: it has been repaired" in messages


@pytest.mark.parametrize(
    ("mode", "merged", "embedded"),
    [
        ("merge", True, False),
        ("embed", False, True),
        ("both", True, True),
        ("les-deux", True, True),
        ("link", False, False),
    ],
)
def test_the_communique_may_decide(site: SiteFolder, mode: str, merged: bool, embedded: bool) -> None:
    site.write("presskit.toml", 'url = "https://x.fr"\n')
    site.write("uploads/a b.pdf", chapters("A", 2))
    site.communique(f"files: [{{file: '/uploads/a%20b.pdf', nom: Pièce, as: {mode}}}]\n")
    built = site.build()
    reader = built.reader
    assert (len(reader.pages) == 3) is merged
    assert ("a b.pdf" in reader.attachments) is embedded
    assert ("https://x.fr/uploads/a%20b.pdf" in link_targets(reader, 1)) is (mode == "link")
    assert "warning" not in built.messages


def test_a_link_needs_the_sites_address(site: SiteFolder) -> None:
    site.write("uploads/a.pdf", chapters("A", 1))
    site.communique("files: [{file: /uploads/a.pdf, as: link}]\n")
    assert "the site's address is unknown" in site.build().messages


def test_an_unknown_way_to_attach_is_an_error(site: SiteFolder) -> None:
    site.write("uploads/a.pdf", chapters("A", 1))
    site.communique("files: [{file: /uploads/a.pdf, as: embbed}]\n")
    assert "Did you mean “embed”?" in site.build().messages


def test_a_folder_gives_its_files_in_order(site: SiteFolder, tmp_path: Path) -> None:
    for name in ("10-fin.pdf", "2-milieu.pdf", "1-debut.pdf", "sous/3-annexe.pdf", ".cache.pdf"):
        site.write(f"uploads/dossier/{name}", chapters(name[:2].strip("-"), 1))
    (tmp_path.parent / "dehors.pdf").write_bytes(chapters("X", 1))
    (site.root / "uploads/dossier/4-lien.pdf").symlink_to(tmp_path.parent / "dehors.pdf")
    site.communique("files: [{file: /uploads/dossier/}]\n")
    built = site.build("--allow-missing")
    assert [title for depth, title, _page in outline(built.reader) if depth == 0][1:] == [
        "1 debut",
        "2 milieu",
        "10 fin",
        "3 annexe",
    ]
    assert "4-lien.pdf” is outside the site" in built.messages


def test_an_empty_folder_is_said(site: SiteFolder) -> None:
    (site.root / "uploads/vide").mkdir()
    site.communique("files: [/uploads/vide]\n")
    assert "“/uploads/vide” is empty" in site.build().messages


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.4\nrubbish", "it is damaged"),
        (chapters("A", 2)[:900], "it is damaged"),
        (b"", "it is empty"),
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
    reader, messages = build(site, b'{"a": 1}', "données.json")
    (file,) = reader.attachment_list
    assert file.name == file.alternative_name == "données.json"
    assert file.description == "La pièce"
    assert file.subtype == "/application/json"
    assert file.size == 8
    assert "warning" not in messages
    assert file.associated_file_relationship == "/Supplement"
    assert len(cast("ArrayObject", reader.root_object["/AF"])) == 1


def test_embedded_files_of_one_name_are_told_apart(site: SiteFolder) -> None:
    for folder in "ab":
        site.write(f"uploads/{folder}/x.json", folder)
    site.communique("files: [/uploads/a/x.json, /uploads/b/x.json]\n")
    assert dict(site.build().reader.attachments) == {"x.json": [b"a"], "x (2).json": [b"b"]}


def test_a_file_found_broken_only_while_merging_is_embedded(site: SiteFolder) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(chapters("A", 2))))
    out = io.BytesIO()
    writer.write(out)
    broken = out.getvalue().replace(b"/Contents", b"/Annots 5 /X", 1)
    reader, messages = build(site, broken)
    assert len(reader.pages) in (1, 3)
    assert ("it is damaged" in messages) == (len(reader.pages) == 1)


def test_streams_that_cannot_be_decoded_break_no_kit(site: SiteFolder) -> None:
    content = chapters("A", 2)
    starts = [match.start() for match in re.finditer(rb"/FlateDecode", content)]
    assert len(starts) > 4
    for start in starts:
        broken = bytearray(content)
        broken[start + 1] = ord("X")
        reader, _messages = build(site, bytes(broken))
        assert len(reader.pages) == 3 or "a.pdf" in reader.attachments


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 6000), st.integers(0, 255)), min_size=1, max_size=12))
def test_a_mutated_pdf_gives_a_kit_with_its_pages_or_the_file(
    site: SiteFolder, mutations: list[tuple[int, int]]
) -> None:
    content = bytearray(chapters("A", 2))
    for position, value in mutations:
        content[position % len(content)] = value
    reader, _messages = build(site, bytes(content))
    assert len(reader.pages) > 1 or reader.attachments["a.pdf"] == [bytes(content)]
