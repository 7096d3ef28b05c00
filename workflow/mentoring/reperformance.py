"""Deciding again what was decided of mentorships: whether they could start and be extended, and when they ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from workflow.again import Decision, FollowedCharters, by_charter, differing
from workflow.charter.library import by_digest
from workflow.charter.mentoring import MentoringRule
from workflow.dates import Span, most_at_once
from workflow.mentoring.designating import withdrawn_on
from workflow.mentoring.ending import post_unit
from workflow.mentoring.events import MentorshipEnded, MentorshipExtended, MentorshipStarted, ModelPersonWithdrawn
from workflow.mentoring.following import Followed
from workflow.mentoring.views import overlapping
from workflow.slices import Event


class MentorshipsAgain:
    """Starts, extensions and ends of mentorships."""

    def __init__(self) -> None:
        self.decisions = 0
        self._charters = FollowedCharters()
        self._known = Followed()
        self._checks: dict[type[Event], Callable[[Any], Iterator[Decision]]] = {
            MentorshipStarted: self._started,
            MentorshipExtended: self._extended,
            MentorshipEnded: self._ended,
            ModelPersonWithdrawn: self._withdrawn,
        }

    def listens_to(self) -> Sequence[type[Event]]:
        return (*FollowedCharters.HEARD, *Followed.LISTENS_TO)

    def follow(self, fact: Any) -> str:
        if self._charters.took(fact):
            return ""
        told = ""
        if (check := self._checks.get(type(fact))) is not None:
            self.decisions += 1
            name = f"{fact.person}.{fact.kind}" if isinstance(fact, ModelPersonWithdrawn) else fact.mentorship
            told = differing(name, fact, check(fact))
        self._known.note(fact)  # right or wrong, what comes after was decided by it
        return told

    def _started(self, fact: MentorshipStarted) -> Iterator[Decision]:
        day = fact.effective
        charter = self._charters.on(day)
        rule = _must(charter.mentoring)
        kind = rule.kind(fact.kind)
        days = (fact.until - day).days
        model = not kind.model or self._known.model(fact.mentor).holds_on(fact.kind, day)
        yield from by_charter(fact, self._charters)
        yield "mentor_unit", fact.mentor_unit, post_unit(self._known.side(fact.mentor).career, day)
        yield "mentee_unit", fact.mentee_unit, post_unit(self._known.side(fact.mentee).career, day)
        yield "the days of the term", days, min(max(days, kind.days_at_least), kind.days_at_most)
        yield "the model person", True, model
        yield from self._paired(fact, fact.kind, Span(day, fact.until), rule)

    def _extended(self, fact: MentorshipExtended) -> Iterator[Decision]:
        known = self._known.mentorship(fact.mentorship)
        started = known.must_be_known()
        rule = _must(by_digest(started.charter_digest).mentoring)
        extension = rule.kind(started.kind).extension
        days, number = (fact.until - known.term).days, known.extensions + 1
        yield "number", fact.number, min(number, extension.at_most if extension else 0)
        yield "the days added", days, min(max(days, 1), extension.days if extension else 0)
        yield from self._paired(fact, started.kind, Span(known.term, max(known.term, fact.until)), rule)

    def _paired(
        self, fact: MentorshipStarted | MentorshipExtended, kind: str, span: Span, rule: MentoringRule
    ) -> Iterator[Decision]:
        known = self._known
        led = [each.span for each in known.until_ended(known.of(fact.mentor).led(fact.mentorship))]
        most = most_at_once([*led, span], span)
        learning = overlapping(known.until_ended(known.of(fact.mentee).learning(fact.mentorship)), span)
        others = tuple(each.mentor for each in learning if each.kind == kind)
        yield "how many the mentor leads", most, min(most, rule.mentees_at_most)
        yield "the mentee's other mentors of the kind", others, ()

    def _ended(self, fact: MentorshipEnded) -> Iterator[Decision]:
        end = self._known.first_end(fact.mentorship)
        if fact.cause in ("mentor", "mentee"):
            latest = end.day if end is not None else None
            yield "effective", fact.effective, min(fact.effective, latest) if latest else None
            return
        yield "cause", fact.cause, end.cause if end else None
        yield "since", fact.since, end.since if end else None
        yield "effective", fact.effective, max(fact.effective, end.day) if end else None

    def _withdrawn(self, fact: ModelPersonWithdrawn) -> Iterator[Decision]:
        if fact.cause == "left":
            day = withdrawn_on(self._known.side(fact.person).service)
            yield "effective", fact.effective, max(fact.effective, day) if day is not None else None


def _must(rule: MentoringRule | None) -> MentoringRule:
    """Raises LookupError for a charter without mentoring."""
    if rule is None:
        raise LookupError("the charter knows no mentoring")
    return rule
