"""Drawings that ask for what is elsewhere, or can't show all that they hold."""

import time
from xml.etree import ElementTree

import pytest

from presskit.base.drawing import Drawing, standing_alone
from tests.attachments.conftest import SVG, one
from tests.conftest import SiteFolder, outline

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="300" height="200">'
RED = '<rect width="50" height="50" fill="red"/>'
HTML = (
    '<foreignObject width="9" height="9"><div xmlns="http://www.w3.org/1999/xhtml">Texte <b>perdu</b></div>'
    "</foreignObject>"
)

# Each with what is asked for elsewhere, as it is named.
OUTSIDE = [
    ("<style>@font-face{font-family:X;src:url(https://example.org/x.woff2)} .a{fill:red}</style>", ["x.woff2"]),
    ("<style>@font-face{font-family:X;src:url(data:font/woff2;base64,AAAA)}</style>", ["font/woff2"]),
    ("<style>@import url('https://fonts.example.org/css?family=X'); .a{fill:red}</style>", ["css"]),
    ('<style><![CDATA[@import "theme.css";]]></style>', ["theme.css"]),
    ('<image href="photo.png" width="9" height="9"/>', ["photo.png"]),
    ('<image xlink:href="../img/photo%20de%20une.jpg" width="9" height="9"/>', ["photo de une.jpg"]),
    ('<image xlink:href="https://example.org/a/b.png" width="9" height="9"/>', ["b.png"]),
    ('<image href="file:///etc/passwd" width="9" height="9"/>', ["passwd"]),
    ('<g><use href="symboles.svg#a"/></g>', ["symboles.svg"]),
    ('<filter id="f"><feImage href="fond.png"/></filter>', ["fond.png"]),
]


@pytest.mark.parametrize(("content", "names"), OUTSIDE)
def test_what_is_elsewhere_is_left_out_and_named(content: str, names: list[str]) -> None:
    drawing = standing_alone(f"{OPEN}{content}{RED}</svg>".encode())
    assert list(drawing.outside) == names
    assert b"red" in drawing.octets
    for trace in (b"url(", b"@import", b"passwd", b"symboles", b".png", b".jpg"):
        assert trace not in drawing.octets


@pytest.mark.parametrize(
    "content", ['<g id="a"><use href="#a"/></g>', '<g id="a"><use xlink:href="#b"/></g><g id="b"><use href="#a"/></g>']
)
def test_a_drawing_of_itself_ends(content: str) -> None:
    drawing = standing_alone(f"{OPEN}{content}{RED}</svg>".encode())
    assert drawing.octets.count(b"use") < content.count("use")


def test_uses_of_uses_do_not_hang() -> None:
    levels = ""
    for number in range(1, 12):
        uses = f'<use href="#a{number - 1}"/>' * 10
        levels += f'<g id="a{number}">{uses}</g>'
    started = time.monotonic()
    standing_alone(f'{OPEN}<g id="a0">{RED}</g>{levels}</svg>'.encode())
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (HTML, "Texte perdu"),
        (f"<switch>{HTML}<text>Texte perdu</text></switch>", ""),
        (f"<switch>{HTML}</switch>", "Texte perdu"),
        ("<text>Un texte</text>", ""),
    ],
)
def test_text_that_has_no_place_is_known(content: str, text: str) -> None:
    assert standing_alone(f"{OPEN}{content}</svg>".encode()).unseen == text


def test_drawings_cost_no_kit(site: SiteFolder) -> None:
    """As an attachment and as the lead image: shown without what is elsewhere, and each is named."""
    names = []
    for number, (content, _names) in enumerate(OUTSIDE):
        names.append(f"dessin{number}.svg")
        site.write(f"uploads/{names[-1]}", f"{OPEN}{content}{RED}</svg>")
    site.write("uploads/une.svg", f"{OPEN}{HTML}{OUTSIDE[4][0]}{RED}</svg>")
    site.write("uploads/bom.svg", b"\xef\xbb\xbf" + SVG)
    site.write("uploads/utf16.svg", SVG.decode().replace('<?xml version="1.0"?>', "").encode("utf-16"))
    names += ["bom.svg", "utf16.svg"]
    image = "une-ou-diaporama: [{image: /uploads/une.svg, alternative-textuelle: Un carré rouge}]\n"
    site.communique(f"{image}files: [{', '.join(f'/uploads/{name}' for name in names)}]\n")
    built = site.build()
    assert len(outline(built.reader)) == 2 + len(names)
    assert not built.reader.attachments
    for name in (*names[: len(OUTSIDE)], "une.svg"):
        assert f"{name}: the drawing is shown without what it takes from elsewhere" in built.messages
    assert "une.svg: text of the drawing can't be shown: “Texte perdu”" in built.messages
    assert "bom.svg" not in built.messages and "utf16.svg" not in built.messages


def test_a_drawing_that_breaks_the_program_that_draws_is_embedded(site: SiteFolder) -> None:
    endless = '<pattern id="p" width="9" height="9"><rect width="9" height="9" fill="url(#p)"/></pattern>'
    content = f'{OPEN}{endless}<rect width="50" height="50" fill="url(#p)"/></svg>'.encode()
    one(site, "boucle.svg", content)
    built = site.build()
    assert built.result.exit_code == 0
    if "boucle.svg" in built.messages:
        assert built.reader.attachments["boucle.svg"] == [content]


@pytest.mark.parametrize("value", ["0 0 9 9", " 0,0 , 9.5\n1e1 ", "-1 +2 .5 4."])
def test_a_right_view_box_stays_and_its_drawing_is_the_same(value: str) -> None:
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{value}"/>'.encode()
    assert standing_alone(drawing).octets is drawing


@pytest.mark.parametrize("value", ["", "0", "0 0 9", "0 0 9 9 9", "0 0 9 x", "0 0 nan 9"])
def test_a_view_box_that_is_none_goes(value: str) -> None:
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{value}"><rect viewBox="0"/></svg>'
    for encoding in ("utf-8", "utf-16"):
        after = ElementTree.fromstring(standing_alone(drawing.encode(encoding)).octets)
        assert "viewBox" not in after.attrib
        assert after[0].get("viewBox") == "0"


@pytest.mark.parametrize(
    "octets", [b"", b"<svg", b"\xff<svg/>", b"<?xml version='1.0' encoding='x'?><svg/>", b"<svg/>"]
)
def test_what_is_no_drawing_passes(octets: bytes) -> None:
    assert standing_alone(octets) == Drawing(octets)
