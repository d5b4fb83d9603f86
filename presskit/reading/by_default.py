"""The front matter that communiqués have without writing it, and the files and lines where it is written."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from presskit.reading import jekyll
from presskit.reading.contacts import CONTACT_KEYS
from presskit.reading.fields import Findings, Path

# The lines of keys, by file.
Lines = Mapping[str, Mapping[Path, int]]
# A file, where in it some front matter is, and what it says.
_Layer = tuple[str, Path, Mapping[str, Any]]


def lines_kept(findings: Findings) -> dict[Path, int]:
    """The lines of a file's settings that are front matter."""
    return {path: line for path, line in findings.lines.items() if path and path[0] in ("defaults", *CONTACT_KEYS)}


def values_for(places: Sequence[str], config: Mapping[str, Any], own: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The front matter of a communiqué at a place in a site, from Jekyll's settings and presskit's ``own``.

    Jekyll's ``defaults`` go over ``contact-presse`` at the top, and presskit's over both. A ``layout`` is taken from
    presskit's alone: Jekyll's are web pages. One that is a link has several ``places``, of which the last wins: what
    holds a text back holds it back everywhere.
    """
    values = {key: config[key] for key in CONTACT_KEYS if key in config}
    for _number, under in _layers(places, config):
        values = jekyll.joined(values, under)
    values.pop("layout", None)
    for _number, over in _layers(places, {**config, "defaults": list(own)}):
        values = jekyll.joined(values, over)
    return values


def findings_for(
    places: Sequence[str],
    jekylls: tuple[str, Mapping[str, Any]],
    own: tuple[str, Sequence[Mapping[str, Any]]],
    *,
    lines: Lines,
) -> Findings:
    """Where each of these values is written, for what is found wrong in them; both come with their file's name."""
    (config_file, config), (own_file, defaults) = jekylls, own
    found = Findings(file=config_file)
    layers: list[_Layer] = [(config_file, (), {key: config[key] for key in CONTACT_KEYS if key in config})]
    for file, settings in ((config_file, config), (own_file, {**config, "defaults": list(defaults)})):
        # “[defaults]”, with single brackets, is the only one.
        alone = ("defaults", "values") in lines.get(file, {})
        for number, values in _layers(places, settings):
            layers.append((file, ("defaults", "values") if alone else ("defaults", number, "values"), values))
    for layer in layers:
        _lay_over(found, layer, lines.get(layer[0], {}))
    return found


def _layers(places: Sequence[str], config: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for place in places:
        yield from jekyll.layers(config, place)


def _lay_over(found: Findings, layer: _Layer, lines: Mapping[Path, int]) -> None:
    file, above, values = layer
    for key in [key for key, value in values.items() if value is not None or key not in found.files]:
        found.files[key] = file
        for path in [path for path in found.lines if path[0] == key]:
            del found.lines[path]
        places = (lines[path] for path in ((*above, key), above, above[:-1]) if path in lines)
        if (line := next(places, None)) is not None:
            found.lines[(key,)] = line
        found.lines |= {p[len(above) :]: n for p, n in lines.items() if p[: len(above) + 1] == (*above, key)}
