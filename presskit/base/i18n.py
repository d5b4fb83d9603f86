"""The terminal's language: messages are written in English and translated through gettext."""

import gettext
import locale
import os
import sys
from pathlib import Path

DOMAIN = "presskit"

gettext.bindtextdomain(DOMAIN, str(Path(__file__).parent.parent / "locale"))


def _(message: str) -> str:
    """Translate a message into the user's language (LANGUAGE, LC_ALL, LC_MESSAGES or LANG)."""
    return gettext.dgettext(DOMAIN, message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate a message that depends on a count."""
    return gettext.dngettext(DOMAIN, singular, plural, count)


def speak_to_terminal() -> None:
    """Make click's own words ("Usage", "Options"…) come from our catalogue too."""
    if sys.platform == "win32" and not any(
        os.environ.get(name) for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    ):
        # Windows tells its language through the API, gettext reads the environment only.
        os.environ["LANG"] = locale.getlocale()[0] or ""
    gettext.textdomain(DOMAIN)


def listed(names: list[str] | tuple[str, ...]) -> str:
    """Quote and join names for a message."""
    return ", ".join(_("“{name}”").format(name=name) for name in names)
