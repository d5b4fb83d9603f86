"""Prose: kramdown read as authors meant it, cleaned, with its links and quotes right."""

import itertools
import re
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from presskit.base.errors import Problem
from presskit.prose.html import Setting, is_decorative, to_html, tree_of, typeset
from presskit.text.typography import NARROW
from tests.conftest import SiteFolder, outline, pdf_text
from tests.trees import check_tree


def html(markdown: str, lang: str = "fr", site_url: str = "https://site.fr", **options: object) -> str:
    return to_html(markdown, Setting(lang=lang, source="c.md", warn=lambda _w: None, site_url=site_url, **options)).html  # type: ignore[arg-type]


def warnings(markdown: str, first_line: int = 1, site_url: str = "https://site.fr") -> list[Problem]:
    found: list[Problem] = []
    to_html(markdown, Setting(lang="fr", source="c.md", warn=found.append, first_line=first_line, site_url=site_url))
    return found


def flat(text: str) -> str:
    return " ".join(text.replace(NARROW, "·").split()).replace("> <", "><")


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        # Attribute lists
        ("Texte\n{: .encadre}", '<p class="encadre">Texte</p>'),
        ("{: .a}\nTexte", '<p class="a">Texte</p>'),
        ("### T\n{: .text-center}\nSuite", '<h2 class="text-center" id="section-1">T</h2><p>Suite</p>'),
        ("### T {#ici}", '<h2 id="ici">T</h2>'),
        ("> C\n{: .citation}", '<blockquote class="citation"><p>C</p></blockquote>'),
        ("- a\n- b\n{: .liste}", '<ul class="liste"><li>a</li><li>b</li></ul>'),
        ('[l](https://x.fr){:target="_blank"}', '<p><a href="https://x.fr">l</a></p>'),
        ('[l](https://x.fr){: target="_blank" .lien }', '<p><a href="https://x.fr" class="lien">l</a></p>'),
        ("**g** {: .c}\nfin", '<p><strong class="c">g</strong> fin</p>'),
        ("Texte {: .c}\nfin", '<p><span class="c">Texte </span> fin</p>'),
        ("{:toc}\n\nTexte", "<p>Texte</p>"),
        ("Un {:10} et {: hors taxe} *ici*{: .c}.", '<p>Un {:10} et {: hors taxe} <em class="c">ici</em>.</p>'),
        ("Titre {#ici}\n-----", '<h2 id="ici">Titre</h2>'),
        # What Outlook makes of links
        ("à a@b.fr<mailto:a@b.fr>, fin", '<p>à <a href="mailto:a@b.fr" class="address whole">a@b.fr</a>, fin</p>'),
        ("([Lien<https://x.fr>])", '<p>([Lien <a href="https://x.fr" class="address whole">https://x.fr</a>])</p>'),
        ("www.x.fr<https://www.x.fr/>", '<p><a href="https://www.x.fr/" class="address whole">www.x.fr</a></p>'),
        # An address is printed as it works
        (
            "https://x.fr/a%20b et <https://xn--mnistre-9xa.fr>",
            '<p><a href="https://x.fr/a%20b" class="address whole">https://x.fr/a%20b</a> et '
            '<a href="https://xn--mnistre-9xa.fr" class="address whole">https://xn--mnistre-9xa.fr</a></p>',
        ),
        # Links into the text
        (
            "[a](#partie-1), [b](#été--fin), [c](#ancre)\n\n## Partie 1\n\n<a name='ancre'></a>Ici\n\n## Été : fin",
            '<p><a href="#section-1">a</a>, <a href="#section-2">b</a>, <a href="#ancre">c</a></p>'
            '<h2 id="section-1">Partie 1</h2><p><span id="ancre"></span>Ici</p><h2 id="section-2">Été·: fin</h2>',
        ),
        # What authors mean
        ("Para\n- a\n- b", "<p>Para</p><ul><li>a</li><li>b</li></ul>"),
        ("Para\n## T", '<p>Para</p><h2 id="section-1">T</h2>'),
        ("##T", '<h2 id="section-1">T</h2>'),
        ("> intro\n- a\n- b\n\nfin", "<blockquote><p>intro</p><ul><li>a</li><li>b</li></ul></blockquote><p>fin</p>"),
        ("**gras **: oui", "<p><strong>gras</strong>·: oui</p>"),
        ("**« gras »**suite", "<p><strong>«·gras·»</strong>suite</p>"),
        ("a **b** c **d** e", "<p>a <strong>b</strong> c <strong>d</strong> e</p>"),
        ("* a\n<br>\n<br>\n**Titre**", "<ul><li>a</li></ul><p><strong>Titre</strong></p>"),
        ("fin\n<br>\n<br>\n", "<p>fin</p>"),
        ("a\n<br>[l](https://x.fr)", '<p>a <br><a href="https://x.fr">l</a></p>'),
        (
            '<div class="encadre" markdown="1">\nDu **gras**\n</div>',
            '<div class="encadre"><p>Du <strong>gras</strong></p></div>',
        ),
        ("*[DINUM]: direction\n\nDINUM", "<p>DINUM</p>"),
        ("```\n<br>\n**a **\n```", "<pre><code>&lt;br&gt; **a ** </code></pre>"),
        # Tables, code, ordinals
        (
            "|A|B|\n|-|-|\n|1|Un mot|",
            '<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td class="amount">1</td>'
            "<td>Un mot</td></tr></tbody></table>",
        ),
        (
            "a[^1]\n\n[^1]: b",
            '<p>a<sup class="footnote-ref"><a href="#fn1" id="fnref1">1</a></sup></p>'
            '<hr class="footnotes-sep"><section class="footnotes"><ol class="footnotes-list">'
            '<li id="fn1" class="footnote-item"><p>b </p></li></ol></section>',
        ),
        ("`x : y`: z", "<p><code>x : y</code>·: z</p>"),
        ("le 1er et la 2ème, le XXIe", "<p>le 1<sup>er</sup> et la 2<sup>e</sup>, le XXI<sup>e</sup></p>"),
        ('<span lang="en">Really: "yes"</span> : oui', '<p><span lang="en">Really: “yes”</span>·: oui</p>'),
    ],
)
def test_markdown(written: str, printed: str) -> None:
    assert flat(html(written)) == printed


@pytest.mark.parametrize(
    ("written", "authors"),
    [
        ("> « C. »\n**Jeanne, ministre**", ["<strong>Jeanne, ministre</strong>"]),
        ("> « C. »\n> **Jeanne, ministre**", ["<strong>Jeanne, ministre</strong>"]),
        ("> « C. »\n>\n> **Jeanne**\n> **Paul**", ["<strong>Jeanne</strong>", "<strong>Paul</strong>"]),
        ("> « C. » {: .auteur}\n**Jeanne** {: .fonction}", ['<strong class="fonction">Jeanne</strong>']),
        ("> « C. »\n> — Jeanne, ministre", ["Jeanne, ministre"]),
        ("> « C. » **Jeanne**", ["<strong>Jeanne</strong>"]),
        ("> « C. »\n>\n> Jeanne\n> {: .auteur}", ["Jeanne"]),
        ("> « A. »\n> <br>\n> « B. »\n> **Jeanne**", ["<strong>Jeanne</strong>"]),
    ],
)
def test_quotes_have_their_authors(written: str, authors: list[str]) -> None:
    printed = flat(html(written))
    footer = "".join(f"<p>{author}</p>" for author in authors)
    assert printed.endswith(f"<footer>{footer}</footer></blockquote>")
    assert "{:" not in printed
    assert "«·" in printed.split("<footer>")[0]


@pytest.mark.parametrize("written", ["> Une phrase **en gras**", "> **Tout en gras**", "> a\n> b"])
def test_quotes_without_author_have_none(written: str) -> None:
    assert "<footer>" not in html(written)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("presse@x.gouv.fr", "mailto:presse@x.gouv.fr"),
        ("mailto:presse@x.gouv.fr?subject=a", "mailto:presse@x.gouv.fr?subject=a"),
        ("/espace-presse/x/", "https://site.fr/espace-presse/x/"),
        ("//x.fr/a", "https://x.fr/a"),
        ("www.x.fr/a", "https://www.x.fr/a"),
        ("https://x.fr/?a=1&b=2", "https://x.fr/?a=1&amp;b=2"),
        ("tel:+33102030405", "tel:+33102030405"),
    ],
)
def test_links(href: str, expected: str) -> None:
    assert f'href="{expected}"' in html(f"[texte]({href})")


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("[t](javascript:alert(1))", "no address, or one that is not allowed"),
        ("[t](page.html)", "incomplete address"),
        ("[t](#absent)", "not in the text"),
        ("[t](https://preprod.x.fr/a)", "pre-production"),
        ("[t](https://x-recette.gouv.fr)", "pre-production"),
        ("[t](http://localhost:4000/)", "pre-production"),
        ("[](https://x.fr)", "no text"),
        ("**gras **: x", "space inside"),
        ("<iframe src='https://x.fr'></iframe>", "no place in a kit"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(written: str, what: str) -> None:
    found = warnings(f"un\n\n{written}\n", first_line=10)
    assert [(what in w.what, w.line) for w in found] == [(True, 12)], found


def test_links_from_the_root_need_the_sites_address() -> None:
    assert "its address is unknown" in warnings("[t](/a)", site_url="")[0].what
    assert html("[t](/a)", site_url="") == "<p>t</p>"


def test_bare_addresses_become_links_whose_text_is_untouched() -> None:
    printed = html("Voir https://x.fr/?a=b;c:d et a@x.fr; Cybermalveillance.gouv.fr")
    assert '<a href="https://x.fr/?a=b;c:d" class="address whole">https://x.fr/?a=b;c:d</a>' in printed
    assert 'href="mailto:a@x.fr"' in printed
    assert printed.count("<a ") == 2


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<div style="background: url(file:///etc/passwd)">x</div>',
        '<svg><image href="file:///etc/passwd"/></svg>',
        "<style>@import 'file:///etc/passwd'</style>",
        '<link rel="attachment" href="file:///etc/passwd">',
        "<base href='file:///'>",
        "<meta http-equiv=refresh content=0>",
        '<p id="kit-end">x</p>',
        '<object data="file:///etc/passwd"></object>',
    ],
)
def test_harmful_html_goes(attack: str) -> None:
    printed = html(f"Avant\n\n{attack}\n\nAprès")
    for trace in ("script", "alert", "etc/passwd", "onerror", "data:", "kit-end", "<link", "<base", "<meta", "url("):
        assert trace not in printed
    assert "Avant" in printed
    assert "Après" in printed


def test_harmless_html_stays() -> None:
    printed = html(
        '<div align="center" style="margin-top: 4em;"><a class="button" href="https://x.fr"><b>Voir</b></a></div>'
    )
    assert 'class="text-center"' in printed
    assert '<a class="button" href="https://x.fr"><b>Voir</b></a>' in printed
    assert "margin" not in printed


@pytest.mark.parametrize(
    ("levels", "expected"),
    [("### ### ##", "h2 h2 h2"), ("# ### ## ####", "h2 h3 h3 h4"), ("## #### ###### ##", "h2 h3 h4 h2")],
)
def test_headings_have_no_gaps(levels: str, expected: str) -> None:
    prose = to_html(
        "\n\n".join(f"{marks} T" for marks in levels.split()), Setting(lang="fr", source="c.md", warn=lambda _w: None)
    )
    assert [f"h{heading.level}" for heading in prose.headings] == expected.split()


def test_images_come_from_the_site_only(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    asked: list[tuple[str, int | None]] = []

    def find(reference: str, line: int | None) -> Path | None:
        asked.append((reference, line))
        return picture if reference == "/a.png" else None

    printed = html("un\n\n![Alt](/a.png)\n\n![x](https://x.fr/b.png)", image=find)
    assert f'<img src="{picture.as_uri()}" alt="Alt">' in printed
    assert printed.count("<img") == 1
    assert asked == [("/a.png", 3), ("https://x.fr/b.png", 5)]


@pytest.mark.parametrize(
    ("alt", "expected"), [("Image décorative", True), ("decorative", True), ("Un décor", False), ("", False)]
)
def test_decorative(alt: str, expected: bool) -> None:
    assert is_decorative(alt) is expected


def test_a_plain_text_is_escaped_and_set() -> None:
    assert typeset("l'« a » <b> & le 1er", "fr") == f"l’«{NARROW}a{NARROW}» &lt;b&gt; &amp; le 1<sup>er</sup>"


def words(printed: str) -> list[str]:
    return re.findall(r"w[0-9]+z", "".join(tree_of(printed).itertext()))


# Constructs around words, each to be filled with other constructs.
INLINE = st.recursive(
    st.just("W"),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(" ".join),
        *(
            inner.map(partial(form.replace, "…"))
            for form in (
                "**…**",
                "*…*",
                "« … »",
                "~~…~~",
                "`W` …",
                "W<br>…",
                "<b>…</b>",
                '<span lang="en">…</span>',
                "[…](https://x.fr)",
                "… beta.gouv.fr",
                "… le 2ème",
            )
        ),
    ),
    max_leaves=5,
)
BLOCK = st.recursive(
    INLINE,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map("\n\n".join),
        inner.map(lambda text: "\n".join(f"> {line}" for line in text.split("\n"))),
        inner.map(lambda text: "- " + text.replace("\n", "\n  ")),
        inner.map(lambda text: "3. " + text.replace("\n", "\n   ")),
        inner.map(lambda text: f"<div>\n\n{text}\n\n</div>"),
        INLINE.map(lambda text: f"## {text}"),
        INLINE.map(lambda text: f"• {text} ;\n• {text}"),
        INLINE.map(lambda text: f"| {text} | W |\n| {text} | W |"),
        INLINE.map(lambda text: f"> {text}\n> **{text}**\n> {text}"),
        INLINE.map(lambda text: f"> « {text} »\n{{: .citation}}\n> {text}\n{{: .auteur-citation}}"),
        INLINE.map(lambda text: f"<ul><li>W</li>W<p>{text}</p><li>W</li></ul>"),
        INLINE.map(lambda text: f"<blockquote>W<p>{text}</p>W<p><b>W</b></p>W</blockquote>"),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(BLOCK)
def test_words_come_out_as_they_went_in_once_and_in_order(text: str) -> None:
    count = itertools.count()
    written = re.sub("W", lambda _match: f"w{next(count)}z", text)
    assert words(html(written)) == re.findall(r"w[0-9]+z", written), written


@settings(max_examples=60)
@given(st.text(alphabet="ab *_>#-`{}:.[]()<br/>\n\t|1é«»", max_size=60))
def test_any_markdown_gives_html_that_keeps_its_letters(text: str) -> None:
    printed = html(text)
    assert printed.count("<p") == printed.count("</p>") + printed.count("<pre")
    assert "<script" not in printed


PICTURE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAADwAAAAoCAIAAAAt2Q6oAAAARUlEQVR4nO3OwQ0AEAAAMUxudDt4nEjaCTrHHt9ZrwM3pCvSFemK"
    "dEW6Il2RrkhXpCvSFemKdEW6Il2RrkhXpCvSFenKAauWANDgd2iYAAAAAElFTkSuQmCC"
)


def test_a_kit_shows_all_of_it_and_keeps_its_claims(site: SiteFolder) -> None:
    body = (
        "Trois mesures :\n• la première ;\n• la deuxième.\n\n3. Trois\n4. Quatre\n\n1) Parenthèse\n\n"
        '<ol type="a" start="2"><p>Chapeau</p><li>lettre</li><h3>Titre</h3></ol>\n\n<li>seul</li>\n\n'
        "> Nous ferons **tout** pour la mer, dit la [présidente](https://x.fr) du port.\n{: .citation}\n"
        "> **Camille**, directrice\n{: .auteur-citation}\n\n"
        f"[![Un graphique]({PICTURE})](https://x.fr) et [`code`](https://x.fr)\n\n"
        "| a | b |\n| c | [d](https://x.fr) |\n\n"
        "<table><tr><td>x<table><tr><td>y</td></tr></table></td></tr></table>\n\n"
        "<dl>z<dt>terme</dt><p>sens</p></dl>\n\nUne[^1], deux[^1].\n\n[^1]: La note.\n"
    )
    site.communique(body=body)
    built = site.build()
    assert built.result.exit_code == 0
    assert "can't claim" not in built.result.output
    tree = check_tree(built.path)
    assert [quote.outline() for quote in tree.find("BlockQuote")] == ["BlockQuote(P(Link) P)"]
    assert [kid.raw.A.ListNumbering for kid in tree.find("L") if "/A" in kid.raw][:4] == [
        "/Disc",
        "/Decimal",
        "/Decimal",
        "/LowerAlpha",
    ]
    text = pdf_text(built.path)
    for shown in (r"3\.\s+Trois", r"4\.\s+Quatre", r"1\)\s+Parenthèse", r"Chapeau\s+b\.\s+lettre", "tout pour la mer"):
        assert re.search(shown, text), shown
    assert sum(page.get_contents().get_data().count(b" Do") for page in built.reader.pages) == 1


@pytest.mark.parametrize(
    "source",
    ["data:image/png;base64,AAAA", "data:text/html,x", "data:,", "data:image/svg+xml,<svg/>", "data:image/png"],
)
def test_pasted_pictures_that_are_none_are_left_out_and_said(source: str) -> None:
    found = warnings(f'un\n\n<img src="{source}" alt="b">')
    assert [("pasted" in problem.what, problem.line) for problem in found] == [(True, 3)]


def test_a_link_that_html_cuts_at_its_blocks_has_a_text() -> None:
    written = '<a href="https://x.fr"><p>a</p><p>b</p></a>'
    assert not warnings(written)
    assert html(written).count('<a href="https://x.fr">') == 2


def test_calls_of_notes_have_no_place_in_lists_of_headings(site: SiteFolder) -> None:
    site.communique("layout: dossier-de-presse\n", "## Mesures de 2025[^1]\n\nTexte.\n\n[^1]: La note.\n")
    built = site.build("--layout", "dossier-de-presse")
    assert built.result.exit_code == 0, built.messages
    assert "Mesures de 2025 " in built.text.replace("\n", " ").split("Sommaire")[1].replace("\t", " ")
    assert "Mesures de 2025" in [title for _level, title, _page in outline(PdfReader(built.path))]


@pytest.mark.parametrize("name", ["center", "form", "fieldset", "legend", "address", "main", "header", "nav", "dialog"])
@pytest.mark.parametrize(
    "written", ["<{0}>un</{0}>deux", "<{0}>un</{0}><{0} class=x>deux</{0}>", "<div>un<{0}>deux</{0}></div>"]
)
def test_what_pages_set_as_blocks_stays_apart(written: str, name: str) -> None:
    assert " ".join(tree_of(html(written.format(name)).replace("<", " <")).itertext()).split() == ["un", "deux"]
    assert "undeux" not in re.sub(r"\s|</?span[^>]*>", "", html(written.format(name)))


def test_what_is_centred_stays_centred() -> None:
    assert 'class="text-center"' in html("<center>un</center>")


@pytest.mark.parametrize("name", ["button", "meter", "progress", "option"])
def test_what_pages_set_apart_in_a_line_stays_apart(name: str) -> None:
    written = f"<form><label>Un</label><{name} value='3'>deux</{name}><label>trois</label></form>"
    assert "".join(tree_of(html(written)).itertext()).split() == ["Un", "deux", "trois"]


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("texte {:.b} suite", 1),
        ("un\n{:.b} suite", 2),
        ("a **b** c\nd {:.b} e", 2),
        ('[a](/b) c {:target="_blank"} d', 1),
    ],
)
def test_attributes_that_are_for_nothing_are_said(written: str, line: int) -> None:
    assert [problem.line for problem in warnings(written) if "right before it" in problem.what] == [line]
    assert "{" not in html(written)


@pytest.mark.parametrize(
    "written", ["**b** {:.b} c", "[a](https://b.fr){:.b}", "texte {:.b}", "- {:.b} un", "# T {:.b}", "a\n{:.b}"]
)
def test_attributes_that_are_for_something_are_not(written: str) -> None:
    assert not [problem for problem in warnings(written) if "right before it" in problem.what]
    assert 'class="b' in html(written)
