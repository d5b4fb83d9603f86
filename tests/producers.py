"""Attached PDFs as different programs make them."""

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageDraw

from tests.conftest import html_pdf

DATA = Path(__file__).parent / "data"

RICH = """<title>Rapport</title><body><h1>Rapport d’activité</h1>
<p>Un paragraphe, avec un <a href="https://example.org/a">lien utile</a> et <em>une insistance</em>.</p>
<h2>Chiffres</h2><table><thead><tr><th>Année<th>Nombre</thead><tbody><tr><td>2024<td>12<tr><td>2025<td>15</table>
<h2>Liste</h2><ul><li>Un point<li>Un autre</ul><p>{long}</p>"""
LONG = "Une phrase assez longue pour que le paragraphe passe à la page suivante, ce qui arrive. " * 60


def weasyprint() -> bytes:
    """Tagged by WeasyPrint: lists, a table with identifiers, a link, a paragraph over two pages."""
    return html_pdf(RICH.format(long=LONG))


def latex() -> bytes:
    """Tagged by LuaLaTeX with tagpdf (data/latex.tex)."""
    return (DATA / "latex.pdf").read_bytes()


@cache
def libreoffice() -> bytes:
    """Tagged by LibreOffice, from HTML that Writer reads."""
    import subprocess
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "rapport.html")
        source.write_text(f"<html lang=fr><meta charset=utf-8>{RICH.format(long=LONG)}", "utf-8")
        options = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
        command += ["--infilter=HTML (StarWriter)", "--convert-to", options, "--outdir", folder, str(source)]
        subprocess.run(command, check=True, capture_output=True)
        return source.with_suffix(".pdf").read_bytes()


def word() -> bytes:
    """Tagged with types of its own, mapped to the standard ones, as Word does; and classes of attributes."""

    def change(pdf: pikepdf.Pdf) -> None:
        names = {"/H1": "/Heading1", "/H2": "/Heading2", "/P": "/Normal"}
        for item in pdf.objects:
            if isinstance(item, Dictionary) and item.get("/Type") == Name.StructElem and str(item.S) in names:
                item.S = Name(names[str(item.S)])
                item.C = Name.Pa1
        root = pdf.Root.StructTreeRoot
        root.RoleMap = Dictionary({**{new: Name(old) for old, new in names.items()}, "/Span": Name.Span})
        root.ClassMap = Dictionary(Pa1=Dictionary(O=Name.Layout, SpaceAfter=8))

    return changed(weasyprint(), change)


def scan(text: str = "Le service est ouvert tous les jours.") -> bytes:
    """A page that is a picture of text."""
    image = Image.new("L", (1240, 1754), 255)
    ImageDraw.Draw(image).text((100, 100), text, fill=0, font_size=44)
    out = io.BytesIO()
    image.save(out, "PDF", resolution=150)
    return out.getvalue()


def form() -> bytes:
    """A form to fill in, with a text field that leaves it to readers to draw it."""
    import weasyprint as library

    html = (
        "<h1>Formulaire</h1><form><label>Nom <input name=nom></label> <label><input type=checkbox name=ok> Oui</label>"
    )
    pdf: bytes = library.HTML(string=f"<html lang=fr><title>F</title><body>{html}").write_pdf(
        pdf_forms=True, pdf_tags=True
    )
    return pdf


def untagged() -> bytes:
    """Two paragraphs, a link and a coloured box, without tags."""
    return html_pdf(
        "<title>S</title><body><h1>Sans balises</h1><p>Premier paragraphe, assez long pour tenir sur deux lignes au "
        "moins de la page, et un peu plus encore.</p><p>Second, <a href='https://example.org'>lien</a>.</p>"
        "<div style='width: 90px; height: 40px; background: teal'></div>",
        tags=False,
    )


def pdf_2() -> bytes:
    """PDF 2.0 tags in their namespace, an element that is decoration, and a role of a namespace of its own."""

    def change(pdf: pikepdf.Pdf) -> None:
        root = pdf.Root.StructTreeRoot
        standard = pdf.make_indirect(Dictionary(Type=Name.Namespace, NS=String("http://iso.org/pdf2/ssn")))
        own = Dictionary(
            Type=Name.Namespace, NS=String("urn:maison"), RoleMapNS=Dictionary(Chapo=Array([Name.P, standard]))
        )
        own = pdf.make_indirect(own)
        root.Namespaces = Array([standard, own])
        names = {"/H1": "/Title", "/H2": "/H2"}
        hidden = False
        for item in list(pdf.objects):
            if not isinstance(item, Dictionary) or item.get("/Type") != Name.StructElem:
                continue
            item.NS = standard
            if str(item.S) in names:
                item.S = Name(names[str(item.S)])
            elif item.S == Name.P and not hidden:
                item.S, hidden = Name.Artifact, True
            elif item.S == Name.P:
                item.S, item.NS = Name.Chapo, own

    return changed(weasyprint(), change)


def detached() -> bytes:
    """A tagged file whose tags are cut off: pages keep marks that nothing owns, as merging tools leave them."""

    def change(pdf: pikepdf.Pdf) -> None:
        del pdf.Root.StructTreeRoot

    return changed(weasyprint(), change)


def changed(content: bytes, change) -> bytes:  # type: ignore[no-untyped-def]
    """A PDF after a change by pikepdf."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        change(pdf)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


TAGGED: dict[str, Callable[[], bytes]] = {
    "WeasyPrint": weasyprint,
    "LibreOffice": libreoffice,
    "LaTeX": latex,
    "Word": word,
    "form": form,
}
ALL = {**TAGGED, "scan": scan, "untagged": untagged, "PDF 2.0": pdf_2, "detached": detached}
