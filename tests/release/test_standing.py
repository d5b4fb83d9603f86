"""What is out when: against a model of its own, which knows what the author meant and never reads a file."""

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.base.errors import Problem, unsaid
from presskit.reading.settings import read_site
from presskit.reading.site import Brand, Site
from presskit.release.standing import Standing, State, instant, standing_of
from tests.conftest import SiteFolder
from tests.reading.test_holds import EMBARGOES

PARIS = ZoneInfo("Europe/Paris")
SITE = Site(root=Path(), timezone=PARIS)
RELEASES = (
    "publishDate publish_date not-before release-date ne-pas-diffuser-avant date-publication mise-en-ligne".split()
)
RELEASES += "date-de-publication publication diffusion parution".split()
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def standing(fields: str, site: Site = SITE, **more: Any) -> Standing:
    text = f"---\ntitle: Le titre\ndate: 2026-01-02\n{fields}\n---\nLe texte.\n"
    return standing_of(text.encode(), Path("c.md"), site, **more)


def test_of_several_moments_that_are_read_of_what_is_damaged_the_last_holds() -> None:
    days = ("embargo: 2026-03-01", "publishDate: 2026-08-01", "not-before: 2026-05-01")
    found = [standing("\n".join((*order, "chapeau: 'l'eau'"))).until for order in itertools.permutations(days)]
    assert set(found) == {datetime(2026, 7, 31, 22, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ("tags: [x]", State.PUBLIC),
        ("embargo: 2026-06-01 13:59", State.PUBLIC),
        ("embargo: 2026-06-01 14:01", State.EMBARGO),
        ("embargo: jusqu'au 2026-06-01 14:01", State.EMBARGO),
        ("embargo: [2099-01-01]", State.EMBARGO),
        ("embargo: non", State.PUBLIC),
        ("embargo: false", State.PUBLIC),
        ("embargo: 2020-01-01\nsous-embargo: 2099-01-01", State.EMBARGO),
        ("embargo: non\nembargo_date: 2099-01-01", State.EMBARGO),
        ("draft: oui", State.DRAFT),
        ("published: non", State.DRAFT),
        ("publié: non", State.DRAFT),
        ("draft: false\npublished: true\nwithdrawn: non", State.PUBLIC),
        ("retirée: oui", State.WITHDRAWN),
        ("darft: true", State.DRAFT),
        ("status: draft", State.DRAFT),
        ("Statut: Brouillon", State.DRAFT),
        ("visibility: private", State.DRAFT),
        ("status: published", State.PUBLIC),
        ("retrait: 2026-02-03", State.WITHDRAWN),
        ("embargo: 2099-01-01\nwithdrawn: true", State.EMBARGO),
        ("withdrawn: 2099-01-01", State.PUBLIC),
        ("expiryDate: 2020-01-01", State.WITHDRAWN),
        ("expiryDate: 2099-01-01", State.PUBLIC),
        ("supprimé: true", State.WITHDRAWN),
        ("etat: validé", State.PUBLIC),
        ("statut: en attente de validation", State.DRAFT),
        ("status: embargoed\nembargo: 2099-01-01", State.EMBARGO),
        *((f"{key}: 2099-01-01", State.FUTURE) for key in RELEASES),
        *((f"{key}: 2020-01-01", State.PUBLIC) for key in RELEASES),
        ("publication: Journal officiel", State.PUBLIC),
        ("date_de_la_fete: 2099-01-01", State.FUTURE),
        ("date_de_la_fete: 2020-01-01", State.PUBLIC),
        ("lang: en\nembargo: 12/11/2020", State.UNKNOWN),
        ("embargo: 12/11/2020", State.PUBLIC),
        *((fields, State.UNKNOWN) for fields in ("status: embargoed", "etat: bof", "status: [draft, x]")),
        *((fields, State.UNKNOWN) for fields in ("publishDate: bientôt", "not-before: 12/2099", "expiryDate: un jour")),
        ("tags: [Embargo 1er décembre]", State.UNKNOWN),
        ("categories: Sous embargo", State.UNKNOWN),
        ("chapeau: |-\n  Le point.\n  embargo: 2099-01-01", State.UNKNOWN),
        # What is not understood is not out.
        *(
            (fields, State.UNKNOWN)
            for fields in (
                "embargo: oui",
                "embargo: true",
                "embargo:",
                "embargo: ''",
                "embargo: []",
                "embargo: {jusqu'au: 2099-01-01}",
                "embargo: [2098-01-01, 2099-01-01]",
                "embargo: demain",
                "embargo: 2099-13-01",
                "embargo: 2099-01-01\nembargo: 2020-01-01",
                "diffusion: {embargo: 2099-01-01}",
                "files: [{file: a.pdf, sous_embargo: 2099-01-01}]",
                "embargo: non\ndate-embargo: oui",
                "published: flase",
                "draft: peut-être",
                "withdrawn: ture",
                "published: false\npublished: true",
                "tags: 'l'eau'\nembargo: 2020-01-01",
            )
        ),
    ],
)
def test_what_a_front_matter_says(fields: str, state: State) -> None:
    found = standing(fields)
    assert found.at(NOW) is state
    assert found.is_out(NOW) == (state is State.PUBLIC)
    if state is State.UNKNOWN:
        assert not found.may_stay(NOW)
        assert found.problems[0].line


@pytest.mark.parametrize("key", EMBARGOES)
@pytest.mark.parametrize("where", ["{}: 2099-01-01 06:00", '"{}": "2099-01-01"', "- {{a: {{{}: x}}}}"])
def test_a_key_that_speaks_of_an_embargo_is_read_or_an_error(key: str, where: str) -> None:
    fields = f"more:\n{where.format(key)}" if where.startswith("-") else where.format(key)
    assert standing(fields).at(NOW) is (State.UNKNOWN if where.startswith("-") else State.EMBARGO)


def test_in_toml_too() -> None:
    for fields, state in (
        ("embargo = 2099-01-01T06:00:00", State.EMBARGO),
        ("sous_embargo = 2099-01-01", State.EMBARGO),
        ("embargo = true", State.UNKNOWN),
        ("withdrawn = true", State.WITHDRAWN),
        ("draft = true", State.DRAFT),
        ("[x]\nembargo = 1", State.UNKNOWN),
    ):
        text = f"+++\ntitle = 'T'\ndate = 2026-01-02\n{fields}\n+++\nx"
        assert standing_of(text.encode(), Path("c.md"), SITE).at(NOW) is state, fields


@pytest.mark.parametrize(
    ("file", "text", "state"),
    [
        ("_config.yml", "defaults: [{scope: {path: ''}, values: {embargo_date: 2099-01-01}}]", State.EMBARGO),
        ("_config.yml", "defaults: [{scope: {path: ''}, values: {published: false}}]", State.DRAFT),
        ("_config.yml", "defaults: [{scope: {path: ''}, values: {embargo: bientôt}}]", State.UNKNOWN),
        ("_config.yml", "defaults: [{scope: {path: autres}, values: {embargo: bientôt}}]", State.PUBLIC),
        ("presskit.toml", "[[defaults]]\npath = ''\nvalues = {Embargoed = 2099-01-01}", State.EMBARGO),
        ("presskit.toml", "[[defaults]]\npath = ''\nvalues = {x = {embargo = 2099-01-01}}", None),
        ("presskit.toml", "embargo = 2099-01-01", None),
        ("presskit.toml", "[room]\nembargo = 2099-01-01", None),
        ("_config.yml", "sous-embargo: 2099-01-01", None),
        ("_config.yml", "defaults: {values: {embargo: 2099-01-01}}", None),
        ("_config.yml", "theme: {labels: {embargo: Sous embargo}}", State.PUBLIC),
    ],
)
def test_what_a_site_says_by_default(site: SiteFolder, file: str, text: str, state: State | None) -> None:
    from presskit.base.errors import PresskitError

    site.write(file, text)
    if state is None:
        with pytest.raises(PresskitError, match="mentions an embargo"):
            read_site(site.root, unsaid)
        return
    path = site.communique()
    read = read_site(site.root, unsaid)
    assert standing_of(path.read_bytes(), path, read).at(NOW) is state
    # One that can't be read is held back by what its site says, and by nothing else.
    broken = path.read_bytes().replace(b"title: '", b"title: 'l'")
    assert standing_of(broken, path, read).may_stay(NOW) is (state is State.PUBLIC)
    # What a communiqué says itself comes first.
    own = path.read_bytes().replace(b"---\n", b"---\nembargo: 2020-01-01\npublished: true\n", 1)
    assert standing_of(own, path, read).at(NOW) is State.PUBLIC


@pytest.mark.parametrize(
    ("written", "zone", "country", "expected"),
    [
        ("2026-03-29 02:30", "Europe/Paris", "FR", "2026-03-29T01:30"),  # never shown by any clock
        ("2026-10-25 02:30", "Europe/Paris", "FR", "2026-10-25T01:30"),  # shown twice
        ("2026-10-25 02:30 +02:00", "Europe/Paris", "FR", "2026-10-25T00:30"),
        ("2026-12-01 06:00", "", "FR", "2026-12-01T05:00"),
        ("2026-12-01 06:00", "", "DE", "2026-12-01T05:00"),
        ("2026-12-01 06:00", "", "US", "2026-12-01T16:00"),  # in Hawaii
        ("2026-12-01 06:00", "", "XX", "2026-12-01T18:00"),  # anywhere on earth
        ("2026-12-01", "Pacific/Auckland", "FR", "2026-11-30T11:00"),
        ("2999-12-31", "America/New_York", "FR", "2999-12-31T05:00"),
    ],
)
def test_of_several_moments_that_may_be_meant_the_last(written: str, zone: str, country: str, expected: str) -> None:
    site = Site(root=Path(), brand=Brand(country=country), timezone=ZoneInfo(zone) if zone else None)
    embargo = standing(f"embargo: {written}", site).embargo
    assert embargo is not None
    assert abs(embargo - datetime.fromisoformat(f"{expected}+00:00")) < timedelta(
        hours=6 if "9999" in written else 0.01
    )


def test_an_unknown_zone_is_said() -> None:
    warnings: list[Problem] = []
    standing("embargo: 2026-12-01", Site(root=Path(), brand=Brand(country="US")), warn=warnings.append)
    assert [warning.field for warning in warnings] == ["embargo"]


def test_a_slip_of_the_pen_is_said() -> None:
    warnings: list[Problem] = []
    assert standing("enbargo: 2099-01-01", warn=warnings.append).at(NOW) is State.EMBARGO
    assert "taken for an embargo" in str(warnings[0])


@pytest.mark.parametrize(
    ("fields", "future", "until"),
    [
        ("date: 2026-12-01", False, datetime(2026, 11, 30, 23, tzinfo=UTC)),
        ("date: 2026-12-01", True, None),
        ("date: 2026-12-01\nembargo: 2026-12-02 06:00", False, datetime(2026, 12, 2, 5, tzinfo=UTC)),
        ("date: 2026-12-03 10:00\nembargo: 2026-12-02 06:00", False, datetime(2026, 12, 3, 9, tzinfo=UTC)),
        ("date: 2026-12-03 10:00\nembargo: 2026-12-02 06:00", True, datetime(2026, 12, 2, 5, tzinfo=UTC)),
        ("date: 2026-12-01 10:00 Z", False, datetime(2026, 12, 1, 10, tzinfo=UTC)),
    ],
)
def test_when_it_is_out(fields: str, future: bool, until: datetime | None) -> None:
    text = f"---\ntitle: T\n{fields}\n---\nx"
    found = standing_of(text.encode(), Path("c.md"), Site(root=Path(), timezone=PARIS, future=future))
    assert found.until == until
    assert found.is_out(until or NOW)
    assert until is None or not found.is_out(until - timedelta(seconds=1))


# Histories


def summer(moment: datetime) -> bool:
    """Whether Paris has summer time at a moment in UTC: from the last Sunday of March to that of October, at 1 h."""

    def last_sunday(month: int) -> datetime:
        day = datetime(moment.year, month, 31, 1)
        return day - timedelta(days=(day.weekday() + 1) % 7)

    return last_sunday(3) <= moment.replace(tzinfo=None) < last_sunday(10)


def last_meant(local: datetime) -> datetime:
    """The last moment in UTC at which a clock in Paris may show a time."""
    winter, summery = (local - timedelta(hours=hours) for hours in (1, 2))
    return (summery if summer(winter) and summer(summery) else winter).replace(tzinfo=UTC)


@dataclass(frozen=True)
class Meant:
    """What an author means, and writes."""

    embargo: datetime | None
    key: str
    offset: bool
    draft: bool
    withdrawn: bool
    mistake: str

    @property
    def text(self) -> bytes:
        fields = []
        if self.embargo:
            written = f"{self.embargo:%Y-%m-%d %H:%M}" + (" +00:00" if self.offset else "")
            fields.append(f"{self.key}: {written}")
        fields += ["draft: true"] * self.draft + ["retiré: oui"] * self.withdrawn
        lines = "\n".join(["title: Le titre", "date: 2020-01-01", *fields])
        text = f"---\n{lines}\n---\nLe texte.\n"
        return {
            "": text.encode(),
            "quote": text.replace("title: Le titre", "title: 'l'eau'").encode(),
            "colon": text.replace("title: Le titre", "title: a: b").encode(),
            "tab": text.replace("date:", "\tdate:").encode(),
            "unended": text.replace("---\nLe texte", "Le texte").encode(),
            "unbegun": text[4:].encode(),
            "latin": text.replace("titre", "été").encode("latin-1"),
            "no date": text.replace("date: 2020-01-01\n", "").encode(),
            "a bad date": text.replace("date: 2020-01-01", "date: demain").encode(),
            "twice": text.replace("---\nLe", "title: 'x\n---\nLe").encode(),
        }[self.mistake]

    @property
    def over(self) -> datetime:
        """When the embargo is over, in UTC."""
        if self.embargo is None:
            return datetime.min.replace(tzinfo=UTC)
        return self.embargo.replace(tzinfo=UTC) if self.offset else last_meant(self.embargo)

    @property
    def is_held(self) -> bool:
        return bool(self.embargo) or self.draft or self.withdrawn


MISTAKES = [
    "",
    "",
    "",
    "quote",
    "colon",
    "tab",
    "unended",
    "unbegun",
    "latin",
    "no date",
    "a bad date",
    "twice",
]
AROUND = [datetime(2026, 3, 29, 2, 30), datetime(2026, 10, 25, 2, 30), datetime(2026, 6, 1, 6)]
MOMENTS = st.builds(
    lambda base, minutes: base + timedelta(minutes=minutes), st.sampled_from(AROUND), st.integers(-200, 200)
)
MEANT = st.builds(
    Meant,
    st.none() | MOMENTS,
    st.sampled_from(EMBARGOES),
    st.booleans(),
    st.sampled_from([False, False, True]),
    st.sampled_from([False, False, True]),
    st.sampled_from(MISTAKES),
)


@given(st.lists(st.tuples(MEANT, MOMENTS), min_size=1, max_size=12))
def test_nothing_is_out_that_its_author_holds_back_and_nothing_goes_without_need(
    history: list[tuple[Meant, datetime]],
) -> None:
    """Edits, mistakes and clocks that jump, one after the other, each looked at by one run."""
    shown = False
    for meant, clock in history:
        now = clock.replace(tzinfo=UTC)
        found = standing_of(meant.text, Path("c.md"), SITE)
        before, shown = shown, found.is_out(now) or (shown and found.may_stay(now))
        if meant.mistake:
            assert not found.is_out(now)
            assert shown == (before and not meant.is_held)
        else:
            assert shown == (now >= meant.over and not meant.draft and not meant.withdrawn)


@given(MOMENTS, st.sampled_from(["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "UTC"]))
def test_a_moment_is_never_before_a_clock_shows_it(local: datetime, name: str) -> None:
    """By the clock itself: from then on it shows that time or a later one, or never showed it."""
    zone = ZoneInfo(name)
    moment = instant(local, Site(root=Path(), timezone=zone))
    assert moment.astimezone(zone).replace(tzinfo=None) >= local
    later = moment + timedelta(minutes=1)
    assert later.astimezone(zone).replace(tzinfo=None) > local
    assert instant(date(2026, 1, 1), Site(root=Path(), timezone=zone)) == datetime.combine(
        date(2026, 1, 1), time(), zone
    ).astimezone(UTC)


def test_the_remedy_of_a_day_where_yes_or_no_is_meant_publishes_nothing() -> None:
    for value in ("2099-01-01", "bientôt"):
        (problem,) = standing(f"published: {value}").problems
        assert "true" not in problem.remedy
        assert "published: false" in problem.remedy


def test_a_release_to_come_holds_back_a_file_that_can_not_be_read() -> None:
    for day, stays in (("2099-01-01", False), ("2020-01-01", True), ("bientôt", False)):
        assert standing(f"publishDate: {day}\nchapeau: 'l'eau'").may_stay(NOW) is stays


def test_a_file_in_utf_16_has_a_front_matter() -> None:
    text = "---\ntitle: x\ndate: 2026-01-02\nembargo: 2099-01-01\n---\nx\n"
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"):
        found = standing_of(text.encode(encoding), Path("c.md"), SITE).at(NOW)
        # Without its mark it can't be read for certain.
        assert found is (State.UNKNOWN if encoding[6:] in ("-le", "-be") else State.EMBARGO), encoding


def test_a_title_about_an_embargo_does_not_take_a_page_down() -> None:
    text = "---\ntitle: Embargo sur les armes\ndate: 2026-01-02\nchapeau: 'l'eau'\n---\nL’embargo : un an.\n"
    assert standing_of(text.encode(), Path("c.md"), SITE).may_stay(NOW)
    assert not standing_of(text.replace("title", "embargo").encode(), Path("c.md"), SITE).may_stay(NOW)
