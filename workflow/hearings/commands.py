"""Field hearings: planned, notified in time, postponed, held by a host who may, or cancelled."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from workflow.calendar import ONE_DAY, Calendar
from workflow.case_teams.views import CaseTeamStanding, TeamsFor
from workflow.charter.model import Charter
from workflow.charter.service import HearingRule
from workflow.charter.views import CharterInForce
from workflow.dates import FARTHEST_AHEAD, Span, charter_for
from workflow.evidence import said, shown
from workflow.hearings.events import (
    Hearers,
    HearingCancelled,
    HearingFlagged,
    HearingHeld,
    HearingHostChanged,
    HearingNotified,
    HearingPlanned,
    HearingPlanSet,
    HearingPostponed,
)
from workflow.hearings.views import HearingPlanStanding, HearingStanding, hearing_plan_id
from workflow.ids import CaseReference, HearingId, HearingPlanId, PersonId, UnitId, is_id
from workflow.organisation.views import Career, PostStanding, Standing, UnitStanding
from workflow.periods import Period
from workflow.service.acts import (
    hearings_of,
    must_be_kind,
    must_serve,
    refuse_alone,
    refuse_unsaid,
    refuse_untimely,
)
from workflow.slices import Command, Knows, Refused

MOST_HEARERS = 10_000


def notice_due(on: date, charter: Charter) -> date:
    """The last day on which it can be notified: so many calendar days before."""
    return on - timedelta(days=hearings_of(charter).notice_days)


class Host:
    """Whether somebody may be the host of a hearing about a case on a day."""

    def __init__(self, person: PersonId, reference: CaseReference, day: date) -> None:
        self.person, self._day = person, day
        self.service, self._career, self._for = Standing(person), Career(person), TeamsFor(reference)
        self._posts: list[PostStanding] = []
        self._teams: list[CaseTeamStanding] = []

    def knows(self) -> Knows:
        yield self.service, self._career, self._for
        self._posts = [PostStanding(post) for post in sorted({each.post for each in self._career.on(self._day)})]
        self._teams = [CaseTeamStanding(team) for team in self._for.teams]
        if self._posts or self._teams:
            yield (*self._posts, *self._teams)

    def must_be_fit(self, rule: HearingRule) -> None:
        """Raises Refused unless the person serves, and is of a class, or holds a post of a kind, that hosts, or leads a
        team that has the case; and for whoever is recused from such a team."""
        must_serve(self.service, self._day, "host")
        self.refuse_recused()
        if any(self.person == team.leading.now and not team.dissolved for team in self._teams):
            return
        kinds = {post.established.kind for post in self._posts if post.established is not None}
        if self.service.class_on(self._day) not in rule.host_classes and not kinds.intersection(rule.host_post_kinds):
            allowed = " or ".join((*rule.host_classes, *rule.host_post_kinds))
            sentence = f"{self.person} cannot be the host on {self._day}: that is a {allowed}."
            raise Refused("hearing.host", sentence, "host")

    def refuse_recused(self) -> None:
        """Raises Refused for whoever is recused from a team that has the case."""
        if any(self.person in team.recused for team in self._teams):
            raise Refused("hearing.recused", f"{self.person} must have no part in this case.", "host")


class SetHearingPlan(Command):
    """Say how many hearings a unit is to hold in each quarter of a year. Once that is said, it is changed by two
    persons, with a reason; so is the number for a quarter that is over already."""

    unit: UnitId
    year: int
    quarters: tuple[int, ...]
    effective: date

    def knows(self) -> Knows:
        if not is_id(hearing_plan_id(self.unit, self.year)):
            raise Refused("id.malformed", "The id of the unit is too long for a plan.", "unit")
        self.charters, self.place = CharterInForce(), UnitStanding(self.unit)
        self.standing = HearingPlanStanding(HearingPlanId(hearing_plan_id(self.unit, self.year)))
        yield self.charters, self.place, self.standing

    def execute(self) -> None:
        hearings_of(charter_for(self, self.charters))
        self.place.must_stand(Span(self.effective, self.effective + ONE_DAY))
        refuse_untimely(self, "hearing_plan", self.standing.last)
        if self.effective.year > self.year:
            raise Refused("hearing_plan.over", f"{self.year} is over.", "year")
        if len(self.quarters) != 4 or not all(0 <= each <= MOST_HEARERS for each in self.quarters):
            raise Refused("hearing_plan.quarters", "A number for each of the four quarters.", "quarters")
        was = self.standing.quarters
        if was == self.quarters:
            raise Refused("hearing_plan.same", "That is planned already.", "quarters")
        over = sum(Period("quarterly", self.year, n).last_day < self.effective for n in (1, 2, 3, 4))
        if was is not None or any(self.quarters[:over]):
            refuse_alone(self.context, "hearing_plan")
        plan = self.standing.plan, self.unit, self.year
        self.trigger(HearingPlanSet(*plan, self.quarters, was, self.effective))


class PlanHearing(Command):
    """Plan a hearing about a case, of which only the reference is told, on a day that leaves time for the notice."""

    hearing: HearingId
    unit: UnitId
    reference: CaseReference
    place: str
    host: PersonId
    on: date
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing, self.of = CharterInForce(), HearingStanding(self.hearing), UnitStanding(self.unit)
        self.hosts = Host(self.host, self.reference, self.effective)
        yield self.charters, self.standing, self.of
        yield from self.hosts.knows()

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        rule = hearings_of(charter)
        if self.standing.planned is not None:
            raise Refused("hearing.exists", f"There is a hearing {self.hearing} already.", "hearing")
        refuse_untimely(self, "hearing")
        self.of.must_stand(Span(self.effective, self.effective + ONE_DAY))
        if not charter.is_case(self.reference):
            sentence = "Of a case only its reference is told, as the charter has it."
            raise Refused("hearing.reference", sentence, "reference")
        place = said(self.place, "hearing.place", "A hearing is held somewhere.")
        self.hosts.must_be_fit(rule)
        refuse_day(self.on, self.effective, charter)
        names = self.hearing, self.unit, self.reference, place, self.host, self.on, notice_due(self.on, charter)
        by = charter.version, self.charters.digest_on(self.effective)
        self.trigger(HearingPlanned(*names, *by, self.effective))


def refuse_day(on: date, effective: date, charter: Charter) -> None:
    """Raises Refused for a day that leaves no time for the notice, or is more than a year ahead."""
    if on <= effective or notice_due(on, charter) < effective:
        days = hearings_of(charter).notice_days
        raise Refused("hearing.notice", f"It takes {days} days of notice, so {on} is too soon.", "on")
    if on - effective > FARTHEST_AHEAD:
        raise Refused("hearing.too_far", f"{on} is more than a year ahead.", "on")


class _Act(Command):
    """What is done about a hearing that is neither held nor cancelled, after what was done about it last: `ALWAYS`, or
    while the charter in force knows hearings."""

    ALWAYS: ClassVar[bool] = False

    hearing: HearingId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), HearingStanding(self.hearing)
        yield self.charters, self.standing

    def begin(self) -> tuple[HearingPlanned, Charter]:
        """Raises Refused if it is over, or the date is not in order."""
        charter = charter_for(self, self.charters)
        if not self.ALWAYS:
            hearings_of(charter)
        planned = self.standing.must_be_planned()
        if self.standing.state in ("held", "cancelled"):
            raise Refused("hearing.over", f"The hearing {self.hearing} is {self.standing.state} already.", "hearing")
        refuse_untimely(self, "hearing", self.standing.last)
        return planned, charter


class _ByHost(_Act):
    """What it matters for who hosts it: its host now, or the one whom a command names."""

    def knows(self) -> Knows:
        yield from super().knows()
        planned = self.standing.must_be_planned()
        self.hosts = Host(self._host(), planned.reference, self.effective)
        yield from self.hosts.knows()

    def _host(self) -> PersonId:
        return self.standing.host


class NotifyHearing(_ByHost):
    """Say who was told of the day: everybody whom the charter names, and in time. Its host is told to them as well, and
    must still have a part in the case."""

    told: tuple[str, ...]
    evidence: tuple[str, ...]

    def execute(self) -> None:
        planned, charter = self.begin()
        rule = hearings_of(charter)
        self.hosts.refuse_recused()
        for kind in self.told:
            must_be_kind(kind, rule.tell, "hearing.told")
        missing = [each.id for each in rule.tell if each.id not in self.told]
        if missing or len(set(self.told)) < len(self.told):
            sentence = f"Each kind is told, and named once; missing: {', '.join(missing) or 'none'}."
            raise Refused("hearing.told", sentence, "told")
        if self.standing.state == "notified":
            raise Refused("hearing.notified", "They were told of this day already.", "hearing")
        earliest = self.effective + timedelta(days=rule.notice_days)
        if self.standing.on < earliest:
            sentence = f"After {rule.notice_days} days of notice it can be held on {earliest}: postpone it first."
            raise Refused("hearing.notice", sentence, "effective")
        evidence = shown(self.evidence, "hearing.evidence")
        self.trigger(HearingNotified(self.hearing, planned.unit, self.told, earliest, evidence, self.effective))


class PostponeHearing(_Act):
    """Let it be on another day, for a reason: who was told is told anew."""

    on: date

    def execute(self) -> None:
        planned, charter = self.begin()
        refuse_unsaid(self.context, "hearing")
        was = self.standing.on
        if self.on == was:
            raise Refused("hearing.same", "It is on that day already.", "on")
        refuse_day(self.on, self.effective, charter)
        due = notice_due(self.on, charter)
        self.trigger(HearingPostponed(self.hearing, planned.unit, self.on, was, due, self.effective))


class ChangeHearingHost(_ByHost):
    """Let somebody else be the host, for a reason."""

    host: PersonId

    def _host(self) -> PersonId:
        return self.host

    def execute(self) -> None:
        planned, charter = self.begin()
        refuse_unsaid(self.context, "hearing")
        if self.host == self.standing.host:
            raise Refused("hearing.same", f"{self.host} is the host already.", "host")
        self.hosts.must_be_fit(hearings_of(charter))
        self.trigger(HearingHostChanged(self.hearing, planned.unit, self.host, self.standing.host, self.effective))


class CancelHearing(_Act):
    """Give it up, for a reason: also when the charter knows no hearings any more."""

    ALWAYS = True

    def execute(self) -> None:
        planned, _ = self.begin()
        refuse_unsaid(self.context, "hearing")
        self.trigger(HearingCancelled(self.hearing, planned.unit, self.effective))


class HoldHearing(_ByHost):
    """Record that it was held on `effective`, the day of which people were told, with who heard it and its result."""

    hearers: tuple[Hearers, ...]
    result: str
    local_resolution: bool
    evidence: tuple[str, ...]

    def execute(self) -> None:
        planned, charter = self.begin()
        rule = hearings_of(charter)
        if self.standing.earliest is None:
            raise Refused("hearing.not_notified", "Nobody was told of this day.", "hearing")
        if self.effective != self.standing.on:
            sentence = f"It is to be held on {self.standing.on}; for another day it is postponed first."
            raise Refused("hearing.day", sentence, "effective")
        if self.effective < self.standing.earliest:
            raise Refused("hearing.notice", f"They were told too late for {self.effective}.", "effective")
        self.hosts.must_be_fit(rule)
        self._refuse_wrong_hearers(rule)
        must_be_kind(self.result, rule.results, "hearing.result")
        names = self.hearing, planned.unit, self.standing.host, self.hearers, self.result, self.local_resolution
        self.trigger(HearingHeld(*names, shown(self.evidence, "hearing.evidence"), self.effective))

    def _refuse_wrong_hearers(self, rule: HearingRule) -> None:
        for each in self.hearers:
            must_be_kind(each.kind, rule.hearers, "hearing.hearers")
        kinds = [each.kind for each in self.hearers]
        if (
            not kinds
            or len(set(kinds)) < len(kinds)
            or not all(1 <= each.number <= MOST_HEARERS for each in self.hearers)
        ):
            raise Refused("hearing.hearers", "Somebody heard it: each kind once, and how many.", "hearers")


class FlagHearing(Command):
    """Give a hearing the colour that it has on `effective`, because of what is due, if it was not given it yet."""

    hearing: HearingId
    why: str
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), HearingStanding(self.hearing)
        yield self.charters, self.standing

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        planned, yellow = self.standing.must_be_planned(), hearings_of(charter).yellow_working_days
        for flag in self.standing.deadlines.turned(self.effective, yellow, Calendar(charter)):
            if flag.why == self.why:
                by = charter.version, self.charters.digest_on(self.effective)
                self.trigger(HearingFlagged(self.hearing, planned.unit, *flag, *by, self.effective))
