"""Quotations: all that is said stays, and who said it is a footer."""

import pytest

from presskit.prose.elements import html_of, tree_of, words_of
from presskit.prose.quotes import set_authors
from tests.prose.test_html import flat, html


def printed(markdown: str) -> str:
    return flat(html(markdown))


@pytest.mark.parametrize(
    ("written", "said", "authors"),
    [
        ("> Une.\n{: .citation}\n> **Camille**, directrice\n{: .auteur-citation}", "Une.", "Camille, directrice"),
        ("> Une.\n\n> **Camille**, directrice\n{: .citation-auteur}", "Une.", "Camille, directrice"),
        ("> Une.\n\nCamille\n{: .quote-author}", "Une.", "Camille"),
        ("> « Une. »\n> **Camille**\n> Directrice du port", "« Une. »", "Camille Directrice du port"),
        ("> « Une. »\n> **Camille**\n> **Dominique**", "« Une. »", "Camille Dominique"),
        ("> « *Une*, [deux](https://x.fr). » **Camille**", "« Une, deux. »", "Camille"),
        (">« Une. »,{: .citation}\n>Camille, directrice.{: .auteur-citation}", "« Une. »,", "Camille, directrice."),
    ],
)
def test_an_author_is_found_however_it_is_written(written: str, said: str, authors: str) -> None:
    quote = tree_of(html(written)).find("blockquote")
    assert quote is not None
    footer = quote.find("footer")
    assert footer is not None
    assert flat(" ".join(words_of(paragraph) for paragraph in footer)) == authors
    quote.remove(footer)
    assert flat(words_of(quote)) == said


@pytest.mark.parametrize(
    "written",
    [
        "> Nous ferons **tout** pour la mer, dit la [présidente](https://x.fr) du port.",
        "> Une phrase.<br>Une autre, *très* courte.",
        "> [Un](https://x.fr/1)\n> [Deux](https://x.fr/2)",
        "> Une phrase\n> **À noter :**",
        "> **Contact :**\n> presse",
        "> Trois mesures :\n> – la première ;\n> – la deuxième.",
        "> – 12 % en un an",
    ],
)
def test_what_is_no_signature_stays_in_its_place(written: str) -> None:
    assert "<footer>" not in printed(written)


def test_a_quotation_loses_no_text_beside_its_paragraphs() -> None:
    body = tree_of("<blockquote>a<p>b</p>c<p><b>d</b></p>e</blockquote>")
    set_authors(body)
    assert html_of(body) == "<blockquote>a<p>b</p>c<p><b>d</b></p>e</blockquote>"
