"""Honours: conferred on evidence, revoked by two persons."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.given import Given, given
from tests.workflow.indicators.known import department, person
from workflow.honours.commands import ConferHonour, RevokeHonour
from workflow.honours.events import HonourConferred, HonourRevoked
from workflow.ids import HonourId, MatterId, PersonId, UnitId
from workflow.organisation.events import PersonLeft
from workflow.slices import Command

DAY = date(2025, 6, 13)
H1, M1 = HonourId("H1"), MatterId("M1")
CONFERRED = HonourConferred(H1, PersonId("P1"), None, "city", "Model team", "City", M1, ("decree 7",), DAY)


def known() -> Given:
    return given(department("G3"), person("P1"))


def confer(**changes: Any) -> Command:
    asked: dict[str, Any] = {
        "honour": H1,
        "person": PersonId("P1"),
        "level": "city",
        "title": " Model team ",
        "issuer": "City",
        "matter": M1,
        "evidence": ("decree 7",),
        "effective": DAY,
    }
    return ConferHonour(**asked | changes)


def revoke(effective: date = DAY) -> Command:
    return RevokeHonour(honour=H1, effective=effective)


def test_an_honour_is_that_of_a_person_or_of_a_unit():
    known().when(confer()).then(CONFERRED)
    known().when(confer(person=None, unit=UnitId("G3"))).then(
        HonourConferred(H1, None, UnitId("G3"), "city", "Model team", "City", M1, ("decree 7",), DAY)
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"unit": UnitId("G3")}, "honour.subject"),
        ({"person": None}, "honour.subject"),
        ({"person": PersonId("P404")}, "person.unknown"),
        ({"person": None, "unit": UnitId("G404")}, "unit.unknown"),
        ({"level": "galaxy"}, "honour.level"),
        ({"title": " "}, "honour.title"),
        ({"issuer": ""}, "honour.issuer"),
        ({"evidence": ()}, "honour.evidence"),
        ({"evidence": ("sha256:xyz",)}, "honour.evidence"),
        ({"effective": date(2025, 6, 17)}, "honour.future"),
        ({"effective": date(2025, 5, 1)}, "effective.backdated"),
    ],
)
def test_an_honour_that_cannot_be_is_refused(changes: dict[str, Any], code: str):
    known().when(confer(**changes)).refused(code)


def test_an_honour_is_conferred_once_and_on_people_in_service():
    given(department("G3"), person("P1"), CONFERRED).when(confer()).refused("honour.exists")
    given(person("P1"), PersonLeft(PersonId("P1"), DAY)).when(confer()).refused("person.left")


def test_an_honour_is_revoked_by_two_persons_with_a_reason_once():
    honoured = given(person("P1"), CONFERRED)
    gone = HonourRevoked(H1, PersonId("P1"), None, M1, DAY)
    honoured.when(revoke(), reason="r", approver="C2").then(gone)
    honoured.when(revoke(), reason="r").refused("honour.second_person")
    honoured.when(revoke(), reason="r", approver="C1").refused("honour.second_person")
    honoured.when(revoke(), approver="C2").refused("honour.reason")
    honoured.when(revoke(date(2025, 6, 12)), reason="r", approver="C2").refused("honour.order")
    honoured.when(revoke(date(2025, 6, 17)), reason="r", approver="C2").refused("honour.future")
    given(person("P1"), CONFERRED, gone).when(revoke(), reason="r", approver="C2").refused("honour.revoked")
    given().when(revoke(), reason="r", approver="C2").refused("honour.unknown")
