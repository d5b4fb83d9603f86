"""`presskit check`: what it finds in kits and in communiqués, and what it says of them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from presskit.colours import contrast
from presskit.prose import says_nothing
from tests import producers
from tests.conftest import SiteFolder, html_pdf


def check(*arguments: str | Path) -> Result:
    from presskit.cli import main

    return CliRunner().invoke(main, ["check", *map(str, arguments)], catch_exceptions=False)


def test_a_kit_that_is_right(site: SiteFolder) -> None:
    site.communique("", "## Une partie\n\nTexte.")
    result = check(site.build().path)
    assert result.exit_code == 0
    assert "PDF/UA-1, conforms (page-validation)" in result.output
    assert "PDF/A-3a, conforms (page-validation)" in result.output


def test_a_pdf_without_anything(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(producers.scan())
    result = check(path)
    assert result.exit_code == 1
    assert "✗" in result.output
    assert "the document is not tagged: a screen reader finds no order in it." in result.output
    assert "does not tell its language" in result.output


def test_images_headings_and_pale_text_are_found(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(
        html_pdf(
            "<title>T</title><body><h1>A</h1><h3>B</h3><p style='color: #e0c060'>Pâle</p>"
            "<p style='color: #fff; background: #123'>Sur fond</p><p style='color: #e0c060; font-size: 30pt'>Grand</p>"
            "<svg width=10 height=10></svg>"
        )
    )
    output = check(path).output
    assert "a.pdf, page 1: an image has no alternative text." in output
    assert "a.pdf, page 1: a heading skips a level: from 1 to 3." in output
    assert output.count("too pale on white: 1.8:1, where 4.5:1 is needed") == 1


def test_a_report_for_programs(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(html_pdf("<body><p>Texte."))
    report = json.loads(check(path, "--json").output)["files"][0]
    assert report["status"] == "wrong" and report["validator"] == "page-validation"
    faults = report["standards"]["pdf/ua-1"]
    assert {"ISO 14289-1, 7.1"} & {fault["clause"] for fault in faults}


def test_a_damaged_or_absent_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7 and no more")
    result = check(path)
    assert result.exit_code == 1 and "the PDF can't be read: it is damaged." in result.stderr
    assert check(tmp_path / "none.pdf").exit_code == 1


def test_what_a_communiques_kit_will_lack(site: SiteFolder) -> None:
    from PIL import Image

    for name in ("une", "IMG_2041"):
        Image.new("RGB", (30, 20), "teal").save(site.root / f"uploads/{name}.png")
    site.communique(
        "une-ou-diaporama:\n- image: /uploads/une.png\n- image: /uploads/une.png\n  alternative-textuelle: Photo\n"
        "- image: /uploads/une.png\n  alternative-textuelle: Image décorative\n  legende: Le ministre\n"
        "files:\n- file: /uploads/absent.pdf\n",
        "#### Trop profond\n\n![](/uploads/une.png)\n\n![IMG_2041.png](/uploads/IMG_2041.png)\n\n"
        "[Cliquez ici](https://example.org) [](https://example.org) [le site](https://preprod.example.org)\n",
    )
    result = check(site.root / "communique.md")
    assert result.exit_code == 1
    for expected in (
        "the image “une.png” has no alternative text.",
        "the alternative text “Photo” says nothing of the image “une.png”.",
        "the image “une.png” has a caption, and yet its alternative text calls it decoration.",
        "“/uploads/absent.pdf” can't be used: it is not in the site.",
        "the heading “Trop profond” skips a level: from 1 to 4.",
        "the alternative text “IMG_2041.png” says nothing of the image “IMG_2041.png”.",
        "the link “Cliquez ici” does not say where it leads.",
        "a link has no text: it is left out.",
        "the link “le site” leads to a pre-production site: preprod.example.org.",
    ):
        assert expected in result.output


def test_pale_colours_of_the_brand(site: SiteFolder) -> None:
    site.write("presskit.toml", '[brand.colours]\naccent = "#e0c060"\n')
    site.communique()
    output = check(site.root / "communique.md").output
    assert "brand.colours.accent" in output and "too pale on white: 1.8:1" in output
    assert "brand.colours.primary" not in output


def test_the_default_brand_and_the_example_are_right(site: SiteFolder) -> None:
    site.communique()
    assert check(site.root / "communique.md").exit_code == 0
    assert check(Path(__file__).parent.parent / "examples" / "communique.md").exit_code == 0


@pytest.mark.parametrize(
    ("alt", "nothing"),
    [("IMG_2041", True), ("une.jpg", True), ("une", True), ("Image", True), ("Le ministre à Paris", False)],
)
def test_texts_that_say_nothing(alt: str, nothing: bool) -> None:
    assert says_nothing(alt, "une.jpg") is nothing


def test_contrast_is_that_of_wcag() -> None:
    white, black = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
    assert round(contrast(white, black), 2) == 21.0
    assert contrast(white, white) == 1.0
    # #767676 on white is the palest grey that passes.
    assert contrast((0x76 / 255,) * 3, white) >= 4.5 > contrast((0x78 / 255,) * 3, white)
