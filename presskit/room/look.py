"""The brand in a press room: colours for light and dark that can be read, and fonts served from the room itself."""

import hashlib
import re
from collections.abc import Iterator
from colorsys import hls_to_rgb, rgb_to_hls
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from presskit.base.resources import resource_folder
from presskit.base.whole import write_whole
from presskit.layout.colours import Colour, colour_of, contrast, hexadecimal, mixed
from presskit.reading.site import DEFAULT_FONTS, Brand

_LIGHT = {"ground": "#ffffff", "text": "#1c1f26", "muted": "#4b515d", "line": "#d3d7de", "edge": "#767d8a"}
_DARK = {"ground": "#14171c", "text": "#e9ebef", "muted": "#b3bac6", "line": "#353c48", "edge": "#8d95a3"}
# WCAG 2.1, 1.4.3 (text) and 1.4.11 (edges of fields).
_TEXT_RATIO, _EDGE_RATIO = 4.6, 3.1
_ALERT = "#8a1f11"
# What pages of European languages are written with, and the signs that presskit's typography sets.
_KEPT = (
    *range(0x20, 0x7F), *range(0xA0, 0x180), 0x192, *range(0x218, 0x21C), 0x1E9E, *range(0x2000, 0x200C),
    *range(0x2010, 0x2028), 0x202F, 0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x2044, 0x20AC, 0x2113, 0x2116, 0x2122,
    0x2190, 0x2192, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265, 0x25CF, 0x2070, *range(0x2074, 0x207A),
    *range(0x2080, 0x208A),
)  # fmt: skip
_WEIGHTS = {"text": ((400, False), (400, True), (600, False)), "headings": ((400, False), (700, False))}


def brand_sheet(brand: Brand, fonts: list[tuple[str, int, bool, str]]) -> str:
    """The style sheet of a brand: its colours and fonts as custom properties, for light and dark.

    ``fonts`` are use (text, headings), weight, whether it is italic, and the file's name in the same folder.
    """
    faces = "".join(
        f'@font-face {{ font-family: "Presskit {use}"; font-weight: {weight};'
        f" font-style: {'italic' if italic else 'normal'};"
        f' font-display: swap; src: url("{name}") format("woff2"); }}\n'
        for use, weight, italic, name in fonts
    )
    families = "".join(f'  --font-{use}: "Presskit {use}";\n' for use in DEFAULT_FONTS)
    light, dark = (_declared(tokens(brand, dark=dark) | {"alert": _ALERT}) for dark in (False, True))
    return (
        f"{faces}:root {{\n  color-scheme: light dark;\n{families}{light}}}\n"
        f"@media (prefers-color-scheme: dark) {{\n:root {{\n{dark}}}\n}}\n"
        f"@media print {{\n:root {{\n{light}}}\n}}\n"
    )


def tokens(brand: Brand, *, dark: bool) -> dict[str, str]:
    """The colours of a page by what they are for, each as far from its ground as reading needs."""
    fixed = _DARK if dark else _LIGHT
    ground = colour_of(fixed["ground"])
    wanted = mixed(ground, colour_of(brand.colours["primary"]), 0.22) if dark else colour_of(brand.colours["tint"])
    # A tint that can't be read on gives way to the ground.
    paler = (colour_of(hexadecimal(mixed(wanted, ground, step / 10))) for step in range(11))
    tint = next(
        colour
        for colour in paler
        if contrast(colour_of(fixed["muted"]), colour) >= _TEXT_RATIO
        and contrast(colour_of(fixed["edge"]), colour) >= _EDGE_RATIO
    )
    primary = _readable(colour_of(brand.colours["primary"]), (ground, tint), dark=dark)
    on_primary = (1.0, 1.0, 1.0) if contrast(primary, (1.0, 1.0, 1.0)) >= _TEXT_RATIO else colour_of("#10131a")
    return fixed | {
        "tint": hexadecimal(tint),
        "primary": hexadecimal(primary),
        "on-primary": hexadecimal(on_primary),
        "accent": hexadecimal(_readable(colour_of(brand.colours["accent"]), (ground, tint), dark=dark)),
    }


def _declared(colours: dict[str, str]) -> str:
    return "".join(f"  --{name}: {value};\n" for name, value in colours.items())


def _readable(colour: Colour, grounds: tuple[Colour, ...], *, dark: bool) -> Colour:
    """A colour, lightened on dark or darkened on light until text in it can be read on all grounds."""
    hue, lightness, saturation = rgb_to_hls(*colour)
    aim = 1.0 if dark else 0.0
    for step in range(26):
        lit = hls_to_rgb(hue, lightness + (aim - lightness) * step / 25, saturation)
        # As it is written: rounding takes its share.
        nearer = colour_of(hexadecimal(lit))
        if all(contrast(nearer, ground) >= _TEXT_RATIO for ground in grounds):
            return nearer
    return aim, aim, aim


def web_fonts(brand: Brand, kept: Path) -> Iterator[tuple[str, int, bool, str, bytes]]:
    """The brand's fonts as WOFF2: use, weight, whether it is italic, file name, bytes; ``kept`` is where they are kept.

    presskit's own are cut down to the signs of European languages, and renamed, as their licence asks of what is
    changed (SIL OFL 1.1, 3); those of the brand's folder are only compressed.
    """
    for use, family in brand.fonts.items():
        for weight, italic in _WEIGHTS[use]:
            found = _font_file(brand, family, weight, italic=italic) or _font_file(
                brand, DEFAULT_FONTS[use], weight, italic=italic
            )
            if found is None:
                continue
            path, own = found
            octets = path.read_bytes()
            digest = hashlib.sha256(octets + repr((own, _KEPT)).encode()).hexdigest()[:32]
            cached = kept / f"{digest}.woff2"
            if not cached.is_file():
                compressed = _compressed(octets, f"Presskit {use}" if own else "")
                with suppress(OSError):
                    write_whole(cached, compressed)
            else:
                compressed = cached.read_bytes()
            name = f"{use}-{weight}{'-italic' if italic else ''}.woff2"
            yield use, weight, italic, name, compressed


def licences(brand: Brand) -> Iterator[tuple[str, bytes]]:
    """The licences of presskit's fonts that a room serves, by file name."""
    for family in sorted(set(brand.fonts.values()) | set(DEFAULT_FONTS.values())):
        folder = resource_folder("fonts") / re.sub(r"\W+", "-", family.lower())
        if (folder / "OFL.txt").is_file():
            yield f"OFL-{folder.name}.txt", (folder / "OFL.txt").read_bytes()


def _font_file(brand: Brand, family: str, weight: int, *, italic: bool) -> tuple[Path, bool] | None:
    """The file of a font, and whether it is one of presskit's own."""
    from fontTools.ttLib import TTFont, TTLibError

    for folder, own in ((brand.font_folder, False), (resource_folder("fonts"), True)):
        for path in sorted(folder.rglob("*")) if folder else ():
            if path.suffix.lower() not in (".ttf", ".otf", ".woff", ".woff2"):
                continue
            try:
                with TTFont(path, lazy=True) as font:
                    names = {font["name"].getDebugName(number) for number in (1, 16)}
                    table = font["OS/2"]
                    if family in names and table.usWeightClass == weight and bool(table.fsSelection & 1) == italic:
                        return path, own
            except (TTLibError, OSError, KeyError):
                continue
    return None


def _compressed(octets: bytes, renamed: str) -> bytes:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(BytesIO(octets))
    if renamed:
        options = subset.Options(name_IDs=["*"], notdef_outline=True, hinting=False)
        options.drop_tables += ["meta", "DSIG"]
        options.layout_features = ["kern", "liga", "mark", "mkmk", "ccmp", "locl", "lnum", "tnum"]
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=_KEPT)
        cutter.subset(font)
        for record in font["name"].names:
            if record.nameID in (1, 3, 4, 6, 16, 18, 21, 25):
                record.string = renamed.replace(" ", "") if record.nameID == 6 else renamed
    font.flavor = "woff2"
    out = BytesIO()
    font.save(out)
    return out.getvalue()
