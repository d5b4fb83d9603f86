"""The one way to the network, taken only when asked (--allow-net): public addresses, in bounds."""

import http.client
import ipaddress
import re
import socket
import time
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from presskit.base.i18n import _

_SECONDS, _MOST_BYTES, _MOST_REDIRECTS = 20.0, 50_000_000, 3


class RefusedError(Exception):
    """An address that was not fetched; its text says why."""


class Network:
    """Downloads files into a folder; each address once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, Path] = {}

    def download(self, url: str) -> Path:
        """Fetch a file. Raises RefusedError when it is not public, not there, too large or too slow."""
        if url not in self._known:
            content = _fetch(url)
            folder = self._folder / f"net-{len(self._known)}"
            folder.mkdir(parents=True, exist_ok=True)
            name = re.sub(r"[\x00-\x1f/\\:*?\"<>|]", "_", unquote(Path(urlsplit(url).path).name)).strip(". ")
            self._known[url] = folder / (name or "fichier")
            self._known[url].write_bytes(content)
        return self._known[url]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public Internet: not this machine's, nor its network's."""
    parsed = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        # An IPv4 address in an IPv6 one is judged by itself.
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        if inner is not None:
            return is_public(str(inner))
    return parsed.is_global and not parsed.is_multicast


def _fetch(url: str) -> bytes:
    deadline = time.monotonic() + _SECONDS
    for _redirect in range(_MOST_REDIRECTS + 1):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise RefusedError(_("it is not a web address"))
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
            connection = _connection(parts.scheme, parts.hostname, port)
            try:
                path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                connection.request("GET", path, headers={"User-Agent": "presskit", "Accept": "*/*"})
                response = connection.getresponse()
                if response.status in (301, 302, 303, 307, 308):
                    url = urljoin(url, response.headers.get("Location", ""))
                    continue
                if response.status != 200:
                    raise RefusedError(_("the server answers {status}").format(status=response.status))
                return _read(response, deadline)
            finally:
                connection.close()
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise RefusedError(_("it can't be reached ({detail})").format(detail=error)) from error
    raise RefusedError(_("it redirects endlessly"))


def _connection(scheme: str, host: str, port: int) -> http.client.HTTPConnection:
    """A connection to the very address that was judged: a name may give another one the next time."""
    addresses = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not addresses or not all(map(is_public, addresses)):
        raise RefusedError(_("it is an address of a private network"))
    kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    connection = kind(host, port, timeout=_SECONDS)
    connection._create_connection = partial(_connect, addresses[0])  # type: ignore[attr-defined]
    return connection


def _connect(address: str, place: tuple[str, int], *options: object) -> socket.socket:
    return socket.create_connection((address, place[1]), *options)  # type: ignore[arg-type]


def _read(response: http.client.HTTPResponse, deadline: float) -> bytes:
    content = bytearray()
    while piece := response.read(65_536):
        content += piece
        if len(content) > _MOST_BYTES:
            raise RefusedError(_("it is larger than {count} MB").format(count=_MOST_BYTES // 1_000_000))
        if time.monotonic() > deadline:
            raise RefusedError(_("it takes more than {count} seconds").format(count=round(_SECONDS)))
    return bytes(content)
