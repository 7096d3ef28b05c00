"""How far somebody has come in a programme: what is owed of each item, and how much of that is done and verified."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from workflow.charter.programmes import ProgrammeItem
from workflow.dates import Span
from workflow.periods import Period
from workflow.programmes.events import Result


class Done(NamedTuple):
    """So many of an item, done on a day, and verified."""

    item: str
    quantity: int
    done_on: date


def owed(item: ProgrammeItem, span: Span) -> int:
    """How often an item is owed by who takes part throughout `span`: of what is owed in each of several periods, those
    count that are not over when it begins."""
    return item.quantity * len(_periods(item, span))


def counted(item: ProgrammeItem, span: Span, done: Iterable[Done]) -> int:
    """How much of that is done: in each period at most what is owed for it. What is done in one is not counted in
    another."""
    by_period: dict[Period | None, int] = defaultdict(int)
    for each in done:
        if each.item == item.id:
            by_period[_period(item, each.done_on)] += each.quantity
    return sum(min(by_period[period], item.quantity) for period in _periods(item, span))


def result(items: Iterable[ProgrammeItem], span: Span, done: Iterable[Done]) -> Result:
    """Both, for all items."""
    several, verified = list(items), list(done)
    return Result(
        tuple(counted(item, span, verified) for item in several),
        tuple(owed(item, span) for item in several),
    )


def finished(result: Result) -> bool:
    return all(done >= owed for done, owed in zip(result.done, result.owed, strict=True))


def _period(item: ProgrammeItem, day: date) -> Period | None:
    return None if item.cadence is None else Period.containing(day, item.cadence)


def _periods(item: ProgrammeItem, span: Span) -> list[Period | None]:
    """The periods of an item that a span touches; of an item that is owed once for all, just one."""
    assert span.until is not None
    if item.cadence is None:
        return [None]
    period, found = Period.containing(span.since, item.cadence), []
    while period.first_day < span.until:
        found.append(period)
        period = period.next
    return list(found)
