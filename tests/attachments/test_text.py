"""Attached texts: read as they were written, harmless, and not endless."""

import pytest

from tests.attachments.conftest import MAIL, one
from tests.conftest import SiteFolder, pdf_text


def page(site: SiteFolder, name: str, content: bytes) -> str:
    one(site, name, content)
    return " ".join(site.build().reader.pages[1].extract_text().split())


def test_plain_text_keeps_its_lines_and_its_typography(site: SiteFolder) -> None:
    text = page(site, "a.txt", "L'été : 12 % <b>\n\n  décalé\n".encode("cp1252"))
    assert "L'été : 12 % <b> décalé" in text
    assert text.startswith("La pièce")


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_table_is_a_table(site: SiteFolder, separator: str) -> None:
    lines = [("Nom", "Ville"), ("Ain", '"a""b"'), ("Aisne", "Laon")]
    content = "\r\n".join(separator.join(line) for line in lines).encode("utf-8-sig")
    one(site, "a.csv", content)
    path = site.build().path
    from tests.conftest import pdf_text

    rows = [line.split() for line in pdf_text(path, "-layout", "-f", "2").splitlines() if line.strip()]
    assert rows[1:4] == [["Nom", "Ville"], ["Ain", 'a"b'], ["Aisne", "Laon"]]


def test_a_table_of_one_column_is_text(site: SiteFolder) -> None:
    assert "un deux" in page(site, "a.csv", b"un\ndeux\n")


def test_html_is_cleaned(site: SiteFolder) -> None:
    text = page(
        site, "a.html", b"<!doctype html><body onload=x()><style>p{}</style><p>Texte <img src='file:///etc/passwd'>"
    )
    assert text == "La pièce Texte"


def test_markdown_is_laid_out(site: SiteFolder) -> None:
    assert page(site, "a.md", b"# Titre\n\n> un\n\n**deux**\n") == "La pièce Titre un deux"


def test_lines_are_those_of_the_attached_file(site: SiteFolder) -> None:
    one(site, "a.md", b"---\ntitle: A\ndate: 2026-01-01\n---\n\nUn texte.\n\nUn **mot non clos.\n")
    assert "a.md:8: the mark in “Un **mot non clos.”" in site.build().messages


def test_a_mail_shows_its_heads_and_keeps_its_files(site: SiteFolder) -> None:
    one(site, "a.eml", MAIL)
    built = site.build()
    text = built.reader.pages[1].extract_text()
    for expected in ("Jeanne <j@x.fr>", "Réunion", "Le texte du mail."):
        assert expected in text
    assert built.reader.attachments["a.eml"] == [MAIL]
    assert "joint.zip" in built.messages


def test_a_mail_in_html_is_cleaned(site: SiteFolder) -> None:
    mail = b"From: a@x.fr\nMIME-Version: 1.0\nContent-Type: text/html\n\n<p>Texte</p><script>alert(1)</script>"
    assert page(site, "a.eml", mail).endswith("Texte")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", b"a;b\n" + b"1;2\n" * 2_001, "it has more than 2000 rows"),
        ("a.txt", b"x" * 2_000_001, "it is too long"),
        ("a.eml", b"From: a@x.fr\nContent-Type: text/plain; charset=inconnu\n\n\xff", "it is damaged"),
    ],
)
def test_what_can_not_be_laid_out_is_embedded(site: SiteFolder, name: str, content: bytes, reason: str) -> None:
    one(site, name, content)
    built = site.build()
    assert reason in built.messages
    assert built.reader.attachments[name] == [content]


def test_what_a_page_hides_by_its_style_is_not_printed(site: SiteFolder) -> None:
    page = (
        "<style>.h { display: none } #k { visibility:hidden; } p > b.c{color:red;opacity:0} "
        "@media print{.m{display:none}}</style>"
        "<p>Vu<p class='h x'>CACHE1<p id=k>CACHE2<p>Et <b class=c>CACHE3</b> suite"
        "<p style='font-size: 0'>CACHE4<p style='opacity:0.5'>Pâle<p class=m>Papier<!-- CACHE5 -->"
    )
    site.write("uploads/p.html", page)
    site.communique("files: [/uploads/p.html]\n")
    built = site.build()
    text = built.text
    assert "CACHE" not in text
    assert all(word in text for word in ("Vu", "Et", "suite", "Pâle", "Papier"))
    assert "p.html: 4 passages of hidden text are not printed" in built.messages
    assert "CACHE5" not in built.messages


@pytest.mark.parametrize("columns", [8, 9, 24, 40])
def test_a_table_keeps_all_its_columns_on_its_sheet(site: SiteFolder, columns: int) -> None:
    cells = [f"c{number:02}" for number in range(columns)]
    site.write("uploads/t.csv", "\n".join([";".join(f"{cell} colonne longue" for cell in cells), ";".join(cells)] * 2))
    site.communique("files: [/uploads/t.csv]\n")
    built = site.build()
    if columns == 40:
        assert "it has more than 24 columns" in built.messages and "t.csv" in built.reader.attachments
        return
    (page,) = built.reader.pages[1:]
    assert (page.mediabox.width > page.mediabox.height) == (columns > 8)
    # What pdftotext sees within the page alone.
    across, down = (round(float(side)) for side in (page.mediabox.width, page.mediabox.height))
    seen = pdf_text(built.path, "-f", "2", "-x", "0", "-y", "0", "-W", str(across), "-H", str(down))
    assert all(seen.count(cell) == 4 for cell in cells)
    assert "t.csv" not in built.messages


def mail(plain: str, page: str) -> bytes:
    return (
        "From: a@x.fr\nTo: b@x.fr\nSubject: Objet\nDate: Fri, 20 Nov 2026 10:00:00 +0100\nMIME-Version: 1.0\n"
        f"Content-Type: multipart/alternative; boundary=B\n\n--B\nContent-Type: text/plain; charset=utf-8\n\n{plain}\n"
        f"--B\nContent-Type: text/html; charset=utf-8\n\n{page}\n--B--\n"
    ).encode()


@pytest.mark.parametrize(
    ("plain", "page", "shown"),
    [
        ("Le texte\nen clair", "<p>Le <b>texte</b> en clair</p>", ["Le texte", "en clair"]),
        ("Voir la page", "<p>Le texte et le tableau</p>", ["Le texte et le tableau"]),
        ("Le texte", "<p>Le texte</p><p style='display:none'>caché</p>", ["Le texte"]),
        ("", "<p>La page</p>", ["La page"]),
    ],
)
def test_the_page_of_a_mail_is_shown_where_it_says_more(
    site: SiteFolder, plain: str, page: str, shown: list[str]
) -> None:
    one(site, "a.eml", mail(plain, page))
    built = site.build()
    lines = [line.strip() for line in built.reader.pages[1].extract_text().splitlines()]
    assert [line for line in lines if line in (*plain.splitlines(), "Le texte et le tableau", "La page")] == shown
    assert "not on its pages" not in built.messages
