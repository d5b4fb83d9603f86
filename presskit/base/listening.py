"""Libraries that log: silenced, and heard when it is asked what they say."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


def silenced(name: str) -> logging.Logger:
    """A library's logger, which writes nothing by itself any more: once it is imported, nor by handlers of its own."""
    logger = logging.getLogger(name)
    for own in (name, *(other for other in logging.Logger.manager.loggerDict if other.startswith(f"{name}."))):
        logging.getLogger(own).handlers[:] = [logging.NullHandler()]
    logger.propagate = False
    return logger


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@contextmanager
def listening(logger: logging.Logger) -> Iterator[list[logging.LogRecord]]:
    """Collect the warnings and errors that a library logs meanwhile."""
    listener = _Listener()
    logger.addHandler(listener)
    try:
        yield listener.records
    finally:
        logger.removeHandler(listener)
