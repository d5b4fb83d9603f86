"""Make the example's attached PDFs from their HTML sources, with presskit's own fonts and renderer."""

import sys
from pathlib import Path

from presskit.base.errors import Problem
from presskit.rendering.render import render

HERE = Path(__file__).parent


def fail(problem: Problem) -> None:
    """No warning is right in an example."""
    sys.exit(str(problem))


for source in sorted(HERE.glob("*.html")):
    html = source.read_text("utf-8").replace('href="style.css"', f'href="{(HERE / "style.css").as_uri()}"')
    target = HERE.parent / "uploads" / f"{source.stem}.pdf"
    target.write_bytes(render(html, [HERE / "style.css"], [], font_folder=None, epoch=0, warn=fail))
