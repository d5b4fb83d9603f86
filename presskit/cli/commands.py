"""The command line: arguments in, messages and exit codes out."""

import json
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from presskit import __version__
from presskit.base.errors import PresskitError, Problem, os_reason
from presskit.base.i18n import _, ngettext, speak_to_terminal
from presskit.base.startup import quick_imports
from presskit.cli.runs import collected, reports_on
from presskit.cli.telling import STANDARD, lines_on, say_problems, styled

if TYPE_CHECKING:
    from datetime import datetime

    from presskit.batch.report import Report
    from presskit.cli.progress import Display
    from presskit.options import Options
    from presskit.reading.site import Site
    from presskit.reading.sources import Source
    from presskit.room.build import Room

speak_to_terminal()

# Where the kits of a folder or a pattern go: too many for the folder one happens to be in.
KITS = "kits"
INTERRUPTED = 130


_WANTED = (
    click.option("--layout", metavar="NAME", default="", help=_("The layout (see: presskit layouts).")),
    click.option(
        "--allow-missing", is_flag=True, help=_("Build even if attached files are missing; the kit names them.")
    ),
    click.option(
        "--accept-lost-words",
        is_flag=True,
        help=_("Build even if words of the communiqué are not in the kit, with a warning that names them."),
    ),
    click.option("--allow-net", is_flag=True, help=_("Fetch images and files named by a public web address.")),
    click.option(
        "--require",
        metavar="STANDARDS",
        default="",
        help=_("Fail unless the kit conforms to these: pdf/ua-1,pdf/a-3a"),
    ),
    click.option("--strict", is_flag=True, help=_("Treat warnings as errors.")),
)


def _wanted_kits(command: "Callable[..., None]") -> "Callable[..., None]":
    """Give a command the options of how kits are wanted."""
    for option in reversed(_WANTED):
        command = option(command)
    return command


def _options(require: str, **wanted: Any) -> "Options":
    from presskit.options import Options

    return Options(required=_standards(require), **wanted)


@click.group(
    help=_("Turn a communiqué and its attached files into one press kit (PDF)."),
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=_("Most used: presskit build communique.md"),
)
@click.version_option(__version__, prog_name="presskit", message="%(prog)s %(version)s")
def main() -> None:
    """Turn a communiqué and its attached files into one press kit."""


@main.command(
    help=_(
        "Build the kit of each COMMUNIQUE: a Markdown file with its front matter (- for standard input), a folder, "
        "a site's root, or a pattern. Of several, only those that changed are built."
    ),
    epilog=_(
        "Exit code: 0 when all kits are built, 1 when at least one failed, 2 for incorrect usage, 130 when interrupted."
    ),
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
@click.option("--drafts", is_flag=True, help=_("Build drafts too, and what is not out yet or under embargo."))
@click.option("--force", is_flag=True, help=_("Build all kits, changed or not."))
@click.option(
    "--jobs", metavar="N", type=click.IntRange(1), help=_("How many kits to build at once (default: one a core).")
)
@click.option("--zip", "archives", is_flag=True, help=_("Make a ZIP too: kit, attached files, images, texts."))
@click.option("--executor", metavar="ADDRESS", default="", help=_("Build on a Dask cluster: dask://host:port"))
@_wanted_kits
@click.option(
    "--json", "as_json", is_flag=True, help=_("Print a report in JSON on standard output, a line for each kit.")
)
def build(
    communiques: tuple[str, ...],
    output: str,
    site_folder: str,
    as_json: bool,
    drafts: bool,
    force: bool,
    jobs: int | None,
    archives: bool,
    executor: str,
    **wanted: Any,
) -> None:
    """Build the kit of each communiqué."""
    if len(communiques) == 1 and not executor and (communiques[0] == STANDARD or Path(communiques[0]).is_file()):
        # A single kit is always made: what makes it is loaded in another process, while this one loads and reads.
        from presskit.base import worker

        worker.start()
    with quick_imports():
        from presskit.batch.build import build as build_all
        from presskit.batch.report import Summary
        from presskit.batch.request import Request, available_cores
        from presskit.cli.progress import display, say_summary
        from presskit.reading.sources import is_several

    options = _options(**wanted)
    if archives and (executor or output == STANDARD):
        raise click.UsageError(_("--zip makes files on this machine: not with --executor, nor with standard output."))
    several = is_several(communiques)
    sources, warnings, refused = collected(communiques, site_folder)
    folder = _folder_of_kits(communiques, output, several=several, as_json=as_json)
    target = _targets(output, folder)
    if folder is not None and several and sources:
        _make_folder(folder)
    summary = Summary()
    with display(len(sources)) as shown, _heeded_signals() as signals:
        request = Request(
            sources=sources,
            target=target,
            options=options,
            folder=folder if several else None,
            jobs=jobs or available_cores(),
            force=force,
            drafts=drafts,
            executor=executor,
            stopping=lambda: bool(signals),
            archives=archives,
        )
        for report in reports_on(build_all(request), sources, warnings, refused=refused, strict=options.strict):
            summary.add(report)
            _tell(report, shown, as_json=as_json)
    if signals:
        click.echo(_("Interrupted: finished kits are kept, the others are unchanged."), err=True)
    if several:
        say_summary(summary)
    sys.exit(INTERRUPTED if signals else 1 if summary.failed else 0)


@main.command(
    help=_(
        "Make the press room of a SITE: static pages, feeds and downloads, for any web server. What is under embargo "
        "is left out without a trace."
    ),
    epilog=_(
        "Exit code: 0 when all is published, 1 when a communiqué failed, 2 for incorrect usage, 130 when interrupted."
    ),
)
@click.argument("site_folder", metavar="SITE", default=".")
@click.option(
    "-o", "--output", metavar="FOLDER", default="public", help=_("The folder to publish, whole (default: public).")
)
@click.option(
    "--at", metavar="MOMENT", default="", help=_("Show the room as it will be at a given time: '2026-12-01 06:00'.")
)
@click.option("--serve", is_flag=True, help=_("Show the room in a browser of this machine, until Ctrl-C."))
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help=_("The port for --serve (default: 8000)."))
@click.option("--force", is_flag=True, help=_("Build all kits, changed or not."))
@click.option(
    "--jobs", metavar="N", type=click.IntRange(1), help=_("How many kits to build at once (default: one a core).")
)
@click.option("--allow-missing", is_flag=True, help=_("Build even if attached files are missing; the kit names them."))
@click.option(
    "--accept-lost-words",
    is_flag=True,
    help=_("Build even if words of the communiqué are not in the kit, with a warning that names them."),
)
@click.option(
    "--json", "as_json", is_flag=True, help=_("Print a report in JSON on standard output, a line for each kit.")
)
def room(
    site_folder: str,
    output: str,
    at: str,
    serve: bool,
    port: int,
    force: bool,
    jobs: int | None,
    allow_missing: bool,
    accept_lost_words: bool,
    as_json: bool,
) -> None:
    """Make the press room of a site."""
    with quick_imports():
        from presskit.batch.report import Summary
        from presskit.batch.request import available_cores
        from presskit.cli.progress import display, say_summary
        from presskit.options import Options
        from presskit.reading.sources import Sites, root_named
        from presskit.room.build import RoomRequest, build_room, sources_of

    warnings: list[Problem] = []
    summary = Summary()
    try:
        site = Sites(site_folder, warnings.append).at(root_named(site_folder))
        moment = _at(at, site) if at else None
        request = RoomRequest(
            site=site,
            output=Path(output),
            options=Options(allow_missing=allow_missing, accept_lost_words=accept_lost_words),
            at=moment,
            jobs=jobs or available_cores(),
            force=force,
        )
        sources = sources_of(request)
        with display(len(sources)) as shown, _heeded_signals() as signals:

            def on_report(report: "Report") -> None:
                summary.add(report)
                # Where its kit is kept is nobody's concern: it is published by another name.
                _tell(replace(report, kit=report.communique), shown, as_json=as_json)

            request = replace(request, stopping=lambda: bool(signals))
            made = build_room(request, sources, warnings.append, on_report=on_report)
    except PresskitError as error:
        say_problems(warnings, _("warning"), "yellow")
        say_problems(error.problems, _("error"), "red")
        click.echo(_("No press room was made; the existing one is unchanged."), err=True)
        sys.exit(1)
    say_problems(warnings, _("warning"), "yellow")
    say_problems(made.refused, _("error"), "red")
    say_summary(summary, hint=False)
    if made.swapped is None:
        click.echo(_("Interrupted: the press room is unchanged."), err=True)
        sys.exit(INTERRUPTED)
    _say_room(made, output, at)
    if serve:
        _serve(Path(output), port)
    sys.exit(1 if summary.failed or made.refused else 0)


def _at(written: str, site: "Site") -> "datetime":
    """The moment that --at names."""
    from presskit.reading.days import day_of, moment_of

    day = day_of(written)
    if day is None:
        what = _("--at: “{value}” is not a date and time. Write for instance: --at '2026-12-01 06:00'")
        raise click.UsageError(what.format(value=written))
    return moment_of(day, site.clock)


def _say_room(made: "Room", output: str, at: str) -> None:
    swapped = made.swapped
    assert swapped is not None  # noqa: S101
    count = ngettext("{count} publication", "{count} publications", made.publications).format(count=made.publications)
    what = _("{output}: {publications}; files: {written} new or changed, {kept} as before, {removed} gone.")
    line = what.format(
        output=output, publications=count, written=swapped.written, kept=swapped.kept, removed=swapped.removed
    )
    click.echo(f"{styled('✓', 'green')} {line}", err=True)
    if at:
        click.echo(_("This is the room as of {moment}: do not publish it before then.").format(moment=at), err=True)


def _serve(folder: Path, port: int) -> None:
    """Show a room until Ctrl-C."""
    from presskit.room.serve import HOST, server

    try:
        with server(folder, port) as shown:
            address = f"http://{HOST}:{shown.server_address[1]}/"
            click.echo(_("The room is shown at {address} (Ctrl-C ends).").format(address=address), err=True)
            shown.serve_forever()
    except PresskitError as error:
        say_problems(error.problems, _("error"), "red")
        sys.exit(1)
    except KeyboardInterrupt:
        click.echo("", err=True)


@main.command(
    help=_(
        "Check kits (PDF) for accessibility and archiving, or communiqués before they are built: all that building "
        "them would say, and more. Nothing is written."
    ),
    epilog=_(
        "Exit code: 0 when each communiqué can be built (warnings allowed, without --strict) and each PDF conforms, "
        "1 when one does not, 2 for incorrect usage."
    ),
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--site", "site_folder", metavar="FOLDER", default="", help=_("The site's root folder."))
@_wanted_kits
@click.option("--json", "as_json", is_flag=True, help=_("Print a report in JSON on standard output."))
def check(files: tuple[str, ...], site_folder: str, as_json: bool, **wanted: Any) -> None:
    """Check kits or communiqués."""
    with quick_imports():
        from presskit.cli.checking import check_all, say_checked
    reports, is_right = check_all(list(dict.fromkeys(files)), site_folder, _options(**wanted))
    for report in [] if as_json else reports:
        say_checked(report)
    if as_json:
        click.echo(json.dumps({"presskit": __version__, "files": reports}, ensure_ascii=False, indent=2))
    sys.exit(0 if is_right else 1)


@main.command(help=_("List the layouts, those of the site included."))
@click.option("--site", "site_folder", metavar="FOLDER", default=".", help=_("The site's root folder."))
def layouts(site_folder: str) -> None:
    """List the layouts."""
    from presskit.layout.layouts import layouts as all_layouts
    from presskit.reading.site import Site
    from presskit.reading.sources import root_named

    try:
        known = all_layouts(Site(root=root_named(site_folder)))
    except PresskitError as error:
        say_problems(error.problems, _("error"), "red")
        sys.exit(1)
    width = max(len(name) for name in known)
    for name, layout in known.items():
        click.echo(f"{name:<{width}}  {layout.description.get(_('en'), '')}".rstrip())


def _folder_of_kits(names: Sequence[str], output: str, *, several: bool, as_json: bool) -> Path | None:
    """The folder in which kits are put, None where the output is one file or the standard one.

    Wrong combinations end the program as click's own usage errors do.
    """
    from presskit.reading.sources import is_pattern

    if output == STANDARD:
        if several or as_json:
            raise click.UsageError(_("Standard output takes a single kit, and no JSON report beside it."))
        return None
    if not several:
        folder = output.endswith(("/", "\\")) or Path(output).is_dir()
        return Path(output) if folder or not output else None
    if output and Path(output).exists() and not Path(output).is_dir():
        raise click.UsageError(_("For several communiqués, -o takes a folder: {path} is a file.").format(path=output))
    brought = any(Path(name).is_dir() or is_pattern(name) for name in names)
    return Path(output or (KITS if brought else ""))


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = _("The folder {path} can't be made ({detail}).").format(path=folder, detail=os_reason(error))
        raise click.UsageError(what) from error


def _targets(output: str, folder: Path | None) -> "Callable[[Source], Path | None]":
    def target(source: "Source") -> Path | None:
        if output == STANDARD:
            return None
        return folder / source.kit if folder is not None else Path(output)

    return target


@contextmanager
def _heeded_signals() -> Iterator[list[int]]:
    """Ctrl-C, and a request to end, asks that what is begun be finished; a second one ends it at once."""
    heard: list[int] = []

    def hear(number: int, _frame: object) -> None:
        heard.append(number)
        if len(heard) > 1:
            raise KeyboardInterrupt

    before = {number: signal.signal(number, hear) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield heard
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell(report: "Report", shown: "Display", *, as_json: bool) -> None:
    """Tell people and programs what became of one communiqué."""
    if report.pdf:
        sys.stdout.buffer.write(report.pdf)
    if as_json:
        click.echo(json.dumps({"presskit": __version__} | report.as_json(), ensure_ascii=False))
        sys.stdout.flush()
    for line in lines_on(report, brief=shown.is_live):
        shown.say(line)
    shown.advance()


def _standards(names: str) -> tuple[str, ...]:
    """The standards that --require names."""
    from presskit.conformance.rules import TITLES

    wanted = tuple(name.strip().lower() for name in names.split(",") if name.strip())
    for name in wanted:
        if name not in TITLES:
            what = _("--require accepts {known}, not “{name}”.")
            raise click.UsageError(what.format(known=", ".join(TITLES), name=name))
    return wanted
