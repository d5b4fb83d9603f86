"""Press contacts as people write them: named fields, or a line pasted from a signature."""

import re
from dataclasses import dataclass

from presskit.base.i18n import _
from presskit.reading.fields import Fields
from presskit.text.inline import plain
from presskit.text.pasted import Length, addresses_in, length_of, parts_of, phones_in

CONTACT_KEYS = ("contact-presse", "press-contact", "contacts-presse", "press-contacts", "contact", "contacts")

_EXAMPLE = "contact-presse: {name: Alice Martin, tel: 01 23 45 67 89, email: presse@exemple.gouv.fr}"
_FIGURES = 8
_LABEL = re.compile(
    r"(?:\A[tmpfd]\b[\s.:]*|\b(?:t[ée]l(?:[ée]phone)?|phone|portable|port|mobile|mob|gsm|cell|fixe|fax|standard|bureau|astreinte"
    r"|ligne directe|directe?)\b[\s.:]*|[☎📞]\s*)+\Z",
    re.IGNORECASE,
)
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_BETWEEN = re.compile(r"\s*(?:\n|\||;|,\s|\s[-–—•/]\s)\s*")


@dataclass(frozen=True, kw_only=True)
class Contact:
    """A press contact: ``phones`` as written, ``role`` and ``organisation`` may be empty.

    ``email`` is the first of its addresses, ``other_emails`` are those after it.
    """

    name: str = ""
    role: str = ""
    organisation: str = ""
    phones: tuple[str, ...] = ()
    email: str = ""
    other_emails: tuple[str, ...] = ()


def read_contacts(fields: Fields, country: str) -> tuple[Contact, ...]:
    """The press contacts under any of their keys; entries with nothing in them don't count.

    ``country`` is the one in whose way telephone numbers are written.
    """
    entries = fields.mappings(*CONTACT_KEYS, shorthand="text", example=_EXAMPLE)
    contacts: list[Contact] = []
    for entry in entries:
        line = entry.text("text") if list(entry.values) == ["text"] else ""
        found = [_from_line(block, entry) for block in _blocks(line)] if line else [_from_fields(entry)]
        contacts += [contact for contact in found if contact != Contact()]
        for phone in (phone for contact in found for phone in contact.phones):
            _check_phone(phone, country, entry)
        entry.warn_of_unknown()
    return tuple(contacts)


def _from_fields(entry: Fields) -> Contact:
    name = plain(" ".join(entry.text(*names) for names in _NAMES).strip())
    emails, name_beside = _emails(entry)
    written = entry.texts("tel", "telephone", "tél", "phone", "phones", "tel-fixe", "fixe", separator="\n")
    mobiles = entry.texts("mobile", "portable", "gsm", "tel-portable", separator="\n")
    return Contact(
        name=name or name_beside,
        role=plain(entry.text("role", "fonction", "titre", "title", "poste")),
        organisation=plain(entry.text("organisation", "organization", "organisme", "service", "direction")),
        phones=tuple(dict.fromkeys(phone for text in (*written, *mobiles) for phone in phones_in(text))),
        email=emails[0] if emails else "",
        other_emails=emails[1:],
    )


_NAMES = (("prenom", "first-name"), ("name", "nom", "last-name"))


def _emails(entry: Fields) -> tuple[tuple[str, ...], str]:
    """The addresses of a contact, and a name that is written beside them."""
    names = ("email", "e-mail", "mail", "mel", "courriel", "adresse-mail", "adresse-email")
    found: dict[str, None] = {}
    rests = []
    for text in entry.texts(*names):
        addresses = addresses_in(text)
        found |= dict.fromkeys(addresses.found)
        rests.append(addresses.rest)
        if not addresses.found or "@" in addresses.rest:
            what = _("“{value}” is not an e-mail address.").format(value=text)
            entry.error("email", what, _("Write for instance: email: presse@exemple.gouv.fr"))
    rest = " ".join(rest for rest in rests if rest)
    known = entry.text("name", "nom", "last-name")
    if (
        found
        and rest
        and known
        and not set(rest.casefold().split()) <= set(known.casefold().split())
        and "@" not in rest
    ):
        what = _("“{words}” beside the e-mail address is left out.").format(words=rest)
        entry.warn("email", what, _("Write it under “name:” or “role:”."))
    return tuple(found), rest if found else ""


def _blocks(text: str) -> list[str]:
    """The contacts of a text that empty lines part, if each begins with a name and can be reached."""
    blocks = [block for block in _EMPTY_LINE.split(text) if block.strip()]
    return blocks if all(_is_whole(block) for block in blocks) else [text]


def _is_whole(block: str) -> bool:
    first = addresses_in(block.strip().split("\n")[0]).rest
    named = any(map(str.isalpha, _name_before(parts_of(first).before)[0]))
    return named and ("@" in block or sum(sign.isdecimal() for sign in block) >= _FIGURES)


def _from_line(line: str, entry: Fields) -> Contact:
    """A contact in one text: its name, then its role, around its addresses and telephones."""
    addresses: list[str] = []
    phones: list[str] = []
    words: list[str] = []
    for piece in _BETWEEN.split(line):
        found = addresses_in(piece)
        addresses += found.found
        phone = parts_of(found.rest)
        if sum(sign.isdecimal() for sign in phone.number) >= _FIGURES:
            name, label = _name_before(phone.before)
            words += [name] if name else []
            phones += phones_in(f"{label} {phone.number} {phone.after}")
        elif found.rest:
            words.append(found.rest)
    if len(addresses) > 1 or not (words or addresses or phones) or any("@" in word for word in words):
        what = _("this text does not say clearly who the contact is.")
        entry.error("", what, _("Write each contact with named fields: {example}").format(example=_EXAMPLE))
    return Contact(
        name=plain(words[0]) if words else "",
        role=plain(", ".join(words[1:])),
        phones=tuple(dict.fromkeys(phones)),
        email=next(iter(addresses), ""),
    )


def _name_before(words: str) -> tuple[str, str]:
    """The words before a telephone as a name and what the telephone is: "Alice Martin, portable :"."""
    label = _LABEL.search(words)
    name = (words[: label.start()] if label else words).strip(" :,;-–")
    return name, label[0] if label else ""


def _check_phone(phone: str, country: str, entry: Fields) -> None:
    remedy = _("Write all of its digits, and each number on a line of its own: {example}")
    remedy = remedy.format(example="tel: 01 23 45 67 89")
    if not parts_of(phone).number:
        entry.warn("tel", _("“{value}” is not a telephone number.").format(value=phone), remedy)
        return
    length = length_of(phone, country)
    if length is Length.SHORT:
        entry.warn("tel", _("the telephone “{value}” has too few digits.").format(value=phone), remedy)
    elif length is Length.LONG:
        entry.warn("tel", _("the telephone “{value}” has too many digits.").format(value=phone), remedy)
