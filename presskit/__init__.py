"""presskit: one communiqué and its attachments become one branded, accessible press kit.

``build_kit`` makes one kit, ``build_site`` those of a site; both are loaded when they are asked for.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from presskit.base.errors import PresskitError, Problem
    from presskit.batch.api import build_kit, build_site
    from presskit.batch.report import Report, Summary
    from presskit.options import Options

__version__ = "0.1.0"
__all__ = ["Options", "PresskitError", "Problem", "Report", "Summary", "build_kit", "build_site"]

_PLACES = {
    "Options": "options",
    "PresskitError": "base.errors",
    "Problem": "base.errors",
    "Report": "batch.report",
    "Summary": "batch.report",
    "build_kit": "batch.api",
    "build_site": "batch.api",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"presskit.{_PLACES[name]}"), name)
