"""A copy of a kit for validators that read all of it, without what no rule is about."""

from pathlib import Path

import pikepdf
from pikepdf import Name, ObjectStreamMode, Stream

from presskit.pdf.objects import is_named, items

# From so many octets on, a copy is made sooner than its pictures are read: 10 ms for each MB and standard.
_LARGE = 2_000_000
_LONG = 10_000


def light_copy(path: Path, target: Path) -> Path:
    """A copy of a PDF, at ``target``, whose pictures and embedded files are empty; a small PDF is its own.

    What these say of themselves, such as their filters, stays to be judged: PDF/A and PDF/UA have rules about that
    alone, save for pictures in JPEG 2000 (ISO 19005-3, 6.2.8.3), which stay as they are.
    """
    if path.stat().st_size < _LARGE:
        return path
    with pikepdf.open(path) as pdf:
        for item in pdf.objects:
            if isinstance(item, Stream) and _is_mere_data(item):
                said = {key: item[key] for key in ("/Filter", "/DecodeParms") if key in item}
                item.write(b"")
                for key, value in said.items():
                    item[key] = value
        pdf.save(target, object_stream_mode=ObjectStreamMode.generate)
    return target


def _is_mere_data(item: Stream) -> bool:
    if int(item.get("/Length", 0)) < _LONG or Name.JPXDecode in items(item.get("/Filter")):
        return False
    return is_named(item.get("/Subtype"), "/Image") or is_named(item.get("/Type"), "/EmbeddedFile")
