"""Trees of tags: their elements, walked in order (ISO 32000-1, 14.7)."""

from collections.abc import Callable, Iterator
from typing import TypeAlias, TypeGuard, TypeVar

from pikepdf import Dictionary, Object

from presskit.pdf.objects import is_named, items

# An object's number and generation: what tells objects apart.
Number: TypeAlias = tuple[int, int]
Where = TypeVar("Where")


def walk(root: object, page: Where, page_of: Callable[[Object, Where], Where]) -> Iterator[tuple[Object, Where]]:
    """A tree's root and all that hangs below it, content items included, in order and each once.

    With each comes its page, as ``page_of`` tells it from the page of what it hangs from.
    """
    waiting: list[tuple[object, Where]] = [(root, page)]
    seen: set[Number] = set()
    while waiting:
        item, above = waiting.pop()
        if not isinstance(item, Dictionary) or (item.is_indirect and item.objgen in seen):
            continue
        seen.add(item.objgen)
        own = page_of(item, above)
        yield item, own
        waiting += [(kid, own) for kid in reversed(items(item.get("/K")))]


def is_element(item: object) -> TypeGuard[Object]:
    """Whether a kid is an element, be it one that lost its type, and not a content item."""
    if not isinstance(item, Dictionary):
        return False
    return "/S" in item or ("/K" in item and not is_named(item.get("/Type"), "/MCR", "/OBJR"))
