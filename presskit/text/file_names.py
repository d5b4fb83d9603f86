"""Names of attached files: those that systems leave behind, and those that no disk or reader should be given."""

import os
import re
import unicodedata
from urllib.parse import unquote

# What disks, mail programs and journalists' machines take: octets of a name (POSIX, NTFS), less room for " (2)".
_LONGEST = 200
_FORBIDDEN = re.compile(r'[/\\:*?"<>|]')
# Names of devices, which Windows takes for them whatever their ending.
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³]|CLOCK\$)(?=\.|$)", re.IGNORECASE)
_LEFT_FOLDERS = {"__macosx", "@eadir", "$recycle.bin", "system volume information", "#recycle", "lost+found"}
_LEFT_FILES = re.compile(
    r"(?:~\$.*|~wr[lda].*\.tmp|(?:eh)?thumbs\.db|desktop\.ini|icon\r|.*~"
    r"|.*\.(?:bak|tmp|temp|part|partial|crdownload|download|swp|laccdb|ldb))",
    re.IGNORECASE | re.DOTALL,
)


def is_left_behind(path: str) -> bool:
    """Whether a file, by its path with slashes, is left by a system or a program: hidden, a lock, half a download."""
    *folders, name = path.split("/")
    if any(part.startswith(".") or part.casefold() in _LEFT_FOLDERS for part in folders):
        return True
    return name.startswith(".") or _LEFT_FILES.fullmatch(name) is not None


def is_text(name: str) -> bool:
    """Whether a name that a disk gave is UTF-8: other octets come as surrogates (PEP 383)."""
    return not any("\ud800" <= sign <= "\udfff" for sign in name)


def decoded(address: str) -> str:
    """An address in a site as people read it: without percent-encoding, where that stands for signs that print."""
    try:
        plain = unquote(address, errors="strict")
    except UnicodeDecodeError:
        return address
    return plain if plain.isprintable() else address


def safe_name(name: str) -> str:
    """A name that every disk takes and that reads as what it is; the same one for most.

    Signs that no text has (control characters, marks that turn the direction of writing, octets that are not
    UTF-8) and those that Windows keeps for itself become "_"; a long name loses its middle, not its ending.
    """
    name = name if is_text(name) else os.fsencode(name).decode("utf-8", "replace").replace("\ufffd", "_")
    name = "".join("_" if _is_unseen(sign) else sign for sign in name)
    name = _FORBIDDEN.sub("_", name).strip().rstrip(". ").lstrip(". ")
    if _RESERVED.match(name):
        name = f"_{name}"
    return _shortened(name) or "fichier"


def _is_unseen(sign: str) -> bool:
    # Joiners belong to words of some scripts, and to emoji.
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") and sign not in "\u200c\u200d"


def _shortened(name: str) -> str:
    if len(name.encode()) <= _LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > 10:
        stem, dot, ending = name, "", ""
    room = _LONGEST - len(f"…{dot}{ending}".encode())
    return f"{stem.encode()[:room].decode(errors='ignore').rstrip()}…{dot}{ending}"
