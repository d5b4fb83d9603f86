"""Images: private metadata goes, the picture stays."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
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


@pytest.mark.parametrize("kind", ["TIFF", "TIFF of two", "GIF", "AVIF", "WEBP", "PNG"])
def test_every_kind_keeps_its_pictures_alone(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E], exif[0x013B], exif[0x0110] = "SECRET description", "SECRET artiste", "SECRET appareil"
    exif.get_ifd(0x8825)[29] = "SECRET 2026"
    first, second = (Image.new("RGB", (40, 20), colour) for colour in ("#88aacc", "#aa8855"))
    more = {"save_all": True, "append_images": [second]} if kind in ("TIFF of two", "GIF") else {}
    said = {"comment": b"SECRET"} if kind == "GIF" else {"exif": exif}
    packet = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>SECRET</x:xmpmeta>"
    xmp = {"xmp": packet} if kind in ("AVIF", "WEBP") else {}
    out = io.BytesIO()
    first.save(out, kind.partition(" ")[0], **more, **said, **xmp)
    before = out.getvalue()
    after = without_private_metadata(before)
    assert b"SECRET" in before and b"SECRET" not in after
    with Image.open(io.BytesIO(before)) as one, Image.open(io.BytesIO(after)) as other:
        count = getattr(one, "n_frames", 1)
        assert (getattr(other, "n_frames", 1), other.info.get("duration")) == (count, one.info.get("duration"))
        for number in range(count):
            one.seek(number)
            other.seek(number)
            assert one.tobytes() == other.tobytes()
    assert without_private_metadata(after) == after


@given(
    st.sampled_from([b"GIF89a", b"II*\0", b"MM\0*", b"\0\0\0 ftypavif\0\0\0\0MM\0*\0\0\0\x08"]), st.binary(max_size=200)
)
def test_what_is_cut_short_or_odd_passes(start: bytes, octets: bytes) -> None:
    assert isinstance(without_private_metadata(start + octets), bytes)
