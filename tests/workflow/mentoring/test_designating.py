"""Model persons: designated for a kind on evidence, and withdrawn with a reason."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.given import charter_in_force, given
from tests.workflow.mentoring.known import DAY, FREE, KIND, MODEL, ORGANISATION, designated, known
from workflow.charter.loader import shipped
from workflow.ids import PersonId
from workflow.mentoring.designating import DesignateModelPerson, WithdrawModelPerson
from workflow.mentoring.events import ModelPersonDesignated, ModelPersonWithdrawn
from workflow.organisation.events import PersonLeft


def designate(**changes: Any) -> DesignateModelPerson:
    asked: dict[str, Any] = {"person": PersonId("P3"), "kind": KIND, "citation": "Three model cases"}
    return DesignateModelPerson(**{**asked, "evidence": ("decree",), "effective": DAY, **changes})


def withdraw(**changes: Any) -> WithdrawModelPerson:
    return WithdrawModelPerson(**{"person": MODEL, "kind": KIND, "effective": DAY, **changes})


TEXT = shipped("procuratorate")
WITHDRAWN = ModelPersonWithdrawn(MODEL, KIND, DAY)


def test_a_person_in_service_is_designated_for_a_kind_on_evidence():
    expected = ModelPersonDesignated(PersonId("P3"), KIND, "Three model cases", ("decree",), DAY)
    given(*ORGANISATION).when(designate(), today=DAY).then(expected)
    given(*ORGANISATION).when(designate(citation=" "), today=DAY).refused("model_person.citation")
    given(*ORGANISATION).when(designate(evidence=()), today=DAY).refused("model_person.evidence")
    given(*ORGANISATION).when(designate(person=PersonId("P404")), today=DAY).refused("person.unknown")
    gone = PersonLeft(PersonId("P3"), DAY)
    given(*ORGANISATION, gone).when(designate(), today=DAY).refused("person.left")


@pytest.mark.parametrize(("kind", "code"), [(FREE, "model_person.kind"), ("pen_friend", "mentorship.kind")])
def test_only_for_a_kind_that_takes_one(kind: str, code: str):
    given(*ORGANISATION).when(designate(kind=kind), today=DAY).refused(code)


def test_nobody_is_designated_twice_at_a_time():
    known().when(designate(person=MODEL), today=DAY).refused("model_person.exists")
    again = designated(since=DAY + timedelta(days=1))
    on = {"effective": DAY + timedelta(days=1), "citation": again.citation}
    known(WITHDRAWN).when(designate(person=MODEL, **on), today=DAY + timedelta(days=1)).then(again)


def test_a_designation_is_withdrawn_with_a_reason_once():
    known().when(withdraw(), today=DAY, reason="Unearned.").then(WITHDRAWN)
    known().when(withdraw(), today=DAY).refused("model_person.reason")
    known(WITHDRAWN).when(withdraw(), today=DAY, reason="x").refused("model_person.unknown")
    given(*ORGANISATION).when(withdraw(), today=DAY, reason="x").refused("model_person.unknown")


def test_a_designation_is_withdrawn_also_when_the_charter_knows_no_mentoring_any_more():
    start, end = TEXT.index("[mentoring]"), TEXT.index("[[programmes]]")
    without = known(*charter_in_force(TEXT[:start] + TEXT[end:], DAY))
    without.when(designate(), today=DAY).refused("mentorship.kind")
    without.when(withdraw(), today=DAY, reason="The charter dropped it.").then(WITHDRAWN)


def test_what_is_done_about_a_model_person_is_in_order_and_not_to_come():
    tomorrow = DAY + timedelta(days=1)
    known().when(withdraw(effective=tomorrow), today=DAY, reason="x").refused("model_person.future")
    before = withdraw(effective=date(2023, 12, 29))
    known().when(before, today=date(2024, 1, 2), reason="x").refused("model_person.order")
    known(WITHDRAWN).when(designate(person=MODEL, effective=DAY - timedelta(days=1)), today=DAY).refused(
        "model_person.order"
    )
