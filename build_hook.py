"""What building presskit adds to its files: WeasyPrint's declarations, parsed (see presskit/rendering/declarations)."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DeclarationsHook(BuildHookInterface):
    """Makes the module of declarations, beside the sources for an installation that refers to them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        sys.path.insert(0, str(root))
        from presskit.rendering.declarations import keep

        made = keep(root / "presskit")
        if made is not None and version != "editable":
            build_data["force_include"][str(made)] = str(made.relative_to(root))
