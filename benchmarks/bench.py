"""Compare presskit with the bare libraries, side by side: ratios of medians of whole processes.

Both sides of a pair run in turns, so that what else the machine does weighs on both alike. The kit is the
seed's where the real communiqués are at hand, else the example's, with an attachment of ten pages.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.results import table, write_section

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT.parent / "shared" / "seed" / "communique.md"
ROUNDS = int(os.environ.get("ROUNDS", "15"))

BARE = """
import sys
import weasyprint
from pypdf import PdfReader, PdfWriter
html, attachment, target, *options = sys.argv[1:]
weasyprint.HTML(html).write_pdf(target, pdf_tags="tags" in options)
writer = PdfWriter(clone_from=PdfReader(target))
writer.append(attachment)
writer.write(target)
"""


@dataclass
class Side:
    """One command and what its runs took."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    mebibytes: list[float] = field(default_factory=list)

    def run(self) -> None:
        started = time.perf_counter()
        process = subprocess.Popen(
            self.command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, **self.environment}
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        self.seconds.append(time.perf_counter() - started)
        self.mebibytes.append(usage.ru_maxrss / 1024)
        if status:
            assert process.stderr is not None
            sys.exit(f"{self.name}: {process.stderr.read().decode()}")

    @property
    def time(self) -> float:
        return statistics.median(self.seconds)

    @property
    def memory(self) -> float:
        return statistics.median(self.mebibytes)


def compare(ours: Side, theirs: Side, aim: float) -> dict[str, object]:
    """Run two sides in turns; gives the ratios of their medians."""
    for side in (ours, theirs):
        side.run()
        side.seconds.clear()
        side.mebibytes.clear()
    for _round in range(ROUNDS):
        ours.run()
        theirs.run()
    row = {
        "ours": ours.name,
        "against": theirs.name,
        "time": f"{ours.time:.3f} s / {theirs.time:.3f} s",
        "time ratio": round(ours.time / theirs.time, 2),
        "memory": f"{ours.memory:.0f} MiB / {theirs.memory:.0f} MiB",
        "memory ratio": round(ours.memory / theirs.memory, 2),
        "aim": aim,
    }
    print(json.dumps(row, ensure_ascii=False))
    return row


def prepare(folder: Path) -> None:
    """Make a site with the communiqué and its attachment, and the HTML that presskit makes of them."""
    from presskit import kit
    from presskit.orders import Manuscript, Order
    from presskit.reading.communique import read_communique
    from presskit.reading.settings import read_site
    from presskit.rendering import render

    source = SEED if SEED.is_file() else ROOT / "examples" / "communique.md"
    communique = folder / "communique.md"
    # The bench is about one attachment: the example's second one and its image stay out.
    text = source.read_text("utf-8")
    communique.write_text(text, "utf-8")
    site = read_site(folder, lambda _w: None)
    read = read_communique(text.encode(), communique.name, folder, warn=lambda _w: None, site=site)
    pages = "".join(f"<h1 style='break-before: page'>Chapitre {n}</h1>" + "<p>Des mots.</p>" * 30 for n in range(10))
    attachment = folder / "attachment.pdf"
    import weasyprint

    weasyprint.HTML(string=f"<html lang=fr><title>Annexe</title><body>{pages}").write_pdf(attachment, pdf_tags=True)
    for named in [a.file for a in read.attachments]:
        path = folder / named.lstrip("/")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(attachment.read_bytes())
    for image in read.images:
        path = folder / image.file.lstrip("/")
        path.write_bytes((ROOT / "examples" / image.file.lstrip("/")).read_bytes())

    kept: list[str] = []
    original = render.render

    def keep(html: str, *arguments: object, **options: object) -> bytes:
        kept.append(html)
        return original(html, *arguments, **options)  # type: ignore[arg-type]

    kit.render = keep  # type: ignore[attr-defined]
    manuscript = Manuscript(octets=communique.read_bytes(), name=communique.name, folder=folder, site=site)
    kit.make(Order(manuscript=manuscript), lambda _w: None, lambda *_step: None)
    kit.render = original  # type: ignore[attr-defined]
    (folder / "page.html").write_text(kept[0], "utf-8")


def main() -> None:
    """Run all pairs and write the results beside this file."""
    presskit = str(Path(sys.executable).parent / "presskit")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        # In a process of its own: a child's memory is counted from what its parent had.
        subprocess.run([sys.executable, "-m", "benchmarks.bench", temporary], check=True, cwd=ROOT)
        communique, html, attachment = (folder / name for name in ("communique.md", "page.html", "attachment.pdf"))
        fonts = folder / "fonts.conf"
        fonts.write_text(f"<?xml version='1.0'?><fontconfig><dir>{ROOT / 'fonts'}</dir></fontconfig>", "utf-8")
        script = folder / "bare.py"
        script.write_text(BARE, "utf-8")

        def build() -> Side:
            return Side("presskit build", [presskit, "build", str(communique), "-o", str(folder / "ours.pdf")])

        def bare(*options: str) -> Side:
            name = " ".join(["bare WeasyPrint + pypdf", *options])
            command = [sys.executable, str(script), str(html), str(attachment), str(folder / "bare.pdf"), *options]
            return Side(name, command, {"FONTCONFIG_FILE": str(fonts)})

        click = [sys.executable, "-c", "import click"]
        rows = [
            compare(build(), bare(), 1.25),
            compare(build(), bare("tags"), 1.25),
            compare(Side("presskit --help", [presskit, "--help"]), Side("import click", click), 2.5),
            compare(Side("presskit --version", [presskit, "--version"]), Side("import click", click), 2.5),
        ]
        sizes = {name: (folder / f"{name}.pdf").stat().st_size for name in ("ours", "bare")}
    write_results(rows, sizes)


def write_results(rows: list[dict[str, object]], sizes: dict[str, int]) -> None:
    """Write the section of RESULTS.md."""
    lines = [
        f"Medians of {ROUNDS} whole processes a side, run in turns. "
        f"The kit: {'the seed' if SEED.is_file() else 'the example'}, with an attachment of ten pages.",
        "",
        *table(list(rows[0]), [list(row.values()) for row in rows]),
        "",
        f"Sizes: kit {sizes['ours']:,} bytes, bare {sizes['bare']:,} bytes.",
    ]
    write_section("One kit", lines)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        prepare(Path(sys.argv[1]))
    else:
        main()
