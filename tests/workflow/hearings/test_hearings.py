"""Field hearings: about a case reference only, notified in time, held by a host who may, on the day that was told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import accumulate, count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as given_any
from hypothesis import strategies as st
from msgspec.structs import replace

from projections.audit import reperformance
from tests.given import LONG_AGO, Given, charter_in_force, given
from tests.workflow.case_teams.known import declared, dissolved, formed, left, lifted
from tests.workflow.clock.house import Institution, by_the_clock
from tests.workflow.organisation.happened import appointed, person, post
from tests.workflow.service.known import ORGANISATION, after
from tests.workflow.service.test_clock import sealed, wrong
from workflow.charter.library import learn
from workflow.charter.loader import digest, shipped
from workflow.hearings.commands import (
    CancelHearing,
    ChangeHearingHost,
    FlagHearing,
    HoldHearing,
    NotifyHearing,
    PlanHearing,
    PostponeHearing,
    SetHearingPlan,
)
from workflow.hearings.events import (
    Hearers,
    HearingCancelled,
    HearingFlagged,
    HearingHeld,
    HearingHostChanged,
    HearingNotified,
    HearingPlanned,
    HearingPlanSet,
    HearingPostponed,
)
from workflow.hearings.views import hearing_plan_id
from workflow.ids import CaseReference, HearingId, PersonId, UnitId
from workflow.organisation.events import PersonLeft, UnitDissolved
from workflow.slices import Command, Event

H1, G1, P1, P2 = HearingId("H1"), UnitId("G1"), PersonId("P1"), PersonId("P2")
MAY, JUNE, DAY, TODAY = date(2025, 5, 20), date(2025, 6, 3), date(2025, 6, 13), date(2025, 6, 16)
NOTICE_DUE = date(2025, 6, 10)
BY = learn(shipped("procuratorate")).version, digest(shipped("procuratorate"))
PEOPLE = (
    *ORGANISATION,
    person("C1", "clerk"),
    person("D1", "admin"),
    post("DCP-CHIEF", "DCP", "chief"),
    appointed("AD1", "D1", "DCP-CHIEF", unit="DCP"),
)
"""With C1, a clerk, and D1, who is chief without being a prosecutor."""
WHY: dict[str, Any] = {"approver": "C2", "reason": "So it is."}


def plan(on: date = DAY, effective: date = MAY, **more: Any) -> PlanHearing:
    about: dict[str, Any] = {"unit": G1, "reference": "XF-2025-0017", "place": "Mill village", "host": P1, **more}
    return PlanHearing(hearing=H1, on=on, effective=effective, **about)


def notify(on: date = JUNE, told: tuple[str, ...] = ("parties", "hearing_officers"), **more: Any) -> NotifyHearing:
    about: dict[str, Any] = {"evidence": ("letters",), **more}
    return NotifyHearing(hearing=H1, told=told, effective=on, **about)


def postpone(to: date, on: date = JUNE) -> PostponeHearing:
    return PostponeHearing(hearing=H1, on=to, effective=on)


def cancel(on: date = JUNE) -> CancelHearing:
    return CancelHearing(hearing=H1, effective=on)


def host(who: str, on: date = JUNE) -> ChangeHearingHost:
    return ChangeHearingHost(hearing=H1, host=PersonId(who), effective=on)


def hold(on: date = DAY, hearers: Iterable[tuple[str, int]] = (("villagers", 30),), **more: Any) -> HoldHearing:
    about: dict[str, Any] = {"result": "settled", "local_resolution": True, "evidence": ("minutes",), **more}
    return HoldHearing(hearing=H1, hearers=tuple(Hearers(*each) for each in hearers), effective=on, **about)


def quarters(*numbers: int, year: int = 2025, on: date = MAY, unit: str = "G1") -> SetHearingPlan:
    return SetHearingPlan(unit=UnitId(unit), year=year, quarters=numbers, effective=on)


def known(*acts: Command | Event) -> Any:
    return after(*acts, organisation=PEOPLE)


NOTIFIED = (plan(), notify())


def test_a_hearing_is_planned_about_a_case_reference_and_its_notice_is_due_three_days_before():
    known().when(plan(), today=MAY).then(
        HearingPlanned(H1, G1, CaseReference("XF-2025-0017"), "Mill village", P1, DAY, NOTICE_DUE, *BY, MAY)
    )


def test_it_can_be_held_three_calendar_days_after_its_notice():
    for day in (JUNE, NOTICE_DUE):
        earliest = day + timedelta(days=3)
        told = HearingNotified(H1, G1, ("parties", "hearing_officers"), earliest, ("letters",), day)
        known(plan()).when(notify(day), today=day).then(told)
    known(plan()).when(notify(date(2025, 6, 11)), today=date(2025, 6, 11)).refused("hearing.notice")


def test_it_is_held_on_the_day_that_was_told():
    heard = (Hearers("villagers", 30),)
    known(*NOTIFIED).when(hold(), today=DAY).then(HearingHeld(H1, G1, P1, heard, "settled", True, ("minutes",), DAY))
    known(*NOTIFIED).when(hold(date(2025, 6, 12)), today=DAY).refused("hearing.day")


def test_it_is_not_held_without_notice_or_too_soon_after_it():
    known(plan()).when(hold(), today=DAY).refused("hearing.not_notified")
    later = date(2025, 6, 20)
    known(*NOTIFIED, postpone(later)).when(hold(later), today=later).refused("hearing.not_notified")
    stricter = HearingNotified(H1, G1, ("parties",), date(2025, 6, 14), ("letters",), date(2025, 6, 11))
    known(plan(), stricter).when(hold(), today=DAY).refused("hearing.notice")


def test_the_host_is_of_a_class_or_holds_a_post_that_the_charter_names():
    known().when(plan(host=PersonId("C1")), today=MAY).refused("hearing.host")
    assert len(known().when(plan(host=PersonId("D1")), today=MAY).facts) == 1
    known(*NOTIFIED).when(host("C1"), today=JUNE, **WHY).refused("hearing.host")
    gone = (*NOTIFIED, PersonLeft(P1, JUNE))
    known(*gone).when(hold(), today=DAY).refused("person.left")
    known(*gone).when(host("P2"), today=JUNE, **WHY).then(HearingHostChanged(H1, G1, P2, P1, JUNE))
    assert len(known(*gone, host("P2")).when(hold(), today=DAY).facts) == 1


def team(reference: str = "XF-2025-0017", lead: str = "C1") -> Event:
    """A clerk leads the team for a case."""
    return formed(
        case_reference=reference, members=(PersonId(lead),), roles=("handler",), lead=PersonId(lead), effective=MAY
    )


def test_who_leads_the_team_that_has_the_case_may_be_its_host():
    hers = plan(host=PersonId("C1"))
    assert len(known(team()).when(hers, today=MAY).facts) == 1
    known(team(CaseReference("XF-2025-0018"))).when(hers, today=MAY).refused("hearing.host")
    known(team(lead="P2")).when(hers, today=MAY).refused("hearing.host")
    known(team(), replace(dissolved, effective=MAY)).when(hers, today=MAY).refused("hearing.host")
    assert len(known(*NOTIFIED, team()).when(host("C1"), today=JUNE, **WHY).facts) == 1
    led = known(*NOTIFIED, team(), host("C1"))
    assert len(led.when(hold(), today=DAY).facts) == 1
    known(*led.facts, left(PersonId("C1"), led=True)).when(hold(), today=DAY).refused("hearing.host")


def test_who_is_recused_from_the_case_is_not_its_host():
    """Neither from the day it is planned on, nor later on, whatever their class."""
    recused = team(), declared(P1, MAY)
    known(*recused).when(plan(), today=MAY).refused("hearing.recused")
    assert len(known(*recused).when(plan(host=P2), today=MAY).facts) == 1
    assert len(known(*recused).when(plan(reference=CaseReference("XF-2025-0018")), today=MAY).facts) == 1
    assert len(known(*recused, lifted(P1, MAY)).when(plan(), today=MAY).facts) == 1
    known(*NOTIFIED, *recused).when(hold(), today=DAY).refused("hearing.recused")
    planned = known(plan(), *recused)
    planned.when(notify(), today=JUNE).refused("hearing.recused")
    assert len(known(plan(), *recused, host("P2")).when(notify(), today=JUNE).facts) == 1
    theirs = known(team(), *NOTIFIED, host("P2"), declared(P1, JUNE))
    theirs.when(host("P1"), today=JUNE, **WHY).refused("hearing.recused")
    known(team(), declared(PersonId("C1"), MAY)).when(plan(host=PersonId("C1")), today=MAY).refused("hearing.recused")


def test_who_is_told_anew_when_it_is_postponed():
    later = date(2025, 6, 20)
    known(*NOTIFIED).when(postpone(later), today=JUNE, **WHY).then(
        HearingPostponed(H1, G1, later, DAY, date(2025, 6, 17), JUNE)
    )
    again = known(*NOTIFIED, postpone(later), notify(TODAY))
    assert len(again.when(hold(later), today=later).facts) == 1


def test_it_is_cancelled_for_a_reason():
    known(*NOTIFIED).when(cancel(), today=JUNE, **WHY).then(HearingCancelled(H1, G1, JUNE))


@pytest.mark.parametrize(
    ("acts", "act", "code"),
    [
        ((plan(),), plan(), "hearing.exists"),
        ((), plan(reference="Wang against Li"), "id.malformed"),
        ((), plan(on=date.min), "hearing.notice"),
        ((), plan(reference="XF-2025-17"), "hearing.reference"),
        ((), plan(place=" "), "hearing.place"),
        ((), plan(on=MAY), "hearing.notice"),
        ((), plan(on=date(2025, 5, 22)), "hearing.notice"),
        ((), plan(on=date(2027, 1, 1)), "hearing.too_far"),
        ((), plan(effective=date(2025, 6, 17)), "hearing.future"),
        ((), plan(unit=UnitId("G9")), "unit.unknown"),
        ((UnitDissolved(G1, MAY),), plan(), "unit.dissolved"),
        ((), plan(host=PersonId("P99")), "person.unknown"),
        ((PersonLeft(P1, MAY),), plan(), "person.left"),
        ((), notify(), "hearing.unknown"),
        ((plan(),), notify(told=("parties",)), "hearing.told"),
        ((plan(),), notify(told=("parties", "parties", "hearing_officers")), "hearing.told"),
        ((plan(),), notify(told=("parties", "hearing_officers", "press")), "hearing.told"),
        ((plan(),), notify(evidence=()), "hearing.evidence"),
        ((plan(),), notify(date(2025, 5, 19)), "hearing.order"),
        (NOTIFIED, notify(date(2025, 6, 4)), "hearing.notified"),
        (NOTIFIED, postpone(DAY), "hearing.same"),
        (NOTIFIED, postpone(date(2025, 6, 5)), "hearing.notice"),
        (NOTIFIED, host("P1"), "hearing.same"),
        (NOTIFIED, hold(hearers=()), "hearing.hearers"),
        (NOTIFIED, hold(hearers=(("press", 2),)), "hearing.hearers"),
        (NOTIFIED, hold(hearers=(("villagers", 0),)), "hearing.hearers"),
        (NOTIFIED, hold(hearers=(("villagers", 1), ("villagers", 2))), "hearing.hearers"),
        (NOTIFIED, hold(result="won"), "hearing.result"),
        (NOTIFIED, hold(evidence=()), "hearing.evidence"),
        ((*NOTIFIED, hold()), hold(), "hearing.over"),
        ((*NOTIFIED, hold()), cancel(DAY), "hearing.over"),
        ((*NOTIFIED, cancel()), hold(), "hearing.over"),
        ((*NOTIFIED, cancel()), postpone(date(2025, 6, 20)), "hearing.over"),
    ],
)
def test_what_is_done_about_a_hearing_is_refused(acts: tuple[Command | Event, ...], act: Any, code: str):
    known(*acts).when(act, today=TODAY, **WHY).refused(code)


def test_nobody_holds_a_hearing_of_a_day_to_come():
    known(*NOTIFIED).when(hold(), today=date(2025, 6, 12)).refused("hearing.future")


@pytest.mark.parametrize("act", [postpone(date(2025, 6, 20)), cancel(), host("P2")])
def test_what_changes_a_hearing_has_a_reason(act: Command):
    known(*NOTIFIED).when(act, today=JUNE).refused("hearing.reason")


def test_a_unit_plans_its_hearings_by_quarter_and_changes_that_by_two_persons():
    id = hearing_plan_id(G1, 2025)
    known().when(quarters(0, 2, 0, 1), today=MAY).then(HearingPlanSet(id, G1, 2025, (0, 2, 0, 1), None, MAY))
    planned = known(quarters(0, 2, 0, 1))
    planned.when(quarters(0, 1, 1, 1, on=JUNE), today=JUNE, **WHY).then(
        HearingPlanSet(id, G1, 2025, (0, 1, 1, 1), (0, 2, 0, 1), JUNE)
    )
    planned.when(quarters(0, 1, 1, 1, on=JUNE), today=JUNE, reason="Less.").refused("hearing_plan.second_person")
    planned.when(quarters(0, 1, 1, 1, on=JUNE), today=JUNE, approver="C2").refused("hearing_plan.reason")


def test_how_many_there_were_to_be_in_a_quarter_that_is_over_is_said_by_two_persons():
    late, id = quarters(1, 2, 0, 1), hearing_plan_id(G1, 2025)
    known().when(late, today=MAY, reason="Forgotten.").refused("hearing_plan.second_person")
    known().when(late, today=MAY, **WHY).then(HearingPlanSet(id, G1, 2025, (1, 2, 0, 1), None, MAY))
    last = quarters(1, 0, 0, 0, on=date(2025, 3, 31))
    assert known().when(last, today=date(2025, 4, 3)).refusal is None


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (quarters(1, 2, 3), "hearing_plan.quarters"),
        (quarters(1, 2, 3, -1), "hearing_plan.quarters"),
        (quarters(1, 1, 1, 1, year=2024), "hearing_plan.over"),
        (quarters(1, 1, 1, 1, on=date(2025, 6, 17)), "hearing_plan.future"),
        (quarters(1, 2, 0, 1), "hearing_plan.same"),
        (quarters(1, 1, 1, 1, on=date(2025, 5, 19)), "hearing_plan.order"),
        (quarters(1, 1, 1, 1, unit="G9"), "unit.unknown"),
    ],
)
def test_a_plan_of_hearings_is_refused(act: Command, code: str):
    known(quarters(1, 2, 0, 1)).when(act, today=TODAY, **WHY).refused(code)


TEXT = shipped("procuratorate")
WITHOUT = TEXT[: TEXT.index("[hearings]")] + TEXT[TEXT.index("[vocabulary]") :]


def test_a_charter_without_hearings_knows_none():
    without = given(*PEOPLE, charters=[(LONG_AGO, WITHOUT)])
    without.when(plan(), today=MAY).refused("hearing.charter")


def test_a_hearing_is_cancelled_also_when_the_charter_knows_none_any_more():
    gone = Given([*known(plan()).facts, *charter_in_force(WITHOUT, JUNE)])
    gone.when(notify(), today=JUNE).refused("hearing.charter")
    assert gone.when(cancel(), today=JUNE, **WHY).refusal is None


# ---- the clock, and decisions taken again ----

_places = count()
FIRST, LAST = MAY, date(2025, 7, 10)
LATER = date(2025, 6, 25)
LIVED: dict[date, list[Command]] = {
    MAY: [plan()],
    date(2025, 6, 12): [postpone(LATER, date(2025, 6, 12))],
    TODAY: [notify(TODAY)],
    date(2025, 7, 1): [cancel(date(2025, 7, 1))],
}


def live(place: Path, awake: Iterable[date] | None = None) -> Institution:
    institution = Institution(f"sqlite:///{place}/log.sqlite", [sealed(fact) for fact in PEOPLE], FIRST)
    clock, nights = institution.clock(), None if awake is None else set(awake)
    while institution.day <= LAST:
        if nights is None or institution.day in nights:
            clock.until(institution.day)
        for command in LIVED.get(institution.day, ()):
            institution.do(command, approver="C2", reason="So it is.")
        institution.day += timedelta(days=1)
    clock.until(LAST)
    return institution


def flagged(institution: Institution) -> list[HearingFlagged]:
    return [fact for _, fact in by_the_clock(institution) if isinstance(fact, HearingFlagged)]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Any:
    institution = live(tmp_path_factory.mktemp("house"))
    yield institution
    institution.close()


def test_a_hearing_turns_red_on_the_day_after_its_notice_or_itself_was_due(lived: Institution):
    told = {(f.why, f.colour, f.due): f.effective for f in flagged(lived)}
    assert told == {
        ("notice", "yellow", NOTICE_DUE): date(2025, 6, 6),
        ("notice", "red", NOTICE_DUE): date(2025, 6, 11),
        ("hold", "yellow", DAY): date(2025, 6, 11),
        ("hold", "yellow", LATER): date(2025, 6, 23),
        ("hold", "red", LATER): date(2025, 6, 26),
    }


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_any(naps=st.lists(st.integers(0, 30), max_size=5))
def test_a_clock_that_slept_flags_what_one_flagged_that_was_awake(tmp_path: Path, lived: Institution, naps: list[int]):
    slept = live(tmp_path / str(next(_places)), [FIRST, *(FIRST + timedelta(days=n) for n in accumulate(naps))])
    found = flagged(slept)
    slept.close()
    assert found == flagged(lived)


def test_a_colour_is_given_once():
    day = date(2025, 6, 11)
    act = FlagHearing(hearing=H1, why="notice", effective=day)
    assert len(known(plan()).when(act, today=day).facts) == 1
    known(plan(), act).when(act, today=day).nothing()


def test_what_is_due_again_on_the_same_day_is_given_its_colour_again():
    ninth, tenth = date(2025, 6, 9), date(2025, 6, 10)
    acts = FlagHearing(hearing=H1, why="notice", effective=ninth), postpone(LATER, ninth)
    again = FlagHearing(hearing=H1, why="notice", effective=tenth)
    set_back = known(plan(), *acts, postpone(DAY, ninth))
    (told,) = set_back.when(again, today=tenth).facts
    assert isinstance(told, HearingFlagged)
    assert (told.why, told.colour, told.due) == ("notice", "yellow", NOTICE_DUE)
    assert wrong([*set_back.facts, told]) == []
    set_back.when(acts[0], today=tenth).nothing()  # a clock that is started anew goes through that day once more


def test_what_was_decided_by_the_rules_passes(lived: Institution):
    assert wrong(lived.facts()) == []


@pytest.mark.parametrize(
    ("kind", "changes", "told"),
    [
        (HearingPlanned, {"notice_due": LAST}, "H1: notice_due is recorded as 2025-07-10, and had to be 2025-06-10"),
        (HearingPlanned, {"charter": "9"}, "charter is recorded as 9"),
        (HearingPostponed, {"notice_due": LAST}, "notice_due is recorded as 2025-07-10, and had to be 2025-06-22"),
        (HearingPostponed, {"was": LAST}, "was is recorded as 2025-07-10, and had to be 2025-06-13"),
        (HearingNotified, {"earliest": TODAY}, "earliest is recorded as 2025-06-16, and had to be 2025-06-19"),
        (HearingFlagged, {"colour": "red"}, "colour is recorded as red, and had to be yellow"),
        (HearingFlagged, {"due": LAST}, "due is recorded as 2025-07-10"),
    ],
)
def test_a_falsified_decision_is_named(kind: type[Event], changes: dict[str, Any], told: str, lived: Institution):
    facts = lived.facts()
    where = next(n for n, fact in enumerate(facts) if type(fact) is kind)
    assert told in wrong([*facts[:where], replace(facts[where], **changes), *facts[where + 1 :]])[0]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"effective": date(2025, 6, 12)}, "effective is recorded as 2025-06-12, and had to be 2025-06-13"),
        ({"host": P2}, "host is recorded as P2, and had to be P1"),
        ({"effective": date(2025, 6, 5)}, "the notice is recorded as in time, and had to be given first"),
    ],
)
def test_a_falsified_hearing_is_named(changes: dict[str, Any], told: str):
    facts = known(*NOTIFIED, hold()).facts
    assert wrong(facts) == []
    assert told in wrong([*facts[:-1], replace(facts[-1], **changes)])[0]


@pytest.mark.parametrize("later", range(14))
def test_nothing_is_missing_when_it_is_postponed_back_dated_while_the_clock_slept(tmp_path: Path, later: int):
    """What was due on the days that the clock slept, on the old day, is not what is due on the new one."""
    on = date(2025, 6, 10) + timedelta(days=later)
    institution = Institution(
        f"sqlite:///{tmp_path}/log.sqlite", [sealed(fact) for fact in PEOPLE], on - timedelta(days=21)
    )
    clock = institution.clock()

    def nights(*days: int) -> None:
        for day in days:
            institution.day = on + timedelta(days=day)
            clock.until(institution.day)

    nights(-21)
    institution.do(plan(on=on, effective=institution.day), **WHY)
    nights(*range(-20, -3), -1, 0)
    institution.do(postpone(on + timedelta(days=3), on=on - timedelta(days=3)), **WHY)
    nights(1, 2, 3)
    assert reperformance(institution.log).ok
    institution.close()
