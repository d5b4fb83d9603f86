"""The process that workers are forked from: nobody's threads, folder or environment stand in its way."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from presskit import build_kit
from presskit.base import forkserver
from presskit.base.forkserver import REFUSED, STARTED, ForkServer, Process, Start
from tests.conftest import ROOT, SiteFolder, chapters, kit_of

pytestmark = pytest.mark.skipif(not forkserver.is_possible(), reason="NOT TESTED: this system makes no workers")


def tell(connection: Connection) -> None:
    """What a worker sees of its surroundings."""
    threads = len(list(Path("/proc/self/task").iterdir()))
    connection.send((os.environ.get("PRESSKIT_TEST"), str(Path.cwd()), threads, os.umask(0)))


def wait(connection: Connection) -> None:
    connection.recv()


@pytest.fixture
def server() -> Iterator[ForkServer]:
    made = ForkServer("json")
    yield made
    made.end()


def ask(server: ForkServer, start: Start) -> Connection:
    ours, theirs = Pipe()
    with theirs:
        server.fork(theirs)
    ours.send(start)
    return ours


def test_a_worker_is_where_its_asker_is(server: ForkServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not where the server was started."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PRESSKIT_TEST", "aujourd'hui")
    before = os.umask(0o027)
    try:
        worker = ask(server, Start(tell, ()))
    finally:
        os.umask(before)
    kind, number = worker.recv()
    assert kind == STARTED
    assert number not in (os.getpid(), server.process.pid)
    assert worker.recv() == ("aujourd'hui", str(tmp_path), 1, 0o027)


def test_a_worker_that_is_known_can_be_ended(server: ForkServer) -> None:
    worker = ask(server, Start(wait, ()))
    process = Process(worker.recv()[1])
    assert process.is_alive()
    process.terminate()
    process.join(5)
    assert not process.is_alive()
    process.close()


def test_a_server_with_threads_refuses_to_fork(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever started them: Python counts only its own."""
    (tmp_path / "threaded.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    server = ForkServer("threaded")
    try:
        kind, names = ask(server, Start(tell, ())).recv()
    finally:
        server.end()
    assert kind == REFUSED
    assert len(names) == 1


def test_the_refusal_is_said_in_our_words(site: SiteFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "threaded.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("presskit.base.worker._LOADED", "threaded")
    site.communique()
    built = site.build()
    assert built.result.exit_code == 1
    assert (
        "the process that makes kits can't be started: a library that it loaded has begun other work" in built.messages
    )
    assert "Traceback" not in built.messages


def test_all_that_makes_kits_is_loaded_without_a_thread() -> None:
    """What newer Pango's fonts would break: no library may start one as it is imported."""
    program = "import presskit.preload, os, sys; print(len(os.listdir('/proc/self/task')), 'weasyprint' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout == "1 True\n"


def test_kits_are_built_from_a_process_with_threads_that_has_rendered(site: SiteFolder) -> None:
    """As web servers do: the very state in which no process may be forked."""
    chapters("A")  # This process renders with WeasyPrint itself.
    stop = threading.Event()
    other = threading.Thread(target=stop.wait)
    other.start()
    for number in range(4):
        site.communique("", f"Le texte numéro {number}.", f"c{number}.md")
    try:
        with ThreadPoolExecutor(4) as pool:
            reports = list(pool.map(lambda n: build_kit(site.root / f"c{n}.md"), range(4)))
    finally:
        stop.set()
        other.join()
    assert all(report.pdf.startswith(b"%PDF") for report in reports)


def test_a_script_needs_no_guard_and_its_folder_gives_no_modules(site: SiteFolder) -> None:
    """multiprocessing's own server would run the script again, and import what lies around."""
    site.communique()
    site.write("random.py", "raise SystemExit('taken from the folder')\n")
    script = site.write(
        "scripts/build.py",
        "print('once', flush=True)\nfrom presskit import build_kit\nprint(build_kit('communique.md').status)\n",
    )
    run = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False, cwd=site.root, timeout=60
    )
    assert run.stdout == "once\nbuilt\n", run.stderr


def test_no_process_stays(site: SiteFolder) -> None:
    """Whoever waits for the output's end does not wait for a server."""
    site.communique()
    command = [sys.executable, "-m", "presskit", "build", "communique.md", "-o", "kit.pdf"]
    begun = time.monotonic()
    subprocess.run(command, capture_output=True, check=True, cwd=site.root, timeout=60)
    missing = subprocess.run([*command[:4], "rien.md"], capture_output=True, check=False, cwd=site.root, timeout=60)
    assert missing.returncode != 0
    assert time.monotonic() - begun < 50


def test_a_server_that_died_is_replaced(site: SiteFolder) -> None:
    from presskit.base import worker

    assert kit_of(site, chapters("A")).result.exit_code == 0

    server = forkserver.server(worker._LOADED)
    server.process.kill()
    server.process.wait()
    assert len(kit_of(site, chapters("A")).reader.pages) == 4
    assert forkserver.server(worker._LOADED) is not server
