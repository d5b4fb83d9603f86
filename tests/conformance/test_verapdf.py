"""The proof: veraPDF, the reference validator, accepts what kits claim to be.

`make conformance` fetches it. Without it these tests are skipped, loudly, unless PRESSKIT_CONFORMANCE says
"required", as it does in CI.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pikepdf
import pytest

from presskit.conformance import verapdf
from presskit.conformance.claims import PROFILES
from presskit.conformance.rules import STANDARDS
from tests import producers
from tests.conformance.test_claims import CMYK, claims, with_helvetica
from tests.conftest import ROOT, SHARED, SiteFolder, chapters, html_pdf, kit_of
from tests.planting import Gives, Plants
from tests.trees import check_tree

REQUIRED = os.environ.get("PRESSKIT_CONFORMANCE") == "required"


@pytest.fixture(autouse=True)
def alone() -> None:
    """Here veraPDF is asked, where it is."""


needs_verapdf = pytest.mark.skipif(
    verapdf.find() is None and not REQUIRED,
    reason="NOT TESTED: veraPDF is not here; `make conformance` fetches it, with Java and Maven",
)

REAL = (
    "seed/communique.md",
    "corpus/femmes-et-numerique.md",
    "corpus/journee-numerique-et-territoires.md",
    "corpus/tchap-note-aux-redactions.md",
)
VARIANTS = ("pdf/a-1a", "pdf/a-2a", "pdf/a-3a", "pdf/ua-1", "pdf/ua-2")
SIX = ("WeasyPrint", "LibreOffice", "LaTeX", "Word", "scan", "form")


def _with(*makers: Callable[[], bytes], alt: str = "") -> Callable[[SiteFolder], Path]:
    def build(site: SiteFolder) -> Path:
        return kit_of(site, *(make() for make in makers), entry=f", alt: {alt}" if alt else "").path

    return build


def _real(name: str) -> Callable[[SiteFolder], Path]:
    def build(site: SiteFolder) -> Path:
        from tests.test_corpus import build as build_real

        return build_real(site, SHARED, name).path

    return build


def _example(site: SiteFolder) -> Path:
    shutil.copytree(ROOT / "examples", site.root, dirs_exist_ok=True)
    return site.build().path


def _laid_out(site: SiteFolder) -> Path:
    from PIL import Image

    Image.new("RGB", (400, 300), "teal").save(site.root / "uploads/photo.jpg")
    Image.new("RGBA", (400, 300), "teal").save(site.root / "uploads/dessin.png")
    site.write("uploads/texte.md", "# Titre\n\nUn texte, avec une [adresse](https://example.org).\n\n- a\n- b\n")
    site.write("uploads/donnees.csv", "Nom,Nombre\nUn,1\nDeux,2\n")
    site.write("uploads/page.html", "<h1>Page</h1><table><tr><th>a<td>b</table><blockquote>Dit.</blockquote>")
    names = ("photo.jpg", "dessin.png", "texte.md", "donnees.csv", "page.html")
    site.communique("files:\n" + "".join(f"- {{file: /uploads/{name}, nom: {name}, as: both}}\n" for name in names))
    return site.build().path


def _dressed(site: SiteFolder) -> Path:
    """All that a layout may show, with separators, stamps and an embargo's notice, in English."""
    from PIL import Image

    Image.new("RGB", (400, 300), "teal").save(site.root / "uploads/une.png")
    (site.root / "brand").mkdir()
    site.write(
        "brand/logo.svg",
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20"/></svg>',
    )
    site.write(
        "presskit.toml",
        'url = "https://example.org"\n[brand]\norganisation = "Maison"\nlogo = "brand/logo.svg"\ncity = "Paris"\n'
        'boilerplate = "La **maison** [écrit](/a)."\n[brand.contact]\nname = "Presse"\nemail = "presse@example.org"\n'
        'tel = "01 23 45 67 89"\n[brand.en]\nboilerplate = "The **house** [writes](/a)."\n'
        '[kit]\nseparators = true\nstamp = true\n[room]\nurl = "https://presse.example.org"\n',
    )
    site.write("uploads/a.pdf", chapters("A", 2))
    body = (
        "## Part\n\nText with a note[^1] and <span lang='fr'>des mots</span>.\n\n> Said.\n> Somebody, minister\n\n"
        "| A | B |\n|---|---|\n| 1 | |\n\n1. One\n    - two\n\n```\ncode\n```\n\n### Sub\n\n"
        "<dl><dt>T</dt><dd>D</dd></dl>\n\n"
        "[^1]: The note.\n"
    )
    extra = (
        "lang: en\nlayout: dossier-de-presse\nchapeau-text: A **standfirst**.\nune-ou-diaporama:\n"
        "- {image: /uploads/une.png, alternative-textuelle: A plain colour, legende: The colour, credit: Us}\n"
        "- {image: /uploads/une.png, alternative-textuelle: Image décorative}\n"
        "files: [{file: /uploads/a.pdf, nom: 'The chapters'}]\n"
        "embargo: 2999-12-01 06:00\ncorrection: {date: 2022-12-01, note: 'A **number**'}\nref: both\n"
    )
    site.write("francais.md", "---\ntitle: En français\ndate: 2022-01-01\nref: both\n---\nx")
    site.communique(extra, body)
    return site.build().path


def _conforming(variant: str) -> bytes:
    import weasyprint

    html = "<html lang=fr><title>Conforme</title><body><h1>Conforme</h1><p>Texte.</p>"
    pdf: bytes = weasyprint.HTML(string=html).write_pdf(pdf_variant=variant)
    return pdf


# Kits, and the standards that they are to claim.
KITS: dict[str, tuple[Callable[[SiteFolder], Path], set[str]]] = {
    **{name: (_real(name), set(STANDARDS)) for name in REAL},
    "example": (_example, set(STANDARDS)),
    "six producers": (_with(*(producers.ALL[name] for name in SIX), alt="Une lettre"), set(STANDARDS)),
    "conforming": (_with(*(partial(_conforming, variant) for variant in VARIANTS)), set(STANDARDS)),
    "laid out": (_laid_out, set(STANDARDS)),
    "dressed": (_dressed, set(STANDARDS)),
    "untagged": (_with(producers.untagged, producers.detached), set(STANDARDS)),
    "PDF 2.0": (_with(producers.pdf_2), set(STANDARDS)),
    "headings": (_with(partial(html_pdf, "<title>T</title><body><h1>A</h1><h4>B</h4>")), set(STANDARDS)),
    "scan": (_with(producers.scan), {"pdf/a-3a"}),
    "printers' colours": (_with(lambda: CMYK), {"pdf/ua-1"}),
    "font not embedded": (_with(with_helvetica), set()),
}
# A real one has a picture that nobody described.
KITS["corpus/tchap-note-aux-redactions.md"] = (_real("corpus/tchap-note-aux-redactions.md"), {"pdf/a-3a"})


@pytest.fixture(scope="module")
def validated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[Path, dict[str, list[str]]]]]:
    """All kits, each built by presskit alone, and what veraPDF finds in them: it is started once a standard."""
    if REQUIRED:
        assert verapdf.find() is not None, "veraPDF is required, and not here: run `make conformance`"
    paths: dict[str, Path] = {}
    with pytest.MonkeyPatch.context() as patch:
        plant = Plants(patch)
        plant("presskit.attachments.ocr.is_there", Gives(False))
        plant("presskit.conformance.verapdf.find", Gives(None))
        for name, (build, _claims) in KITS.items():
            if name in REAL and not SHARED.is_dir():
                continue
            folder = tmp_path_factory.mktemp("kit")
            (folder / "uploads").mkdir()
            paths[name] = build(SiteFolder(folder))
    found: dict[str, dict[str, list[str]]] = {name: {} for name in paths}
    for standard in STANDARDS:
        for name, findings in zip(paths, verapdf.validate(list(paths.values()), PROFILES[standard]), strict=True):
            found[name][standard] = [f"{item.clause}-{item.test} {item.words}" for item in findings]
    yield {name: (paths[name], found[name]) for name in paths}


@needs_verapdf
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("name", KITS)
def test_verapdf_accepts_what_a_kit_claims(validated: dict[str, tuple[Path, dict[str, list[str]]]], name: str) -> None:
    if name in REAL and not SHARED.is_dir():
        pytest.skip(f"NOT TESTED: the real communiqués are not in {SHARED.name}/ beside the checkout")
    path, found = validated[name]
    assert claims(path) == KITS[name][1]
    for standard in claims(path):
        assert found[standard] == []
    check_tree(path)
    with pikepdf.open(path) as pdf:
        assert len(pdf.Root.OutputIntents) == 1


@needs_verapdf
def test_verapdf_can_refuse(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(html_pdf("<title>T</title><body><h1>a</h1><h3>b</h3>", tags=False))
    (findings,) = verapdf.validate([path], PROFILES["pdf/ua-1"])
    assert {"7.1", "6.2"} <= {item.clause for item in findings}
    assert any(item.page == 1 for item in findings)


@needs_verapdf
def test_verapdf_has_the_last_word(site: SiteFolder) -> None:
    """pdfTeX's Type 3 fonts have no table of characters: page-validation minds, veraPDF does not."""
    font = "<title>T</title><body><h1>Titre</h1><p>Texte."

    def type_3(pdf: pikepdf.Pdf) -> None:
        glyph = pdf.make_stream(b"500 0 0 0 500 500 d1 0 0 400 400 re f")
        name = pikepdf.Name
        pdf.pages[0].Resources.Font["/T3"] = pikepdf.Dictionary(
            Type=name.Font,
            Subtype=name.Type3,
            FontBBox=pikepdf.Array([0, 0, 500, 500]),
            FontMatrix=pikepdf.Array([0.001, 0, 0, 0.001, 0, 0]),
            CharProcs=pikepdf.Dictionary(a=glyph),
            Encoding=pikepdf.Dictionary(Type=name.Encoding, Differences=pikepdf.Array([97, name.a])),
            FirstChar=97,
            LastChar=97,
            Widths=pikepdf.Array([500]),
            Resources=pikepdf.Dictionary(),
        )
        pdf.pages[0].contents_add(b"BT /T3 12 Tf 50 50 Td (a) Tj ET", prepend=False)

    path = _with(lambda: producers.changed(html_pdf(font, tags=False), type_3))(site)
    assert claims(path) == set(STANDARDS)


@needs_verapdf
def test_check_asks_verapdf(validated: dict[str, tuple[Path, dict[str, list[str]]]]) -> None:
    from click.testing import CliRunner

    from presskit.cli.commands import main

    path, _found = validated["font not embedded"]
    result = CliRunner().invoke(main, ["check", str(path)], catch_exceptions=False)
    assert result.exit_code == 1
    assert "PDF/UA-1, 2 faults (veraPDF)" in result.output
    assert "page 2: a font is not embedded (ISO 14289-1, 7.21.4.1)" in result.output


def test_a_verapdf_that_does_not_answer_is_done_without(site: SiteFolder, plant: Plants, tmp_path: Path) -> None:
    broken = tmp_path / "verapdf"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    plant("presskit.conformance.verapdf.find", Gives((str(broken),)))
    with pytest.raises(verapdf.UnusableError):
        verapdf.validate([tmp_path], "ua1")
    path = _with(with_helvetica)(site)
    assert claims(path) == set()


@pytest.mark.parametrize("named", ["folder", "command", "nothing"])
def test_verapdf_is_found_where_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    command = tmp_path / "bin" / "java"
    command.parent.mkdir()
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    (tmp_path / "bin" / "a.jar").touch()
    monkeypatch.setenv("PATH", str(command.parent))
    place = {"folder": str(command.parent), "command": str(command), "nothing": str(tmp_path / "none")}[named]
    monkeypatch.setenv(verapdf.PLACE, place)
    verapdf.find.cache_clear()
    try:
        found = verapdf.find()
    finally:
        verapdf.find.cache_clear()
    assert (
        found
        == {
            "folder": (str(command), "-cp", f"{command.parent}{os.sep}*", "org.verapdf.apps.GreenfieldCliWrapper"),
            "command": (str(command),),
            "nothing": None,
        }[named]
    )
