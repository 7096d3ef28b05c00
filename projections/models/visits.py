"""Visits: whose matter is carried by whom, what was done about it, and by when what is due. Details stay sealed."""

from __future__ import annotations

from datetime import date
from typing import Any

from projections.facts import At, Facts, FactTable, ReadModel, day, document, flag, integer, text, words
from projections.models.flags import acted, flagged
from workflow.service.visits.events import (
    PetitionerDetailsCorrected,
    PetitionerRegistered,
    VisitAnnulled,
    VisitAssigned,
    VisitClosed,
    VisitFlagged,
    VisitHandedOver,
    VisitLeftBehind,
    VisitMade,
    VisitReopened,
)

PETITIONER = FactTable("petitioner", key=[text("petitioner")], columns=[document("details")])

VISIT = FactTable(
    "visit",
    key=[text("visit")],
    columns=[
        text("petitioner"),
        text("team"),
        text("person"),
        text("unit"),
        words("matter"),
        text("state"),
        text("colour"),
        document("flags"),
        day("received"),
        day("answer_due"),
        day("result_due"),
        day("handover_due"),
        day("answered_on"),
        integer("made"),
        text("act"),
        text("acted"),
        text("words"),
        flag("late"),
        day("next_on"),
        document("evidence"),
    ],
    indexes=[["unit"], ["person"], ["petitioner"], ["team"]],
    register=["state", "unit"],
)
"""A row holds while nothing about the visit changes. `state`: open, left (behind by `person`), closed or annulled. A
due date that is met is null. Of the last act: `act` (assigned, made, left_behind, handed_over, closed, reopened,
annulled), who did it, their words (of a reopening or an annulment the reason), and, of one that was due, whether it was
`late`."""


def registered(facts: Facts, fact: PetitionerRegistered, at: At) -> None:
    facts.open(PETITIONER, fact.petitioner, valid_from=fact.effective, details=fact.details)


def details_corrected(facts: Facts, fact: PetitionerDetailsCorrected, at: At) -> None:
    facts.amend(PETITIONER, fact.petitioner, details=fact.details)


def assigned(facts: Facts, fact: VisitAssigned, at: At) -> None:
    facts.open(
        VISIT,
        fact.visit,
        valid_from=fact.effective,
        petitioner=fact.petitioner,
        team=fact.team,
        person=fact.person,
        unit=fact.unit,
        matter=fact.matter,
        state="open",
        colour="green",
        flags=None,
        received=fact.received,
        answer_due=fact.answer_due,
        result_due=fact.result_due,
        handover_due=None,
        answered_on=None,
        made=0,
        act="assigned",
        acted=fact.person,
        words="",
        late=False,
        next_on=None,
        evidence=None,
    )


def made(facts: Facts, fact: VisitMade, at: At) -> None:
    known = facts.get(VISIT, fact.visit) or {"made": 0}
    changes: dict[str, Any] = {"made": known["made"] + 1, "result_due": fact.result_due, "next_on": fact.next_on}
    if fact.tells == "answer":
        changes |= {"answer_due": None, "answered_on": fact.effective}
    _acted(facts, fact.visit, fact.effective, "made", fact.person, fact.done, fact.late, fact.evidence, **changes)


def left_behind(facts: Facts, fact: VisitLeftBehind, at: At) -> None:
    changes: dict[str, Any] = {"state": "left", "handover_due": fact.due, "next_on": None}
    _acted(facts, fact.visit, fact.effective, "left_behind", fact.person, **changes)


def handed_over(facts: Facts, fact: VisitHandedOver, at: At) -> None:
    changes: dict[str, Any] = {"state": "open", "handover_due": None, "person": fact.person, "unit": fact.unit}
    _acted(facts, fact.visit, fact.effective, "handed_over", fact.previous, fact.notes, **changes)


def closed(facts: Facts, fact: VisitClosed, at: At) -> None:
    changes: dict[str, Any] = {"state": "closed", "answer_due": None, "next_on": None}
    _acted(facts, fact.visit, fact.effective, "closed", fact.person, fact.result, fact.late, fact.evidence, **changes)


def reopened(facts: Facts, fact: VisitReopened, at: At) -> None:
    changes: dict[str, Any] = {"state": "open", "result_due": fact.result_due, "person": fact.person, "unit": fact.unit}
    _acted(facts, fact.visit, fact.effective, "reopened", fact.person, at.reason, **changes)


def annulled(facts: Facts, fact: VisitAnnulled, at: At) -> None:
    changes: dict[str, Any] = {"state": "annulled", "answer_due": None, "handover_due": None, "next_on": None}
    _acted(facts, fact.visit, fact.effective, "annulled", fact.person, at.reason, **changes)


def turned(facts: Facts, fact: VisitFlagged, at: At) -> None:
    flagged(facts, VISIT, fact.visit, fact, _dues)


def _acted(
    facts: Facts,
    visit: str,
    effective: date,
    act: str,
    by: str,
    words: str = "",
    late: bool = False,
    evidence: tuple[str, ...] = (),
    **more: Any,
) -> None:
    about: dict[str, Any] = {"act": act, "acted": by, "words": words, "late": late, "evidence": evidence or None}
    acted(facts, VISIT, visit, effective, _dues, **about, **more)


def _dues(row: dict[str, Any]) -> dict[str, Any]:
    whys = ("answer", "result", "handover") if row["state"] in ("open", "left") else ()
    return {why: row[f"{why}_due"] for why in whys}


MODEL = ReadModel(
    "visits",
    version=4,
    tables=[PETITIONER, VISIT],
    handlers={
        PetitionerRegistered: registered,
        PetitionerDetailsCorrected: details_corrected,
        VisitAssigned: assigned,
        VisitMade: made,
        VisitLeftBehind: left_behind,
        VisitHandedOver: handed_over,
        VisitClosed: closed,
        VisitReopened: reopened,
        VisitAnnulled: annulled,
        VisitFlagged: turned,
    },
)
