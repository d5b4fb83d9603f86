"""The pipeline: missing files, the same bytes, and the write that loses nothing."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from presskit.base.errors import PresskitError
from presskit.kit import write_kit
from tests.conftest import ROOT, SiteFolder, chapters

MISSING = (
    "une-ou-diaporama: [{image: /uploads/photo.jpg, alt: x}]\n"
    "files: [{file: /uploads/a.pdf, nom: A}, {file: /uploads/b.pdf, nom: B}, {file: ../../etc/passwd, nom: C},"
    " {file: 'https://ailleurs.fr/d.pdf', nom: D}]\n"
)


def test_all_missing_files_are_listed_at_once(site: SiteFolder) -> None:
    site.write("uploads/b.pdf", chapters("B", 1))
    site.write("uploads/photos.jpg", b"")
    site.communique(MISSING, "![x](/uploads/corps.png)")
    built = site.build()
    assert built.result.exit_code == 1
    assert not built.path.exists()
    for expected in (
        "“/uploads/photo.jpg” can't be found (searched: “uploads/”, “_uploads/”)",
        "Did you mean “photos.jpg”?",
        "“/uploads/a.pdf” can't be found",
        "“../../etc/passwd” is outside the site",
        "“https://ailleurs.fr/d.pdf” is an address on the network",
        "“/uploads/corps.png” can't be found",
    ):
        assert expected in built.messages
    assert "b.pdf" not in built.messages
    assert str(site.root) not in built.messages.replace(str(site.root / "communique.md"), "")


def test_a_kit_takes_no_pipes_place(tmp_path: Path) -> None:
    pipe = tmp_path / "kit.pdf"
    os.mkfifo(pipe)
    with pytest.raises(PresskitError, match="pipe"):
        write_kit(b"%PDF", pipe)
    assert pipe.is_fifo()


def test_allow_missing_builds_and_names_them_in_the_kit(site: SiteFolder) -> None:
    site.write("uploads/b.pdf", chapters("B", 1))
    site.communique(MISSING)
    built = site.build("--allow-missing")
    text = " ".join(built.text.split())
    assert "Fichiers absents de ce dossier" in text
    for name in ("photo.jpg", "a.pdf", "d.pdf"):
        assert name in text
        assert name in built.messages
    assert "B0" in text


def test_same_input_same_bytes(site: SiteFolder, tmp_path: Path) -> None:
    site.write("uploads/a.pdf", chapters("A", 2))
    site.write("uploads/n.txt", b"notes")
    site.communique("files: [{file: /uploads/a.pdf, nom: A}, {file: /uploads/n.txt, nom: N}]\n", "Texte *a* **b** : c")
    first = site.build(output="one.pdf").path.read_bytes()
    other = SiteFolder(tmp_path / "ailleurs")
    for path in ("communique.md", "uploads/a.pdf", "uploads/n.txt"):
        other.write(path, (site.root / path).read_bytes())
    os.utime(other.root / "uploads/n.txt", (1, 1))
    # Another process, folder, hash seed and time zone.
    command = [
        sys.executable,
        "-m",
        "presskit",
        "build",
        str(other.root / "communique.md"),
        "-o",
        str(other.root / "k.pdf"),
    ]
    environment = {**os.environ, "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "USER": "jeanne"}
    time.sleep(1.1)
    subprocess.run(command, check=True, capture_output=True, env=environment)
    assert (other.root / "k.pdf").read_bytes() == first
    assert str(site.root).encode() not in first


def test_other_attachments_make_another_identifier(site: SiteFolder) -> None:
    site.communique("files: [{file: /uploads/a.pdf, nom: A}]\n")
    identifiers = set()
    for name in "AB":
        site.write("uploads/a.pdf", chapters(name, 1))
        identifiers.add(str(site.build().reader.trailer["/ID"][0]))
    assert len(identifiers) == 2


def test_source_date_epoch_is_honoured(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    site.communique()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    assert site.build().reader.metadata.creation_date.isoformat() == "2001-09-09T01:46:40+00:00"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "demain")
    built = site.build()
    assert built.result.exit_code == 1
    assert "SOURCE_DATE_EPOCH" in built.messages


def test_a_failed_build_leaves_the_old_kit(site: SiteFolder) -> None:
    site.write("kit.pdf", b"old")
    site.communique("lang: '?'\n")
    assert site.build().result.exit_code == 1
    assert (site.root / "kit.pdf").read_bytes() == b"old"


def test_a_failed_write_leaves_the_old_kit_and_no_crumbs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "kit.pdf"
    target.write_bytes(b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PresskitError, match="the disk is full"):
        write_kit(b"new", target)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_an_interrupted_write_leaves_the_old_kit(tmp_path: Path) -> None:
    target = tmp_path / "kit.pdf"
    target.write_bytes(b"old")
    program = (
        "import os, sys, time, pathlib\n"
        "from presskit.kit import write_kit\n"
        "def slow(_d): print('writing', flush=True); time.sleep(30)\n"
        "os.fsync = slow\n"
        "write_kit(b'new', pathlib.Path(sys.argv[1]))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(target)], stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == b"writing\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert target.read_bytes() == b"old"


def test_a_kit_has_the_rights_of_a_new_file(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_kit(b"new", tmp_path / "new" / "kit.pdf")
    finally:
        os.umask(before)
    assert (tmp_path / "new" / "kit.pdf").stat().st_mode & 0o777 == 0o640


def test_a_target_that_is_a_folder_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "kit.pdf").mkdir()
    with pytest.raises(PresskitError, match="can't be written"):
        write_kit(b"new", tmp_path / "kit.pdf")
    assert list(tmp_path.iterdir()) == [tmp_path / "kit.pdf"]


def test_lines_are_counted_as_editors_count_them(site: SiteFolder) -> None:
    """Not as Python's splitlines does, to which U+2028, U+0085 and form feeds end lines too."""
    built = site.build(source=site.communique("layout: inconnu\n", "a\u2028b\x0cc\x85d\n\n\U00013000\n"))
    line = (site.root / "communique.md").read_text("utf-8").split("\n").index("\U00013000") + 1
    assert f"communique.md:{line}: no font has these characters" in built.messages
    assert "communique.md:" in built.messages.split("there is no layout named")[0].splitlines()[-1]


def test_a_document_in_the_place_of_an_image_is_said_with_its_place(site: SiteFolder) -> None:
    site.write("uploads/b.pdf", chapters("B", 1))
    site.communique("une-ou-diaporama: [{image: /uploads/b.pdf, alt: x}]\n", "Texte.\n\n![x](/uploads/b.pdf)")
    messages = site.build().messages
    assert messages.count("“b.pdf” is a document, not an image") == 2
    assert "communique.md:6, field" in messages and "communique.md:1" in messages and "damaged" not in messages
