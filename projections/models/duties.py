"""Duties: what each unit owes, until when, and whether it was done."""

from __future__ import annotations

from datetime import time
from typing import Any

from projections.facts import At, Facts, FactTable, ReadModel, day, document, integer, text
from workflow.duties.events import (
    DutyExcused,
    DutyExtended,
    DutyFulfilled,
    DutyFulfilledLate,
    DutyLapsed,
    DutyOpened,
    DutyTurnedYellow,
)

DUTY = FactTable(
    "duty",
    key=[text("duty")],
    columns=[
        text("kind"),
        text("unit"),
        text("period"),
        text("state"),
        text("colour"),
        day("due"),
        text("due_at"),
        day("yellow_from"),
        text("charter"),
        integer("extensions"),
        day("lapsed_on"),
        day("done_on"),
        day("held_on"),
        text("person"),
        document("evidence"),
        document("attendees"),
        integer("entitled"),
        integer("present"),
        text("report"),
        text("cause"),
    ],
    indexes=[["unit"], ["period"]],
    register=["state", "unit"],
)
"""A row holds while the duty is in a state: open, yellow, lapsed, fulfilled, fulfilled_late or excused.

`colour` is green, yellow or red while it is not done, and null afterwards. `lapsed_on` stays when what lapsed is done.
`due_at` is null where a duty is due by the end of the day. `cause` says why it was excused.
`unit` is the one that answers for it: of the review of a mentorship, the mentor's.
"""


def opened(facts: Facts, fact: DutyOpened, at: At) -> None:
    facts.open(
        DUTY,
        fact.duty,
        valid_from=fact.effective,
        kind=fact.kind,
        unit=fact.unit,
        period=fact.period,
        state="open",
        colour="green",
        due=fact.due,
        due_at=_hour(fact.due_at),
        yellow_from=fact.yellow_from,
        charter=fact.charter,
        extensions=0,
        lapsed_on=None,
        done_on=None,
        held_on=None,
        person=None,
        evidence=None,
        attendees=None,
        entitled=None,
        present=None,
        report=None,
        cause=None,
    )


def turned_yellow(facts: Facts, fact: DutyTurnedYellow, at: At) -> None:
    _turned(facts, fact, "yellow")


def lapsed(facts: Facts, fact: DutyLapsed, at: At) -> None:
    _turned(facts, fact, "lapsed", lapsed_on=fact.effective)


def extended(facts: Facts, fact: DutyExtended, at: At) -> None:
    facts.amend(
        DUTY,
        fact.duty,
        effective=fact.effective,
        state="open",
        colour="green",
        due=fact.due,
        due_at=_hour(fact.due_at),
        yellow_from=fact.yellow_from,
        extensions=fact.number,
    )


def fulfilled(facts: Facts, fact: DutyFulfilled, at: At) -> None:
    facts.amend(
        DUTY,
        fact.duty,
        effective=fact.effective,
        state="fulfilled_late" if isinstance(fact, DutyFulfilledLate) else "fulfilled",
        colour=None,
        done_on=fact.effective,
        held_on=fact.held_on,
        person=fact.person,
        evidence=fact.evidence,
        attendees=fact.attendees,
        entitled=fact.entitled,
        present=fact.present,
        report=fact.report,
    )


def excused(facts: Facts, fact: DutyExcused, at: At) -> None:
    cause = at.reason if fact.cause == "decided" else fact.cause
    facts.amend(
        DUTY, fact.duty, effective=fact.effective, state="excused", colour=None, done_on=fact.effective, cause=cause
    )


def _turned(facts: Facts, fact: DutyTurnedYellow | DutyLapsed, state: str, **more: Any) -> None:
    """The clock may be behind: what was done after that day, or extended then, is in its state already."""
    due = fact.due.isoformat()

    def change(row: dict[str, Any]) -> dict[str, Any]:
        owed = row["done_on"] is None and row["due"] == due
        return more | ({"state": state, "colour": fact.colour} if owed else {})

    facts.revise(DUTY, fact.duty, effective=fact.effective, change=change)


def _hour(at: time) -> str | None:
    return None if at == time.max else at.isoformat("minutes")


MODEL = ReadModel(
    "duties",
    version=2,
    tables=[DUTY],
    handlers={
        DutyOpened: opened,
        DutyTurnedYellow: turned_yellow,
        DutyLapsed: lapsed,
        DutyExtended: extended,
        DutyFulfilled: fulfilled,
        DutyFulfilledLate: fulfilled,
        DutyExcused: excused,
    },
)
