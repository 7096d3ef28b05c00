"""What was decided is decided again, what is falsified is named, and a clock that slept decides the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import accumulate, count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as given_any
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.projections.office import sealed
from tests.workflow.assessments.known import (
    KNOWN,
    PUBLISHED,
    after,
    confirming,
    deciding,
    lodging,
    opening,
    publishing,
    replace_day,
)
from tests.workflow.assessments.test_revoked import HONOURED_SCORES, REVERSE, REVOKE
from tests.workflow.assessments.test_scores import deduction
from tests.workflow.clock.house import Institution, by_the_clock
from tests.workflow.indicators.known import department
from workflow.assessments.agenda import Assessments
from workflow.assessments.events import (
    AppealLodged,
    AssessmentFinalised,
    AssessmentPublished,
    AssessmentRevised,
    SubjectScored,
)
from workflow.assessments.following import LISTENS_TO
from workflow.assessments.measuring import Indicators
from workflow.assessments.reperformance import AssessmentsAgain
from workflow.assessments.views import AssessmentStanding
from workflow.charter.views import CharterInForce
from workflow.ids import AppealId, MatterId, PersonId, UnitId
from workflow.indicators.views import ReadingStanding
from workflow.organisation.events import PersonLeft, PersonnelClassChanged, UnitMoved, UnitRenamed
from workflow.organisation.views import Career, PostStanding, Standing, UnitAppointments, UnitsBelow, UnitStanding
from workflow.reperformance import Reperformance
from workflow.slices import Event, View

_places = count()
LIFE = (
    *HONOURED_SCORES,
    deduction("2", "P3"),
    confirming(),
    publishing(),
    lodging(),
    deciding(strike=(MatterId("M9"),)),
    REVOKE,
    REVERSE,
)


def again(facts: Iterable[Event]) -> tuple[list[str], int]:
    """What is found wrong when everything is decided again, and how many decisions that were."""
    reperformance = Reperformance([AssessmentsAgain])
    told = [reperformance.follow(fact) for fact in facts if fact.TOPIC in reperformance.topics]
    return [each for each in told if each], reperformance.decisions


def test_everything_that_was_decided_is_decided_again():
    wrong, decisions = again(after(*LIFE).facts)
    assert wrong == []
    assert decisions == 11


def falsified(kind: type[Event], **changes: Any) -> list[str]:
    facts = list(after(*LIFE).facts)
    place = next(n for n, each in enumerate(facts) if isinstance(each, kind))
    for name, change in changes.items():
        facts[place] = replace(facts[place], **{name: change(getattr(facts[place], name))})
    return again(facts)[0]


def test_a_falsified_grade_is_named():
    def better(results: Any) -> Any:
        return tuple(replace(each, grade="excellent") if each.subject == "P2" else each for each in results)

    for kind in (AssessmentPublished, AssessmentRevised):
        wrong = falsified(kind, results=better)
        assert "the grade of P2 is recorded as excellent, and had to be good" in wrong[0]


def test_all_that_an_assessment_stands_on_is_followed():
    stood_on: list[type[View]] = [CharterInForce, Indicators, ReadingStanding, Career, UnitAppointments, Standing]
    stood_on += [PostStanding, UnitStanding, UnitsBelow, AssessmentStanding]
    heard = {event for view in stood_on for event in view.listens_to()}
    assert heard - set(LISTENS_TO) == {UnitRenamed}  # what a unit is called decides nothing


ORGANISED = (
    PersonnelClassChanged(PersonId("P1"), "assistant", date(2025, 5, 1)),
    PersonnelClassChanged(PersonId("P8"), "prosecutor", date(2025, 6, 30)),
    PersonLeft(PersonId("P2"), date(2025, 6, 30)),
    department("DCP2", "institution"),
    UnitMoved(UnitId("D1"), UnitId("DCP2"), UnitId("DCP"), date(2025, 7, 1)),
    PersonnelClassChanged(PersonId("P3"), "clerk", date(2025, 7, 1)),
)


@pytest.mark.parametrize(
    ("group", "scope", "members"),
    [
        ("prosecutors", "DCP", ("P3", "P8")),
        ("assistants", "D1", ("P1",)),
        ("leaders", "DCP", ("P0", "P4")),
        ("departments", "DCP", ("D1", "D2")),
    ],
)
def test_who_belongs_to_a_group_is_decided_again(group: str, scope: str, members: tuple[str, ...]):
    facts = list(after(opening(group, scope), known=(*KNOWN, *ORGANISED)).facts)
    assert facts[-1].subjects == members  # type: ignore[attr-defined]
    assert again(facts)[0] == []
    for others in (members[1:], (*members, "P5")):
        told = again([*facts[:-1], replace(facts[-1], subjects=others)])[0]
        assert told[0].endswith(f"who is assessed is recorded as {others}, and had to be {members}")


def test_a_falsified_score_is_named():
    wrong = falsified(SubjectScored, base=lambda base: base + 1)
    assert "the score is recorded as 96.00, and had to be 95.00" in wrong[0]


def test_falsified_due_dates_and_counted_readings_are_named():
    later = lambda day: day + timedelta(days=1)  # noqa: E731
    assert "the end of appeals" in falsified(AssessmentPublished, appeals_until=later)[0]
    assert "the due date" in falsified(AppealLodged, decide_by=later)[0]
    assert "what readings count" in falsified(SubjectScored, counted=lambda counted: counted[:1])[0]


CLOCK_FROM = date(2025, 7, 16)
LIVED = {
    date(2025, 7, 17): [lodging(effective=date(2025, 7, 17)), lodging("P1", "P4", date(2025, 7, 17), "AP2")],
    date(2025, 7, 18): [deciding(False, effective=date(2025, 7, 18))],
    date(2025, 7, 31): [replace_day(REVOKE, date(2025, 7, 31))],
    date(2025, 8, 20): [deciding(False, ("P5", "P8"), effective=date(2025, 8, 20), appeal=AppealId("AP2"))],
}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_any(naps=st.lists(st.integers(0, 30), max_size=4))
def test_a_clock_that_slept_does_what_one_did_that_was_awake(tmp_path: Path, naps: list[int]):
    history = [sealed(fact) for fact in after(*HONOURED_SCORES, confirming(), publishing()).facts]
    last = date(2025, 9, 5)

    def lived(awake: Iterable[date]) -> list[tuple[str, Event]]:
        house = Institution(f"sqlite:///{tmp_path}/{next(_places)}/log.sqlite", [], CLOCK_FROM)
        house.record(*history)
        clock = house.clock(lambda: [Assessments()])
        nights = set(awake)
        while house.day <= last:
            if house.day in nights:
                clock.until(house.day)
            for command in LIVED.get(house.day, ()):
                house.do(command, reason="r", approver="C2")
            house.day += timedelta(days=1)
        clock.until(last)
        told = by_the_clock(house)
        house.close()
        return told

    every_night = [CLOCK_FROM + timedelta(days=n) for n in range((last - CLOCK_FROM).days + 1)]
    awake = lived(every_night)
    assert lived([CLOCK_FROM, *(CLOCK_FROM + timedelta(days=n) for n in accumulate(naps))]) == awake
    assert [(each.TOPIC, each.effective) for _, each in awake] == [  # type: ignore[attr-defined]
        ("appeal.overdue", date(2025, 8, 8)),
        ("assessment.finalised", date(2025, 8, 21)),
        ("assessment.matter_struck", date(2025, 8, 1)),
        ("assessment.revised", date(2025, 8, 1)),
        ("clock.started", CLOCK_FROM),
    ]


def test_what_was_due_before_the_clock_was_started_is_left_alone(tmp_path: Path):
    late = date(2025, 7, 23)
    house = Institution(f"sqlite:///{tmp_path}/log.sqlite", [], late)
    house.record(*map(sealed, after(*PUBLISHED).facts))
    house.live(house.clock(lambda: [Assessments()]), date(2025, 8, 1))
    assert not [each for each in house.facts() if isinstance(each, AssessmentFinalised)]
    house.close()
