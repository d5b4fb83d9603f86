"""The network: only when asked, only public addresses, in bounds."""

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import Image

from presskit.base import network
from tests.conftest import SiteFolder, chapters
from tests.planting import Plants


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "#ff0000").save(out, "PNG")
    return out.getvalue()


class Handler(BaseHTTPRequestHandler):
    """A small site, with its traps."""

    asked: list[str]

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        bodies = {"/a.png": png(), "/a.pdf": chapters("Loin", 1), "/gros": b"x" * 2000}
        if self.path == "/boucle":
            self.send_response(302)
            self.send_header("Location", "/boucle")
            self.end_headers()
            return
        if self.path == "/prive":
            self.send_response(302)
            self.send_header("Location", "http://10.0.0.1/secret")
            self.end_headers()
            return
        body = bodies.get(self.path)
        self.send_response(200 if body else 404)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[str]:
    Handler.asked = []
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    made.server_close()
    thread.join()


_REAL = network.is_public


def is_public_or_loopback(address: str) -> bool:
    return address == "127.0.0.1" or _REAL(address)


@pytest.fixture
def public(plant: Plants) -> None:
    """Take the loopback for the Internet: the only network that tests may use."""
    plant("presskit.base.network.is_public", is_public_or_loopback)


def page(site: SiteFolder, server: str) -> None:
    site.communique(
        f"une-ou-diaporama: [{{image: '{server}/a.png', alt: x}}]\nfiles: [{{file: '{server}/a.pdf', nom: Loin}}]\n",
        f"![y]({server}/a.png)",
    )


def test_nothing_is_asked_of_the_network_by_default(site: SiteFolder, server: str, public: None) -> None:
    page(site, server)
    built = site.build("--allow-missing")
    assert built.result.exit_code == 0
    assert "nothing is fetched from there" in built.messages
    assert "--allow-net" in built.messages
    assert Handler.asked == []


def test_private_addresses_are_refused_even_when_asked(site: SiteFolder, server: str) -> None:
    page(site, server)
    built = site.build("--allow-net", "--allow-missing")
    assert "it is an address of a private network" in built.messages
    assert Handler.asked == []


def test_public_addresses_are_fetched_once_when_asked(site: SiteFolder, server: str, public: None) -> None:
    page(site, server)
    built = site.build("--allow-net")
    assert "Loin 0" in built.reader.pages[-1].extract_text()
    assert len(built.reader.pages[0].images) >= 1
    assert sorted(Handler.asked) == ["/a.pdf", "/a.png"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/absent", "the server answers 404"),
        ("/boucle", "endlessly"),
        ("/prive", "private network"),
        ("/gros", "it is larger than"),
    ],
)
def test_what_goes_wrong_is_said(
    site: SiteFolder, server: str, public: None, path: str, reason: str, plant: Plants
) -> None:
    plant("presskit.base.network._MOST_BYTES", 1000)
    site.communique(f"files: ['{server}{path}']\n")
    built = site.build("--allow-net")
    assert built.result.exit_code == 1
    assert reason in built.messages


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_which_addresses_are_public(address: str, expected: bool) -> None:
    assert network.is_public(address) is expected


@pytest.mark.parametrize(
    "url", ["ftp://x.fr/a", "file:///etc/passwd", "http://", "gopher://x.fr", "http://x.fr:99999/"]
)
def test_other_addresses_are_refused(tmp_path, url: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(network.RefusedError):
        network.Network(tmp_path).download(url)
