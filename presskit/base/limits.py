"""How much an attached file may ask of the machine before it is embedded instead of shown."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits for each attachment: ``[limits]`` in presskit.toml sets them.

    ``seconds`` and ``memory`` (MB, beside what is there already) bound its conversion and its merging;
    ``pages`` its length, ``pixels`` (millions) an image, ``rows`` a table, ``unpacked`` (MB) the files that
    a PDF holds, and ``nesting`` portfolios within portfolios.
    """

    seconds: int = 120
    memory: int = 2048
    pages: int = 2000
    pixels: int = 150
    rows: int = 2000
    unpacked: int = 500
    nesting: int = 2

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The limits' names."""
        return tuple(field.name for field in fields(cls))


@contextmanager
def memory_unlimited() -> Iterator[None]:
    """Start programs meanwhile that may have what they ask for: Java reserves far more than it uses."""
    if sys.platform != "linux":
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
