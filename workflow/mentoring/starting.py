"""Pairing a mentor with a mentee."""

from __future__ import annotations

from datetime import date

from workflow.calendar import ONE_DAY
from workflow.charter.mentoring import MentorshipKind
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.evidence import said
from workflow.ids import MentorshipId, PersonId, UnitId
from workflow.mentoring.designating import rule_of
from workflow.mentoring.ending import post_unit
from workflow.mentoring.events import Goal, MentorshipStarted
from workflow.mentoring.pairing import Pairings
from workflow.mentoring.views import MentorshipStanding, ModelStanding
from workflow.organisation.views import Career, PostStanding, Standing
from workflow.slices import Command, Knows, Refused

MOST_GOALS = 20


class StartMentorship(Command):
    """Pair a mentor with a mentee from `effective` until `until` (exclusive), towards goals.

    On the first day both are in service and hold a post. The mentor is a model person and the mentee holds a post of a
    kind, or is in a class, where the charter says so; its limits hold on every day of the term.
    """

    mentorship: MentorshipId
    mentor: PersonId
    mentee: PersonId
    kind: str
    goals: tuple[Goal, ...]
    until: date
    effective: date

    def knows(self) -> Knows:
        if self.until <= self.effective:
            raise Refused("mentorship.term", "A mentorship ends after it began.", "until")
        self.charters, self.standing = CharterInForce(), MentorshipStanding(self.mentorship)
        self.mentor_serves, self.mentee_serves = Standing(self.mentor), Standing(self.mentee)
        self.mentor_career, self.mentee_career = Career(self.mentor), Career(self.mentee)
        self.models = ModelStanding(self.mentor)
        services = self.mentor_serves, self.mentee_serves, self.mentor_career, self.mentee_career
        yield self.charters, self.standing, self.models, *services
        self.pairings = Pairings(self.mentorship, self.mentor, self.mentee, Span(self.effective, self.until))
        yield from self.pairings.knows()
        self.posts = [PostStanding(each) for each in {held.post for held in self.mentee_career.on(self.effective)}]
        if self.posts:
            yield tuple(self.posts)

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        if self.standing.started is not None:
            raise Refused("mentorship.exists", f"There is a mentorship {self.mentorship} already.", "mentorship")
        rule = rule_of(charter, self.kind)
        kind = rule.kind(self.kind)
        self._refuse_absent()
        self._refuse_unfit(kind)
        days = (self.until - self.effective).days
        if not kind.days_at_least <= days <= kind.days_at_most:
            sentence = f"It would last {days} days; a {self.kind} lasts {kind.days_at_least} to {kind.days_at_most}."
            raise Refused("mentorship.term", sentence, "until")
        self.pairings.refuse(rule, self.kind)
        started = MentorshipStarted(
            self.mentorship,
            self.mentor,
            self.mentee,
            self.kind,
            _goals(self.goals),
            self.until,
            self._unit(self.mentor_career, "mentor"),
            self._unit(self.mentee_career, "mentee"),
            charter.version,
            self.charters.digest_on(self.effective),
            self.effective,
        )
        self.trigger(started)

    def _refuse_absent(self) -> None:
        for service, pointer in ((self.mentor_serves, "mentor"), (self.mentee_serves, "mentee")):
            try:
                service.must_serve(Span(self.effective, self.effective + ONE_DAY))
            except Refused as refused:
                raise Refused(refused.code, refused.sentence, pointer) from None

    def _refuse_unfit(self, kind: MentorshipKind) -> None:
        if kind.model and not self.models.holds_on(kind.id, self.effective):
            sentence = f"{self.mentor} is no model person for a {kind.id} on {self.effective}."
            raise Refused("mentorship.not_model", sentence, "mentor")
        held = {each.established.kind for each in self.posts if each.established is not None}
        if kind.mentee_post_kinds and not held.intersection(kind.mentee_post_kinds):
            sentence = f"The mentee of a {kind.id} holds a post as {' or '.join(kind.mentee_post_kinds)}."
            raise Refused("mentorship.unfit", sentence, "mentee")
        if kind.mentee_classes and self.mentee_serves.class_on(self.effective) not in kind.mentee_classes:
            sentence = f"The mentee of a {kind.id} is of the class {' or '.join(kind.mentee_classes)}."
            raise Refused("mentorship.unfit", sentence, "mentee")

    def _unit(self, career: Career, pointer: str) -> UnitId:
        unit = post_unit(career, self.effective)
        if unit is None:
            sentence = f"{career.person} holds no post on {self.effective}, so no unit answers for it."
            raise Refused("mentorship.no_post", sentence, pointer)
        return unit


def _goals(goals: tuple[Goal, ...]) -> tuple[Goal, ...]:
    if not 1 <= len(goals) <= MOST_GOALS:
        raise Refused("mentorship.goals", f"A mentorship has 1 to {MOST_GOALS} goals.", "goals")
    sentence = "A goal says what is to be reached, and by what one will see it."
    return tuple(
        Goal(said(each.text, "mentorship.goals", sentence), said(each.measured_by, "mentorship.goals", sentence))
        for each in goals
    )
