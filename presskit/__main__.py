"""Run presskit as ``python -m presskit``."""

from presskit.cli.commands import main

main(prog_name="presskit")
