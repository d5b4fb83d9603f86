"""A folder replaced as a whole."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presskit.base.errors import PresskitError
from presskit.room import swap as module
from presskit.room.swap import refuse_foreign, swap

CONTENT = st.dictionaries(st.sampled_from(["a", "b/c", "b/d", "e/f/g"]), st.binary(max_size=8))


def content_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@settings(max_examples=40)
@given(st.lists(CONTENT, min_size=1, max_size=4), st.booleans())
def test_the_folder_holds_what_it_is_told_and_nothing_else(turns: list[dict[str, bytes]], at_once: bool) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as scratch, pytest.MonkeyPatch.context() as patch:
        if not at_once:
            patch.setattr(module, "_renamed_at_once", lambda _one, _other: False)
        folder = Path(scratch, "public")
        before: dict[str, bytes] = {}
        for turn in turns:
            swapped = swap(folder, turn, {})
            assert content_of(folder) == turn
            assert [path.name for path in Path(scratch).iterdir()] == ["public"]
            assert swapped.kept == sum(before.get(name) == octets for name, octets in turn.items())
            assert swapped.written == len(turn) - swapped.kept
            assert swapped.removed == len(set(before) - set(turn))
            before = turn


def test_a_copied_file_that_is_the_same_stays_the_same(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"x" * 100)
    swap(tmp_path / "public", {}, {"file": source})
    before = (tmp_path / "public/file").stat()
    source.unlink()
    source.write_bytes(b"x" * 100)
    os.utime(source, ns=(1, 1))
    swap(tmp_path / "public", {}, {"file": source})
    assert (tmp_path / "public/file").stat().st_mtime_ns == before.st_mtime_ns
    source.write_bytes(b"y" * 100)
    swap(tmp_path / "public", {}, {"file": source})
    assert (tmp_path / "public/file").read_bytes() == b"y" * 100


def test_when_writing_fails_the_old_folder_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    swap(tmp_path / "public", {"a": b"old"}, {})
    with pytest.raises(PresskitError, match="can't be written"):
        swap(tmp_path / "public", {"a": b"new"}, {"b": tmp_path / "absent"})
    assert content_of(tmp_path) == {"public/a": b"old"}

    def broken(self: Path, target: Path) -> Path:
        if self.suffix == ".part":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    rename = Path.rename
    monkeypatch.setattr(module, "_renamed_at_once", lambda _one, _other: False)
    monkeypatch.setattr(Path, "rename", broken)
    with pytest.raises(PresskitError, match="the disk is full"):
        swap(tmp_path / "public", {"a": b"new"}, {})
    assert content_of(tmp_path / "public") == {"a": b"old"}


def test_a_folder_that_is_a_link_is_replaced_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    swap(tmp_path / "link", {"a": b"1"}, {})
    assert (tmp_path / "link").is_symlink()
    assert content_of(tmp_path / "real") == {"a": b"1"}


def test_new_folders_can_be_read_by_a_web_server(tmp_path: Path) -> None:
    swap(tmp_path / "public", {"a/b": b"1"}, {})
    assert (tmp_path / "public").stat().st_mode & 0o055 == 0o055
    assert (tmp_path / "public/a/b").stat().st_mode & 0o044 == 0o044


def test_what_is_not_ours_is_refused(tmp_path: Path) -> None:
    refuse_foreign(tmp_path / "absent", "mark")
    (tmp_path / "empty").mkdir()
    refuse_foreign(tmp_path / "empty", "mark")
    (tmp_path / "full").mkdir()
    (tmp_path / "full/x").touch()
    with pytest.raises(PresskitError, match="other files"):
        refuse_foreign(tmp_path / "full", "mark")
    (tmp_path / "full/mark").touch()
    refuse_foreign(tmp_path / "full", "mark")
    with pytest.raises(PresskitError, match="this is a file"):
        refuse_foreign(tmp_path / "full/x", "mark")
