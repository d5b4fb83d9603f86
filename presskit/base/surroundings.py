"""What presskit runs on, for reports of what went wrong."""

import platform
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version


def described() -> str:
    """The system, and the versions of what lays out pages."""
    parts = [_system(), f"Python {platform.python_version()}"]
    with suppress(PackageNotFoundError):
        parts.append(f"WeasyPrint {version('weasyprint')}")
    with suppress(ImportError, OSError):
        from weasyprint.text.ffi import pango

        number = pango.pango_version()
        parts.append(f"Pango {number // 10000}.{number // 100 % 100}.{number % 100}")
    return ", ".join(parts)


def _system() -> str:
    with suppress(OSError):
        release = platform.freedesktop_os_release()
        return release.get("PRETTY_NAME", release["NAME"])
    return platform.platform(terse=True)
