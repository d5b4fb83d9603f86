"""What is noted of a kit, so that it is made again only when something has changed."""

from dataclasses import dataclass

from presskit.base.errors import Problem
from presskit.batch.report import Details
from presskit.publication import Publication
from presskit.reading.files import Lookup
from presskit.release.standing import Standing
from presskit.release.translations import Translation


@dataclass(frozen=True, kw_only=True)
class MadeOf:
    """What a kit was made of, by paths from the site's root: digests of files, and of lists of folders' files."""

    files: dict[str, str | None]
    listings: dict[str, str]
    lookups: tuple[Lookup, ...]


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What a kit depends on that is in no file of its own; ``corrections`` is how many are told of."""

    embargoed: bool
    translations: tuple[Translation, ...]
    corrections: int


@dataclass(frozen=True, kw_only=True)
class KitRecord:
    """What is noted of one communiqué and its kit.

    ``id`` and ``site`` tell which it is, ``sketch`` what it is like, ``communique`` and ``wanted`` (digests) whether it
    and all that every kit depends on are as they were; ``kit`` and ``archive`` are digests of what was made, and
    ``published`` the sizes of published files. ``made_of`` is None where that can't be told; ``gone`` tells that the
    communiqué was not there any more at the end of a run.
    """

    id: str
    site: str
    standing: Standing
    uses: tuple[str, ...]
    sketch: tuple[int, ...]
    communique: str
    wanted: str
    kit: str | None
    made_of: MadeOf | None
    circumstances: Circumstances
    details: Details
    warnings: tuple[Problem, ...]
    archive: str | None = None
    published: dict[str, int] | None = None
    publication: Publication | None = None
    gone: bool = False
