"""What all acts on an assessment have in common: its standing, whose turn it is, and what measuring must know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workflow.assessments.events import AssessmentRevised, MatterStruck
from workflow.assessments.grading import grade
from workflow.assessments.measuring import Known, owed
from workflow.assessments.views import AssessmentStanding
from workflow.barred import Barred
from workflow.charter.model import Charter
from workflow.charter.views import CharterInForce
from workflow.dates import charter_for
from workflow.honours.views import HonourStanding
from workflow.ids import AppealId, AssessmentId, HonourId, PersonId, PostId, UnitId, is_id
from workflow.indicators.views import ReadingStanding
from workflow.organisation.views import Career, PostStanding, UnitsBelow, UnitStanding
from workflow.periods import Period
from workflow.slices import Command, Knows, Read, Refused

IN_WORDS = {
    "open": "is open",
    "confirmed": "has its scores confirmed",
    "published": "was published",
    "finalised": "was finalised",
}


def refuse_malformed(subject: str) -> None:
    """Raises Refused for a subject that could be the id of nothing."""
    if not is_id(subject):
        sentence = "That is no id of a subject: up to 80 letters, digits, dots, dashes and underscores."
        raise Refused("id.malformed", sentence, "subject")


def refuse_barred(barred: Sequence[Barred], read: Read, assessment: AssessmentId, *subjects: str) -> None:
    """Raises Refused if one of those who ask, or approve, is recused from a case that counts for a subject."""
    standing = AssessmentStanding(assessment)
    read([standing])
    for subject in subjects:
        standing.refuse_barred(barred, subject, "assessment.barred")


def begin(
    command: Command, standing: AssessmentStanding, charters: CharterInForce, effective: date, *states: str
) -> None:
    """Raises Refused unless the assessment is in one of the states, and the date of the act is in order. The rule
    version of the act is that of the assessment's charter."""
    standing.must_be_known()
    charter_for(command, charters)  # type: ignore[arg-type]  # all of them have an effective date
    if standing.state not in states:
        sentence = f"The assessment {standing.assessment} {IN_WORDS[standing.state]}; this cannot be done now."
        raise Refused("assessment.state", sentence, "assessment")
    if effective < standing.last:
        raise Refused("assessment.order", f"The step before was on {standing.last}; this is earlier.", "effective")
    if effective > command.context.today:
        raise Refused("assessment.future", f"{effective} is still to come.", "effective")
    command.rule_version = standing.charter.version


def begin_late(
    command: Command, standing: AssessmentStanding, charters: CharterInForce, effective: date, *states: str
) -> None:
    """As `begin`, but the date may be before that of the last act: a clock that slept does things late."""
    standing.must_be_known()
    charter_for(command, charters)  # type: ignore[arg-type]
    if standing.state not in states:
        raise Refused("assessment.state", f"The assessment is {standing.state}; this cannot be done now.", "assessment")
    if effective > command.context.today:
        raise Refused("assessment.future", f"{effective} is still to come.", "effective")
    command.rule_version = standing.charter.version


class Measuring:
    """All that must be read to measure a subject, stage by stage."""

    def __init__(self, charter: Charter, period: Period, person: PersonId | None, unit: UnitId | None) -> None:
        self.known = Known()
        self._charter, self._period = charter, period
        self._person, self._unit = person, unit

    def knows(self) -> Knows:
        known, end = self.known, self._period.last_day
        units = {self._unit} if self._unit is not None else set()
        if self._person is None:
            yield (known.indicators,)
        else:
            career = known.careers[self._person] = Career(self._person)
            yield known.indicators, career
            held = [each for each in career.appointments.values() if each.span.since <= end]
            known.posts = {id: PostStanding(id) for id in sorted({each.post for each in held})}
            if known.posts:
                yield tuple(known.posts.values())
            units = {UnitId(unit) for each in held for unit in self._told(each.post, each.unit)}
        yield from self._units(units)
        readings = [one.reading for unit in sorted(known.units) for one in owed(known, self._period, unit)]
        known.readings = {id: ReadingStanding(id) for id in readings}
        if known.readings:
            yield tuple(known.readings.values())

    def _told(self, post: PostId, unit: UnitId) -> set[str]:
        return {str(unit)} | {str(duty) for _, duties in self.known.posts[post].duties for duty in duties}

    def _units(self, units: set[UnitId]) -> Knows:
        """Read units, and of those of which nothing is scored the ones below."""
        known = self.known
        while units:
            places = {unit: UnitStanding(unit) for unit in sorted(units)}
            lower = {unit: UnitsBelow(unit) for unit in sorted(units)}
            yield (*places.values(), *lower.values())
            known.units |= places
            known.below |= lower
            bare = [unit for unit in units if not any(True for _ in owed(known, self._period, unit))]
            units = {each for unit in bare for each in lower[unit].units} - set(known.units)


class Reversals:
    """The honours that an assessment's bonuses cite, or `only` one of them, and what falls with those that are revoked
    or were wrongly recorded."""

    def __init__(self, standing: AssessmentStanding, only: HonourId | None = None) -> None:
        self._standing, self._only = standing, only
        self._honours: dict[HonourId, HonourStanding] = {}

    def knows(self) -> Knows:
        cited = {HonourId(each.honour) for each in self._standing.merits if each.honour and not each.struck}
        asked = cited if self._only is None else cited.intersection([self._only])
        self._honours = {honour: HonourStanding(honour) for honour in sorted(asked)}
        if self._honours:
            yield tuple(self._honours.values())

    def struck(self, effective: date) -> list[MatterStruck]:
        """What no longer counts on a day, each as an event that the standing has taken note of."""
        facts = []
        charter = self._standing.charter
        for honour, known in self._honours.items():
            facts += [
                _struck(self._standing, each.subject, each.matter, effective, honour=honour)
                for each in self._standing.citing(honour)
                if not known.still_gives(each.subject, each.matter, each.points, charter, effective)
            ]
        for fact in facts:
            self._standing.note(fact)
        return facts


def _struck(
    standing: AssessmentStanding,
    subject: str,
    matter: str,
    effective: date,
    *,
    honour: HonourId | None = None,
    appeal: AppealId | None = None,
) -> MatterStruck:
    person, unit = (None, UnitId(subject)) if standing.of_units else (PersonId(subject), None)
    return MatterStruck(standing.assessment, person, unit, matter, honour, appeal, effective)  # type: ignore[arg-type]


def revised(
    standing: AssessmentStanding,
    why: str,
    effective: date,
    appeal: AppealId | None = None,
    honour: HonourId | None = None,
) -> AssessmentRevised:
    """The results of an assessment anew, from what its standing holds by now."""
    results = grade(standing.rule, standing.scores, standing.merits, standing.votes)
    revision = standing.revision + 1
    return AssessmentRevised(standing.assessment, revision, why, results, appeal, honour, effective)


def struck_by_appeal(
    standing: AssessmentStanding, subject: str, matters: Sequence[str], effective: date, appeal: AppealId
) -> list[MatterStruck]:
    """All that the matters give or take, for each honour by which they do: who is kept from an honour is kept from what
    becomes of it."""
    counting = [each for each in standing.merits if each.subject == subject and each.matter in matters]
    by = dict.fromkeys((each.matter, each.honour) for each in counting if not each.struck)
    return [_struck(standing, subject, matter, effective, honour=of, appeal=appeal) for matter, of in by]
