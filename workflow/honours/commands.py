"""Conferring an honour, and revoking it: by two persons, with a reason."""

from __future__ import annotations

from datetime import date

from workflow.calendar import ONE_DAY
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.evidence import references, said
from workflow.honours.events import HonourConferred, HonourRevoked
from workflow.honours.views import HonourStanding
from workflow.ids import HonourId, MatterId, PersonId, UnitId
from workflow.organisation.views import Standing, UnitStanding
from workflow.slices import Command, Knows, Refused


class ConferHonour(Command):
    """Record that a person or a unit was honoured on `effective`.

    `matter` names what for: several honours for one matter give one bonus, the highest. `evidence` are references to
    what shows it.
    """

    honour: HonourId
    level: str
    title: str
    issuer: str
    matter: MatterId
    evidence: tuple[str, ...]
    effective: date
    person: PersonId | None = None
    unit: UnitId | None = None

    def knows(self) -> Knows:
        if (self.person is None) == (self.unit is None):
            raise Refused("honour.subject", "An honour is that of one person, or of one unit.", "person", "unit")
        self.charters, self.standing = CharterInForce(), HonourStanding(self.honour)
        self.service = None if self.person is None else Standing(self.person)
        self.place = None if self.unit is None else UnitStanding(self.unit)
        yield tuple(v for v in (self.charters, self.standing, self.service, self.place) if v is not None)

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        if self.standing.conferred is not None:
            raise Refused("honour.exists", f"There is an honour {self.honour} already.", "honour")
        if self.effective > self.context.today:
            raise Refused("honour.future", f"{self.effective} is still to come.", "effective")
        levels = [level.id for level in charter.honours]
        if self.level not in levels:
            known = ", ".join(levels) or "none"
            raise Refused("honour.level", f"The charter has no such level of honours; it has {known}.", "level")
        on = Span(self.effective, self.effective + ONE_DAY)
        if self.service is not None:
            self.service.must_serve(on)
        if self.place is not None:
            self.place.must_stand(on)
        title = said(self.title, "honour.title", "An honour has a title.")
        issuer = said(self.issuer, "honour.issuer", "An honour says who confers it.")
        evidence = references(self.evidence, "honour.evidence")
        if not evidence:
            raise Refused("honour.evidence", "An honour is recorded on evidence.", "evidence")
        self.trigger(
            HonourConferred(
                self.honour,
                self.person,
                self.unit,
                self.level,
                title,
                issuer,
                self.matter,
                evidence,
                self.effective,
            )
        )


class RevokeHonour(Command):
    """Revoke an honour, by two persons, with a reason. The bonus that it gave is reversed by the assessments."""

    honour: HonourId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), HonourStanding(self.honour)
        yield self.charters, self.standing

    def execute(self) -> None:
        charter_for(self, self.charters)
        honour = self.standing.must_be_known()
        if self.standing.revoked is not None:
            raise Refused("honour.revoked", f"The honour {self.honour} was revoked already.", "honour")
        if self.effective < honour.effective:
            raise Refused("honour.order", f"It was conferred on {honour.effective}; this is before.", "effective")
        if self.effective > self.context.today:
            raise Refused("honour.future", f"{self.effective} is still to come.", "effective")
        if not self.context.reason.strip():
            raise Refused("honour.reason", "Why an honour is revoked must be said.", "reason")
        if self.context.approver in ("", self.context.actor):
            raise Refused("honour.second_person", "An honour is revoked by two persons.", "approver")
        self.trigger(HonourRevoked(self.honour, honour.person, honour.unit, honour.matter, self.effective))
