"""Words of an attached file that its pages do not show: what a converter passed over, found by comparing texts."""

import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pikepdf

from presskit.attachments.wording import Wording
from presskit.base.errors import Problem
from presskit.base.i18n import _, ngettext
from presskit.base.letters import shortened
from presskit.pdf.seen import seen_text

# Words of letters, and numbers: shorter ones stand in each other.
_WORD = re.compile(r"[^\W\d_]{3,}|\d{3,}")
_SIGNS, _NO_LETTERS = re.compile(r"[\W_]+"), re.compile(r"[\W\d_]+")
# What stands in a cell for a number that is wider than it.
_HASHES = re.compile(r"(?<!\S)#{2,}(?!\S)")
_HYPHENED = re.compile(r"([^\W\d_]{2,})[-\u2010]\s")
_MOST_LOOKED_FOR = 500


@dataclass(frozen=True)
class Lost:
    """What a file says and its pages do not: words, in order, and how many numbers gave way to ``###``."""

    words: tuple[str, ...] = ()
    numbers: int = 0


def lost(texts: Iterable[Wording], pdf: bytes) -> Lost:
    """The words of some texts that are not on a PDF's pages as often as they are to be."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        pages, seen = len(document.pages), seen_text(document)
    expected = "\n".join(text.text for text in texts if text.pages <= pages)
    numbers = max(len(_HASHES.findall(seen)) - len(_HASHES.findall(expected)), 0)
    # Those that gave way are told by how many they are.
    return Lost(tuple(word for word in missing(expected, seen) if not (numbers and word.isdigit())), numbers)


def remarks(found: Lost, name: str) -> Iterator[Problem]:
    """What is to be said of what a file's pages do not show."""
    if found.words:
        what = _("words of the file are not on its pages: “{words}”.").format(words=shortened(" ".join(found.words)))
        yield Problem(what, name, remedy=_("Attach a PDF made with the program that shows them."))
    if found.numbers:
        what = ngettext(
            "{count} number or date is wider than its cell: its page shows “###” in its place.",
            "{count} numbers or dates are wider than their cells: its pages show “###” in their place.",
            found.numbers,
        )
        yield Problem(what.format(count=found.numbers), name, remedy=_("Make the columns wider."))


def missing(expected: str, seen: str) -> list[str]:
    """The words of one text that are less often in another, in order.

    Compared by their letters alone, so that hyphens, ligatures and spaces between letters make no difference.
    """
    seen = _folded(seen)
    known, wanted = Counter(_WORD.findall(seen)), Counter(_WORD.findall(_folded(expected)))
    words = {_folded(word): word for word in reversed(_WORD.findall(unicodedata.normalize("NFKC", expected)))}
    doubtful = [word for word in reversed(words) if wanted[word] > known[word] and _is_ours(word)][:_MOST_LOOKED_FOR]
    if not doubtful:
        return []
    alone, letters = _SIGNS.sub("", seen), _NO_LETTERS.sub("", seen)
    broken = Counter(_HYPHENED.findall(seen))
    return [
        words[word]
        for word in doubtful
        if max(alone.count(word), letters.count(word)) + _times_broken(word, broken) < wanted[word]
    ]


def _times_broken(word: str, broken: Counter[str]) -> int:
    """How often a word may be broken by a hyphen: what follows may be on another page, after its head."""
    return sum(broken[word[:end]] for end in range(2, len(word) - 1))


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    return text.replace("œ", "oe").replace("æ", "ae").replace("\u00ad", "")


def _is_ours(word: str) -> bool:
    """Whether a word is written from left to right, as PDFs have it."""
    return unicodedata.bidirectional(word[0]) in ("L", "EN")
