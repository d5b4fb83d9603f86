"""The French catalogue: whole, up to date and compiled."""

import io
import re

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tests.conftest import ROOT

FOLDER = ROOT / "presskit" / "locale" / "fr" / "LC_MESSAGES"


def catalogue() -> Catalog:
    return read_po(io.BytesIO((FOLDER / "presskit.po").read_bytes()), locale="fr")


def written() -> set[str | tuple[str, ...]]:
    """All messages of the code."""
    keywords = {"_": None, "ngettext": (1, 2)}
    return {entry[2] for entry in extract_from_dir(ROOT / "presskit", keywords=keywords)}


def _plurals(text: object) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (str(text),)


def test_every_message_is_in_french() -> None:
    french = catalogue()
    messages = written()
    assert len(messages) > 100
    for message in messages:
        entry = french.get(message[0] if isinstance(message, tuple) else message)
        assert entry is not None and entry.string and not entry.fuzzy, message
        assert all(_plurals(entry.string)), message


@pytest.mark.parametrize("entry", [m for m in catalogue() if m.id], ids=lambda m: str(m.id)[:40])
def test_placeholders_are_kept(entry: Message) -> None:
    ids = _plurals(entry.id)
    wanted = set(re.findall(r"\{(\w+)", " ".join(ids)))
    for string in _plurals(entry.string):
        assert set(re.findall(r"\{(\w+)", string)) <= wanted
        if len(ids) == 1:
            assert set(re.findall(r"\{(\w+)", string)) == wanted


def test_the_compiled_catalogue_is_the_written_one() -> None:
    with (FOLDER / "presskit.mo").open("rb") as file:
        compiled = read_mo(file)

    def strings(source: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
        def several(value: object) -> tuple[str, ...]:
            return (value,) if isinstance(value, str) else tuple(value)  # type: ignore[arg-type]

        return {several(message.id): several(message.string) for message in source if message.id}

    assert strings(compiled) == strings(catalogue())


def test_french_messages_have_french_punctuation() -> None:
    for entry in catalogue():
        strings = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        for string in strings:
            assert not re.search(r"[\w»] [;!?»](\s|$)|« \w", str(string)), string
