"""The real communiqués, as messy as they came: kits with nothing lost and nothing of their markup left."""

import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import Built, SiteFolder, chapters, link_targets, outline

NAMES = [
    "seed/communique.md",
    "corpus/femmes-et-numerique.md",
    "corpus/journee-numerique-et-territoires.md",
    "corpus/tchap-note-aux-redactions.md",
]


def build(site: SiteFolder, shared: Path, name: str) -> Built:
    """Build one, with stand-ins for the files that it names, in a small site."""
    from presskit.reading.communique import read_communique

    site.write("presskit.toml", 'url = "https://www.numerique.gouv.fr"\n[brand]\ncity = "Paris"\n')
    source = shared / name
    communique = read_communique(source.read_bytes(), source.name, source.parent, warn=lambda _w: None)
    shutil.copy(source, site.root / "communique.md")
    from urllib.parse import unquote

    for attachment in communique.attachments:
        site.write(unquote(attachment.file).lstrip("/"), chapters("Annexe", 2))
    for image in communique.images:
        path = site.root / unquote(image.file).lstrip("/")
        from PIL import Image

        Image.new("RGB", (600, 300), "#88aacc").save(path)
    return site.build()


@pytest.mark.parametrize("name", NAMES)
def test_no_markup_is_left_and_no_word_lost(site: SiteFolder, shared: Path, name: str) -> None:
    built = build(site, shared, name)
    text = built.text
    for markup in ("{:", "**", "<br", "](", "###", "<div", "&nbsp;"):
        assert markup not in text
    body = (shared / name).read_text("utf-8").split("\n---\n", 1)[1]
    body = re.sub(r"<[^>]*>|\]\([^)]*\)|\{:[^}]*\}|https?://\S+", " ", body)
    words = re.findall(r"[^\W\d_]{4,}", body)
    kept = set(re.findall(r"[^\W\d_]+", text))
    hyphened = set(re.findall(r"([^\W\d_]+)[-‐]\n", text))
    lost = [
        word
        for word in words
        if word not in kept and not any(word.startswith(start) and word[len(start) :] in kept for start in hyphened)
    ]
    assert lost == []
    assert len(words) > 150


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(site: SiteFolder, shared: Path, name: str) -> None:
    reader = build(site, shared, name).reader
    for page in range(1, len(reader.pages) + 1):
        for target in link_targets(reader, page):
            assert isinstance(target, int) or re.match(r"(https?://|mailto:|tel:)", target)


def test_the_seed(site: SiteFolder, shared: Path) -> None:
    built = build(site, shared, "seed/communique.md")
    reader = built.reader
    text = " ".join(built.text.replace("\u202f", " ").split())
    assert "Paris, le 29 novembre 2022" in text
    assert "800 K€ de fonds publics" in text
    assert "06 10 60 41 19" in text
    targets = [target for page in range(1, len(reader.pages) + 1) for target in link_targets(reader, page)]
    assert {"tel:+33610604119", "mailto:floriane.beaudron@modernisation.gouv.fr"} <= set(targets)
    front = len(reader.pages) - 2
    contents = " ".join(reader.pages[front - 1].extract_text().split())
    assert f"Télécharger le communiqué de presse page {front + 1}" in contents
    assert (0, "Télécharger le communiqué de presse", front + 1) in outline(reader)
    assert "names no image" in built.messages
    # The author signs the quote, on a line of his own, outside of it.
    assert re.search(r"Françaises\. ?»\s*Stanislas Guerini, ministre", built.text)


def test_a_list_a_heading_and_what_follows_them(site: SiteFolder, shared: Path) -> None:
    built = build(site, shared, "corpus/tchap-note-aux-redactions.md")
    titles = [title for _depth, title, _page in outline(built.reader)]
    assert "Note technique d’incident" in titles
    lines = [line.strip() for line in built.text.splitlines()]
    assert sum(line.startswith("– ") for line in lines) == 11
    assert "Origine :" in [line.replace("\u202f", " ").replace("\xa0", " ") for line in lines]
    assert "NOTE AUX RÉDACTIONS" in built.text
    targets = [t for page in (1, 2) for t in link_targets(built.reader, page)]
    assert (
        "https://www.numerique.gouv.fr/espace-presse/lancement-de-tchap-la-messagerie-instantanee-des-agents-de-letat/"
        in targets
    )


def test_an_address_without_scheme_is_an_email(site: SiteFolder, shared: Path) -> None:
    reader = build(site, shared, "corpus/journee-numerique-et-territoires.md").reader
    targets = [t for page in range(1, len(reader.pages) + 1) for t in link_targets(reader, page)]
    assert "mailto:floriane.beaudron@modernisation.gouv.fr" in targets


def test_the_image_with_an_encoded_name_is_there(site: SiteFolder, shared: Path) -> None:
    reader = build(site, shared, "corpus/femmes-et-numerique.md").reader
    assert len(reader.pages[0].images) == 1


def test_without_its_attachment_the_kit_is_refused_then_allowed(site: SiteFolder, shared: Path) -> None:
    shutil.copy(shared / "seed/communique.md", site.root / "communique.md")
    built = site.build()
    assert built.result.exit_code == 1
    assert "CP_AIC_L_ETAT_DEVOILE_LE_BILAN_1ERE_PROMOTION.pdf" in built.messages
    assert "CP_AIC_L_ETAT_DEVOILE" in site.build("--allow-missing").text.replace("\n", "")
