"""Which communiqués are meant by files, folders, patterns and sites."""

from pathlib import Path

import pytest

from presskit.base.errors import PresskitError
from presskit.reading.site import Site
from presskit.reading.sources import STANDARD, Sites, Source, collect, is_several, refuse_twins
from tests.conftest import SiteFolder


def names(site: SiteFolder, *arguments: str) -> list[str]:
    """The communiqués that arguments stand for, from the site's root."""
    sources = collect([str(site.root / argument) for argument in arguments], Sites("", lambda _problem: None))
    return [source.path.resolve().relative_to(site.root.resolve()).as_posix() for source in sources]


@pytest.fixture
def jekyll(site: SiteFolder) -> SiteFolder:
    site.write("_config.yml", "collections: {notes: {output: true}, equipe: {output: false}}\n")
    for name in (
        "_communiques/b.md",
        "_communiques/2022/a.markdown",
        "_communiques/.cache/x.md",
        "_communiques/photo.jpg",
        "_posts/2022-01-01-p.md",
        "_notes/n.md",
        "_equipe/e.md",
        "_drafts/d.md",
        "index.md",
        "README.md",
        "_site/c.md",
    ):
        site.write(name, "---\ntitle: T\n---\n")
    return site


def test_a_jekyll_site_is_its_published_collections(jekyll: SiteFolder) -> None:
    assert names(jekyll, ".") == [
        "_posts/2022-01-01-p.md",
        "_communiques/2022/a.markdown",
        "_communiques/b.md",
        "_notes/n.md",
        "_drafts/d.md",
    ]
    drafts = [source.path.name for source in collect([str(jekyll.root)], Sites("", print)) if source.draft]
    assert drafts == ["d.md"]


def test_folders_and_patterns(jekyll: SiteFolder) -> None:
    assert names(jekyll, "_communiques") == ["_communiques/2022/a.markdown", "_communiques/b.md"]
    assert names(jekyll, "_communiques/*.md") == ["_communiques/b.md"]
    assert names(jekyll, "_communiques/**/*.m*") == ["_communiques/2022/a.markdown", "_communiques/b.md"]


def test_each_communique_comes_once(jekyll: SiteFolder) -> None:
    assert names(jekyll, "_communiques/b.md", "_communiques", "_communiques/../_communiques/b.md") == [
        "_communiques/b.md",
        "_communiques/2022/a.markdown",
    ]


@pytest.mark.parametrize("pattern", ["content/presse/**/*.md", "src/press/*.md"])
def test_hugo_and_eleventy_say_where(site: SiteFolder, pattern: str) -> None:
    site.write("presskit.toml", f'content = ["{pattern}"]\n')
    for name in (
        "content/presse/2026/titre/index.md",
        "content/presse/2026/autre.md",
        "content/presse/_index.md",
        "content/blog/x.md",
        "src/press/a.md",
        "src/press/style.css",
    ):
        site.write(name, "---\ntitle: T\n---\n")
    hugo = ["content/presse/2026/autre.md", "content/presse/2026/titre/index.md"]
    assert names(site, ".") == (hugo if "content" in pattern else ["src/press/a.md"])


def test_a_pattern_stays_in_the_site(site: SiteFolder) -> None:
    site.write("presskit.toml", 'content = ["../*.md"]\n')
    with pytest.raises(PresskitError, match="outside the site"):
        names(site, ".")


def test_any_other_site_is_all_its_pages(site: SiteFolder) -> None:
    for name in ("presskit.toml", "a.md", "sous/b.md", "node_modules/x/README.md", "layouts/l/c.md"):
        site.write(name, "")
    assert names(site, ".") == ["a.md", "sous/b.md"]


@pytest.mark.parametrize("argument", [".", "*.md", "absent-*.md"])
def test_nothing_there_is_an_error(site: SiteFolder, argument: str) -> None:
    with pytest.raises(PresskitError, match="no communiqué"):
        names(site, argument)


def test_links_do_not_lead_out_of_the_site(site: SiteFolder, tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("ailleurs") / "secret.md"
    secret.write_text("---\ntitle: Secret\n---\n", "utf-8")
    site.write("_config.yml", "")
    site.write("_communiques/a.md", "")
    (site.root / "_communiques" / "b.md").symlink_to(secret)
    (site.root / "_communiques" / "c.md").symlink_to("a.md")
    assert names(site, ".") == ["_communiques/a.md"]
    assert names(site, "_communiques") == ["_communiques/a.md"]
    site.write("presskit.toml", 'content = ["_communiques/*.md"]\n')
    assert names(site, ".") == ["_communiques/a.md"]


@pytest.mark.parametrize(
    ("path", "kit"),
    [
        ("a/2022-11-29-titre.md", "2022-11-29-titre.pdf"),
        ("a/titre/index.md", "titre.pdf"),
        ("a/titre/index.en.md", "titre.en.pdf"),
        ("a/titre.en.md", "titre.en.pdf"),
        ("a/indexes.md", "indexes.pdf"),
    ],
)
def test_the_name_of_a_kit(path: str, kit: str) -> None:
    assert Source(name=path, path=Path(path), site=Site(root=Path())).kit == kit


def test_standard_input_has_a_name_too() -> None:
    assert Source(name=STANDARD, path=Path("x.md"), site=Site(root=Path())).kit == "communique.pdf"


@pytest.mark.parametrize(
    ("one", "two", "twins"),
    [
        ("a/x.md", "b/x.md", True),
        ("a/É.md", "b/e\u0301.md", True),
        ("a/x.md", "b/X.markdown", True),
        ("a/x/index.md", "b/x.md", True),
        ("a/x.md", "b/y.md", False),
    ],
)
def test_two_kits_of_one_name_are_refused_on_any_system(one: str, two: str, twins: bool) -> None:
    sources = [Source(name=name, path=Path(name), site=Site(root=Path())) for name in (one, two)]
    if twins:
        with pytest.raises(PresskitError) as caught:
            refuse_twins(sources)
        assert one in str(caught.value)
        assert two in str(caught.value)
    else:
        refuse_twins(sources)


def test_what_may_be_several(site: SiteFolder) -> None:
    site.write("a[1].md", "x")
    assert is_several(["a.md", "b.md"])
    assert is_several([str(site.root)])
    assert is_several(["a*.md"])
    assert not is_several(["a.md"])
    # A name with brackets that is there is that file.
    assert not is_several([str(site.root / "a[1].md")])
