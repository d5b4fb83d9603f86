"""Kits are read back before they go out: what is not as it was to be stops them, what can't be read is said."""

from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf.errors import PdfReadError

from presskit.binding.furnishing import describe
from presskit.pdf.content import Block, Marked, mark, strings
from tests import producers
from tests.conftest import SiteFolder, chapters, kit_of
from tests.pdf.test_content import STREAMS
from tests.planting import Plants


def wrong_labels(kit: pikepdf.Pdf, labels: Any) -> None:
    kit.Root.PageLabels = pikepdf.Dictionary(Nums=[0, pikepdf.Dictionary(S=pikepdf.Name.R)])


def no_outline(*_arguments: object, **_options: object) -> None:
    return None


def no_words(*_arguments: object, **_options: object) -> Marked:
    return Marked(data=b"/P <</MCID 0>> BDC BT () Tj ET EMC", blocks=[Block("P", [0])], text=True, invisible=False)


def other_title(kit: pikepdf.Pdf, _metadata: object) -> None:
    kit.trailer.Info = kit.make_indirect(pikepdf.Dictionary(Title="Autre"))


def orphans(kit: pikepdf.Pdf, metadata: Any) -> None:
    describe(kit, metadata)
    for item in kit.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem":
            del item.P


def other_characters(data: bytes, _font: str) -> bytes:
    return data.replace(b"beginbfchar", b"beginbfchar <0001> <0041>")


@pytest.mark.parametrize(
    ("name", "fault", "said"),
    [
        ("binding.bind.label_pages", wrong_labels, "page labels"),
        ("binding.bind.nest_outline", no_outline, "the parts' bookmarks"),
        ("binding.bind.describe", other_title, "title"),
        ("binding.bind.describe", orphans, "the owner of a mark"),
        ("binding.grafting.mark", no_words, "the words of an attached page"),
        ("conformance.claims.sound_mapping", other_characters, "a font's characters"),
    ],
)
def test_a_kit_that_says_other_than_it_was_to_say_goes_nowhere(
    site: SiteFolder, plant: Plants, name: str, fault: object, said: str
) -> None:
    site.write("kit.pdf", b"the old kit")
    plant(f"presskit.{name}", fault)
    site.write("uploads/f1.pdf", producers.untagged())
    site.communique("files: [{file: /uploads/f1.pdf, nom: La pièce}]\n")
    built = site.build(ours=True)
    assert built.result.exit_code == 1
    assert f"presskit itself failed: DifferenceError: {said}" in built.messages
    assert built.path.read_bytes() == b"the old kit"


def unread(*_arguments: object) -> None:
    raise PdfReadError("an oddity")


def test_what_cannot_be_read_back_is_said_and_the_kit_is_kept(site: SiteFolder, plant: Plants) -> None:
    plant("presskit.binding.reread._outline", unread)
    plant("presskit.binding.reread._tags", unread)
    built = kit_of(site, chapters("A", 2))
    assert "could not be read back whole (“bookmarks”, “tags”)" in built.messages
    assert len(built.reader.pages) == 3


def test_resources_that_are_none_are_passed_over(site: SiteFolder) -> None:
    def odd(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Resources.Font["/F99"] = 3

    assert "read back" not in kit_of(site, producers.changed(chapters("A", 1), odd)).messages


def test_long_kits_are_read_back_too(site: SiteFolder) -> None:
    """Labels of their own, names and bookmarks by the hundred, and a second file with the same ones."""

    def labelled(pdf: pikepdf.Pdf) -> None:
        pdf.Root.PageLabels = pikepdf.Dictionary(Nums=[0, pikepdf.Dictionary(S=pikepdf.Name.r)])

    content = producers.changed(chapters("Chapitre", 60), labelled)
    built = kit_of(site, content, content)
    assert "read back" not in built.messages
    assert built.reader.page_labels[-1] == "121 (lx)"


@given(STREAMS, st.sampled_from(["image", "text form", ""]))
def test_marks_leave_all_strings(data: bytes, kind: Any) -> None:
    marked = mark(data, (), (), properties=lambda _name: None, kind_of=lambda _name: kind)
    assert strings(marked.data or data) == strings(data)
