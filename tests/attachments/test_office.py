"""Office documents, through a real LibreOffice where there is one."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from presskit.attachments import office
from presskit.base.limits import Limits
from tests.attachments.conftest import RTF, one
from tests.conftest import SiteFolder
from tests.planting import Gives, Plants

needs_office = pytest.mark.skipif(office.find() is None, reason="NOT TESTED: LibreOffice is not installed")


@needs_office
def test_a_document_becomes_tagged_pages(site: SiteFolder) -> None:
    one(site, "a.doc", RTF)
    built = site.build()
    assert "Bonjour le monde" in built.reader.pages[1].extract_text()
    assert "warning" not in built.messages
    pdf = office.to_pdf(site.root / "uploads/a.doc", "application/rtf").pdf
    (site.root / "o.pdf").write_bytes(pdf)
    about = subprocess.run(["pdfinfo", str(site.root / "o.pdf")], check=True, capture_output=True, text=True).stdout
    assert "Tagged:          yes" in about


@needs_office
def test_a_sheet_and_a_show(tmp_path: Path, site: SiteFolder) -> None:
    """LibreOffice itself makes the files, from a table and from a text."""
    (tmp_path / "t.csv").write_text("Titre,Valeur\nun,1\n")
    (tmp_path / "t.html").write_text("<h1>Une page</h1><p>Un texte")
    kinds = {"xlsx": "t.csv", "ods": "t.csv", "docx:MS Word 2007 XML": "t.html", "odt": "t.html"}
    for number, (kind, source) in enumerate(kinds.items(), 1):
        # What a file is, is in its content.
        site.write(f"uploads/{number}.bin", _convert(tmp_path, source, kind))
    site.communique("files: [/uploads/1.bin, /uploads/2.bin, /uploads/3.bin, /uploads/4.bin]\n")
    pages = [page.extract_text() for page in site.build().reader.pages[1:]]
    assert [("Valeur" in text, "Un texte" in text) for text in pages] == [(True, False)] * 2 + [(False, True)] * 2


def _convert(folder: Path, name: str, kind: str) -> bytes:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [str(office.find()), profile, "--headless", "--convert-to", kind, "--outdir", str(folder / "out"), name]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    return (folder / "out" / f"{Path(name).stem}.{kind.split(':', maxsplit=1)[0]}").read_bytes()


def test_without_libreoffice_the_file_is_embedded_and_the_message_says_what_to_install(
    site: SiteFolder, plant: Plants
) -> None:
    plant("presskit.attachments.office.find", Gives(None))
    one(site, "a.rtf", RTF)
    built = site.build()
    assert "LibreOffice is not installed" in built.messages
    assert "sudo apt install libreoffice" in built.messages
    assert built.reader.attachments["a.rtf"] == [RTF]


def _fake(folder: Path, script: str) -> str:
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_what_takes_too_long_is_ended_with_its_helpers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "survivor"
    fake = _fake(tmp_path, f"(sleep 2; touch {mark}) & sleep 60")
    monkeypatch.setattr(office, "find", lambda: fake)
    (tmp_path / "a.rtf").write_bytes(RTF)
    started = time.monotonic()
    with pytest.raises(office.UnreadableError, match="more than 1 seconds"):
        office.to_pdf(tmp_path / "a.rtf", "application/rtf", Limits(seconds=1))
    assert time.monotonic() - started < 10
    time.sleep(max(started + 2.5 - time.monotonic(), 0))
    assert not mark.exists()


def test_what_gives_nothing_is_embedded(site: SiteFolder, tmp_path: Path, plant: Plants) -> None:
    plant("presskit.attachments.office.find", Gives(_fake(tmp_path, "exit 0")))
    one(site, "a.rtf", RTF)
    built = site.build()
    assert "LibreOffice can't open it" in built.messages
    assert built.reader.attachments["a.rtf"] == [RTF]


def test_a_document_gets_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What converts must not reach the network: the sender of a document would know who reads it."""
    if not office._without_network():
        pytest.skip("NOT TESTED: this system takes no network away from a process")
    (tmp_path / "a.rtf").write_bytes(RTF)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        program = f"import socket; socket.create_connection(('127.0.0.1', {server.getsockname()[1]}))"
        fake = _fake(tmp_path, f'{sys.executable} -c "{program}"')
        monkeypatch.setattr(office, "find", lambda: fake)
        with pytest.raises(office.UnreadableError):
            office.to_pdf(tmp_path / "a.rtf", "application/rtf")
        with pytest.raises(BlockingIOError):
            server.accept()
