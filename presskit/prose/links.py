"""Links that lead somewhere and images of the site: made right, or said to be wrong, with their line."""

import base64
import re
from io import BytesIO
from urllib.parse import unquote, unquote_to_bytes, urlsplit
from xml.etree.ElementTree import Element

from presskit.base.i18n import _
from presskit.base.images import without_private_metadata
from presskit.base.letters import shortened
from presskit.prose.elements import is_blank, line_of, put_text, text_of, unwrap
from presskit.prose.headings import automatic_ids
from presskit.prose.setting import Setting

_DECORATIVE = re.compile(r"\s*(?:image|photo|illustration)?\s*d[ée]corati(?:ve|f)\s*(?:image)?\s*", re.IGNORECASE)
# Bytes and pixels of a picture that is pasted as data.
_MOST_PASTED, _MOST_PIXELS = 5_000_000, 50_000_000
# Characters that fit in a line: a shorter address is not cut.
_SHORT_ADDRESS = 55
_PRE_PRODUCTION = re.compile(
    r"(?:^|[.-])(?:pre-?prod(?:uction)?|staging|recette|preview|dev|test|qualif(?:ication)?|integration)\d*(?:[.-]|$)"
    r"|^localhost$|\.(?:local|test|localhost|internal)$|^(?:127|10|192\.168)\.",
    re.IGNORECASE,
)
# Links and alternative texts that mean nothing out of their place (RGAA 6.1 and 1.3).
_VAGUE_LINKS = set(
    "cliquez ici,cliquer ici,clic ici,ici,lire la suite,la suite,en savoir plus,plus d’infos,plus d'infos,lien,"
    "ce lien,voir,click here,here,read more,more,learn more,link,this link".split(",")
)
_VAGUE_ALTS = set("image,photo,photographie,illustration,visuel,logo,bannière,picture,photograph,img,banner".split(","))
_FILE_NAME = re.compile(
    r"\S+\.(?:jpe?g|png|gif|webp|svg|avif|heic|tiff?)|(?:img|dsc|image|photo)[_-]?\d+", re.IGNORECASE
)
_E_MAIL = re.compile(r"(?:mailto:)?([^@\s/:?]+@[^@\s/:?]+\.[A-Za-z]{2,})(\?\S*)?\Z", re.IGNORECASE)
# Addresses that no press kit has a reason to lead to.
_REFUSED = re.compile(r"(?:javascript|data|vbscript|file|blob|about):", re.IGNORECASE)
_DOMAIN = re.compile(
    r"(?:www\.\S+|(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:fr|eu|com|org|net|info|io|paris|bzh)(?:[/?#]\S*)?)\Z",
    re.IGNORECASE,
)


def is_decorative(alt: str) -> bool:
    """Whether an alternative text says that the image is mere decoration ("Image décorative")."""
    return _DECORATIVE.fullmatch(alt) is not None


def says_nothing(alt: str, name: str) -> bool:
    """Whether an alternative text is only a file's name, or a word such as "image"."""
    plain, stem = alt.strip(" .").casefold(), name.rpartition(".")[0].casefold()
    return plain in _VAGUE_ALTS or plain in (name.casefold(), stem) or _FILE_NAME.fullmatch(plain) is not None


def pasted_image(source: str) -> str:
    """A picture that an address itself holds (``data:``, RFC 2397), without what a camera wrote about it.

    '' when it is no JPEG, PNG, GIF or WebP that can be read, or when it is too large.
    """
    from PIL import Image

    head, _comma, data = source[5:].partition(",")
    if len(data) > _MOST_PASTED * 4 // 3:
        return ""
    try:
        octets = unquote_to_bytes(data)
        if head.lower().rstrip().endswith(";base64"):
            octets = base64.b64decode(re.sub(rb"\s", b"", octets), validate=True)
        with Image.open(BytesIO(octets), formats=("JPEG", "PNG", "GIF", "WEBP")) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                return ""
            picture.load()
            kind = Image.MIME[picture.format or "PNG"]
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return ""
    return f"data:{kind};base64,{base64.b64encode(without_private_metadata(octets)).decode('ascii')}"


def settle(body: Element, setting: Setting) -> None:
    """Give the links of a tree whole addresses, and its images files; what has none keeps its text, and is said."""
    _Walk(setting).visit(body, None)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        # "https://[…": brackets that hold no IPv6 address.
        return ""


class _Walk:
    """Makes links and images right, or says what is wrong with them and where."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._ids: set[str] = set()
        # By the id that a site's own Markdown gives a heading.
        self._headings: dict[str, str] = {}
        # Where links with a text lead: HTML that cuts one at a block leaves an empty piece of it.
        self._led_to: set[str] = set()

    def visit(self, body: Element, offset: int | None) -> None:
        self._ids = {element.get("id", "") for element in body.iter()}
        self._headings = automatic_ids(body)
        self._led_to = {link.get("href", "") for link in body.iter("a") if not is_blank(text_of(link))}
        self._visit(body, offset)

    def _visit(self, parent: Element, offset: int | None) -> None:
        for child in list(parent):
            own = line_of(child)
            line = offset if own is None else own
            self._visit(child, line)
            if child.tag == "a":
                self._link(parent, child, line)
            elif child.tag == "img":
                self._image(parent, child, line)

    def _link(self, parent: Element, link: Element, line: int | None) -> None:
        text = text_of(link).strip()
        if not link.get("href") and link.get("id"):
            link.tag = "span"
            return
        if not text and link.find(".//img") is None:
            if link.get("href") and link.get("href") not in self._led_to:
                self._setting.report(
                    _("a link has no text: it is left out."), line, _("Write [the text](the address).")
                )
            unwrap(parent, link)
            return
        if self._setting.advise and text.lower().strip(" .…!»«:") in _VAGUE_LINKS:
            self._setting.report(
                _("the link “{text}” does not say where it leads.").format(text=text),
                line,
                _("Say in the link where it leads: screen readers list links out of context."),
            )
        address = self._address(link.get("href", "").strip(), line, shortened(text))
        if address:
            link.set("href", address)
            if "." in text and text.removeprefix("mailto:").rstrip("/") in address:
                # An address as text may be cut anywhere to stay in its column, and is no French word.
                whole = " whole" if len(text) <= _SHORT_ADDRESS else ""
                link.set("class", f"{link.get('class', '')} address{whole}".strip())
        else:
            unwrap(parent, link)

    def _address(self, href: str, line: int | None, text: str) -> str:
        """The full address of a link, '' when it leads nowhere (said in a warning)."""
        report = self._setting.report
        href = re.sub(r"\s+", "%20", href)
        if mail := _E_MAIL.match(href):
            return f"mailto:{mail[1]}{mail[2] or ''}"
        if not href or _REFUSED.match(href):
            report(
                _("the link “{text}” has no address, or one that is not allowed: only its text is kept.").format(
                    text=text
                ),
                line,
                _("Give it an address that starts with https:// or mailto:"),
            )
            return ""
        if href.startswith("#"):
            name = unquote(href[1:])
            place = name if name in self._ids else self._headings.get(name.lower())
            if place:
                return f"#{place}"
            report(
                _("the link “{text}” leads to “{href}”, which is not in the text.").format(text=text, href=href),
                line,
                _("Its text is kept; correct the address."),
            )
            return ""
        if href.startswith("//"):
            href = f"https:{href}"
        elif href.startswith("/"):
            if not self._setting.site_url:
                report(
                    _("the link “{text}” starts at the site's root, but its address is unknown.").format(text=text),
                    line,
                    _('Add the site\'s address to presskit.toml: url = "https://…"'),
                )
                return ""
            return self._setting.site_url + href
        elif ":" not in href.split("/")[0]:
            if not _DOMAIN.match(href):
                report(
                    _("the link “{text}” has an incomplete address: “{href}”.").format(text=text, href=href),
                    line,
                    _("Give the whole address, with https://"),
                )
                return ""
            href = f"https://{href}"
        host = _host(href)
        if not host and href[:5].lower() in ("http:", "https"):
            report(
                _("the link “{text}” has an incomplete address: “{href}”.").format(text=text, href=href),
                line,
                _("Give the whole address, with https://"),
            )
            return ""
        if _PRE_PRODUCTION.search(host):
            report(
                _("the link “{text}” leads to a pre-production site: {host}.").format(text=text, host=host),
                line,
                _("Put the public address in its place."),
            )
        return href

    def _image(self, parent: Element, image: Element, line: int | None) -> None:
        address, name = self._picture(image.get("src", "").strip(), line)
        if not address:
            put_text(parent, image)
            return
        alt = " ".join(image.get("alt", "").split())
        image.set("src", address)
        image.set("alt", "" if is_decorative(alt) else alt)
        if self._setting.advise and alt and says_nothing(alt, name):
            self._setting.report(
                _("the alternative text “{alt}” says nothing of the image “{name}”.").format(alt=alt, name=name),
                line,
                _("Write what it shows: ![what it shows](its address)."),
            )
        if not alt:
            # No text is not the same as none needed: "Image décorative" says that.
            del image.attrib["alt"]
            self._setting.report(
                _("the image “{name}” has no alternative text.").format(name=name),
                line,
                _("Write what it shows: ![what it shows](its address)."),
            )

    def _picture(self, source: str, line: int | None) -> tuple[str, str]:
        """The address of an image that can be printed, and its name; ('', '') when there is none, which is said."""
        if source[:5].lower() == "data:":
            address = pasted_image(source)
            if not address:
                self._setting.report(
                    _("a picture pasted into the text can't be read, or is too large: it is left out."),
                    line,
                    _("Put the picture into the site's uploads folder, and write its address in its place."),
                )
            return address, _("pasted picture") if address else ""
        path = self._setting.image(source, self._setting.line(line)) if source else None
        return (path.as_uri(), path.name) if path is not None else ("", "")
