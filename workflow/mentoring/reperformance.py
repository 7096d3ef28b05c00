"""Deciding again what was decided of mentorships: whether they could start and be extended, and when they ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from workflow.charter.events import CharterAdopted, CharterPublished
from workflow.charter.library import UnknownCharter, by_digest, learn
from workflow.charter.loader import CharterError
from workflow.charter.mentoring import MentoringRule
from workflow.charter.views import CharterInForce
from workflow.dates import Span, most_at_once
from workflow.mentoring.ending import post_unit
from workflow.mentoring.events import MentorshipEnded, MentorshipExtended, MentorshipStarted
from workflow.mentoring.following import Followed
from workflow.mentoring.views import overlapping
from workflow.slices import Event, Refused

_Wrong = dict[str, tuple[Any, Any]]
"""What is recorded and what had to be, by the name of the field."""


class MentorshipsAgain:
    """Starts, extensions and ends of mentorships."""

    def __init__(self) -> None:
        self.decisions = 0
        self._charters = CharterInForce()
        self._known = Followed()
        self._checks: dict[type[Event], Callable[[Any], _Wrong]] = {
            MentorshipStarted: self._started,
            MentorshipExtended: self._extended,
            MentorshipEnded: self._ended,
        }

    def listens_to(self) -> Sequence[type[Event]]:
        return (CharterPublished, CharterAdopted, *Followed.LISTENS_TO)

    def follow(self, fact: Any) -> str:
        if isinstance(fact, CharterPublished):
            with suppress(CharterError):  # told by the re-performance of readings
                learn(fact.text)
            return ""
        if isinstance(fact, CharterAdopted):
            self._charters.note(fact)
            return ""
        told = ""
        if (check := self._checks.get(type(fact))) is not None:
            self.decisions += 1
            try:
                wrong = {name: pair for name, pair in check(fact).items() if pair[0] != pair[1]}
                said = [f"{name} is recorded as {was} and had to be {due}" for name, (was, due) in wrong.items()]
                told = f"{fact.mentorship}: {'; '.join(said)}" if said else ""
            except (Refused, UnknownCharter, LookupError, ValueError) as error:
                told = f"{fact.mentorship} could not be decided: {error}"
        self._known.note(fact)  # right or wrong, what comes after was decided by it
        return told

    def _started(self, fact: MentorshipStarted) -> _Wrong:
        day = fact.effective
        charter = self._charters.on(day)
        rule = _must(charter.mentoring)
        kind = rule.kind(fact.kind)
        days = (fact.until - day).days
        model = not kind.model or self._known.model(fact.mentor).holds_on(fact.kind, day)
        return {
            "charter": (fact.charter, charter.version),
            "charter_digest": (fact.charter_digest, self._charters.digest_on(day)),
            "mentor_unit": (fact.mentor_unit, post_unit(self._known.side(fact.mentor).career, day)),
            "mentee_unit": (fact.mentee_unit, post_unit(self._known.side(fact.mentee).career, day)),
            "the days of the term": (days, min(max(days, kind.days_at_least), kind.days_at_most)),
            "the model person": (True, model),
            **self._paired(fact, fact.kind, Span(day, fact.until), rule),
        }

    def _extended(self, fact: MentorshipExtended) -> _Wrong:
        known = self._known.mentorship(fact.mentorship)
        started = known.must_be_known()
        rule = _must(by_digest(started.charter_digest).mentoring)
        extension = rule.kind(started.kind).extension
        days, number = (fact.until - known.term).days, known.extensions + 1
        return {
            "number": (fact.number, min(number, extension.at_most if extension else 0)),
            "the days added": (days, min(max(days, 1), extension.days if extension else 0)),
            **self._paired(fact, started.kind, Span(known.term, max(known.term, fact.until)), rule),
        }

    def _paired(
        self, fact: MentorshipStarted | MentorshipExtended, kind: str, span: Span, rule: MentoringRule
    ) -> _Wrong:
        led = [each.span for each in self._known.of(fact.mentor).led(fact.mentorship)]
        most = most_at_once([*led, span], span)
        learning = overlapping(self._known.of(fact.mentee).learning(fact.mentorship), span)
        others = tuple(each.mentor for each in learning if each.kind == kind)
        return {
            "how many the mentor leads": (most, min(most, rule.mentees_at_most)),
            "the mentee's other mentors of the kind": (others, ()),
        }

    def _ended(self, fact: MentorshipEnded) -> _Wrong:
        end = self._known.first_end(fact.mentorship)
        if fact.cause in ("mentor", "mentee"):
            latest = end.day if end is not None else None
            return {"effective": (fact.effective, min(fact.effective, latest) if latest else None)}
        return {
            "cause": (fact.cause, end.cause if end else None),
            "since": (fact.since, end.since if end else None),
            "effective": (fact.effective, max(fact.effective, end.day) if end else None),
        }


def _must(rule: MentoringRule | None) -> MentoringRule:
    """Raises LookupError for a charter without mentoring."""
    if rule is None:
        raise LookupError("the charter knows no mentoring")
    return rule
