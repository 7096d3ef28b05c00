"""Sync cycles: how far each line has come."""

from __future__ import annotations

from typing import Any

import msgspec

from projections.facts import At, Facts, FactTable, ReadModel, day, document, text
from workflow.cycles.events import CycleClosed, CycleInspected, CycleOpened, CycleStageReached

CYCLE = FactTable(
    "cycle",
    key=[text("cycle")],
    columns=[
        text("unit"),
        text("title"),
        text("state"),
        document("items"),
        document("stages"),
        text("line"),
        document("evidence"),
        text("person"),
        document("findings"),
        day("opened_on"),
        text("charter"),
    ],
    indexes=[["unit"]],
    register=["state", "unit"],
)
"""A row holds from one act to the next. `state`: open, inspected or closed. `stages`: by line those reached, in order.

`line`, `evidence` and `person` are those of the last act; `findings` those of the inspection.
"""


def opened(facts: Facts, fact: CycleOpened, at: At) -> None:
    facts.open(
        CYCLE,
        fact.cycle,
        valid_from=fact.effective,
        unit=fact.unit,
        title=fact.title,
        state="open",
        items=fact.items,
        stages={item.line: [] for item in fact.items},
        line=None,
        evidence=None,
        person=None,
        findings=None,
        opened_on=fact.effective,
        charter=fact.charter,
    )


def stage_reached(facts: Facts, fact: CycleStageReached, at: At) -> None:
    known: dict[str, Any] = facts.get(CYCLE, fact.cycle) or {}
    stages = msgspec.json.decode(known["stages"], type=dict[str, list[str]])
    stages[fact.line].append(fact.stage)
    facts.amend(
        CYCLE,
        fact.cycle,
        effective=fact.effective,
        stages=stages,
        line=fact.line,
        evidence=fact.evidence,
        person=fact.person,
    )


def inspected(facts: Facts, fact: CycleInspected, at: At) -> None:
    facts.amend(
        CYCLE,
        fact.cycle,
        effective=fact.effective,
        state="inspected",
        line=None,
        evidence=fact.evidence,
        person=fact.inspector,
        findings=fact.findings,
    )


def closed(facts: Facts, fact: CycleClosed, at: At) -> None:
    facts.amend(
        CYCLE, fact.cycle, effective=fact.effective, state="closed", line=None, evidence=None, person=fact.person
    )


MODEL = ReadModel(
    "cycles",
    version=1,
    tables=[CYCLE],
    handlers={
        CycleOpened: opened,
        CycleStageReached: stage_reached,
        CycleInspected: inspected,
        CycleClosed: closed,
    },
)
