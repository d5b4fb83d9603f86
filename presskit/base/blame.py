"""Whose failure an exception is: that of a library on a stranger's file, or one of presskit's own.

A damaged file breaks the libraries that read it in as many ways as there are kinds of object: in them, any
exception is the file's. Nothing that presskit's own code raises is, for then a mistake of ours would be laid
to a sound file, and nobody would ever hear of it.
"""

import struct
import sys
import traceback
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from types import TracebackType

from presskit.base.i18n import _

_INSTALLED = {"site-packages", "dist-packages"}
_OURS = __name__.partition(".")[0]
# What libraries raise on what is cut short or no longer what it was; their own classes are known by their names.
_OF_DAMAGE = (zlib.error, struct.error, EOFError, UnicodeError, OSError)


def is_librarys(error: BaseException) -> bool:
    """Whether a library raised an exception: its class is a library's, or the innermost code that is not Python's own.

    A nesting too deep to be followed is the file's, whoever follows it.
    """
    if isinstance(error, RecursionError) or _is_library(type(error).__module__, ""):
        return True
    for frame, _line in reversed(list(traceback.walk_tb(error.__traceback__))):
        name = str(frame.f_globals.get("__name__", ""))
        if name.partition(".")[0] not in sys.stdlib_module_names:
            return _is_library(name, frame.f_code.co_filename)
    return False


def _is_library(module: str, file: str) -> bool:
    root = module.partition(".")[0]
    if root == _OURS or root in sys.stdlib_module_names:
        return False
    return bool(_INSTALLED & set(PurePath(file or getattr(sys.modules.get(root), "__file__", None) or "").parts))


def reason(error: BaseException) -> str:
    """Why a library can't read a file, to follow "its pages can't be merged:"."""
    damaged = isinstance(error, _OF_DAMAGE) or _is_library(type(error).__module__, "")
    return _("it is damaged") if damaged else _("it is made in a way that presskit can't read")


@dataclass(frozen=True)
class Reading:
    """A stretch of code that reads a stranger's file: what a library raises there becomes what ``failed`` makes of it.

    What is ours passes through, and what ends the program, and what there is no memory for.
    """

    failed: Callable[[Exception], Exception]

    def __enter__(self) -> None:
        """Begin to read."""

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: TracebackType | None) -> None:
        """Tell whose failure it was, if it was one."""
        if isinstance(error, Exception) and not isinstance(error, MemoryError) and is_librarys(error):
            raise self.failed(error) from error
