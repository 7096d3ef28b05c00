"""Warnings: where each is in its loop, since when, and by whose last act; how far up it went; what else was done."""

from __future__ import annotations

from datetime import date
from typing import Any

from projections.facts import At, Facts, FactTable, ReadModel, day, document, integer, text
from workflow.slices import Event
from workflow.warnings.events import (
    ExtensionGranted,
    InterviewDue,
    InterviewHeld,
    NoticeIssued,
    RectificationOverdue,
    RectificationPlanned,
    RectificationReported,
    TalkHeld,
    WarningAcknowledged,
    WarningClosedOut,
    WarningEscalated,
    WarningRaised,
    WarningReopened,
)
from workflow.warnings.views import INTERVIEW as UNHELD

WARNING = FactTable(
    "warning",
    key=[text("warning")],
    columns=[
        text("indicator"),
        text("unit"),
        text("reading"),
        text("period"),
        text("colour"),
        day("raised_on"),
        day("respond_by"),
        day("rectify_by"),
        text("state"),
        text("person"),
        text("words"),
        document("evidence"),
        day("plan_due"),
        integer("reopened"),
        integer("act"),
        text("rung"),
        text("action"),
        text("interview"),
        text("escalated_to"),
        integer("extended"),
    ],
    indexes=[["unit"]],
    register=["state", "unit"],
)
"""A row holds while the warning is in a state: raised, acknowledged, planned, rectified, closed_out or reopened.

`person`, `words` and `evidence` are those of the act that brought it there: its explanation, plan, report or finding.
`act` numbers the acts; several rows may have the same, of which the first is the act's. `reopened` and `extended` count
how often it was. `rung` and `action` are those of the ladder, `interview` is due, overdue or held, `escalated_to` a
level.
"""

INTERVIEW = FactTable(
    "warning_interview",
    key=[text("warning")],
    columns=[
        text("unit"),
        text("indicator"),
        text("period"),
        text("colour"),
        text("state"),
        text("level"),
        day("due"),
        text("escalated_to"),
        day("held_on"),
        text("person"),
    ],
    register=["state", "unit"],
)
"""The interview that a warning called for: to be held by who holds `level`; its `state` is due, overdue or held.

`colour` is yellow while it is due, red when it is overdue, null when it was held. `person` held it."""

MEASURE = FactTable(
    "warning_measure",
    key=[text("warning"), integer("number")],
    columns=[
        text("kind"),
        text("level"),
        text("person"),
        document("persons"),
        document("told"),
        text("words"),
        day("due"),
    ],
)
"""What was done about a warning besides the acts of its loop, numbered by the position of the event. `kind`: the notice
or the interview that a rung calls for, interview_held, talk_held, extension_granted, overdue or escalated."""


def raised(facts: Facts, fact: WarningRaised, at: At) -> None:
    facts.open(
        WARNING,
        fact.warning,
        valid_from=fact.effective,
        indicator=fact.indicator,
        unit=fact.unit,
        reading=fact.reading,
        period=fact.period,
        colour=fact.colour,
        raised_on=fact.effective,
        respond_by=fact.respond_by,
        rectify_by=fact.rectify_by,
        state="raised",
        person=None,
        words="",
        evidence=None,
        plan_due=None,
        reopened=0,
        act=1,
        rung="",
        action="",
        interview="",
        escalated_to="",
        extended=0,
    )


def noticed(facts: Facts, fact: NoticeIssued, at: At) -> None:
    facts.amend(WARNING, fact.warning, rung=fact.rung, action=fact.kind)
    _measure(facts, fact, at, fact.kind, told=fact.told, persons=fact.persons, due=fact.respond_by)


def interview_due(facts: Facts, fact: InterviewDue, at: At) -> None:
    facts.amend(WARNING, fact.warning, rung=fact.rung, action="accountability_interview", interview="due")
    known = facts.get(WARNING, fact.warning) or {}
    facts.open(
        INTERVIEW,
        fact.warning,
        valid_from=fact.effective,
        unit=fact.unit,
        indicator=known.get("indicator", ""),
        period=known.get("period", ""),
        colour="yellow",
        state="due",
        level=fact.by,
        due=fact.due,
        escalated_to="",
        held_on=None,
        person=None,
    )
    kind, about = "accountability_interview", {"level": fact.by, "told": fact.told, "persons": fact.persons}
    _measure(facts, fact, at, kind, due=fact.due, **about)


def interview_held(facts: Facts, fact: InterviewHeld, at: At) -> None:
    facts.amend(WARNING, fact.warning, effective=fact.effective, interview="held")
    held = {"state": "held", "colour": None, "held_on": fact.effective, "person": fact.person}
    facts.amend(INTERVIEW, fact.warning, effective=fact.effective, **held)
    _measure(facts, fact, at, "interview_held", person=fact.person, persons=fact.persons, words=fact.record)


def talk_held(facts: Facts, fact: TalkHeld, at: At) -> None:
    _measure(facts, fact, at, "talk_held", person=fact.person, persons=fact.persons, words=fact.record)


def extended(facts: Facts, fact: ExtensionGranted, at: At) -> None:
    known = facts.get(WARNING, fact.warning)
    times = known["extended"] + 1 if known else 1
    facts.amend(WARNING, fact.warning, effective=fact.effective, rectify_by=fact.rectify_by, extended=times)
    _measure(facts, fact, at, "extension_granted", words=at.reason, due=fact.rectify_by)


def overdue(facts: Facts, fact: RectificationOverdue, at: At) -> None:
    _measure(facts, fact, at, "overdue", due=fact.due)


def escalated(facts: Facts, fact: WarningEscalated, at: At) -> None:
    if fact.why == UNHELD:
        _interview_overdue(facts, fact)
    elif fact.level:
        facts.amend(WARNING, fact.warning, effective=fact.effective, escalated_to=fact.level)
    about = {"level": fact.level, "persons": fact.persons, "words": fact.why, "due": fact.due}
    _measure(facts, fact, at, "escalated", **about)


def _interview_overdue(facts: Facts, fact: WarningEscalated) -> None:
    """The clock may be behind: an interview that was held since that day is held."""

    def interview(row: dict[str, Any]) -> dict[str, Any]:
        overdue = {"state": "overdue", "colour": "red"} if row["held_on"] is None else {}
        return {"escalated_to": fact.level or row["escalated_to"], **overdue}

    def warning(row: dict[str, Any]) -> dict[str, Any]:
        return {"interview": "overdue"} if row["interview"] == "due" else {}

    facts.revise(INTERVIEW, fact.warning, effective=fact.effective, change=interview)
    facts.revise(WARNING, fact.warning, effective=fact.effective, change=warning)


def _measure(facts: Facts, fact: Event, at: At, kind: str, **about: Any) -> None:
    nothing = {"level": "", "person": None, "persons": (), "told": (), "words": "", "due": None}
    key, values = (getattr(fact, "warning"), at.position), nothing | about  # noqa: B009 (each of them has one)
    facts.open(MEASURE, *key, valid_from=getattr(fact, "effective"), kind=kind, **values)  # noqa: B009


def acknowledged(facts: Facts, fact: WarningAcknowledged, at: At) -> None:
    _moved(facts, fact.warning, fact.effective, "acknowledged", fact.person, fact.explanation)


def planned(facts: Facts, fact: RectificationPlanned, at: At) -> None:
    known = facts.get(WARNING, fact.warning)
    by = date.fromisoformat(known["rectify_by"]) if known and known["rectify_by"] else None
    by = None if by is None else max(by, fact.due)
    _moved(facts, fact.warning, fact.effective, "planned", fact.person, fact.plan, plan_due=fact.due, rectify_by=by)


def rectified(facts: Facts, fact: RectificationReported, at: At) -> None:
    _moved(facts, fact.warning, fact.effective, "rectified", fact.person, fact.report, fact.evidence)


def closed_out(facts: Facts, fact: WarningClosedOut, at: At) -> None:
    _moved(facts, fact.warning, fact.effective, "closed_out", fact.checker, fact.finding, fact.evidence)


def reopened(facts: Facts, fact: WarningReopened, at: At) -> None:
    known = facts.get(WARNING, fact.warning)
    about: dict[str, Any] = {"reopened": known["reopened"] + 1 if known else 1, "plan_due": None}
    if fact.rectify_by is not None:
        about["rectify_by"] = fact.rectify_by
    _moved(facts, fact.warning, fact.effective, "reopened", fact.person, at.reason, **about)


def _moved(
    facts: Facts,
    warning: str,
    effective: date,
    state: str,
    person: str,
    words: str,
    evidence: tuple[str, ...] = (),
    **more: Any,
) -> None:
    known = facts.get(WARNING, warning)
    facts.amend(
        WARNING,
        warning,
        effective=effective,
        state=state,
        person=person,
        words=words,
        evidence=evidence or None,
        act=known["act"] + 1 if known else 1,
        **more,
    )


MODEL = ReadModel(
    "warnings",
    version=5,
    tables=[WARNING, MEASURE, INTERVIEW],
    handlers={
        WarningRaised: raised,
        WarningAcknowledged: acknowledged,
        RectificationPlanned: planned,
        RectificationReported: rectified,
        WarningClosedOut: closed_out,
        WarningReopened: reopened,
        NoticeIssued: noticed,
        InterviewDue: interview_due,
        InterviewHeld: interview_held,
        TalkHeld: talk_held,
        ExtensionGranted: extended,
        RectificationOverdue: overdue,
        WarningEscalated: escalated,
    },
)
