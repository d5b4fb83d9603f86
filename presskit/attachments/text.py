"""Attached texts as HTML: plain text, tables (CSV), and mails; Markdown and HTML are prose.py's."""

import csv
import io
import re
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from xml.etree.ElementTree import Element

from presskit.attachments.hiding import with_marks
from presskit.attachments.kinds import Kind, as_page, as_text
from presskit.attachments.lost import missing
from presskit.base.i18n import _
from presskit.prose.html import tree_of

_MOST_BYTES = 2_000_000
# What can be read on an upright sheet, and on one that lies.
_UPRIGHT_COLUMNS, _MOST_COLUMNS = 8, 24
_UNSEEN_INPUTS = ("hidden", "submit", "button", "checkbox", "radio", "password", "image", "reset")


class UnreadableError(Exception):
    """A text that can't be laid out; its text says why, to follow "can't be merged:"."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """A text to be laid out: Markdown or HTML to be cleaned, and the files that came with it, unshown.

    ``words`` are those that a web page holds for its readers; ``scripts`` counts the programs that may have written
    others; ``wide`` is a table of many columns.
    """

    markdown: str = ""
    html: str = ""
    left_out: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    scripts: int = 0
    wide: bool = False


def read(path: Path, kind: Kind, rows: int) -> Text:
    """Read an attached text as what it is, a table of at most ``rows``.

    Raises UnreadableError when it is too long, or no text.
    """
    if path.stat().st_size > _MOST_BYTES:
        raise UnreadableError(_("it is too long to be laid out"))
    octets = path.read_bytes()
    if kind is Kind.MAIL:
        return _mail(octets)
    text = as_page(octets) if kind is Kind.HTML else as_text(octets)
    if text is None:
        raise UnreadableError(_("it is damaged"))
    if kind is Kind.MARKDOWN:
        # A communiqué among the attachments: its front matter is no text, and its lines count all the same.
        front = re.match(r"---[ \t]*\n.*?^---[ \t]*$", text, re.DOTALL | re.MULTILINE)
        lines = front[0].count("\n") if front else 0
        return Text(markdown="\n" * lines + text[front.end() if front else 0 :])
    if kind is Kind.HTML:
        return _page(text)
    return _table(text, rows) if kind is Kind.CSV else Text(html=_plain(text))


def _page(html: str) -> Text:
    """A web page, with the words in its body, and what forms hold."""
    html = with_marks(html)
    body = tree_of(html)
    scripts = sum(element.tag == "script" for element in body.iter())
    for element in list(body.iter()):
        # A comment is no element: its "tag" is what makes it.
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "template") or is_hidden(element):
            tail = element.tail
            element.clear()
            element.tail = tail
    values = [element.get("value", "") for element in body.iter("input") if element.get("type") not in _UNSEEN_INPUTS]
    return Text(html=html, words=(" ".join(body.itertext()), *values), scripts=scripts)


def is_hidden(element: Element) -> bool:
    """Whether an element of a web page is one that its readers do not see."""
    return "hidden" in element.attrib or re.search(r"display\s*:\s*none", element.get("style", ""), re.I) is not None


def _plain(text: str) -> str:
    return f'<pre class="plain">{escape(text.expandtabs(4).strip())}</pre>'


def _table(text: str, most: int) -> Text:
    """A table whose first row heads its columns."""
    try:
        delimiter = csv.Sniffer().sniff(text[:8192], delimiters=";,\t|").delimiter
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(map(str.strip, row))]
    except csv.Error:
        # One column, or cells longer than csv allows.
        return Text(html=_plain(text))
    if len(rows) > most:
        raise UnreadableError(_("it has more than {count} rows").format(count=most))
    if not rows:
        return Text()
    columns = max(map(len, rows))
    if columns > _MOST_COLUMNS:
        raise UnreadableError(_("it has more than {count} columns").format(count=_MOST_COLUMNS))
    head, *body = [[escape(cell.strip()) for cell in row] + [""] * (columns - len(row)) for row in rows]
    cells = "".join(f"<th>{cell}</th>" for cell in head)
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in body)
    table = f"<table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table>"
    return Text(html=table, wide=columns > _UPRIGHT_COLUMNS)


def _mail(octets: bytes) -> Text:
    import email
    import email.policy
    from email.message import EmailMessage

    message = email.message_from_bytes(octets, _class=EmailMessage, policy=email.policy.default)
    try:
        headers = "".join(
            f"<tr><th scope='row'>{name}</th><td>{escape(str(message[name]))}</td></tr>"
            for name in ("From", "To", "Cc", "Date", "Subject")
            if message[name]
        )
        bodies = [message.get_body((kind,)) for kind in ("plain", "html")]
        plain, page = (str(body.get_content()) if body is not None else "" for body in bodies)
        left_out = tuple(part.get_filename() or part.get_content_type() for part in message.iter_attachments())
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        # Mails in the wild break their own standard at will.
        raise UnreadableError(_("it is damaged")) from error
    table = f"<table class='headers'><tbody>{headers}</tbody></table>"
    read = _page(page) if page else Text()
    # Programs show the page: what they put beside it for those that can't may say less.
    if plain.strip() and not missing(" ".join(read.words), plain):
        return Text(html=table + _plain(plain), left_out=left_out)
    return replace(read, html=table + read.html, left_out=left_out)
