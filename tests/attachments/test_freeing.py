"""What is handed on is freed alike, whichever way it goes: as pages, in the kit, by a link, in the ZIP."""

import base64
import email
import io
import zipfile
from typing import Any, cast

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from tests.attachments.conftest import picture, saved, zipped
from tests.attachments.test_package import WORD, W, X, deleted, paragraph, run
from tests.conftest import Built, SiteFolder, attach, chapters, unpacked
from tests.producers import changed

WAYS = ("merge", "embed", "both", "link")


def handed_on(built: Built) -> dict[str, bytes]:
    """All that goes out with a kit, taken apart: by name in the kit, and by path in its ZIP."""
    found = {name: whole(contents[0]) for name, contents in built.reader.attachments.items()}
    with zipfile.ZipFile(built.path.with_suffix(".zip")) as archive:
        found |= {n: whole(archive.read(n)) for n in archive.namelist() if "/pieces-jointes/" in n}
    return found


def whole(octets: bytes) -> bytes:
    """The octets of a file with all that is packed in it."""
    if octets.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            return b"".join(name.encode() + whole(archive.read(name)) for name in archive.namelist())
    if octets.startswith(b"%PDF"):
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(octets)) as pdf:
            inner = b"".join(whole(file.get_file().read_bytes()) for file in pdf.attachments.values())
            pdf.save(
                out,
                object_stream_mode=pikepdf.ObjectStreamMode.disable,
                stream_decode_level=pikepdf.StreamDecodeLevel.all,
            )
        return out.getvalue() + inner
    return octets


def all_ways(site: SiteFolder, files: dict[str, bytes], ways: tuple[str, ...] = WAYS) -> Built:
    entries = []
    for name, content in files.items():
        for way in ways:
            path = f"uploads/{way}/{way}-{name}"
            site.write(path, content)
            entries.append(f"{{file: '/{path}', nom: '{way} {name}', as: {way}}}")
    site.write("presskit.toml", 'url = "https://exemple.fr"\n')
    site.communique(f"files: [{', '.join(entries)}]\n")
    return site.build("--zip")


def reviewed_pdf() -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        page.PieceInfo = Dictionary(App=Dictionary(Private=String("SECRET")))
        pdf.attachments["annexe.docx"] = reviewed_word()
        pdf.Root.PieceInfo = Dictionary(App=Dictionary(Private=String("SECRET")))
        notes = (("Text", 0), ("Highlight", 0), ("FreeText", 2), ("Square", 0))
        page.Annots = Array(
            pdf.make_indirect(
                Dictionary(
                    Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=Array([9, 9, 50, 50]), F=flags,
                    T=String("SECRET"), Contents=String("vu" if kind == "Square" else "SECRET"),
                )
            )
            for kind, flags in notes
        )  # fmt: skip
        typed = Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("code"), Ff=1 << 13, V=String("SECRET"),
            Rect=Array([60, 60, 90, 90]),
        )  # fmt: skip
        hidden = Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("interne"), F=2, V=String("SECRET"),
            Rect=Array([60, 60, 90, 90]),
        )  # fmt: skip
        page.Annots.extend([pdf.make_indirect(typed), pdf.make_indirect(hidden)])
        pdf.Root.AcroForm = Dictionary(Fields=Array([page.Annots[-2], page.Annots[-1]]))

    return changed(chapters("Montre", 1), change)


def reviewed_word() -> bytes:
    text = f"<w:document {W}><w:body>{paragraph(run('Montre'), deleted('SECRET'))}</w:body></w:document>"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    return zipped(
        **{
            "[Content_Types].xml": f'<Types xmlns="{types}"><Override PartName="/word/document.xml" '
            f'ContentType="{WORD}.main+xml"/></Types>',
            "word/document.xml": text,
            "word/comments.xml": f"<w:comments {W}><w:comment>{run('SECRET')}</w:comment></w:comments>",
        }
    )


REVIEWED_RTF = (
    rb"{\rtf1\ansi{\*\revtbl {Unknown;}{SECRET;}}"
    rb"Montre {\deleted SECRET }{\v SECRET{\b SECRET}}\v SECRET\v0  ceci {\*\atrfstart 1}."
    rb"{\*\atrfend 1}{\*\atnid SECRET}{\*\atnauthor SECRET}\chatn"
    rb"{\*\annotation{\*\atndate 1}\pard SECRET {\b SECRET}}\par}"
)


def test_reviewers_leave_nothing_in_what_goes_out_whichever_way(site: SiteFolder) -> None:
    files = {"a.pdf": reviewed_pdf(), "a.docx": reviewed_word(), "a.rtf": REVIEWED_RTF}
    assert all(b"SECRET" in whole(content) for content in files.values())
    built = all_ways(site, files)
    out = handed_on(built)
    assert len([name for name in out if "pieces-jointes" in name]) == len(files) * len(WAYS)
    assert [name for name, octets in out.items() if b"SECRET" in octets] == []
    assert b"SECRET" not in unpacked(built.path)
    assert all(b"Montre" in octets for name, octets in out.items() if name.endswith(("docx", "rtf")))
    for way in WAYS:
        assert f"{way}-a.pdf: 3 comments of reviewers" in built.messages
        assert f"{way}-a.pdf/annexe.docx: 1 tracked change" in built.messages
        assert f"{way}-a.docx: 1 tracked change" in built.messages
        assert f"{way}-a.rtf: 1 comment of reviewers" in built.messages
        assert f"{way}-a.rtf: 1 passage of hidden text" in built.messages


def test_what_nobody_reviewed_is_handed_on_to_the_byte(site: SiteFolder) -> None:
    content = chapters("Montre", 1)
    built = all_ways(site, {"a.pdf": content})
    with zipfile.ZipFile(built.path.with_suffix(".zip")) as archive:
        assert [archive.read(n) for n in archive.namelist() if "/pieces-jointes/" in n] == [content] * len(WAYS)
    assert "comment" not in built.messages


def reviewed_mail() -> bytes:
    page = "<p>Montre <span style='display:none'>SECRET</span><!-- SECRET --></p>"
    document = base64.encodebytes(reviewed_word()).decode()
    return (
        "Return-Path: <SECRET@x.fr>\nReceived: from SECRET\nFrom: a@x.fr\nTo: b@x.fr\nBcc: SECRET@x.fr\n"
        "Message-ID: <SECRET@x>\nDKIM-Signature: v=1; d=SECRET\n folded SECRET\nDate: Fri, 20 Nov 2026 10:00:00 +0100\n"
        "Subject: Montre\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n--B\n"
        f"Content-Type: text/html; charset=utf-8\n\n{page}\n--B\nContent-Type: application/octet-stream\n"
        f"Content-Disposition: attachment; filename=a.docx\nContent-Transfer-Encoding: base64\n\n{document}\n--B--\n"
    ).encode()


def reviewed_photo() -> bytes:
    exif = Image.Exif()
    exif[0x013B] = "SECRET"
    return saved(picture(), "JPEG", exif=exif, comment=b"SECRET")


def reviewed_archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.comment = b"SECRET"
        members = {
            "dossier/a.docx": reviewed_word(),
            "dossier/~$a.docx": b"SECRET",
            "photo.jpg": reviewed_photo(),
            "mail.eml": reviewed_mail(),
            "lisezmoi.txt": b"Montre",
        }
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


DRAWING = (
    b'<?xml version="1.0"?><!-- SECRET --><svg xmlns="http://www.w3.org/2000/svg" xmlns:i="urn:inkscape" '
    b'i:path="C:/SECRET" viewBox="0 0 90 90"><metadata>SECRET</metadata><i:view a="SECRET"/><text y="20">Montre</text>'
    b'<text display="none">SECRET</text><g style="display: none"><text>SECRET</text></g></svg>'
)
PAGE = (
    b"<!doctype html><html lang=fr><head><meta charset=iso-8859-1><meta name=author content=SECRET><title>T</title>"
    b"<style>.cache{display:none}</style></head><body><!-- SECRET --><p>Montre \xe9t\xe9<p hidden>SECRET"
    b"<p style='visibility:hidden'>SECRET<p class=cache>SECRET</p><input type=hidden value=SECRET></body></html>"
)


def readable(octets: bytes) -> bytes:
    """The octets of an e-mail and of its parts, decoded."""
    parts = email.message_from_bytes(octets).walk()
    return octets + b"".join(whole(cast("bytes | None", part.get_payload(decode=True)) or b"") for part in parts)


def test_what_holds_other_files_and_what_is_drawn_is_freed_as_well(site: SiteFolder) -> None:
    files = {
        "a.eml": reviewed_mail(),
        "a.zip": reviewed_archive(),
        "a.svg": DRAWING,
        "a.html": PAGE,
        "a.jpg": reviewed_photo(),
    }
    built = all_ways(site, files, ("embed", "both", "link"))
    out = handed_on(built)
    assert len([name for name in out if "pieces-jointes" in name]) == len(files) * 3
    for name, octets in out.items():
        seen = readable(octets) if name.endswith(".eml") else octets
        assert b"SECRET" not in seen, name
        assert b"Montre" in seen or name.endswith(".jpg"), name
    assert b"SECRET" not in unpacked(built.path)
    assert "été" in next(octets for name, octets in out.items() if name.endswith("embed-a.html")).decode()
    for way in ("embed", "both", "link"):
        assert f"{way}-a.svg: 2 passages of hidden text" in built.messages
        assert f"{way}-a.html: 3 passages of hidden text" in built.messages
        assert f"{way}-a.zip/dossier/a.docx: 1 tracked change" in built.messages
        assert f"{way}-a.zip/dossier/~$a.docx: a file that a system" in built.messages
        assert f"{way}-a.eml/a.docx: 1 tracked change" in built.messages


def test_comments_of_a_markdown_file_stay_with_its_author(site: SiteFolder) -> None:
    hidden = "Dit <!-- SECRET --> tout.\n\n{::comment}\nSECRET\n{:/comment}\n"
    text = f"# Annexe\n\n{hidden}\n`<!-- montré -->`\n\n```\n<!-- vu -->\n```\n"
    built = all_ways(site, {"a.md": text.encode()})
    files = handed_on(built)
    assert len(files) > 3
    assert not [name for name, content in files.items() if b"SECRET" in content]
    assert all("montré -->" in content.decode() and "<!-- vu" in content.decode() for content in files.values())
    assert "embed-a.md: 2 comments" in built.messages
    assert "SECRET" not in built.text


def test_an_archive_that_can_t_be_looked_into_is_said_once(site: SiteFolder) -> None:
    locked = bytearray(zipped(a="x"))
    for at in (6, locked.index(b"PK\1\2") + 8):
        locked[at] |= 1
    site.write("uploads/a.zip", bytes(locked))
    site.write("uploads/a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(100))
    site.communique("files: [/uploads/a.zip, /uploads/a.7z]\n")
    assert site.build().messages.count("nobody looked for comments") == 2


LAYERS: tuple[dict[str, Any], ...] = {"OFF": [1], "ON": [0]}, {"BaseState": Name.OFF, "ON": [0]}, {"OFF": []}


def test_layers_that_are_off_are_named(site: SiteFolder) -> None:
    def layered(order: dict[str, Any]) -> bytes:
        def change(pdf: pikepdf.Pdf) -> None:
            groups = [pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(name))) for name in ("vu", "caché")]
            chosen = {f"/{k}": Array(groups[i] for i in v) if isinstance(v, list) else v for k, v in order.items()}
            pdf.Root.OCProperties = Dictionary(OCGs=Array(groups), D=Dictionary(chosen))

        return changed(chapters("A", 1), change)

    attach(site, *map(layered, LAYERS))
    messages = site.build().messages
    assert [f"f{n}.pdf: a layer that is switched off (“caché”)" in messages for n in (1, 2, 3)] == [True, True, False]


@pytest.mark.parametrize("way", ["embed", "link"])
def test_what_is_hidden_in_a_workbook_is_not_handed_on(site: SiteFolder, way: str) -> None:
    states = {"Montre": "visible", "SECRET": "hidden"}
    sheets = "".join(f'<sheet name="{name}" state="{state}"/>' for name, state in states.items())
    book = zipped(
        **{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": f"<workbook {X}><sheets>{sheets}</sheets></workbook>"}
    )
    built = all_ways(site, {"a.xlsx": book}, (way,))
    assert "the original file is not published" in built.messages
    # What its author wants in the kit is there, and said.
    assert bool(handed_on(built)) == (way == "embed")
    assert ("goes into the kit with 1 hidden sheet" in built.messages) == (way == "embed")
