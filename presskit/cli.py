"""The command line: arguments in, messages and exit codes out."""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from presskit import __version__
from presskit.errors import PresskitError, Problem, Warn, os_reason
from presskit.i18n import _, ngettext, speak_to_terminal
from presskit.startup import quick_imports

if TYPE_CHECKING:
    from presskit.kit import Kit
    from presskit.site import Site

speak_to_terminal()

STANDARD = "-"


@click.group(
    help=_("Turn a communiqué and its attached files into one press kit (PDF)."),
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=_("Most used: presskit build communique.md"),
)
@click.version_option(__version__, prog_name="presskit", message="%(prog)s %(version)s")
def main() -> None:
    """Turn a communiqué and its attached files into one press kit."""


@main.command(
    help=_("Build the kit of each COMMUNIQUE (a Markdown file with its front matter; - for standard input)."),
    epilog=_("Exit code: 0 when all kits are built, 1 when at least one failed, 2 for a wrong usage."),
)
@click.argument("communiques", metavar="COMMUNIQUE...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    metavar="PATH",
    default="",
    help=_("The kit's file for one communiqué (- for standard output), a folder for several."),
)
@click.option("--site", "site_folder", metavar="FOLDER", default="", help=_("The site's root folder."))
@click.option("--layout", metavar="NAME", default="", help=_("The layout (see: presskit layouts)."))
@click.option("--allow-missing", is_flag=True, help=_("Build even if attached files are missing; the kit names them."))
@click.option("--allow-net", is_flag=True, help=_("Fetch images and files named by a public web address."))
@click.option(
    "--require",
    metavar="STANDARDS",
    default="",
    help=_("Fail unless the kit conforms to these: pdf/ua-1,pdf/a-3a"),
)
@click.option("--strict", is_flag=True, help=_("Treat warnings as errors."))
@click.option("--json", "as_json", is_flag=True, help=_("Print a report in JSON on standard output."))
def build(communiques: tuple[str, ...], output: str, as_json: bool, require: str, **options: Any) -> None:
    """Build the kit of each communiqué."""
    targets = _targets(communiques, output, as_json)
    wanted = _Wanted(**options, required=_standards(require), several=len(communiques) > 1)
    sites: dict[Path, Site] = {}
    reports = []
    for communique, target in zip(communiques, targets, strict=True):
        report = _build_one(communique, target, wanted, sites)
        reports.append(report)
        _say(report)
    if as_json:
        click.echo(json.dumps({"presskit": __version__, "kits": reports}, ensure_ascii=False, indent=2))
    failed = sum(report["status"] == "failed" for report in reports)
    if len(reports) > 1:
        built = len(reports) - failed
        summary = ngettext("{count} kit built", "{count} kits built", built).format(count=built)
        if failed:
            summary += ", " + ngettext("{count} failed", "{count} failed", failed).format(count=failed)
        click.echo(summary, err=True)
    sys.exit(1 if failed else 0)


@main.command(
    help=_("Check kits (PDF) for accessibility and archiving, or communiqués before they are built."),
    epilog=_("Exit code: 0 when nothing is wrong, 1 when something is, 2 for a wrong usage."),
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--site", "site_folder", metavar="FOLDER", default="", help=_("The site's root folder."))
@click.option("--json", "as_json", is_flag=True, help=_("Print a report in JSON on standard output."))
def check(files: tuple[str, ...], site_folder: str, as_json: bool) -> None:
    """Check kits or communiqués."""
    reports = [_check_one(file, site_folder) for file in files]
    for report in [] if as_json else reports:
        _say_checked(report)
    if as_json:
        click.echo(json.dumps({"presskit": __version__, "files": reports}, ensure_ascii=False, indent=2))
    sys.exit(0 if all(report["status"] == "right" for report in reports) else 1)


@main.command(help=_("List the layouts, those of the site included."))
@click.option("--site", "site_folder", metavar="FOLDER", default=".", help=_("The site's root folder."))
def layouts(site_folder: str) -> None:
    """List the layouts."""
    from presskit.layout import layouts as all_layouts
    from presskit.site import Site

    known = all_layouts(Site(_folder(site_folder)))
    width = max(len(name) for name in known)
    for name, layout in known.items():
        click.echo(f"{name:<{width}}  {layout.description.get(_('en'), '')}".rstrip())


def _check_one(file: str, site_folder: str) -> dict[str, Any]:
    """Check one file, by its content; gives its report."""
    report: dict[str, Any] = {"file": file, "status": "failed", "errors": [], "findings": []}
    try:
        octets, source, folder = _read(file)
        with quick_imports():
            from presskit.check import check_communique, check_kit
        if octets.startswith(b"%PDF-") and file != STANDARD:
            verdict = check_kit(Path(file))
            report["validator"] = verdict.validator
            report["standards"] = {
                standard: [
                    {"clause": fault.clause, "rule": fault.rule, "what": fault.words}
                    | ({"page": fault.page} if fault.page else {})
                    for fault in faults
                ]
                for standard, faults in verdict.faults.items()
            }
            findings, right = verdict.findings, verdict.conforms
        else:
            warnings: list[Problem] = []
            findings = check_communique(
                octets, source, folder, _site(folder / source, site_folder, {}, warnings.append)
            )
            findings = [*warnings, *findings]
            right = not findings
        report["findings"] = [_as_json(problem) for problem in findings]
        report["status"] = "right" if right else "wrong"
    except PresskitError as error:
        report["errors"] = [_as_json(problem) for problem in error.problems]
    return report


def _say_checked(report: dict[str, Any]) -> None:
    """Tell people, on standard output, what was found of one file."""
    from presskit.rules import TITLES

    colon = _(": ")
    for entry in report["errors"]:
        click.echo(_styled(_("error"), "red") + colon + str(Problem(**entry)), err=True)
    for standard, faults in report.get("standards", {}).items():
        mark = _styled("✗", "red") if faults else _styled("✓", "green")
        count = ngettext("{count} fault", "{count} faults", len(faults)).format(count=len(faults))
        said = count if faults else _("conforms")
        click.echo(f"{mark} {report['file']}{colon}{TITLES[standard]}, {said} ({report['validator']})")
        for fault in faults:
            place = _("page {page}").format(page=fault["page"]) + colon if "page" in fault else ""
            click.echo(f"    {place}{fault['what']} ({fault['clause']})")
    for entry in report["findings"]:
        click.echo(f"{_styled('!', 'yellow')} {Problem(**entry)}")
    if report["status"] == "right" and "standards" not in report:
        click.echo(f"{_styled('✓', 'green')} {report['file']}{colon}" + _("nothing is wrong that a program can tell"))


def _site(communique: Path, site_folder: str, sites: "dict[Path, Site]", warn: Warn) -> "Site":
    """The site of a communiqué, read once."""
    with quick_imports():
        from presskit.site import find_root, read_site

    root = _folder(site_folder) if site_folder else find_root(communique)
    if root not in sites:
        sites[root] = read_site(root, warn)
    return sites[root]


def _targets(communiques: tuple[str, ...], output: str, as_json: bool) -> list[str]:
    """Where each kit goes; wrong combinations end the program as click's own usage errors do."""
    names = [f"{Path(c).stem if c != STANDARD else 'communique'}.pdf" for c in communiques]
    if output == STANDARD:
        if len(communiques) > 1 or as_json:
            raise click.UsageError(_("Standard output takes one kit, and no JSON report beside it."))
        return [STANDARD]
    folder = len(communiques) > 1 or output.endswith(("/", "\\")) or Path(output).is_dir()
    if output and not folder:
        return [output]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise click.UsageError(_("Two communiqués would give the same file: {name}.").format(name=twice))
    if output and Path(output).exists() and not Path(output).is_dir():
        raise click.UsageError(_("For several communiqués, -o takes a folder: {path} is a file.").format(path=output))
    return [str(Path(output) / name) for name in names]


@dataclass(frozen=True)
class _Wanted:
    """What the command line asks for, beside the communiqués and where their kits go."""

    site_folder: str
    layout: str
    allow_missing: bool
    allow_net: bool
    strict: bool
    required: tuple[str, ...]
    several: bool


def _standards(names: str) -> tuple[str, ...]:
    """The standards that --require names."""
    from presskit.rules import TITLES

    wanted = tuple(name.strip().lower() for name in names.split(",") if name.strip())
    for name in wanted:
        if name not in TITLES:
            what = _("--require knows {known}, not “{name}”.")
            raise click.UsageError(what.format(known=", ".join(TITLES), name=name))
    return wanted


def _build_one(communique: str, target: str, wanted: _Wanted, sites: "dict[Path, Site]") -> dict[str, Any]:
    """Build one kit; gives its report, for people and for --json alike."""
    warnings: list[Problem] = []
    errors: list[Problem] = []
    kit: Kit | None = None

    def warn(problem: Problem) -> None:
        if problem not in warnings:
            warnings.append(problem)

    try:
        kit = _kit(communique, wanted, sites, warn)
        lacking = [problem for standard, problem in kit.refusals if standard in wanted.required]
        if lacking or (wanted.strict and warnings):
            raise PresskitError(warnings if wanted.strict else lacking)
        _deliver(kit, communique, target)
    except PresskitError as error:
        errors += error.problems
    report: dict[str, Any] = {
        "communique": communique,
        "status": "failed" if errors else "built",
        "kit": None if errors else target,
    }
    if kit is not None and not errors:
        report |= {
            "title": kit.title,
            "layout": kit.layout,
            "pages": kit.pages,
            "bytes": len(kit.pdf),
            "parts": [
                {name: value for name, value in asdict(part).items() if value or name != "url"} for part in kit.parts
            ],
            "missing": list(kit.missing),
            "conformance": {
                "claims": list(kit.claims),
                "refusals": [{"standard": name} | _as_json(problem) for name, problem in kit.refusals],
                "care": [asdict(care) for care in kit.care],
            },
        }
    report["errors"] = [_as_json(problem) for problem in errors]
    report["warnings"] = [_as_json(problem) for problem in warnings if problem not in errors]
    return report


def _kit(communique: str, wanted: _Wanted, sites: "dict[Path, Site]", warn: Warn) -> "Kit":
    octets, source, folder = _read(communique)
    site = _site(folder / source, wanted.site_folder, sites, warn)

    with quick_imports():
        from presskit.kit import build_kit
        from presskit.render import preload

    if wanted.several:
        preload(site.brand.font_folder)
    return build_kit(
        octets,
        source,
        folder,
        site,
        warn,
        layout=wanted.layout,
        allow_missing=wanted.allow_missing,
        allow_net=wanted.allow_net,
    )


def _read(communique: str) -> tuple[bytes, str, Path]:
    """A communiqué's bytes, its name for messages, and its folder."""
    if communique == STANDARD:
        return sys.stdin.buffer.read(), _("standard input"), Path.cwd()
    path = Path(communique)
    try:
        return path.read_bytes(), path.name, path.parent
    except OSError as error:
        if path.is_dir():
            what, remedy = _("this is a folder, not a communiqué."), _("Name one of its .md files.")
        else:
            what = _("the file can't be read ({detail}).").format(detail=os_reason(error))
            remedy = _("Check the path and the file's rights.")
        raise PresskitError(Problem(what, communique, remedy=remedy)) from error


def _folder(name: str) -> Path:
    path = Path(name)
    if not path.is_dir():
        raise PresskitError(
            Problem(_("this folder is not there."), name, remedy=_("Give the site's root with --site."))
        )
    return path


def _deliver(kit: "Kit", communique: str, target: str) -> None:
    from presskit.kit import write_kit

    if target == STANDARD:
        sys.stdout.buffer.write(kit.pdf)
        return
    path = Path(target)
    if path.exists() and communique != STANDARD and path.samefile(communique):
        raise PresskitError(
            Problem(
                _("the kit would replace the communiqué itself."),
                target,
                remedy=_("Choose another name with -o."),
            )
        )
    write_kit(kit, path)


def _as_json(problem: Problem) -> dict[str, Any]:
    values = {name: getattr(problem, name) for name in ("what", "file", "field", "line", "page", "remedy")}
    return {name: value for name, value in values.items() if value}


def _say(report: dict[str, Any]) -> None:
    """Tell people, on standard error, what became of one communiqué."""
    colon = _(": ")
    for entries, label, colour in (("warnings", _("warning"), "yellow"), ("errors", _("error"), "red")):
        for entry in report[entries]:
            click.echo(_styled(label, colour) + colon + str(Problem(**entry)), err=True)
    if report["status"] == "built":
        from presskit.layout import size_in_words
        from presskit.rules import TITLES

        pages = ngettext("{count} page", "{count} pages", report["pages"]).format(count=report["pages"])
        name = _("standard output") if report["kit"] == STANDARD else report["kit"]
        size = size_in_words(report["bytes"], _("en"))
        claims = report["conformance"]["claims"]
        conforms = "".join(f", {TITLES[standard]}" for standard in claims)
        click.echo(f"{_styled('✓', 'green')} {name} ({pages}, {size}{conforms})", err=True)
    else:
        click.echo(_("{communique}: no kit was built.").format(communique=report["communique"]), err=True)


def _styled(text: str, colour: str) -> str:
    import os

    # click drops colours where there is no terminal; NO_COLOR is for us to obey (https://no-color.org).
    return text if os.environ.get("NO_COLOR") else click.style(text, fg=colour, bold=True)
