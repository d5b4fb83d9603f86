"""The one place where presskit reaches into WeasyPrint: its pages are tagged by tags.py, and not by its own tagger.

There is no public way (see docs/weasyprint-hook.md): WeasyPrint's ``finisher`` is called when its tagger has
emptied what tells the marks of each box.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from presskit.rendering.tags import add_tags


class TaggerError(Exception):
    """WeasyPrint is no longer the one that presskit was made for: a mistake of ours, to be told at once."""


@contextmanager
def our_tags(weasyprint: Any, *, wanted: bool) -> Iterator[None]:
    """Have pages that are written meanwhile tagged by presskit.

    Raises TaggerError where ``wanted`` tags were not made.
    """
    called = False

    def tag(*arguments: Any) -> None:
        nonlocal called
        add_tags(*arguments)
        called = True

    own, weasyprint.pdf.add_tags = weasyprint.pdf.add_tags, tag
    try:
        yield
    finally:
        weasyprint.pdf.add_tags = own
    if wanted and not called:
        raise TaggerError("WeasyPrint did not call what tags its pages for presskit")
