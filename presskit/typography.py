"""Micro-typography: the spaces, apostrophes, quotes and ordinals that print expects.

French follows the *Lexique des règles typographiques en usage à l'Imprimerie nationale*, with the
narrow no-break space (U+202F) that the web and PDF can set; English follows the usual British one.
Other languages are left as they are.

The rules see a paragraph as one text even where elements cut it ("**gras** :"), so they work on a list
of runs. Code, addresses and passages in another language are opaque to them.
"""

import re
from collections.abc import Callable, Sequence
from itertools import accumulate
from xml.etree.ElementTree import Element, SubElement

NARROW, NO_BREAK = "\u202f", "\u00a0"

# Stands for what the rules must not read: a word to them, in no class that they change.
OPAQUE = "\ufffc"

_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b[\w-]+(?:\.[\w-]+)*\.(?:fr|com|org|eu|net)(?:/\S*)?\b"
)

_SPACE = rf"[ \t\n{NO_BREAK}{NARROW}\u2009]"
_UNITS = r"€|[kKM]€|Mds?€|\$|£|°C?|‰|[kKMGT][oO]|[kMG]W(?:h|c)?|[kcm]?m[²³]?|k?g|h|min|s|ha|[cm]?l|t|km/h|°"
_COUNTED = r"millions?|milliards?|euros?|ans?|mois|jours?|heures?|minutes?"
_MONTHS = r"janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"

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
    (_QUOTED, r"« \1 »"),
    # Thousands that their author spaced, and bare ones that are an amount for certain.
    (rf"(?<![\d.,{NARROW}])(\d{{1,3}}) (?=\d{{3}}(?:{_SPACE}\d{{3}})*(?!\d))", rf"\1{NARROW}"),
    (rf"(?<=\d{{3}}) (?=\d{{3}}(?!\d))(?<={NARROW}\d{{3}} )", NARROW),
    (rf"(?<=\d)(?=(?:\d{{3}})+{_SPACE}*(?:€|[kKM]€|euros?\b))", NARROW),
    # Telephone numbers keep on one line.
    (r"(?<!\d)(0\d) (\d\d) (\d\d) (\d\d) (\d\d)(?!\d)", rf"\1{NO_BREAK}\2{NO_BREAK}\3{NO_BREAK}\4{NO_BREAK}\5"),
    # Numbers and what they count.
    (rf"(?<=\d){_SPACE}*%", f"{NARROW}%"),
    (rf"(?<=\d)(?:{_SPACE}+(?={_UNITS}|h\b)|(?=(?:€|[kKM]€|Mds?€|\$|£)))(?=(?:{_UNITS})(?![\w²³/’']))", NARROW),
    (rf"(?<=\d) (?={_COUNTED}\b)", NO_BREAK),
    (rf"(?<=\d) (?=(?:{_MONTHS})\b)|(?<=\b1er) (?=(?:{_MONTHS})\b)", NO_BREAK),
    (rf"(?:(?<=\dh)|(?<=\d{NARROW}h)) (?=\d\d\b)", NARROW),
    # Abbreviations that nothing may part from what follows.
    (r"(?<![\w’])(n°|N°|nos|p\.|art\.|M\.|MM\.|Mme|Mmes|Mlle|Dr|Pr|Me) (?=[\w«])", rf"\1{NO_BREAK}"),
    # High punctuation: a space that is there becomes narrow, one that lacks is set.
    (rf"(?<=\S){_SPACE}+(?=[;!?»])", NARROW),
    (rf"(?<=[^\s(\[«;:!?¿¡{NARROW}/])(?=(?:[;!?]+(?![\w/=&])|»))", NARROW),
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

# 1er, 1re (or 1ère), 2e (or 2ème), 2nd: the letters go up, in the form the Imprimerie nationale gives.
_ORDINAL = re.compile(
    r"(?<![\w.,’-])(?:(?P<first>1|I)(?P<gender>er|ers|re|res|ère|ères)|(?P<second>2|II)(?P<nd>nd|nds|nde|ndes)"
    r"|(?P<number>\d+|[IVXL]{2,})(?P<e>e|es|ème|èmes))(?!\w)"
)


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
        # Punctuation that ends a sentence is not part of the address before it.
        address = match[0].rstrip(".,;:!?»)")
        hidden.append(address)
        return OPAQUE + match[0][len(address) :]

    return _ADDRESS.sub(hide, text)


def show_addresses(text: str, hidden: list[str]) -> str:
    """Undo hide_addresses."""
    addresses = iter(hidden)
    return re.sub(OPAQUE, lambda _match: next(addresses, OPAQUE), text)


def raise_ordinals(element: Element) -> None:
    """Set the letters of French ordinals in ``<sup>`` in the texts directly inside of an element."""
    _raise(element.text, lambda text: setattr(element, "text", text), element, 0)
    for child in list(element):
        index = list(element).index(child)
        _raise(child.tail, lambda text, child=child: setattr(child, "tail", text), element, index + 1)  # type: ignore[misc]


def _raise(text: str | None, keep: Callable[[str], None], parent: Element, index: int) -> None:
    matches = list(_ORDINAL.finditer(text or ""))
    if not text or not matches:
        return
    keep(text[: matches[0].start()] + _ordinal(matches[0])[0])
    for match, following in zip(matches, [*matches[1:], None], strict=True):
        raised = SubElement(parent, "sup")
        raised.text = _ordinal(match)[1]
        end = following.start() if following else len(text)
        raised.tail = text[match.end() : end] + (_ordinal(following)[0] if following else "")
        parent.remove(raised)
        parent.insert(index, raised)
        index += 1


def _ordinal(match: re.Match[str]) -> tuple[str, str]:
    """The two halves of an ordinal: ``2ème`` gives ``2`` and ``e``."""
    if match["first"]:
        return match["first"], match["gender"].replace("ère", "re")
    if match["second"]:
        return match["second"], match["nd"]
    return match["number"], match["e"].replace("ème", "e")


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
