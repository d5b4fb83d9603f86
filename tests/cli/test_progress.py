"""What a run shows: a bar on a terminal, lines elsewhere, and a table at the end."""

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from presskit.batch.report import Summary
from presskit.cli.progress import say_summary
from tests.conftest import SiteFolder


def three(site: SiteFolder) -> None:
    site.write("presskit.toml", "")
    for name in ("a", "b"):
        site.communique(body="**gras **: x", name=f"{name}.md")
    site.write("c.md", "---\ntitle: T\n---\nx")


def run(site: SiteFolder, *arguments: str, terminal: bool, **environment: str) -> str:
    """Run the command; gives what it writes on standard error."""
    command = [sys.executable, "-m", "presskit", "build", *arguments]
    environment = {**os.environ, "COLUMNS": "100", "TERM": "xterm", **environment}
    if not terminal:
        done = subprocess.run(command, capture_output=True, text=True, cwd=site.root, env=environment, check=False)
        return done.stderr
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, stderr=theirs, cwd=site.root, env=environment)
    os.close(theirs)
    written = b""
    try:
        while piece := os.read(ours, 65536):
            written += piece
    except OSError:
        # Linux says so that nobody holds the other end any more.
        pass
    process.wait()
    os.close(ours)
    return written.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="NOT TESTED: there is no pty on Windows")
def test_a_terminal_has_a_bar_with_count_rate_and_time_left(site: SiteFolder) -> None:
    three(site)
    site.communique(name="d.md")
    written = run(site, ".", "--jobs", "1", terminal=True)
    for count in ("0/4", "1/4", "2/4", "3/4", "4/4"):
        assert count in written
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", written)
    assert re.search(r"\d\.\d a second +0:00:0\d", plain)
    # Warnings and errors stay above it, with the kit that they are about; what else went well is in the bar alone.
    assert plain.count("has a space inside") == 3
    assert "c.md: no kit was built." in plain
    assert "✓ kits/a.pdf" in plain
    assert "✓ kits/d.pdf" not in plain
    assert re.search(r"3 +built", plain)


@pytest.mark.skipif(sys.platform == "win32", reason="NOT TESTED: there is no pty on Windows")
def test_no_color_has_no_colour(site: SiteFolder) -> None:
    three(site)
    assert "\x1b[3" not in run(site, ".", terminal=True, NO_COLOR="1")


def test_elsewhere_each_kit_is_a_line(site: SiteFolder) -> None:
    three(site)
    written = run(site, ".", "-o", "sortie", terminal=False)
    assert "\x1b" not in written
    # Two workers end when they end.
    assert sorted(line.split(" (")[0] for line in written.splitlines() if line.startswith("✓")) == [
        "✓ sortie/a.pdf",
        "✓ sortie/b.pdf",
    ]
    table = [line.split() for line in written.splitlines()[-5:]]
    assert table == [
        ["2", "built"],
        ["0", "unchanged"],
        ["0", "skipped"],
        ["1", "failed"],
        ["2", "warnings", "2", "×", "…", "has", "a", "space", "inside", "its", "marks."],
    ]


@pytest.mark.parametrize(
    ("arguments", "kits"),
    [
        ([".", "--jobs", "2"], {"kits/a.pdf", "kits/b.pdf"}),
        (["*.md"], {"kits/a.pdf", "kits/b.pdf"}),
        (["a.md", "b.md"], {"a.pdf", "b.pdf"}),
        (["a.md"], {"a.pdf"}),
        (["a.md", "-o", "sortie/"], {"sortie/a.pdf"}),
    ],
)
def test_where_kits_go(site: SiteFolder, arguments: list[str], kits: set[str]) -> None:
    three(site)
    run(site, *arguments, terminal=False)
    assert {path.relative_to(site.root).as_posix() for path in site.root.rglob("*.pdf")} == kits


def test_a_single_kit_leaves_no_record(site: SiteFolder) -> None:
    three(site)
    run(site, "a.md", "-o", "sortie/", terminal=False)
    assert not list(Path(site.root).rglob(".presskit-record*"))


def test_the_table_tells_why_and_what(capsys: pytest.CaptureFixture[str]) -> None:
    summary = Summary(
        Counter({"built": 1204, "skipped": 3}),
        Counter({"draft": 2, "embargo": 1}),
        Counter({"… has no alternative text.": 12, "[b]…[/b]": 1}),
    )
    say_summary(summary)
    lines = [line.rstrip() for line in capsys.readouterr().err.splitlines()]
    assert lines == [
        "1204  built",
        "   0  unchanged",
        "   3  skipped    2 draft, 1 under embargo",
        "   0  failed",
        "  13  warnings   12 × … has no alternative text.",
        "                 1 × [b]…[/b]",
        "                 (--drafts builds them too)",
    ]
