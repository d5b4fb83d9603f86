"""The rules of PDF/UA-1 and PDF/A-3a in plain words, with the clauses that they come from.

The names are those of the validator (page-validation), without the standard before them and the number after.
"""

import re

from presskit.base.i18n import _

PDF_UA, PDF_A = "pdf/ua-1", "pdf/a-3a"
STANDARDS = (PDF_UA, PDF_A)
TITLES = {PDF_UA: "PDF/UA-1", PDF_A: "PDF/A-3a"}

# By the first words of a rule's name, the longest that fits: clauses of ISO 14289-1.
_UA_CLAUSES = {
    "": "7",
    "ID-": "5",
    "HEADER": "6.1",
    "METADATA-": "7.1",
    "CONTENT-TAGGING": "7.1",
    "ARTIFACT-": "7.1",
    "TAGGED-": "7.1",
    "STRUCT-": "7.1",
    "SUSPECTS": "7.1",
    "VIEWER-PREFERENCES": "7.1",
    "TOC": "7.2",
    "L-": "7.2",
    "LI-": "7.2",
    "LBODY-": "7.2",
    "TABLE-": "7.2",
    "T": "7.2",
    "TEXT-LANGUAGE": "7.2",
    "LANGUAGE-TAG": "7.2",
    "ACTUAL-TEXT-LANGUAGE": "7.2",
    "ALT-TEXT-LANGUAGE": "7.2",
    "OUTLINE-LANGUAGE": "7.2",
    "ANNOTATION-CONTENTS-LANGUAGE": "7.2",
    "FORM-FIELD-TU-LANGUAGE": "7.2",
    "TABLE-HEADERS": "7.5",
    "FIGURE-": "7.3",
    "HEADING-": "7.4",
    "FORMULA-": "7.7",
    "NOTE-": "7.9",
    "OPTIONAL-CONTENT": "7.10",
    "FILE-SPEC": "7.11",
    "EMBEDDED": "7.11",
    "DYNAMIC-XFA": "7.15",
    "ENCRYPTION": "7.16",
    "ANNOTATION-": "7.18",
    "PAGE-TABS": "7.18.3",
    "FORM-FIELD": "7.18.1",
    "WIDGET-": "7.18.4",
    "FORM-CHILDREN": "7.18.4",
    "LINK-": "7.18.5",
    "MEDIA-": "7.18.6",
    "TRAPNET-": "7.18.2",
    "PRINTER-MARK": "7.18.8",
    "FORM-REFERENCE": "7.20",
    "FORM-STRUCTURE": "7.20",
    "FONT-": "7.21",
    "FONT-EMBEDDING": "7.21.4.1",
    "FONT-GLYPH-PRESENCE": "7.21.4.1",
    "FONT-GLYPH-WIDTH": "7.21.5",
    "FONT-UNICODE": "7.21.7",
    "NOTDEF-": "7.21.8",
    "CID": "7.21.3",
    "CMAP": "7.21.3.3",
    "TRUETYPE-": "7.21.6",
}
# The same of ISO 19005-3.
_A_CLAUSES = {
    "": "6",
    "ENCRYPTION": "6.1.3",
    "STREAM-": "6.1.7",
    "STREAM-EXTERNAL": "6.1.7.1",
    "STREAM-LZW": "6.1.7.2",
    "STRING-LENGTH": "6.1.13",
    "NAME-LENGTH": "6.1.13",
    "INTEGER-": "6.1.13",
    "REAL-": "6.1.13",
    "GRAPHICS-STATE": "6.1.13",
    "CONTENT-OPERATOR": "6.2.2",
    "CONTENT-RESOURCES": "6.2.2",
    "OUTPUTINTENT": "6.2.3",
    "ICCBASED": "6.2.4.2",
    "DEVICE-": "6.2.4.3",
    "DEVICEN-": "6.2.4.4",
    "SEPARATION-": "6.2.4.4",
    "EXTGSTATE-": "6.2.5",
    "HALFTONE-": "6.2.5",
    "EXTGSTATE-BLEND": "6.2.10",
    "RENDERING-": "6.2.6",
    "IMAGE-": "6.2.8",
    "INLINE-IMAGE": "6.2.8",
    "JPEG2000": "6.2.8.3",
    "FORM-POSTSCRIPT": "6.2.9",
    "XOBJECT-": "6.2.9",
    "TRANSPARENCY-": "6.2.10",
    "FONT-": "6.2.11",
    "FONT-EMBEDDING": "6.2.11.4.1",
    "FONT-GLYPH-PRESENCE": "6.2.11.4.1",
    "FONT-GLYPH-WIDTH": "6.2.11.5",
    "TYPE1-": "6.2.11.4",
    "TRUETYPE-": "6.2.11.6",
    "TRUETYPE-GLYPH-WIDTH": "6.2.11.5",
    "TYPE0-": "6.2.11.3.1",
    "CID": "6.2.11.3",
    "CMAP-": "6.2.11.3.3",
    "UNICODE-": "6.2.11.7",
    "NOTDEF-": "6.2.11.8",
    "ANNOTATION-": "6.3",
    "ACROFORM-": "6.4",
    "WIDGET-": "6.4",
    "FIELD-": "6.4",
    "SIGNATURE-": "6.4.3",
    "ACTION-": "6.5",
    "NAMED-ACTION": "6.5",
    "CATALOG-ADDITIONAL": "6.5.2",
    "PAGE-ADDITIONAL": "6.5.2",
    "METADATA-": "6.6",
    "XMP-": "6.6",
    "INFO-": "6.6",
    "ID-": "6.6.4",
    "TAGGED-": "6.7",
    "STRUCT-": "6.7.3",
    "LANG": "6.7.4",
    "FILE-SPEC": "6.8",
    "EMBEDDED-": "6.8",
    "OPTIONAL-CONTENT": "6.9",
    "ALTERNATE-": "6.10",
    "PRES-STEPS": "6.10",
}


def clause(rule: str) -> str:
    """The clause that a rule comes from: ``ISO 14289-1, 7.3``; '' for a file that could not be read."""
    if not rule:
        return ""
    standard, name = _parts(rule)
    table, document = (_UA_CLAUSES, "ISO 14289-1") if standard == "PDFUA1" else (_A_CLAUSES, "ISO 19005-3")
    best = max((start for start in table if name.startswith(start)), key=len)
    return f"{document}, {table[best]}"


def explanation(rule: str) -> str:
    """What breaking a rule means, in the words of somebody who must mend it; '' for want of any."""
    name = _parts(rule)[1]
    return next((words for start, words in _words().items() if name.startswith(start)), "")


def explanation_of_clause(clause: str) -> str:
    """The same for a clause alone, as veraPDF names it; '' for want of any."""
    names = {
        "7.3": "FIGURE-ALTERNATIVE-TEXT",
        "7.4": "HEADING-",
        "7.5": "TABLE-HEADERS",
        "7.1": "CONTENT-TAGGING",
        "7.18.1": "FORM-FIELD-TU",
        "7.18.4": "WIDGET-FORM",
        "7.18.5": "LINK-",
        "7.21.4.1": "FONT-EMBEDDING",
        "7.21.5": "FONT-GLYPH-WIDTH",
        "7.21.7": "FONT-UNICODE",
        "7.21.8": "NOTDEF-GLYPH",
        "7.21": "FONT-",
        "6.2.4.3": "DEVICE",
        "6.2.4.2": "ICCBASED",
        "6.2.5": "EXTGSTATE-",
        "6.2.8.3": "JPEG2000",
        "6.2.11.4.1": "FONT-EMBEDDING",
        "6.2.11.5": "FONT-GLYPH-WIDTH",
        "6.2.11.7": "FONT-UNICODE",
        "6.2.11.8": "NOTDEF-GLYPH",
        "6.2.11": "FONT-",
        "6.3": "ANNOTATION-",
        "6.4": "WIDGET-",
        "6.5": "ACTION-",
        "6.6.4": "ID-",
        "5": "ID-",
        "6.6": "XMP-",
        "6.7": "STRUCT-",
    }
    fitting = [start for start in names if clause == start or clause.startswith(f"{start}.")]
    return _words()[names[max(fitting, key=len)]] if fitting else ""


def _parts(rule: str) -> tuple[str, str]:
    standard, _dash, name = rule.partition("-")
    return standard, re.sub(r"-\d+$", "", name)


def _words() -> dict[str, str]:
    return {
        "FIGURE-SCAN": _("the pages are scanned: they have no text, and nothing says what they show"),
        "FIGURE-ALTERNATIVE-TEXT": _("an image has no alternative text"),
        "FORMULA-ALTERNATIVE-TEXT": _("a formula has no alternative text"),
        "HEADING-": _("a heading skips a level"),
        "CONTENT-TAGGING": _("some content is not tagged"),
        "TAGGED-CONTENT-INSIDE-ARTIFACT": _("some content is tagged and hidden at once"),
        "ARTIFACT-NESTED": _("some content is tagged and hidden at once"),
        "TABLE-HEADERS": _("the headers of a table are not linked to its cells"),
        "TABLE-": _("a table is not regular"),
        "TR-": _("the tags of a table are not in order"),
        "TH-": _("the tags of a table are not in order"),
        "TD-": _("the tags of a table are not in order"),
        "TH": _("the tags of a table are not in order"),
        "TB": _("the tags of a table are not in order"),
        "TF": _("the tags of a table are not in order"),
        "TOC": _("the tags of a table of contents are not in order"),
        "L-": _("the tags of a list are not in order"),
        "LI-": _("the tags of a list are not in order"),
        "LBODY-": _("the tags of a list are not in order"),
        "LINK-": _("a link is not tagged as one"),
        "WIDGET-FORM": _("a form field is not tagged as one"),
        "FORM-FIELD-TU": _("a form field has no description"),
        "ANNOTATION-ANNOT": _("a comment is not tagged"),
        "ANNOTATION-CONTENTS": _("a comment has no text"),
        "FONT-EMBEDDING": _("a font is not embedded"),
        "FONT-GLYPH-PRESENCE": _("a font lacks characters that are used"),
        "TRUETYPE-GLYPH-PRESENCE": _("a font lacks characters that are used"),
        "TYPE1-GLYPH-PRESENCE": _("a font lacks characters that are used"),
        "NOTDEF-GLYPH": _("a font lacks characters that are used"),
        "FONT-GLYPH-WIDTH": _("a font gives its characters other widths than the page"),
        "TRUETYPE-GLYPH-WIDTH": _("a font gives its characters other widths than the page"),
        "FONT-UNICODE": _("a font does not tell which characters its drawings stand for"),
        "UNICODE-": _("a font does not tell which characters its drawings stand for"),
        "FONT-": _("a font is not as it should be"),
        "TRUETYPE-": _("a font is not as it should be"),
        "TYPE1-": _("a font is not as it should be"),
        "TYPE0-": _("a font is not as it should be"),
        "CID": _("a font is not as it should be"),
        "CMAP-": _("a font is not as it should be"),
        "DEVICE-CMYK": _("printers' colours (CMYK) are used without their profile"),
        "DEVICE": _("colours are used without their profile"),
        "ICCBASED": _("a colour profile is not as it should be"),
        "SEPARATION-": _("an ink is described in two ways"),
        "JPEG2000": _("a JPEG 2000 image is of a kind that archiving standards forbid"),
        "EXTGSTATE-": _("a printing instruction is of a kind that archiving standards forbid"),
        "HALFTONE-": _("a printing instruction is of a kind that archiving standards forbid"),
        "ANNOTATION-SUBTYPE": _("an annotation is of a kind that archiving standards forbid"),
        "ANNOTATION-": _("an annotation is hidden, or has no appearance of its own"),
        "WIDGET-APPEARANCE": _("a form field has no appearance of its own"),
        "WIDGET-": _("a form field starts an action"),
        "ACTION-": _("an action is of a kind that archiving standards forbid"),
        "NAMED-ACTION": _("an action is of a kind that archiving standards forbid"),
        "METADATA-TITLE": _("the document has no title"),
        "METADATA-LANGUAGE": _("the document has no language"),
        "LANG": _("a language is missing, or its code is unknown"),
        "TEXT-LANGUAGE": _("a language is missing, or its code is unknown"),
        "ID-": _("the document does not claim it"),
        "TAGGED-": _("the document is not tagged"),
        "STRUCT-TREE-ROOT": _("the document is not tagged"),
        "STRUCT-": _("the tags are not in order"),
        "PAGE-TABS": _("the Tab key does not follow the order of the tags"),
        "ENCRYPTION": _("the document is encrypted"),
        "VIEWER-PREFERENCES": _("the window does not show the document's title"),
        "XMP-": _("the metadata are not in order"),
        "METADATA-": _("the metadata are not in order"),
        "INFO-": _("the metadata are not in order"),
    }
