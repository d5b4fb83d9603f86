"""Stamps: the kit's number below each attached page, whatever its turn, and nothing of it changed."""

import io
import subprocess
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from tests.attachments.conftest import pixel
from tests.binding.test_bind import changed
from tests.conftest import SiteFolder, attach, chapters, html_pdf, struct_text
from tests.layout.test_layouts import _ink


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
    inked = [x for x in range(strip.width) for y in range(strip.height) if sum(pixel(strip, (x, y))) < 500]
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


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_an_embargo_is_at_the_top_of_every_page_as_seen(site: SiteFolder, rotation: int) -> None:
    """Attached pages get a strip above them; their own content is not touched."""
    plain = html_pdf("<title>t</title><style>@page{size:400pt 300pt;margin:20pt}</style><body><h1>Haut</h1>")
    site.write("presskit.toml", "[kit]\nstamp = true\n")
    turned = changed(plain, lambda writer: writer.pages[0].rotate(rotation))
    attach(site, turned, chapters("B", 2), extra="embargo: 2999-12-01 06:00\n")
    built = site.build()
    pages = built.text.split("\f")[:-1]
    assert len(pages) == 4
    for number, text in enumerate(pages, 1):
        assert "Sous embargo jusqu’au 1er décembre 2999 à 6 h (heure de Paris)" in " ".join(text.split()), number
    before, after = picture(site.root / "uploads/f1.pdf", 1), picture(built.path, 2)
    assert after.width == before.width
    assert after.height - before.height in (45, 46)
    kept = after.crop((0, 23, before.width, 23 + before.height))
    assert sum(abs(a - b) for a, b in zip(kept.tobytes(), before.tobytes(), strict=True)) < before.width * 255 * 6
    top = after.crop((0, 0, after.width, 22))
    dark = [x for x in range(top.width) for y in range(top.height) if top.getpixel((x, y))[1] < 60]
    assert abs((min(dark) + max(dark)) / 2 - top.width / 2) < 3
    front = picture(built.path, 1)
    assert any(front.getpixel((front.width // 2, y))[1] < 60 for y in range(30))
    with pikepdf.open(built.path) as pdf:
        assert all(b"/PresskitNotice Do" in page.Contents[-1].read_bytes() for page in pdf.pages)


def test_a_kit_under_embargo_conforms_as_others_do(site: SiteFolder) -> None:
    attach(site, chapters("A", 2), extra="embargo: 2999-12-01\n")
    assert "PDF/UA-1, PDF/A-3a" in site.build("--require", "pdf/ua-1,pdf/a-3a").messages


@pytest.mark.parametrize("layout", ["communique", "note-aux-redactions", "dossier-de-presse"])
def test_an_embargo_is_read_aloud_first_in_every_layout(site: SiteFolder, layout: str) -> None:
    site.communique("embargo: 2999-12-01 06:30\n")
    built = site.build("--layout", layout)
    text = struct_text(built.path)
    assert "Sous embargo" in text
    assert text.index("Sous embargo") < text.index("Le texte.")


def test_a_layout_without_a_place_for_it_prints_it_all_the_same(site: SiteFolder) -> None:
    site.write(
        "layouts/nu/layout.html",
        "<html lang=fr><title>t</title><body><h1>{{ title }}</h1>{{ body }}{{ attached_pages }}",
    )
    site.communique("embargo: 2999-12-01\n")
    assert "Sous embargo" in site.build("--layout", "nu").text


def test_an_embargo_that_is_over_is_not_printed(site: SiteFolder) -> None:
    site.communique("embargo: 2020-12-01\n")
    assert "embargo" not in site.build().text
