"""What people need: who sees to it, by when, what was done, and how that was rated."""

from __future__ import annotations

from datetime import date
from typing import Any

from projections.facts import At, Facts, FactTable, ReadModel, day, document, flag, integer, text
from projections.models.flags import acted, flagged
from workflow.service.needs.events import (
    NeedAnnulled,
    NeedAssigned,
    NeedFlagged,
    NeedMoved,
    NeedRaised,
    NeedRated,
    NeedReopened,
    NeedResolved,
    NeedUnassigned,
)

NEED = FactTable(
    "need",
    key=[text("need")],
    columns=[
        text("unit"),
        text("petitioner"),
        text("title"),
        text("person"),
        text("state"),
        text("colour"),
        document("flags"),
        day("raised_on"),
        day("assign_due"),
        day("resolve_due"),
        integer("rating"),
        day("rated_on"),
        integer("reopenings"),
        text("act"),
        text("acted"),
        text("words"),
        flag("late"),
        document("evidence"),
    ],
    indexes=[["unit"], ["person"], ["petitioner"]],
    register=["state", "unit"],
)
"""`state`: raised, assigned, resolved, rated, reopened or annulled. `rating` is the last one. Of the last act: `act`
(raised, assigned, unassigned, moved, resolved, rated, reopened, annulled), who did it, their words, and whether what
was done was late."""

NEED_RATING = FactTable(
    "need_rating",
    key=[text("need"), integer("number")],
    columns=[text("unit"), integer("rating"), flag("satisfied"), day("on_day")],
    indexes=[["unit", "on_day"]],
)
"""Each rating, for the satisfaction of a period: also those after which a need was reopened."""


def raised(facts: Facts, fact: NeedRaised, at: At) -> None:
    facts.open(
        NEED,
        fact.need,
        valid_from=fact.effective,
        unit=fact.unit,
        petitioner=fact.petitioner,
        title=fact.title,
        person=None,
        state="raised",
        colour="green",
        flags=None,
        raised_on=fact.effective,
        assign_due=fact.assign_due,
        resolve_due=fact.resolve_due,
        rating=None,
        rated_on=None,
        reopenings=0,
        act="raised",
        acted=None,
        words="",
        late=False,
        evidence=None,
    )


def assigned(facts: Facts, fact: NeedAssigned, at: At) -> None:
    changes: dict[str, Any] = {"state": "assigned", "person": fact.person, "assign_due": None}
    _acted(facts, fact.need, fact.effective, "assigned", fact.person, at.reason, **changes)


def unassigned(facts: Facts, fact: NeedUnassigned, at: At) -> None:
    changes: dict[str, Any] = {"state": "raised", "person": None, "assign_due": fact.assign_due}
    _acted(facts, fact.need, fact.effective, "unassigned", fact.person, **changes)


def moved(facts: Facts, fact: NeedMoved, at: At) -> None:
    changes: dict[str, Any] = {"unit": fact.unit, "state": "raised", "person": None, "assign_due": fact.assign_due}
    _acted(facts, fact.need, fact.effective, "moved", None, at.reason, **changes)


def resolved(facts: Facts, fact: NeedResolved, at: At) -> None:
    changes: dict[str, Any] = {"state": "resolved", "late": fact.late, "evidence": fact.evidence}
    _acted(facts, fact.need, fact.effective, "resolved", fact.person, fact.result, **changes)


def rated(facts: Facts, fact: NeedRated, at: At) -> None:
    known = facts.get(NEED, fact.need) or {"reopenings": 0}
    facts.open(
        NEED_RATING,
        fact.need,
        known["reopenings"] + 1,
        valid_from=fact.effective,
        unit=fact.unit,
        rating=fact.rating,
        satisfied=fact.satisfied,
        on_day=fact.effective,
    )
    changes: dict[str, Any] = {"state": "rated", "rating": fact.rating, "rated_on": fact.effective}
    _acted(facts, fact.need, fact.effective, "rated", fact.person, fact.words, **changes)


def reopened(facts: Facts, fact: NeedReopened, at: At) -> None:
    changes: dict[str, Any] = {
        "state": "reopened",
        "person": None,
        "reopenings": fact.number,
        "assign_due": fact.assign_due,
        "resolve_due": fact.resolve_due,
    }
    _acted(facts, fact.need, fact.effective, "reopened", None, **changes)


def annulled(facts: Facts, fact: NeedAnnulled, at: At) -> None:
    changes: dict[str, Any] = {"state": "annulled", "assign_due": None}
    _acted(facts, fact.need, fact.effective, "annulled", None, at.reason, **changes)


def turned(facts: Facts, fact: NeedFlagged, at: At) -> None:
    flagged(facts, NEED, fact.need, fact, _dues)


def _acted(facts: Facts, need: str, effective: date, act: str, by: str | None, words: str = "", **more: Any) -> None:
    about: dict[str, Any] = {"act": act, "acted": by, "words": words, "late": False, "evidence": None, **more}
    acted(facts, NEED, need, effective, _dues, **about)


def _dues(row: dict[str, Any]) -> dict[str, Any]:
    open = row["state"] in ("raised", "assigned", "reopened")
    return {"assign": row["assign_due"], "resolve": row["resolve_due"]} if open else {}


MODEL = ReadModel(
    "needs",
    version=4,
    tables=[NEED, NEED_RATING],
    handlers={
        NeedRaised: raised,
        NeedAssigned: assigned,
        NeedUnassigned: unassigned,
        NeedMoved: moved,
        NeedResolved: resolved,
        NeedRated: rated,
        NeedReopened: reopened,
        NeedAnnulled: annulled,
        NeedFlagged: turned,
    },
)
