"""Words of an attached file that its pages do not show: what a converter passed over, found by comparing texts."""

import io
import re
import unicodedata
from collections.abc import Iterable

# Words of letters: numbers, dates and signs are set in too many ways to be compared.
_WORD = re.compile(r"[^\W\d_]{3,}")
_MOST_PAGES = 60
_MOST_LOOKED_FOR = 500


def lost_words(texts: Iterable[str], pdf: bytes) -> str:
    """The words of some texts that are nowhere on a PDF's pages, in order; '' for none, or for a long document.

    Compared by their letters alone, so that hyphens, ligatures and spaces between letters make no difference.
    """
    # pikepdf, which merges pages, does not read texts.
    from pypdf import PdfReader

    document = PdfReader(io.BytesIO(pdf))
    if len(document.pages) > _MOST_PAGES:
        return ""
    shown = "\n".join(page.extract_text() for page in document.pages)
    known = set(_WORD.findall(_folded(shown)))
    wanted = dict.fromkeys(word for text in texts for word in _WORD.findall(unicodedata.normalize("NFKC", text)))
    doubtful = [word for word in wanted if _is_ours(word) and _folded(word) not in known][:_MOST_LOOKED_FOR]
    letters = re.sub(r"[\W\d_]+", "", _folded(shown)) if doubtful else ""
    return " ".join(word for word in doubtful if _folded(word) not in letters)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("œ", "oe").replace("æ", "ae").replace("\u00ad", "")


def _is_ours(word: str) -> bool:
    """Whether a word is written from left to right, as readers of PDFs give it back."""
    return unicodedata.bidirectional(word[0]) == "L"
