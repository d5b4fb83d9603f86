"""A press room shown on this machine alone, for a look, with the headers that a careful server sends."""

import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from presskit.base.errors import PresskitError, Problem, os_reason
from presskit.base.i18n import _
from presskit.room.pages import POLICY

HOST = "127.0.0.1"
_NAMES = {"127.0.0.1", "localhost"}
_HEADERS = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class _Handler(SimpleHTTPRequestHandler):
    """Serves files, to who asks for this machine by its own name: another's page can't read them under its name."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".woff2": "font/woff2",
        ".xml": "application/xml",
        ".webp": "image/webp",
        ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }

    def send_head(self) -> Any:
        name = self.headers.get("Host", "").rpartition(":")[0] or self.headers.get("Host", "")
        if name not in _NAMES:
            self.send_error(421)
            return None
        return super().send_head()

    def list_directory(self, path: Any) -> None:
        self.send_error(404)

    def end_headers(self) -> None:
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the library's own name)
        """Nothing: the terminal is for messages."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that leaves before it has all is no error of anybody's."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server of a folder at a port of this machine, 0 for any that is free. Raises PresskitError when it is taken."""
    try:
        return _Server((HOST, port), partial(_Handler, directory=str(folder)))
    except (OSError, OverflowError) as error:
        reason = os_reason(error) if isinstance(error, OSError) else str(error)
        what = _("the port {port} can't be used ({detail}).").format(port=port, detail=reason)
        raise PresskitError(Problem(what, remedy=_("Choose another one: --port"))) from error
