"""Fonts of symbols: their signs are copied as what they show."""

import re

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Dictionary, Name

from presskit.text.symbols import is_private, meaning
from tests.conftest import SiteFolder, attach, html_pdf
from tests.producers import changed

FONTS = ["Symbol", "Wingdings", "Wingdings 2", "Wingdings 3", "OpenSymbol", "Webdings", "Arial", "ABCDEF+SymbolMT"]


@given(st.sampled_from(FONTS), st.characters())
def test_no_meaning_is_private_again(font: str, sign: str) -> None:
    assert not any(map(is_private, meaning(font, sign)))


@pytest.mark.parametrize(
    ("font", "sign", "shown"),
    [
        ("Symbol", "\uf0b7", "•"),
        ("ABCDEF+SymbolMT", "\uf0b7", "•"),
        ("OpenSymbol", "\uf0b7", "•"),
        ("Symbol", "\uf061", "α"),
        ("Symbol", "\uf0de", "⇒"),
        ("Wingdings", "\uf0a7", "▪"),
        ("Wingdings", "§", "▪"),
        ("'Wingdings'", "\uf0fc", "✓"),
        ("Wingdings-Regular", "\uf0d8", "➢"),
        ("OpenSymbol", "•", "•"),
        ("Arial", "\uf0b7", ""),
    ],
)
def test_the_signs_of_offices_are_known(font: str, sign: str, shown: str) -> None:
    assert meaning(font, sign) == shown


def test_bullets_of_a_pdf_are_copied_as_bullets(site: SiteFolder) -> None:
    """As Word writes them: Symbol's own code in the table of characters, which PDF/A refuses."""

    def as_symbol(pdf: pikepdf.Pdf) -> None:
        for item in pdf.objects:
            if isinstance(item, Dictionary) and item.get("/Type") == Name.Font and "/ToUnicode" in item:
                item.BaseFont = Name("/ABCDEF+SymbolMT")
                mapping = item.ToUnicode.read_bytes()
                pairs = re.compile(rb"(<\w+>\s*)<(\w+)>")
                item.ToUnicode.write(pairs.sub(lambda m: m[1] + b"<F0B7>" if m[2] == b"0051" else m[0], mapping))

    attach(site, changed(html_pdf("<title>t</title><body><p>QQQ un point"), as_symbol))
    built = site.build()
    assert "••• un point" in built.text and not any(map(is_private, built.text))
    assert "PDF/UA-1, PDF/A-3a" in built.messages + built.result.output
