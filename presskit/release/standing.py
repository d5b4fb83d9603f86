"""Where a communiqué stands with the public, and why: the one place that decides what is out, and when.

What is not known is not out: a communiqué that can't be read waits until it can.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from presskit.base.errors import PresskitError, Problem, Warn, unsaid
from presskit.reading.communique import Communique, read_communique
from presskit.reading.days import Day, day_of, moment_of
from presskit.reading.holds import is_sure_release, release_values, speaks_of_a_hold
from presskit.reading.site import Site

# What every communiqué has: what else there is comes from its site.
_BARE = b"---\ntitle: x\ndate: 1970-01-01\n---\nx\n"
_FIRST = datetime.min.replace(tzinfo=UTC)


class State(Enum):
    """What a communiqué is to the public at a moment; all but PUBLIC are not out."""

    PUBLIC = "public"
    EMBARGO = "embargo"
    FUTURE = "future"
    DRAFT = "draft"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"
    NO_FRONT_MATTER = "no-front-matter"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What decides at which moments a communiqué is out.

    ``until`` is when it is, None for any time, ``embargo`` when its embargo ends, and ``gone`` when it was withdrawn,
    None where no day is told (all in UTC); ``corrected`` are the days of its corrections. ``draft`` ones never are, nor
    are those that can't be read: ``problems`` say why. Of these ``held`` tells that
    the file speaks of an embargo, a withdrawal or a draft; the rest is what its defaults say. ``front_matter`` is
    False for a file that has none, and so is no communiqué, or not any more.
    """

    until: datetime | None = None
    embargo: datetime | None = None
    draft: bool = False
    withdrawn: bool = False
    gone: datetime | None = None
    corrected: tuple[datetime, ...] = ()
    problems: tuple[Problem, ...] = ()
    held: bool = False
    front_matter: bool = True

    def at(self, now: datetime) -> State:
        """What it is at a moment."""
        if not self.front_matter:
            return State.NO_FRONT_MATTER
        if self.problems:
            return State.UNKNOWN
        if self.draft:
            return State.DRAFT
        if self.until is not None and self.until > now:
            return State.EMBARGO if self.embargo == self.until else State.FUTURE
        return State.WITHDRAWN if self.withdrawn and not (self.gone and self.gone > now) else State.PUBLIC

    def is_out(self, now: datetime) -> bool:
        """Whether all of it is public."""
        return self.at(now) is State.PUBLIC

    def is_embargoed(self, now: datetime) -> bool:
        """Whether there is an embargo that is not over."""
        return self.embargo is not None and self.embargo > now

    def corrections_at(self, moment: datetime) -> int:
        """How many of its corrections there are by then."""
        return sum(day <= moment for day in self.corrected)

    def may_stay(self, now: datetime) -> bool:
        """Whether what was lawfully published before may stay so: all is well, or what is wrong is no hold."""
        known = replace(self, problems=(), front_matter=True)
        return known.is_out(now) and not self.held


def standing_of(octets: bytes, path: Path, site: Site, *, draft: bool = False, warn: Warn = unsaid) -> Standing:
    """Where the communiqué stands that a file holds; ``draft`` tells that its folder is one of drafts.

    ``warn`` is told what is wrong beside what keeps it from being read.
    """
    if not begins_with_front_matter(octets[:1024]):
        return replace(unknown((), octets, path, site=site, draft=draft), front_matter=False)
    try:
        communique = read_communique(octets, path.name, path.parent, warn=warn, site=site)
    except PresskitError as error:
        return unknown(error.problems, octets, path, site=site, draft=draft)
    return standing_in(communique, site, draft=draft)


def begins_with_front_matter(head: bytes) -> bool:
    """Whether a file that begins so has a front matter, in UTF-8 or in UTF-16."""
    plain = head.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\0", b"")
    return plain.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"---", b"+++"))


def standing_in(communique: Communique, site: Site, *, draft: bool = False) -> Standing:
    """Where a communiqué stands that could be read."""
    embargo = instant(communique.embargo, site) if communique.embargo else None
    moments = [embargo, None if site.future else instant(communique.date, site)]
    moments.append(instant(communique.not_before, site) if communique.not_before else None)
    until = max((moment for moment in moments if moment), default=None)
    gone = communique.withdrawal.day if communique.withdrawal else None
    return Standing(
        until=until,
        embargo=embargo,
        draft=draft or communique.draft,
        withdrawn=communique.withdrawal is not None,
        gone=_first_instant(gone, site) if gone else None,
        corrected=tuple(_first_instant(change.day, site) for change in communique.corrections if change.day),
    )


def as_of(communique: Communique, site: Site, moment: datetime) -> Communique:
    """A communiqué as it is at a moment: what is to become of it later is not said yet."""
    come = [change for change in communique.corrections if change.day and _first_instant(change.day, site) <= moment]
    withdrawal = communique.withdrawal
    if withdrawal and withdrawal.day and _first_instant(withdrawal.day, site) > moment:
        withdrawal = None
    return replace(communique, corrections=tuple(come), withdrawal=withdrawal)


def unknown(problems: Iterable[Problem], octets: bytes, path: Path, *, site: Site, draft: bool = False) -> Standing:
    """Where a communiqué stands that can't be read, for these ``problems``: what its site says of it holds."""
    held = speaks_of_a_hold(octets)
    try:
        by_default = standing_in(
            read_communique(_BARE, path.name, path.parent, warn=unsaid, site=site), site, draft=draft
        )
    except PresskitError:
        by_default, held = Standing(), True
    until = by_default.until
    for key, value in release_values(octets):
        day = day_of(value)
        held = held or (day is None and bool(value) and is_sure_release(key))
        until = max(until or _FIRST, instant(day, site)) if day else until
    return replace(by_default, until=until, problems=tuple(problems), held=held)


def _first_instant(day: Day, site: Site) -> datetime:
    """The first moment at which a day begins somewhere where it may be meant: what is said is said from then on."""
    begin = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)
    if begin.tzinfo is not None:
        return _in_utc(begin)
    return min(_in_utc(moment_of(begin, zone)) for zone in site.clocks)


def instant(day: Day, site: Site) -> datetime:
    """The moment, in UTC, at which a day begins or a clock shows a time.

    Clocks that are put forward or back never show some times, and show others twice; where a site's time zone is not
    known, its country's are all meant. The last moment that may be meant is taken.
    """
    begin = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)
    if begin.tzinfo is not None:
        return _in_utc(begin)
    return max(_in_utc(moment_of(begin.replace(fold=fold), zone)) for zone in site.clocks for fold in (0, 1))


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        # The first or the last day that there is.
        return moment.replace(tzinfo=UTC)
