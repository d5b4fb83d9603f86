"""The words by which an author holds a communiqué back: keys that speak of an embargo, a withdrawal or a draft.

Authors spell them in many ways. Whatever looks like one of them is taken for it: a text that goes out too late is
a nuisance, one that goes out too early is a breach.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal

Path = tuple[str | int, ...]
Hold = Literal["embargo", "withdrawal", "draft", "published", "state"]

_EMBARGO = "embargo"
_NAMES: Mapping[str, Hold] = {
    "withdrawn": "withdrawal",
    "withdrawnon": "withdrawal",
    "withdrawal": "withdrawal",
    "retire": "withdrawal",
    "retirele": "withdrawal",
    "retrait": "withdrawal",
    "retraitle": "withdrawal",
    "datederetrait": "withdrawal",
    "draft": "draft",
    "isdraft": "draft",
    "brouillon": "draft",
    "published": "published",
    "ispublished": "published",
    "publie": "published",
    "status": "state",
    "statut": "state",
    "state": "state",
    "etat": "state",
    "visibility": "state",
    "visibilite": "state",
    "visible": "published",
}
# States of a text, in the words of those who keep them: these are not out.
_NOT_OUT = {
    "draft", "brouillon", "private", "prive", "privee", "hidden", "cache", "cachee", "masque", "unlisted", "pending",
    "enattente", "avalider", "review", "enrelecture", "relecture", "interne", "internal", "nonpublie", "unpublished",
    "wip", "todo", "arelire", "encours", "confidentiel", "confidential",
}  # fmt: skip
# A text that begins so says that it is under embargo.
_SAYS_EMBARGO = re.compile(
    r"\W*(?:(?:strictement\s+|strictly\s+)?(?:sous|under)\s+(?:strict\s+)?)?embargo(?:ed|e)?\s*"
    r"(?:jusqu|until|till|:|\d|\b(?:le|au)\s+\d)",
    re.IGNORECASE,
)
# Words of their own that are as near to one of those as a slip of the pen.
_OTHERS = {"publisher", "publishers", "retraite", "retraites"}
_YES = {"true", "yes", "oui", "vrai", "on", "1", "y", "o"}
_NO = {"false", "no", "non", "faux", "off", "0", "n", "none", "aucun", "aucune", "sans"}
# How alike two words are that differ by one slip (difflib's ratio, which counts an exchanged pair as one).
_SLIP, _SLIP_OF_KEY = 0.85, 0.88
# What a file says at the start of a line, or within braces, before a colon or an equals sign, and after it.
_ENTRY = re.compile(r"(?:^|[{,])[^\w\n]{0,20}([^\W\d][\w \t-]{2,40}?)[\"']?[ \t]*[:=]([^\n,}]*)", re.MULTILINE)
_WORD = re.compile(r"[^\W\d]{5,24}")


def hold_of(key: str) -> Hold | None:
    """What a key of a front matter speaks of, whatever its case, accents, separators and slips of the pen."""
    squeezed = _squeezed(key)
    if speaks_of_embargo(key):
        return "embargo"
    if squeezed in _OTHERS:
        return None
    near = difflib.get_close_matches(squeezed, _NAMES, n=1, cutoff=_SLIP_OF_KEY) or _exchanged(squeezed)
    return _NAMES[near[0]] if near else "withdrawal" if squeezed.startswith("withdr") else None


def _exchanged(word: str) -> list[str]:
    """The names that are this word but for letters that changed places: “darft”."""
    return [name for name in _NAMES if len(name) > 4 and name[0] == word[:1] and sorted(name) == sorted(word)]


def is_not_out(state: str) -> bool:
    """Whether the state that an author gives a text is one of those that nobody is to see."""
    return _squeezed(state) in _NOT_OUT


def begins_with_embargo(text: str) -> bool:
    """Whether a text begins by saying that it is under embargo, as officers write it above a communiqué."""
    return _SAYS_EMBARGO.match(text[:200]) is not None


@cache
def speaks_of_embargo(key: str) -> bool:
    """Whether a key's name holds the word “embargo”, or one that is a slip away from it."""
    squeezed = _squeezed(key)[:64]
    return "embarg" in squeezed or any(_is_slip(piece) for piece in _pieces(squeezed))


def is_slip_of_embargo(key: str) -> bool:
    """Whether a key speaks of an embargo in a word that is not spelled so."""
    return speaks_of_embargo(key) and _EMBARGO not in _squeezed(key)


def keys_of(values: Mapping[str, Any], hold: Hold) -> list[str]:
    """The keys of a mapping that speak of this, as they are written."""
    return [key for key in values if hold_of(key) == hold]


def embargoes_in(values: Any, path: Path = ()) -> Iterator[Path]:
    """Where in a mapping, however deep, there are keys that speak of an embargo."""
    items = values.items() if isinstance(values, Mapping) else enumerate(values) if isinstance(values, list) else ()
    for key, value in items:
        if isinstance(key, str) and speaks_of_embargo(key):
            yield (*path, key)
        yield from embargoes_in(value, (*path, key))


def yes_or_no(written: str) -> bool | None:
    """What a yes or no says; None for what is neither."""
    return True if written.lower() in _YES else False if written.lower() in _NO else None


def may_be_yes_or_no(written: str) -> bool:
    """Whether a text is a slip of the pen away from a yes or no: “flase”."""
    return yes_or_no(written) is None and bool(
        difflib.get_close_matches(written.lower(), {word for word in _YES | _NO if len(word) > 2}, n=1, cutoff=0.75)
    )


def speaks_of_a_hold(octets: bytes) -> bool:
    """Whether a file whose front matter can't be read says anywhere that its text is held back.

    The word “embargo” counts wherever it is; the others, which texts use as well, where a key may be.
    """
    # UTF-16 has a zero beside each letter; and where UTF-8 fails, it may be what Windows writes.
    plain = octets.replace(b"\0", b"")
    text = plain.decode("utf-8", "replace")
    texts = [text, plain.decode("cp1252", "replace")] if "\ufffd" in text else [text]
    return any(_text_speaks(unicodedata.normalize("NFC", one)) for one in texts)


def _text_speaks(text: str) -> bool:
    if "embarg" in _folded(text) or any(_is_slip(_folded(word)) for word in set(_WORD.findall(text))):
        return True
    return any(_holds(key, value.strip(" \t\r\"'")) for key, value in set(_ENTRY.findall(text)))


def _holds(key: str, value: str) -> bool:
    """Whether a line holds its communiqué back, or may: “draft: false” says plainly that it does not."""
    hold = hold_of(key)
    if hold == "state":
        return is_not_out(value)
    return hold is not None and yes_or_no(value) is not (hold == "published")


def _pieces(squeezed: str) -> Iterator[str]:
    """All pieces of a word that are about as long as “embargo”."""
    for length in (6, 7, 8):
        for start in range(max(len(squeezed) - length, 0) + 1):
            yield squeezed[start : start + length]


@cache
def _is_slip(word: str) -> bool:
    """Whether a word is “embargo” but for one slip: a letter that is missing, too many, another, or exchanged."""
    if not 6 <= len(word) <= 8 or len(set(word) & set(_EMBARGO)) < 5:
        return False
    return difflib.SequenceMatcher(None, word, _EMBARGO, autojunk=False).ratio() >= _SLIP


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")


def _squeezed(key: str) -> str:
    """A key's letters and figures alone."""
    return "".join(c for c in _folded(str(key)) if c.isalnum())
