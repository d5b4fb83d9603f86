"""Code between fences is printed as it stands, whatever holds it."""

import time

import pytest

from presskit.prose.elements import text_of, tree_of
from tests.prose.test_html import html

# Marks that are mended, or read, in a text: code keeps them.
CODE = "**« a »**b ##x {#i} <o:p>y</o:p> [a](b c.pdf)"
HELD = {
    "text": "```\n{}\n```",
    "tildes": "~~~ yaml\n{}\n~~~",
    "quotation": "> ```\n> {}\n> ```",
    "quotation in another": "> > ```\n> > {}\n> > ```",
    "item": "- ```\n  {}\n  ```",
    "item after its text": "1. x\n\n   ```\n   {}\n   ```",
    "quoted item": "> - ```\n>   {}\n>   ```",
    "description": "Terme\n: ```\n  {}\n  ```",
    "note": "x[^1]\n\n[^1]: y\n\n    ```\n    {}\n    ```",
    "block of HTML": '<div markdown="1">\n```\n{}\n```\n</div>',
}


@pytest.mark.parametrize("form", HELD.values(), ids=HELD)
@pytest.mark.parametrize("code", [CODE, "*[X]: y"])
def test_code_is_code_in_whatever_holds_it(form: str, code: str) -> None:
    (found,) = tree_of(html(form.format(code))).iter("pre")
    assert text_of(found).strip() == code


@pytest.mark.parametrize("opened", ["> ```\n> a\n\n", "- ```\n  a\n\n", "> - ```\n>   a\n> ", "```\na\n```\n"])
def test_after_a_fence_marks_are_read_again(opened: str) -> None:
    assert "<strong>«\u202fc\u202f»</strong>d" in html(f"{opened}**« c »**d")


@pytest.mark.parametrize(
    "form", ["```{}\na **b**", "> ~~~{}\n> a **b**\n\nc", "- ```{}\n  a **b**\n\nc", "x\n\n> - ```{}\n> a **b**"]
)
@pytest.mark.parametrize("language", ["", "python"])
def test_a_fence_that_nothing_closes_is_text(form: str, language: str) -> None:
    printed = html(form.format(language))
    assert "<pre" not in printed and "a <strong>b</strong>" in printed
    assert f"{'~~~' if '~' in form else '```'}{language}" in text_of(tree_of(printed))


def test_what_follows_an_open_fence_is_not_hidden_by_it() -> None:
    assert html("```\n\na {::comment}b{:/comment}c <!-- d -->") == "<p>```</p>\n<p>a c</p>"


def test_open_fences_take_time_in_proportion() -> None:
    def taken(times: int) -> float:
        start = time.process_time()
        html("> ```a\n\n- ~~~b\n\n````c\n\n" * times)
        return time.process_time() - start

    taken(10)
    assert taken(800) < 2.5 * 4 * taken(200)
