"""What people need: raising, assigning, resolving and rating it; what is rated badly is reopened."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from workflow.calendar import ONE_DAY, Calendar
from workflow.charter.model import Charter
from workflow.charter.service import NeedRule
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.evidence import said, shown
from workflow.ids import NeedId, PersonId, PetitionerId, UnitId
from workflow.organisation.views import Standing, UnitStanding
from workflow.service.acts import must_serve, refuse_alone, refuse_unsaid, refuse_untimely, service_of
from workflow.service.belonging import TakingOn
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
from workflow.service.needs.views import NeedStanding
from workflow.service.visits.views import PetitionerStanding
from workflow.slices import Command, Knows, Refused


def dues(since: date, charter: Charter) -> tuple[date, date]:
    """By when a need that was raised, or reopened, on a day is assigned, and resolved."""
    rule, calendar = service_of(charter).needs, Calendar(charter)
    return calendar.add(since, rule.assign_working_days), calendar.add(since, rule.resolve_working_days)


def reopens(rating: int, reopenings: int, rule: NeedRule) -> bool:
    """Whether a need is to be done again after this rating."""
    return rating <= rule.bad_at_most and reopenings < rule.reopenings


class RaiseNeed(Command):
    """Record what people need of a unit. `title` says what, and never who needs it: that is a petitioner, if any."""

    need: NeedId
    unit: UnitId
    title: str
    effective: date
    petitioner: PetitionerId | None = None

    def knows(self) -> Knows:
        self.charters, self.standing, self.place = CharterInForce(), NeedStanding(self.need), UnitStanding(self.unit)
        self.whose = None if self.petitioner is None else PetitionerStanding(self.petitioner)
        yield self.charters, self.standing, self.place, *(() if self.whose is None else (self.whose,))

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        service_of(charter)
        if self.standing.raised is not None:
            raise Refused("need.exists", f"There is a need {self.need} already.", "need")
        refuse_untimely(self, "need")
        self.place.must_stand(Span(self.effective, self.effective + ONE_DAY))
        if self.whose is not None:
            self.whose.must_be_known()
        title = said(self.title, "need.title", "It must be said what is needed.")
        by = charter.version, self.charters.digest_on(self.effective)
        names = self.need, self.unit, self.petitioner, title
        self.trigger(NeedRaised(*names, *dues(self.effective, charter), *by, self.effective))


class _Act(Command):
    """What is done about a need, after what was done about it last: `ALWAYS`, or while the charter in force knows any
    service."""

    ALWAYS: ClassVar[bool] = False

    need: NeedId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), NeedStanding(self.need)
        yield self.charters, self.standing

    def begin(self, *states: str) -> tuple[UnitId, Charter]:
        """The unit that answers for it. Raises Refused unless it is in one of `states`, and the date in order."""
        charter = charter_for(self, self.charters)
        if not self.ALWAYS:
            service_of(charter)
        unit = self.standing.must_be_raised()
        if self.standing.state not in states:
            sentence = f"The need {self.need} is {self.standing.state}; this is not its next step."
            raise Refused("need.state", sentence, "need")
        refuse_untimely(self, "need", self.standing.last)
        return unit, charter


class _ActOfPerson(_Act):
    """The same, by somebody in service."""

    person: PersonId

    def knows(self) -> Knows:
        yield from super().knows()
        self.service = Standing(self.person)
        yield (self.service,)


class AssignNeed(_Act):
    """Let somebody who belongs to its unit, or below, see to it; again to somebody else for a reason."""

    person: PersonId

    def knows(self) -> Knows:
        yield from super().knows()
        self.belonging = TakingOn(self.person, self.effective, self.context.today)
        yield from self.belonging.knows()

    def execute(self) -> None:
        unit, _ = self.begin("raised", "assigned", "reopened")
        previous = self.standing.person
        if previous == self.person:
            raise Refused("need.same", f"{self.person} sees to it already.", "person")
        self.belonging.must_be_within(unit, "need.belongs")
        if previous is not None:
            refuse_unsaid(self.context, "need")
        self.trigger(NeedAssigned(self.need, unit, self.person, previous, self.effective))


class MoveNeed(_Act):
    """Let another unit answer for a need that is not resolved yet, for a reason: the one that does was dissolved, or it
    was never theirs. Somebody there is to see to it; by when it is resolved stays."""

    unit: UnitId

    def knows(self) -> Knows:
        yield from super().knows()
        self.place = UnitStanding(self.unit)
        yield (self.place,)

    def execute(self) -> None:
        previous, charter = self.begin("raised", "assigned", "reopened")
        refuse_unsaid(self.context, "need")
        self.place.must_stand(Span(self.effective, self.effective + ONE_DAY))
        if self.unit == previous:
            raise Refused("need.same_unit", f"{self.unit} answers for it already.", "unit")
        assign_due, _ = dues(self.effective, charter)
        self.trigger(NeedMoved(self.need, self.unit, previous, assign_due, self.effective))


class AnnulNeed(_Act):
    """Say that nothing is to be done about a need any more that was not rated for good: it was recorded by mistake, or
    the charter knows no service any more. Two persons do, with a reason."""

    ALWAYS = True

    def execute(self) -> None:
        unit, _ = self.begin("raised", "assigned", "reopened", "resolved")
        refuse_alone(self.context, "need")
        self.trigger(NeedAnnulled(self.need, unit, self.effective))


class ResolveNeed(_ActOfPerson):
    """Say that it is done, by who sees to it, and show it."""

    result: str
    evidence: tuple[str, ...]

    def execute(self) -> None:
        unit, _ = self.begin("assigned")
        must_serve(self.service, self.effective, "person")
        if self.person != self.standing.person:
            sentence = f"The need {self.need} is seen to by {self.standing.person}."
            raise Refused("need.not_theirs", sentence, "person")
        result = said(self.result, "need.result", "What was done must be said.")
        due = self.standing.resolve_due
        names = self.need, unit, self.person, result
        evidence = shown(self.evidence, "need.evidence")
        self.trigger(NeedResolved(*names, due, self.effective > due, evidence, self.effective))


class RateNeed(_ActOfPerson):
    """Record how whoever raised it rates what was done. `person` asked them, and is not who resolved it.

    Rated badly, it is reopened in the same append, as often as the charter allows; else this is its end.
    """

    rating: int
    words: str = ""

    def execute(self) -> None:
        unit, charter = self.begin("resolved")
        rule, resolver = service_of(charter).needs, self.standing.person
        assert resolver is not None
        must_serve(self.service, self.effective, "person")
        if self.person == resolver:
            raise Refused("need.own", "Who resolved it does not ask for the rating.", "person")
        if not 1 <= self.rating <= rule.best:
            raise Refused("need.rating", f"It is rated from 1 to {rule.best}.", "rating")
        satisfied = self.rating >= rule.satisfied_from
        names = self.need, unit, self.person, resolver
        again = reopens(self.rating, self.standing.reopenings, rule)
        self.trigger(NeedRated(*names, self.rating, self.words.strip(), satisfied, again, self.effective))
        if again:
            number = self.standing.reopenings + 1
            reopened = self.need, unit, number, *dues(self.effective, charter)
            self.trigger(NeedReopened(*reopened, self.effective))


class UnassignNeed(Command):
    """Let a need be assigned anew whose person had left the service the day before `effective`; on a day before
    something was done about it last, nothing."""

    need: NeedId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), NeedStanding(self.need)
        yield self.charters, self.standing
        self.service = None if self.standing.person is None else Standing(self.standing.person)
        if self.service is not None:
            yield (self.service,)

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        unit, service = self.standing.must_be_raised(), self.service
        if self.standing.state != "assigned" or service is None or service.span is None:
            return
        if self.effective < self.standing.last:
            return
        if not service.span.reaches(self.effective - ONE_DAY):
            assign_due, _ = dues(self.effective, charter)
            self.trigger(NeedUnassigned(self.need, unit, service.person, assign_due, self.effective))


class FlagNeed(Command):
    """Give a need the colour that it has on `effective`, because of what is due, if it was not given it yet."""

    need: NeedId
    why: str
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), NeedStanding(self.need)
        yield self.charters, self.standing

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        self.standing.must_be_raised()
        unit, yellow = self.standing.unit_before(self.effective), service_of(charter).needs.yellow_working_days
        for flag in self.standing.deadlines.turned(self.effective, yellow, Calendar(charter)):
            if flag.why == self.why:
                by = charter.version, self.charters.digest_on(self.effective)
                self.trigger(NeedFlagged(self.need, unit, *flag, *by, self.effective))
