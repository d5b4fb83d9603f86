"""What an attached PDF has besides pages: forms, signatures, layers, files and portfolios."""

import io
import subprocess
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from tests.attachments.conftest import one, photo
from tests.conftest import SiteFolder, attach, chapters, html_pdf, outline


def edited(content: bytes, change) -> bytes:  # type: ignore[no-untyped-def]
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        change(pdf)
        pdf.save(out)
    return out.getvalue()


def form(value: str, **entries: object) -> bytes:
    def fill(pdf: pikepdf.Pdf) -> None:
        field = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T=String("nom"),
                V=String(value),
                Rect=[50, 50, 200, 80],
            )
        )
        for name, entry in entries.items():
            field[f"/{name}"] = entry
        pdf.pages[0].Annots = Array([field])
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]), DR=Dictionary(Font=Dictionary()))

    return edited(html_pdf("<title>t</title><body>Formulaire"), fill)


def test_two_forms_do_not_share_their_values(site: SiteFolder) -> None:
    attach(site, form("Ain"), form("Aisne"), form("Allier"))
    with pikepdf.open(site.build().path) as pdf:
        assert {str(f.T): str(f.V) for f in pdf.Root.AcroForm.Fields} == {
            "nom": "Ain",
            "nom (2)": "Aisne",
            "nom (3)": "Allier",
        }
        widgets = [annotation for page in pdf.pages for annotation in page.get("/Annots", []) if "/FT" in annotation]
        assert [str(widget.V) for widget in widgets] == ["Ain", "Aisne", "Allier"]


def test_a_signed_file_is_merged_as_it_looks_and_embedded_untouched(site: SiteFolder) -> None:
    signed = form("x", FT=Name.Sig, V=Dictionary(Type=Name.Sig, Contents=String("SIGNATURE")))
    one(site, "signe.pdf", signed)
    built = site.build()
    assert "it is signed: its pages are merged as they look" in built.messages
    assert built.reader.attachments["signe.pdf"] == [signed]
    assert len(built.reader.pages) == 2
    with pikepdf.open(built.path) as pdf:
        assert "/V" not in pdf.Root.AcroForm.Fields[0]
        assert "/SigFlags" not in pdf.Root.AcroForm


def test_an_xfa_form_is_merged_as_it_looks_and_embedded_untouched(site: SiteFolder) -> None:
    content = edited(form("x"), lambda pdf: pdf.Root.AcroForm.__setitem__("/XFA", String("<xdp/>")))
    one(site, "xfa.pdf", content)
    built = site.build()
    assert "it is an XFA form" in built.messages
    assert built.reader.attachments["xfa.pdf"] == [content]
    with pikepdf.open(built.path) as pdf:
        assert "/XFA" not in pdf.Root.AcroForm


def layered(name: str, *, base: str = "/ON", on: bool = True) -> bytes:
    """A red page, with a black square on a layer over it."""

    def change(pdf: pikepdf.Pdf) -> None:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(name)))
        state = Array([layer])
        pdf.Root.OCProperties = Dictionary(
            OCGs=Array([layer]),
            D=Dictionary({"/Order": Array([layer]), "/BaseState": Name(base), "/ON" if on else "/OFF": state}),
        )
        page = pdf.pages[0]
        page.Resources.Properties = Dictionary(L0=layer)
        page.contents_add(b"/OC /L0 BDC 0 g 0 0 2000 2000 re f EMC")

    return edited(html_pdf(f"<title>{name}</title><style>@page{{background:red}}</style><body>x"), change)


def dark(path: Path, page: int) -> bool:
    command = ["pdftoppm", "-r", "10", "-f", str(page), "-l", str(page), str(path)]
    return subprocess.run(command, check=True, capture_output=True).stdout[-3:] == b"\0\0\0"


def test_layers_stay_shown_or_hidden(site: SiteFolder) -> None:
    attach(
        site,
        layered("montré"),
        layered("caché", on=False),
        layered("montré exprès", base="/OFF"),
        layered("caché exprès", base="/OFF", on=False),
    )
    path = site.build().path
    assert [dark(path, page) for page in (2, 3, 4, 5)] == [True, False, True, False]
    with pikepdf.open(path) as pdf:
        properties = pdf.Root.OCProperties
        assert [str(layer.Name) for layer in properties.OCGs] == ["montré", "caché", "montré exprès", "caché exprès"]
        assert len(properties.D.Order) == 4


def holding(files: dict[str, bytes], *, portfolio: bool = False) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        for name, content in files.items():
            pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, content, filename=name)
        if portfolio:
            pdf.Root.Collection = Dictionary(Type=Name.Collection, View=Name.T)

    return edited(chapters("Couverture", 1), change)


def test_files_that_a_pdf_holds_are_in_the_kit(site: SiteFolder) -> None:
    one(site, "a.pdf", holding({"donnees.csv": b"a;b", "../../../etc/x.txt": b"y", "virus.exe": b"MZ"}))
    built = site.build()
    assert {name: bytes(content[0]) for name, content in built.reader.attachments.items()} == {
        "donnees.csv": b"a;b",
        "_.._.._etc_x.txt": b"y",
    }
    assert "1 script or action" in built.messages
    assert "Donnees" in built.text


def test_a_portfolio_gives_the_files_that_it_holds(site: SiteFolder) -> None:
    inner = {"1-premier.pdf": chapters("Un", 2), "2-photo.jpg": photo(), "3-son.mp3": b"ID3\x04rien"}
    one(site, "porte-documents.pdf", holding(inner, portfolio=True))
    built = site.build()
    top = [title for depth, title, _page in outline(built.reader) if depth == 0][1:]
    assert top == ["1 premier", "2 photo"]
    assert "Couverture" not in built.text
    assert set(built.reader.attachments) == {"3-son.mp3"}
    assert "the 3 files in it are attached in its place" in built.messages


def test_portfolios_in_portfolios_end(site: SiteFolder) -> None:
    content = chapters("Fond", 1)
    for _level in range(6):
        content = holding({"dedans.pdf": content}, portfolio=True)
    one(site, "a.pdf", content)
    built = site.build()
    assert len(built.reader.attachments) == 1


def test_a_locked_file_in_a_portfolio_is_embedded(site: SiteFolder) -> None:
    from tests.attachments.test_pdf import encrypted

    one(site, "a.pdf", holding({"secret.pdf": encrypted("x")}, portfolio=True))
    built = site.build()
    assert "it needs a password" in built.messages
    assert set(built.reader.attachments) == {"secret.pdf"}


@pytest.mark.parametrize("box", ["CropBox", "TrimBox", "BleedBox", "ArtBox"])
def test_page_boxes_stay(site: SiteFolder, box: str) -> None:
    attach(site, edited(chapters("A", 1), lambda pdf: setattr(pdf.pages[0], box, [10, 20, 300, 400])))
    with pikepdf.open(site.build().path) as pdf:
        assert [int(v) for v in pdf.pages[1][f"/{box}"]] == [10, 20, 300, 400]


def test_names_whose_octets_are_no_characters_cost_nothing(site: SiteFolder) -> None:
    odd = pikepdf.Object.parse(b"/A#e5")

    def change(pdf: pikepdf.Pdf) -> None:
        root = pdf.Root.StructTreeRoot
        root.RoleMap = pikepdf.Object.parse(b"<< /A#e5 /P >>")
        element = root.K[0] if isinstance(root.K, Array) else root.K
        element.K[0].S = element.K[0].C = odd
        pdf.Root.Dests = pikepdf.Object.parse(b"<< /A#e5 [0 /Fit] >>")
        pdf.Root.Lang = String(b"\xef\xbb\xbf\xff")
        pdf.pages[0].Annots[0].Subtype = odd
        pdf.pages[0].Resources.XObject = pikepdf.Object.parse(b"<< /A#e5 null >>")

    attach(site, edited(chapters("A", 2), change))
    built = site.build()
    assert len(built.reader.pages) == 3
    assert "damaged" not in built.messages and "embedded" not in built.messages


def test_article_threads_stay(site: SiteFolder) -> None:
    def thread(pdf: pikepdf.Pdf) -> None:
        bead = pdf.make_indirect(Dictionary(Type=Name.Bead, P=pdf.pages[0].obj, R=[0, 0, 100, 100]))
        bead.N = bead.V = bead
        article = pdf.make_indirect(Dictionary(Type=Name.Thread, F=bead, I=Dictionary(Title=String("Fil"))))
        bead.T = article
        pdf.Root.Threads = Array([article])
        pdf.pages[0].B = Array([bead])

    attach(site, edited(chapters("A", 1), thread))
    with pikepdf.open(site.build().path) as pdf:
        (article,) = pdf.Root.Threads
        assert article.F.P.objgen == pdf.pages[1].obj.objgen
