"""Words are conserved: what an author wrote is what the kit's front pages say, all of it and nothing else.

Each build checks it, on the finished pages. ``front_matter`` and ``written`` read what the author wrote, in
ways of their own; ``frame`` tells where the layout puts it; ``said`` reads the finished PDF by its tags;
``matched`` lays both side by side. What they are allowed to differ in is listed where it is read: syntax and
equivalent forms in ``written``, printed keys in ``front_matter``. Footnotes stand at the text's end, tables of
contents say headings again, and numbers of lists are not compared.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, groupby

from presskit.base.errors import Problem
from presskit.base.i18n import _
from presskit.conserved.frame import BOILERPLATE, Frame, frame_of
from presskit.conserved.front_matter import Text, is_telephone, printed_texts
from presskit.conserved.matched import Span, matched, unmatched
from presskit.conserved.said import Kind, Said, said
from presskit.conserved.written import Word, leftward_letters, markdown, parts_of
from presskit.layout.context import Content
from presskit.layout.layouts import Layout
from presskit.reading.communique import Communique
from presskit.reading.site import BRAND

_MOST_WORDS = 12
# What stands for words that were taken out of a text.
_CUT = "\n"


@dataclass(frozen=True)
class Account:
    """What is not as it was written: ``faults`` of presskit's, and what a site's own layout ``leaves_out``."""

    faults: tuple[Problem, ...] = ()
    leaves_out: tuple[Problem, ...] = ()


def unread(octets_text: str, communique: Communique, warned: Iterable[Problem]) -> list[Problem]:
    """The words of a front matter that are in none of the values that it was read into.

    Where a warning was given on their line, it said so: a remark, a key that says what another one says.
    """
    told = {problem.line for problem in warned if problem.file == communique.source}
    values = [letters_of(value) for value in _values(communique)]
    problems = []
    for text in printed_texts(octets_text):
        missing = [word for word in text.words if not _is_among(word, text, values)]
        if missing and not told & {text.line, text.rival}:
            problems.append(_lost(missing, communique.source, text.field, line=text.line))
    return problems


@lru_cache(1024)
def letters_of(value: str) -> str:
    """The letters of a value, without what is markup in it."""
    return "".join(word.forms[0] for word in markdown(value).words)


def _is_among(word: Word, text: Text, values: Sequence[str]) -> bool:
    own = word.forms[0]
    if is_telephone(text) and own.isdigit():
        own = own[-8:]
    return any(own in value for value in values)


def _values(communique: Communique) -> Iterator[str]:
    yield from (communique.title, communique.chapeau)
    for image in communique.images:
        yield from (image.caption, image.credit)
    for contact in communique.contacts:
        yield from (
            contact.name,
            contact.role,
            contact.organisation,
            *contact.phones,
            contact.email,
            *contact.other_emails,
        )
    yield from (attachment.title for attachment in communique.attachments)
    for change in (*communique.corrections, communique.withdrawal):
        if change is not None:
            yield from (change.note, str(change.day or ""))
    yield from ("true", "false", "yes", "no", "oui", "non")


def account(front: bytes, layout: Layout, content: Content, *, omitted: Iterable[str], ours: bool) -> Account:
    """Compare what the author wrote with what the front pages say.

    ``omitted`` are the texts that a stated rule left out of the pages; ``ours`` tells whether the layout is
    presskit's own, and so has no words and no rules of style but those that are known here.
    """
    frame = frame_of(layout, content, ours=ours)
    return _Comparison(frame, said(front), content, omitted=list(omitted), ours=ours).account()


class _Comparison:
    """What is expected and what is said, side by side; each difference is explained, or a fault."""

    def __init__(
        self, frame: Frame, pieces: Sequence[Said], content: Content, *, omitted: list[str], ours: bool
    ) -> None:
        self._frame, self._content, self._ours = frame, content, ours
        parts = [(parts_of(piece.text), piece) for piece in pieces]
        spoken = [("".join(own), piece) for own, piece in parts]
        words = [part for own, piece in parts if piece.kind is not Kind.LABEL for part in own]
        self._text, self._ends = "".join(words), set(accumulate(map(len, words)))
        self._contents = self._stretches(spoken)
        self._omitted = [letters_of(text) for text in omitted]
        self._labels = [text for text, piece in spoken if piece.kind is Kind.LABEL]
        self._leftward = frame.leftward - Counter(leftward_letters("".join(piece.text for piece in pieces)))
        self._spare = {form for word in frame.spare for form in word.forms}
        self._unsure = Counter(frame.unsure)
        self._places = matched(frame.words, words)

    @staticmethod
    def _stretches(spoken: Sequence[tuple[str, Said]]) -> list[Span]:
        """Where lists of contents are."""
        found, place = [], 0
        for text, piece in spoken:
            if piece.kind is Kind.CONTENTS:
                found.append((place, place + len(text)))
            place += len(text) if piece.kind is not Kind.LABEL else 0
        return found

    def account(self) -> Account:
        gaps = [(start, self._text[start:end]) for start, end in unmatched(self._places, len(self._text))]
        extra = [(start, text) for start, text in gaps if not self._is_explained(text, start)]
        texts = [self._spaced(start, text) for start, text in extra]
        faults: list[Problem] = []
        leaves_out = [*self._frame.left_out] if not self._ours else []
        for run in self._lost_runs():
            lost = [word for word in _without(run, self._omitted) if not self._is_label(word)]
            found = [word for word in lost if _cut(texts, word)]
            astray = [word for word in found if not word.loose]
            gone = [word for word in lost if word not in found]
            if gone and not self._ours and self._is_hidden(run[0].field):
                leaves_out.append(run[0].field)
                continue
            faults += self._faults(gone, astray)
        if self._leftward:
            gone = [Word("".join(self._leftward.elements()), ("",))]
            faults.append(_lost(gone, self._content.communique.source, "", line=None))
        for (start, _text), text in zip(extra, texts, strict=True):
            left = " ".join(part for piece in text.split(_CUT) for part in self._unexplained(piece, start))
            if left and (self._ours or self._is_within(start)):
                faults.append(self._added(left, start))
        return Account(tuple(faults), tuple(self._left_out(field) for field in dict.fromkeys(leaves_out)))

    def _lost_runs(self) -> Iterator[list[Word]]:
        """Words that are expected and not said, those that follow each other together."""
        pairs = list(zip(self._frame.words, self._places, strict=True))
        # One that need not be there (a table of contents says headings again) may have been found in its place.
        twins = Counter(word.forms[0] for word, span in pairs if span is not None and not word.needed)
        needed = [
            (word, span or self._place_of_twin(word, twins)) for word, span in pairs if word.needed or span is not None
        ]
        for (_field, lost), group in groupby(needed, lambda pair: (pair[0].field, pair[1] is None)):
            if lost:
                yield [word for word, _span in group]

    @staticmethod
    def _place_of_twin(word: Word, twins: Counter[str]) -> Span | None:
        """Whether the same word was found where it need not be, as a place; each such word serves once."""
        if not twins[word.forms[0]]:
            return None
        twins[word.forms[0]] -= 1
        return (0, 0)

    def _faults(self, gone: Sequence[Word], astray: Sequence[Word]) -> Iterator[Problem]:
        # The file of an image is told to be missing: so is what stands for it.
        gone = [word for word in gone if not (word.image and self._content.missing)]
        for words, told in ((gone, _lost), (astray, _displaced)):
            for _line, group in groupby(words, lambda word: word.line):
                some = list(group)
                file = BRAND if some[0].field == BOILERPLATE else self._content.communique.source
                yield told(some, file, some[0].field, line=some[0].line)

    def _is_explained(self, text: str, start: int) -> bool:
        """Whether letters that no word was expected to give are numbers of pages, of notes, or words that may come."""
        if any(first <= start and start + len(text) <= last for first, last in self._contents):
            text = "".join(character for character in text if not character.isdigit())
        parts = _parts(text, self._spare | self._unsure.keys())
        if parts is None:
            return False
        counted = Counter(part for part in parts if part not in self._spare)
        if counted - self._unsure:
            return False
        self._unsure -= counted
        return True

    def _spaced(self, start: int, text: str) -> str:
        """Printed letters from a place on, with spaces where printed words end."""
        return "".join(f"{letter} " if place in self._ends else letter for place, letter in enumerate(text, start + 1))

    def _unexplained(self, text: str, start: int) -> list[str]:
        """Those of some printed words that nothing explains, taken together or each for itself."""
        parts = text.split()
        if not parts or self._is_explained("".join(parts), start):
            return []
        return [part for part in parts if not self._is_explained(part, start)]

    def _is_label(self, word: Word) -> bool:
        """Whether a word is said before an item of a list: it is taken for that one."""
        found = next((form for form in word.forms if form in self._labels), None)
        if found is not None:
            self._labels.remove(found)
        return found is not None

    def _is_hidden(self, field: str) -> bool:
        """Whether nothing of a field is said."""
        pairs = zip(self._frame.words, self._places, strict=True)
        return all(span is None for word, span in pairs if word.field == field)

    def _is_within(self, place: int) -> bool:
        """Whether a place is in the midst of one of the author's texts."""
        found = self._in_print()
        before = [word.field for word, span in found if span[1] <= place][-1:]
        after = [word.field for word, span in found if span[0] >= place][:1]
        return before == after

    def _in_print(self) -> list[tuple[Word, Span]]:
        """The words that were found, in the order in which they are printed."""
        pairs = zip(self._frame.words, self._places, strict=True)
        return sorted(((word, span) for word, span in pairs if span), key=lambda pair: pair[1])

    def _added(self, text: str, place: int) -> Problem:
        before = [word for word, span in self._in_print() if span[1] <= place]
        line = before[-1].line if before else None
        what = _("the kit says what nobody wrote there: “{words}”.").format(words=text[:80])
        return Problem(what, self._content.communique.source, line=line, remedy=_remedy())

    def _left_out(self, field: str) -> Problem:
        what = _("the layout leaves out what is written in this field.")
        return Problem(what, self._content.communique.source, field, remedy=_("Correct the layout."))


def _without(words: Sequence[Word], texts: list[str]) -> list[Word]:
    """The words that none of the texts has; what is found in one is taken out of it."""
    whole = Word("", ("".join(word.forms[0] for word in words),))
    if _cut(texts, whole):
        return []
    # Long ones first: “de” is in the midst of many.
    found = {id(word) for word in sorted(words, key=lambda word: -len(word.forms[0])) if _cut(texts, word)}
    return [word for word in words if id(word) not in found]


def _parts(text: str, known: Collection[str]) -> list[str] | None:
    """A text cut into known parts, longer ones rather than shorter ones; None where it is not made of them."""
    longest = max(map(len, known), default=0)
    # By place: the part that ends there.
    ways: dict[int, str] = {0: ""}
    for start in range(len(text)):
        if start in ways:
            for end in range(start + 1, min(len(text), start + longest) + 1):
                if text[start:end] in known:
                    ways.setdefault(end, text[start:end])
    if len(text) not in ways:
        return None
    parts, place = [], len(text)
    while place:
        parts.append(ways[place])
        place -= len(ways[place])
    return parts


def _cut(texts: list[str], word: Word) -> bool:
    """Take a word out of the first text that has it, as whole words of that one or, where none has, in their midst."""
    if not texts:
        return False
    for begin, end in ((r"(?<!\w)", r"(?!\w)"), ("", "")):
        for form in word.forms:
            pattern = re.compile(begin + " ?".join(form) + end)
            for number, text in enumerate(texts):
                texts[number], found = pattern.subn(_CUT, text, count=1)
                if found:
                    return True
    return False


def _shown(words: Sequence[Word]) -> str:
    shown = " ".join(word.written.strip("*_[]()<>#|`") for word in words[:_MOST_WORDS])
    return f"{shown} …" if len(words) > _MOST_WORDS else shown


def _lost(words: Sequence[Word], source: str, field: str, *, line: int | None) -> Problem:
    what = _("words of the communiqué are not in its kit: “{words}”.").format(words=_shown(words))
    return Problem(what, source, field, line=line, remedy=_remedy())


def _displaced(words: Sequence[Word], source: str, field: str, *, line: int | None) -> Problem:
    what = _("words of the communiqué are elsewhere in its kit: “{words}”.").format(words=_shown(words))
    return Problem(what, source, field, line=line, remedy=_remedy())


def _remedy() -> str:
    return _(
        "This is a mistake of ours: please report it, with the communiqué. If the kit can't wait, look at these "
        "words in it, and build with --accept-lost-words."
    )
