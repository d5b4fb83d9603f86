"""The record beside the kits: what makes a kit stale, and what the record survives."""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from presskit.base.errors import Problem
from presskit.batch.api import build_site
from presskit.batch.kit_record import Circumstances, KitRecord, MadeOf
from presskit.batch.record import NAME, Record
from presskit.batch.report import Details, Report
from presskit.options import Options
from presskit.orders import KitPart
from presskit.reading.files import Inputs, Lookup
from presskit.reading.site import Site
from presskit.release.standing import Standing
from presskit.release.translations import Translation
from tests.conftest import ROOT, SiteFolder, chapters

BRAND = '[brand]\norganisation = "O"\nlogo = "logo.svg"\n'
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h{0}v9z"/></svg>'


def built(site: SiteFolder, **options: object) -> dict[str, str]:
    """Build the site; gives what became of each communiqué, by name."""
    # What is written in the very moment in which a build begins is built once more, to be sure.
    time.sleep(0.02)
    reports: list[Report] = []
    build_site(site.root, site.root / "kits", on_report=reports.append, jobs=1, **options)  # type: ignore[arg-type]
    return {Path(report.communique).stem: report.status for report in reports}


def furnish(site: SiteFolder) -> SiteFolder:
    site.write("_config.yml", "title: Site\ndefaults:\n- {scope: {path: ''}, values: {tags: [a]}}\n")
    site.write("presskit.toml", BRAND)
    site.write("logo.svg", LOGO.format(9))
    site.write("uploads/a.pdf", chapters("A", 1))
    site.write("uploads/p.svg", LOGO.format(8))
    site.write("_includes/i.md", "inclus")
    site.communique(
        "files: [{file: /uploads/a.pdf, nom: A}]\n",
        "![Une image](/uploads/p.svg)\n{% include i.md %}",
        "_communiques/a.md",
    )
    site.communique("categories: [Note aux rédactions]\n", name="_communiques/b.md")
    return site


@pytest.fixture
def archive(site: SiteFolder) -> SiteFolder:
    return furnish(site)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose kits are built."""
    site = furnish(SiteFolder(tmp_path_factory.mktemp("known")))
    assert built(site) == {"a": "built", "b": "built"}
    return site.root


@pytest.fixture
def recorded(known: Path, site: SiteFolder) -> SiteFolder:
    """A copy of it, which is as fresh: see the test of a site that moves."""
    shutil.copytree(known, site.root, dirs_exist_ok=True)
    return site


def change_the_layout(site: SiteFolder) -> None:
    site.write("layouts/note-aux-redactions/layout.html", '{% extends "communique/layout.html" %}')


def replace_with_dates_kept(site: SiteFolder) -> None:
    """As `cp -p` and rsync do: another content, of the same size and date."""
    path = site.root / "uploads" / "p.svg"
    before = path.stat()
    path.write_text(LOGO.format(7), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES: dict[str, tuple[Callable[[SiteFolder], object], set[str]]] = {
    "nothing": (lambda _site: None, set()),
    "touched": (lambda s: os.utime(s.root / "uploads" / "a.pdf"), set()),
    "communique": (lambda s: s.communique("", "Autre.", "_communiques/b.md"), {"b"}),
    "attachment": (lambda s: s.write("uploads/a.pdf", chapters("B", 1)), {"a"}),
    "image": (lambda s: s.write("uploads/p.svg", LOGO.format(5)), {"a"}),
    "image, dates kept": (replace_with_dates_kept, {"a"}),
    "include": (lambda s: s.write("_includes/i.md", "autre"), {"a"}),
    "logo": (lambda s: s.write("logo.svg", LOGO.format(4)), {"a", "b"}),
    "brand": (lambda s: s.write("presskit.toml", BRAND.replace('"O"', '"P"')), {"a", "b"}),
    # The configuration as a whole is an input of what Liquid has filled in.
    "site's defaults": (lambda s: s.write("_config.yml", "title: Site\n"), {"a", "b"}),
    "layout of one": (change_the_layout, {"a", "b"}),
    "kit is gone": (lambda s: (s.root / "kits" / "b.pdf").unlink(), {"b"}),
    "kit was changed": (lambda s: (s.root / "kits" / "b.pdf").write_bytes(b"%PDF"), {"b"}),
    "a nearer file": (lambda s: s.write("_communiques/uploads/x", "x"), set()),
    "fonts": (lambda s: s.write("presskit.toml", BRAND + '[brand.fonts]\nfolder = "uploads"\n'), {"a", "b"}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_only_what_changed_is_built(recorded: SiteFolder, change: str) -> None:
    # The copy's files are those of the record from here on.
    assert set(built(recorded).values()) == {"unchanged"}
    act, stale = CHANGES[change]
    act(recorded)
    assert {name for name, status in built(recorded).items() if status == "built"} == stale
    assert set(built(recorded).values()) == {"unchanged"}


def test_only_kits_of_a_changed_layout_are_built(archive: SiteFolder) -> None:
    change_the_layout(archive)
    built(archive)
    archive.write("layouts/note-aux-redactions/layout.css", "p { color: red }")
    assert built(archive) == {"a": "unchanged", "b": "built"}


def test_a_layout_depends_on_those_that_it_takes_from(archive: SiteFolder) -> None:
    archive.write("layouts/socle/layout.html", '{% extends "communique/layout.html" %}')
    archive.write("layouts/note-aux-redactions/layout.html", '{% extends "socle/layout.html" %}')
    built(archive)
    archive.write("layouts/socle/layout.html", '{% extends "communique/layout.html" %}{# autre #}')
    assert built(archive) == {"a": "unchanged", "b": "built"}


def test_a_copy_that_keeps_size_and_date_is_another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also once the record trusts what folders tell of a file."""
    monkeypatch.setattr("presskit.batch.record._TOO_FRESH", -(10**12))
    path = tmp_path / "a"
    path.write_bytes(b"un")
    with Record(tmp_path) as record:
        first = record.digest(path)
    before = path.stat()
    time.sleep(0.02)
    path.write_bytes(b"de")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with Record(tmp_path) as record:
        assert record.digest(path) != first


def test_a_file_that_is_the_same_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("presskit.batch.record._TOO_FRESH", -(10**12))
    path = tmp_path / "a"
    path.write_bytes(b"un")
    with Record(tmp_path) as record:
        first = record.digest(path)
    monkeypatch.setattr(Path, "open", lambda *_arguments: pytest.fail("read again"))
    with Record(tmp_path) as record:
        assert record.digest(path) == first


def test_a_file_of_this_very_moment_is_not_trusted(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"un")
    with Record(tmp_path) as record:
        record.digest(path)
    with Record(tmp_path) as record:
        assert record._states == {}


def test_a_file_that_comes_where_one_was_missing(archive: SiteFolder) -> None:
    archive.communique("files: [{file: /uploads/tard.pdf, nom: Tard}]\n", name="_communiques/b.md")
    missing = Options(allow_missing=True)
    assert built(archive, options=missing)["b"] == "built"
    assert built(archive, options=missing)["b"] == "unchanged"
    archive.write("uploads/tard.pdf", chapters("Tard", 1))
    assert built(archive, options=missing) == {"a": "unchanged", "b": "built"}


def test_a_file_that_takes_the_place_of_another(site: SiteFolder) -> None:
    site.write("uploads/a.pdf", chapters("A", 1))
    site.write("presskit.toml", "")
    site.communique("files: [{file: a.pdf, nom: A}]\n", name="sous/c.md")
    assert built(site) == {"c": "built"}
    site.write("sous/a.pdf", chapters("B", 1))
    assert built(site) == {"c": "built"}


def test_a_folder_that_gets_another_file(site: SiteFolder) -> None:
    site.write("presskit.toml", "")
    site.write("uploads/annexes/1.pdf", chapters("A", 1))
    site.communique("files: [{file: /uploads/annexes, nom: A}]\n")
    assert built(site) == {"communique": "built"}
    assert built(site) == {"communique": "unchanged"}
    site.write("uploads/annexes/2.pdf", chapters("B", 1))
    assert built(site) == {"communique": "built"}


@pytest.mark.parametrize("options", [Options(allow_missing=True), Options(layout="dossier-de-presse")])
def test_other_wishes_are_other_kits(recorded: SiteFolder, options: Options) -> None:
    assert built(recorded, options=options) == {"a": "built", "b": "built"}


def test_force_builds_all(recorded: SiteFolder) -> None:
    assert built(recorded, force=True) == {"a": "built", "b": "built"}


def test_another_version_builds_all(recorded: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("presskit.batch.record.__version__", "999")
    assert built(recorded) == {"a": "built", "b": "built"}


def test_other_libraries_programs_or_dates_build_all(recorded: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("presskit.batch.record._machine", lambda: ("WeasyPrint 999",))
    assert built(recorded) == {"a": "built", "b": "built"}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    assert built(recorded) == {"a": "built", "b": "built"}


def test_a_changed_font_builds_all(archive: SiteFolder) -> None:
    font = archive.write("marque/police.ttf", next((ROOT / "fonts").rglob("*.ttf")).read_bytes())
    archive.write("presskit.toml", BRAND + '[brand.fonts]\nfolder = "marque"\n')
    built(archive)
    assert built(archive) == {"a": "unchanged", "b": "unchanged"}
    others = sorted((ROOT / "fonts").rglob("*.ttf"))
    font.write_bytes(others[-1].read_bytes())
    assert built(archive) == {"a": "built", "b": "built"}


def test_a_layout_for_a_kind_is_taken_once_it_is_there(archive: SiteFolder) -> None:
    archive.communique("categories: [Tribune]\n", name="_communiques/b.md")
    built(archive)
    archive.write("layouts/tribune/layout.html", '{% extends "communique/layout.html" %}')
    archive.write("layouts/tribune/layout.toml", 'kinds = ["Tribune"]\n')
    assert built(archive)["b"] == "built"
    archive.write("layouts/tribune/layout.toml", 'kinds = ["Autre"]\n')
    assert built(archive)["b"] == "built"


def test_a_failed_kit_is_tried_again(archive: SiteFolder) -> None:
    archive.write("_communiques/b.md", "---\ntitle: T\n---\nx")
    for _time in range(2):
        assert built(archive)["b"] == "failed"


@pytest.mark.parametrize("name", ["uploads/a.pdf", "_communiques/a.md"])
def test_what_changes_while_a_kit_is_built_is_built_again(archive: SiteFolder, name: str) -> None:
    start = time.time_ns() + 10**10
    os.utime(archive.root / name, ns=(start, start))
    assert built(archive) == {"a": "built", "b": "built"}
    assert built(archive) == {"a": "built", "b": "unchanged"}


@pytest.mark.parametrize("damage", [b"", b"not a database", None])
def test_losing_the_record_costs_time_alone(recorded: SiteFolder, damage: bytes | None) -> None:
    record = recorded.root / "kits" / NAME
    if damage is None:
        record.unlink()
    else:
        record.write_bytes(damage)
    assert built(recorded) == {"a": "built", "b": "built"}
    assert built(recorded) == {"a": "unchanged", "b": "unchanged"}


def test_a_record_of_another_time_is_made_anew(recorded: SiteFolder) -> None:
    with sqlite3.connect(recorded.root / "kits" / NAME) as database:
        database.execute("PRAGMA user_version=99")
    database.close()
    assert built(recorded) == {"a": "built", "b": "built"}


def test_the_record_tells_no_path_of_the_machine(known: Path) -> None:
    assert str(known).encode() not in (known / "kits" / NAME).read_bytes()


def test_a_site_that_moves_is_still_fresh(recorded: SiteFolder, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("ailleurs") / "site"
    recorded.root.rename(elsewhere)
    assert built(SiteFolder(elsewhere)) == {"a": "unchanged", "b": "unchanged"}


def test_what_came_from_the_network_is_fetched_again(tmp_path: Path) -> None:
    with Record(tmp_path) as record:
        assert record.made_of(Inputs(), Site(root=tmp_path), 0) is not None
        assert record.made_of(Inputs(untold=True), Site(root=tmp_path), 0) is None


def noted(wanted: str) -> KitRecord:
    """What is noted of some kit, told from others by a word."""
    details = Details(
        title="T",
        layout="communique",
        pages=1,
        bytes=1,
        parts=(KitPart(title="a", file="a.pdf", pages=1, embedded=False),),
        missing=(),
        claims=("pdf/ua-1",),
        refusals=(("pdf/a-3a", Problem("x")),),
        care=(),
    )
    return KitRecord(
        id="i",
        site="s",
        standing=Standing(until=datetime(2026, 3, 1, tzinfo=UTC), corrected=(datetime(2026, 3, 2, tzinfo=UTC),)),
        uses=("u",),
        sketch=(1, 2),
        communique="c",
        wanted=wanted,
        kit="k",
        made_of=MadeOf(
            files={"a": "1", "b": None},
            listings={},
            lookups=(Lookup(reference="a", beside="", folders=False, answer=None),),
        ),
        circumstances=Circumstances(embargoed=True, translations=(Translation("en", "T"),), corrections=1),
        details=details,
        warnings=(Problem("w", "f.md", line=3),),
        published={"a.html": 1},
    )


def test_two_runs_can_share_a_record(tmp_path: Path) -> None:
    with Record(tmp_path) as one, Record(tmp_path) as two:
        one.note("a.pdf", noted("1"))
        two.note("b.pdf", noted("2"))
        two.note("a.pdf", noted("3"))
    with Record(tmp_path) as record:
        assert record.entry("a.pdf") == noted("3")
        assert record.entry("b.pdf") == noted("2")


def test_a_record_that_is_busy_is_left_alone(recorded: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    path = recorded.root / "kits" / NAME

    def busy(*_arguments: object, **_options: object) -> None:
        raise sqlite3.OperationalError("database is locked")

    before = path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr("presskit.batch.record.sqlite3.connect", busy)
        assert built(recorded) == {"a": "built", "b": "built"}
    assert path.read_bytes() == before


def test_a_record_that_cannot_be_written_stops_nothing(archive: SiteFolder) -> None:
    (archive.root / "kits" / NAME).mkdir(parents=True)
    assert built(archive) == {"a": "built", "b": "built"}
