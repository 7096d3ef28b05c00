"""How the hospital's wards and departments answer their warnings, some of them late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from api.demo.hospital.organisation import head_of, staff_of
from api.demo.steps import Step
from workflow.calendar import Calendar
from workflow.ids import PersonId, WarningId
from workflow.slices import Command, Event
from workflow.warnings.commands import Acknowledge, CloseOut, PlanRectification, ReportRectification
from workflow.warnings.events import InterviewDue, WarningRaised
from workflow.warnings.measures import GrantExtension, HoldInterview

CHECKER = PersonId(staff_of("GH-QO")[0])
"""The first quality officer, who works in no ward."""

LATE = (WarningId("W.Q11.S1.2025-06"), WarningId("W.Q11.S1.2025-06.2"))
"""The discharge letters of June, which the clock missed first: amber, then red."""

EXTENDED = "W.Q02.M2.2025-04"
"""The second red month of falls: the bed alarms come only later."""


def steps() -> Iterator[Step]:
    """What is done about the figure that came late; nobody ever answers for the one that never came."""
    head, leader = PersonId(head_of("S1", "2025-07-14")), "lead-S1"
    came, counted, seen = date(2025, 7, 14), date(2025, 7, 16), date(2025, 7, 17)
    for w in LATE:
        why = "The list was sent to the wrong office."
        yield _step(w, came, leader, Acknowledge(warning=w, person=head, explanation=why, effective=came))
        if w == LATE[1]:
            plan = "The deputy sends it in every month."
            yield _step(w, came, leader, PlanRectification(warning=w, person=head, plan=plan, due=seen, effective=came))
        done = ReportRectification(warning=w, person=head, report="It is in.", evidence=("list",), effective=counted)
        yield _step(w, counted, leader, done)
        close = CloseOut(warning=w, checker=CHECKER, finding="Complete.", evidence=("list",), effective=seen)
        yield _step(w, seen, "quality-office", close)


def answers(event: Event, calendar: Calendar) -> Iterator[Step]:
    """Everything that is done about a warning, or where one calls for a review meeting."""
    if isinstance(event, WarningRaised):
        yield from _answered(event, calendar)
    elif isinstance(event, InterviewDue):
        yield from _met(event, calendar)


def _answered(warning: WarningRaised, calendar: Calendar) -> Iterator[Step]:
    """Amber is explained within two days, red with a plan on the next; every sixth warning waits longer."""
    w, unit, slow = warning.warning, str(warning.unit), sum(warning.warning.encode()) % 6 == 0
    leader = f"lead-{unit}"

    def on(wait: int) -> tuple[date, PersonId]:
        day = calendar.add(warning.effective, wait)
        return day, PersonId(head_of(unit, day.isoformat()))

    day, head = on(5 if slow else 1 if warning.colour == "red" else 2)
    explanation = "Two of the night shifts were short of staff."
    yield _step(w, day, leader, Acknowledge(warning=w, person=head, explanation=explanation, effective=day))
    if warning.colour == "red":
        plan, due = "Rounds every two hours, and a huddle at each handover.", calendar.add(day, 5)
        yield _step(w, day, leader, PlanRectification(warning=w, person=head, plan=plan, due=due, effective=day))
    if w == EXTENDED and warning.rectify_by is not None:
        day, until = calendar.add(warning.effective, 6), calendar.add(warning.rectify_by, 5)
        extend = GrantExtension(warning=w, rectify_by=until, effective=day)
        yield _step(w, day, "quality-office", extend, "The bed alarms are delivered only next week.", "peer-review")
    day, head = on(8)
    done = ReportRectification(
        warning=w, person=head, report="Done as planned.", evidence=("list of the rounds",), effective=day
    )
    yield _step(w, day, leader, done)
    day, _ = on(9)
    close = CloseOut(warning=w, checker=CHECKER, finding="In order again.", evidence=("a visit",), effective=day)
    yield _step(w, day, "quality-office", close)


def _met(due: InterviewDue, calendar: Calendar) -> Iterator[Step]:
    """The review meeting of the vice-president in charge with who heads the unit, two working days later."""
    told, day = {each.level: each.persons for each in due.told}, calendar.add(due.effective, 2)
    hold = HoldInterview(
        warning=due.warning,
        person=PersonId(told[due.by][0]),
        persons=(PersonId(head_of(str(due.unit), day.isoformat())),),
        record="What happened on the nights in question, who helps, and by when it is in order again.",
        effective=day,
    )
    yield _step(due.warning, day, f"lead-{due.unit}", hold)


def _step(warning: WarningId, day: date, actor: str, command: Command, reason: str = "", approver: str = "") -> Step:
    return Step(day, actor, command, reason, approver, name=f"{type(command).__name__}.{warning}")
