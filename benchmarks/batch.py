"""A whole archive: against what people would do otherwise, against the floor, and again and again.

`python -m benchmarks.batch [COUNT]`: COUNT is the size of the large archive, 2,000 by default.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.archive import write_archive
from benchmarks.results import table, write_section

ROOT = Path(__file__).resolve().parent.parent
PRESSKIT = str(Path(sys.executable).parent / "presskit")
LOOP_COUNT, JOBS_COUNT, WARM_COUNT = 40, 200, 40

# What a webmaster would write: the text, the page, the attachments behind it.
LOOP = r"""
set -e
for source in "$1"/_communiques/*.md; do
    name=$(basename "$source" .md)
    sed '1,/^---$/{1d;/^---$/d}' "$source" | sed '1,/^---$/d' > "$2/$name.txt"
    pandoc "$2/$name.txt" -s -o "$2/$name.html"
    "{bin}/weasyprint" -q "$2/$name.html" "$2/$name.front.pdf"
    attached=$(sed -n 's/^- file: \//\//p' "$source" | sed "s|^|$1|")
    qpdf --empty --pages "$2/$name.front.pdf" $attached -- "$2/$name.pdf"
done
"""


def seconds(run: Callable[[], object]) -> float:
    """How long something takes."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def build(site: Path, kits: Path, *options: str) -> float:
    """A whole command, and how long it takes."""
    command = [PRESSKIT, "build", str(site), "-o", str(kits), *options]
    return seconds(lambda: subprocess.run(command, check=True, capture_output=True))


# Against a shell loop


def against_the_loop(folder: Path) -> list[list[object]]:
    """The same communiqués by a loop of programs, and by presskit, in turns."""
    site, out = folder / "loop", folder / "loop-out"
    write_archive(site, LOOP_COUNT)
    out.mkdir()
    bin_folder = Path(sys.executable).parent
    script = LOOP.replace("{bin}", str(bin_folder))
    rows: list[list[object]] = []
    loop, one, all_cores = [], [], []
    for _round in range(2):
        loop.append(seconds(lambda: subprocess.run(["sh", "-c", script, "sh", str(site), str(out)], check=True)))
        one.append(build(site, folder / "kits-1", "--force", "--jobs", "1"))
        all_cores.append(build(site, folder / "kits-n", "--force"))
    base = statistics.median(loop)
    for name, times, aim in (
        ("pandoc, weasyprint, qpdf in a shell loop", loop, ""),
        ("presskit, one job", one, ""),
        (f"presskit, {os.cpu_count()} jobs", all_cores, "5 times"),
    ):
        median = statistics.median(times)
        rows.append([name, f"{median:.1f} s", f"{base / median:.1f} times as fast", aim])
    return rows


# Against the floor, in one warm process


def warm(site: Path) -> None:
    """Kits with ten attached pages, and without any, each followed by WeasyPrint alone on the same HTML."""
    from presskit import kit
    from presskit.binding import bind as binding
    from presskit.orders import Manuscript, Order, Outputs
    from presskit.reading.settings import read_site
    from presskit.rendering import render

    settings = read_site(site, lambda _problem: None)
    spent: dict[str, float] = defaultdict(float)

    def timed(place: Any, name: str, label: str) -> None:
        function = getattr(place, name)

        def wrapper(*arguments: Any, **options: Any) -> Any:
            started = time.perf_counter()
            try:
                return function(*arguments, **options)
            finally:
                spent[label] += time.perf_counter() - started

        setattr(place, name, wrapper)

    pages: list[str] = []
    original: Callable[..., bytes] = kit.render  # type: ignore[attr-defined]

    def keep(html: str, *arguments: Any, **options: Any) -> bytes:
        pages.append(html)
        return original(html, *arguments, **options)

    kit.render = keep  # type: ignore[attr-defined]
    timed(kit, "render", "WeasyPrint, with tags")
    timed(kit, "parts_of", "reading attachments")
    timed(kit, "account", "comparing the words")
    timed(binding._Kit, "failures", "validation, twice")
    timed(binding._Kit, "__init__", "reading the front")
    timed(binding._Kit, "insert", "merging, tags")
    timed(binding._Kit, "write", "writing, packing")
    timed(binding, "reread", "reading the kit back")
    render.load()
    import weasyprint

    fonts = site / "fonts.conf"
    fonts.write_text(f"<?xml version='1.0'?><fontconfig><dir>{ROOT / 'fonts'}</dir></fontconfig>", "utf-8")
    os.environ["FONTCONFIG_FILE"] = str(fonts)
    sources = sorted((site / "_communiques").iterdir())
    target = site / "kit.pdf"

    def one(path: Path) -> tuple[float, float]:
        order = Order(
            manuscript=Manuscript(octets=path.read_bytes(), name=path.name, folder=path.parent, site=settings),
            outputs=Outputs(kit=target),
        )
        pages.clear()
        ours = seconds(lambda: kit.make(order, lambda _problem: None, lambda *_step: None))
        return ours, seconds(lambda: weasyprint.HTML(string=pages[0]).write_pdf())

    kinds: dict[str, Callable[[str], bool]] = {
        "with ten attached pages": lambda text: text.count("- file:") == 1 and "de 10 pages" in text,
        "without attachment": lambda text: "- file:" not in text,
    }
    results = {}
    for kind, matches in kinds.items():
        chosen = [path for path in sources if matches(path.read_text("utf-8"))][:WARM_COUNT]
        for path in chosen[:3]:
            one(path)
        spent.clear()
        pairs = [one(path) for path in chosen]
        ours, bare = (sum(values) / len(pairs) for values in zip(*pairs, strict=True))
        stages = {label: value / len(pairs) for label, value in spent.items()}
        stages["reading, prose, layout, rest"] = ours - sum(stages.values())
        results[kind] = {"count": len(pairs), "ours": ours, "bare": bare, "stages": stages}
    print(json.dumps(results))


def against_the_floor(folder: Path) -> list[str]:
    """What a kit takes in a warm worker, next to WeasyPrint's `write_pdf` alone."""
    site = folder / "jobs"
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.batch", "--warm", str(site)], check=True, capture_output=True, text=True
    )
    lines: list[str] = []
    for kind, result in json.loads(run.stdout.splitlines()[-1]).items():
        ours, bare, stages = result["ours"], result["bare"], result["stages"]
        own = stages["WeasyPrint, with tags"]
        lines += [
            f"Kits {kind} ({result['count']}, each followed by bare `write_pdf` on the same HTML): "
            f"{ours * 1000:.0f} ms against {bare * 1000:.0f} ms, ratio {ours / bare:.2f}. WeasyPrint's part of it, "
            f"with tags, fonts and style sheets shared: {own * 1000:.0f} ms, {own / bare:.2f} of bare `write_pdf`. "
            f"All else is {(ours - own) / own:.0%} of WeasyPrint's own time (aim: 30%).",
            "",
            *table(["where the time goes", "ms"], [[label, f"{value * 1000:.1f}"] for label, value in stages.items()]),
            "",
        ]
    return lines


def with_more_jobs(folder: Path) -> list[list[object]]:
    """One job and two, in turns."""
    site = folder / "jobs"
    write_archive(site, JOBS_COUNT)
    times: dict[int, list[float]] = {1: [], 2: []}
    for _round in range(2):
        for jobs, measured in times.items():
            measured.append(build(site, folder / "kits", "--force", "--jobs", str(jobs)))
    base = statistics.median(times[1])
    return [
        [jobs, f"{statistics.median(t):.1f} s", f"{base / statistics.median(t):.2f}", "1.85" if jobs == 2 else ""]
        for jobs, t in times.items()
    ]


# Again and again


class Memory(threading.Thread):
    """Looks at the memory of a process's children while it runs: the largest, by how many kits there are."""

    def __init__(self, process: int, kits: Path) -> None:
        super().__init__(daemon=True)
        self._process, self._kits = process, kits
        self.seen: list[tuple[int, int]] = []

    def run(self) -> None:
        children = Path(f"/proc/{self._process}/task/{self._process}/children")
        while children.is_file():
            try:
                sizes = [self._resident(int(child)) for child in children.read_text().split()]
                count = sum(1 for _kit in self._kits.glob("*.pdf")) if self._kits.is_dir() else 0
            except OSError:
                break
            self.seen.append((count, max(sizes, default=0)))
            time.sleep(0.5)

    @staticmethod
    def _resident(process: int) -> int:
        status = Path(f"/proc/{process}/status")
        found = re.search(r"VmRSS:\s+(\d+)", status.read_text()) if status.is_file() else None
        return int(found[1]) // 1024 if found else 0


def again_and_again(folder: Path, count: int) -> list[str]:
    """A large archive: all of it, nothing of it, one of it."""
    site, kits = folder / "large", folder / "large-kits"
    write_archive(site, count)
    started = time.perf_counter()
    process = subprocess.Popen([PRESSKIT, "build", str(site), "-o", str(kits)], stderr=subprocess.DEVNULL)
    memory = Memory(process.pid, kits)
    memory.start()
    if process.wait():
        sys.exit("the large archive could not be built")
    full = time.perf_counter() - started
    jobs = os.cpu_count() or 1
    build(site, kits)
    nothing = statistics.median(build(site, kits) for _round in range(3))
    changed = sorted((site / "_communiques").iterdir())[count // 2]
    ones = []
    for number in range(3):
        changed.write_text(changed.read_text("utf-8") + f"\nUne ligne de plus, {number}.\n", "utf-8")
        ones.append(build(site, kits))
    alone = statistics.median(build(changed, folder / "one.pdf") for _round in range(3))
    one = statistics.median(ones)
    early = max((size for done, size in memory.seen if 0 < done <= 20 * jobs), default=0)
    late = [size for done, size in memory.seen if done > count // 2 and size]
    weight = sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) / 1e6
    rows = [
        [f"all {count:,} kits, {jobs} jobs", f"{full:.1f} s", f"{count / full:.1f} kits a second", ""],
        ["nothing to do", f"{nothing:.2f} s", f"{nothing / full:.2%} of the full build", "1%"],
        ["one communiqué changed", f"{one:.2f} s", f"{one / (nothing + alone):.2f} of nothing to do + one kit", "1"],
        ["one kit, its own command", f"{alone:.2f} s", "", ""],
    ]
    return [
        f"An archive of {count:,} communiqués ({weight:.0f} MB with their attachments).",
        "",
        *table(["run", "time", "ratio", "aim"], rows),
        "",
        f"Memory of the largest worker: {early} MiB by its 20th kit, {min(late)} to {max(late)} MiB in the second half "
        "(a worker is replaced after 100 kits).",
    ]


def main() -> None:
    """Measure all, and write the results."""
    if sys.argv[1:2] == ["--warm"]:
        warm(Path(sys.argv[2]))
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        loop = against_the_loop(folder)
        jobs = with_more_jobs(folder)
        floor = against_the_floor(folder)
        lines = [
            f"{LOOP_COUNT} communiqués, whole commands in turns:",
            "",
            *table(["how", "time", "ratio", "aim"], loop),
            "",
            f"{JOBS_COUNT} communiqués, whole commands in turns:",
            "",
            *table(["jobs", "time", "times as fast", "aim"], jobs),
            "",
            "In a warm worker:",
            "",
            *floor,
            *again_and_again(folder, count),
        ]
    write_section("A whole archive", lines)


if __name__ == "__main__":
    main()
