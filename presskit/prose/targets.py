"""Addresses of links and images that hold spaces or parentheses, as kramdown takes them and CommonMark does not."""

import re

# What Outlook makes of a link in a plain text, "jean@x.fr<mailto:jean@x.fr>", "le site<https://x.fr>".
_OUTLOOK = re.compile(
    r"(?P<said>(?<![^\s(\[«,;:])[^\s<>()\[\]«,;]{1,200})<(?P<link>(?P<scheme>mailto:|https?://)[^\s<>]+)>(?!\]\()"
)
_CODE = re.compile(r"(`+)[^`\n]*\1")
# What stands for an address, and not for a remark in parentheses ("[1](voir la note)").
_ADDRESS = re.compile(r"(?:\.{0,2}/|#|[a-z]+:|www\.)|[^\s/]+/|.*\.[a-z][a-z0-9]{1,4}\Z", re.IGNORECASE)


def mend_targets(line: str) -> str:
    """Write the addresses of a line that hold a space, or parentheses that do not pair, in ``<…>``.

    ``[annexe](/uploads/Annexe A.pdf)``; titles stay, code is left alone.
    """
    if "](" not in line:
        return line
    code = [match.span() for match in _CODE.finditer(line)]
    closings = _closings(line)
    pieces, done = [], 0
    for match in re.finditer(r"\]\(", line):
        start, end = match.end(), closings.get(match.end() - 1, -1)
        if end < 0 or start < done or any(low <= start < high for low, high in code):
            continue
        pieces += [line[done:start], _mended(line[start:end])]
        done = end
    return "".join([*pieces, line[done:]])


def mend_outlook(line: str) -> str:
    """Write as one link an address that Outlook says twice; an address right after a word is set apart from it."""
    return line if "`" in line or "<" not in line else _OUTLOOK.sub(_said_once, line)


def _said_once(match: re.Match[str]) -> str:
    said, link = match["said"], match["link"]
    if link.removeprefix(match["scheme"]).rstrip("/") == said.removeprefix(match["scheme"]).rstrip("/"):
        return f"[{said}](<{link}>)"
    return f"{said} <{link}>"


def _closings(line: str) -> dict[int, int]:
    """For each opening parenthesis that is closed, where."""
    opened: list[int] = []
    found: dict[int, int] = {}
    for match in re.finditer(r"\\.|[()]", line):
        if match[0] == "(":
            opened.append(match.start())
        elif match[0] == ")" and opened:
            found[opened.pop()] = match.start()
    return found


def _mended(target: str) -> str:
    address, title = _parted(target.strip())
    if not re.search(r"\s", address) or address[:1] == "<" or not _ADDRESS.match(address):
        return target
    address = address.replace("<", "%3C").replace(">", "%3E")
    return f"<{address}>{title}"


def _parted(target: str) -> tuple[str, str]:
    """An address, and the title that may follow it, with the space between them."""
    start = target.rfind(target[-1], 0, len(target) - 1) if target[-1:] in ('"', "'") else -1
    if start > 0 and target[start - 1].isspace():
        return target[:start].rstrip(), f" {target[start:]}"
    return target, ""
