"""Another reader of the same Markdown: kramdown, as Jekyll runs it, and how its reading compares with presskit's."""

import json
import re
import subprocess
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element

import tinyhtml5

from presskit.prose import html as prose
from presskit.prose.html import Setting
from tests.texts import said

SITE = "https://site.fr"
_DROPPED = set("script style iframe object noscript template svg math select video audio".split())
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+")


@cache
def _ruby() -> subprocess.Popen[str]:
    command = ["ruby", str(Path(__file__).with_name("kramdown.rb"))]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@cache
def is_there() -> bool:
    """Whether Debian's ruby-kramdown and ruby-kramdown-parser-gfm are installed."""
    try:
        check = ["ruby", "-e", 'require "kramdown"; require "kramdown-parser-gfm"']
        return subprocess.run(check, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def kramdown(markdown: str) -> Element:
    """What kramdown makes of a text; one process reads them all."""
    ruby = _ruby()
    assert ruby.stdin and ruby.stdout
    ruby.stdin.write(json.dumps(markdown) + "\n")
    ruby.stdin.flush()
    return _tree(json.loads(ruby.stdout.readline()))


def presskit(markdown: str) -> Element:
    """What presskit makes of it, on a site of which every image is there."""
    setting = Setting(
        lang="fr", source="c.md", warn=lambda _w: None, site_url=SITE, image=lambda _r, _l: Path("/a.png")
    )
    return _tree(prose.to_html(markdown, setting).html)


def _tree(html: str) -> Element:
    body: Element = tinyhtml5.parse(html, namespace_html_elements=False).find("body")
    return body


def words(text: str) -> list[str]:
    """The words and numbers of a text."""
    return re.findall(r"[^\W\d_]+|\d+", text)


@dataclass(frozen=True)
class Difference:
    """A difference that is intended: why, a text that shows it, and what makes kramdown's reading presskit's.

    ``source`` changes the text before kramdown reads it, ``theirs`` and ``ours`` change a tree, ``printed`` what
    both print.
    """

    why: str
    example: str
    source: Callable[[str], str] = lambda markdown: markdown
    theirs: Callable[[Element], None] = lambda _body: None
    ours: Callable[[Element], None] = lambda _body: None
    printed: Callable[[str], str] = lambda text: text


def _replaced(pattern: str, replacement: str) -> Callable[[str], str]:
    found = re.compile(pattern, re.MULTILINE)
    return lambda markdown: found.sub(replacement, markdown)


def _without(is_wanted: Callable[[Element], bool]) -> Callable[[Element], None]:
    """Removes the elements that are not wanted, with what they hold; what follows them stays."""

    def remove(parent: Element) -> None:
        for child in list(parent):
            if is_wanted(child):
                remove(child)
            else:
                prose.put_text(parent, child)

    return remove


def _unlinked(leads_nowhere: Callable[[Element], bool]) -> Callable[[Element], None]:
    def unlink(body: Element) -> None:
        for link in body.iter("a"):
            if leads_nowhere(link):
                link.attrib.pop("href", None)

    return unlink


def _with_whole_addresses(body: Element) -> None:
    for link in body.iter("a"):
        href = link.get("href", "").strip()
        if re.fullmatch(r"[^@\s/:?]+@[^@\s/:?]+\.[A-Za-z]{2,}(\?\S*)?", href):
            link.set("href", f"mailto:{href}")
        elif href.startswith("//"):
            link.set("href", f"https:{href}")
        elif href.startswith("/"):
            link.set("href", SITE + href)
        elif re.match(r"(?:www\.|(?:[\w-]+\.)+(?:fr|com|org|eu|net)(?:/|$))", href):
            link.set("href", f"https://{href}")


def _outdented(markdown: str) -> str:
    """HTML from its line's start, where no list or note is there to hold it."""
    holder = re.search(r"^[ >]*(?:[-*+]|\d+[.)]|\[\^\S+:|:) ", markdown, re.MULTILINE)
    return markdown if holder else re.sub(r"^ {4,}(?=</?[A-Za-z])", "", markdown, flags=re.MULTILINE)


DIFFERENCES = [
    Difference(
        "kramdown prints an attribute list that follows no element; its author meant none of it to be read.",
        "> « a »,{: .citation}\n> b {: .auteur}",
        source=_replaced(r"[ \t]*\{:[^}\n]*\}", ""),
    ),
    Difference(
        "French ordinals are printed in the form of the Imprimerie nationale.",
        "La 2ème édition, la XXIème",
        printed=_replaced(r"(?<=[\dIVX])(?:[èe]m|[èe](?=re))(?=r?es?\b)", ""),
    ),
    Difference(
        "An address without its scheme, or from the site's root, is made whole: paper is read far from the site.",
        "[a](b@c.fr) [d](/e) [f](www.g.fr) [h](//i.fr)",
        theirs=_with_whole_addresses,
    ),
    Difference(
        "An address in the text is a link.",
        "Voir https://x.fr/a ou a@x.fr",
        ours=_unlinked(lambda link: bool(_ADDRESS.fullmatch("".join(link.itertext()).strip()))),
        theirs=_unlinked(lambda link: bool(_ADDRESS.fullmatch("".join(link.itertext()).strip()))),
    ),
    Difference(
        "A link that leads nowhere on paper is text.",
        "[a](page.html) [b](#absent) [c](javascript:x)",
        theirs=_unlinked(lambda link: not re.match(r"https?://|mailto:|tel:|#fn", link.get("href", ""))),
    ),
    Difference(
        "Lists pasted with their bullets, or numbered with a parenthesis, are lists.",
        "1) a\n2) b",
        source=_replaced(r"^((?:[ >]|[-*+] )*\d+)\)(?=\s|$)", r"\1."),
    ),
    Difference(
        "Code, and what stands for what is not there, is left out.",
        "a\n\n<script>b</script>\n\n<iframe>c</iframe>\n\n<style>d</style>",
        theirs=_without(lambda element: element.tag not in _DROPPED),
    ),
    Difference(
        "Units and formulas have their raised and lowered figures.",
        "20 m2",
        printed=lambda text: unicodedata.normalize("NFKC", text),
    ),
    Difference(
        "Marks that close nothing, or have spaces inside, are mended where what they mean is plain.",
        "a**b **c",
        printed=_replaced(r"[*_~`]+", ""),
    ),
    Difference(
        "Indented HTML is HTML.",
        "    <b>[a](https://x.fr/)</b>",
        source=_outdented,
    ),
    Difference(
        "A tag that closes nothing is no text.",
        "a</p>",
        printed=_replaced(r"</?\w[^<>\n]*>", " "),
    ),
    Difference(
        "A number that begins a line of a paragraph is text, but for 1: a year, or a sum.",
        "a\n2022. b",
        source=_replaced(r"^(?!\d+[.)] |[-*+>] )(\S.*\n)((?!1\.)\d+)\. ", r"\1\2\\. "),
    ),
    Difference(
        "Indented code ends with its indentation.",
        "    a\n[b](https://x.fr/)",
        source=_replaced(r"^((?:> ?)*)( {4,}\S.*)\n(?=\1\S)", r"\1\2\n\1\n"),
    ),
]


@dataclass(frozen=True)
class Reading:
    """What a reader makes of a text: its words, the numerals of its lists, and where its links lead."""

    words: list[str]
    numerals: list[int]
    links: list[str]


def compared(markdown: str, without: Difference | None = None) -> tuple[Reading, Reading]:
    """presskit's reading and kramdown's, made alike by the differences that are intended, but for one."""
    used = [difference for difference in DIFFERENCES if difference is not without]
    source = markdown
    for difference in used:
        source = difference.source(source)
    ours, theirs = presskit(markdown), kramdown(source)
    for difference in used:
        difference.ours(ours)
        difference.theirs(theirs)
    return _reading(ours, used), _reading(theirs, used)


def _reading(body: Element, differences: Sequence[Difference]) -> Reading:
    return Reading(
        words(as_printed(said(body), differences)),
        [sum(bool(said(item).strip()) for item in items.findall("li")) for items in body.iter("ol")],
        [link.get("href", "") for link in body.iter("a") if not link.get("href", "#fn").startswith("#fn")],
    )


def as_printed(text: str, differences: Sequence[Difference] = DIFFERENCES) -> str:
    """A text without the differences in what is printed."""
    for difference in differences:
        text = difference.printed(text)
    return text
