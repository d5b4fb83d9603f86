"""Words of an attached file that its pages do not show are said, and no others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.attachments import office
from presskit.attachments.lost import missing
from tests.attachments.test_package import EXCEL, ODF, WORD, W, X, paragraph, run, zipped
from tests.attachments.test_wording import REF, links, odf
from tests.conftest import Built, SiteFolder

needs_office = pytest.mark.skipif(office.find() is None, reason="NOT TESTED: LibreOffice is not installed")

WORDS = st.lists(
    st.sampled_from(["préfecture", "œuvre", "efficacité", "agents", "2019", "Île"]), min_size=1, max_size=8
)


@given(WORDS, st.integers(0, 7), st.sampled_from(["\n", " ", "-\n", "\u00ad", ""]))
def test_a_word_is_missing_that_is_there_less_often_however_it_is_set(words: list[str], at: int, cut: str) -> None:
    seen = "\n".join(word[:2] + cut + word[2:] for word in words).upper().replace("FI", "\ufb01")
    assert missing(" ".join(words), seen) == []
    gone = words[at % len(words)]
    less = "\n".join(words[: at % len(words)] + words[at % len(words) + 1 :])
    assert missing(" ".join(words), less) == [gone]


def package(main: str, kind: str, content: str, **parts: str) -> bytes:
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    default = "".join(
        f'<Default Extension="{ending}" ContentType="application/{name}"/>'
        for ending, name in (("rels", "vnd.openxmlformats-package.relationships+xml"), ("xml", "xml"))
    )
    override = f'<Override PartName="/{main}" ContentType="{kind}.main+xml"/>'
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{types}">{default}{override}{parts.pop("types", "")}</Types>',
            "_rels/.rels": links(("a", "officeDocument", main)),
            main: content,
            **parts,
        }
    )


def text(content: str) -> bytes:
    return package("word/document.xml", WORD, f"<w:document {W}><w:body>{content}</w:body></w:document>")


def squeezed() -> str:
    """A table's row of a height of its own, for one line of four."""
    lines = "".join(paragraph(run(word)) for word in ("Visible", "Coupée", "Perdue", "Perdue"))
    return (
        '<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="5000"/></w:tblGrid><w:tr><w:trPr><w:trHeight w:val="300" '
        f'w:hRule="exact"/></w:trPr><w:tc><w:tcPr/>{lines}</w:tc></w:tr></w:tbl>{paragraph(run("Dessous"))}'
    )


def workbook() -> bytes:
    def row(number: int, *cells: str) -> str:
        made = (f'<c r="{"AB"[at]}{number}" {cell}</c>' for at, cell in enumerate(cells))
        return f'<row r="{number}">{"".join(made)}</row>'

    long, short = 't="str"><v>Coupure par voisine</v>', 't="str"><v>Libre</v>'
    rows = row(1, long, short) + row(2, "><v>123456789</v>") + row(3, "><v>12</v>", 't="str"><v>Déborde au large</v>')
    sheet = f'<worksheet {X}><cols><col min="1" max="2" width="6" customWidth="1"/></cols><sheetData>{rows}</sheetData>'
    part = EXCEL.replace("sheet", "worksheet").removesuffix("worksheet")
    return package(
        "xl/workbook.xml",
        EXCEL,
        f'<workbook {X} {REF}><sheets><sheet name="Page" sheetId="1" r:id="s"/></sheets></workbook>',
        types=f'<Override PartName="/xl/worksheets/s.xml" ContentType="{part.removesuffix(".")}.worksheet+xml"/>',
        **{
            "xl/_rels/workbook.xml.rels": links(("s", "worksheet", "worksheets/s.xml")),
            "xl/worksheets/s.xml": f"{sheet}</worksheet>",
        },
    )


def opendocument() -> bytes:
    """A frame that is lower than its three lines, below a head."""
    lines = "".join(f"<text:p>{word}</text:p>" for word in ("Visible", "Coupée", "Perdue"))
    size = 'svg:width="5cm" svg:height="0.6cm" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
    frame = f'<draw:frame text:anchor-type="paragraph" {size}><draw:text-box>{lines}</draw:text-box></draw:frame>'
    content = odf(f"<office:text><text:p>Corps{frame}</text:p></office:text>")
    return zipped({"mimetype": ODF, "content.xml": content, "META-INF/manifest.xml": manifest()})


def manifest() -> str:
    entries = (("/", ODF), ("content.xml", "text/xml"))
    files = "".join(f'<m:file-entry m:full-path="{path}" m:media-type="{kind}"/>' for path, kind in entries)
    return f'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{files}</m:manifest>'


# An inner table that ends outside: LibreOffice opens it without what stands around it.
TORN = (
    rb"{\rtf1\ansi\deff0{\fonttbl{\f0 Arial;}}\pard Debut \trowd\cellx2000\pard\intbl\itap2 Imbrique\nestcell"
    rb"{\*\nesttableprops\trowd\cellx900\nestrow}\pard\intbl Cellule\cell\row Finale\par}"
)
FILES = {
    "ligne.docx": (text(squeezed()), "“Coupée Perdue”"),
    "table.xlsx": (workbook(), "“Coupure par voisine”"),
    "cadre.odt": (opendocument(), "“Coupée Perdue”"),
    "texte.rtf": (TORN, "“Debut Finale”"),
    "entier.docx": (text(paragraph(run("Tout est là"))), ""),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    site = SiteFolder(tmp_path_factory.mktemp("lost"))
    for name, (content, _lost) in FILES.items():
        site.write(f"uploads/{name}", content)
    site.communique(f"files: [{', '.join(f'/uploads/{name}' for name in FILES)}]\n")
    return site.build()


@needs_office
@pytest.mark.parametrize("name", FILES)
def test_words_that_are_clipped_are_said(built: Built, name: str) -> None:
    lost = FILES[name][1]
    said = [line for line in built.messages.splitlines() if f"{name}: words of the file are not on its pages" in line]
    assert said == ([f"warning: {name}: words of the file are not on its pages: {lost}."] if lost else [])


@needs_office
def test_numbers_that_give_way_to_signs_are_counted(built: Built) -> None:
    assert "table.xlsx: 1 number or date is wider than its cell" in built.messages
