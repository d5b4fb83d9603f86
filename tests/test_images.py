"""Images: private metadata goes, the picture stays."""

import io
from xml.etree import ElementTree

import pytest
from PIL import Image

from presskit.images import with_right_view_box, without_private_metadata


def photo(orientation: int = 1) -> bytes:
    image = Image.new("RGB", (40, 20), "#88aacc")
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = "Jeanne Auteur"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 24.0)
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"C:\\Users\\jeanne", icc_profile=b"profile" * 20)
    return out.getvalue()


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_private_metadata_goes_and_the_picture_stays(orientation: int) -> None:
    before = photo(orientation)
    assert b"Jeanne" in before
    after = without_private_metadata(before)
    assert b"Jeanne" not in after
    assert b"jeanne" not in after
    image = Image.open(io.BytesIO(after))
    assert not image.getexif().get_ifd(0x8825)
    assert image.getexif().get(0x0112, 1) == orientation
    assert image.info["icc_profile"] == b"profile" * 20
    assert image.tobytes() == Image.open(io.BytesIO(before)).tobytes()


@pytest.mark.parametrize(
    "octets", [b"", b"\x89PNG...", b"\xff\xd8", b"\xff\xd8\xff", b"\xff\xd8\xff\xe1\xff\xffExif\0\0II"]
)
def test_what_is_no_whole_jpeg_passes(octets: bytes) -> None:
    assert isinstance(without_private_metadata(octets), bytes)


@pytest.mark.parametrize("value", ["0 0 9 9", " 0,0 , 9.5\n1e1 ", "-1 +2 .5 4."])
def test_a_right_view_box_stays_and_its_drawing_is_the_same(value: str) -> None:
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{value}"/>'.encode()
    assert with_right_view_box(drawing) is drawing


@pytest.mark.parametrize("value", ["", "0", "0 0 9", "0 0 9 9 9", "0 0 9 x", "0 0 nan 9"])
def test_a_view_box_that_is_none_goes(value: str) -> None:
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{value}"><rect viewBox="0"/></svg>'
    for encoding in ("utf-8", "utf-16"):
        after = ElementTree.fromstring(with_right_view_box(drawing.encode(encoding)))
        assert "viewBox" not in after.attrib
        assert after[0].get("viewBox") == "0"


@pytest.mark.parametrize(
    "octets", [b"", b"<svg", b"\xff<svg/>", b"<?xml version='1.0' encoding='x'?><svg/>", b"<svg/>"]
)
def test_what_is_no_drawing_passes(octets: bytes) -> None:
    assert with_right_view_box(octets) is octets
