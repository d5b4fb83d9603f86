"""The room shown on this machine: on loopback alone, with strict headers, to its own name alone."""

import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from presskit.base.errors import PresskitError
from presskit.room.serve import server
from tests.conftest import PRESSKIT
from tests.room.conftest import RoomFolder


@pytest.fixture
def port(room: RoomFolder) -> Iterator[int]:
    with server(room.public, 0) as shown:
        thread = threading.Thread(target=shown.serve_forever)
        thread.start()
        yield shown.server_address[1]
        shown.shutdown()
        thread.join()


def get(port: int, path: str, host: str = "") -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest("GET", path, skip_host=bool(host))
    if host:
        connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def test_pages_come_with_strict_headers(port: int) -> None:
    answer = get(port, "/index.html")
    assert answer.status == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_fonts_and_feeds_have_their_types(port: int) -> None:
    assert get(port, "/assets/text-400.woff2").headers["Content-Type"] == "font/woff2"
    assert get(port, "/feed.xml").headers["Content-Type"] == "application/xml"


@pytest.mark.parametrize("path", ["/../../etc/passwd", "/%2e%2e/site/presskit.toml", "/assets/", "/absent.html"])
def test_nothing_else_is_served(port: int, path: str) -> None:
    assert get(port, path).status == 404


def test_another_name_gets_nothing(port: int) -> None:
    """A page elsewhere can have its own name lead to this machine, and read what is served to it."""
    assert get(port, "/index.html", "evil.example").status == 421
    assert get(port, "/index.html", f"localhost:{port}").status == 200


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PresskitError, match="--port"):
            server(tmp_path, taken.getsockname()[1])


def test_a_browser_that_leaves_is_no_error(port: int, room: RoomFolder, capfd: pytest.CaptureFixture[str]) -> None:
    import struct

    (room.public / "2026/large.bin").write_bytes(b"x" * 30_000_000)
    try:
        for _turn in range(3):
            with socket.create_connection(("127.0.0.1", port)) as leaving:
                leaving.sendall(b"GET /2026/large.bin HTTP/1.0\r\nHost: localhost\r\n\r\n")
                leaving.recv(10)
                # Closed with data on the way: the server's next write fails.
                leaving.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        assert get(port, "/index.html").status == 200
    finally:
        (room.public / "2026/large.bin").unlink()
    assert capfd.readouterr().err == ""


def test_the_command_shows_the_room_until_it_is_interrupted(small: RoomFolder) -> None:
    command = [
        *PRESSKIT,
        "room",
        str(small.site.root),
        "-o",
        str(small.public),
        "--serve",
        "--port",
        "0",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | {"LANG": "C.UTF-8"}) as shown:
        assert shown.stderr is not None
        for line in shown.stderr:
            if "http://" in line:
                port = int(line.split("127.0.0.1:")[1].split("/")[0])
                break
        assert get(port, "/2026/2026-01-02-premier/index.html").status == 200
        shown.send_signal(signal.SIGINT)
        assert shown.wait(10) == 0
