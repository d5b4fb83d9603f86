"""RESULTS.md: one section for each benchmark, written anew by the one that has run."""

import importlib.metadata
import os
import platform
import re
from collections.abc import Sequence
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"


def machine() -> str:
    """Where figures come from: Python, system, cores and libraries."""
    names = ("weasyprint", "pypdf", "pikepdf", "page-validation", "click")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    system = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return f"{system}; {versions}."


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(str(cell) for cell in line)} |" for line in lines]


def write_section(title: str, lines: Sequence[str]) -> None:
    """Put a section in the place of the last one of that title."""
    text = RESULTS.read_text("utf-8") if RESULTS.is_file() else "# Benchmark results\n\nWritten by `make bench`.\n"
    section = "\n".join([f"## {title}", "", machine(), "", *lines, ""])
    pattern = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    text, found = pattern.subn(lambda _match: section + "\n", text)
    if not found:
        text = f"{text.rstrip()}\n\n{section}"
    RESULTS.write_text(text.rstrip() + "\n", "utf-8")
    print(section)
