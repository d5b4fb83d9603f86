"""What a document says of itself, in a PDF as in a Word document."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """What a document says of itself; ``moment`` is its date of creation, with an offset."""

    title: str
    author: str
    subject: str
    keywords: tuple[str, ...]
    lang: str
    moment: datetime
