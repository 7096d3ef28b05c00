"""Deciding again by when hearings are notified, from when on they may be held, and which colours they had."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from workflow.again import Decision, by_charter
from workflow.charter.views import CharterInForce
from workflow.deadlines_again import Again, Checks, flag_again
from workflow.hearings.commands import notice_due
from workflow.hearings.events import (
    HearingFlagged,
    HearingHeld,
    HearingNotified,
    HearingPlanned,
    HearingPostponed,
)
from workflow.hearings.views import HearingStanding
from workflow.service.acts import hearings_of


class HearingsAgain(Again):
    """The notices, days and colours of hearings."""

    def __init__(self) -> None:
        checks: Checks = {
            HearingPlanned: _planned,
            HearingPostponed: _postponed,
            HearingNotified: _notified,
            HearingHeld: _held,
            HearingFlagged: _flagged,
        }
        super().__init__("hearing", HearingStanding.listens_to(), HearingStanding, checks)


def _planned(fact: HearingPlanned, known: HearingStanding, charters: CharterInForce) -> Iterator[Decision]:
    due = notice_due(fact.on, charters.on(fact.effective))
    yield "notice_due", fact.notice_due, due
    yield from by_charter(fact, charters)


def _postponed(fact: HearingPostponed, known: HearingStanding, charters: CharterInForce) -> Iterator[Decision]:
    due = notice_due(fact.on, charters.on(fact.effective))
    yield "notice_due", fact.notice_due, due
    yield "was", fact.was, known.on


def _notified(fact: HearingNotified, known: HearingStanding, charters: CharterInForce) -> Iterator[Decision]:
    days = hearings_of(charters.on(fact.effective)).notice_days
    yield "earliest", fact.earliest, fact.effective + timedelta(days=days)


def _held(fact: HearingHeld, known: HearingStanding, charters: CharterInForce) -> Iterator[Decision]:
    in_time = known.earliest is not None and fact.effective >= known.earliest
    yield "the notice", "in time", "in time" if in_time else "given first"
    yield "effective", fact.effective, known.on
    yield "host", fact.host, known.host


def _flagged(fact: HearingFlagged, known: HearingStanding, charters: CharterInForce) -> Iterator[Decision]:
    yellow = hearings_of(charters.on(fact.effective)).yellow_working_days
    return flag_again(fact, known.deadlines, yellow, charters)
