"""What a reader's telephone fetches: the index of a room of 500 publications, and its search."""

import random
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from presskit.publication import File, Publication
from presskit.reading.site import Brand, Room, Site
from presskit.room.build import RoomRequest, _contents
from presskit.room.entries import Entry, Ledger, in_order
from presskit.room.serve import server
from presskit.room.swap import swap
from presskit.room.workplace import Workplace
from tests.room.test_browser import CHROMIUM, QUIET

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="NOT TESTED: Chromium is not here (Debian: apt install chromium)"
)
COUNT, MOST = 500, 150_000


def publications() -> list[Entry]:
    """Publications of a usual length: titles of 90 characters, a chapeau of 300, a text of 400 words of 8,000."""
    dice = random.Random(7)
    letters = "aeioubcdflmnprst"
    vocabulary = ["".join(dice.choices(letters, k=dice.randint(3, 11))) for _word in range(8000)]

    def text(count: int) -> str:
        return " ".join(dice.choices(vocabulary, k=count))

    entries = []
    for number in range(COUNT):
        day = f"{2015 + number // 46}-{1 + number % 46 // 4:02}-{1 + number % 28:02}"
        title, chapeau, body = text(11).capitalize(), text(40), text(400)
        name = f"{day}-{title[:50].strip().lower().replace(' ', '-')}-{number}"
        kit = File(path=f"{name}.pdf", title=title, size=90_000, media_type="application/pdf", pages=4)
        tags = tuple(f"theme {dice.randrange(40)}" for _tag in range(3))
        publication = Publication(
            name=name,
            lang="fr",
            title=title,
            moment=f"{day}T09:00:00+01:00",
            kind="Communiqué de presse",
            tags=tags,
            chapeau=f"<p>{chapeau}</p>",
            summary=chapeau,
            body=f"<p>{body}</p>",
            text=f"{chapeau} {body}",
            kit=kit,
            archive=kit,
        )
        entries.append(Entry(id=str(number), publication=publication))
    return in_order(entries)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[Entry]]]:
    folder = tmp_path_factory.mktemp("large")
    site = Site(root=folder, brand=Brand(organisation="Le service des essais"), room=Room("https://presse.example.org"))
    entries = publications()
    request = RoomRequest(site=site, output=folder / "public")
    written, files = _contents(
        request,
        Workplace(folder, folder, lasts=False),
        entries,
        ledger=Ledger(),
        url=site.room.url,
        warn=lambda _problem: None,
    )
    swap(request.output, written, files)
    with server(request.output, 0) as shown:
        thread = threading.Thread(target=shown.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{shown.server_address[1]}/", entries
        shown.shutdown()
        thread.join()


def weighed(page: Page) -> dict[str, int]:
    """The bytes of each thing that a page has fetched, images left out; nothing is compressed on the way."""
    page.wait_for_load_state("networkidle")
    found: list[list[object]] = page.evaluate(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".filter(e => e.initiatorType !== 'img').map(e => [e.name, e.decodedBodySize])"
    )
    return {str(name).split("/", 3)[3]: int(str(size)) for name, size in found}


def test_the_index_of_500_weighs_at_most_150_kb_and_so_does_its_search(large: tuple[str, list[Entry]]) -> None:
    base, entries = large
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(viewport={"width": 360, "height": 800})
        page.goto(base)
        index = weighed(page)
        assert any(name.endswith(".woff2") for name in index)
        assert any(name.endswith("room.css") for name in index)
        assert all(size > 0 for size in index.values()), index
        assert sum(index.values()) <= MOST, index
        assert page.locator(".item").count() == 20
        assert sum(int(text.strip("()")) for text in page.locator(".years .count").all_inner_texts()) == COUNT
        # A word of the text of one of them.
        target = entries[321].publication
        words = sorted(set(target.text.split()), key=lambda word: (len(word), word))[-5:]
        page.goto(f"{base}recherche/index.html?q={'+'.join(words)}")
        expect(page.locator("#found")).to_contain_text("1 publication")
        assert page.locator("#results a").inner_text() == target.title
        searched = weighed(page)
        shards = {name: size for name, size in searched.items() if name.endswith(".json")}
        assert 1 <= len(shards) <= 5
        assert sum(shards.values()) < 60_000, shards
        page.goto(f"{base}{entries[0].page}")
        assert sum(weighed(page).values()) <= MOST
        browser.close()


def test_the_search_page_lists_all_in_a_page_that_servers_compress_well(large: tuple[str, list[Entry]]) -> None:
    import gzip
    from urllib.request import urlopen

    html = urlopen(f"{large[0]}recherche/index.html").read()
    assert html.count(b"<li") >= COUNT
    assert len(html) <= MOST
    assert len(gzip.compress(html)) < 60_000
