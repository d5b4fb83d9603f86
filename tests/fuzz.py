"""Mutated attachments and front matters, for a bounded time: each must end in a kit or in a clear error.

Run by ``make fuzz`` (``SECONDS=600 make fuzz`` for longer, ``SEED=7`` to repeat a run). Prints how many
inputs were tried and what became of them by kind; exits with 1 and keeps the inputs that failed.
"""

import collections
import io
import os
import random
import sys
import tempfile
import time
import traceback
from pathlib import Path

from pypdf import PdfReader

from presskit.base.errors import PresskitError
from presskit.base.limits import Limits
from presskit.base.worker import run
from presskit.orders import Manuscript, Order, made, make
from presskit.reading.communique import read_communique
from presskit.reading.site import Site
from tests.attachments.conftest import every_kind
from tests.attachments.test_inside import form, holding, layered
from tests.conftest import FRONT_MATTER, chapters
from tests.test_random_texts import picture
from tests.texts import Draft, Drafter, by_chance

KEPT = Path("fuzz-failures")

FRONT = FRONT_MATTER.format(
    extra="une-ou-diaporama:\n- image: /a.jpg\n  legende: x\ncontact-presse:\n  name: J\n  tel:\n  - '01'\n"
    "files:\n- {file: /a.pdf, nom: 'A'}\ntags: [a, b]\nlang: fr\n",
    body="# T\n\n> « a »\n**b**\n\n- c\n{: .d}\n\n|a|b|\n|-|-|\n|1|2|\n",
).encode()


def mutate(content: bytes, dice: random.Random) -> bytes:
    """Damage a file as transfers, editors and attackers do."""
    data = bytearray(content)
    for _turn in range(dice.randint(1, 4)):
        if not data:
            break
        place, length = dice.randrange(len(data)), dice.randint(1, max(len(data) // 8, 1))
        match dice.randrange(6):
            case 0:
                for _flip in range(dice.randint(1, 20)):
                    data[dice.randrange(len(data))] = dice.randrange(256)
            case 1:
                del data[place : place + length]
            case 2:
                data = data[:place]
            case 3:
                data[place:place] = data[place : place + length]
            case 4:
                digits = [i for i, octet in enumerate(data) if 48 <= octet <= 57]
                for _flip in range(min(5, len(digits))):
                    data[dice.choice(digits)] = dice.randrange(48, 58)
            case _:
                data[place : place + length] = bytes(dice.randrange(256) for _octet in range(min(length, 64)))
    return bytes(data)


def try_attachment(name: str, content: bytes, folder: Path) -> str:
    """Build a kit with one damaged attachment; gives what became of it. Raises for a loss or a crash."""
    (folder / name).write_bytes(content)
    communique = f"---\ntitle: T\ndate: 2022-01-01\nfiles: [{{file: '/{name}'}}]\n---\nTexte\n".encode()
    site = Site(root=folder, limits=Limits(seconds=20, memory=1024))
    try:
        (done,) = run([Order(manuscript=Manuscript(octets=communique, name="c.md", folder=folder, site=site))], make, 1)
        kit = made(done)
    except PresskitError as error:
        assert error.problems[0].what and "itself failed" not in error.problems[0].what, error
        return "error"
    finally:
        (folder / name).unlink()
    said = " ".join(str(warning) for warning in done.warnings)
    assert "crashed" not in said, said
    read = PdfReader(io.BytesIO(kit.pdf))
    assert len(read.pages) == kit.pages
    assert kit.parts, "a lost attachment"
    assert any(part.pages or part.embedded for part in kit.parts)
    # The inputs are small: one that reaches a limit has found a loop of ours, or of a library's.
    assert "it takes more than" not in said, said
    return "embedded" if not any(part.pages for part in kit.parts) else "repaired" if "repaired" in said else "merged"


def try_front_matter(content: bytes) -> str:
    """Read one damaged communiqué."""
    try:
        read_communique(content, "c.md", Path(), warn=lambda _warning: None)
    except PresskitError as error:
        assert all(problem.what for problem in error.problems)
        return "error"
    return "read"


def try_draft(draft: Draft, folder: Path) -> str:
    """Build a kit of a random communiqué; gives what became of it. Raises for a crash."""
    for name, content in draft.files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    (folder / "a.png").write_bytes(picture())
    order = Order(
        manuscript=Manuscript(octets=draft.markdown.encode(), name="c.md", folder=folder, site=Site(root=folder))
    )
    try:
        (done,) = run([order], make, 1)
        made(done)
    except PresskitError as error:
        assert error.problems[0].what and "itself failed" not in error.problems[0].what, error
        return "error"
    return "made"


def main() -> int:
    """Try inputs until the time is over."""
    seconds, seed = float(os.environ.get("SECONDS", "120")), int(os.environ.get("SEED", str(time.time_ns())))
    dice = random.Random(seed)
    seeds = every_kind() | {
        "chapitres.pdf": chapters("A", 4),
        "formulaire.pdf": form("x"),
        "couches.pdf": layered("x"),
        "porteur.pdf": holding({"x.csv": b"a;b"}, portfolio=True),
    }
    outcomes: collections.Counter[tuple[str, str]] = collections.Counter()
    failures = 0
    ends = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as temporary:
        while time.monotonic() < ends:
            name = dice.choice(list(seeds))
            content = mutate(seeds[name], dice)
            fronts = [mutate(FRONT, dice) for _turn in range(20)]
            try:
                outcomes[Path(name).suffix, try_attachment(name, content, Path(temporary))] += 1
                content, name = b"", "front.md"
                for front in fronts:
                    content = front
                    outcomes["front matter", try_front_matter(front)] += 1
                draft = Drafter(by_chance(dice)).draft("Communiqué de presse", 8)
                content, name = draft.markdown.encode(), "communique.md"
                outcomes["communiqué", try_draft(draft, Path(temporary))] += 1
                content, name = mutate(content, dice), "front.md"
                outcomes["communiqué", try_front_matter(content)] += 1
            except Exception:  # noqa: BLE001 - whatever it is, it is a failure
                failures += 1
                KEPT.mkdir(exist_ok=True)
                (KEPT / f"{seed}-{failures}-{name}").write_bytes(content)
                traceback.print_exc()
    print(f"seed {seed}: {sum(outcomes.values())} inputs, {failures} failures")
    for (kind, outcome), count in sorted(outcomes.items()):
        print(f"  {kind:<14}{outcome:<10}{count:>6}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
