"""Work done in a process of its own, which is ended when it hangs or wants too much memory.

An attached file is a stranger's: the libraries that read it may loop or swell on it. The worker tells
which step it is at, so that its end can be laid to the file that caused it.
"""

import multiprocessing
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from presskit.errors import PresskitError, Problem, Warn
from presskit.i18n import _
from presskit.limits import Limits

Result = TypeVar("Result")
# Tells which step begins: a name, '' for what is no attachment's.
Step = Callable[[str], None]


class StoppedError(Exception):
    """The work was ended at a step; its text says why, to follow "can't be merged:"."""

    def __init__(self, step: str, reason: str) -> None:
        self.step = step
        super().__init__(reason)


def can_work_apart() -> bool:
    """Whether this system starts a worker without loading everything anew (fork)."""
    return sys.platform == "linux" and not multiprocessing.current_process().daemon


def work(function: Callable[[Warn, Step], Result], limits: Limits, warn: Warn) -> Result:
    """Run a function in a worker; what it raises as PresskitError, and its warnings, come through.

    Raises StoppedError when a step takes longer or more memory than ``limits`` allow, or crashes.
    """
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(function, limits, sender), daemon=True)
    process.start()
    sender.close()
    step = ""
    # Some seconds more than a step's own programs have, which must end first.
    deadline = time.monotonic() + limits.seconds + 5
    try:
        while True:
            if not receiver.poll(max(deadline - time.monotonic(), 0)):
                raise StoppedError(step, _("it takes more than {count} seconds").format(count=limits.seconds))
            try:
                kind, value = receiver.recv()
            except EOFError:
                raise StoppedError(step, _("the program that reads it crashed on it")) from None
            if kind == "step":
                step, deadline = value, time.monotonic() + limits.seconds + 5
            elif kind == "warning":
                warn(value)
            elif kind == "problems":
                raise PresskitError(value)
            elif kind == "bug" and step:
                raise StoppedError(step, _("the program that reads it crashed on it"))
            elif kind == "bug":
                raise PresskitError(
                    Problem(
                        _("presskit itself failed: {detail}").format(detail=value),
                        remedy=_("This is a mistake of ours: please report it, with the communiqué."),
                    )
                )
            elif kind == "memory":
                raise StoppedError(step, _("it takes more than {count} MB of memory").format(count=limits.memory))
            else:
                return value  # type: ignore[no-any-return]
    finally:
        if process.is_alive():
            process.kill()
        process.join()
        receiver.close()


def _serve(function: Callable[[Warn, Step], Any], limits: Limits, sender: Connection) -> None:
    """The worker: does the work and sends what comes of it."""

    def send(kind: str, value: Any) -> None:
        # A reader that is gone wants nothing any more.
        with suppress(BrokenPipeError):
            sender.send((kind, value))

    def begin(name: str) -> None:
        # Each step has its own allowance, beside what the ones before it left in use.
        _limit_memory(limits.memory)
        send("step", name)

    _limit_memory(limits.memory)
    try:
        result = function(lambda problem: send("warning", problem), begin)
    except PresskitError as error:
        send("problems", error.problems)
    except MemoryError:
        send("memory", None)
    except Exception as error:
        # Not one that a user can cause, as far as we know: told in a line, for a report.
        place = traceback.extract_tb(error.__traceback__)[-1]
        send("bug", f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})")
    else:
        send("result", result)


def _limit_memory(mebibytes: int) -> None:
    import resource

    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    limit = pages * resource.getpagesize() + mebibytes * 2**20
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
