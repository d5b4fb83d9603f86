"""What the commands that build or check share: the communiqués that are meant, and the reports on all of them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from presskit.base.errors import PresskitError, Problem

if TYPE_CHECKING:
    from presskit.batch.report import Report
    from presskit.reading.sources import Source


def collected(
    names: Sequence[str], site_folder: str, *, twins: bool = False
) -> "tuple[list[Source], list[Problem], list[Report]]":
    """The communiqués that arguments stand for, warnings about their sites, and reports on what is none.

    With ``twins`` two may have kits of one name.
    """
    from presskit.batch.report import Report
    from presskit.reading.sources import Sites, collect, refuse_twins

    warnings: list[Problem] = []
    refused: list[Report] = []
    sources: dict[Path, Source] = {}
    sites = Sites(site_folder, warnings.append)
    for name in names:
        try:
            for source in collect([name], sites):
                sources.setdefault(source.path.resolve(), source)
        except PresskitError as error:
            refused.append(Report(communique=name, status="failed", errors=error.problems))
    try:
        refuse_twins([] if twins else list(sources.values()))
    except PresskitError as error:
        raise click.UsageError(str(error)) from error
    return list(sources.values()), warnings, refused


def reports_on(
    reports: "Iterator[Report]",
    sources: "Sequence[Source]",
    warnings: list[Problem],
    *,
    refused: "list[Report]",
    strict: bool,
) -> "Iterator[Report]":
    """All reports of a run; what is wrong with the sites' settings is told with the first."""
    from presskit.batch.report import Report

    yield from refused
    if strict and warnings:
        yield from (Report(communique=source.name, status="failed", errors=tuple(warnings)) for source in sources)
        return
    try:
        for report in reports:
            yield replace(report, warnings=(*warnings, *report.warnings))
            warnings = []
    except PresskitError as error:
        # Nothing can be built at all: a library or the cluster is not there.
        yield Report(communique=sources[0].name, status="failed", errors=error.problems, warnings=tuple(warnings))
