"""What a web page's own style sheets hide from its readers: it is not for a kit's readers either."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import tostring

import cssselect2
import tinycss2
import tinyhtml5

_HIDING = re.compile(
    r"(?:\A|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:opacity|font-size)\s*:\s*0[a-z%]*\s*(?:;|!|\Z))",
    re.IGNORECASE,
)


def with_marks(html: str) -> str:
    """A page whose elements that are hidden by style all say so themselves (``hidden``)."""
    document = tinyhtml5.parse(html, namespace_html_elements=False)
    matcher, hidden = cssselect2.Matcher(), 0
    sheets = [style.text or "" for style in document.iter("style")]
    for selector in (selector for sheet in sheets for selector in _hiding(sheet)):
        matcher.add_selector(selector, None)
    for wrapper in cssselect2.ElementWrapper.from_html_root(document).iter_subtree():
        element = wrapper.etree_element
        if _HIDING.search(element.get("style", "")) or matcher.match(wrapper):
            element.set("hidden", "hidden")
            hidden += 1
    return tostring(document, encoding="unicode", method="html") if hidden else html


def _hiding(sheet: str) -> Iterator[cssselect2.compiler.CompiledSelector]:
    """The selectors of a style sheet's rules that hide; those for some devices alone are left alone."""
    for rule in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule" and _HIDING.search(tinycss2.serialize(rule.content)):
            try:
                selectors = cssselect2.compile_selector_list(rule.prelude)
            except cssselect2.SelectorError:
                # Newer than what is known here: no browser that lacks it hides anything either.
                continue
            yield from (selector for selector in selectors if selector.pseudo_element is None)
