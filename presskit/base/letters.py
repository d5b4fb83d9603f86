"""Texts as they are compared, and cut short."""

import unicodedata
from typing import Literal


def without_accents(text: str, form: Literal["NFD", "NFKD"] = "NFD") -> str:
    """A text without the marks on its letters; with NFKD ligatures and the like are taken apart too (UAX #15)."""
    return "".join(sign for sign in unicodedata.normalize(form, text) if unicodedata.category(sign) != "Mn")


def shortened(text: str, most: int = 60) -> str:
    """The beginning of a text on one line, up to the end of a word, in at most so many characters."""
    words = " ".join(text.split())
    if len(words) <= most:
        return words
    start, space, _rest = words[:most].rpartition(" ")
    return f"{start.rstrip(' ,;:–-') if space else words[: most - 1]}…"
