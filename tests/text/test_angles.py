"""Words between angle brackets are told from tags."""

import pytest

from presskit.prose.elements import tree_of
from presskit.text.angles import says_words
from presskit.text.inline import plain
from tests.prose.test_html import html

WORDS = ["Si a<b et b>c", "x <b et y> z", "<i et j> au début", "p <s de> q", "<p dit Jean> parle", "a <Nom Prénom> b"]


@pytest.mark.parametrize("written", WORDS)
@pytest.mark.parametrize("form", ["{}", "- {}", "<div>\n{}\n</div>", "| {} |\n|---|"])
def test_words_in_angle_brackets_are_printed(written: str, form: str) -> None:
    assert written in "".join(tree_of(html(form.format(written))).itertext())


@pytest.mark.parametrize("written", WORDS)
def test_words_in_angle_brackets_stay_in_a_title(written: str) -> None:
    assert plain(written) == written


@pytest.mark.parametrize("tag", ["<b>", "<br />", '<p class="x">', "<ol reversed>", "<details open>", "<b\n id=x>"])
def test_tags_are_tags(tag: str) -> None:
    assert not says_words(tag)
