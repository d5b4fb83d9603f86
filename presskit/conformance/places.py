"""Where in a file a validator's findings are: it names objects by their numbers, people look for pages."""

from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Object, Stream

from presskit.pdf.objects import inner, is_named, pages_of
from presskit.pdf.trees import Number, walk


def pages_of_objects(path: Path) -> dict[int, int]:
    """The page (from 1) of each object that only one page or the elements on it lead to, by its number."""
    with pikepdf.open(path) as pdf:
        pages = pages_of(pdf)
        numbers: dict[Number, int] = {}
        by_page = {page.objgen: index for index, page in enumerate(pages, 1)}
        for index, page in enumerate(pages, 1):
            _reach(page, index, numbers, depth=0)

        def page_of(item: Object, above: int | None) -> int | None:
            page = inner(item, "/Pg")
            return by_page.get(page.objgen) if page is not None else above

        for item, own in walk(pdf.Root.get("/StructTreeRoot"), None, page_of):
            if own is not None:
                numbers.setdefault(item.objgen, own)
        return {number: page for (number, _generation), page in numbers.items()}


def _reach(value: object, page: int, numbers: dict[Number, int], *, depth: int) -> None:
    if not isinstance(value, Array | Dictionary | Stream) or depth > 12:
        return
    if value.is_indirect:
        if value.objgen in numbers:
            return
        numbers[value.objgen] = page
    if isinstance(value, Array):
        for item in list(value):
            _reach(item, page, numbers, depth=depth + 1)
        return
    if depth and is_named(value.get("/Type"), "/Page", "/Pages", "/StructElem", "/StructTreeRoot"):
        return
    for key, item in value.items():
        if key not in ("/Parent", "/P", "/Dest", "/D"):
            _reach(item, page, numbers, depth=depth + 1)
