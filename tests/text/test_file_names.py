"""Names of files: what systems leave is passed over, and every name is one that every machine takes."""

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.text.file_names import decoded, is_left_behind, safe_name
from tests.conftest import SiteFolder

LEFT = """Thumbs.db|ehthumbs.db|desktop.ini|Desktop.ini|.DS_Store|._photo.jpg|~$note.docx|~WRL0005.tmp|.~lock.a.odt#
note.docx~|a.bak|a.TMP|film.mp4.part|a.crdownload|.a.swp|__MACOSX/a.pdf|@eaDir/a.jpg|$RECYCLE.BIN/a.pdf|.git/config
System Volume Information/x|sous/dossier/Thumbs.db|Icon\r""".replace("\n", "|").split("|")
KEPT = "a.pdf|partie.pdf|tmp/a.pdf|downloads/a.pdf|a~b.pdf|~a.pdf|thumbs.pdf|bak|a.parts|desktop.pdf".split("|")


@pytest.mark.parametrize(("names", "left"), [(LEFT, True), (KEPT, False)])
def test_what_systems_leave_is_known(names: list[str], left: bool) -> None:
    assert [name for name in names if is_left_behind(name) is not left] == []


@given(st.text(max_size=300) | st.binary(min_size=1, max_size=300).map(os.fsdecode))
def test_a_safe_name_is_safe_and_stays(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe.encode()) <= 255
    assert safe == safe_name(safe)
    assert not set(safe) & set('/\\:*?"<>|\0\n') and safe[-1] not in ". " and safe[0] not in ". "
    assert not any(unicodedata.bidirectional(sign) in ("RLO", "LRO", "RLE", "LRE", "PDF") for sign in safe)
    assert safe.partition(".")[0].upper() not in ("CON", "NUL", "AUX", "PRN", "COM1", "LPT9")


@pytest.mark.parametrize(
    "name", ["a.pdf", "Été à l’île (1).docx", "concours.pdf", "a_b-c.tar.gz", "e\u0301te\u0301.pdf"]
)
def test_plain_names_stay(name: str) -> None:
    assert safe_name(name) == name


def test_a_long_name_keeps_its_ending() -> None:
    assert safe_name("é" * 300 + ".docx").endswith("….docx")


def test_a_folder_of_odd_names(site: SiteFolder) -> None:
    folder = site.root / "uploads" / "dossier"
    names = [
        b"1 un.txt",
        b"caf\xe9.txt",
        "a\u202egpj.txt".encode(),
        b"CON.txt",
        b"nl\nx.txt",
        "é".encode() * 125 + b".txt",
    ]
    for name in [*names, b"Thumbs.db", b"~$note.docx", b"note.docx~", b"desktop.ini"]:
        site.write(os.path.join("uploads/dossier", os.fsdecode(name)), b"Contenu de " + name[:2])  # noqa: PTH118
    site.communique("files: [/uploads/dossier]\n")
    built = site.build("--zip")
    assert built.text.count("Contenu de") == len(names)
    assert built.messages.count("not all machines take") == len(names) - 1
    for trace in ("Thumbs", "desktop.ini", "~$", "docx~", "\u202e"):
        assert trace not in built.text + built.messages
    assert folder.is_dir()
    assert site.build(output="kits/").result.exit_code == 0


def test_files_attached_twice_are_said(site: SiteFolder) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        site.write(f"uploads/{name}", "Le même" if name != "c.txt" else "Un autre")
    site.communique("files: [/uploads/a.txt, uploads/./a.txt, /uploads/b.txt, /uploads/c.txt]\n")
    messages = site.build().messages
    assert messages.count("it is attached twice") == 2
    assert "“/uploads/b.txt” is the same file as “/uploads/a.txt”" in messages


@pytest.mark.parametrize("link", [None, os.symlink, os.link])
def test_a_kit_is_not_its_own_attachment(site: SiteFolder, link) -> None:  # type: ignore[no-untyped-def]
    site.communique()
    kit = site.build(output="uploads/kit.pdf").path
    before = kit.read_bytes()
    name = "kit.pdf"
    if link is not None:
        name = "autre.pdf"
        link(kit, site.root / "uploads" / name)
    site.communique(f"files: [/uploads/{name}]\n")
    built = site.build(output="uploads/kit.pdf")
    assert built.result.exit_code == 1
    assert f"“/uploads/{name}” is the kit that is being built" in built.messages
    assert kit.read_bytes() == before


def test_in_a_folder_the_kit_is_passed_over_and_an_older_one_is_said(site: SiteFolder) -> None:
    site.communique()
    kit = site.build(output="uploads/d/kit.pdf").path
    Path(kit).with_name("ancien.pdf").write_bytes(kit.read_bytes())
    site.communique("files: [/uploads/d]\n")
    built = site.build(output="uploads/d/kit.pdf")
    assert built.result.exit_code == 0
    assert "“/uploads/d/kit.pdf” is the kit that is being built" in built.messages
    assert "ancien.pdf: it is a kit of this communiqué" in built.messages
    assert len(built.reader.pages) == 2


@pytest.mark.parametrize(
    ("written", "read"),
    [("a%20b%C3%A9.pdf", "a bé.pdf"), ("100%.pdf", "100%.pdf"), ("a%FF.pdf", "a%FF.pdf"), ("a%0Ab.pdf", "a%0Ab.pdf")],
)
def test_addresses_are_read_decoded_where_that_prints(written: str, read: str) -> None:
    assert decoded(written) == read
