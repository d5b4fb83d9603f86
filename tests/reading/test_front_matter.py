"""A page parted into its front matter and its text."""

import pytest

from presskit.base.errors import PresskitError
from presskit.reading.front_matter import parse


@pytest.mark.parametrize("end", ["---", "...", "-----", "--- ", "...\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_jekylls_ends_of_front_matter(end: str, newline: str) -> None:
    page = newline.join(["", "---", "title: T", "x: |", "  ---", "  ...", end, "", "Un", "---", "...", ""])
    parsed = parse(page, "c.md")
    assert parsed.values == {"title": "T", "x": "---\n...\n"}
    assert (parsed.body, parsed.body_line) == ("Un\n---\n...", 9)
    assert parsed.findings.line(("title",)) == 3


def test_toml_ends_with_its_own_sign() -> None:
    parsed = parse("+++\ntitle = '''a\n---\n...'''\n+++\nUn", "c.md")
    assert parsed.values == {"title": "a\n---\n..."}
    assert (parsed.body, parsed.body_line) == ("Un", 6)


@pytest.mark.parametrize(
    ("page", "line", "what"),
    [
        ("", None, "the file is empty"),
        ("Bonjour\n---\n", 1, "there is no front matter."),
        ("—\ntitle: T\n—\n", 1, "not made of three hyphens"),
        ("–-\ntitle: T\n---\n", 1, "not made of three hyphens"),
        ("--\ntitle: T\n--\n", 1, "not made of three hyphens"),
        ("---\ntitle: T\n\nUn", 1, "does not end"),
        ("---\ntitle: T\n+++\nUn", 1, "does not end"),
        ("+++\ntitle = 'T'\n---\nUn", 1, "does not end"),
    ],
)
def test_what_is_no_front_matter(page: str, line: int | None, what: str) -> None:
    with pytest.raises(PresskitError) as caught:
        parse(page, "c.md")
    (problem,) = caught.value.problems
    assert (problem.line, what in problem.what) == (line, True)
    assert problem.remedy


def test_remarks_have_their_lines_in_the_file() -> None:
    parsed = parse("---\n# à moi\ntitle: Le plan #MaSanté\n---\nUn # deux", "c.md")
    assert [(problem.line, problem.field) for problem in parsed.remarks] == [(3, "title")]
