"""Random histories of press rooms and folders of kits: nothing that is not out is in any octet of what is published,
and what was lawfully published stays, octet for octet where nothing changed, whatever fails.

All is real but the setting of pages: kits are files that hold their words as they are, so that a run takes little.
"""

import io
import itertools
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presskit import kit
from presskit.base.errors import unsaid
from presskit.base.worker import Done, do_here
from presskit.batch import build as batch
from presskit.batch.request import Request
from presskit.binding.bind import Bound
from presskit.layout.context import Content
from presskit.orders import Kit, Order
from presskit.reading.settings import read_site
from presskit.reading.sources import of_site
from presskit.room.build import RoomRequest, build_room, sources_of
from tests.conftest import SiteFolder
from tests.room.conftest import RoomFolder

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAMES = ("alpha", "beta", "gamma")
numbers = itertools.count(1)


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """Kits that are their words, made in this process."""

    def assemble(work: Any, content: Content) -> Bound:
        words = [content.communique.title, content.body.html, *(one.title for one in content.translations)]
        parts = [part.path.read_bytes() for part in content.parts if part.embedded]
        notice = [b"Sous embargo"] if content.embargo else []
        octets = [b"%PDF-1.7 <pdf:Producer>presskit 0", *(word.encode() for word in words), *parts, *notice]
        (work.scratch / "kit.pdf").write_bytes(b"\n".join(octets))
        return Bound(pages=1, claims=(), causes=(), tags=(), unread=())

    def run(_self: object, orders: Iterable[Order], _shared: Path) -> "Iterator[Done[Order, Kit]]":
        for order in orders:
            yield do_here(order, kit.make)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kit._Work, "_assemble", assemble)
        patch.setattr(batch._Run, "_run", run)
        # Neither hides or shows anything, and both take long.
        patch.setattr("presskit.publication.prepare.word", lambda html, _about, _drawn: html.encode())
        patch.setattr("presskit.room.look.web_fonts", lambda _brand, _kept: iter(()))
        yield


@dataclass
class Text:
    """What one communiqué says now, and what its author means by it."""

    name: str
    word: str
    embargo: datetime | None = None
    draft: bool = False
    withdrawn: bool = False
    attached: str = ""
    family: bool = False
    broken: bool = False
    missing: bool = False

    def is_out(self, now: datetime) -> bool:
        return (self.embargo is None or self.embargo <= now) and not self.draft and not self.withdrawn

    def keeps_its_title(self, now: datetime) -> bool:
        return self.withdrawn and not self.draft and not self.broken and (not self.embargo or self.embargo <= now)

    @property
    def is_held(self) -> bool:
        return self.embargo is not None or self.draft or self.withdrawn

    @property
    def markdown(self) -> str:
        fields = ["date: 2026-01-02"]
        fields += [f"embargo: {self.embargo:%Y-%m-%d %H:%M} +00:00"] if self.embargo else []
        fields += ["draft: true"] * self.draft + ["retrait: oui"] * self.withdrawn
        fields += [f"ref: famille\nlang: {self.name[:2]}"] if self.family else []
        files = [self.attached] if self.attached else []
        files += ["/rien.pdf"] if self.missing else []
        fields += ["files:", *(f"- {{file: {file}, nom: n, as: embed}}" for file in files)] if files else []
        quote = "'l'" if self.broken else ""
        return "\n".join(["---", f"title: {quote}titre {self.word}t", *fields, "---", f"texte {self.word}c", ""])


@dataclass(frozen=True)
class Lawful:
    """What must be in a room of one communiqué: its word, when it came out, and the octets of its page's folder.

    Of one that is ``entangled`` with others, whose pages may go with theirs, nothing is known for certain.
    """

    word: str
    since: datetime | None
    entangled: bool
    octets: dict[str, bytes] = field(default_factory=dict)


@dataclass
class World:
    """A site, what is published of it, and a model of what may be seen: the words, and where they came from."""

    room: RoomFolder
    now: datetime = START
    texts: dict[str, Text] = field(default_factory=dict)
    places: dict[str, Path] = field(default_factory=dict)
    # All words that were ever written; those that were out at the last run for now.
    words: set[str] = field(default_factory=set)
    shown: dict[str, str] = field(default_factory=dict)
    past: set[str] = field(default_factory=set)
    earlier: dict[str, set[str]] = field(default_factory=dict)
    lawful: dict[str, Lawful] = field(default_factory=dict)
    # The titles that pages of withdrawn ones showed at the last run for now.
    withdrawn: dict[str, str] = field(default_factory=dict)

    def write(self, name: str, **changes: Any) -> None:
        """Write a communiqué anew, with a new word; what is not said is as it was."""
        text = self.texts.get(name) or Text(name, "")
        values = {**vars(text), "word": f"zq{next(numbers)}x", **changes}
        self.texts[name] = Text(**values)
        self.words |= {f"{self.texts[name].word}{of}" for of in "tc"}
        path = self.places.setdefault(name, self.room.site.root / f"_communiques/{name}.md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.texts[name].markdown, "utf-8")

    def publish(self) -> None:
        """A run for now, of the room and of kits; and what must, and must not, be in them."""
        known = self.is_known()
        make(self.room.site, self.room.public, None, self.now)
        kits(self.room.site, self.room.site.root / "kits", self.now)
        self.check_what_stays(known)
        shown: dict[str, str] = {}
        for name, text in self.texts.items():
            if text.is_out(self.now) and not text.broken and not text.missing:
                shown[name] = text.word
            elif name in self.shown and (not text.is_held or (text.missing and text.is_out(self.now))):
                shown[name] = self.shown[name]
        self.shown = shown
        self.withdrawn = {name: text.word for name, text in self.texts.items() if text.keeps_its_title(self.now)}
        # One whose kit fails is out all the same, in those that attach it or name it.
        free = {name: text.word for name, text in self.texts.items() if text.is_out(self.now) and not text.broken}
        for name, word in (*shown.items(), *free.items()):
            self.earlier.setdefault(name, set()).add(word)
        found = words_in(self.room.public) | words_in(self.room.site.root / "kits")
        leaks = (found & self.words) - self.allowed()
        assert not leaks, (
            leaks,
            {name: text for name, text in self.texts.items() if {f"{text.word}t", f"{text.word}c"} & leaks},
        )

    def is_known(self) -> bool:
        """Whether the last run for now is still told of, by its room or by what is kept."""
        kept = self.room.site.root / ".presskit/room/kits"
        return (self.room.public / "room.json").is_file() or (kept.is_dir() and any(kept.rglob("*.json")))

    def check_what_stays(self, known: bool) -> None:
        """All that is out is there; and what failed is there as it was before."""
        before, self.lawful = self.lawful, {}
        for name, text in self.texts.items():
            last = before.get(name)
            if text.is_out(self.now) and not self.fails(text):
                lawful = Lawful(text.word, text.embargo, text.family or bool(text.attached))
            elif last and known and self.fails(text) and self.may_stay(text, last):
                # Its page may name translations that it has now.
                lawful = replace(last, entangled=last.entangled or text.family)
            else:
                continue
            octets = self.page_of(lawful.word)
            assert octets or lawful.entangled, (name, text, self.now)
            if last and last.word == lawful.word and not (last.entangled or lawful.entangled):
                assert octets == last.octets, (name, text)
            if octets:
                self.lawful[name] = replace(lawful, octets=octets)

    def may_stay(self, text: Text, last: Lawful) -> bool:
        """Whether the page of one that fails stays: nothing is written that may hold it back."""
        out = not text.is_held if text.broken else text.is_out(self.now)
        return out and (last.since is None or last.since <= self.now)

    def fails(self, text: Text) -> bool:
        attached = self.room.site.root / text.attached.lstrip("/")
        return text.broken or text.missing or not attached.exists()

    def page_of(self, word: str) -> dict[str, bytes]:
        """The files of the page that shows a word of a text, by their names."""
        found = [p for p in self.room.public.rglob("publication.json") if f"titre {word}t" in p.read_text("utf-8")]
        return {p.name: p.read_bytes() for folder in found for p in folder.parent.rglob("*") if p.is_file()}

    def allowed(self) -> set[str]:
        shown = {f"{word}{of}" for word in self.shown.values() for of in "tc"}
        # A page that was withdrawn keeps its title.
        # A page that stays as it was may hold, or name, another one as that was: where nobody holds it back now.
        stays = any(self.texts[name].word != word for name, word in self.shown.items())
        for text in self.texts.values():
            if text.is_out(self.now) and not text.broken:
                shown |= {f"{text.word}{of}" for of in "tc"}
        for name, text in self.texts.items() if stays else ():
            if name not in self.earlier or not (name in self.shown or (text.is_out(self.now) and not text.is_held)):
                continue
            shown |= {f"{word}{of}" for word in self.earlier[name] for of in "tc"}
        return shown | self.past | {f"{text.word}t" for text in self.texts.values() if text.keeps_its_title(self.now)}

    def pages(self) -> set[str]:
        return words_in(self.room.public)


def make(site: SiteFolder, output: Path, at: datetime | None, now: datetime) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("presskit.room.build.datetime", Clock(now))
        request = RoomRequest(site=read_site(site.root, unsaid), output=output, at=at)
        build_room(request, sources_of(request), unsaid, on_report=lambda _report: None)


def kits(site: SiteFolder, folder: Path, now: datetime) -> None:
    folder.mkdir(exist_ok=True)
    sources = list(of_site(site.root, read_site(site.root, unsaid)))
    request = Request(sources=sources, target=lambda source: folder / source.kit, folder=folder, archives=True, now=now)
    for _report in batch.build(request):
        pass


class Clock:
    """A ``datetime`` that shows what a test wants."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self, _zone: object) -> datetime:
        return self._now


def words_in(folder: Path) -> set[str]:
    """All words of tests in names and octets of a folder, and in what is packed in ZIPs."""
    import re

    found: set[bytes] = set()
    waiting = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    waiting += [str(path.relative_to(folder)).encode() for path in folder.rglob("*")]
    while waiting:
        octets = waiting.pop()
        found |= set(re.findall(rb"zq\d+x[tc]", octets))
        if octets.startswith(b"PK\3\4"):
            with zipfile.ZipFile(io.BytesIO(octets)) as archive:
                waiting += [archive.read(name) for name in archive.namelist()]
    return {word.decode() for word in found}


# What may happen, between runs.


def edit(world: World, name: str, other: str) -> None:
    world.write(name, embargo=None, draft=False, withdrawn=False, broken=False, missing=False, attached="")


def hold(world: World, name: str, other: str) -> None:
    world.write(name, embargo=world.now + timedelta(days=2))


def soon(world: World, name: str, other: str) -> None:
    world.write(name, embargo=world.now + timedelta(minutes=1), broken=False)


def draft(world: World, name: str, other: str) -> None:
    world.write(name, draft=True)


def withdraw(world: World, name: str, other: str) -> None:
    world.write(name, withdrawn=True)


def mistake(world: World, name: str, other: str) -> None:
    world.write(name, broken=True)


def lose_a_file(world: World, name: str, other: str) -> None:
    world.write(name, missing=True, broken=False)


def attach(world: World, name: str, other: str) -> None:
    world.write(name, attached=f"/_communiques/{world.places[other].name}" if other in world.places else "")


def attach_the_folder(world: World, name: str, other: str) -> None:
    folder = world.room.site.root / "dossier"
    folder.mkdir(exist_ok=True)
    for way, copy in (("lien.md", Path.symlink_to), ("dur.md", Path.hardlink_to)):
        (folder / way).unlink(missing_ok=True)
        if other in world.places:
            copy(folder / way, world.places[other])
    world.write(name, attached="/dossier")


def die_on_the_way(world: World, name: str, other: str) -> None:
    """A run is killed after its first kit, or just before its room is put in place."""
    before = words_in(world.room.public), sorted(world.room.public.rglob("*"))
    where = "presskit.room.build.swap" if name == "alpha" else "presskit.room.build._Run.take"
    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(where, lambda *_arguments: (_ for _ in ()).throw(KeyboardInterrupt))
        make(world.room.site, world.room.public, None, world.now)
    assert (words_in(world.room.public), sorted(world.room.public.rglob("*"))) == before


def translate(world: World, name: str, other: str) -> None:
    for one in {name, other}:
        world.write(one, family=True)


def rename(world: World, name: str, other: str) -> None:
    if name in world.places:
        target = world.places[name].with_name(f"{name}{next(numbers)}.md")
        world.places[name] = world.places[name].rename(target)
        # By its new name it is another one; what was out by the old one is nobody's, and may stay among kits.
        word = world.shown.pop(name, "")
        world.lawful.pop(name, None)
        world.past |= {f"{word}{of}" for of in "tc"} | {f"{world.withdrawn.pop(name, '')}t"}


def later(world: World, name: str, other: str) -> None:
    world.now += timedelta(days=1)


def back(world: World, name: str, other: str) -> None:
    world.now -= timedelta(days=1)
    world.shown = {name: word for name, word in world.shown.items() if world.texts[name].is_out(world.now)}


def preview(world: World, name: str, other: str) -> None:
    make(world.room.site, world.room.public.parent / "preview", world.now + timedelta(days=9), world.now)


def preview_in_the_site(world: World, name: str, other: str) -> None:
    make(world.room.site, world.room.site.root / "preview", world.now + timedelta(days=9), world.now)


def lose_what_is_kept(world: World, name: str, other: str) -> None:
    shutil.rmtree(world.room.site.root / ".presskit/room/kits", ignore_errors=True)


def refuse_what_is_kept(world: World, name: str, other: str) -> None:
    """A file in the folder's place: it can't be made, by root either."""
    lose_what_is_kept(world, name, other)
    (world.room.site.root / ".presskit/room/kits").write_text("x")


def lose_the_room(world: World, name: str, other: str) -> None:
    kept = world.room.site.root / ".presskit/room/kits"
    if kept.is_dir() and any(kept.rglob("*.json")):
        shutil.rmtree(world.room.public, ignore_errors=True)


STEPS: list[Callable[[World, str, str], None]] = [
    edit, edit, hold, hold, soon, draft, withdraw, mistake, mistake, lose_a_file, attach, attach_the_folder, translate,
    rename, later, later, back, preview, preview_in_the_site, lose_what_is_kept, refuse_what_is_kept, lose_the_room,
    die_on_the_way,
]  # fmt: skip
STEP = st.tuples(st.sampled_from(STEPS), st.sampled_from(NAMES), st.sampled_from(NAMES), st.booleans())


def world_in(scratch: str) -> World:
    root = Path(scratch) / "site"
    root.mkdir()
    site = SiteFolder(root)
    site.write("presskit.toml", 'timezone = "Europe/Paris"\n[room]\nurl = "https://presse.example.org"\n')
    return World(RoomFolder(site, Path(scratch) / "public"))


@settings(max_examples=settings.default.max_examples // 8)
@given(history=st.lists(STEP, min_size=2, max_size=14))
def test_nothing_that_is_not_out_is_in_any_octet_and_what_is_out_stays(
    history: list[tuple[Callable[[World, str, str], None], str, str, bool]],
) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        world = world_in(scratch)
        world.write("alpha")
        world.write("beta")
        world.publish()
        for step, name, other, publishes in history:
            step(world, name, other)
            if publishes:
                world.publish()
        world.publish()
