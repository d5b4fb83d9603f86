"""The texts of a front matter that are to be printed, as they stand in the file."""

from presskit.conserved.front_matter import PRINTED, printed_texts
from presskit.reading.communique import read_communique
from presskit.reading.fields import Fields
from tests.conserved.test_account import FRONT


def texts(source: str) -> list[tuple[str, int, str]]:
    found = printed_texts(f"---\n{source}---\nTexte\n")
    return [(text.field, text.line, " ".join(word.forms[0] for word in text.words)) for text in found]


def test_remarks_are_texts() -> None:
    source = "title: Le plan #1 # Santé\n# une clef éteinte\nlegende: x\nchapeau: |\n  un # deux\n  trois\n"
    assert texts(source) == [("title", 2, "le plan 1 santé"), ("chapeau", 5, "un deux trois")]


def test_what_names_no_file_is_its_readers_to_say() -> None:
    assert texts("files:\n- nom: Sans fichier\n- {file: a.pdf, nom: Avec}\n") == [("files.nom", 4, "avec")]


def test_of_lists_in_lists_the_texts_are_asked_for() -> None:
    assert texts("chapeau:\n- a\n- [b, {c: d}, ~]\n") == [("chapeau", 3, "a"), ("chapeau", 4, "b")]


def test_words_that_only_say_again_what_a_contacts_field_is_are_not_asked_for() -> None:
    contact = "Jean Dupont, Tél. 01 23 45 67 89 ou 06 12 34 56 78, mél : j@x.fr"
    assert texts(f"contact-presse: '{contact}'\n") == [
        ("contact-presse", 2, "jean dupont 01 23 45 67 89 06 12 34 56 78 jxfr")
    ]
    assert texts("titre: Un tel ou un mail\n") == [("titre", 2, "un tel ou un mail")]


def test_what_is_not_printed_is_not_asked_for() -> None:
    assert texts("slug: a\nlang: fr\ntags: [b]\nlayout: c\nune:\n- {image: d.png, alt: e}\nautre: f\n") == []


def test_toml_is_read_too() -> None:
    source = "+++\ntitle = 'Le plan'\n[[files]]\nfile = 'a.pdf'\nnom = 'A'\n+++\nTexte\n"
    assert [text.field for text in printed_texts(source)] == ["title", "files.nom"]


def test_each_key_that_is_read_is_known_here(monkeypatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """A key that the reader learns must be listed as printed, or as one that is not."""
    not_printed = set(
        "date categories category catégories catégorie kind tags tag mots-clés keywords lang langue language layout "
        "gabarit published draft brouillon embargo sous-embargo ref translation-of traduction-de slug redirect-from "
        "aliases anciennes-adresses".split()
    )
    asked: set[str] = set()
    own = Fields._find

    def find(self: Fields, names: tuple[str, ...]) -> object:
        if not self._path:
            asked.update(names)
        return own(self, names)

    monkeypatch.setattr(Fields, "_find", find)
    source = f"---\ntitle: T\ndate: 2022-01-01\n{FRONT}---\nTexte\n"
    read_communique(source.encode(), "c.md", tmp_path, warn=lambda _problem: None)
    assert asked - not_printed <= set(PRINTED)
