"""Micro-typography: the spaces, apostrophes, quotes and ordinals that print expects.

French follows the *Lexique des règles typographiques en usage à l'Imprimerie nationale*, with the
narrow no-break space (U+202F) that the web and PDF can set; English follows the usual British one.
Other languages are left as they are.

The rules see a paragraph as one text even where elements cut it ("**gras** :"), so they work on a list
of runs. Code, addresses and passages in another language are opaque to them.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

NARROW, NO_BREAK = "\u202f", "\u00a0"

# Stands for what the rules must not read: a word to them, in no class that they change.
OPAQUE = "\ufffc"

# Punctuation that ends a sentence is not part of the address before it.
_CLOSING = ".,;:!?»)"
_ENDINGS = "fr|com|org|eu|net|info|io|paris|bzh|alsace|corsica"
# Each starts where no other could have started: their time grows with the text, not with its square.
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+"
    rf"|(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.(?:{_ENDINGS})(?:/\S*)?\b(?!\.\w)"
)

_SPACE = rf"[ \t\n{NO_BREAK}{NARROW}\u2009]"
_UNITS = r"€|[kKM]€|Mds?€|\$|£|°[CF]?|‰|[kKMGT][oO]|[kMG]W(?:h|c)?|[kcm]?m[²³]?|k?g|h|min|s|ha|[cm]?l|t|km/h|°"
_COUNTED = r"millions?|milliards?|euros?|ans?|mois|jours?|heures?|minutes?"
_MONTHS = r"janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"

# The words that lose their vowel before another.
_ELIDED = "[cdjlmnstCDJLMNST]|[Qq]u|[Ll]orsqu|[Pp]uisqu|[Jj]usqu|[Qq]uoiqu"

# What tells that a telephone number follows (a pattern that looks behind has one width).
_CALLED = "(?:{})".format(
    "|".join(
        rf"(?<={word}{sign})"
        for word in (r"\b[Tt][ée]l", r"\b[Tt][ée]l\.", r"\b[Tt]éléphone", "☎", "📞")
        for sign in ("", " ", " : ", ": ")
    )
    + r"|(?<=\bau )|(?<=\b[Aa]ppelez le )"
)

Rule = tuple[re.Pattern[str], str]


def _rules(*rules: tuple[str, str]) -> tuple[Rule, ...]:
    return tuple((re.compile(pattern), replacement) for pattern, replacement in rules)


# Straight quotes: those around others are found once these are set.
_QUOTED = r'(?<![\w"])"(?=\S)([^"\n]+?)(?<=\S)"(?![\w"])'

_COMMON = _rules(
    (r"\.\.\.", "…"),
    (r"(?<=\S )--?(?= \S)", "–"),
    (r"(?<=[^\W_])'(?=[^\W\d_]|[«“\"])", "’"),
)

_FRENCH = _rules(
    # Slips of the keyboard: an apostrophe too many, a space after one.
    (r"(?<=[^\W\d_])['’]{2}(?=[^\W\d_])", "’"),
    (rf"(?<![\w’'])({_ELIDED})[’']{_SPACE}+(?=[aeiouyhàâäéèêëîïôöùûüœæAEIOUYHÀÂÄÉÈÊËÎÏÔÖÙÛÜŒÆ])", r"\1’"),
    (_QUOTED, r"« \1 »"),
    # Ordinals and units in their usual forms.
    (rf"(?<![\w.,’-])([1I]){_SPACE}?(?:(ers?)|[eè](res?))(?!\w)", r"\1\2\3"),
    (rf"(?<![\w.,’-])(\d+|[IVXL]+){_SPACE}?i?[eè]me(s?)(?!\w)", r"\1e\2"),
    (r"(?<![\w²³’'-])([kcdmh]?m)2(?![\w’'-])", r"\1²"),
    (r"(?<![\w²³’'-])([kcdmh]?m)3(?![\w’'-])", r"\1³"),
    # Thousands that their author spaced, and bare ones that are an amount for certain.
    (rf"(?<![\d.,{NARROW}])(\d{{1,3}}) (?=\d{{3}}(?:{_SPACE}\d{{3}})*(?!\d))", rf"\1{NARROW}"),
    (rf"(?<=\d{{3}}) (?=\d{{3}}(?!\d))(?<={NARROW}\d{{3}} )", NARROW),
    (rf"(?<=\d)(?=(?:\d{{3}}){{1,5}}{_SPACE}*(?:€|[kKM]€|euros?\b))", NARROW),
    # Telephone numbers are written in pairs, and keep on one line; ten bare figures may be those of an account.
    (
        rf"(?=0[1-9]\d{{8}}){_CALLED}(0[1-9])(\d\d)(\d\d)(\d\d)(\d\d)(?![\w/-]|[.,]\d)",
        rf"\1{NO_BREAK}\2{NO_BREAK}\3{NO_BREAK}\4{NO_BREAK}\5",
    ),
    (
        rf"(?<![\w+.,/-])(?<![Vv]ersion )(0[1-9])({_SPACE}|[.-])(\d\d)\2(\d\d)\2(\d\d)\2(\d\d)(?![\w/-]|[.,]\d)",
        rf"\1{NO_BREAK}\3{NO_BREAK}\4{NO_BREAK}\5{NO_BREAK}\6",
    ),
    (
        rf"(?<![\w+])\+33{_SPACE}?(\(0\))?([.-]|{_SPACE})?([1-9])({_SPACE}?|[.-])(\d\d)\4(\d\d)\4(\d\d)\4(\d\d)(?![\w/-])",
        rf"+33{NO_BREAK}\1\3{NO_BREAK}\5{NO_BREAK}\6{NO_BREAK}\7{NO_BREAK}\8",
    ),
    # Numbers and what they count.
    (rf"(?<=\d){_SPACE}*%", f"{NARROW}%"),
    (rf"(?<=\d)(?:{_SPACE}+(?={_UNITS}|h\b)|(?=(?:€|[kKM]€|Mds?€|\$|£|°[CF]\b)))(?=(?:{_UNITS})(?![\w²³/’']))", NARROW),
    (rf"(?<=\d) (?={_COUNTED}\b)", NO_BREAK),
    (rf"(?<=\d) (?=(?:{_MONTHS})\b)|(?<=\b1er) (?=(?:{_MONTHS})\b)", NO_BREAK),
    (rf"(?:(?<=\dh)|(?<=\d{NARROW}h)) (?=\d\d\b)", NARROW),
    # Abbreviations that nothing may part from what follows.
    (rf"(?<!\w)([nN][°º]s?){_SPACE}*(?=\d)", rf"\1{NO_BREAK}"),
    (r"(?<![\w’])(n°|N°|nos|p\.|art\.|M\.|MM\.|Mme|Mmes|Mlle|Dr|Pr|Me) (?=[\w«])", rf"\1{NO_BREAK}"),
    # High punctuation: a space that is there becomes narrow, one that lacks is set.
    (rf"(?<=\S){_SPACE}+(?=[;!?»])", NARROW),
    (rf"(?<=[^\s(\[«;:!?¿¡<{NARROW}/])(?=(?:[;!?]+(?![\w/=&])|»))", NARROW),
    (rf"(?<=\S){_SPACE}+(?=:(?:\s|$|[«{OPAQUE}]))", NARROW),
    (rf"(?<=[^\W\d_])(?=:(?:\s|$))|(?<=[»)\]”’%€\d{OPAQUE}])(?=:(?:\s|$))", NARROW),
    (rf"«{_SPACE}*", f"«{NARROW}"),
)

_ENGLISH = _rules(
    (_QUOTED, r"“\1”"),
    (r"(?<=[^\W_])'", "’"),
    (r"(?<!\w)'(?=\d0s\b)", "’"),
    (r"(?<!\w)'(?=\w)", "‘"),
    (rf"(?<=\d) (?=(?:{_UNITS}|%)(?![\w²³/]))", NO_BREAK),
    (r"(?<![\w’])(No\.|p\.|Mr|Mrs|Ms|Dr) (?=[\w])", rf"\1{NO_BREAK}"),
    (
        r"(?<=\d) (?=(?:January|February|March|April|May|June|July|August|September|October|November|December)\b)",
        NO_BREAK,
    ),
)

_BY_LANGUAGE = {"fr": (*_COMMON, *_FRENCH), "en": (*_COMMON, *_ENGLISH)}

# Ordinals in the form that the Imprimerie nationale gives: 1er, 1re, 2e, 2nd. Their letters go up.
_ORDINAL = re.compile(
    r"(?<![\w.,’-])(?:(?:1|I)(?P<first>ers?|res?)|(?:2|II)(?P<second>nde?s?)|(?:\d+|[IVXL]{2,})(?P<other>es?))(?!\w)"
)
# Formulas whose figure goes down.
_FORMULA = re.compile(r"(?<!\w)(?:CO|H|N|O|CH|SO|NO|SF)(?=[2346])(?P<figure>[2346])(?=eq\b|e\b|O\b|\W|\Z)")


def language_of(lang: str) -> str:
    """The primary language of a tag: ``fr-FR`` is ``fr``."""
    return lang.split("-", maxsplit=1)[0].lower()


def set_runs(runs: Sequence[str], lang: str) -> list[str]:
    """Apply a language's rules to the runs of one paragraph, which may contain OPAQUE."""
    rules = _BY_LANGUAGE.get(language_of(lang), ())
    texts = list(runs)
    for pattern, replacement in rules:
        while _apply(texts, pattern, replacement) and pattern.pattern == _QUOTED:
            pass
    return texts


def _apply(texts: list[str], pattern: re.Pattern[str], replacement: str) -> bool:
    """Apply one rule to runs; gives whether it found anything."""
    flat = "".join(texts)
    edits = [
        (match.start(), match.end(), match.expand(replacement))
        for match in pattern.finditer(flat)
        if OPAQUE not in match[0]
    ]
    if edits:
        _edit(texts, edits)
    return bool(edits)


def set_text(text: str, lang: str) -> str:
    """Apply a language's rules to a plain text; its addresses stay as they are."""
    hidden: list[str] = []
    visible = hide_addresses(text, hidden)
    return show_addresses(set_runs([visible], lang)[0], hidden)


def hide_addresses(text: str, hidden: list[str]) -> str:
    """Replace each web or e-mail address by OPAQUE, appended to ``hidden``."""

    def hide(match: re.Match[str]) -> str:
        address = match[0].rstrip(_CLOSING)
        hidden.append(address)
        return OPAQUE + match[0][len(address) :]

    return _ADDRESS.sub(hide, text)


def show_addresses(text: str, hidden: list[str]) -> str:
    """Undo hide_addresses."""
    addresses = iter(hidden)
    return re.sub(OPAQUE, lambda _match: next(addresses, OPAQUE), text)


def marks(text: str, language: str) -> Iterator[tuple[str, str]]:
    """A text in pieces, each with what it is to be: ``sup``, ``sub``, ``domain`` (an address without a link), or ''."""
    found = [(m.start(), m.start() + len(m[0].rstrip(_CLOSING)), "domain") for m in _ADDRESS.finditer(text)]
    if language == "fr":
        found += [(*match.span(match.lastgroup or 0), "sup") for match in _ORDINAL.finditer(text)]
        found += [(*match.span("figure"), "sub") for match in _FORMULA.finditer(text)]
    done = 0
    for start, end, tag in sorted(found):
        if start >= done:
            yield from ((piece, kind) for piece, kind in ((text[done:start], ""), (text[start:end], tag)) if piece)
            done = end
    if done < len(text):
        yield text[done:], ""


def _edit(texts: list[str], edits: list[tuple[int, int, str]]) -> None:
    """Replace stretches of the joined texts; a stretch over several runs is set in its first one."""
    ends = list(accumulate(map(len, texts)))
    spans = list(zip([0, *ends], ends, strict=False))
    # From the last edit to the first, so that those to come keep their places; what is put between two runs
    # goes to the second, where the sign that wants it is.
    for start, end, replacement in reversed(edits):
        touched = [i for i, (low, high) in enumerate(spans) if max(start, low) < min(end, high)]
        if not touched:
            touched = [max(i for i, (low, high) in enumerate(spans) if low <= start <= high)]
        for index in touched:
            low, high = spans[index]
            left, right = max(start, low) - low, min(end, high) - low
            texts[index] = texts[index][:left] + (replacement if index == touched[0] else "") + texts[index][right:]
