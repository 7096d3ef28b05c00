"""How the demonstration's departments answer their warnings: step by step, some late, some not yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from api.demo.procuratorate.organisation import people
from api.demo.steps import Step
from workflow.calendar import Calendar
from workflow.ids import PersonId, WarningId
from workflow.slices import Command, Event
from workflow.warnings.commands import Acknowledge, CloseOut, PlanRectification, Reopen, ReportRectification
from workflow.warnings.events import InterviewDue, WarningRaised
from workflow.warnings.measures import GrantExtension, HoldInterview

CHECKER = PersonId("P006")
"""The secretary of the organ committee, who holds no post in a department."""

REOPENED = "W.I07.G3.2025-03"
"""Closed out, and reopened when the next month was red again (story f)."""

EXTENDED = "W.I07.G3.2025-04"
"""That next month: more time is given (story f)."""


def answers(event: Event, calendar: Calendar) -> Iterator[Step]:
    """Everything that is done about a warning, or where one calls for an interview."""
    if isinstance(event, WarningRaised):
        yield from _answered(event, calendar)
    elif isinstance(event, InterviewDue):
        yield from _interviewed(event, calendar)


def _answered(warning: WarningRaised, calendar: Calendar) -> Iterator[Step]:
    """Every seventh department-month is slow to acknowledge."""
    slow = sum(warning.warning.encode()) % 7 == 0
    head, chief = f"head-{warning.unit}", "supervisor"

    def on(wait: int) -> date:
        return calendar.add(warning.effective, wait)

    def step(wait: int, actor: str, act: Callable[[WarningId, date], Command], reason: str = "") -> Step:
        return _answer(warning.warning, on(wait), actor, act(warning.warning, on(wait)), reason)

    def acknowledge(w: WarningId, day: date) -> Command:
        explanation = "Staff were on long training; the backlog is being cleared."
        return Acknowledge(warning=w, person=_head(warning, day), explanation=explanation, effective=day)

    def plan(w: WarningId, day: date) -> Command:
        text, due = "Two colleagues from the pool help out.", calendar.add(day, 5)
        return PlanRectification(warning=w, person=_head(warning, day), plan=text, due=due, effective=day)

    def report(w: WarningId, day: date) -> Command:
        evidence = ("minutes of the department's meeting",)
        return ReportRectification(
            warning=w, person=_head(warning, day), report="The backlog is cleared.", evidence=evidence, effective=day
        )

    def close_out(w: WarningId, day: date) -> Command:
        evidence = ("ten files, sampled",)
        return CloseOut(warning=w, checker=CHECKER, finding="In order again.", evidence=evidence, effective=day)

    def reopen(w: WarningId, day: date) -> Command:
        return Reopen(warning=w, person=CHECKER, effective=day)

    if warning.warning == EXTENDED and warning.rectify_by is not None:
        until = calendar.add(warning.rectify_by, 5)
        extend = GrantExtension(warning=warning.warning, rectify_by=until, effective=on(10))
        why = "Two prosecutors come back from training only then."
        yield _answer(warning.warning, on(10), chief, extend, why, "assessor")
    yield step(7 if slow else 2, head, acknowledge)
    if warning.colour == "red":
        yield step(8 if slow else 3, head, plan)
    yield step(12, head, report)
    yield step(14, chief, close_out)
    if warning.warning == REOPENED:
        yield step(20, chief, reopen, "The next month is red again.")


def _interviewed(due: InterviewDue, calendar: Calendar) -> Iterator[Step]:
    """The interview that a warning calls for, two working days later, if there is somebody to hold it with the head."""
    told, day = {each.level: each.persons for each in due.told}, calendar.add(due.effective, 2)
    interviewers, heads = told.get(due.by, ()), told.get("department_head", ())
    if interviewers and heads:
        command = HoldInterview(
            warning=due.warning,
            person=PersonId(interviewers[0]),
            persons=(PersonId(heads[0]),),
            record="What is in the way, who helps, and by when it is in order again.",
            effective=day,
        )
        yield _answer(due.warning, day, f"head-{due.unit}", command)


def _answer(warning: WarningId, day: date, actor: str, command: Command, reason: str = "", approver: str = "") -> Step:
    return Step(day, actor, command, reason, approver, name=f"{type(command).__name__}.{warning}")


def _head(warning: WarningRaised, day: date) -> PersonId:
    """Who heads a department on a day: in G7 the deputy acts for four months (story b)."""
    away = warning.unit == "G7" and date(2025, 3, 1) <= day < date(2025, 7, 1)
    post = f"{warning.unit}-D1" if away else f"{warning.unit}-HEAD"
    return PersonId(next(person.id for person in people() if person.post == post))
