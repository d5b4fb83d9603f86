"""veraPDF, the reference validator of PDF/UA and PDF/A: found on this machine, and asked.

It is a Java program of some 20 MB that takes seconds to start, so that presskit does without it until a
claim is in doubt. PRESSKIT_VERAPDF names its command, or a folder with its jars; else it is looked for.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from presskit.base.limits import memory_unlimited

PLACE = "PRESSKIT_VERAPDF"
_MAIN = "org.verapdf.apps.GreenfieldCliWrapper"
_SECONDS = 300
_PAGE = re.compile(r"\bpages\[(\d+)\]")
_OBJECT = re.compile(r"\((\d+) \d+ obj ")


class UnusableError(Exception):
    """veraPDF is there, but does not give an answer."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A rule that a file breaks: its clause, veraPDF's words on it, and where it is broken first.

    ``page`` counts from 1; ``object`` is an object's number; both are None where they are not told.
    """

    clause: str
    test: int
    words: str
    page: int | None
    object: int | None


@cache
def find() -> tuple[str, ...] | None:
    """The command that starts veraPDF; None when it is nowhere."""
    named = os.environ.get(PLACE, "")
    if named and Path(named).is_dir():
        java = shutil.which("java")
        jars = any(Path(named).glob("*.jar"))
        return (java, "-cp", f"{named}{os.sep}*", _MAIN) if java and jars else None
    command = shutil.which(named or "verapdf")
    return (command,) if command else None


def validate(paths: Sequence[Path], profile: str) -> list[list[Finding]]:
    """Have files validated in one go, by the profile of that name (``ua1``, ``3a``): an empty list is a pass.

    Raises UnusableError when veraPDF can't be started or does not finish.
    """
    command = find()
    if command is None:
        raise UnusableError("veraPDF is not on this machine")
    try:
        # As many failures of a rule as it takes to name each page once.
        options = ["-f", profile, "--format", "json", "--maxfailuresdisplayed", "50"]
        with memory_unlimited():
            run = subprocess.run(
                [*command, *options, *map(str, paths)], capture_output=True, timeout=_SECONDS, check=False
            )
        jobs = json.loads(run.stdout)["report"]["jobs"]
        return [_findings(job) for job in jobs]
    except (OSError, ValueError, KeyError, TypeError, subprocess.TimeoutExpired) as error:
        raise UnusableError(str(error)) from error


def _findings(job: dict[str, Any]) -> list[Finding]:
    results = job.get("validationResult")
    if not results:
        raise UnusableError(str(job.get("taskException", {}).get("exception", "")))
    result = results[0]
    found: dict[tuple[str, int, int | None], Finding] = {}
    for rule in result["details"]["ruleSummaries"]:
        for check in rule.get("checks", ()):
            context = check.get("context", "")
            pages, objects = _PAGE.findall(context), _OBJECT.findall(context)
            page = int(pages[0]) + 1 if pages else None
            finding = Finding(
                clause=rule["clause"],
                test=int(rule["testNumber"]),
                words=check.get("errorMessage") or rule["description"],
                page=page,
                object=int(objects[-1]) if objects else None,
            )
            found.setdefault((finding.clause, finding.test, page or finding.object), finding)
    if not result["compliant"] and not found:
        raise UnusableError("veraPDF refuses the file without a reason")
    return list(found.values())
