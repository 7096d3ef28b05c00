"""Sync cycles: both lines move through the same stages in step, are inspected from outside, and closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.given import LONG_AGO, Given, given
from tests.workflow.duties.known import DEPUTY, HEAD, ORGAN, ORGANISATION, RULE, SECRETARY
from tests.workflow.indicators.known import START, TEXT, department, holds, post
from workflow.cycles.commands import CloseCycle, OpenCycle, ReachStage, RecordInspection
from workflow.cycles.events import CycleClosed, CycleInspected, CycleOpened, CycleStageReached, Item
from workflow.ids import CycleId, PersonId, UnitId
from workflow.organisation.events import PersonLeft
from workflow.slices import Command, Event

C1, G3, DAY = CycleId("C1"), UnitId("G3"), date(2025, 6, 4)
ITEMS = (Item("party", "Study the plan."), Item("business", "Clear the backlog."))
FINDINGS = (Item("party", "Studied."), Item("business", "Cleared."))
STAGES = ("plan", "deploy", "implement", "inspect")


def open_cycle(**changes: Any) -> OpenCycle:
    asked = {"cycle": C1, "unit": G3, "title": "Second quarter", "items": ITEMS, "effective": DAY, **changes}
    return OpenCycle(**asked)


def reach(line: str, stage: str, **changes: Any) -> ReachStage:
    asked = {"cycle": C1, "line": line, "stage": stage, "evidence": ("minutes",), "effective": DAY, **changes}
    return ReachStage(**asked)


def inspect(**changes: Any) -> RecordInspection:
    asked = {"cycle": C1, "inspector": ORGAN, "findings": FINDINGS, "evidence": ("minutes",), "effective": DAY}
    return RecordInspection(**{**asked, **changes})


def close(**changes: Any) -> CloseCycle:
    asked = {"cycle": C1, "effective": DAY, **changes}
    return CloseCycle(**asked)


opened = CycleOpened(C1, G3, "Second quarter", ITEMS, *RULE, DAY)


def reached(line: str, stage: str, person: PersonId | None = None) -> CycleStageReached:
    return CycleStageReached(C1, G3, line, stage, ("minutes",), person, DAY)


def come(party: int, business: int) -> tuple[Event, ...]:
    """A cycle whose lines have reached so many stages."""
    far = [*(reached("party", each) for each in STAGES[:party]), *(reached("business", s) for s in STAGES[:business])]
    return opened, *far


inspected = CycleInspected(C1, G3, ORGAN, FINDINGS, ("minutes",), DAY)
closed = CycleClosed(C1, G3, None, DAY)


def known(*facts: Event) -> Given:
    return given(*ORGANISATION, *facts)


def test_a_cycle_opens_with_an_item_on_each_line():
    known().when(open_cycle(), today=DAY).then(opened)
    known().when(open_cycle(items=ITEMS[::-1]), today=DAY).then(opened)
    for items in ((), ITEMS[:1], (*ITEMS, ITEMS[0]), (ITEMS[0], Item("business", " "))):
        known().when(open_cycle(items=items), today=DAY).refused("cycle.items")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": " "}, "cycle.title"),
        ({"unit": UnitId("G9")}, "unit.unknown"),
        ({"effective": date(2025, 6, 5)}, "cycle.future"),
    ],
)
def test_a_cycle_has_a_title_and_a_unit_that_stands(changes: dict[str, Any], code: str):
    known().when(open_cycle(**changes), today=DAY).refused(code)


def test_there_is_one_cycle_of_an_id():
    known(opened).when(open_cycle(), today=DAY).refused("cycle.exists")


def test_where_the_charter_knows_no_cycles_there_are_none():
    start, end = TEXT.index("[sync]"), TEXT.index('[calendar]\ncountry = "CN"')
    known = given(*ORGANISATION, charters=[(LONG_AGO, TEXT[:start] + TEXT[end:])])
    known.when(open_cycle(), today=DAY).refused("cycle.charter")


def test_the_lines_reach_the_stages_in_their_order():
    known(opened).when(reach("party", "plan"), today=DAY).then(reached("party", "plan"))
    known(opened).when(reach("party", "deploy"), today=DAY).refused("cycle.stage")
    known(*come(1, 1)).when(reach("party", "plan"), today=DAY).refused("cycle.stage")
    known(*come(4, 4)).when(reach("party", "inspect"), today=DAY).refused("cycle.stage")
    known(opened).when(reach("kitchen", "plan"), today=DAY).refused("cycle.line")


@pytest.mark.parametrize("far", range(3))
def test_neither_line_runs_more_than_a_stage_ahead_of_the_other(far: int):
    known(*come(far + 1, far)).when(reach("party", STAGES[far + 1]), today=DAY).refused("cycle.ahead")
    known(*come(far, far + 1)).when(reach("business", STAGES[far + 1]), today=DAY).refused("cycle.ahead")
    known(*come(far + 1, far)).when(reach("business", STAGES[far]), today=DAY).then(reached("business", STAGES[far]))
    known(*come(far, far)).when(reach("business", STAGES[far]), today=DAY).then(reached("business", STAGES[far]))


def test_how_far_ahead_is_the_charters():
    text = TEXT.replace("at_most_ahead = 1", "at_most_ahead = 2")
    opening = given(*ORGANISATION, charters=[(LONG_AGO, text)]).when(open_cycle(), today=DAY).facts
    facts = given(*ORGANISATION, *opening, reached("party", "plan"), charters=[(LONG_AGO, text)])
    facts.when(reach("party", "deploy"), today=DAY).then(reached("party", "deploy"))


def test_a_cycle_moves_to_its_end_by_the_charter_under_which_it_opened():
    later = TEXT.replace('version = "1"', 'version = "2"', 1).replace("at_most_ahead = 1", "at_most_ahead = 2")
    facts = given(*ORGANISATION, *come(1, 0), charters=[(LONG_AGO, TEXT), (DAY, later)])
    facts.when(reach("party", "deploy"), today=DAY).refused("cycle.ahead")


def test_a_stage_takes_evidence():
    known(opened).when(reach("party", "plan", evidence=()), today=DAY).refused("cycle.evidence")


def test_who_answers_for_the_unit_moves_its_cycle_or_a_clerk_records_it():
    known(opened).when(reach("party", "plan", person=HEAD), today=DAY).then(reached("party", "plan", HEAD))
    known(opened).when(reach("party", "plan", person=SECRETARY), today=DAY).refused("cycle.not_answerable")
    known(*come(4, 4), inspected).when(close(person=SECRETARY), today=DAY).refused("cycle.not_answerable")


# ---- inspected and closed ----


def test_a_cycle_is_inspected_from_outside_when_all_lines_have_come_to_the_end():
    known(*come(4, 4)).when(inspect(), today=DAY).then(inspected)
    known(*come(4, 3)).when(inspect(), today=DAY).refused("cycle.unfinished")
    known(*come(4, 4), inspected).when(inspect(), today=DAY).refused("cycle.inspected")


def test_who_belongs_to_the_unit_or_to_one_below_it_does_not_inspect():
    works = (post("G3-H", "G3", "handler"), holds("P5", "G3-H", "G3"))
    below = (department("T", parent="G3"), post("T-H", "T", "handler"), holds("P6", "T-H", "T"))
    facts = known(*works, *below, *come(4, 4))
    for inspector in (HEAD, PersonId("P5"), PersonId("P6")):
        facts.when(inspect(inspector=inspector), today=DAY).refused("cycle.inspector")
    facts.when(inspect(inspector=DEPUTY), today=DAY).then(CycleInspected(C1, G3, DEPUTY, FINDINGS, ("minutes",), DAY))


def test_an_inspection_has_a_finding_on_each_line_evidence_and_somebody_in_service():
    facts = known(*come(4, 4))
    facts.when(inspect(findings=FINDINGS[:1]), today=DAY).refused("cycle.findings")
    facts.when(inspect(evidence=()), today=DAY).refused("cycle.evidence")
    refused = facts.when(inspect(inspector=PersonId("P404")), today=DAY).refused("person.unknown")
    assert refused.fields == ("inspector",)
    known(*come(4, 4), PersonLeft(ORGAN, DAY)).when(inspect(), today=DAY).refused("person.left")


def test_a_cycle_is_closed_when_it_was_inspected():
    known(*come(4, 4), inspected).when(close(), today=DAY).then(closed)
    known(*come(4, 4)).when(close(), today=DAY).refused("cycle.not_inspected")
    known(*come(3, 4)).when(close(), today=DAY).refused("cycle.unfinished")


ACTS: list[Callable[..., Command]] = [lambda **c: reach("party", "plan", **c), inspect, close]


@pytest.mark.parametrize("act", ACTS)
def test_what_is_done_about_a_cycle_is_in_order(act: Callable[..., Command]):
    known().when(act(), today=DAY).refused("cycle.unknown")
    known(opened).when(act(effective=date(2025, 6, 3)), today=DAY).refused("cycle.order")
    known(opened).when(act(effective=date(2025, 6, 5)), today=DAY).refused("cycle.future")
    known(*come(4, 4), inspected, closed).when(act(), today=DAY).refused("cycle.closed")


def test_the_work_of_a_hospital_moves_through_stages_of_its_own_on_its_one_line():
    ward = (department("H", "hospital"), department("D", "department", "H"))
    items = (Item("quality", "Fewer falls."),)
    asked = open_cycle(unit=UnitId("D"), items=items)
    answer = given(*ward, charter="hospital").when(asked, today=DAY)
    stages = [CycleStageReached(C1, UnitId("D"), "quality", each, ("minutes",), None, DAY) for each in ("plan", "do")]
    known = (*ward, *answer.facts)
    given(*known, charter="hospital").when(reach("quality", "plan"), today=DAY).then(stages[0])
    given(*known, stages[0], charter="hospital").when(reach("quality", "do"), today=DAY).then(stages[1])
    given(*known, charter="hospital").when(reach("quality", "check"), today=DAY).refused("cycle.stage")
    given(*known, charter="hospital").when(reach("clinical", "plan"), today=DAY).refused("cycle.line")


def test_without_cycles_in_the_charter_none_is_opened():
    text = TEXT[: TEXT.index("[sync]")] + TEXT[TEXT.index("[calendar]") :]
    given(*ORGANISATION, charters=[(START, text)]).when(open_cycle(), today=DAY).refused("cycle.charter")
