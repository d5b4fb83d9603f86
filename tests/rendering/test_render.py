"""Rendering: only our fonts, only the files named, the same bytes each time."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from presskit.base.errors import PresskitError, Problem
from presskit.rendering.render import render
from tests.conftest import ROOT, SiteFolder, unpacked


def rendered(html: str, *files: Path, warnings: list[Problem] | None = None) -> bytes:
    kept: list[Problem] = []
    return render(
        f"<html lang=fr><title>t</title><body>{html}",
        files,
        [],
        font_folder=None,
        epoch=0,
        warn=(warnings if warnings is not None else kept).append,
    )


def test_fonts_are_ours_whatever_the_machine_has(site: SiteFolder) -> None:
    site.communique("", "Texte *italique* **gras** `code` « ‑ »")
    fonts = subprocess.run(["pdffonts", str(site.build().path)], check=True, capture_output=True, text=True).stdout
    lines = fonts.splitlines()[2:]
    assert lines
    for line in lines:
        assert any(family in line for family in ("Spectral", "Source-Sans-3", "Source-Code-Pro"))
        assert line.split()[-5] == "yes", "every font is embedded"


def test_fonts_cut_by_fonttools_carry_no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without HarfBuzz's subsetter WeasyPrint uses fontTools, which stamps fonts with the time."""
    import time

    rendered("")
    import weasyprint.pdf.fonts

    monkeypatch.setattr(weasyprint.pdf.fonts, "harfbuzz_subset", None)
    first = rendered("<p>Texte")
    time.sleep(1.1)
    assert rendered("<p>Texte") == first


def test_signs_that_no_font_has_are_one_warning_with_their_line(site: SiteFolder) -> None:
    site.write("uploads/a.txt", "贪 婪 ☎")
    body = "\n\nUn texte 漢, et 漢 encore.\n\n" + "".join(chr(0x4E00 + number) for number in range(40))
    site.communique("files: [{file: /uploads/a.txt, nom: Un}, {file: /uploads/a.txt, nom: Deux}]\n", body)
    messages = site.build().messages
    assert messages.count("no font has these") == 1
    text = (site.root / "communique.md").read_text("utf-8")
    line = text[: text.index("漢")].count("\n") + 1
    assert f"communique.md:{line}: no font has these characters, which are printed as boxes: 漢 (U+6F22)" in messages
    assert "and 31 more" in messages
    # What is lost by it is said once for all standards.
    assert messages.count("a font lacks characters") == messages.count("can't claim PDF/UA-1 and PDF/A-3a") == 1


COMMON = (
    "← ↑ → ↓ ↔ ⇐ ⇒ ⇔ ➔ ➜ ➡ ⮕ ➤ ➢ ★ ☆ ► ▶ ◄ ▲ ▼ ● ○ ■ □ ◆ ▪ ✓ ✔ ✗ ✘ ☐ ☑ ☒ ☎ ☏ ✆ ✉ ✂ ✏ ☞ ☛ ⚠ ℹ ♿ ⚖ ☺ ☹ ❤ ♥ ✦ ❖ ‣ ⁃ "
    "① ⑩ ⓘ Ⓐ ⅓ № ™ ∀ ∃ ∈ ∅ ∞ ∑ √ ∫ ≈ ≠ ≤ ≥ ⊂ ∪ ✅ ❌ ❗ ❓ 🔴 🟢 🎉 📢 📅 📍 📞 📧 👉 🚀 💡 🏆 🌍 😀 "
    "👍🏽 👨‍👩‍👧 🇫🇷 🇪🇺 1️⃣"
)


def test_common_symbols_and_emoji_cost_no_claim_and_are_copied_as_written(site: SiteFolder) -> None:
    """In all the weights and slants of a page; alone and side by side, with the spaces between them."""
    body = f"{COMMON}\n\n**{COMMON}**\n\n*{COMMON}*\n\n`{COMMON}`\n\n## {COMMON}\n\n{''.join(COMMON.split())}\n"
    site.communique("", body)
    built = site.build("--require", "pdf/ua-1,pdf/a-3a", "--strict")
    assert built.result.exit_code == 0, built.messages
    # Variation selectors choose between two looks of one sign.
    wanted = COMMON.replace("\ufe0f", "").split()
    copied = built.text.replace("\ufe0f", "")
    for sign in wanted:
        assert copied.count(sign) >= 6, sign


def test_french_spaces_are_no_missing_glyphs(site: SiteFolder) -> None:
    site.communique(
        "", "« Oui » : 46,8 % ; 2 000 € ! un 06 10 60 41 19 – — … ’ “ ” ‘ · • œ Œ æ É À ç ñ ß ² ³ ° n° № † ‰ × ÷ ½ → €"
    )
    assert "no font has these" not in site.build().messages


def test_the_brands_fonts_are_found(site: SiteFolder) -> None:
    from fontTools.ttLib import TTFont

    font = TTFont(ROOT / "fonts" / "spectral" / "Spectral_400Regular.ttf")
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16):
            record.string = "MaPolice"
    (site.root / "polices").mkdir()
    font.save(site.root / "polices" / "ma.ttf")
    site.write("presskit.toml", '[brand.fonts]\ntext = "MaPolice"\nfolder = "polices"\n')
    site.communique()
    fonts = subprocess.run(["pdffonts", str(site.build().path)], check=True, capture_output=True, text=True).stdout
    assert "MaPolice" in fonts
    assert site.build().messages.count("warning") == 0


def test_a_font_that_is_nowhere_is_said(site: SiteFolder) -> None:
    site.write("presskit.toml", '[brand.fonts]\ntext = "Marianne"\n')
    site.communique()
    built = site.build()
    assert "brand.fonts.text" in built.messages
    assert "no font named “Marianne”: “Spectral” is used instead" in built.messages
    fonts = subprocess.run(["pdffonts", str(built.path)], check=True, capture_output=True, text=True).stdout
    assert "Spectral" in fonts


@pytest.mark.parametrize(
    "html",
    [
        '<img src="{secret}">',
        '<link rel=stylesheet href="{secret}">',
        '<link rel=attachment href="{secret}">',
        "<style>@import '{secret}';</style>",
        "<style>body {{ background: url({secret}) }}</style>",
        "<style>@font-face {{ font-family: x; src: url({secret}) }} body {{ font-family: x }}</style>",
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{secret}"/></svg>',
        '<object data="{secret}"></object>',
        '<img src="http://127.0.0.1:9/x.png">',
        '<img src="ftp://127.0.0.1/x.png">',
    ],
)
def test_no_other_file_is_read_and_no_network(tmp_path: Path, html: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>SECRET</text></svg>')

    def refuse(*_arguments: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    opened: list[str] = []
    sys.addaudithook(lambda event, arguments: opened.append(str(arguments[0])) if event == "open" else None)
    try:
        pdf = rendered(html.format(secret=secret.as_uri()))
    except PresskitError as error:
        assert "can't be read" in str(error)
        pdf = b""
    assert b"SECRET" not in pdf
    assert str(secret) not in opened


def test_an_svg_can_not_read_beyond_itself(site: SiteFolder) -> None:
    site.write("secret.png", b"")
    site.write(
        "uploads/a.svg",
        '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><text y="20">&x;</text></svg>',
    )
    site.communique("une-ou-diaporama: [{image: /uploads/a.svg, alt: x}]\n")
    built = site.build()
    assert "root:" not in (built.text if built.result.exit_code == 0 else built.messages)


def test_a_drawing_whose_view_box_is_none_breaks_no_kit(site: SiteFolder) -> None:
    site.write("uploads/a.svg", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 "><text y="20">Dessin</text></svg>')
    site.communique("une-ou-diaporama: [{image: /uploads/a.svg, alt: x}]\n")
    assert "Dessin" in site.build().text


def test_a_photo_inside_of_an_svg_is_shown_without_its_private_metadata(site: SiteFolder) -> None:
    import base64

    from tests.base.test_images import photo

    data = base64.b64encode(photo()).decode()
    site.write(
        "uploads/a.svg",
        '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99">'
        f'<image width="99" height="99" href="data:image/jpeg;base64,{data}"/></svg>',
    )
    site.communique("une-ou-diaporama: [{image: /uploads/a.svg, alt: x}]\n")
    built = site.build()
    assert len(built.reader.pages[0].images) == 1
    assert b"Jeanne" not in unpacked(built.path)


def test_a_layouts_css_finds_what_stands_beside_it(site: SiteFolder) -> None:
    from PIL import Image

    site.communique()
    site.write(
        "layouts/maison/layout.html",
        '{% extends "communique/layout.html" %}{% block styles %}{{ super() }}'
        "<link rel=stylesheet href=\"{{ file_url('maison/layout.css') }}\">{% endblock %}",
    )
    site.write("layouts/maison/layout.css", "@import 'autre.css'; h1 { background: url(fond.png) }")
    site.write("layouts/maison/autre.css", "h1::before { content: 'IMPORTÉ ' }")
    Image.new("RGB", (9, 9), "#ff0000").save(site.root / "layouts/maison/fond.png")
    built = site.build("--layout", "maison")
    assert "IMPORTÉ" in built.text
    assert built.messages.count("warning") == 0
    assert b"/Pattern" in unpacked(built.path)


def test_an_image_that_is_none_is_an_error(site: SiteFolder) -> None:
    site.write("uploads/a.jpg", b"not an image")
    site.communique("une-ou-diaporama: [{image: /uploads/a.jpg, alt: x}]\n")
    built = site.build()
    assert built.result.exit_code == 1
    assert "a.jpg: the image can't be read" in built.messages


def test_private_metadata_of_photos_stays_out(site: SiteFolder) -> None:
    from tests.base.test_images import photo

    site.write("uploads/a.jpg", photo(6))
    site.communique("une-ou-diaporama: [{image: /uploads/a.jpg, alt: x}]\n")
    kit = unpacked(site.build().path)
    assert b"Jeanne" not in kit
    assert b"jeanne" not in kit


def test_weasyprint_says_nothing_by_itself(capfd: pytest.CaptureFixture[str]) -> None:
    rendered("<p style='nothing: here'>x")
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("weasyprint").propagate is False


def test_without_pango_the_message_says_what_to_install(site: SiteFolder) -> None:
    site.communique()
    program = (
        "import cffi, sys\n"
        "real = cffi.FFI.dlopen\n"
        "def dlopen(self, name, flags=0):\n"
        "    if name and 'pango' in str(name).lower(): raise OSError('cannot load library')\n"
        "    return real(self, name, flags)\n"
        "cffi.FFI.dlopen = dlopen\n"
        # What is kept of WeasyPrint's declarations opens libraries in C.
        "sys.modules['presskit.declared'] = None\n"
    )
    # Python imports it as it starts: so do the processes that it starts.
    site.write("start/sitecustomize.py", program)
    command = [sys.executable, "-m", "presskit", "build", str(site.root / "communique.md"), "-o", str(site.root / "k")]
    environment = {**os.environ, "LANG": "C.UTF-8", "PYTHONPATH": str(site.root / "start")}
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert run.returncode == 1
    for expected in ("Pango", "sudo apt install", "dnf install pango", "brew install pango", "pacman -S"):
        assert expected in run.stderr
    assert "Traceback" not in run.stderr


def test_a_layouts_own_fonts_are_for_its_pages_alone(tmp_path: Path) -> None:
    """Kits of several layouts are made one after another in one process."""
    font = next((ROOT / "fonts").rglob("*Source*Code*.ttf"))
    css = f"@font-face {{ font-family: Maison; src: url({font.as_uri()}) }}"

    def page(style: str) -> bytes:
        html = f"<html lang=fr><title>t</title><style>{style} p {{ font-family: Maison, Spectral }}</style><p>Texte"
        return render(html, [font], [], font_folder=None, epoch=0, warn=lambda _problem: None)

    before = page("")
    with_font = page(css)
    assert page("") == before
    assert page(css) == with_font
    assert with_font != before


def test_a_style_sheet_is_read_again_when_it_changes(tmp_path: Path) -> None:
    sheet = tmp_path / "a.css"

    def page(css: str, warnings: list[Problem]) -> bytes:
        sheet.write_text(css, "utf-8")
        html = f'<html lang=fr><title>t</title><link rel=stylesheet href="{sheet.as_uri()}"><p>Texte'
        return render(html, [], [tmp_path], font_folder=None, epoch=0, warn=warnings.append)

    remarks: list[Problem] = []
    narrow = page("@page { size: A6 } p { color: red }", remarks)
    assert page("@page { size: A6 } p { color: red }", remarks) == narrow
    assert page("@page { size: A5 landscape } p { color: red }", remarks) != narrow
    assert remarks == []
    for count in (1, 2):
        # What is wrong in it is said of each kit, not of the first alone.
        page("p { couleur: rouge }", remarks)
        assert len(remarks) == count


def test_a_style_sheet_of_another_page_stays_out_of_reach(tmp_path: Path) -> None:
    sheet = tmp_path / "a.css"
    sheet.write_text("p { color: red }", "utf-8")
    html = f'<html lang=fr><title>t</title><link rel=stylesheet href="{sheet.as_uri()}"><p>Texte'
    seen = render(html, [], [tmp_path], font_folder=None, epoch=0, warn=lambda _problem: None)
    assert render(html, [], [], font_folder=None, epoch=0, warn=lambda _problem: None) != seen
