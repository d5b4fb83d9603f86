"""The brand in a room: whatever its colours, text can be read; fonts are small, renamed, and licensed."""

import io
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from presskit.base.resources import resource_folder
from presskit.layout.colours import colour_of, contrast
from presskit.reading.site import Brand
from presskit.room.look import brand_sheet, licences, tokens, web_fonts

COLOUR = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


@given(COLOUR, COLOUR, COLOUR, st.booleans())
def test_any_brand_can_be_read_in_light_and_dark(primary: str, accent: str, tint: str, dark: bool) -> None:
    found = tokens(Brand(colours={"primary": primary, "accent": accent, "tint": tint}), dark=dark)
    colours = {name: colour_of(value) for name, value in found.items()}
    for ground in ("ground", "tint"):
        for text in ("text", "muted", "primary", "accent"):
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground, found)
        assert contrast(colours["edge"], colours[ground]) >= 3, (ground, found)
    assert contrast(colours["on-primary"], colours["primary"]) >= 4.5


def test_a_readable_colour_is_left_as_it_is() -> None:
    brand = Brand(colours={"primary": "#123c5a", "accent": "#b3412b", "tint": "#f1f5f8"})
    light = tokens(brand, dark=False)
    assert (light["primary"], light["accent"], light["tint"]) == ("#123c5a", "#b3412b", "#f1f5f8")


def test_fonts_are_small_and_renamed_and_keep_what_french_needs(tmp_path: Path) -> None:
    fonts = list(web_fonts(Brand(), tmp_path))
    assert len(fonts) == 5
    for use, weight, italic, name, octets in fonts:
        assert octets[:4] == b"wOF2"
        assert len(octets) < 25_000, name
        font = TTFont(io.BytesIO(octets))
        # The licence reserves the name of the original for the original.
        assert font["name"].getDebugName(1) == f"Presskit {use}"
        assert font["OS/2"].usWeightClass == weight
        assert bool(font["OS/2"].fsSelection & 1) == italic
        assert {ord(sign) for sign in "éœŒÇ«»’…–€°²"} <= set(font.getBestCmap()), name
    assert [name for name, _octets in licences(Brand())] == ["OFL-source-sans-3.txt", "OFL-spectral.txt"]


def test_a_brands_own_font_is_served_whole(tmp_path: Path) -> None:
    own = tmp_path / "fonts"
    own.mkdir()
    font = TTFont(resource_folder("fonts") / "source-code-pro/SourceCodePro_400Regular.ttf")
    for record in font["name"].names:
        if record.nameID in (1, 16):
            record.string = "Maison"
    font.save(own / "maison.ttf")
    brand = Brand(fonts={"text": "Maison", "headings": "Source Sans 3"}, font_folder=own)
    use, _weight, _italic, _name, octets = next(iter(web_fonts(brand, tmp_path / "kept")))
    served = TTFont(io.BytesIO(octets))
    assert use == "text"
    assert served["name"].getDebugName(1) == "Maison"
    assert len(served.getBestCmap()) == len(font.getBestCmap())


def test_print_is_light() -> None:
    sheet = brand_sheet(Brand(), [])
    assert sheet.index("prefers-color-scheme: dark") < sheet.index("@media print")
    assert "--ground: #ffffff" in sheet.partition("@media print")[2]


@pytest.mark.parametrize("dark", [False, True])
def test_tokens_are_all_colours(dark: bool) -> None:
    assert all(len(value) == 7 for value in tokens(Brand(), dark=dark).values())
