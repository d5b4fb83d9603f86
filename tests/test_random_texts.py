"""Random communiqués: each word that is written is printed, once and in order."""

import io
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from presskit.prose import html as prose
from presskit.prose.html import Setting
from tests.conftest import SiteFolder
from tests.texts import Drafter, Text, by_chance, differences, read_html, texts, tokens_in, words_in
from tests.trees import marked_texts, read_tree

# The first text that is found will do, as it is.
FIRST = settings(derandomize=True, database=None, phases=[Phase.generate])


def printed(text: Text) -> str:
    setting = Setting(
        lang="fr", source="c.md", warn=lambda _w: None, site_url="https://site.fr", image=lambda _r, _l: Path("/a.png")
    )
    return read_html(prose.to_html(text.markdown, setting).html)


def lost(text: Text) -> list[str]:
    """What printing a text does to its words."""
    return differences(words_in(" ".join(text.words)), words_in(printed(text)))


@given(texts())
def test_each_word_is_printed_once_and_in_order(text: Text) -> None:
    assert lost(text) == [], text.markdown


@given(texts())
def test_words_stay_apart(text: Text) -> None:
    strangers = set(tokens_in(printed(text))) - set(text.words)
    assert not {word for word in strangers if len(words_in(word)) > 1}, text.markdown


def test_a_quotation_that_loses_words_is_found(losing: None) -> None:
    found = find(texts(), lambda text: bool(lost(text)), settings=FIRST)
    assert "> " in found.markdown or "<blockquote>" in found.markdown


def picture() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (600, 300), "#88aacc").save(out, "PNG")
    return out.getvalue()


def tagged_text(path: Path, *, contents: bool) -> str:
    """What the tags of a kit say, in their order, without the table of contents that it begins with."""
    texts = marked_texts(path)
    with pikepdf.open(path) as pdf:
        numbers = {page.objgen: number for number, page in enumerate(pdf.pages)}
        tables = {"/TOC"} if contents else set()

        def said(item: pikepdf.Object | int, page: pikepdf.Object | None) -> Iterator[str]:
            if isinstance(item, int):
                yield texts.get((numbers[page.objgen], int(item)), "") if page is not None else ""
                return
            page = item.get("/Pg", page)
            if "/MCID" in item:
                yield from said(int(item.MCID), page)
            elif str(item.get("/S", "")) in tables:
                tables.clear()
            else:
                kids = item.get("/K", pikepdf.Array())
                for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
                    yield from said(kid, page)

        # A word is cut by a hyphen at a line's end.
        return re.sub("[-‐]", "", "".join(said(pdf.Root.StructTreeRoot, None)))


def described(path: Path) -> str:
    """What the images of a kit show, in the order of its tags."""
    with pikepdf.open(path) as pdf:
        return " ".join(element.text("Alt") for element in read_tree(pdf).walk())


KINDS = ["Communiqué de presse", "Dossier de presse", "Note aux rédactions"]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=max(settings.default.max_examples // 100, 1))
@given(seed=st.integers(0, 2**32))
def test_a_kit_has_each_word_once_and_in_order(tmp_path_factory: pytest.TempPathFactory, kind: str, seed: int) -> None:
    site = SiteFolder(tmp_path_factory.mktemp("site"))
    draft = Drafter(by_chance(random.Random(seed))).draft(kind, 25)
    for path, content in draft.files.items():
        site.write(path, content)
    site.write("a.png", picture())
    site.write("presskit.toml", 'url = "https://site.fr"\n')
    site.write("communique.md", draft.markdown)
    built = site.build()
    assert built.result.exit_code == 0, built.messages
    assert differences(draft.words, words_in(tagged_text(built.path, contents="Dossier" in kind))) == []
    assert differences(draft.alts, words_in(described(built.path))) == []
