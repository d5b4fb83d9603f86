"""What only a run can tell of a communiqué: by its place among others, and by the day."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from urllib.parse import quote

from presskit.base.errors import Problem
from presskit.base.i18n import _
from presskit.orders import Order
from presskit.reading.sources import Source
from presskit.release.standing import Standing

_FIRST_FIELD = re.compile(rb"\W{0,20}(?:title|titre|date|layout|lang|embargo)[\"']?\s?:", re.IGNORECASE)


def lost_front_matter(source: Source) -> Iterator[Problem]:
    """A warning about a text that begins with the fields of a communiqué, without a line of hyphens before them."""
    with suppress(OSError):
        if _FIRST_FIELD.match(source.path.read_bytes()[:1000].replace(b"\0", b"")):
            what = _("there is no front matter.")
            remedy = _("Start the file with a “---” line, “title: …”, “date: …”, and a “---” line.")
            yield Problem(what, source.path.name, line=1, remedy=remedy)


def yet_to_come(order: Order, standing: Standing, now: datetime) -> Iterator[Problem]:
    """What is to be said of corrections that are dated dated in the future."""
    if standing.corrections_at(order.release.as_of or now) < len(standing.corrected):
        what = _("a correction is dated in the future: it is not shown before that day.")
        yield Problem(what, order.manuscript.name, "correction", remedy=_("If it is a mistake, correct the date."))


def line_naming(octets: bytes, name: str) -> int | None:
    """The first line of a text in which a file's name is, as it is or percent-encoded."""
    forms = (os.fsencode(name), quote(os.fsencode(name)).encode())
    lines = enumerate(octets.split(b"\n"), 1)
    return next((number for number, line in lines if any(form in line for form in forms)), None)
