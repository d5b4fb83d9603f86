"""Hand-written mappings: texts stay texts, problems have their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.errors import PresskitError
from presskit.fields import Fields, Findings
from presskit.yaml_text import parse_yaml


def test_scalars_stay_what_their_author_wrote() -> None:
    values, _findings = parse_yaml("tel: 0610604117\ntitle: 12:30\nkind: No\ndate: 2022-01-01\nempty:\nn: null\n", "f")
    assert values == {
        "tel": "0610604117",
        "title": "12:30",
        "kind": "No",
        "date": "2022-01-01",
        "empty": None,
        "n": None,
    }


def test_lines_are_those_of_the_file() -> None:
    values, findings = parse_yaml("a: 1\nfiles:\n- file: x\n  nom: [y]\n", "f.md", first_line=10)
    fields = Fields(values, findings)
    (entry,) = fields.mappings("files")
    entry.error("nom", "wrong")
    assert str(findings.errors[0]) == "f.md:13, field “files[1].nom”: wrong"


@pytest.mark.parametrize("key", ["contact-presse", "Contact_Presse", "CONTACT-PRESSE", "contact presse"])
def test_keys_are_compared_loosely(key: str) -> None:
    assert Fields({key: "x"}, Findings("f")).text("contact-presse") == "x"


def test_a_typo_gets_the_right_key() -> None:
    fields = Fields({"contact-press": "x"}, findings := Findings("f"))
    fields.text("contact-presse")
    fields.warn_of_unknown()
    assert [(w.field, w.remedy) for w in findings.warnings] == [("contact-press", "Did you mean “contact-presse”?")]


def test_every_unknown_key_is_said() -> None:
    values = {"tel": "1", "perso": "x", "vide": None, "name:Alice": None, "-file": "a", "Tags": "t"}
    fields = Fields(values, findings := Findings("f"))
    fields.text("tel")
    fields.text("tag")
    fields.warn_of_unknown(("perso",))
    assert {w.field: w.remedy for w in findings.warnings} == {
        "name:Alice": "A space is missing after its colon: name: Alice",
        "-file": "A space is missing after its dash: - file",
    }
    fields.warn_of_unknown()
    assert findings.warnings[2].remedy.endswith("known here: tel, tag.")


def test_a_second_alias_is_said() -> None:
    fields = Fields({"title": "a", "titre": "b"}, findings := Findings("f"))
    assert fields.text("title", "titre") == "a"
    assert "“title” already says this" in findings.warnings[0].what


def test_wrong_shapes_are_errors() -> None:
    fields = Fields({"title": {"a": "b"}, "tags": [["x"]], "files": ["x", {"file": "y"}]}, findings := Findings("f"))
    assert fields.text("title") == ""
    assert fields.texts("tags") == ()
    assert [entry.text("file") for entry in fields.mappings("files")] == ["y"]
    assert [error.field for error in findings.errors] == ["title", "tags", "files[1]"]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("title: a: b\n", 5, "must be in quotes"),
        ('title: "x\ndate: 1\n', 5, "a quote or a colon is missing"),
        ("a: 1\n\tb: 2\n", 6, "tab"),
        ("- a\n- b\n", 5, "“key: value” lines are expected"),
        ("a: &x [*x]\n", 5, "too large or nested too deep"),
        ("x: y\ntitle: a\x07b\n", 6, "control characters"),
    ],
)
def test_broken_yaml_says_where_and_why(text: str, line: int, what: str) -> None:
    with pytest.raises(PresskitError) as caught:
        parse_yaml(text, "f.md", first_line=5)
    problem = caught.value.problems[0]
    assert problem.line == line
    assert what in problem.what


def test_an_alias_bomb_is_refused() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in ["ab", "bc", "cd", "de", "ef", "fg"]
    )
    with pytest.raises(PresskitError, match="too large"):
        parse_yaml(bomb, "f.md")


@given(st.text(max_size=60))
def test_any_text_gives_a_mapping_or_a_presskit_error(text: str) -> None:
    try:
        values, _findings = parse_yaml(text, "f.md")
    except PresskitError as error:
        assert error.problems[0].what
    else:
        assert isinstance(values, dict)
