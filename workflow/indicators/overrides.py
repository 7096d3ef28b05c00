"""Overrides: another colour is set beside the computed one of a reading, and lifted again.

Neither raises or closes a warning, nor does it count for the ladder: those follow from what was computed.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date

from workflow.charter.views import CharterInForce
from workflow.dates import charter_for
from workflow.ids import PersonId, ReadingId
from workflow.indicators.events import ColourOverridden, OverrideLifted, ReadingReported
from workflow.indicators.views import ReadingStanding
from workflow.organisation.levels import LevelHolders
from workflow.slices import Command, Knows, Refused, View, event


class OverrideStanding(View):
    """The colour that was set beside the computed one of a reading, "" if none is, and since when that is so."""

    reading: ReadingId
    colour: str = field(init=False, default="")
    last: date = field(init=False, default=date.min)

    @event(ColourOverridden)
    def was_overridden(self, colour: str, effective: date) -> None:
        self.colour, self.last = colour, effective

    @event(OverrideLifted)
    def was_lifted(self, effective: date) -> None:
        self.colour, self.last = "", effective


class _Override(Command):
    """What somebody does about the colour of a reading who holds a level of the unit's chain that the charter names, on
    the date of the act; with a reason, and approved by a second person."""

    reading: ReadingId
    person: PersonId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.known = CharterInForce(), ReadingStanding(self.reading)
        self.override = OverrideStanding(self.reading)
        yield self.charters, self.known, self.override
        unit = self._reported().unit
        charter = self.charters.on(self.effective)
        self.levels = LevelHolders(charter, unit, charter.warnings.override.by, self.effective)
        yield from self.levels.knows()

    def begin(self) -> ReadingReported:
        """The reading. Raises Refused unless this person may, on this day, with a reason and a second person."""
        charter_for(self, self.charters)
        reported = self._reported()
        if not self.context.reason.strip():
            raise Refused("override.reason", "Why a colour is overridden, or no more, must be said.", "reason")
        if self.context.approver in ("", self.context.actor):
            raise Refused("override.second_person", "A colour is overridden by two persons.", "approver")
        if self.effective < max(self.known.last, self.override.last):
            since = max(self.known.last, self.override.last)
            raise Refused("override.order", f"It stands so since {since}, and this is before.", "effective")
        if self.effective > self.context.today:
            raise Refused("override.future", f"{self.effective} is still to come.", "effective")
        holders = dict.fromkeys(person for several in self.levels.holders.values() for person in several)
        if self.person not in holders:
            by = " or ".join(holders) or "nobody"
            sentence = f"{self.person} may not override a colour of {reported.unit} on {self.effective}; that is {by}."
            raise Refused("override.not_level", sentence, "person")
        return reported

    def _reported(self) -> ReadingReported:
        if self.known.reported is None:
            missing = "is missing, and what is missing is never green" if self.known.missed else "is unknown"
            code = "override.missing" if self.known.missed else "reading.unknown"
            raise Refused(code, f"The reading {self.reading} {missing}.", "reading")
        return self.known.reported


class OverrideColour(_Override):
    """Set another colour beside the computed one of a reading that was reported."""

    colour: str

    def execute(self) -> None:
        reported = self.begin()
        computed = self.known.judgement.colour if self.known.judgement else "none"
        if self.colour not in ("green", "yellow", "red"):
            raise Refused("override.colour", "A colour is green, yellow or red.", "colour")
        if computed == "none":
            raise Refused("override.reference", "A reading for reference has no colour.", "reading")
        if self.colour == (self.override.colour or computed):
            raise Refused("override.same", f"It is {self.colour} already.", "colour")
        about = reported.reading, reported.indicator, reported.unit, reported.period
        self.trigger(ColourOverridden(*about, self.person, computed, self.colour, self.effective))


class LiftOverride(_Override):
    """Let the computed colour of a reading stand by itself again."""

    def execute(self) -> None:
        reported = self.begin()
        if not self.override.colour:
            raise Refused("override.none", f"No colour was set beside that of {self.reading}.", "reading")
        about = reported.reading, reported.indicator, reported.unit, reported.period
        self.trigger(OverrideLifted(*about, self.person, self.effective))
