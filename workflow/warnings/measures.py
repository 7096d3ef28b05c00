"""What is done about a warning besides its loop: interviews and talks are held, and its rectification is extended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workflow.calendar import Calendar
from workflow.charter.views import CharterInForce
from workflow.dates import charter_for
from workflow.evidence import said
from workflow.ids import PersonId, WarningId
from workflow.organisation.levels import LevelHolders
from workflow.organisation.views import Standing
from workflow.slices import Command, Knows, Refused
from workflow.warnings.commands import must_serve, refuse_out_of_turn
from workflow.warnings.events import ExtensionGranted, InterviewHeld, TalkHeld, WarningRaised
from workflow.warnings.views import INTERVIEW, Escalations, InterviewStanding, Talks, WarningStanding

STILL_OPEN = ("raised", "acknowledged", "planned", "reopened")
"""The states in which the rectification of a warning is still to be reported."""


class _Meeting(Command):
    """Somebody who holds a level of the unit's chain on the date of the act meets with persons about the warning."""

    warning: WarningId
    person: PersonId
    persons: tuple[PersonId, ...]
    record: str
    effective: date

    def knows(self) -> Knows:
        self.charters, self.loop = CharterInForce(), WarningStanding(self.warning)
        self.interview, self.past = InterviewStanding(self.warning), Escalations(self.warning)
        self.present = [Standing(person) for person in dict.fromkeys(self.persons)]
        yield self.charters, self.loop, self.interview, self.past, *self.present
        unit = self.loop.must_be_known().unit
        charter = self.charters.on(self.effective)
        known = [level.id for level in charter.chain if level.by != "holder"]
        asked = [level for level in self.asked() if level in known]
        self.levels = LevelHolders(charter, unit, asked, self.effective)
        yield from self.levels.knows()

    def asked(self) -> Sequence[str]:
        """The levels of which the person must hold one."""
        raise NotImplementedError

    def begin(self) -> tuple[WarningRaised, tuple[PersonId, ...], str]:
        """The warning, who was met with, and the record. Raises Refused unless it is this person's to meet, and with
        somebody else, and something was recorded."""
        charter_for(self, self.charters)
        raised = self.loop.must_be_known()
        if self.effective < raised.effective:
            raise Refused("warning.order", f"The warning was raised on {raised.effective}.", "effective")
        if self.effective > self.context.today:
            raise Refused("warning.future", f"{self.effective} is still to come.", "effective")
        holders = dict.fromkeys(person for several in self.levels.holders.values() for person in several)
        if self.person not in holders:
            by = " or ".join(holders) or "nobody, until somebody is appointed"
            sentence = f"This is not {self.person}'s to do on {self.effective}; that is {by}."
            raise Refused("warning.not_level", sentence, "person")
        persons = tuple(each.person for each in self.present)
        if not persons or self.person in persons:
            raise Refused(
                "warning.persons", "It is held with at least one person, and nobody meets themselves.", "persons"
            )
        for each in self.present:
            must_serve(each, self.effective, "persons")
        return raised, persons, said(self.record, "warning.record", "What was said must be recorded.")


class HoldInterview(_Meeting):
    """Hold the interview that is due because of a warning, as who holds the level that is to hold it, or one that it
    went up to."""

    def asked(self) -> Sequence[str]:
        due = self.interview.due
        if due is None:
            raise Refused("interview.none", f"No interview is due because of {self.warning}.", "warning")
        return [due.by, *(each.level for each in self.past.escalated if each.why == INTERVIEW)]

    def execute(self) -> None:
        raised, persons, record = self.begin()
        if self.interview.held is not None:
            sentence = f"The interview was held already, on {self.interview.held.effective}."
            raise Refused("interview.held", sentence, "warning")
        self.trigger(InterviewHeld(self.warning, raised.unit, self.person, persons, record, self.effective))


class RecordTalk(_Meeting):
    """Record a heart-to-heart talk about a warning, by who holds any level of the unit's chain."""

    def knows(self) -> Knows:
        self.talks = Talks(self.warning)
        yield (self.talks,)
        yield from super().knows()

    def asked(self) -> Sequence[str]:
        return [level.id for level in self.charters.on(self.effective).chain]

    def execute(self) -> None:
        raised, persons, record = self.begin()
        talk = TalkHeld(self.warning, raised.unit, self.person, persons, record, self.effective)
        if talk in self.talks.held:
            raise Refused("warning.talk_held", "This talk is recorded already.", "record")
        self.trigger(talk)


class GrantExtension(Command):
    """Let a warning be rectified by a later day, as often and for as long as the charter allows; by two persons, with a
    reason, and before the day by which it was to be rectified is past."""

    warning: WarningId
    rectify_by: date
    effective: date

    def knows(self) -> Knows:
        self.charters, self.loop = CharterInForce(), WarningStanding(self.warning)
        yield self.charters, self.loop

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        raised = refuse_out_of_turn(self.loop, self.effective, self.context.today, *STILL_OPEN)
        if not self.context.reason.strip():
            raise Refused("warning.reason", "Why more time is given must be said.", "reason")
        if self.context.approver in ("", self.context.actor):
            raise Refused("warning.second_person", "An extension is granted by two persons.", "approver")
        previous, rule = self.loop.rectify_by, charter.warnings.extension
        if previous is None:
            raise Refused("extension.none", "There is no day by which it is to be rectified.", "warning")
        if self.effective > previous:
            raise Refused("extension.late", f"It was to be rectified by {previous}, which is past.", "effective")
        if self.loop.extensions >= rule.at_most:
            raise Refused("extension.at_most", f"A warning is extended at most {rule.at_most} time(s).", "warning")
        latest = Calendar(charter).add(previous, rule.working_days)
        if not previous < self.rectify_by <= latest:
            sentence = f"An extension is to a day after {previous}, and no later than {latest}."
            raise Refused("extension.until", sentence, "rectify_by")
        self.trigger(ExtensionGranted(self.warning, raised.unit, previous, self.rectify_by, self.effective))
