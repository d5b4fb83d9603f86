"""Colours, from 0 to 1, and how well one is read on another (WCAG 2.1)."""

Colour = tuple[float, float, float]


def colour_of(written: str) -> Colour:
    """The colour of ``#rgb`` or ``#rrggbb``."""
    digits = written.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    red, green, blue = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return red, green, blue


def hexadecimal(colour: Colour) -> str:
    """A colour as ``#rrggbb``."""
    return "#" + "".join(f"{round(value * 255):02x}" for value in colour)


def mixed(one: Colour, two: Colour, share: float) -> Colour:
    """A colour with a share (0 to 1) of another."""
    red, green, blue = (a + (b - a) * share for a, b in zip(one, two, strict=True))
    return red, green, blue


def contrast(one: Colour, two: Colour) -> float:
    """The contrast of two colours (WCAG 2.1, relative luminance): from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
