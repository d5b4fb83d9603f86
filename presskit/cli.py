"""The command line: arguments in, messages and exit codes out."""

import json
import sys
from dataclasses import asdict
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
@click.option("--strict", is_flag=True, help=_("Treat warnings as errors."))
@click.option("--json", "as_json", is_flag=True, help=_("Print a report in JSON on standard output."))
def build(
    communiques: tuple[str, ...],
    output: str,
    site_folder: str,
    layout: str,
    allow_missing: bool,
    allow_net: bool,
    strict: bool,
    as_json: bool,
) -> None:
    """Build the kit of each communiqué."""
    targets = _targets(communiques, output, as_json)
    sites: dict[Path, Site] = {}
    reports = []
    for communique, target in zip(communiques, targets, strict=True):
        several = len(communiques) > 1
        report = _build_one(communique, target, site_folder, layout, allow_missing, allow_net, strict, several, sites)
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


def _build_one(
    communique: str,
    target: str,
    site_folder: str,
    layout: str,
    allow_missing: bool,
    allow_net: bool,
    strict: bool,
    several: bool,
    sites: "dict[Path, Site]",
) -> dict[str, Any]:
    """Build one kit; gives its report, for people and for --json alike."""
    warnings: list[Problem] = []
    errors: list[Problem] = []
    kit: Kit | None = None

    def warn(problem: Problem) -> None:
        if problem not in warnings:
            warnings.append(problem)

    try:
        kit = _kit(communique, site_folder, layout, allow_missing, allow_net, several, sites, warn)
        if strict and warnings:
            raise PresskitError(warnings)
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
        }
    report["errors"] = [_as_json(problem) for problem in errors]
    report["warnings"] = [_as_json(problem) for problem in warnings if problem not in errors]
    return report


def _kit(
    communique: str,
    site_folder: str,
    layout: str,
    allow_missing: bool,
    allow_net: bool,
    several: bool,
    sites: "dict[Path, Site]",
    warn: Warn,
) -> "Kit":
    with quick_imports():
        from presskit.site import find_root, read_site

    octets, source, folder = _read(communique)
    root = _folder(site_folder) if site_folder else find_root(folder / source)
    if root not in sites:
        sites[root] = read_site(root, warn)

    with quick_imports():
        from presskit.kit import build_kit
        from presskit.render import preload

    if several:
        preload(sites[root].brand.font_folder)
    return build_kit(
        octets, source, folder, sites[root], warn, layout=layout, allow_missing=allow_missing, allow_net=allow_net
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

        pages = ngettext("{count} page", "{count} pages", report["pages"]).format(count=report["pages"])
        name = _("standard output") if report["kit"] == STANDARD else report["kit"]
        size = size_in_words(report["bytes"], _("en"))
        click.echo(f"{_styled('✓', 'green')} {name} ({pages}, {size})", err=True)
    else:
        click.echo(_("{communique}: no kit was built.").format(communique=report["communique"]), err=True)


def _styled(text: str, colour: str) -> str:
    import os

    # click drops colours where there is no terminal; NO_COLOR is for us to obey (https://no-color.org).
    return text if os.environ.get("NO_COLOR") else click.style(text, fg=colour, bold=True)
