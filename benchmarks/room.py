"""A press room of 500 communiqués: how long it takes, what it weighs, and how it feels on a telephone.

`python -m benchmarks.room [COUNT]`. The figures of pages come from Chromium's own tracing, on a network and a
processor slowed down as Lighthouse does for telephones (150 ms and 1.6 Mbit/s; a quarter of the speed). Chromium on
this machine's desk is no telephone: they are for comparing one version with another.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks.archive import write_archive
from benchmarks.results import table, write_section
from presskit.room.serve import server

PRESSKIT = str(Path(sys.executable).parent / "presskit")
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
TRACED = ["loading", "blink.user_timing", "devtools.timeline", "disabled-by-default-devtools.timeline", "toplevel"]
# Lighthouse's "slow 4G": bytes a second, milliseconds.
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 204_800, "uploadThroughput": 84_375}


def seconds(run: Callable[[], object]) -> float:
    """How long something takes."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def command(*arguments: str) -> Callable[[], object]:
    """A presskit command."""
    return lambda: subprocess.run([PRESSKIT, *arguments], check=True, capture_output=True)


def building(site: Path, public: Path) -> list[list[object]]:
    """How long the room takes, beside its kits alone."""
    kits = site.parent / "kits"
    alone = seconds(command("build", str(site), "-o", str(kits)))
    first = seconds(command("room", str(site), "-o", str(public)))
    time.sleep(0.1)
    again = seconds(command("room", str(site), "-o", str(public)))
    changed = next(iter(sorted((site / "_communiques").glob("*.md"))))
    changed.write_text(changed.read_text("utf-8") + "\nUne ligne.\n", "utf-8")
    one = seconds(command("room", str(site), "-o", str(public)))
    transfer = subprocess.run(
        ["rsync", "-a", "--delete", "--stats", f"{public}/", f"{site.parent}/server/"], check=True, capture_output=True
    )
    assert transfer.returncode == 0
    changed.write_text(changed.read_text("utf-8") + "\nUne autre ligne.\n", "utf-8")
    subprocess.run([PRESSKIT, "room", str(site), "-o", str(public)], check=True, capture_output=True)
    stats = subprocess.run(
        ["rsync", "-a", "--delete", "--stats", f"{public}/", f"{site.parent}/server/"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    sent = next(line for line in stats.splitlines() if "Number of regular files transferred" in line).split(":")[1]
    total = sum(path.stat().st_size for path in public.rglob("*") if path.is_file())
    return [
        ["kits alone (`presskit build`)", f"{alone:.1f} s"],
        ["the room, for the first time", f"{first:.1f} s ({first / alone:.2f} of the kits alone)"],
        ["the room, nothing changed", f"{again:.2f} s ({again / first:.1%} of the first time)"],
        ["the room, one communiqué changed", f"{one:.2f} s"],
        [
            "files that rsync sends after one change",
            f"{sent.strip()}, of {sum(1 for p in public.rglob('*') if p.is_file())}",
        ],
        ["the room's size", f"{total / 1e6:.0f} MB"],
    ]


def measured(browser: Browser, address: str, trace: Path) -> dict[str, float]:
    """First and largest paint (ms), blocking time (ms), shift, bytes without images, of a page on a telephone."""
    page = browser.new_page(viewport={"width": 360, "height": 740}, device_scale_factor=2)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    browser.start_tracing(page=page, path=str(trace), categories=TRACED)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    browser.stop_tracing()
    weights = page.evaluate(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".map(e => [e.initiatorType, e.decodedBodySize])"
    )
    page.close()
    return traced(json.loads(trace.read_text("utf-8"))["traceEvents"]) | {
        "bytes": sum(size for kind, size in weights if kind != "img"),
        "images": sum(size for kind, size in weights if kind == "img"),
    }


def traced(events: list[dict[str, Any]]) -> dict[str, float]:
    """What Lighthouse reads from a trace (https://web.dev/articles/vitals)."""
    start = max(
        e["ts"] for e in events if e["name"] == "navigationStart" and e["args"]["data"].get("documentLoaderURL")
    )
    first = min(e["ts"] for e in events if e["name"] == "firstContentfulPaint" and e["ts"] > start)
    largest = [e["ts"] for e in events if e["name"] == "largestContentfulPaint::Candidate" and e["ts"] > start]
    tasks = [e["dur"] / 1000 for e in events if e["name"] == "RunTask" and e["ts"] > first and e.get("dur")]
    shifts = [e["args"]["data"]["score"] for e in events if e["name"] == "LayoutShift" and e["ts"] > start]
    return {
        "first": (first - start) / 1000,
        "largest": (max(largest) - start) / 1000 if largest else 0,
        "blocking": sum(task - 50 for task in tasks if task > 50),
        "shift": sum(shifts),
    }


def feeling(public: Path, folder: Path) -> list[list[object]]:
    """Figures of each kind of page, the middle one of five."""
    newest = sorted(path.parent for path in public.glob("2*/*/index.html"))[-1].relative_to(public).as_posix()
    year = newest.split("/")[0]
    kinds = {
        "index": "index.html",
        "publication": f"{newest}/index.html",
        "year": f"{year}/index.html",
        "search for two words": "recherche/index.html?q=plan+national",
    }
    rows: list[list[object]] = []
    with server(public, 0) as shown, sync_playwright() as playwright:
        threading.Thread(target=shown.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        for kind, path in kinds.items():
            address = f"http://127.0.0.1:{shown.server_address[1]}/{path}"
            runs = sorted(
                (measured(browser, address, folder / "trace.json") for _turn in range(5)), key=lambda r: r["largest"]
            )
            middle = runs[2]
            rows.append(
                [
                    kind,
                    f"{middle['first'] / 1000:.2f} s",
                    f"{middle['largest'] / 1000:.2f} s",
                    f"{middle['blocking']:.0f} ms",
                    f"{middle['shift']:.3f}",
                    f"{middle['bytes'] / 1000:.0f} kB",
                    f"{middle['images'] / 1000:.0f} kB",
                ]
            )
        browser.close()
        shown.shutdown()
    return rows


def main() -> None:
    """Measure, and write it down."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        site, public = folder / "site", folder / "public"
        write_archive(site, count)
        built = building(site, public)
        felt = feeling(public, folder)
    head = ["page", "first paint", "largest paint", "blocking", "shift", "weight without images", "images"]
    lines = [f"{count} communiqués with photos and attached PDFs, two jobs.", "", *table(["what", "figure"], built), ""]
    lines += [
        "On a slowed network and processor (150 ms, 1.6 Mbit/s, a quarter of the speed); nothing is compressed.",
        "",
    ]
    write_section("The press room", [*lines, *table(head, felt)])


if __name__ == "__main__":
    main()
