"""What is less than right in the look of pages: pictures that are too small for their place."""

import re

import pytest
from PIL import Image

from tests.conftest import SiteFolder

UNE = "une-ou-diaporama:\n" + "- {{image: /uploads/{0}.jpg, alternative-textuelle: Une forêt}}\n"


def picture(site: SiteFolder, name: str, width: int, height: int) -> None:
    Image.new("RGB", (width, height), "teal").save(site.root / f"uploads/{name}.jpg")


def said(messages: str) -> dict[str, int]:
    """The pictures that are too small, with their dots per inch."""
    return {name: int(dpi) for name, dpi in re.findall(r"image “(.+?)” is too small.*?\((\d+) dpi\)", messages)}


@pytest.mark.parametrize(
    ("width", "height", "dpi"),
    [
        (40, 20, 6),
        (800, 400, 129),
        (920, 500, 148),
        (960, 600, None),
        # As high as its place, and so not as wide: 95 mm for 600 pixels.
        (300, 600, None),
        (150, 300, 80),
    ],
)
def test_a_lead_picture_that_is_too_small(site: SiteFolder, width: int, height: int, dpi: int | None) -> None:
    picture(site, "une", width, height)
    site.communique(UNE.format("une"))
    found = said(site.build().messages)
    assert found == ({} if dpi is None else {"une.jpg": pytest.approx(dpi, abs=1)})


def test_a_slide_show_stands_in_two_columns(site: SiteFolder) -> None:
    for name, width in (("petite", 300), ("grande", 500)):
        picture(site, name, width, width // 2)
    site.communique(
        "une-ou-diaporama:\n"
        + "".join(f"- {{image: /uploads/{name}.jpg, alt: Forêt {name}}}\n" for name in ("petite", "grande", "petite"))
    )
    built = site.build()
    assert list(said(built.messages)) == ["petite.jpg"]
    assert "communique.md:7, field “une-ou-diaporama[1].image”" in built.messages


def test_pictures_in_the_text_and_attached_ones(site: SiteFolder) -> None:
    """Icons and small pictures at their own size are as they should be; what fills a column or a sheet is seen."""
    sizes = {"icone": (32, 32), "logo": (300, 120), "photo": (560, 300), "nette": (1200, 800)}
    for name, size in (sizes | {"jointe": (500, 300), "vignette": (200, 100), "affiche": (1400, 900)}).items():
        picture(site, name, *size)
    Image.new("RGB", (90, 90), "red").save(site.root / "uploads/drapeau.png")
    site.write("presskit.toml", '[brand]\norganisation = "X"\nlogo = "uploads/drapeau.png"\n')
    body = "\n\n".join(f"![Une {name}](/uploads/{name}.jpg)" for name in sizes)
    attached = ", ".join(f"{{file: /uploads/{name}.jpg}}" for name in ("jointe", "vignette", "affiche"))
    # The same picture twice is told of once.
    site.communique(f"files: [{attached}]\n", f"{body}\n\n![Une photo](/uploads/photo.jpg)\n")
    messages = site.build().messages
    assert said(messages) == {"photo.jpg": 96, "jointe.jpg": 96}
    assert messages.count("is too small") == 2
    line = (site.root / "communique.md").read_text("utf-8").split("photo.jpg")[0].count("\n") + 1
    assert f"communique.md:{line}: the image “photo.jpg” is too small" in messages
    assert "jointe.jpg: the image “jointe.jpg” is too small" in messages
