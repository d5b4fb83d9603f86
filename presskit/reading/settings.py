"""A site as its settings describe it: `_config.yml` and `presskit.toml`, read and checked."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from presskit.base.errors import PresskitError, Problem, Warn, os_reason
from presskit.base.i18n import _
from presskit.base.limits import Limits
from presskit.reading import by_default, jekyll
from presskit.reading.contacts import CONTACT_KEYS, read_contacts
from presskit.reading.fields import Fields, Findings
from presskit.reading.holds import embargoes_in, hold_of
from presskit.reading.site import BRAND, CONFIG, DEFAULT_COLOURS, DEFAULT_FONTS, LANGUAGE, Brand, Room, Site
from presskit.reading.toml_text import parse_toml
from presskit.reading.yaml_text import parse_yaml, remarks
from presskit.text.inline import plain
from presskit.text.text_files import decode

_HEX_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})\Z")


def read_site(root: Path, warn: Warn) -> Site:
    """Read ``_config.yml`` and ``presskit.toml`` at a site's root; either may be absent.

    Raises PresskitError when one of them can't be read, with all of its problems.
    """
    config, config_findings = _read_config(root / CONFIG)
    brand_values, brand_findings = _read_toml(root / BRAND)
    settings = Fields(brand_values, brand_findings)
    jekyll_settings = Fields(config, config_findings)
    brand = _read_brand(root, settings, jekyll_settings)
    timezone = _read_timezone(settings) or _read_timezone(jekyll_settings)
    content = settings.texts("content", "contenu")
    liquid = _read_switch(settings, "liquid", str(bool(config or content)).lower())
    separators, stamp = _read_kit(settings)
    site = Site(
        root=root,
        brand=brand,
        url=_read_url(settings, settings.error) or _read_url(jekyll_settings, jekyll_settings.warn),
        lang=_read_lang(settings) or jekyll_settings.text("lang", "language", "locale") or "fr",
        timezone=timezone,
        config=config,
        defaults=_read_defaults(root, jekyll.parent_of(config), brand_values, settings=settings),
        content=content,
        static=tuple(folder.strip("/") for folder in settings.texts("static", "statique")) or ("static",),
        liquid=liquid,
        future=jekyll_settings.text("future").lower() == "true",
        limits=_read_limits(settings),
        separators=separators,
        stamp=stamp,
        room=_read_room(settings),
        other_keys=settings.texts("other-keys", "autres-champs", separator=","),
        lines={f.file: kept for f in (config_findings, brand_findings) if (kept := by_default.lines_kept(f))},
    )
    settings.warn_of_unknown()
    _refuse_lost_embargoes(config, config_findings, lambda path: path[0] == "defaults" or len(path) == 1)
    _refuse_lost_embargoes(brand_values, brand_findings, lambda _path: True)
    for warning in dict.fromkeys(config_findings.warnings + brand_findings.warnings):
        warn(warning)
    errors = config_findings.errors + brand_findings.errors
    if errors:
        raise PresskitError(errors)
    return site


def _refuse_lost_embargoes(
    values: Mapping[str, Any], findings: Findings, ours: Callable[[tuple[str | int, ...]], bool]
) -> None:
    """An embargo that no communiqué would get: of what is ``ours``, all that is not among the values of defaults."""
    for path in filter(ours, embargoes_in(values)):
        if not (len(path) == 4 and path[0] == "defaults" and path[2] == "values"):
            what = _("this mentions an embargo, where presskit does not look for one.")
            remedy = _("Write it in the communiqué's front matter: embargo: 2030-12-01 06:00")
            findings.errors.append(Problem(what, findings.file, str(path[-1]), line=findings.line(path), remedy=remedy))


def _read_config(path: Path) -> tuple[dict[str, Any], Findings]:
    if not path.is_file():
        return {}, Findings(file=path.name)
    text = read_text(path, path.name)
    values, findings = parse_yaml(text, path.name)
    printed = ("title", "titre", "defaults", *CONTACT_KEYS)
    for problem in remarks(text, findings):
        # Remarks beside settings are usual; only beside words that kits print may they be words as well.
        if re.split(r"[.\[]", problem.field)[0] in printed:
            findings.warnings.append(problem)
    return values, findings


def _read_toml(path: Path) -> tuple[dict[str, Any], Findings]:
    if not path.is_file():
        return {}, Findings(file=path.name)
    return parse_toml(read_text(path, path.name), path.name)


def read_text(path: Path, name: str) -> str:
    """The text of a UTF-8 file; raises PresskitError when it can't be read or is not UTF-8."""
    try:
        return decode(path.read_bytes(), name)
    except OSError as error:
        raise PresskitError(
            Problem(_("the file can't be read ({detail}).").format(detail=os_reason(error)), name)
        ) from error


def _read_brand(root: Path, settings: Fields, jekyll_settings: Fields) -> Brand:
    brand = next(iter(settings.mappings("brand", "marque")), Fields({}, settings.findings))
    codes = [key for key, value in brand.values.items() if re.fullmatch("[a-z]{2,3}", key) and isinstance(value, dict)]
    organisation = brand.text("organisation", "organization", "organisme")
    country = _read_country(brand)
    fonts, font_folder = _read_fonts(root, brand)
    read = Brand(
        organisation=plain(organisation or jekyll_settings.text("title", "titre")),
        sub_organisation=brand.text("sub-organisation", "sub-organization", "sous-organisation"),
        logo=_brand_path(root, brand, "logo"),
        city=brand.text("city", "ville"),
        country=country,
        address=brand.texts("address", "adresse"),
        boilerplate=brand.text("boilerplate", "a-propos", "about"),
        colours=_read_colours(brand),
        fonts=fonts,
        font_folder=font_folder,
        contacts=read_contacts(brand, country),
        languages={code: _read_language(table, country) for code in codes for table in brand.mappings(code)},
    )
    brand.warn_of_unknown()
    return read


def _read_lang(settings: Fields) -> str:
    lang = settings.text("lang", "language", "langue")
    if lang and not LANGUAGE.match(lang):
        what = _("“{value}” is not a language code.").format(value=lang)
        settings.error("lang", what, _("Write for instance: {example}").format(example='lang = "fr"'))
    return lang


def _read_country(brand: Fields) -> str:
    country = (brand.text("country", "pays") or "FR").upper()
    if not re.fullmatch("[A-Z]{2}", country):
        what = _("“{value}” is not a country code.").format(value=brand.text("country", "pays"))
        brand.warn("country", what, _("Write its two letters: {example}").format(example='country = "FR"'))
        return "FR"
    return country


def _read_language(table: Fields, country: str) -> Brand:
    """The texts of a brand in one language."""
    read = Brand(
        organisation=table.text("organisation", "organization", "organisme"),
        sub_organisation=table.text("sub-organisation", "sub-organization", "sous-organisation"),
        city=table.text("city", "ville"),
        address=table.texts("address", "adresse"),
        boilerplate=table.text("boilerplate", "a-propos", "about"),
        contacts=read_contacts(table, country),
    )
    table.warn_of_unknown()
    return read


def _read_colours(brand: Fields) -> dict[str, str]:
    colours = dict(DEFAULT_COLOURS)
    for table in brand.mappings("colours", "colors", "couleurs"):
        for name, default in DEFAULT_COLOURS.items():
            value = table.text(name)
            if value and not _HEX_COLOUR.match(value):
                table.error(
                    name,
                    _("“{value}” is not a colour.").format(value=value),
                    _('Write it in hexadecimal: {name} = "#1f2f4d"').format(name=name),
                )
            colours[name] = value or default
        table.warn_of_unknown()
    return colours


def _read_fonts(root: Path, brand: Fields) -> tuple[dict[str, str], Path | None]:
    """The fonts that are named, and the folder of those that come with the site."""
    fonts, folder = dict(DEFAULT_FONTS), None
    for table in brand.mappings("fonts", "polices"):
        fonts["text"] = table.text("text", "texte") or fonts["text"]
        fonts["headings"] = table.text("headings", "titres") or fonts["headings"]
        folder = folder or _brand_path(root, table, "folder", "dossier", folder=True)
        table.warn_of_unknown()
    return fonts, folder


def _brand_path(root: Path, table: Fields, *names: str, folder: bool = False) -> Path | None:
    """A file or folder of the brand, inside of the site's root."""
    value = table.text(*names)
    if not value:
        return None
    path = (root / value.lstrip("/")).resolve()
    inside = path.is_relative_to(root.resolve())
    if inside and (path.is_dir() if folder else path.is_file()):
        return path
    table.error(
        names[0],
        _("“{value}” is not there.").format(value=value)
        if inside
        else _("“{value}” is outside the site.").format(value=value),
        _("Give its path from the folder of {file}.").format(file=BRAND),
    )
    return None


def _read_url(settings: Fields, tell: Callable[[str, str, str], None], *aliases: str) -> str:
    """The address of a web site, without the stroke at its end; one that is none is told of, and not used."""
    url = settings.text("url", *aliases).rstrip("/")
    if not url or re.match(r"https?://[^/\s]+", url):
        return url
    written = "https://presse.example.org" if re.match(r"\w*:|/", url) or "." not in url else f"https://{url}"
    example = f'url = "{written}"' if settings.findings.toml else f"url: {written}"
    remedy = _("Write for instance: {example}").format(example=example)
    tell("url", _("“{value}” is not a web address: it has no “https://”.").format(value=url), remedy)
    return ""


def _read_room(settings: Fields) -> Room:
    """The ``[room]`` table."""
    for table in settings.mappings("room", "salle-de-presse", "espace-presse"):
        url = _read_url(table, table.error, "adresse")
        room = Room(url, table.text("title", "titre"), table.text("description"))
        table.warn_of_unknown()
        return room
    return Room()


def _read_kit(settings: Fields) -> tuple[bool, bool]:
    """The ``[kit]`` table: whether pages announce attachments, and whether these are stamped."""
    for table in settings.mappings("kit", "dossier"):
        switches = (
            _read_switch(table, "separators", "false", "intercalaires"),
            _read_switch(table, "stamp", "false", "foliotage"),
        )
        table.warn_of_unknown()
        return switches
    return False, False


def _read_switch(table: Fields, name: str, default: str, *aliases: str) -> bool:
    value = table.text(name, *aliases).lower()
    if value not in ("", "true", "false"):
        example = _("Write: {name} = true").format(name=name)
        table.error(name, _("“true” or “false” is expected here."), example)
    return (value or default) == "true"


def _read_defaults(
    root: Path, parent: str, values: Mapping[str, Any], *, settings: Fields
) -> tuple[Mapping[str, Any], ...]:
    """``[[defaults]]``: a ``path``, and the ``values`` of the communiqués below it."""
    for entry in settings.mappings("defaults"):
        _check_path(root, parent, entry)
        if not entry.mappings("values"):
            example = _("Write for instance: {example}").format(
                example='[[defaults]] path = "en" values = {lang = "en"}'
            )
            entry.error("values", _("named fields are expected here (“key: value” lines)."), example)
        entry.warn_of_unknown()
    entries = values.get("defaults")
    return tuple(
        {"scope": {"path": entry.get("path", "")}, "values": entry.get("values")}
        # “[defaults]”, with single brackets, is the only one.
        for entry in (entries if isinstance(entries, list) else [entries])
        if isinstance(entry, dict)
    )


def _check_path(root: Path, parent: str, entry: Fields) -> None:
    """Say that defaults are for no file; where they would hold texts back, that is an error."""
    place = entry.text("path").strip("/")
    # Jekyll leaves the folder of all collections out of such paths.
    if not place or any((base / place).exists() or _matches(base, place) for base in (root, root / parent)):
        return
    what = _("the site has no file under “{value}”: these defaults apply to nothing.").format(value=place)
    held = [key for table in entry.mappings("values") for key in table.values if hold_of(key)]
    tell = entry.error if held else entry.warn
    tell("path", what, _("Correct the path: it starts from the folder of {file}.").format(file=BRAND))


def _matches(root: Path, place: str) -> bool:
    try:
        return any(True for _found in root.glob(place)) or any(True for _found in root.glob(f"{place}.*"))
    except (ValueError, NotImplementedError, OSError):
        return False


def _read_limits(settings: Fields) -> Limits:
    limits: dict[str, int] = {}
    for table in settings.mappings("limits", "limites"):
        for name in Limits.names():
            value = table.text(name)
            if value.isdecimal() and int(value):
                limits[name] = int(value)
            elif value:
                table.error(
                    name,
                    _("“{value}” is not a whole number above zero.").format(value=value),
                    _("Write for instance: {name} = {value}").format(name=name, value=getattr(Limits(), name)),
                )
        table.warn_of_unknown()
    return Limits(**limits)


def _read_timezone(settings: Fields) -> ZoneInfo | None:
    name = settings.text("timezone", "fuseau-horaire")
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        settings.error(
            "timezone",
            _("“{value}” is not a time zone.").format(value=name),
            _("Write for instance: Europe/Paris"),
        )
        return None
