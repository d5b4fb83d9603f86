"""Stamps: the kit's number below each attached page, whatever its turn, and nothing of it changed."""

import io
import subprocess
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from tests.conftest import SiteFolder, attach, chapters, html_pdf
from tests.test_binding import changed
from tests.test_layout import _ink


def picture(path: Path, page: int) -> Image.Image:
    command = ["pdftoppm", "-r", "72", "-cropbox", "-f", str(page), "-l", str(page), "-png", str(path)]
    return Image.open(io.BytesIO(subprocess.run(command, check=True, capture_output=True).stdout)).convert("RGB")


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_number_is_at_the_bottom_right_as_seen_and_the_page_as_before(site: SiteFolder, rotation: int) -> None:
    plain = html_pdf("<title>t</title><style>@page{size:400pt 300pt;margin:20pt}</style><body><h1>Haut</h1>")
    site.write("presskit.toml", "[kit]\nstamp = true\n")
    attach(site, changed(plain, lambda writer: writer.pages[0].rotate(rotation)), chapters("B", 2))
    path = site.build().path
    before, after = picture(site.root / "uploads/f1.pdf", 1), picture(path, 2)
    assert after.width == before.width
    assert after.height in (before.height + 22, before.height + 23)
    kept = after.crop((0, 0, before.width, before.height))
    assert sum(abs(a - b) for a, b in zip(kept.tobytes(), before.tobytes(), strict=True)) < before.width * 255 * 3
    strip = after.crop((0, before.height, after.width, after.height))
    inked = [x for x in range(strip.width) for y in range(strip.height) if sum(strip.getpixel((x, y))) < 500]
    assert inked
    assert min(inked) > after.width - 70
    assert max(inked) < after.width - 20
    text = subprocess.run(
        ["pdftotext", "-f", "2", "-l", "2", str(path), "-"], check=True, capture_output=True, text=True
    )
    assert "2 / 4" in " ".join(text.stdout.split()).replace("2/4", "2 / 4")


def test_stamps_count_separators_and_are_artifacts(site: SiteFolder) -> None:
    site.write("presskit.toml", "[kit]\nstamp = true\nseparators = true\n")
    attach(site, chapters("A", 2))
    reader = site.build().reader
    assert "3 / 4" in reader.pages[2].extract_text()
    assert "4 / 4" in reader.pages[3].extract_text()
    with pikepdf.open(site.root / "kit.pdf") as pdf:
        assert b"/Artifact <</Type /Pagination>> BDC" in pdf.pages[2].Contents[-1].read_bytes()
    assert len(_ink(site.root / "kit.pdf")) == 4


def test_without_the_setting_pages_are_as_they_were(site: SiteFolder) -> None:
    attach(site, chapters("A", 1))
    assert round(site.build().reader.pages[1].mediabox.height) == 842


def test_a_wrong_switch_is_said(site: SiteFolder) -> None:
    site.write("presskit.toml", '[kit]\nstamp = "oui"\n')
    site.communique()
    assert "“true” or “false” is expected here" in site.build().messages
