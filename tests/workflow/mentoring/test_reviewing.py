"""The review of a mentorship is a duty: it opens, turns yellow and lapses, is extended and excused as duties are."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from tests.given import given
from tests.workflow.indicators.known import START, TEXT
from tests.workflow.mentoring.known import (
    G3,
    HEAD,
    M1,
    MODEL,
    ORGANISATION,
    RULE,
    designated,
    ended,
    known,
    started,
)
from workflow.duties.agenda import LetDutyGo, OpenDuty, TurnDuty
from workflow.duties.commands import ExcuseDuty, ExtendDuty, FulfilDuty
from workflow.duties.events import (
    DutyExcused,
    DutyExtended,
    DutyFulfilled,
    DutyFulfilledLate,
    DutyLapsed,
    DutyOpened,
    DutyTurnedYellow,
)
from workflow.ids import DutyId, MentorshipId, PersonId
from workflow.mentoring.events import MentorshipExtended, MentorshipReviewed
from workflow.mentoring.reviewing import ReviewMentorship

DUTY = DutyId("mentoring_review.M1.2025-Q2")
FIRST, DUE, YELLOW, JUNE = date(2025, 4, 1), date(2025, 7, 10), date(2025, 7, 3), date(2025, 6, 20)
opened = DutyOpened(DUTY, "mentoring_review", G3, "2025-Q2", DUE, time.max, YELLOW, *RULE, FIRST)


def review(period: str = "2025-Q2", **changes: Any) -> ReviewMentorship:
    asked: dict[str, Any] = {"mentorship": M1, "period": period, "held_on": JUNE, "finding": "On the way."}
    return ReviewMentorship(**{**asked, "evidence": (), "effective": JUNE, "person": MODEL, **changes})


def reviewed(on: date = JUNE, person: PersonId | None = MODEL) -> MentorshipReviewed:
    return MentorshipReviewed(M1, MODEL, PersonId("P2"), DUTY, "2025-Q2", JUNE, "On the way.", (), person, on)


def done(on: date = JUNE, person: PersonId | None = MODEL, due: date = DUE, at: time = time.min) -> DutyFulfilled:
    event = DutyFulfilledLate if on > due else DutyFulfilled
    return event(DUTY, G3, person, JUNE, (), (MODEL, PersonId("P2")), 0, 0, due, time.max, at, on)


def test_a_mentorship_owes_a_review_for_each_quarter_through_which_it_runs():
    opens = OpenDuty(duty=DUTY, effective=FIRST)
    known(started()).when(opens, today=FIRST).then(opened)
    known(started(since=date(2025, 4, 2))).when(opens, today=FIRST).refused("duty.not_owed")
    known(started(until=date(2025, 6, 30))).when(opens, today=FIRST).refused("duty.not_owed")
    known(started(until=date(2025, 7, 1))).when(opens, today=FIRST).then(opened)
    known().when(opens, today=FIRST).refused("duty.not_owed")


def test_a_term_extended_over_the_end_of_a_quarter_owes_its_review():
    extended = MentorshipExtended(M1, MODEL, PersonId("P2"), date(2025, 8, 1), 1, date(2025, 5, 6))
    opens = OpenDuty(duty=DUTY, effective=date(2025, 5, 7))
    known(started(until=date(2025, 6, 20)), extended).when(opens, today=date(2025, 5, 7)).then(opened)


def test_a_review_fulfils_the_duty_in_the_same_append():
    known(started(), opened).when(review(), today=JUNE).then(reviewed(), done())
    known(started()).when(review(), today=JUNE).then(opened, reviewed(), done())
    known(started(), opened, reviewed(), done()).when(review(), today=JUNE).refused("mentorship.reviewed")


def test_a_review_after_the_due_date_is_late():
    late = date(2025, 7, 11)
    known(started(), opened).when(review(effective=late), today=late).then(reviewed(late), done(late))


def test_a_review_that_is_not_held_turns_yellow_and_lapses():
    facts = known(started(), opened)
    yellow, red = date(2025, 7, 3), date(2025, 7, 11)
    told = DutyTurnedYellow(DUTY, G3, "yellow", DUE, *RULE, yellow, time.max)
    facts.when(TurnDuty(duty=DUTY, colour="yellow", effective=yellow), today=yellow).then(told)
    lapsed = DutyLapsed(DUTY, G3, "red", DUE, *RULE, red, time.max)
    facts.when(TurnDuty(duty=DUTY, colour="red", effective=red), today=red).then(lapsed)


def test_who_answers_for_the_mentors_unit_extends_a_review():
    until = date(2025, 7, 24)
    ask = ExtendDuty(duty=DUTY, person=HEAD, until=until, effective=JUNE)
    extended = DutyExtended(DUTY, G3, HEAD, until, time.max, date(2025, 7, 17), 1, JUNE)
    known(started(), opened).when(ask, today=JUNE, approver="C2", reason="A long case.").then(extended)
    other = ExtendDuty(duty=DUTY, person=PersonId("P9"), until=until, effective=JUNE)
    known(started(), opened).when(other, today=JUNE, approver="C2", reason="x").refused("duty.not_answerable")
    known(started(), opened, extended).when(review(effective=until), today=until).then(
        reviewed(until), done(until, due=until)
    )


def test_a_review_is_excused_as_other_duties_are():
    excuse = ExcuseDuty(duty=DUTY, effective=JUNE)
    excused = DutyExcused(DUTY, G3, "decided", JUNE)
    known(started(), opened).when(excuse, today=JUNE, approver="C2", reason="Ill.").then(excused)
    known(started(), opened, excused).when(review(), today=JUNE).refused("duty.excused")


def test_a_review_is_not_owed_when_the_mentorship_ended_before_the_quarter_did():
    over = ended("mentee", date(2025, 5, 6))
    day, following = date(2025, 5, 6), date(2025, 5, 7)
    facts = known(started(), opened, over)
    facts.when(LetDutyGo(duty=DUTY, effective=day), today=day).nothing()
    facts.when(LetDutyGo(duty=DUTY, effective=following), today=following).then(
        DutyExcused(DUTY, G3, "ended", following)
    )
    facts.when(review(), today=JUNE).refused("duty.not_owed")


def test_what_ended_after_the_quarter_is_still_reviewed_for_it():
    over = ended("mentee", date(2025, 7, 2))
    july = date(2025, 7, 4)
    known(started(), opened, over).when(review(effective=july), today=july).then(reviewed(july), done(july))


def test_the_duty_is_fulfilled_by_the_review_alone():
    meeting = FulfilDuty(duty=DUTY, held_on=JUNE, evidence=("minutes",), effective=JUNE)
    known(started(), opened).when(meeting, today=JUNE).refused("duty.review")


def test_the_mentor_or_who_answers_for_the_unit_reports_it_or_a_clerk_records_it():
    known(started(), opened).when(review(person=HEAD), today=JUNE).then(reviewed(person=HEAD), done(person=HEAD))
    known(started(), opened).when(review(person=None), today=JUNE).then(reviewed(person=None), done(person=None))
    for person in ("P2", "P3", "P9"):
        known(started(), opened).when(review(person=PersonId(person)), today=JUNE).refused("mentorship.not_answerable")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"period": "soon"}, "mentorship.period"),
        ({"period": "2025-06"}, "mentorship.no_review"),
        ({"period": "2025-Q3"}, "duty.not_owed"),
        ({"finding": " "}, "mentorship.finding"),
        ({"held_on": date(2025, 3, 31)}, "mentorship.held_on"),
        ({"held_on": date(2025, 6, 21)}, "mentorship.held_on"),
        ({"effective": date(2025, 6, 21)}, "mentorship.future"),
        ({"evidence": (" ",)}, "mentorship.evidence"),
        ({"mentorship": MentorshipId("M404")}, "mentorship.unknown"),
    ],
)
def test_a_review_is_of_a_quarter_and_says_what_it_found(changes: dict[str, Any], code: str):
    known(started()).when(review(**changes), today=JUNE).refused(code)


def test_a_unit_owes_no_review():
    duty = DutyId("mentoring_review.G3.2025-Q2")
    known(started()).when(OpenDuty(duty=duty, effective=FIRST), today=FIRST).refused("duty.not_owed")


def test_a_charter_without_reviews_asks_for_none():
    line = next(line for line in TEXT.splitlines(keepends=True) if line.startswith("review = "))
    facts = given(*ORGANISATION, designated(), started(), charters=[(START, TEXT.replace(line, ""))])
    facts.when(review(), today=JUNE).refused("mentorship.no_review")
