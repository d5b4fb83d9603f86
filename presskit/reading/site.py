"""Where a communiqué's files are and what they default to: root, brand, uploads, public address."""

import difflib
import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta, timezone, tzinfo
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit
from zoneinfo import ZoneInfo

from presskit.base.i18n import _
from presskit.base.limits import Limits
from presskit.reading import by_default
from presskit.reading.contacts import Contact
from presskit.reading.fields import Findings
from presskit.text.typography import language_of

CONFIG, BRAND = "_config.yml", "presskit.toml"
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")

DEFAULT_COLOURS = {"primary": "#1f2f4d", "accent": "#a8462f", "tint": "#f3f4f7"}
DEFAULT_FONTS = {"text": "Spectral", "headings": "Source Sans 3"}


@dataclass(frozen=True, kw_only=True)
class Brand:
    """How an organisation shows itself; ``boilerplate`` is Markdown, colours are ``#rrggbb``.

    ``languages`` are its texts in other languages than the site's.
    """

    organisation: str = ""
    sub_organisation: str = ""
    logo: Path | None = None
    city: str = ""
    country: str = "FR"
    address: tuple[str, ...] = ()
    boilerplate: str = ""
    colours: dict[str, str] = field(default_factory=DEFAULT_COLOURS.copy)
    fonts: dict[str, str] = field(default_factory=DEFAULT_FONTS.copy)
    font_folder: Path | None = None
    contacts: tuple[Contact, ...] = ()
    languages: Mapping[str, "Brand"] = field(default_factory=dict)

    def speaking(self, lang: str) -> "Brand":
        """The same brand in another language: names stay where nobody translated them, a boilerplate does not."""
        own = self.languages.get(language_of(lang), Brand())
        return replace(
            self,
            organisation=own.organisation or self.organisation,
            sub_organisation=own.sub_organisation or self.sub_organisation,
            city=own.city or self.city,
            address=own.address or self.address,
            boilerplate=own.boilerplate,
            contacts=own.contacts or self.contacts,
        )


@dataclass(frozen=True)
class Room:
    """The site's press room: its public address ('' if nobody says it), its title and what it says of itself."""

    url: str = ""
    title: str = ""
    description: str = ""


class Finding(Enum):
    """Why a file that a communiqué names can't be used."""

    MISSING = "missing"
    OUTSIDE = "outside"
    NETWORK = "network"
    WITHHELD = "withheld"


@dataclass(frozen=True, kw_only=True)
class NotFound:
    """A file that can't be used: why, where it was looked for, and a name that looks like it.

    ``detail`` says why one on the network was not fetched, '' when that was not asked for.
    """

    reference: str
    why: Finding
    searched: tuple[str, ...] = ()
    close: str = ""
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Site:
    """A site's root and the settings found there.

    ``config`` is its whole ``_config.yml``. ``content`` are the patterns of its communiqués where
    presskit.toml tells them, ``static`` the folders that the web site serves at its root, ``other_keys`` the
    front matter that is the web site's own. With ``liquid``
    texts are Liquid templates; with ``future`` pages of days to come are out already. ``lines`` are those of the
    settings that are front matter, by file.
    """

    root: Path
    brand: Brand = field(default_factory=Brand)
    url: str = ""
    lang: str = "fr"
    timezone: ZoneInfo | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    defaults: tuple[Mapping[str, Any], ...] = ()
    content: tuple[str, ...] = ()
    static: tuple[str, ...] = ("static",)
    liquid: bool = False
    future: bool = False
    limits: Limits = field(default_factory=Limits)
    separators: bool = False
    stamp: bool = False
    room: Room = field(default_factory=Room)
    other_keys: tuple[str, ...] = ()
    lines: by_default.Lines = field(default_factory=dict)

    @cached_property
    def clock(self) -> ZoneInfo | None:
        """The time zone of moments that are written without one: the site's, else its country's if it has one alone."""
        if self.timezone is not None:
            return self.timezone
        zones = zones_of(self.brand.country)
        return ZoneInfo(zones[0]) if len(zones) == 1 else None

    @cached_property
    def clocks(self) -> tuple[tzinfo, ...]:
        """The time zones that a moment without one may be in: ``clock``, else all of the country's, else the last."""
        if self.clock is not None:
            return (self.clock,)
        return tuple(ZoneInfo(name) for name in zones_of(self.brand.country)) or (timezone(timedelta(hours=-12)),)

    def speaking(self, lang: str) -> "Site":
        """The same site for a text in that language: its brand's texts are in it."""
        same = language_of(lang) == language_of(self.lang)
        return self if same else replace(self, brand=self.brand.speaking(lang))

    @property
    def layouts(self) -> Path:
        """The folder whose layouts override presskit's own."""
        return self.root / "layouts"

    @cached_property
    def _real_root(self) -> Path:
        return self.root.resolve()

    @cached_property
    def _served(self) -> list[str]:
        return [folder for folder in self.static if (self.root / folder).is_dir()]

    def inside(self, path: Path) -> str:
        """A path as it is written from the site's root; for one outside of it, its full path."""
        real = path.resolve()
        return (real.relative_to(self._real_root) if real.is_relative_to(self._real_root) else real).as_posix()

    def places(self, path: Path) -> list[str]:
        """The paths that a file has from the site's root: for a link, that of its file, then its own as it is written.

        Nothing but its full path for one that is outside of the site by all of them.
        """
        real, here = path.resolve(), Path(os.path.abspath(path))  # noqa: PTH100 (links are not to be followed)
        ways = [(real, self._real_root), (path.parent.resolve() / path.name, self._real_root)]
        ways += [(here, self._real_root), (here, Path(os.path.abspath(self.root)))]  # noqa: PTH100
        found = dict.fromkeys(way.relative_to(root).as_posix() for way, root in ways if way.is_relative_to(root))
        return list(found) or [real.as_posix()]

    def defaults_for(self, communique: Path) -> dict[str, Any]:
        """The front matter that a communiqué has without writing it."""
        return by_default.values_for(self.places(communique), self.config, self.defaults)

    def findings_for(self, communique: Path) -> Findings:
        """The files and lines of ``defaults_for``, for what is found wrong there."""
        files = (CONFIG, self.config), (BRAND, self.defaults)
        return by_default.findings_for(self.places(communique), *files, lines=self.lines)

    def find(self, reference: str, beside: Path, *, folders: bool = False, guess: bool = True) -> Path | NotFound:
        """The file (or with ``folders``, the folder) of the site that a communiqué in ``beside`` names.

        Percent-encoding, accents in either Unicode form, and Siteleaf's ``_uploads`` folder are
        understood; nothing outside of the site's root is ever returned, links followed. With ``guess`` a name that is
        like one that is not there is looked for.
        """
        local = self._local_path(reference)
        if local is None:
            return NotFound(reference=reference, why=Finding.NETWORK)
        root = self._real_root
        searched: list[Path] = []
        outside = False
        for name in dict.fromkeys((unquote(local), local)):
            for candidate in self._candidates(name, beside):
                for form in ("NFC", "NFD"):
                    path = Path(unicodedata.normalize(form, str(candidate)))
                    try:
                        real = path.resolve()
                        found = real.is_file() or (folders and real.is_dir() and real != root)
                    except (OSError, ValueError, RuntimeError):
                        continue
                    if not real.is_relative_to(root):
                        outside = True
                    elif found:
                        return real
                if candidate.parent not in searched:
                    searched.append(candidate.parent)
        if outside:
            return NotFound(reference=reference, why=Finding.OUTSIDE)
        return NotFound(
            reference=reference,
            why=Finding.MISSING,
            searched=tuple(dict.fromkeys(_shown(folder, self.root) for folder in searched)),
            close=_close_name(Path(unquote(local)).name, searched, root) if guess else "",
        )

    def public_address(self, path: Path) -> str:
        """Where a file of the site is published; '' when the site's address is unknown."""
        if not self.url:
            return ""
        inside = self.inside(path)
        if inside.startswith("_uploads/"):
            inside = inside.removeprefix("_")
        for folder in self.static:
            inside = inside.removeprefix(f"{folder}/")
        return f"{self.url}/{quote(inside)}"

    def _local_path(self, reference: str) -> str | None:
        """The path that a reference gives, None for an address elsewhere on the network."""
        if self.url and reference.startswith(self.url.rstrip("/") + "/"):
            reference = reference[len(self.url.rstrip("/")) :]
        parts = urlsplit(reference) if "://" in reference or reference.startswith("//") else None
        if parts and (parts.netloc or parts.scheme not in ("", "file")):
            return None
        if re.match(r"[a-z][a-z0-9+.-]+:", reference, re.IGNORECASE):
            return None
        return reference.split("#")[0].split("?")[0].strip()

    def _candidates(self, name: str, beside: Path) -> list[Path]:
        if not name.startswith("/"):
            folders = [self.root, self.root / "uploads", self.root / "_uploads"]
            folders += [self.root / folder for folder in self._served]
            if beside.resolve().is_relative_to(self._real_root):
                folders.insert(0, beside)
            return [folder / name for folder in folders]
        inside = name.lstrip("/")
        candidates = [self.root / inside]
        if inside.startswith("uploads/"):
            candidates.append(self.root / "_uploads" / inside.removeprefix("uploads/"))
        return candidates + [self.root / folder / inside for folder in self._served]


def zones_of(country: str) -> list[str]:
    """The time zones of a country, by its code (ISO 3166-1)."""
    from babel.core import get_global

    return list(get_global("territory_zones").get(country, []))


def is_root(folder: Path) -> bool:
    """Whether a folder is a site's root: it has ``_config.yml`` or ``presskit.toml``."""
    return (folder / CONFIG).is_file() or (folder / BRAND).is_file()


def find_root(communique: Path) -> Path:
    """The nearest parent folder that is a site's root, else the communiqué's own."""
    folder = communique.parent.resolve()
    return next((parent for parent in (folder, *folder.parents) if is_root(parent)), folder)


def _shown(folder: Path, root: Path) -> str:
    """A folder as it is shown in a message: from the site's root, never this machine's full path."""
    try:
        inside = folder.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        inside = folder.name
    return _("the site's folder") if inside == "." else _("“{name}”").format(name=f"{inside}/")


def _close_name(name: str, folders: list[Path], root: Path) -> str:
    for folder in folders:
        if folder.is_dir() and folder.resolve().is_relative_to(root):
            names = {entry.stem: entry.name for entry in folder.iterdir() if entry.is_file()}
            close = difflib.get_close_matches(Path(name).stem, names, n=1, cutoff=0.75)
            if close:
                return names[close[0]]
    return ""
