"""Workers: what hangs, swells or crashes costs its file's pages, never the kit."""

import os
import signal
import time
from collections.abc import Callable

import pytest

from presskit.attachments import text
from presskit.errors import PresskitError, Problem
from presskit.limits import Limits
from presskit.worker import StoppedError, can_work_apart, work
from tests.conftest import SiteFolder, chapters

pytestmark = pytest.mark.skipif(not can_work_apart(), reason="NOT TESTED: this system makes no workers")


def hang(*_arguments: object, **_options: object) -> None:
    while True:
        time.sleep(0.1)


def swell(*_arguments: object) -> None:
    kept = [bytearray(50_000_000) for _turn in range(1000)]
    raise AssertionError(len(kept))


def crash(*_arguments: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (hang, "it takes more than 1 seconds"),
        (swell, "it takes more than 200 MB of memory"),
        (crash, "the program that reads it crashed on it"),
    ],
)
def test_a_file_that_is_a_trap_is_embedded_and_the_kit_is_whole(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch, fault: Callable[..., None], reason: str
) -> None:
    monkeypatch.setattr(text, "read", fault)
    site.write("presskit.toml", "[limits]\nseconds = 1\nmemory = 200\n")
    site.write("uploads/piege.txt", "x")
    site.write("uploads/a.pdf", chapters("A", 2))
    site.communique("files: [{file: /uploads/piege.txt, nom: Piège}, {file: /uploads/a.pdf, nom: A}]\n")
    built = site.build()
    assert f"piege.txt: its pages can't be merged: {reason}" in built.messages
    assert built.reader.attachments["piege.txt"] == [b"x"]
    assert "A 1" in built.reader.pages[-1].extract_text()


def test_a_communique_that_is_a_trap_is_an_error(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    from presskit import kit

    monkeypatch.setattr(kit, "render", hang)
    site.write("presskit.toml", "[limits]\nseconds = 1\n")
    site.communique()
    built = site.build()
    assert built.result.exit_code == 1
    assert "the kit can't be built: it takes more than 1 seconds" in built.messages
    assert "Traceback" not in built.messages


def test_a_mistake_of_ours_is_a_line_to_report(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    from presskit import kit

    def wrong(*_arguments: object, **_options: object) -> None:
        raise KeyError("erreur")

    monkeypatch.setattr(kit, "render", wrong)
    site.communique()
    built = site.build(ours=True)
    assert built.result.exit_code == 1
    assert "presskit itself failed: KeyError: 'erreur' (test_worker.py:" in built.messages
    assert "Traceback" not in built.messages


def test_results_warnings_and_errors_come_through() -> None:
    warned: list[Problem] = []

    def good(warn, begin):  # type: ignore[no-untyped-def]
        begin("un")
        warn(Problem("attention"))
        return b"x" * 1_000_000

    def bad(_warn, _begin):  # type: ignore[no-untyped-def]
        raise PresskitError([Problem("un", "f", "champ", 3), Problem("deux")])

    assert work(good, Limits(), warned.append) == b"x" * 1_000_000
    assert warned == [Problem("attention")]
    with pytest.raises(PresskitError) as caught:
        work(bad, Limits(), warned.append)
    assert caught.value.problems == (Problem("un", "f", "champ", 3), Problem("deux"))


def test_the_step_that_is_at_fault_is_told() -> None:
    def second(_warn, begin):  # type: ignore[no-untyped-def]
        begin("un")
        begin("deux")
        crash()

    with pytest.raises(StoppedError) as caught:
        work(second, Limits(), lambda _problem: None)
    assert caught.value.step == "deux"


@pytest.mark.parametrize("setting", ["seconds = 0", "memory = -1", 'pages = "x"', "second = 1"])
def test_wrong_limits_are_said(site: SiteFolder, setting: str) -> None:
    site.write("presskit.toml", f"[limits]\n{setting}\n")
    site.communique()
    messages = site.build().messages
    assert "is not a whole number above zero" in messages or "Did you mean “seconds”?" in messages


@pytest.mark.parametrize(
    ("setting", "name", "content", "reason"),
    [
        ("pages = 2", "a.pdf", chapters("A", 3), "it has more than 2 pages"),
        ("rows = 2", "a.csv", b"a;b\n1;2\n3;4\n5;6\n", "it has more than 2 rows"),
    ],
)
def test_limits_are_settings(site: SiteFolder, setting: str, name: str, content: bytes, reason: str) -> None:
    site.write("presskit.toml", f"[limits]\n{setting}\n")
    site.write(f"uploads/{name}", content)
    site.communique(f"files: [/uploads/{name}]\n")
    built = site.build()
    assert reason in built.messages
    assert built.reader.attachments[name] == [content]
