"""Duties are fulfilled, in time or late, with evidence and a quorum; extended before they are due; and excused."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from msgspec.structs import replace

from tests.given import Given, given
from tests.workflow.duties.known import HEAD, ORGANISATION, SECRETARY, fulfilled, member, opened, turned
from tests.workflow.indicators.known import START, department, holds, person, post
from tests.workflow.organisation.happened import bound
from workflow.duties.commands import ExcuseDuty, ExtendDuty, FulfilDuty
from workflow.duties.events import DutyExcused, DutyExtended
from workflow.ids import AppointmentId, DutyId, GridId, PersonId, PostId, UnitId
from workflow.organisation.events import AppointmentEnded, ExOfficioLeadershipStarted, PersonLeft, UnitDissolved
from workflow.slices import Event

WEEK, COMMENT, GENERAL, COMMITTEE = (
    "weekly_meeting.G3.2025-W23",
    "monthly_comment.G3.2025-05",
    "general_meeting.B2.2025-Q2",
    "committee_meeting.B2.2025-05",
)
MONDAY = date(2025, 6, 9)  # on which the meeting of the week from 2 to 8 June is due, at six
MEETING = "team_meeting.QT.2025-06"
HELD = date(2025, 6, 4)
DUE = date(2025, 6, 5)  # of what belongs to May


def fulfil(duty: str = WEEK, **changes: Any) -> FulfilDuty:
    asked = {"duty": DutyId(duty), "held_on": HELD, "evidence": ("minutes",), "effective": HELD, **changes}
    return FulfilDuty(**asked)


def extend(until: date, duty: str = "theme_day.B2.2025-05", **changes: Any) -> ExtendDuty:
    asked = {"duty": DutyId(duty), "person": SECRETARY, "until": until, "effective": HELD, **changes}
    return ExtendDuty(**asked)


def excuse(duty: str = COMMENT, effective: date = HELD) -> ExcuseDuty:
    return ExcuseDuty(duty=DutyId(duty), effective=effective)


def known(*facts: Event) -> Given:
    return given(*ORGANISATION, *facts)


# ---- when ----


def test_what_is_shown_by_monday_at_six_is_in_time():
    done = fulfilled(WEEK, HELD, MONDAY, at=time(18))
    known(opened(WEEK)).when(fulfil(effective=MONDAY), today=MONDAY, at=time(18)).then(done)


def test_what_is_shown_on_monday_after_six_is_late():
    at = time(18, 0, 1)
    done = fulfilled(WEEK, HELD, MONDAY, late=True, at=at)
    known(opened(WEEK)).when(fulfil(effective=MONDAY), today=MONDAY, at=at).then(done)


def test_a_weekly_duty_recorded_for_a_due_day_gone_by_is_late_for_its_hour_is_not_known():
    tuesday = date(2025, 6, 10)
    known(opened(WEEK)).when(fulfil(effective=MONDAY), today=tuesday, at=time(9)).then(
        fulfilled(WEEK, HELD, MONDAY, late=True, at=time.max)
    )


def test_a_monthly_duty_is_in_time_all_day_on_the_fifth():
    held = date(2025, 5, 28)
    done = fulfilled(COMMENT, held, DUE, at=time(23, 59))
    known(opened(COMMENT)).when(fulfil(COMMENT, held_on=held, effective=DUE), today=DUE, at=time(23, 59)).then(done)
    after = date(2025, 6, 6)
    late = fulfilled(COMMENT, held, after, late=True)
    known(opened(COMMENT)).when(fulfil(COMMENT, held_on=held, effective=after), today=after).then(late)


def test_what_lapsed_is_fulfilled_late_and_stays_lapsed():
    lapsed = turned(COMMENT, "red", DUE, date(2025, 6, 6))
    on = date(2025, 6, 20)
    known(opened(COMMENT), lapsed).when(fulfil(COMMENT, held_on=on, effective=on), today=on).then(
        fulfilled(COMMENT, on, on, late=True)
    )


def test_a_duty_that_the_clock_has_not_opened_yet_is_opened_with_its_fulfilment():
    known().when(fulfil(), today=HELD).then(opened(WEEK), fulfilled(WEEK, HELD, HELD))


def test_a_duty_is_held_in_its_period_or_later_and_shown_then_or_later():
    for held_on in (date(2025, 6, 1), date(2025, 6, 5)):
        known(opened(WEEK)).when(fulfil(held_on=held_on), today=HELD).refused("duty.held_on")
    known(opened(WEEK)).when(fulfil(held_on=MONDAY, effective=MONDAY), today=MONDAY).then(
        fulfilled(WEEK, MONDAY, MONDAY)
    )


def test_nothing_is_fulfilled_before_its_period_or_on_a_day_to_come():
    early = date(2025, 5, 30)
    known().when(fulfil(held_on=early, effective=early), today=early).refused("duty.early")
    known(opened(WEEK)).when(fulfil(effective=MONDAY), today=HELD).refused("duty.future")


def test_a_fulfilment_far_back_needs_a_second_person():
    today = date(2025, 6, 30)
    known(opened(WEEK)).when(fulfil(), today=today, reason="Was on paper.").refused("effective.backdated")
    known(opened(WEEK)).when(fulfil(), today=today, reason="Was on paper.", approver="C2").then(
        fulfilled(WEEK, HELD, HELD, at=time.max)
    )


def test_a_duty_is_fulfilled_once():
    done = fulfilled(WEEK, HELD, HELD)
    known(opened(WEEK), done).when(fulfil(), today=HELD).refused("duty.fulfilled")


# ---- what ----


@pytest.mark.parametrize(
    ("duty", "code"),
    [
        ("tea.G3.2025-W23", "duty.unknown"),
        ("weekly_meeting.G3.2025-06", "duty.unknown"),
        ("weekly_meeting.G3", "duty.unknown"),
        ("weekly_meeting.2025-W23", "duty.unknown"),
        ("weekly_meeting.G3.2025-W53", "duty.unknown"),
        ("weekly_meeting.G9.2025-W23", "duty.not_owed"),
        ("weekly_meeting.B2.2025-W23", "duty.not_owed"),
        ("a b", "id.malformed"),
    ],
)
def test_what_nobody_owes_is_refused(duty: str, code: str):
    known().when(fulfil(duty), today=HELD).refused(code)


def test_a_unit_owes_a_duty_only_if_it_stands_on_the_first_day_of_the_period_and_on_the_last():
    gone = UnitDissolved(UnitId("G4"), date(2025, 6, 4))
    duty = "weekly_meeting.G4.2025-W23"
    known(gone).when(fulfil(duty), today=HELD).refused("duty.not_owed")
    known(opened(duty), gone).when(fulfil(duty), today=HELD).refused("duty.not_owed")
    later = replace(gone, effective=date(2025, 6, 9))
    known(later).when(fulfil(duty), today=HELD).then(opened(duty), fulfilled(duty, HELD, HELD))


def test_it_takes_evidence():
    for evidence in ((), (" ",), ("sha256:12",), ("minutes", "")):
        known(opened(WEEK)).when(fulfil(evidence=evidence), today=HELD).refused("duty.evidence")
    digest = "sha256:" + "0a" * 32
    known(opened(WEEK)).when(fulfil(evidence=(f" {digest}",)), today=HELD).then(
        fulfilled(WEEK, HELD, HELD, evidence=(digest,))
    )


def test_the_duty_to_report_is_fulfilled_by_the_report_alone():
    report = "dual_report.G3.2025-Q2"
    known(opened(report)).when(fulfil(report), today=HELD).refused("duty.report")


# ---- who ----


def test_who_answers_for_the_unit_fulfils_its_duties_or_a_clerk_records_it():
    known(opened(WEEK)).when(fulfil(person=HEAD), today=HELD).then(fulfilled(WEEK, HELD, HELD, person=HEAD))
    refused = known(opened(WEEK)).when(fulfil(person=SECRETARY), today=HELD).refused("duty.not_answerable")
    assert "P1" in refused.sentence


def test_an_acting_head_answers_for_the_unit():
    started = holds("P3", "G3-HEAD", "G3", "acting", since=HELD)
    known(opened(WEEK), started).when(fulfil(person=PersonId("P3")), today=HELD).then(
        fulfilled(WEEK, HELD, HELD, person=PersonId("P3"))
    )


MEMBERS = (
    *(member(f"P{n}", "PG3") for n in (3, 4, 5)),
    member("P2", "B2"),
    member("P6", "PG3", "probationary"),
)
"""Four voting members of the branch and its group, and one who does not vote."""


def attended(*numbers: int) -> dict[str, Any]:
    return {"attendees": tuple(PersonId(f"P{n}") for n in numbers)}


def test_a_general_meeting_needs_more_than_half_of_the_voting_members_of_the_branch_and_its_groups():
    facts = (*MEMBERS, opened(GENERAL))
    known(*facts).when(fulfil(GENERAL, **attended(2, 3, 6, 9)), today=HELD).refused("duty.quorum")
    done = fulfilled(GENERAL, HELD, HELD, entitled=4, present=3, **attended(2, 3, 4))
    known(*facts).when(fulfil(GENERAL, **attended(2, 3, 4)), today=HELD).then(done)


def test_a_committee_meeting_needs_half_of_the_committee():
    held = {"held_on": HELD, "effective": HELD}
    one_of_two = (holds("P4", "B2-M", "B2", "concurrent"), opened(COMMITTEE))
    done = fulfilled(COMMITTEE, HELD, HELD, entitled=2, present=1, **attended(4))
    known(*one_of_two).when(fulfil(COMMITTEE, **held, **attended(4)), today=HELD).then(done)
    known(*one_of_two).when(fulfil(COMMITTEE, **held, **attended(3)), today=HELD).refused("duty.quorum")


def test_where_nobody_is_entitled_there_is_no_quorum():
    known(opened(GENERAL)).when(fulfil(GENERAL, **attended(3)), today=HELD).refused("duty.quorum")
    ended = AppointmentEnded(AppointmentId("P2-B2-SEC"), SECRETARY, PostId("B2-SEC"), UnitId("B2"), HELD)
    known(opened(COMMITTEE), ended).when(fulfil(COMMITTEE, **attended(2)), today=HELD).refused("duty.quorum")


def test_who_became_a_member_later_does_not_count():
    late = member("P9", "PG3", since=date(2025, 6, 5))
    done = fulfilled(GENERAL, HELD, HELD, entitled=4, present=3, **attended(2, 3, 4))
    known(*MEMBERS, late, opened(GENERAL)).when(fulfil(GENERAL, **attended(2, 3, 4)), today=HELD).then(done)


def test_attendees_are_people_in_service_each_named_once():
    known(opened(WEEK)).when(fulfil(**attended(3, 3)), today=HELD).refused("duty.attendees")
    refused = known(opened(WEEK)).when(fulfil(**attended(3, 404)), today=HELD).refused("person.unknown")
    assert refused.fields == ("attendees",)
    left = PersonLeft(PersonId("P3"), HELD)
    known(opened(WEEK), left).when(fulfil(**attended(3)), today=HELD).refused("person.left")


# ---- extended ----

THEME = "theme_day.B2.2025-05"
LATEST = date(2025, 6, 12)
TWO: dict[str, Any] = {"approver": "C2", "reason": "The hall is closed."}


def extended(until: date = LATEST, number: int = 1, on: date = HELD) -> Event:
    yellow_from = date(2025, 6, 5)
    names = DutyId(THEME), UnitId("B2"), SECRETARY
    return DutyExtended(*names, until, time.max, yellow_from, number, on)


def test_an_extension_is_as_long_as_the_charter_allows_and_ends_on_a_working_day():
    known(opened(THEME)).when(extend(LATEST), today=HELD, **TWO).then(extended())
    for until in (date(2025, 6, 13), DUE, date(2025, 6, 7)):
        known(opened(THEME)).when(extend(until), today=HELD, **TWO).refused("duty.until")


def test_an_extension_is_asked_for_before_it_is_due():
    known(opened(THEME)).when(extend(LATEST, effective=DUE), today=DUE, **TWO).then(extended(on=DUE))
    after = date(2025, 6, 6)
    for effective in (after, HELD):
        refused = known(opened(THEME)).when(extend(LATEST, effective=effective), today=after, **TWO)
        refused.refused("duty.extension_late")


def test_an_extension_is_granted_as_often_as_the_charter_allows():
    known(opened(THEME), extended()).when(extend(date(2025, 6, 16)), today=HELD, **TWO).refused("duty.extension_limit")
    known(opened(WEEK)).when(extend(MONDAY, WEEK, person=HEAD), today=HELD, **TWO).refused("duty.extension_limit")


def test_an_extension_takes_two_persons_and_a_reason():
    known(opened(THEME)).when(extend(LATEST), today=HELD, reason="Why").refused("duty.second_person")
    known(opened(THEME)).when(extend(LATEST), today=HELD, approver="C1", reason="Why").refused("duty.second_person")
    known(opened(THEME)).when(extend(LATEST), today=HELD, approver="C2", reason=" ").refused("duty.reason")


def test_who_answers_for_the_unit_asks_for_its_extension():
    known(opened(THEME)).when(extend(LATEST, person=HEAD), today=HELD, **TWO).refused("duty.not_answerable")


def test_what_was_extended_is_in_time_until_its_new_due_date():
    known(opened(THEME), extended()).when(fulfil(THEME, effective=LATEST), today=LATEST).then(
        fulfilled(THEME, HELD, LATEST, due=LATEST, due_at=time.max)
    )


def test_an_extension_opens_what_the_clock_has_not_opened():
    known().when(extend(LATEST), today=HELD, **TWO).then(opened(THEME), extended())


# ---- excused ----


def test_a_duty_is_excused_by_two_persons_with_a_reason():
    excused = DutyExcused(DutyId(COMMENT), UnitId("G3"), "decided", HELD)
    known(opened(COMMENT)).when(excuse(), today=HELD, **TWO).then(excused)
    known(opened(COMMENT)).when(excuse(), today=HELD, approver="C2").refused("duty.reason")
    known(opened(COMMENT)).when(excuse(), today=HELD, reason="Flood.").refused("duty.second_person")


def test_what_was_excused_is_no_longer_owed():
    excused = DutyExcused(DutyId(COMMENT), UnitId("G3"), "decided", HELD)
    known(opened(COMMENT), excused).when(fulfil(COMMENT), today=HELD).refused("duty.excused")
    known(opened(COMMENT), excused).when(excuse(), today=HELD, **TWO).refused("duty.excused")


def test_what_was_fulfilled_is_neither_excused_nor_extended():
    facts = known(opened(COMMENT), fulfilled(COMMENT, HELD, HELD), opened(THEME), fulfilled(THEME, HELD, HELD))
    facts.when(excuse(), today=HELD, **TWO).refused("duty.fulfilled")
    facts.when(extend(LATEST), today=HELD, **TWO).refused("duty.fulfilled")


def test_what_was_extended_is_excused_only_after_that():
    later = extended(on=HELD)
    known(opened(THEME), later).when(excuse(THEME, date(2025, 6, 3)), today=HELD, **TWO).refused("duty.order")


def test_who_leads_ex_officio_counts_for_the_quorum_as_the_head_does():
    """The hospital: a team meets if its leader, who is one by being director, or its officer is there."""
    team = (
        department("H", "hospital"),
        department("D", "department", "H"),
        department("QC", "quality_committee", "H"),
        department("QT", "quality_team", "QC"),
        *(person(id) for id in ("P1", "P2")),
        post("D-DIR", "D", "department_director"),
        post("QT-LEAD", "QT", "team_leader"),
        holds("P1", "D-DIR", "D"),
        bound("N1", "D", "QT"),
        ExOfficioLeadershipStarted(
            GridId("N1"),
            UnitId("QT"),
            UnitId("D"),
            HEAD,
            AppointmentId("P1-D-DIR"),
            "director_leads_team",
            False,
            START,
        ),
    )
    done: Any = given(*team, charter="hospital").when(fulfil(MEETING, attendees=(HEAD,)), today=HELD).facts[-1]
    assert (done.TOPIC, done.entitled, done.present) == ("duty.fulfilled", 1, 1)
    absent = fulfil(MEETING, attendees=(SECRETARY,))
    given(*team, charter="hospital").when(absent, today=HELD).refused("duty.quorum")


def test_the_hospital_owes_its_own_rounds():
    duty = "safety_round.W1.2025-W23"
    ward = (department("H", "hospital"), department("D", "department", "H"), department("W1", "ward", "D"))
    answer = given(*ward, charter="hospital").when(fulfil(duty), today=HELD)
    assert answer.refusal is None
    assert [fact.TOPIC for fact in answer.facts] == ["duty.opened", "duty.fulfilled"]
    given(*ward, charter="hospital").when(fulfil("weekly_meeting.D.2025-W23"), today=HELD).refused("duty.unknown")
