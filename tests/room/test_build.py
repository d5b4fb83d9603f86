"""The press room as it is published: what is in it, what is not, and what of it changes."""

import hashlib
import io
import json
import re
import subprocess
import threading
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.conftest import pdf_text, unpacked
from tests.room.conftest import EMBARGOED, SECRET_WORDS, RoomFolder

MAREES, TIDES, EVIL = "2026-03-05-marees", "2026-03-05-tide-data-en", "2026-02-01-mauvais"


def inner(name: str, octets: bytes) -> list[tuple[str, bytes]]:
    """A file and all that is packed in it, if it is a ZIP (DOCX are)."""
    found = [(name, octets)]
    if octets.startswith(b"PK\3\4"):
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            for member in archive.namelist():
                found += inner(f"{name}!{member}", member.encode() + b"\n" + archive.read(member))
    return found


def everything(room: RoomFolder, tmp_path: Path) -> list[tuple[str, bytes]]:
    """Each name and each octet that is published, with what is packed in ZIPs and PDFs."""
    found = [(name, name.encode()) for name in room.files()]
    for name, octets in room.files().items():
        for inside, content in inner(name, octets):
            found.append((inside, content))
            start = content.find(b"%PDF-")
            if 0 <= start < 300:
                copy = tmp_path / "copy.pdf"
                copy.write_bytes(content[start:])
                found += [(f"{inside} unpacked", unpacked(copy)), (f"{inside} text", pdf_text(copy).encode())]
    return found


@pytest.fixture(scope="module")
def published(room: RoomFolder, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, bytes]]:
    """All that a reader of the room can get, unpacked."""
    return everything(room, tmp_path_factory.mktemp("published"))


def test_a_page_has_all_that_a_journalist_needs(room: RoomFolder) -> None:
    page = room.page(MAREES)
    for text in (
        "L’observatoire des marées ouvre ses données",
        "<strong>trente ans</strong>",
        "5 mars 2026",
        "Communiqué de presse",
        "Le marégraphe du port",
        "Crédit\u00a0: Service des essais",
        "Anne Marée, cheffe de projet",
        'href="tel:+33465710001"',
        'href="mailto:anne@example.org"',
        "Le dossier technique",
        "essaie",
        "1600 × 900",
    ):
        assert text in page.replace("\u202f", "\u00a0"), text
    kit = room.public / "2026" / MAREES / f"{MAREES}.pdf"
    size = round(kit.stat().st_size / 1000)
    pages = len(re.findall(r"/Type /Page\b", unpacked(kit).decode("latin-1")))
    assert re.search(rf"PDF, {pages} pages, {size}\sko", page)
    assert f'href="{MAREES}.zip"' in page


def test_all_links_of_pages_lead_somewhere(room: RoomFolder) -> None:
    from urllib.parse import unquote, urlsplit

    class Links(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            for name, value in attrs:
                if name in ("href", "src", "action") and value:
                    found.append(value)
                if name == "srcset" and value:
                    found.extend(piece.split()[0] for piece in value.split(","))
                if name == "id":
                    ids.add(value)

    seen = 0
    for path in room.public.rglob("*.html"):
        found: list[str] = []
        ids: set[str | None] = set()
        Links().feed(path.read_text("utf-8"))
        for link in found:
            parts = urlsplit(link)
            if parts.scheme or not parts.path:
                assert not link.startswith("#") or link[1:] in ids, (path, link)
                continue
            base = room.public if parts.path.startswith("/") else path.parent
            assert (base / unquote(parts.path).lstrip("/")).is_file(), (path, link)
            seen += 1
    assert seen > 100


def test_the_zip_opens_and_its_sums_match(room: RoomFolder, tmp_path: Path) -> None:
    archive = room.public / "2026" / MAREES / f"{MAREES}.zip"
    assert "No errors" in subprocess.run(["unzip", "-t", archive], check=True, capture_output=True, text=True).stdout
    subprocess.run(["unzip", "-q", archive, "-d", tmp_path], check=True)
    assert [path.name for path in tmp_path.iterdir()] == [MAREES]
    folder = tmp_path / MAREES
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    listed = {entry["path"]: entry for entry in manifest["files"]}
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert present == set(listed) | {"manifest.json"}
    for path, entry in listed.items():
        octets = (folder / path).read_bytes()
        assert hashlib.sha256(octets).hexdigest() == entry["sha256"]
        assert len(octets) == entry["bytes"]
    assert set(listed) == {
        *(f"{MAREES}.{ending}" for ending in ("pdf", "txt", "html", "docx")),
        "images/une-photo.jpg",
        "images/credits.txt",
        "pieces-jointes/Dossier d’été.pdf",
        "pieces-jointes/carte.html",
    }
    original = room.site.root / "uploads/Dossier d’été.pdf"
    assert (folder / "pieces-jointes/Dossier d’été.pdf").read_bytes() == original.read_bytes()
    assert (folder / f"{MAREES}.pdf").read_bytes() == (room.public / "2026" / MAREES / f"{MAREES}.pdf").read_bytes()
    credits_ = (folder / "images/credits.txt").read_text("utf-8")
    assert "une-photo.jpg" in credits_
    assert "Service des essais" in credits_
    assert manifest["title"].startswith("L’observatoire")


def test_attachments_are_there_alone_and_what_browsers_run_is_not(room: RoomFolder) -> None:
    folder = room.public / "2026" / MAREES / "pieces-jointes"
    assert (folder / "Dossier d’été.pdf").read_bytes() == (room.site.root / "uploads/Dossier d’été.pdf").read_bytes()
    assert sorted(path.name for path in folder.iterdir()) == ["Dossier d’été.pdf", "carte.html.zip"]
    with zipfile.ZipFile(folder / "carte.html.zip") as archive:
        assert archive.read("carte.html") == (room.site.root / "uploads/carte.html").read_bytes()


def test_what_a_file_is_decides_and_what_it_is_called(small: RoomFolder) -> None:
    """A text that is HTML, and a script that its ending alone tells, are in a ZIP each; twins of names stay apart."""
    names = {
        "a.txt": "<html><script>x</script>",
        "b.js": "alert(1)",
        "c.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    }
    names |= {"d.csv": "a;b", "b.js.zip": "PK", "e.php": "<?php x"}
    for name, content in names.items():
        small.site.write(f"uploads/{name}", content)
    files = "\n".join(f"- {{file: /uploads/{name}, nom: n}}" for name in names)
    small.site.write("_communiques/premier.md", f"---\ntitle: T\ndate: 2026-01-02\nfiles:\n{files}\n---\nx")
    small.make()
    published = {path.name for path in (small.public / "2026/2026-01-02-premier/pieces-jointes").iterdir()}
    assert published == {"a.txt.zip", "b.js.zip", "c.svg.zip", "d.csv", "b.js-2.zip", "e.php.zip"} | {"b.js.zip"}
    with zipfile.ZipFile(small.public / "2026/2026-01-02-premier/pieces-jointes/b.js.zip") as archive:
        assert archive.namelist() == ["b.js"]


def test_a_file_that_was_taken_from_what_is_kept_is_made_again(small: RoomFolder) -> None:
    small.make()
    (kept,) = (small.site.root / ".presskit/room/kits").rglob("2026-01-02-premier.docx")
    kept.unlink()
    small.make()
    assert (small.public / "2026/2026-01-02-premier/2026-01-02-premier.docx").is_file()


def test_nothing_of_what_is_under_embargo_is_in_any_octet(published: list[tuple[str, bytes]]) -> None:
    """Names, pages, feeds, search, sitemap, ledger, and what ZIPs, DOCX and PDFs have packed in them."""
    assert len(published) > 300
    assert any("unpacked" in name and b"Dossier" in content for name, content in published)
    for word in (*SECRET_WORDS, "2999", "plan-zirconium"):
        for form in (word.encode(), word.encode("utf-16-be"), word.upper().encode()):
            assert not [name for name, content in published if form in content], word
    digest = hashlib.sha256(b"_communiques/plan-zirconium.md").hexdigest()[:20].encode()
    assert not [name for name, content in published if digest in content]


def test_the_room_of_a_later_moment_shows_it(room: RoomFolder, tmp_path: Path) -> None:
    other = RoomFolder(room.site, tmp_path / "later")
    result = other.make("--at", "2999-12-01 06:00")
    assert "do not publish it before" in result.stderr
    page = other.page("2026-03-01-plan-zirconium")
    assert "Le plan zirconium est lancé" in page
    assert "1er décembre 2999" in re.sub(r"</?sup>", "", page)
    assert 'name="robots" content="noindex"' in page
    kit = other.public / "2026/2026-03-01-plan-zirconium/2026-03-01-plan-zirconium.pdf"
    assert "Sous embargo" not in pdf_text(kit)
    # Its addresses are none yet.
    assert json.loads((other.public / "room.json").read_text("utf-8"))["addresses"] == {}
    # A minute before, it is not there; and nothing of it stays in the folder.
    other.make("--at", "2999-12-01 05:59")
    assert not any(b"irconium" in content for name, content in everything(other, tmp_path))


def test_what_was_public_and_comes_under_embargo_leaves_no_trace(small: RoomFolder, tmp_path: Path) -> None:
    small.make()
    small.site.write(
        "_communiques/premier.md", "---\ntitle: Le premier\ndate: 2026-01-02\nembargo: 2999-01-01\n---\nUn texte."
    )
    small.make()
    assert not any(b"premier" in content for _name, content in everything(small, tmp_path))


def test_one_that_comes_under_embargo_with_another_name_leaves_no_trace(small: RoomFolder, tmp_path: Path) -> None:
    small.site.write("_communiques/autre.md", "---\ntitle: Un autre\ndate: 2026-01-03\n---\nx")
    small.make()
    (small.site.root / "_communiques/premier.md").unlink()
    small.site.write("_communiques/nouveau.md", "---\ntitle: Le premier\ndate: 2026-01-02\nembargo: 2999-01-01\n---\nx")
    small.make()
    assert not any(b"premier" in content for _name, content in everything(small, tmp_path))


def test_a_corrected_one_says_so_in_kit_page_and_feeds(small: RoomFolder) -> None:
    note = "correction: {date: 2026-01-04, note: le nombre était faux}"
    small.site.write("_communiques/premier.md", f"---\ntitle: Le premier\ndate: 2026-01-02\n{note}\n---\nUn texte.")
    small.make()
    kit = pdf_text(small.public / "2026/2026-01-02-premier/2026-01-02-premier.pdf")
    said = "Version corrigée le 4 janvier 2026"
    assert said in kit
    assert "le nombre était faux" in kit
    page = small.page("2026-01-02-premier")
    assert said in page
    assert "le nombre était faux" in page
    assert '"dateModified": "2026-01-04' in page
    feed = (small.public / "feed.xml").read_text("utf-8")
    assert "[Corrigé] Le premier" in feed
    assert "<updated>2026-01-04" in feed
    assert said in feed
    assert json.loads((small.public / "feed.json").read_text("utf-8"))["items"][0]["date_modified"].startswith(
        "2026-01-04"
    )
    assert "Corrigé" in (small.public / "index.html").read_text("utf-8")


def test_a_withdrawn_one_keeps_its_address_and_loses_all_else(small: RoomFolder, tmp_path: Path) -> None:
    small.make()
    before = (small.public / "feed.xml").read_text("utf-8")
    small.site.write(
        "_communiques/premier.md",
        "---\ntitle: Le premier\ndate: 2026-01-02\nretrait: {date: 2026-01-05, note: erreur}\n---\nUn texte.",
    )
    small.make()
    assert [path.name for path in (small.public / "2026/2026-01-02-premier").iterdir()] == ["index.html"]
    page = small.page("2026-01-02-premier")
    assert "Retiré le 5 janvier 2026" in page
    assert "erreur" in page
    assert not any(b"Un texte" in content for _name, content in everything(small, tmp_path))
    feed = (small.public / "feed.xml").read_text("utf-8")
    assert "[Retiré] Le premier" in feed
    assert "enclosure" not in feed
    identity = re.findall(r"<id>(urn:uuid:[^<]+)", before)
    assert re.findall(r"<id>(urn:uuid:[^<]+)", feed) == identity


def test_a_withdrawn_one_under_embargo_is_not_shown_either(small: RoomFolder, tmp_path: Path) -> None:
    small.site.write(
        "_communiques/autre.md",
        "---\ntitle: Le zirconium\ndate: 2026-01-02\nembargo: 2999-01-01\nwithdrawn: true\n---\nUn texte.",
    )
    small.make()
    assert not any(b"irconium" in content for _name, content in everything(small, tmp_path))


def test_translations_are_linked_in_pages_feeds_and_kits(room: RoomFolder) -> None:
    french, english = room.page(MAREES), room.page(TIDES)
    assert 'hreflang="en" lang="en">English – The tide observatory opens its data' in french
    assert 'hreflang="fr" lang="fr">Français – L’observatoire' in english
    assert f'<link rel="alternate" hreflang="en" href="https://presse.example.org/2026/{TIDES}/">' in french
    feed = (room.public / "feed.xml").read_text("utf-8")
    assert f'hreflang="fr" href="https://presse.example.org/2026/{MAREES}/"' in feed
    kit = room.public / "2026" / MAREES / f"{MAREES}.pdf"
    assert "English (The tide observatory opens its data)" in " ".join(pdf_text(kit).split())
    assert f"https://presse.example.org/2026/{TIDES}/".encode() in unpacked(kit)
    sitemap = (room.public / "sitemap.xml").read_text("utf-8")
    assert f'hreflang="en" href="https://presse.example.org/2026/{TIDES}/"' in sitemap


def test_an_english_publication_is_english_throughout(room: RoomFolder) -> None:
    folder = room.public / "2026" / TIDES
    kit = pdf_text(folder / f"{TIDES}.pdf").partition("Dossier")[0]
    texts = [kit, (folder / f"{TIDES}.txt").read_text("utf-8"), room.page(TIDES)]
    for text in texts:
        assert "Press release" in text or "PRESS RELEASE" in text
        assert "5 March 2026" in text.replace("\u00a0", " ")
        assert "The Trials Service" in text or text is texts[1]
        assert "tries" in text
        assert "+33 4 65 71 00 00" in text.replace("\u00a0", " ")
    plain = re.sub(r"<[^>]+>", " ", texts[2].partition("<body>")[2])
    others = "\n".join([kit.partition("Other languages")[0], texts[1], plain]).lower()
    for word in (
        "presse",
        "télécharger",
        "pièces",
        "rechercher",
        "accueil",
        "à propos",
        "janvier",
        "mars",
        " ko",
        "essaie",
    ):
        found = [
            line for line in others.splitlines() if word in line and "observatoire" not in line and "@" not in line
        ]
        # The contact that nobody translated keeps its name.
        assert [line for line in found if "service de presse" not in line] == [], word


def test_text_of_a_communique_brings_no_script_into_pages(room: RoomFolder) -> None:
    class Finder(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append((tag, dict(attrs)))

    checked = 0
    for path in room.public.rglob("*.html"):
        tags: list[tuple[str, dict[str, str | None]]] = []
        Finder().feed(path.read_text("utf-8"))
        for tag, attributes in tags:
            assert tag not in ("iframe", "object", "embed", "base", "style"), (path, tag)
            assert not any(name.startswith("on") or name == "style" for name in attributes), (path, attributes)
            for name in ("href", "src", "action"):
                assert not (attributes.get(name) or "").strip().lower().startswith(("javascript:", "vbscript:")), path
            if tag == "script":
                assert (attributes.get("src") or "").endswith("assets/room.js") or attributes.get(
                    "type"
                ) == "application/ld+json"
            checked += 1
    assert checked > 500
    assert "alert(12)" not in room.page(EVIL)
    assert "&lt;script&gt;alert(7)" in room.page(EVIL)


def test_machine_data_of_a_page_can_not_be_left(room: RoomFolder) -> None:
    for name in (EVIL, MAREES):
        (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', room.page(name), re.DOTALL)
        assert "<" not in data
        read = json.loads(data)
        assert read["@type"] == "NewsArticle"
        assert read["mainEntityOfPage"] == f"https://presse.example.org/2026/{name}/"
    assert read["encoding"]["contentUrl"].endswith(f"/{MAREES}.pdf")
    assert read["image"] == [f"https://presse.example.org/2026/{MAREES}/apercus/une-photo-1440.jpg"]
    assert read["publisher"]["name"] == "Le service des essais"


def test_a_published_drawing_does_nothing(room: RoomFolder) -> None:
    drawing = (room.public / "2026" / EVIL / "images/drawing.svg").read_text("utf-8")
    assert "alert" not in drawing
    assert "example.org" not in drawing
    assert "foreignObject" not in drawing
    assert "circle" in drawing


def test_links_look_right_when_they_are_shared(room: RoomFolder) -> None:
    page = room.page(MAREES)
    address = f"https://presse.example.org/2026/{MAREES}/"
    for name, content in (
        ("og:type", "article"),
        ("og:title", "L’observatoire des marées ouvre ses données"),
        ("og:url", address),
        ("og:locale", "fr_FR"),
        ("og:image", f"{address}apercus/une-photo-1440.jpg"),
        ("og:image:alt", "Un marégraphe au bout d’une jetée"),
        ("article:published_time", "2026-03-05T09:30:00+01:00"),
    ):
        assert f'<meta property="{name}" content="{content}">' in page
    assert f'<link rel="canonical" href="{address}">' in page


def test_nothing_private_is_published(room: RoomFolder, published: list[tuple[str, bytes]]) -> None:
    private = (str(room.site.root).encode(), str(Path.home()).encode() + b"/", b"Auteur-Prive", b"2026:01:01")
    for word in private:
        assert not [name for name, content in published if word in content], word


def test_no_page_asks_anything_of_another_server(room: RoomFolder) -> None:
    for path in [*room.public.rglob("*.css"), *room.public.rglob("*.js")]:
        assert not re.search(r"https?://|//[a-z]", re.sub(r"//.*|/\*.*?\*/", "", path.read_text("utf-8")), re.DOTALL), (
            path
        )
    for path in room.public.rglob("*.html"):
        for tag in re.findall(r"<(?:img|script|link|source|form)\b[^>]*>", path.read_text("utf-8")):
            outside = re.search(r'(?:src|srcset|action)="(?:https?:)?//', tag)
            assert not outside, tag
            assert 'rel="stylesheet"' not in tag or 'href="http' not in tag


def test_made_again_nothing_changes_and_after_a_change_little(room: RoomFolder, tmp_path: Path) -> None:
    import shutil

    own = RoomFolder(type(room.site)(tmp_path / "site"), tmp_path / "public")
    shutil.copytree(room.site.root, own.site.root, ignore=shutil.ignore_patterns("kits"))
    own.make()
    before = {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in own.public.rglob("*") if path.is_file()}
    assert "0 new or changed" in own.make().stderr
    after = {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in own.public.rglob("*") if path.is_file()}
    assert after == before
    text = (own.site.root / "_communiques/bilan-2024.md").read_text("utf-8")
    own.site.write("_communiques/bilan-2024.md", text.replace("avec le mot", "avec le nouveau mot"))
    own.make()
    changed = {
        path.relative_to(own.public).as_posix()
        for path in own.public.rglob("*")
        if path.is_file() and before.get(path) != (path.stat().st_mtime_ns, path.stat().st_ino)
    }
    own_files = {name for name in changed if name.startswith("2024/2024-12-20-bilan-2024/")}
    others = changed - own_files
    assert {Path(name).suffix for name in own_files} == {".html", ".pdf", ".zip", ".txt", ".docx", ".json"}
    assert others == {
        "index.html",
        "2024/index.html",
        "themes/bilan/index.html",
        "feed.xml",
        "feed.json",
        "recherche/index/no.json",
    }


def test_a_folder_with_other_files_is_left_alone(small: RoomFolder) -> None:
    small.public.mkdir()
    (small.public / "mine.txt").write_text("mine", "utf-8")
    result = small.make(code=1)
    assert "this folder holds other files" in result.stderr
    assert small.files() == {"mine.txt": b"mine"}


def test_readers_never_see_half_a_room(small: RoomFolder) -> None:
    for number in range(5):
        small.site.write(
            f"_communiques/c{number}.md", f"---\ntitle: Titre {number}\ndate: 2026-01-0{number + 1}\n---\nx"
        )
    small.make()
    stop, missing, seen = threading.Event(), [], 0

    def read() -> None:
        nonlocal seen
        while not stop.is_set():
            try:
                index = (small.public / "index.html").read_text("utf-8")
                assert index.rstrip().endswith("</html>")
                seen += 1
            except (OSError, AssertionError) as error:
                missing.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for turn in range(4):
            small.site.write("_communiques/c0.md", f"---\ntitle: Titre 0\ndate: 2026-01-01\n---\nx{turn}")
            small.make()
    finally:
        stop.set()
        reader.join()
    assert not missing
    assert seen > 10
    assert [path.name for path in small.public.parent.iterdir() if path.name.startswith(".public")] == []


def test_one_that_fails_is_shown_as_it_was(small: RoomFolder) -> None:
    small.make()
    before = small.page("2026-01-02-premier")
    small.site.write(
        "_communiques/premier.md", "---\ntitle: Autre\ndate: 2026-01-02\nfiles: [{file: /rien.pdf, nom: x}]\n---\nx"
    )
    assert "can't be found" in small.make(code=1).stderr
    assert small.page("2026-01-02-premier") == before
    assert (small.public / "2026/2026-01-02-premier/2026-01-02-premier.pdf").is_file()


def test_addresses_that_were_stay(small: RoomFolder) -> None:
    small.site.write("_communiques/second.md", "---\ntitle: Le second\ndate: 2026-01-03\n---\nx")
    small.site.write("_communiques/tiers.md", "---\ntitle: Le tiers\ndate: 2026-01-04\n---\nx")
    small.make()
    identity = re.findall(r"urn:uuid:[0-9a-f-]+", (small.public / "feed.xml").read_text("utf-8"))
    small.site.write("_communiques/premier.md", "---\ntitle: Le premier\ndate: 2026-01-05\nslug: autre-nom\n---\nx")
    (small.site.root / "_communiques/second.md").rename(small.site.root / "_communiques/deuxieme.md")
    (small.site.root / "_communiques/tiers.md").unlink()
    small.make()
    moved = small.page("2026-01-02-premier")
    assert '<meta http-equiv="refresh" content="0; url=../../2026/2026-01-05-autre-nom/index.html">' in moved
    assert (small.public / "2026/2026-01-05-autre-nom/index.html").is_file()
    assert "2026-01-03-deuxieme/index.html" in small.page("2026-01-03-second")
    gone = small.page("2026-01-04-tiers")
    assert "n’est plus en ligne" in gone
    assert "Le tiers" not in gone
    # Feeds know a publication by the name that it had first.
    feed = (small.public / "feed.xml").read_text("utf-8")
    first = re.findall(r"urn:uuid:[0-9a-f-]+", feed)
    assert first[0] == identity[0]
    assert len(set(first) & set(identity)) >= 2
    small.make()
    assert "autre-nom" in small.page("2026-01-02-premier")


def test_a_communique_can_name_addresses_that_it_had_elsewhere(small: RoomFolder) -> None:
    olds = "redirect_from: [/espace-presse/premier/, ../../dehors/, ancien.html]"
    small.site.write("_communiques/premier.md", f"---\ntitle: Le premier\ndate: 2026-01-02\n{olds}\n---\nx")
    result = small.make()
    assert "url=../../2026/2026-01-02-premier/index.html" in (
        small.public / "espace-presse/premier/index.html"
    ).read_text("utf-8")
    assert "url=2026/2026-01-02-premier/index.html" in (small.public / "ancien.html").read_text("utf-8")
    assert "can't be an address" in result.stderr
    assert not (small.public.parent / "dehors").exists()


def test_an_old_address_never_takes_the_place_of_a_page(small: RoomFolder) -> None:
    olds = "redirect_from: [/2026/2026-01-02-premier/, /index.html]"
    small.site.write("_communiques/second.md", f"---\ntitle: Le second\ndate: 2026-01-03\n{olds}\n---\nx")
    small.make()
    assert "Un texte." in small.page("2026-01-02-premier")
    assert "refresh" not in (small.public / "index.html").read_text("utf-8")


def test_a_translation_that_was_withdrawn_is_not_linked(small: RoomFolder) -> None:
    small.site.write("_communiques/premier.md", "---\ntitle: Le premier\ndate: 2026-01-02\nref: x\n---\nx")
    english = "---\ntitle: The first\ndate: 2026-01-02\nlang: en\nref: x\n{}---\nx"
    small.site.write("_communiques/first.md", english.format(""))
    small.make()
    assert "The first" in small.page("2026-01-02-premier")
    small.site.write("_communiques/first.md", english.format("withdrawn: true\n"))
    small.make()
    assert "The first" not in small.page("2026-01-02-premier")
    assert "The first" not in pdf_text(small.public / "2026/2026-01-02-premier/2026-01-02-premier.pdf")
    assert "Le premier" in small.page("2026-01-02-first-en")


def test_a_ledger_that_somebody_wrote_leads_nowhere_else(small: RoomFolder) -> None:
    small.make()
    ledger = {"presskit": "room", "addresses": {"x": {"title": "t", "pages": ["../../dehors/", "/tmp/x/", "ok/"]}}}
    (small.public / "room.json").write_text(json.dumps(ledger), "utf-8")
    small.make()
    assert not (small.public.parent.parent / "dehors").exists()
    assert (small.public / "ok/index.html").is_file()
    (small.public / "room.json").write_text("{", "utf-8")
    small.make()


def test_two_communiques_of_one_page_are_told_of(small: RoomFolder) -> None:
    for folder in ("a", "b"):
        small.site.write(f"_communiques/{folder}/meme.md", "---\ntitle: Le même\ndate: 2026-01-09\n---\nx")
    result = small.make(code=1)
    assert "another communiqué has the same page: 2026-01-09-meme" in result.stderr
    assert "Le même" in small.page("2026-01-09-meme")


def test_without_an_address_there_is_a_room_and_a_warning(small: RoomFolder) -> None:
    small.site.write("presskit.toml", "")
    result = small.make()
    assert "the press room's address is not set" in result.stderr
    assert not (small.public / "sitemap.xml").exists()
    assert 'href="2026/2026-01-02-premier/2026-01-02-premier.pdf"' in (small.public / "feed.xml").read_text("utf-8")
    small.site.write("presskit.toml", 'url = "https://www.example.org"\n')
    result = small.make()
    assert "taken to be the site's, https://www.example.org" in result.stderr
    assert "https://www.example.org/2026/" in (small.public / "sitemap.xml").read_text("utf-8")


def test_the_room_tells_what_it_left_out_and_why(room: RoomFolder, tmp_path: Path) -> None:
    result = RoomFolder(room.site, tmp_path / "again").make()
    assert "1 draft" in result.stderr
    assert "1 under embargo" in result.stderr
    assert "1 withdrawn" in result.stderr
    assert "--drafts" not in result.stderr


@pytest.mark.parametrize("moment", ["demain", "2026-13-01"])
def test_a_wrong_moment_is_said(small: RoomFolder, moment: str) -> None:
    assert "is not a date and time" in small.make("--at", moment, code=2).stderr


def test_what_is_kept_for_the_next_time_stays_out_of_the_room_and_of_git(small: RoomFolder) -> None:
    small.make()
    assert (small.site.root / ".presskit/.gitignore").read_text("utf-8") == "*\n"
    assert not [name for name in small.files() if "presskit" in name or "sqlite" in name]
    (small.site.root / "_communiques/premier.md").unlink()
    small.site.write("_communiques/autre.md", "---\ntitle: Un autre\ndate: 2026-01-02\n---\nx")
    small.make()
    kept = [path.name for path in (small.site.root / ".presskit/room/kits").rglob("*.pdf")]
    assert not any("premier" in name for name in kept)


def test_the_embargo_test_would_see_a_leak(small: RoomFolder, tmp_path: Path) -> None:
    """What tests look for is found where it is."""
    small.site.write(
        "_communiques/plan.md", EMBARGOED.replace("embargo: 2999-12-01 06:00\n", "").replace("files:", "xfiles:")
    )
    small.make()
    looked_at = everything(small, tmp_path)
    places = {name.split("!")[0] for name, content in looked_at if b"irconium" in content}
    for name in ("index.html", "feed.xml", "feed.json", "room.json", "recherche/index.html"):
        assert name in places
    assert any(name.endswith(".pdf text") and b"irconium" in content for name, content in looked_at)
    assert any(".docx!" in name and b"irconium" in content for name, content in looked_at)


def test_an_interrupted_run_leaves_the_room_as_it_was(small: RoomFolder) -> None:
    from presskit.reading.settings import read_site
    from presskit.room.build import RoomRequest, build_room, sources_of

    small.make()
    before = small.files()
    small.site.write("_communiques/second.md", "---\ntitle: Le second\ndate: 2026-01-03\n---\nx")
    site = read_site(small.site.root, lambda _problem: None)
    request = RoomRequest(site=site, output=small.public, stopping=lambda: True)
    made = build_room(request, sources_of(request), lambda _problem: None, on_report=lambda _report: None)
    assert made.swapped is None
    assert small.files() == before


def test_a_sites_own_look_comes_first(small: RoomFolder) -> None:
    small.site.write("layouts/room/room.css", "body { color: red }")
    small.site.write("layouts/room/words.toml", '[fr]\nroom = "La salle de presse"\n')
    small.site.write("layouts/room/contacts.html", "<p>Nos contacts</p>")
    small.site.write("_communiques/premier.md", "---\ntitle: T\ndate: 2026-01-02\ncontact-presse: {name: N}\n---\nx")
    small.make()
    assert (small.public / "assets/room.css").read_text("utf-8") == "body { color: red }"
    page = small.page("2026-01-02-premier")
    assert "La salle de presse" in page
    assert "Nos contacts" in page
    assert "Télécharger" in page


def test_a_broken_template_is_said_and_the_room_stays(small: RoomFolder) -> None:
    small.make()
    before = small.files()
    small.site.write("layouts/room/page.html", "{% if %}")
    result = small.make(code=1)
    assert "room/page.html" in result.stderr
    assert "Correct the layout" in result.stderr
    assert "the existing one is unchanged" in result.stderr
    assert small.files() == before


def test_what_was_withdrawn_before_it_was_published_has_no_page(small: RoomFolder, tmp_path: Path) -> None:
    small.site.write(
        "_communiques/autre.md",
        "---\ntitle: Le zirconium\ndate: 2026-01-02\ntags: [Vanadium]\nwithdrawn: true\n---\nUn texte.",
    )
    small.make()
    small.make()
    looked_at = everything(small, tmp_path)
    for word in (b"irconium", b"anadium"):
        assert not any(word in content for _name, content in looked_at)


def test_one_that_fails_under_another_name_is_shown_as_it_was(small: RoomFolder) -> None:
    small.make()
    before = small.page("2026-01-02-premier")
    (small.site.root / "_communiques/premier.md").unlink()
    small.site.write(
        "_communiques/un.md",
        "---\ntitle: Le premier\ndate: 2026-01-02\nfiles: [{file: /rien.pdf, nom: x}]\n---\nUn texte.",
    )
    small.make(code=1)
    assert small.page("2026-01-02-premier") == before
    assert (small.public / "2026/2026-01-02-premier/2026-01-02-premier.pdf").is_file()
    small.make(code=1)
    assert small.page("2026-01-02-premier") == before
