"""Liquid in communiqués: filled in, in a sandbox, with a line for what can't be done."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presskit.base.errors import Problem
from presskit.reading.communique import Communique, read_communique
from presskit.reading.liquid import expand
from presskit.reading.settings import read_site
from presskit.reading.site import Site
from tests.conftest import SiteFolder

CONFIG = (
    "title: Le site\nurl: https://ex.fr\nbaseurl: /b\nouvert: false\ncompte: 3\ntel: '0610604117'\nreseaux: {m: '@a'}\n"
)


def filled(site: SiteFolder, body: str, extra: str = "") -> tuple[Communique, list[Problem], set[str]]:
    if not (site.root / "_config.yml").exists():
        site.write("_config.yml", CONFIG)
    path = site.communique(extra, body, "_communiques/2022-11-29-un-communique.md")
    settings = read_site(site.root, lambda _problem: None)
    warnings: list[Problem] = []
    used: set[str] = set()
    communique = read_communique(path.read_bytes(), path.name, path.parent, warn=warnings.append, site=settings)
    communique = expand(
        communique, settings, lambda p: used.add(p.relative_to(site.root).as_posix()), warn=warnings.append
    )
    return communique, warnings, used


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("{{ site.title }} {{site.url}}", "Le site https://ex.fr"),
        ("{{ page.title }}, {{ page.perso }}", "Un titre : celui du communiqué, oui"),
        ("{{ site.reseaux.m }}", "@a"),
        ("{% if site.ouvert %}oui{% else %}non{% endif %}", "non"),
        ("{% if site.compte > 2 %}assez{% endif %}", "assez"),
        ("{{ site.tel }}", "0610604117"),
        ("a{% comment %} rien {% inconnu %}{% endcomment %}b", "ab"),
        ("{% raw %}{{ brut }}{% endraw %}", "{{ brut }}"),
        ("{% assign x = 'y' %}{{ x | upcase }}", "Y"),
        ("{{ '/x' | relative_url }} {{ '/x' | absolute_url }}", "/b/x https://ex.fr/b/x"),
        ("{% include mot.html nom='Léa' titre=page.title %}", "Bonjour Léa, Un titre : celui du communiqué"),
        ("{% link _posts/2021-02-03-billet.md %}", "/b/2021/02/03/billet.html"),
        ("{% post_url 2021-02-03-billet %}", "/b/2021/02/03/billet.html"),
        ("{% link uploads/a.pdf %}", "/b/uploads/a.pdf"),
        ("{{ page.url }}", "/communiques/un-communique.html"),
        ("{% for m in site.data.equipe.noms %}{{ m }},{% endfor %}", "Ana,Bob,"),
        ("{{ site.data.plan.titre }}", "JSON"),
        ("{% if page.absent %}x{% endif %}{{ page.absent | default: 'défaut' }}", "défaut"),
    ],
)
def test_what_sites_use(site: SiteFolder, body: str, text: str) -> None:
    site.write("presskit.toml", 'other-keys = ["perso"]')
    site.write("_includes/mot.html", "Bonjour {{ include.nom }}, {{ include.titre }}")
    site.write("_posts/2021-02-03-billet.md", "---\ntitle: Billet\n---\nx")
    site.write("uploads/a.pdf", "x")
    site.write("_data/equipe.yml", "noms: [Ana, Bob]\n")
    site.write("_data/plan.json", '{"titre": "JSON"}')
    communique, warnings, _used = filled(site, body, "perso: oui\n")
    assert communique.body == text
    assert warnings == []


@pytest.mark.parametrize(
    ("tag", "what"),
    [
        ("{% youtube abc %}", "does not know “youtube”"),
        ("{{ 'a' | inconnu }}", "does not know “inconnu”"),
        ("{{ page.absent }}", "“page.absent” has no value"),
        ("{% for p in site.posts %}{{ p }}{% endfor %}", "“site.posts” has no value"),
        ("{{< figure src='x' >}}", "can't be understood"),
        ("{% include absent.html %}", "“_includes/absent.html” is not there"),
        ("{% include ../_config.yml %}", "is not there"),
        ("{% link ../../etc/passwd %}", "is not there"),
        ("{% link absent.md %}", "“absent.md” is not there"),
        ("{% for i in (1..9999999) %}{% for j in (1..9999999) %}x{% endfor %}{% endfor %}", "can't be understood"),
        ("{% for i in (1..3000000) %}{% assign x = i %}{% endfor %}", "can't be understood"),
        ("{% link ../dehors.md %}", "is not there"),
        ("{% include boucle.html %}", "can't be understood"),
        ("{{ page.title.__class__ }}", "has no value"),
        ("{{ ouvert sans fin", "can't be understood"),
    ],
)
def test_what_it_cannot_do_is_a_warning_with_its_line(site: SiteFolder, tag: str, what: str) -> None:
    site.write("_includes/boucle.html", "{% include boucle.html %}")
    (site.root.parent / "dehors.md").write_text("---\ntitle: Dehors\n---\n", "utf-8")
    communique, warnings, _used = filled(
        site, f"Avant.\n\n{{% comment %}}\nrien\n{{% endcomment %}}\n\n{tag}\n\nAprès."
    )
    assert any(what in problem.what for problem in warnings), warnings
    (line,) = {problem.line for problem in warnings if problem.file.startswith("2022")} or {None}
    # The front matter has six lines, the tag is on the seventh of the body.
    assert line in (14, None)
    assert (line is None) == (tag.startswith("{% include boucle"))
    assert not re.search(r"\{\{|\{%|%\}|\}\}", communique.body)
    assert communique.body.startswith("Avant.")


def test_lines_are_those_of_the_file(site: SiteFolder) -> None:
    site.write("_includes/deux.html", "un\n\ndeux")
    communique, _warnings, _used = filled(site, "a\n{% comment %}\n\n{% endcomment %}\nb\n\n{% include deux.html %}\nc")
    placed = [(line, text) for line, text in zip(communique.lines, communique.body.split("\n"), strict=True) if text]
    assert placed == [(8, "a"), (12, "b"), (14, "un"), (14, "deux"), (15, "c")]


def test_lines_hold_where_spaces_are_trimmed(site: SiteFolder) -> None:
    communique, _warnings, _used = filled(site, "a\n\n{%- comment -%}x{%- endcomment -%}\n\nb\nc")
    assert communique.body == "ab\nc"
    assert communique.lines[-1] == 13


def test_later_warnings_keep_their_lines(site: SiteFolder) -> None:
    site.write("_config.yml", CONFIG)
    body = "{% comment %}\n1\n2\n3\n{% endcomment %}\n\n**gras **: {{ site.title }}"
    site.communique("", body, "_communiques/a.md")
    built = site.build(source="_communiques/a.md")
    assert "a.md:14: “**gras**” has a space" in built.messages
    assert "Le site" in built.text


def test_files_that_are_used_are_told(site: SiteFolder) -> None:
    site.write("_includes/a.html", "x")
    site.write("_data/d.yml", "a: 1")
    _communique, _warnings, used = filled(site, "{% include a.html %}{{ site.data.d.a }}")
    assert used == {"_config.yml", "_includes/a.html", "_data/d.yml"}


@pytest.mark.parametrize("config", [None, "render_with_liquid: false"])
def test_braces_are_text_where_there_is_no_liquid(site: SiteFolder, config: str | None) -> None:
    site.write("presskit.toml", "liquid = false\n" if config is None else 'other-keys = ["render_with_liquid"]')
    communique, warnings, _used = filled(site, "{{ site.title }}", f"{config}\n" if config else "")
    assert communique.body == "{{ site.title }}"
    assert warnings == []


def test_braces_are_text_outside_of_sites(site: SiteFolder) -> None:
    site.communique("", "{{ 7 * 7 }} {% tag %}")
    assert "{{ 7 * 7 }} {% tag %}" in site.build().text


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(["{{", "}}", "{%", "%}", "-", " if ", "endif", "for x in y", "include", " a.b", "|", "\n", "é"])
    )
)
def test_nothing_breaks_it(pieces: list[str]) -> None:
    body = "".join(pieces)
    site = Site(root=Path("/nowhere"), liquid=True)
    communique = Communique(source="a.md", folder=Path("/nowhere"), title="T", date=date(2026, 1, 1), body=body)
    expanded = expand(communique, site, lambda _path: None, warn=lambda _problem: None)
    assert len(expanded.lines) in (0, expanded.body.count("\n") + 1)
