"""Work done in processes of their own, which are ended when they hang or want too much memory.

An attached file is a stranger's: the libraries that read it may loop or swell on it. A worker tells which
step it is at, so that its end can be laid to the file that caused it. It does one task after another, so
that what it has loaded serves them all.
"""

import multiprocessing
import signal
import sys
import tempfile
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Generic, Protocol, Self, TypeVar

from presskit.base import forkserver
from presskit.base.blame import is_librarys
from presskit.base.errors import PresskitError, Problem, Warn
from presskit.base.i18n import _
from presskit.base.limits import Limits

Result = TypeVar("Result")
# What workers have loaded before they begin (see forkserver.py).
_LOADED = "presskit.preload"
_NO_DEADLINE = 1e9
# Some seconds more than a step's own programs have, which must end first.
_GRACE = 5
# How often workers that say nothing are looked after, and how long they have when all is to end.
_HEARTBEAT, _PATIENCE = 0.2, 3
# The longest that a worker may take to be there: it may have everything to load, on a busy machine.
_STARTING = 120
# Then another takes its place: Pango and WeasyPrint lose some 70 kB with each kit.
_TASKS_EACH = 100


class Step(Protocol):
    """Tells which step begins: an attachment's name, '' for what is no attachment's; and what is done then."""

    def __call__(self, name: str, doing: str = "", /) -> None:
        """Begin it; without ``doing``, what was done before is gone on with."""


class StoppedError(Exception):
    """The work was ended at a step; its text says why, to follow "can't be merged:"; ``doing`` what was done then."""

    def __init__(self, step: str, reason: str, doing: str = "") -> None:
        self.step = step
        self.doing = doing
        super().__init__(reason)


class Task(Protocol):
    """What workers are given to do."""

    @property
    def limits(self) -> Limits:
        """What each of its steps may take."""

    def without(self, step: str, reason: str) -> Self | None:
        """The same task, leaving out the step that ended it; None when it can't be left out."""


AnyTask = TypeVar("AnyTask", bound=Task)


@dataclass(kw_only=True)
class Done(Generic[AnyTask, Result]):
    """What came of a task: its result or an error, and the warnings on the way, each once."""

    task: AnyTask
    result: Result | None = None
    error: PresskitError | StoppedError | None = None
    warnings: list[Problem] = field(default_factory=list)

    def warn(self, problem: Problem) -> None:
        """Note a warning."""
        if problem not in self.warnings:
            self.warnings.append(problem)

    def outcome(self) -> Result:
        """The result. Raises the error in its place."""
        if self.error is not None:
            raise self.error
        return self.result  # type: ignore[return-value]


def can_work_apart() -> bool:
    """Whether this system starts a worker without loading everything anew (fork)."""
    return forkserver.is_possible()


def start() -> None:
    """Have workers' libraries loaded meanwhile, where that is possible: there will be something to do."""
    if can_work_apart():
        forkserver.server(_LOADED)


def work(function: Callable[[Warn, Step], Result], limits: Limits, warn: Warn) -> Result:
    """Run a function of a module in a worker; what it raises as PresskitError, and its warnings, come through.

    Raises StoppedError when a step takes longer or more memory than ``limits`` allow, or crashes.
    """
    (done,) = run([_Call(limits)], partial(_called, function), 1)
    for problem in done.warnings:
        warn(problem)
    return done.outcome()


@dataclass(frozen=True)
class _Call:
    limits: Limits

    def without(self, step: str, reason: str) -> None:
        return None


def _called(function: Callable[[Warn, Step], Result], _call: _Call, warn: Warn, begin: Step) -> Result:
    return function(warn, begin)


def run(
    tasks: Iterable[AnyTask],
    function: Callable[[AnyTask, Warn, Step], Result],
    count: int,
    *,
    stopping: Callable[[], bool] = lambda: False,
) -> Iterator[Done[AnyTask, Result]]:
    """Have ``count`` workers do tasks; gives what came of each, in the order in which they end.

    A task at whose step a worker hung, swelled or crashed is done again without that step, where it can be
    left out. Once ``stopping``, no task is begun, and those under way have a moment to be finished. Closing
    the iterator ends the workers. Where no process can be started the tasks are done here, without limits.
    """
    if not can_work_apart() and (multiprocessing.current_process().daemon or count == 1):
        yield from (do_here(task, function) for task in tasks if not stopping())
        return
    # What a worker that is killed leaves behind goes with this folder.
    with tempfile.TemporaryDirectory(prefix="presskit-") as scratch:
        team = _Team(function, scratch)
        try:
            yield from team.run(tasks, count, stopping)
        finally:
            team.end()


def do_here(task: AnyTask, function: Callable[[AnyTask, Warn, Step], Result]) -> Done[AnyTask, Result]:
    """Do a task in this very process, without limits."""
    done: Done[AnyTask, Result] = Done(task=task)
    steps = [""]
    try:
        done.result = function(task, done.warn, lambda name, _doing="": steps.append(name))
    except PresskitError as error:
        done.error = error
    except Exception as error:  # noqa: BLE001 - the last that can say whose it is, and that it was
        without = task.without(steps[-1], _crashed()) if steps[-1] and is_librarys(error) else None
        if without is not None:
            again = do_here(without, function)
            return replace(again, task=task, warnings=list(dict.fromkeys([*done.warnings, *again.warnings])))
        done.error = _bug(_in_a_line(error))
    return done


def _crashed() -> str:
    return _("the program that reads it crashed on it")


def _bug(detail: str) -> PresskitError:
    return PresskitError(
        Problem(
            _("presskit itself failed: {detail}").format(detail=detail),
            remedy=_("This is a mistake of ours: please report it, with the communiqué."),
        )
    )


class _Team(Generic[AnyTask, Result]):
    """Workers, and the tasks that wait for one."""

    def __init__(self, function: Callable[[AnyTask, Warn, Step], Result], scratch: str) -> None:
        self._function = function
        self._scratch = scratch
        self._workers: list[_Worker[AnyTask, Result]] = []
        self._again: deque[Done[AnyTask, Result]] = deque()

    def run(
        self, tasks: Iterable[AnyTask], count: int, stopping: Callable[[], bool]
    ) -> Iterator[Done[AnyTask, Result]]:
        coming = iter(tasks)
        end = _NO_DEADLINE
        while True:
            if stopping() and end == _NO_DEADLINE:
                coming, end = iter(()), time.monotonic() + _PATIENCE
                self._again.clear()
            while len(self._workers) < count and (following := self._next(coming)) is not None:
                self._workers.append(_Worker(self._function, self._scratch))
                self._workers[-1].give(following)
            busy = [worker for worker in self._workers if worker.busy]
            if not busy or time.monotonic() > end:
                return
            patience = min(worker.deadline for worker in busy) - time.monotonic()
            ready = wait([worker.connection for worker in busy], min(max(patience, 0), _HEARTBEAT))
            finished = []
            for worker in busy:
                done = worker.hear() if worker.connection in ready else worker.give_up()
                if done is None:
                    continue
                if isinstance(done.error, StoppedError) or worker.is_worn or not worker.has_started:
                    worker.end()
                    self._workers.remove(worker)
                if isinstance(done.error, StoppedError):
                    if (task := done.task.without(done.error.step, str(done.error))) is not None:
                        self._again.append(Done(task=task, warnings=done.warnings))
                        continue
                elif worker in self._workers and (following := self._next(coming)) is not None:
                    worker.give(following)
                finished.append(done)
            # Given out once the workers have their next task.
            yield from finished

    def end(self) -> None:
        """End all workers, whatever they are at."""
        for worker in self._workers:
            worker.terminate()
        for worker in self._workers:
            worker.end()

    def _next(self, coming: Iterator[AnyTask]) -> Done[AnyTask, Result] | None:
        if self._again:
            return self._again.popleft()
        return next((Done(task=task) for task in coming), None)


class _Worker(Generic[AnyTask, Result]):
    """One process, and the task that it is at."""

    def __init__(self, function: Callable[[AnyTask, Warn, Step], Result], scratch: str) -> None:
        self.connection, theirs = Pipe()
        self._process: multiprocessing.process.BaseProcess | forkserver.Process | None = None
        with theirs:
            if can_work_apart():
                # What goes wrong here is found out when it is listened to.
                with suppress(OSError):
                    forkserver.server(_LOADED).fork(theirs)
                    self.connection.send(forkserver.Start(_serve, (function, scratch)))
            else:
                context = multiprocessing.get_context("spawn")
                self._process = context.Process(target=_serve, args=(theirs, function, scratch), daemon=True)
                self._process.start()
        self.has_started = False
        self._done: Done[AnyTask, Result] | None = None
        self._step = self._doing = ""
        self._given = 0
        self.deadline = _NO_DEADLINE

    @property
    def busy(self) -> bool:
        return self._done is not None

    @property
    def is_worn(self) -> bool:
        """Whether it has done its share."""
        return self._given >= _TASKS_EACH

    def give(self, done: Done[AnyTask, Result]) -> None:
        """Give it a task to do."""
        self._done = done
        self._given += 1
        self._doing = ""
        self._begin("")
        # One that died meanwhile is found out when it is listened to.
        with suppress(OSError):
            self.connection.send(done.task)

    def _begin(self, step: str, doing: str = "") -> None:
        assert self._done is not None  # noqa: S101
        self._step, self._doing = step, doing or self._doing
        seconds = self._done.task.limits.seconds
        self.deadline = time.monotonic() + (seconds if self.has_started else max(seconds, _STARTING)) + _GRACE

    def hear(self) -> Done[AnyTask, Result] | None:
        """Take one message; gives the task if it is done."""
        assert self._done is not None  # noqa: S101
        try:
            kind, value = self.connection.recv()
        except (EOFError, OSError):
            if not self.has_started:
                return self._fail(_not_started(_("it ended at once")))
            return self._stop(_crashed())
        done = self._done
        if kind == forkserver.STARTED:
            self._process = forkserver.Process(value)
            return None
        if kind == "ready":
            # Its time is its own from now on: what it had to load first was not the task's.
            self.has_started = True
            self._begin("")
            return None
        if kind == forkserver.REFUSED:
            reason = _("a library that it loaded has begun other work ({names})").format(names=", ".join(value))
            return self._fail(_not_started(reason))
        if kind == "step":
            self._begin(*value)
            return None
        if kind == "warning":
            done.warn(value)
            return None
        if kind == "memory":
            count = done.task.limits.memory
            return self._stop(_("it takes more than {count} MB of memory").format(count=count))
        if kind == "crash" and self._step:
            return self._stop(_crashed())
        if kind == "result":
            done.result = value
            self._done, self.deadline = None, _NO_DEADLINE
            return done
        return self._fail(PresskitError(value) if kind == "problems" else _bug(value))

    def give_up(self) -> Done[AnyTask, Result] | None:
        """Stop waiting, if its time is over."""
        if self._done is None or time.monotonic() < self.deadline:
            return None
        if not self.has_started:
            return self._fail(_not_started(_("it does not answer")))
        count = self._done.task.limits.seconds
        return self._stop(_("it takes more than {count} seconds").format(count=count))

    def _stop(self, reason: str) -> Done[AnyTask, Result]:
        return self._fail(StoppedError(self._step, reason, self._doing))

    def _fail(self, error: PresskitError | StoppedError) -> Done[AnyTask, Result]:
        assert self._done is not None  # noqa: S101
        done, self._done, self.deadline = self._done, None, _NO_DEADLINE
        done.error = error
        return done

    def terminate(self) -> None:
        """Ask it to end: it has programs and files to put away."""
        if self._process is not None:
            self._process.terminate()

    def end(self) -> None:
        """End the process, by asking it first. One that has not told its number yet ends as nobody is there."""
        self.connection.close()
        if self._process is None:
            return
        self._process.terminate()
        self._process.join(1)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()


def _not_started(reason: str) -> PresskitError:
    what = _("the process that makes kits can't be started: {reason}.").format(reason=reason)
    return PresskitError(
        Problem(what, remedy=_("Try again. If the problem persists, please report it, with your system."))
    )


def _serve(connection: Connection, function: Callable[[Any, Warn, Step], Any], scratch: str) -> None:
    """A worker: does the tasks that it is sent, and sends what comes of them, until nobody is there."""
    # Ctrl-C is the parent's to answer, which then ends us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(143))
    tempfile.tempdir = scratch
    # A reader that is gone wants nothing any more.
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        connection.send(("ready", None))
        while True:
            _do(function, connection.recv(), connection)


def _do(function: Callable[[Any, Warn, Step], Any], task: Task, connection: Connection) -> None:
    limits = task.limits

    def begin(name: str, doing: str = "") -> None:
        # Each step has its own allowance, beside what the ones before it left in use.
        _limit_memory(limits.memory)
        connection.send(("step", (name, doing)))

    _limit_memory(limits.memory)
    try:
        result = function(task, lambda problem: connection.send(("warning", problem)), begin)
    except PresskitError as error:
        connection.send(("problems", error.problems))
    except MemoryError:
        connection.send(("memory", None))
    except Exception as error:  # noqa: BLE001 - the last that can say whose it is, and that it was
        # Not one that a user can cause, as far as we know: told in a line, for a report.
        connection.send(("crash" if is_librarys(error) else "bug", _in_a_line(error)))
    else:
        connection.send(("result", result))


def _in_a_line(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"


def _limit_memory(mebibytes: int) -> None:
    if sys.platform != "linux":
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    limit = pages * resource.getpagesize() + mebibytes * 2**20
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
