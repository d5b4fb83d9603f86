"""A kit to be made, and a kit that was made: what travels between who asks for it and who makes it.

Nothing here loads what kits are made with: whoever only asks need not have it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from presskit.base.errors import PresskitError, Problem, Warn
from presskit.base.i18n import _
from presskit.base.limits import Limits
from presskit.base.worker import Done, Step, StoppedError
from presskit.options import Options
from presskit.publication import Publication
from presskit.reading.files import Inputs
from presskit.reading.site import Site
from presskit.release.translations import Translation


@dataclass(frozen=True, kw_only=True)
class KitPart:
    """An attachment as it is in a finished kit; ``pages`` is 0 when none is merged."""

    title: str
    file: str
    pages: int
    embedded: bool
    url: str = ""


@dataclass(frozen=True)
class Care:
    """An attachment that needs its author's care: the pages, from 1, that had no tags, and no text either."""

    file: str
    untagged: tuple[int, ...]
    scanned: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Kit:
    """A finished kit: its bytes (none once they are written), their number, and what is in it.

    ``claims`` are the standards that it conforms to; ``refusals`` say why it claims no other, by standard;
    ``inputs`` are the files that it was made of; ``publication`` is what else was published.
    """

    pdf: bytes
    title: str
    pages: int
    layout: str
    parts: tuple[KitPart, ...]
    missing: tuple[str, ...]
    claims: tuple[str, ...] = ()
    refusals: tuple[tuple[str, Problem], ...] = ()
    care: tuple[Care, ...] = ()
    inputs: Inputs = field(default_factory=Inputs)
    size: int = 0
    publication: Publication | None = None


@dataclass(frozen=True, kw_only=True)
class Manuscript:
    """A communiqué as its author wrote it: ``name`` is its file's, ``folder`` where its relative addresses start."""

    octets: bytes
    name: str
    folder: Path
    site: Site


@dataclass(frozen=True, kw_only=True)
class Outputs:
    """Where things are wanted: the ``kit`` (None to have its bytes), its ZIP, all that a press room shows of it.

    ``stem`` is what the communiqué's file is called, for the names of these.
    """

    kit: Path | None = None
    archive: Path | None = None
    published: Path | None = None
    stem: str = ""


@dataclass(frozen=True, kw_only=True)
class Release:
    """What decides what a kit may show: with ``embargoed`` its embargo is not over; ``translations`` it may name.

    ``as_of`` is the moment at which other communiqués must be out to be attached to it, None where that does not
    matter.
    """

    embargoed: bool = False
    as_of: datetime | None = None
    translations: tuple[Translation, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Order:
    """A kit to be made of a manuscript.

    ``refused`` gives the attachments that must not be opened, and why; ``shared`` is a folder in which the kits of one
    run leave what others can use; ``key`` is whatever the one who orders knows it by.
    """

    manuscript: Manuscript
    options: Options = field(default_factory=Options)
    outputs: Outputs = field(default_factory=Outputs)
    release: Release = field(default_factory=Release)
    refused: Mapping[str, str] = field(default_factory=dict)
    shared: Path | None = None
    key: str = ""

    @property
    def limits(self) -> Limits:
        """What each attachment may take."""
        return self.manuscript.site.limits

    def without(self, step: str, reason: str) -> "Order | None":
        """The same order, with an attachment embedded as it is; None when that does not help."""
        if not step or step in self.refused:
            return None
        return replace(self, refused={**self.refused, step: reason})


def make(order: Order, warn: Warn, begin: Step) -> Kit:
    """Make a kit (see presskit.kit.make), in a process that may load all that it takes."""
    from presskit import kit

    return kit.make(order, warn, begin)


def made(done: Done[Order, Kit]) -> Kit:
    """The kit that workers made of an order. Raises PresskitError where they did not."""
    try:
        return done.outcome()
    except StoppedError as error:
        from presskit.base.surroundings import described

        # No attachment is to blame: who is to find out needs to know where it happened, and on what.
        what = _("the kit can't be built: {reason}. Step: {doing}. System: {system}.")
        what = what.format(reason=error, doing=error.doing or _("reading the communiqué"), system=described())
        remedy = _(
            "Try again; a higher limit in presskit.toml may help. If the problem persists, report it with these lines."
        )
        raise PresskitError(Problem(what, done.task.manuscript.name, remedy=remedy)) from error
