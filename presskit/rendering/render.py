"""HTML to a tagged PDF through WeasyPrint, with our fonts alone and nothing fetched but named files."""

import logging
import mimetypes
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname
from xml.sax.saxutils import escape

from presskit.base.drawing import Drawing, remarks, standing_alone
from presskit.base.errors import MissingLibraryError, PresskitError, Problem, Warn
from presskit.base.i18n import _
from presskit.base.images import without_private_metadata
from presskit.base.listening import listening, silenced
from presskit.base.resources import resource_folder
from presskit.base.startup import late_imports, quick_imports
from presskit.rendering.blemishes import Blemishes
from presskit.rendering.declarations import kept_declarations
from presskit.rendering.tagger import our_tags

if TYPE_CHECKING:
    from presskit.base.network import Network

# More pixels per inch than print shows only make a kit heavy.
IMAGE_DPI = 300

_LOGGER = silenced("weasyprint")


def render(
    html: str,
    files: Sequence[Path],
    folders: Sequence[Path],
    *,
    font_folder: Path | None,
    epoch: int,
    warn: Warn,
    dpi: int | None = IMAGE_DPI,
    tags: bool = True,
    network: "Network | None" = None,
    blemishes: Blemishes | None = None,
) -> bytes:
    """Render a page of HTML as a tagged PDF.

    ``files`` and the content of ``folders`` are all that the page may use; ``font_folder`` holds the
    brand's own fonts; ``epoch`` (seconds since 1970, UTC) is the time that font files are stamped with,
    so that the same page gives the same bytes; ``dpi`` is the resolution above which images are reduced,
    None to keep them whole; ``tags`` tells whether the pages are text to be read; ``network``, if given,
    serves what the page uses from there; ``blemishes``, if given, is told what is less than right in its look.

    Raises MissingLibraryError without Pango, and PresskitError when an image can't be read.
    """
    weasyprint = _weasyprint()
    seen = blemishes or Blemishes()
    fetcher = _fetcher_class()(files, folders, network)
    epoch_for_fonts = _environment_variable("SOURCE_DATE_EPOCH", str(epoch))
    with warnings.catch_warnings(), listening(_LOGGER) as records, epoch_for_fonts, _our_sheets():
        # Pillow's remarks on an image's private parts are for developers.
        warnings.simplefilter("ignore")
        page = weasyprint.HTML(string=html, url_fetcher=fetcher, base_url="presskit:/")
        write = partial(page.write_pdf, pdf_variant="pdf/a-3a" if tags else None, dpi=dpi, finisher=seen.look)
        try:
            with our_tags(weasyprint, wanted=tags):
                pdf = _written(write, font_folder)
        except MemoryError as error:
            raise PresskitError(Problem(_("the page is too large for this machine's memory."))) from error
    _report(records, warn, seen)
    for name, drawing in fetcher.drawings.items():
        for problem in remarks(drawing, name):
            warn(problem)
    return pdf


def _written(write: Callable[..., bytes], font_folder: Path | None) -> bytes:
    """A page with the fonts that all share, or with a set of its own if its layout brings some (@font-face)."""
    try:
        return write(font_config=_shared_fonts(font_folder, _state(font_folder)))
    except _OwnFontsError:
        return write(font_config=_fonts(font_folder))


def load() -> None:
    """Import what pages are rendered with, and use none of it: newer Pango starts threads when fonts are made.

    Raises MissingLibraryError without Pango.
    """
    _fetcher_class()


def font_families(font_folder: Path | None) -> frozenset[str]:
    """The names of the font families that a kit can use: presskit's and those of the brand's folder."""
    return _families(font_folder, _state(font_folder))


@cache
def _families(font_folder: Path | None, _at: "_State") -> frozenset[str]:
    from fontTools.ttLib import TTFont, TTLibError

    families: set[str] = set()
    for path in (path for folder in _font_folders(font_folder) for path in sorted(folder.rglob("*"))):
        if path.suffix.lower() not in (".ttf", ".otf", ".ttc", ".woff", ".woff2"):
            continue
        try:
            with TTFont(path, lazy=True, fontNumber=0) as font:
                names = [font["name"].getDebugName(number) for number in (1, 16)]
        except (TTLibError, OSError, KeyError):
            # Not a font after all: nothing that text could be set in.
            continue
        families.update(name for name in names if name)
    return frozenset(families)


@cache
def _weasyprint() -> Any:
    try:
        # WeasyPrint looks for fonts as it is imported: let it see ours only, as later. What it cuts fonts with where
        # HarfBuzz can't, and fixes variable ones with, is loaded by the kit that needs it.
        late = late_imports("fontTools.subset", "fontTools.varLib.instancer")
        with quick_imports(), kept_declarations(), late, _only_our_fonts(None):
            import weasyprint
            import weasyprint.pdf  # noqa: F401 - loads it
            import weasyprint.text.fonts  # noqa: F401 - the same
    except OSError as error:
        raise MissingLibraryError(
            Problem(
                _("Pango, the library that lays out text, is not installed on this machine."),
                remedy="\n    ".join(
                    (
                        _("Install it, then start again:"),
                        "Debian, Ubuntu: sudo apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
                        "Fedora: sudo dnf install pango",
                        "macOS: brew install pango",
                        _("Windows: install MSYS2 (https://www.msys2.org), then run in its terminal:"),
                        "  pacman -S mingw-w64-x86_64-pango",
                    )
                ),
            )
        ) from error
    return weasyprint


@contextmanager
def _our_sheets() -> Iterator[None]:
    """Have WeasyPrint take style sheets that are parsed already: its own are read anew for each page of HTML."""
    css = _weasyprint().css
    own, css.CSS = css.CSS, _sheet
    try:
        yield
    finally:
        css.CSS = own


_SHEETS: dict[tuple[Path, int, int], tuple[Any, list[Any], dict[str, Any]]] = {}


def _sheet(**options: Any) -> Any:
    """A style sheet for WeasyPrint: those of layouts are parsed once per run, as long as they do not change.

    Only the rules for elements and pages of a sheet, and its styles of counters, are kept; one that does more is read
    anew each time.
    """
    parse, path = _weasyprint().CSS, _path_of(options.get("url") or "")
    if path is None or not path.is_file() or not options["url_fetcher"].allows(path):
        return parse(**options)
    status = path.stat()
    key = (path, status.st_mtime_ns, status.st_size)
    known = _SHEETS.get(key)
    if known is None:
        alone: dict[str, Any] = {"page_rules": [], "layers": [], "counter_style": {}, "color_profiles": {}}
        fonts = _Untouched()
        with listening(_LOGGER) as remarks:
            sheet = parse(**options | alone | {"font_config": fonts})
        does_more = fonts.touched or alone["layers"] or alone["color_profiles"]
        if does_more:
            return parse(**options)
        known = (sheet, alone["page_rules"], alone["counter_style"])
        if not remarks:
            # What is wrong in it is to be said of each kit: only a sound one is kept.
            _SHEETS[key] = known
    sheet = copy(known[0])
    options["page_rules"].extend(known[1])
    options["counter_style"].update(known[2])
    sheet.page_rules, sheet.layers = options["page_rules"], options["layers"]
    return sheet


class _Untouched:
    """Stands for the fonts while a sheet is parsed, and tells whether it would have added some."""

    def __init__(self) -> None:
        self.touched = False

    def add_font_face(self, *_arguments: Any) -> None:
        self.touched = True


class _OwnFontsError(Exception):
    """A style sheet brings fonts: they are for its own page alone."""


def _fonts(font_folder: Path | None) -> Any:
    """WeasyPrint's fonts: presskit's and the brand's, never the machine's."""
    with _only_our_fonts(font_folder):
        return _weasyprint().text.fonts.FontConfiguration()


@cache
def _shared_fonts(font_folder: Path | None, _at: "_State") -> Any:
    """The fonts, made once per run for each brand, that no page can add to."""

    def refuse(*_arguments: Any) -> None:
        raise _OwnFontsError

    configuration = _fonts(font_folder)
    configuration.add_font_face = refuse
    return configuration


_State = tuple[tuple[str, int, int], ...]


def _state(folder: Path | None) -> _State:
    """What changes with the fonts of a folder: a program that builds kits for days sees new ones."""
    if folder is None:
        return ()
    files = [(path, path.stat()) for path in sorted(folder.rglob("*")) if path.is_file()]
    return tuple((str(path), status.st_mtime_ns, status.st_size) for path, status in files)


@contextmanager
def _only_our_fonts(font_folder: Path | None) -> Iterator[None]:
    """Let fontconfig read a configuration that lists our folders and no other."""
    listed = "".join(f"<dir>{escape(str(folder))}</dir>" for folder in _font_folders(font_folder))
    with tempfile.TemporaryDirectory(prefix="presskit-") as temporary:
        configuration = Path(temporary, "fonts.conf")
        configuration.write_text(f"<?xml version='1.0'?><fontconfig>{listed}</fontconfig>", "utf-8")
        with _environment_variable("FONTCONFIG_FILE", str(configuration)):
            yield


def _font_folders(font_folder: Path | None) -> list[Path]:
    return [resource_folder("fonts"), *([font_folder] if font_folder else [])]


@contextmanager
def _environment_variable(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


@cache
def _fetcher_class() -> Any:
    """The one fetcher: a class made late, since its base takes long to import."""
    _weasyprint()
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):  # type: ignore[misc]
        """Serves the files named, those of the layouts, what the network may give, and nothing else."""

        def __init__(self, files: Sequence[Path], folders: Sequence[Path], network: "Network | None") -> None:
            super().__init__(allowed_protocols=("file", "data"), allow_redirects=False)
            self._files = {file.resolve() for file in files}
            self._folders = [folder.resolve() for folder in folders]
            self._network = network
            self.drawings: dict[str, Drawing] = {}

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            parts = urlsplit(url)
            if parts.scheme == "data":
                # What a file holds inside itself, such as a photo in an SVG.
                inner = super().fetch(url)
                return URLFetcherResponse(url, self._fit(inner.read(), inner.content_type), inner.headers)
            if parts.scheme in ("http", "https") and self._network is not None:
                got = self._network.download(url)
                media_type = mimetypes.guess_type(got.name)[0] or "application/octet-stream"
                headers = {"Content-Type": media_type}
                fit = self._fit(got.read_bytes(), media_type, Path(unquote(parts.path)).name)
                return URLFetcherResponse(url, fit, headers)
            path = _path_of(url)
            if path is None:
                raise PermissionError("only files of the site and of the layouts can be used")
            if not self.allows(path):
                raise PermissionError("this file is neither the communiqué's nor the layout's")
            content = path.read_bytes()
            media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            fit = self._fit(content, media_type, path.name)
            # Knowing the address of a photo, WeasyPrint would put the file itself in the PDF.
            address = url if fit is content else f"presskit:{path.name}"
            return URLFetcherResponse(address, fit, {"Content-Type": media_type})

        def _fit(self, content: bytes, media_type: str, name: str = "") -> bytes:
            """A file as it may be used; a drawing that has a name, and lacks something, is remembered."""
            if media_type != "image/svg+xml":
                return without_private_metadata(content)
            drawing = standing_alone(content)
            if name and (drawing.outside or drawing.unseen):
                self.drawings[name] = drawing
            return drawing.octets

        def allows(self, path: Path) -> bool:
            """Whether the page may use a file."""
            return path in self._files or any(path.is_relative_to(folder) for folder in self._folders)

    return Fetcher


def _path_of(url: str) -> Path | None:
    """The file that an address names; None for any other address."""
    parts = urlsplit(url)
    return Path(url2pathname(unquote(parts.path))).resolve() if parts.scheme == "file" else None


def _name(url: str) -> str:
    """What people call a file by; '' for what a file holds inside itself."""
    parts = urlsplit(url)
    return "" if parts.scheme == "data" else Path(unquote(parts.path)).name


def _report(records: list[logging.LogRecord], warn: Warn, seen: Blemishes) -> None:
    """Say in plain words what WeasyPrint logged; what is no user's business stays unsaid."""
    unreadable: list[str] = []
    for record in records:
        message, arguments = str(record.msg), record.args if isinstance(record.args, tuple) else ()
        if message.startswith(".notdef glyph"):
            seen.signs[str(arguments[0])] = None
        elif message.startswith(("Failed to load image", "Failed to render SVG")):
            unreadable.append(_name(str(arguments[0])))
        elif message.startswith(
            ("Failed to load stylesheet", "Failed to load font", "Ignored", "Invalid or unsupported")
        ):
            warn(
                Problem(
                    _("the layout's CSS: {message}").format(message=record.getMessage()),
                    remedy=_("Correct the layout."),
                )
            )
    if unreadable:
        raise PresskitError(
            Problem(
                _("the image can't be read: it is damaged, too large, or not an image."),
                name,
                remedy=_("Open it in an image editor, save it as JPEG or PNG, and put it in its place."),
            )
            for name in dict.fromkeys(unreadable)
        )
