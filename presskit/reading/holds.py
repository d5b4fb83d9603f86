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

from presskit.base.letters import without_accents
from presskit.reading.days import day_of

Path = tuple[str | int, ...]
Hold = Literal["embargo", "withdrawal", "expiry", "draft", "published", "state", "release"]

_EMBARGO = "embargo"
# These say nothing but when a text may go out; others of their kind ("publication: Journal officiel") may say more.
_SURE_RELEASES = (
    "publishdate", "publishat", "publishon", "publishedat", "publishedon", "publicationdate", "releasedate",
    "releaseat", "notbefore", "embargountil", "nepasdiffuseravant", "nepaspublieravant", "anepasdiffuseravant",
    "datepublication", "datedepublication", "datediffusion", "datedediffusion", "dateparution", "datedeparution",
    "datedemiseenligne", "datemiseenligne", "publicationle", "publierle", "apublierle", "diffusionle", "golive",
)  # fmt: skip
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
    **dict.fromkeys(("poststatus", "workflow"), "state"),
    "visibility": "state",
    "visibilite": "state",
    **dict.fromkeys(
        (
            "visible",
            "public",
            "publish",
            "publier",
            "adiffuser",
            "diffuser",
            "publiable",
            "valide",
            "validated",
            "approuve",
            "approved",
        ),
        "published",
    ),
    **dict.fromkeys(
        (
            "nepaspublier",
            "nepasdiffuser",
            "anepaspublier",
            "anepasdiffuser",
            "donotpublish",
            "hold",
            "onhold",
            "withhold",
            "withheld",
        ),
        "draft",
    ),
    **dict.fromkeys(
        ("supprime", "deleted", "removed", "depublie", "retracted", "retracte", "annule", "cancelled", "canceled"),
        "withdrawal",
    ),
    **dict.fromkeys(
        ("expirydate", "expiry", "expire", "expires", "unpublishdate", "unpublishon", "datedexpiration"), "expiry"
    ),
    **dict.fromkeys(("unlisted", "private", "prive", "confidentiel", "confidential"), "draft"),
    **dict.fromkeys(("publication", "diffusion", "parution", "miseenligne", "release"), "release"),
    **dict.fromkeys(_SURE_RELEASES, "release"),
}
# States of a text, in the words of those who keep them: these are not out.
_NOT_OUT = {
    "draft", "brouillon", "private", "prive", "privee", "hidden", "cache", "cachee", "masque", "unlisted", "pending",
    "enattente", "avalider", "review", "enrelecture", "relecture", "interne", "internal", "nonpublie", "unpublished",
    "wip", "todo", "arelire", "encours", "confidentiel", "confidential", "enattentedevalidation", "attente", "waiting",
    "scheduled", "programme", "planifie", "apublier", "false", "non", "no", "off", "0",
}  # fmt: skip
# And these are; what is among neither is not certain.
_OUT = {
    "public", "publique", "publics", "published", "publie", "publiee", "enligne", "online", "live", "final", "finale",
    "finalise", "finalisee", "definitif", "definitive", "valide", "validee", "validated", "approved", "approuve",
    "approuvee", "diffuse", "diffusee", "released", "sent", "envoye", "envoyee", "visible", "open", "ouvert", "actif",
    "active", "archive", "archivee", "archived", "corrige", "corrigee", "corrected", "updated", "misajour", "termine",
    "terminee", "done", "true", "oui", "yes", "vrai", "on", "1",
}  # fmt: skip
_DAYS = (
    r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|demain"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow)"
)
_MONTHS = r"(?:jan|feb|fev|mar|a[pv]r|ma[iy]|jui?[nl]|aug|aou|sep|oct|nov|dec)"
# A day or an hour, or a word that leads to one.
_MOMENT = (
    rf"(?:jusqu|until|till|avant\b|before\b|levee?\b|(?:(?:le|au|on|the)\s+)?(?:{_DAYS}\b|\d{{4}}[-/]"
    rf"|\d{{1,2}}\s?(?:er\b|st\b|h\b|heure|[ap]\.?m\b|[:/.-]\d|{_MONTHS}))|{_MONTHS}[a-z]*\.?\s\d)"
)
_TEXT = (
    r"(?:(?:informations?|communiques?|textes?|documents?|dossiers?|contenus?|news|releases?)\s+(?:est\s|is\s)?\s*)?"
)
_SURE = r"(?:strictement\s+|strictly\s+|strict\s+)?"
# How lines begin, without accents and capitals, that say that their text is under embargo.
_SAYS_EMBARGO = re.compile(
    rf"\W*{_TEXT}{_SURE}(?:"
    rf"(?:(?:sous|under)\s+{_SURE})?embargo(?:ed|e|t?ee?s?)?(?:\s+(?:presse|media|strict|absolu|total|for release))?"
    rf"\W*(?:{_MOMENT}|(?:pour\s+)?(?:diffusion|publication|diffuser|publier)\b)"
    rf"|(?:(?:sous|under)\s+{_SURE}embargo|embargoed)(?:\s+(?:presse|media))?\W*$"
    rf"|(?:diffusion|publication|parution|mise en ligne)\s+(?:\w+\s+)?(?:interdite|prohibee)\W+{_MOMENT})"
)
_SENDING = r"(?:diffuser|publier|relayer|communiquer|diffusion|publication)"
# How they begin that say that it is not to be seen, or not yet; after a word or two of another kind.
_SAYS_NOT_OUT = re.compile(
    rf"\W*(?:(?:\w+\s?){{1,3}}\W+)?(?:(?:a\s+)?ne\s+pas\s+{_SENDING}|pas\s+pour\s+{_SENDING}"
    r"|not\s+for\s+(?:immediate\s+)?(?:release|publication|distribution)|do\s+not\s+(?:publish|release|distribute)"
    rf"|hold\s+for\s+release)(?:\s*\W*$|\W+(?:{_MOMENT}|sans\b|without\b|or\b|ni\b))"
)
_MARKED_NOT_OUT = re.compile(
    r"\W*[\[(](?i:brouillon|draft|confidentiel|confidential|projet|wip)[\])]"
    r"|\W*(?:BROUILLON|DRAFT|CONFIDENTIEL|CONFIDENTIAL)(?:\W*$|\s*[-–—:|/])"
)
_KEY_LINE = re.compile(r"[^\w\n]{0,20}([^\W\d][\w \t'’.-]{2,60}?)[\"'*_`]{0,4}[ \t]*[:=](.*)")
_COMMENT = re.compile(r"\{::comment\}.*?\{:/(?:comment)?\}|<!--.*?-->", re.DOTALL)
# As many lines as are read of a text's beginning, and as much of each.
_FIRST_LINES, _FIRST_SIGNS = 8, 300
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


def is_out(state: str) -> bool:
    """Whether the state that an author gives a text is one of those that all may see."""
    return _squeezed(state) in _OUT


def is_sure_release(key: str) -> bool:
    """Whether a key that speaks of a release can't be about anything else."""
    return _squeezed(key) in _SURE_RELEASES


def begins_with_embargo(text: str) -> bool:
    """Whether a text begins by saying that it is under embargo, as officers write it above a communiqué."""
    return any(_SAYS_EMBARGO.match(_folded(line)) or _sets_embargo(line) for line in _first_lines(text))


def begins_as_draft(text: str) -> bool:
    """Whether a text begins by saying that nobody is to see it, or not yet; a comment speaks of itself."""
    lines = _first_lines(_COMMENT.sub("", text[: 4 * _FIRST_LINES * _FIRST_SIGNS]))
    return any(_SAYS_NOT_OUT.match(_folded(line)) or _MARKED_NOT_OUT.match(line) for line in lines)


def embargo_line(text: str) -> int | None:
    """The first line (from 0) of a text that would be a field with an embargo's day, if it were in a front matter."""
    return next((number for number, line in enumerate(text.split("\n")) if _sets_embargo(line[:_FIRST_SIGNS])), None)


def _first_lines(text: str) -> list[str]:
    lines = (line.strip() for line in text[: 4 * _FIRST_LINES * _FIRST_SIGNS].split("\n"))
    return [line[:_FIRST_SIGNS] for line in lines if line][:_FIRST_LINES]


def _sets_embargo(line: str) -> bool:
    found = _KEY_LINE.match(line)
    if found is None or not speaks_of_embargo(found[1]):
        return False
    value = found[2].strip(" \t\"'*_`")
    return yes_or_no(value) is True or day_of(value) is not None


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

    Words count where a key may be, or where a text begins with them: not in what a title tells of.
    """
    # UTF-16 has a zero beside each letter; and where UTF-8 fails, it may be what Windows writes.
    plain = octets.replace(b"\0", b"")
    text = plain.decode("utf-8", "replace")
    texts = [text, plain.decode("cp1252", "replace")] if "\ufffd" in text else [text]
    return any(_text_speaks(unicodedata.normalize("NFC", one)) for one in texts)


def release_values(octets: bytes) -> Iterator[tuple[str, str]]:
    """The keys of a file, and their values, that speak of the moment when its text may be seen."""
    text = octets.replace(b"\0", b"").decode("utf-8", "replace")
    for key, value in _ENTRY.findall(_head(text)):
        if hold_of(key) == "release":
            yield key, value.strip(" \t\r\"'")


def _text_speaks(text: str) -> bool:
    head = _head(text)
    begins = (_value(line) for line in _first_lines(head) + _first_lines(text[len(head) :].lstrip("-+ \t\r\n")))
    return (
        any(map(_line_speaks, head.split("\n")))
        or embargo_line(text) is not None
        or any(begins_with_embargo(line) or begins_as_draft(line) for line in begins)
        or any(_holds(key, value.strip(" \t\r\"'")) for key, value in set(_ENTRY.findall(text)))
        or any(_is_uncertain(key, value.strip(" \t\r\"'")) for key, value in set(_ENTRY.findall(head)))
    )


def _head(text: str) -> str:
    """A file's front matter, or all of it where that has no end."""
    parts = re.split(r"^(?:-{3,}|\+{3})[ \t\r]*$", text, maxsplit=2, flags=re.MULTILINE)
    return text if len(parts) < 3 else text[: len(text) - len(parts[2])]


def _value(line: str) -> str:
    """What a line says after its key, where it has one."""
    found = _KEY_LINE.match(line)
    return line if found is None or speaks_of_embargo(found[1]) else found[2].strip(" \t\r\"'")


def _line_speaks(line: str) -> bool:
    """Whether a line of a front matter begins with a key that speaks of an embargo, or with what may be one."""
    pieces = re.split(r"[{,]", line) if "{" in line else [line]
    keys = [re.split(r"[:=]", piece, maxsplit=1)[0] for piece in pieces if re.search(r"[:=]", piece)]
    if not keys and not line[:1].isspace():
        # A line that is indented goes on with a text.
        keys = [" ".join(line.split()[:2])]
    return any(speaks_of_embargo(key[:_FIRST_SIGNS]) for key in keys)


def _holds(key: str, value: str) -> bool:
    """Whether a line holds its communiqué back, or may: “draft: false” says plainly that it does not."""
    hold = hold_of(key)
    if hold == "state":
        return is_not_out(value)
    if hold in ("embargo", "release", "expiry"):
        # Of these, lines of the front matter tell, or the day.
        return False
    return hold is not None and yes_or_no(value) is not (hold == "published")


def _is_uncertain(key: str, value: str) -> bool:
    hold = hold_of(key)
    return bool(value) and ((hold == "state" and not is_out(value)) or (hold == "expiry" and day_of(value) is None))


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
    plain = without_accents(text.casefold(), "NFKD")
    return "".join(c for c in plain if unicodedata.category(c) != "Cf")


def _squeezed(key: str) -> str:
    """A key's letters and figures alone."""
    return "".join(c for c in _folded(str(key)) if c.isalnum())
