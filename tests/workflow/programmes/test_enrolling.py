"""Who adopts which programme for which period, who takes part in it, and who no more."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.given import given
from tests.workflow.indicators.known import START, TEXT, department, holds, person
from tests.workflow.programmes.known import (
    ADOPTED,
    CLOSES,
    LAST,
    MARCH,
    NEW_YEAR,
    ONES,
    ORGANISATION,
    QUALITY,
    SIX,
    adopt,
    adopted,
    enrol,
    enrolled,
    known,
    withdraw,
    withdrawn,
)
from workflow.ids import PersonId, ProgrammeId, UnitId
from workflow.organisation.events import PersonLeft, UnitDissolved
from workflow.programmes.enrolling import MOST_PARTICIPANTS
from workflow.programmes.events import ProgrammeAdopted, ProgrammeClosed


def closed(id: ProgrammeId = ONES, on: date = CLOSES) -> ProgrammeClosed:
    return ProgrammeClosed(id, id.partition(".")[0], UnitId("I"), (), (), (), 0, on)


# ---- adopted ----


def test_a_unit_adopts_a_template_for_a_period_and_it_closes_some_working_days_after_it():
    known().when(adopt(), today=ADOPTED).then(adopted())
    known(adopted()).when(adopt(), today=ADOPTED).refused("programme.exists")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"template": "nine_ones"}, "programme.template"),
        ({"period": "soon"}, "programme.period"),
        ({"period": "2025-Q1"}, "programme.period"),
        ({"period": "2024"}, "programme.over"),
        ({"unit": "G3"}, "programme.unit_kind"),
        ({"unit": "G404"}, "unit.unknown"),
        ({"unit": "x" * 80}, "programme.id"),
        ({"on": date(2025, 1, 7)}, "programme.future"),
    ],
)
def test_what_is_adopted_is_a_template_by_a_unit_of_its_kinds_for_a_period_not_over(changes: dict[str, Any], code: str):
    known().when(adopt(**changes), today=ADOPTED).refused(code)


def test_it_may_be_adopted_before_its_period_begins():
    early = date(2024, 12, 20)
    known().when(adopt(on=early), today=early).then(adopted(on=early))


def test_the_hospitals_programmes_are_quarterly_and_close_at_once():
    facts = given(department("H", "hospital"), department("D", "department", "H"), charter="hospital")
    (made,) = facts.when(adopt("bedside_skills", "D", "2025-Q1"), today=ADOPTED).facts
    assert isinstance(made, ProgrammeAdopted)
    assert (made.first_day, made.last_day, made.closes_on) == (NEW_YEAR, date(2025, 3, 31), date(2025, 4, 1))


# ---- enrolled ----


def test_several_are_enrolled_at_once_until_the_end_of_the_period():
    known(adopted()).when(enrol("P1", "P10"), today=ADOPTED).then(enrolled("P1", "P10"))
    early = date(2024, 12, 20)
    known(adopted(on=early)).when(enrol("P1", on=early), today=early).then(enrolled("P1", on=early))


def test_units_take_part_where_the_template_says_so():
    known(adopted("quality_project")).when(enrol("G3", "G4", programme=QUALITY), today=ADOPTED).then(
        enrolled("G3", "G4", programme=QUALITY)
    )
    known(adopted("quality_project")).when(enrol("P1", programme=QUALITY), today=ADOPTED).refused(
        "programme.participants"
    )
    known(adopted()).when(enrol("G3"), today=ADOPTED).refused("programme.participants")


@pytest.mark.parametrize("ids", [(), ("P1", "P1"), ("P1", "G3")])
def test_who_is_enrolled_is_named_once(ids: tuple[str, ...]):
    known(adopted()).when(enrol(*ids), today=ADOPTED).refused("programme.participants")


def test_a_programme_is_for_its_audience():
    for who in ("P0",):  # the head is no handler
        assert known(adopted()).when(enrol(who), today=ADOPTED).refused("programme.audience").fields == ("persons",)
    branch = department("B2", "branch", "I")  # the members of B2 belong to the institution then
    facts = [fact for fact in ORGANISATION if getattr(fact, "unit", "") != "B2" or "established" not in fact.TOPIC]
    members = given(branch, *facts, adopted("six_ones"))
    members.when(enrol("P1", programme=SIX), today=ADOPTED).then(enrolled("P1", programme=SIX))
    members.when(enrol("P2", programme=SIX), today=ADOPTED).refused("programme.audience")
    known(adopted("quality_project")).when(enrol("I", programme=QUALITY), today=ADOPTED).refused("programme.audience")


def test_an_audience_may_be_that_of_classes_and_kinds_of_unit():
    for new in ('{ classes = ["clerk"] }', '{ unit_kinds = ["branch"] }'):
        text = TEXT.replace('audience = { post_kinds = ["handler"] }', f"audience = {new}")
        facts = given(*ORGANISATION, charters=[(START, text)])
        made = facts.when(adopt(), today=ADOPTED).facts
        asked = enrol("P2")
        given(*ORGANISATION, *made, charters=[(START, text)]).when(asked, today=ADOPTED).refused("programme.audience")


def test_who_takes_part_serves_and_belongs_to_the_unit_or_to_one_below_it():
    known(adopted()).when(enrol("P404"), today=ADOPTED).refused("person.unknown")
    gone = PersonLeft(PersonId("P2"), ADOPTED)
    known(adopted(), gone).when(enrol("P2"), today=ADOPTED).refused("person.left")
    known(adopted()).when(enrol("P19"), today=ADOPTED).refused("programme.outsider")
    elsewhere = department("X", "department")
    known(adopted("quality_project"), elsewhere).when(enrol("X", programme=QUALITY), today=ADOPTED).refused(
        "programme.outsider"
    )
    known(adopted("quality_project"), UnitDissolved(UnitId("G3"), ADOPTED)).when(
        enrol("G3", programme=QUALITY), today=ADOPTED
    ).refused("unit.dissolved")


def test_nobody_takes_part_twice_at_a_time():
    known(adopted(), enrolled("P1")).when(enrol("P1", "P2"), today=ADOPTED).refused("programme.enrolled")
    other = ProgrammeAdopted(
        ProgrammeId("four_ones.J.2025"), "four_ones", UnitId("J"), "2025", NEW_YEAR, LAST, CLOSES, *("1", "x"), ADOPTED
    )
    twice = known(adopted(), other, enrolled("P1", programme="four_ones.J.2025"))
    twice.when(enrol("P1"), today=ADOPTED).refused("programme.enrolled")
    known(adopted(), enrolled("P1", programme="six_ones.I.2025")).when(enrol("P1"), today=ADOPTED).then(enrolled("P1"))


def test_who_was_withdrawn_may_be_enrolled_anew():
    known(adopted(), enrolled("P1"), withdrawn()).when(enrol("P1", on=MARCH), today=MARCH).then(
        enrolled("P1", on=MARCH)
    )


def test_nobody_is_withdrawn_before_they_were_enrolled_nor_enrolled_anew_before_they_were_withdrawn():
    day = date(2025, 3, 10)
    known(adopted(), enrolled("P1", on=day)).when(withdraw(on=date(2025, 3, 7)), today=day, reason="ill").refused(
        "programme.order"
    )
    known(adopted(), enrolled("P1", on=ADOPTED), withdrawn(on=day)).when(
        enrol("P1", on=date(2025, 3, 7)), today=day
    ).refused("programme.order")


def test_a_programme_has_so_many_participants_at_most():
    many = tuple(PersonId(f"X{n}") for n in range(MOST_PARTICIPANTS))
    full = enrolled("P1")
    facts = (adopted(), *(type(full)(ONES, "four_ones", (id,), (), NEW_YEAR, date(2026, 1, 1), ADOPTED) for id in many))
    known(*facts).when(enrol("P1"), today=ADOPTED).refused("programme.full")
    known(*facts[:-1]).when(enrol("P1"), today=ADOPTED).then(enrolled("P1"))


def test_the_id_of_a_participant_is_short_enough_for_the_ids_of_completions():
    for length, fits in ((48, True), (49, False)):
        long = f"P{'9' * (length - 1)}"
        facts = person(long), holds(long, "G3-H1", "G3"), adopted()
        answer = known(*facts).when(enrol(long), today=ADOPTED)
        answer.then(enrolled(long)) if fits else answer.refused("programme.id")


@pytest.mark.parametrize(
    ("on", "today", "code"),
    [
        (date(2025, 1, 3), ADOPTED, "programme.order"),
        (date(2025, 1, 7), ADOPTED, "programme.future"),
        (date(2026, 1, 5), date(2026, 1, 5), "programme.over"),
        (CLOSES, CLOSES, "programme.closed"),
    ],
)
def test_people_are_enrolled_from_its_adoption_on_within_the_period(on: date, today: date, code: str):
    known(adopted()).when(enrol("P1", on=on), today=today).refused(code)


def test_what_is_closed_or_was_never_adopted_enrols_nobody():
    known().when(enrol("P1"), today=ADOPTED).refused("programme.unknown")
    known(adopted(), closed(on=ADOPTED)).when(enrol("P1"), today=ADOPTED).refused("programme.closed")


# ---- withdrawn ----


def test_somebody_is_withdrawn_with_a_reason():
    facts = known(adopted(), enrolled("P1", "P2"))
    facts.when(withdraw(), today=MARCH, reason="Parental leave.").then(withdrawn())
    facts.when(withdraw(), today=MARCH).refused("programme.reason")
    facts.when(withdraw("P3"), today=MARCH, reason="x").refused("programme.not_enrolled")
    known(adopted(), enrolled("P1"), withdrawn()).when(withdraw(), today=MARCH, reason="x").refused(
        "programme.not_enrolled"
    )


def test_a_participant_is_one_person_or_one_unit():
    both = withdraw()
    both.unit = UnitId("G3")
    known(adopted(), enrolled("P1")).when(both, today=MARCH, reason="x").refused("programme.participant")
