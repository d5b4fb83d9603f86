"""What `presskit check` reports of each file, for programs and for people."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from presskit.base.errors import PresskitError, Problem
from presskit.base.i18n import _, ngettext
from presskit.base.startup import quick_imports
from presskit.cli.runs import collected, reports_on
from presskit.cli.telling import STANDARD, say_problems, styled
from presskit.options import Options


def check_all(names: Sequence[str], site_folder: str, options: Options) -> tuple[list[dict[str, Any]], bool]:
    """The report on each of these files, kits first, and whether none of them fails."""
    pdfs = [name for name in names if _is_pdf(name)]
    others = [name for name in names if name not in pdfs]
    kits = list(_check_kits(pdfs))
    communiques = list(_check_communiques(others, site_folder, options)) if others else []
    # As with `build`, a communiqué that only deserves a look does not fail; a kit that does not conform does.
    right = all(report["status"] == "right" for report in kits)
    return kits + communiques, right and all(report["status"] != "failed" for report in communiques)


def _is_pdf(name: str) -> bool:
    """Whether a file is a PDF, by its content; what can't be read is not."""
    try:
        with Path(name).open("rb") as file:
            return name != STANDARD and file.read(5) == b"%PDF-"
    except OSError:
        return False


def _checked(
    name: str, errors: Sequence[Problem], findings: Sequence[Problem], *, right: bool = True, **more: object
) -> dict[str, Any]:
    """The report on a file that was checked."""
    return {
        "file": name,
        "status": "failed" if errors else "wrong" if findings or not right else "right",
        "errors": [problem.as_json() for problem in errors],
        "findings": [problem.as_json() for problem in findings],
        **more,
    }


def _check_kits(names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The report on each of these PDFs."""
    for name in names:
        with quick_imports():
            from presskit.batch.check import check_kit
        try:
            verdict = check_kit(Path(name))
        except PresskitError as error:
            yield _checked(name, error.problems, [])
            continue
        standards = {
            standard: [
                {"clause": fault.clause, "rule": fault.rule, "what": fault.words}
                | ({"page": fault.page} if fault.page else {})
                for fault in faults
            ]
            for standard, faults in verdict.faults.items()
        }
        more = {"validator": verdict.validator, "standards": standards}
        yield _checked(name, [], verdict.findings, right=verdict.conforms, **more)


def _check_communiques(names: Sequence[str], site_folder: str, options: Options) -> Iterator[dict[str, Any]]:
    """The reports on the communiqués that these names stand for, of a run as `build` makes it."""
    with quick_imports():
        from presskit.batch.check import check_communiques

    sources, warnings, refused = collected(names, site_folder, twins=True)
    reports = check_communiques(sources, options)
    for report in reports_on(reports, sources, warnings, refused=refused, strict=options.strict):
        if report.status != "skipped":
            yield _checked(report.communique, report.errors, report.warnings)


def say_checked(report: dict[str, Any]) -> None:
    """Tell people what was found of one file: on standard output, errors apart."""
    from presskit.conformance.rules import TITLES

    colon = _(": ")
    say_problems([Problem(**entry) for entry in report["errors"]], _("error"), "red")
    for standard, faults in report.get("standards", {}).items():
        mark = styled("✗", "red") if faults else styled("✓", "green")
        count = ngettext("{count} fault", "{count} faults", len(faults)).format(count=len(faults))
        said = count if faults else _("conforms")
        click.echo(f"{mark} {report['file']}{colon}{TITLES[standard]}, {said} ({report['validator']})")
        for fault in faults:
            place = _("page {page}").format(page=fault["page"]) + colon if "page" in fault else ""
            click.echo(f"    {place}{fault['what']} ({fault['clause']})")
    for entry in report["findings"]:
        click.echo(styled(_("warning"), "yellow") + colon + str(Problem(**entry)))
    if report["status"] == "right" and "standards" not in report:
        click.echo(f"{styled('✓', 'green')} {report['file']}{colon}" + _("nothing wrong that a program can detect"))
