"""Errors are laid where they belong: a damaged file's to the file, and ours to us."""

import zlib
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from pypdf.errors import PdfReadError

from presskit.base.blame import Reading, is_librarys, reason
from tests.conftest import SiteFolder, chapters, kit_of
from tests.planting import Plants


def fail(*_arguments: object, **_named: object) -> Any:
    nothing: Any = None
    return nothing.mistaken


def caught(work: Any) -> BaseException:
    with pytest.raises(Exception) as caught:
        work()
    return caught.value


def test_whose_an_exception_is(tmp_path: Path) -> None:
    broken = tmp_path / "a.pdf"
    broken.write_bytes(b"%PDF-1.7\nnothing")
    read = caught(lambda: pypdf.PdfReader(broken))
    assert is_librarys(read)
    assert is_librarys(caught(lambda: pypdf.PdfReader(3)))  # type: ignore[arg-type]
    assert not is_librarys(caught(fail))
    assert not is_librarys(caught(lambda: int("x")))
    assert not is_librarys(caught(lambda: zlib.decompress(b"x")))
    assert reason(PdfReadError("x")) == reason(zlib.error("x")) == "it is damaged"
    assert reason(KeyError("x")) == "it is made in a way that presskit can't read"


def test_what_ends_a_program_is_no_failure_of_a_file() -> None:
    for error in (MemoryError, KeyboardInterrupt, AssertionError):
        with pytest.raises(error), Reading(ValueError):
            raise error


@pytest.mark.parametrize(
    "name",
    [
        "attachments.pdf.disarm",
        "attachments.pdf._settle_form",
        "attachments.attach._say",
        "binding.bind.use_profile",
        "binding.bind.carry",
        "binding.bind.failures",
        "binding.bind.mend",
    ],
)
def test_a_mistake_of_ours_is_no_damaged_file(site: SiteFolder, plant: Plants, name: str) -> None:
    kit_of(site, chapters("A", 1))
    target = site.root / "kit.pdf"
    target.write_bytes(b"the old kit")
    plant(f"presskit.{name}", fail)
    built = site.build(ours=True)
    assert built.result.exit_code == 1
    assert "presskit itself failed: AttributeError" in built.messages
    assert "damaged" not in built.messages
    assert target.read_bytes() == b"the old kit"


def merge(_kit: pikepdf.Pdf, *_arguments: object, **_named: object) -> None:
    pypdf.PdfReader(3)  # type: ignore[arg-type]


def test_a_library_that_fails_costs_the_pages_and_not_the_kit(site: SiteFolder, plant: Plants) -> None:
    plant("pikepdf.Pdf.add_pages_from", merge)
    built = kit_of(site, chapters("A", 1))
    assert built.result.exit_code == 0, built.messages
    assert "it is made in a way that presskit can't read. The file is embedded" in built.messages


def generate(*arguments: Any, **named: Any) -> Any:
    import weasyprint.pdf

    weasyprint.pdf.add_tags = lambda *_arguments: None
    return weasyprint.pdf.generate_pdf(*arguments, **named)


def test_a_tagger_that_is_not_called_is_told_at_once(site: SiteFolder, plant: Plants) -> None:
    plant("weasyprint.document.generate_pdf", generate)
    site.communique()
    built = site.build(ours=True)
    assert built.result.exit_code == 1
    assert "presskit itself failed: TaggerError" in built.messages
