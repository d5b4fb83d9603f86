"""Faults and stand-ins for workers, which are no copies of a test's process: they take them along, by name."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from presskit.prose import quotes

_SET_AUTHORS = quotes.set_authors


@dataclass(frozen=True)
class Gives:
    """Stands for a function: gives a value, or raises it."""

    value: object

    def __call__(self, *_arguments: object, **_options: object) -> object:
        if isinstance(self.value, BaseException):
            raise self.value
        return self.value


def lose_tails(body: Element) -> None:
    """A fault that was there once: a quotation's line loses all after its first element."""
    for paragraph in [p for quote in body.iter("blockquote") for p in quote.iter("p")]:
        for child in paragraph:
            child.tail = None
    _SET_AUTHORS(body)


@dataclass(frozen=True)
class _Planted:
    """A function that is preceded by its plants."""

    function: Callable[..., Any]
    plants: dict[str, object]

    def __call__(self, *arguments: object) -> object:
        # Ends with its worker.
        patch = pytest.MonkeyPatch()
        for name, value in self.plants.items():
            patch.setattr(name, value)
        return self.function(*arguments)


@dataclass
class Plants:
    """What a test puts in the place of presskit's own: here, and in the workers that are started meanwhile."""

    patch: pytest.MonkeyPatch
    values: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        from presskit.base import worker

        real = worker.run

        def run(tasks: Any, function: Callable[..., Any], *others: Any, **options: Any) -> Any:
            return real(tasks, _Planted(function, self.values) if self.values else function, *others, **options)

        self.patch.setattr(worker, "run", run)

    def __call__(self, name: str, value: object) -> None:
        """Plant a value, which must be one that pickle knows, under its full name."""
        self.values[name] = value
        self.patch.setattr(name, value)
