"""A communiqué's HTML as a page of a press room takes it: addresses from its folder, no style of its own."""

import re
from collections.abc import Mapping
from pathlib import Path
from xml.etree.ElementTree import Element

from presskit.prose.html import html_of, put_text, tree_of
from presskit.publication import Picture

# The counter styles of numbers.css; plain ones are said by the attribute ``type``.
_NUMBERS = re.compile(r"list-style-type:((?:decimal|(?:lower|upper)-(?:alpha|roman))-\w+)")


def for_the_web(html: str, pictures: Mapping[str, Picture], table_label: str) -> str:
    """The same HTML with published images (by the address that they have in it), and without ``style`` attributes.

    A strict Content-Security-Policy forbids these. Tables may be wider than a telephone: each gets a frame that
    scrolls, by the keyboard too (WCAG 2.1.1), named ``table_label``. An image that is not published is left out.
    """
    body = tree_of(html)
    for parent in list(body.iter()):
        for child in list(parent):
            if child.tag == "img":
                _settle_image(parent, child, pictures)
            elif child.tag == "table":
                parent[list(parent).index(child)] = _framed(child, table_label)
        if name := _class_for(parent.attrib.pop("style", "").replace(" ", "")):
            parent.set("class", f"{parent.get('class', '')} {name}".strip())
    return html_of(body)


def _class_for(style: str) -> str:
    """The class that says what a style does, '' for none: how a text is set, and what is put around numbers."""
    if numbers := _NUMBERS.search(style):
        return numbers[1]
    align = style.removeprefix("text-align:").rstrip(";")
    return f"text-{align}" if align in ("center", "right") else ""


def _settle_image(parent: Element, image: Element, pictures: Mapping[str, Picture]) -> None:
    if image.get("src", "").startswith("data:image/"):
        # Pasted into the text: it is in the page itself.
        image.attrib.setdefault("alt", "")
        return
    picture = pictures.get(image.get("src", ""))
    if picture is None:
        put_text(parent, image)
        return
    image.set("src", picture.shown)
    image.attrib.setdefault("alt", "")
    image.set("loading", "lazy")
    if picture.width:
        image.set("width", str(picture.width))
        image.set("height", str(picture.height))
    if picture.srcset:
        image.set("srcset", picture.srcset)
        image.set("sizes", "(min-width: 44rem) 42rem, 92vw")


def _framed(table: Element, label: str) -> Element:
    frame = Element("div", {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": label})
    frame.tail, table.tail = table.tail, None
    frame.append(table)
    return frame


def image_addresses(html: str) -> dict[str, Path]:
    """The files that images of a laid-out text name, by their address in it."""
    from urllib.parse import unquote, urlsplit
    from urllib.request import url2pathname

    found = [image.get("src", "") for image in tree_of(html).iter("img")]
    return {address: Path(url2pathname(unquote(urlsplit(address).path))) for address in found if address[:5] == "file:"}
