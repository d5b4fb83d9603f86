"""`presskit check`: what it finds in kits and in communiqués, and what it says of them."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from presskit.layout.colours import contrast
from presskit.prose.html import says_nothing
from tests import producers
from tests.conftest import ROOT, SiteFolder, html_pdf


def check(*arguments: str | Path) -> Result:
    from presskit.cli.commands import main

    return CliRunner().invoke(main, ["check", *map(str, arguments)], catch_exceptions=False)


def test_a_kit_that_is_right(site: SiteFolder) -> None:
    site.communique("", "## Une partie\n\nTexte.")
    result = check(site.build().path)
    assert result.exit_code == 0
    assert "PDF/UA-1, conforms (page-validation)" in result.output
    assert "PDF/A-3a, conforms (page-validation)" in result.output


def test_a_pdf_without_anything(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(producers.scan())
    result = check(path)
    assert result.exit_code == 1
    assert "✗" in result.output
    assert "the document is not tagged: a screen reader finds no order in it." in result.output
    assert "does not state its language" in result.output


def test_images_headings_and_pale_text_are_found(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(
        html_pdf(
            "<title>T</title><body><h1>A</h1><h3>B</h3><p style='color: #e0c060'>Pâle</p>"
            "<p style='color: #fff; background: #123'>Sur fond</p><p style='color: #e0c060; font-size: 30pt'>Grand</p>"
            "<svg width=10 height=10></svg>"
        )
    )
    output = check(path).output
    assert "a.pdf, page 1: an image has no alternative text." in output
    assert "a.pdf, page 1: a heading skips a level: from 1 to 3." in output
    assert output.count("too pale on white: 1.8:1, where 4.5:1 is needed") == 1


def test_a_report_for_programs(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(html_pdf("<body><p>Texte."))
    report = json.loads(check(path, "--json").output)["files"][0]
    assert report["status"] == "wrong" and report["validator"] == "page-validation"
    faults = report["standards"]["pdf/ua-1"]
    assert {"ISO 14289-1, 7.1"} & {fault["clause"] for fault in faults}


def test_a_damaged_or_absent_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7 and no more")
    result = check(path)
    assert result.exit_code == 1 and "the PDF can't be read: it is damaged." in result.stderr
    assert check(tmp_path / "none.pdf").exit_code == 1


def test_what_a_communiques_kit_will_lack(site: SiteFolder) -> None:
    from PIL import Image

    for name in ("une", "IMG_2041"):
        Image.new("RGB", (30, 20), "teal").save(site.root / f"uploads/{name}.png")
    site.communique(
        "une-ou-diaporama:\n- image: /uploads/une.png\n- image: /uploads/une.png\n  alternative-textuelle: Photo\n"
        "- image: /uploads/une.png\n  alternative-textuelle: Image décorative\n  legende: Le ministre\n"
        "files:\n- file: /uploads/absent.pdf\n",
        "#### Trop profond\n\n![](/uploads/une.png)\n\n![IMG_2041.png](/uploads/IMG_2041.png)\n\n"
        "[Cliquez ici](https://example.org) [](https://example.org/vide) [le site](https://preprod.example.org)\n",
    )
    result = check(site.root / "communique.md")
    assert result.exit_code == 1
    for expected in (
        "the image “une.png” has no alternative text.",
        "the alternative text “Photo” says nothing of the image “une.png”.",
        "the image “une.png” has a caption, yet its alternative text says that it is decorative.",
        "“/uploads/absent.pdf” can't be found",
        "the heading “Trop profond” skips a level: from 1 to 4.",
        "the alternative text “IMG_2041.png” says nothing of the image “IMG_2041.png”.",
        "the link “Cliquez ici” does not say where it leads.",
        "a link has no text: it is left out.",
        "the link “le site” leads to a pre-production site: preprod.example.org.",
    ):
        assert expected in result.output


def test_pale_colours_of_the_brand(site: SiteFolder) -> None:
    site.write("presskit.toml", '[brand.colours]\naccent = "#e0c060"\n')
    site.communique()
    output = check(site.root / "communique.md").output
    assert "brand.colours.accent" in output and "too pale on white: 1.8:1" in output
    assert "brand.colours.primary" not in output


def test_the_default_brand_and_the_example_are_right(site: SiteFolder) -> None:
    site.communique()
    assert check(site.root / "communique.md").exit_code == 0
    assert check(ROOT / "examples" / "communique.md").exit_code == 0


@pytest.mark.parametrize(
    ("alt", "nothing"),
    [("IMG_2041", True), ("une.jpg", True), ("une", True), ("Image", True), ("Le ministre à Paris", False)],
)
def test_texts_that_say_nothing(alt: str, nothing: bool) -> None:
    assert says_nothing(alt, "une.jpg") is nothing


def test_contrast_is_that_of_wcag() -> None:
    white, black = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
    assert round(contrast(white, black), 2) == 21.0
    assert contrast(white, white) == 1.0
    # #767676 on white is the palest grey that passes.
    assert contrast((0x76 / 255,) * 3, white) >= 4.5 > contrast((0x78 / 255,) * 3, white)


def _untagged() -> bytes:
    return html_pdf("<title>T</title><body><p>Sans balises", tags=False)


# Whatever a build may warn of, or refuse: front matter and text, with the files that they name.
WITH_WARNINGS = {
    "une-et-texte": (
        "une-ou-diaporama:\n- image: /uploads/petite.png\n- {image: /uploads/petite.png, alt: Photo}\n"
        "layout: inconnu\nlang: br\nclef-inconnue: x\n",
        "#### Trop bas\n\n![](/uploads/petite.png)\n\n[ici]() [](https://example.org) [x](https://preprod.example.org)\n\n"
        "贪 <video></video> **gras **: et\n\n```\n<script>\n",
    ),
    "pieces": (
        "files:\n- /uploads/sans-balises.pdf\n- /uploads/petite.png\n- /uploads/vide.pdf\n- /uploads/a.txt\n"
        "- /uploads/abime.pdf\n- /uploads/faux.jpg\n- /uploads/dossier-vide\n",
        "Texte.",
    ),
    "dehors": ("files: [../../etc/passwd, https://example.org/a.pdf, {nom: Rien}]\n", "[^1] {:.a\n"),
    "absents": (
        "une-ou-diaporama: [{image: /uploads/rien.png, alt: x}]\nfiles: [{file: /uploads/absent.pdf, nom: Absent}]\n",
        "![y](/uploads/rien.png)\n\n{% include a.md %}",
    ),
    "refuse": ("une-ou-diaporama: [{image: /uploads/faux.jpg, alt: Un texte}]\n", "[x](y z)\n\n## A\n\n#### B\n"),
    "sans-date": ("date: x\n", "Texte."),
    "embargo-en-remarque": ("# embargo: 2027-01-01\n", "Texte."),
    "embargo-sans-fin": ("Sous_embargo: oui\n", "Texte."),
    # Of the files of others: one names it itself, one by its folder.
    "sous-embargo": ("embargo: 2999-01-01 06:00\nfiles: [/uploads/a.txt, /dossier/b.txt]\n", "Texte."),
    "dossier": ("files: [/dossier, /sous-embargo.md]\ntranslation-of: nulle-part.md\n", "Texte."),
    "brouillon": ("draft: true\nembrago: 2999-01-01\n", "Texte."),
    "apostrophe": ("tags: 'l'eau'\n", "Texte."),
    "tabulation": ("\ttags: x\n", "Texte."),
    "deux-points": ("chapeau: Le plan : suite\n", "Texte."),
    "encore": ("chapeau: a #MaSanté\ncontact-presse: {name: A, tel: 01 23}\n", "Texte."),
}


def same(checked: dict[str, Any], built: dict[str, Any]) -> int:
    """How many things building and checking say of a communiqué: the same ones, as grave, in the same places."""
    assert sorted(map(str, checked["errors"])) == sorted(map(str, built["errors"]))
    for problem in built["warnings"]:
        assert problem in checked["findings"], problem
    for problem in checked["findings"]:
        # What only checking says is advice.
        assert problem in built["warnings"] or not problem.get("field", "").startswith("files"), problem
    return len(built["errors"]) + len(built["warnings"])


def test_check_says_all_that_build_says_and_writes_nothing(site: SiteFolder) -> None:
    from PIL import Image

    Image.new("RGB", (30, 20), "teal").save(site.root / "uploads/petite.png")
    for name, content in (
        ("sans-balises.pdf", _untagged()),
        ("vide.pdf", b""),
        ("a.txt", "贪"),
        ("abime.pdf", b"%PDF-1.7 and no more"),
        ("faux.jpg", b"no picture"),
        ("../dossier/b.txt", "b"),
        ("../dossier/c.txt", "c"),
    ):
        site.write(f"uploads/{name}", content)
    (site.root / "uploads/dossier-vide").mkdir()
    site.write("presskit.toml", '[brand]\nboilerplate = "Qui."\n[brand.fonts]\ntext = "Marianne"\n')
    for name, (extra, body) in WITH_WARNINGS.items():
        site.communique(extra, body, f"{name}.md")
    names = [site.root / f"{name}.md" for name in WITH_WARNINGS]
    before = sorted(site.root.rglob("*"))
    reports = json.loads(check(*names, "--json").stdout)["files"]
    assert sorted(site.root.rglob("*")) == before
    assert [report["file"] for report in reports] == [str(name) for name in names]
    told = 0
    for report in reports:
        built = site.build("--json", source=Path(report["file"]).name)
        told += same(report, json.loads(built.result.stdout))
        assert (report["status"] == "failed") is bool(built.result.exit_code)
    assert told > 40
    said = json.dumps(reports, ensure_ascii=False)
    for what in (
        "sets no embargo",
        "is also a file of a communiqué",
        "b.txt” is a communiqué that is not out, or belongs",
    ):
        assert what in said


def test_check_ends_as_build_does(site: SiteFolder) -> None:
    site.communique("files: [/uploads/absent.pdf, ../../etc/passwd]\n", "[ici](https://a.org)")
    result, built = check(site.root / "communique.md"), site.build()
    assert result.exit_code == built.result.exit_code == 1
    for line in built.messages.splitlines():
        if line.startswith(("error", "warning", "  ")):
            assert line in result.output.splitlines()
    allowed = check(site.root / "communique.md", "--allow-missing")
    assert allowed.exit_code == site.build("--allow-missing").result.exit_code == 0
    assert "warning: communique.md:6, field “files[1].file”: “/uploads/absent.pdf” can't be found" in allowed.stdout
    assert check(site.root / "communique.md", "--allow-missing", "--strict").exit_code == 1
    site.communique("", "**gras **")
    assert [check(site.root / "communique.md", *how).exit_code for how in ((), ("--strict",))] == [0, 1]


def test_what_is_missing_is_told_with_all_else_that_is_wrong(site: SiteFolder) -> None:
    site.write("uploads/sans-balises.pdf", _untagged())
    site.communique("files: [/uploads/absent.pdf, /uploads/sans-balises.pdf]\n", "贪")
    built = site.build()
    assert built.result.exit_code == 1 and not built.path.exists()
    for what in ("“/uploads/absent.pdf” can't be found", "sans-balises.pdf: all pages: not tagged", "贪"):
        assert what in built.messages


def test_the_cases_of_messages_are_said_alike(shared: Path, tmp_path: Path) -> None:
    cases = sorted((shared / "cases" / "messages").glob("*/case.toml"))
    assert cases, "NOT TESTED: there are no cases"
    for case in cases:
        told = tomllib.loads(case.read_text("utf-8"))
        folder = tmp_path / case.parent.name
        shutil.copytree(case.parent, folder)
        if "make" in told:
            subprocess.run(
                ["bash", told["make"]], cwd=folder, check=True, env=os.environ | {"CASE_PYTHON": sys.executable}
            )
        _command, name, *options = told.get("run", ["build", "communique.md"])
        options = [option for option in options if option not in ("-o", "kit.pdf")]
        checked = json.loads(check(folder / name, "--json", *options).stdout)["files"]
        built = SiteFolder(folder).build("--json", *options, source=name)
        same(checked[0], json.loads(built.result.stdout))
        assert (checked[0]["status"] == "failed") is bool(built.result.exit_code)


def test_a_file_behind_a_link_is_told_by_the_name_and_line_that_name_it(site: SiteFolder) -> None:
    site.write("uploads/a.txt", "a")
    (site.root / "uploads/le lien.txt").symlink_to("a.txt")
    site.communique("embargo: 2999-01-01 06:00\nfiles: [/uploads/a.txt]\n", name="b.md")
    site.communique("files: [/uploads/le%20lien.txt]\n")
    assert "communique.md:6: “le lien.txt” is also a file of" in check(site.root / "communique.md").output


def test_missing_files_are_named_as_people_read_them(site: SiteFolder) -> None:
    site.communique("files: [/uploads/rapport%20final.pdf]\n", "![x](/uploads/l%27image.png)")
    built = site.build("--allow-missing")
    assert "“/uploads/rapport final.pdf” can't be found" in built.messages
    assert "rapport final.pdf" in built.text and "%20" not in built.text + built.messages


def test_the_findings_of_a_file_are_in_the_order_of_its_lines(site: SiteFolder) -> None:
    site.communique(
        "une-ou-diaporama: [{image: /uploads/rien.png}]\n", "[ici](https://a.org)\n\n[](b)\n\n![x](y.png)\n"
    )
    findings = json.loads(check(site.root / "communique.md", "--allow-missing", "--json").stdout)["files"][0][
        "findings"
    ]
    lines = [finding.get("line") for finding in findings if finding.get("file") == "communique.md"]
    assert len(lines) >= 4 and lines == sorted(lines)


def test_several_files_at_once_a_pdf_among_them(site: SiteFolder) -> None:
    site.communique("", "Texte.")
    kit = site.build().path
    site.communique("", "[ici](https://a.org)", "b.md")
    result = check(site.root / "communique.md", kit, site.root / "absent.md", site.root / "b.md")
    assert result.exit_code == 1
    assert "communique.md: nothing wrong that a program can detect" in result.stdout
    assert "kit.pdf: PDF/UA-1, conforms" in result.stdout
    assert "the link “ici” does not say" in result.stdout
    assert "absent.md: the file can't be read" in result.stderr
    assert check(site.root).exit_code == 0 and check(site.root, "--strict").exit_code == 1
