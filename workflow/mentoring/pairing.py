"""Whether two may be paired for a span: nobody in a circle, a mentor's load, one mentor a kind for a mentee."""

from __future__ import annotations

from collections.abc import Iterable

from workflow.charter.library import by_digest
from workflow.charter.mentoring import MentoringRule
from workflow.dates import Span, most_at_once
from workflow.ids import MentorshipId, PersonId
from workflow.mentoring.ending import End, Side, first_end
from workflow.mentoring.views import Mentorships, MentorshipStanding, ModelStanding, Pairing, common, overlapping
from workflow.organisation.views import Career, Standing
from workflow.slices import Knows, Refused

_Reached = set[tuple[PersonId, Span]]


class _Ending:
    """When time ends a mentorship, as it stands, whether or not the clock has come so far as to record that."""

    def __init__(self, pairing: Pairing) -> None:
        mentor, mentee = pairing.mentor, pairing.mentee
        self._known, self._model = MentorshipStanding(pairing.id), ModelStanding(mentor)
        self._sides = Side(Standing(mentor), Career(mentor)), Side(Standing(mentee), Career(mentee))
        self.views = self._known, self._model, *self._sides[0], *self._sides[1]

    def end(self) -> End | None:
        rule = by_digest(self._known.must_be_known().charter_digest).mentoring
        assert rule is not None
        return first_end(self._known, *self._sides, self._model, rule)


class Pairings:
    """The mentorships of a mentor and a mentee, and of all whom the mentee leads, directly or through others, on days
    of `span`, each until somebody or time ends it. `mentorship` is the one that is to be started or extended; `circle`
    whether it would close one."""

    def __init__(self, mentorship: MentorshipId, mentor: PersonId, mentee: PersonId, span: Span) -> None:
        self._mentorship, self._span = mentorship, span
        self._mentor, self._mentee = Mentorships(mentor), Mentorships(mentee)
        self.circle = mentor == mentee

    def knows(self) -> Knows:
        """The views to read: two stages for each step downward."""
        known = {self._mentor.person: self._mentor, self._mentee.person: self._mentee}
        yield tuple(known.values())
        above = [*self._mentor.led(self._mentorship), *self._mentee.learning(self._mentorship)]
        yield from self._ended(above)
        reached: _Reached = {(self._mentee.person, self._span)}
        done: _Reached = set()
        while reached and not self.circle:
            unread = {person: Mentorships(person) for person, _ in sorted(reached) if person not in known}
            if unread:
                yield tuple(unread.values())
                known |= unread
            yield from self._ended(each for person, _ in reached for each in known[person].led(self._mentorship))
            done |= reached
            below = {
                (each.mentee, days)
                for person, span in reached
                for each in known[person].led(self._mentorship)
                if (days := common(each.span, span)) is not None
            }
            self.circle = any(person == self._mentor.person for person, _ in below)
            reached = below - done

    def _ended(self, pairings: Iterable[Pairing]) -> Knows:
        """Let those on days of the span end as time ends them."""
        ending = {each.id: (each, _Ending(each)) for each in overlapping(pairings, self._span)}
        yield tuple(view for _, each in ending.values() for view in each.views)
        for pairing, each in ending.values():
            if (end := each.end()) is not None:
                pairing.span = pairing.span.ended(end.day)

    def refuse(self, rule: MentoringRule, kind: str) -> None:
        """Raises Refused unless the pairing may hold on all days of the span."""
        mentor, mentee, span = self._mentor.person, self._mentee.person, self._span
        if mentor == mentee:
            raise Refused("mentorship.self", "Nobody mentors themselves.", "mentee")
        if self.circle:
            sentence = f"{mentee} leads {mentor} in that time, directly or through others: nobody learns in a circle."
            raise Refused("mentorship.circle", sentence, "mentor", "mentee")
        led = [each.span for each in self._mentor.led(self._mentorship)]
        if most_at_once([*led, span], span) > rule.mentees_at_most:
            sentence = f"{mentor} leads {rule.mentees_at_most} on some day of that time already; that is the most."
            raise Refused("mentorship.limit", sentence, "mentor")
        for each in overlapping(self._mentee.learning(self._mentorship), span):
            if each.kind == kind:
                sentence = f"{mentee} has a mentor of that kind already: {each.mentor}, from {each.span.since} on."
                raise Refused("mentorship.taken", sentence, "mentee")
