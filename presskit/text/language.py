"""Which language a text is in, as its commonest words tell: a screen reader speaks, and print hyphenates, by it.

Words such as "the" and "les" are a third to a half of any text; those that several languages share tell less of
each. Where no list of them is known for the language that a text is said to be in, nothing is said of it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from html.parser import HTMLParser

from presskit.text.typography import hide_addresses

# Shorter texts may be all names and numbers; of longer ones the beginning tells enough.
_LEAST_SIGNS, _LEAST_WORDS, _MOST_SIGNS = 200, 30, 20_000
# The least share of its words for a language to be one, and how many times those of the other must be fewer.
_LEAST_SHARE, _TIMES = 0.1, 2
# A text in two languages is nobody's mistake: of its passages of so many words nearly all must agree.
_PASSAGE, _AGREED, _CONTRARY = 25, 0.75, 0.15
_VOID = {"br", "col", "hr", "img", "wbr"}
_NOT_ITS_OWN = {"blockquote", "q", "code", "kbd", "samp", "var"}
_QUOTED = re.compile(r"«[^«»]*»|“[^“”]*”|\"[^\"\n]*\"")
# What is no word of a text: marks for programs (Liquid, templates), hash signs and names of accounts.
_MARKS = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}%]*%\}|(?<!\w)[#@]\w+")
_WORD = re.compile(r"[^\W\d_]{2,}")


def other_language(html: str, lang: str) -> str:
    """The code of the language that a text is in, where it plainly is not in ``lang``; else ''.

    What it quotes, code, marks for programs, addresses, and passages that are marked as being in another language do
    not count.
    """
    own = lang.split("-", maxsplit=1)[0].lower()
    if len(html) < _LEAST_SIGNS or own not in _known():
        return ""
    text = hide_addresses(_MARKS.sub(" ", _QUOTED.sub(" ", _own_text(html[:_MOST_SIGNS]))), [])
    if len(text.strip()) < _LEAST_SIGNS:
        return ""
    # Those with a capital letter may be names, which tell nothing: the lists have none.
    words = _WORD.findall(text)
    if len(words) < _LEAST_WORDS:
        return ""
    shares = _shares(words)
    best = max(shares, key=lambda code: shares[code], default=own)
    stands_out = shares[best] >= max(_LEAST_SHARE, _TIMES * shares[own])
    return best if best != own and stands_out and _agree(words, best, own) else ""


def _agree(words: Sequence[str], best: str, own: str) -> bool:
    """Whether nearly all passages of a text are in one language, and hardly one is in its own."""
    size = -(-len(words) // max(round(len(words) / _PASSAGE), 1))
    passages = [_shares(words[start : start + size]) for start in range(0, len(words), size)]
    votes = Counter(max(shares, key=lambda code: shares[code]) for shares in passages if shares)
    return votes[best] >= _AGREED * votes.total() and votes[own] <= _CONTRARY * votes.total()


def _shares(words: Sequence[str]) -> Mapping[str, float]:
    """How much of a text is words of each language; one that several have counts for each in part."""
    shares: dict[str, float] = defaultdict(float)
    known = _languages_of_words()
    for word in words:
        codes = known.get(word, ())
        for code in codes:
            shares[code] += 1 / len(codes) / len(words)
    return shares


def _known() -> frozenset[str]:
    from stop_words import LANGUAGE_MAPPING

    return frozenset(LANGUAGE_MAPPING)


@cache
def _languages_of_words() -> dict[str, tuple[str, ...]]:
    """The commonest words of all languages that are known, each with its languages."""
    from stop_words import get_stop_words

    languages: dict[str, list[str]] = defaultdict(list)
    for code in sorted(_known()):
        for word in sorted({word.casefold() for word in get_stop_words(code)}):
            languages[word].append(code)
    return {word: tuple(codes) for word, codes in languages.items()}


def _own_text(html: str) -> str:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.text)


class _Reader(HTMLParser):
    """Gathers what a text says in its own words."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self._aside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID and (self._aside or tag in _NOT_ITS_OWN or any(name == "lang" for name, _value in attrs)):
            self._aside += 1

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and self._aside:
            self._aside -= 1

    def handle_data(self, data: str) -> None:
        if not self._aside:
            self.text.append(data)
