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
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Generic, Protocol, Self, TypeVar

from presskit.blame import is_librarys
from presskit.errors import PresskitError, Problem, Warn
from presskit.i18n import _
from presskit.limits import Limits

Result = TypeVar("Result")
# Tells which step begins: a name, '' for what is no attachment's.
Step = Callable[[str], None]
_NO_DEADLINE = 1e9
# Some seconds more than a step's own programs have, which must end first.
_GRACE = 5
# How often workers that say nothing are looked after, and how long they have when all is to end.
_HEARTBEAT, _PATIENCE = 0.2, 3
# Then another takes its place: Pango and WeasyPrint lose some 70 kB with each kit.
_TASKS_EACH = 100


class StoppedError(Exception):
    """The work was ended at a step; its text says why, to follow "can't be merged:"."""

    def __init__(self, step: str, reason: str) -> None:
        self.step = step
        super().__init__(reason)


class Task(Protocol):
    """What workers are given to do."""

    @property
    def limits(self) -> Limits:
        """What each of its steps may take."""

    def without(self, step: str, reason: str) -> Self | None:
        """The same task, leaving out the step that ended it; None when it can't be left out."""


AnyTask = TypeVar("AnyTask", bound=Task)


@dataclass
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
    return sys.platform == "linux" and not multiprocessing.current_process().daemon


def work(function: Callable[[Warn, Step], Result], limits: Limits, warn: Warn) -> Result:
    """Run a function in a worker; what it raises as PresskitError, and its warnings, come through.

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
    stopping: Callable[[], bool] = lambda: False,
) -> Iterator[Done[AnyTask, Result]]:
    """Have ``count`` workers do tasks; gives what came of each, in the order in which they end.

    A task at whose step a worker hung, swelled or crashed is done again without that step, where it can be
    left out. Once ``stopping``, no task is begun, and those under way have a moment to be finished. Closing
    the iterator ends the workers. Where no process can be started the tasks are done here, without limits.
    """
    if multiprocessing.current_process().daemon or (sys.platform != "linux" and count == 1):
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
    done: Done[AnyTask, Result] = Done(task)
    steps = [""]
    try:
        done.result = function(task, done.warn, steps.append)
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
                if isinstance(done.error, StoppedError) or worker.is_worn:
                    worker.end()
                    self._workers.remove(worker)
                if isinstance(done.error, StoppedError):
                    if (task := done.task.without(done.error.step, str(done.error))) is not None:
                        self._again.append(Done(task, warnings=done.warnings))
                        continue
                elif worker in self._workers and (following := self._next(coming)) is not None:
                    worker.give(following)
                finished.append(done)
            # Given out once the workers have their next task.
            yield from finished

    def end(self) -> None:
        """End all workers, whatever they are at."""
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.end()

    def _next(self, coming: Iterator[AnyTask]) -> Done[AnyTask, Result] | None:
        if self._again:
            return self._again.popleft()
        return next((Done(task) for task in coming), None)


class _Worker(Generic[AnyTask, Result]):
    """One process, and the task that it is at."""

    def __init__(self, function: Callable[[AnyTask, Warn, Step], Result], scratch: str) -> None:
        context: Any = multiprocessing.get_context("fork" if can_work_apart() else "spawn")
        self.connection, theirs = context.Pipe()
        # A child that is forked has this end too: while it kept it, it would never see us gone.
        ours = self.connection if can_work_apart() else None
        self.process = context.Process(target=_serve, args=(function, scratch, theirs, ours), daemon=True)
        self.process.start()
        theirs.close()
        self._done: Done[AnyTask, Result] | None = None
        self._step = ""
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
        self._begin("")
        # One that died meanwhile is found out when it is listened to.
        with suppress(OSError):
            self.connection.send(done.task)

    def _begin(self, step: str) -> None:
        assert self._done is not None  # noqa: S101
        self._step = step
        self.deadline = time.monotonic() + self._done.task.limits.seconds + _GRACE

    def hear(self) -> Done[AnyTask, Result] | None:
        """Take one message; gives the task if it is done."""
        assert self._done is not None  # noqa: S101
        try:
            kind, value = self.connection.recv()
        except (EOFError, OSError):
            return self._stop(_crashed())
        done = self._done
        if kind == "step":
            self._begin(value)
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
        else:
            done.error = PresskitError(value) if kind == "problems" else _bug(value)
        self._done, self.deadline = None, _NO_DEADLINE
        return done

    def give_up(self) -> Done[AnyTask, Result] | None:
        """Stop waiting, if its time is over."""
        if self._done is None or time.monotonic() < self.deadline:
            return None
        count = self._done.task.limits.seconds
        return self._stop(_("it takes more than {count} seconds").format(count=count))

    def _stop(self, reason: str) -> Done[AnyTask, Result]:
        assert self._done is not None  # noqa: S101
        done, self._done = self._done, None
        done.error = StoppedError(self._step, reason)
        return done

    def end(self) -> None:
        """End the process: by asking it first, for it has programs and files to put away."""
        self.process.terminate()
        self.process.join(1)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.connection.close()


def _serve(
    function: Callable[[Any, Warn, Step], Any], scratch: str, connection: Connection, parents: Connection | None
) -> None:
    """A worker: does the tasks that it is sent, and sends what comes of them, until nobody is there."""
    if parents is not None:
        parents.close()
    # Ctrl-C is the parent's to answer, which then ends us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(143))
    tempfile.tempdir = scratch
    # A reader that is gone wants nothing any more.
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            _do(function, connection.recv(), connection)


def _do(function: Callable[[Any, Warn, Step], Any], task: Task, connection: Connection) -> None:
    limits = task.limits

    def begin(name: str) -> None:
        # Each step has its own allowance, beside what the ones before it left in use.
        _limit_memory(limits.memory)
        connection.send(("step", name))

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
