"""What became of each communiqué of a run, and of all of them."""

import re
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from presskit.base.errors import Problem
from presskit.orders import Care, Kit, KitPart
from presskit.publication import Publication
from presskit.release.standing import Standing

Status = Literal["built", "unchanged", "skipped", "failed"]
STATUSES: tuple[Status, ...] = ("built", "unchanged", "skipped", "failed")


@dataclass(frozen=True, kw_only=True)
class Details:
    """What is in a kit, as reports tell it (see presskit.orders.Kit)."""

    title: str
    layout: str
    pages: int
    bytes: int
    parts: tuple[KitPart, ...]
    missing: tuple[str, ...]
    claims: tuple[str, ...]
    refusals: tuple[tuple[str, Problem], ...]
    care: tuple[Care, ...]

    def as_json(self) -> dict[str, Any]:
        """The details as values that JSON knows."""
        return {
            "title": self.title,
            "layout": self.layout,
            "pages": self.pages,
            "bytes": self.bytes,
            "parts": [{k: v for k, v in asdict(part).items() if v or k != "url"} for part in self.parts],
            "missing": list(self.missing),
            "conformance": {
                "claims": list(self.claims),
                "refusals": [{"standard": name} | problem.as_json() for name, problem in self.refusals],
                "care": [asdict(care) for care in self.care],
            },
        }


def details_of(kit: Kit) -> Details:
    """What a report tells of a finished kit."""
    return Details(
        title=kit.title,
        layout=kit.layout,
        pages=kit.pages,
        bytes=kit.size,
        parts=kit.parts,
        missing=kit.missing,
        claims=kit.claims,
        refusals=kit.refusals,
        care=kit.care,
    )


@dataclass(frozen=True, kw_only=True)
class Report:
    """What became of one communiqué.

    ``kit`` is its kit's path, None when there is none, and ``details`` what is in it; ``reason`` is why it was
    skipped, ``until`` when it no longer is. ``publication`` is what was published of it where that was asked for,
    ``uses`` the ids of the other communiqués that this holds or names; ``standing`` is what decides when it is out,
    None where that was not asked.
    """

    communique: str
    status: Status
    kit: str | None = None
    details: Details | None = None
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    reason: str = ""
    until: str = ""
    pdf: bytes = field(default=b"", repr=False)
    publication: Publication | None = field(default=None, repr=False)
    uses: tuple[str, ...] = ()
    standing: Standing | None = field(default=None, repr=False)

    def as_json(self) -> dict[str, Any]:
        """The report as values that JSON knows."""
        skipped = {"reason": self.reason} | ({"until": self.until} if self.until else {})
        return {
            "communique": self.communique,
            "status": self.status,
            "kit": self.kit,
            **(skipped if self.status == "skipped" else {}),
            **(self.details.as_json() if self.details else {}),
            "errors": [problem.as_json() for problem in self.errors],
            "warnings": [problem.as_json() for problem in self.warnings],
        }


@dataclass
class Summary:
    """What became of all communiqués of a run, counted."""

    counts: Counter[Status] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)

    def add(self, report: Report) -> None:
        """Count a report in."""
        self.counts[report.status] += 1
        if report.reason:
            self.reasons[report.reason] += 1
        self.warnings.update(kind_of_warning(problem) for problem in report.warnings)

    @property
    def failed(self) -> int:
        """How many kits could not be built."""
        return self.counts["failed"]


def kind_of_warning(problem: Problem) -> str:
    """What warnings of one kind have in common: their words, without names and numbers."""
    text = re.sub(r"“[^”]*”|«[^»]*»|\([^)]*\)", "…", problem.what)
    return re.sub(r"(?<![\w-])\d+(?:[.,]\d+)*", "…", text)
