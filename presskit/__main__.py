"""Run presskit as ``python -m presskit``."""

from presskit.cli import main

main(prog_name="presskit")
