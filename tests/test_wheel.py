"""The wheel works alone: in an empty environment, away from the checkout, it builds a kit."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT, SHARED, chapters, outline


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


def test_it_is_named_and_filled_right(wheel: Path) -> None:
    assert wheel.name.startswith("presskit_pdf-")
    names = set(zipfile.ZipFile(wheel).namelist())
    for expected in (
        "presskit/cli/commands.py",
        "presskit/py.typed",
        "presskit/layouts/communique/layout.css",
        "presskit/fonts/spectral/OFL.txt",
        "presskit/fonts/spectral/ORIGIN",
        "presskit/fonts/spectral/Spectral_400Regular.ttf",
        "presskit/locale/fr/LC_MESSAGES/presskit.mo",
    ):
        assert expected in names
    assert [name for name in names if name.startswith("presskit/declared/of_")]
    assert not [name for name in names if name.startswith(("tests", "examples", "benchmarks", "build_hook"))]


def test_the_source_archive_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build"]
    subprocess.run([*command, "-t", "sdist", "-d", str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as files:
        files.extractall(tmp_path, filter="data")
    source = tmp_path / archive.name.removesuffix(".tar.gz")
    subprocess.run([*command, "-t", "wheel", "-d", str(tmp_path)], cwd=source, check=True, capture_output=True)
    (other,) = tmp_path.glob("*.whl")
    assert zipfile.ZipFile(other).namelist() == zipfile.ZipFile(wheel).namelist()


def test_it_builds_a_kit_alone(wheel: Path, tmp_path: Path) -> None:
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert uv, "uv is in requirements/dev.txt"
    environment = tmp_path / "env"
    python = environment / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(environment)], check=True)
    install = [uv, "pip", "install", "-q", "--python", str(python)]
    subprocess.run([*install, "--require-hashes", "-r", str(ROOT / "requirements" / "run.txt")], check=True)
    subprocess.run([*install, "--no-deps", str(wheel)], check=True)

    site = tmp_path / "site"
    if SHARED.is_dir():
        shutil.copytree(SHARED / "seed", site)
        attached = "uploads/CP_AIC_L_ETAT_DEVOILE_LE_BILAN_1ERE_PROMOTION.pdf"
    else:
        shutil.copytree(ROOT / "examples", site)
        attached = "uploads/guide-de-prise-en-main.pdf"
    site.chmod(0o755)
    (site / "uploads").mkdir(exist_ok=True)
    (site / attached).write_bytes(chapters("Annexe", 2))

    away = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    command = [str(python.parent / "presskit"), "build", str(site / "communique.md"), "-o", "kit.pdf"]
    subprocess.run(command, cwd=tmp_path, check=True, env=away)
    from pypdf import PdfReader

    assert "Annexe 1" in [title for _depth, title, _page in outline(PdfReader(tmp_path / "kit.pdf"))]
    program = "import presskit, sys; print(presskit.__file__)"
    where = subprocess.run(
        [str(python), "-c", program], cwd=tmp_path, env=away, capture_output=True, text=True, check=True
    )
    assert where.stdout.startswith(str(environment))
