"""What is known of honours, and which points one gives to whom."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from workflow.charter.model import Charter
from workflow.honours.events import HonourAnnulled, HonourConferred, HonourCorrected, HonourRevoked
from workflow.ids import CaseTeamId, HonourId, MatterId
from workflow.rounding import half_up
from workflow.slices import Refused, View, event


def as_corrected(fact: HonourCorrected) -> HonourConferred:
    """The honour as it ought to have been recorded."""
    return HonourConferred(
        fact.honour,
        fact.person,
        fact.unit,
        fact.level,
        fact.title,
        fact.issuer,
        fact.matter,
        fact.evidence,
        fact.conferred_on,
        fact.brand,
        fact.case_team,
        fact.credited,
        fact.until,
    )


def points_of(honour: HonourConferred, subject: str, charter: Charter) -> Decimal | None:
    """What an honour gives a person or a unit: the points of its level to whose it is, or to the unit that is credited
    for a brand or a team; to anybody else, if they are one of many who earned it, the share of a member.

    None, if the charter gives nothing for that.
    """
    level = next((each for each in charter.honours if each.id == honour.level), None)
    if level is None:
        return None
    if subject in (honour.person, honour.unit, honour.credited):
        return level.points
    shared = honour.unit is not None or honour.case_team is not None
    if not shared or not level.members_share:
        return None
    return half_up(Fraction(level.points) * Fraction(level.members_share), 2)


class HonourStanding(View):
    """An honour as it was conferred, or corrected since, and from when on it stands no more."""

    honour: HonourId
    conferred: HonourConferred | None = field(init=False, default=None)
    corrected: date | None = field(init=False, default=None)
    revoked: date | None = field(init=False, default=None)
    annulled: date | None = field(init=False, default=None)

    @event(HonourConferred)
    def was_conferred(self, fact: HonourConferred) -> None:
        self.conferred = fact

    @event(HonourCorrected)
    def was_corrected(self, fact: HonourCorrected) -> None:
        self.conferred, self.corrected = as_corrected(fact), fact.effective

    @event(HonourRevoked)
    def was_revoked(self, effective: date) -> None:
        self.revoked = effective

    @event(HonourAnnulled)
    def was_annulled(self, effective: date) -> None:
        self.annulled = effective

    def must_be_known(self) -> HonourConferred:
        """The honour. Raises Refused if there is none."""
        if self.conferred is None:
            raise Refused("honour.unknown", f"There is no honour {self.honour}.", "honour")
        return self.conferred

    @property
    def fell(self) -> date | None:
        """From when on it stands no more: it was revoked, or never was."""
        return min((day for day in (self.revoked, self.annulled) if day is not None), default=None)

    def still_gives(self, subject: str, matter: str, points: Decimal, charter: Charter, day: date) -> bool:
        """Whether what it gave, it gives as it is known on a day."""
        if self.fell is not None and self.fell <= day:
            return False
        if self.corrected is None or self.corrected > day:
            return True
        honour = self.must_be_known()
        return honour.matter == matter and points_of(honour, subject, charter) == points


class HonoursAbout(View):
    """The honours that were ever recorded as a case team's, or for a matter: give one of the two."""

    case_team: CaseTeamId | None = None
    matter: MatterId | None = None
    honours: set[HonourId] = field(init=False, default_factory=set)

    @event(HonourConferred)
    def was_conferred(self, honour: HonourId) -> None:
        self.honours.add(honour)

    @event(HonourCorrected)
    def was_corrected(self, honour: HonourId) -> None:
        self.honours.add(honour)


class HonoursFor(View):
    """The honours for a matter that stand: of whom, at which level, by whom."""

    matter: MatterId
    standing: dict[HonourId, HonourConferred] = field(init=False, default_factory=dict)

    @event(HonourConferred)
    def was_conferred(self, fact: HonourConferred) -> None:
        self.standing[fact.honour] = fact

    @event(HonourCorrected)
    def was_corrected(self, fact: HonourCorrected) -> None:
        self.standing.pop(fact.honour, None)
        if fact.matter == self.matter:
            self.standing[fact.honour] = as_corrected(fact)

    @event(HonourRevoked)
    def was_revoked(self, honour: HonourId) -> None:
        self.standing.pop(honour, None)

    @event(HonourAnnulled)
    def was_annulled(self, honour: HonourId) -> None:
        self.standing.pop(honour, None)

    def refuse_duplicate(self, honour: HonourConferred) -> None:
        """Raises Refused if the same subject has the same already: for the matter, of the level, by the issuer."""
        for id, each in self.standing.items():
            if id != honour.honour and _same(each) == _same(honour):
                raise Refused("honour.duplicate", f"That is the honour {id}, which is recorded already.", "matter")


def _same(honour: HonourConferred) -> tuple[str | None, ...]:
    issuer = "".join(honour.issuer.split()).casefold()
    return honour.person, honour.unit, honour.brand, honour.case_team, honour.level, issuer
