"""WeasyPrint's declarations of C functions, parsed when presskit is installed and not at each start.

cffi's parser is written in Python, and takes a third of the time in which WeasyPrint is imported. What it makes of
declarations can be kept as a module (cffi's documentation, "Preparing and Distributing modules", ABI level, out of
line). Ours is made with the wheel, and named by the digest of the declarations: where WeasyPrint's are others, or
where it is not there, they are parsed as ever.
"""

import hashlib
import importlib
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

_CDEF = re.compile(r"^ffi\.cdef\('''(.*?)'''\)", re.DOTALL | re.MULTILINE)
# The folder of such modules, and how each is named.
_FOLDER, _PREFIX = "declared", "of_"


def keep(package: Path) -> Path | None:
    """Write the module of WeasyPrint's declarations into the folder of this package, in the place of older ones.

    Gives its path, None without WeasyPrint.
    """
    spec = find_spec("weasyprint")
    if spec is None or spec.origin is None:
        return None
    import cffi

    text = "".join(_CDEF.findall((Path(spec.origin).parent / "text" / "ffi.py").read_text("utf-8")))
    folder = package / _FOLDER
    folder.mkdir(exist_ok=True)
    for old in folder.glob(f"{_PREFIX}*.py"):
        old.unlink()
    parsed = cffi.FFI()
    parsed.cdef(text)
    parsed.set_source(_name(text), None)
    path = folder / f"{_name(text)}.py"
    parsed.emit_python_code(str(path))
    return path


def _name(text: str) -> str:
    return _PREFIX + hashlib.sha256(text.encode()).hexdigest()[:16]


@contextmanager
def kept_declarations() -> Iterator[None]:
    """Have the declarations of what is imported meanwhile taken from the kept module, if there is one."""
    own = sys.modules.get("cffi")
    stand_in = _Cffi("cffi")
    sys.modules["cffi"] = stand_in
    try:
        yield
    finally:
        if own is None:
            sys.modules.pop("cffi", None)
        else:
            sys.modules["cffi"] = own
        for declared in stand_in.made:
            _put_back(declared)


class _Cffi(ModuleType):
    """Stands for the module cffi: its FFI is ours, all else its own."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.made: list[_Declared] = []

    def FFI(self) -> "_Declared":  # noqa: N802 (cffi's name)
        declared = _Declared()
        self.made.append(declared)
        return declared

    def __getattr__(self, name: str) -> Any:
        return getattr(_cffi(), name)


class _Declared:
    """Stands for an FFI until its declarations are complete: the first use of it shows that they are."""

    def __init__(self) -> None:
        self._text = ""
        self._real: Any = None

    def cdef(self, text: str) -> None:
        self._text += text

    @property
    def real(self) -> Any:
        """The FFI with these declarations."""
        if self._real is None:
            try:
                self._real = importlib.import_module(f"presskit.{_FOLDER}.{_name(self._text)}").ffi
            except ImportError:
                self._real = _cffi().FFI()
                self._real.cdef(self._text)
        return self._real

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


def _cffi() -> Any:
    """The module cffi itself."""
    stand_in = sys.modules.pop("cffi", None)
    try:
        return importlib.import_module("cffi")
    finally:
        if stand_in is not None:
            sys.modules["cffi"] = stand_in


def _put_back(declared: _Declared) -> None:
    """Give all who imported a stand-in the FFI that it stood for."""
    for name, module in list(sys.modules.items()):
        if name.startswith("weasyprint.") and getattr(module, "ffi", None) is declared:
            module.ffi = declared.real  # type: ignore[attr-defined]
