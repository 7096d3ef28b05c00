"""All read models on a real history: live, rebuilt, and on either database, they are the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from projections.history import changes
from projections.models import MODELS
from tests.projections.office import GRIDS, OFFICE, History, digests_of, facts_of, rebuilt_the_same
from workflow.ids import (
    AppointmentId,
    IndicatorId,
    PersonId,
    PostId,
    ReadingId,
    TargetId,
    TaskId,
    UnitId,
    WarningId,
)
from workflow.indicators.commands import RetireIndicator, SetTarget
from workflow.indicators.readings import CorrectReading
from workflow.organisation.appointments import Appoint
from workflow.organisation.people import RecordDeparture
from workflow.organisation.units import RenameUnit
from workflow.plans.agenda import FlagTask
from workflow.plans.changing import ExtendTask, ReassignTask
from workflow.plans.checking import ReturnTask, VerifyTask
from workflow.plans.doing import AcceptTask, CompleteTask, CorrectProgress, RefuseTask, ReportProgress
from workflow.plans.planning import AdoptPlan, Aim, CancelTarget
from workflow.plans.splitting import AssignTasks, Part, Reallocate
from workflow.slices import Command
from workflow.warnings.commands import Acknowledge

MARCH, APRIL, MAY = date(2025, 3, 3), date(2025, 4, 1), date(2025, 5, 6)


def a_history() -> History:
    history = History(*OFFICE, *GRIDS)
    head = Appoint(
        appointment=AppointmentId("A7"),
        person=PersonId("P5"),
        post=PostId("G7-HEAD"),
        kind="substantive",
        effective=MARCH,
    )
    history.then(head, MARCH)
    history.adopt("I20", MARCH)
    history.adopt("C1", MARCH)
    for target, day in (("99.5", MARCH), ("99", APRIL)):
        command = SetTarget(
            indicator=IndicatorId("I20"), unit=UnitId("G7"), year=2025, target=Decimal(target), effective=day
        )
        history.then(command, day)
    history.report("I20", "G7", "2025-04", "96.5", MAY)
    warning = WarningId("W.I20.G7.2025-04")
    history.then(Acknowledge(warning=warning, person=PersonId("P5"), explanation="Ill.", effective=MAY), MAY)
    history.then(CorrectReading(reading=ReadingId("I20.G7.2025-04"), value=Decimal(98), effective=MAY), MAY)
    planned(history)
    history.then(RenameUnit(unit=UnitId("G6"), name_zh="未检部", effective=MAY), MAY)
    history.then(RetireIndicator(indicator=IndicatorId("C1"), effective=MAY), MAY)
    history.then(RecordDeparture(person=PersonId("P5"), effective=MAY), MAY)
    return history


def planned(history: History) -> None:
    """A plan of G7 whose target is split, worked on, split anew, shared and flagged."""
    aims = (Aim(Decimal(10), "count", "Visits"), Aim(Decimal(3), "count", "Hearings"))
    plan = AdoptPlan(unit=UnitId("G7"), period="2025", title="Plan", targets=aims, effective=MARCH)
    target, other = TargetId("G7.2025.T1"), TargetId("G7.2025.T2")
    head = PersonId("P5")
    one, two = TaskId(f"{target}.1"), TaskId(f"{target}.2")
    acts: tuple[Command, ...] = (
        plan,
        AssignTasks(
            target=target,
            parts=(Part(Decimal(6), unit=UnitId("G7")), Part(Decimal(4), person=head, due=MAY)),
            effective=MARCH,
        ),
        AssignTasks(
            target=target,
            parent=one,
            parts=(Part(Decimal(6), post=PostId("G7-DEPUTY")),),
            effective=MARCH,
        ),
        RefuseTask(task=one, person=head, why="Too many.", effective=MARCH),
        AcceptTask(task=two, person=head, effective=MARCH),
        ReportProgress(task=two, person=head, done=Decimal(3), effective=MARCH),
        CorrectProgress(task=two, person=head, done=Decimal(2), effective=APRIL),
        Reallocate(
            target=target,
            parts=(Part(Decimal(5), task=two), Part(Decimal(5), person=head)),
            effective=APRIL,
        ),
        ReassignTask(task=TaskId(f"{target}.3"), post=PostId("G7-HEAD"), effective=APRIL),
        ReportProgress(task=two, person=head, done=Decimal(5), effective=APRIL),
        CompleteTask(task=two, person=head, evidence=("list",), effective=APRIL),
        ReturnTask(task=two, verifier=PersonId("P1"), finding="One is missing.", effective=APRIL),
        CompleteTask(task=two, person=head, evidence=("list",), effective=APRIL),
        VerifyTask(task=two, verifier=PersonId("P1"), finding="Seen.", effective=APRIL),
        FlagTask(task=TaskId(f"{target}.3"), effective=MAY),
        ExtendTask(task=TaskId(f"{target}.3"), due=date(2026, 1, 5), effective=MAY),
        CancelTarget(target=other, effective=MAY),
    )
    for act in acts:
        history.then(act, act.effective)  # type: ignore[attr-defined]  # each of them has one


def test_a_rebuild_beside_gives_the_same_facts_as_those_that_were_followed(database_url):
    assert rebuilt_the_same(database_url, a_history())


def test_both_databases_have_the_same_facts_at_every_position(url, fresh_postgres_url):
    history = a_history()
    assert digests_of(url, history) == digests_of(fresh_postgres_url, history)


def test_each_event_changes_the_facts_that_it_is_about(url):
    history = a_history()
    with facts_of(url, history) as connection:
        changed = {
            fact.TOPIC: set(changes(connection, MODELS, position)) for position, fact in enumerate(history.facts, 1)
        }
    assert changed["unit.renamed"] == {"unit"}
    assert changed["appointment.ended"] == {"appointment"}
    assert changed["ex_officio.ended"] == {"leadership"}
    assert changed["reading.reported"] == {"reading"}
    assert changed["reading.corrected"] == {"reading"}
    assert changed["warning.raised"] == {"warning"}
    assert changed["person.left"] == {"person"}
    assert changed["plan.adopted"] == {"plan"}
    assert changed["plan.target_cancelled"] == {"plan_target"}
    assert changed["task.verified"] == {"task"}
    assert all(changed.values())
