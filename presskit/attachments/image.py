"""Attached images as sheets of HTML: one page each, at full resolution, without what they tell of their makers."""

import base64
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from xml.parsers import expat

import pikepdf
from pikepdf import Array, Name, Stream
from PIL import Image, ImageFile, ImageSequence

from presskit.base.blame import Reading, reason
from presskit.base.drawing import remarks, standing_alone
from presskit.base.errors import Problem
from presskit.base.i18n import _
from presskit.base.images import without_private_metadata
from presskit.base.limits import Limits
from presskit.pdf.objects import named_resources, pages_of, text

# The page, less its margins and the room for a caption, in millimetres.
_PORTRAIT, _LANDSCAPE = (174.0, 232.0), (261.0, 145.0)
# What a picture is set at when it would be smaller than its sheet: fewer dots per inch look coarse.
_LOWEST_DPI = 96

_TURNS = {
    2: "scaleX(-1)",
    3: "rotate(180deg)",
    4: "scaleY(-1)",
    5: "rotate(90deg) scaleY(-1)",
    6: "rotate(90deg)",
    7: "rotate(-90deg) scaleY(-1)",
    8: "rotate(-90deg)",
}


class UnreadableError(Exception):
    """An image that can't be shown; its text says why, to follow "can't be merged:"."""


@dataclass(frozen=True)
class Sheets:
    """Pages to be laid out: the HTML of their content, and a colour profile for their images, if any.

    ``remarks`` say what they do not show.
    """

    html: str
    profile: bytes = b""
    remarks: tuple[Problem, ...] = ()


def sheets(path: Path, media_type: str, *, alt: str, caption: str, limits: Limits) -> Sheets:
    """The sheets of an image: one for each of its frames (the pages of a TIFF), as the limits allow.

    A JPEG goes in as it is, to the byte of its picture; other kinds are stored without loss.
    Raises UnreadableError for what is damaged, too large, or needs a library that is not there.
    """
    if media_type == "image/svg+xml":
        return _svg(path, alt, caption)
    if media_type in ("image/heic", "image/heif"):
        _register_heif()
    with Reading(_unreadable), warnings.catch_warnings(), _strict_images(limits.pixels * 1_000_000):
        # Pillow warns of what may be a decompression bomb, and refuses what must be one.
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(path) as image:
            profile = image.info.get("icc_profile") or b""
            return Sheets("".join(_frames(image, path, alt, caption=caption, most=limits.pages)), profile)


def _unreadable(error: Exception) -> UnreadableError:
    bomb = isinstance(error, (Image.DecompressionBombWarning, Image.DecompressionBombError))
    return UnreadableError(_("it has too many pixels") if bomb else reason(error))


@contextmanager
def _strict_images(pixels: int) -> Iterator[None]:
    """Refuse large images, and those cut short, which Pillow shows as whole once WeasyPrint is imported."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES, Image.MAX_IMAGE_PIXELS
    ImageFile.LOAD_TRUNCATED_IMAGES, Image.MAX_IMAGE_PIXELS = False, pixels
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES, Image.MAX_IMAGE_PIXELS = before


def _frames(image: Image.Image, path: Path, alt: str, *, caption: str, most: int) -> Iterator[str]:
    # A moving GIF, WebP or AVIF is shown by its first picture; the pages of a TIFF are all its own.
    count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    if count > most:
        raise UnreadableError(_("it has more than {count} pages").format(count=most))
    for number, frame in enumerate(ImageSequence.Iterator(image), 1):
        if number > count:
            break
        # So that a damaged picture is known now; and Pillow turns a TIFF as its orientation says while it is loaded.
        frame.load()
        orientation = frame.getexif().get(0x0112, 1)
        if image.format in ("JPEG", "MPO"):
            data, media_type = without_private_metadata(path.read_bytes()), "image/jpeg"
        else:
            data, media_type = _png(frame), "image/png"
        # Resolution units differ and lie: only ratios are used, at most the sheet's width.
        label = f"{alt} ({number}/{count})" if alt and count > 1 else alt
        yield _sheet(
            f"data:{media_type};base64,{base64.b64encode(data).decode()}",
            frame.size,
            orientation,
            alt=label,
            caption=caption,
        )


def _png(frame: Image.Image) -> bytes:
    if frame.mode not in ("1", "L", "LA", "P", "RGB", "RGBA"):
        frame = frame.convert("RGB") if frame.mode != "I;16" else frame.point(lambda value: value / 256).convert("L")
    out = io.BytesIO()
    frame.save(out, "PNG", exif=b"")
    return out.getvalue()


def _sheet(source: str, size: tuple[int, int], orientation: int, *, alt: str, caption: str) -> str:
    """One page with one picture, upright, as large as its page and its pixels allow."""
    turned = orientation in (5, 6, 7, 8)
    width, height = (size[1], size[0]) if turned else size
    room = _LANDSCAPE if width > height else _PORTRAIT
    scale = min(room[0] / width, room[1] / height, 25.4 / _LOWEST_DPI)
    across, down = width * scale, height * scale
    own = (down, across) if turned else (across, down)
    # Turned by the page and not in the pixels, which would have to be compressed anew.
    turn = _TURNS.get(orientation, "")
    style = f"width: {own[0]:.2f}mm; height: {own[1]:.2f}mm; left: {(across - own[0]) / 2:.2f}mm; "
    style += f"top: {(down - own[1]) / 2:.2f}mm;" + (f" transform: {turn};" if turn else "")
    shape = "landscape" if width > height else "portrait"
    text = f'<p class="caption">{caption}</p>' if caption else ""
    return (
        f'<div class="sheet {shape}"><div class="frame" style="width: {across:.2f}mm; height: {down:.2f}mm">'
        f'<img src="{source}" alt="{escape(alt)}" style="{style}"></div>{text}</div>'
    )


def _svg(path: Path, alt: str, caption: str) -> Sheets:
    content = path.read_bytes()
    try:
        expat.ParserCreate().Parse(content, True)
    except expat.ExpatError as error:
        raise UnreadableError(_("it is damaged")) from error
    drawing = standing_alone(content)
    data = base64.b64encode(drawing.octets).decode()
    text = f'<p class="caption">{caption}</p>' if caption else ""
    image = f'<img class="drawing" src="data:image/svg+xml;base64,{data}" alt="{escape(alt)}">'
    return Sheets(f'<div class="sheet portrait">{image}{text}</div>', remarks=tuple(remarks(drawing, path.name)))


def _register_heif() -> None:
    try:
        import pillow_heif
    except ImportError as error:
        raise UnreadableError(_("HEIC images need the extra “heic”: pip install 'presskit-pdf[heic]'")) from error
    pillow_heif.register_heif_opener()


def keep_profile(document: bytes, profile: bytes) -> bytes:
    """Give a PDF's images the colour profile of their file (ISO 32000-1, 8.6.5.5), which WeasyPrint drops."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as pdf:
        streams: dict[int, Stream] = {}
        for image in (item for page in pages_of(pdf) for item in named_resources(page, "/XObject").values()):
            components = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}.get(text(image.get("/ColorSpace")))
            if components is None or profile[16:20] != {1: b"GRAY", 3: b"RGB ", 4: b"CMYK"}[components]:
                continue
            if components not in streams:
                streams[components] = pdf.make_stream(profile, N=components)
            image["/ColorSpace"] = Array([Name.ICCBased, streams[components]])
        pdf.save(out, deterministic_id=True)
    return out.getvalue()
