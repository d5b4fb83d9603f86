"""ZIPs: whatever the names, entries stay in their folder, and the same files give the same bytes."""

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.publication.archive import write_archive
from presskit.reading.names import file_name

MOMENT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("inside", ["../x", "a/../../x", "/etc/x", "a\\..\\x"])
def test_no_entry_leaves_its_folder(tmp_path: Path, inside: str) -> None:
    (tmp_path / "f").write_bytes(b"x")
    with pytest.raises(ValueError, match="would leave"):
        write_archive(tmp_path / "x.zip", "x", {inside: tmp_path / "f"}, moment=MOMENT, about={})


@given(st.lists(st.text(max_size=40), max_size=4))
def test_any_names_make_a_zip_that_unpacks_in_its_folder(names: list[str]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        files: dict[str, Path] = {}
        for name in names:
            safe = file_name(name, {path.rpartition("/")[2].casefold() for path in files})
            (folder / "f").write_bytes(b"x")
            files[f"pieces-jointes/{safe}"] = folder / "f"
        write_archive(folder / "x.zip", "x", files, moment=MOMENT, about={})
        with zipfile.ZipFile(folder / "x.zip") as archive:
            assert archive.testzip() is None
            archive.extractall(folder / "out")
            listed = json.loads(archive.read("x/manifest.json"))["files"]
        assert [path.name for path in (folder / "out").iterdir()] == ["x"]
        assert len(listed) == len(files) == len(names)


def test_the_same_files_give_the_same_bytes_and_the_communiques_date(tmp_path: Path) -> None:
    (tmp_path / "f.txt").write_bytes(b"x" * 1000)
    for name in ("a", "b"):
        write_archive(tmp_path / f"{name}.zip", "x", {"f.txt": tmp_path / "f.txt"}, moment=MOMENT, about={"title": "T"})
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert {info.date_time for info in archive.infolist()} == {(2026, 3, 5, 9, 30, 0)}
        assert json.loads(archive.read("x/manifest.json"))["title"] == "T"
