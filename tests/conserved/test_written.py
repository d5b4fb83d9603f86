"""A reading of Markdown that keeps words, and drops nothing but marks."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.conserved.written import letters, markdown


def words(source: str) -> str:
    return " ".join(word.forms[0] for word in markdown(source).words)


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("un **deux**trois", "un deuxtrois"),
        ("[un](https://a.fr/b (c)) [deux][d] [trois][e]\n\n[d]: https://d.fr 'quatre'", "un deux trois e"),
        ("![alt ici](a b.png) <img src='x' alt=\"autre\"> ![Image décorative](x.png)", "alt ici autre"),
        ("a <!-- b\nc --> d {::comment}e{:/} f <script>g</script> h", "a d f h"),
        ("a <!-- b", "a b"),
        ("`<b>` et ``a ` b``", "b et a b"),
        ("~~~\n[a] (b) {: .c}\n~~~\nd {: .e}", "a b c d"),
        ("1. un\n- [ ] deux\n• trois\nb) quatre\n2022. Cinq", "un deux trois quatre cinq"),
        ("x[^1] y[^2]\n\n[^2]: deux\n    suite\n[^1]: un\n\nz", "x y z un deux suite"),
        ("<https://a.fr> <a@b.fr> <span title='c'>d</span> 3 < 4", "https a fr".replace(" ", "") + " abfr d 3 4"),
        ("x[^1]\n\n[^1]: un\n[^1]: deux", "x deux un"),
        ("![alt ici](\n/a.png) b", "alt ici b"),
        ("[un](\nhttps://a.fr/b\n) deux", "un deux"),
        ("[a][m]\n\n[m]:\n https://a.fr 'le compte'\n", "a"),
        ("- >[m]: https://a.fr 'le compte'\n", ""),
        ("## Titre {#id}\n{:.x #y}\n*[T]: titre caché\n", "titre"),
        ("[Note]: voir plus loin\n", "note voir plus loin"),
        ("[un][note] deux\n\n[Note]: voir\n", "un deux"),
        ("été &amp; hiver &eacute;t&eacute; ﬁn m² №", "été hiver été fin m2 no"),
        ("infor\u00admation l’été, n°\u202f6", "information lété n 6"),
    ],
)
def test_marks_are_dropped_and_words_kept(source: str, kept: str) -> None:
    assert words(source) == kept


def test_words_have_their_lines() -> None:
    source = "un\n\n<!-- x\ny -->\ndeux `trois\nquatre` [cinq](z)\n[^n]: six\n"
    assert {word.written: word.line for word in markdown(source, 10).words} == {
        "un": 10, "deux": 14, "trois": 14, "quatre": 15, "[cinq": 15, "six": 16,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("3ème", "3e"),
        ("1ère", "1re"),
        ("XXIème", "xxie"),
        ("2èmes", "2es"),
        ("mailto:a@b.fr", "abfr"),
        ("a%C3%A9", "aé"),
    ],
)
def test_equivalent_forms_are_listed(written: str, printed: str) -> None:
    assert printed in markdown(written).words[0].forms


@given(
    st.lists(st.sampled_from(["mot", "**", "_", "[", "](x)", "`", "\n\n", "> ", "- ", "{: .a}", "|", "~", "# ", "\\"]))
)
def test_no_word_is_dropped_whatever_stands_around_it(pieces: list[str]) -> None:
    source = " ".join(pieces)
    assert words(source).count("mot") == source.count("mot")


@pytest.mark.parametrize(
    "mark", ["[", "`", "<!-- ", "<a ", "![", "[^1]: ", "{::comment}", "<svg>", "](", "~~~\n", "1. ", "[a]: ", "\\"]
)
def test_time_grows_with_length(mark: str) -> None:
    source = mark * (100_000 // len(mark))
    start = time.process_time()
    markdown(source)
    assert time.process_time() - start < 2


def test_letters() -> None:
    assert letters("« L’ÉTÉ », 3 000 €…") == "lété3000"
