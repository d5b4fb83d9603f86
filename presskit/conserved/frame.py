"""What the front pages are to say, in order: a layout's own words, and in their midst the author's.

The layout is filled in with marks in the place of the author's texts. What comes of it tells where each is to
be printed, which are left out, and what the layout says besides: nothing of it is known here.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lxml import etree  # type: ignore[import-untyped]

from presskit.base.errors import unsaid
from presskit.conserved.written import Word, Written, letters, markdown, words_in
from presskit.layout.context import Content, phone_in_words
from presskit.layout.layouts import Layout, lay_out
from presskit.prose.html import Prose
from presskit.reading.communique import Communique
from presskit.reading.contacts import CONTACT_KEYS, Contact
from presskit.reading.moments import Change
from presskit.text.pasted import parts_of

# Characters of the last private planes: in no text, and in no rule of typography.
_FIRST_MARK = 0xF0000
_UNSEEN = {"style", "title", "script"}
# Digits that two writings of one telephone number share: what differs is its country's.
_OWN_DIGITS = 8
HEADING = "heading"
BOILERPLATE = "brand.boilerplate"


@dataclass(kw_only=True)
class Frame:
    """The words that are to be said, in order, those that may be (``unsure`` ones as often as
    they are counted), and the fields that the layout leaves out."""

    words: list[Word] = field(default_factory=list)
    spare: list[Word] = field(default_factory=list)
    leftward: Counter[str] = field(default_factory=Counter)
    unsure: Counter[str] = field(default_factory=Counter)
    left_out: list[str] = field(default_factory=list)


def frame_of(layout: Layout, content: Content, *, ours: bool) -> Frame:
    """What the front pages are to say; the words of a layout that is not ``ours`` may be hidden by its style."""
    marks: dict[str, Written] = {}
    html = lay_out(layout, _marked(content, marks), unsaid).html
    texts, spare = _read(html)
    frame, used = Frame(spare=list(words_in(" ".join(spare)))), set()
    for piece in _pieces("".join(texts)):
        if piece not in marks:
            frame.words += words_in(piece, needed=ours)
            continue
        again = piece in used
        used.add(piece)
        words = marks[piece].words
        frame.words += [word._replace(needed=False) for word in words] if again else words
        frame.leftward += Counter() if again else marks[piece].leftward
        frame.spare += marks[piece].spare
        frame.unsure += marks[piece].unsure
    for mark, written in marks.items():
        if mark not in used and written.words and written.words[0].field not in (HEADING, BOILERPLATE):
            frame.left_out.append(written.words[0].field)
            if ours:
                frame.words += written.words
    return frame


def _pieces(text: str) -> list[str]:
    """A text cut before and after each mark."""
    pieces = [""]
    for character in text:
        if ord(character) >= _FIRST_MARK:
            pieces += [character, ""]
        else:
            pieces[-1] += character
    return pieces


def _read(html: str) -> tuple[list[str], list[str]]:
    """The text of a page, with what stands for its images; and what its style sheet puts before numbers of pages."""
    texts: list[str] = []
    spare: list[str] = []
    for event, element in etree.iterwalk(etree.HTML(html), events=("start", "end")):
        if event == "end":
            texts.append(element.tail or "")
        elif isinstance(element.tag, str) and element.tag not in _UNSEEN:
            if element.tag == "img":
                texts.append(f" {element.get('alt') or ''} ")
            if page := element.get("data-page"):
                # Printed at this place, by the style sheet; a site's own may print it elsewhere.
                texts.append(f" {page} ")
                spare.append(page)
            texts.append(element.text or "")
    return texts, spare


def _marked(content: Content, marks: dict[str, Written]) -> Content:
    """The same content with a mark for each text of its author's."""

    def mark(text: str, name: str, written: Written | None = None) -> str:
        if not text:
            return ""
        character = chr(_FIRST_MARK + len(marks))
        marks[character] = _plain(text, name) if written is None else written
        return character

    communique = content.communique
    # Its HTML has no words where its Markdown had none, or where none were left.
    body = mark(communique.body, "", _body(communique))
    chapeau = mark(communique.chapeau, "", markdown(communique.chapeau, communique.chapeau_line, "chapeau"))
    about = content.site.brand.boilerplate
    boilerplate = mark(about, BOILERPLATE, markdown(about, field=BOILERPLATE))
    return replace(
        content,
        communique=replace(
            communique,
            title=mark(communique.title, "title"),
            corrections=tuple(_change(change, "correction", mark) for change in communique.corrections),
            withdrawal=communique.withdrawal and _change(communique.withdrawal, "withdrawn", mark),
        ),
        chapeau=Prose(chapeau),
        body=Prose(
            body,
            tuple(
                replace(heading, text=mark(heading.text, "", _plain(heading.text, HEADING)))
                for heading in content.body.headings
            ),
        ),
        boilerplate=Prose(boilerplate),
        pictures=tuple(
            replace(
                picture,
                alt=picture.alt and mark(picture.alt, "", _plain(picture.alt, "alt")),
                caption=mark(picture.caption, "caption"),
                credit=mark(picture.credit, "credit"),
            )
            for picture in content.pictures
        ),
        contacts=tuple(_contact(contact, content, mark) for contact in content.contacts),
        parts=tuple(replace(part, title=mark(part.title, "files")) for part in content.parts),
    )


_Mark = Callable[..., str]


def _plain(text: str, name: str, line: int | None = None) -> Written:
    return Written(words=[word._replace(line=line) for word in words_in(text, field=name)])


def _body(communique: Communique) -> Written:
    """The words of the text, each with its line in the file, which Liquid may have moved."""
    written, lines = markdown(communique.body, 0 if communique.lines else communique.body_line), communique.lines
    if lines:
        written.words = [word._replace(line=lines[min(word.line or 0, len(lines) - 1)]) for word in written.words]
    return written


def _change(change: Change, name: str, mark: _Mark) -> Change:
    return replace(change, note=mark(change.note, name))


def _contact(contact: Contact, content: Content, mark: _Mark) -> Contact:

    line = content.communique.line_of(*CONTACT_KEYS)

    def text(written: str) -> str:
        return mark(written, "", _plain(written, "contact", line))

    def number(written: str) -> str:
        return mark(written, "", _telephone(written, content.site.brand.country, line))

    return replace(
        contact,
        name=text(contact.name),
        role=text(contact.role),
        organisation=text(contact.organisation),
        phones=tuple(map(number, contact.phones)),
        email=text(contact.email),
        other_emails=tuple(map(text, contact.other_emails)),
    )


def _telephone(written: str, country: str, line: int | None) -> Written:
    """A telephone, its number compared by value (printed in any way that ends in the digits that were written)."""
    phone = parts_of(written)
    ways = (phone_in_words(phone.number, country, abroad=abroad)["text"] for abroad in (False, True))
    own = letters(phone.number)
    forms = [own, *(way for way in map(letters, ways) if way.endswith(own[-_OWN_DIGITS:]))]
    number = [Word(phone.number, tuple(dict.fromkeys(forms)))] if own else []
    words = [*words_in(phone.before), *number, *words_in(phone.after)]
    return Written(words=[word._replace(line=line, field="contact") for word in words])
