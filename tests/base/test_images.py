"""Images: private metadata goes, the picture stays."""

import io

import pytest
from PIL import Image

from presskit.base.images import without_private_metadata


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
