"""The plans of three departments for 2025 and their tasks, and a transfer in mid-quarter that splits two (story d)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from api.demo.steps import Step
from workflow.ids import AppointmentId, IndicatorId, PersonId, PostId, TargetId, TaskId, UnitId
from workflow.organisation.appointments import Appoint, EndAppointment
from workflow.plans.changing import ExtendTask, ShareTask
from workflow.plans.checking import VerifyTask
from workflow.plans.doing import AcceptTask, CompleteTask, ReportProgress
from workflow.plans.planning import AdoptPlan, Aim
from workflow.plans.splitting import AssignTasks, Part

ADOPTED, SPLIT, ACCEPTED = date(2025, 1, 6), date(2025, 3, 31), date(2025, 4, 2)
MOVED = date(2025, 5, 16)
QUARTER = date(2025, 4, 1), date(2025, 6, 30)

MOVES = (("P059", "G4-H10", "G5-H09"), ("P072", "G5-H09", "G4-H10"))
"""Who changes places with whom: the person, the post that is left, and the one that is taken up."""

HEADS = {"G4": "P048", "G5": "P062", "G7": "P084"}
"""Who heads a department in the second quarter of 2025: in G7 the deputy acts (story b)."""


def steps() -> Iterator[Step]:
    """All of it, in the order of its days."""
    yield from _planned()
    yield from _split()
    yield from _shared()
    yield from _done()


def _planned() -> Iterator[Step]:
    aims = {
        "G4": (Aim(Decimal(24), indicator=IndicatorId("I12")), Aim(Decimal(20), indicator=IndicatorId("I13"))),
        "G5": (Aim(Decimal(40), "count", "双人复核案卷"),),
        "G7": (Aim(Decimal(42), "count", "挂包走访"),),
    }
    for unit, targets in aims.items():
        plan = AdoptPlan(
            unit=UnitId(unit), period="2025", title=f"{unit} 2025 年度工作计划", targets=targets, effective=ADOPTED
        )
        yield Step(ADOPTED, "supervisor", plan)


def _split() -> Iterator[Step]:
    first, due = QUARTER

    def person(id: str, amount: int) -> Part:
        return Part(Decimal(amount), person=PersonId(id), first_day=first, due=due)

    def unit(id: str, amount: int) -> Part:
        return Part(Decimal(amount), unit=UnitId(id))

    parts = {
        "G4.2025.T1": (person("P059", 13), person("P051", 6), unit("G4", 5)),
        "G5.2025.T1": (person("P072", 20), person("P064", 10), unit("G5", 10)),
        "G7.2025.T1": (Part(Decimal(22), post=PostId("G7-H01")), unit("G7", 20)),
    }
    for target, several in parts.items():
        yield Step(SPLIT, _head(target), AssignTasks(target=TargetId(target), parts=several, effective=SPLIT))
    # Nobody accepts what the G7 department itself was given: it turns yellow, and red at the end of the year.
    for task, by in (
        ("G4.2025.T1.1", "P059"),
        ("G4.2025.T1.2", "P051"),
        ("G4.2025.T1.3", "P048"),
        ("G5.2025.T1.1", "P072"),
        ("G5.2025.T1.2", "P064"),
        ("G5.2025.T1.3", "P062"),
        ("G7.2025.T1.1", "P085"),
    ):
        yield _accepted(task, by, ACCEPTED)
    yield from (
        _progress("G4.2025.T1.1", "P059", 5, date(2025, 5, 9)),
        _progress("G5.2025.T1.1", "P072", 8, date(2025, 5, 9)),
    )


def _shared() -> Iterator[Step]:
    """The two change places, and each keeps a share of the old task: 45 of 91 days."""
    for person, left, _ in MOVES:
        appointment = AppointmentId(f"A.{person}.{left}.2024-01-01")
        yield Step(MOVED, "clerk", EndAppointment(appointment=appointment, effective=MOVED, cause="轮岗"))
    for person, _, taken in MOVES:
        yield Step(
            MOVED,
            "clerk",
            Appoint(
                appointment=AppointmentId(f"A.{person}.{taken}.{MOVED}"),
                person=PersonId(person),
                post=PostId(taken),
                kind="substantive",
                effective=MOVED,
            ),
        )
    for task, successor in (("G4.2025.T1.1", "P072"), ("G5.2025.T1.1", "P059")):
        share = ShareTask(task=TaskId(task), person=PersonId(successor), effective=MOVED)
        yield Step(MOVED, _head(task), share, "轮岗，按天数分解。")
    yield _accepted("G4.2025.T1.4", "P072", date(2025, 5, 19))
    yield _accepted("G5.2025.T1.4", "P059", date(2025, 5, 19))


def _done() -> Iterator[Step]:
    for task, by, amount, day in (
        ("G4.2025.T1.1", "P059", 6, date(2025, 5, 28)),
        ("G5.2025.T1.1", "P072", 10, date(2025, 5, 29)),
        ("G4.2025.T1.2", "P051", 6, date(2025, 6, 19)),
        ("G4.2025.T1.4", "P072", 7, date(2025, 6, 26)),
        ("G5.2025.T1.2", "P064", 10, date(2025, 6, 27)),
    ):
        yield from _finished(task, by, amount, day)
    # What is not done in time is extended when it is red.
    late, extended = TaskId("G5.2025.T1.4"), date(2025, 7, 2)
    yield _progress(late, "P059", 6, date(2025, 6, 27))
    extend = ExtendTask(task=late, due=date(2025, 7, 31), effective=extended)
    yield Step(extended, "head-G5", extend, "卷宗较厚。", "supervisor")
    yield from _finished(late, "P059", 10, date(2025, 7, 24))


def _finished(task: str, by: str, amount: int, day: date) -> Iterator[Step]:
    """All of it is done on a day, and verified by the head of the department on the same."""
    yield _progress(task, by, amount, day)
    evidence = ("案卡统计",)
    complete = CompleteTask(task=TaskId(task), person=PersonId(by), evidence=evidence, effective=day)
    yield Step(day, _head(task), complete)
    verifier = PersonId(HEADS[task[:2]])
    yield Step(day, _head(task), VerifyTask(task=TaskId(task), verifier=verifier, finding="属实。", effective=day))


def _accepted(task: str, by: str, day: date) -> Step:
    return Step(day, _head(task), AcceptTask(task=TaskId(task), person=PersonId(by), effective=day))


def _progress(task: str, by: str, done: int, day: date) -> Step:
    report = ReportProgress(task=TaskId(task), person=PersonId(by), done=Decimal(done), effective=day)
    return Step(day, _head(task), report)


def _head(of: str) -> str:
    """The user who heads the department that a target or a task belongs to."""
    return f"head-{of[:2]}"
