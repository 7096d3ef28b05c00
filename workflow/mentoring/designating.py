"""Designating model persons, and withdrawing that."""

from __future__ import annotations

from datetime import date

from workflow.calendar import ONE_DAY
from workflow.charter.mentoring import MentoringRule
from workflow.charter.model import Charter
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.evidence import said, shown
from workflow.ids import PersonId
from workflow.mentoring.events import ModelPersonDesignated, ModelPersonWithdrawn
from workflow.mentoring.views import ModelStanding
from workflow.organisation.views import Standing
from workflow.slices import Command, Knows, Refused


def rule_of(charter: Charter, kind: str) -> MentoringRule:
    """What the charter says of mentoring. Raises Refused unless it knows mentorships of the kind."""
    kinds = [each.id for each in charter.mentoring.kinds] if charter.mentoring is not None else []
    if charter.mentoring is None or kind not in kinds:
        known = ", ".join(kinds) or "none"
        raise Refused("mentorship.kind", f"The charter knows no mentorship of that kind; it knows {known}.", "kind")
    return charter.mentoring


class _ActOnModel(Command):
    """What is done about a person as a model."""

    person: PersonId
    kind: str
    effective: date

    def knows(self) -> Knows:
        self.charters, self.service, self.models = CharterInForce(), Standing(self.person), ModelStanding(self.person)
        yield self.charters, self.service, self.models

    def begin(self) -> tuple[Span | None, Charter]:
        """The last designation of the kind, if there is one. Raises Refused for a day before it, or still to come."""
        charter = charter_for(self, self.charters)
        if self.effective > self.context.today:
            raise Refused("model_person.future", f"{self.effective} is still to come.", "effective")
        last = self.models.last(self.kind)
        if last is not None and self.effective < (last.until or last.since):
            sentence = f"The last was on {last.until or last.since}, and this is earlier."
            raise Refused("model_person.order", sentence, "effective")
        return last, charter


class DesignateModelPerson(_ActOnModel):
    """Let a person be a model for mentorships of a kind; `citation` says what for."""

    citation: str
    evidence: tuple[str, ...]

    def execute(self) -> None:
        last, charter = self.begin()
        if not rule_of(charter, self.kind).kind(self.kind).model:
            raise Refused("model_person.kind", f"A {self.kind} takes no model person.", "kind")
        self.service.must_serve(Span(self.effective, self.effective + ONE_DAY))
        if last is not None and last.until is None:
            raise Refused("model_person.exists", f"{self.person} is one since {last.since}.", "person")
        citation = said(self.citation, "model_person.citation", "What somebody is a model for must be said.")
        evidence = shown(self.evidence, "model_person.evidence")
        self.trigger(ModelPersonDesignated(self.person, self.kind, citation, evidence, self.effective))


class WithdrawModelPerson(_ActOnModel):
    """Let a person be a model no more, with a reason: also after they left, and when the charter takes no models of the
    kind any more. What becomes of the mentorships is up to the charter under which each was started."""

    def execute(self) -> None:
        last, _ = self.begin()
        if last is None or last.until is not None:
            raise Refused("model_person.unknown", f"{self.person} is no model person of that kind.", "person")
        if not self.context.reason.strip():
            raise Refused("model_person.reason", "Why a designation is withdrawn must be said.", "reason")
        self.trigger(ModelPersonWithdrawn(self.person, self.kind, self.effective))


class WithdrawLeaver(_ActOnModel):
    """Let a person be a model no more who had left the service by the day before `effective`; not before the day after
    they were designated, should that be known late."""

    def execute(self) -> None:
        charter_for(self, self.charters)
        last, day = self.models.last(self.kind), withdrawn_on(self.service)
        if last is None or last.until is not None or day is None:
            return
        if max(day, last.since + ONE_DAY) <= self.effective:
            self.trigger(ModelPersonWithdrawn(self.person, self.kind, self.effective, "left"))


def withdrawn_on(service: Standing) -> date | None:
    """The day on which somebody who left is withdrawn as a model; None: they serve, or nobody knows of their end."""
    left = service.span.until if service.span is not None else None
    return None if left is None else left + ONE_DAY
