"""A quick start: what makes imports slow besides the modules themselves, and modules that most kits never use."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


@contextmanager
def quick_imports() -> Iterator[None]:
    """Import modules without collecting garbage meanwhile, and leave them out of later collections.

    Modules make many objects that never die: looking among them for garbage takes a tenth of the time
    of a whole build, and finds none.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@contextmanager
def late_imports(*names: str) -> Iterator[None]:
    """Have some modules loaded when something of them is called, and not when they are imported meanwhile."""
    stand_ins = {name: _Late(name) for name in names if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name, stand_in in stand_ins.items():
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]


class _Late(ModuleType):
    """Stands for a module of which functions and classes are called: the first call imports it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def late(*arguments: Any, **options: Any) -> Any:
            return getattr(import_module(self.__name__), name)(*arguments, **options)

        return late
