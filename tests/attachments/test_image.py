"""Attached images: whole, upright, with their texts, and without their secrets."""

import io
from pathlib import Path
from typing import cast

import pikepdf
import pytest
from PIL import Image

from presskit.base.images import without_private_metadata
from tests.attachments.conftest import SRGB, SVG, one, photo, picture, pixel, saved
from tests.conftest import SiteFolder, unpacked
from tests.layout.test_layouts import _ink

LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
    + b']><svg xmlns="http://www.w3.org/2000/svg"><text>&a11;</text></svg>'
)


def images(path: Path) -> list[Image.Image]:
    with pikepdf.open(path) as pdf:
        found = [image for page in pdf.pages for image in page.get_images().values()]
        return [pikepdf.PdfImage(cast("pikepdf.Stream", image)).as_pil_image() for image in found]


def rendered(path: Path, page: int) -> Image.Image:
    import subprocess

    command = ["pdftoppm", "-r", "50", "-f", str(page), "-l", str(page), "-png", str(path)]
    return Image.open(io.BytesIO(subprocess.run(command, check=True, capture_output=True).stdout)).convert("RGB")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_jpeg_stands_upright_and_is_not_compressed_anew(site: SiteFolder, orientation: int) -> None:
    content = photo(orientation)
    one(site, "photo.jpg", content)
    path = site.build().path
    with pikepdf.open(path) as pdf:
        (stream,) = pdf.pages[1].get_images().values()
        # From the first table on, the picture's own octets.
        tables = content.index(b"\xff\xdb")
        assert stream.read_raw_bytes().endswith(content[tables:])
        assert stream.ColorSpace[0] == "/ICCBased"
        assert stream.ColorSpace[1].read_bytes() == SRGB
    page = rendered(path, 2)
    box = _box(page)
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(content))).convert("RGB")
    shown = page.crop(box).resize(upright.size)
    for x, y in ((0.15, 0.15), (0.85, 0.15), (0.15, 0.85), (0.85, 0.85)):
        place = (int(x * upright.width), int(y * upright.height))
        assert all(abs(a - b) < 25 for a, b in zip(pixel(shown, place), pixel(upright, place), strict=True))


def _box(page: Image.Image) -> tuple[int, int, int, int]:
    from PIL import ImageChops

    box = ImageChops.difference(page, Image.new("RGB", page.size, "white")).getbbox()
    assert box
    return box


@pytest.mark.parametrize(("kind", "name"), [("PNG", "a.png"), ("WEBP", "a.webp"), ("BMP", "a.bmp"), ("AVIF", "a.avif")])
def test_other_kinds_keep_all_their_pixels(site: SiteFolder, kind: str, name: str) -> None:
    content = saved(picture((1300, 900)), kind)
    one(site, name, content)
    (image,) = images(site.build().path)
    original = Image.open(io.BytesIO(content)).convert("RGB")
    assert image.convert("RGB").tobytes() == original.tobytes()


def test_the_pages_of_a_tiff_are_pages(site: SiteFolder) -> None:
    frames = [picture((200, 300), c) for c in ("#ff0000", "#00ff00", "#0000ff")]
    one(site, "scan.tif", saved(frames[0], "TIFF", save_all=True, append_images=frames[1:]))
    path = site.build().path
    assert [rendered(path, page).getpixel((120, 180)) for page in (2, 3, 4)] == [(255, 0, 0), (0, 255, 0), (0, 0, 255)]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_mode(site: SiteFolder, mode: str) -> None:
    image = picture().convert("L")
    if mode == "I;16":
        image = image.convert("I").point(lambda v: v * 256)
    elif mode == "1":
        image = image.point(lambda v: 255 if v > 150 else 0)
    image = picture().convert(mode) if mode in ("P", "RGBA", "CMYK") else image.convert(mode)
    one(site, "a.tiff", saved(image, "TIFF"))
    path = site.build().path
    light, dark = (pixel(rendered(path, 2), place) for place in ((50, 55), (170, 125)))
    assert sum(light) > sum(dark) + 30


def test_an_image_has_its_texts_and_stays_on_its_page(site: SiteFolder) -> None:
    one(site, "a.jpg", photo(), ", alt: Ce qui se voit, legende: La légende, credit: Moi")
    path = site.build().path
    assert "La légende Moi" in " ".join(site.build().text.split())
    with pikepdf.open(path) as pdf:
        assert pdf.pages[1].mediabox[2] > pdf.pages[1].mediabox[3], "a wide picture has a wide page"
    for left, top, right, bottom in _ink(path):
        assert left > 0.02 and top > 0.02 and right < 0.98 and bottom < 0.98


def test_a_drawing_stays_a_drawing(site: SiteFolder) -> None:
    one(site, "a.svg", SVG)
    path = site.build().path
    assert images(path) == []
    assert rendered(path, 2).getpixel((100, 100)) == (0, 0, 0)


@pytest.mark.parametrize("view_box", [b"0 ", b"a b c d", b"0 0 nan inf"])
def test_a_drawing_whose_view_box_is_none_is_drawn_without(site: SiteFolder, view_box: bytes) -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="%s"><rect width="900" height="900"/></svg>' % view_box
    one(site, "a.svg", drawing)
    assert rendered(site.build().path, 2).getpixel((100, 100)) == (0, 0, 0)


def test_private_metadata_goes(site: SiteFolder) -> None:
    one(site, "a.jpg", photo(3))
    assert b"Jeanne Auteur" not in unpacked(site.build().path)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.jpg", photo()[:600], "it is damaged"),
        ("a.png", saved(picture(), "PNG")[:200], "it is damaged"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><rect', "it is damaged"),
        ("rires.svg", LAUGHS, "it is damaged"),
    ],
)
def test_a_damaged_image_is_embedded_and_said(site: SiteFolder, name: str, content: bytes, reason: str) -> None:
    one(site, name, content)
    built = site.build()
    assert reason in built.messages
    assert name in built.messages
    assert built.reader.attachments[name] == [without_private_metadata(content)]


def test_remarks_for_developers_are_not_shown(site: SiteFolder) -> None:
    import subprocess
    import sys

    content = photo()
    exif = content.index(b"Exif\0\0")
    damaged = content[: exif + 16] + b"\xff" * 20 + content[exif + 36 :]
    one(site, "a.jpg", damaged)
    site.communique("une-ou-diaporama: [{image: /uploads/a.jpg, alt: x}]\nfiles: [/uploads/a.jpg]\n")
    command = [sys.executable, "-m", "presskit", "build", "communique.md", "-o", "k.pdf"]
    done = subprocess.run(command, cwd=site.root, capture_output=True, text=True, check=True)
    assert "Warning:" not in done.stderr


def test_a_decompression_bomb_is_embedded_unopened(site: SiteFolder) -> None:
    bomb = saved(Image.new("1", (20_000, 20_000)), "PNG")
    assert len(bomb) < 200_000
    one(site, "bombe.png", bomb)
    built = site.build()
    assert "it has too many pixels" in built.messages
    assert set(built.reader.attachments) == {"bombe.png"}
