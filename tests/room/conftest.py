"""A site with all that a press room has to deal with, and the room that is made of it."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from tests.conftest import SiteFolder, chapters

SETTINGS = """
timezone = "Europe/Paris"
lang = "fr"

[room]
url = "https://presse.example.org"
description = "Communiqués et dossiers du service des essais."

[brand]
organisation = "Le service des essais"
city = "Lyon"
logo = "brand/logo.svg"
address = ["1, rue de l’Essai"]
boilerplate = "Le service **essaie** ce qui doit marcher."

[brand.en]
organisation = "The Trials Service"
boilerplate = "The service **tries** what has to work."

[brand.contact]
name = "Service de presse"
tel = "04 65 71 00 00"
email = "presse@example.org"
"""

FULL = """---
title: "L’observatoire des marées ouvre ses données"
date: 2026-03-05 09:30
categories: [Communiqué de presse]
tags: [Données ouvertes, Mer]
ref: marees
chapeau-text: "Depuis ce matin, **trente ans** de hauteurs d’eau sont publiés sous licence libre."
une-ou-diaporama:
- image: /uploads/Une photo.jpg
  alternative-textuelle: Un marégraphe au bout d’une jetée
  legende: Le marégraphe du port
  credit: Service des essais
contact-presse: {name: Anne Marée, role: chargée de presse, tel: '04 65 71 00 01', email: anne@example.org}
files:
- {file: "/uploads/Dossier d’été.pdf", nom: Le dossier technique}
- {file: /uploads/carte.html, nom: La carte}
---

Les relevés portent sur **42 ports**. Voir [le portail](https://donnees.example.org/marees).

## Ce qui change

- un fichier par port
- une mise à jour par heure

> « La mer n’attend pas. »
**Anne Marée, cheffe de projet**

| Port | Hauteur |
|---|--:|
| Brest | 7,5 m |
"""

ENGLISH = """---
title: The tide observatory opens its data
date: 2026-03-05 09:30
lang: en
categories: [Communiqué de presse]
tags: [Open data]
ref: marees
chapeau-text: Thirty years of water levels are published under a free licence from this morning.
files:
- {file: "/uploads/Dossier d’été.pdf", nom: Data sheet}
---
The series cover **42 harbours**.
"""

EVIL = """---
title: "</title><script>alert(1)</script> \\"quoted\\" & <b>bold</b>"
date: 2026-02-01
categories: ["<img src=x onerror=alert(2)>"]
tags: ["<svg onload=alert(3)>", "]]>"]
chapeau-text: "<script>alert(4)</script> [a](javascript:alert(5)), <a href='https://example.org' onclick='x'>x</a>"
correction: {date: 2026-02-02, note: "<script>alert(7)</script>"}
une-ou-diaporama:
- image: /uploads/drawing.svg
  alternative-textuelle: '" onload="alert(8)'
  legende: "<script>alert(9)</script>"
contact-presse: {name: "<script>alert(10)</script>", email: a@example.org}
files:
- {file: /uploads/carte.html, nom: "<script>alert(11)</script>"}
---
<script>alert(12)</script><iframe src="https://example.org"></iframe>
<p style="background:url(https://example.org/x.png)" onmouseover="alert(13)">texte</p>

<form action="https://example.org"><input></form>
"""

SECRET_WORDS = ("zirconium", "Zirconium", "kohlrabi", "tamarindus")
EMBARGOED = """---
title: Le plan zirconium est lancé
date: 2026-03-01
embargo: 2999-12-01 06:00
ref: marees
tags: [kohlrabi]
redirect_from: /zirconium/
files:
- {file: /uploads/tamarindus.pdf, nom: Tamarindus}
---
Texte sous embargo, avec le mot kohlrabi.
"""

DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="640" height="360"
 onload="alert(20)"><script>alert(21)</script>
<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><iframe src="https://example.org"/></body></foreignObject>
<a xlink:href="javascript:alert(22)"><text>x</text></a>
<rect width="640" height="360" fill="#2b5c8a"/><circle cx="320" cy="180" r="90" fill="#e7b04c" onclick="x(23)"/></svg>
"""


@dataclass
class RoomFolder:
    """A site, and the folder of its press room."""

    site: SiteFolder
    public: Path

    def make(self, *arguments: str, code: int = 0) -> Result:
        """Make the room; what is made in the very moment in which a run begins would be made once more."""
        from presskit.cli.commands import main

        time.sleep(0.02)
        command = ["room", str(self.site.root), "-o", str(self.public), "--jobs", "1", *arguments]
        result = CliRunner().invoke(main, command, catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result

    def page(self, name: str) -> str:
        return (self.public / name[:4] / name / "index.html").read_text("utf-8")

    def files(self) -> dict[str, bytes]:
        return {p.relative_to(self.public).as_posix(): p.read_bytes() for p in self.public.rglob("*") if p.is_file()}


def photo(path: Path) -> None:
    """A photograph that says where and by whom it was taken."""
    exif = Image.Exif()
    exif[0x013B] = "Auteur-Prive"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[29] = "2026:01:01"
    image = Image.linear_gradient("L").resize((1600, 900)).convert("RGB")
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, exif=exif, quality=88)


def furnish(site: SiteFolder) -> None:
    """Write the site."""
    site.write("presskit.toml", SETTINGS)
    site.write(
        "brand/logo.svg",
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40"/></svg>',
    )
    photo(site.root / "uploads/Une photo.jpg")
    site.write("uploads/Dossier d’été.pdf", chapters("Dossier", 2))
    site.write("uploads/tamarindus.pdf", chapters("Tamarindus", 1))
    site.write("uploads/carte.html", "<html><script>alert(30)</script><p>La carte</p></html>")
    site.write("uploads/drawing.svg", DRAWING)
    site.write("_communiques/2026-03-05-marees.md", FULL)
    site.write("_communiques/tide-data.md", ENGLISH)
    site.write("_communiques/mauvais.md", EVIL)
    site.write("_communiques/plan-zirconium.md", EMBARGOED)
    site.write(
        "_communiques/brouillon.md", "---\ntitle: Un zirconium de brouillon\ndate: 2026-01-01\ndraft: true\n---\nx"
    )
    site.write(
        "_communiques/retire.md",
        "---\ntitle: Une nomination\ndate: 2025-05-06\nwithdrawn: {date: 2025-05-07, note: par erreur}\n---\nxyzzy",
    )
    for year in (2024, 2025):
        site.write(
            f"_communiques/bilan-{year}.md",
            f"---\ntitle: Bilan de {year}\ndate: {year}-12-20\ntags: [Bilan]\n---\nLe bilan, avec le mot mot{year}.",
        )


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory) -> RoomFolder:
    """A room that tests look at, and leave as it is."""
    folder = tmp_path_factory.mktemp("room")
    (folder / "site").mkdir()
    made = RoomFolder(SiteFolder(folder / "site"), folder / "public")
    furnish(made.site)
    # Only what was published can be withdrawn.
    retired = made.site.root / "_communiques/retire.md"
    withdrawn = retired.read_bytes()
    retired.write_bytes(withdrawn.replace(b"withdrawn:", b"x-was:"))
    made.make()
    retired.write_bytes(withdrawn)
    made.make()
    return made


@pytest.fixture
def small(tmp_path: Path, room: RoomFolder) -> RoomFolder:
    """A room of one communiqué, which tests change; it is not made yet. Its fonts are cut already, which takes long."""
    (tmp_path / "site").mkdir()
    own = RoomFolder(SiteFolder(tmp_path / "site"), tmp_path / "public")
    shutil.copytree(room.site.root / ".presskit/room/fonts", own.site.root / ".presskit/room/fonts")
    own.site.write("presskit.toml", 'timezone = "Europe/Paris"\n[room]\nurl = "https://presse.example.org"\n')
    own.site.write("_communiques/premier.md", "---\ntitle: Le premier\ndate: 2026-01-02\n---\nUn texte.")
    return own
