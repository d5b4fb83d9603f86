"""The parts of a kit: a communiqué's attached files, each as it goes into the kit."""

import os
from collections.abc import Sequence
from pathlib import Path

from presskit.attachments.attach import Desk, Part, attach, fit_to_go_out, is_unknown
from presskit.attachments.kinds import kind_of
from presskit.base.errors import PresskitError, Problem, Warn
from presskit.base.i18n import _
from presskit.binding.furnishing import PROGRAM
from presskit.pdf.objects import inner, text
from presskit.publication import Original
from presskit.reading.communique import Attachment, Communique, Mode
from presskit.reading.files import Files, Fingerprint, fingerprint
from presskit.reading.site import Site
from presskit.text.file_names import decoded


def parts_of(
    communique: Communique, files: Files, desk: Desk, *, target: Path | None
) -> tuple[tuple[Part, ...], list[Original]]:
    """The parts of a kit that is made at ``target``, and the attached files themselves as they may go out.

    Raises PresskitError with all that is wrong with any of them.
    """
    parts: list[Part] = []
    originals: list[Original] = []
    problems: list[Problem] = []
    known: dict[Fingerprint, str] = {}
    for number, attachment in enumerate(communique.attachments, 1):
        field = f"files[{number}]"
        for path, single in files.expanded(attachment, f"{field}.file", desk.warn):
            try:
                if _is_kit_itself(path, target, single, named=attachment, desk=desk):
                    continue
                public = fit_to_go_out(path, desk, os.environ.get(single.password_env, ""))
                _say_repeated(path, single, known, desk=desk)
                made = _attached(path, public, single, field=field, site=files.site, desk=desk)
                if public in desk.held:
                    what = _("the original file is not published: what reviewers left or hid in it can't be removed.")
                    remedy = _("Take it out, and save the file in a newer format (docx, xlsx, pptx); or attach a PDF.")
                    desk.warn(Problem(what, public.name, remedy=remedy))
                else:
                    originals.append(Original(public, single.title))
            except PresskitError as error:
                problems += error.problems
            else:
                _say_older_kit(made, communique.title, desk.warn)
                parts += made
    if problems:
        raise PresskitError([*files.missing, *problems])
    return tuple(parts), originals


def _is_kit_itself(path: Path, target: Path | None, single: Attachment, *, named: Attachment, desk: Desk) -> bool:
    """Whether a file is the kit that is being made: each build would put the last one into the next.

    In a folder it is passed over, for the others were meant. Raises PresskitError where it is named.
    """
    if target is None or not target.exists() or not path.samefile(target):
        return False
    what = _("“{name}” is the kit that is being built.").format(name=decoded(single.file))
    remedy = _("Take it out of the attached files, or write the kit elsewhere: -o")
    problem = Problem(what, desk.source, "files", line=single.line, remedy=remedy)
    if single.file == named.file:
        raise PresskitError(problem)
    desk.warn(problem)
    return True


def _say_repeated(path: Path, attachment: Attachment, known: dict[Fingerprint, str], *, desk: Desk) -> None:
    """Warn of a file that is attached a second time, whatever its name is there."""
    content = fingerprint(path)
    if content in known:
        what = _("“{name}” is the same file as “{first}”: it is attached twice.").format(
            name=decoded(attachment.file), first=decoded(known[content])
        )
        remedy = _("Take one of them out of the list.")
        desk.warn(Problem(what, desk.source, "files", line=attachment.line, remedy=remedy))
    known.setdefault(content, attachment.file)


def _say_older_kit(parts: Sequence[Part], title: str, warn: Warn) -> None:
    """Warn of a kit of the same communiqué, an older one, among its attachments."""
    for part in parts:
        about = inner(part.document.trailer, "/Info") if part.document is not None else None
        if about is None:
            continue
        if text(about.get("/Producer")).startswith(PROGRAM) and text(about.get("/Title")) == title:
            what = _("it is a kit of this communiqué, made before.")
            warn(Problem(what, part.path.name, remedy=_("Take it out of the attached files.")))


def _attached(path: Path, public: Path, attachment: Attachment, *, field: str, site: Site, desk: Desk) -> list[Part]:
    """The parts of a file, made of the copy of it that is fit to go out."""
    if attachment.mode is not Mode.LINK:
        return attach(public, attachment, field, desk=desk)
    url = site.public_address(path)
    if not url:
        raise PresskitError(
            Problem(
                _("“{name}” can't be linked: the site's address is unknown.").format(name=path.name),
                desk.source,
                f"{field}.as",
                line=attachment.line,
                remedy=_('Add the site\'s address to presskit.toml: url = "https://…"'),
            )
        )
    if is_unknown(public, desk.limits):
        desk.held.add(public)
    return [Part(title=attachment.title, path=public, media_type=kind_of(public).media_type, url=url)]
