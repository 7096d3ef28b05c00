"""A shadow: what another charter would have made of assessments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st

from tests.workflow.assessments.known import (
    KNOWN,
    PEOPLE,
    PUBLISHED,
    SCORED,
    TEXT,
    UNITS,
    A,
    adopted_as,
    after,
    confirming,
    finalising,
    opening,
    publishing,
    rated,
    readings,
    replace_day,
    reported,
    scoring,
    voting,
)
from tests.workflow.assessments.test_again import LIFE
from tests.workflow.assessments.test_revoked import HONOURED_SCORES, REVERSE, REVOKE
from tests.workflow.assessments.test_scores import HONOUR, HONOURED, bonus, deduction, moved, veto
from workflow.assessments.events import Result
from workflow.charter.library import learn
from workflow.charter.loader import digest, shipped
from workflow.ids import IndicatorId
from workflow.indicators.definitions import definition_of
from workflow.indicators.events import IndicatorAmended
from workflow.shadow.grades import GradeChange
from workflow.shadow.shadow import Shadow
from workflow.slices import Command, Event

Steps = tuple[Event | Command, ...]


def changed(*changes: tuple[str, str], of: str = TEXT) -> str:
    """A charter with some of its text replaced."""
    for old, new in changes:
        assert old in of
        of = of.replace(old, new)
    return of


def indicator(id: str, old: str, new: str, of: str = TEXT) -> str:
    """A charter with another definition of an indicator."""
    start = of.index(f'[[indicators]]\nid = "{id}"')
    end = of.index("[[", start + 2)
    return of[:start] + changed((old, new), of=of[start:end]) + of[end:]


QUOTA = changed(("quota = 0.2 }", "quota = 0.7 }"))
LIMIT = changed(("at_least = 80 }", "at_least = 85 }"))
RANKED = changed(("ranking = false", "ranking = true"))
UNSCORED = indicator("C3", 'mode = "scored"', 'mode = "warning_only"')


def shadow(text: str, *steps: Event | Command, known: tuple[Event, ...] = KNOWN) -> Shadow:
    found = Shadow(learn(text), digest(text))
    for fact in after(*steps, known=known).facts:
        if type(fact) in found.listens_to():
            found.follow(fact)
    return found


def changes(text: str, *steps: Event | Command, known: tuple[Event, ...] = KNOWN) -> dict[str, GradeChange]:
    return {each.subject: each for each in shadow(text, *steps, known=known).grades.changes(None)}


def told(text: str, *steps: Event | Command, known: tuple[Event, ...] = KNOWN) -> dict[str, tuple[str, str, str, str]]:
    """By subject, the grade and the total, as recorded and in the shadow."""
    found = changes(text, *steps, known=known)
    return {
        subject: (each.grade, str(each.total), each.shadow_grade, str(each.shadow_total))
        for subject, each in found.items()
    }


REVERSED: Steps = (*HONOURED_SCORES, confirming(), publishing(), REVOKE, REVERSE)


@pytest.mark.parametrize("steps", [PUBLISHED, LIFE, REVERSED, (*REVERSED, replace_day(voting(P1=1, P2=2)))])
def test_under_the_charter_that_decided_them_no_grade_differs(steps: Steps):
    found = shadow(TEXT, *steps)
    assert (found.grades.changes(None), found.grades.looked_at(None)) == ([], 3)


def test_a_larger_quota_lets_in_those_who_follow():
    (found,) = shadow(QUOTA, *PUBLISHED).grades.changes(None)
    assert (found.assessment, found.subject, found.period) == (A, "P2", "2025-Q2")
    assert (found.grade, found.decided_by, found.shadow_grade) == ("good", "excellent: 1 at most", "excellent")
    assert (found.shadow_decided_by, found.why, found.rank) == ("excellent >=90", (), None)
    assert found.way == "good → excellent"


def test_a_higher_limit_of_a_grade_moves_those_below_it():
    (found,) = shadow(LIMIT, *PUBLISHED).grades.changes(None)
    assert (found.subject, found.decided_by, found.shadow_decided_by) == ("P3", "good >=80", "fair >=60")
    assert told(LIMIT, *PUBLISHED) == {"P3": ("good", "83.00", "fair", "83.00")}


def test_an_indicator_that_is_not_scored_counts_no_more():
    # Without common work: (56 + 9) and (60 + 8) of 70.
    assert told(UNSCORED, *PUBLISHED) == {
        "P1": ("excellent", "95.00", "good", "92.86"),
        "P2": ("good", "95.00", "good", "92.86"),
        "P3": ("good", "83.00", "excellent", "97.14"),
    }
    assert changes(UNSCORED, *PUBLISHED)["P1"].why == ("common: 30.00 of 30 → unmeasured of 30",)


def test_another_weight_moves_the_mean():
    known = (*KNOWN, adopted_as("C6"), reported("C6", "D2", "2025-Q2", "0"))
    heavier = indicator("C6", "weight = 4", "weight = 10")
    # In common: D1 reached C3, of weight 5, and did not report C6; D2 reached half of C3, and all of C6.
    assert told(heavier, *PUBLISHED, known=known) == {
        "P1": ("good", "81.67", "fair", "75.00"),
        "P2": ("good", "81.67", "fair", "75.00"),
        "P3": ("good", "89.67", "excellent", "93.00"),
    }


def test_another_limit_or_target_is_judged_by_as_a_colour_is():
    text = indicator("I09", "target = 90", "target = 100")
    assert told(text, *PUBLISHED) == {"P3": ("good", "83.00", "fair", "77.00")}


def test_between_equals_the_colours_of_the_shadow_count():
    known = (
        *UNITS,
        *PEOPLE,
        *(adopted_as(each) for each in ("I07", "I09")),
        *(reported("I07", "D1", f"2025-0{n}", value) for n, value in ((4, "31.25"), (5, "25"), (6, "25"))),
        *(reported("I09", "D2", f"2025-0{n}", value) for n, value in ((4, "72"), (5, "90"), (6, "90"))),
    )
    # In April both reached 0.8 of the target: D1 was yellow, D2 red.
    steps = (opening(), *map(scoring, ("P1", "P2", "P3")), voting(P1=3, P2=2), confirming(), publishing())
    redder = indicator("I07", 'red = ">32"', 'red = ">31"', indicator("I09", 'red = "<80"', 'red = "<70"'))
    found = changes(redder, *steps, known=known)
    assert {subject: each.way for subject, each in found.items()} == {
        "P1": "excellent → good",
        "P3": "good → excellent",
    }
    assert (found["P1"].why, found["P3"].why) == (("reds: 0 → 1",), ("reds: 1 → 0",))


def test_an_honour_gives_the_points_of_its_level_in_the_shadow():
    steps = (*HONOURED_SCORES, confirming(), publishing())
    more = changed(('"Province" }\npoints = 3', '"Province" }\npoints = 4'))
    (found,) = changes(more, *steps).values()
    assert (found.subject, found.total, found.shadow_total) == ("P1", Decimal("98.00"), Decimal("99.00"))
    assert found.why == ("bonus: 3 → 4",)
    unknown = changed(('id = "province"\nwords', 'id = "nation"\nwords'))
    assert {each.way for each in changes(unknown, *steps).values()} == {"excellent → undecided", "good → undecided"}


def test_where_a_tie_needs_a_vote_that_nobody_took_the_grade_is_undecided():
    steps = (*HONOURED_SCORES, confirming(), publishing())
    nothing = changed(('"Province" }\npoints = 3', '"Province" }\npoints = 0'))
    assert told(nothing, *steps) == {
        "P1": ("excellent", "98.00", "undecided", "95.00"),
        "P2": ("good", "95.00", "undecided", "95.00"),
    }
    assert changes(nothing, *steps)["P2"].shadow_decided_by == "excellent: 1 ends between equals"
    # A revision that awaits a vote, as recorded, is undecided likewise.
    assert {each.grade for each in changes(RANKED, *REVERSED).values()} == {"undecided", "good"}


def test_bonuses_and_deductions_keep_to_the_limits_of_the_shadow():
    steps = (*SCORED, bonus("P2", points=Decimal(2)), deduction("5", "P3"), confirming(), publishing())
    text = changed(("bonus_at_most = 10", "bonus_at_most = 1"), ("deduction_at_most = 20", "deduction_at_most = 2"))
    assert told(text, *steps) == {
        "P2": ("excellent", "97.00", "excellent", "96.00"),
        "P3": ("fair", "78.00", "good", "81.00"),
    }


def test_a_veto_caps_where_the_shadow_says():
    steps = (*SCORED, veto("P1"), confirming(), publishing())
    (found,) = changes(changed(('veto_caps_at = "fair"', 'veto_caps_at = "poor"')), *steps).values()
    assert (found.way, found.decided_by) == ("fair → poor", "veto: fair at best")


def test_a_rating_keeps_its_share_of_the_points():
    text = changed(("rated = true, points = 10", "rated = true, points = 20"))
    found = changes(text, *PUBLISHED)
    assert found["P3"].why == ("overall: 8.00 of 10 → 16.00 of 20",)
    assert found["P3"].shadow_total == 60 + 15 + 16


def test_a_part_that_nobody_rated_is_shared_by_the_others():
    text = changed(('set = "common", points = 30', "rated = true, points = 30"))
    assert {subject: each[3] for subject, each in told(text, *PUBLISHED).items()} == {
        "P1": "92.86",
        "P2": "92.86",
        "P3": "97.14",
    }


def test_who_would_not_be_assessed_there_is_ungraded():
    nobody = changed(('classes = ["prosecutor"]', 'classes = ["judicial_police"]'), ('"police"', '"police2"'))
    for text in (nobody, changed(('id = "prosecutors"', 'id = "lawyers"')), shipped("hospital")):
        found = changes(text, *PUBLISHED)
        assert set(found) == {"P1", "P2", "P3"}
        assert {each.way for each in found.values()} == {"excellent → ungraded", "good → ungraded"}
        assert found["P1"].shadow_decided_by == "not among prosecutors"
        assert found["P1"].shadow_total is None
    # One of them heads a department of which there are two; the quota is that of those who stay.
    heads = changed(('ranks = ["head", "overseer"]', 'classes = ["admin"], ranks = ["head"]'))
    steps = (opening("leaders"), *(scoring(each, of=LEADERS) for each in ("P0", "P4")), *closing(LEADERS))
    assert {each.way for each in changes(heads, *steps).values()} == {"excellent → ungraded", "good → ungraded"}


LEADERS = "leaders.DCP.2025-Q2"


def closing(of: str) -> Steps:
    return confirming(of=of), publishing(of=of)


def test_of_whom_nothing_is_measured_is_ungraded():
    text = indicator("I07", 'mode = "scored"', 'mode = "reference_only"', UNSCORED)
    overall = '  { id = "overall", words = { zh = "综合评价", en = "Overall rating" }, rated = true, points = 10 },\n'
    found = changes(changed((overall, ""), of=text), *PUBLISHED)
    assert {s: (each.way, each.shadow_decided_by) for s, each in found.items()} == {
        "P1": ("excellent → ungraded", "unmeasured"),
        "P2": ("good → ungraded", "unmeasured"),
        "P3": ("good → excellent", "excellent >=90"),
    }


def test_what_was_not_asked_for_is_not_missing():
    wider = indicator("I09", 'units = ["D2"]', 'units = ["D1", "D2"]')
    assert told(wider, *PUBLISHED) == {}
    definition = definition_of(learn(wider).indicator("I09"))
    asked = IndicatorAmended(IndicatorId("I09"), definition, date(2025, 1, 1))
    # Where D1 was asked for it, and did not report, half of its performance is missing: 28 + 30 + 9.
    assert told(TEXT, *PUBLISHED, known=(*KNOWN, asked))["P1"] == ("fair", "67.00", "excellent", "95.00")
    assert told(wider, *PUBLISHED, known=(*KNOWN, asked)) == {}


def test_only_published_results_of_periods_that_ended_since_are_looked_at():
    assert shadow(LIMIT, *SCORED).grades.looked_at(None) == 0
    found = shadow(LIMIT, *PUBLISHED, finalising(date(2025, 7, 22))).grades
    assert [each.subject for each in found.changes(date(2025, 6, 30))] == ["P3"]
    assert (found.changes(date(2025, 7, 1)), found.looked_at(date(2025, 7, 1))) == ([], 0)


def test_ranks_are_told_where_they_are_published():
    found = changes(RANKED, *PUBLISHED)
    assert {s: (each.rank, each.shadow_rank) for s, each in found.items()} == {
        "P1": (None, 1),
        "P2": (None, 2),
        "P3": (None, 3),
    }


CHANGES = (
    ("quota = 0.2 }", "quota = 0.7 }"),
    ("at_least = 80 }", "at_least = 85 }"),
    ("at_least = 90, quota", "at_least = 97, quota"),
    ("bonus_at_most = 10", "bonus_at_most = 3"),
    ("deduction_at_most = 20", "deduction_at_most = 2"),
    ('veto_caps_at = "fair"', 'veto_caps_at = "good"'),
    ('tie_by = "performance"', 'tie_by = "common"'),
    ('"Province" }\npoints = 3', '"Province" }\npoints = 5'),
    ('set = "performance", points = 60', 'set = "performance", points = 40'),
    ('set = "common", points = 30', 'set = "common", points = 55'),
    ("yellow_max = 1", "yellow_max = 2"),
    ("ranking = false", "ranking = true"),
)
DEFINED = (
    ("I07", 'mode = "scored"', 'mode = "warning_only"'),
    ("C3", 'mode = "scored"', 'mode = "reference_only"'),
    ("C3", "target = 92", "target = 120"),
    ("I09", "target = 90", "target = 95"),
    ("I07", "target = 25", "target = 20"),
    ("C3", "weight = 5", "weight = 1"),
    ("I07", 'red = ">32"', 'red = ">30"'),
)
LIVED: Steps = (
    opening(),
    *(scoring(each, rated(points)) for each, points in (("P1", "9"), ("P2", "8.5"), ("P3", "8"))),
    HONOURED,
    bonus("P1", honour=HONOUR),
    bonus("P2", "M2", points=Decimal("2.5")),
    deduction("2", "P3"),
    deduction("1.5", "P3", "M10"),
    veto("P2"),
    voting(P1=1, P2=2, P3=3),
    confirming(),
    publishing(),
)


@settings(max_examples=60, deadline=None)
@given_any(which=st.sets(st.sampled_from(CHANGES)), defined=st.sets(st.sampled_from(DEFINED), max_size=3))
def test_a_shadow_tells_what_would_have_been_had_its_charter_been_in_force(
    which: set[tuple[str, str]], defined: set[tuple[str, str, str]]
):
    text = changed(*which)
    for each in defined:
        text = indicator(*each, of=text) if each[1] in text else text
    people = moved(date(2025, 5, 16))
    found = changes(text, *LIVED, known=(*KNOWN, *people))
    was = _results(TEXT, people)
    for subject, instead in _results(text, people).items():
        recorded, change = was[subject], found.get(subject)
        if change is None:
            assert _of(recorded) == _of(instead)
        else:
            assert (change.total, change.grade, change.rank) == _of(recorded)
            assert (change.shadow_total, change.shadow_grade, change.shadow_rank) == _of(instead)


def _results(text: str, people: tuple[Event, ...]) -> dict[str, Result]:
    """The results, had everything been done under a charter."""
    known = (*UNITS, *PEOPLE, *readings(text), *people)
    published: Any = after(*LIVED, known=known, text=text).facts[-1]
    return {each.subject: each for each in published.results}


def _of(result: Result) -> tuple[Decimal, str, int | None]:
    return result.total, result.grade, result.rank
