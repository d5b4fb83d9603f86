"""TOML: values with their lines, mistakes in plain words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.base.errors import PresskitError
from presskit.reading.toml_text import parse_toml


@pytest.mark.parametrize(
    ("text", "line", "what", "remedy"),
    [
        ("title = Un titre", 3, "must be between quotes", 'title = "Un titre"'),
        ("title = “Un titre”", 3, "straight", 'title = "Un titre"'),
        ('title: "Un titre"', 3, "colon", 'title = "Un titre"'),
        ('title = "Le "plan" vélo"', 3, "inside the quotes", """title = 'Le "plan" vélo'"""),
        ("title = 'L'avenir'", 3, "apostrophe", 'title = "L\'avenir"'),
        ('title = "Un titre', 3, "not closed", 'title = "Un titre"'),
        (r'logo = "C:\Mes logos"', 3, "backslash", r"logo = 'C:\Mes logos'"),
        ("title =", 3, "has no value", 'title = "…"'),
        ("stamp = oui", 3, "“true”", "stamp = true"),
        ("a = 1\na = 2", 4, "“a” is there twice", "Remove"),
        ("[b]\nx = 1\n[b]", 5, "“[b]” is there twice: on line 3 as well", "Move the lines below this one"),
        ("[b]\nx = 1\n[[b]]", 5, "“[[b]]” is there twice: on line 3 as well", "Move the lines below this one"),
        ("[[b]]\nx = 1\n[b]", 5, "“[b]” is there twice: on line 3 as well", "Move the lines below this one"),
        ("b = 1\n[b]", 4, "line 3 gives “b” a value", "below this line"),
        ("b.x = 1\n[b]", 4, "line 3 gives “b.x” a value", "below this line"),
        ("[b]\nx = {y = 1}\n[b.x.z]", 5, "line 4 gives “x” a value", "below this line"),
        ("[brand\nx = 1", 3, "between brackets", "[brand]"),
        ('tags = ["a" "b"]', 3, "can't be read", "comma"),
        ('tags = ["a",\nb = 1', 3, "never closed", "Close"),
        ('x = """\nabc', 3, "never closed", "Close"),
        ("un texte", 3, "this line can't be read", "Write for instance"),
    ],
)
def test_each_mistake_is_named(text: str, line: int, what: str, remedy: str) -> None:
    with pytest.raises(PresskitError) as caught:
        parse_toml(f'y = "z"\n{text}\n', "p.toml", 2)
    (problem,) = caught.value.problems
    assert problem.line == line
    assert what in problem.what
    assert remedy in problem.remedy


def test_lines_of_keys() -> None:
    text = 'a = """\nb = 1\n"""\n[c]\n"d.e" = 1\nf.g = 2\n[[h]]\ni = 1\n[[h]]\ni = 2\n'
    _values, findings = parse_toml(text, "p.toml")
    places = {path: findings.line(path) for path in (("a",), ("c",), ("c", "f", "g"), ("h", 0, "i"), ("h", 1, "i"))}
    assert list(places.values()) == [1, 4, 6, 8, 10]


@given(st.text(alphabet="ab=[]{}\"'#.,\n 1é", max_size=40))
def test_any_text_is_a_table_or_an_error_with_a_remedy(text: str) -> None:
    try:
        parse_toml(text, "p.toml")
    except PresskitError as error:
        (problem,) = error.problems
        assert problem.remedy
        assert problem.line
        assert 1 <= problem.line <= text.count("\n") + 1


def test_endless_nesting_is_an_error() -> None:
    with pytest.raises(PresskitError):
        parse_toml("a = " + "[" * 100_000, "p.toml")


def test_the_remedy_for_quotes_keeps_those_inside() -> None:
    with pytest.raises(PresskitError) as caught:
        parse_toml('organisation = "Le "ministère""', "presskit.toml")
    assert caught.value.problems[0].remedy.endswith("organisation = 'Le \"ministère\"'")
