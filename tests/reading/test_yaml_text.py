"""YAML: texts stay texts, and what YAML would drop is said."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.base.errors import PresskitError, Problem
from presskit.reading.yaml_text import parse_yaml, remarks


def said(text: str) -> list[Problem]:
    _values, findings = parse_yaml(text, "f.md", 2)
    return [*findings.errors, *findings.warnings, *remarks(text, findings, 2)]


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


def test_an_alias_bomb_is_refused() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in itertools.pairwise("abcdefg")
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title: Le plan #MaSanté\n", [(2, "title", "#MaSanté")]),
        ("title: #MaSanté\n", [(2, "title", "#MaSanté")]),
        ("title: 'Le plan' #MaSanté\n", [(2, "title", "#MaSanté")]),
        ('title: "Le\n  plan" # suite\n', [(3, "title", "# suite")]),
        ("title: Le\n  plan #MaSanté\n", [(3, "title", "#MaSanté")]),
        ("title: Le plan\n  #MaSanté\ndate: x\n", [(3, "title", "#MaSanté")]),
        ("chapeau: | #un\n  deux # trois\n", [(2, "chapeau", "#un")]),
        ("chapeau: #un\n  deux\n", [(2, "chapeau", "#un")]),
        ("tags:\n- a #b\n- #c\n", [(3, "tags[1]", "#b"), (4, "tags[2]", "#c")]),
        ("tags: [a, #b\n  c]\n", [(2, "tags[1]", "#b")]),
        ("files:\n- file: a\n  nom: Annexe #1\n", [(4, "files[1].nom", "#1")]),
        ("contact: {name: A, #b\n  tel: c}\n", [(2, "contact.name", "#b")]),
        ("date: 2026-01-02 # à confirmer\n", [(2, "date", "# à confirmer")]),
        # Remarks of their author.
        ("# un\ntitle: T\n# deux\n  # trois\ndate: x\n# quatre\n", []),
        ("files: # les annexes\n- file: a\n  # b\n  nom: c\n", []),
        ("contact:\n  # un\n  name: A\n", []),
        # No remarks.
        ("title: C#\nx: a#b\ny: '#c'\nz: |\n  #d\n  e #f\n", []),
    ],
)
def test_a_remark_that_may_be_words_is_said(text: str, expected: list[tuple[int, str, str]]) -> None:
    found = said(text)
    assert [(problem.line, problem.field) for problem in found] == [(line, field) for line, field, _words in expected]
    assert all(f"“{words}”" in problem.what for problem, (_line, _field, words) in zip(found, expected, strict=True))


WORDS = st.text(alphabet="abcé#:-'\" ", min_size=1, max_size=12)


@given(st.lists(WORDS, min_size=1, max_size=4), st.sampled_from(["t: {}\n", "t:\n- {}\n", "t:\n  u: {}\n"]))
def test_no_word_of_a_value_is_dropped_unsaid(values: list[str], form: str) -> None:
    """Each word that was typed is in a value, or in what is said of it."""
    for value in values:
        text = form.format(value)
        try:
            parsed, findings = parse_yaml(text, "f.md")
        except PresskitError as error:
            assert error.problems[0].remedy
            continue
        told = str(parsed) + "".join(f"{p.what}" for p in [*findings.warnings, *remarks(text, findings)])
        for word in value.replace("'", " ").replace('"', " ").replace("#", " ").replace(":", " ").split():
            assert word.strip("-") in told


def test_tags_and_anchors_that_were_words_are_errors() -> None:
    assert [problem.remedy for problem in said("title: !Attention danger\n")] == [
        "Write it between quotes: title: '!Attention danger'"
    ]
    assert [problem.field for problem in said("- x: y\n".replace("- ", "") + "title: &Co et autres\n")] == ["title"]
    assert said("a: &x [1]\nb: *x\n") == []


@pytest.mark.parametrize("value", ["!!python/object:os.system x", "!!Urgent le plan", "!!binary aGVsbG8="])
def test_a_tag_of_programs_is_an_error(value: str) -> None:
    _values, findings = parse_yaml(f"x: a\ntitle: {value}", "c.md")
    (problem,) = findings.errors
    assert (problem.line, "must be between quotes" in problem.what) == (2, True)
    mended, findings = parse_yaml("x: a\n" + problem.remedy.partition(": ")[2], "c.md")
    assert (mended["title"], findings.errors) == (value, [])


@pytest.mark.parametrize("text", ["tags: &a [*a]", "tags: &a\n- x\n- {y: *a}", "&a x: &b {y: &c [*b]}"])
def test_what_holds_itself_is_an_error_with_its_line(text: str) -> None:
    with pytest.raises(PresskitError, match="contains itself") as caught:
        parse_yaml(text, "c.md")
    assert caught.value.problems[0].line


def test_keys_that_are_there_twice_are_said() -> None:
    problems = said("title: a\ntitle: b\nTags: c\ntag: d\n")
    assert [(p.line, p.field) for p in problems] == [(3, "title"), (5, "tag")]
    assert "“Tags”" in problems[1].what


def test_an_invisible_character_has_its_place() -> None:
    with pytest.raises(PresskitError) as caught:
        parse_yaml("x: y\ntitle: a\x07b\n", "f.md", 5)
    assert (caught.value.problems[0].line, "U+0007" in caught.value.problems[0].what) == (6, True)


def test_endless_nesting_is_an_error() -> None:
    with pytest.raises(PresskitError, match="nested too deep"):
        parse_yaml("a: " + "[" * 60 + "]" * 60, "f.md")
