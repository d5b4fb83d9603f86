"""Texts that are plainly in another language than they are said to be in, and those that are nobody's mistake."""

import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from presskit.text.language import other_language
from tests.conftest import SiteFolder, html_pdf
from tests.prose.test_html import html

TEXTS = {
    "fr": "La ministre a présenté aujourd'hui à Paris un nouveau plan pour la numérisation des petites "
    "entreprises. Il sera ouvert à partir de mars et les demandes pourront être envoyées à l'agence "
    "jusqu'à la fin du mois de juin.",
    "en": "The minister announced today a new plan to help small companies with their transition. It will be "
    "open from March, and applicants have until the end of June to send their files to the agency. More "
    "than two hundred did.",
    "de": "Die Ministerin hat heute in Berlin einen neuen Plan für die Digitalisierung der kleinen Unternehmen "
    "vorgestellt. Er wird ab März gelten, und die Anträge können bis Ende Juni bei der Agentur "
    "eingereicht werden.",
    "es": "La ministra ha presentado hoy en Madrid un nuevo plan para la digitalización de las pequeñas "
    "empresas. Estará abierto a partir de marzo y las solicitudes se podrán enviar hasta finales de junio "
    "a la agencia, que ya es mucho.",
    "it": "La ministra ha presentato oggi a Roma un nuovo piano per la digitalizzazione delle piccole imprese. "
    "Sarà aperto da marzo e le domande potranno essere inviate all'agenzia fino alla fine di giugno, come "
    "tutte le altre.",
    "pt": "A ministra apresentou hoje em Lisboa um novo plano para a digitalização das pequenas empresas. "
    "Estará aberto a partir de março e os pedidos poderão ser enviados à agência até ao fim de junho, "
    "como todos os outros já foram.",
    "nl": "De minister heeft vandaag in Den Haag een nieuw plan voor de digitalisering van kleine bedrijven "
    "voorgesteld. Het loopt vanaf maart en aanvragen kunnen tot eind juni bij het agentschap worden "
    "ingediend, zoals altijd al was.",
}
NAMES = "Lauréats : Acme Software Ltd, Green Data Lab, Open Cloud Company, Blue Ocean Robotics, Next Step Energy. " * 4
FRENCH, ENGLISH = TEXTS["fr"], TEXTS["en"]


@pytest.mark.parametrize("said", TEXTS)
@pytest.mark.parametrize("written", TEXTS)
def test_a_text_in_another_language(said: str, written: str) -> None:
    assert other_language(f"<p>{TEXTS[written]}</p>", said) == ("" if said == written else written)
    assert other_language(f"<p>{TEXTS[written]}</p>", f"{said}-XX") == ("" if said == written else written)


@pytest.mark.parametrize(
    "markdown",
    [
        f"{FRENCH}\n\n{ENGLISH}",
        f"{FRENCH}\n\n{ENGLISH}\n\n{ENGLISH}",
        f"{FRENCH}\n\n> {ENGLISH}\n\n> {ENGLISH}",
        f"Comme l’a dit la ministre : « {ENGLISH} »",
        f"Il a dit « {ENGLISH} » et “{ENGLISH}”.",
        f"{ENGLISH}\n{{: lang=en}}",
        f'<div lang="en"><p>{ENGLISH}<br>{ENGLISH}</p><p>{ENGLISH}</p></div>\n\nTexte.',
        f"```\n{ENGLISH}\n```\n",
        NAMES,
        " ".join(f"#{word} @{word} {{{{ {word} }}}}" for word in ENGLISH.replace(",", "").replace(".", "").split()),
        "the anticonstitutional internationalisation of the interministerial " * 4,
        "\n".join(f"* [www.the-{number}.example.com](https://www.the-{number}.example.com)" for number in range(40)),
        "| Nom | Ville |\n|---|---|\n" + "| Dupont | Paris |\n" * 40,
        ENGLISH[:150],
        "12 345 678 " * 60,
    ],
)
def test_what_is_nobodys_mistake(markdown: str) -> None:
    assert other_language(html(markdown), "fr") == ""


def test_nothing_is_said_of_languages_whose_words_are_not_known() -> None:
    assert other_language(f"<p>{FRENCH}</p>", "br") == ""
    assert other_language(f"<p>{FRENCH}</p>", "xx") == ""


def test_the_lists_are_loaded_only_when_a_text_is_looked_at() -> None:
    loaded = "{'stop_words', 'presskit.text.language'} & set(sys.modules)"
    program = f"import sys, presskit.cli.commands; assert not {loaded}, {loaded}"
    subprocess.run([sys.executable, "-c", program], check=True)


def languages(path: Path) -> list[tuple[str, str]]:
    """The type and language of each element of a kit that has one, in the order of its tags."""
    found = []
    with pikepdf.open(path) as pdf:
        waiting = [pdf.Root.StructTreeRoot.K]
        while waiting:
            element = waiting.pop(0)
            if isinstance(element, pikepdf.Array):
                waiting[:0] = list(element)
            elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
                if "/Lang" in element:
                    found.append((str(element.S)[1:], str(element.Lang)))
                waiting.insert(0, element.get("/K", pikepdf.Array()))
    return found


def test_a_kits_texts_and_their_remedies(site: SiteFolder) -> None:
    site.write("uploads/note.md", ENGLISH)
    site.write("uploads/note.txt", ENGLISH)
    site.communique(
        "files:\n- {file: /uploads/note.md, nom: Note}\n- {file: /uploads/note.txt, nom: Le texte, lang: en}\n", ENGLISH
    )
    built = site.build("--require", "pdf/ua-1")
    assert built.messages.count("seems to be in English, but its language is set to French") == 2
    assert "communique.md, field “lang”: the text seems" in built.messages
    assert "note.md: the text seems" in built.messages
    assert "lang: en" in built.messages


def test_parts_have_their_languages(site: SiteFolder) -> None:
    """In the tags, and in how they are set: English quotes in what is English."""
    site.write("uploads/a.md", 'He said "yes": fine!\n\n{: lang="fr"}\nElle dit "oui": bien!')
    site.write("uploads/b.csv", "Name;Value\nMinister;12\n")
    site.write("uploads/c.pdf", html_pdf("<title>T</title><body><p>Untagged words", tags=False))
    site.write("uploads/d.pdf", html_pdf("<title>T</title><body><p>Tagged words"))
    entries = "".join(
        f"- {{file: /uploads/{name}, nom: Pièce, lang: en-GB}}\n" for name in ("a.md", "b.csv", "c.pdf", "d.pdf")
    )
    body = 'Il a dit "oui": bien!\n\nShe said "yes": fine!\n{: lang="en"}\n\n<span lang="de">Rindfleisch</span>.\n'
    site.communique(f"files:\n{entries}", body)
    built = site.build("--require", "pdf/ua-1,pdf/a-3a")
    assert built.result.exit_code == 0, built.messages
    found = languages(built.path)
    assert found[:2] == [("P", "en"), ("Span", "de")]
    assert [lang for kind, lang in found if kind == "Part"] == ["en-GB"] * 4
    text = built.text.replace("\u202f", " ").replace("\u00a0", " ")
    assert "« oui » : bien !" in text
    assert "She said “yes”: fine!" in text
    assert "He said “yes”: fine!" in text or 'He said "yes": fine!' in text


def test_a_wrong_language_of_a_file_is_an_error_with_its_field(site: SiteFolder) -> None:
    site.write("uploads/a.txt", "x")
    site.communique("files: [{file: /uploads/a.txt, lang: anglais moderne}]\n")
    built = site.build()
    assert built.result.exit_code == 1
    assert "files[1].lang" in built.messages
