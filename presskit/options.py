"""How kits are wanted."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Options:
    """How kits are wanted: ``layout`` is a layout's name, or '' for the one that each communiqué calls for.

    With ``allow_missing`` kits name the files that are not there; with ``allow_net`` files are fetched from
    the network; with ``accept_lost_words`` a kit that lost words of its communiqué is made all the same, and warned
    of. A kit that does not claim the ``required`` standards ("pdf/ua-1", "pdf/a-3a"), or with ``strict`` one that
    has warnings, is not made. With ``advise`` warnings also tell what is printed as it should be, and yet less clear
    to some readers than it could be.
    """

    layout: str = ""
    allow_missing: bool = False
    allow_net: bool = False
    required: tuple[str, ...] = ()
    strict: bool = False
    advise: bool = False
    accept_lost_words: bool = False
