"""What tests share: small sites, attached PDFs, kits, and finished PDFs read back by other programs."""

import io
import os
import signal
import subprocess
import sys
import tempfile
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import settings
from pypdf import PdfReader

from tests.planting import Gives, Plants, lose_tails

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

# The same examples each time: a change decides whether tests pass, and not chance. `make fuzz` looks further.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("further", max_examples=3000, deadline=None)
settings.load_profile("same")

PRESSKIT = (sys.executable, "-m", "presskit")

FRONT_MATTER = """---
title: 'Un titre : celui du communiqué'
date: 2022-11-29 11:26:00 +01:00
categories:
- Communiqué de presse
{extra}---

{body}
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Whoever changes a line wants an answer at once."""
    parser.addoption("--quick", action="store_true", help="leave a test out as soon as it starts to make a kit")


def pytest_configure() -> None:
    """Messages are tested in English, whatever the language of who runs the tests, and Ctrl-C is heard."""
    # Whoever runs tests in the background (nohup, `make test &`) ignores it, and so would all commands that they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        os.environ.pop(name, None)
    os.environ["LANG"] = "C.UTF-8"
    os.environ.pop("SOURCE_DATE_EPOCH", None)


@dataclass
class Built:
    """What one run of the command gave."""

    result: Result
    path: Path

    @property
    def reader(self) -> PdfReader:
        assert self.result.exit_code == 0, self.result.output
        return PdfReader(self.path)

    @property
    def text(self) -> str:
        assert self.result.exit_code == 0, self.result.output
        return pdf_text(self.path)

    @property
    def messages(self) -> str:
        return self.result.stderr


@dataclass
class SiteFolder:
    """A site to build from, in a temporary folder."""

    root: Path

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def communique(self, extra: str = "", body: str = "Le texte.", name: str = "communique.md") -> Path:
        return self.write(name, FRONT_MATTER.format(extra=extra, body=body))

    def build(
        self, *arguments: str, source: str | Path = "communique.md", output: str = "kit.pdf", ours: bool = False
    ) -> Built:
        """Build a kit; only with ``ours`` may it end with a mistake of presskit's own."""
        from presskit.cli.commands import main

        target = self.root / output
        command = ["build", str(self.root / source), "-o", str(target), *arguments]
        built = Built(CliRunner().invoke(main, command, catch_exceptions=False), target)
        assert ("presskit itself failed" in built.messages) == ours, built.messages
        return built


def attach(site: SiteFolder, *contents: bytes, entry: str = "", extra: str = "") -> None:
    """Attach PDFs to a site's communiqué, each with an ``entry`` of its own fields, beside ``extra`` ones."""
    entries = []
    for number, content in enumerate(contents, 1):
        site.write(f"uploads/f{number}.pdf", content)
        # The space at the end is what real ones have, and is to be left out.
        entries.append(f"{{file: /uploads/f{number}.pdf, nom: 'Pièce {number} '{entry}}}")
    site.communique(f"files: [{', '.join(entries)}]\n{extra}")


def kit_of(site: SiteFolder, *contents: bytes, options: tuple[str, ...] = (), entry: str = "") -> Built:
    """Attach PDFs, and build."""
    attach(site, *contents, entry=entry)
    return site.build(*options)


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch) -> Plants:
    """Puts a value in the place of one of presskit's, for workers too."""
    return Plants(monkeypatch)


@pytest.fixture(autouse=True)
def alone(plant: Plants, request: pytest.FixtureRequest) -> None:
    """What presskit says by itself: veraPDF, which takes seconds where a kit takes tenths, has tests of its own."""
    plant("presskit.conformance.verapdf.find", Gives(None))
    if request.config.getoption("--quick"):
        plant.patch.setattr("presskit.base.worker.run", lambda *_task: pytest.skip("NOT TESTED: makes a kit (--quick)"))


@pytest.fixture
def without_ocr(plant: Plants) -> None:
    """Scans stay scans: reading them takes seconds."""
    plant("presskit.attachments.ocr.is_there", Gives(False))


@pytest.fixture
def losing(plant: Plants) -> None:
    """A fault that was there once: a quotation's line loses all after its first element."""
    plant("presskit.prose.quotes.set_authors", lose_tails)


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    (tmp_path / "uploads").mkdir()
    return SiteFolder(tmp_path)


@pytest.fixture
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip(f"NOT TESTED: the real communiqués are not in {SHARED.name}/ beside the checkout")
    return SHARED


@cache
def html_pdf(html: str, tags: bool = True) -> bytes:
    """A PDF made by WeasyPrint alone, as an attachment would be."""
    import weasyprint

    pdf: bytes = weasyprint.HTML(string=f"<html lang=fr>{html}").write_pdf(pdf_tags=tags)
    return pdf


def chapters(name: str, count: int = 3, css: str = "") -> bytes:
    """A PDF of one chapter a page: headings in its outline, named destinations c0…, a link to the next."""
    pages = "".join(
        f"<h1 id=c{i} style='{'break-before: page' if i else ''}'>{name} {i}</h1>"
        f"<p><a href='#c{(i + 1) % count}'>suite</a></p>"
        for i in range(count)
    )
    return html_pdf(f"<title>{name}</title><style>{css}</style><body>{pages}")


def pdf_text(path: Path, *options: str) -> str:
    """The text of a PDF as poppler reads it."""
    command = ["pdftotext", *options, str(path), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def unpacked(path: Path) -> bytes:
    """A PDF's octets with nothing packed or compressed in it, to search for what must be there, or not."""
    import pikepdf

    out = io.BytesIO()
    with warnings.catch_warnings(), pikepdf.open(path) as pdf:
        warnings.simplefilter("ignore")
        pdf.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            compress_streams=False,
        )
    return out.getvalue()


def struct_text(path: Path) -> str:
    """The tagged text of a PDF, in the order of its tags."""
    import pikepdf

    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "copy.pdf")
        with pikepdf.open(path) as pdf:
            # For each element, poppler works out anew how a printer shows its colours: nine tenths of its time.
            if "/OutputIntents" in pdf.Root:
                del pdf.Root.OutputIntents
            pdf.save(copy)
        output = subprocess.run(["pdfinfo", "-struct-text", str(copy)], check=True, capture_output=True).stdout
    # It prints titles of elements as the octets that they are.
    return output.decode("utf-8", "replace")


def outline(reader: PdfReader) -> list[tuple[int, str, int]]:
    """(depth, title, page number from 1) for each bookmark."""
    found = []

    def visit(items: list[Any], depth: int) -> None:
        for item in items:
            if isinstance(item, list):
                visit(item, depth + 1)
            else:
                found.append((depth, item.title, reader.get_destination_page_number(item) + 1))

    visit(reader.outline, 0)
    return found


def link_targets(reader: PdfReader, page: int) -> list[int | str]:
    """Where the links of a page (from 1) lead: page numbers, or addresses."""
    found: list[int | str] = []
    numbers = {p.indirect_reference.idnum: n for n, p in enumerate(reader.pages, 1)}
    for annotation in reader.pages[page - 1].get("/Annots", []):
        annotation = annotation.get_object()
        action = annotation.get("/A", {})
        if "/URI" in action:
            found.append(str(action["/URI"]))
            continue
        target = annotation.get("/Dest", action.get("/D"))
        if isinstance(target, str):
            found.append(reader.get_destination_page_number(reader.named_destinations[target]) + 1)
        else:
            found.append(numbers[target[0].indirect_reference.idnum if hasattr(target[0], "indirect_reference") else 0])
    return found
