"""Fonts of symbols, whose characters have no meaning of their own: what they stand for in Unicode."""

# From 0x20 on (Adobe's Symbol encoding, PDF: ISO 32000-1, D.6); "\0" where it has none.
_SYMBOL = (
    " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼\0"
    + "\0" * 32
    + "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\0〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭\0"
)
# Those that office documents use as bullets, boxes, arrows and signs; by their place in the font.
_WINGDINGS = {
    0x20: " ", 0x21: "✏", 0x22: "✂", 0x23: "✁", 0x26: "📖", 0x28: "☎", 0x29: "✆", 0x2A: "✉", 0x34: "📄", 0x36: "⌛",
    0x3E: "✇", 0x3F: "✍", 0x41: "✌", 0x45: "☜", 0x46: "☞", 0x47: "☝", 0x48: "☟", 0x4A: "☺", 0x4B: "😐", 0x4C: "☹",
    0x4E: "☠", 0x4F: "⚐", 0x51: "✈", 0x52: "☼", 0x54: "❄", 0x55: "✝", 0x56: "✞", 0x58: "✠", 0x59: "✡", 0x5A: "☪",
    0x5B: "☯", 0x5D: "☸", 0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x73: "⬧", 0x74: "⧫",
    0x75: "◆", 0x76: "❖", 0x77: "⬥", 0x78: "⌧", 0x7A: "⌘", 0x7B: "❀", 0x7C: "✿", 0x7D: "❝", 0x7E: "❞",
    0x80: "⓪", **{0x81 + n: chr(0x2460 + n) for n in range(10)},
    0x8B: "⓿", **{0x8C + n: chr(0x2776 + n) for n in range(10)},
    0x9E: "·", 0x9F: "•", 0xA0: "▪", 0xA1: "○", 0xA4: "◉", 0xA5: "◎", 0xA7: "▪", 0xA8: "◻", 0xAA: "✦", 0xAB: "★",
    0xAC: "✶", 0xAD: "✴", 0xAE: "✹", 0xAF: "✵", 0xB0: "⌖", 0xB2: "⌑", 0xB4: "�", 0xB5: "✪", 0xB6: "✰", 0xD5: "⌫",
    0xD6: "⌦", 0xD8: "➢", 0xDC: "➲", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE3: "↖", 0xE4: "↗", 0xE5: "↙",
    0xE6: "↘", 0xE7: "⬅", 0xE8: "➔", 0xE9: "⬆", 0xEA: "⬇", 0xEF: "⇦", 0xF0: "⇨", 0xF1: "⇧", 0xF2: "⇩", 0xF3: "⬄",
    0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_WINGDINGS_2 = {
    0x4F: "✗",
    0x50: "✓",
    0x51: "☒",
    0x52: "☑",
    0x53: "☒",
    0x54: "☑",
    0x97: "•",
    0x98: "●",
    0xA2: "▪",
    0xA3: "□",
}
_WINGDINGS_3 = {0x7D: "▶", 0x75: "◀", 0x70: "▲", 0x71: "▼", 0x67: "→", 0x66: "←", 0x68: "↑", 0x69: "↓", 0x84: "◆"}
# LibreOffice's own (OpenSymbol), beside what it takes from the others.
_OPEN = {
    0xE00A: "◆",
    0xE00C: "▪",
    0xE00D: "☑",
    0xE00E: "▶",
    0xE00F: "✗",
    0xE010: "✓",
    0xE011: "➢",
    0xE012: "→",
    0xE013: "⇨",
}
_PRIVATE = range(0xE000, 0xF900)
ANY_BULLET = "•"


def meaning(font: str, sign: str) -> str:
    """What a character stands for in a font of symbols, named as documents name it; '' where that is not known."""
    if not is_private(sign) and is_symbols(font) and ord(sign) > 0xFF:
        return sign
    family, code = _family(font), ord(sign)
    place = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    if family == "symbol" and 0x20 <= place < 0x20 + len(_SYMBOL):
        return _SYMBOL[place - 0x20].strip("\0")
    tables = {"wingdings": _WINGDINGS, "wingdings2": _WINGDINGS_2, "wingdings3": _WINGDINGS_3}
    if family in tables:
        return tables[family].get(place, "").strip("\ufffd")
    if family in ("opensymbol", "starsymbol"):
        if sign == "\uf0b7":
            # It draws Symbol's signs and Wingdings' under the same numbers; this one is everybody's bullet.
            return "•"
        return _OPEN.get(code) or (_WINGDINGS.get(place, "") if code in _PRIVATE else sign)
    return ""


def is_private(sign: str) -> bool:
    """Whether a character is one that Unicode leaves to each font (The Unicode Standard, 23.5)."""
    return ord(sign) in _PRIVATE


def is_symbols(font: str) -> bool:
    """Whether a font is one whose letters are none."""
    return _family(font) in ("symbol", "wingdings", "wingdings2", "wingdings3", "webdings", "opensymbol", "starsymbol")


def _family(font: str) -> str:
    """A font's family, by its name in a document or in a PDF ("ABCDEF+SymbolMT")."""
    name = font.lstrip("/").rpartition("+")[2].split(",")[0].split(";")[0].strip("' ")
    return name.casefold().replace(" ", "").replace("-regular", "").removesuffix("mt")
