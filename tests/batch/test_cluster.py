"""Kits made on a real Dask cluster of several processes, which share nothing with the site but the network."""

import io
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from presskit.base.errors import PresskitError, unsaid
from presskit.batch import cluster
from presskit.batch.api import build_site
from presskit.batch.report import Report
from presskit.orders import Manuscript, Order
from presskit.reading.settings import read_site
from tests.conftest import SiteFolder, chapters, pdf_text

distributed = pytest.importorskip("distributed", reason="NOT TESTED: the extra presskit-pdf[dask] is not installed")

PROGRAM = """
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    cluster = LocalCluster("127.0.0.1:0", n_workers=3, threads_per_worker=1, dashboard_address=None)
    from distributed import Client
    client = Client(cluster)
    print(cluster.scheduler_address, *client.run(__import__("os").getpid).values(), flush=True)
    sys.stdin.read()
"""


@dataclass
class Cluster:
    address: str
    workers: list[int]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of three processes, in a folder of its own."""
    folder = tmp_path_factory.mktemp("cluster")
    program = folder / "program.py"
    program.write_text(PROGRAM, "utf-8")
    process = subprocess.Popen(
        [sys.executable, str(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=folder,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    address, *workers = process.stdout.readline().split()
    yield Cluster(address.replace("tcp://", "dask://"), [int(pid) for pid in workers])
    process.stdin.close()
    process.wait(60)
    process.stdout.close()


def many(site: SiteFolder, count: int) -> None:
    """Communiqués that need all that can travel."""
    site.write("_config.yml", "title: Le site\nurl: https://ex.fr\n")
    site.write("presskit.toml", '[brand]\nlogo = "marque/logo.svg"\norganisation = "Organisme"\n')
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h9v9z"/></svg>'
    site.write("marque/logo.svg", drawing)
    site.write("uploads/p.svg", drawing)
    site.write("uploads/note.md", "Une note.\n\n![Un dessin](p.svg)\n")
    site.write("uploads/dossier/1.pdf", chapters("Dans le dossier", 1))
    site.write("_includes/i.md", "du texte inclus")
    site.write("layouts/note-aux-redactions/layout.html", '{% extends "communique/layout.html" %}')
    for number in range(count):
        site.write(f"uploads/{number}.pdf", chapters(f"Annexe {number}", 2))
        site.communique(
            f"files:\n- {{file: /uploads/{number}.pdf, nom: Annexe}}\n- {{file: /uploads/note.md, nom: Note}}\n"
            "- {file: /uploads/dossier, nom: D}\n"
            "une-ou-diaporama: {image: /uploads/p.svg, alternative-textuelle: Une forme}\n",
            f"Texte {number}, {{% include i.md %}}.\n\n![Un dessin](/uploads/p.svg)",
            f"_communiques/c{number:02}.md",
        )


def _order_of(path: Path, site: SiteFolder) -> Order:
    settings = read_site(site.root, unsaid)
    return Order(manuscript=Manuscript(octets=path.read_bytes(), name=path.name, folder=path.parent, site=settings))


def test_a_cluster_makes_the_same_kits_though_a_worker_is_killed(site: SiteFolder, running: Cluster) -> None:
    many(site, 9)
    arguments = [sys.executable, "-m", "presskit", "build", str(site.root), "-o"]
    process = subprocess.Popen(
        [*arguments, str(site.root / "loin"), "--executor", running.address], stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while not list((site.root / "loin").glob("c*.pdf")) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(running.workers[0], signal.SIGKILL)
    assert len(list((site.root / "loin").glob("c*.pdf"))) < 9
    _out, messages = process.communicate(timeout=120)
    assert process.returncode == 0, messages
    assert re.search(r"^9 +built", messages, re.MULTILINE)
    here = subprocess.run([*arguments, str(site.root / "ici")], capture_output=True, text=True, check=True)
    for number in range(9):
        far, near = (site.root / folder / f"c{number:02}.pdf" for folder in ("loin", "ici"))
        assert far.read_bytes() == near.read_bytes()
        assert f"Texte {number}, du texte inclus." in pdf_text(far)
    # Nothing was said but how it went: the same, wherever it was.
    assert sorted(messages.replace("loin", "ici").splitlines()) == sorted(here.stderr.splitlines())
    # What was made far away is known here.
    again = subprocess.run(
        [*arguments, str(site.root / "loin"), "--executor", running.address], capture_output=True, text=True, check=True
    )
    assert re.search(r"^9 +unchanged", again.stderr, re.MULTILINE)


def test_what_dask_says_of_its_own_affairs_is_kept_from_readers() -> None:
    program = (
        "import distributed, logging; from presskit.base.listening import silenced; silenced('distributed'); "
        "logging.getLogger('distributed.client').warning('x'); logging.getLogger('distributed.worker').error('y')"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout + said.stderr == ""


def test_what_is_wrong_comes_back(site: SiteFolder, running: Cluster) -> None:
    many(site, 1)
    site.communique("files: [{file: absent.pdf, nom: A}]\n", name="_communiques/absent.md")
    site.write("_communiques/date.md", "---\ntitle: T\n---\nx")
    reports: list[Report] = []
    summary = build_site(site.root, site.root / "kits", executor=running.address, on_report=reports.append)
    assert summary.counts == {"built": 1, "failed": 2}
    said = " ".join(str(problem) for report in reports for problem in report.errors)
    assert "absent.md:6" in said
    assert "the date is missing" in said


def test_a_parcel_has_all_that_a_kit_needs_and_no_more(site: SiteFolder) -> None:
    many(site, 2)
    site.write("uploads/secret.pdf", b"x")
    path = site.root / "_communiques" / "c01.md"
    order = _order_of(path, site)
    parcel = cluster._parcel(order)
    assert set(parcel.files) == {
        "uploads/1.pdf",
        "uploads/note.md",
        "uploads/p.svg",
        "uploads/dossier/1.pdf",
        "_includes/i.md",
        "_config.yml",
    }
    assert parcel.folder == "_communiques"
    bundle = cluster._bundle(order.manuscript.site)
    assert set(bundle.files) == {
        "marque/logo.svg",
        "_config.yml",
        "_includes/i.md",
        "layouts/note-aux-redactions/layout.html",
    }


def test_passwords_travel_with_their_files(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOT_DE_PASSE", "sésame")
    path = site.communique("files: [{file: a.pdf, nom: A, password-env: MOT_DE_PASSE}]\n")
    order = _order_of(path, site)
    assert cluster._parcel(order).environment == {"MOT_DE_PASSE": "sésame"}


def test_what_has_travelled_is_used_and_put_away(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    site.write("uploads/a.pdf", chapters("A", 1))
    path = site.communique("files: [{file: /uploads/a.pdf, nom: A}]\n")
    order = _order_of(path, site)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    parcel = cluster._parcel(order)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    bundle = cluster._bundle(order.manuscript.site)
    # In a process of its own: once the validator has run in this one, its threads make later forks hang.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as there:
        kit = there.submit(cluster.make_there, parcel, bundle).result(60).outcome()
        left = there.submit(os.getenv, "SOURCE_DATE_EPOCH").result(60)
        # The next kit does not find the files of this one.
        missing = there.submit(cluster.make_there, replace(parcel, files={}), bundle).result(60)
    metadata = PdfReader(io.BytesIO(kit.pdf)).metadata
    assert metadata is not None
    assert metadata.creation_date == datetime.fromtimestamp(1_000_000_000, UTC)
    assert left is None
    assert "“/uploads/a.pdf” can't be found" in str(missing.error)


def test_another_version_is_refused(site: SiteFolder) -> None:
    path = site.communique()
    order = _order_of(path, site)
    done = cluster.make_there(cluster.Parcel(order=order, folder="", files={}, version="0"), cluster.Bundle({}))
    assert "the cluster has presskit" in str(done.error)


def test_a_parcel_cannot_leave_its_folder(tmp_path: Path) -> None:
    root = tmp_path / "site"
    root.mkdir()
    cluster._unpack({"../dehors": b"x", str(tmp_path / "absolu"): b"x", "dedans": b"x"}, root)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["dedans", "site"]


@pytest.mark.parametrize(
    ("address", "what"), [("http://x", "is not the address of a cluster"), ("dask://127.0.0.1:9", "can't be reached")]
)
def test_a_cluster_that_is_not_there(
    site: SiteFolder, address: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_CONNECTING", "1s")
    many(site, 1)
    with pytest.raises(PresskitError, match=what):
        build_site(site.root, site.root / "kits", executor=address)


def test_without_dask_the_message_says_what_to_install(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    many(site, 1)
    with pytest.raises(PresskitError, match=r"presskit-pdf\[dask\]"):
        build_site(site.root, site.root / "kits", executor="dask://127.0.0.1:9")
