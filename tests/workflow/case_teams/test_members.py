"""Members of case teams: joining, leaving, handing over, and the lead."""

from __future__ import annotations

import pytest

from tests.workflow.case_teams.known import (
    AIDE,
    CHIEF,
    DAY,
    DEPUTY,
    G3,
    HEAD,
    LATER,
    LEAD,
    SECOND,
    T1,
    THIRD,
    change_lead,
    dissolved,
    formed,
    hand_over,
    handed_over,
    join,
    joined,
    known,
    leave,
    led_by,
    left,
    team,
)
from tests.workflow.case_teams.test_forming import ALONE
from workflow.case_teams.events import LeadChanged
from workflow.case_teams.members import ChangeLead
from workflow.ids import PersonId
from workflow.organisation.events import PersonLeft, PersonnelClassChanged


def test_somebody_joins_in_a_role_for_their_class_once():
    team().when(join(), today=LATER).then(joined())
    team().when(join(role="assistant"), today=LATER).refused("case_team.class")
    team().when(join(role="cook"), today=LATER).refused("case_team.role")
    team().when(join(SECOND), today=LATER).refused("case_team.member")
    team().when(join(PersonId("P99")), today=LATER).refused("person.unknown")
    team(PersonLeft(THIRD, LATER)).when(join(), today=LATER).refused("person.left")
    team(dissolved).when(join(), today=LATER).refused("case_team.dissolved")
    known().when(join(), today=LATER).refused("case_team.unknown")


def test_a_role_is_full_when_as_many_have_it_as_the_form_allows():
    alone = known(formed(**ALONE))
    alone.when(join(), today=LATER).refused("case_team.full")
    alone.when(join(AIDE, "assistant"), today=LATER).then(joined(AIDE, "assistant"))
    known(formed(**ALONE), left(LEAD)).when(join(), today=LATER).then(joined())


def test_who_left_service_or_changed_class_takes_up_no_place():
    for gone in (PersonLeft(LEAD, LATER), PersonnelClassChanged(LEAD, "admin", LATER)):
        known(formed(**ALONE), gone).when(join(), today=LATER).then(joined())
    to_come = PersonLeft(LEAD, LATER.replace(day=9))
    known(formed(**ALONE), to_come).when(join(), today=LATER).refused("case_team.full")


def test_a_member_leaves_and_the_lead_with_them():
    team().when(leave(), today=LATER).then(left())
    team().when(leave(LEAD), today=LATER).then(left(LEAD, led=True))
    team().when(leave(THIRD), today=LATER).refused("case_team.not_member")
    team(left()).when(leave(), today=LATER).refused("case_team.not_member")
    team(left()).when(join(SECOND), today=LATER).then(joined(SECOND))


def test_the_lead_changes_on_a_handover_only_or_for_a_reason():
    team().when(change_lead(), today=LATER).refused("case_team.handover")
    team(handed_over()).when(change_lead(), today=LATER).then(led_by())
    team().when(change_lead(), today=LATER, reason="taken ill").then(led_by(handover=None))
    team().when(change_lead(), today=LATER, reason=" ").refused("case_team.handover")


def test_a_handover_is_good_for_one_change_of_lead_between_those_two():
    back = handed_over(2, SECOND, LEAD)
    team(handed_over(), led_by()).when(change_lead(LEAD), today=LATER).refused("case_team.handover")
    team(handed_over(), led_by(), back).when(change_lead(LEAD), today=LATER).then(led_by(LEAD, SECOND, 2))
    again = handed_over(), led_by(), back, led_by(LEAD, SECOND, 2)
    team(*again).when(change_lead(), today=LATER).refused("case_team.handover")
    team(joined(), handed_over(receiver=THIRD)).when(change_lead(), today=LATER).refused("case_team.handover")


def test_who_led_and_left_can_still_hand_the_case_over():
    team(left(LEAD, led=True)).when(hand_over(), today=LATER).then(handed_over())
    team(left(LEAD, led=True), handed_over()).when(change_lead(), today=LATER).then(led_by())


def test_a_case_is_handed_over_between_members_and_it_is_said_what():
    team().when(hand_over(), today=LATER).then(handed_over())
    team(handed_over()).when(hand_over(), today=LATER).then(handed_over(2))
    team().when(hand_over(receiver=THIRD), today=LATER).refused("case_team.receiver")
    team().when(hand_over(receiver=LEAD), today=LATER).refused("case_team.receiver")
    team().when(hand_over(giver=THIRD), today=LATER).refused("case_team.giver")
    team(PersonLeft(SECOND, LATER)).when(hand_over(), today=LATER).refused("person.left")
    for items in ((), ("the bloody knife",), ("files", "files")):
        team().when(hand_over(items=items), today=LATER).refused("case_team.items")


def test_the_lead_is_named_by_the_level_that_the_charter_names():
    for other in (HEAD, DEPUTY, LEAD):
        team(handed_over()).when(change_lead(named_by=other), today=LATER).refused("case_team.named_by")


@pytest.mark.parametrize(
    ("lead", "code"),
    [(LEAD, "case_team.leads"), (AIDE, "case_team.lead"), (THIRD, "case_team.lead")],
)
def test_another_member_in_the_leading_role_can_lead(lead: PersonId, code: str):
    team().when(change_lead(lead), today=LATER, reason="decided").refused(code)


def test_a_form_without_a_lead_gets_none():
    known(formed(**ALONE)).when(change_lead(LEAD), today=LATER, reason="decided").refused("case_team.no_lead")


def test_who_is_no_longer_in_service_does_not_come_to_lead():
    team(PersonLeft(SECOND, LATER)).when(change_lead(), today=LATER, reason="decided").refused("person.left")


def test_the_lead_may_change_on_the_day_on_which_the_team_was_formed():
    command = ChangeLead(case_team=T1, lead=SECOND, named_by=CHIEF, effective=DAY)
    team().when(command, today=DAY, reason="slip of the pen").then(LeadChanged(T1, G3, SECOND, LEAD, CHIEF, None, DAY))
