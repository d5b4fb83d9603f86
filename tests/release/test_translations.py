"""Which communiqués are translations of each other."""

from datetime import UTC, datetime

import pytest

from presskit.reading.settings import read_site
from presskit.reading.sources import Source, of_site
from presskit.release.translations import Families, families
from tests.conftest import SiteFolder, pdf_text, unpacked

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def write(site: SiteFolder, name: str, title: str, extra: str) -> None:
    site.write(f"_communiques/{name}", f"---\ntitle: {title}\ndate: 2026-01-02\n{extra}\n---\nx")


def found(site: SiteFolder) -> tuple[Families, dict[str, list[str]]]:
    site.write("_config.yml", "url: https://example.org\n")
    sources: list[Source] = list(of_site(site.root, read_site(site.root, lambda _problem: None)))
    result = families(sources)
    return result, {path.name: [kin.title for kin in kin_] for path, kin_ in result.kin.items()}


@pytest.mark.parametrize("named", ["a", "a.md", "_communiques/a", "/_communiques/a.md", "../_communiques/a.md"])
def test_an_original_is_named_by_its_file(site: SiteFolder, named: str) -> None:
    write(site, "a.md", "A", "lang: fr")
    write(site, "b.md", "B", f"lang: en\ntranslation-of: {named}")
    write(site, "c.md", "C", "lang: de\ntraduction-de: b.md")
    write(site, "d.md", "D", "tags: [x]")
    assert found(site)[1] == {"a.md": ["C", "B"], "b.md": ["C", "A"], "c.md": ["B", "A"]}


def test_a_common_ref_does_as_well_and_both_join(site: SiteFolder) -> None:
    write(site, "a.md", "A", "ref: x")
    write(site, "b.md", "B", "lang: en\nref: x")
    write(site, "c.md", "C", "lang: de\ntranslation-of: x")
    write(site, "d.md", "D", "ref: y")
    assert found(site)[1] == {"a.md": ["C", "B"], "b.md": ["C", "A"], "c.md": ["B", "A"]}


def test_an_original_that_is_not_there_is_said(site: SiteFolder) -> None:
    site.write("_config.yml", "")
    write(site, "b.md", "B", "translation-of: rien")
    built = site.build(source="_communiques/b.md")
    assert "“rien” is not a communiqué of this site" in built.messages
    assert built.result.exit_code == 0


def test_one_is_no_translation_of_itself(site: SiteFolder) -> None:
    write(site, "b.md", "B", "translation-of: b.md")
    result, kin = found(site)
    assert kin == {}
    assert len(result.problems) == 1


def test_what_is_not_out_is_not_named(site: SiteFolder) -> None:
    site.write("_config.yml", "")
    write(site, "a.md", "Le titre", "ref: x")
    write(site, "b.md", "Secret title", "lang: en\nref: x\nembargo: 2999-01-01")
    write(site, "c.md", "Entwurf", "lang: de\nref: x\ndraft: true")
    write(site, "d.md", "Retirado", "lang: es\nref: x\nwithdrawn: true")
    built = site.build(source="_communiques/a.md")
    assert built.result.exit_code == 0
    octets = unpacked(built.path)
    text = pdf_text(built.path)
    for title in ("Secret title", "Entwurf", "Retirado"):
        assert title not in text
        assert title.encode() not in octets
    # One under the same embargo names the others that are out by then.
    assert "Le titre" in site.build("--drafts", source="_communiques/b.md").text


def test_beside_a_communique_of_no_site_its_folder_is_looked_at(site: SiteFolder) -> None:
    site.write("a.md", "---\ntitle: Le titre\ndate: 2026-01-02\n---\nx")
    site.write("b.md", "---\ntitle: The title\ndate: 2026-01-02\nlang: en\ntranslation-of: a.md\n---\nx")
    assert "Other languages: Français (Le titre)" in " ".join(site.build(source="b.md").text.split())
    assert "Autres langues : English (The title)" in " ".join(site.build(source="a.md").text.split())
