"""Office documents as tagged PDFs, through LibreOffice: found, run apart, and ended when it takes too long."""

import json
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from presskit.i18n import _
from presskit.programs import run

SECONDS = 120

_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
_FILTERS = (("spreadsheet", "calc"), ("excel", "calc"), ("presentation", "impress"), ("powerpoint", "impress"))
_EXPORT = {"UseTaggedPDF": True, "ExportBookmarks": True, "ExportNotes": False, "ConvertOOoTargetToPDFTarget": False}

# No macros, no updates from links, nothing recent remembered: the document is a stranger's.
_SETTINGS = {
    "org.openoffice.Office.Common/Security/Scripting": {
        "DisableMacrosExecution": "true",
        "MacroSecurityLevel": "3",
        "BlockUntrustedRefererLinks": "true",
        "DisableActiveContent": "true",
    },
    "org.openoffice.Office.Writer/Content/Update": {"Link": "0"},
    "org.openoffice.Office.Calc/Content/Update": {"Link": "1"},
    "org.openoffice.Office.Common/Misc": {"FirstRun": "false"},
}


class UnreadableError(Exception):
    """A document that can't be converted; its text says why, to follow "can't be merged:"."""


class AbsentError(Exception):
    """LibreOffice is not on this machine."""


def to_pdf(path: Path, media_type: str, seconds: float = SECONDS) -> bytes:
    """Convert a document to a tagged PDF.

    LibreOffice gets a profile of its own that is thrown away, and no network where the system can take
    it away (Linux). Raises AbsentError without LibreOffice, UnreadableError when it fails or takes longer
    than ``seconds``.
    """
    office = find()
    if office is None:
        raise AbsentError
    kind = next((name for word, name in _FILTERS if word in media_type), "writer")
    options = {name: {"type": "boolean", "value": str(value).lower()} for name, value in _EXPORT.items()}
    with tempfile.TemporaryDirectory(prefix="presskit-") as temporary:
        folder = Path(temporary)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_registry(), "utf-8")
        # A copy: LibreOffice leaves lock files beside what it opens.
        copy = folder / f"document{path.suffix.lower() or '.bin'}"
        shutil.copyfile(path, copy)
        command = [
            *_without_network(),
            office,
            f"-env:UserInstallation={profile.as_uri()}",
            *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"),
            *("--convert-to", f"pdf:{kind}_pdf_Export:{json.dumps(options)}"),
            *("--outdir", str(folder / "out"), str(copy)),
        ]
        environment = {"HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
        try:
            run(command, environment, seconds)
        except subprocess.TimeoutExpired as error:
            what = _("LibreOffice took more than {count} seconds").format(count=round(seconds))
            raise UnreadableError(what) from error
        result = folder / "out" / "document.pdf"
        if not result.is_file():
            raise UnreadableError(_("LibreOffice can't open it"))
        return result.read_bytes()


@cache
def find() -> str | None:
    """Where LibreOffice is, None when it is nowhere."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


@cache
def _without_network() -> tuple[str, ...]:
    """The prefix that runs a command in a network of its own, empty; nothing where that is not allowed."""
    if shutil.which("unshare") is None:
        return ()
    # As anybody, with a user namespace; as root where those are not allowed, without.
    for prefix in (("unshare", "--net", "--map-root-user"), ("unshare", "--net")):
        if subprocess.run([*prefix, "true"], check=False, capture_output=True).returncode == 0:
            return prefix
    return ()


def _registry() -> str:
    """LibreOffice's settings, in the form of its user profile."""
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, values in _SETTINGS.items()
        for name, value in values.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>'
    )
