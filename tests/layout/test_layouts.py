"""Layouts: which one, in which words, with which page numbers; all read in finished kits."""

from datetime import date

import pytest

from presskit.layout.wording import date_in_words, size_in_words
from tests.conftest import SiteFolder, chapters, link_targets

BRAND = """[brand]
organisation = "L'organisme d'essai"
sub-organisation = "Son service"
city = "Paris"
address = ["1, rue X", "75001 Paris"]
boilerplate = "Le **service** d'essai."
"""


@pytest.mark.parametrize(
    ("day", "lang", "expected"),
    [
        (date(2022, 11, 29), "fr", "29 novembre 2022"),
        (date(2022, 12, 1), "fr-FR", "1er décembre 2022"),
        (date(2022, 12, 1), "en", "1 December 2022"),
        (date(2022, 12, 1), "en-US", "December 1, 2022"),
        (date(2022, 12, 1), "xx-invalid", "1 December 2022"),
    ],
)
def test_dates(day: date, lang: str, expected: str) -> None:
    assert date_in_words(day, lang) == expected


@pytest.mark.parametrize(
    ("octets", "lang", "expected"),
    [
        (5, "fr", "5 octets"),
        (96_400, "fr", "96 ko"),
        (1_230_000, "fr", "1,2 Mo"),
        (1_230_000, "en", "1.2 MB"),
        (999_999, "en", "1 MB"),
    ],
)
def test_sizes(octets: int, lang: str, expected: str) -> None:
    assert size_in_words(octets, lang).replace("\u202f", " ").replace("\xa0", " ") == expected


def test_everything_is_on_the_page(site: SiteFolder) -> None:
    site.write("presskit.toml", BRAND)
    site.communique(
        "chapeau-text: 'Le chapeau : oui'\ncontact-presse: {name: Jeanne, tel: 06.10.60.41.19, email: j@x.fr}\n"
        "une-ou-diaporama: [{image: a.svg, alt: Un rond, legende: La légende, credit: Qui}]\n",
        "## Un titre\n\n> « Oui »\n**Jeanne**\n\n- a\n\n|A|B|\n|-|-|\n|1|2|\n",
    )
    site.write("a.svg", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="4" cx="5" cy="5"/></svg>')
    built = site.build()
    text = " ".join(built.text.split())
    for expected in (
        "L’organisme d’essai",
        "Son service",
        "COMMUNIQUÉ DE PRESSE",
        "Paris, le 29 novembre 2022",
        "Un titre : celui du communiqué",
        "Le chapeau : oui",
        "La légende Crédit : Qui",
        "« Oui »",
        "06 10 60 41 19",
        "j@x.fr",
        "À PROPOS",
        "Le service d’essai.",
        "1, rue X · 75001 Paris",
        "1/2",
    ):
        assert expected in text, (expected, text)
    assert {"tel:+33610604119", "mailto:j@x.fr"} <= {*link_targets(built.reader, 1), *link_targets(built.reader, 2)}


def test_an_english_kit_is_english_throughout(site: SiteFolder) -> None:
    site.write("presskit.toml", BRAND + '\n[brand.en]\nboilerplate = "What we do."\n')
    site.write("uploads/a.pdf", chapters("A", 1))
    site.communique(
        "lang: en\nfiles: [{file: /uploads/a.pdf, nom: The file}]\ncontact-presse: {name: J}\n", "It's 5%: yes!"
    )
    text = " ".join(site.build().text.split())
    for expected in ("Paris, 29 November 2022", "PRESS CONTACT", "ATTACHED FILES", "page 2", "ABOUT", "It’s 5%: yes!"):
        assert expected in text
    for french in ("le 29", "CONTACT PRESSE", "PIÈCES", "À PROPOS"):
        assert french not in text


def test_an_unknown_language_is_said(site: SiteFolder) -> None:
    site.communique("lang: de\n")
    assert "no words in the language “de”" in site.build().messages


@pytest.mark.parametrize(
    ("front", "arguments", "expected"),
    [
        ("", (), "communique"),
        ("categories: Note aux rédactions\n", (), "note-aux-redactions"),
        ("categories: [Press pack]\n", (), "dossier-de-presse"),
        ("layout: note-aux-redactions\n", (), "note-aux-redactions"),
        ("layout: post\n", (), "communique"),
        ("layout: note-aux-redactions\n", ("--layout", "dossier-de-presse"), "dossier-de-presse"),
    ],
)
def test_the_layout_is_the_one_called_for(
    site: SiteFolder, front: str, arguments: tuple[str, ...], expected: str
) -> None:
    import json

    site.write("communique.md", f"---\ntitle: T\ndate: 2022-01-01\n{front}---\nTexte\n")
    built = site.build("--json", *arguments)
    assert json.loads(built.result.stdout)["layout"] == expected
    assert json.loads(built.result.stdout)["warnings"] == []


def test_an_unknown_layout_is_an_error_when_asked_for_and_a_warning_when_written(site: SiteFolder) -> None:
    site.communique("layout: note-au-redaction\n")
    built = site.build()
    assert built.result.exit_code == 0
    assert "Did you mean “note-aux-redactions”?" in built.messages
    built = site.build("--layout", "dosier-de-presse")
    assert built.result.exit_code == 1
    assert "Did you mean “dossier-de-presse”?" in built.messages


def test_a_sites_layout_overrides_ours(site: SiteFolder) -> None:
    site.communique()
    site.write(
        "layouts/communique/layout.html",
        "<html lang={{ lang }}><title>{{ plain_title }}</title><body><h1>PROPRE {{ title }}</h1>{{ attached_pages }}",
    )
    assert "PROPRE Un titre" in site.build().text


def test_a_sites_layout_inherits_from_ours(site: SiteFolder) -> None:
    site.communique()
    site.write(
        "layouts/maison/layout.html",
        '{% extends "communique/layout.html" %}{% block title %}<p>MAISON</p>{{ super() }}{% endblock %}',
    )
    text = site.build("--layout", "maison").text
    assert "MAISON" in text
    assert "celui du communiqué" in text


@pytest.mark.parametrize(
    ("template", "what"),
    [
        ("{% if %}", "layouts"),
        ("{{ nothing.here }}{{ attached_pages }}", "nothing"),
        ("<html lang=fr><body>rien", "no place for the attached pages"),
        ("{{ file_url('../../secret.txt') }}", "is not there"),
        ("{{ ''.__class__.__mro__ }}{{ attached_pages }}", "unsafe"),
    ],
)
def test_a_broken_layout_is_a_clear_error(site: SiteFolder, template: str, what: str) -> None:
    site.communique()
    site.write("secret.txt", "secret")
    site.write("layouts/maison/layout.html", template)
    built = site.build("--layout", "maison")
    assert built.result.exit_code == 1
    assert what in built.messages or "maison/layout.html" in built.messages
    assert "Traceback" not in built.messages


def test_jinja_in_a_communique_is_text(site: SiteFolder) -> None:
    site.write("communique.md", "---\ntitle: 'T {{ 7*7 }}'\ndate: 2022-01-01\n---\n{{ 7*7 }} {% if %} {{ brand }}\n")
    text = site.build().text
    assert text.count("{{ 7*7 }}") >= 2
    assert "{% if %}" in text
    assert "49" not in text


def test_page_numbers_count_the_whole_kit(site: SiteFolder) -> None:
    site.write("uploads/a.pdf", chapters("A", 4))
    site.write("uploads/b.pdf", chapters("B", 2))
    site.communique(
        "files: [{file: /uploads/a.pdf, nom: Premier}, {file: /uploads/b.pdf, nom: Second}]\n",
        "\n\n".join(f"Paragraphe {i}. " + "Des mots pour faire une ligne. " * 12 for i in range(14)),
    )
    built = site.build()
    reader = built.reader
    front = len(reader.pages) - 6
    assert front >= 2
    pages = [page.extract_text() for page in reader.pages]
    for number in range(front):
        assert f"{number + 1} / {front + 6}" in pages[number]
    contents = " ".join(pages[front - 1].split())
    assert f"Premier page {front + 1}" in contents
    assert f"Second page {front + 5}" in contents
    assert {front + 1, front + 5} <= set(link_targets(reader, front))


def test_a_press_pack_has_a_cover_and_contents(site: SiteFolder) -> None:
    site.write("presskit.toml", BRAND)
    site.write("uploads/a.pdf", chapters("A", 1))
    site.communique("files: [{file: /uploads/a.pdf, nom: Annexe}]\n", "## Premier\n\nx\n\n## Second\n\ny")
    reader = site.build("--layout", "dossier-de-presse").reader
    cover, contents = (" ".join(reader.pages[i].extract_text().split()) for i in (0, 1))
    assert "celui du communiqué" in cover
    assert "/ 4" not in cover
    assert "Premier 3 Second 3 Annexe 4" in contents
    assert link_targets(reader, 2) == [3, 3, 4]


@pytest.mark.parametrize("layout", ["communique", "note-aux-redactions", "dossier-de-presse"])
def test_our_own_css_is_all_understood(site: SiteFolder, layout: str) -> None:
    site.communique("", "Texte")
    assert "CSS" not in site.build("--layout", layout).messages


def test_nothing_leaves_its_margins_and_no_heading_ends_a_page(site: SiteFolder) -> None:
    import subprocess

    address = "https://exemple.gouv.fr/" + "un_tres_long_segment_" * 20
    table = (
        "|" + "A|" * 9 + "\n|" + "-|" * 9 + "\n|" + "Anticonstitutionnellement|" * 5 + "ABCD1234567890EFGH|" * 4 + "\n"
    )
    headings = "\n\n".join(
        f"## Intertitre {i}\n\n" + f"Phrase numéro {i} assez longue. " * (5 + i % 7) for i in range(40)
    )
    unbroken = f"## {'mot' * 60}\n\n{'mot' * 60} @{'compte_' * 30}"
    site.communique(
        f"chapeau: {'mot' * 60}\n",
        f"{address}\n\n{unbroken}\n\n{table}\n\n`{'x' * 300}`\n\n![Large](/uploads/large.svg)\n\n{headings}",
    )
    site.write(
        "uploads/large.svg",
        '<svg xmlns="http://www.w3.org/2000/svg" width="5000" height="9000"><rect width="5000" height="9000"/></svg>',
    )
    path = site.build().path
    boxes = subprocess.run(["pdftotext", "-bbox", str(path), "-"], check=True, capture_output=True, text=True).stdout
    import re

    for page in boxes.split("<page ")[1:]:
        words = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>', page)
        assert words
        assert min(float(word[0]) for word in words) >= 26 * 72 / 25.4 - 1
        assert max(float(word[2]) for word in words) <= (210 - 26) * 72 / 25.4 + 1
        body = [word for word in words if float(word[3]) < (297 - 27) * 72 / 25.4]
        assert "Intertitre" not in [word[4] for word in body[-2:]]
    inked = _ink(path)
    for left, top, right, bottom in inked:
        assert left >= 0.11 and right <= 0.89 and top >= 0.03 and bottom <= 0.97


def _ink(path) -> list[tuple[float, float, float, float]]:  # type: ignore[no-untyped-def]
    """The box of what is printed on each page, as fractions of the page."""
    import subprocess

    from PIL import Image, ImageOps

    subprocess.run(["pdftoppm", "-r", "30", "-gray", str(path), str(path.with_suffix(""))], check=True)
    found = []
    for image_path in sorted(path.parent.glob(f"{path.stem}-*.pgm")):
        image = ImageOps.invert(Image.open(image_path))
        box = image.getbbox()
        assert box
        found.append((box[0] / image.width, box[1] / image.height, box[2] / image.width, box[3] / image.height))
    return found


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("0610604119", "06 10 60 41 19"),
        ("+33 (0)6 10 60 41 19", "06 10 60 41 19"),
        ("01.71.21.01.70", "01 71 21 01 70"),
        ("02 62 40 77 77", "+262 262 40 77 77"),
        ("+32 2 501 02 11", "+32 2 501 02 11"),
        ("poste 12", "poste 12"),
    ],
)
def test_telephone_numbers(site: SiteFolder, written: str, printed: str) -> None:
    site.communique(f"contact-presse: {{name: J, tel: '{written}'}}\n")
    assert printed in site.build().text
