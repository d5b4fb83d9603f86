"""How a run is shown on a terminal: a bar while it lasts, and a table at its end."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from presskit.base.i18n import _
from presskit.batch.report import STATUSES, Summary
from presskit.release.standing import State


class Display:
    """Where lines about a run go, and how far it is: a bar stays below the lines on a terminal."""

    def __init__(self, bar: Any = None) -> None:
        self._bar = bar

    @property
    def is_live(self) -> bool:
        """Whether a bar shows what is done already."""
        return self._bar is not None

    def say(self, line: str) -> None:
        """Print a line for people, on standard error."""
        if self._bar is None:
            click.echo(line, err=True)
            return
        from rich.text import Text

        self._bar.console.print(Text.from_ansi(line), soft_wrap=True)

    def advance(self) -> None:
        """One more is done."""
        if self._bar is not None:
            self._bar.advance(0)
            self._bar.refresh()


@contextmanager
def display(total: int) -> Iterator[Display]:
    """Show the progress of a run over ``total`` communiqués, where standard error is a terminal."""
    if total < 2 or not sys.stderr.isatty():
        yield Display()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TimeRemainingColumn
    from rich.text import Text

    class Rate(ProgressColumn):
        """How many are done in a second."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(_("{rate} a second").format(rate=f"{speed:.1f}") if speed else "")

    columns = (BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    # Drawn when something happens, not by a thread: processes that are forked beside one may hang.
    with Progress(*columns, console=Console(stderr=True), auto_refresh=False) as bar:
        bar.add_task("", total=total)
        bar.refresh()
        yield Display(bar)


def say_summary(summary: Summary, *, hint: bool = True) -> None:
    """Print how many kits were built, unchanged, skipped and failed, and the warnings by their kind."""
    from rich.console import Console
    from rich.table import Table

    words = {"built": _("built"), "unchanged": _("unchanged"), "skipped": _("skipped"), "failed": _("failed")}
    reasons = {
        State.DRAFT.value: _("draft"),
        State.FUTURE.value: _("dated in the future"),
        State.EMBARGO.value: _("under embargo"),
        State.WITHDRAWN.value: _("withdrawn"),
        State.NO_FRONT_MATTER.value: _("without front matter"),
    }
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right")
    table.add_column()
    table.add_column()
    for status in STATUSES:
        why = ", ".join(f"{count} {reasons[reason]}" for reason, count in summary.reasons.most_common())
        style = {"built": "green", "failed": "red"}.get(status, "") if summary.counts[status] else "dim"
        table.add_row(str(summary.counts[status]), words[status], why if status == "skipped" else "", style=style)
    if summary.warnings:
        for number, (kind, count) in enumerate(summary.warnings.most_common()):
            table.add_row(
                str(sum(summary.warnings.values())) if number == 0 else "",
                _("warnings") if number == 0 else "",
                f"{count} × {kind}",
                style="yellow",
            )
    if hint and any(summary.reasons[state.value] for state in (State.DRAFT, State.FUTURE, State.EMBARGO)):
        table.add_row("", "", _("(--drafts builds them too)"), style="dim")
    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        # A log has no edge that words must be broken at.
        console.width = 200
    console.print(table)
