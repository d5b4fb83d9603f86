"""What reading a Markdown text finds wrong in it, said in a press officer's words."""

from collections.abc import Iterable
from dataclasses import dataclass

from presskit.base.i18n import _
from presskit.base.letters import shortened
from presskit.prose.setting import Setting

# One line may have thousands, all for one reason.
_ONCE_A_LINE = {"unclosed", "tag", "raw"}


@dataclass(frozen=True)
class Remark:
    """Something found at a line (from 0) of a text: its kind, a name of those below, and the words concerned."""

    kind: str
    line: int | None
    text: str


def report(remarks: Iterable[Remark], setting: Setting) -> None:
    """Warn of what was found, once for each kind, line and text; of marks in a line, of the first of their kind."""
    said: set[tuple[str, int | None]] = set()
    for remark in sorted(dict.fromkeys(remarks), key=lambda remark: remark.line or 0):
        if remark.kind in _ONCE_A_LINE and (remark.kind, remark.line) in said:
            continue
        said.add((remark.kind, remark.line))
        what, remedy = _words(remark) if remark.kind != "undefined" or not setting.field else _called_outside(remark)
        setting.report(what, remark.line, remedy)


def _words(remark: Remark) -> tuple[str, str]:
    text = shortened(" ".join(remark.text.split()))
    match remark.kind:
        case "spaced":
            what = _("“**{text}**” has a space inside its marks.")
            remedy = _("It is printed in bold all the same; write the marks close to the words.")
        case "unclosed":
            what = _("the mark in “{text}” is not closed, or closes nothing: it is printed as it is written.")
            remedy = _("Write the mark on both sides of the words, or take it out.")
        case "link":
            what = _("“{text}” is an incomplete link: it is printed as it is written.")
            remedy = _("Write [the text](the address).")
        case "attributes":
            what = _("the mark for attributes in “{text}” is not understood: it is printed as it is written.")
            remedy = _("Close it with “}”, on a line of its own or right after what it is for.")
        case "unapplied":
            what = _("the mark for attributes in “{text}” is for nothing that stands right before it: it is left out.")
            remedy = _("Write it right after a link, an image or bold words, or on a line of its own; or take it out.")
        case "tag":
            what = _("“{text}” looks like HTML, but is not: it is printed as it is written.")
            remedy = _("Close the tag with “>”, or take it out.")
        case "comment":
            what = _("the comment in “{text}” is not closed: it is printed as it is written.")
            remedy = _("Close it with “-->” or “{:/comment}”.")
        case "raw":
            what = _("“{text}” stands in HTML, where such marks are not read: it is printed as it is written.")
            remedy = _('Write <strong>…</strong>, <em>…</em> or <a href="…">…</a> in their place.')
        case "review":
            what = _("“{text}” looks like a reviewer's change or comment: it is printed as it is written.")
            remedy = _("Accept the change or undo it, or delete the comment, before the communiqué goes out.")
        case "unused":
            what = _("“{text}” defines an address that no link in the text uses: it is left out.")
            remedy = _("Write it as words and an address in the text, or take it out.")
        case "uncited":
            what = _("the footnote “{text}” is never called in the text: it is left out.")
            remedy = _("Write its call ([^…], with its name) in the text, or remove the footnote.")
        case _:
            what = _("the footnote of “{text}” is missing: its call is printed as it is written.")
            remedy = _("Write the footnote on a line of its own: “[^…]: the note”.")
    return what.format(text=text), remedy


def _called_outside(remark: Remark) -> tuple[str, str]:
    what = _("footnotes work in the main text only: the call “{text}” is printed as it is written.")
    return what.format(text=remark.text), _("Call the note in the text, or write it out here, in parentheses.")
