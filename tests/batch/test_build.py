"""Many kits at once: who is skipped, who fails alone, what is shared, and how a run ends."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from datetime import datetime
from pathlib import Path

import pikepdf
import pytest

import presskit
from presskit.attachments import office
from presskit.base.errors import PresskitError, Problem, unsaid
from presskit.batch.api import build_kit, build_site
from presskit.batch.build import build
from presskit.batch.report import Report, Summary, kind_of_warning
from presskit.batch.request import Request
from presskit.options import Options
from presskit.reading.settings import read_site
from presskit.reading.sources import Sites, collect, of_site
from tests.conftest import PRESSKIT, SiteFolder, chapters, pdf_text
from tests.planting import Gives, Plants


def all_of(site: SiteFolder, **options: object) -> tuple[Summary, dict[str, Report]]:
    # What is written in the very moment in which a build begins is built once more, to be sure.
    time.sleep(0.02)
    reports: list[Report] = []
    options.setdefault("jobs", 2)
    summary = build_site(site.root, site.root / "kits", on_report=reports.append, **options)  # type: ignore[arg-type]
    return summary, {Path(report.communique).stem: report for report in reports}


def many(site: SiteFolder, count: int) -> None:
    site.write("presskit.toml", "")
    for number in range(count):
        site.communique(body=f"Le texte numéro {number}.", name=f"c{number:02}.md")


@pytest.fixture
def calendar(site: SiteFolder) -> SiteFolder:
    """One communiqué that is out, and one for each reason not to be."""
    site.write("_config.yml", "timezone: Europe/Paris\n")
    site.communique(name="_communiques/sorti.md")
    site.communique("published: false\n", name="_communiques/brouillon.md")
    site.communique("draft: true\n", name="_communiques/brouillon-hugo.md")
    site.communique(name="_drafts/idee.md")
    site.communique("embargo: 2999-12-01 06:00\n", name="_communiques/embargo.md")
    site.communique("embargo: 2020-12-01 06:00\n", name="_communiques/leve.md")
    site.write("_communiques/futur.md", "---\ntitle: T\ndate: 2999-01-01\n---\nx")
    site.write("_communiques/LISEZMOI.md", "# Pas un communiqué")
    return site


def test_what_is_not_out_is_skipped_with_a_count(calendar: SiteFolder) -> None:
    summary, reports = all_of(calendar)
    assert {name: report.reason for name, report in reports.items() if report.status == "skipped"} == {
        "brouillon": "draft",
        "brouillon-hugo": "draft",
        "idee": "draft",
        "embargo": "embargo",
        "futur": "future",
        "LISEZMOI": "no-front-matter",
    }
    assert summary.counts == {"built": 2, "skipped": 6}
    assert reports["embargo"].until == "2999-12-01T06:00:00+01:00"
    # Again, from the record.
    summary, again = all_of(calendar)
    assert summary.counts == {"unchanged": 2, "skipped": 6}
    assert again["futur"] == reports["futur"]


def test_drafts_builds_them_too(calendar: SiteFolder) -> None:
    summary, _reports = all_of(calendar, drafts=True)
    assert summary.counts == {"built": 7, "skipped": 1}


def test_future_ones_are_out_where_the_site_says_so(calendar: SiteFolder) -> None:
    calendar.write("_config.yml", "future: true\n")
    _summary, reports = all_of(calendar)
    assert reports["futur"].status == "built"
    assert reports["embargo"].status == "skipped"


def test_what_was_a_draft_is_built_once_it_is_out(calendar: SiteFolder) -> None:
    all_of(calendar)
    calendar.communique(name="_communiques/brouillon.md")
    assert all_of(calendar)[1]["brouillon"].status == "built"


def test_a_communique_named_alone_is_built(calendar: SiteFolder) -> None:
    built = calendar.build(source="_communiques/brouillon.md")
    assert built.result.exit_code == 0
    assert "not published yet" in built.messages


def test_one_fails_alone(site: SiteFolder) -> None:
    many(site, 4)
    site.write("c01.md", "---\ntitle: T\n---\nx")
    summary, reports = all_of(site)
    assert summary.counts == {"built": 3, "failed": 1}
    assert "the date is missing" in str(reports["c01"].errors[0])
    assert sorted(path.name for path in (site.root / "kits").glob("*.pdf")) == ["c00.pdf", "c02.pdf", "c03.pdf"]
    assert "Le texte numéro 3." in pdf_text(site.root / "kits" / "c03.pdf")


def test_workers_change_nothing_in_the_kits(site: SiteFolder) -> None:
    many(site, 4)
    site.write("uploads/a.pdf", chapters("A", 2))
    site.communique("files: [{file: /uploads/a.pdf, nom: A}]\n", name="c04.md")
    all_of(site)
    together = {path.name: path.read_bytes() for path in (site.root / "kits").glob("*.pdf")}
    alone = site.build(source="c04.md").path.read_bytes()
    assert together["c04.pdf"] == alone
    all_of(site, jobs=1, force=True)
    assert together == {path.name: path.read_bytes() for path in (site.root / "kits").glob("*.pdf")}


@pytest.mark.skipif(office.find() is None, reason="NOT TESTED: LibreOffice is not installed")
def test_identical_attachments_are_converted_once(site: SiteFolder, plant: Plants) -> None:
    log = site.root / "log"
    wrapper = site.write("bin/soffice", f'#!/bin/sh\necho x >> "{log}"\nexec "{office.find()}" "$@"\n')
    wrapper.chmod(0o755)
    plant("presskit.attachments.office.find", Gives(str(wrapper)))
    site.write("presskit.toml", "")
    for number in range(4):
        # Its name counts too: a file may print it.
        site.write(f"uploads/{number}/note.rtf", r"{\rtf1 Une note convertie.}")
        site.communique(f"files: [{{file: /uploads/{number}/note.rtf, nom: Note {number}}}]\n", name=f"c{number}.md")
    summary, reports = all_of(site)
    assert summary.counts == {"built": 4}, reports
    # Opened, then printed.
    assert log.read_text().count("x") == 2
    for number in range(4):
        assert "Une note convertie." in pdf_text(site.root / "kits" / f"c{number}.pdf")


def test_standard_input_among_several_is_built_each_time(site: SiteFolder) -> None:
    many(site, 1)
    # A file of the name that standard input goes by, which is not it.
    path = site.communique()
    for _time in range(2):
        command = [sys.executable, "-m", "presskit", "build", "-", "c00.md", "-o", "kits"]
        done = subprocess.run(command, input=path.read_bytes(), capture_output=True, cwd=site.root, check=True)
    assert b"kits/communique.pdf" in done.stderr
    assert b"1  unchanged" in done.stderr


def test_two_sites_share_no_pages(site: SiteFolder) -> None:
    """The same picture, attached in two sites of one run, is set in the dress of each."""
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(picture, "PNG")
    for name, font in (("un", "Spectral"), ("deux", "Source Sans 3")):
        site.write(f"{name}/presskit.toml", f'[brand.fonts]\nheadings = "{font}"\n')
        site.write(f"{name}/a.png", picture.getvalue())
        site.communique("files: [{file: a.png, nom: Image, legende: Une légende}]\n", name=f"{name}/{name}.md")
    names = [site.root / "un", site.root / "deux"]
    build_site(names, site.root / "kits", jobs=1)
    together = (site.root / "kits" / "deux.pdf").read_bytes()
    assert together == site.build(source="deux/deux.md").path.read_bytes()


def test_an_index_is_named_with_its_folder(site: SiteFolder) -> None:
    site.write("presskit.toml", "")
    site.communique(body="**gras **: x", name="un/index.md")
    site.write("deux/index.md", "---\ntitle: T\n---\nx")
    reports: list[Report] = []
    build_site(site.root, site.root / "kits", on_report=reports.append)
    said = sorted(problem.file for report in reports for problem in (*report.errors, *report.warnings))
    assert said == ["deux/index.md", "un/index.md"]


def test_two_of_one_name_are_an_error_before_any_work(site: SiteFolder) -> None:
    site.write("presskit.toml", "")
    site.communique(name="a/c.md")
    site.communique(name="b/c.md")
    with pytest.raises(PresskitError, match="would give the same kit"):
        all_of(site)
    assert not (site.root / "kits").exists()


def process(site: SiteFolder, *arguments: str) -> "subprocess.Popen[str]":
    command = [*PRESSKIT, "build", str(site.root), "-o", str(site.root / "kits"), *arguments]
    environment = {**os.environ, "TMPDIR": str(site.root / "tmp")}
    (site.root / "tmp").mkdir(exist_ok=True)
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment, start_new_session=True)


@pytest.mark.skipif(sys.platform == "win32", reason="NOT TESTED: signals are not those of Windows")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_keeps_what_is_finished(site: SiteFolder, number: signal.Signals) -> None:
    many(site, 24)
    running = process(site, "--jobs", "2")
    deadline = time.monotonic() + 60
    while len(list((site.root / "kits").glob("c*.pdf"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    if number is signal.SIGINT:
        # A terminal sends it to all that run in it.
        os.killpg(running.pid, number)
    else:
        running.send_signal(number)
    _out, messages = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "Interrupted" in messages
    kits = {path.name for path in (site.root / "kits").glob("c*.pdf")}
    (count,) = re.findall(r"^ *(\d+) +built", messages, re.MULTILINE)
    assert 3 <= int(count) == len(kits) < 24
    for name in kits:
        pikepdf.open(site.root / "kits" / name).close()
    assert not list((site.root / "kits").glob("*.part"))
    assert not list((site.root / "tmp").iterdir())
    # What the summary counted is not built again.
    summary, _reports = all_of(site)
    assert summary.counts == {"unchanged": int(count), "built": 24 - int(count)}


def children_of(process: int) -> list[int]:
    run = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True, check=False)
    return [int(number) for number in run.stdout.split()]


@pytest.mark.skipif(sys.platform != "linux", reason="NOT TESTED: workers are found by Linux's means")
@pytest.mark.parametrize("whose", ["worker", "server"])
def test_a_process_that_is_killed_costs_a_kit_at_most(site: SiteFolder, whose: str) -> None:
    many(site, 12)
    running = process(site, "--jobs", "2")
    deadline = time.monotonic() + 60
    while not list((site.root / "kits").glob("c*.pdf")) and time.monotonic() < deadline:
        time.sleep(0.02)
    (server,) = children_of(running.pid)
    os.kill(server if whose == "server" else children_of(server)[0], signal.SIGKILL)
    _out, messages = running.communicate(timeout=60)
    assert running.returncode in (0, 1)
    assert re.search(r"^ *(11|12) +built", messages, re.MULTILINE), messages
    assert not list((site.root / "tmp").iterdir())


def test_two_runs_at_once(site: SiteFolder) -> None:
    many(site, 6)
    runs = [process(site, "--jobs", "1") for _number in range(2)]
    assert [run.wait(120) for run in runs] == [0, 0]
    for run in runs:
        run.communicate()
    assert all_of(site)[0].counts == {"unchanged": 6}


def test_json_is_one_object_a_kit_as_it_comes(site: SiteFolder) -> None:
    many(site, 3)
    site.write("c01.md", "---\ntitle: T\n---\nx")
    running = process(site, "--json")
    out, messages = running.communicate(timeout=60)
    reports = [json.loads(line) for line in out.splitlines()]
    assert sorted((Path(r["communique"]).name, r["status"]) for r in reports) == [
        ("c00.md", "built"),
        ("c01.md", "failed"),
        ("c02.md", "built"),
    ]
    assert running.returncode == 1
    assert re.search(r"^2 +built", messages, re.MULTILINE)


def test_an_unchanged_kit_is_reported_whole(site: SiteFolder) -> None:
    many(site, 1)
    site.communique(body="**gras **: x", name="c00.md")
    first = all_of(site)[1]["c00"]
    again = all_of(site)[1]["c00"]
    assert (again.status, again.warnings, again.kit) == ("unchanged", first.warnings, first.kit)
    assert json.loads(json.dumps(again.as_json())) == json.loads(json.dumps(first.as_json() | {"status": "unchanged"}))


def test_warnings_are_counted_by_kind() -> None:
    kinds = {kind_of_warning(Problem(what)) for what in ("“a” has 3 faults (x)", "“b c” has 12 faults (y)")}
    assert kinds == {"… has … faults …"}


def test_the_api_builds_one_kit(site: SiteFolder) -> None:
    site.write("presskit.toml", "nom = 1\nurll = 'x'\n")
    path = site.communique("published: false\n")
    report = presskit.build_kit(path)
    assert report.pdf.startswith(b"%PDF")
    assert report.details.bytes == len(report.pdf)
    assert any("urll" in str(problem) for problem in report.warnings)
    report = build_kit(str(path), site.root / "k.pdf", site=site.root, options=Options(layout="dossier-de-presse"))
    assert (report.details.layout, report.pdf) == ("dossier-de-presse", b"")
    assert (site.root / "k.pdf").stat().st_size == report.details.bytes


def test_the_api_raises_what_is_wrong(site: SiteFolder) -> None:
    path = site.communique("files: [{file: absent.pdf, nom: A}]\n")
    with pytest.raises(PresskitError) as caught:
        presskit.build_kit(path)
    assert caught.value.problems[0].line == 6
    with pytest.raises(PresskitError, match="does not exist"):
        presskit.build_kit(site.root / "absent.md")


def test_importing_presskit_is_light() -> None:
    program = "import presskit, sys; print(sorted({'weasyprint', 'pypdf', 'yaml', 'jinja2'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def zips(site: SiteFolder, *arguments: str) -> list[str]:
    from click.testing import CliRunner

    from presskit.cli.commands import main

    time.sleep(0.02)
    command = ["build", str(site.root), "-o", str(site.root / "kits"), "--zip", "--json", *arguments]
    result = CliRunner().invoke(main, command, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return [json.loads(line)["status"] for line in result.stdout.splitlines()]


def test_zip_makes_a_zip_beside_each_kit_and_only_when_it_must(site: SiteFolder) -> None:
    many(site, 1)
    all_of(site)
    assert not (site.root / "kits/c00.zip").exists()
    # The kit is there: its ZIP is not.
    assert zips(site) == ["built"]
    assert zips(site) == ["unchanged"]
    with zipfile.ZipFile(site.root / "kits/c00.zip") as archive:
        names = archive.namelist()
        assert "2022-11-29-c00/manifest.json" in names
        assert archive.read("2022-11-29-c00/2022-11-29-c00.pdf") == (site.root / "kits/c00.pdf").read_bytes()
    (site.root / "kits/c00.zip").write_bytes(b"damaged")
    assert zips(site) == ["built"]
    assert zipfile.is_zipfile(site.root / "kits/c00.zip")


def test_under_embargo_there_is_a_kit_and_no_zip(site: SiteFolder) -> None:
    site.write("presskit.toml", "")
    site.communique("embargo: 2999-12-01\n")
    built = site.build("--zip")
    assert "the embargo is not over: no ZIP is made" in built.messages
    assert "Sous embargo" in built.text
    assert not built.path.with_suffix(".zip").exists()


def test_zip_and_standard_output_do_not_go_together(site: SiteFolder) -> None:
    from click.testing import CliRunner

    from presskit.cli.commands import main

    path = str(site.communique())
    for more in (["-o", "-"], ["--executor", "dask://127.0.0.1:1"]):
        result = CliRunner().invoke(main, ["build", path, "--zip", *more])
        assert result.exit_code == 2
        assert "--zip makes files on this machine" in result.stderr


def test_a_kit_is_built_again_when_its_embargo_ends_and_when_a_translation_comes_out(site: SiteFolder) -> None:
    site.write("presskit.toml", "")
    site.communique("embargo: 2999-12-01\nref: x\n", name="a.md")
    sources = collect([str(site.root)], Sites("", lambda _problem: None))
    kits = site.root / "kits"
    kits.mkdir()

    def statuses(now: str) -> list[str]:
        # Later than the disk's clock tells.
        time.sleep(0.1)
        moment = datetime.fromisoformat(now)
        request = Request(sources=sources, target=lambda s: kits / s.kit, folder=kits, drafts=True, now=moment)
        return [report.status for report in build(request)]

    assert statuses("2999-11-30T12:00+00:00") == ["built"]
    assert statuses("2999-11-30T13:00+00:00") == ["unchanged"]
    assert "Sous embargo" in pdf_text(kits / "a.pdf")
    assert statuses("2999-12-01T12:00+00:00") == ["built"]
    assert "Sous embargo" not in pdf_text(kits / "a.pdf")
    assert statuses("2999-12-02T12:00+00:00") == ["unchanged"]
    site.write("b.md", "---\ntitle: In English\ndate: 2022-01-01\nlang: en\nref: x\n---\nx")
    assert statuses("2999-12-02T12:00+00:00") == ["built"]
    assert "In English" in pdf_text(kits / "a.pdf")


def test_withdrawn_ones_are_skipped_and_built_when_named(site: SiteFolder) -> None:
    site.write("presskit.toml", "")
    site.communique("withdrawn: {date: 2022-12-01, note: par erreur}\n", name="a.md")
    _summary, reports = all_of(site)
    assert (reports["a"].status, reports["a"].reason) == ("skipped", "withdrawn")
    built = site.build(source="a.md")
    assert "Retiré le 1er décembre 2022" in built.text
    assert "its kit says so" in built.messages


def test_a_zip_is_made_again_when_the_layout_of_its_texts_changes(site: SiteFolder) -> None:
    many(site, 1)
    site.write("layouts/room/text.html", "<h1>{{ title }}</h1>")
    assert zips(site) == ["built"]
    assert zips(site) == ["unchanged"]
    site.write("layouts/room/text.html", "<h1>{{ title }}</h1><p>Tout autrement.</p>")
    assert zips(site) == ["built"]
    with zipfile.ZipFile(site.root / "kits/c00.zip") as archive:
        assert "Tout autrement." in archive.read("2022-11-29-c00/2022-11-29-c00.txt").decode()


def test_what_is_to_become_of_a_communique_is_said_from_its_day_on(site: SiteFolder) -> None:
    site.write("_config.yml", "timezone: Europe/Paris\n")
    site.communique(
        "correction: {date: 2030-01-02, note: Le nombre est faux.}\nwithdrawn: {date: 2030-03-04, note: Par erreur.}\n",
        name="_communiques/c.md",
    )
    (source,) = of_site(site.root, read_site(site.root, unsaid))
    target = site.root / "kits/c.pdf"

    def built(day: str) -> tuple[Report, str]:
        # Later than the disk's clock tells.
        time.sleep(0.1)
        moment = datetime.fromisoformat(f"{day}T12:00:00+01:00")
        request = Request(sources=[source], target=lambda _source: target, folder=site.root / "kits", now=moment)
        (report,) = build(request)
        return report, pdf_text(target) if target.exists() else ""

    report, text = built("2030-01-01")
    assert "faux" not in text
    assert "erreur" not in text
    assert any("dated in the future" in problem.what for problem in report.warnings)
    report, text = built("2030-01-02")
    assert report.status == "built"
    assert "faux" in text
    assert "erreur" not in text
    report, text = built("2030-03-05")
    assert (report.status, report.reason, text) == ("skipped", "withdrawn", "")


def test_a_communique_without_its_first_line_is_named(site: SiteFolder) -> None:
    site.write("presskit.toml", "")
    site.write("_communiques/LISEZMOI.md", "# Le dossier\n\ntitle: rien\n")
    site.write("_communiques/perdu.md", "title: T\ndate: 2026-01-02\n---\nx\n")
    _summary, reports = all_of(site)
    assert [problem.what for problem in reports["perdu"].warnings] == ["there is no front matter."]
    assert not reports["LISEZMOI"].warnings
