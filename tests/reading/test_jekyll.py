"""Jekyll's rules: which collections, which defaults, which addresses."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.reading import jekyll

DEFAULTS = {
    "defaults": [
        {
            "scope": {"path": "_communiques/2022", "type": "communiques"},
            "values": {"lang": "en", "une": {"credit": "C"}},
        },
        {"scope": {"path": ""}, "values": {"lang": "fr", "tags": ["a"], "une": {"credit": "A", "alt": "B"}}},
        {"scope": {"path": "", "type": "communiques"}, "values": {"lang": "de"}},
        {"scope": {"path": "", "type": "posts"}, "values": {"lang": "es"}},
        {"scope": {"path": "_communiques/*/special"}, "values": {"special": "oui"}},
    ]
}


@pytest.mark.parametrize(
    ("path", "lang"),
    [
        ("_communiques/2022/a.md", "en"),
        ("_communiques/2023/a.md", "de"),
        ("_communiques/2022b/a.md", "de"),
        ("_posts/2022-01-01-a.md", "es"),
        ("_autres/a.md", "fr"),
        ("a.md", "de"),
    ],
)
def test_the_most_specific_default_wins(path: str, lang: str) -> None:
    assert jekyll.defaults(DEFAULTS, path)["lang"] == lang


def test_nested_defaults_are_joined() -> None:
    values = jekyll.defaults(DEFAULTS, "_communiques/2022/a.md")
    assert values == {"lang": "en", "tags": ["a"], "une": {"credit": "C", "alt": "B"}}


def test_what_is_left_empty_takes_nothing_away() -> None:
    under = {"a": "1", "b": {"c": "2"}}
    assert jekyll.joined(under, {"a": None, "b": {"c": None}, "d": None}) == {"a": "1", "b": {"c": "2"}, "d": None}
    assert jekyll.joined(under, {"a": "", "b": "3"}) == {"a": "", "b": "3"}


def test_a_star_stands_for_one_name() -> None:
    assert jekyll.defaults(DEFAULTS, "_communiques/x/special/a.md")["special"] == "oui"
    assert "special" not in jekyll.defaults(DEFAULTS, "_communiques/x/y/special/a.md")


def test_of_two_alike_the_later_wins() -> None:
    config = {"defaults": [{"scope": {"path": ""}, "values": {"a": n}} for n in ("1", "2")]}
    assert jekyll.defaults(config, "a.md") == {"a": "2"}


def test_collections_may_have_a_folder_of_their_own() -> None:
    config = {"collections_dir": "collections", "defaults": [{"scope": {"path": "_posts"}, "values": {"a": "1"}}]}
    assert jekyll.folder_of(config, "posts") == "collections/_posts"
    assert jekyll.collection_of(config, "collections/_posts/a.md") == "posts"
    assert jekyll.defaults(config, "collections/_posts/a.md") == {"a": "1"}


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (None, ["posts", "communiques"]),
        ({"notes": {"output": "true"}, "equipe": {"output": "false"}, "vide": None}, ["posts", "communiques", "notes"]),
        (["equipe"], ["posts", "communiques"]),
        ("n'importe quoi", ["posts", "communiques"]),
    ],
)
def test_collections_that_are_published(declared: Any, expected: list[str]) -> None:
    assert list(jekyll.collections({"collections": declared})) == expected


@pytest.mark.parametrize(
    ("config", "path", "matter", "address"),
    [
        ({}, "_posts/2022-01-02-Hello-Monde.md", {}, "/2022/01/02/hello-monde.html"),
        ({"permalink": "pretty"}, "_posts/2022-01-02-a.md", {"categories": ["Un", "deux"]}, "/un/deux/2022/01/02/a/"),
        ({"permalink": "/p/:year/:i_month/:slug"}, "_posts/2022-01-02-a.md", {}, "/p/2022/1/a"),
        ({}, "_communiques/2022-01-02-a.md", {}, "/communiques/a.html"),
        ({"permalink": "pretty"}, "a/b.md", {}, "/a/b/"),
        (
            {"collections": {"communiques": {"permalink": "/presse/:title/"}}},
            "_communiques/Été à Paris.md",
            {},
            "/presse/%C3%A9t%C3%A9-%C3%A0-paris/",
        ),
        ({}, "_communiques/a.md", {"permalink": "/ici/"}, "/ici/"),
        ({}, "_posts/2022-01-02-a.md", {"date": "2023-05-06 10:00"}, "/2023/05/06/a.html"),
    ],
)
def test_addresses_of_pages(config: dict[str, Any], path: str, matter: dict[str, Any], address: str) -> None:
    assert jekyll.address(config, path, matter) == address


def test_a_file_named_by_a_dot_alone_has_an_address() -> None:
    assert jekyll.address({}, "_communiques/..md", {}).startswith("/")


JSON = st.recursive(
    st.none() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
)


@given(
    st.dictionaries(st.sampled_from(["defaults", "collections", "collections_dir", "permalink"]), JSON),
    st.text(min_size=1),
)
def test_no_configuration_breaks_it(config: dict[str, Any], name: str) -> None:
    for path in (f"_communiques/{name.replace('/', '-')}.md", "a.md"):
        jekyll.defaults(config, path)
        assert jekyll.address(config, path, {}).startswith("/")
    jekyll.collections(config)
