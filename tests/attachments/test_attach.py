"""One kit with one file of every kind: each is in it, as pages or as itself, and listed."""

import pytest

from presskit.attachments import office
from tests.attachments.conftest import every_kind, one
from tests.conftest import SiteFolder, link_targets, outline, unpacked

EMBEDDED = {"archive.zip", "son.wav", "film.mp4", "donnees.json", "mail.eml"}
PAGES = {"document.pdf": 2, "scan.tiff": 3, "archive.zip": 0, "son.wav": 0, "film.mp4": 0, "donnees.json": 0}


def test_one_of_every_kind(everything: SiteFolder) -> None:
    if office.find() is None:
        pytest.skip("NOT TESTED: LibreOffice is not installed")
    built = everything.build()
    reader = built.reader
    assert set(reader.attachments) == EMBEDDED
    pages = {name: PAGES.get(name, 1) for name in every_kind()}
    front = len(reader.pages) - sum(pages.values())
    start, starts = front + 1, {}
    for name, count in pages.items():
        if count:
            starts[f"Le fichier {name}"] = start
            start += count
    assert {title: page for depth, title, page in outline(reader) if depth == 0 and page > front} == starts
    listed = [target for page in range(1, front + 1) for target in link_targets(reader, page)]
    assert listed == list(starts.values())
    text = " ".join(built.text.split())
    for expected in (
        "Chapitre 1",
        "Des notes : l'été à 12 %",
        "Département Agents Ain 120",
        "Titre du texte",
        "Titre de page",
        "Le corps.",
        "Le texte du mail.",
        "Réunion",
        "Bonjour le monde",
        "Deuxième paragraphe",
        "archive.zip",
        "donnees.json",
    ):
        assert expected in text
    for unwanted in ("alert", "titre secret", "title: x"):
        assert unwanted not in text
    data = unpacked(built.path)
    assert b"Jeanne Auteur" not in data
    assert "joint.zip" in built.messages


@pytest.mark.parametrize("name", ["image.png", "notes.txt", "archive.zip"])
def test_the_communique_may_embed_anything(site: SiteFolder, name: str) -> None:
    content = every_kind()[name]
    one(site, name, content, ", as: embed")
    built = site.build()
    assert built.reader.attachments[name] == [content]
    assert len(built.reader.pages) == 1
    assert "warning" not in built.messages


def test_pages_asked_of_what_has_none_are_said(site: SiteFolder) -> None:
    one(site, "son.wav", every_kind()["son.wav"], ", as: merge")
    built = site.build()
    assert "it has no pages" in built.messages
    assert set(built.reader.attachments) == {"son.wav"}


def test_same_bytes_whatever_is_attached(everything: SiteFolder) -> None:
    (everything.root / "uploads/document.rtf").write_text("texte")
    assert everything.build(output="a.pdf").path.read_bytes() == everything.build(output="b.pdf").path.read_bytes()
