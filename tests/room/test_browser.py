"""The room in a real browser: Debian's Chromium, headless, at a telephone's width and at a desk's.

The server sends the strict policy that serve.py describes; a request to anywhere else fails the test.
"""

import hashlib
import io
import json
import shutil
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pypdf import PdfReader

from presskit.room.serve import server
from tests.room.conftest import RoomFolder

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="NOT TESTED: Chromium is not here (Debian: apt install chromium)"
)
# Nothing that a browser asks of its makers while it is tested.
QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
MAREES = "2026-03-05-marees"
WIDTHS = pytest.mark.parametrize("width", [360, 1440])
PAGES = {
    "index": "index.html",
    "publication": f"2026/{MAREES}/index.html",
    "english": "2026/2026-03-05-tide-data-en/index.html",
    "corrected": "2026/2026-02-01-mauvais/index.html",
    "withdrawn": "2025/2025-05-06-retire/index.html",
    "year": "2026/index.html",
    "topic": "themes/bilan/index.html",
    "topics": "themes/index.html",
    "search": "recherche/index.html",
    "lost": "404.html",
    "moved": "ancienne/index.html",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def base(room: RoomFolder) -> Iterator[str]:
    with server(room.public, 0) as shown:
        thread = threading.Thread(target=shown.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{shown.server_address[1]}/"
        shown.shutdown()
        thread.join()


def context(browser: Browser, base: str, width: int, **options: Any) -> BrowserContext:
    """A reader's browser. What it would ask of another server, or what its policy refuses, is an error."""
    made = browser.new_context(viewport={"width": width, "height": 800}, accept_downloads=True, **options)
    made.set_default_timeout(15_000)

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
        )
        page.on(
            "request",
            lambda request: None if request.url.startswith((base, "data:")) else complaints.append(request.url),
        )

    complaints: list[str] = []
    made.on("page", watch)
    made.complaints = complaints  # type: ignore[attr-defined]
    return made


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Browser, base: str) -> Iterator[Page]:
    options = dict(getattr(request, "param", {}))
    made = context(browser, base, options.pop("width", 360), **options)
    opened = made.new_page()
    opened.goto(base)
    yield opened
    complaints = made.complaints  # type: ignore[attr-defined]
    made.close()
    assert complaints == []


def saved(page: Page, selector: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.click(selector)
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


@pytest.mark.parametrize("page", [{"width": 360}, {"width": 1440}], indirect=True)
def test_find_by_search_and_download_kit_and_zip(page: Page, tmp_path: Path) -> None:
    page.fill("#q", "hauteurs OBSERV")
    page.click("form.search button")
    expect(page.locator("#found")).to_contain_text("1 publication")
    assert page.locator("#results > li").count() == 1
    page.click("#results a")
    assert page.locator("h1").inner_text() == "L’observatoire des marées ouvre ses données"
    kit = saved(page, ".downloads a[href$='.pdf']", tmp_path)
    assert kit.name == f"{MAREES}.pdf"
    assert "observatoire" in PdfReader(kit).pages[0].extract_text()
    archive = saved(page, f".downloads a[href='{MAREES}.zip']", tmp_path)
    assert "No errors" in subprocess.run(["unzip", "-t", archive], check=True, capture_output=True, text=True).stdout
    with zipfile.ZipFile(archive) as opened:
        manifest = json.loads(opened.read(f"{MAREES}/manifest.json"))
        for entry in manifest["files"]:
            assert hashlib.sha256(opened.read(f"{MAREES}/{entry['path']}")).hexdigest() == entry["sha256"]
    attachment = saved(page, ".downloads a[href*='Dossier']", tmp_path)
    assert attachment.name == "Dossier d’été.pdf"
    assert len(PdfReader(attachment).pages) == 2


@pytest.mark.parametrize(
    "page", [{"width": 360, "java_script_enabled": False}, {"width": 1440, "java_script_enabled": False}], indirect=True
)
def test_find_and_download_without_javascript(page: Page, tmp_path: Path) -> None:
    page.click(".item a:has-text('observatoire')")
    assert page.locator("#copy").is_hidden()
    with page.expect_download() as download:
        page.click(".downloads .main a")
    assert PdfReader(io.BytesIO(Path(download.value.path()).read_bytes())).pages
    # By year, and by the search page, which has all titles.
    page.goto(page.url.split("/2026/")[0] + "/index.html")
    page.click(".years a:has-text('2024')")
    assert page.locator(".item").all_inner_texts() == ["Bilan de 2024"]
    page.fill("#q", "bilan")
    page.click("form.search button")
    assert page.url.endswith("recherche/index.html?q=bilan")
    assert page.locator("#results > li").count() == 6
    assert "demande JavaScript" in page.locator("main").inner_text()


@pytest.mark.parametrize("page", [{"width": 360}, {"width": 1440}], indirect=True)
def test_by_keyboard_alone(page: Page, tmp_path: Path) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"
    page.reload()
    reach(page, "document.activeElement.id === 'q'")
    page.keyboard.type("marégraphes marees")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recherche/**")
    expect(page.locator("#found")).to_contain_text("Aucune")
    reach(page, "document.activeElement.id === 'q'")
    page.keyboard.press("Control+A")
    page.keyboard.type("marees")
    expect(page.locator("#found")).to_contain_text("1 publication")
    reach(page, "document.activeElement.closest('#results')")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{MAREES}/**")
    reach(page, f"(document.activeElement.getAttribute('href') || '') === '{MAREES}.zip'")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == f"{MAREES}.zip"
    reach(page, "document.activeElement.classList.contains('scroll')", backwards=True)


def reach(page: Page, condition: str, *, backwards: bool = False) -> None:
    """Press Tab until the focus is where it is wanted."""
    for _press in range(60):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        if page.evaluate(f"!!({condition})"):
            return
    raise AssertionError(condition)


@pytest.fixture(scope="module", params=["light", "dark"])
def reader(request: pytest.FixtureRequest, browser: Browser, base: str) -> Iterator[tuple[Page, str]]:
    """A page of a browser that looks at one thing after the other: a browser takes longer to open than a page."""
    made = context(browser, base, 360, color_scheme=request.param)
    yield made.new_page(), request.param
    made.close()


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_violation(reader: tuple[Page, str], base: str, room: RoomFolder, name: str) -> None:
    page, scheme = reader
    # A page in the dark is the same page, in other colours.
    rules: dict[str, Any] = {"runOnly": ["color-contrast"]} if scheme == "dark" else {}
    complaints = page.context.complaints  # type: ignore[attr-defined]
    complaints.clear()
    if name == "moved":
        # Its page leads on at once: looked at without that.
        page.route(
            "**/ancienne/index.html", lambda route: route.fulfill(body=moved_page(room), content_type="text/html")
        )
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(base + PAGES[name])
        results = Axe().run(page, options={"resultTypes": ["violations", "incomplete"], **rules})
        assert results.violations_count == 0, results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), width
        ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert ground == ("rgb(20, 23, 28)" if scheme == "dark" else "rgb(255, 255, 255)")
    assert complaints == []


def moved_page(room: RoomFolder) -> str:
    import re

    from presskit.publication import Publication
    from presskit.reading.settings import read_site
    from presskit.room.entries import Entry
    from presskit.room.pages import Setting
    from presskit.room.pages import moved_page as made

    entry = Entry(
        id="x",
        publication=Publication(
            name="2026-03-05-marees", lang="fr", title="Le titre", moment="2026-03-05T09:30:00+01:00"
        ),
    )
    setting = Setting(
        site=read_site(room.site.root, lambda _problem: None), url="https://presse.example.org", logo="assets/logo.svg"
    )
    return re.sub(r'<meta http-equiv="refresh"[^>]*>', "", made(setting, "ancienne/index.html", entry))


def test_axe_would_find_a_violation(browser: Browser, base: str) -> None:
    made = context(browser, base, 360)
    page = made.new_page()
    page.goto(base)
    page.evaluate("document.querySelector('.foot').style.color = '#ddd'")
    page.evaluate("document.querySelector('#q').removeAttribute('id')")
    found = {violation["id"] for violation in Axe().run(page).response["violations"]}
    assert {"color-contrast", "label"} <= found or "color-contrast" in found
    made.close()


@pytest.mark.parametrize("page", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True)
def test_the_text_is_copied_with_its_bold(page: Page) -> None:
    page.goto(page.url + f"2026/{MAREES}/index.html")
    page.click("#copy")
    assert page.locator("#copied").inner_text() == "Texte copié"
    html = page.evaluate(
        "navigator.clipboard.read().then(items => items[0].getType('text/html')).then(blob => blob.text())"
    )
    text = page.evaluate("navigator.clipboard.readText()")
    assert "42 ports" in text
    assert "<b" in html or "<strong" in html
    assert "Copier" not in text


def test_a_search_that_is_shared_is_found_again(page: Page, base: str) -> None:
    page.goto(f"{base}recherche/index.html?q=BILAN")
    expect(page.locator("#found")).to_contain_text("2 publications")
    page.fill("#q", "")
    expect(page.locator("#results > li")).to_have_count(6)
    assert page.url == f"{base}recherche/index.html"
    # Words of the text, whose beginning is enough; those of the title come first.
    page.fill("#q", "mot2024")
    expect(page.locator("#found")).to_contain_text("1 publication")


def test_a_search_that_can_not_be_loaded_shows_all(page: Page, base: str) -> None:
    page.route("**/recherche/index/*.json", lambda route: route.fulfill(status=500, body=""))
    page.goto(f"{base}recherche/index.html?q=bilan")
    expect(page.locator("#found")).to_contain_text("pas pu")
    assert page.locator("#results > li").count() == 6
    page.context.complaints.clear()  # type: ignore[attr-defined]


def test_printed_a_page_is_its_text(browser: Browser, base: str, tmp_path: Path) -> None:
    made = context(browser, base, 1440, color_scheme="dark")
    page = made.new_page()
    page.goto(f"{base}2026/{MAREES}/index.html")
    page.emulate_media(media="print")
    for gone in ("form.search", ".trail", "#copy", ".foot", ".full", ".jump"):
        assert page.locator(gone).first.is_hidden(), gone
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(31, 47, 77)"
    pdf = tmp_path / "printed.pdf"
    page.pdf(path=pdf, format="A4")
    text = " ".join(pdf_page.extract_text() for pdf_page in PdfReader(pdf).pages)
    assert "42 ports" in text
    assert "https://donnees.example.org/marees" in text
    made.close()


def test_fonts_and_images_are_the_rooms_own_and_are_shown(page: Page, base: str) -> None:
    page.goto(f"{base}2026/{MAREES}/index.html")
    page.wait_for_load_state("networkidle")
    loaded = page.evaluate(
        "document.fonts.ready.then(() => [...document.fonts].filter(f => f.status === 'loaded').map(f => f.family))"
    )
    assert {name.strip('"') for name in loaded} == {"Presskit text", "Presskit headings"}
    assert page.evaluate("[...document.images].every(i => i.complete && i.naturalWidth > 0)")
    sources = page.evaluate("performance.getEntriesByType('resource').map(r => r.name)")
    assert {urlsplit(source).netloc for source in sources} == {urlsplit(base).netloc}
