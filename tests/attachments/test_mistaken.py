"""Files that are not what their names say."""

import pytest

from presskit.attachments.kinds import kind_of
from presskit.attachments.mistaken import is_lost, mistaken
from tests.attachments.conftest import MAIL, RTF, every_kind, one, zipped
from tests.conftest import SiteFolder

LOGIN = b"<!DOCTYPE html><html><title>Session</title><body><h1>Votre session a expir\xc3\xa9</h1></body></html>"
DOCX = zipped(**{"[Content_Types].xml": "x", "word/document.xml": "x"})


@pytest.mark.parametrize("name", list(every_kind()))
def test_what_is_named_rightly_is_no_mistake(site: SiteFolder, name: str) -> None:
    path = site.write(name, every_kind()[name])
    assert mistaken(name, kind_of(path)) == ""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpeg", every_kind()["photo.jpg"]),
        ("a.png", every_kind()["photo.jpg"]),
        ("a.tif", every_kind()["scan.tiff"]),
        ("a.htm", LOGIN),
        ("a.doc", RTF),
        ("a.doc", DOCX),
        ("a.docm", DOCX),
        ("a.txt", MAIL),
        ("a", LOGIN),
        ("a.inconnu", LOGIN),
        ("a.html", b"<p>Un morceau"),
        ("a.md", b"# Titre"),
        ("a.zip", DOCX),
        ("a.PDF", every_kind()["document.pdf"]),
        ("a.ai", every_kind()["document.pdf"]),
    ],
)
def test_harmless_differences_are_none(site: SiteFolder, name: str, content: bytes) -> None:
    assert mistaken(name, kind_of(site.write(name, content))) == ""


@pytest.mark.parametrize(
    "ending", ["pdf", "PDF", "jpg", "docx", "xlsx", "pptx", "zip", "mp4", "odt", "svg", "csv", "eml"]
)
def test_a_login_page_is_never_the_document(site: SiteFolder, ending: str) -> None:
    kind = kind_of(site.write(f"a.{ending}", LOGIN))
    assert mistaken(f"a.{ending}", kind) and is_lost(kind)


def test_mistaken_files_are_said_and_kept(site: SiteFolder) -> None:
    contents = {
        "connexion.pdf": LOGIN,
        "texte.pdf": b"Ceci est du texte",
        "archive.pdf": zipped(a="x"),
        "donnees.pdf": b'{"a": 1}',
        "photo.jpg": LOGIN,
        "note.docx": LOGIN,
        "image.pdf": every_kind()["image.png"],
        "rapport.docx": every_kind()["document.pdf"],
    }
    for name, content in contents.items():
        site.write(f"uploads/{name}", content)
    site.communique(f"files: [{', '.join(f'/uploads/{name}' for name in contents)}]\n")
    built = site.build()
    for name in contents:
        assert f"{name}: its content is not what its name says" in built.messages
    # What can be shown for what it is, is; what stands where another was meant is not.
    assert set(built.reader.attachments) == set(contents) - {"image.pdf", "rapport.docx"}
    assert "session" not in built.text
    assert "Chapitre 1" in built.text


def test_an_e_mail_tells_no_hidden_recipients(site: SiteFolder) -> None:
    inner = (
        b"--B\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@x.fr\r\nBcc: cache3@x.fr\r\n\r\nX-corps: gard\xc3\xa9\r\n"
    )
    mail = MAIL.replace(b"Subject:", b"Bcc: cache1@x.fr,\r\n cache2@x.fr\r\nX-Originating-IP: 10.1.2.3\r\nSubject:", 1)
    mail = mail.replace(b"--B--", inner + b"--B--")
    one(site, "mail.eml", mail, ", as: both")
    built = site.build("--zip")
    assert "mail.eml: its hidden recipients (Bcc) were taken out" in built.messages
    (kept,) = built.reader.attachments["mail.eml"]
    for octets in (kept, built.text.encode()):
        assert b"cache" not in octets and b"10.1.2.3" not in octets
    assert kept == MAIL.replace(b"--B--", inner.replace(b"Bcc: cache3@x.fr\r\n", b"") + b"--B--")


def test_html_is_read_in_its_own_encoding_and_what_it_loses_is_said(site: SiteFolder) -> None:
    pages = {
        "meta": '<meta charset="windows-1251"><p>Привет</p>'.encode("cp1251"),
        "equiv": '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-7"><p>Καλημέρα</p>'.encode(
            "iso8859-7"
        ),
        "xml": '<?xml version="1.0" encoding="iso-8859-2"?><html><p>Łódź</p></html>'.encode("iso8859-2"),
        "bom": "<p>Été 1</p>".encode("utf-8-sig"),
        "utf16": "<html><p>Été 2</p></html>".encode("utf-16"),
        "faux": '<meta charset="utf-8"><p>Été 3</p>'.encode("cp1252"),
        "lost": b"<p>Vu</p><script></script><noscript>Sans programme</noscript><select><option>Choisir</select>",
    }
    for name, content in pages.items():
        site.write(f"uploads/{name}.html", content)
    site.communique(f"files: [{', '.join(f'/uploads/{name}.html' for name in pages)}]\n")
    built = site.build()
    for text in ("Привет", "Καλημέρα", "Łódź", "Été 1", "Été 2", "Été 3"):
        assert text in built.text
    assert "lost.html: words of the file are not on its pages: “Sans programme Choisir”" in built.messages
    assert "lost.html: scripts of the web page were taken out" in built.messages
    assert not [name for name in pages if name != "lost" and f"{name}.html" in built.messages]
