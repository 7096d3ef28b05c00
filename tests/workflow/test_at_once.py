"""The same command twice at the same moment, under two command ids: it takes effect once, whichever comes first.

Each part of the domain has a story here; each of its steps is asked for by two threads against a real log.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from tests.projections.office import sealed
from tests.workflow.assessments import known as assessed
from tests.workflow.assessments import test_scores
from tests.workflow.clock.house import Institution
from tests.workflow.cycles import test_cycles as cycles
from tests.workflow.duties import known as owed
from tests.workflow.indicators.known import reported
from tests.workflow.plans import known as planned
from tests.workflow.plans import test_changing as passed
from tests.workflow.reports import test_reports as reports
from tests.workflow.warnings import ranks, test_escalation
from tests.workflow.warnings.test_measures import extend, interview
from workflow.assessments.appeals import NoteOverdueAppeal
from workflow.assessments.publishing import FinaliseAssessment, RecuseReviewer, ReverseBonus
from workflow.assessments.scoring import ExcuseSubject
from workflow.duties.agenda import LetDutyGo, OpenDuty, TurnDuty
from workflow.duties.commands import ExcuseDuty, ExtendDuty, FulfilDuty
from workflow.honours.commands import AnnulHonour, ConferHonour, CorrectHonour, RevokeHonour
from workflow.ids import DutyId, HonourId, IndicatorId, MatterId, PersonId, TaskId, UnitId
from workflow.indicators.readings import ReportReading
from workflow.organisation.events import UnitDissolved
from workflow.plans.agenda import FlagTask
from workflow.plans.changing import CancelTask, ExtendTask
from workflow.plans.leaving import NoteAssignee
from workflow.plans.planning import CancelTarget
from workflow.slices import Command, Event, Refused
from workflow.warnings.commands import Acknowledge, CloseOut, PlanRectification, Reopen, ReportRectification
from workflow.warnings.escalation import EscalateWarning
from workflow.warnings.measures import RecordTalk


class Story(NamedTuple):
    """What was there before, and one thing after another: what happens, or what two want at once."""

    history: tuple[Event, ...]
    steps: tuple[Event | Command, ...]
    text: str | None = None


def _duties() -> Story:
    comment, theme, week = (
        DutyId(f"{kind}")
        for kind in ("monthly_comment.G3.2025-05", "theme_day.B2.2025-05", "weekly_meeting.G3.2025-W19")
    )
    day, yellow, red = date(2025, 5, 7), date(2025, 5, 28), date(2025, 6, 13)
    return Story(
        owed.ORGANISATION,
        (
            OpenDuty(duty=comment, effective=day),
            FulfilDuty(duty=week, held_on=day, evidence=("minutes",), effective=day),
            TurnDuty(duty=comment, colour="yellow", effective=yellow),
            ExtendDuty(duty=theme, person=owed.SECRETARY, until=date(2025, 6, 12), effective=yellow),
            TurnDuty(duty=comment, colour="red", effective=red),
            ExcuseDuty(duty=comment, effective=red),
            OpenDuty(duty=DutyId("monthly_comment.G4.2025-06"), effective=red),
            UnitDissolved(UnitId("G4"), red),
            LetDutyGo(duty=DutyId("monthly_comment.G4.2025-06"), effective=red),
        ),
    )


def _reports() -> Story:
    steps = reports.submit(), reports.countersign(), reports.accept(), reports.send_back()
    return Story(owed.ORGANISATION, (*steps, reports.submit()))


def _cycles() -> Story:
    stages = [cycles.reach(line, stage) for stage in cycles.STAGES for line in ("party", "business")]
    return Story(owed.ORGANISATION, (cycles.open_cycle(), *stages, cycles.inspect(), cycles.close()))


def _plans() -> Story:
    p = planned
    one, two, three = (TaskId(f"{p.T1}.{number}") for number in (1, 2, 3))
    moved, after = date(2025, 5, 16), date(2025, 5, 17)
    june, july = date(2025, 6, 2), date(2025, 7, 1)
    return Story(
        p.ORGANISATION,
        (
            p.PLAN,
            p.add(5, on=p.NEW_YEAR),
            p.change(30, on=p.NEW_YEAR),
            p.assign(p.to("P1", 13, due=passed.JUNE_30), p.to("P2", 17), on=p.NEW_YEAR),
            p.accept(one, "P1"),
            p.refuse(two, "P2"),
            passed.reassign(two, person=PersonId("P4")),
            p.progress(one, "P1", 5),
            p.correct(one, "P1", 4),
            *passed.MOVED[-2:],
            NoteAssignee(task=one, effective=after),
            passed.share(one, moved, person=PersonId("P2")),
            p.accept(three, "P2", after),
            p.progress(three, "P2", 3, june),
            ExtendTask(task=one, due=july, effective=june),
            p.complete(three, "P2", june),
            p.send_back(three, "P4", june),
            p.complete(three, "P2", june),
            p.verify(three, "P0", june),
            p.reallocate(p.still(one, 10), p.still(two, 9), p.to("G4-H2", 8), on=june),
            p.reallocate(p.still(one, 10), p.still(two, 17), on=june),
            p.change(31, p.still(one, 10), p.still(two, 18), on=june),
            FlagTask(task=one, effective=date(2025, 7, 2)),
            p.assign(p.to("P2", 100), target=p.T2, on=date(2025, 7, 2)),
            CancelTask(task=TaskId(f"{p.T2}.1"), effective=date(2025, 7, 2)),
            CancelTarget(target=p.T1, effective=date(2025, 7, 2)),
        ),
    )


def _warnings() -> Story:
    known, day = test_escalation, date(2025, 6, 4)
    about: dict[str, Any] = {"warning": known.W, "person": ranks.HEAD}
    later = date(2025, 6, 13)
    talk: dict[str, Any] = {"warning": known.W, "persons": (ranks.HEAD,), "record": "How it goes."}
    return Story(
        (*ranks.RANKS, reported("I07", "G3", "2025-04", "33", date(2025, 5, 4), date(2025, 5, 6)), ranks.CLOCK),
        (
            ReportReading(
                indicator=IndicatorId("I07"), unit=UnitId("G3"), period="2025-05", value=Decimal(33), effective=day
            ),
            EscalateWarning(warning=known.W, effective=date(2025, 6, 12)),
            interview(person=ranks.CHIEF, effective=date(2025, 6, 12)),
            RecordTalk(person=ranks.CHIEF, effective=date(2025, 6, 12), **talk),
            Acknowledge(explanation="Two long cases.", effective=later, **about),
            PlanRectification(plan="Review weekly.", due=known.FIX_BY, effective=later, **about),
            extend(effective=later),
            ReportRectification(report="Reviewed.", effective=later, **about),
            CloseOut(warning=known.W, checker=ranks.CHECKER, finding="Seen.", evidence=("files",), effective=later),
            Reopen(warning=known.W, person=ranks.CHECKER, effective=later),
        ),
    )


def _assessments() -> Story:
    a, s = assessed, test_scores
    honour = ConferHonour(
        honour=s.HONOUR,
        person=PersonId("P1"),
        level="province",
        title="Model",
        issuer="Province",
        matter=MatterId("M1"),
        evidence=("decree",),
        effective=a.SCORE,
    )
    other: dict[str, Any] = {
        "honour": HonourId("H2"),
        "person": PersonId("P1"),
        "title": "Model",
        "issuer": "City",
        "matter": MatterId("M7"),
        "evidence": ("decree",),
    }
    overdue, final, fallen = date(2025, 8, 6), date(2025, 8, 7), date(2025, 8, 8)
    return Story(
        a.KNOWN,
        (
            a.opening(),
            *(a.scoring(person) for person in ("P1", "P2")),
            a.scoring("P3", a.rated("8")),
            ExcuseSubject(assessment=a.A, subject="P2", effective=a.SCORE),
            honour,
            ConferHonour(level="city", effective=a.SCORE, **other),
            CorrectHonour(level="county", conferred_on=a.SCORE, effective=a.SCORE, **other),
            AnnulHonour(honour=HonourId("H2"), effective=a.SCORE),
            s.bonus(honour=s.HONOUR),
            s.deduction("2", "P3"),
            s.veto("P1"),
            a.voting(P1=3, P3=1),
            a.confirming(),
            a.publishing(),
            a.lodging(),
            RecuseReviewer(assessment=a.A, person=PersonId("P8"), effective=a.DAY),
            NoteOverdueAppeal(appeal=a.APPEAL, effective=overdue),
            a.deciding(strike=(MatterId("M9"),), effective=overdue),
            FinaliseAssessment(assessment=a.A, effective=final),
            RevokeHonour(honour=HonourId("H1"), effective=final),
            ReverseBonus(assessment=a.A, honour=HonourId("H1"), effective=fallen),
        ),
        a.TEXT,
    )


STORIES = {
    "duties": _duties(),
    "reports": _reports(),
    "cycles": _cycles(),
    "plans": _plans(),
    "warnings": _warnings(),
    "assessments": _assessments(),
}
PARTS = (*STORIES, "honours")


def test_no_command_of_these_parts_is_left_out() -> None:
    told = {type(step) for story in STORIES.values() for step in story.steps}
    mine = {kind for kind in _commands(Command) if kind.__module__.split(".")[1] in PARTS and "execute" in vars(kind)}
    assert mine <= told, mine - told


def _commands(base: type[Any]) -> Iterator[type[Any]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _commands(kind)


@pytest.mark.parametrize("part", STORIES)
def test_of_two_who_want_the_same_at_once_one_is_served(database_url: str, part: str) -> None:
    story = STORIES[part]
    days = [_day(step) for step in story.steps if isinstance(step, Command)]
    about = {} if story.text is None else {"text": story.text}
    house = Institution(database_url, [sealed(fact) for fact in story.history], days[0], **about)
    for step in story.steps:
        if isinstance(step, Event):
            house.record(step)
            continue
        house.day = max(house.day, _day(step))
        before = house.log.head().position
        refused = _twice_at_once(house, step)
        served = {each.commandid for each in house.envelopes()[before:]}
        assert len(served) == 1, (step, served, refused)
        assert len(refused) <= 1, (step, refused)
    house.close()


def _day(step: Any) -> date:
    day: date = step.effective
    return day


def _twice_at_once(house: Institution, command: Command) -> list[str]:
    """The codes with which it was refused."""
    codes: list[str] = []
    errors: list[BaseException] = []
    start = threading.Barrier(2)

    def send(actor: str) -> None:
        start.wait()
        try:
            house.do(command, actor=actor, reason="So it is.", approver="C9")
        except Refused as refused:
            codes.append(refused.code)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=send, args=(actor,)) for actor in ("C1", "C2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    return codes
