"""Warnings: where each is in its loop, since when, and by whose last act."""

from __future__ import annotations

from datetime import date
from typing import Any

from projections.facts import At, Facts, FactTable, ReadModel, day, document, integer, text
from workflow.warnings.events import (
    RectificationPlanned,
    RectificationReported,
    WarningAcknowledged,
    WarningClosedOut,
    WarningRaised,
    WarningReopened,
)

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
    ],
    indexes=[["unit"]],
    register=["state", "unit"],
)
"""A row holds while the warning is in a state: raised, acknowledged, planned, rectified, closed_out or reopened.

`person`, `words` and `evidence` are those of the act that brought it there: its explanation, plan, report or finding.
What opened its rows, one after the other, are the acts. `reopened` counts how often it was.
"""


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
    )


def acknowledged(facts: Facts, fact: WarningAcknowledged, at: At) -> None:
    _moved(facts, fact.warning, fact.effective, "acknowledged", fact.person, fact.explanation)


def planned(facts: Facts, fact: RectificationPlanned, at: At) -> None:
    _moved(facts, fact.warning, fact.effective, "planned", fact.person, fact.plan, plan_due=fact.due)


def rectified(facts: Facts, fact: RectificationReported, at: At) -> None:
    _moved(facts, fact.warning, fact.effective, "rectified", fact.person, fact.report, fact.evidence)


def closed_out(facts: Facts, fact: WarningClosedOut, at: At) -> None:
    _moved(facts, fact.warning, fact.effective, "closed_out", fact.checker, fact.finding, fact.evidence)


def reopened(facts: Facts, fact: WarningReopened, at: At) -> None:
    known = facts.get(WARNING, fact.warning)
    times = known["reopened"] + 1 if known else 1
    _moved(facts, fact.warning, fact.effective, "reopened", fact.person, at.reason, reopened=times, plan_due=None)


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
    facts.amend(
        WARNING,
        warning,
        effective=effective,
        state=state,
        person=person,
        words=words,
        evidence=evidence or None,
        **more,
    )


MODEL = ReadModel(
    "warnings",
    version=2,
    tables=[WARNING],
    handlers={
        WarningRaised: raised,
        WarningAcknowledged: acknowledged,
        RectificationPlanned: planned,
        RectificationReported: rectified,
        WarningClosedOut: closed_out,
        WarningReopened: reopened,
    },
)
