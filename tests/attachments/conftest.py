"""One attachment of every kind, made for the tests."""

import io
import wave
import zipfile
from pathlib import Path
from typing import cast

import pytest
from PIL import Image, ImageCms, ImageDraw

from tests.conftest import SiteFolder, chapters

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

MAIL = (
    b"From: Jeanne <j@x.fr>\r\nTo: p@x.fr\r\nSubject: =?utf-8?q?R=C3=A9union?=\r\n"
    b"Date: Mon, 1 Dec 2025 10:00:00 +0100\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nLe texte du mail.\r\n--B\r\n"
    b"Content-Type: application/zip\r\nContent-Disposition: attachment; filename=joint.zip\r\n\r\nxx\r\n--B--\r\n"
)
SVG = (
    b'<?xml version="1.0"?>\n<!-- c -->\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
    b'<rect width="9" height="9"/></svg>'
)
RTF = rb"{\rtf1\ansi {\b Bonjour} le monde\par Deuxi\'e8me paragraphe}"


def picture(size: tuple[int, int] = (300, 200), colour: str = "#557799") -> Image.Image:
    """A picture whose top left corner tells it from its bottom right one."""
    image = Image.new("RGB", size, colour)
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 3, size[1] // 3), fill="#eeaa33")
    return image


def pixel(image: Image.Image, place: tuple[int, int]) -> tuple[int, ...]:
    """The colour of a point of a picture in colours."""
    return cast("tuple[int, ...]", image.getpixel(place))


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = "Jeanne Auteur"
    return saved(picture(), "JPEG", exif=exif, icc_profile=SRGB, quality=93)


def zipped(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(1000))
    return out.getvalue()


def every_kind() -> dict[str, bytes]:
    """File names and contents: one of each kind that presskit knows how to show, and some that it embeds."""
    frames = [picture((200, 300), colour) for colour in ("#779955", "#995577")]
    return {
        "document.pdf": chapters("Chapitre", 2),
        "photo.jpg": photo(6),
        "image.png": saved(picture(), "PNG"),
        "image.webp": saved(picture(), "WEBP"),
        "image.gif": saved(picture(), "GIF"),
        "image.bmp": saved(picture(), "BMP"),
        "image.avif": saved(picture(), "AVIF"),
        "scan.tiff": saved(picture((200, 300)), "TIFF", save_all=True, append_images=frames),
        "dessin.svg": SVG,
        "notes.txt": "Des notes : l'été à 12 %".encode("cp1252"),
        "tableau.csv": "Département;Agents\nAin;120\nAisne;85\n".encode(),
        "texte.md": b"---\ntitle: x\n---\n# Titre du texte\n\nUn **paragraphe**.\n",
        "page.html": b"<!doctype html><title>titre secret</title><script>alert(1)</script>"
        b"<h1>Titre de page</h1><p>Le corps.",
        "mail.eml": MAIL,
        "document.rtf": RTF,
        "archive.zip": zipped(a="x"),
        "son.wav": sound(),
        "film.mp4": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
        "donnees.json": b'{"a": 1}',
    }


@pytest.fixture
def everything(site: SiteFolder) -> SiteFolder:
    """A site whose communiqué attaches one file of every kind."""
    entries = []
    for name, content in every_kind().items():
        site.write(f"uploads/{name}", content)
        entries.append(f"{{file: /uploads/{name}, nom: 'Le fichier {name}', alt: 'Texte de {name}', legende: Légende}}")
    site.communique(f"files: [{', '.join(entries)}]\n")
    return site


def one(site: SiteFolder, name: str, content: bytes, options: str = "") -> Path:
    """A communiqué with one attachment."""
    site.write(f"uploads/{name}", content)
    return site.communique(f"files: [{{file: '/uploads/{name}', nom: La pièce{options}}}]\n")
