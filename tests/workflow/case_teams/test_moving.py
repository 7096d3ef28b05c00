"""Stages of a case, the units that accompany a team without a say, and attempts to interfere."""

from __future__ import annotations

import pytest

from tests.workflow.case_teams.known import (
    DAY,
    G3,
    GROUP_LEADER,
    LATER,
    LEAD,
    PG3,
    SECOND,
    T1,
    change_lead,
    declare,
    declared,
    dissolved,
    form,
    hand_over,
    handed_over,
    join,
    known,
    leave,
    lift,
    linked,
    order,
    reached,
    team,
)
from workflow.case_teams.events import CaseStageReached, InterferenceRecorded, OverlayLinked, OverlayUnlinked
from workflow.case_teams.forming import DissolveCaseTeam
from workflow.case_teams.interference import RecordInterference
from workflow.case_teams.moving import LinkOverlay, ReachCaseStage, UnlinkOverlay
from workflow.ids import PersonId, UnitId
from workflow.organisation.events import UnitDissolved
from workflow.sealed import personal


def reach(stage: str) -> ReachCaseStage:
    return ReachCaseStage(case_team=T1, stage=stage, effective=LATER)


def link(overlay: UnitId = PG3) -> LinkOverlay:
    return LinkOverlay(case_team=T1, overlay=overlay, effective=LATER)


def interfered(**changes) -> RecordInterference:
    asked = {"case_team": T1, "person": SECOND, "kind": "inquiry", "who": "the mayor's driver", "effective": LATER}
    return RecordInterference(**{**asked, **changes})


def recorded(number: int = 1) -> InterferenceRecorded:
    return InterferenceRecorded(T1, G3, number, SECOND, "inquiry", personal(who="the mayor's driver"), LATER)


def test_a_case_reaches_the_stages_of_the_charter_in_their_order():
    team().when(reach("accepted"), today=LATER).then(CaseStageReached(T1, G3, "accepted", False, LATER))
    team().when(reach("reviewed"), today=LATER).refused("case_team.stage")
    come = team(*reached("accepted", "reviewed"))
    come.when(reach("decided"), today=LATER).then(CaseStageReached(T1, G3, "decided", False, LATER))
    come.when(reach("heard"), today=LATER).refused("case_team.stage")
    come.when(reach("reviewed"), today=LATER).refused("case_team.stage")
    come.when(reach("confessed"), today=LATER).refused("case_team.stage")


def test_a_case_goes_back_with_a_reason_only():
    come = team(*reached("accepted", "reviewed", "decided"))
    come.when(reach("accepted"), today=LATER).refused("case_team.back")
    back = CaseStageReached(T1, G3, "accepted", True, LATER)
    come.when(reach("accepted"), today=LATER, reason="returned for further inquiry").then(back)


def test_a_unit_of_a_kind_that_the_charter_names_is_linked_and_unlinked():
    unlink = UnlinkOverlay(case_team=T1, overlay=PG3, effective=LATER)
    team().when(link(), today=LATER).then(OverlayLinked(T1, G3, PG3, LATER))
    team(linked).when(link(), today=LATER).refused("case_team.linked")
    team(linked).when(unlink, today=LATER).then(OverlayUnlinked(T1, G3, PG3, LATER))
    team().when(unlink, today=LATER).refused("case_team.not_linked")
    team().when(link(UnitId("B2")), today=LATER).refused("case_team.overlay")
    team().when(link(UnitId("G4")), today=LATER).refused("case_team.overlay")
    team().when(link(UnitId("PG9")), today=LATER).refused("unit.unknown")
    team(UnitDissolved(PG3, LATER)).when(link(), today=LATER).refused("unit.dissolved")


COMMANDS = {
    "form": form(case_team="T2", named_by=GROUP_LEADER),
    "join": join(),
    "leave": leave(),
    "hand over": hand_over(),
    "change lead": change_lead(named_by=GROUP_LEADER),
    "declare": declare(),
    "order": order(by=GROUP_LEADER),
    "lift": lift(),
    "stage": reach("accepted"),
    "interference": interfered(),
    "dissolve": DissolveCaseTeam(case_team=T1, effective=LATER),
}


@pytest.mark.parametrize("asked", COMMANDS)
def test_an_overlay_gives_nobody_any_say_in_a_case(asked: str):
    """Whatever is asked, and even in the name of whoever leads the unit: it comes out as if nothing were linked."""
    without = team(handed_over()).when(COMMANDS[asked], today=LATER)
    accompanied = team(linked, handed_over()).when(COMMANDS[asked], today=LATER)
    assert (accompanied.facts, str(accompanied.refusal)) == (without.facts, str(without.refusal))


def test_no_act_takes_the_approval_of_an_overlay():
    for asked in ("form", "change lead"):
        team(linked, handed_over()).when(COMMANDS[asked], today=LATER).refused("case_team.named_by")
    team(linked).when(COMMANDS["order"], today=LATER).refused("recusal.by")


def test_an_attempt_to_interfere_is_recorded_and_who_it_was_is_sealed():
    team().when(interfered(), today=LATER).then(recorded())
    team(recorded()).when(interfered(), today=LATER).then(recorded(2))
    team(dissolved).when(interfered(), today=LATER).then(recorded())


def test_an_attempt_to_interfere_leaves_no_trace_in_the_team():
    """Acts are kept in order, and this is none: an earlier day can still be recorded, and so nothing is told by it."""
    early = ReachCaseStage(case_team=T1, stage="accepted", effective=DAY)
    team(recorded()).when(early, today=LATER).then(CaseStageReached(T1, G3, "accepted", False, DAY))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "bribery"}, "interference.kind"),
        ({"who": " "}, "interference.who"),
        ({"person": PersonId("P99")}, "person.unknown"),
        ({"effective": DAY.replace(day=3)}, "interference.order"),
        ({"effective": LATER.replace(day=9)}, "case_team.future"),
    ],
)
def test_what_cannot_be_recorded_as_interference(changes, code):
    team().when(interfered(**changes), today=LATER).refused(code)


def test_who_is_recused_records_nothing_of_the_case():
    team(declared(LEAD)).when(interfered(person=LEAD), today=LATER).refused("case_team.recused")
    known().when(interfered(), today=LATER).refused("case_team.unknown")
