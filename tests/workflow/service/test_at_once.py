"""Two who act at the same moment: no place is given twice, no day gets too long, no visit stays with who is gone."""

from __future__ import annotations

import pytest

from tests.workflow.clock.house import Institution, at_once
from tests.workflow.plans.test_at_once import found
from tests.workflow.service.known import (
    MAY,
    ORGANISATION,
    assign,
    check_in,
    form,
    join,
    outsider,
    register,
    withdraw,
)
from tests.workflow.service.test_clock import sealed
from workflow.service.events import CheckInRecorded, TeamMemberJoined
from workflow.service.visits.events import VisitAssigned, VisitLeftBehind


@pytest.fixture
def institution(database_url: str):
    made = Institution(database_url, [sealed(fact) for fact in ORGANISATION], MAY)
    yield made
    made.close()


def test_of_two_who_join_for_the_last_place_one_does(institution):
    for command in (form(), *(join(f"P{n}") for n in range(1, 5))):
        institution.do(command)
    assert at_once(institution, join("P5"), join("P6")) == ["service_team.places"]
    assert len(found(institution, TeamMemberJoined)) == 5


def test_a_visit_that_is_assigned_to_who_withdraws_at_once_is_refused_or_left_behind(institution):
    for command in (form(), join("P1"), outsider()):
        institution.do(command)
    codes = at_once(institution, assign("P1"), withdraw("P1", on=MAY))
    told = codes, len(found(institution, VisitAssigned)), len(found(institution, VisitLeftBehind))
    assert told in [(["service_team.no_member"], 0, 0), ([], 1, 1)]


def test_of_two_check_ins_of_a_day_and_kind_at_once_one_is_recorded(institution):
    institution.do(register("P1"))
    assert at_once(institution, check_in("P1", 2, on=MAY), check_in("P1", 3, on=MAY)) == ["check_in.twice"]
    assert len(found(institution, CheckInRecorded)) == 1


def test_two_check_ins_at_once_do_not_make_a_day_too_long(institution):
    for kind in ("host", "home"):
        institution.do(register("P1", kind))
    both = check_in("P1", 7, on=MAY), check_in("P1", 7, "home", on=MAY)
    assert at_once(institution, *both) == ["service.hours_a_day"]
