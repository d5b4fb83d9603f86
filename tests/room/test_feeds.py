"""Feeds and sitemap: valid by their schemas, complete, with whole addresses, and without scripts."""

import json
from pathlib import Path
from xml.etree.ElementTree import fromstring

import jsonschema  # type: ignore[import-untyped]
import pytest
from lxml import etree  # type: ignore[import-untyped]

from tests.room.conftest import RoomFolder

SCHEMAS = Path(__file__).parent / "schemas"
ATOM = "{http://www.w3.org/2005/Atom}"
MAREES = "2026-03-05-marees"
ADDRESS = f"https://presse.example.org/2026/{MAREES}/"


def test_the_atom_feed_is_valid(room: RoomFolder) -> None:
    schema = etree.RelaxNG(etree.parse(SCHEMAS / "atom.rng"))
    schema.assertValid(etree.parse(room.public / "feed.xml"))


@pytest.mark.parametrize(
    ("before", "after"),
    [("<updated>", "<updated>le "), ('rel="enclosure"', 'rel="enclosure" size="1"'), ("<id>", "<id>x</id><id>")],
)
def test_the_schema_would_see_a_fault(room: RoomFolder, before: str, after: str) -> None:
    text = (room.public / "feed.xml").read_text("utf-8")
    assert before in text
    broken = etree.fromstring(text.replace(before, after, 1).encode())
    assert not etree.RelaxNG(etree.parse(SCHEMAS / "atom.rng")).validate(broken)


def test_the_json_feed_is_valid(room: RoomFolder) -> None:
    schema = json.loads((SCHEMAS / "feed.json").read_text("utf-8"))
    feed = json.loads((room.public / "feed.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(feed)
    del feed["items"][0]["content_html"]
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(feed))


def test_the_sitemap_is_valid_and_leaves_out_what_is_withdrawn(room: RoomFolder) -> None:
    etree.XMLSchema(etree.parse(SCHEMAS / "sitemap.xsd")).assertValid(etree.parse(room.public / "sitemap.xml"))
    text = (room.public / "sitemap.xml").read_text("utf-8")
    assert f"<loc>{ADDRESS}</loc>" in text
    assert "<loc>https://presse.example.org/2026/</loc>" in text
    assert "2025-05-06-retire" not in text


def test_an_entry_has_its_kit_as_enclosure(room: RoomFolder) -> None:
    feed = fromstring((room.public / "feed.xml").read_bytes())
    entry = next(e for e in feed.iter(f"{ATOM}entry") if "observatoire" in (e.findtext(f"{ATOM}title") or ""))
    (enclosure,) = [link for link in entry.iter(f"{ATOM}link") if link.get("rel") == "enclosure"]
    kit = room.public / "2026" / MAREES / f"{MAREES}.pdf"
    assert enclosure.attrib["href"] == f"{ADDRESS}{MAREES}.pdf"
    assert enclosure.attrib["type"] == "application/pdf"
    assert int(enclosure.attrib["length"]) == kit.stat().st_size
    assert entry.findtext(f"{ATOM}published") == "2026-03-05T09:30:00+01:00"
    assert [category.get("term") for category in entry.iter(f"{ATOM}category")] == ["Données ouvertes", "Mer"]
    item = next(i for i in json.loads((room.public / "feed.json").read_text("utf-8"))["items"] if i["url"] == ADDRESS)
    assert [file["url"] for file in item["attachments"]] == [
        f"{ADDRESS}{MAREES}.pdf",
        f"{ADDRESS}pieces-jointes/Dossier%20d%E2%80%99%C3%A9t%C3%A9.pdf",
        f"{ADDRESS}pieces-jointes/carte.html.zip",
    ]


def test_feeds_are_in_order_and_their_ids_are_each_ones_own(room: RoomFolder) -> None:
    feed = fromstring((room.public / "feed.xml").read_bytes())
    dates = [entry.findtext(f"{ATOM}published") or "" for entry in feed.iter(f"{ATOM}entry")]
    assert dates == sorted(dates, reverse=True)
    assert len(dates) == 6
    ids = [element.text for element in feed.iter(f"{ATOM}id")]
    assert len(set(ids)) == len(ids)


def test_feeds_carry_no_script(room: RoomFolder) -> None:
    feed = fromstring((room.public / "feed.xml").read_bytes())
    contents = [entry.findtext(f"{ATOM}content") or "" for entry in feed.iter(f"{ATOM}entry")]
    contents += [item["content_html"] for item in json.loads((room.public / "feed.json").read_text("utf-8"))["items"]]
    evil = [content for content in contents if "alert(7)" in content]
    assert len(evil) == 2
    for content in contents:
        assert "<script" not in content.lower()
        links = [link.get("href", "") for link in etree.HTML(f"<p>{content}").iter("a")]
        assert not [link for link in links if not link.startswith(("https://", "http://", "mailto:", "tel:", "#"))]
        assert not [tag for tag in etree.HTML(f"<p>{content}").iter() if any(n.startswith("on") for n in tag.attrib)]
