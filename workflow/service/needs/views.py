"""What is known of a need."""

from __future__ import annotations

from dataclasses import field
from datetime import date

from workflow.deadlines import Deadlines
from workflow.ids import NeedId, PersonId, PetitionerId, UnitId
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
from workflow.slices import Refused, View, event


class NeedsOf(View):
    """The needs that a petitioner raised."""

    petitioner: PetitionerId
    needs: list[NeedId] = field(init=False, default_factory=list)

    @event(NeedRaised)
    def was_raised(self, need: NeedId) -> None:
        self.needs.append(need)


class NeedStanding(View):
    """How a need was raised, which unit answers for it, who sees to it, or resolved it, and by when what is to be done.

    `state`: raised, assigned, resolved, rated (for good), reopened or annulled.
    """

    need: NeedId
    raised: NeedRaised | None = field(init=False, default=None)
    answering: list[tuple[date, UnitId]] = field(init=False, default_factory=list)
    state: str = field(init=False, default="")
    seen_to: list[PersonId] = field(init=False, default_factory=list)
    reopens: bool = field(init=False, default=False)
    reopenings: int = field(init=False, default=0)
    last: date = field(init=False, default=date.min)
    resolve_due: date = field(init=False, default=date.max)
    deadlines: Deadlines = field(init=False, default_factory=Deadlines)

    @event(NeedRaised)
    def was_raised(self, fact: NeedRaised) -> None:
        self.raised, self.answering = fact, [(fact.effective, fact.unit)]
        self._open("raised", fact.assign_due, fact.resolve_due, fact.effective)

    @event(NeedAssigned)
    def was_assigned(self, person: PersonId, effective: date) -> None:
        self.state, self.seen_to = "assigned", [person]
        self._acted(effective, {"resolve": self.resolve_due})

    @event(NeedMoved)
    def was_moved(self, unit: UnitId, assign_due: date, effective: date) -> None:
        self.answering.append((effective, unit))
        self._open("raised", assign_due, self.resolve_due, effective)

    @event(NeedUnassigned)
    def was_unassigned(self, assign_due: date, effective: date) -> None:
        self._open("raised", assign_due, self.resolve_due, effective)

    @event(NeedResolved)
    def was_resolved(self, effective: date) -> None:
        self.state = "resolved"
        self._acted(effective, {})

    @event(NeedRated)
    def was_rated(self, reopens: bool, effective: date) -> None:
        self.state, self.reopens = "rated", reopens
        self._acted(effective, {})

    @event(NeedReopened)
    def was_reopened(self, number: int, assign_due: date, resolve_due: date, effective: date) -> None:
        self.reopenings, self.reopens = number, False
        self._open("reopened", assign_due, resolve_due, effective)

    @event(NeedAnnulled)
    def was_annulled(self, effective: date) -> None:
        self.state = "annulled"
        self._acted(effective, {})

    @event(NeedFlagged)
    def was_flagged(self, why: str, due: date, colour: str, effective: date) -> None:
        self.deadlines.given(why, due, colour, effective)

    def _open(self, state: str, assign_due: date, resolve_due: date, effective: date) -> None:
        self.state, self.seen_to, self.resolve_due = state, [], resolve_due
        self._acted(effective, {"assign": assign_due, "resolve": resolve_due})

    def _acted(self, effective: date, dues: dict[str, date]) -> None:
        self.last = effective
        self.deadlines.stand(effective, dues)

    @property
    def unit(self) -> UnitId:
        """The unit that answers for it. There is one once it is raised."""
        return self.answering[-1][1]

    def unit_before(self, day: date) -> UnitId:
        """The unit that answered for it when a day began, or first of all."""
        return next((unit for since, unit in reversed(self.answering) if since < day), self.answering[0][1])

    @property
    def person(self) -> PersonId | None:
        """Who sees to it, or resolved it."""
        return self.seen_to[-1] if self.seen_to else None

    def must_be_raised(self) -> UnitId:
        """The unit that answers for it. Raises Refused if nobody raised it."""
        if self.raised is None:
            raise Refused("need.unknown", f"There is no need {self.need}.", "need")
        return self.unit
