"""The command line: names, exit codes, reports, languages, and a start that loads nothing heavy."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from presskit import __version__
from presskit.cli.commands import main
from tests.conftest import ROOT, SiteFolder, chapters


def run(*arguments: str, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(main, list(arguments), input=stdin, catch_exceptions=False)


def process(*arguments: str, cwd: Path, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "presskit", *arguments]
    return subprocess.run(
        command, input=stdin, capture_output=True, cwd=cwd, env={**os.environ, **environment}, check=False
    )


def test_the_kit_is_named_after_its_communique_in_the_current_folder(site: SiteFolder, tmp_path: Path) -> None:
    site.communique(name="content/mon-cp.md")
    (tmp_path / "ici").mkdir()
    done = process("build", "../content/mon-cp.md", cwd=tmp_path / "ici")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "ici" / "mon-cp.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_standard_input_and_output(site: SiteFolder) -> None:
    site.write("uploads/a.pdf", chapters("A", 1))
    path = site.communique("files: [{file: /uploads/a.pdf, nom: A}]\n")
    done = process("build", "-", "-o", "-", cwd=site.root, stdin=path.read_bytes())
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"%PDF-1.7")
    assert done.stdout.endswith(b"%%EOF\n")


def test_several_communiques_go_to_a_folder_and_fail_alone(site: SiteFolder) -> None:
    site.communique(name="a.md")
    site.write("b.md", "rien")
    site.communique(name="c.md")
    result = run("build", *(str(site.root / name) for name in ("a.md", "b.md", "c.md")), "-o", str(site.root / "kits"))
    assert result.exit_code == 1
    assert sorted(path.name for path in (site.root / "kits").glob("*.pdf")) == ["a.pdf", "c.pdf"]
    assert re.search(r"^2 +built", result.stderr, re.MULTILINE)
    assert re.search(r"^1 +failed", result.stderr, re.MULTILINE)


@pytest.mark.parametrize(
    "arguments",
    [
        ("build",),
        ("build", "a/x.md", "b/x.md"),
        ("build", "a.md", "b.md", "-o", "-"),
        ("build", "a.md", "-o", "-", "--json"),
        ("build", "a.md", "--nope"),
        ("nope",),
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("communique", "what"),
    [("absent.md", "it does not exist"), (".", "there is no communiqué here")],
)
def test_what_is_no_communique(site: SiteFolder, communique: str, what: str) -> None:
    result = run("build", str(site.root / communique), "-o", str(site.root / "k.pdf"))
    assert result.exit_code == 1
    assert what in result.stderr


def test_a_site_folder_that_is_not_there(site: SiteFolder) -> None:
    site.communique()
    assert "this folder does not exist" in site.build("--site", str(site.root / "absent")).messages


def test_the_site_may_be_named(site: SiteFolder, tmp_path: Path) -> None:
    site.write("site/presskit.toml", '[brand]\norganisation = "Le service nommé"\n')
    site.communique()
    assert "Le service nommé" in site.build("--site", str(tmp_path / "site")).text


def test_strict_makes_warnings_errors(site: SiteFolder) -> None:
    site.communique("", "**gras **: x")
    assert site.build().result.exit_code == 0
    (site.root / "kit.pdf").unlink()
    built = site.build("--strict")
    assert built.result.exit_code == 1
    assert not built.path.exists()
    assert "error: communique.md:8" in built.messages


def test_the_json_report(site: SiteFolder) -> None:
    site.write("uploads/a.pdf", chapters("A", 2))
    site.communique("files: [{file: /uploads/a.pdf, nom: La pièce}]\n", "**gras **: x")
    built = site.build("--json")
    (report,) = [json.loads(line) for line in built.result.stdout.splitlines()]
    assert report["status"] == "built"
    assert (report["pages"], report["bytes"]) == (3, built.path.stat().st_size)
    assert report["parts"] == [{"title": "La pièce", "file": "a.pdf", "pages": 2, "embedded": False}]
    (warning,) = report["warnings"]
    assert (warning["file"], warning["line"]) == ("communique.md", 9)
    assert warning["remedy"]


def test_the_kit_never_replaces_its_communique(site: SiteFolder) -> None:
    path = site.communique()
    before = path.read_bytes()
    assert "would replace the communiqué itself" in site.build(output="communique.md").messages
    assert path.read_bytes() == before


def test_layouts_are_listed(site: SiteFolder) -> None:
    site.write("layouts/maison/layout.html", "x")
    result = run("layouts", "--site", str(site.root))
    assert [line.split()[0] for line in result.stdout.splitlines()] == [
        "maison",
        "communique",
        "dossier-de-presse",
        "note-aux-redactions",
    ]


def test_version() -> None:
    assert run("--version").stdout == f"presskit {__version__}\n"


def test_messages_follow_the_users_language(site: SiteFolder) -> None:
    site.write("rien.md", "rien")
    french = process("build", "rien.md", cwd=site.root, LANG="fr_FR.UTF-8").stderr.decode()
    assert "erreur" in french
    assert "il n’y a pas d’en-tête" in french
    assert "aucun dossier n’a été construit" in french
    assert "Usage\xa0: presskit build" in process("build", cwd=site.root, LANGUAGE="fr").stderr.decode()
    assert "Afficher cette aide" in process("--help", cwd=site.root, LC_ALL="fr_FR.UTF-8").stdout.decode()
    assert "no front matter" in process("build", "rien.md", cwd=site.root, LANG="en_GB.UTF-8").stderr.decode()


def test_start_up_imports_nothing_heavy() -> None:
    program = (
        "import sys\n"
        "from presskit.cli.commands import main\n"
        "main(sys.argv[1:], standalone_mode=False)\n"
        "heavy = {'weasyprint', 'pypdf', 'jinja2', 'yaml', 'markdown_it', 'babel', 'nh3', 'PIL', 'phonenumbers'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    for argument in ("--help", "--version"):
        done = subprocess.run([sys.executable, "-c", program, argument], capture_output=True, text=True, check=True)
        assert done.stderr == "[]\n", argument


def test_colours_obey_no_color(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    site.write("rien.md", "rien")
    coloured = CliRunner().invoke(main, ["build", str(site.root / "rien.md")], color=True)
    assert "\x1b[" in coloured.stderr
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in CliRunner().invoke(main, ["build", str(site.root / "rien.md")], color=True).stderr


def test_no_file_names_an_index_or_a_machine() -> None:
    for path in (ROOT / "requirements").iterdir():
        assert "://" not in path.read_text()


def test_layouts_of_no_site_are_an_error_in_words() -> None:
    result = CliRunner().invoke(main, ["layouts", "--site", "/nowhere"], catch_exceptions=False)
    assert (result.exit_code, "/nowhere: this folder does not exist." in result.stderr) == (1, True)
