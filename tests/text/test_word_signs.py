"""Line ends and signs of word processors."""

import pytest

from presskit.reading.front_matter import parse
from tests.conftest import SiteFolder
from tests.prose.test_html import flat, html, warnings


@pytest.mark.parametrize("end", ["\x0b", "\x0c", "\x85", "\u2028"])
def test_soft_returns_end_lines(end: str) -> None:
    assert flat(html(f"un{end}deux")).replace("<br> ", "<br>") == "<p>un<br>deux</p>"
    assert "un deux</h2>" in html(f"## un{end}deux")
    assert "un<br>deux" in html(f"| un{end}deux |\n|---|\n| x |")
    assert html(f"• un{end}• deux").count("<li>") == 2
    assert [problem.line for problem in warnings(f"a{end}b\n\n[x](")] == [3]


def test_the_end_of_a_paragraph_ends_it() -> None:
    assert flat(html("un\u2029deux")) == "<p>un</p><p>deux</p>"


@pytest.mark.parametrize("sign", "\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf06e\uf071\uf0a8")
def test_signs_of_symbol_fonts_are_bullets(sign: str) -> None:
    printed = html(f"Suite :\n{sign} un\n{sign}\tdeux")
    assert printed.count("<li>") == 2
    assert sign not in printed


def test_signs_of_symbol_fonts_are_unicodes() -> None:
    assert html("Lille \uf0e0 Paris \uf04a") == "<p>Lille → Paris ☺</p>"


@pytest.mark.parametrize("end", ["\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_front_matter_has_words_alone(end: str) -> None:
    assert parse(f"---\ntitle: un{end}deux \uf0e0\n---\ntexte", "c.md").values["title"] == "un deux →"


def test_a_kit_keeps_both_claims(site: SiteFolder) -> None:
    site.communique(body="\uf0b7 un\x0bsuite\n\uf0b7 deux\n\nLille \uf0e0 Paris\u2028fin\x85fin\x0cfin")
    built = site.build("--require", "pdf/ua-1,pdf/a-3a", "--strict")
    assert built.result.exit_code == 0, built.messages


def test_pictures_of_joined_signs_keep_both_claims(site: SiteFolder) -> None:
    signs = "\U0001f3f3\ufe0f\u200d\U0001f308 \U0001f3f3\ufe0f\u200d\u26a7\ufe0f \U0001f441\ufe0f\u200d\U0001f5e8\ufe0f"
    site.communique(f"chapeau: Le {signs}\n", f"Un {signs} fin")
    built = site.build("--require", "pdf/ua-1,pdf/a-3a", "--strict")
    assert built.result.exit_code == 0, built.messages
    assert "\U0001f3f3" in built.text
