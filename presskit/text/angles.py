"""What stands between angle brackets: a tag of HTML, or words that only look like one ("Si a<b et b>c")."""

import re

# Attributes of HTML that need no value.
_ALONE = set(
    "async autofocus autoplay checked clear compact controls declare default defer disabled draggable hidden inert "
    "ismap itemscope loop markdown multiple muted nohref noshade novalidate nowrap open readonly required reversed "
    "selected".split()
)
_NAMED = re.compile(r"<[A-Za-z][A-Za-z0-9-]*(?P<rest>(?:\s[^<>]*)?)>\Z")


def says_words(tag: str) -> bool:
    """Whether what has the form of an opening tag holds words where attributes should be: ``<i et j>``.

    HTML takes any word for an attribute (living standard, 13.1.2.3); nobody writes others than its own without "=".
    """
    named = _NAMED.match(tag)
    if named is None or "=" in named["rest"]:
        return False
    return any(word.lower() not in _ALONE for word in named["rest"].removesuffix("/").split())
