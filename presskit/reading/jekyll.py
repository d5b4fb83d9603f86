"""Jekyll's rules on a site's ``_config.yml``: collections, front matter defaults, addresses of pages.

Siteleaf keeps to them too. Paths are from the site's root, with ``/``.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

POSTS, DRAFTS, COMMUNIQUES = "posts", "drafts", "communiques"

_DATED = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})-(.+)")
# https://jekyllrb.com/docs/permalinks/#built-in-formats
_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}


def collections(config: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The collections whose pages a site publishes, with their settings; posts and communiqués are always there."""
    declared = config.get("collections")
    named: dict[str, Any] = declared if isinstance(declared, dict) else {}
    if isinstance(declared, list):
        # The short form tells names alone, and publishes nothing.
        named = {str(name): {} for name in declared if not isinstance(name, dict)}
    found: dict[str, Mapping[str, Any]] = {POSTS: {}, COMMUNIQUES: {}}
    for name, settings in named.items():
        settings = settings if isinstance(settings, dict) else {}
        if name in found or str(settings.get("output", "")).lower() == "true":
            found[name] = settings
    return found


def folder_of(config: Mapping[str, Any], collection: str) -> str:
    """The folder of a collection."""
    parent = parent_of(config)
    return f"{parent}/_{collection}" if parent else f"_{collection}"


def parent_of(config: Mapping[str, Any]) -> str:
    """The folder that holds those of all collections, '' for the site's root."""
    return str(config.get("collections_dir") or "").strip("/")


def collection_of(config: Mapping[str, Any], path: str) -> str:
    """The collection that a page belongs to, '' for none."""
    folder = _without_parent(config, path).partition("/")[0]
    return folder[1:] if folder.startswith("_") and "/" in _without_parent(config, path) else ""


def defaults(config: Mapping[str, Any], path: str) -> dict[str, Any]:
    """The front matter that a page has without writing it: mappings of several ``defaults`` are joined."""
    values: dict[str, Any] = {}
    for _number, own in layers(config, path):
        values = joined(values, own)
    return values


def layers(config: Mapping[str, Any], path: str) -> list[tuple[int, Mapping[str, Any]]]:
    """The values of each of the ``defaults`` that match a page, with its number from 0; the last ones win.

    Of two that match, the longer path wins, then the one that names a type, then the later (Jekyll's
    FrontmatterDefaults).
    """
    found: list[tuple[int, Mapping[str, Any]]] = []
    # A page outside of any collection is a communiqué to presskit.
    collection = collection_of(config, path)
    kinds = {"", collection} if collection else {"", "pages", COMMUNIQUES}
    before: tuple[int, bool] = (-1, False)
    entries = config.get("defaults")
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if not isinstance(entry, dict) or not isinstance(entry.get("values"), dict):
            continue
        scope = entry.get("scope")
        scope = scope if isinstance(scope, dict) else {}
        place, kind = str(scope.get("path") or "").strip("/"), str(scope.get("type") or "")
        if kind not in kinds or not _covers(config, place, path):
            continue
        weight = (len(place), bool(kind))
        if weight >= before:
            before = weight
            found.append((number, entry["values"]))
        else:
            found.insert(0, (number, entry["values"]))
    return found


def joined(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Two mappings as one: the second's values win, save those that it leaves empty."""
    result = dict(under)
    for key, value in over.items():
        below = result.get(key)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            result[key] = joined(below, value)
        elif value is not None or key not in result:
            result[key] = value
    return result


def address(config: Mapping[str, Any], path: str, front_matter: Mapping[str, Any]) -> str:
    """The address of a page from the site's root, as Jekyll makes it from its permalink."""
    if own := front_matter.get("permalink"):
        return _filled(str(own), config, path, front_matter=front_matter)
    collection = collection_of(config, path)
    settings = collections(config).get(collection, {})
    template = settings.get("permalink")
    if not template and collection == POSTS:
        template = config.get("permalink") or "date"
    if not template:
        pretty = config.get("permalink") == "pretty"
        ending = "/" if pretty else ":output_ext"
        template = f"/:collection/:path{ending}" if collection else f"/:path{ending}"
    return _filled(str(template), config, path, front_matter=front_matter)


def _filled(template: str, config: Mapping[str, Any], path: str, *, front_matter: Mapping[str, Any]) -> str:
    file = PurePosixPath(_without_parent(config, path))
    inside = PurePosixPath(*file.parts[1:]) if file.parts[0].startswith("_") else file
    dated = _DATED.fullmatch(inside.stem)
    day = re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})", str(front_matter.get("date") or "")) or dated
    name = dated[4] if dated else inside.stem
    year, month, number = (day[1], f"{day[2]:0>2}", f"{day[3]:0>2}") if day else ("", "", "")
    categories = front_matter.get("categories") or front_matter.get("category") or []
    categories = categories if isinstance(categories, list) else str(categories).split()
    values = {
        "collection": collection_of(config, path),
        "path": (inside.parent / name).as_posix(),
        "name": slug(name),
        "title": slug(str(front_matter.get("slug") or name)),
        "slug": slug(str(front_matter.get("slug") or name)),
        "categories": "/".join(slug(str(category)) for category in categories),
        "year": year,
        "short_year": year[2:],
        "month": month,
        "i_month": month.lstrip("0"),
        "day": number,
        "i_day": number.lstrip("0"),
        "basename": inside.stem,
        "output_ext": ".html",
    }
    template = _STYLES.get(template, template)
    filled = re.sub(r":([a-z_]+)", lambda match: values.get(match[1], match[0]), template)
    return quote(re.sub(r"/{2,}", "/", f"/{filled}"), safe="/:@!$&'()*+,;=~%")


def slug(text: str) -> str:
    """A text as a piece of an address, as Jekyll's default mode makes it: letters and figures stay."""
    return re.sub(r"[^\w]+", "-", unicodedata.normalize("NFC", text).lower().replace("_", "-")).strip("-")


def _without_parent(config: Mapping[str, Any], path: str) -> str:
    parent = parent_of(config)
    return path.removeprefix(f"{parent}/") if parent else path


def _covers(config: Mapping[str, Any], scope: str, path: str) -> bool:
    """Whether a scope's path is the page's, or that of a folder around it; ``*`` stands for any name."""
    scope, path = _without_parent(config, scope), _without_parent(config, path)
    if "*" not in scope:
        return not scope or f"{path}/".startswith(f"{scope}/")
    return any(_pattern(scope).fullmatch(place) for place in _around(PurePosixPath(path).parts))


def _around(parts: Sequence[str]) -> Iterator[str]:
    for count in range(len(parts), 0, -1):
        yield "/".join(parts[:count])


@cache
def _pattern(glob: str) -> re.Pattern[str]:
    pieces = {"**/": r"(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(pieces.get(p, re.escape(p)) for p in re.split(r"(\*\*/|\*\*|\*|\?)", glob)))
