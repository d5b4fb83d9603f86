"""What reviewers left in a text is said, with its line; what only looks like it is not."""

import pytest

from tests.prose.test_html import html, warnings
from tests.prose.test_references import HELD

REVIEWS = ("{++ajout++}", "{--retrait--}", "{>>à vérifier<<}", "{~~ancien~>nouveau~~}", "{==ici==}", "%%à revoir%%")
OTHERS = (
    "50 %% et 60 %% de",
    "50%% et 60%%",
    "{::comment}{++a++}{:/comment}",
    "`{++a++}` et `%%b%%`",
    "{% if a %}b{% endif %}",
    "{{ page.title }}",
    "C++ {a} et --b--",
    "[^1] {:.b}",
    "%%%% et %%%%",
    "<!-- %%a%% -->",
    "{=a=} {+b+}",
)


def said(markdown: str) -> list[tuple[int | None, str]]:
    return [(p.line, p.remedy) for p in warnings(markdown) if "looks like a reviewer's" in p.what]


@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("review", REVIEWS)
def test_reviews_are_said_wherever_they_are(held: str, review: str) -> None:
    text = f"Avant.\n\n{held.format(f'Le {review} texte.')}"
    line = text[: text.index(review)].count("\n") + 1
    ((found, remedy),) = said(text)
    assert (found, "before the communiqué goes out" in remedy) == (line, True)


@pytest.mark.parametrize("other", OTHERS)
def test_what_only_looks_like_it_is_not(other: str) -> None:
    assert said(f"Le {other} texte.\n\n```\n{{++a++}}\n%%b%%\n```\n") == []


def test_a_comment_of_several_paragraphs_is_said_at_both_its_ends() -> None:
    assert [line for line, _remedy in said("a\n\n%%\nun\n\ndeux\n%%\n\nb")] == [3, 7]
    assert "un %%" in html("%% un %%")
