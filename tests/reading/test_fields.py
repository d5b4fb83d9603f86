"""Hand-written mappings: texts stay texts, problems have their place."""

import pytest

from presskit.reading.fields import Fields, Findings
from presskit.reading.yaml_text import parse_yaml


def test_lines_are_those_of_the_file() -> None:
    values, findings = parse_yaml("a: 1\nfiles:\n- file: x\n  nom: [y]\n", "f.md", first_line=10)
    fields = Fields(values, findings)
    (entry,) = fields.mappings("files")
    entry.error("nom", "wrong")
    assert str(findings.errors[0]) == "f.md:13, field “files[1].nom”: wrong"


@pytest.mark.parametrize("key", ["contact-presse", "Contact_Presse", "CONTACT-PRESSE", "contact presse"])
def test_keys_are_compared_loosely(key: str) -> None:
    assert Fields({key: "x"}, Findings(file="f")).text("contact-presse") == "x"


def test_a_typo_gets_the_right_key() -> None:
    fields = Fields({"contact-press": "x"}, findings := Findings(file="f"))
    fields.text("contact-presse")
    fields.warn_of_unknown()
    assert [(w.field, w.remedy) for w in findings.warnings] == [("contact-press", "Did you mean “contact-presse”?")]


def test_every_unknown_key_is_said() -> None:
    values = {"tel": "1", "perso": "x", "vide": None, "name:Alice": None, "-file": "a", "Tags": "t"}
    fields = Fields(values, findings := Findings(file="f"))
    fields.text("tel")
    fields.text("tag")
    fields.warn_of_unknown(("perso",))
    assert {w.field: w.remedy for w in findings.warnings} == {
        "name:Alice": "A space is missing after its colon: name: Alice",
        "-file": "A space is missing after its dash: - file",
    }
    fields.warn_of_unknown()
    assert findings.warnings[2].remedy.endswith("known here: tel, tag.")


def test_a_second_alias_is_said() -> None:
    fields = Fields({"title": "a", "titre": "b"}, findings := Findings(file="f"))
    assert fields.text("title", "titre") == "a"
    assert "“title” already says this" in findings.warnings[0].what


def test_wrong_shapes_are_errors() -> None:
    fields = Fields(
        {"title": {"a": "b"}, "tags": [["x"]], "files": ["x", {"file": "y"}]}, findings := Findings(file="f")
    )
    assert fields.text("title") == ""
    assert fields.texts("tags") == ()
    assert [entry.text("file") for entry in fields.mappings("files")] == ["y"]
    assert [error.field for error in findings.errors] == ["title", "tags", "files[1]"]
