"""E-mail addresses and telephone numbers as they are pasted from mails, signatures and web pages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from html import unescape

# Numbers of the French overseas departments are written without their own country code.
OVERSEAS = ("RE", "GP", "MQ", "GF", "PM")

_ADDRESS = re.compile(r"[^\s<>()\[\]{},;:\"«»“”|/@]+@[^\s<>()\[\]{},;:\"'«»“”|/@?]+")
_DOTTED = re.compile(r"[^@]+@[^@.]+(?:\.[^@.]+)+")
_SCHEME = re.compile(r"\bmailto:\s*|\?(?:subject|body|cc)=\S*", re.IGNORECASE)
_LINK = re.compile(r"<a\b[^<>]*\bhref\s*=\s*[\"']?([^\"'<>\s]+)[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>@]*>")
# That an address is one needs no saying, either.
_MAIL_LABEL = re.compile(
    r"\b(?:(?:e-?)?mails?|m[ée]ls?|courriels?|adresses?|contacts?)\.?\s*:"
    r"|\b(?:(?:e-?)?mails?|m[ée]ls?|courriels?)\.?\s+(?=[^\s@]+@)",
    re.IGNORECASE,
)
_AROUND = " \t\n<>()[]{},;:\"'«»“”|/-–—•\u00a0\u202f"
_BETWEEN = re.compile(
    r"\s*[;|\n]\s*|\s*/\s*|\s*,\s+|\s+[-–—•]\s+|\s+(?:ou|et|or|and)\s+(?=[^\d+(]*[\d+(])", re.IGNORECASE
)
# That a telephone is one needs no saying; that it is mobile does.
_PHONE_LABEL = re.compile(
    r"(?:t[ée]l(?:[ée]phones?|\.|s\b)?|tel|phone|ph\.|t\.|t(?=\s*:|\s+[\d+(])|☎|📞)\s*\.?\s*:?\s*", re.IGNORECASE
)
_NUMBER = re.compile(r"(?:\+|\(\s*\+)?\(?\d[\d\s.()\-‐‑–/]*\d|\d+")
_AND = ("ou", "et", "or", "and")
_SHORTEST = 6
# Emergencies, services, and the numbers of social value of Europe (116…) and of enquiries (118…).
_SHORT = re.compile(r"[1-9]\d{1,3}|11[68]\d{3}")


@dataclass(frozen=True)
class Addresses:
    """The e-mail addresses of a text, in order, and the ``rest`` of its words ('' for none)."""

    found: tuple[str, ...]
    rest: str


def addresses_in(text: str) -> Addresses:
    """``Alice Martin <alice@example.org>``: the address, and the name that is left over."""
    bare = _LINK.sub(r" \1 ", _unspaced(unescape(text)))
    bare = _MAIL_LABEL.sub(" ", _TAG.sub(" ", _SCHEME.sub(" ", bare)))
    found: dict[str, None] = {}

    def take(match: re.Match[str]) -> str:
        address = match[0].strip(".'’")
        if _DOTTED.fullmatch(address) is None:
            return match[0]
        found[address] = None
        return " "

    rest = _ADDRESS.sub(take, bare)
    words = [word for word in rest.split() if word.strip(_AROUND) and (len(found) < 2 or word not in _AND)]
    return Addresses(tuple(found), _trimmed(" ".join(words)))


def _trimmed(text: str) -> str:
    """A text without the signs around it; brackets within it stay a pair."""
    bare = text.strip(_AROUND.replace("()", ""))
    around = bare[:1] == "(" and bare.find(")") == len(bare) - 1
    return bare if bare.count("(") == bare.count(")") and not around else bare.strip(_AROUND)


class Length(Enum):
    """Whether a telephone number has the number of digits that its country's have."""

    RIGHT = "right"
    SHORT = "short"
    LONG = "long"


@dataclass(frozen=True)
class Phone:
    """A telephone as written: what is said ``before`` and ``after`` its number."""

    number: str
    before: str = ""
    after: str = ""


def phones_in(text: str) -> tuple[str, ...]:
    """The telephones of a text, each with what is said of it: ``01… / Portable : 06…`` are two."""
    text = _unspaced(unescape(text)).strip()
    pieces = [piece for piece in _BETWEEN.split(text) if piece.strip(_AROUND)]
    if len(pieces) < 2 or not all(_digits(piece) >= _SHORTEST for piece in pieces):
        pieces = [text]
    return tuple(stripped for piece in pieces if (stripped := _without_label(piece)))


def parts_of(phone: str) -> Phone:
    """A telephone cut into its number and what is said around it."""
    match = max(_NUMBER.finditer(phone), key=lambda match: _digits(match[0]), default=None)
    if match is None:
        return Phone("", phone)
    number = match[0]
    if number.count("(") != number.count(")"):
        number = number.replace("(", "") if "(" in number else number
    return Phone(number.strip(), phone[: match.start()].strip(), phone[match.end() :].strip())


def length_of(phone: str, country: str) -> Length:
    """Whether a telephone has too few or too many digits for its country; short numbers (112, 3939) have not."""
    import phonenumbers

    number = parts_of(phone).number
    if _SHORT.fullmatch(re.sub(r"[\s.]", "", number)):
        return Length.RIGHT
    results = set()
    for region in regions_of(country):
        try:
            parsed = phonenumbers.parse(number, region)
        except phonenumbers.NumberParseException as error:
            long = error.error_type == phonenumbers.NumberParseException.TOO_LONG
            return Length.LONG if long else Length.SHORT
        results.add(phonenumbers.is_possible_number_with_reason(parsed))
    reasons = phonenumbers.ValidationResult
    if results & {reasons.IS_POSSIBLE, reasons.INVALID_COUNTRY_CODE}:
        return Length.RIGHT
    return Length.LONG if reasons.TOO_LONG in results else Length.SHORT


def regions_of(country: str) -> Sequence[str]:
    """The countries in whose way a number without a country code may be written."""
    return (country, *OVERSEAS) if country == "FR" else (country,)


def _unspaced(text: str) -> str:
    """A text without the signs of no width that come along with what is pasted."""
    return re.sub("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]", "", text).replace("\u00a0", " ").replace("\u202f", " ")


def _digits(text: str) -> int:
    return sum(sign.isdecimal() for sign in text)


def _without_label(piece: str) -> str:
    piece = piece.strip(" \t\n,;|/")
    label = _PHONE_LABEL.match(piece)
    return piece[label.end() :] if label and _digits(piece) else piece
