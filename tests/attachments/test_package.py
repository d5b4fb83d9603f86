"""Office documents rewritten before they are printed: what their authors saw, and what is said of the rest."""

import io
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.attachments import office, package
from presskit.attachments.findings import Findings, Found
from tests.conftest import SiteFolder, pdf_text, unpacked

needs_office = pytest.mark.skipif(office.find() is None, reason="NOT TESTED: LibreOffice is not installed")

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
X = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
P = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BY = 'w:id="1" w:author="Jeanne" w:date="2022-11-29T00:00:00Z"'
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOW = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODF = "application/vnd.oasis.opendocument.text"


def zipped(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def rewritten(folder: Path, files: dict[str, str], media_type: str) -> tuple[dict[str, str], Findings]:
    """The parts of a document once rewritten, and what was found."""
    (folder / "document").write_bytes(zipped(files))
    done = package.settled(folder / "document", media_type, "Rapport annuel.xlsx", most=10_000_000)
    with zipfile.ZipFile(io.BytesIO(done.octets)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}, done.found


def run(text: str, properties: str = "") -> str:
    return f'<w:r>{properties and f"<w:rPr>{properties}</w:rPr>"}<w:t xml:space="preserve">{text}</w:t></w:r>'


def deleted(text: str) -> str:
    return f"<w:del {BY}><w:r><w:delText>{text}</w:delText></w:r></w:del>"


def inserted(text: str) -> str:
    return f"<w:ins {BY}>{run(text)}</w:ins>"


def paragraph(*content: str, end: str = "") -> str:
    return f"<w:p>{end and f'<w:pPr><w:rPr>{end}</w:rPr></w:pPr>'}{''.join(content)}</w:p>"


def field(instruction: str, result: str) -> str:
    kinds = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return f"{kinds[0]}<w:r><w:instrText> {instruction} </w:instrText></w:r>{kinds[1]}{run(result)}{kinds[2]}"


def row(content: str, change: str = "") -> str:
    return f"<w:tr>{change and f'<w:trPr>{change}</w:trPr>'}<w:tc><w:tcPr/>{content}</w:tc></w:tr>"


BOX = (
    '<w:p xmlns:v="urn:schemas-microsoft-com:vml"><w:r><w:pict><v:shape style="width:200pt;height:40pt"><v:textbox>'
    "<w:txbxContent>{content}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
)
# Each with what it shows once all is accepted; ENLEVE marks what must be gone.
CHANGES = [
    (paragraph(run("Le plan compte "), deleted("ENLEVE"), inserted("3200")), "Le plan compte 3200"),
    (paragraph(run("Un "), deleted("ENLEVE"), end=f"<w:del {BY}/>") + paragraph(run("seul")), "Un seul"),
    (paragraph(deleted("ENLEVE"), end=f"<w:del {BY}/>") * 2 + paragraph(run("reste")), "reste"),
    (paragraph(run("neuf"), end=f"<w:ins {BY}/>"), "neuf"),
    (
        paragraph(f"<w:moveFrom {BY}>{run('ENLEVE')}</w:moveFrom>")
        + paragraph(f"<w:moveTo {BY}>{run('une fois')}</w:moveTo>"),
        "une fois",
    ),
    (paragraph(f"<w:ins {BY}>{run('gardé')}{deleted('ENLEVE')}</w:ins>"), "gardé"),
    (paragraph(run("gras", f"<w:b/><w:rPrChange {BY}><w:rPr/></w:rPrChange>")), "gras"),
    (
        f"<w:tbl><w:tblPr/>{row(paragraph(deleted('ENLEVE')), f'<w:del {BY}/>')}"
        f"{row(paragraph(run('ligne')), f'<w:ins {BY}/>')}</w:tbl>",
        "ligne",
    ),
    (f"<w:tbl><w:tblPr/>{row(paragraph(run('ENLEVE')), f'<w:del {BY}/>')}</w:tbl>{paragraph(run('après'))}", "après"),
    (BOX.format(content=paragraph(run("cadre "), deleted("ENLEVE"), inserted("neuf"))), "cadre neuf"),
]


@pytest.mark.parametrize(("content", "text"), CHANGES, ids=[text for _content, text in CHANGES])
@pytest.mark.parametrize("part", ["document", "header1", "footer2", "footnotes", "endnotes"])
def test_changes_are_accepted_in_all_parts(tmp_path: Path, content: str, text: str, part: str) -> None:
    name = f"word/{part}.xml"
    parts, found = rewritten(tmp_path, {name: f"<w:body {W}>{content}</w:body>"}, WORD)
    assert "ENLEVE" not in parts[name]
    assert shown(parts[name]) == text
    assert not any(mark in parts[name] for mark in ("<w:del", "<w:ins", "<w:move", "Change"))
    assert found[Found.CHANGE] >= 1


def shown(xml: str) -> str:
    import re

    return "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", xml))


PIECES = st.sampled_from(["plain", "deleted", "inserted", "both", "hidden", "date", "page"])


@given(st.lists(st.lists(PIECES, min_size=1, max_size=6), min_size=1, max_size=5), st.integers(0, 31))
def test_what_stays_is_what_was_not_deleted(
    tmp_path_factory: pytest.TempPathFactory, paragraphs: list[list[str]], ends: int
) -> None:
    expected, content, changes, number = [], [], 0, 0
    for index, pieces in enumerate(paragraphs):
        made = []
        for piece in pieces:
            number += 1
            word, gone = f"mot{number}. ", f"ENLEVE{number}"
            expected += [] if piece in ("deleted", "hidden") else [word]
            changes += {"deleted": 1, "inserted": 1, "both": 2}.get(piece, 0)
            made.append(
                {
                    "plain": run(word),
                    "deleted": deleted(gone),
                    "inserted": inserted(word),
                    "both": f"<w:ins {BY}>{deleted(gone)}{run(word)}</w:ins>",
                    "hidden": run(gone, "<w:vanish/>"),
                    "date": field(r"DATE \@ x", word),
                    "page": field("PAGE", word),
                }[piece]
            )
        end = f"<w:del {BY}/>" if ends >> index & 1 else ""
        changes += bool(end)
        content.append(paragraph(*made, end=end))
    body = f"<w:body {W}>{''.join(content)}<w:sectPr/></w:body>"
    parts, found = rewritten(tmp_path_factory.mktemp("x"), {"word/document.xml": body}, WORD)
    result = parts["word/document.xml"]
    assert shown(result) == "".join(expected)
    assert "ENLEVE" not in result and "DATE" not in result
    assert result.count("instrText>") == 2 * sum(pieces.count("page") for pieces in paragraphs)
    assert found[Found.CHANGE] == changes


@pytest.mark.parametrize(
    ("instruction", "stays"),
    [
        ('DATE \\@ "d MMMM"', False),
        ("TIME", False),
        ("FILENAME \\p", False),
        ("author", False),
        ("DOCPROPERTY Company", False),
        ("PAGE", True),
        ("NUMPAGES", True),
        ('HYPERLINK "https://example.org"', True),
        ("TOC \\o", True),
    ],
)
def test_fields_show_what_their_author_saw(tmp_path: Path, instruction: str, stays: bool) -> None:
    simple = f"<w:fldSimple w:instr='{instruction}'>{run('vu')}</w:fldSimple>"
    body = f"<w:body {W}>{paragraph(field(instruction, 'lu'), simple)}</w:body>"
    parts, _found = rewritten(tmp_path, {"word/document.xml": body}, WORD)
    result = parts["word/document.xml"]
    assert shown(result) == "luvu"
    assert ("instrText" in result, "fldSimple" in result) == (stays, stays)


def test_a_field_in_the_instruction_of_another_goes_with_it(tmp_path: Path) -> None:
    inner = field("DATE", "ENLEVE")
    outer = field("IF", "résultat").replace(" IF ", f" IF </w:instrText></w:r>{inner}<w:r><w:instrText> = 3 ")
    parts, _found = rewritten(tmp_path, {"word/document.xml": f"<w:body {W}>{paragraph(outer)}</w:body>"}, WORD)
    assert shown(parts["word/document.xml"]) == "résultat"


def test_comments_and_hidden_styles_of_word_are_counted(tmp_path: Path) -> None:
    style = '<w:style w:type="character" w:styleId="Interne"><w:rPr><w:vanish/></w:rPr></w:style>'
    hidden = run("ENLEVE", '<w:rStyle w:val="Interne"/>')
    seen = run("vu", '<w:vanish w:val="0"/>')
    files = {
        "word/styles.xml": f"<w:styles {W}>{style}</w:styles>",
        "word/comments.xml": f"<w:comments {W}><w:comment/><w:comment>{run('ENLEVE')}</w:comment></w:comments>",
        "word/document.xml": f"<w:body {W}>{paragraph(run('vu'), hidden, hidden, seen)}</w:body>",
    }
    parts, found = rewritten(tmp_path, files, WORD)
    assert +found == {Found.COMMENT: 2, Found.HIDDEN_TEXT: 1}
    assert "ENLEVE" not in "".join(parts.values())
    assert shown(parts["word/document.xml"]) == "vuvu"


def cells(*content: str) -> str:
    return f'<row r="1">{"".join(content)}</row>'


def test_a_workbook_keeps_the_values_that_its_author_saw(tmp_path: Path) -> None:
    day = '<c r="A1"><f>TODAY()</f><v>43831</v></c>'
    head = "<headerFooter><oddHeader>&amp;F du &amp;D &amp;&amp; fin</oddHeader></headerFooter>"
    fresh = '<c r="A1"><f>1+1</f></c><c r="B1"><f>NOW()</f><v>5</v></c>'
    hidden = '<cols><col min="2" max="3" hidden="1"/></cols>'
    files = {
        "xl/workbook.xml": f'<workbook {X}><sheets><sheet/><sheet state="veryHidden"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f"<worksheet {X}><sheetData>{cells(day)}</sheetData>{head}</worksheet>",
        "xl/worksheets/sheet2.xml": f"<worksheet {X}>{hidden}<sheetData>{cells(fresh)}"
        '<row r="2" hidden="1"><c r="A2"><v>1</v></c></row></sheetData></worksheet>',
        "xl/comments1.xml": f"<comments {X}><commentList><comment/></commentList></comments>",
    }
    parts, found = rewritten(tmp_path, files, EXCEL)
    assert "<f>" not in parts["xl/worksheets/sheet1.xml"] and "<v>43831</v>" in parts["xl/worksheets/sheet1.xml"]
    assert "Rapport annuel.xlsx du  &amp;&amp; fin" in parts["xl/worksheets/sheet1.xml"]
    # A sheet that no program has reckoned yet is reckoned, but for what is known of it.
    assert "<f>1+1</f>" in parts["xl/worksheets/sheet2.xml"] and "NOW" not in parts["xl/worksheets/sheet2.xml"]
    assert +found == {Found.HIDDEN_SHEET: 1, Found.HIDDEN_CELLS: 2, Found.COMMENT: 1, Found.UNDATED: 1}


def test_a_presentation_keeps_its_dates_and_says_what_is_hidden(tmp_path: Path) -> None:
    date = '<a:fld id="{1}" type="datetime1"><a:rPr/><a:t>3 mars 2019</a:t></a:fld>'
    number = '<a:fld id="{2}" type="slidenum"><a:t>1</a:t></a:fld>'
    bullet = '<a:pPr><a:buFont typeface="Wingdings" charset="2"/><a:buChar char="§"/></a:pPr>'
    notes = '<p:sp><p:nvPr><p:ph type="body"/></p:nvPr><a:t>À dire</a:t></p:sp>'
    files = {
        "ppt/slides/slide1.xml": f"<p:sld {P}><a:p>{bullet}{date}{number}</a:p></p:sld>",
        "ppt/slides/slide2.xml": f'<p:sld {P} show="0"/>',
        "ppt/notesSlides/notesSlide1.xml": f"<p:notes {P}>{notes}</p:notes>",
        "ppt/notesSlides/notesSlide2.xml": f"<p:notes {P}>{notes.replace('À dire', ' ')}</p:notes>",
        "ppt/comments/comment1.xml": f"<p:cmLst {P}><p:cm/><p:cm/></p:cmLst>",
    }
    parts, found = rewritten(tmp_path, files, SHOW)
    slide = parts["ppt/slides/slide1.xml"]
    assert "datetime" not in slide and "<a:r><a:rPr/><a:t>3 mars 2019</a:t></a:r>" in slide
    assert 'type="slidenum"' in slide
    assert 'char="▪"' in slide and "Wingdings" not in slide
    assert +found == {Found.HIDDEN_SLIDE: 1, Found.NOTE: 1, Found.COMMENT: 2}


ODT = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
)


def test_an_opendocument_is_rewritten_alike(tmp_path: Path) -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>ENLEVE</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        '<text:p>Le <text:change text:change-id="c"/>plan du <text:date>3 mars</text:date>, page '
        "<text:page-number>1</text:page-number><office:annotation><text:p>ENLEVE</text:p></office:annotation>.</text:p>"
        '<text:p><text:span text:style-name="T1">caché</text:span></text:p>'
        '<table:table table:style-name="ta1"><table:table-row table:visibility="collapse"><table:table-cell '
        'table:formula="of:=TODAY()" office:value-type="date"><text:p>3</text:p></table:table-cell></table:table-row>'
        '</table:table><draw:image xlink:href="file:///etc/passwd"/>'
    )
    styles = (
        '<style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style>'
        '<style:style style:name="ta1" style:family="table"><style:table-properties table:display="false"/>'
        "</style:style>"
    )
    content = f"<office:document-content {ODT}>{styles}<office:text>{body}</office:text></office:document-content>"
    parts, found = rewritten(tmp_path, {"mimetype": ODF, "content.xml": content}, ODF)
    result = parts["content.xml"]
    assert "ENLEVE" not in result and "passwd" not in result and "TODAY" not in result
    assert "Le plan du 3 mars, page <text:page-number>1</text:page-number>.</text:p>" in result
    assert +found == {
        Found.CHANGE: 1,
        Found.COMMENT: 1,
        Found.HIDDEN_TEXT: 1,
        Found.HIDDEN_SHEET: 1,
        Found.HIDDEN_CELLS: 1,
        Found.LINKED: 1,
    }


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04rien",
        zipped({"word/document.xml": "<w:body"}),
        zipped({"word/document.xml": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'}),
        zipped({"word/media/a.png": "x" * 2_000_000}),
    ],
    ids=["empty", "cut", "no XML", "entities", "too large"],
)
def test_what_can_t_be_rewritten_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(package.UnreadableError):
        package.settled(tmp_path / "a", WORD, "a.docx", most=1_000_000)


def test_pictures_that_a_document_only_links_to_are_not_fetched(tmp_path: Path) -> None:
    link = '<Relationship Id="{0}" Type="{1}/{2}" Target="file:///etc/passwd" TargetMode="External"/>'
    links = link.format("r1", R, "image") + link.format("r2", R, "hyperlink") + link.format("r3", R, "attachedTemplate")
    name = "word/_rels/document.xml.rels"
    parts, found = rewritten(tmp_path, {name: f'<Relationships xmlns="x">{links}</Relationships>'}, WORD)
    assert "r1" not in parts[name] and "r3" not in parts[name] and "r2" in parts[name]
    assert +found == {Found.LINKED: 1}


RTF = (
    rb"{\rtf1\ansi Le plan du {\field{\*\fldinst { DATE \\@ x }}{\fldrslt {3 mars 2019}}} compte "
    rb"{\deleted ENLEVE }{\revised 3200} agents, page {\field{\*\fldinst PAGE}{\fldrslt 7}}.\par}"
)


@needs_office
def test_one_kit_of_every_format(site: SiteFolder) -> None:
    """Word's changes, dates, bullets and comments, printed by LibreOffice from docx, odt, rtf and doc."""
    document = site.write("uploads/a.docx", word_file())
    formats = {"odt": "writer8", "doc": "MS Word 97"}
    for ending, name in formats.items():
        command = [str(office.find()), f"-env:UserInstallation={(site.root / 'profile').as_uri()}", "--headless"]
        command += ["--convert-to", f"{ending}:{name}", "--outdir", str(document.parent), str(document)]
        subprocess.run(command, check=True, capture_output=True)
    site.write("uploads/a.rtf", RTF)
    site.communique("files: [/uploads/a.docx, /uploads/a.odt, /uploads/a.doc, /uploads/a.rtf]\n")
    built = site.build("--zip")
    text = " ".join(built.text.split())
    assert text.count("compte 3200 agents") == 4
    with zipfile.ZipFile(built.path.with_suffix(".zip")) as archive:
        handed_on = {Path(name).name: archive.read(name) for name in archive.namelist() if "pieces-jointes" in name}
    # What reviewers left goes nowhere; a file that can't be freed of it is not handed on.
    assert sorted(handed_on) == ["a.docx", "a.odt", "a.rtf"]
    assert all(b"ENLEVE" not in whole(octets) for octets in handed_on.values())
    assert "a.doc: the original file is not published" in built.messages
    assert "ENLEVE" not in text and b"ENLEVE" not in unpacked(built.path)
    # Of those that other programs made, only what was stored can be known.
    assert text.count("3 mars 2019") == 2
    for ending in ("docx", "odt", "doc", "rtf"):
        assert f"a.{ending}: 1 tracked change" in built.messages or f"a.{ending}: 2 tracked change" in built.messages
    assert "a.docx: 1 comment of reviewers was left out" in built.messages
    # LibreOffice from 24 on writes no date into the .doc that it makes here.
    assert "a.doc: 1 date, time or name" in built.messages or "Le plan du compte 3200" in text
    assert "• Un point" in " ".join(pdf_text(built.path, "-layout").split())
    assert "PDF/UA-1, PDF/A-3a" in built.messages + built.result.output


def whole(octets: bytes) -> bytes:
    """The octets of a file, and of those in it if it is an archive."""
    if not octets.startswith(b"PK"):
        return octets
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        return b"".join(name.encode() + archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize("ending", ["docx", "xlsx", "pptx"])
def test_a_file_that_is_embedded_has_nothing_of_its_reviewers(site: SiteFolder, ending: str) -> None:
    folder = {"docx": "word", "xlsx": "xl", "pptx": "ppt"}[ending]
    media = {"docx": WORD, "xlsx": EXCEL, "pptx": SHOW}[ending]
    main = {"docx": "document", "xlsx": "workbook", "pptx": "presentation"}[ending]
    text = {
        "docx": f"<w:document {W}><w:body>{paragraph(run('Montré'), deleted('SECRET'))}</w:body></w:document>",
        "xlsx": f"<workbook {X}/>",
        "pptx": f"<p:presentation {P}/>",
    }[ending]
    comment = {
        "docx": f"<w:comments {W}><w:comment>{run('SECRET')}</w:comment></w:comments>",
        "xlsx": f"<comments {X}><commentList><comment><t>SECRET</t></comment></commentList></comments>",
        "pptx": f"<p:cmLst {P}><p:cm><p:text>SECRET</p:text></p:cm></p:cmLst>",
    }[ending]
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    document = zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{types}">'
            f'<Override PartName="/{folder}/{main}.xml" ContentType="{media}.main+xml"/>'
            f'<Override PartName="/{folder}/comments1.xml" ContentType="application/xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{rels}"><Relationship Id="a" Type="{R}/officeDocument" '
            f'Target="{folder}/{main}.xml"/></Relationships>',
            f"{folder}/{main}.xml": text,
            f"{folder}/comments1.xml": comment,
            f"{folder}/_rels/{main}.xml.rels": f'<Relationships xmlns="{rels}"><Relationship Id="c" '
            f'Type="{R}/comments" Target="comments1.xml"/></Relationships>',
        }
    )
    site.write(f"uploads/a.{ending}", document)
    site.communique(f"files: [{{file: /uploads/a.{ending}, nom: A, as: embed}}]\n")
    built = site.build()
    (embedded,) = built.reader.attachments[f"a.{ending}"]
    assert b"SECRET" in whole(document)
    assert b"SECRET" not in whole(embedded)
    assert b"comments1" not in whole(embedded)
    assert (b"Montr" in whole(embedded)) == (ending == "docx")
    assert "1 comment of reviewers was left out" in built.messages
    again = site.build(output="again.pdf")
    assert again.path.read_bytes() == built.path.read_bytes()


def word_file() -> bytes:
    """A document of python-docx with a change, a date, a comment and a list."""
    import docx
    from docx.oxml import parse_xml

    document = docx.Document()
    document.core_properties.title = "Plan"
    date = field(r"DATE \@ x", "3 mars 2019")
    change = deleted("ENLEVE") + inserted("3200")
    body = paragraph(run("Le plan du "), date, run(" compte "), change, run(" agents")).replace(
        "<w:p>", f"<w:p {W}>", 1
    )
    document.element.body.insert(0, parse_xml(body))
    document.add_comment(document.paragraphs[0].runs[0], text="ENLEVE", author="J")
    document.add_paragraph("Un point", style="List Bullet")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
