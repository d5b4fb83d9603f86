"""HTML for the room's pages."""

from presskit.base.resources import resource_folder
from presskit.prose.html import html_of, tree_of
from presskit.prose.lists import _STYLES, _SUFFIXES, set_numbers
from presskit.publication import File, Picture
from presskit.publication.web import for_the_web, image_addresses

PICTURE = Picture(
    full=File(path="images/x.png", title="x", size=1, media_type="image/png"),
    alt=None,
    caption="",
    credit="",
    width=1200,
    height=600,
    smaller=(("apercus/x-480.jpg", 480), ("apercus/x-960.jpg", 960)),
)


def test_images_get_their_published_addresses_and_their_sizes() -> None:
    html = '<p>a <img src="file:///site/x.png" alt="vu"> b <img src="file:///site/gone.png"> c</p>'
    made = for_the_web(html, {"file:///site/x.png": PICTURE}, "Tableau")
    assert 'src="apercus/x-960.jpg"' in made
    assert 'srcset="apercus/x-480.jpg 480w, apercus/x-960.jpg 960w"' in made
    assert 'width="1200" height="600"' in made
    assert "file:" not in made
    assert "b  c" in made


def test_no_style_attribute_is_left_and_tables_scroll() -> None:
    html = (
        '<table><tr><td style="text-align: right">1</td><td style="text-align:center">2</td></tr></table>'
        '<p style="text-align:left">x</p>'
    )
    made = for_the_web(html, {}, "Tableau")
    assert "style=" not in made
    assert '<td class="text-right">1</td><td class="text-center">2</td>' in made
    assert '<div class="scroll" tabindex="0" role="region" aria-label="Tableau"><table>' in made


def test_numbers_keep_the_signs_around_them_by_a_class_that_the_style_sheet_has() -> None:
    """Every kind of number with every sign that lists can have; a browser tells no ``type="a"`` from ``type="A"``."""
    sheet = (resource_folder("layouts") / "communique/numbers.css").read_text("utf-8")
    for kind, name in _STYLES.items():
        for suffix in _SUFFIXES.values():
            body = tree_of(f'<ol class="{suffix}" type="{kind}" start="3"><li>x</li></ol>')
            set_numbers(body)
            made = for_the_web(html_of(body), {}, "")
            assert f'class="{suffix} {name}-{suffix}"' in made
            assert f"@counter-style {name}-{suffix} {{ system: extends {name};" in sheet
            assert f".{name}-{suffix} {{ list-style-type: {name}-{suffix}; }}" in sheet
    plain = tree_of('<ol type="i"><li>x</li></ol>')
    set_numbers(plain)
    assert "class" not in for_the_web(html_of(plain), {}, "")


def test_a_table_after_an_image_that_is_gone_stays_in_its_place() -> None:
    made = for_the_web("<div><img src='gone'><table><tr><td>1</td></tr></table><p>x</p></div>", {}, "Tableau")
    assert made.index("<table>") < made.index("<p>x</p>")
    assert made.count("<table>") == made.count("scroll") == 1


def test_the_files_of_images_are_told() -> None:
    found = image_addresses('<img src="file:///site/%C3%A9t%C3%A9.png"><img src="https://x.org/y.png">')
    assert [str(path) for path in found.values()] == ["/site/été.png"]
