"""Office documents as tagged PDFs, through LibreOffice: found, run apart, and ended when it takes too long.

Documents are rewritten first (package.py), so that LibreOffice prints what their authors saw.
"""

import json
import shutil
import subprocess
import tempfile
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from presskit.attachments import package, rtf
from presskit.attachments.findings import Findings, Found
from presskit.attachments.lost import missing
from presskit.attachments.package import Settled
from presskit.attachments.wording import Wording
from presskit.base.i18n import _
from presskit.base.limits import Limits
from presskit.base.programs import run

_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
_FILTERS = (("spreadsheet", "calc"), ("excel", "calc"), ("presentation", "impress"), ("powerpoint", "impress"))
# What LibreOffice makes of a document in an older format, so that it can be rewritten: ending, and filter's name.
_OPEN = {"writer": ("odt", "writer8"), "calc": ("ods", "calc8"), "impress": ("odp", "impress8")}
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


@dataclass(frozen=True)
class Made:
    """A document's pages, what was found in it that they do not show, and the wording that they should."""

    pdf: bytes
    found: Findings
    texts: tuple[Wording, ...] = ()

    def packed(self) -> bytes:
        """Both in one, to be kept for the other kits of a run."""
        found = {kind.value: count for kind, count in self.found.items()}
        return json.dumps([found, [(item.text, item.pages) for item in self.texts]]).encode() + b"\n" + self.pdf

    @classmethod
    def unpacked(cls, octets: bytes) -> "Made":
        """What ``packed`` gave."""
        head, _line, pdf = octets.partition(b"\n")
        found, texts = json.loads(head)
        return cls(
            pdf, Counter({Found(kind): count for kind, count in found.items()}), tuple(Wording(*item) for item in texts)
        )


def to_pdf(path: Path, media_type: str, limits: Limits | None = None) -> Made:
    """Convert a document to a tagged PDF: with all changes accepted, and its fields as their author saw them.

    LibreOffice gets a profile of its own that is thrown away, and no network where the system can take
    it away (Linux). Raises AbsentError without LibreOffice, UnreadableError when it fails or takes longer
    than the limits allow.
    """
    office, limits = find(), limits or Limits()
    if office is None:
        raise AbsentError
    kind = next((name for word, name in _FILTERS if word in media_type), "writer")
    options = {name: {"type": "boolean", "value": str(value).lower()} for name, value in _EXPORT.items()}
    with tempfile.TemporaryDirectory(prefix="presskit-") as temporary:
        folder = Path(temporary)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_registry(), "utf-8")
        work = _Work(office, folder, limits.seconds)
        done, ending = _settled(path, folder, media_type, kind=kind, work=work, limits=limits)
        # A copy: LibreOffice leaves lock files beside what it opens.
        copy = folder / f"document{ending}"
        copy.write_bytes(done.octets)
        return Made(work.convert(copy, "pdf", f"{kind}_pdf_Export:{json.dumps(options)}"), done.found, done.texts)


def _settled(
    path: Path, folder: Path, media_type: str, *, kind: str, work: "_Work", limits: Limits
) -> tuple[Settled, str]:
    """A document rewritten, and the ending of its name.

    One that is no archive of XML, or a broken one, is rewritten once LibreOffice has made it one.
    """
    most, suffix = limits.unpacked * 1_000_000, path.suffix.lower() or ".bin"
    if media_type.startswith(("application/vnd.oasis", "application/vnd.openxml")):
        with suppress(package.UnreadableError):
            return package.settled(path, media_type, path.name, most=most), suffix
        # LibreOffice opens more than what is right.
    octets = path.read_bytes()
    is_rtf = octets.startswith(b"{\\rtf")
    # Under its own name, which it may print.
    source = folder / "source" / f"{path.stem}{suffix}"
    source.parent.mkdir()
    octets, changes = rtf.settled(octets) if is_rtf else (octets, 0)
    source.write_bytes(octets)
    ending, name = _OPEN[kind]
    opened = folder / f"opened.{ending}"
    opened.write_bytes(work.convert(source, ending, name))
    try:
        done = package.settled(opened, "opendocument", path.name, most=most, reckoned=not is_rtf)
    except package.UnreadableError as error:
        raise UnreadableError(_("it is damaged")) from error
    done.found[Found.CHANGE] += changes
    if is_rtf:
        # What LibreOffice passed over as it opened the file is in no document that it makes.
        passed_over = missing(rtf.text_of(rtf.freed(octets)[0]), "\n".join(text.text for text in done.texts))
        done = replace(done, texts=(*done.texts, Wording(" ".join(passed_over))))
    return done, f".{ending}"


@dataclass(frozen=True)
class _Work:
    """LibreOffice at work in a folder of its own, which has its profile."""

    office: str
    folder: Path
    seconds: float

    def convert(self, path: Path, ending: str, name: str) -> bytes:
        """A file in another format, by the name of its filter. Raises UnreadableError."""
        command = [
            *_without_network(),
            self.office,
            f"-env:UserInstallation={(self.folder / 'profile').as_uri()}",
            *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"),
            *("--convert-to", f"{ending}:{name}"),
            *("--outdir", str(self.folder / "out"), str(path)),
        ]
        environment = {"HOME": str(self.folder), "TMPDIR": str(self.folder), "SAL_USE_VCLPLUGIN": "svp"}
        try:
            run(command, environment, self.seconds)
        except subprocess.TimeoutExpired as error:
            what = _("LibreOffice took more than {count} seconds").format(count=round(self.seconds))
            raise UnreadableError(what) from error
        result = self.folder / "out" / f"{path.stem}.{ending}"
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
