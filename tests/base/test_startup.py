"""A quick start loads nothing that an everyday kit does not use, and all of it when it is used."""

import gc
import subprocess
import sys

import pytest

from presskit.base.startup import late_imports, quick_imports


def test_nothing_is_collected_while_modules_are_imported() -> None:
    with quick_imports():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_late_module_is_loaded_when_something_of_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with late_imports("colorsys"):
        import colorsys
        from colorsys import rgb_to_hls
    assert "colorsys" not in sys.modules
    assert rgb_to_hls(1, 1, 1) == (0.0, 1, 0.0)
    assert "colorsys" in sys.modules
    assert colorsys.hls_to_rgb(0, 1, 0) == (1, 1, 1)


def test_one_that_is_loaded_is_left_alone() -> None:
    with late_imports("gc"):
        assert sys.modules["gc"] is gc
    assert sys.modules["gc"] is gc


def test_what_makes_kits_loads_no_subsetter_of_fonts() -> None:
    program = "import sys, presskit.preload; print([name for name in sys.modules if name.startswith('fontTools.')])"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert "fontTools.ttLib" in done.stdout
    assert "fontTools.subset" not in done.stdout
    assert "fontTools.varLib" not in done.stdout
