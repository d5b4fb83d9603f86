"""What a press room notes of a publication, and shows again when it fails the next time."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from presskit.publication import File, Note, Picture, Publication
from presskit.reading.contacts import Contact
from presskit.room.entries import Entry
from presskit.room.last import NAME, noted, recalled

SHOWN = Picture(
    full=File(path="a.jpg", title="", size=1, media_type="image/jpeg"),
    alt=None,
    caption="c",
    credit="d",
    smaller=(("a-1.jpg", 320),),
)
WHOLE = Publication(
    name="n",
    lang="fr",
    title="t",
    moment="2026-01-01T00:00:00+01:00",
    tags=("a",),
    contacts=(Contact(name="x", phones=("1", "2")),),
    kit=File(path="n.pdf", title="t", size=4, media_type="application/pdf", pages=2),
    pictures=(SHOWN,),
    corrections=(Note("2026-01-02", "n"),),
    withdrawal=Note("", ""),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with all the files of a publication."""
    for name, size in (("n.pdf", 4), ("a.jpg", 1), ("a-1.jpg", 9)):
        (tmp_path / name).write_bytes(b"x" * size)
    return tmp_path


@pytest.mark.parametrize("since", [None, datetime(2026, 3, 1, 5, tzinfo=UTC)])
def test_a_publication_is_recalled_as_it_was(folder: Path, since: datetime | None) -> None:
    entry = Entry(id="i", publication=WHOLE, folder=folder, since=since, uses=("u", "v"))
    (folder / NAME).write_bytes(noted(entry))
    assert recalled(folder / NAME, "i", folder) == entry


def test_what_is_not_whole_or_anothers_is_not_recalled(folder: Path) -> None:
    note = folder / NAME
    note.write_bytes(noted(Entry(id="i", publication=WHOLE, folder=folder)))
    assert recalled(note, "another", folder) is None
    whole = note.read_bytes()
    for damaged in (
        b"",
        whole[:-20],
        whole.replace(b'"name":"n"', b'"name":7'),
        whole.replace(b'"a.jpg"', b'"../a.jpg"'),
    ):
        note.write_bytes(damaged)
        assert recalled(note, "i", folder) is None
    note.write_bytes(whole)
    (folder / "n.pdf").write_bytes(b"cut")
    assert recalled(note, "i", folder) is None
