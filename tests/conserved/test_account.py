"""What an author wrote is in the kit, all of it and nothing else, or there is no kit."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from xml.etree.ElementTree import Element

import pytest

from presskit.conserved.account import _Comparison, _without
from presskit.conserved.frame import Frame
from presskit.conserved.said import Kind, Said
from presskit.conserved.written import Word
from presskit.prose import html as prose
from presskit.prose.cleaning import cleaned
from presskit.prose.setting import Setting
from presskit.reading.fields import Fields
from tests.conftest import SiteFolder, chapters
from tests.conserved.comparing import faults, laid_out
from tests.planting import Plants
from tests.texts import Writer, by_chance, mutated

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


# Each may be syntax for one reader of Markdown and text for another.
AMBIGUOUS = [
    "<p>Voir [lien](https://ex.fr/).</p>",
    "<div>\nVoir [lien](https://ex.fr/).\n</div>",
    "Texte.\n\n    Code avec [lien](https://ex.fr/)",
    "Texte\n\n\tTab [lien](https://ex.fr/)\n\n1.      Numéro deux avec [lien](https://ex.fr)\n-\t\tDeux tabs [lien](https://ex.fr/)",
    "Le ministre a dit\n: « Oui. »",
    "Pour mémoire :\n\n: x",
    "Voir <www.ex.fr>, <Nom>, <NOM>, <lieu>, <date>, <Nom Prénom>, <nom at ex.fr>.",
    "<<chevrons>>, <tel:0123456789>.\n\nSi a<b et b>c fin.",
    "Sources :\n[1]: https://ex.fr/a\n[2]: https://ex.fr/b",
    "[1]: pas une url avec espaces",
    'Texte [a][2].\n\n[1]: https://ex.fr/a "Titre"\n[2]: https://ex.fr/b',
    "Texte[^1].\n\n[^1]: Note\n- puce",
    "**Sion [le 15 mars](https://a.co/x- ](https://b.co/y)**",
    "| [lien](https://ex.fr/a|b) | x |",
    "| a | b |\n|---|---|\n| [lien](https://ex.fr/a|b) | x |",
    "Voir {x} et {#y}.",
    "Texte\n\n    <!-- un exemple -->\n    puis",
    "Texte\n\n    &amp; &copy; {#x}",
    'Texte ![alt](a b c) et ![](x.png) et [vide]() et [a](<b c> "t")',
    "Texte `code <b>x</b>` et ``a`",
    "<table><tr><td>Un [lien](https://ex.fr/a%20b)</td></tr></table>",
    "*[ABC]: definition longue",
    "{: .classe}",
    "Un {:toc} deux {::nomarkdown} trois",
    '<iframe src="https://x.fr">repli</iframe> fin',
    "- ```python\n  print(1)\n  ```\n- > ```sh\n  > ls\n  > ```\n\n```un``` deux",
    "<table><tr><td>Un</td></tr>\nDeux</table>\n\nTrois",
    "<<chevrons>>, <tel:0123456789>.\nc",
    "Quai[^11].\n\n[^11]: Jetée```\n- | [phare](https://ex.fr/a|b) bouée |",
    "[^4]: jamais appelée\n| cellule |\n\nderniers mots",
    "[courbe][22]\n\n[22]: tel:0123",
    "Sa <br\n- Grâce à un **budget**\n> suite",
    "Dune[^14]\n\n[^14]: note\n\n    suite\net paresse",
    "{::comment}\n- houle",
    "Te<xte\n> Texte [vide]() fin",
    "<p><![if !supportLists]>2.<span>&nbsp; </span><![endif]>Item</p>",
    "Avant[^12].\n\n[^12]: seconde.\n[^13] : première.\n\nautre.",
]


@pytest.mark.parametrize("source", AMBIGUOUS)
def test_what_may_be_text_or_syntax_is_no_fault_either_way(source: str) -> None:
    html, omitted = laid_out(source)
    assert faults(source, html, omitted) == [], html


def test_what_may_be_text_may_be_printed_as_often_as_it_is_written() -> None:
    assert faults("Voir <lieu>.", "<p>Voir lieu.</p>", []) == []
    assert faults("Voir <lieu>.", "<p>Voir lieu lieu.</p>", []) == ["the kit says what nobody wrote there: “lieu”."]


@pytest.mark.parametrize("seed", range(60))
def test_real_texts_that_are_torn_are_conserved(seed: int) -> None:
    pick = by_chance(random.Random(seed))
    texts = [EVERYTHING, *AMBIGUOUS]
    source = mutated("\n".join(texts).split("\n"), pick, 12)
    html, omitted = laid_out(source)
    assert faults(source, html, omitted) == [], f"{source}\n\n{html}"


@pytest.mark.parametrize("seed", range(40))
def test_each_word_that_is_lost_or_doubled_is_seen(seed: int) -> None:
    dice = random.Random(seed)
    source = Writer(by_chance(dice)).text(4).markdown
    html, omitted = laid_out(source)
    assert faults(source, html, omitted) == []
    places = [found.span() for found in re.finditer(r"\bz[a-z]{5,}\b(?![^<]*>)", html)]
    for start, end in dice.sample(places, min(5, len(places))):
        word = html[start:end]
        assert word in " ".join(faults(source, html[:start] + html[end:], omitted))
        assert word in " ".join(faults(source, f"{html[:end]} {word}{html[end:]}", omitted))


def test_marks_in_all_fields_may_be_text(site: SiteFolder) -> None:
    site.communique(
        "chapeau-text: Au <lieu> dit <Nom Prénom>\n"
        "contact-presse: {name: C, role: 'presse <à confirmer>', email: 'b@ex.fr, c@ex.fr'}\n",
        "\n\n".join(source for source in AMBIGUOUS if "![" not in source),
    )
    built = site.build()
    assert built.result.exit_code == 0, built.messages
    assert "--accept-lost-words" not in built.messages


@dataclass(frozen=True)
class Rewrites:
    """Stands for a step of ours: what it gives is changed after it."""

    function: Callable[..., str]
    before: str
    after: str

    def __call__(self, *arguments: Any) -> str:
        return self.function(*arguments).replace(self.before, self.after)


@dataclass(frozen=True)
class LosesTails:
    """An old fault: what follows an element in a quotation is lost; ``said`` tells that a rule left it out."""

    function: Callable[..., Element]
    said: str = ""

    def __call__(self, html: str, setting: Setting) -> Element:
        body = self.function(html, setting)
        for element in body.findall(".//blockquote//strong"):
            element.tail = None
        if self.said:
            setting.omit(self.said)
        return body


def without_credit(entry: Fields) -> tuple[str, str, str]:
    """What the reader of images gives when it forgets a key."""
    alt, caption, _credit = (entry.text(key) for key in ("alternative-textuelle", "legende", "credit"))
    return alt, caption, ""


QUOTE = "Avant.\n\n> Nous ferons **tout** pour la mer\n\nAprès.\n"


def test_a_quotation_that_loses_its_tail_is_no_kit(site: SiteFolder, plant: Plants) -> None:
    site.communique("", QUOTE.replace("**", ""))
    assert site.build().result.exit_code == 0
    old = (site.root / "kit.pdf").read_bytes()
    plant("presskit.prose.html.cleaned", LosesTails(cleaned))
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


def changes(plant: Plants, before: str, after: str) -> None:
    """Have the text laid out otherwise than it was written."""
    plant("presskit.prose.html.html_of", Rewrites(prose.html_of, before, after))


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
    changes(plant, before, after)
    built = site.build()
    assert built.result.exit_code == 1
    assert said in built.messages


def test_what_a_stated_rule_leaves_out_is_not_missed(site: SiteFolder, plant: Plants) -> None:
    plant("presskit.prose.html.cleaned", LosesTails(cleaned, "pour la mer"))
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


def test_a_key_that_is_forgotten_is_told(site: SiteFolder, plant: Plants) -> None:
    plant("presskit.reading.communique._texts", without_credit)
    with_files(site).communique(FRONT)
    built = site.build()
    assert built.result.exit_code == 1
    assert "“Son auteur”" in built.messages
    assert "une-ou-diaporama.credit" in built.messages


def test_a_layout_of_the_sites_own_may_leave_fields_out(site: SiteFolder) -> None:
    with_files(site).communique(f"{FRONT}withdrawn: {{date: 2022-12-03, note: Par erreur}}\n")
    site.write(
        "layouts/court/layout.html",
        "<!DOCTYPE html><html lang='{{ lang }}'><title>{{ plain_title }}</title><body>"
        "<p>Sur place</p><h1>{{ title }}</h1>"
        "{{ body }}<div style='display: none'>{{ chapeau }}</div>{{ attached_pages }}</body></html>",
    )
    built = site.build("--layout", "court")
    assert built.result.exit_code == 0, built.messages
    for field in ("contact", "credit", "caption", "chapeau", "correction", "withdrawn"):
        assert f"field “{field}”: the layout leaves out what is written in this field" in built.messages


def test_what_is_lost_beside_fields_that_a_layout_hides_is_told() -> None:
    words = [Word(text, (text,), 1, field=field) for text, field in zip("abcd", ("un", "", "deux", ""), strict=True)]
    content = cast("Any", SimpleNamespace(communique=SimpleNamespace(source="c.md"), missing=[]))
    found = _Comparison(Frame(words=words), [Said("d", Kind.TEXT, 1)], content, omitted=[], ours=False).account()
    assert [problem.field for problem in found.leaves_out] == ["un", "deux"]
    assert [problem.what for problem in found.faults] == ["words of the communiqué are not in its kit: “b”."]


def test_what_nobody_wrote_is_told_with_the_line_of_what_it_follows() -> None:
    words = [Word(text, (text,), line) for line, text in enumerate("abc", 1)]
    said = [Said(text, Kind.TEXT, 1) for text in ("a ", "b ", "x ", "c ")]
    content = cast("Any", SimpleNamespace(communique=SimpleNamespace(source="c.md"), missing=[]))
    (fault,) = _Comparison(Frame(words=words), said, content, omitted=[], ours=True).account().faults
    assert (fault.line, "“x”" in fault.what) == (2, True)


def test_phones_are_compared_by_value(site: SiteFolder) -> None:
    site.write("presskit.toml", '[brand]\ncountry = "FR"\n')
    for phone in ("0123456789", "01.23.45.67.89", "+33 (0)1 23 45 67 89", "poste 39 39", "112"):
        site.communique(f"contact-presse: {{name: C, tel: '{phone}'}}\n")
        built = site.build()
        assert built.result.exit_code == 0, built.messages


WRITTEN_CONTACTS = [
    "{name: A, tel: 'Tél. : 01 23 45 67 89 / Port. : 06 23 45 67 89', email: 'Courriel : a@b.fr'}",
    "{name: B, tel: 'Tél. direct 01 23 45 67 80 (matin)', email: 'Mél. : b@b.fr'}",
    "{name: C, tel: '+33 (0)1 23 45 67 81 (standard)', email: 'E-mail c@b.fr'}",
    "{name: D, tel: '+33 1 23 45 67 82, poste 12', email: 'mail d@b.fr'}",
    "{name: E, tel: '0590 12 34 56 (Guadeloupe)', email: 'Contact : e@b.fr'}",
    "'Jean Dupont, +33 (0)1 23 45 67 83 (poste 13), f@b.fr'",
    "'Agence X – Marie Martin – Tel 01 23 45 67 84 (accueil) – Mob 06 23 45 67 84 – Mail g@b.fr'",
    "'Paul Petit 01 23 45 67 85 (standard) h@b.fr'",
]


def test_words_beside_the_ways_to_reach_somebody_are_kept_but_for_those_that_say_nothing(site: SiteFolder) -> None:
    site.communique("contact-presse:\n" + "".join(f"- {contact}\n" for contact in WRITTEN_CONTACTS))
    built = site.build()
    assert built.result.exit_code == 0, built.messages
    assert "warning" not in built.messages
    text = " ".join(built.text.split())
    for kept in (
        "Port. : 06 23 45 67 89", "direct 01 23 45 67 80 (matin)", "01 23 45 67 81 (standard)",
        "01 23 45 67 82, poste 12", "590 12 34 56 (Guadeloupe)", "01 23 45 67 83 (poste 13)",
        "01 23 45 67 84 (accueil)", "Mob 06 23 45 67 84", "01 23 45 67 85 (standard)",
    ):  # fmt: skip
        assert kept in text
    for label in ("Tél", "Tel", "Courriel", "Mél", "ail ", "Contact :"):
        assert label not in text


@pytest.mark.parametrize(
    ("extra", "line"),
    [
        ("chapeau-text: Le premier\nchapeau-text: Le second\n", 1),
        ("chapeau: |\n  Le premier\n\n  long\nchapeau-text: Le second\n", 0),
        ("title: Le second\n", 0),
        ("press-contact:\n- name: Le premier\n- name: Autre\ncontact-presse: {name: C}\n", 0),
        ("contact-presse: {name: Le premier, name: Le second}\n", 0),
    ],
)
def test_of_a_key_that_is_there_twice_one_is_asked_for(site: SiteFolder, extra: str, line: int) -> None:
    path = site.communique(extra)
    first = path.read_text("utf-8").split("\n").index(extra.partition("\n")[0]) + 1
    built = site.build()
    assert built.result.exit_code == 0, built.messages
    assert f"warning: communique.md:{first + line}" in built.messages
    assert "premier" not in built.text


def test_endings_of_numbers_may_be_parted_from_them_by_markup(site: SiteFolder) -> None:
    text = (
        "La 3<sup>ème</sup> fois, la 1<sup>ère</sup>, le XXI<sup>ème</sup> siècle, les 20<sup>èmes</sup>, la **4**ème, "
        "le 2 ème, [la 5](https://example.org)ème."
    )
    site.communique(f"chapeau-text: {text}\n".replace(", [", " ").replace("](https://example.org)", ""), text)
    built = site.build()
    assert built.result.exit_code == 0, built.messages


def test_parts_of_tables_that_stand_elsewhere_are_no_fault(site: SiteFolder) -> None:
    site.communique(
        "",
        "<table><tr><td>un</td><td>deux</td></tr><caption>La légende</caption></table>\n\n"
        "<table><tfoot><tr><td>Le total</td></tr></tfoot><tbody><tr><td>trois</td></tr></tbody></table>\n",
    )
    built = site.build()
    assert built.result.exit_code == 0, built.messages


def test_scripts_that_run_to_the_left_are_counted(site: SiteFolder, plant: Plants) -> None:
    site.communique("", "Le mot שלום עולם et مرحبا encore.\n")
    assert site.build().result.exit_code == 0
    changes(plant, "שלום", "")
    assert site.build().result.exit_code == 1


def test_a_kit_from_a_site_without_any_brand_is_conserved(tmp_path: Path) -> None:
    site = SiteFolder(tmp_path)
    site.communique("lang: en\n", "A plain text with “quotes”, a 3rd point and 2 1/2 more.\n")
    assert site.build().result.exit_code == 0


def test_a_mark_for_a_table_of_contents_costs_no_kit(site: SiteFolder) -> None:
    site.communique("", "* TOC\n{:toc}\n\n## Deux mots\n\nTexte ici.\n")
    built = site.build()
    assert built.result.exit_code == 0, built.messages
    assert built.text.count("Deux mots") == 1


def test_short_words_are_not_looked_for_in_the_midst_of_long_ones_first() -> None:
    short, long = Word("de", ("de",)), Word("code_presse", ("codepresse",))
    assert _without([short, long], ["codepresse"]) == [short]


@pytest.mark.parametrize("between", ["\n", "\n\n", "\n    "])
def test_two_notes_of_one_name_are_no_mistake_of_ours(site: SiteFolder, between: str) -> None:
    site.communique("", f"Un texte[^1].\n\n[^1]: Un mot.{between}[^1]: Deux choses.\n")
    assert "Deux choses." in site.build().text
