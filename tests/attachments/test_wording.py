"""What an office document tells who opens it, read from its parts."""

import re
from pathlib import Path

import pytest

from presskit.attachments import package
from tests.attachments.test_package import EXCEL, ODF, ODT, SHOW, WORD, P, R, W, X, field, paragraph, run, zipped

SHEET = "application/vnd.oasis.opendocument.spreadsheet"
SLIDES = "application/vnd.oasis.opendocument.presentation"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"


def told(folder: Path, files: dict[str, str], media_type: str, pages: int = 1) -> list[str]:
    """The words that a document of so many pages tells."""
    (folder / "document").write_bytes(zipped(files))
    texts = package.settled(folder / "document", media_type, "a", most=10_000_000).texts
    return re.findall(r"\w+", " ".join(text.text for text in texts if text.pages <= pages))


def links(*found: tuple[str, str, str]) -> str:
    made = "".join(f'<Relationship Id="{i}" Type="{R}/{kind}" Target="{target}"/>' for i, kind, target in found)
    return f'<Relationships xmlns="{RELS}">{made}</Relationships>'


REF = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
KINDS = ("default", "first", "even")


@pytest.mark.parametrize(
    ("section", "two_sided", "seen"),
    [
        ("", "", {1: ["default"], 2: ["default"]}),
        ("<w:titlePg/>", "", {1: ["first"], 2: ["default", "first"]}),
        ('<w:titlePg w:val="0"/>', "", {1: ["default"], 2: ["default"]}),
        ("", "<w:evenAndOddHeaders/>", {1: ["default"], 2: ["default", "even"]}),
        (
            "<w:titlePg/>",
            "<w:evenAndOddHeaders/>",
            {1: ["first"], 2: ["even", "first"], 3: ["default", "even", "first"]},
        ),
    ],
)
def test_heads_of_word_are_told_where_they_are_seen(
    tmp_path: Path, section: str, two_sided: str, seen: dict[int, list[str]]
) -> None:
    heads = "".join(f'<w:headerReference w:type="{kind}" r:id="{kind}"/>' for kind in KINDS)
    parts = {f"word/{kind}.xml": f"<w:hdr {W}>{paragraph(run(kind))}</w:hdr>" for kind in KINDS}
    document = f"<w:document {W} {REF}><w:body><w:sectPr>{heads}{section}</w:sectPr></w:body></w:document>"
    files = {
        "word/document.xml": document,
        "word/settings.xml": f"<w:settings {W}>{two_sided}</w:settings>",
        "word/_rels/document.xml.rels": links(
            *((kind, "header", f"{kind}.xml") for kind in KINDS), ("s", "settings", "settings.xml")
        ),
        **parts,
    }
    for pages, expected in seen.items():
        assert sorted(told(tmp_path, files, WORD, pages)) == expected


def test_figures_of_fields_and_notes_that_nothing_calls_are_not_told(tmp_path: Path) -> None:
    box = "<w:txbxContent>" + paragraph(run("cadre")) + "</w:txbxContent>"
    math = '<m:oMath xmlns:m="x"><m:r><m:t>somme</m:t></m:r></m:oMath>'
    call = paragraph('<w:r><w:footnoteReference w:id="2"/></w:r>')
    content = paragraph(run("mot"), f"<w:r>{box}</w:r>", run("entier"), math) + paragraph(
        field("PAGEREF x", "page 412")
    )
    notes = "".join(
        f'<w:footnote w:id="{n}">{paragraph(run(text))}</w:footnote>' for n, text in ((2, "note"), (3, "x"))
    )
    files = {
        "word/document.xml": f"<w:body {W}>{content}{call}</w:body>",
        "word/footnotes.xml": f"<w:footnotes {W}>{notes}</w:footnotes>",
        "word/_rels/document.xml.rels": links(("n", "footnotes", "footnotes.xml")),
    }
    assert told(tmp_path, files, WORD) == ["cadre", "motentier", "page", "note"]


def test_cells_are_told_as_they_are_seen(tmp_path: Path) -> None:
    def cell(place: str, value: str, kind: str = "", style: int = 0) -> str:
        about = f' t="{kind}"' if kind else ""
        return f'<c r="{place}" s="{style}"{about}><v>{value}</v></c>'

    rows = {
        1: cell("A1", "0", "s") + cell("B1", "cachée", "str") + cell("C1", "vue", "str"),
        2: cell("A2", "4512") + cell("C2", "4512", style=1) + cell("D2", "45.5") + cell("E2", "612", style=2),
        3: cell("A3", "fusion", "str") + cell("C3", "dessous", "str") + cell("D3", "tu", "str", 3),
    }
    data = "".join(f'<row r="{number}">{content}</row>' for number, content in rows.items())
    data += f'<row r="4" hidden="1">{cell("A4", "repliée", "str")}</row>'
    head = '<headerFooter><oddHeader>&amp;L&amp;"Arial"&amp;12Titre&amp;R&amp;P / &amp;A</oddHeader></headerFooter>'
    sheet = (
        f'<worksheet {X}><cols><col min="2" max="2" hidden="1"/></cols><sheetData>{data}</sheetData>'
        f'<mergeCells><mergeCell ref="A3:C3"/></mergeCells>{head}</worksheet>'
    )
    formats = "".join(f'<xf numFmtId="{number}"/>' for number in (0, 14, 164, 165))
    codes = '<numFmt numFmtId="164" formatCode="#,##0 &quot;€&quot;"/><numFmt numFmtId="165" formatCode=";;;"/>'
    book = '<sheet name="A" sheetId="1" r:id="a"/><sheet name="B" sheetId="2" state="hidden" r:id="b"/>'
    files = {
        "xl/workbook.xml": f"<workbook {X} {REF}><sheets>{book}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": links(
            ("a", "worksheet", "worksheets/s1.xml"), ("b", "worksheet", "worksheets/s2.xml")
        ),
        "xl/worksheets/s1.xml": sheet,
        "xl/worksheets/s2.xml": sheet.replace("vue", "non"),
        "xl/sharedStrings.xml": f"<sst {X}><si><r><t>par</t></r><r><t>tagée</t></r><rPh><t>x</t></rPh></si></sst>",
        "xl/styles.xml": f"<styleSheet {X}><numFmts>{codes}</numFmts><cellXfs>{formats}</cellXfs></styleSheet>",
    }
    # Of numbers, those whose digits are shown; not dates, nor what may be rounded.
    assert told(tmp_path, files, EXCEL) == ["partagée", "vue", "4512", "612", "fusion", "Titre"]


def test_slides_are_told_with_what_stands_behind_them(tmp_path: Path) -> None:
    def shape(text: str, about: str = "", hidden: str = "", body: str = "") -> str:
        return (
            f'<p:sp><p:nvSpPr><p:cNvPr id="1" name="a"{hidden}/><p:nvPr>{about}</p:nvPr></p:nvSpPr>'
            f"<p:txBody>{body}<a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
        )

    curve = '<a:bodyPr><a:prstTxWarp prst="textArchUp"/></a:bodyPr>'
    slide = shape("vu") + shape("tu", hidden=' hidden="1"') + shape("courbe", body=curve)
    files = {
        "ppt/slides/slide1.xml": f"<p:sld {P}>{slide}</p:sld>",
        "ppt/slides/slide2.xml": f'<p:sld {P} show="0">{shape("masquée")}</p:sld>',
        "ppt/slides/_rels/slide1.xml.rels": links(("l", "slideLayout", "../slideLayouts/l.xml")),
        "ppt/slideLayouts/l.xml": f"<p:sldLayout {P}>{shape('devise')}{shape('Titre', '<p:ph/>')}</p:sldLayout>",
    }
    assert told(tmp_path, files, SHOW) == ["vu", "devise"]


def odf(body: str, styles: str = "") -> str:
    return f"<office:document-content {ODT}>{styles}<office:body>{body}</office:body></office:document-content>"


def test_opendocuments_are_told_alike(tmp_path: Path) -> None:
    text = (
        "<office:text><text:p>Un<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>pied"
        "</text:p></text:note-body></text:note> mot<text:line-break/>page <text:page-number>7</text:page-number>"
        '</text:p><text:section text:display="condition"><text:p>peut être</text:p></text:section></office:text>'
    )
    heads = (
        '<style:header><text:p>suite</text:p></style:header><style:header-first style:display="true"><text:p>début'
        '</text:p></style:header-first><style:footer style:display="false"><text:p>non</text:p></style:footer>'
    )
    master = "<style:master-page style:name='{0}'>{1}</style:master-page>"
    masters = master.format("Standard", heads) + master.format("Autre", heads.replace("suite", "jamais"))
    files = {
        "mimetype": ODF,
        "content.xml": odf(text),
        "styles.xml": f"<office:document-styles {ODT}>{masters}</office:document-styles>",
    }
    assert told(tmp_path, files, ODF) == ["pied", "Un", "mot", "page", "début"]
    assert told(tmp_path, files, ODF, pages=2) == ["pied", "Un", "mot", "page", "suite", "début"]


def test_opendocument_sheets_and_slides_are_told_as_they_are_seen(tmp_path: Path) -> None:
    def cell(text: str, about: str = 'office:value-type="string"') -> str:
        return f"<table:table-cell {about}><text:p>{text}</text:p></table:table-cell>"

    date = 'office:value-type="date"'
    number = 'office:value-type="float" office:value="{0}"'
    table = (
        '<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
        f"<table:table-row>{cell('vue')}{cell('cachée')}{cell('cachée')}{cell('4 512', number.format(4512))}"
        f"{cell('mars', date)}{cell('45,50', number.format(45.5))}</table:table-row>"
        f'<table:table-row table:visibility="filter">{cell("repliée")}</table:table-row>'
    )
    body = f"<office:spreadsheet><table:table>{table}</table:table></office:spreadsheet>"
    assert told(tmp_path, {"mimetype": SHEET, "content.xml": odf(body)}, SHEET) == ["vue", "4512"]
    hidden = (
        '<style:style style:name="d" style:family="drawing-page"><style:drawing-page-properties '
        'presentation:visibility="hidden" xmlns:presentation="p"/></style:style>'
    )
    box = "<draw:frame><draw:text-box><text:p>{0}</text:p></draw:text-box></draw:frame>"
    show = (
        f'<office:presentation><draw:page draw:master-page-name="m">{box.format("vue")}</draw:page>'
        f'<draw:page draw:style-name="d">{box.format("masquée")}</draw:page></office:presentation>'
    )
    behind = f'<style:master-page style:name="m">{box.format("devise")}</style:master-page>'
    files = {
        "mimetype": SLIDES,
        "content.xml": odf(show, hidden),
        "styles.xml": f"<office:document-styles {ODT}>{behind}</office:document-styles>",
    }
    assert told(tmp_path, files, SLIDES) == ["vue", "devise"]
