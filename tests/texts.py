"""Random Markdown of words that occur once: every construct that authors write, nested in every other.

A text is drawn by a ``Pick``: hypothesis's, which shrinks what fails to the least that does, or chance's.
With the text come its words, in the order in which a faithful reader prints them.
"""

import collections
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from xml.etree.ElementTree import Element

import tinyhtml5
from hypothesis import strategies as st

# A number from 0, which is the plainest choice, to one less than what it is given.
Pick = Callable[[int], int]

_CONSONANTS, _VOWELS = "bdfgklmnprtv", "aeiou"
# Only the first letter is a z, so that two words written together are told apart.
_SYLLABLES = [consonant + vowel for consonant in _CONSONANTS for vowel in _VOWELS]
_WORD = re.compile(rf"z[{_VOWELS}](?:[{_CONSONANTS}][{_VOWELS}]){{3}}")
_TOKEN = re.compile(rf"(?:{_WORD.pattern})+")
_BLOCKS = set(
    "address article aside blockquote body br caption center dd details div dl dt figcaption figure footer h1 h2 h3 h4 "
    "h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_LINE_ENDS = ["\n", "  \n", "\\\n", "<br />\n"]
# What typography mends, sets in elements of its own, or must leave alone.
_SIGNS = [
    *[" ", ", ", " : ", "-", " – ", "’", "&nbsp;", " & ", "... ", " ! ", " (", ") "],
    *[
        " le 1er ",
        " 2ème ",
        " n°6 ",
        " 25°C ",
        " 20 m2 ",
        " 800 K€ ",
        " 1 000 000 d''",
        " x.gouv.fr ",
        " H2O ",
        " 01 23 45 67 89 ",
    ],
]
Chosen = TypeVar("Chosen")


@dataclass(frozen=True)
class Text:
    """A Markdown text and its words, in the order of printing; those that were written together are one.

    ``alts`` are those that stand for images.
    """

    markdown: str
    words: tuple[str, ...]
    alts: frozenset[str] = frozenset()


def word(number: int) -> str:
    """The word of a number: eight letters that can be spoken, and hyphenated."""
    # Neighbours must not look alike, for whoever reads what a test found.
    rest = number * 7919 % (len(_VOWELS) * len(_SYLLABLES) ** 3)
    letters = ""
    for _turn in range(3):
        rest, syllable = divmod(rest, len(_SYLLABLES))
        letters += _SYLLABLES[syllable]
    return f"z{_VOWELS[rest]}{letters}"


def words_in(text: str) -> list[str]:
    """The random words of a text, each alone."""
    return _WORD.findall(text.lower())


def tokens_in(text: str) -> list[str]:
    """The random words of a text; those that stand together are one."""
    return _TOKEN.findall(text.lower())


def read_html(html: str) -> str:
    """What a page says: its text, with a space where one block ends, and the texts of its images."""
    return said(tinyhtml5.parse(html, namespace_html_elements=False).find("body"))


def said(body: Element) -> str:
    """The same of a tree."""
    return "".join(_said(body))


def _said(element: Element) -> Iterator[str]:
    space = " " if element.tag in _BLOCKS else ""
    yield space + (element.text or "")
    if element.tag == "img":
        yield f" {element.get('alt', '')} "
    for child in element:
        yield from _said(child)
        yield child.tail or ""
    yield space


def differences(written: Sequence[str], printed: Sequence[str]) -> list[str]:
    """What was lost, doubled or put out of order between what was written and what is printed."""
    wanted, found = collections.Counter(written), collections.Counter(printed)
    lost = [f"lost: {word}" for word in written if not found[word]]
    doubled = [f"doubled: {word}" for word in found if found[word] > max(wanted[word], 1)]
    strange = [f"not written: {word}" for word in found if not wanted[word]]
    if lost or doubled or strange:
        return lost + doubled + strange
    return [f"out of order: {two}" for one, two in zip(written, printed, strict=True) if one != two][:1]


class Writer:
    """Writes one text, choice by choice."""

    def __init__(self, pick: Pick, first_word: int = 0) -> None:
        self._pick, self._number = pick, first_word
        self._words: list[str] = []
        self._alts: set[str] = set()
        self._notes = 0
        # What is open around what is being written: links and marks that may not hold others of their kind.
        self._open: set[str] = set()
        self._one_line = False
        self._glued = False

    def text(self, blocks: int, depth: int = 3) -> Text:
        """A text of that many blocks, with its notes."""
        lines = self._blocks(blocks, depth)
        written = 0
        # A note may call others, which come after it.
        while written < self._notes:
            written += 1
            lines += ["", *self._note(written)]
        return self._all("\n".join(lines) + "\n")

    def line(self, *, alt: bool = False) -> Text:
        """Words and signs, as a field of front matter has them; with ``alt``, for an image."""
        return self._all(self._alt() if alt else self.plain())

    def single(self) -> Text:
        """One word."""
        return self._all(self.word())

    def _all(self, markdown: str) -> Text:
        return Text(markdown, tuple(self._words), frozenset(self._alts))

    # Words and what is in a line

    def _choose(self, choices: Sequence[Chosen]) -> Chosen:
        return choices[self._pick(len(choices))]

    def _maybe(self, chance: int = 3) -> bool:
        return self._pick(chance) == chance - 1

    def word(self) -> str:
        new = word(self._number)
        self._number += 1
        if self._glued:
            self._words[-1] += new
        else:
            self._words.append(new)
        self._glued = False
        return new

    def plain(self, most: int = 3) -> str:
        """Some words and signs."""
        text = self.word()
        for _turn in range(self._pick(most)):
            text += self._choose(_SIGNS) + self.word()
        return text

    def inline(self, depth: int = 2, most: int = 4, *, one_line: bool = False) -> str:
        """A stretch of a line: words, with elements between them, or at its ends."""
        before, self._one_line = self._one_line, self._one_line or one_line
        parts = [self._piece(depth)]
        for _turn in range(self._pick(most)):
            space = self._choose([" ", " ", " ", ". ", " « ", " » ", " (", ") ", "<br>", *_LINE_ENDS])
            parts += ["<br/>" if self._one_line and "\n" in space else space, self._piece(depth)]
        self._one_line = before
        return "".join(parts)

    def one_line(self, depth: int = 2, most: int = 4) -> str:
        """The same without a line's end."""
        return self.inline(depth, most, one_line=True)

    def _piece(self, depth: int) -> str:
        """A word or an element."""
        pieces = [self.word, self.plain, self._compound]
        if depth > 0:
            pieces += [
                lambda: self._in("*", "**{}**", depth),
                lambda: self._in("*", "*{}*", depth),
                lambda: self._in("_", "_{}_", depth),
                lambda: self._in("_", "__{}__", depth),
                lambda: self._in("*", "***{}***", depth),
                lambda: self._in("*", "**{}**{{: .c}}", depth),
                lambda: self._in("*", "*{}*{{:.c}}", depth),
                lambda: self._in("~", "~~{}~~", depth),
                lambda: self._in("", "<b>{}</b>", depth),
                lambda: self._in("", "<em>{}</em>", depth),
                lambda: self._in("", '<span class="c">{}</span>', depth),
                lambda: f"`{self._code()}`",
                lambda: f"\\*{self.word()}\\*",
                lambda: f"![{self._alt()}](/a.png)",
                lambda: self._in("[", "[{}](https://x.fr/a)", depth),
                lambda: self._in("[", '[{}](https://x.fr/a){{:target="_blank"}}', depth),
                lambda: self._in("[", '[{}](/a/b "Titre")', depth),
                lambda: self._in("[", '<a href="https://x.fr/">{}</a>', depth),
                lambda: f"[![{self._alt()}](/a.png)](https://x.fr/)" if "[" not in self._open else self.word(),
                lambda: self._address("<https://x.fr/{}>"),
                lambda: self._address("https://x.fr/{} ") + self.word(),
                lambda: self._address("{}@x.fr ") + self.word(),
                self._called,
            ]
        return self._choose(pieces)()

    def _in(self, kind: str, around: str, depth: int) -> str:
        """Some of a line in an element, unless one of its kind is open already."""
        if kind in self._open:
            return self.plain()
        self._open |= {kind} - {""}
        text = self.inline(depth - 1, most=2) if depth > 0 else self.plain()
        self._open -= {kind} - {""}
        return around.format(text)

    def _address(self, around: str) -> str:
        return around.format(self.word()) if "[" not in self._open else f"{self.word()} "

    def _alt(self) -> str:
        """What an image of a text shows."""
        first = len(self._words)
        text = self.plain()
        self._alts |= set(self._words[first:])
        return text

    def _compound(self) -> str:
        """A word of which a part is raised, or stands out."""
        start = self.word()
        around = [
            ("", "<sup>{}</sup>"),
            ("*", "**{}**"),
            ("*", "*{}*"),
            ("", "<b>{}</b>"),
            ("[", "[{}](https://x.fr/)"),
        ]
        kind, form = self._choose(around)
        self._glued = True
        text = start + (form if kind not in self._open else "{}").format(self.word())
        if self._maybe():
            self._glued = True
            text += self.word()
        return text

    def _called(self) -> str:
        """A word with the call of a note."""
        if "[" in self._open:
            return self.word()
        self._notes += 1
        return f"{self.word()}[^{self._notes}]"

    def _note(self, number: int) -> list[str]:
        lines = [f"[^{number}]: {self.one_line(1)}"]
        return [*lines, "", f"    {self.one_line(1)}"] if self._maybe() else lines

    def _code(self) -> str:
        return self.word() + (f" : {self.word()}" if self._maybe() else "")

    # Blocks: lists of lines

    def _blocks(self, count: int, depth: int) -> list[str]:
        lines = self._block(depth)
        for _turn in range(count - 1):
            block = self._block(depth)
            # Authors forget the empty line between blocks; a term, or a number, must have one before it.
            forgotten = self._maybe(8) and not any(re.match(r": |\d", line) for line in block)
            lines += [*([] if forgotten else [""]), *block]
        return lines

    def _block(self, depth: int) -> list[str]:
        flat = [
            self._paragraph,
            self._heading,
            self._rule,
            self._fence,
            self._table,
            self._signed_paragraph,
            self._bold_line,
            self._pasted_list,
            self._indented_code,
            self._html,
        ]
        deep = [self._list, self._quote, self._quote, self._definitions, self._div]
        block = self._choose(flat + ([lambda d=d: d(depth - 1) for d in deep] if depth > 0 else []))
        return block()

    def _paragraph(self) -> list[str]:
        return self.inline().split("\n")

    def _bold_line(self) -> list[str]:
        line = f"**{self.plain()}**"
        tails: list[Callable[[], list[str]]] = [list, lambda: ["<br>"], lambda: ["<br>", *self._paragraph()]]
        return [line, *self._choose(tails)()]

    def _pasted_list(self) -> list[str]:
        mark = self._choose(["• ", "– ", "► ", "·\t"])
        return [mark + self.one_line(1) for _turn in range(1 + self._pick(3))]

    def _indented_code(self) -> list[str]:
        return [f"    {self._code()}" for _turn in range(1 + self._pick(2))]

    def _signed_paragraph(self) -> list[str]:
        marks = ["{: .encadre}"]
        return [*self._paragraph(), *marks] if self._maybe(2) else [*marks, *self._paragraph()]

    def _heading(self) -> list[str]:
        text = self.one_line(most=3)
        return self._choose(
            [
                [f"## {text}"],
                [f"#### {text} ##"],
                [f"### {text} {{: .c}}"],
                [f"## {text} {{#ancre-{self._number}}}"],
                [f"## {text}", "{: .text-center}"],
                [text, "---"],
                [text, "==="],
            ]
        )

    def _rule(self) -> list[str]:
        return [self._choose(["---", "***", "* * *", "<hr>"])]

    def _fence(self) -> list[str]:
        code = [self._code() for _turn in range(1 + self._pick(3))]
        fence = self._choose(["```", "~~~"])
        return self._choose([[fence, *code, fence], [fence + "yaml", *code, fence]])

    def _table(self) -> list[str]:
        columns = 1 + self._pick(3) + 1

        def row() -> str:
            cells = [self.one_line(1, 2) if not self._maybe(5) else "" for _cell in range(columns)]
            return "| " + " | ".join(cells) + " |"

        head = row()
        rule = "|" + self._choose(["---|", ":--|", "--:|", ":-:|"]) * columns
        rows = [row() for _turn in range(1 + self._pick(2))]
        attributes = ["{: .tableau}"] if self._maybe() else []
        return self._choose([[head, rule, *rows, *attributes], [head, *rows, *attributes]])

    def _list(self, depth: int, *, nested: bool = False) -> list[str]:
        kinds = [["- "] * 4, ["* "] * 4, ["-   "] * 4, ["1. ", "2. ", "3. ", "4. "]]
        # Right under a line of text, another number is text.
        others = [["3. ", "4. ", "5. ", "6. "], ["10. ", "11. ", "12. ", "13. "]]
        marks = self._choose(kinds if nested else kinds + others)
        loose = self._maybe()
        lines: list[str] = []
        for mark in marks[: 1 + self._pick(4)]:
            item = self._paragraph() if self._maybe() else [self.one_line()]
            if depth > 0 and self._maybe():
                item += ["", *self._blocks(1 + self._pick(2), depth)]
            elif depth > 0 and self._maybe():
                item += self._list(0, nested=True)
            if loose and lines:
                lines.append("")
            lines += [mark + item[0], *(" " * len(mark) + line if line else "" for line in item[1:])]
        return lines + (["{: .liste}"] if self._maybe(5) else [])

    def _quote(self, depth: int) -> list[str]:
        """A quotation, signed in one of the ways that authors sign them."""
        lines = self._blocks(1 + self._pick(2), depth) if self._maybe(2) else self._quoted()
        mark = self._choose(["> ", "> ", ">"])
        lines = [mark + line if line else ">" for line in lines]
        signature = self._signature() if self._maybe(2) else []
        return lines + signature

    def _quoted(self) -> list[str]:
        form = self._choose(["{}", "« {} »", "**« {} »**."])
        return (form.format(self.inline()) if "**" not in form else self._in("*", form, 2)).split("\n")

    def _signature(self) -> list[str]:
        """The lines that say whose a quotation is."""
        # Most forms are bold or stand in a link: they may not hold others.
        before, self._open = self._open, self._open | {"*", "["}
        name = self.one_line(1, 2)
        self._open = before
        title = self.plain() if self._maybe(2) else ""
        role = self._choose([", ", "<br>", " - "]) + title if title else ""
        return self._choose(
            [
                [f"> **{name}**{role}"],
                [f"**{name}**{role}"],
                [f"> — {name}{role}"],
                [f"— {name}{role}"],
                [">", f"> **{name}**{role}"],
                [">", f"> — {name}{role}"],
                ["> <br>", f"> **{name}**", f"> {title}"],
                [f"> **{name}** {{: .auteur}}", *([f"> *{title}* {{: .fonction}}"] if title else [])],
                [">", f"> {name}{role}", "> {: .auteur}"],
                [f"> {name}{role}{{: .auteur-citation}}"],
                ["{: .citation}", "", f"> {name}{role}", "{: .auteur-citation}"],
                [f"> *{name}*{role}"],
                [">", f"> [{name}](https://x.fr/){role}"],
                [f"> <cite>{name}</cite>{role}"],
            ]
        )

    def _definitions(self, depth: int) -> list[str]:
        lines = [self.one_line(1)]
        for _turn in range(1 + self._pick(2)):
            lines += [f": {self.one_line()}"]
            if depth > 0 and self._maybe():
                lines += ["", *(f"  {line}" if line else "" for line in self._block(depth))]
        return lines

    def _div(self, depth: int) -> list[str]:
        tag = self._choose(["div", "section"])
        return [f'<{tag} class="encadre" markdown="1">', "", *self._blocks(1 + self._pick(2), depth), "", f"</{tag}>"]

    def _html(self) -> list[str]:
        """Blocks of HTML by hand."""
        say = self.plain
        written: Callable[[], list[str]] = self._choose(
            [
                lambda: [f'<p class="c">{say()}</p>'],
                lambda: ['<div class="c">', f"  <p>{say()}</p>", f"  <p>{say()}<br>{say()}</p>", "</div>"],
                lambda: [f"<center>{say()}</center>"],
                lambda: [
                    "<ul>",
                    f"  <li>{say()}</li>",
                    f"  <li>{say()}",
                    "  <ul>",
                    f"    <li>{say()}</li>",
                    "  </ul></li>",
                    "</ul>",
                ],
                lambda: ["<table>", f"<tr><th>{say()}</th><td>{say()}</td></tr>", "</table>"],
                lambda: ["<blockquote>", f"<p>{say()}</p>", f"<footer>{say()}</footer>", "</blockquote>"],
                lambda: ["<blockquote>", f"  {say()} <b>{say()}</b>", "</blockquote>"],
                lambda: ["<details>", f"<summary>{say()}</summary>", f"<p>{say()}</p>", "</details>"],
                lambda: [
                    "<figure>",
                    f'<img src="/a.png" alt="{self._alt()}">',
                    f"<figcaption>{say()}</figcaption>",
                    "</figure>",
                ],
                lambda: [f'<p align="center">{say()} <font color="red">{say()}</font> {say()}</p>'],
            ]
        )
        return written()


@dataclass(frozen=True)
class Draft:
    """A communiqué's file, and the files that it names, by their path.

    ``words`` are those that the tags of its kit say, ``alts`` those that describe its images, both in the order
    of a layout that begins with the title; a table of contents is not counted.
    """

    markdown: str
    files: Mapping[str, str]
    words: tuple[str, ...]
    alts: tuple[str, ...]


class Drafter:
    """Writes one communiqué, choice by choice: texts in all fields, a long body, attachments."""

    def __init__(self, pick: Pick) -> None:
        self._pick = pick
        self._written: list[Text] = []
        self._used = 0

    def draft(self, kind: str, blocks: int) -> Draft:
        """A communiqué of a kind."""
        # Only the cover of a dossier comes before what became of it.
        title = self._scalar() if "Dossier" in kind else ""
        front = self._changes()
        front += [
            f"title: {title or self._scalar()}",
            f"categories: [{kind}]",
            self._pick_one(["date: 2025-11-24", "date: 2025-11-24 10:30:00 +01:00", "date: 24/11/2025"]),
            self._chapeau(),
            *self._several("une-ou-diaporama", self._picture),
        ]
        body = self._text(blocks).markdown
        front += self._several("contact-presse", self._contact, least=1)
        files: dict[str, str] = {}
        contents: list[Callable[[], str]] = []
        front += self._several("files", lambda: self._attachment(files, contents))
        for path, write in zip(list(files), contents, strict=True):
            files[path] = write()
        words = [word for text in self._written for word in text.words if word not in text.alts]
        alts = [word for text in self._written for word in text.words if word in text.alts]
        # A mapping's order means nothing.
        top = sorted(front, key=lambda _lines: self._pick(100))
        return Draft("\n".join(["---", *top, "---", "", body]), files, _single(words), _single(alts))

    def _pick_one(self, choices: Sequence[Chosen]) -> Chosen:
        return choices[self._pick(len(choices))]

    def _write(self, write: Callable[[Writer], Text]) -> Text:
        text = write(Writer(self._pick, self._used))
        self._used += len(_single(text.words))
        self._written.append(text)
        return text

    def _text(self, blocks: int) -> Text:
        return self._write(lambda writer: writer.text(blocks))

    def _line(self, *, alt: bool = False) -> str:
        return self._write(lambda writer: writer.line(alt=alt)).markdown

    def _scalar(self, *, alt: bool = False) -> str:
        """A text of one line in one of YAML's forms."""
        text = self._line(alt=alt)
        return self._pick_one(
            [
                f"'{text}'",
                f'"{text}"',
                f"' {text.replace(' ', chr(10) + '    ', 1)} '",
                f"|-\n      {text}",
                f">-\n      {text}",
            ]
        )

    def _several(self, key: str, write: Callable[[], list[str]], least: int = 0) -> list[str]:
        """A list of mappings under a key."""
        entries = [write() for _turn in range(least + self._pick(3))]
        lines = [f"{'- ' if index == 0 else '  '}{line}" for entry in entries for index, line in enumerate(entry)]
        return ["\n".join([f"{key}:", *lines])] if entries else []

    def _changes(self) -> list[str]:
        withdrawn = [f"withdrawn: {{date: 2025-12-03, note: '{self._line()}'}}"] if self._pick(4) == 3 else []
        return withdrawn + self._several("correction", lambda: ["date: 2025-12-02", f"note: {self._scalar()}"])

    def _chapeau(self) -> str:
        lines = self._text(1 + self._pick(2)).markdown.split("\n")
        return "\n".join(["chapeau-text: |2-", *(f"  {line}" if line else "" for line in lines)])

    def _picture(self) -> list[str]:
        alt = f"alternative-textuelle: {self._scalar(alt=True)}"
        return ["image: /a.png", alt, f"legende: {self._scalar()}", f"credit: {self._scalar()}"]

    def _contact(self) -> list[str]:
        lines = [f"name: {self._scalar()}", f"fonction: {self._scalar()}", f"organisation: {self._scalar()}"]
        return [*lines, "tel: 01 23 45 67 89", f"email: {self._write(Writer.single).markdown}@x.fr"]

    def _attachment(self, files: dict[str, str], contents: list[Callable[[], str]]) -> list[str]:
        title = f"nom: {self._scalar()}"
        named = self._written[-1]
        if self._pick(2):
            # Embedded files are listed with their names.
            path = f"uploads/{self._write(Writer.single).markdown}-{len(files)}.json"
            contents.append(lambda: "{}")
        else:
            path = f"uploads/{len(files)}.md"

            def write() -> str:
                # Its first page begins with its title.
                self._written.append(named)
                text = self._text(1 + self._pick(3)).markdown
                # A file that begins so is a communiqué, and one that can't be read is not out.
                return text.replace("---", "***", 1) if text.startswith("---") else text

            contents.append(write)
        files[path] = ""
        return [f"file: /{path}", title]


def _single(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(words_in(" ".join(words)))


def by_chance(dice: random.Random) -> Pick:
    """A pick of chance's."""
    return dice.randrange


@st.composite
def texts(draw: st.DrawFn, blocks: int = 4, depth: int = 3) -> Text:
    """Random texts."""

    def pick(sides: int) -> int:
        return draw(st.integers(0, sides - 1))

    return Writer(pick).text(1 + pick(blocks), depth)


_ODD = [
    *[
        "*",
        "**",
        "_",
        "__",
        "`",
        "~~",
        "[",
        "]",
        "](",
        "|",
        "<",
        ">",
        "#",
        "\\",
        "{:",
        "}",
        "^",
        "=",
        "---",
        "!",
        ":",
        "- ",
    ],
    *[
        "\u00a0",
        "\u202f",
        "\u200b",
        "\ufeff",
        "\u00ad",
        "\t",
        "é",
        "’",
        "«",
        "»",
        "…",
        "\U0001f600",
        "&amp;",
        "&",
        "<br>",
    ],
]


def mutated(lines: Sequence[str], pick: Pick, most: int = 8) -> str:
    """Some lines of real texts: cut, joined, indented otherwise, with odd characters put in."""
    text: list[str] = []
    start = pick(len(lines))
    for turn in range(1 + pick(most)):
        # Mostly as they follow each other, else from anywhere.
        line = lines[(start + turn) % len(lines)] if pick(4) else lines[pick(len(lines))]
        match pick(8):
            case 1:
                line = line[pick(len(line) + 1) :]
            case 2:
                line = line[: pick(len(line) + 1)]
            case 3:
                line = " " * pick(6) + line
            case 4:
                line = "> " + line
            case 5:
                line = "- " + line
            case 6:
                place = pick(len(line) + 1)
                line = line[:place] + _ODD[pick(len(_ODD))] + line[place:]
            case 7 if text:
                text[-1] += line
                continue
        text.append(line)
    return "\n".join(text) + "\n"
