"""What an office document holds beside what it shows: changes, comments, notes, what is hidden."""

from collections import Counter
from collections.abc import Iterator
from enum import Enum

from presskit.base.errors import Problem
from presskit.base.i18n import _, ngettext


class Found(Enum):
    """What was found in a document, and taken out or left unprinted."""

    CHANGE = "change"
    COMMENT = "comment"
    NOTE = "note"
    HIDDEN_TEXT = "hidden text"
    HIDDEN_SHEET = "hidden sheet"
    HIDDEN_CELLS = "hidden cells"
    HIDDEN_SLIDE = "hidden slide"
    LINKED = "linked"
    UNDATED = "undated"
    RECKONED = "reckoned"


Findings = Counter[Found]


def remarks(found: Findings, name: str) -> Iterator[Problem]:
    """What is to be said of a document, a warning for each kind of thing."""
    for kind, count in found.items():
        if count:
            what, remedy = _words(kind, count)
            yield Problem(what.format(count=count), name, remedy=remedy)


def _words(kind: Found, count: int) -> tuple[str, str]:
    ending = _("Take it out of the file before you attach it if it should not be there.")
    match kind:
        case Found.CHANGE:
            what = ngettext(
                "{count} tracked change was taken as accepted.",
                "{count} tracked changes were taken as accepted.",
                count,
            )
            return what, _("If that is not right, accept or reject the changes in the file itself.")
        case Found.COMMENT:
            what = ngettext(
                "{count} comment of reviewers was left out: it is not in the kit.",
                "{count} comments of reviewers were left out: they are not in the kit.",
                count,
            )
            return what, ""
        case Found.NOTE:
            what = ngettext(
                "the speaker's notes of {count} slide are not printed.",
                "the speaker's notes of {count} slides are not printed.",
                count,
            )
            return what, ""
        case Found.HIDDEN_TEXT:
            what = ngettext(
                "{count} passage of hidden text is not printed.",
                "{count} passages of hidden text are not printed.",
                count,
            )
            return what, ending
        case Found.HIDDEN_SHEET:
            what = ngettext("{count} hidden sheet is not printed.", "{count} hidden sheets are not printed.", count)
            return what, ending
        case Found.HIDDEN_CELLS:
            what = ngettext(
                "{count} hidden row or column is not printed.",
                "{count} hidden rows or columns are not printed.",
                count,
            )
            return what, ending
        case Found.HIDDEN_SLIDE:
            what = ngettext("{count} hidden slide is not printed.", "{count} hidden slides are not printed.", count)
            return what, ending
        case Found.LINKED:
            what = ngettext(
                "{count} picture or object that the file only links to is not shown.",
                "{count} pictures or objects that the file only links to are not shown.",
                count,
            )
            return what, _("Put them into the file itself, or attach a PDF.")
        case Found.UNDATED:
            what = ngettext(
                "{count} date or time of printing, whose text the file does not hold, is left out.",
                "{count} dates or times of printing, whose text the file does not hold, are left out.",
                count,
            )
            return what, _("Write the date as text, or attach a PDF.")
        case Found.RECKONED:
            what = ngettext(
                "{count} date, time or name that a program reckons shows the day of the build, and not what its "
                "author saw.",
                "{count} dates, times or names that a program reckons show the day of the build, and not what their "
                "author saw.",
                count,
            )
            return what, _("Save the file in a newer format (docx, xlsx, pptx), or attach a PDF.")
