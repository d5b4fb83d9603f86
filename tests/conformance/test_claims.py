"""What kits claim: both standards where they hold, and else the exact cause; and what is mended for them."""

import io
import json
import re
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from presskit.batch.check import check_kit
from presskit.conformance.rules import STANDARDS
from tests import producers
from tests.conftest import SiteFolder, html_pdf, kit_of
from tests.producers import changed

pytestmark = pytest.mark.usefixtures("without_ocr")


def claims(path: Path) -> set[str]:
    with pikepdf.open(path) as pdf:
        packet = pdf.Root.Metadata.read_bytes().decode()
        assert "/Filter" not in pdf.Root.Metadata
    found = set()
    if "<pdfuaid:part>1</pdfuaid:part>" in packet:
        found.add("pdf/ua-1")
        # The schema is not one that PDF/A knows.
        assert "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>" in packet
    if "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in packet:
        found.add("pdf/a-3a")
    return found


def drawing(operators: bytes, **resources: object) -> bytes:
    """A page with these operators, in a file without tags."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 300))
    page.Contents = pdf.make_stream(operators)
    page.Resources = Dictionary({f"/{name}": value for name, value in resources.items()})
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def with_helvetica() -> bytes:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    return drawing(b"BT /F1 12 Tf 20 200 Td (Bonjour) Tj ET", Font=Dictionary(F1=font))


CMYK = drawing(b"0 1 1 0 k 10 10 50 50 re f")


def test_a_kit_conforms_to_both(site: SiteFolder) -> None:
    built = kit_of(site, producers.weasyprint(), producers.latex())
    assert claims(built.path) == set(STANDARDS)
    assert "PDF/UA-1, PDF/A-3a)" in built.messages
    assert "claim" not in built.messages


def test_a_claim_that_does_not_hold_is_dropped_alone_and_its_cause_named(site: SiteFolder) -> None:
    built = kit_of(site, producers.weasyprint(), CMYK)
    assert claims(built.path) == {"pdf/ua-1"}
    assert (
        "f2.pdf, page 1: the kit can't claim PDF/A-3a: printers' colours (CMYK) are used without their profile "
        "(ISO 19005-3, 6.2.4.3)." in built.messages
    )
    assert "as: embed" in built.messages


def test_each_attachment_that_is_a_cause_is_named(site: SiteFolder) -> None:
    messages = kit_of(site, with_helvetica(), producers.weasyprint(), with_helvetica(), CMYK, CMYK).messages
    fonts = re.findall(r"(f\d\.pdf), page (\d+): the kit can't claim (.+): a font is not embedded", messages)
    assert sorted(fonts) == [(name, "1", "PDF/UA-1 and PDF/A-3a") for name in ("f1.pdf", "f3.pdf")]
    for name in ("f4.pdf", "f5.pdf"):
        assert f"{name}, page 1: the kit can't claim PDF/A-3a: printers' colours" in messages
    assert "f2.pdf" not in messages


def test_the_page_is_that_of_the_file(site: SiteFolder) -> None:
    def add(pdf: pikepdf.Pdf) -> None:
        with pikepdf.open(io.BytesIO(CMYK)) as other:
            pdf.pages.append(other.pages[0])

    built = kit_of(site, producers.untagged(), changed(producers.latex(), add))
    assert "f2.pdf, page 3: the kit can't claim PDF/A-3a" in built.messages


def test_fonts_that_the_validator_overlooks_are_found(site: SiteFolder) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    image = b"q 20 0 0 20 9 9 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x00 EI Q "
    after_image = drawing(b"BT /F1 12 Tf ET " + image + b"BT 20 200 Td (Bonjour) Tj ET", Font=Dictionary(F1=font))

    def field(pdf: pikepdf.Pdf) -> None:
        look = pdf.make_stream(b"/Tx BMC q BT /Helv 10 Tf () Tj ET Q EMC")
        look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 90, 20])
        look.Resources = Dictionary(Font=Dictionary(Helv=font))
        widget = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("a"), AP=Dictionary(N=look))
        widget.Rect = Array([10, 10, 100, 30])
        widget = pdf.make_indirect(widget)
        pdf.pages[0].Annots = Array([widget])
        pdf.Root.AcroForm = Dictionary(Fields=Array([widget]))

    for content in (after_image, changed(producers.latex(), field)):
        built = kit_of(site, content)
        assert claims(built.path) == set()
        said = "f1.pdf, page 1: the kit can't claim PDF/UA-1 and PDF/A-3a: a font is not embedded"
        assert said in built.messages
    # What is written unseen, as under a scan, is not set in a font.
    unseen = drawing(b"BT 3 Tr /F1 12 Tf 20 200 Td (Bonjour) Tj ET", Font=Dictionary(F1=font))
    assert claims(kit_of(site, unseen).path) == set(STANDARDS)


def test_embedding_is_a_remedy(site: SiteFolder) -> None:
    assert claims(kit_of(site, CMYK, entry=", as: embed").path) == set(STANDARDS)


def test_what_is_required_must_hold(site: SiteFolder) -> None:
    good = kit_of(site, producers.weasyprint(), options=("--require", "pdf/ua-1,pdf/a-3a"))
    assert good.result.exit_code == 0
    before = good.path.read_bytes()
    bad = kit_of(site, CMYK, options=("--require", "pdf/ua-1, PDF/A-3a"))
    assert bad.result.exit_code == 1
    assert "error: f1.pdf, page 1: the kit can't claim PDF/A-3a" in bad.messages
    assert bad.path.read_bytes() == before
    assert kit_of(site, CMYK, options=("--require", "pdf/ua-1")).result.exit_code == 0
    assert kit_of(site, CMYK, options=("--require", "pdf/x")).result.exit_code == 2


def test_the_report_tells_claims_causes_and_care(site: SiteFolder) -> None:
    built = kit_of(site, CMYK, producers.scan(), options=("--json",))
    conformance = json.loads(built.result.stdout)["conformance"]
    assert conformance["claims"] == []
    assert {(item["standard"], item["file"], item["page"]) for item in conformance["refusals"]} == {
        ("pdf/a-3a", "f1.pdf", 1),
        ("pdf/ua-1", "f2.pdf", 1),
    }
    assert conformance["care"] == [{"file": "f2.pdf", "untagged": [1], "scanned": [1]}]


def test_a_scan_claims_no_accessibility_until_somebody_says_what_it_shows(site: SiteFolder) -> None:
    built = kit_of(site, producers.scan())
    assert claims(built.path) == {"pdf/a-3a"}
    assert "scanned: they have no text, and nothing says what they show (ISO 14289-1, 7.3)" in built.messages
    assert claims(kit_of(site, producers.scan(), entry=", alt: 'Lettre du service'").path) == set(STANDARDS)


def test_a_picture_of_the_une_without_a_text_costs_one_claim(site: SiteFolder) -> None:
    from PIL import Image

    Image.new("RGB", (300, 200), "teal").save(site.root / "uploads/une.png")
    entry = "une-ou-diaporama:\n- image: /uploads/une.png\n"
    site.communique(entry)
    built = site.build()
    assert claims(built.path) == {"pdf/a-3a"}
    assert "communique.md: the kit can't claim PDF/UA-1: an image has no alternative text" in built.messages
    for alternative in ("Une image décorative", "Image décorative", "Un rectangle"):
        site.communique(f"{entry}  alternative-textuelle: {alternative}\n")
        assert claims(site.build().path) == set(STANDARDS)


# What is mended


def mended(site: SiteFolder, content: bytes) -> pikepdf.Pdf:
    built = kit_of(site, content)
    assert claims(built.path) == set(STANDARDS), built.messages
    return pikepdf.open(built.path)


def test_images_are_not_smoothed_by_readers(site: SiteFolder) -> None:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 300))
    image = pdf.make_stream(b"\x80" * 12)
    image.Type, image.Subtype, image.ColorSpace = Name.XObject, Name.Image, Name.DeviceRGB
    image.Width, image.Height, image.BitsPerComponent, image.Interpolate = 2, 2, 8, True
    image.Alternates = Array()
    page.Resources = Dictionary(XObject=Dictionary(Im=image))
    page.Contents = pdf.make_stream(b"BT ET q 100 0 0 100 0 0 cm /Im Do Q")
    out = io.BytesIO()
    pdf.save(out)
    built = kit_of(site, out.getvalue(), entry=", alt: Un aplat")
    assert claims(built.path) == set(STANDARDS)


def test_lzw_becomes_flate(site: SiteFolder) -> None:
    def compress(pdf: pikepdf.Pdf) -> None:
        # "10 10 50 50 re f" after Acrobat's example of LZW (ISO 32000-1, 7.4.4.2): a remark, then nothing.
        stream = pikepdf.Stream(pdf, bytes.fromhex("800b6050220c0c8501"))
        stream.Filter = Name.LZWDecode
        pdf.Root.Extra = pdf.make_indirect(stream)
        font = pdf.pages[0].Resources.Font
        font[next(iter(font.keys()))].Extra = pdf.Root.Extra

    with mended(site, changed(producers.latex(), compress)) as pdf:
        assert not [
            item for item in pdf.objects if isinstance(item, pikepdf.Stream) and item.get("/Filter") == "/LZWDecode"
        ]
        assert [item for item in pdf.objects if isinstance(item, pikepdf.Stream) and item.read_bytes() == b"-----A---B"]


def test_lists_of_glyphs_that_lack_some_are_left_out(site: SiteFolder) -> None:
    def wrong(pdf: pikepdf.Pdf) -> None:
        for item in pdf.objects:
            if isinstance(item, Dictionary) and item.get("/Type") == "/FontDescriptor":
                item.CIDSet = pdf.make_stream(b"\x80")

    with mended(site, changed(producers.latex(), wrong)) as pdf:
        assert not [item for item in pdf.objects if isinstance(item, Dictionary) and "/CIDSet" in item]


def test_annotations_are_printed_and_links_described(site: SiteFolder) -> None:
    def bare(pdf: pikepdf.Pdf) -> None:
        for annotation in pdf.pages[0].Annots:
            del annotation.Contents

    with mended(site, changed(producers.weasyprint(), bare)) as pdf:
        annotations = [annotation for page in pdf.pages for annotation in page.get("/Annots", [])]
        assert annotations and all(int(annotation.F) & 4 for annotation in annotations)
        assert str(annotations[-1].Contents) == "https://example.org/a"


def test_fields_are_described_and_drawn(site: SiteFolder) -> None:
    with mended(site, producers.form()) as pdf:
        assert "/NeedAppearances" not in pdf.Root.AcroForm
        fields = list(pdf.Root.AcroForm.Fields)
        assert [str(field.TU) for field in fields] == ["Nom", "ok"]
        assert all("/N" in field.AP for field in fields)


def test_printers_colours_with_their_profile_are_kept(site: SiteFolder) -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    def intend(pdf: pikepdf.Pdf) -> None:
        stream = pdf.make_stream(profile)
        stream.N = 3
        pdf.Root.OutputIntents = Array(
            [
                Dictionary(
                    Type=Name.OutputIntent,
                    S=Name.GTS_PDFA1,
                    OutputConditionIdentifier=String("x"),
                    DestOutputProfile=stream,
                )
            ]
        )

    with mended(site, changed(producers.untagged(), intend)) as pdf:
        space = pdf.pages[-1].Resources.ColorSpace.DefaultRGB
        assert space[0] == "/ICCBased" and space[1].read_bytes() == profile
        assert len(pdf.Root.OutputIntents) == 1


def test_layers_are_named_and_listed(site: SiteFolder) -> None:
    def layer(pdf: pikepdf.Pdf) -> None:
        group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Calque")))
        pdf.Root.OCProperties = Dictionary(
            OCGs=Array([group]), D=Dictionary(Order=Array(), AS=Array([Dictionary(Event=Name.Print, Category=Array())]))
        )
        pdf.pages[0].Resources.Properties = Dictionary(L=group)

    with mended(site, changed(producers.latex(), layer)) as pdf:
        shown = pdf.Root.OCProperties.D
        assert str(shown.Name) == "Kit" and "/AS" not in shown and len(shown.Order) == 1


# WeasyPrint leaves its colour profile open.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_files_that_conform_give_kits_that_conform(site: SiteFolder) -> None:
    import weasyprint

    html = "<html lang=fr><title>Conforme</title><body><h1>Conforme</h1><p>Texte.</p>"
    files = [
        weasyprint.HTML(string=html).write_pdf(pdf_variant=variant)
        for variant in ("pdf/a-1a", "pdf/a-2a", "pdf/a-3a", "pdf/ua-1", "pdf/ua-2")
    ]
    built = kit_of(site, *files)
    assert claims(built.path) == set(STANDARDS), built.messages
    with pikepdf.open(built.path) as pdf:
        assert pdf.pdf_version == "1.7"


def test_the_validator_finds_what_is_wrong(tmp_path: Path) -> None:
    """The claims rest on it: it must be able to refuse."""
    path = tmp_path / "a.pdf"
    path.write_bytes(html_pdf("<title>T</title><body><h1>a</h1>"))
    for faults in check_kit(path).faults.values():
        assert any("-ID-SCHEMA-" in fault.rule for fault in faults)
