"""The clock ends mentorships and looks after their reviews; one that slept decides the same."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projections.audit import reperformance
from tests.projections.office import sealed
from tests.workflow.clock.house import Institution
from tests.workflow.mentoring.known import ORGANISATION, designated, ended, start, started
from tests.workflow.mentoring.test_designating import designate
from tests.workflow.mentoring.test_reviewing import review
from tests.workflow.mentoring.test_running import end, extend, meet
from workflow.duties.agenda import Duties
from workflow.duties.events import DutyExcused, DutyLapsed, DutyOpened
from workflow.ids import AppointmentId, MentorshipId, PersonId
from workflow.mentoring.agenda import RunningMentorships
from workflow.mentoring.designating import WithdrawModelPerson
from workflow.mentoring.events import MentorshipEnded, ModelPersonWithdrawn
from workflow.organisation.appointments import EndAppointment
from workflow.organisation.people import RecordDeparture
from workflow.slices import Command

FIRST, LAST = date(2025, 3, 3), date(2025, 10, 20)
_places = itertools.count()


def moved(person: str, on: date) -> EndAppointment:
    id = AppointmentId(f"{person}-G3-H{person[1:]}")
    return EndAppointment(appointment=id, effective=on, cause="moved")


LIVED: dict[date, list[Command]] = {
    FIRST: [start(), start("M3", mentee="P3"), start("M4", mentee="P4"), start("M5", mentee="P5")],
    date(2025, 5, 6): [
        moved("P3", date(2025, 5, 6)),
        RecordDeparture(person=PersonId("P4"), effective=date(2025, 5, 6)),
    ],
    date(2025, 6, 2): [RecordDeparture(person=PersonId("P9"), effective=date(2025, 6, 2))],
    date(2025, 6, 20): [review()],
    date(2025, 7, 2): [end(PersonId("P5"), mentorship=MentorshipId("M5"), effective=date(2025, 7, 2))],
    date(2025, 8, 25): [extend(date(2025, 10, 6), effective=date(2025, 8, 25))],
    date(2025, 9, 15): [WithdrawModelPerson(person=PersonId("P1"), kind="key_handler", effective=date(2025, 9, 15))],
}


def lived(folder: Path, awake: Iterable[date] | None = None) -> Institution:
    history = [sealed(fact) for fact in (*ORGANISATION, designated(), designated("P9"))]
    place = Institution(f"sqlite:///{folder}/{next(_places)}/log.sqlite", history, FIRST)
    clock = place.clock(lambda: [Duties(), RunningMentorships()])
    nights = None if awake is None else set(awake)
    clock.until(FIRST)
    while place.day <= LAST:
        if nights is None or place.day in nights:
            clock.until(place.day)
        for command in LIVED.get(place.day, ()):
            place.do(command, reason="x", approver="C2")
        place.day += timedelta(days=1)
    place.day = LAST
    clock.until(LAST)
    return place


def test_each_mentorship_ends_by_what_ended_it_and_its_reviews_with_it(tmp_path: Path):
    place = lived(tmp_path)
    ends = {fact.mentorship: fact for fact in place.facts() if isinstance(fact, MentorshipEnded)}
    assert {id: (fact.cause, fact.effective) for id, fact in ends.items()} == {
        "M1": ("designation_withdrawn", date(2025, 9, 16)),
        "M3": ("mentee_transferred", date(2025, 5, 7)),
        "M4": ("mentee_left", date(2025, 5, 7)),
        "M5": ("mentee", date(2025, 7, 2)),
    }
    reviews = [fact for fact in place.facts() if getattr(fact, "duty", "").startswith("mentoring_review")]
    opened = [fact.duty.removeprefix("mentoring_review.") for fact in reviews if isinstance(fact, DutyOpened)]
    # At the end of August the term of M1 is extended over September: its third quarter is owed from then on.
    assert opened == ["M1.2025-Q2", "M3.2025-Q2", "M4.2025-Q2", "M5.2025-Q2", "M1.2025-Q3"]
    excused = {
        fact.duty.removeprefix("mentoring_review."): fact.cause for fact in reviews if isinstance(fact, DutyExcused)
    }
    assert excused == {"M3.2025-Q2": "ended", "M4.2025-Q2": "ended", "M1.2025-Q3": "ended"}
    lapsed = [fact.duty for fact in reviews if isinstance(fact, DutyLapsed)]
    assert lapsed == ["mentoring_review.M5.2025-Q2"]
    place.close()


def test_who_left_is_no_model_person_from_the_day_after(tmp_path: Path):
    place = lived(tmp_path)
    withdrawn = [fact for fact in place.facts() if isinstance(fact, ModelPersonWithdrawn)]
    assert withdrawn == [
        ModelPersonWithdrawn(PersonId("P9"), "key_handler", date(2025, 6, 3), "left"),
        ModelPersonWithdrawn(PersonId("P1"), "key_handler", date(2025, 9, 15)),
    ]
    place.close()


def test_a_clock_that_slept_undoes_nothing_that_was_done_since_somebody_left(tmp_path: Path):
    """That the mentee left is recorded, back-dated, when a goal was met and they were made a model themselves."""
    left, done = date(2025, 3, 6), date(2025, 3, 10)
    place = Institution(f"sqlite:///{tmp_path}/log.sqlite", [sealed(f) for f in (*ORGANISATION, designated())], FIRST)
    clock, who = place.clock(), PersonId("P2")
    clock.until(FIRST)
    place.do(start())
    place.day = done
    for command in (meet(effective=done), designate(person=who, effective=done)):
        place.do(command)
    place.do(RecordDeparture(person=who, effective=left), reason="x", approver="C2")
    place.day = done + timedelta(days=3)
    clock.until(place.day)
    facts = place.facts()
    assert [(f.cause, f.since, f.effective) for f in facts if isinstance(f, MentorshipEnded)] == [
        ("mentee_left", left, done + timedelta(days=1))
    ]
    withdrawn = [fact for fact in facts if isinstance(fact, ModelPersonWithdrawn)]
    assert withdrawn == [ModelPersonWithdrawn(who, "key_handler", done + timedelta(days=1), "left")]
    assert reperformance(place.log).ok
    place.close()


def test_it_ends_at_its_term(tmp_path: Path):
    history = [sealed(fact) for fact in (*ORGANISATION, designated(), started(until=date(2025, 9, 1)))]
    place = Institution(f"sqlite:///{tmp_path}/log.sqlite", history, date(2025, 8, 1))
    place.live(place.clock(lambda: [RunningMentorships()]), date(2025, 9, 3))
    assert [fact for fact in place.facts() if isinstance(fact, MentorshipEnded)] == [ended("term", date(2025, 9, 1))]
    place.close()


def test_what_was_over_before_the_clock_was_started_is_left_alone(tmp_path: Path):
    history = [sealed(fact) for fact in (*ORGANISATION, designated(), started(until=date(2025, 7, 1)))]
    place = Institution(f"sqlite:///{tmp_path}/log.sqlite", history, date(2025, 8, 1))
    place.live(place.clock(lambda: [RunningMentorships()]), date(2025, 8, 3))
    assert not any(isinstance(fact, MentorshipEnded) for fact in place.facts())
    place.close()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(naps=st.lists(st.integers(0, 60), max_size=8))
def test_a_clock_that_slept_decides_the_same(tmp_path: Path, naps: Sequence[int]):
    def told(awake: Iterable[date] | None) -> Any:
        place = lived(tmp_path, awake)
        done = {fact for fact in place.facts() if fact.TOPIC.startswith(("duty.", "mentorship.", "model_person."))}
        place.close()
        return done

    woken = [day for n in itertools.accumulate(naps) if (day := FIRST + timedelta(days=n)) < LAST]
    assert told(woken) == told(None)
