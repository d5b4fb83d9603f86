"""E-mails without the headers that were never meant for who reads them."""

import re
from collections.abc import Callable, Iterator
from email import encoders, message_from_bytes, policy

# What a reader of an e-mail is shown of its head (RFC 5322, 3.6), and what its text is read by (RFC 2045): all else
# are hidden recipients, and what servers and programs noted of its way.
_PUBLIC = re.compile(
    rb"(?:from|sender|reply-to|to|cc|date|subject|mime-version|content-[^:\s]*)\s*:|[^:\s]*(?:\s|\Z)", re.IGNORECASE
)
_INNER_MAIL = re.compile(rb"^content-type\s*:\s*message/(?:rfc822|global)\b", re.IGNORECASE | re.MULTILINE)


def without_private_headers(octets: bytes) -> tuple[bytes, int]:
    """An e-mail, and the ones in it, without hidden recipients and private headers; and how many recipients' lists.

    All else stays, to the byte.
    """
    kept: list[bytes] = []
    hidden = 0
    for line, is_header in _fields(octets):
        if is_header and not _PUBLIC.match(line):
            hidden += b"bcc" in line[:10].lower()
        else:
            kept.append(line)
    return b"".join(kept), hidden


def with_parts(octets: bytes, freed: Callable[[str, bytes], bytes | None]) -> bytes:
    """An e-mail with other files in it: ``freed`` is given the name and the content of each, and gives None for as is.

    A web page among its texts is one of them; to the byte as it was where none is changed.
    """
    # As lenient a reading as can be, which writes headers as they were.
    message = message_from_bytes(octets, policy=policy.compat32)
    changed = False
    for part in message.walk():
        is_page = part.get_content_type() == "text/html"
        if part.is_multipart() or not (is_page or part.get_filename()):
            continue
        content = part.get_payload(decode=True)
        name = str(part.get_filename() or "texte.html")
        done = freed(name, content) if isinstance(content, bytes) else None
        if done is not None and done != content:
            changed = True
            if is_page:
                part.set_param("charset", "utf-8")
            part.set_payload(done)
            del part["Content-Transfer-Encoding"]
            encoders.encode_base64(part)
    return message.as_bytes() if changed else octets


def _fields(octets: bytes) -> Iterator[tuple[bytes, bool]]:
    """The header fields of an e-mail, folded lines and all, and the lines of what is no header."""
    in_head, is_part = True, False
    field, head = b"", b""
    for line in octets.splitlines(keepends=True):
        if not in_head:
            yield line, False
            # A part begins: its own head, or that of a mail that it holds, follows.
            in_head = is_part = line.startswith(b"--")
            head = b""
            continue
        if line[:1] in (b" ", b"\t") and field:
            field += line
            continue
        if field:
            yield field, not is_part
            head += field
        field = line
        if not line.strip():
            yield line, False
            field = b""
            in_head = bool(_INNER_MAIL.search(head))
            is_part, head = False, b""
    if field:
        yield field, in_head and not is_part
