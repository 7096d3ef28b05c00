"""Programmes: adopted by whom for which period, who takes part, and what each of them completed."""

from __future__ import annotations

from typing import Any

from projections.facts import At, Facts, FactTable, ReadModel, day, document, integer, text
from workflow.programmes.events import (
    ItemCompleted,
    ItemProgressed,
    ItemReturned,
    ItemVerified,
    ParticipantsEnrolled,
    ParticipantWithdrawn,
    ProgrammeAdopted,
    ProgrammeClosed,
    Result,
)
from workflow.programmes.progress import finished

PROGRAMME = FactTable(
    "programme",
    key=[text("programme")],
    columns=[
        text("template"),
        text("unit"),
        text("period"),
        text("state"),
        day("first_day"),
        day("last_day"),
        day("closes_on"),
        integer("took_part"),
        integer("finished"),
        text("charter"),
        text("charter_digest"),
    ],
    indexes=[["unit"], ["template"]],
    register=["state", "unit"],
)
"""`state`: open or closed; `took_part` and `finished` are known when it is closed."""

PARTICIPATION = FactTable(
    "participation",
    key=[text("participation")],
    columns=[
        text("programme"),
        text("template"),
        text("person"),
        text("unit"),
        text("state"),
        day("takes_from"),
        day("takes_until"),
        text("cause"),
        text("words"),
        document("done"),
        document("owed"),
    ],
    indexes=[["programme"], ["person"], ["unit"]],
)
"""A person or a unit in a programme. `state`: enrolled, withdrawn (`cause` and `words` say why), finished or lapsed.

`done` and `owed` are what the programme closed with, by item.
"""

COMPLETION = FactTable(
    "completion",
    key=[text("completion")],
    columns=[
        text("programme"),
        text("item"),
        text("person"),
        text("unit"),
        integer("quantity"),
        day("done_on"),
        day("shown_on"),
        text("state"),
        document("evidence"),
        text("reported_by"),
        text("verifier"),
        text("finding"),
    ],
    indexes=[["programme"], ["person"], ["unit"]],
    register=["state", "programme"],
)
"""`state`: completed, verified or returned."""

ITEM_NOTE = FactTable(
    "item_note",
    key=[text("participation"), text("item")],
    columns=[text("programme"), text("person"), text("unit"), text("note"), day("noted_on")],
    indexes=[["programme"], ["person"], ["unit"]],
)
"""How far an item has come, as was noted last."""


def adopted(facts: Facts, fact: ProgrammeAdopted, at: At) -> None:
    facts.open(
        PROGRAMME,
        fact.programme,
        valid_from=fact.effective,
        template=fact.template,
        unit=fact.unit,
        period=fact.period,
        state="open",
        first_day=fact.first_day,
        last_day=fact.last_day,
        closes_on=fact.closes_on,
        took_part=None,
        finished=None,
        charter=fact.charter,
        charter_digest=fact.charter_digest,
    )


def enrolled(facts: Facts, fact: ParticipantsEnrolled, at: At) -> None:
    for id in (*fact.persons, *fact.units):
        about: dict[str, Any] = {
            "programme": fact.programme,
            "template": fact.template,
            "person": id if fact.persons else None,
            "unit": id if fact.units else None,
            "state": "enrolled",
            "takes_from": fact.since,
            "takes_until": fact.until,
            "cause": None,
            "words": "",
            "done": None,
            "owed": None,
        }
        key = f"{fact.programme}.{id}"
        if facts.get(PARTICIPATION, key) is None:
            facts.open(PARTICIPATION, key, valid_from=fact.effective, **about)
        else:  # enrolled anew
            facts.amend(PARTICIPATION, key, effective=fact.effective, **about)


def withdrawn(facts: Facts, fact: ParticipantWithdrawn, at: At) -> None:
    facts.amend(
        PARTICIPATION,
        f"{fact.programme}.{fact.person or fact.unit}",
        effective=fact.effective,
        state="withdrawn",
        takes_until=fact.effective,
        cause=fact.cause,
        words=at.reason,
    )


def progressed(facts: Facts, fact: ItemProgressed, at: At) -> None:
    key = f"{fact.programme}.{fact.person or fact.unit}", fact.item
    about: dict[str, Any] = {"programme": fact.programme, "person": fact.person, "unit": fact.unit, "note": fact.note}
    if facts.get(ITEM_NOTE, *key) is None:
        facts.open(ITEM_NOTE, *key, valid_from=fact.effective, **about, noted_on=fact.effective)
    else:
        facts.amend(ITEM_NOTE, *key, effective=fact.effective, note=fact.note, noted_on=fact.effective)


def completed(facts: Facts, fact: ItemCompleted, at: At) -> None:
    facts.open(
        COMPLETION,
        fact.completion,
        valid_from=fact.effective,
        programme=fact.programme,
        item=fact.item,
        person=fact.person,
        unit=fact.unit,
        quantity=fact.quantity,
        done_on=fact.done_on,
        shown_on=fact.effective,
        state="completed",
        evidence=fact.evidence,
        reported_by=fact.reported_by,
        verifier=None,
        finding="",
    )


def verified(facts: Facts, fact: ItemVerified, at: At) -> None:
    _found(facts, fact, "verified")


def returned(facts: Facts, fact: ItemReturned, at: At) -> None:
    _found(facts, fact, "returned")


def _found(facts: Facts, fact: ItemVerified | ItemReturned, state: str) -> None:
    about = {"state": state, "verifier": fact.verifier, "finding": fact.finding}
    facts.amend(COMPLETION, fact.completion, effective=fact.effective, **about)


def closed(facts: Facts, fact: ProgrammeClosed, at: At) -> None:
    facts.amend(
        PROGRAMME,
        fact.programme,
        effective=fact.effective,
        state="closed",
        took_part=len(fact.results),
        finished=fact.finished,
    )
    for id, result in zip((*fact.persons, *fact.units), fact.results, strict=True):
        facts.amend(
            PARTICIPATION,
            f"{fact.programme}.{id}",
            effective=fact.effective,
            state=_state(result),
            done=result.done,
            owed=result.owed,
        )


def _state(result: Result) -> str:
    return "finished" if finished(result) else "lapsed"


MODEL = ReadModel(
    "programmes",
    version=1,
    tables=[PROGRAMME, PARTICIPATION, COMPLETION, ITEM_NOTE],
    handlers={
        ProgrammeAdopted: adopted,
        ParticipantsEnrolled: enrolled,
        ParticipantWithdrawn: withdrawn,
        ItemProgressed: progressed,
        ItemCompleted: completed,
        ItemVerified: verified,
        ItemReturned: returned,
        ProgrammeClosed: closed,
    },
)
