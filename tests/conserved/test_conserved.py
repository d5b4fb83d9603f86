"""What an author wrote is in the kit, all of it and nothing else, or there is no kit."""

from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from presskit import prose
from presskit.communique import _texts as texts_of
from presskit.fields import Fields
from presskit.prose import html_of, to_html
from tests.conftest import SiteFolder, chapters
from tests.planting import Plants, lose_tails

EVERYTHING = """Le *premier* paragraphe avec `du code`,
[un lien](https://example.org/a_b "titre caché"){: .x}, presse@example.org,
<https://example.org/chemin%C3%A9>, une note[^b], une autre[^a]. La 2ème fois, le 1er mai,
XXIème siècle : 25 % de 3 000 €.

## Un titre  {#ici}

- une puce
- [x] faite
  1. numéro
  2. suivant

> « Une citation **grasse** et longue. »
> **Prénom Nom**

| Colonne | Autre |
|---|---|
| cellule | 12,5 |

![Une photo du port](/uploads/p.png) ![Image décorative](/uploads/p.png)

Terme
: sa définition

```python
du_code = "brut"
```

<div class="encadre" markdown="1">
Dans un <b>cadre</b>&nbsp;: fin &amp; suite.
</div>

<!-- jamais imprimé -->
*[DINUM]: direction du numérique

Anticonstitutionnellement,
l’intergouvernementalisation incompréhensible,
l’hyperindustrialisation, la déconstitutionnalisation,
l’interministérialisation et la désinstitutionnalisation sont des mots qu’une fin de ligne
coupe souvent en deux.

[^a]: La note seconde.
[^b]: La note première.
"""
FRONT = """chapeau-text: Le **chapeau** de l'article
une-ou-diaporama:
- {image: /uploads/p.png, alternative-textuelle: Le port, legende: La légende, credit: Son auteur}
contact-presse:
- {name: Camille Exemple, role: presse, tel: ['01 23 45 67 89', '+33 6 12 34 56 78'], email: c@example.org}
files:
- {file: /uploads/a.pdf, nom: "L'annexe n° 1"}
correction: {date: 2022-12-02, note: Un chiffre a changé}
"""


def with_files(site: SiteFolder) -> SiteFolder:
    from PIL import Image

    Image.new("RGB", (900, 300), "#88aacc").save(site.root / "uploads/p.png")
    site.write("uploads/a.pdf", chapters("A", 1))
    site.write("presskit.toml", '[brand]\norganisation = "Le port"\ncity = "Brest"\nboilerplate = "Le **port**."\n')
    return site


@pytest.mark.parametrize("layout", ["communique", "note-aux-redactions", "dossier-de-presse"])
def test_a_communique_with_everything_is_conserved(site: SiteFolder, layout: str) -> None:
    with_files(site).communique(FRONT, EVERYTHING)
    built = site.build("--layout", layout)
    assert built.result.exit_code == 0, built.messages
    assert "--accept-lost-words" not in built.messages


QUOTE = "Avant.\n\n> Nous ferons **tout** pour la mer\n\nAprès.\n"


def test_a_quotation_that_loses_its_tail_is_no_kit(site: SiteFolder, plant: Plants) -> None:
    site.communique("", QUOTE.replace("**", ""))
    assert site.build().result.exit_code == 0
    old = (site.root / "kit.pdf").read_bytes()
    plant("presskit.quotes.set_authors", lose_tails)
    path = site.communique("", QUOTE)
    line = path.read_text("utf-8").split("\n").index("> Nous ferons **tout** pour la mer") + 1
    built = site.build()
    assert built.result.exit_code == 1
    assert f"communique.md:{line}: words of the communiqué are not in its kit: “pour la mer”." in built.messages
    assert built.path.read_bytes() == old
    accepted = site.build("--accept-lost-words")
    assert accepted.result.exit_code == 0
    assert "warning: communique.md" in accepted.messages
    assert "pour la mer" in accepted.messages
    assert accepted.path.read_bytes() != old
    assert site.build("--accept-lost-words", "--strict").result.exit_code == 1


@dataclass(frozen=True)
class Changed:
    """Has the text laid out otherwise than it was written."""

    before: str
    after: str

    def __call__(self, body: Element) -> str:
        return html_of(body).replace(self.before, self.after)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("deux trois ", "", "are not in its kit: “deux trois”"),
        ("un deux", "un deux deux", "the kit says what nobody wrote there: “deux”"),
        ("un deux trois", "trois un deux", "elsewhere in its kit"),
        ("quatre", "quatre &lt;b&gt;", "the kit says what nobody wrote there: “b”"),
        ("quatre", "quatr", "are not in its kit: “quatre”"),
    ],
)
def test_each_loss_doubling_and_move_is_told(
    site: SiteFolder, plant: Plants, before: str, after: str, said: str
) -> None:
    site.communique("", "zéro un deux trois quatre cinq\n")
    plant("presskit.prose.html_of", Changed(before, after))
    built = site.build()
    assert built.result.exit_code == 1
    assert said in built.messages


def with_a_rule(markdown: str, setting: prose.Setting) -> prose.Prose:
    setting.omit("pour la mer")
    return to_html(markdown, setting)


@pytest.mark.usefixtures("losing")
def test_what_a_stated_rule_leaves_out_is_not_missed(site: SiteFolder, plant: Plants) -> None:
    plant("presskit.kit.to_html", with_a_rule)
    site.communique("", QUOTE)
    built = site.build()
    assert built.result.exit_code == 0, built.messages


@pytest.mark.parametrize(
    ("extra", "field"),
    [
        ("chapeau-text: La liste no 1 # du port\n", "chapeau-text"),
        ("contact-presse: {name: Camille, tel: '01 23 45 67 89'}\n", ""),
        ("contact-presse:\n- name: Camille # presse\n", "contact-presse[1].name"),
    ],
)
def test_a_front_matter_read_in_part_is_told(site: SiteFolder, extra: str, field: str) -> None:
    site.communique(extra)
    built = site.build()
    # Where the reader warns of the remark, it is said; where nobody does, there is no kit.
    assert (built.result.exit_code == 0) == (not field or "#" in built.messages)
    assert field in built.messages


def without_credit(entry: Fields) -> tuple[str, str, str]:
    return (*texts_of(entry)[:2], "")


def test_a_key_that_is_forgotten_is_told(site: SiteFolder, plant: Plants) -> None:
    plant("presskit.communique._texts", without_credit)
    with_files(site).communique(FRONT)
    built = site.build()
    assert built.result.exit_code == 1
    assert "“Son auteur”" in built.messages
    assert "une-ou-diaporama.credit" in built.messages


def test_a_layout_of_the_sites_own_may_leave_fields_out(site: SiteFolder) -> None:
    with_files(site).communique(FRONT)
    site.write(
        "layouts/court/layout.html",
        "<!DOCTYPE html><html lang='{{ lang }}'><title>{{ plain_title }}</title><body>"
        "<p>Sur place</p><h1>{{ title }}</h1>"
        "{{ body }}<div style='display: none'>{{ chapeau }}</div>{{ attached_pages }}</body></html>",
    )
    built = site.build("--layout", "court")
    assert built.result.exit_code == 0, built.messages
    for field in ("contact", "credit", "caption", "chapeau"):
        assert f"field “{field}”: the layout leaves out what is written in this field" in built.messages


def test_phones_are_compared_by_value(site: SiteFolder) -> None:
    site.write("presskit.toml", '[brand]\ncountry = "FR"\n')
    for phone in ("0123456789", "01.23.45.67.89", "+33 (0)1 23 45 67 89", "poste 39 39", "112"):
        site.communique(f"contact-presse: {{name: C, tel: '{phone}'}}\n")
        built = site.build()
        assert built.result.exit_code == 0, built.messages


def test_scripts_that_run_to_the_left_are_counted(site: SiteFolder, plant: Plants) -> None:
    site.communique("", "Le mot שלום עולם et مرحبا encore.\n")
    assert site.build().result.exit_code == 0
    plant("presskit.prose.html_of", Changed("שלום", ""))
    assert site.build().result.exit_code == 1


def test_a_kit_from_a_site_without_any_brand_is_conserved(tmp_path: Path) -> None:
    site = SiteFolder(tmp_path)
    site.communique("lang: en\n", "A plain text with “quotes”, a 3rd point and 2 1/2 more.\n")
    assert site.build().result.exit_code == 0
