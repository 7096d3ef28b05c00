"""What is done about a mentorship that runs: goals met, the term extended, or the end, by either side."""

from __future__ import annotations

from datetime import date

from workflow.calendar import ONE_DAY
from workflow.charter.library import by_digest
from workflow.charter.mentoring import MentoringRule
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.evidence import shown
from workflow.ids import MentorshipId, PersonId
from workflow.mentoring.ending import End, Side, first_end
from workflow.mentoring.events import MentorshipEnded, MentorshipExtended, MentorshipGoalMet, MentorshipStarted
from workflow.mentoring.pairing import Pairings
from workflow.mentoring.views import MentorshipStanding, ModelStanding
from workflow.organisation.levels import UnitHeads
from workflow.organisation.views import Career, Standing
from workflow.slices import Command, Knows, Refused


class ActOnMentorship(Command):
    """What is done about a mentorship. The charter under which it was started decides."""

    mentorship: MentorshipId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), MentorshipStanding(self.mentorship)
        yield self.charters, self.standing
        self.started = self.standing.must_be_known()
        mentor, mentee = self.started.mentor, self.started.mentee
        self.sides = Side(Standing(mentor), Career(mentor)), Side(Standing(mentee), Career(mentee))
        self.models = ModelStanding(mentor)
        yield self.models, *self.sides[0], *self.sides[1]

    @property
    def rule(self) -> MentoringRule:
        rule = by_digest(self.started.charter_digest).mentoring
        assert rule is not None
        return rule

    def end(self) -> End | None:
        """When time ends it."""
        return first_end(self.standing, *self.sides, self.models, self.rule)

    def begin(self) -> MentorshipStarted:
        """The mentorship. Raises Refused unless it runs on the day, which is not before its last act nor to come."""
        charter_for(self, self.charters)
        if self.standing.ended is not None:
            ended = self.standing.ended
            raise Refused("mentorship.ended", f"It ended on {ended.effective}: {ended.cause}.", "mentorship")
        end = self.end()
        if end is not None and end.day <= self.effective:
            raise Refused("mentorship.ended", f"It ended on {end.day}: {end.cause}.", "effective")
        if self.effective < self.standing.last:
            sentence = f"The last was on {self.standing.last}, and this is earlier."
            raise Refused("mentorship.order", sentence, "effective")
        if self.effective > self.context.today:
            raise Refused("mentorship.future", f"{self.effective} is still to come.", "effective")
        self.rule_version = self.started.charter
        return self.started


class MeetGoal(ActOnMentorship):
    """Confirm, and show, that a goal is met: the mentor does, or who answers for the mentor's unit."""

    goal: int
    evidence: tuple[str, ...]
    person: PersonId

    def knows(self) -> Knows:
        yield from super().knows()
        self.heads = UnitHeads(self.charters.on(self.effective), self.started.mentor_unit, self.effective)
        yield from self.heads.knows()

    def execute(self) -> None:
        started = self.begin()
        if not 1 <= self.goal <= len(started.goals):
            raise Refused("mentorship.goal", f"It has the goals 1 to {len(started.goals)}.", "goal")
        if self.goal in self.standing.met:
            raise Refused("mentorship.goal_met", f"The goal {self.goal} was met already.", "goal")
        refuse_stranger(self.person, started, self.heads)
        evidence = shown(self.evidence, "mentorship.evidence")
        sides = self.mentorship, started.mentor, started.mentee
        self.trigger(MentorshipGoalMet(*sides, self.goal, evidence, self.person, self.effective))


class ExtendMentorship(ActOnMentorship):
    """Let the term end later, with a reason, before it ends: as often and by as much as the charter allows. Its limits
    hold on the days that are added too."""

    until: date

    def knows(self) -> Knows:
        yield from super().knows()
        assert self.standing.span is not None
        assert self.standing.span.until is not None
        self.ends = self.standing.span.until
        added = Span(self.ends, max(self.ends, self.until))
        self.pairings = Pairings(self.mentorship, self.started.mentor, self.started.mentee, added)
        if added.since < self.until:
            yield from self.pairings.knows()

    def execute(self) -> None:
        started = self.begin()
        if self.context.today >= self.ends:
            sentence = f"It ended on {self.ends}; an extension is asked for before that."
            raise Refused("mentorship.extension_late", sentence, "until")
        rule, number = self.rule, self.standing.extensions + 1
        extension = rule.kind(started.kind).extension
        if extension is None or number > extension.at_most:
            times = extension.at_most if extension else 0
            raise Refused("mentorship.extension_limit", f"A {started.kind} is extended {times} times at most.", "until")
        if not 1 <= (self.until - self.ends).days <= extension.days:
            sentence = f"It ends on {self.ends}, and may be extended by 1 to {extension.days} days."
            raise Refused("mentorship.until", sentence, "until")
        if not self.context.reason.strip():
            raise Refused("mentorship.reason", "Why a mentorship is extended must be said.", "reason")
        self.pairings.refuse(rule, started.kind)
        sides = self.mentorship, started.mentor, started.mentee
        self.trigger(MentorshipExtended(*sides, self.until, number, self.effective))


class EndMentorship(ActOnMentorship):
    """End a mentorship before its term, with a reason: the mentor may, and the mentee."""

    person: PersonId

    def execute(self) -> None:
        started = self.begin()
        causes = {started.mentor: "mentor", started.mentee: "mentee"}
        if self.person not in causes:
            sentence = f"{self.person} is neither the mentor nor the mentee."
            raise Refused("mentorship.not_a_side", sentence, "person")
        if not self.context.reason.strip():
            raise Refused("mentorship.reason", "Why a mentorship ends before its term must be said.", "reason")
        sides = self.mentorship, started.mentor, started.mentee
        self.trigger(MentorshipEnded(*sides, causes[self.person], self.effective, self.effective))


class EndByTime(ActOnMentorship):
    """End a mentorship that time has ended by `effective`, naming the cause; not before the day after its last act,
    should the cause be known late."""

    def execute(self) -> None:
        charter_for(self, self.charters)
        end = self.end()
        if end is not None and max(end.day, self.standing.last + ONE_DAY) <= self.effective:
            self.rule_version = self.started.charter
            sides = self.mentorship, self.started.mentor, self.started.mentee
            self.trigger(MentorshipEnded(*sides, end.cause, end.since, self.effective))


def refuse_stranger(person: PersonId, started: MentorshipStarted, heads: UnitHeads) -> None:
    """Raises Refused unless the person is the mentor, or answers for the mentor's unit, and is not the mentee."""
    if person == started.mentee or person not in (started.mentor, *heads.people):
        sentence = f"{person} is neither the mentor nor answers for the unit {started.mentor_unit}."
        raise Refused("mentorship.not_answerable", sentence, "person")
