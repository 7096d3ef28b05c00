"""The closed loop of a warning: acknowledged, planned, rectified, closed out by an outsider, and reopened if need be.

A yellow warning may go from its explanation to the report of its rectification without a plan; a red one may not.
Only a rectification that was reported can be closed out, and only what was closed out be reopened; then it is
rectified anew.
"""

from __future__ import annotations

from datetime import date

from workflow.calendar import ONE_DAY, Calendar
from workflow.charter.model import Charter
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.evidence import references, said, shown
from workflow.ids import PersonId, UnitId, WarningId
from workflow.organisation.belonging import GridsOf
from workflow.organisation.ex_officio import Leadership, answer_on
from workflow.organisation.levels import UnitHeads
from workflow.organisation.views import Career, Standing, UnitStanding
from workflow.slices import Command, Knows, Refused
from workflow.warnings.events import (
    RectificationPlanned,
    RectificationReported,
    WarningAcknowledged,
    WarningClosedOut,
    WarningRaised,
    WarningReopened,
)
from workflow.warnings.views import WarningStanding

_IN_WORDS = {
    "raised": "was raised and is not yet acknowledged",
    "acknowledged": "was acknowledged",
    "planned": "has a plan for its rectification",
    "rectified": "has its rectification reported",
    "closed_out": "was closed out",
    "reopened": "was reopened",
}


class _ActOfUnit(Command):
    """What somebody does about a warning who answers for the unit: holds the post of its head, acting or not, or leads
    it ex officio, on the date of the act."""

    warning: WarningId
    person: PersonId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.loop = CharterInForce(), WarningStanding(self.warning)
        yield self.charters, self.loop
        self.heads = UnitHeads(self.charters.on(self.effective), self.loop.must_be_known().unit, self.effective)
        yield from self.heads.knows()

    def begin(self, *states: str) -> tuple[WarningRaised, Charter]:
        """The warning and the charter. Raises Refused unless it is the turn of this act, and this person's to do."""
        charter = charter_for(self, self.charters)
        raised = refuse_out_of_turn(self.loop, self.effective, self.context.today, *states)
        if self.person not in self.heads.people:
            by = " or ".join(sorted(self.heads.people)) or "nobody, until a head or an acting head is appointed"
            sentence = f"{self.person} does not answer for the unit {raised.unit} on {self.effective}; that is {by}."
            raise Refused("warning.not_answerable", sentence, "person")
        return raised, charter


class Acknowledge(_ActOfUnit):
    """Say that the unit has seen the warning, and explain how it came about."""

    explanation: str

    def execute(self) -> None:
        raised, _ = self.begin("raised")
        explanation = said(self.explanation, "warning.explanation", "A warning is acknowledged with an explanation.")
        self.trigger(WarningAcknowledged(self.warning, raised.unit, self.person, explanation, self.effective))


class PlanRectification(_ActOfUnit):
    """Plan how to rectify, and until when.

    `due` of a red warning is not after the day by which it is to be rectified. Once that day is past, which stays to be
    seen, it is within as many working days again as the charter gives.
    """

    plan: str
    due: date

    def execute(self) -> None:
        raised, charter = self.begin("acknowledged", "reopened")
        plan = said(self.plan, "warning.plan", "A plan says what is to be done.")
        if self.due < self.effective:
            raise Refused("warning.plan_due", "A plan cannot be due before it is made.", "due")
        latest = self.loop.rectify_by
        if latest is not None and latest < self.effective:
            latest = Calendar(charter).add(self.effective, charter.warnings.red.fixed_working_days)
        if latest is not None and self.due > latest:
            raise Refused("warning.plan_due", f"This warning is to be rectified by {latest}.", "due")
        self.trigger(RectificationPlanned(self.warning, raised.unit, self.person, plan, self.due, self.effective))


class ReportRectification(_ActOfUnit):
    """Report what was done. `evidence` are references to what shows it; there may be none yet."""

    report: str
    evidence: tuple[str, ...] = ()

    def execute(self) -> None:
        raised, _ = self.begin("acknowledged", "planned", "reopened")
        if raised.colour == "red" and self.loop.state != "planned":
            raise Refused("warning.plan_missing", "A red warning is rectified by a plan; there is none yet.", "warning")
        report = said(self.report, "warning.report", "A report says what was done.")
        evidence = references(self.evidence, "warning.evidence")
        self.trigger(RectificationReported(self.warning, raised.unit, self.person, report, evidence, self.effective))


class CloseOut(Command):
    """Close a warning out, as a checker from outside who has seen the evidence.

    Nobody checks what they reported themselves. Where the charter wants an outsider, the checker neither holds a post
    in the unit warned or in one below it, nor leads one of them ex officio, on the date of the act.
    """

    warning: WarningId
    checker: PersonId
    finding: str
    evidence: tuple[str, ...]
    effective: date

    def knows(self) -> Knows:
        self.charters, self.loop = CharterInForce(), WarningStanding(self.warning)
        self.service, self.career = Standing(self.checker), Career(self.checker)
        yield self.charters, self.loop, self.service, self.career
        departments = {each.unit for each in self.career.on(self.effective)}
        grids = [GridsOf(unit) for unit in sorted(departments)]
        if grids:
            yield tuple(grids)
        groups = {Leadership(id): grid.group for view in grids for id, grid in view.bindings.items()}
        if groups:
            yield tuple(groups)
        led = {group for each, group in groups.items() if _leader(each, self.effective) == self.checker}
        yield from self._upward(departments | led)

    def _upward(self, units: set[UnitId]) -> Knows:
        """Read from these units up to the roots, on the date of the act, and keep all of them in `within`."""
        self.within: set[UnitId] = set()
        while units:
            self.within |= units
            places = [UnitStanding(unit) for unit in sorted(units)]
            yield tuple(places)
            above = {place.parent_on(self.effective) for place in places}
            units = {unit for unit in above if unit is not None} - self.within

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        raised = refuse_out_of_turn(self.loop, self.effective, self.context.today, "rectified")
        finding = said(self.finding, "warning.finding", "A close-out says what the checker found.")
        evidence = shown(self.evidence, "warning.evidence")
        must_serve(self.service, self.effective, "checker")
        if self.checker in self.loop.reporters:
            sentence = f"{self.checker} reported the rectification and cannot be the one who checks it."
            raise Refused("warning.checker", sentence, "checker")
        if charter.warnings.checker == "outside_department" and raised.unit in self.within:
            sentence = f"{self.checker} belongs to the unit {raised.unit}; the checker comes from outside."
            raise Refused("warning.checker", sentence, "checker")
        self.trigger(WarningClosedOut(self.warning, raised.unit, self.checker, finding, evidence, self.effective))


class Reopen(Command):
    """Reopen a warning that was closed out; the reason why is the reason of the command.

    A red one is to be rectified anew, within as many working days as when it was raised.
    """

    warning: WarningId
    person: PersonId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.loop = CharterInForce(), WarningStanding(self.warning)
        self.service = Standing(self.person)
        yield self.charters, self.loop, self.service

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        raised = refuse_out_of_turn(self.loop, self.effective, self.context.today, "closed_out")
        if not self.context.reason.strip():
            raise Refused("warning.reason", "Why a warning is reopened must be said.", "reason")
        must_serve(self.service, self.effective, "person")
        rectify_by = rectify_anew(raised, self.effective, charter)
        self.trigger(WarningReopened(self.warning, raised.unit, self.person, self.effective, rectify_by))


def rectify_anew(raised: WarningRaised, reopened: date, charter: Charter) -> date | None:
    """By when a warning that was reopened on a day is to be rectified; None: a yellow one by no day."""
    if raised.rectify_by is None:
        return None
    return Calendar(charter).add(reopened, charter.warnings.red.fixed_working_days)


def refuse_out_of_turn(loop: WarningStanding, effective: date, today: date, *states: str) -> WarningRaised:
    """The warning as it was raised. Raises Refused unless it is in one of `states`, and the date is in order."""
    raised = loop.must_be_known()
    if loop.state not in states:
        sentence = f"The warning {loop.warning} {_IN_WORDS[loop.state]}; this is not its next step."
        raise Refused("warning.state", sentence, "warning")
    if effective < loop.last:
        raise Refused("warning.order", f"The step before was on {loop.last}, and this is earlier.", "effective")
    if effective > today:
        raise Refused("warning.future", f"{effective} is still to come.", "effective")
    return raised


def _leader(leadership: Leadership, day: date) -> PersonId | None:
    """Who leads the group of a grid ex officio on `day`."""
    answer = answer_on(leadership.timeline, day)
    return answer.person if answer is not None and answer.appointment is not None else None


def must_serve(service: Standing, effective: date, pointer: str) -> None:
    try:
        service.must_serve(Span(effective, effective + ONE_DAY))
    except Refused as refused:
        raise Refused(refused.code, refused.sentence, pointer) from None
