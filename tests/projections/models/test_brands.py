"""The facts of brands, qualities and honours on a lived year: the tree on every day, what is open, what was wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from msgspec.structs import replace

from projections.views import Moment
from projections.views.brands import (
    BrandNode,
    acts,
    applications,
    applications_for,
    brand,
    brands,
    checks,
    checks_of,
    tree,
)
from projections.views.honours import honour, honours, honours_of_brand
from projections.views.qualities import score, scores, versions
from projections.views.register import Asked, register, rolled_up
from tests.projections.office import History, digests_of, facts_of, rebuilt_the_same, there
from tests.workflow.brands.known import B, S, T, U, checked, cycle, retire
from tests.workflow.brands.lived import ANEW, FIRST, LAST, house, live, of_a_year
from tests.workflow.honours.test_honours import CONFERRED
from tests.workflow.qualities.test_qualities import CORRECTED, SCORED
from workflow.brands.agenda import Brands
from workflow.brands.events import BrandChecked, BrandCheckTurned, BrandListed, BrandRejected, BrandRetired
from workflow.honours.events import HonourAnnulled, HonourCorrected, HonourRevoked
from workflow.ids import HonourId, MatterId, PersonId, UnitId
from workflow.slices import Command, Event

DAY = date(2025, 6, 13)
NOW = Moment(None, LAST)


def honour_of(id: str, **changes: object) -> Event:
    return replace(CONFERRED, honour=HonourId(id), **changes)


HONOURS: tuple[Event, ...] = (
    honour_of("H1"),
    honour_of("H2", person=None, brand=B, credited=UnitId("G3"), matter=MatterId("M2")),
    honour_of("H3", person=None, unit=UnitId("OC"), matter=MatterId("M3"), until=date(2025, 12, 13)),
    honour_of("H4", matter=MatterId("M4")),
    honour_of("H5", matter=MatterId("M5")),
    HonourRevoked(HonourId("H4"), PersonId("P1"), None, MatterId("M4"), date(2025, 8, 1)),
    HonourAnnulled(HonourId("H5"), PersonId("P1"), None, None, None, MatterId("M5"), date(2025, 8, 1)),
    HonourCorrected(
        HonourId("H1"),
        PersonId("P2"),
        None,
        None,
        None,
        None,
        "county",
        "Model team",
        "County",
        MatterId("M1"),
        MatterId("M1"),
        ("decree 7",),
        date(2025, 6, 12),
        None,
        date(2025, 8, 1),
    ),
)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    place = house(tmp_path_factory.mktemp("lived"))
    live(place)
    facts = [fact for fact in place.facts() if not fact.TOPIC.startswith("charter.")]
    place.close()
    return History(*facts, SCORED, CORRECTED, *HONOURS)


def shape(node: BrandNode) -> Iterator[tuple[str, list[str]]]:
    yield node.brand.brand, [each.brand.brand for each in node.below]
    for each in node.below:
        yield from shape(each)


def test_the_tree_is_that_of_the_day(url, history):
    with facts_of(url, history) as connection:

        def on(day: date) -> dict[str, list[str]]:
            return dict(shape(there(tree(connection, NOW.on(day), U))))

        assert on(FIRST) == {U: [S, T], S: [B], B: [], T: []}
        assert on(date(2025, 5, 6)) == {U: [S, T], S: [], T: [B], B: []}
        assert on(date(2026, 2, 15)) == {U: [S, T], S: [B], B: [], T: []}
        assert on(date(2026, 2, 16)) == {U: [S], S: []}
        assert on(ANEW) == {U: [S], S: [B], B: []}
        assert tree(connection, NOW.on(date(2025, 1, 1)), U) is None
        assert tree(connection, NOW.on(date(2026, 2, 16)), T) is None


def test_what_was_known_then_is_known_still(url, history):
    with facts_of(url, history) as connection:
        moved = next(n for n, fact in enumerate(history.facts, 1) if fact.TOPIC == "brand.moved")
        before = Moment(moved - 1, date(2025, 5, 6))
        assert (there(brand(connection, before, B)).parent, there(brand(connection, NOW.on(DAY), B)).parent) == (S, T)
        assert [each.brand for each in brands(connection, before, parent=S).items] == [B]


def test_brands_are_listed_by_what_is_asked_for(url, history):
    with facts_of(url, history) as connection:

        def found(**asked: object) -> list[str]:
            return [each.brand for each in brands(connection, NOW.on(DAY), **asked).items]  # type: ignore[arg-type]

        assert found() == [B, S, T, U]
        assert found(level="sub_brand") == [S, T]
        assert found(unit="G3") == found(parent=T) == [B]
        assert found(within="LG") == [T]
        assert found(within="I", limit=1) == [B]
        at = brands(connection, NOW, within="I")
        assert [(each.brand, each.year, each.since) for each in at.items] == [
            (B, 2026, ANEW),
            (S, 2026, date(2026, 1, 12)),
            (U, 2026, date(2026, 1, 12)),
        ]


def test_applications_and_checks_of_a_brand_are_kept_year_by_year(url, history):
    with facts_of(url, history) as connection:
        both = applications_for(connection, NOW, B)
        assert [(each.application, each.state, each.score) for each in both] == [
            (f"{B}.{year}", "listed", Decimal("90.00")) for year in (2025, 2026)
        ]
        assert [review.total for review in both[0].reviews] == [90, 90]
        states = {each.application: (each.state, each.colour) for each in checks(connection, NOW).items}
        assert states == {
            "B.2025": ("passed", "green"),
            "S.2025": ("mended", "green"),
            "T.2025": ("dropped", None),
            "U.2025": ("passed", "green"),
            **{f"{brand}.2026": ("to_check", "green") for brand in (B, S, U)},
        }
        pending = applications(connection, NOW.on(FIRST), states=("applied", "reviewed"), within="I")
        assert pending.items == []
        assert [each.application for each in applications(connection, NOW, year=2026, brand=S).items] == ["S.2026"]


def test_an_application_that_is_rejected_may_come_again(url, history):
    facts = [fact for fact in history.facts if fact.TOPIC in ("brand.applied", "brand.reviewed")][:3]
    refused = BrandRejected(U, UnitId("I"), 2025, FIRST)
    again = History(*facts, refused, facts[0])
    with facts_of(url, again) as connection:
        (one,) = applications_for(connection, Moment(again.position - 1, LAST), U)
        assert (one.state, one.words, len(one.reviews)) == ("rejected", "As it was.", 2)
        (one,) = applications_for(connection, NOW, U)
        assert (one.state, one.words, one.reviews) == ("applied", "", ())


def test_a_brand_that_was_retired_and_listed_again_that_year_is_to_be_checked_anew(url, history):
    of_u = [fact for fact in history.facts if getattr(fact, "brand", None) == U]
    first = of_u[: next(n for n, fact in enumerate(of_u) if isinstance(fact, BrandListed)) + 1]
    day = first[-1].effective
    gone = BrandRetired(U, UnitId("I"), 2025, "decided", day + timedelta(days=1))
    again = [replace(fact, effective=day + timedelta(days=2)) for fact in first]
    with facts_of(url, History(*first, gone, *again)) as connection:
        for on, state in ((1, "dropped"), (2, "to_check")):
            (shown,) = checks_of(connection, NOW.on(day + timedelta(days=on)), U)
            assert (shown.state, shown.colour) == (state, None if state == "dropped" else "green")
        (one,) = applications_for(connection, NOW, U)
        assert one.state == "listed"


def test_a_brand_that_was_listed_again_that_year_is_not_touched_by_a_retirement_of_an_earlier_day(
    database_url, history
):
    of_u = [fact for fact in history.facts if getattr(fact, "brand", None) == U]
    first = of_u[: next(n for n, fact in enumerate(of_u) if isinstance(fact, BrandListed)) + 1]
    day = first[-1].effective
    gone = BrandRetired(U, UnitId("I"), 2025, "decided", day + timedelta(days=3))
    again = [replace(fact, effective=day + timedelta(days=5)) for fact in first]
    late = replace(gone, why="parent_retired", effective=day + timedelta(days=2))
    with facts_of(database_url, History(*first, gone, *again, late)) as connection:
        assert there(brand(connection, NOW.on(day + timedelta(days=5)), U)).year == 2025
        (shown,) = checks_of(connection, NOW.on(day + timedelta(days=5)), U)
        assert (shown.state, shown.colour) == ("to_check", "green")


def test_a_check_that_is_open_is_in_the_register_and_colours_its_unit(url, history):
    with facts_of(url, history) as connection:

        def open_on(day: date, **asked: str) -> list[tuple[str, str, bool]]:
            found = register(connection, NOW.on(day), Asked(**asked), kind="brand_check")
            return [(each.id, each.colour, each.overdue) for each in found.items]

        red = date(2025, 7, 17)
        assert open_on(red) == [("B.2025", "red", True), ("S.2025", "green", False), ("T.2025", "green", False)]
        assert open_on(red, colour="red") == open_on(red, unit="G3") == [("B.2025", "red", True)]
        assert (rolled_up(connection, NOW.on(red), "G3"), rolled_up(connection, NOW.on(red), "G4")) == ("red", "green")
        assert open_on(date(2025, 8, 21), within="LG") == [("T.2025", "red", True)]
        assert open_on(date(2026, 2, 17), within="LG") == []


def test_a_clock_that_was_behind_leaves_what_was_done_since(url, history):
    """The same turns, but recorded at the end."""
    late = [fact for fact in history.facts if fact.TOPIC == "brand.check_turned"]
    other = [fact for fact in history.facts if fact.TOPIC not in ("brand.check_turned", "charter.published")]
    with facts_of(url, History(*other[1:], *late)) as connection:
        then = {c.application: c.colour for day in (DAY,) for c in checks(connection, NOW.on(day)).items}
        assert then["B.2025"] == "green"
        colours = [
            checks_of(connection, NOW.on(day), B)[0].colour for day in (date(2025, 7, 1), date(2025, 7, 16), LAST)
        ]
        assert colours == ["yellow", "red", "green"]
        assert checks_of(connection, NOW, T)[0].colour is None


@pytest.mark.parametrize("slept", [False, True])
@pytest.mark.parametrize(
    ("anew", "colours"),
    [
        (date(2025, 7, 3), ["green", "yellow", "yellow", "green", "yellow"]),
        (date(2025, 7, 4), ["green", "yellow", "yellow", None, "green"]),
    ],
)
def test_what_turned_before_a_brand_was_retired_and_listed_anew_that_year_is_shown_for_those_days(
    tmp_path, slept, anew, colours
):
    """A check is yellow from 1 July on; on the 3rd the brand is retired, and on that day or the next listed anew."""
    listed, gone, last = FIRST, date(2025, 7, 3), date(2025, 7, 7)
    place = house(tmp_path)
    acts_on: dict[date, list[Command]] = defaultdict(list)
    acts_on[listed] = [*of_a_year(U, 2025, listed), *of_a_year(S, 2025, listed)]
    acts_on[gone] += [retire(S, gone)]
    acts_on[anew] += of_a_year(S, 2025, anew)
    clock = place.clock(lambda: [Brands()])
    while place.day <= last:
        if not slept or place.day in (listed, last):
            clock.until(place.day)
        for command in acts_on[place.day]:
            place.do(command, approver="C2", reason="So decided.")
        place.day += timedelta(days=1)
    facts = [fact for fact in place.facts() if not fact.TOPIC.startswith("charter.")]
    place.close()
    with facts_of(f"sqlite:///{tmp_path}/facts.sqlite", History(*facts)) as connection:
        days = [date(2025, 6, 30), *(date(2025, 7, day) for day in (1, 2, 3, 4))]
        assert [checks_of(connection, NOW.on(day), S)[0].colour for day in days] == colours
        assert checks_of(connection, NOW.on(date(2025, 7, 5)), S)[0].colour == "yellow"


@pytest.mark.parametrize("slept", [False, True])
def test_a_check_that_turned_does_not_colour_what_is_to_be_mended_by_the_day_by_which_it_was_due(url, history, slept):
    """It was checked on the day on which the clock, which slept, noted afterwards that it had turned yellow."""
    of_b = [fact for fact in history.facts if getattr(fact, "brand", None) == B]
    yellow = next(fact for fact in of_b if isinstance(fact, BrandCheckTurned))
    seen = checked(B, "mend", yellow.effective, mend_by=yellow.due)
    before = of_b[: next(n for n, fact in enumerate(of_b) if isinstance(fact, BrandListed)) + 1]
    then = (seen, yellow) if slept else (yellow, seen)
    with facts_of(url, History(*before, *then)) as connection:
        (shown,) = checks_of(connection, NOW.on(yellow.effective), B)
        assert (shown.state, shown.colour) == ("to_mend", "green")


@pytest.mark.parametrize("days", [0, 2])
def test_what_lapsed_leaves_what_was_listed_anew_that_year_before_the_clock_noted_it(url, days):
    over = date(2025, 6, 2)
    anew = over + timedelta(days=days)
    lapsed = BrandRetired(B, UnitId("G3"), 2025, "not_renewed", over)
    facts = *cycle(U), *cycle(S), *cycle(B, until=over), *cycle(B, on=anew), lapsed
    with facts_of(url, History(*facts)) as connection:
        for day in (over, anew):
            on = NOW.on(day)
            state, colour = ("to_check", "green") if day == anew else ("dropped", None)
            (shown,) = checks_of(connection, on, B)
            assert (shown.state, shown.colour) == (state, colour)
            assert [each.brand for each in brands(connection, on, parent=S).items] == ([B] if day == anew else [])


@pytest.mark.parametrize(("result", "states"), [("mend", ["to_mend", "dropped"]), ("pass", ["passed", "passed"])])
def test_a_check_that_is_recorded_after_the_term_was_over_leaves_nothing_to_mend(url, history, result, states):
    """The clock noted that T lapsed; that it was checked before is recorded afterwards."""
    lapsed = next(fact for fact in history.facts if isinstance(fact, BrandRetired) and fact.brand == T)
    day, mend_by = lapsed.effective - timedelta(days=3), lapsed.effective - timedelta(days=1)
    of_t = [fact for fact in history.facts if getattr(fact, "brand", None) == T and not isinstance(fact, BrandChecked)]
    late = checked(T, result, day, mend_by=mend_by if result == "mend" else None)
    with facts_of(url, History(*of_t, late)) as connection:
        assert [checks_of(connection, NOW.on(on), T)[0].state for on in (day, lapsed.effective)] == states


def test_a_brand_that_was_retired_after_it_lapsed_as_of_a_day_before_has_no_open_check_since(url, history):
    lapsed = next(fact for fact in history.facts if isinstance(fact, BrandRetired) and fact.brand == T)
    of_t = [fact for fact in history.facts if getattr(fact, "brand", None) == T and not isinstance(fact, BrandChecked)]
    day = lapsed.effective - timedelta(days=3)
    with facts_of(url, History(*of_t, replace(lapsed, why="decided", effective=day))) as connection:
        days = (day - timedelta(days=1), day, lapsed.effective)
        assert [checks_of(connection, NOW.on(on), T)[0].state for on in days] == ["to_check", "dropped", "dropped"]


def test_all_that_happened_to_a_brand_is_told_in_order(url, history):
    with facts_of(url, history) as connection:
        told = acts(connection, NOW, B)
        assert all(one.position < other.position for one, other in pairwise(told))
        assert [each.act for each in told] == [
            *("applied", "reviewed", "reviewed", "listed", "moved", "turned", "turned", "checked", "moved"),
            *("retired", "applied", "reviewed", "reviewed", "listed"),
        ]
        assert told[9].told == {"why": "not_renewed"}
        assert [each.act for each in acts(connection, NOW.on(date(2025, 5, 6)), B)][-1] == "moved"


def test_a_score_stands_as_it_was_corrected_beside_what_was_given(url, history):
    with facts_of(url, history) as connection:
        one = there(score(connection, NOW, SCORED.score))
        assert (one.total, one.as_scored, one.words) == (Decimal("86.50"), Decimal("85.50"), "As it was.")
        assert [each.total for each in versions(connection, NOW, SCORED.score)] == [Decimal("85.50"), Decimal("86.50")]
        assert [each.score for each in scores(connection, NOW, within="OC", period="2025-Q1").items] == [SCORED.score]
        assert scores(connection, NOW, period="2025-Q2").items == scores(connection, NOW, unit="G3").items == []


def test_honours_are_listed_by_whose_they_are_and_how_they_stand(url, history):
    with facts_of(url, history) as connection:

        def found(day: date = LAST, **asked: object) -> list[str]:
            return [each.honour for each in honours(connection, NOW.on(day), **asked).items]  # type: ignore[arg-type]

        assert found(brand=B) == [each.honour for each in honours_of_brand(connection, NOW, B)] == ["H2"]
        assert found(within="G3") == ["H2", "H4", "H5"]  # P1 heads it
        assert found(within="OC") == ["H1", "H3"]  # P2 is secretary of a branch below it
        assert found(person="P2", level="county", year=2025) == ["H1"]
        assert found(year=2024) == []
        assert (found(state="expired"), found(DAY, state="expired")) == (["H3"], [])
        assert (found(state="revoked"), found(DAY, state="revoked")) == (["H4"], [])
        assert found(state="annulled") == found(DAY, state="annulled") == ["H5"]  # it never was
        assert found(state="conferred") == ["H1", "H2"]


def test_a_correction_holds_from_the_beginning_and_what_was_known_then_is_known_still(url, history):
    with facts_of(url, history) as connection:
        one = there(honour(connection, NOW.on(date(2025, 6, 12)), "H1"))
        assert (one.person, one.level, one.conferred_on, one.corrected_on) == (
            *("P2", "county"),
            *(date(2025, 6, 12), date(2025, 8, 1)),
        )
        before = Moment(history.position - 1, LAST)
        assert (there(honour(connection, before, "H1")).person, one.words) == ("P1", "As it was.")


def test_a_rebuild_beside_gives_the_same_facts_as_those_that_were_followed(database_url, history):
    assert rebuilt_the_same(database_url, history)


def test_both_databases_have_the_same_facts_at_every_position(url, fresh_postgres_url, history):
    assert digests_of(url, history) == digests_of(fresh_postgres_url, history)
