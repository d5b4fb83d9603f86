"""The texts of a front matter that are to be printed, as they stand in the file: what YAML drops included.

Each is to be found among the values that the communiqué was read into. Which keys are printed, and so not
``slug``, ``lang``, ``tags``, addresses of files and the like, is listed here once more, on purpose: a key that
the reader forgets must not be forgotten by who checks it.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

from presskit.conserved.written import Word, markdown

_CAPTIONS = frozenset({"legende", "caption", "credit", "copyright"})
_TITLES = frozenset({"nom", "name", "titre", "title", "label", "libelle", "intitule"})
_NOTES = frozenset({"note", "texte", "text", "motif", "reason"})
_CONTACT = frozenset({"name", "nom", "role", "fonction", "titre", "title", "organisation", "organization", "service"})
_CONTACT |= {"tel", "telephone", "phone", "phones", "mobile", "email", "e-mail", "mail", "courriel"}
_IMAGES = ("une-ou-diaporama", "une", "diaporama", "images", "image", "lead-image")
_FILE_KEYS = tuple(
    "files attachments pieces-jointes fichiers fichiers-joints documents annexes communique-file".split()
)
_CHANGES = ("correction", "corrections", "corrige", "withdrawn", "retire", "retrait")
_CONTACTS = ("contact-presse", "press-contact", "contacts-presse", "press-contacts", "contact", "contacts")
# By key of the front matter: which keys below it are printed; its own text, for "".
PRINTED: dict[str, frozenset[str]] = {
    **{key: frozenset({""}) for key in ("title", "titre", "chapeau-text", "chapeau", "chapo", "standfirst")},
    **dict.fromkeys(_IMAGES, _CAPTIONS),
    **dict.fromkeys(_FILE_KEYS, _TITLES),
    **{key: _NOTES | {""} for key in _CHANGES},
    **dict.fromkeys(_CONTACTS, _CONTACT | {""}),
}
# An entry without any of these says nothing of a file: its reader says so.
_FILES = frozenset({"image", "file", "fichier", "src", "path"})
_FRONT_MATTER = re.compile(
    r"\s*(?P<mark>-{3,}|\+{3,})[ \t]*\r?\n(?P<text>.*?)^(?:-{3,}|\+{3,}|\.{3})[ \t]*\r?$", re.S | re.M
)
_TELEPHONES = frozenset({"tel", "telephone", "phone", "phones", "mobile"})
_ADDRESSES = frozenset({"email", "e-mail", "mail", "courriel"})
# Words that only say again what their field is.
_TELEPHONE_LABEL = re.compile(r"\b(?:t[ée]l(?:[ée]phone)?s?|phones?|ph|t)\b(?=[\s.:]|\Z)", re.IGNORECASE)
_ADDRESS_LABEL = re.compile(
    r"mailto:|\b(?:(?:e-?)?mails?|m[ée]ls?|courriels?|adresses?|contacts?)\.?\s*:"
    r"|\b(?:(?:e-?)?mails?|m[ée]ls?|courriels?)\b\.?\s",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\b(?:ou|et|or|and)\b", re.IGNORECASE)
# Keys that say the same: of two of them only one is used, and who reads them says so at the other.
_RIVALS = (("title", "titre"), ("chapeau-text", "chapeau", "chapo", "standfirst"), _IMAGES, _FILE_KEYS, _CONTACTS)


@dataclass(frozen=True, kw_only=True)
class Text:
    """A text that is to be printed: its field, its line, and its words.

    ``rival`` is the line of its key where another key says the same: a warning there tells which one is used.
    """

    field: str
    line: int
    words: tuple[Word, ...]
    rival: int | None = None


def printed_texts(source: str) -> list[Text]:
    """The texts of a communiqué's front matter that are to be printed, in order."""
    found = _FRONT_MATTER.match(source)
    if found is None:
        return []
    first = source.count("\n", 0, found.start("text")) + 1
    try:
        if found["mark"].startswith("+"):
            values: Any = tomllib.loads(found["text"])
            texts = _of_values(values, first)
        else:
            node = yaml.compose(found["text"], Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
            lines = re.split(r"\r\n|[\n\r\x85\u2028\u2029]", found["text"])
            texts = _of_nodes(node, lines, first)
        return [
            Text(field=field, line=line, words=words, rival=rival)
            for field, line, text, rival in texts
            if (words := _words(field, text, line))
        ]
    except (yaml.YAMLError, tomllib.TOMLDecodeError):
        # Its reader has said so.
        return []


def _words(field: str, text: str, line: int) -> tuple[Word, ...]:
    key = field.rpartition(".")[2]
    text = unicodedata.normalize("NFC", text)
    if key in _ADDRESSES or key in _CONTACTS:
        text = _ADDRESS_LABEL.sub(" ", text)
    if key in _TELEPHONES or key in _CONTACTS:
        text = _TELEPHONE_LABEL.sub(" ", text)
    if key in _ADDRESSES or key in _TELEPHONES or key in _CONTACTS:
        text = _BETWEEN.sub(" ", text)
    return tuple(markdown(text, line).words)


def is_telephone(text: Text) -> bool:
    """Whether a text is a telephone number, which is compared by its digits."""
    return text.field.rpartition(".")[2] in _TELEPHONES


def _normal(key: str) -> str:
    decomposed = unicodedata.normalize("NFD", key.strip().lower())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return re.sub(r"[_\s]", "-", plain)


_Found: TypeAlias = tuple[str, int, str, int | None]


def _of_nodes(node: Any, lines: list[str], first: int) -> Iterator[_Found]:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    # Of a key that is there twice the last one counts, as a warning says.
    last = {str(key.value): (key, value) for key, value in pairs}
    names = [_normal(written) for written in last]
    for name, (key, value) in zip(names, last.values(), strict=True):
        rival = first + key.start_mark.line if _has_rival(name, names) else None
        for field, scalar in _scalars(name, value, PRINTED.get(name, frozenset())):
            yield field, first + scalar.start_mark.line, scalar.value + _remark(scalar, lines), rival


def _has_rival(name: str, names: Sequence[str]) -> bool:
    rivals = next((group for group in _RIVALS if name in group), (name,))
    return sum(other in rivals for other in names) > 1


def _scalars(name: str, node: Any, printed: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """The scalars under a key that are printed, each with its field."""
    for entry in node.value if isinstance(node, yaml.SequenceNode) else [node]:
        if isinstance(entry, yaml.MappingNode):
            keys = {_normal(str(key.value)): value for key, value in entry.value}
            if printed in (_CAPTIONS, _TITLES) and not any(_FILES & {key} and keys[key].value for key in keys):
                continue
            for key, value in keys.items():
                if key in printed:
                    yield from ((f"{name}.{key}", scalar) for scalar in _leaves(value))
        elif "" in printed:
            yield from ((name, scalar) for scalar in _leaves(entry))


def _leaves(node: Any) -> list[Any]:
    if isinstance(node, yaml.SequenceNode):
        return [leaf for item in node.value for leaf in _leaves(item)]
    return [node] if isinstance(node, yaml.ScalarNode) and node.value not in ("~", "null", "Null", "NULL") else []


def _remark(scalar: Any, lines: list[str]) -> str:
    """What YAML takes for a remark after a value: an author may have written a sign of his text."""
    if scalar.style in ("|", ">") or scalar.end_mark.line >= len(lines):
        return ""
    rest = lines[scalar.end_mark.line][scalar.end_mark.column :]
    return rest if rest.lstrip().startswith("#") else ""


def _of_values(values: Mapping[str, Any], first: int) -> Iterator[_Found]:
    """The same of TOML, which tells no lines."""
    for key, value in values.items():
        printed = PRINTED.get(_normal(key), frozenset())
        for entry in value if isinstance(value, list) else [value]:
            if isinstance(entry, dict):
                yield from (
                    (f"{key}.{name}", first, str(entry[name]), None) for name in entry if _normal(name) in printed
                )
            elif "" in printed:
                yield key, first, str(entry), None
