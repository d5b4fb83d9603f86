"""What earlier runs made of communiqués that must not be seen now: it is removed, and that is told."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from presskit.base.errors import PresskitError, Problem, os_reason, unsaid
from presskit.base.i18n import _
from presskit.batch.kit_record import KitRecord
from presskit.batch.request import Request
from presskit.reading.communique import read_communique
from presskit.reading.likeness import likeness, sketch
from presskit.reading.site import Site
from presskit.reading.sources import Source, id_of, read
from presskit.release.withheld import Withheld, is_ours

if TYPE_CHECKING:
    from presskit.batch.record import Record

# The share of a text's runs of words from which on another may be the same one, revised.
_ALIKE = 0.3
_KITS_NAMED = 3


class Unseen:
    """Removes what must not be seen from the folder of a run; ``withheld_from`` tells of a site what that is now."""

    def __init__(self, request: Request, record: "Record | None", withheld_from: Callable[[Site], Withheld]) -> None:
        self._request, self._record, self._withheld_from = request, record, withheld_from

    def struck_out(self, source: Source) -> tuple[Problem, ...]:
        """Remove what an earlier run made of a communiqué that must not be seen now, and tell of it."""
        target, record = self._request.target(source), self._record
        if record is None or target is None or self._may_stay_as_asked(source):
            return ()
        if self._request.published:
            # Nobody publishes this kit: the press room's is a copy.
            shutil.rmtree(target.with_suffix(""), ignore_errors=True)
            with suppress(OSError):
                target.unlink()
            record.strike_out(self._request.place(source))
            return ()
        assert self._request.folder is not None  # noqa: S101
        places = [self._request.place(source), *self._renamed(source)]
        kits = [self._request.folder / place for place in places]
        said = self.removed(source, [path for kit in kits for path in (kit, kit.with_suffix(".zip"))])
        is_new = record.entry(self._request.place(source)) is None
        for place in places:
            record.strike_out(place)
        return (*said, *self._of_unknown_origin(source)) if is_new else said

    def _may_stay_as_asked(self, source: Source) -> bool:
        """Whether a kit of what is not out was asked for, and says that it is not."""
        entry = self._record.entry(self._request.place(source)) if self._record is not None else None
        return self._request.drafts and entry is not None and (entry.circumstances.embargoed or entry.standing.draft)

    def _renamed(self, source: Source) -> list[str]:
        """The kits of communiqués that are gone, and may be this one under a former name, or hold or name it."""
        assert self._record is not None  # noqa: S101
        site = source.site
        entry = self._record.entry(self._request.place(source))
        titles, text = {entry.details.title} if entry is not None else set(), b""
        with suppress(PresskitError):
            text = read(source.name)
            titles.add(read_communique(text, source.path.name, source.path.parent, warn=unsaid, site=site).title)
        known = sketch(text)
        return [
            place
            for place, other in self._gone(site)
            if not titles
            or other.details.title in titles
            or source.id in other.uses
            or likeness(known, other.sketch) >= _ALIKE
        ]

    def _gone(self, site: Site) -> list[tuple[str, KitRecord]]:
        """What was noted of communiqués of a site that are not there any more, with its place."""
        assert self._record is not None  # noqa: S101
        of_this_site, present = self.of_site(site), self._withheld_from(site).ids
        entries = self._record.entries()
        return [(place, e) for place, e in entries if e.site == of_this_site and e.id not in present]

    def _of_unknown_origin(self, source: Source) -> Iterator[Problem]:
        """A warning of kits whose communiqués went as this one came: under another name, it may be one of them."""
        assert self._request.folder is not None  # noqa: S101
        gone = [place for place, entry in self._gone(source.site) if not entry.gone]
        names = [place for place in gone if (self._request.folder / place).is_file()]
        if names:
            what = _(
                "the communiqués of these kits are gone: {kits}. If this is one of them, it can still be seen there."
            )
            shown = [*names[:_KITS_NAMED], *(["…"] if len(names) > _KITS_NAMED else [])]
            remedy = _("If so, delete the kit; if not, nothing needs to be done.")
            yield Problem(what.format(kits=", ".join(shown)), source.path.name, remedy=remedy)

    def note_gone(self) -> None:
        """Note which communiqués are gone: what comes later is none of them under another name."""
        if self._record is None or self._request.published:
            return
        for site in {id(source.site): source.site for source in self._request.sources}.values():
            for place, entry in self._gone(site):
                if not entry.gone:
                    self._record.note(place, replace(entry, gone=True))

    def of_site(self, site: Site) -> str:
        """What tells a site from others whose kits are in the same folder."""
        assert self._request.folder is not None  # noqa: S101
        return id_of(os.path.relpath(site.root.resolve(), self._request.folder.resolve()))

    def removed(self, source: Source, paths: Iterable[Path]) -> tuple[Problem, ...]:
        """Remove what presskit made, and tell of it. Raises PresskitError for what can't be removed."""
        # One that has moved has the place that it had.
        gone = [path for path in dict.fromkeys(paths) if path.is_file() and is_ours(path)]
        for path in gone:
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                what = _("{name} must not be seen now, and can't be removed ({detail}).")
                what = what.format(name=path, detail=os_reason(error))
                raise PresskitError(Problem(what, source.path.name, remedy=_("Remove it by hand."))) from error
        what = _("{name}, from an earlier run, must not be seen now: it is removed.")
        remedy = _("Build it with --drafts, or alone: the kit says then that it is under embargo, or withdrawn.")
        return tuple(Problem(what.format(name=path.name), source.path.name, remedy=remedy) for path in gone)
