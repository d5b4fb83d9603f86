"""The Word document: its structure as its reader and LibreOffice see it."""

import base64
import io
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from presskit.publication.word import word
from presskit.reading.metadata import Metadata

ABOUT = Metadata(
    title="Le titre",
    author="L’organisme",
    subject="Le sujet",
    keywords=("a", "b"),
    lang="fr",
    moment=datetime(2026, 3, 5, 9, 30, tzinfo=UTC),
)
HTML = """<h1>Le titre</h1><h2>Une partie</h2><p>Un <strong>gras</strong>, un <em>italique</em>, un
<a href="https://example.org/x">lien</a>, 1<sup>er</sup>.</p>
<ul><li>un<ul><li>deux</li></ul></li></ul><ol><li>a</li></ol><p>x</p><ol><li>b</li></ol>
<blockquote><p>« Une citation »</p><footer><p>Quelqu’un</p></footer></blockquote>
<table><thead><tr><th>Port</th><th>Hauteur</th></tr></thead>
<tr><td colspan="2">tout</td></tr><tr><td rowspan="2">r</td><td>1</td></tr><tr><td>2</td></tr></table>
<figure><img src="i.jpg" alt="Ce que l’on voit"><figcaption>La légende</figcaption></figure>"""


@pytest.fixture
def made(tmp_path: Path) -> bytes:
    Image.new("RGB", (2000, 500), "navy").save(tmp_path / "i.jpg")
    return word(HTML, ABOUT, {"i.jpg": tmp_path / "i.jpg"})


def test_structure(made: bytes) -> None:
    document = docx.Document(io.BytesIO(made))
    styles = [(p.style.name, p.text) for p in document.paragraphs if p.style is not None]
    assert styles[:3] == [
        ("Title", "Le titre"),
        ("Heading 1", "Une partie"),
        ("Normal", "Un gras, un italique, un lien, 1er."),
    ]
    for expected in (
        ("List Bullet", "un"),
        ("List Bullet 2", "deux"),
        ("List Number", "a"),
        ("Quote", "« Une citation »"),
        ("Quote", "Quelqu’un"),
        ("Caption", "La légende"),
    ):
        assert expected in styles
    runs = {run.text: run for run in document.paragraphs[2].runs}
    assert runs["gras"].bold
    assert runs["italique"].italic
    assert runs["er"].font.superscript
    (link,) = document.paragraphs[2].hyperlinks
    assert (link.text, link.address) == ("lien", "https://example.org/x")


def test_a_second_numbered_list_starts_anew(made: bytes) -> None:
    document = docx.Document(io.BytesIO(made))
    listed = [p for p in document.paragraphs if p.style and p.style.name == "List Number"]
    numbers = [p._p.xpath("string(./w:pPr/w:numPr/w:numId/@w:val)") for p in listed]
    assert len(set(numbers)) == 2


def numbers(place: Any) -> list[tuple[str, int]]:
    """The texts of numbered paragraphs, each with the number of its list."""
    formats = [(p.text, p._p.pPr) for p in place.paragraphs]
    return [(text, f.numPr.numId.val) for text, f in formats if f is not None and f.numPr is not None]


def test_a_list_goes_on_after_one_in_it_and_one_in_a_cell_is_its_own() -> None:
    deep = "<ol><li>a<ol><li>b<ol><li>c<ol><li>d</ol><li>e</ol></ol><li>f</ol>"
    html = f"{deep}<table><tr><td><ol><li>g</ol><td><ol><li>h</ol></table>"
    document = docx.Document(io.BytesIO(word(html, ABOUT, {})))
    (table,) = document.tables
    found = [*numbers(document), *numbers(table.cell(0, 0)), *numbers(table.cell(0, 1))]
    of = dict(found)
    assert "".join(of) == "abcdefgh"
    assert of["a"] == of["f"] and of["c"] == of["e"]
    assert len({of[text] for text in "abcdgh"}) == 6


def labels(html: str, folder: Path) -> str:
    """The text of a document as LibreOffice shows it, with the numbers of its lists."""
    (folder / "a.docx").write_bytes(word(html, ABOUT, {}))
    command = [
        "soffice",
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        "txt:Text (encoded):UTF8",
    ]
    subprocess.run([*command, "--outdir", folder, folder / "a.docx"], check=True, capture_output=True)
    return " ".join((folder / "a.txt").read_text("utf-8-sig").split())


@pytest.mark.skipif(not shutil.which("soffice"), reason="NOT TESTED: LibreOffice is not installed")
def test_lists_have_the_numbers_of_their_author(tmp_path: Path) -> None:
    html = (
        '<ol start="3"><li>a<li>b</ol><p>x</p><ol><li>c<li value="7">d<li>e</ol><ol reversed><li>f<li>g</ol>'
        '<ol type="a" class="paren" start="2"><li>h<li>i</ol><ol type="I"><li>j<li>k</ol>'
        '<ol class="parens"><li>l<li>m</ol><ol><li><p>n</p><p>o</p></li><li><p>p</p></li></ol>'
        "<ol><li>q<ol start=5><li>r</ol><li></li><li>s</ol>"
    )
    assert labels(html, tmp_path) == (
        "3. a 4. b x 1. c 7. d 8. e 2. f 1. g b) h c) i I. j II. k (1) l (2) m 1. n o 2. p 1. q 5. r 3. s"
    )


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "webp"])
def test_pictures_pasted_into_the_text_are_there(kind: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(out, kind)
    source = f"data:image/{kind};base64,{base64.b64encode(out.getvalue()).decode()}"
    for html in ('<p>a <img src="{}" alt="Un port"></p>', '<figure><img src="{}" alt="Un port"></figure>'):
        document = docx.Document(io.BytesIO(word(html.format(source), ABOUT, {})))
        (shape,) = document.inline_shapes
        assert shape._inline.docPr.get("descr") == "Un port"


def test_a_thousand_links_items_and_lines_take_no_more_than_their_share() -> None:
    """Written as python-docx has it at hand, each would look at all before it: minutes for one communiqué."""
    html = "<p>" + "".join(f"<a href='https://x.fr/{n}'>l{n}</a> " for n in range(1000)) + "</p>"
    html += "<ol>" + "<li>x</li>" * 1000 + "</ol>" + "y<br>" * 1000
    document = docx.Document(io.BytesIO(word(html, ABOUT, {})))
    assert [link.address for link in document.paragraphs[0].hyperlinks] == [f"https://x.fr/{n}" for n in range(1000)]
    assert len([p for p in document.paragraphs if p.text == "x"]) == 1000
    assert document.paragraphs[-1].text.split() == ["y"] * 1000


def test_tables_have_heads_and_joined_cells(made: bytes) -> None:
    (table,) = docx.Document(io.BytesIO(made)).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Port", "Hauteur"],
        ["tout", "tout"],
        ["r", "1"],
        ["r", "2"],
    ]
    assert table.rows[0]._tr.trPr is not None
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.cell(0, 0).paragraphs[0].runs[0].bold


def test_cells_that_come_down_push_no_other_out() -> None:
    html = "<table><tr><td rowspan=2>a<td rowspan=2>b<tr><td>c<td>d</table>"
    (table,) = docx.Document(io.BytesIO(word(html, ABOUT, {}))).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["a", "b", "", ""], ["a", "b", "c", "d"]]


def test_a_table_is_as_wide_as_its_widest_row_and_a_row_of_nothing_is_no_head() -> None:
    html = "<table><tr></tr><tr><td>a<tr><td>b<td colspan=2>c</table>"
    (table,) = docx.Document(io.BytesIO(word(html, ABOUT, {}))).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["", "", ""], ["a", "", ""], ["b", "c", "c"]]
    assert not list(table._tbl.iter(qn("w:tblHeader")))


def test_two_tables_stay_two() -> None:
    document = docx.Document(
        io.BytesIO(word("<table><tr><td>a</table>" * 2 + "<p>b</p><table><tr><td>c</table>", ABOUT, {}))
    )
    tags = [element.tag.rpartition("}")[2] for element in document.element.body]
    assert tags == ["tbl", "p", "tbl", "p", "tbl", "sectPr"]


def test_spaces_between_words_are_one_and_between_letters_none() -> None:
    html = "<p><b><i>m</i></b><em>o</em><a href='https://x.fr'><b>t <br></b></a> s\u00a0! <b> 2<sup>e</sup></b></p>"
    (paragraph,) = docx.Document(io.BytesIO(word(html, ABOUT, {}))).paragraphs
    assert paragraph.text == "mot \ns\u00a0! 2e"


def test_lines_begin_without_a_space() -> None:
    html = "<p> a <br> <b>b</b><br> <a href='https://x.fr'>c</a> d<br>\n<br> e</p>"
    (paragraph,) = docx.Document(io.BytesIO(word(html, ABOUT, {}))).paragraphs
    assert paragraph.text == "a \nb\nc d\n\ne"


def test_a_table_may_be_in_another() -> None:
    html = "<table><tr><td>a<table><tr><td>b<td>c</table>d</table>"
    (table,) = docx.Document(io.BytesIO(word(html, ABOUT, {}))).tables
    (inner,) = table.cell(0, 0).tables
    assert [cell.text for cell in inner.rows[0].cells] == ["b", "c"]
    assert [paragraph.text for paragraph in table.cell(0, 0).paragraphs if paragraph.text] == ["a", "d"]


def test_a_long_table_keeps_its_rows() -> None:
    html = "<table>" + "".join(f"<tr><td>{row}<td>x<td>y" for row in range(400)) + "</table>"
    (table,) = docx.Document(io.BytesIO(word(html, ABOUT, {}))).tables
    assert [row.cells[0].text for row in table.rows] == [str(row) for row in range(400)]


def test_it_says_its_language_title_and_what_images_show(made: bytes) -> None:
    document = docx.Document(io.BytesIO(made))
    properties = document.core_properties
    assert (properties.title, properties.author, properties.language) == ("Le titre", "L’organisme", "fr")
    assert properties.created == datetime(
        2026, 3, 5, 9, 30, tzinfo=properties.created.tzinfo if properties.created else None
    )
    assert 'w:lang w:val="fr-FR"' in document.styles.element.xml
    (image,) = document.inline_shapes
    assert image._inline.docPr.get("descr") == "Ce que l’on voit"
    assert image.width.inches <= 6.2


def test_the_same_text_gives_the_same_bytes(made: bytes, tmp_path: Path) -> None:
    assert word(HTML, ABOUT, {"i.jpg": tmp_path / "i.jpg"}) == made
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert {info.date_time for info in package.infolist()} == {(2026, 3, 5, 9, 30, 0)}


def test_an_image_that_word_can_not_show_takes_its_caption_with_it() -> None:
    html = "<figure><img src='x.svg'><figcaption>La légende</figcaption></figure><p>Après</p>"
    assert [p.text for p in docx.Document(io.BytesIO(word(html, ABOUT, {}))).paragraphs] == ["Après"]


def test_libreoffice_reads_it(made: bytes, tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not office:
        pytest.skip("NOT TESTED: LibreOffice is not here")
    (tmp_path / "x.docx").write_bytes(made)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        office,
        profile,
        "--headless",
        "--convert-to",
        "txt:Text (encoded):UTF8",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "x.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    text = (tmp_path / "x.txt").read_text("utf-8")
    for piece in ("Une partie", "gras", "« Une citation »", "Hauteur", "La légende"):
        assert piece in text


PIECES = [
    "<p>",
    "</p>",
    "<ul>",
    "<li>",
    "<ol>",
    "<table>",
    "<tr>",
    "<td colspan=3>",
    "<th rowspan=9>",
    "mot ",
    "<b>",
    "<blockquote>",
    "<h3>",
    "<a href='https://x.fr'>",
    "</a>",
    "<br>",
    "<img src=x>",
    "</table>",
]


@settings(max_examples=30)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_no_html_breaks_it_and_no_word_is_lost(pieces: list[str]) -> None:
    document = docx.Document(io.BytesIO(word("".join(pieces), ABOUT, {})))
    text = "".join(node.text or "" for node in document.element.body.iter(qn("w:t")))
    assert text.count("mot") == pieces.count("mot ")
