"""Sites: where files are found, and never found; brand and defaults."""

from pathlib import Path

import pytest

from presskit.base.errors import PresskitError, Problem
from presskit.reading.contacts import Contact
from presskit.reading.settings import read_site
from presskit.reading.site import Finding, NotFound, Site, find_root
from tests.conftest import SiteFolder


def read(root: Path) -> Site:
    warnings: list[Problem] = []
    site = read_site(root, warnings.append)
    assert warnings == []
    return site


@pytest.mark.parametrize(
    ("stored", "reference"),
    [
        ("uploads/a b.pdf", "/uploads/a%20b.pdf"),
        ("uploads/é.pdf", "/uploads/%C3%A9.pdf"),
        ("uploads/e\u0301.pdf", "/uploads/é.pdf"),
        ("uploads/é.pdf", "/uploads/e\u0301.pdf"),
        ("_uploads/x.pdf", "/uploads/x.pdf"),
        ("uploads/100%25.pdf", "/uploads/100%25.pdf"),
        ("uploads/x.pdf", "x.pdf"),
        ("_communiques/x.pdf", "x.pdf"),
        ("_communiques/x.pdf", "./x.pdf"),
        ("uploads/x.pdf", "../uploads/x.pdf"),
        ("uploads/x.pdf", "https://site.fr/uploads/x.pdf?v=2"),
    ],
)
def test_files_are_found(site: SiteFolder, stored: str, reference: str) -> None:
    path = site.write(stored, b"x")
    beside = site.root / "_communiques"
    beside.mkdir(exist_ok=True)
    found = Site(root=site.root, url="https://site.fr").find(reference, beside)
    assert isinstance(found, Path), found
    assert found.samefile(path)


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("../secret.txt", Finding.OUTSIDE),
        ("/../secret.txt", Finding.OUTSIDE),
        ("%2e%2e/secret.txt", Finding.OUTSIDE),
        ("/uploads/..%2f..%2fsecret.txt", Finding.OUTSIDE),
        ("/uploads/link.txt", Finding.OUTSIDE),
        ("/etc/passwd", Finding.MISSING),
        ("file:///etc/passwd", Finding.NETWORK),
        ("https://ailleurs.fr/x.pdf", Finding.NETWORK),
        ("//ailleurs.fr/x.pdf", Finding.NETWORK),
        ("data:text/plain,x", Finding.NETWORK),
        ("/uploads/", Finding.MISSING),
        ("/uploads/\0.pdf", Finding.MISSING),
    ],
)
def test_nothing_is_read_outside(tmp_path: Path, reference: str, why: Finding) -> None:
    root = tmp_path / "site"
    (root / "uploads").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret")
    (root / "uploads" / "link.txt").symlink_to(tmp_path / "secret.txt")
    found = Site(root=root).find(reference, root)
    assert isinstance(found, NotFound)
    assert found.why is why


def test_a_missing_file_tells_where_it_was_sought_and_what_looks_like_it(site: SiteFolder) -> None:
    site.write("uploads/dossier-2022.pdf", b"x")
    found = Site(root=site.root).find("/uploads/dosier-2022.pdf", site.root)
    assert isinstance(found, NotFound)
    assert found.close == "dossier-2022.pdf"
    assert set(found.searched) == {"“uploads/”", "“_uploads/”"}


def test_a_communique_outside_of_its_site_finds_the_sites_files_only(tmp_path: Path) -> None:
    (tmp_path / "site" / "uploads").mkdir(parents=True)
    (tmp_path / "ailleurs").mkdir()
    (tmp_path / "ailleurs" / "x.pdf").write_bytes(b"x")
    found = Site(root=tmp_path / "site").find("x.pdf", tmp_path / "ailleurs")
    assert isinstance(found, NotFound)
    assert found.why is Finding.MISSING
    (tmp_path / "site" / "uploads" / "x.pdf").write_bytes(b"x")
    assert isinstance(Site(root=tmp_path / "site").find("x.pdf", tmp_path / "ailleurs"), Path)


def test_the_root_is_the_nearest_folder_with_a_configuration(tmp_path: Path) -> None:
    deep = tmp_path / "site" / "_communiques" / "2022"
    deep.mkdir(parents=True)
    assert find_root(deep / "c.md") == deep.resolve()
    (tmp_path / "site" / "_config.yml").write_text("url: https://x.fr")
    assert find_root(deep / "c.md") == (tmp_path / "site").resolve()


def test_brand(site: SiteFolder) -> None:
    site.write("brand/logo.svg", "<svg/>")
    site.write(
        "presskit.toml",
        """url = "https://x.fr/"
[brand]
organisation = "L'organisme"
sous-organisation = "Le service"
logo = "brand/logo.svg"
ville = "Paris"
address = ["1, rue X", "75001 Paris"]
boilerplate = "À propos"
[brand.colors]
primary = "#000091"
[brand.polices]
titres = "Marianne"
[brand.contact]
name = "Presse"
tel = "01 02 03 04 05"
""",
    )
    read_brand = read(site.root).brand
    assert (read_brand.organisation, read_brand.sub_organisation, read_brand.city) == (
        "L'organisme",
        "Le service",
        "Paris",
    )
    assert read_brand.logo == (site.root / "brand/logo.svg").resolve()
    assert read_brand.address == ("1, rue X", "75001 Paris")
    assert read_brand.colours["primary"] == "#000091"
    assert read_brand.fonts == {"text": "Spectral", "headings": "Marianne"}
    assert read_brand.contacts == (Contact(name="Presse", phones=("01 02 03 04 05",)),)


def test_no_configuration_is_a_neutral_brand(site: SiteFolder) -> None:
    assert read(site.root) == Site(root=site.root)


def test_all_brand_problems_come_together(site: SiteFolder) -> None:
    site.write(
        "presskit.toml",
        'timezone = "Paris"\n[brand]\nlogo = "absent.svg"\n[brand.colours]\nprimary = "bleu; } * { x"\n'
        '[brand.fonts]\nfolder = "../.."\n[brand.contact]\nemail = "non"\n',
    )
    with pytest.raises(PresskitError) as caught:
        read(site.root)
    assert {problem.field for problem in caught.value.problems} == {
        "timezone",
        "brand.logo",
        "brand.colours.primary",
        "brand.fonts.folder",
        "brand.contact.email",
    }


def test_broken_toml_says_its_line(site: SiteFolder) -> None:
    site.write("presskit.toml", "[brand]\ncity = Paris\n")
    with pytest.raises(PresskitError) as caught:
        read(site.root)
    assert (caught.value.problems[0].file, caught.value.problems[0].line) == ("presskit.toml", 2)


CONFIG = """title: Le site
url: https://site.fr
timezone: Europe/Paris
contact-presse: {{name: Au sommet}}
defaults:
- scope: {{type: communiques}}
  values: {{contact-presse: {{name: Par type}}}}
- scope: {{path: _posts, type: posts}}
  values: {{contact-presse: {{name: Des billets}}}}
{extra}
"""


@pytest.mark.parametrize(
    ("path", "extra", "name"),
    [
        ("_communiques/c.md", "", "Par type"),
        ("c.md", "", "Par type"),
        ("_posts/c.md", "", "Des billets"),
        ("_autres/c.md", "", "Au sommet"),
        (
            "_communiques/2022/c.md",
            "- scope: {path: _communiques/2022}\n  values: {contact-presse: {name: Par chemin}}",
            "Par chemin",
        ),
    ],
)
def test_the_default_contact_is_the_most_specific(site: SiteFolder, path: str, extra: str, name: str) -> None:
    site.write("_config.yml", CONFIG.format(extra=extra))
    settings = read(site.root)
    assert settings.brand.organisation == "Le site"
    assert settings.defaults_for(site.root / path)["contact-presse"]["name"] == name


def test_defaults_by_folder_in_presskit_toml(site: SiteFolder) -> None:
    site.write("_config.yml", "contact-presse: {name: Au sommet}\ndefaults:\n- values: {lang: fr, tags: [a]}\n")
    site.write(
        "presskit.toml",
        '[[defaults]]\npath = "content/en"\nvalues = { lang = "en", layout = "dossier-de-presse" }\n',
    )
    site.communique(name="content/en/a.md")
    settings = read(site.root)
    assert settings.defaults_for(site.root / "content" / "en" / "a.md") == {
        "contact-presse": {"name": "Au sommet"},
        "lang": "en",
        "tags": ["a"],
        "layout": "dossier-de-presse",
    }
    assert settings.defaults_for(site.root / "content" / "fr" / "a.md")["lang"] == "fr"


def test_defaults_without_values_are_an_error(site: SiteFolder) -> None:
    site.write("presskit.toml", '[[defaults]]\npath = "en"\n')
    with pytest.raises(PresskitError) as caught:
        read(site.root)
    assert caught.value.problems[0].field == "defaults[1].values"


@pytest.mark.parametrize(
    ("toml", "file", "address"),
    [
        ("", "static/uploads/a.pdf", "https://ex.fr/uploads/a.pdf"),
        ('static = ["src", "public/"]\n', "public/uploads/a.pdf", "https://ex.fr/uploads/a.pdf"),
        ("", "_uploads/a.pdf", "https://ex.fr/uploads/a.pdf"),
        ("", "uploads/a.pdf", "https://ex.fr/uploads/a.pdf"),
    ],
)
def test_folders_that_the_web_site_serves_at_its_root(site: SiteFolder, toml: str, file: str, address: str) -> None:
    site.write("presskit.toml", f'url = "https://ex.fr"\n{toml}')
    site.write(file, "x")
    settings = read(site.root)
    found = settings.find("/uploads/a.pdf", site.root / "content")
    assert found == (site.root / file).resolve()
    assert settings.public_address(found) == address


@pytest.mark.parametrize(
    ("config", "toml", "liquid"),
    [
        ("title: x\n", "", True),
        ("title: x\n", "liquid = false\n", False),
        ("", "", False),
        ("", "liquid = true\n", True),
        ("", 'content = ["a/*.md"]\n', True),
    ],
)
def test_where_texts_are_liquid(site: SiteFolder, config: str, toml: str, liquid: bool) -> None:
    if config:
        site.write("_config.yml", config)
    site.write("presskit.toml", toml)
    assert read(site.root).liquid is liquid


@pytest.mark.parametrize("key", ["lang", "language", "locale"])
def test_the_language_of_a_jekyll_site(site: SiteFolder, key: str) -> None:
    site.write("_config.yml", f"{key}: en\nfuture: true\n")
    assert (read(site.root).lang, read(site.root).future) == ("en", True)


def test_a_language_and_a_country_are_codes(site: SiteFolder) -> None:
    site.write("presskit.toml", '[brand]\ncountry = "Belgique"\n')
    warnings: list[Problem] = []
    assert read_site(site.root, warnings.append).brand.country == "FR"
    assert [(one.line, one.what) for one in warnings] == [(2, "“Belgique” is not a country code.")]
    site.write("presskit.toml", 'lang = "français"\n')
    with pytest.raises(PresskitError, match="is not a language code") as caught:
        read_site(site.root, warnings.append)
    assert caught.value.problems[0].line == 1


@pytest.mark.parametrize(("values", "fails"), [('lang = "en"', False), ('embargo = "2099-01-01"', True)])
def test_defaults_for_no_file_are_told_of(site: SiteFolder, values: str, fails: bool) -> None:
    site.communique(name="_communiques/c.md")
    for path, wrong in (("_comuniques", True), ("_communiques", False), ("_communiques/*", False), ("", False)):
        site.write("presskit.toml", f'[[defaults]]\npath = "{path}"\nvalues = {{{values}}}\n')
        said: list[Problem] = []
        try:
            read_site(site.root, said.append)
        except PresskitError as error:
            assert fails
            said += error.problems
        assert ["_comuniques" in problem.what for problem in said] == [True] * wrong


def test_defaults_in_single_brackets_are_defaults(site: SiteFolder) -> None:
    site.communique(name="_communiques/c.md")
    site.write("presskit.toml", '[defaults]\npath = "_communiques"\nvalues = {draft = true}\n')
    assert read(site.root).defaults_for(site.root / "_communiques/c.md") == {"draft": True}


@pytest.mark.parametrize(
    ("setting", "line", "field", "what", "remedy"),
    [
        ('url = "presse.example.org"', 1, "url", "is not a web address", 'url = "https://presse.example.org"'),
        ('[room]\nurl = "presse"', 2, "room.url", "is not a web address", 'url = "https://'),
        ("url = ['a', 'b']", 1, "url", "a single text", 'url = "…"'),
        ("other-keys = {a = 'b'}", 1, "other-keys", "a list of texts", 'other-keys = ["…", "…"]'),
        ("[other-keys]\na = 'b'", 1, "other-keys", "a list of texts", 'other-keys = ["…", "…"]'),
        ("other-keys = true", 1, "other-keys", "a list of texts", 'other-keys = ["…", "…"]'),
        ("limits = 3", 1, "limits", "a table is expected here", "[limits] on a line of its own"),
    ],
)
def test_a_wrong_setting_has_its_line_and_its_remedy_in_toml(
    site: SiteFolder, setting: str, line: int, field: str, what: str, remedy: str
) -> None:
    site.write("presskit.toml", f"{setting}\n")
    with pytest.raises(PresskitError) as caught:
        read(site.root)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.field) == ("presskit.toml", line, field)
    assert what in problem.what and remedy in problem.remedy


def test_an_address_without_its_scheme_in_jekylls_settings_is_not_used(site: SiteFolder) -> None:
    site.write("_config.yml", "title: A\nurl: www.example.org\n")
    warnings: list[Problem] = []
    assert read_site(site.root, warnings.append).url == ""
    (problem,) = warnings
    assert (problem.file, problem.line) == ("_config.yml", 2)
    assert problem.remedy.endswith("url: https://www.example.org")


def test_what_is_wrong_by_default_is_told_where_it_is_written(site: SiteFolder) -> None:
    site.write("_config.yml", "defaults:\n- scope: {path: ''}\n  values:\n    lang: fr\n    tags: [{a: b}]\n")
    site.write(
        "presskit.toml",
        "[[defaults]]\npath = 'other'\nvalues = {date = 'x'}\n\n[[defaults]]\n[defaults.values]\nlang = 'français'\n"
        "[[defaults.values.files]]\nfile = 'a.pdf'\nas = 'poste'\n",
    )
    (site.root / "other").mkdir()
    site.communique()
    messages = site.build().messages
    for place in (
        "presskit.toml:7, field “lang”",
        "presskit.toml:10, field “files[1].as”",
        "_config.yml:5, field “tags”",
    ):
        assert f"error: {place}" in messages
    site.write("presskit.toml", "[[defaults]]\nvalues = {lang = 'français'}\n")
    assert "error: presskit.toml:2, field “lang”" in site.build().messages


@pytest.mark.parametrize("path", ["_communiques", "_communiques/*.md", "/_communiques/", "brouillons", "lien"])
@pytest.mark.parametrize("named", ["_communiques/2026-01-01-plan.md", "lien/2026-01-01-plan.md"])
def test_what_a_link_has_by_default_is_what_either_of_its_places_has(site: SiteFolder, path: str, named: str) -> None:
    site.communique(name="brouillons/plan.md")
    (site.root / "_communiques").mkdir()
    (site.root / "_communiques/2026-01-01-plan.md").symlink_to("../brouillons/plan.md")
    (site.root / "lien").symlink_to("_communiques")
    site.write("_config.yml", "title: A\n")
    site.write("presskit.toml", f"[[defaults]]\npath = '{path}'\nvalues = {{embargo = '2026-12-24 06:00'}}\n")
    communique = site.root / named
    found = read(find_root(communique)).defaults_for(communique)
    if path != "lien" or named.startswith("lien"):
        assert found == {"embargo": "2026-12-24 06:00"}


def test_a_link_to_a_file_elsewhere_is_of_the_site_where_it_stands(site: SiteFolder, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "presskit.toml").touch()
    (elsewhere / "a.md").touch()
    site.write("site/presskit.toml", "")
    (site.root / "site/a.md").symlink_to(elsewhere / "a.md")
    assert find_root(site.root / "site/a.md") == (site.root / "site").resolve()


def test_jekylls_folder_of_all_collections_is_left_out_of_paths(site: SiteFolder) -> None:
    site.communique(name="contenus/_communiques/a.md")
    site.write("_config.yml", "title: A\ncollections_dir: contenus\n")
    site.write("presskit.toml", "[[defaults]]\npath = '/_communiques/'\nvalues = {embargo = '2026-12-24'}\n")
    assert read(site.root).defaults_for(site.root / "contenus/_communiques/a.md") == {"embargo": "2026-12-24"}
