"""Light copies: what is judged of a kit without its pictures is what is judged of the whole."""

import os
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Dictionary, Name, Page

from presskit.conformance.claims import quick_failures
from presskit.conformance.light import light_copy
from presskit.conformance.rules import STANDARDS

GRAY, RGB = Name.DeviceGray, Name.DeviceRGB
# Each is a picture that standards allow or refuse, by what it says of itself.
PICTURES: list[dict[str, Any]] = [
    {"ColorSpace": GRAY},
    {"ColorSpace": RGB, "Filter": Name.DCTDecode},
    {"ColorSpace": Name.DeviceCMYK, "Filter": Name.DCTDecode},
    {"ColorSpace": GRAY, "Filter": Name.FlateDecode, "DecodeParms": Dictionary(Predictor=15, Columns=100)},
    {"ColorSpace": GRAY, "Interpolate": True},
    {"ColorSpace": GRAY, "Filter": Name.CCITTFaxDecode, "DecodeParms": Dictionary(K=-1, Columns=100)},
    {"ImageMask": True, "BitsPerComponent": 1, "Alternates": pikepdf.Array([])},
]


def pdf_of(path: Path, pictures: list[dict[str, Any]], size: int) -> Path:
    with pikepdf.new() as pdf:
        for about in pictures:
            said = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 100, "Height": 100, "BitsPerComponent": 8}
            picture = pdf.make_stream(os.urandom(size), **(said | about))
            content = pdf.make_stream(b"q 9 0 0 9 0 0 cm /I Do Q")
            pages = Dictionary(
                Type=Name.Page,
                MediaBox=[0, 0, 9, 9],
                Contents=content,
                Resources=Dictionary(XObject=Dictionary(I=picture)),
            )
            pdf.pages.append(Page(pdf.make_indirect(pages)))
        pdf.save(path)
    return path


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("pictures", [[one] for one in PICTURES] + [PICTURES])
def test_the_same_rules_are_broken(tmp_path: Path, pictures: list[dict[str, Any]], standard: str) -> None:
    whole = pdf_of(tmp_path / "whole.pdf", pictures, 2_100_000 // len(pictures))
    light = light_copy(whole, tmp_path / "light.pdf")
    assert light.stat().st_size < 20_000

    def rules(path: Path) -> list[tuple[str, int | None]]:
        return sorted((failure.rule, failure.page or 0) for failure in quick_failures(path, standard))

    assert rules(light) == rules(whole) != []


def test_a_small_file_is_its_own_light_copy(tmp_path: Path) -> None:
    small = pdf_of(tmp_path / "small.pdf", PICTURES[:1], 1000)
    assert light_copy(small, tmp_path / "light.pdf") == small


def test_what_is_judged_by_its_data_stays(tmp_path: Path) -> None:
    jpx = {"ColorSpace": GRAY, "Filter": Name.JPXDecode}
    whole = pdf_of(tmp_path / "whole.pdf", [jpx, PICTURES[0]], 1_100_000)
    assert 1_100_000 < light_copy(whole, tmp_path / "light.pdf").stat().st_size < 1_200_000
