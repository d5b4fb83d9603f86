"""For programs that call presskit: one kit, or those of a site."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from presskit.base.errors import PresskitError, Problem, Warn, unsaid
from presskit.batch.build import build
from presskit.batch.report import Report, Summary
from presskit.batch.request import Request, available_cores
from presskit.options import Options
from presskit.reading.sources import Sites, Source, collect, refuse_twins


def build_kit(
    communique: str | os.PathLike[str],
    output: str | os.PathLike[str] | None = None,
    *,
    site: str | os.PathLike[str] | None = None,
    options: Options | None = None,
) -> Report:
    """Build the kit of one communiqué, whether it is out or not.

    ``communique`` is its file, ``output`` the kit's; without one the kit's bytes are in the report's
    ``pdf``. ``site`` is the site's root; by default the nearest folder above with ``_config.yml`` or
    ``presskit.toml``. What deserves a look is in the report's ``warnings``.

    Raises PresskitError, whose ``problems`` tell all that is wrong, when there is no kit.
    """
    warnings: list[Problem] = []
    name = os.fspath(communique)
    path = Path(name)
    source = Source(
        name=name, path=path, site=Sites(os.fspath(site) if site else "", warnings.append).of(path), named=True
    )
    target = Path(output) if output is not None else None
    (report,) = build(Request(sources=[source], target=lambda _source: target, options=options or Options()))
    if report.status == "failed":
        raise PresskitError(report.errors)
    return replace(report, warnings=(*warnings, *report.warnings))


def build_site(
    site: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    output: str | os.PathLike[str],
    *,
    options: Options | None = None,
    jobs: int | None = None,
    force: bool = False,
    drafts: bool = False,
    executor: str = "",
    on_report: Callable[[Report], None] = lambda _report: None,
    warn: Warn = unsaid,
) -> Summary:
    """Build the kits of a site, or of several files, folders and patterns, into the folder ``output``.

    Only kits that are not there, or whose communiqué, files, layout or settings have changed, are built,
    all with ``force``. Drafts, and communiqués that are not out yet, are left out unless ``drafts``.
    ``jobs`` workers share the work (default: as many as there are cores), or the Dask cluster at
    ``executor``. ``on_report`` is told of each communiqué; ``warn`` of what is wrong with the settings.

    Returns the counts: kits that fail are counted, and do not raise. Raises PresskitError before any work
    when there is no communiqué, or two would give kits of one name.
    """
    names = [site] if isinstance(site, (str, os.PathLike)) else site
    sources = collect([os.fspath(name) for name in names], Sites("", warn))
    refuse_twins(sources)
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    request = Request(
        sources=sources,
        target=lambda source: folder / source.kit,
        options=options or Options(),
        folder=folder,
        jobs=jobs or available_cores(),
        force=force,
        drafts=drafts,
        executor=executor,
    )
    summary = Summary()
    for report in build(request):
        summary.add(report)
        on_report(report)
    return summary
