"""What the tests of plans say has happened: two departments with people, a plan of G4, and its first target split."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tests.given import LONG_AGO, Given, charter_in_force, given
from tests.workflow.indicators.known import adopted, department, holds, person, post
from workflow.charter.library import learn
from workflow.charter.loader import shipped
from workflow.ids import IndicatorId, PersonId, PlanId, PostId, TargetId, TaskId, UnitId
from workflow.organisation.events import PostDutiesSet
from workflow.plans.amending import AddTarget, ChangeTarget
from workflow.plans.checking import ReturnTask, VerifyTask
from workflow.plans.doing import AcceptTask, CompleteTask, CorrectProgress, RefuseTask, ReportProgress
from workflow.plans.planning import AdoptPlan, Aim
from workflow.plans.splitting import AssignTasks, Part, Reallocate
from workflow.slices import Command, Event

CHARTER = learn(shipped("procuratorate"))
NEW_YEAR, MARCH, APRIL = date(2025, 1, 6), date(2025, 3, 3), date(2025, 4, 1)
T1, T2 = TargetId("G4.2025.T1"), TargetId("G4.2025.T2")

ORGANISATION = (
    department("DCP", "institution"),
    *(department(unit, parent="DCP") for unit in ("G4", "G5")),
    *(person(f"P{n}") for n in range(10)),
    post("DCP-CHIEF", "DCP", "chief"),
    post("DCP-DC", "DCP", "deputy_chief"),
    PostDutiesSet(PostId("DCP-DC"), (UnitId("G4"),), LONG_AGO),
    *(post(f"{unit}-{name}", unit, kind) for unit in ("G4", "G5") for name, kind in (("HEAD", "department_head"),)),
    *(post(f"{unit}-H{n}", unit, "handler") for unit in ("G4", "G5") for n in (1, 2)),
    holds("P0", "DCP-CHIEF", "DCP"),
    holds("P9", "DCP-DC", "DCP"),
    holds("P4", "G4-HEAD", "G4"),
    holds("P1", "G4-H1", "G4"),
    holds("P2", "G4-H2", "G4"),
    holds("P5", "G5-HEAD", "G5"),
    holds("P6", "G5-H1", "G5"),
    adopted("I12"),
)
"""P0 is chief, P9 the deputy in charge of G4, P4 its head with P1 and P2; P5 heads G5, with P6. The
others hold nothing."""

PLAN = AdoptPlan(
    unit=UnitId("G4"),
    period="2025",
    title="Plan of G4",
    targets=(
        Aim(Decimal(24), indicator=IndicatorId("I12")),
        Aim(Decimal(100), "percent", "Files reviewed by a second person"),
    ),
    effective=NEW_YEAR,
)


def to(id: str, amount: str | int, **more: Any) -> Part:
    """A part for a unit (`G…`, `D…`), a post (`…-…`), or a person (`P…`)."""
    whom: dict[str, Any] = {"post" if "-" in id else "person" if id.startswith("P") else "unit": id}
    return Part(Decimal(amount), **whom, **more)


def still(task: str, amount: str | int) -> Part:
    """A part that is there already."""
    return Part(Decimal(amount), task=TaskId(task))


def assign(*parts: Part, target: str = T1, parent: str | None = None, on: date = NEW_YEAR) -> AssignTasks:
    above = None if parent is None else TaskId(parent)
    return AssignTasks(target=TargetId(target), parent=above, parts=parts, effective=on)


def reallocate(*parts: Part, target: str = T1, parent: str | None = None, on: date = MARCH) -> Reallocate:
    above = None if parent is None else TaskId(parent)
    return Reallocate(target=TargetId(target), parent=above, parts=parts, effective=on)


def change(amount: str | int, *parts: Part, target: str = T1, on: date = MARCH) -> ChangeTarget:
    return ChangeTarget(target=TargetId(target), amount=Decimal(amount), parts=parts, effective=on)


def add(amount: str | int, title: str = "Visits", on: date = MARCH, plan: str = "G4.2025", **more: Any) -> AddTarget:
    aim = Aim(Decimal(amount), title=title, **({"measure": "count"} | more))
    return AddTarget(plan=PlanId(plan), aim=aim, effective=on)


def accept(task: str, by: str, on: date = NEW_YEAR) -> AcceptTask:
    return AcceptTask(task=TaskId(task), person=PersonId(by), effective=on)


def refuse(task: str, by: str, on: date = NEW_YEAR, why: str = "On leave.") -> RefuseTask:
    return RefuseTask(task=TaskId(task), person=PersonId(by), why=why, effective=on)


def progress(task: str, by: str, done: str | int, on: date = MARCH, **more: Any) -> ReportProgress:
    return ReportProgress(task=TaskId(task), person=PersonId(by), done=Decimal(done), effective=on, **more)


def correct(task: str, by: str, done: str | int, on: date = MARCH) -> CorrectProgress:
    return CorrectProgress(task=TaskId(task), person=PersonId(by), done=Decimal(done), effective=on)


def complete(task: str, by: str, on: date = MARCH, evidence: tuple[str, ...] = ("register",)) -> CompleteTask:
    return CompleteTask(task=TaskId(task), person=PersonId(by), evidence=evidence, effective=on)


def verify(task: str, by: str, on: date = MARCH, finding: str = "Seen.", **more: Any) -> VerifyTask:
    return VerifyTask(task=TaskId(task), verifier=PersonId(by), finding=finding, effective=on, **more)


def send_back(task: str, by: str, on: date = MARCH, finding: str = "Two are missing.") -> ReturnTask:
    return ReturnTask(task=TaskId(task), verifier=PersonId(by), finding=finding, effective=on)


def lived(*acts: Command | Event, charter: str = "procuratorate") -> list[Event]:
    """All that has happened after these, each command on its effective date, by two persons, with a reason."""
    facts = [*charter_in_force(shipped(charter), LONG_AGO), *ORGANISATION]
    for act in acts:
        if isinstance(act, Event):
            facts.append(act)
            continue
        day: date = act.effective  # type: ignore[attr-defined]  # each of them has one
        answer = given(*facts, charter=None).when(act, today=day, approver="C2", reason="So it is.")
        assert answer.refusal is None, str(answer.refusal)
        facts += answer.facts
    return facts


def after(*acts: Command | Event, charter: str = "procuratorate") -> Given:
    return given(*lived(*acts, charter=charter), charter=None)


def found(facts: Sequence[Event], kind: type[Any]) -> list[Any]:
    return [fact for fact in facts if isinstance(fact, kind)]


SPLIT = (PLAN, assign(to("P1", 14), to("P2", 10)))
"""The plan, and its first target split to P1 (`G4.2025.T1.1`) and P2 (`G4.2025.T1.2`)."""
ONE, TWO = "G4.2025.T1.1", "G4.2025.T1.2"

HAND = (*SPLIT, accept(ONE, "P1"))
"""And P1 accepted it."""
