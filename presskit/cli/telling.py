"""What people are told of problems, and of what became of each communiqué."""

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from presskit.base.errors import Problem
from presskit.base.i18n import _, ngettext

if TYPE_CHECKING:
    from presskit.batch.report import Report

STANDARD = "-"


def say_problems(problems: Sequence[Problem], label: str, colour: str) -> None:
    """Tell of problems, on standard error."""
    for problem in problems:
        click.echo(styled(label, colour) + _(": ") + str(problem), err=True)


def lines_on(report: "Report", *, brief: bool) -> Iterator[str]:
    """What people are told of one communiqué; ``brief`` where a bar tells of what went well without a remark."""
    colon = _(": ")
    if report.status != "unchanged":
        for problems, label, colour in (
            (report.warnings, _("warning"), "yellow"),
            (report.errors, _("error"), "red"),
        ):
            for problem in problems:
                yield styled(label, colour) + colon + str(problem)
    if report.status == "failed":
        yield _("{communique}: no kit was built.").format(communique=report.communique)
    elif report.status == "built" and report.details is not None and (report.warnings or not brief):
        from presskit.conformance.rules import TITLES
        from presskit.layout.wording import size_in_words

        details = report.details
        pages = ngettext("{count} page", "{count} pages", details.pages).format(count=details.pages)
        name = _("standard output") if report.kit == STANDARD else report.kit
        size = size_in_words(details.bytes, _("en"))
        conforms = "".join(f", {TITLES[standard]}" for standard in details.claims)
        yield f"{styled('✓', 'green')} {name} ({pages}, {size}{conforms})"


def styled(text: str, colour: str) -> str:
    """A text in a colour, where there are any."""
    # click drops colours where there is no terminal; NO_COLOR is for us to obey (https://no-color.org).
    return text if os.environ.get("NO_COLOR") else click.style(text, fg=colour, bold=True)
