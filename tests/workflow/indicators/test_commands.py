"""The rules of adopting, amending and retiring indicators, and of setting targets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.given import TODAY, given
from tests.workflow.indicators.known import START, adopted, definition, department
from workflow.ids import IndicatorId, UnitId
from workflow.indicators.commands import AdoptIndicator, AmendIndicator, RetireIndicator, SetTarget
from workflow.indicators.events import IndicatorAdopted, IndicatorAmended, IndicatorRetired, TargetSet
from workflow.organisation.events import UnitDissolved
from workflow.slices import Event

I01, I06, G1, G2 = IndicatorId("I01"), IndicatorId("I06"), UnitId("G1"), UnitId("G2")
stricter = replace(definition("I01"), red="<95")
pace = (adopted("I06"), department("G2"))


def adopt(id: str = "I01", effective: date = TODAY) -> AdoptIndicator:
    return AdoptIndicator(indicator=IndicatorId(id), definition=definition("I01"), effective=effective)


def amend(effective: date = TODAY, to: object = stricter) -> AmendIndicator:
    assert isinstance(to, type(stricter))
    return AmendIndicator(indicator=I01, definition=to, effective=effective)


def target(
    value: str = "60", *, indicator: str = "I06", unit: UnitId = G2, year: int = 2025, effective: date = TODAY
) -> SetTarget:
    id = IndicatorId(indicator)
    return SetTarget(indicator=id, unit=unit, year=year, target=Decimal(value), effective=effective)


def target_set(value: str = "60", effective: date = TODAY, year: int = 2025) -> Event:
    return TargetSet(I06, G2, year, Decimal(value), effective)


def test_an_indicator_is_adopted_as_the_charter_defines_it() -> None:
    given().when(adopt()).then(IndicatorAdopted(I01, definition("I01"), TODAY))


def test_an_indicator_is_adopted_once() -> None:
    given(adopted("I01")).when(adopt()).refused("indicator.exists")


def test_a_retired_indicator_is_not_adopted_again() -> None:
    given(adopted("I01"), IndicatorRetired(I01, date(2025, 1, 1))).when(adopt()).refused("indicator.exists")


@pytest.mark.parametrize("id", ["A.B", "I" * 33])
def test_the_id_of_an_indicator_leaves_room_for_those_of_its_readings(id: str) -> None:
    given().when(adopt(id)).refused("indicator.id")


def test_an_unsound_definition_is_not_adopted() -> None:
    unsound = replace(definition("I01"), yellow=">98")
    given().when(AdoptIndicator(indicator=I01, definition=unsound, effective=TODAY)).refused("indicator.definition")


def test_without_a_charter_there_are_no_indicators() -> None:
    given(charter=None).when(adopt()).refused("charter.none")


def test_an_indicator_is_adopted_for_the_past_by_two_persons() -> None:
    given().when(adopt(effective=START)).refused("effective.backdated")
    given().when(adopt(effective=START), approver="C2", reason="Adopted on paper.").then(
        IndicatorAdopted(I01, definition("I01"), START)
    )


def test_an_indicator_is_amended_by_two_persons_with_a_reason() -> None:
    known = given(adopted("I01"))
    known.when(amend(), approver="C2", reason="Too lenient.").then(IndicatorAmended(I01, stricter, TODAY))
    known.when(amend(), approver="C2").refused("indicator.reason")
    known.when(amend(), reason="Too lenient.").refused("indicator.second_person")
    known.when(amend(), actor="C1", approver="C1", reason="Too lenient.").refused("indicator.second_person")


def test_only_an_indicator_in_force_is_amended() -> None:
    given().when(amend(), approver="C2", reason="?").refused("indicator.unknown")
    given(adopted("I01", since=date(2025, 7, 1))).when(amend(), approver="C2", reason="?").refused("indicator.not_yet")
    retired = IndicatorRetired(I01, TODAY)
    given(adopted("I01"), retired).when(amend(), approver="C2", reason="?").refused("indicator.retired")


def test_an_amendment_is_never_before_the_last_one() -> None:
    amended = given(adopted("I01"), IndicatorAmended(I01, stricter, date(2025, 6, 12)))
    back = definition("I01")
    amended.when(amend(date(2025, 6, 11), back), approver="C2", reason="?").refused("indicator.order")
    amended.when(amend(date(2025, 6, 12), back), approver="C2", reason="A slip.").then(
        IndicatorAmended(I01, back, date(2025, 6, 12))
    )


def test_an_amendment_changes_something() -> None:
    given(adopted("I01")).when(amend(to=definition("I01")), approver="C2", reason="?").refused("indicator.same")


def test_an_indicator_is_not_amended_to_something_unsound() -> None:
    unsound = replace(stricter, mode="off")
    given(adopted("I01")).when(amend(to=unsound), approver="C2", reason="?").refused("indicator.definition")


def test_an_indicator_is_retired_once_by_two_persons_with_a_reason() -> None:
    retire = RetireIndicator(indicator=I01, effective=TODAY)
    known = given(adopted("I01"))
    known.when(retire, approver="C2", reason="Withdrawn.").then(IndicatorRetired(I01, TODAY))
    known.when(retire, approver="C2").refused("indicator.reason")
    known.when(retire, reason="Withdrawn.").refused("indicator.second_person")
    given().when(retire, approver="C2", reason="?").refused("indicator.unknown")
    again = given(adopted("I01"), IndicatorRetired(I01, date(2025, 12, 1)))
    again.when(retire, approver="C2", reason="?").refused("indicator.retired")


def test_an_indicator_is_not_retired_before_its_last_change() -> None:
    amended = given(adopted("I01"), IndicatorAmended(I01, stricter, date(2025, 7, 1)))
    amended.when(RetireIndicator(indicator=I01, effective=TODAY), approver="C2", reason="?").refused("indicator.order")


def test_a_unit_gets_a_target_of_its_own() -> None:
    given(*pace).when(target()).then(target_set())


def test_a_target_is_set_for_an_indicator_in_force() -> None:
    given(department("G2")).when(target()).refused("indicator.unknown")
    given(*pace, IndicatorRetired(I06, TODAY)).when(target()).refused("indicator.retired")


def test_a_target_is_set_for_a_unit_that_is_there() -> None:
    given(adopted("I06")).when(target()).refused("unit.unknown")
    given(*pace, UnitDissolved(G2, TODAY)).when(target()).refused("unit.dissolved")
    given(*pace, UnitDissolved(G2, date(2025, 12, 1))).when(target()).then(target_set())


def test_a_target_is_set_for_a_unit_that_the_indicator_concerns() -> None:
    given(*pace, department("G1")).when(target(unit=G1)).refused("indicator.scope")


@pytest.mark.parametrize("value", ["-1", "NaN", "0.0000001", "1E+12"])
def test_a_target_is_a_plain_number(value: str) -> None:
    given(*pace).when(target(value)).refused("target.value")


def test_a_target_fits_how_the_indicator_is_judged() -> None:
    given(*pace).when(target("0")).refused("target.zero")
    given(adopted("I08"), department("G3")).when(target(indicator="I08", unit=UnitId("G3"))).refused("target.reference")
    given(adopted("I03"), department("G1")).when(target("1", indicator="I03", unit=G1)).refused("target.count")
    given(adopted("I07"), department("G3")).when(target("0", indicator="I07", unit=UnitId("G3"))).then(
        TargetSet(IndicatorId("I07"), UnitId("G3"), 2025, Decimal(0), TODAY)
    )


def test_a_target_is_of_the_year_in_which_it_is_set_or_of_the_next() -> None:
    given(*pace).when(target(year=2026)).then(target_set(year=2026))
    given(*pace).when(target(year=2024)).refused("target.year")
    given(*pace).when(target(year=2027)).refused("target.year")


def test_a_target_is_changed_but_never_before_it_was_last_set_nor_to_what_it_is() -> None:
    known = given(*pace, target_set("60", date(2025, 6, 12)))
    known.when(target("50")).then(target_set("50"))
    known.when(target("50", effective=date(2025, 6, 11))).refused("target.order")
    known.when(target("60.0")).refused("target.same")
    known.when(target("60", year=2026)).then(target_set("60", year=2026))
