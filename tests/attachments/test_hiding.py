"""What a page's style hides says so itself, and nothing else does."""

import pytest

from presskit.attachments.hiding import with_marks

HIDES = [
    ".x {display: none}",
    ".x {color: red; visibility: collapse}",
    "p { opacity: 0 !important }",
    "#i {font-size: 0px}",
    # A selector that nobody knows costs its own rule alone.
    ".y:du-futur(1) {display: none} .x {display: none}",
    ".y::before {display: none} .x {display: none}",
]
SHOWS = [
    ".y {display: none}",
    ".x::after {display: none}",
    "@media print {.x {display: none}}",
    ".x {opacity: 0.5; font-size: 0.9em}",
    ".x {backface-visibility: hidden}",
]


@pytest.mark.parametrize(("sheet", "hidden"), [*((sheet, True) for sheet in HIDES), *((one, False) for one in SHOWS)])
def test_what_a_style_sheet_hides_is_marked(sheet: str, hidden: bool) -> None:
    page = f"<style>{sheet}</style><p class=x id=i>Montré</p>"
    assert ('hidden="hidden"' in with_marks(page)) == hidden
    if not hidden:
        assert with_marks(page) == page


def test_what_hides_itself_is_marked() -> None:
    assert 'hidden="hidden"' in with_marks("<p style='DISPLAY : NONE'>x")
