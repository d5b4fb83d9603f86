"""How much of their text two communiqués share, told from a few numbers that are kept of each.

A sketch holds the smallest of the digests of all runs of three words: those that two sketches share among the smallest
of both estimate the share of runs that both texts have
(A. Broder, On the resemblance and containment of documents, 1997).
"""

import hashlib
import re
from collections.abc import Sequence

from presskit.base.errors import PresskitError
from presskit.reading.front_matter import parse
from presskit.text.text_files import decode

_RUN, _KEPT = 3, 64


def sketch(octets: bytes) -> list[int]:
    """A sketch of a communiqué's text: of its body where that can be told."""
    try:
        text = parse(decode(octets, ""), "").body
    except PresskitError:
        text = octets.decode("utf-8", "replace")
    words = re.findall(r"\w+", text.casefold())
    runs = {" ".join(words[at : at + _RUN]) for at in range(max(len(words) - _RUN + 1, 1))}
    return sorted(_digest(run) for run in runs)[:_KEPT]


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of their runs of words that two texts have in common, from 0 to 1."""
    both = sorted({*one, *other})[:_KEPT]
    return len({*one} & {*other} & {*both}) / len(both) if both else 0.0


def _digest(run: str) -> int:
    # No more bits than JSON's readers keep.
    return int.from_bytes(hashlib.blake2b(run.encode(), digest_size=6).digest())
