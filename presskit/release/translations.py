"""Which communiqués of a site say the same in other languages: by a common ``ref``, or by ``translation-of``."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from presskit.base.errors import PresskitError, Problem, unsaid
from presskit.base.i18n import _
from presskit.reading.communique import TRANSLATION_OF, Communique, read_communique
from presskit.reading.names import name_of, page_of
from presskit.reading.sources import Source
from presskit.release.standing import Standing, standing_in

# What a file must contain for its front matter to be worth reading.
_MENTION = re.compile(rb"^[ \t]*[\"']?(?:ref|translation[-_ ]of|traduction[-_ ]de)\b", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Translation:
    """A communiqué in another language; ``url`` is where its page is, '' where that is unknown."""

    lang: str
    title: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Kin:
    """A communiqué that has translations, or should have: its place in the site, its page's in a press room."""

    lang: str
    title: str
    page: str
    place: str
    standing: Standing

    def at(self, room: str) -> Translation:
        """How others name it; ``room`` is the press room's address, '' if unknown."""
        return Translation(self.lang, self.title, f"{room.rstrip('/')}/{self.page}" if room else "")


@dataclass(frozen=True)
class Families:
    """The translations of a site's communiqués, and what is wrong with ``translation-of``, both by resolved path."""

    kin: Mapping[Path, tuple[Kin, ...]]
    problems: Mapping[Path, Problem]


def families(sources: Sequence[Source]) -> Families:
    """Find the translations among communiqués. Those that can't be read have none."""
    by_path = {source.path.resolve(): source for source in sources}
    read = {path: got for path, source in by_path.items() if (got := _read(source, asked=False))}
    names = _names(by_path) if read else {}
    members: dict[Path, set[Path]] = {path: {path} for path in read}
    problems: dict[Path, Problem] = {}
    refs: dict[str, Path] = {}

    def join(one: Path, other: Path) -> None:
        together = members.setdefault(one, {one}) | members.setdefault(other, {other})
        for path in together:
            members[path] = together

    for path, (communique, _source) in read.items():
        if communique.ref:
            join(path, refs.setdefault(communique.ref, path))
    for path, (communique, source) in read.items():
        if not communique.translation_of:
            continue
        wanted = communique.translation_of.strip("/")
        beside = (source.path.parent / wanted).resolve()
        original = beside if beside in by_path else names.get(wanted) or refs.get(communique.translation_of)
        if original is None or original == path:
            what = _("“{value}” is not a communiqué of this site.").format(value=communique.translation_of)
            remedy = _("Name the original's file from the site's root, or give both the same “ref”.")
            line = communique.line_of(*TRANSLATION_OF)
            problems[path] = Problem(what, source.path.name, "translation-of", line=line, remedy=remedy)
            continue
        join(path, original)
    known = {path: _kin(*got) for path in members if (got := read.get(path) or _read(by_path[path], asked=True))}
    return Families(
        {
            path: tuple(
                sorted(
                    (known[other] for other in together if other != path and other in known),
                    key=lambda kin: (kin.lang, kin.title),
                )
            )
            for path, together in members.items()
            if len(together) > 1
        },
        problems,
    )


def _names(sources: Mapping[Path, Source]) -> dict[str, Path]:
    """What ``translation-of`` may name communiqués by: paths in the site and names, with or without ending."""
    names: dict[str, Path | None] = {}
    for path in sources:
        for name in (path.name, path.stem):
            # A name that several have names none.
            names[name] = path if names.get(name, path) == path else None
    for path, source in sources.items():
        place = source.site.inside(path)
        names |= {place: path, place.removesuffix(path.suffix): path}
    return {name: path for name, path in names.items() if path is not None}


def _read(source: Source, *, asked: bool) -> tuple[Communique, Source] | None:
    try:
        octets = source.path.read_bytes()
        if not asked and not _MENTION.search(octets):
            return None
        communique = read_communique(octets, source.path.name, source.path.parent, warn=unsaid, site=source.site)
    except (OSError, PresskitError):
        # Whoever builds it says what is wrong.
        return None
    return (communique, source) if asked or communique.ref or communique.translation_of else None


def _kin(communique: Communique, source: Source) -> Kin:
    site = source.site
    return Kin(
        lang=communique.lang or site.lang,
        title=communique.title,
        page=page_of(name_of(communique, Path(source.kit).stem, site)),
        place=site.inside(source.path),
        standing=standing_in(communique, site, draft=source.draft),
    )
