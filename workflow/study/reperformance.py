"""Deciding again who had to attend a session, and until when it could be made up."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from workflow.charter.events import CharterPublished
from workflow.charter.library import UnknownCharter, by_digest, learn
from workflow.charter.loader import CharterError
from workflow.charter.views import CharterInForce
from workflow.remembered import Remembered, listened_to
from workflow.slices import Event, Refused
from workflow.study.attendance import make_up_until
from workflow.study.audience import Audience
from workflow.study.events import AttendanceCorrected, AttendanceMadeUp, SessionHeld, SessionScheduled
from workflow.study.views import SessionStanding

_Decided = SessionScheduled | SessionHeld | AttendanceMadeUp | AttendanceCorrected


class SessionsAgain:
    """The audiences of sessions, the days by which they are made up, and what corrections replace."""

    def __init__(self) -> None:
        self.decisions = 0
        self._past = Remembered()

    def listens_to(self) -> Sequence[type[Event]]:
        return [CharterPublished, *listened_to((CharterInForce, SessionStanding, *Audience.VIEWS))]

    def follow(self, fact: Event) -> str:
        told = ""
        if isinstance(fact, CharterPublished):
            with suppress(CharterError):  # told by the re-performance of readings
                learn(fact.text)
        elif isinstance(fact, _Decided):
            self.decisions += 1
            try:
                wrong = self._wrong(fact)
                told = f"{fact.session}: {wrong}" if wrong else ""
            except (Refused, UnknownCharter, LookupError, ValueError, StopIteration) as error:
                told = f"{fact.session} could not be decided: {error!r}"
        self._past.note(fact)
        return told

    def _wrong(self, fact: _Decided) -> str:
        standing, charters = SessionStanding(fact.session), CharterInForce()
        self._past.read((standing, charters))
        if isinstance(fact, SessionScheduled):
            due = charters.digest_on(fact.on)
            return "" if fact.charter_digest == due else f"the charter is recorded as {fact.charter_digest}, not {due}"
        if isinstance(fact, SessionHeld):
            return self._asked_wrongly(fact)
        if isinstance(fact, AttendanceMadeUp):
            until = make_up_until(standing.must_be_held())
            in_time = fact.effective <= until and fact.until == until
            return "" if in_time else f"{fact.effective}, by {fact.until}: it had to be made up by {until}"
        before = standing.state_of(fact.person)
        return "" if fact.previous == before else f"{fact.person} is recorded as {fact.previous}, and was {before}"

    def _asked_wrongly(self, fact: SessionHeld) -> str:
        tier = next(each for each in by_digest(fact.charter_digest).study if each.id == fact.tier)
        audience = Audience(tier.audience, fact.unit, fact.on)
        self._past.learn(audience.knows())
        recorded = [*fact.present, *fact.excused, *fact.absent]
        if sorted(recorded) != sorted(audience.people) or audience.people & set(fact.guests):
            wrong = sorted(set(recorded) ^ audience.people | audience.people & set(fact.guests))
            return f"others had to attend than are recorded: {', '.join(wrong) or 'somebody is there twice'}"
        return ""
