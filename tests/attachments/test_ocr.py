"""Scanned pages: read by OCRmyPDF where it is installed, and their text in the kit, unseen and tagged."""

import subprocess
from pathlib import Path

import pikepdf
import pytest

from presskit.attachments import ocr
from tests import producers
from tests.conftest import SiteFolder, pdf_text
from tests.planting import Gives, Plants
from tests.trees import check_tree, tagged_words


def kit(site: SiteFolder, content: bytes):  # type: ignore[no-untyped-def]
    site.write("uploads/lettre.pdf", content)
    site.communique("files: [{file: /uploads/lettre.pdf, nom: La lettre}]\n")
    return site.build()


@pytest.fixture
def installed() -> None:
    if not ocr.is_there():
        pytest.skip("NOT TESTED: OCRmyPDF (the extra “ocr”) or Tesseract is not here")


@pytest.mark.usefixtures("installed")
def test_a_scan_gets_a_text_that_can_be_found_and_said(site: SiteFolder, tmp_path: Path) -> None:
    built = kit(site, producers.scan("Le service est ouvert tous les jours"))
    assert "Le service est ouvert tous les jours" in " ".join(pdf_text(built.path, "-f", "2").split())
    root = check_tree(built.path)
    assert root.kids[-1].outline().startswith("Part(P")
    assert not root.kids[-1].find("Figure")
    assert "".join(tagged_words(built.path, part=1)) == "leserviceestouverttouslesjours"
    assert "lettre.pdf: 1 scanned page was read by a program (OCR): its text may have mistakes." in built.messages
    assert "scanned, without a text" not in built.messages
    assert "PDF/UA-1, PDF/A-3a)" in built.messages
    # The picture is what it was.
    source = tmp_path / "source.pdf"
    source.write_bytes(producers.scan("Le service est ouvert tous les jours"))
    shown = [picture(source, 1, tmp_path / "a"), picture(built.path, 2, tmp_path / "b")]
    assert shown[0] == shown[1]


def picture(path: Path, page: int, target: Path) -> bytes:
    command = ["pdftoppm", "-r", "50", "-gray", "-f", str(page), "-l", str(page), "-singlefile", str(path), str(target)]
    subprocess.run(command, check=True)
    return target.with_suffix(".pgm").read_bytes()


@pytest.mark.usefixtures("installed")
def test_only_scanned_pages_are_read(site: SiteFolder, plant: Plants) -> None:
    plant("presskit.attachments.ocr.read", Gives(AssertionError("there is nothing to read")))
    built = kit(site, producers.untagged())
    assert "OCR" not in built.messages


def test_pages_that_cannot_be_read_stay_as_they_are(site: SiteFolder, plant: Plants) -> None:
    plant("presskit.attachments.ocr.is_there", Gives(True))
    plant("presskit.attachments.ocr.read", Gives(ocr.FailedError()))
    built = kit(site, producers.scan())
    assert "lettre.pdf: its scanned pages could not be read: they have no text in the kit." in built.messages
    assert len(built.reader.pages) == 2


@pytest.mark.usefixtures("installed")
def test_reading_ends_when_its_time_is_up(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(producers.scan())
    with pytest.raises(ocr.FailedError):
        ocr.read(path, "fr", 0.05)


def test_without_the_extra_the_remedy_is_named(site: SiteFolder, plant: Plants) -> None:
    plant("presskit.attachments.ocr.is_there", Gives(False))
    assert "pip install 'presskit-pdf[ocr]'" in kit(site, producers.scan()).messages


def test_scans_are_told_from_pages_with_text(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with pikepdf.new() as pdf:
        for content in (producers.scan(), producers.untagged(), producers.latex()):
            other = tmp_path / "other.pdf"
            other.write_bytes(content)
            with pikepdf.open(other) as source:
                pdf.pages.append(source.pages[0])
        pdf.add_blank_page()
        pdf.save(path)
    with pikepdf.open(path) as pdf:
        assert ocr.scanned_pages(pdf) == [1]
