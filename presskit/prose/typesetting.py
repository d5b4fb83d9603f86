"""Typography in a tree of HTML: each paragraph is one text for the rules, however elements cut it."""

from collections.abc import Callable, Iterable, Iterator
from xml.etree.ElementTree import Element

from presskit.prose.elements import BLOCKS, Item, classes
from presskit.text import typography

OPAQUE_TAGS = {"code", "kbd", "pre", "samp", "var"}


def set_typography(body: Element, lang: str) -> None:
    """Set the texts of a tree, passages in another language by its own rules; code and addresses are left alone.

    No word goes: spaces, signs and the forms of ordinals change (see typography.py).
    """
    for language, group in _paragraphs(body, lang):
        hidden: list[list[str]] = []
        runs = []
        for text, put in group:
            hidden.append([])
            runs.append(typography.hide_addresses(text, hidden[-1]) if put else text)
        for (_text, put), run, addresses in zip(group, typography.set_runs(runs, language), hidden, strict=True):
            if put:
                put(typography.show_addresses(run, addresses))
    _mark(body, typography.language_of(lang))


Run = tuple[str, Callable[[str], None] | None]


def _paragraphs(body: Element, lang: str) -> Iterator[tuple[str, list[Run]]]:
    """The paragraphs of a tree: each with its language and its runs of text, with how to set them."""
    finished: list[tuple[str, list[Run]]] = []
    current: list[Run] = []

    def flush(language: str) -> None:
        nonlocal current
        if any(put for _text, put in current):
            finished.append((language, current))
        current = []

    def run(text: str | None, put: Callable[[str], None]) -> None:
        if text:
            current.append((text, put))

    def visit(element: Element, language: str) -> None:
        run(element.text, lambda text: setattr(element, "text", text))
        for child in element:
            own = child.get("lang") or language
            if child.tag in BLOCKS:
                flush(language)
                visit(child, own)
                flush(own)
            elif child.tag == "br":
                current.append(("\n", None))
            elif child.tag in OPAQUE_TAGS or "address" in child.get("class", "").split():
                current.append((typography.OPAQUE, None))
            elif typography.language_of(own) != typography.language_of(language):
                current.append((typography.OPAQUE, None))
                finished.extend(_paragraphs(child, own))
            else:
                visit(child, own)
            run(child.tail, lambda text, child=child: setattr(child, "tail", text))  # type: ignore[misc]

    visit(body, lang)
    flush(lang)
    yield from finished


# Marks


def _mark(element: Element, language: str) -> None:
    """Raise ordinals, lower the figures of formulas, and keep hyphens out of addresses, in the texts of an element."""
    if element.tag in OPAQUE_TAGS or element.tag in ("sup", "sub") or classes(element) & {"address", "domain"}:
        return
    language = typography.language_of(element.get("lang") or language)
    for child in list(element):
        _mark(child, language)
    marked = list(_marked(element, language))
    if not any(isinstance(item, Element) and item.get("data-new") for item in marked):
        return
    element.text = None
    element[:] = []
    for item in marked:
        if isinstance(item, Element):
            item.attrib.pop("data-new", None)
            item.tail = None
            element.append(item)
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + item
        else:
            element.text = (element.text or "") + item


def _marked(element: Element, language: str) -> Iterator[Item]:
    """What an element holds, with new elements in its texts; its own are given as they are, their tails apart."""
    yield from _pieces(element.text, language)
    for child in element:
        tail = child.tail
        yield child
        yield from _pieces(tail, language)


def _pieces(text: str | None, language: str) -> Iterable[Item]:
    for piece, tag in typography.marks(text or "", language):
        if not tag:
            yield piece
            continue
        made = Element("span" if tag == "domain" else tag, {"data-new": "1"})
        if tag == "domain":
            made.set("class", "domain")
        made.text = piece
        yield made
