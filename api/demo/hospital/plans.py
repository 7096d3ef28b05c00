"""The plan of a ward against falls, split to its nurses for a quarter, and a transfer in the middle of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from api.demo.hospital.organisation import head_of, staff_of
from api.demo.steps import Step
from workflow.ids import AppointmentId, PersonId, PostId, TargetId, TaskId, UnitId
from workflow.organisation.appointments import Appoint, EndAppointment
from workflow.plans.changing import ShareTask
from workflow.plans.checking import VerifyTask
from workflow.plans.doing import AcceptTask, CompleteTask, ReportProgress
from workflow.plans.planning import AdoptPlan, Aim
from workflow.plans.splitting import AssignTasks, Part

ADOPTED, SPLIT, ACCEPTED, MOVED = date(2025, 1, 13), date(2025, 3, 31), date(2025, 4, 2), date(2025, 5, 16)
QUARTER = date(2025, 4, 1), date(2025, 6, 30)

WARD, LEADER = "M1", "lead-M1"
TARGET = "M1.2025.T1"
LEAVER, STAYER, _, _, _ = staff_of("M1-NURSE")
COMER = staff_of("S1-NURSE")[0]
"""The nurse who changes places with LEAVER: one goes to the surgical ward, the other comes from there."""


def steps() -> Iterator[Step]:
    """All of it, in the order of its days."""
    aims = (Aim(Decimal(400), "checks", "Bedside falls-risk checks by a second nurse"),)
    plan = AdoptPlan(unit=UnitId(WARD), period="2025", title="Fewer falls", targets=aims, effective=ADOPTED)
    yield Step(ADOPTED, "quality-office", plan)
    first, due = QUARTER
    parts = (
        Part(Decimal(60), person=PersonId(LEAVER), first_day=first, due=due),
        Part(Decimal(40), person=PersonId(STAYER), first_day=first, due=due),
        Part(Decimal(300), unit=UnitId(WARD)),
    )
    yield Step(SPLIT, LEADER, AssignTasks(target=TargetId(TARGET), parts=parts, effective=SPLIT))
    for number, person in ((1, LEAVER), (2, STAYER), (3, head_of(WARD, ACCEPTED.isoformat()))):
        yield _accepted(number, person, ACCEPTED)
    yield _progress(1, LEAVER, 28, date(2025, 5, 9))
    yield from _moved()
    yield from _finished(1, LEAVER, 30, date(2025, 5, 20))
    yield from _finished(2, STAYER, 40, date(2025, 6, 20))
    yield from _finished(4, COMER, 30, date(2025, 6, 26))
    yield _progress(3, head_of(WARD, "2025-12-05"), 210, date(2025, 12, 5))


def _moved() -> Iterator[Step]:
    """The two nurses change places; the task of the one who leaves the ward is shared by days: 45 of 91."""
    places = ((LEAVER, "M1-NURSE", "S1-NURSE"), (COMER, "S1-NURSE", "M1-NURSE"))
    for person, left, _ in places:
        appointment = AppointmentId(f"A.{person}.{left}.2025-01-01")
        end = EndAppointment(appointment=appointment, effective=MOVED, cause="transfer")
        yield Step(MOVED, "records-office", end)
    for person, _, taken in places:
        appoint = Appoint(
            appointment=AppointmentId(f"A.{person}.{taken}.{MOVED}"),
            person=PersonId(person),
            post=PostId(taken),
            kind="substantive",
            effective=MOVED,
        )
        yield Step(MOVED, "records-office", appoint)
    share = ShareTask(task=_task(1), person=PersonId(COMER), effective=MOVED)
    yield Step(MOVED, LEADER, share, "Transfer between the wards; shared by days.")
    yield _accepted(4, COMER, date(2025, 5, 19))


def _finished(number: int, person: str, amount: int, day: date) -> Iterator[Step]:
    """All of it is done on a day, and somebody else checks it on the same."""
    yield _progress(number, person, amount, day)
    complete = CompleteTask(task=_task(number), person=PersonId(person), evidence=("falls register",), effective=day)
    yield Step(day, LEADER, complete)
    verifier = PersonId(head_of(WARD, day.isoformat()))
    verify = VerifyTask(task=_task(number), verifier=verifier, finding="Ten of them sampled.", effective=day)
    yield Step(day, LEADER, verify)


def _accepted(number: int, person: str, day: date) -> Step:
    return Step(day, LEADER, AcceptTask(task=_task(number), person=PersonId(person), effective=day))


def _progress(number: int, person: str, done: int, day: date) -> Step:
    report = ReportProgress(task=_task(number), person=PersonId(person), done=Decimal(done), effective=day)
    return Step(day, LEADER, report)


def _task(number: int) -> TaskId:
    return TaskId(f"{TARGET}.{number}")
