"""WeasyPrint's declarations are parsed once, and what is made of them does the same."""

import subprocess
import sys
from pathlib import Path

from presskit.rendering.declarations import keep, kept_declarations

PAGE = """
import hashlib, sys
from contextlib import nullcontext
from presskit.rendering.declarations import kept_declarations
with kept_declarations() if {kept} else nullcontext():
    import weasyprint
html = "<html lang=fr><title>x</title><h1>Été</h1>" + "<p>Un texte <b>gras</b>, 25 %.</p>" * 60
pdf = weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")
print(hashlib.sha256(pdf).hexdigest(), "pycparser" in sys.modules, type(weasyprint.text.ffi.ffi).__module__)
"""


def printed(program: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return done.stdout.split()


def test_pages_are_the_same_and_nothing_is_parsed() -> None:
    kept, parsed = (printed(PAGE.format(kept=kept)) for kept in (True, False))
    assert kept[1:] == ["False", "_cffi_backend"]
    assert parsed[1:] == ["True", "cffi.api"]
    assert kept[0] == parsed[0]


def test_other_declarations_are_parsed_as_ever(tmp_path: Path) -> None:
    program = f"""
import sys
sys.path.insert(0, {str(tmp_path)!r})
from presskit.rendering.declarations import kept_declarations
with kept_declarations():
    import other
import cffi
print(other.libc.abs(-3), type(other.ffi).__name__, cffi.FFI.__module__, other.FFIError.__name__)
"""
    source = (
        "import cffi\nffi = cffi.FFI()\nffi.cdef('int abs(int);')\nlibc = ffi.dlopen(None)\nFFIError = cffi.FFIError\n"
    )
    (tmp_path / "other.py").write_text(source)
    assert printed(program) == ["3", "_Declared", "cffi.api", "FFIError"]


def test_older_ones_make_place(tmp_path: Path) -> None:
    (tmp_path / "declared").mkdir()
    (tmp_path / "declared" / "of_0123456789abcdef.py").write_text("")
    made = keep(tmp_path)
    assert made is not None
    assert list((tmp_path / "declared").iterdir()) == [made]


def test_what_was_imported_before_stays() -> None:
    import cffi

    with kept_declarations():
        assert sys.modules["cffi"] is not cffi
    assert sys.modules["cffi"] is cffi
