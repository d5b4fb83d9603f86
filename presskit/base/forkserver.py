"""A process that starts workers: it has loaded all that they need, and used none of it yet.

A fork copies one thread and no other. Native libraries start threads (Pango does, from 1.56 on, as soon as
fonts are made), and wait for ever in a copy for what the others held. So no process that has done any work
is ever forked: only this one is, which imports modules and touches no font, and refuses all the same where
it finds a second thread. It is nobody's copy either: whoever asks may have any threads of its own.

It does what multiprocessing's fork server does, save for three things that would be traps here: that one runs the
caller's main module again in each worker (a script without a guard would start itself anew), imports what
lies in the current folder, and keeps the environment of its first day.
"""

import atexit
import gc
import importlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection, wait
from multiprocessing.spawn import get_executable
from pathlib import Path
from threading import Lock
from typing import Any, NoReturn

# The kernel's own list: it knows the threads of native libraries too, which Python does not count.
_THREADS = Path("/proc/self/task")
_PROGRAM = """\
import sys
_name, descriptor, loaded, *sys.path = sys.argv
from presskit.base.forkserver import serve
serve(int(descriptor), loaded)
"""
# What comes before a worker's own messages.
STARTED, REFUSED = "started", "refused"
_LOCK = Lock()


def is_possible() -> bool:
    """Whether this system has what it takes: fork, threads that can be counted, and file descriptors that travel."""
    return sys.platform == "linux"


class Start:
    """What a worker needs to know to be like a copy of this process: its surroundings, and what it is to do.

    ``function`` is a module's; it is called with the worker's connection, and ``arguments`` after it.
    """

    def __init__(self, function: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        self._function = function
        self._arguments = arguments
        self._environment = dict(os.environ)
        self._umask = os.umask(0)
        os.umask(self._umask)
        self._folder = ""
        # One that is gone is nobody's place to work in.
        with suppress(OSError):
            self._folder = os.getcwd()  # noqa: PTH109

    def __call__(self, connection: Connection) -> None:
        """Become that copy, and do it."""
        os.environ.clear()
        os.environ.update(self._environment)
        os.umask(self._umask)
        if self._folder:
            os.chdir(self._folder)
        self._function(connection, *self._arguments)


class Process:
    """A worker, known once it has told its number; it is no child of this process."""

    def __init__(self, number: int) -> None:
        self._number = number
        # A number may be given to another process once the worker has gone, its descriptor never.
        self._descriptor: int | None = None
        with suppress(OSError):
            self._descriptor = os.pidfd_open(number)

    def terminate(self) -> None:
        """Ask it to end."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        if self._descriptor is not None:
            with suppress(OSError):
                signal.pidfd_send_signal(self._descriptor, number)

    def join(self, seconds: float | None = None) -> None:
        """Wait until it has ended, or for some seconds."""
        if self._descriptor is not None:
            wait([self._descriptor], seconds)

    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self._descriptor is not None and not wait([self._descriptor], 0)

    def close(self) -> None:
        """Give back what knowing it takes."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class ForkServer:
    """The server, as whoever asks it sees it. It ends with its last asker."""

    def __init__(self, loaded: str) -> None:
        """Start it, without waiting for it; ``loaded`` is the module that it imports before it forks."""
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command: list[Any] = [get_executable(), "-P", "-c", _PROGRAM, str(theirs.fileno()), loaded, *sys.path]
        with theirs:
            self.process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)  # noqa: S603

    def fork(self, theirs: Connection) -> None:
        """Ask for a worker that serves a connection. Raises OSError when the server is gone."""
        socket.send_fds(self._socket, [b"fork"], [theirs.fileno()])

    @property
    def is_there(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    def end(self) -> None:
        """End it, whatever it is loading; workers that it started have their own lives."""
        self._socket.close()
        self.process.kill()
        self.process.wait()


def server(loaded: str) -> ForkServer:
    """The server of this process, started at the first call; one that died is replaced."""
    with _LOCK:
        # A process that was itself forked since must not share its parent's.
        here = os.getpid()
        if not _server(loaded, here).is_there:
            _server.cache_clear()
        return _server(loaded, here)


@cache
def _server(loaded: str, _here: int) -> ForkServer:
    started = ForkServer(loaded)
    atexit.register(started.end)
    return started


# In the server


def serve(descriptor: int, loaded: str) -> NoReturn:
    """Fork a worker for each connection that comes, until nobody is left to ask."""
    # Ctrl-C reaches all processes of a terminal; whoever asked answers it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    importlib.import_module(loaded)
    gc.freeze()
    gc.enable()
    # Workers that have ended leave no trace to be collected.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(fileno=descriptor) as asked:
        while True:
            message, received, _flags, _address = socket.recv_fds(asked, 16, 1)
            if not message:
                os._exit(0)
            with Connection(received[0]) as connection:
                _fork(asked, connection)


def _fork(asked: socket.socket, connection: Connection) -> None:
    if threads := _others():
        with suppress(OSError):
            connection.send((REFUSED, threads))
        return
    if os.fork():
        return
    code = 1
    try:
        asked.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        code = _be_a_worker(connection)
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _be_a_worker(connection: Connection) -> int:
    try:
        connection.send((STARTED, os.getpid()))
        start = connection.recv()
        start(connection)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except (EOFError, ConnectionError):
        # Whoever asked is gone.
        return 0
    return 0


def _others() -> list[str]:
    """The names of this process's threads beside the first."""
    names = []
    for thread in sorted(_THREADS.iterdir(), key=lambda path: int(path.name)):
        with suppress(OSError):
            names.append(Path(thread, "comm").read_text("utf-8", "replace").strip())
    return names[1:]
