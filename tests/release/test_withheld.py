"""A communiqué that is not out goes out with no other, under no name; and no kit of it stays from before."""

import io
import shutil
import time
from datetime import UTC, datetime

import pytest
from PIL import Image

from presskit.base.errors import unsaid
from presskit.reading.settings import read_site
from presskit.release.withheld import Withheld
from tests.batch.test_build import all_of
from tests.conftest import SiteFolder, pdf_text, unpacked

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SECRET = "---\ntitle: Le plan zirconium\ndate: 2026-01-02\n{}\n---\nTexte du zirconium.\n"
HELD = [
    "embargo: 2999-01-01",
    "Sous_embargo: bientôt",
    "draft: true",
    "retiré: oui",
    "published: flase",
    "tags: 'l'eau'",
]


@pytest.mark.parametrize("held", HELD)
def test_under_no_name_it_is_attached_to_another(site: SiteFolder, held: str) -> None:
    site.write("_config.yml", "")
    secret = site.write("_communiques/secret.md", SECRET.format(held))
    folder = site.root / "dossier"
    folder.mkdir()
    (folder / "lien.md").symlink_to(secret)
    (folder / "dur.txt").hardlink_to(secret)
    shutil.copy(secret, folder / "copie.md")
    names = ["/_communiques/secret.md", "/dossier", "/dossier/lien.md", "dossier/dur.txt"]
    files = "".join(f"- {{file: {name}, nom: Pièce, as: {mode}}}\n" for name in names for mode in ("embed", "merge"))
    links = "".join(f"- {{file: {name}, nom: Lien, as: link}}\n" for name in names)
    site.write("presskit.toml", 'url = "https://example.org"\n')
    site.communique(f"files:\n{files}{links}une: [{{image: /_communiques/secret.md, alt: a}}]\n")
    built = site.build()
    assert "irconium" not in built.text
    assert b"irconium" not in unpacked(built.path)
    assert b"secret.md" not in unpacked(built.path)
    assert built.messages.count("is a communiqué that is not out") > 10


def test_a_text_that_holds_itself_back_is_withheld_wherever_it_is(site: SiteFolder) -> None:
    site.write("_config.yml", "")
    paths = [site.write(f"dossier/{n}.txt", SECRET.format(held)) for n, held in enumerate((*HELD[:4], "tags: [a]"))]
    assert list(map(Withheld(read_site(site.root, unsaid), NOW), paths)) == [True, True, True, True, False]


def test_what_is_out_and_what_is_no_communique_is_attached(site: SiteFolder) -> None:
    site.write("_config.yml", "")
    site.write("_communiques/autre.md", SECRET.format("embargo: 2020-01-01"))
    site.write("dossier/notes.md", "---\nauteur: moi\n---\nDes notes.")
    site.write("dossier/regles.md", "---\n\nUn filet, puis un texte.")
    names = ("_communiques/autre.md", "dossier/notes.md", "dossier/regles.md")
    site.communique("files:\n" + "".join(f"- {{file: /{name}, nom: Pièce}}\n" for name in names))
    text = site.build().text
    for words in ("Texte du zirconium", "Des notes", "Un filet"):
        assert words in text


def test_its_kit_its_zip_and_a_room_of_a_later_moment_are_withheld(site: SiteFolder) -> None:
    site.write("_config.yml", "")
    site.write("_communiques/secret.md", SECRET.format(""))
    all_of(site)
    shutil.copy(site.root / "kits/secret.pdf", site.root / "uploads/autre-nom.pdf")
    site.build("--zip", source="_communiques/secret.md", output="secret.pdf")
    site.write("preview/room.json", '{\n "presskit": "room",\n "at": "2999-01-01",\n "addresses": {}}')
    site.write("preview/2026/x.txt", "zirconium")
    site.write("uploads/plan.pdf", b"%PDF-1.7 Le plan zirconium")
    files = [
        site.root / name
        for name in ("uploads/autre-nom.pdf", "secret.pdf", "secret.zip", "preview/2026/x.txt", "uploads/plan.pdf")
    ]
    read = read_site(site.root, unsaid)
    assert [Withheld(read, NOW)(path) for path in files] == [False, False, False, True, False]
    site.write("_communiques/secret.md", SECRET.format("embargo: 2999-01-01"))
    assert [Withheld(read, NOW)(path) for path in files] == [True, True, True, True, False]


def test_a_kit_is_made_again_when_what_it_holds_comes_under_embargo(site: SiteFolder) -> None:
    site.write("_config.yml", "")
    site.write("_communiques/b.md", SECRET.format(""))
    site.communique("files: [{file: /_communiques/b.md, nom: B}]\n", name="_communiques/a.md")
    all_of(site)
    assert "zirconium" in pdf_text(site.root / "kits/a.pdf")
    assert all_of(site)[0].counts == {"unchanged": 2}
    # By what the site says: neither file is another than before.
    site.write("_config.yml", "defaults: [{scope: {path: _communiques/b.md}, values: {embargo: 2999-01-01}}]\n")
    all_of(site)
    assert "zirconium" not in pdf_text(site.root / "kits/a.pdf")
    assert not (site.root / "kits/b.pdf").exists()


def record(site: SiteFolder) -> bytes:
    return b"".join(path.read_bytes() for path in (site.root / "kits").glob(".presskit-record*"))


@pytest.mark.parametrize("held", HELD[:-1])
def test_a_kit_that_was_made_before_goes_and_so_does_its_name(site: SiteFolder, held: str) -> None:
    site.write("_config.yml", "")
    site.communique(name="_communiques/autre.md")
    site.write("_communiques/secret.md", SECRET.format(""))
    all_of(site)
    site.build("--zip", source="_communiques/secret.md", output="kits/secret.pdf")
    assert (site.root / "kits/secret.zip").exists()
    assert b"irconium" in record(site)
    site.write("_communiques/secret.md", SECRET.format(held))
    _summary, reports = all_of(site)
    assert [path.name for path in (site.root / "kits").glob("[!.]*")] == ["autre.pdf"]
    said = " ".join(str(problem) for problem in reports["secret"].warnings)
    assert "secret.pdf, from an earlier run," in said
    assert "secret.zip, from an earlier run," in said
    assert b"irconium" not in record(site)
    assert b"secret" not in record(site)
    assert all_of(site)[0].counts["unchanged"] == 1


def test_with_drafts_it_is_made_again_with_the_notice_and_loses_its_zip(site: SiteFolder) -> None:
    site.write("_config.yml", "")
    site.write("_communiques/secret.md", SECRET.format(""))
    all_of(site)
    site.build("--zip", source="_communiques/secret.md", output="kits/secret.pdf")
    site.write("_communiques/secret.md", SECRET.format("embargo: 2999-01-01"))
    _summary, reports = all_of(site, drafts=True)
    assert "Sous embargo" in pdf_text(site.root / "kits/secret.pdf")
    assert not (site.root / "kits/secret.zip").exists()
    assert "secret.zip, from an earlier run," in str(reports["secret"].warnings[0])
    # One that fails leaves the one with the notice; without it, none.
    site.write("_communiques/secret.md", SECRET.format("embargo: 2999-01-01\nfiles: [{file: /rien.pdf, nom: r}]"))
    all_of(site, drafts=True)
    assert "Sous embargo" in pdf_text(site.root / "kits/secret.pdf")
    all_of(site)
    assert not (site.root / "kits/secret.pdf").exists()


def test_one_that_is_moved_to_the_drafts_loses_its_kit(site: SiteFolder) -> None:
    site.write("presskit.toml", "")
    site.communique(name="_communiques/a.md", body="Un autre texte.")
    site.communique(name="_communiques/b.md")
    assert all_of(site)[0].failed == 0
    (site.root / "_drafts").mkdir()
    (site.root / "_communiques/b.md").rename(site.root / "_drafts/b.md")
    assert all_of(site)[0].failed == 0
    assert not (site.root / "kits/b.pdf").exists()


def test_one_that_is_renamed_and_comes_under_embargo_leaves_no_kit(site: SiteFolder) -> None:
    site.write("_config.yml", "")
    site.write("_communiques/a.md", SECRET.format(""))
    site.communique(name="_communiques/parti.md")
    all_of(site)
    for name in ("a", "parti"):
        (site.root / f"_communiques/{name}.md").unlink()
    site.write("_communiques/b.md", SECRET.format("embargo: 2999-01-01"))
    all_of(site)
    assert [path.name for path in (site.root / "kits").glob("[!.]*")] == ["parti.pdf"]
    assert b"irconium" not in record(site)


LONG = "".join(
    f"La mesure {number} concerne le secteur {number * 7} et commence au mois {number}. " for number in range(30)
)


def test_one_with_another_name_and_title_is_known_by_its_text(site: SiteFolder) -> None:
    site.write("_config.yml", "")
    site.write("_communiques/a.md", SECRET.format("") + LONG)
    site.communique(name="_communiques/parti.md", body="Un autre texte, qui parle de la mer et du vent.")
    all_of(site)
    for name in ("a", "parti"):
        (site.root / f"_communiques/{name}.md").unlink()
    revised = LONG.replace("secteur 7", "domaine 7") + "Un ajout à la fin du texte."
    site.write("_communiques/b.md", f"---\ntitle: Tout autre\ndate: 2026-02-02\nembargo: 2999-01-01\n---\n{revised}")
    _summary, reports = all_of(site)
    assert [path.name for path in (site.root / "kits").glob("[!.]*")] == ["parti.pdf"]
    assert b"irconium" not in record(site)
    removed, doubtful = reports["b"].warnings
    assert "a.pdf, from an earlier run," in removed.what
    # The other may be it too, if all of it is another: that can't be told, and is said, once.
    assert "communiqués of these kits are gone: parti.pdf" in doubtful.what
    assert all_of(site)[1]["b"].warnings == ()


def test_what_presskit_did_not_make_is_left_alone(site: SiteFolder) -> None:
    site.write("_config.yml", "")
    site.write("_communiques/secret.md", SECRET.format("embargo: 2999-01-01"))
    site.write("kits/secret.pdf", b"%PDF-1.7 mine")
    site.write("kits/secret.zip", b"mine")
    time.sleep(0.02)
    all_of(site)
    assert (site.root / "kits/secret.pdf").read_bytes() == b"%PDF-1.7 mine"
    assert (site.root / "kits/secret.zip").read_bytes() == b"mine"


def image(words: str) -> bytes:
    Image.new("RGB", (8, 8), words).save(octets := io.BytesIO(), "PNG")
    return octets.getvalue()


@pytest.mark.parametrize("held", HELD[:-1])
def test_a_folder_brings_no_file_of_one_that_is_not_out(site: SiteFolder, held: str) -> None:
    site.write("_config.yml", "")
    site.write("dossier/etude.txt", "zirconium en chiffres")
    site.write("dossier/copie.txt", "une annexe de zirconium")
    site.write("secret/annexe.txt", "une annexe de zirconium")
    site.write("dossier/photo é.png", image("navy"))
    site.write("dossier/ouvert.txt", "Tout le monde le lit.")
    site.write("dossier/connu.txt", "Un autre le montre.")
    site.communique("files: [{file: /dossier/connu.txt, nom: C}]\n", name="_communiques/autre.md")
    names = "files: [/dossier/etude.txt, /dossier/connu.txt, /secret]\n"
    site.write("_communiques/secret.md", SECRET.format(f"{names}{held}") + "\n![vue](</dossier/photo é.png>)\n")
    site.write("notes.html", "<p>Des notes</p><img src='dossier/photo%20%C3%A9.png' alt='vue'>")
    built = site.build(
        source=site.communique("files: [{file: /dossier, nom: D, as: embed}, {file: /notes.html, nom: N}]\n")
    )
    names_inside = " ".join(built.reader.attachments)
    assert "ouvert" in names_inside
    assert "connu" in names_inside
    for word in ("etude", "copie", "photo"):
        assert word not in names_inside
    assert b"irconium" not in unpacked(built.path)
    assert built.messages.count("or belongs to one: it is left out") == 4


@pytest.mark.parametrize("named", ["etude.txt", "/uploads"])
def test_what_its_author_names_himself_goes_out_and_that_is_said(site: SiteFolder, named: str) -> None:
    site.write("_config.yml", "")
    site.write("uploads/etude.txt", "zirconium en chiffres")
    shutil.copy(site.root / "uploads/etude.txt", site.root / "uploads/copie.txt")
    site.write("_communiques/secret.md", SECRET.format(f"files: [{named}]\nembargo: 2999-01-01"))
    built = site.build(source=site.communique("files: [{file: /uploads/etude.txt, nom: E}]\n"))
    assert "zirconium en chiffres" in built.text
    assert "is also a file of a communiqué that is under embargo" in built.messages
    # With a copy its author says that the file is meant.
    built = site.build(source=site.communique("files: [{file: /uploads/copie.txt, nom: E}]\n"))
    assert "zirconium en chiffres" in built.text
    assert ("under embargo" in built.messages) == (named == "/uploads")
    # In its own kit, a folder's files are its own.
    site.write("_communiques/secret.md", SECRET.format("files: [/uploads]\ndraft: true"))
    assert "zirconium en chiffres" in site.build(source="_communiques/secret.md").text


def test_a_kit_is_made_again_when_a_file_of_a_folder_becomes_one_of_an_embargo(site: SiteFolder) -> None:
    site.write("_config.yml", "")
    site.write("dossier/etude.txt", "zirconium en chiffres")
    site.write("_communiques/b.md", SECRET.format("files: [/dossier/etude.txt]"))
    site.communique("files: [{file: /dossier, nom: D}]\n", name="_communiques/a.md")
    all_of(site)
    assert "zirconium" in pdf_text(site.root / "kits/a.pdf")
    assert all_of(site)[0].counts == {"unchanged": 2}
    site.write("_communiques/b.md", SECRET.format("files: [/dossier/etude.txt]\nembargo: 2999-01-01"))
    _summary, reports = all_of(site)
    assert "zirconium" not in pdf_text(site.root / "kits/a.pdf")
    assert "is left out" in str(reports["a"].warnings[0])
    site.write("_communiques/b.md", SECRET.format("files: [/dossier/etude.txt]"))
    all_of(site)
    assert "zirconium" in pdf_text(site.root / "kits/a.pdf")
