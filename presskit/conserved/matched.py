"""Two readings of one text laid side by side: the words that are expected, and the letters that are printed.

Spaces and hyphens say nothing of words on paper (lines end in them, and typography sets them): letters are
compared, not words. Both readings agree but for a few places, so this walks along both, and looks for the
nearest place from which they agree again where they do not.
"""

import sys
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from presskit.conserved.written import Word

# Letters that must agree before a difference counts as over; then, within what lies between, fewer.
_ANCHORS = (40, 12, 5, 1)
# How many words may be missing in one place, and how many differences a text may have, to be looked at one by one.
_MOST_WORDS, _MOST_STEPS = 300, 3000

# Letters that are not found by chance in the midst of a word.
_LONG = 12
_FEWEST = 2
_TAKEN_BACK = 2

Span = tuple[int, int]


@dataclass(kw_only=True)
class _Walk:
    words: Sequence[Word]
    text: str
    places: list[Span | None]
    ends: Container[int] = ()
    steps: int = 0

    def go(self, words: Span, text: Span, sizes: Sequence[int]) -> None:
        """Find words, from the first to the last, in a stretch of the text."""
        (first, last), (start, end) = words, text
        index, place = first, start
        while index < last:
            length = self._length_at(index, place, end)
            if length and self._goes_on(index + 1, place + length, (last, end)):
                index, place = self._put(index, place, length)
                continue
            # The coarsest that finds a place; what lies before it is left to the finer ones.
            tried = ((self._again(index, place, (first, last, end), size=size), size) for size in sizes)
            again, found = next(((again, size) for again, size in tried if again is not None), (None, 0))
            if length and again in (None, (index, place)):
                index, place = self._put(index, place, length)
                continue
            if again is None:
                return
            if again[0] > index and again[1] > place:
                self.go((index, again[0]), (place, again[1]), [size for size in sizes if size < found])
            index, place = again

    def _again(self, index: int, place: int, bounds: tuple[int, int, int], *, size: int) -> tuple[int, int] | None:
        """The word and the place from which both agree again."""
        first, last, end = bounds
        # In the midst of a word, those just before may have been taken for its beginning.
        back = index if size == 1 or place in self.ends else max(first, index - _TAKEN_BACK)
        low = min([place, *(span[0] for span in self.places[back:index] if span)])
        again = self._agreeing((back, index, last), (low, place, end), size)
        for number in range(back, index):
            span = self.places[number]
            if again is not None and span is not None and (number >= again[0] or span[1] > again[1]):
                self.places[number] = None
        return again

    def _put(self, index: int, place: int, length: int) -> tuple[int, int]:
        """Take a word for found; gives the next one, and the place after it."""
        self.places[index] = (place, place + length)
        return index + 1, place + length

    def _goes_on(self, index: int, place: int, bounds: tuple[int, int]) -> bool:
        """Whether a printed word ends at a place, or goes on with the word that is expected there."""
        last, end = bounds
        return place in self.ends or (index < last and self._length_at(index, place, end) > 0)

    def _length_at(self, index: int, place: int, end: int) -> int:
        """How long the word is in the text at a place; 0 when it is not there."""
        for form in self.words[index].forms:
            if self.text.startswith(form, place, end):
                return len(form)
        return 0

    def _agreeing(
        self, numbers: tuple[int, int, int], places: tuple[int, int, int], size: int
    ) -> tuple[int, int] | None:
        """The nearest word and place from which both agree for ``size`` letters.

        Both are looked for from the first number and place to the last; words before the second number were
        found already, and are only looked for before the second place.
        """
        (first, reached, last), (start, passed, end) = numbers, places
        best, nearest = None, sys.maxsize
        skipped = 0
        for index in range(first, min(last, first + _MOST_WORDS)):
            if skipped >= nearest or self.steps > _MOST_STEPS:
                break
            self.steps += 1
            for anchor in self._anchors(index, last, size):
                # The last letters count as so many if they end both texts.
                low = start if len(anchor) >= size else max(start, end - len(anchor))
                most = end if index >= reached else min(end, passed + len(anchor) - 1)
                place = self._find(anchor, low, min(most, start + nearest - skipped + len(anchor)))
                known = self.places[index]
                if place >= 0 and place - start + skipped < nearest and (known is None or known[0] != place):
                    best, nearest = (index, place), place - start + skipped
            skipped += len(self.words[index].forms[0])
        return best

    def _find(self, anchor: str, start: int, end: int) -> int:
        """Where some letters are; a few only count where a printed word begins."""
        place = self.text.find(anchor, start, end)
        while place >= 0 and not self._is_whole(anchor, place):
            place = self.text.find(anchor, place + 1, end)
        return place

    def _is_whole(self, anchor: str, place: int) -> bool:
        """Whether letters at a place are not found by chance within a word; the fewest must end where it does, too."""
        if len(anchor) >= _LONG:
            return True
        return (place == 0 or place in self.ends) and (len(anchor) > _FEWEST or place + len(anchor) in self.ends)

    def _anchors(self, index: int, last: int, size: int) -> list[str]:
        """The letters from a word on, for each of its forms."""
        return [self._letters(form, index + 1, last, size=size) for form in self.words[index].forms]

    def _letters(self, found: str, index: int, last: int, *, size: int) -> str:
        while index < last and len(found) < size:
            found += self.words[index].forms[0]
            index += 1
        return found


def matched(words: Sequence[Word], printed: Sequence[str]) -> list[Span | None]:
    """Where each word is in the letters of printed words; None for those that are not there in their order.

    Words that may stand elsewhere are looked for in what the others leave, in an order of their own.
    """
    text, ends = "".join(printed), set(accumulate(map(len, printed)))
    bound = _found([word for word in words if not word.loose], text, ends)
    loose = [word for word in words if word.loose]
    left = _found_within(unmatched(bound, len(text)), loose, text, ends=ends) if loose else []
    places = iter(bound), iter(left)
    return [next(places[word.loose]) for word in words]


def _found(words: Sequence[Word], text: str, ends: Container[int]) -> list[Span | None]:
    walk = _Walk(words=words, text=text, places=[None] * len(words), ends=ends)
    walk.go((0, len(words)), (0, len(text)), _ANCHORS)
    return walk.places


def _found_within(
    stretches: Sequence[Span], words: Sequence[Word], text: str, *, ends: Container[int]
) -> list[Span | None]:
    """Where words are in some stretches of a text, taken together as one."""
    places = [place for start, end in stretches for place in range(start, end)]
    own_ends = {
        number
        for number, (place, following) in enumerate(pairwise([*places, -1]), 1)
        if place + 1 in ends or place + 1 != following
    }
    spans = _found(words, "".join(text[place] for place in places), own_ends)
    whole = [span and (places[span[0]], places[span[1] - 1] + 1) for span in spans]
    # One that is found across two stretches is found in neither.
    return [
        around if span and around and around[1] - around[0] == span[1] - span[0] else None
        for span, around in zip(spans, whole, strict=True)
    ]


def unmatched(places: Sequence[Span | None], length: int) -> list[Span]:
    """The stretches of a text that no word was found in."""
    gaps, place = [], 0
    for start, end in sorted(span for span in places if span is not None):
        if start > place:
            gaps.append((place, start))
        place = end
    return [*gaps, (place, length)] if place < length else gaps
