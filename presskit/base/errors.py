"""What can go wrong, said so that a press officer can mend it: what, where, remedy."""

import errno
from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass, fields
from typing import Any

from presskit.base.i18n import _


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: an error when raised in a PresskitError, else a warning.

    ``field`` is a path of keys (``contact-presse.tel``); ``line`` and ``page`` count from 1.
    """

    what: str
    file: str = ""
    field: str = ""
    _: KW_ONLY
    line: int | None = None
    page: int | None = None
    remedy: str = ""

    @property
    def where(self) -> str:
        """The place, in the words of the terminal's language."""
        parts = [self.file + (f":{self.line}" if self.line and self.file else "")]
        if self.field:
            parts.append(_("field “{field}”").format(field=self.field))
        if self.page:
            parts.append(_("page {page}").format(page=self.page))
        return ", ".join(part for part in parts if part)

    def as_json(self) -> dict[str, Any]:
        """The problem as values that JSON knows, without what it does not tell."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name))}

    def __str__(self) -> str:
        colon = _(": ")
        message = f"{self.where}{colon}{self.what}" if self.where else self.what
        return f"{message}\n  → {self.remedy}" if self.remedy else message


Warn = Callable[[Problem], None]


def unsaid(_problem: Problem) -> None:
    """A ``Warn`` for whoever reads something a second time: the first reading has told of its problems."""


def os_reason(error: OSError) -> str:
    """Why the system refused a file, in the words of the terminal's language where they are known."""
    if isinstance(error, FileNotFoundError):
        return _("it does not exist")
    if isinstance(error, PermissionError):
        return _("access is denied")
    if error.errno == errno.ENOSPC:
        return _("the disk is full")
    return error.strerror or str(error)


class PresskitError(Exception):
    """A failure that its user can mend, or several found together in one file."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type["PresskitError"], tuple[tuple[Problem, ...]]]:
        """Travel between processes as problems: made from its text, it would be one of letters."""
        return type(self), (self.problems,)


class MissingLibraryError(PresskitError):
    """A native library that rendering needs is not on this machine."""
