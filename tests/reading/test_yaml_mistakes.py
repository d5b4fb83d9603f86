"""The mistakes of YAML, each named at its line with what to write instead."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.base.errors import PresskitError
from presskit.reading.yaml_text import parse_yaml

# What libyaml says; none of it may reach anybody.
LIBRARY = ("while ", "did not find", "could not find", "cannot start", "mapping", "token", "scalar", "<", "document")


def mistake(text: str) -> tuple[int | None, str, str]:
    with pytest.raises(PresskitError) as caught:
        parse_yaml(text, "f.md", 2)
    (problem,) = caught.value.problems
    return problem.line, problem.what, problem.remedy


MISTAKES = [
    ("title: 'L'avenir de l'école'", 2, "apostrophe", """title: "L'avenir de l'école\""""),
    ("a: b\nfiles:\n- file: a\n  nom: 'L'annexe'", 5, "apostrophe", """nom: "L'annexe\""""),
    ("title: ''Plan''", 2, "apostrophe", 'title: "Plan"'),
    ("title: 'Un\n  d'eux'\ndate: x", 3, "apostrophe", "double each apostrophe"),
    ('title: "Le "plan" vélo"', 2, "inside the quotes", """title: 'Le "plan" vélo'"""),
    ('title: "a" et "b"', 2, "goes on after its closing quote", """title: '"a" et "b"'"""),
    ("title: 'a' et 'b'", 2, "goes on after its closing quote", """title: "'a' et 'b'\""""),
    ('title: "Le plan\ndate: x', 2, "is not closed", "the same quote"),
    ("title: 'Le plan\ndate: 'x'", 2, "is not closed", "the same quote"),
    (r'title: "C:\Mes documents"', 2, "backslash", r"title: 'C:\Mes documents'"),
    *((f"a: b\ntitle: {sign}x y", 3, f"starts with “{sign}”", f"title: '{sign}x y'") for sign in "@`%*,]}"),
    ("title: - Hausse", 2, "starts with “-”", "title: '- Hausse'"),
    ("title: > 50 %", 2, "starts with “>”", "title: '> 50 %'"),
    ("title: | barre", 2, "starts with “|”", "title: '| barre'"),
    ("title: [Communiqué] Hausse", 2, "starts with “[”", "title: '[Communiqué] Hausse'"),
    ("title: {Plan} vélo", 2, "starts with “{”", "title: '{Plan} vélo'"),
    ("title: [Communiqué\ndate: x", 2, "starts with “[”", "title: '[Communiqué'"),
    ("title: **Gras** titre", 2, "starts with “*”", "title: '**Gras** titre'"),
    ("a: b\ntags: [a, b\ndate: x", 3, "“[” of this line is not closed", "“]”"),
    ("a: b\ntags: [#un, #deux]\ndate: x", 3, "read as a comment", "['#un', '#deux']"),
    ("a: b\ntags: [@a, b]", 3, "starts with “@”", "'@a'"),
    ("a: b\nc: {name: 'L'Alice', tel: x}", 3, "apostrophe", '"L\'Alice"'),
    ("title: Le plan : la suite", 2, "contains “: ”", "title: 'Le plan : la suite'"),
    ("title: L'eau : la suite", 2, "contains “: ”", 'title: "L\'eau : la suite"'),
    ("title: Plan:", 2, "contains “: ”", "title: 'Plan:'"),
    ("title: T\n  suite : fin", 3, "contains “: ”", "between quotes"),
    ("a: b\nc: name: Alice", 3, "two “key: value” pairs", "“name: Alice”"),
    ("a: b\nc:\n\tname: A", 4, "tab", "spaces"),
    ("a: b\ntitle:\u00a0Essai\nd: e", 3, "no-break space", "type them again"),
    ("files:\n- file: a\n   nom: b", 4, "indented too far: “nom”", "Align “nom” with “file”"),
    ("c:\n  name: A\n    tel: b", 4, "indented too far: “tel”", "Align “tel” with “name”"),
    ("c:\n  name: A\n tel: b", 4, "not aligned", "Align"),
    ("c: |\n  un\n deux\nd: e", 4, "further left", "Align"),
    ("title:Essai\ndate: x", 2, "space is missing after the colon of “title:”", "Write: title: Essai"),
    ("a: b\ndate:2026-01-01\nc: d", 3, "space is missing after the colon of “date:”", "Write: date: 2026-01-01"),
    ("a: b\ntags:\n-a\n-b", 4, "space is missing after the dash", "Write: - a"),
    ("title T\ndate: x", 2, "not a “key: value” line: “title T”", "colon"),
    ("title: T\nla suite\ndate: x", 3, "not a “key: value” line: “la suite”", "two more spaces"),
    ("title: Le plan\n  #Un\n  deux\ndate: x", 3, "“#Un” is read as a comment", "between quotes"),
    ("title: Le plan #Un\n  deux\ndate: x", 2, "read as a comment", "'Le plan #Un'"),
]


@pytest.mark.parametrize(("text", "line", "what", "remedy"), MISTAKES)
def test_each_mistake_is_named_with_its_line_and_remedy(text: str, line: int, what: str, remedy: str) -> None:
    found = mistake(f"{text}\n")
    assert found[0] == line
    assert what in found[1]
    assert remedy in found[2]
    # What comes before it, and is right, changes nothing.
    before = "x: |\n  - 'a' b: c\n  @d\ny: \"e\n  f: g\"\nz: [h, 'i']\n"
    assert mistake(f"{before}{text}\n") == (line + before.count("\n"), *found[1:])


@pytest.mark.parametrize("text", [case[0] for case in MISTAKES])
def test_what_is_proposed_is_right(text: str) -> None:
    """Where a remedy shows the line as it should be, YAML reads that line."""
    remedy = mistake(text)[2]
    for start in ("Write it between quotes: ", "around the whole text: ", " in it: ", "Write: "):
        example = remedy.partition(start)[2]
        if ": " in example:
            assert parse_yaml(example, "f.md")[0]


LINES = st.lists(
    st.text(alphabet="ab: -'\"#[]{},&*!|>%@`\\\t\u00a0é", max_size=12)
    | st.sampled_from(["title: ", "- file: a", "  "]),
    max_size=6,
)


@given(LINES)
def test_nothing_of_the_library_is_ever_said(lines: list[str]) -> None:
    text = "\n".join(lines)
    try:
        parse_yaml(text, "f.md", 2)
    except PresskitError as error:
        (problem,) = error.problems
        assert problem.remedy
        assert problem.line is not None
        assert 2 <= problem.line <= 2 + text.count("\n")
        words = problem.what.partition("“")[0]
        assert not any(phrase in words for phrase in LIBRARY)


def test_time_grows_with_length() -> None:
    for text in ("title: '" + "a'b" * 20_000, "[" * 5_000 + "\n: x", "a: b: c\n" * 5_000, "a: 'b\n" * 5_000):
        started = time.perf_counter()
        with suppress(PresskitError):
            parse_yaml(text, "f.md")
        assert time.perf_counter() - started < 3
