"""Images as they are published: harmless, without private metadata, in sizes for pages."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from presskit.base.images import without_private_metadata
from presskit.publication.pictures import NotPublishedError, harmless_svg, publish_picture

TEXTS = ("alt", "caption", "credit")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 64 36">{}</svg>'


def opened(path: Path) -> Image.Image:
    return Image.open(io.BytesIO(path.read_bytes()))


@pytest.mark.parametrize(
    "bad",
    [
        "<script>alert(1)</script>",
        "<rect onload='alert(1)'/>",
        "<a href='javascript:alert(1)'><rect/></a>",
        "<a xlink:href='https://evil.example'><rect/></a>",
        "<image href='https://evil.example/x.png'/>",
        "<image href='data:image/svg+xml,evil'/>",
        "<use href='https://evil.example#x'/>",
        "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>evil</p></foreignObject>",
        "<style>@import 'https://evil.example';</style>",
        "<style>rect{fill:url(https://evil.example)}</style>",
        "<style>rect{fill:u\\72l(evil)}</style>",
        "<rect style='fill:url( \"//evil.example\")'/>",
        "<rect fill='url(https://evil.example)'/>",
        "<set attributeName='href' to='javascript:alert(1)'/>",
        "<animate attributeName='href' values='javascript:evil'/>",
        "<x:script xmlns:x='http://www.w3.org/2000/svg'>alert(1)</x:script>",
        "<h:iframe xmlns:h='http://www.w3.org/1999/xhtml' src='evil'/>",
    ],
)
def test_a_drawing_is_harmless(bad: str) -> None:
    made = harmless_svg(SVG.format(f"<circle r='5'/>{bad}").encode()).decode()
    assert "alert" not in made
    assert "evil" not in made
    assert "circle" in made


def test_what_draws_stays() -> None:
    inside = (
        "<defs><linearGradient id='g'><stop offset='1'/></linearGradient></defs><rect fill='url(#g)'/><use href='#g'/>"
    )
    made = harmless_svg(SVG.format(inside).encode()).decode()
    for kept in ("linearGradient", 'fill="url(#g)"', 'href="#g"', "viewBox"):
        assert kept in made
    data = SVG.format("<image href='data:image/png;base64,AAAA'/>")
    assert "base64,AAAA" in harmless_svg(data.encode()).decode()


@pytest.mark.parametrize("octets", [b"<svg", b"", b"<!DOCTYPE svg [<!ENTITY a 'x'>]><svg>&b;</svg>"])
def test_what_is_no_drawing_is_not_published(octets: bytes) -> None:
    with pytest.raises(NotPublishedError):
        harmless_svg(octets)


def test_entities_do_not_eat_the_memory() -> None:
    levels = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    bomb = f"<!DOCTYPE svg [<!ENTITY a0 'xxxxxxxxxx'>{levels}]><svg>&a11;</svg>"
    with pytest.raises(NotPublishedError):
        harmless_svg(bomb.encode())


def test_smaller_images_are_made_and_never_larger_ones(tmp_path: Path) -> None:
    Image.linear_gradient("L").resize((1200, 600)).convert("RGB").save(tmp_path / "x.png")
    picture = publish_picture(tmp_path / "x.png", tmp_path, "x.png", texts=TEXTS, pixels=150)
    assert (picture.width, picture.height) == (1200, 600)
    assert [width for _path, width in picture.smaller] == [480, 960, 1200]
    for path, width in picture.smaller:
        assert opened(tmp_path / path).width == width
    small = tmp_path / "s.png"
    Image.new("RGBA", (90, 60), (0, 0, 0, 0)).save(small)
    picture = publish_picture(small, tmp_path, "s.png", texts=TEXTS, pixels=150)
    ((path, _width),) = picture.smaller
    # Seen through it is white, not black.
    assert opened(tmp_path / path).getpixel((5, 5)) == (255, 255, 255)


def test_an_image_that_lies_is_published_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (600, 300)).save(tmp_path / "x.jpg", exif=exif)
    picture = publish_picture(tmp_path / "x.jpg", tmp_path, "x.jpg", texts=TEXTS, pixels=150)
    assert (picture.width, picture.height) == (300, 600)
    assert opened(tmp_path / picture.smaller[0][0]).size == (300, 600)


@pytest.mark.parametrize(("ending", "published"), [("tif", ".png"), ("bmp", ".png"), ("avif", ".jpg"), ("gif", ".gif")])
def test_other_kinds_become_ones_that_browsers_show(tmp_path: Path, ending: str, published: str) -> None:
    exif = Image.Exif()
    exif[0x013B] = "Prive"
    options: dict[str, Any] = {"exif": exif} if ending in ("tif", "avif") else {}
    Image.new("RGB", (60, 30), "navy").save(tmp_path / f"x.{ending}", **options)
    picture = publish_picture(tmp_path / f"x.{ending}", tmp_path, f"x.{ending}", texts=TEXTS, pixels=150)
    octets = (tmp_path / picture.full.path).read_bytes()
    assert picture.full.path.endswith(published)
    assert b"Prive" not in octets
    assert Image.open(io.BytesIO(octets)).size == (60, 30)


def test_one_with_too_many_pixels_is_not_opened(tmp_path: Path) -> None:
    Image.new("1", (2000, 1000)).save(tmp_path / "x.png")
    with pytest.raises(NotPublishedError):
        publish_picture(tmp_path / "x.png", tmp_path, "x.png", texts=TEXTS, pixels=1)


@pytest.mark.parametrize("octets", [b"\x89PNG\r\n\x1a\n broken", b"text", b"\xff\xd8\xff"])
def test_what_can_not_be_read_is_not_published(tmp_path: Path, octets: bytes) -> None:
    (tmp_path / "x.png").write_bytes(octets)
    with pytest.raises(NotPublishedError):
        publish_picture(tmp_path / "x.png", tmp_path, "x.png", texts=TEXTS, pixels=150)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_private_metadata_goes_and_the_picture_stays(kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x013B], exif[0x0112] = "Prive", orientation
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "Prive")
    texts.add_itxt("XML:com.adobe.xmp", "<x>Prive</x>")
    out = io.BytesIO()
    picture = Image.linear_gradient("L").convert("RGB")
    options = {"pnginfo": texts} if kind == "PNG" else {"xmp": b"<x>Prive</x>", "lossless": True}
    picture.save(out, kind, exif=exif, **options)
    assert b"Prive" in out.getvalue()
    cleaned = without_private_metadata(out.getvalue())
    assert b"Prive" not in cleaned
    read = Image.open(io.BytesIO(cleaned))
    assert read.tobytes() == Image.open(io.BytesIO(out.getvalue())).tobytes()
    assert read.getexif().get(0x0112, 1) == orientation
    assert without_private_metadata(cleaned) == cleaned
    if kind == "WEBP":
        # The first byte of flags says what is there (bit 2: XMP), which strict readers believe.
        assert cleaned[20] & 0x04 == 0
