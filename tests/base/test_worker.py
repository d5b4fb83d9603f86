"""Workers: what hangs, swells or crashes costs its file's pages, never the kit."""

import os
import platform
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pytest

from presskit.base import worker
from presskit.base.errors import PresskitError, Problem, Warn
from presskit.base.limits import Limits
from presskit.base.worker import Step, StoppedError, can_work_apart, run, work
from tests.conftest import ROOT, SiteFolder, chapters
from tests.planting import Gives, Plants

pytestmark = pytest.mark.skipif(not can_work_apart(), reason="NOT TESTED: this system makes no workers")


def hang(*_arguments: object, **_options: object) -> None:
    while True:
        time.sleep(0.1)


def swell(*_arguments: object) -> None:
    kept = [bytearray(50_000_000) for _turn in range(1000)]
    raise AssertionError(len(kept))


def crash(*_arguments: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """What hangs is ended as soon as its time is up."""
    monkeypatch.setattr(worker, "_GRACE", 0)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (hang, "it takes more than 1 seconds"),
        (swell, "it takes more than 200 MB of memory"),
        (crash, "the program that reads it crashed on it"),
    ],
)
def test_a_file_that_is_a_trap_is_embedded_and_the_kit_is_whole(
    site: SiteFolder, plant: Plants, no_grace: None, fault: Callable[..., None], reason: str
) -> None:
    plant("presskit.attachments.text.read", fault)
    site.write("presskit.toml", "[limits]\nseconds = 1\nmemory = 200\n")
    site.write("uploads/piege.txt", "x")
    site.write("uploads/a.pdf", chapters("A", 2))
    site.communique("files: [{file: /uploads/piege.txt, nom: Piège}, {file: /uploads/a.pdf, nom: A}]\n")
    built = site.build()
    assert f"piege.txt: its pages can't be merged: {reason}" in built.messages
    assert built.reader.attachments["piege.txt"] == [b"x"]
    assert "A 1" in built.reader.pages[-1].extract_text()


def test_a_communique_that_is_a_trap_is_an_error(site: SiteFolder, plant: Plants, no_grace: None) -> None:
    plant("presskit.kit.render", hang)
    site.write("presskit.toml", "[limits]\nseconds = 1\n")
    site.communique()
    built = site.build()
    assert built.result.exit_code == 1
    assert "the kit can't be built: it takes more than 1 seconds" in built.messages
    # Nobody is told to shorten anything: what was done, and on what, is what helps to find out.
    assert "Step: laying out the communiqué's pages. System: " in built.messages
    assert f"Python {platform.python_version()}, WeasyPrint " in built.messages
    assert "Pango " in built.messages
    assert "Traceback" not in built.messages


def test_a_mistake_of_ours_is_a_line_to_report(site: SiteFolder, plant: Plants) -> None:
    plant("presskit.kit.render", Gives(KeyError("erreur")))
    site.communique()
    built = site.build(ours=True)
    assert built.result.exit_code == 1
    assert "presskit itself failed: KeyError: 'erreur' (planting.py:" in built.messages
    assert "Traceback" not in built.messages


def good(warn: Warn, begin: Step) -> bytes:
    begin("un")
    warn(Problem("attention"))
    return b"x" * 1_000_000


def bad(_warn: Warn, _begin: Step) -> None:
    raise PresskitError([Problem("un", "f", "champ", line=3), Problem("deux")])


def second(_warn: Warn, begin: Step) -> None:
    begin("un", "la première")
    begin("deux")
    crash()


def test_results_warnings_and_errors_come_through() -> None:
    warned: list[Problem] = []
    assert work(good, Limits(), warned.append) == b"x" * 1_000_000
    assert warned == [Problem("attention")]
    with pytest.raises(PresskitError) as caught:
        work(bad, Limits(), warned.append)
    assert caught.value.problems == (Problem("un", "f", "champ", line=3), Problem("deux"))


def test_the_step_that_is_at_fault_is_told() -> None:
    with pytest.raises(StoppedError) as caught:
        work(second, Limits(), lambda _problem: None)
    assert caught.value.step == "deux"
    assert caught.value.doing == "la première"


@pytest.mark.parametrize("setting", ["seconds = 0", "memory = -1", 'pages = "x"', "secods = 1"])
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


# Many tasks, few workers


LITTLE = Limits(seconds=1, memory=200)


@dataclass(frozen=True)
class Sum:
    """A task for tests: what it is to do, and the steps that it leaves out."""

    number: int
    trap: str = ""
    left_out: tuple[str, ...] = ()
    limits: Limits = LITTLE

    def without(self, step: str, _reason: str) -> "Sum | None":
        return replace(self, left_out=(*self.left_out, step)) if step and step not in self.left_out else None


def work_on(task: Sum, warn: Warn, begin: Step) -> tuple[int, int]:
    """The double of a number, and who made it; with a trap on the way."""
    warn(Problem("attention", str(task.number)))
    if not task.left_out:
        warn(Problem("d'abord"))
    if task.trap and task.trap not in task.left_out:
        begin(task.trap)
        {"hang": hang, "swell": swell, "crash": crash}.get(task.trap, wrong_input)()
    begin("")
    return task.number * 2, os.getpid()


def wrong_input() -> None:
    raise PresskitError(Problem("faux"))


def test_many_tasks_are_done_by_few_workers() -> None:
    done = list(run([Sum(number) for number in range(40)], work_on, 3))
    assert sorted(item.outcome()[0] for item in done) == [number * 2 for number in range(40)]
    assert len({item.outcome()[1] for item in done}) == 3
    first = Problem("d'abord")
    assert all(item.warnings == [Problem("attention", str(item.task.number)), first] for item in done)


@pytest.mark.parametrize("trap", ["hang", "swell", "crash"])
def test_a_trap_is_left_out_and_the_others_go_on(no_grace: None, trap: str) -> None:
    done = {item.task.number: item for item in run([Sum(n, trap if n == 3 else "") for n in range(12)], work_on, 2)}
    assert {number: item.outcome()[0] for number, item in done.items()} == {n: n * 2 for n in range(12)}
    assert done[3].task.left_out == (trap,)
    # Those of the first try too, each once.
    assert done[3].warnings == [Problem("attention", "3"), Problem("d'abord")]


def test_an_error_is_its_tasks_alone() -> None:
    done = {item.task.number: item for item in run([Sum(n, "faux" if n == 3 else "") for n in range(6)], work_on, 2)}
    assert isinstance(done[3].error, PresskitError)
    assert all(item.error is None for number, item in done.items() if number != 3)


def test_worn_workers_are_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_TASKS_EACH", 5)
    done = list(run([Sum(number) for number in range(20)], work_on, 1))
    workers = Counter(item.outcome()[1] for item in done)
    assert list(workers.values()) == [5, 5, 5, 5]


def test_once_stopping_no_task_is_begun() -> None:
    count = Counter[str]()
    for item in run((Sum(n) for n in range(1000)), work_on, 2, stopping=lambda: count["done"] >= 3):
        assert item.error is None
        count["done"] += 1
    assert 3 <= count["done"] <= 7


def test_what_hangs_does_not_keep_a_run_from_stopping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_PATIENCE", 0.2)
    begun = time.monotonic()
    assert (
        list(
            run(
                [Sum(1, "hang", limits=Limits(seconds=60))], work_on, 1, stopping=lambda: time.monotonic() > begun + 0.3
            )
        )
        == []
    )
    assert time.monotonic() < begun + 5


def test_closing_a_run_ends_its_workers() -> None:
    runs = run((Sum(n) for n in range(1000)), work_on, 2)
    process = next(runs).outcome()[1]
    cast("Generator[object]", runs).close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_workers_end_with_their_parent() -> None:
    program = (
        "import os, signal, sys\n"
        "from tests.base.test_worker import Sum, run, work_on\n"
        "done = run((Sum(n) for n in range(1000)), work_on, 3)\n"
        "print({next(done).outcome()[1] for _number in range(9)}, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    command = [sys.executable, "-c", program]
    # Workers that stay would keep the output open.
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=60)
    workers = [int(number) for number in ended.stdout.strip("{}\n").split(",")]
    assert workers
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{number}/cmdline").is_file() and is_alive(number) for number in workers):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_alive(process: int) -> bool:
    """Whether a process runs; one that has ended may wait for somebody to look."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_workers_may_load_everything_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on macOS and Windows."""
    monkeypatch.setattr(worker, "can_work_apart", lambda: False)
    done = list(run([Sum(n, "crash" if n == 1 else "") for n in range(4)], work_on, 2))
    assert sorted(item.outcome()[0] for item in done) == [0, 2, 4, 6]
    assert os.getpid() not in {item.outcome()[1] for item in done}
