"""Conferring an honour; and by two persons, with a reason, revoking it, correcting its record, or annulling that."""

from __future__ import annotations

import calendar
from datetime import date

from workflow.charter.model import Charter
from workflow.charter.views import CharterInForce
from workflow.dates import charter_for
from workflow.evidence import said, shown
from workflow.honours.events import HonourAnnulled, HonourConferred, HonourCorrected, HonourRevoked
from workflow.honours.subjects import Subject
from workflow.honours.views import HonoursFor, HonourStanding
from workflow.ids import BrandId, CaseTeamId, HonourId, MatterId, PersonId, UnitId
from workflow.slices import Command, Knows, Refused


class _Record(Command):
    """What is recorded of an honour.

    It is that of one person, unit, brand or case team; `credited` is the unit that has a team's points, if any.
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
    brand: BrandId | None = None
    case_team: CaseTeamId | None = None
    credited: UnitId | None = None

    @property
    def day(self) -> date:
        """Of the honour."""
        return self.effective

    def knows(self) -> Knows:
        whose = self.person, self.unit, self.brand, self.case_team
        self.subject = Subject(*whose, self.credited, self.day)
        self.charters, self.standing = CharterInForce(), HonourStanding(self.honour)
        self.others = HonoursFor(self.matter)
        yield self.charters, self.standing, self.others
        yield from self.subject.knows()

    def record(self, charter: Charter) -> HonourConferred:
        """The honour as it is to be recorded. Raises Refused if something is wrong with it."""
        if self.day > self.context.today:
            raise Refused("honour.future", f"{self.day} is still to come.", "effective")
        levels = [level.id for level in charter.honours]
        if self.level not in levels:
            known = ", ".join(levels) or "none"
            raise Refused("honour.level", f"The charter has no such level of honours; it has {known}.", "level")
        credited = self.subject.credited()
        title = said(self.title, "honour.title", "An honour has a title.")
        issuer = said(self.issuer, "honour.issuer", "An honour says who confers it.")
        evidence = shown(self.evidence, "honour.evidence")
        honour = HonourConferred(
            self.honour,
            self.person,
            self.unit,
            self.level,
            title,
            issuer,
            self.matter,
            evidence,
            self.day,
            self.brand,
            self.case_team,
            credited,
            until_of(charter, self.level, self.day),
        )
        self.others.refuse_duplicate(honour)
        return honour


class ConferHonour(_Record):
    """Record that a person, a unit, a brand or a case team was honoured on `effective`."""

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        if self.standing.conferred is not None:
            raise Refused("honour.exists", f"There is an honour {self.honour} already.", "honour")
        self.trigger(self.record(charter))


class CorrectHonour(_Record):
    """Record an honour anew that was recorded wrongly: all of it, as it was conferred on `conferred_on`. Bonuses that
    it gave, and gives no more, are struck."""

    conferred_on: date

    @property
    def day(self) -> date:
        return self.conferred_on

    def execute(self) -> None:
        before = _begin(self, self.standing, self.charters, "corrected")
        charter = self.charters.on(self.conferred_on)
        self.rule_version = charter.version
        honour = self.record(charter)
        if honour == before:
            raise Refused("honour.same", "That is what the record says already.", "honour")
        self.trigger(
            HonourCorrected(
                self.honour,
                honour.person,
                honour.unit,
                honour.brand,
                honour.case_team,
                honour.credited,
                honour.level,
                honour.title,
                honour.issuer,
                honour.matter,
                before.matter,
                honour.evidence,
                honour.effective,
                honour.until,
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
        honour = _begin(self, self.standing, self.charters, "revoked")
        if self.effective < honour.effective:
            raise Refused("honour.order", f"It was conferred on {honour.effective}; this is before.", "effective")
        whose = honour.person, honour.unit
        others = honour.brand, honour.case_team
        self.trigger(HonourRevoked(self.honour, *whose, honour.matter, self.effective, *others))


class AnnulHonour(Command):
    """Take back the record of an honour that was never conferred; bonuses that cite it are struck."""

    honour: HonourId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), HonourStanding(self.honour)
        yield self.charters, self.standing

    def execute(self) -> None:
        honour = _begin(self, self.standing, self.charters, "annulled")
        whose = honour.person, honour.unit, honour.brand, honour.case_team
        self.trigger(HonourAnnulled(self.honour, *whose, honour.matter, self.effective))


def _begin(
    command: CorrectHonour | RevokeHonour | AnnulHonour, standing: HonourStanding, charters: CharterInForce, what: str
) -> HonourConferred:
    """The honour as it is recorded. Raises Refused unless it stands, and two persons say why it is to be `what`."""
    charter_for(command, charters)
    honour = standing.must_be_known()
    if standing.revoked is not None:
        raise Refused("honour.revoked", f"The honour {command.honour} was revoked already.", "honour")
    if standing.annulled is not None:
        raise Refused("honour.annulled", f"The honour {command.honour} never was: its record was annulled.", "honour")
    if command.effective > command.context.today:
        raise Refused("honour.future", f"{command.effective} is still to come.", "effective")
    if standing.corrected is not None and command.effective < standing.corrected:
        sentence = f"It was corrected on {standing.corrected}; this is before."
        raise Refused("honour.order", sentence, "effective")
    if not command.context.reason.strip():
        raise Refused("honour.reason", f"Why an honour is {what} must be said.", "reason")
    if command.context.approver in ("", command.context.actor):
        raise Refused("honour.second_person", f"An honour is {what} by two persons.", "approver")
    return honour


def until_of(charter: Charter, level: str, day: date) -> date | None:
    """Before which day an honour of that day holds; None: for ever."""
    months = charter.honour_level(level).term_months
    if months is None:
        return None
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
