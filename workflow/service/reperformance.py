"""Deciding again by when visits and needs are due, what was late, which colours they had, and what is reopened."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.again import Decision, by_charter
from workflow.charter.views import CharterInForce
from workflow.deadlines_again import Again, Checks, flag_again
from workflow.service.acts import service_of
from workflow.service.needs.commands import dues, reopens
from workflow.service.needs.events import (
    NeedFlagged,
    NeedMoved,
    NeedRaised,
    NeedRated,
    NeedReopened,
    NeedResolved,
    NeedUnassigned,
)
from workflow.service.needs.views import NeedStanding
from workflow.service.visits.dates import answer_due, handover_due, result_due
from workflow.service.visits.events import (
    VisitAssigned,
    VisitClosed,
    VisitFlagged,
    VisitLeftBehind,
    VisitMade,
    VisitReopened,
)
from workflow.service.visits.views import VisitStanding


class VisitsAgain(Again):
    """The due dates, lateness and colours of visits."""

    def __init__(self) -> None:
        checks: Checks = {
            VisitAssigned: _assigned,
            VisitMade: _made,
            VisitLeftBehind: _left_behind,
            VisitClosed: _closed,
            VisitReopened: _reopened,
            VisitFlagged: _visit_flagged,
        }
        super().__init__("visit", VisitStanding.listens_to(), VisitStanding, checks)


def _assigned(fact: VisitAssigned, known: VisitStanding, charters: CharterInForce) -> Iterator[Decision]:
    charter = charters.on(fact.effective)
    yield "answer_due", fact.answer_due, answer_due(fact.received, charter)
    yield "result_due", fact.result_due, result_due(fact.received, charter)
    yield from by_charter(fact, charters)


def _made(fact: VisitMade, known: VisitStanding, charters: CharterInForce) -> Iterator[Decision]:
    due = {"": None, "answer": known.must_be_assigned().answer_due, "progress": known.result_due}[fact.tells]
    until = result_due(fact.effective, charters.on(fact.effective)) if fact.tells == "progress" else known.result_due
    yield "due", fact.due, due
    yield "late", fact.late, due is not None and fact.effective > due
    yield "result_due", fact.result_due, until


def _left_behind(fact: VisitLeftBehind, known: VisitStanding, charters: CharterInForce) -> Iterator[Decision]:
    yield "due", fact.due, handover_due(fact.effective, charters.on(fact.effective))
    known.must_be_assigned()
    yield "person", fact.person, known.carrier.person


def _closed(fact: VisitClosed, known: VisitStanding, charters: CharterInForce) -> Iterator[Decision]:
    yield "due", fact.due, known.result_due
    yield "late", fact.late, fact.effective > known.result_due


def _reopened(fact: VisitReopened, known: VisitStanding, charters: CharterInForce) -> Iterator[Decision]:
    yield "result_due", fact.result_due, result_due(fact.effective, charters.on(fact.effective))


def _visit_flagged(fact: VisitFlagged, known: VisitStanding, charters: CharterInForce) -> Iterator[Decision]:
    yellow = service_of(charters.on(fact.effective)).visits.yellow_working_days
    return flag_again(fact, known.deadlines, yellow, charters)


class NeedsAgain(Again):
    """The due dates, lateness and colours of needs, and which of them are reopened."""

    def __init__(self) -> None:
        checks: Checks = {
            NeedRaised: _raised,
            NeedUnassigned: _unassigned,
            NeedMoved: _moved,
            NeedResolved: _resolved,
            NeedRated: _rated,
            NeedReopened: _need_reopened,
            NeedFlagged: _need_flagged,
        }
        super().__init__("need", NeedStanding.listens_to(), NeedStanding, checks)


def _raised(fact: NeedRaised, known: NeedStanding, charters: CharterInForce) -> Iterator[Decision]:
    due = dues(fact.effective, charters.on(fact.effective))
    yield "due", (fact.assign_due, fact.resolve_due), due
    yield from by_charter(fact, charters)


def _unassigned(fact: NeedUnassigned, known: NeedStanding, charters: CharterInForce) -> Iterator[Decision]:
    due, _ = dues(fact.effective, charters.on(fact.effective))
    yield "assign_due", fact.assign_due, due
    yield "person", fact.person, known.person


def _moved(fact: NeedMoved, known: NeedStanding, charters: CharterInForce) -> Iterator[Decision]:
    due, _ = dues(fact.effective, charters.on(fact.effective))
    yield "assign_due", fact.assign_due, due
    yield "previous", fact.previous, known.must_be_raised()


def _resolved(fact: NeedResolved, known: NeedStanding, charters: CharterInForce) -> Iterator[Decision]:
    yield "due", fact.due, known.resolve_due
    yield "late", fact.late, fact.effective > known.resolve_due


def _rated(fact: NeedRated, known: NeedStanding, charters: CharterInForce) -> Iterator[Decision]:
    rule = service_of(charters.on(fact.effective)).needs
    yield "rating", fact.rating, max(1, min(fact.rating, rule.best))
    yield "satisfied", fact.satisfied, fact.rating >= rule.satisfied_from
    yield "reopens", fact.reopens, reopens(fact.rating, known.reopenings, rule)
    yield "resolver", fact.resolver, known.person


def _need_reopened(fact: NeedReopened, known: NeedStanding, charters: CharterInForce) -> Iterator[Decision]:
    due = dues(fact.effective, charters.on(fact.effective))
    yield "due", (fact.assign_due, fact.resolve_due), due
    yield "number", fact.number, known.reopenings + 1
    yield "the rating", "bad", "bad" if known.reopens else "such that it is not reopened"


def _need_flagged(fact: NeedFlagged, known: NeedStanding, charters: CharterInForce) -> Iterator[Decision]:
    yellow = service_of(charters.on(fact.effective)).needs.yellow_working_days
    return flag_again(fact, known.deadlines, yellow, charters)
