"""Compare how fast pages are merged: presskit's binding, pypdf alone, pikepdf and qpdf, in one run.

Two attachments: a tagged report of 250 pages, and a scan of 200 MB. Ratios are to pikepdf's time.
"""

import io
import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import weasyprint
from pypdf import PdfReader, PdfWriter

from benchmarks.results import table, write_section
from presskit.attachments.attach import Part
from presskit.attachments.pdf import read
from presskit.base.limits import Limits
from presskit.base.marks import END_ID, PART_ATTRIBUTE, PART_ID
from presskit.binding.bind import Binding, bind
from presskit.binding.grafting import Words
from presskit.reading.metadata import Metadata
from presskit.rendering.render import render

ROUNDS = 5
META = Metadata(title="T", author="A", subject="S", keywords=(), lang="fr", moment=datetime(2026, 1, 1, tzinfo=UTC))
BINDING = Binding(metadata=META, words=Words("Image", "Page numérisée", "page {number}"))


def report(path: Path) -> None:
    """250 tagged pages with an outline."""
    page = "<h1 style='break-before: page'>Chapitre {0}</h1>" + "<p>Des mots pour faire une page de rapport. </p>" * 20
    html = "<html lang=fr><title>Rapport</title><body>" + "".join(page.format(n) for n in range(250))
    weasyprint.HTML(string=html).write_pdf(path, pdf_tags=True)


def scan(path: Path) -> None:
    """20 pages, each one picture of 10 MB."""
    import os

    with pikepdf.new() as pdf:
        for _number in range(20):
            image = pdf.make_stream(os.urandom(10_000_000), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image)
            image.Width, image.Height, image.BitsPerComponent = 2000, 5000, 8
            image.ColorSpace = pikepdf.Name.DeviceGray
            content = pdf.make_stream(b"q 595 0 0 842 0 0 cm /I Do Q")
            page = pikepdf.Dictionary(
                Type=pikepdf.Name.Page,
                MediaBox=[0, 0, 595, 842],
                Contents=content,
                Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image)),
            )
            pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
        pdf.save(path)


def front(parts: int) -> bytes:
    """A page of text and the blank ones that binding replaces."""
    ids = [*(f"{PART_ID}{n}" for n in range(1, parts + 1)), END_ID]
    links = "".join(f"<a href='#{name}'>x</a>" for name in ids)
    blanks = "".join(
        f"<section id={name} {PART_ATTRIBUTE}=Annexe style='break-before: page'></section>" for name in ids
    )
    return render(
        f"<html lang=fr><title>t</title><body>{links}{blanks}",
        [],
        [],
        font_folder=None,
        epoch=0,
        warn=lambda _problem: None,
    )


def with_presskit(first: bytes, path: Path) -> int:
    opened = read(path, "", Limits())
    target = path.with_name("kit.pdf")
    bind(
        first,
        [Part(title="Annexe", path=path, media_type="application/pdf", document=opened.document)],
        BINDING,
        target=target,
    )
    return target.stat().st_size


def with_pypdf(first: bytes, path: Path) -> int:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(first)))
    writer.append(path)
    out = io.BytesIO()
    writer.write(out)
    return len(out.getvalue())


def with_pikepdf(first: bytes, path: Path) -> int:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(first)) as kit, pikepdf.open(path) as attached:
        kit.pages.extend(attached.pages)
        kit.save(out)
    return len(out.getvalue())


def with_qpdf(first: bytes, path: Path) -> int:
    with tempfile.TemporaryDirectory() as temporary:
        (Path(temporary) / "f.pdf").write_bytes(first)
        command = ["qpdf", "--empty", "--pages", f"{temporary}/f.pdf", str(path), "--", f"{temporary}/k.pdf"]
        subprocess.run(command, check=True)
        return (Path(temporary) / "k.pdf").stat().st_size


def main() -> None:
    """Measure all, in turns, and print a line for each."""
    tools: dict[str, Callable[[bytes, Path], int]] = {
        "presskit": with_presskit,
        "pypdf": with_pypdf,
        "pikepdf": with_pikepdf,
        "qpdf": with_qpdf,
    }
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as temporary:
        for name, make, pages in (("report", report, 250), ("scan", scan, 20)):
            path = Path(temporary) / f"{name}.pdf"
            make(path)
            first = front(1)
            times: dict[str, list[float]] = {tool: [] for tool in tools}
            for _round in range(ROUNDS):
                for tool, run in tools.items():
                    started = time.perf_counter()
                    run(first, path)
                    times[tool].append(time.perf_counter() - started)
            base = statistics.median(times["pikepdf"])
            for tool, seconds in times.items():
                median = statistics.median(seconds)
                row: dict[str, object] = {"attachment": name, "tool": tool, "seconds": round(median, 3)}
                row |= {"pages per second": round(pages / median), "ratio to pikepdf": round(median / base, 1)}
                print(json.dumps(row))
                rows.append(row)
    lines = [
        "Seconds of the median of 5 rounds, in turns.",
        "",
        *table(list(rows[0]), [list(row.values()) for row in rows]),
    ]
    write_section("Merging pages", lines)


if __name__ == "__main__":
    main()
