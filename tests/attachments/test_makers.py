"""What files tell of who made them goes out with none of them, whichever way; what they are about does."""

import io
import zipfile
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String

from presskit.attachments.makers import drop_names, without_names
from tests.attachments.conftest import photo
from tests.attachments.test_freeing import all_ways, handed_on, whole
from tests.attachments.test_package import ODF, W, X, paragraph, run
from tests.attachments.test_wording import links, odf
from tests.conftest import SiteFolder, chapters
from tests.producers import changed

WAYS = ("embed", "link")
CORE = (
    '<p:coreProperties xmlns:p="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Montre</dc:title>{0}</p:coreProperties>'
)
AUTHORS = "<dc:creator>SECRET</dc:creator><p:lastModifiedBy>SECRET</p:lastModifiedBy>"
APP = "<Properties><Application>Word</Application><Company>SECRET</Company><Manager>SECRET</Manager></Properties>"
CUSTOM = '<Properties><property name="SECRET"><lpwstr>SECRET</lpwstr></property></Properties>'
META = (
    '<o:document-meta xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:m="urn:oasis:names:tc:'
    'opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><o:meta><dc:title>Montre</dc:title>'
    "{0}</o:meta></o:document-meta>"
)
NAMED_META = (
    "<m:initial-creator>SECRET</m:initial-creator><dc:creator>SECRET</dc:creator><m:printed-by>SECRET</m:printed-by>"
    '<m:user-defined m:name="Service">SECRET</m:user-defined><m:template xlink:href="/home/SECRET/a.ott" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"/>'
)


def word(core: str, **more: Any) -> bytes:
    document = f"<w:document {W}><w:body>{paragraph(run('Montre'))}</w:body></w:document>"
    return packed({"[Content_Types].xml": "<Types/>", "word/document.xml": document, "docProps/core.xml": core, **more})


def packed(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return out.getvalue()


def text(meta: str, **more: str | bytes) -> bytes:
    content = odf("<office:text><text:p>Montre</text:p></office:text>")
    return packed({"mimetype": ODF, "content.xml": content, "meta.xml": meta, **more})


def xmp(*properties: str) -> bytes:
    return (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" '
        'xmlns:mm="http://ns.adobe.com/xap/1.0/mm/" xmlns:pdfx="http://ns.adobe.com/pdfx/1.3/" '
        'xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="3" pdfaid:conformance="A">'
        f'{"".join(properties)}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


TITLE = '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Montre</rdf:li></rdf:Alt></dc:title>'
PERSONAL = (
    "<dc:creator><rdf:Seq><rdf:li>SECRET</rdf:li></rdf:Seq></dc:creator>",
    "<pdfx:Company>SECRET</pdfx:Company>",
    "<pdf:Author>SECRET</pdf:Author>",
    "<mm:DerivedFrom><rdf:li>file:///C:/Users/SECRET/a.indd</rdf:li></mm:DerivedFrom>",
)
HARMLESS = (TITLE, "<pdf:Producer>Word</pdf:Producer>", "<mm:DocumentID>uuid:1</mm:DocumentID>")


def named_pdf(*, signed: bool = False) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.trailer.Info = pdf.make_indirect(
            Dictionary(
                Title=String("Word - C:\\Users\\SECRET\\Montre"), Author=String("SECRET"), Company=String("SECRET")
            )
        )
        pdf.Root.Metadata = pikepdf.Stream(pdf, xmp(*PERSONAL, *HARMLESS), Type=Name.Metadata, Subtype=Name.XML)
        if signed:
            field = Dictionary(FT=Name.Sig, T=String("s"), V=Dictionary(Type=Name.Sig))
            pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(field)]))

    return changed(chapters("A", 1), change)


COMMENTS = f"<w:comments {W}><w:comment>{run('SECRET')}</w:comment></w:comments>"
NAMED_RTF = (
    rb"{\rtf1\ansi{\info{\title Montre}{\author SECRET}{\operator SECRET}{\*\company SECRET}{\*\manager SECRET}}"
    rb"{\*\template C:\\SECRET}{\*\userprops{\propname SECRET}{\staticval SECRET}}Le texte.\par}"
)
NAMED = {
    "a.docx": word(
        CORE.format(AUTHORS),
        **{
            "docProps/app.xml": APP,
            "docProps/custom.xml": CUSTOM,
            "word/_rels/settings.xml.rels": links(
                ("t", "attachedTemplate", "file:///C:\\Users\\SECRET\\Normal.dotm")
            ).replace("/>", ' TargetMode="External"/>'),
            "word/embeddings/b.xlsx": packed(
                {"docProps/core.xml": CORE.format(AUTHORS), "xl/workbook.xml": f"<workbook {X}/>"}
            ),
            "word/media/a.jpg": photo().replace(b"Jeanne Auteur", b"SECRET Auteur"),
        },
    ),
    "a.odt": text(META.format(NAMED_META)),
    "a.pdf": named_pdf(),
    "a.rtf": NAMED_RTF,
}


def test_names_go_out_with_no_file(site: SiteFolder) -> None:
    assert all(b"SECRET" in whole(content) for content in NAMED.values())
    built = all_ways(site, NAMED, WAYS)
    out = handed_on(built)
    assert len([name for name in out if "pieces-jointes" in name]) == len(NAMED) * len(WAYS)
    for name, octets in out.items():
        assert b"SECRET" not in octets, name
        assert b"Montre" in octets, name
    # Nobody misses them.
    assert "signed" not in built.messages and "taken out" not in built.messages


UNNAMED = {
    "a.docx": word(CORE.format("<dc:creator/>")),
    "a.odt": text(META.format("")),
    "a.rtf": rb"{\rtf1\ansi{\info{\title Montre}}Le texte.\par}",
}
SIGNED = {
    "a.docx": word(CORE.format(AUTHORS), **{"_xmlsignatures/sig1.xml": "<a/>"}),
    "a.odt": text(META.format(NAMED_META), **{"META-INF/documentsignatures.xml": "<a/>"}),
    "a.pdf": named_pdf(signed=True),
}


@pytest.mark.parametrize(("files", "said"), [(UNNAMED, 0), (SIGNED, 1)], ids=["unnamed", "signed"])
def test_what_names_nobody_or_is_signed_goes_out_to_the_byte(
    site: SiteFolder, files: dict[str, bytes], said: int
) -> None:
    built = all_ways(site, files, WAYS)
    with zipfile.ZipFile(built.path.with_suffix(".zip")) as archive:
        for name in (name for name in archive.namelist() if "pieces-jointes" in name):
            assert archive.read(name) == files[f"a.{name.rpartition('.')[2]}"], name
    for way in WAYS:
        for name in files:
            assert built.messages.count(f"{way}-{name}: it is signed, and stays as it is") == said


def test_a_signed_file_that_reviewers_left_something_in_loses_its_signature_and_says_so(site: SiteFolder) -> None:
    content = word(CORE.format(AUTHORS), **{"_xmlsignatures/sig1.xml": "<a/>", "word/comments.xml": COMMENTS})
    built = all_ways(site, {"a.docx": content}, ("link",))
    assert all(b"SECRET" not in octets for octets in handed_on(built).values())
    assert "its signature does not hold any more" in built.messages
    assert "stays as it is" not in built.messages


def test_only_what_tells_of_makers_is_written_anew() -> None:
    before, done = (
        zipfile.ZipFile(io.BytesIO(content)) for content in (NAMED["a.odt"], without_names(NAMED["a.odt"], 10**7))
    )
    assert done.namelist() == before.namelist()
    assert (done.infolist()[0].filename, done.infolist()[0].compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert [name for name in done.namelist() if done.read(name) != before.read(name)] == ["meta.xml"]
    assert [item.date_time for item in done.infolist()] == [item.date_time for item in before.infolist()]


@given(st.lists(st.sampled_from([*PERSONAL, *HARMLESS]), unique=True))
def test_of_xmp_all_stays_that_names_nobody(properties: list[str]) -> None:
    pdf = pikepdf.new()
    pdf.Root.Metadata = pikepdf.Stream(pdf, xmp(*properties))
    personal = [item for item in properties if item in PERSONAL]
    assert drop_names(pdf) == len(personal)
    left = pdf.Root.Metadata.read_bytes()
    if not personal:
        assert left == xmp(*properties)
    assert b"SECRET" not in left
    assert [item for item in HARMLESS if item.encode() in left] == [item for item in HARMLESS if item in properties]
    assert b'pdfaid:part="3"' in left and left.startswith(b"<?xpacket begin=")
