"""Deciding again who had to attend a session, and until when it could be made up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workflow.again import Decision, differing, learned
from workflow.charter.events import CharterPublished
from workflow.charter.library import by_digest
from workflow.charter.views import CharterInForce
from workflow.remembered import Remembered, listened_to
from workflow.slices import Event
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
        if learned(fact):
            return ""
        told = ""
        if isinstance(fact, _Decided):
            self.decisions += 1
            told = differing(fact.session, fact, self._again(fact))
        self._past.note(fact)
        return told

    def _again(self, fact: _Decided) -> Iterator[Decision]:
        standing, charters = SessionStanding(fact.session), CharterInForce()
        self._past.read((standing, charters))
        match fact:
            case SessionScheduled():
                yield "the charter", fact.charter_digest, charters.digest_on(fact.on)
            case SessionHeld():
                yield from self._asked(fact)
            case AttendanceMadeUp():
                until = make_up_until(standing.must_be_held())
                yield "until", fact.until, until
                yield "effective", fact.effective, min(fact.effective, until)
            case AttendanceCorrected():
                yield f"what {fact.person} was before", fact.previous, standing.state_of(fact.person)

    def _asked(self, fact: SessionHeld) -> Iterator[Decision]:
        tier = next(each for each in by_digest(fact.charter_digest).study if each.id == fact.tier)
        audience = Audience(tier.audience, fact.unit, fact.on)
        self._past.learn(audience.knows())
        asked = [*fact.present, *fact.excused, *fact.absent]
        yield "how many had to attend", len(asked), len(audience.people)
        for person in sorted(audience.people ^ set(asked)):
            yield f"whether {person} had to attend", person in asked, person in audience.people
        for person in sorted(audience.people & set(fact.guests)):
            yield f"{person} as", "a guest", "one who had to attend"
