"""Attached PDFs bring nothing that runs, nothing that sends, and nothing of their makers."""

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    TextStringObject,
)

from presskit.attachments.disarm import is_program
from tests.binding.test_bind import changed
from tests.conftest import SiteFolder, attach, chapters, unpacked


def action(kind: str, **entries: str) -> DictionaryObject:
    made = DictionaryObject({NameObject("/S"): NameObject(kind)})
    for name, value in entries.items():
        made[NameObject(f"/{name}")] = TextStringObject(value)
    return made


def annotation(subtype: str, **entries: object) -> DictionaryObject:
    box = ArrayObject([FloatObject(v) for v in (10, 10, 50, 50)])
    made = DictionaryObject({NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject(subtype)})
    made[NameObject("/Rect")] = box
    for name, value in entries.items():
        made[NameObject(f"/{name}")] = value
    return made


def add(writer: PdfWriter, item: DictionaryObject) -> None:
    cast("ArrayObject", writer.pages[0]["/Annots"]).append(writer._add_object(item))


@pytest.mark.parametrize(
    "item",
    [
        annotation("/Link", A=action("/JavaScript", JS="DANGER")),
        annotation("/Link", A=action("/Launch", F="DANGER")),
        annotation("/Link", A=action("/SubmitForm", F="DANGER")),
        annotation("/Link", A=action("/ImportData", F="DANGER")),
        annotation("/Link", A=action("/GoToR", F="/home/DANGER/x.pdf")),
        annotation("/Link", A=action("/GoToE", T="DANGER")),
        annotation("/Link", A=action("/URI", URI="javascript:DANGER")),
        annotation("/Link", A=action("/URI", URI=" FILE:///home/DANGER")),
        annotation("/Widget", AA=DictionaryObject({NameObject("/E"): action("/JavaScript", JS="DANGER")})),
        annotation("/RichMedia", NM=TextStringObject("DANGER")),
        annotation("/Movie", NM=TextStringObject("DANGER")),
        annotation("/Screen", NM=TextStringObject("DANGER")),
        annotation("/3D", NM=TextStringObject("DANGER")),
    ],
    ids=lambda item: f"{item['/Subtype']} {item.get('/A', {}).get('/S', '')}",
)
def test_what_could_run_or_send_goes_and_is_counted(site: SiteFolder, item: DictionaryObject) -> None:
    attach(site, changed(chapters("A", 1), lambda writer: add(writer, item)))
    built = site.build()
    assert b"DANGER" not in unpacked(built.path)
    assert "f1.pdf: 1 script or action" in built.messages


@pytest.mark.parametrize(
    "item",
    [
        annotation("/Link", A=action("/URI", URI="https://x.fr/GARDER")),
        annotation("/Link", A=action("/URI", URI="page/GARDER.html")),
        annotation("/Widget", Contents=TextStringObject("GARDER")),
    ],
    ids=lambda item: str(item["/Subtype"]),
)
def test_what_is_harmless_stays(site: SiteFolder, item: DictionaryObject) -> None:
    attach(site, changed(chapters("A", 1), lambda writer: add(writer, item)))
    built = site.build()
    assert b"GARDER" in unpacked(built.path)
    assert "taken out" not in built.messages


def test_what_a_field_inherits_is_disarmed_too(site: SiteFolder) -> None:
    """A widget's parent, that no form lists."""

    def armed(writer: PdfWriter) -> None:
        script = DictionaryObject({NameObject("/K"): action("/JavaScript", JS="DANGER")})
        parent = writer._add_object(DictionaryObject({NameObject("/AA"): script, NameObject("/FT"): NameObject("/Tx")}))
        add(writer, annotation("/Widget", Parent=parent))

    attach(site, changed(chapters("A", 1), armed))
    built = site.build()
    assert b"DANGER" not in unpacked(built.path)
    assert "f1.pdf: 1 script or action" in built.messages


def test_scripts_of_the_document_itself_stay_behind(site: SiteFolder) -> None:
    def armed(writer: PdfWriter) -> None:
        writer.root_object[NameObject("/OpenAction")] = action("/JavaScript", JS="DANGER")
        writer.root_object[NameObject("/AA")] = DictionaryObject(
            {NameObject("/WC"): action("/JavaScript", JS="DANGER")}
        )
        names = writer.root_object["/Names"].get_object()
        names[NameObject("/JavaScript")] = DictionaryObject(
            {NameObject("/Names"): ArrayObject([TextStringObject("x"), action("/JavaScript", JS="DANGER")])}
        )

    attach(site, changed(chapters("A", 1), armed))
    assert b"DANGER" not in unpacked(site.build().path)


def test_a_chain_of_actions_goes_with_its_harmless_head(site: SiteFolder) -> None:
    chain = action("/URI", URI="https://x.fr")
    chain[NameObject("/Next")] = action("/Launch", F="DANGER")
    attach(site, changed(chapters("A", 1), lambda writer: add(writer, annotation("/Link", A=chain))))
    assert b"DANGER" not in unpacked(site.build().path)


def test_traces_of_programs_and_people_go(site: SiteFolder) -> None:
    def marked(writer: PdfWriter) -> None:
        metadata = DecodedStreamObject()
        metadata.set_data(b"<x>SECRET</x>")
        inner = DecodedStreamObject()
        inner.set_data(b"")
        inner.update(
            {
                NameObject("/Subtype"): NameObject("/Form"),
                NameObject("/PieceInfo"): DictionaryObject({NameObject("/Illustrator"): TextStringObject("SECRET")}),
                NameObject("/Metadata"): writer._add_object(metadata),
            }
        )
        page = writer.pages[0]
        page[NameObject("/Metadata")] = writer._add_object(metadata)
        page[NameObject("/PieceInfo")] = DictionaryObject({NameObject("/X"): TextStringObject("SECRET")})
        resources = cast("DictionaryObject", page["/Resources"])
        objects = resources.setdefault(NameObject("/XObject"), DictionaryObject()).get_object()
        objects[NameObject("/F9")] = writer._add_object(inner)
        add(writer, annotation("/Stamp", T=TextStringObject("SECRET"), Contents=TextStringObject("Un tampon")))

    attach(site, changed(chapters("A", 1), marked))
    data = unpacked(site.build().path)
    assert b"SECRET" not in data
    assert b"Un tampon" in data


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.EXE", b"", True),
        ("a.pdf.exe ", b"", True),
        ("a.txt", b"MZ\x90", True),
        ("a", b"\x7fELF", True),
        ("a.docm", b"PK", True),
        ("a.docx", b"PK", False),
        ("a.pdf", b"%PDF-", False),
        ("a.csv", b"a;b", False),
    ],
)
def test_programs_are_told(name: str, content: bytes, expected: bool) -> None:
    assert is_program(name, content) is expected


@given(st.text(max_size=20), st.binary(max_size=20))
def test_any_name_and_content_is_or_is_not_a_program(name: str, content: bytes) -> None:
    assert is_program(name, content) in (True, False)
