"""An archive of communiqués as a ministry's site has them: same number, same bytes.

`python -m benchmarks.archive FOLDER COUNT` writes a Jekyll site of COUNT communiqués of realistic length and
shape, with photos and attached PDFs. The words are made up here.
"""

import io
import random
import sys
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw

PEOPLE = ("la ministre", "le secrétaire d’État", "la directrice générale", "le préfet", "la déléguée nationale")
ACTS = ("présente", "annonce", "lance", "salue", "inaugure", "réunit", "soutient", "publie")
THINGS = (
    "le plan national pour les services publics de proximité",
    "une feuille de route pour la donnée ouverte",
    "le baromètre annuel de la qualité des démarches en ligne",
    "un appel à projets destiné aux collectivités rurales",
    "la stratégie de formation aux métiers de l’eau",
    "un nouveau lieu d’accueil pour les jeunes entreprises",
)
WHERE = ("à Lyon", "à Nantes", "en Bretagne", "dans les Hauts-de-France", "outre-mer", "à Saint-Étienne")
ENDS = (
    "avec l’appui de 120 partenaires publics et privés",
    "pour un montant de 46,8 millions d’euros",
    "dont la moitié avant la fin de l’année",
    "afin que chacun puisse en bénéficier près de chez lui",
    "après une concertation qui a duré six mois",
    "conformément aux engagements pris devant le Parlement",
)
KINDS = (
    "Communiqué de presse",
    "Communiqué de presse",
    "Communiqué de presse",
    "Note aux rédactions",
    "Dossier de presse",
)
TAGS = ("territoires", "numérique", "formation", "santé", "culture", "transition écologique")

CONFIG = """title: Ministère des Exemples
url: https://www.example.org
timezone: Europe/Paris
collections:
  communiques:
    output: true
defaults:
- scope: {path: '', type: communiques}
  values:
    contact-presse:
      name: Service de presse
      tel: 01 23 45 67 89
      email: presse@example.org
"""
BRAND = """[brand]
organisation = "Ministère des Exemples"
city = "Paris"
boilerplate = "Le ministère des Exemples **montre** comment les choses se font."

[brand.colours]
primary = "#123c5a"
accent = "#b3412b"
"""


def write_archive(folder: Path, count: int) -> None:
    """Write a site of ``count`` communiqués, the first of them the same whatever the count."""
    for name in ("_communiques", "uploads"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "_config.yml").write_text(CONFIG, "utf-8")
    (folder / "presskit.toml").write_text(BRAND, "utf-8")
    for number in range(count):
        _communique(folder, number, random.Random(number))


def _communique(folder: Path, number: int, chance: random.Random) -> None:
    day = date(2010, 1, 4) + timedelta(days=2 * number)
    title = _title(chance)
    lines = [
        "---",
        f"title: '{title.replace(chr(39), chr(39) * 2)}'",
        f"date: {day} 10:30:00 +01:00",
        f"categories:\n- {chance.choice(KINDS)}",
        f"tags: [{', '.join(chance.sample(TAGS, 2))}]",
        f"chapeau-text: {_paragraph(chance, 2)}",
    ]
    if chance.random() < 0.6:
        photo = f"photo-{number:04}.jpg"
        (folder / "uploads" / photo).write_bytes(_photo(number % 12))
        lines += [
            "une-ou-diaporama:",
            f"- image: /uploads/{photo}",
            "  alternative-textuelle: Des personnes réunies autour d’une table",
            f"  legende: {_sentence(chance)}",
            "  credit: Ministère des Exemples",
        ]
    attached = chance.choices((0, 1, 2, 3), (30, 45, 20, 5))[0]
    if attached:
        lines.append("files:")
    for index in range(attached):
        name = f"annexe-{number:04}-{index + 1}.pdf"
        pages = chance.choice((1, 2, 4, 10, 10))
        (folder / "uploads" / name).write_bytes(_unique(_document(pages), number * 10 + index))
        lines += [f"- file: /uploads/{name}", f"  nom: Annexe {index + 1} de {pages} pages"]
    lines += ["---", "", *_body(chance)]
    path = folder / "_communiques" / f"{day}-communique-{number:04}.md"
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _body(chance: random.Random) -> list[str]:
    lines: list[str] = []
    for _section in range(chance.randint(2, 3)):
        lines += [f"## {_title(chance)}", ""]
        for _paragraph_number in range(chance.randint(1, 3)):
            lines += [_paragraph(chance, chance.randint(2, 4)), ""]
        if chance.random() < 0.5:
            lines += [*(f"- {_sentence(chance)}" for _item in range(chance.randint(3, 5))), ""]
        if chance.random() < 0.4:
            lines += [
                f"> « {_paragraph(chance, 2)} »\n{{: .citation}}",
                "",
                f"{chance.choice(PEOPLE)}",
                "{: .auteur}",
                "",
            ]
    lines += ["Plus d’informations : [le site du ministère](https://www.example.org/), ou la [page du plan](/plan/)."]
    return lines


def _sentence(chance: random.Random) -> str:
    return f"{_title(chance)} {chance.choice(WHERE)}, {chance.choice(ENDS)}."


def _title(chance: random.Random) -> str:
    who, act, what = (chance.choice(words) for words in (PEOPLE, ACTS, THINGS))
    return f"{who[0].upper()}{who[1:]} {act} {what}"


def _paragraph(chance: random.Random, sentences: int) -> str:
    return " ".join(_sentence(chance) for _number in range(sentences))


@cache
def _photo(number: int) -> bytes:
    chance = random.Random(number)
    picture = Image.new("RGB", (1600, 1000), (40 + 15 * number, 90, 140))
    draw = ImageDraw.Draw(picture)
    for _shape in range(400):
        x, y, size = chance.randrange(1600), chance.randrange(1000), chance.randrange(20, 300)
        draw.ellipse((x, y, x + size, y + size), tuple(chance.randrange(256) for _channel in range(3)))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()


@cache
def _document(pages: int) -> bytes:
    import weasyprint

    chance = random.Random(pages)
    chapters = "".join(
        f"<h1 style='break-before: page'>Chapitre {page + 1}</h1>"
        + "".join(f"<p>{_paragraph(chance, 4)}</p>" for _number in range(5))
        + "<ul><li>Un point<li>Un autre</ul>"
        for page in range(pages)
    )
    pdf: bytes = weasyprint.HTML(string=f"<html lang=fr><title>Annexe</title><body>{chapters}").write_pdf(pdf_tags=True)
    return pdf


def _unique(document: bytes, number: int) -> bytes:
    """The same document with a title of its own: no two attachments are alike."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as pdf:
        pdf.docinfo["/Title"] = f"Annexe {number}"
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


if __name__ == "__main__":
    write_archive(Path(sys.argv[1]), int(sys.argv[2]))
