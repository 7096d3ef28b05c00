"""What happened to what people need: raised, assigned, resolved, rated, reopened.

Whoever raised it is a petitioner, known by an id, or nobody in particular.
"""

from __future__ import annotations

from datetime import date

from workflow.ids import NeedId, PersonId, PetitionerId, UnitId
from workflow.slices import Event


class NeedRaised(Event):
    """Something is needed that a unit answers for. It is to be assigned by `assign_due`, and resolved by
    `resolve_due`."""

    TOPIC = "need.raised"
    need: NeedId
    unit: UnitId
    petitioner: PetitionerId | None
    title: str
    assign_due: date
    resolve_due: date
    charter: str
    charter_digest: str
    effective: date


class NeedAssigned(Event):
    """A person sees to it from `effective` on; `previous` did before."""

    TOPIC = "need.assigned"
    need: NeedId
    unit: UnitId
    person: PersonId
    previous: PersonId | None
    effective: date


class NeedMoved(Event):
    """Another unit answers for it, `previous` no more: somebody there is to see to it, by `assign_due`."""

    TOPIC = "need.moved"
    need: NeedId
    unit: UnitId
    previous: UnitId
    assign_due: date
    effective: date


class NeedAnnulled(Event):
    """It was recorded by mistake: nothing is to be done. The reason and the second person are in the entry."""

    TOPIC = "need.annulled"
    need: NeedId
    unit: UnitId
    effective: date


class NeedUnassigned(Event):
    """Who saw to it left the service: it is to be assigned anew by `assign_due`."""

    TOPIC = "need.unassigned"
    need: NeedId
    unit: UnitId
    person: PersonId
    assign_due: date
    effective: date


class NeedResolved(Event):
    """It was done; `late` is whether that was after `due`."""

    TOPIC = "need.resolved"
    need: NeedId
    unit: UnitId
    person: PersonId
    result: str
    due: date
    late: bool
    evidence: tuple[str, ...]
    effective: date


class NeedRated(Event):
    """Whoever raised it rates how it was resolved. `person` asked them, and is not who resolved it. From the rating
    follow `satisfied`, and `reopens`: whether it is to be done again."""

    TOPIC = "need.rated"
    need: NeedId
    unit: UnitId
    person: PersonId
    resolver: PersonId
    rating: int
    words: str
    satisfied: bool
    reopens: bool
    effective: date


class NeedReopened(Event):
    """It was rated so badly that it is to be done again, for the `number`th time: by then."""

    TOPIC = "need.reopened"
    need: NeedId
    unit: UnitId
    number: int
    assign_due: date
    resolve_due: date
    effective: date


class NeedFlagged(Event):
    """It turned yellow or red: `why` is assign or resolve, and was due on `due`."""

    TOPIC = "need.flagged"
    need: NeedId
    unit: UnitId
    why: str
    due: date
    colour: str
    charter: str
    charter_digest: str
    effective: date
