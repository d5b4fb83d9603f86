"""Scanned pages given a text that can be searched and read aloud, by OCRmyPDF where it is installed."""

import importlib.util
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pikepdf import Object, Pdf, Stream

from presskit.base.limits import memory_unlimited
from presskit.base.programs import run
from presskit.pdf.content import TEXT_OPERATORS, operators
from presskit.pdf.objects import decoded, is_named, named_resources, pages_of

# Tesseract's names of the languages that kits come in.
_LANGUAGES = {"fr": "fra", "en": "eng", "de": "deu", "es": "spa", "it": "ita", "pt": "por", "nl": "nld"}
_DEPTH = 4


class FailedError(Exception):
    """OCRmyPDF gave no result."""


@cache
def is_there() -> bool:
    """Whether the extra is installed, and Tesseract, which reads for it."""
    return importlib.util.find_spec("ocrmypdf") is not None and shutil.which("tesseract") is not None


def scanned_pages(document: Pdf) -> list[int]:
    """The pages, from 1, that show pictures and no text."""
    return [number for number, page in enumerate(pages_of(document), 1) if _is_scan(page)]


def read(path: Path, lang: str, seconds: float) -> bytes:
    """A copy of a PDF whose scanned pages have a text, unseen, over their pictures.

    Raises FailedError when it can't be had within ``seconds``.
    """
    with tempfile.TemporaryDirectory(prefix="presskit-") as temporary:
        result = Path(temporary, "read.pdf")
        # The pictures stay as they are: nothing is optimised, turned or cleaned.
        command = [sys.executable, "-m", "ocrmypdf", "--quiet", "--skip-text", "--output-type", "pdf"]
        command += ["--optimize", "0", "--language", _languages(lang), str(path), str(result)]
        try:
            with memory_unlimited():
                status = run(command, {"TMPDIR": temporary}, seconds)
        except subprocess.TimeoutExpired as error:
            raise FailedError from error
        if status != 0 or not result.is_file():
            raise FailedError
        return result.read_bytes()


def _languages(lang: str) -> str:
    """The kit's language, and those that its documents are likely to be in as well, as far as they are there."""
    found = _installed_languages()
    wanted = [_LANGUAGES.get(lang.partition("-")[0].lower(), "eng"), "fra", "eng"]
    return "+".join(dict.fromkeys(name for name in wanted if name in found)) or "eng"


@cache
def _installed_languages() -> frozenset[str]:
    listed = subprocess.run(
        ["tesseract", "--list-langs"],  # noqa: S607 - the one that is on the path, as OCRmyPDF's own
        capture_output=True,
        text=True,
        check=False,
    )
    return frozenset(listed.stdout.split())


def _is_scan(page: Object) -> bool:
    return set(_shown(page, _DEPTH)) == {"picture"}


def _shown(holder: Object, depth: int) -> Iterator[str]:
    """What a stream shows, the forms in it included: "text", at which it ends, or "picture"."""
    objects = named_resources(holder, "/XObject")
    for operator in operators(decoded(holder)):
        if operator.name in TEXT_OPERATORS:
            yield "text"
            return
        if operator.name == b"BI":
            yield "picture"
        elif operator.name == b"Do" and operator.operands:
            item = objects.get(operator.operands[0].decode("latin-1"))
            if isinstance(item, Stream) and is_named(item.get("/Subtype"), "/Image"):
                yield "picture"
            elif isinstance(item, Stream) and depth:
                yield from _shown(item, depth - 1)
