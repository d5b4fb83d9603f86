"""Names of what is published: readable, dated, and safe on every system and in every address."""

import re
import unicodedata
from collections.abc import Container
from pathlib import PurePath

from presskit.reading.communique import Communique
from presskit.reading.days import moment_of
from presskit.reading.site import Site

_LONGEST, _LONGEST_FILE = 60, 120
_FILE_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}-?")
# File names that tell nothing: the title does.
_GENERIC = {"", "communique", "communique-de-presse", "press-release", "index", "cp", "article", "page", "post"}


def name_of(communique: Communique, stem: str, site: Site) -> str:
    """The name of a communiqué's kit, ZIP and page: its date, then ``slug:``, its file's name or its title.

    ``stem`` is its file's name without the ending. A language other than the site's ends it.
    """
    bare = _FILE_DATE.sub("", stem, count=1)
    words = slug(communique.slug) or slug(bare)
    if words in _GENERIC:
        words = slug(communique.title) or "communique"
    lang = communique.lang or site.lang
    ending = f"-{lang.lower()}" if lang != site.lang and not words.endswith(f"-{lang.lower()}") else ""
    return f"{moment_of(communique.date, site.clock).date().isoformat()}-{words}{ending}"


def page_of(name: str) -> str:
    """Where the page of that name is in a press room: under its year."""
    return f"{name[:4]}/{name}/"


def slug(text: str) -> str:
    """A text in lower-case ASCII letters, figures and hyphens."""
    from slugify import slugify

    # An elision is two words: "l'État".
    apart = re.sub(r"[’']", " ", text)
    return slugify(apart, max_length=_LONGEST, word_boundary=True, save_order=True)


def file_name(name: str, taken: Container[str] = ()) -> str:
    """A file's own name, without what some systems forbid; with a number if it is ``taken`` (in lower case)."""
    from pathvalidate import sanitize_filename

    flat = unicodedata.normalize("NFC", name).replace("/", "-").replace("\\", "-").strip(" .")
    # A mark that turns the direction of writing hides a name's true ending.
    flat = "".join(c for c in flat if unicodedata.category(c) not in ("Cf", "Cc", "Cs"))
    ending = PurePath(flat).suffix[:16]
    cut = flat.removesuffix(ending)[: _LONGEST_FILE - len(ending)].encode()[:200].decode(errors="ignore")
    path = PurePath(str(sanitize_filename(f"{cut}{ending}", "-", platform="universal")).strip(" .") or "fichier")
    stem, ending = path.stem, path.suffix
    result, number = f"{stem}{ending}", 2
    while result.casefold() in taken:
        result, number = f"{stem}-{number}{ending}", number + 1
    return result
