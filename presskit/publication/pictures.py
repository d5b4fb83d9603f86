"""Images as they are published: at full size without what they tell of their author, and smaller ones for pages."""

import warnings
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, fromstring, register_namespace, tostring

from PIL import Image, ImageOps

from presskit.attachments.kinds import Kind, kind_of
from presskit.base.images import without_private_metadata
from presskit.publication import File, Picture

_WIDTHS = (480, 960, 1440)
_QUALITY = 82
# Kinds whose metadata is taken out without touching the picture, or that have none.
_CLEANED = {"image/jpeg", "image/png", "image/webp", "image/gif"}
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
# What an SVG may hold: it is opened by itself as well, where its scripts would run as the press room's own.
_DRAWN = set(
    "svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textPath title desc marker "
    "pattern mask clipPath linearGradient radialGradient stop image filter switch view feBlend feColorMatrix "
    "feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight "
    "feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology "
    "feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence style".split()
)


class NotPublishedError(Exception):
    """An image that can't be published as one."""


def publish_picture(path: Path, folder: Path, name: str, *, texts: tuple[str | None, str, str], pixels: int) -> Picture:
    """Put an image into ``folder`` as ``images/<name>``, with smaller ones.

    ``texts`` are its alternative text, caption and credit; ``pixels`` (millions) is the most that it may have. Raises
    NotPublishedError for what is no image.
    """
    kind = kind_of(path)
    target = folder / "images" / name
    target.parent.mkdir(exist_ok=True)
    alt, caption, credit = texts
    if kind.kind is Kind.SVG:
        octets = harmless_svg(path.read_bytes())
        target.write_bytes(octets)
        width, height = _svg_size(octets)
        full = _file(target, kind.media_type)
        return Picture(full=full, alt=alt, caption=caption, credit=credit, width=width, height=height)
    if kind.kind is not Kind.IMAGE:
        raise NotPublishedError(path.name)
    octets, media_type = without_private_metadata(path.read_bytes()), kind.media_type
    try:
        with warnings.catch_warnings():
            # What Pillow thinks of an image's private parts is for developers.
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(octets)) as opened:
                if opened.width * opened.height > pixels * 1_000_000:
                    raise NotPublishedError(path.name)
                upright = ImageOps.exif_transpose(opened)
                if media_type not in _CLEANED:
                    octets, media_type = _saved_anew(upright, media_type)
                    target = target.with_suffix(".png" if media_type == "image/png" else ".jpg")
                target.write_bytes(octets)
                smaller = tuple(_smaller(upright, target, width) for width in _wanted(upright.width))
                width, height = upright.size
                return Picture(
                    full=_file(target, media_type),
                    alt=alt,
                    caption=caption,
                    credit=credit,
                    width=width,
                    height=height,
                    smaller=smaller,
                )
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise NotPublishedError(path.name) from error


def harmless_svg(octets: bytes) -> bytes:
    """A drawing without scripts, handlers, foreign content, and addresses other than its own parts and data of images.

    Raises NotPublishedError for what is no XML.
    """
    register_namespace("", _SVG)
    register_namespace("xlink", _XLINK)
    try:
        root = fromstring(octets)  # noqa: S314 (expat limits entities; none is fetched)
    except ParseError as error:
        raise NotPublishedError(str(error)) from error
    _disarm(root)
    harmless: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return harmless


def _disarm(element: Element) -> None:
    for child in list(element):
        namespace, _brace, tag = str(child.tag).rpartition("}")
        if namespace not in (f"{{{_SVG}", "") or tag not in _DRAWN:
            element.remove(child)
            continue
        _disarm(child)
    for name, value in list(element.attrib.items()):
        bare = name.rpartition("}")[2].lower()
        plain = "".join(value.split()).lower()
        own = plain.startswith("#") or (plain.startswith("data:image/") and not plain.startswith("data:image/svg"))
        if bare.startswith("on") or (bare in ("href", "src") and not own) or (_reaches_out(plain) and not own):
            del element.attrib[name]
    if element.tag.rpartition("}")[2] == "style" and _reaches_out("".join((element.text or "").split()).lower()):
        element.text = ""


def _reaches_out(style: str) -> bool:
    """Whether a style, or an attribute that is one, names anything that is not in the drawing."""
    pieces = style.replace('"', "").replace("'", "").split("url(")[1:]
    unsafe = "@import" in style or "javascript:" in style or "\\" in style or "expression(" in style
    return unsafe or any(not piece.startswith(("#", "data:image/")) for piece in pieces)


def _svg_size(octets: bytes) -> tuple[int, int]:
    """The size that a drawing gives itself (CSS pixels), from its view box if need be; (0, 0) for none."""
    root = fromstring(octets)  # noqa: S314 (ours)
    box = root.get("viewBox", "").replace(",", " ").split()
    for width, height in (
        (root.get("width", ""), root.get("height", "")),
        tuple(box[2:4]) if len(box) == 4 else ("", ""),
    ):
        try:
            return round(float(width.removesuffix("px"))), round(float(height.removesuffix("px")))
        except ValueError:
            continue
    return 0, 0


def _saved_anew(image: Image.Image, media_type: str) -> tuple[bytes, str]:
    """An image of a kind that is not cleaned in place, without what was written about it: as PNG where none is lost."""
    out, profile = BytesIO(), image.info.get("icc_profile")
    if media_type in ("image/tiff", "image/bmp"):
        kept = image if image.mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16") else image.convert("RGB")
        kept.save(out, "PNG", icc_profile=profile if kept is image else None, exif=b"")
        return out.getvalue(), "image/png"
    _flat(image).save(out, "JPEG", quality=95, icc_profile=profile, exif=b"")
    return out.getvalue(), "image/jpeg"


def _wanted(width: int) -> list[int]:
    return [w for w in _WIDTHS if w < width] + ([width] if width <= _WIDTHS[-1] else [])


def _smaller(image: Image.Image, target: Path, width: int) -> tuple[str, int]:
    """Write a copy of an image at a width; gives its path from the page's folder, and the width."""
    copy = image.copy() if image.mode in ("RGB", "L") else _flat(image)
    copy.thumbnail((width, image.height), Image.Resampling.LANCZOS)
    folder = target.parent.parent / "apercus"
    folder.mkdir(exist_ok=True)
    path = folder / f"{target.stem}-{width}.jpg"
    profile = image.info.get("icc_profile") if image.mode in ("RGB", "L") else None
    copy.save(path, "JPEG", quality=_QUALITY, optimize=True, progressive=True, icc_profile=profile)
    return f"{folder.name}/{path.name}", width


def _flat(image: Image.Image) -> Image.Image:
    """An image of any kind in RGB, on white where it is transparent."""
    if image.mode in ("CMYK", "YCbCr", "LAB"):
        return image.convert("RGB")
    whole = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", whole.size, "white"), whole).convert("RGB")


def _file(target: Path, media_type: str) -> File:
    return File(
        path=f"{target.parent.name}/{target.name}", title=target.name, size=target.stat().st_size, media_type=media_type
    )
