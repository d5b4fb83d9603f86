"""What tags say is read from the marks of a page, each with its own text."""

import pikepdf
from pikepdf import Dictionary, Name

from presskit.conserved.said import _marked


def test_what_follows_a_mark_is_not_of_it() -> None:
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    font = Dictionary(Type=Name.Font, ToUnicode=pdf.make_stream(b"<0001> <0061> <0002> <0062> <0003> <0063> "))
    page.Resources = Dictionary(Font=Dictionary(F0=pdf.make_indirect(font)))
    page.Contents = pdf.make_stream(
        b"BT /F0 9 Tf /P <</MCID 0>> BDC <0001> Tj /Span <</MCID 1>> BDC [<0002>3<0001>] TJ EMC <0003> Tj EMC "
        b"<0003> Tj /Artifact BMC <0003> Tj EMC <0003> Tj ET"
    )
    assert _marked(page, {}) == {0: "ac", 1: "ba"}
