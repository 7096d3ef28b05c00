"""What is known of field hearings, and of how many a unit is to hold."""

from __future__ import annotations

from dataclasses import field
from datetime import date

from workflow.deadlines import Deadlines
from workflow.hearings.events import (
    HearingCancelled,
    HearingFlagged,
    HearingHeld,
    HearingHostChanged,
    HearingNotified,
    HearingPlanned,
    HearingPlanSet,
    HearingPostponed,
)
from workflow.ids import CaseReference, HearingId, HearingPlanId, PersonId, UnitId
from workflow.slices import Refused, View, event


def hearing_plan_id(unit: UnitId, year: int) -> HearingPlanId:
    """There is one plan of hearings for a unit and year."""
    return HearingPlanId(f"{unit}.{year}")


class HearingStanding(View):
    """How a hearing was planned, on which day it is to be held, by whom, and from when on it may be.

    `state`: planned, notified, held or cancelled. `earliest` is None without a notice of this day.
    """

    hearing: HearingId
    planned: HearingPlanned | None = field(init=False, default=None)
    state: str = field(init=False, default="")
    hosts: list[PersonId] = field(init=False, default_factory=list)
    on: date = field(init=False, default=date.max)
    earliest: date | None = field(init=False, default=None)
    last: date = field(init=False, default=date.min)
    deadlines: Deadlines = field(init=False, default_factory=Deadlines)

    @event(HearingPlanned)
    def was_planned(self, fact: HearingPlanned) -> None:
        self.planned, self.hosts = fact, [fact.host]
        self._planned(fact.on, fact.notice_due, fact.effective)

    @event(HearingNotified)
    def was_notified(self, earliest: date, effective: date) -> None:
        self.state, self.earliest = "notified", earliest
        self._acted(effective, {"hold": self.on})

    @event(HearingPostponed)
    def was_postponed(self, on: date, notice_due: date, effective: date) -> None:
        self._planned(on, notice_due, effective)

    @event(HearingHostChanged)
    def changed_host(self, host: PersonId, effective: date) -> None:
        self.hosts.append(host)
        self._acted(effective, self.deadlines.open)

    @event(HearingHeld)
    def was_held(self, effective: date) -> None:
        self.state = "held"
        self._acted(effective, {})

    @event(HearingCancelled)
    def was_cancelled(self, effective: date) -> None:
        self.state = "cancelled"
        self._acted(effective, {})

    @event(HearingFlagged)
    def was_flagged(self, why: str, due: date, colour: str, effective: date) -> None:
        self.deadlines.given(why, due, colour, effective)

    def _planned(self, on: date, notice_due: date, effective: date) -> None:
        self.state, self.on, self.earliest = "planned", on, None
        self._acted(effective, {"notice": notice_due, "hold": on})

    def _acted(self, effective: date, dues: dict[str, date]) -> None:
        self.last = effective
        self.deadlines.stand(effective, dues)

    @property
    def host(self) -> PersonId:
        """Its host now. There is one once it is planned."""
        return self.hosts[-1]

    def must_be_planned(self) -> HearingPlanned:
        """Raises Refused if nobody planned it."""
        if self.planned is None:
            raise Refused("hearing.unknown", f"There is no hearing {self.hearing}.", "hearing")
        return self.planned


class HearingsAbout(View):
    """The hearings that were ever planned about a case."""

    reference: CaseReference
    hearings: list[HearingId] = field(init=False, default_factory=list)

    @event(HearingPlanned)
    def was_planned(self, hearing: HearingId) -> None:
        self.hearings.append(hearing)


class HearingPlanStanding(View):
    """How many hearings a unit is to hold in each quarter of a year; None: nobody said."""

    plan: HearingPlanId
    quarters: tuple[int, ...] | None = field(init=False, default=None)
    last: date = field(init=False, default=date.min)

    @event(HearingPlanSet)
    def was_set(self, quarters: tuple[int, ...], effective: date) -> None:
        self.quarters, self.last = quarters, effective
