"""Effective dates: spans of days, and how far from today an effective date may lie."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from workflow.calendar import Calendar
from workflow.charter.model import Charter
from workflow.charter.views import CharterInForce
from workflow.slices import Context, Refused

FARTHEST_AHEAD = timedelta(days=366)
"""An effective date later than this after today is taken for a slip of the pen."""


class Span(NamedTuple):
    """The days from `since` on, before `until`; None: without end. If both are equal it holds on no day."""

    since: date
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)

    def reaches(self, day: date) -> bool:
        """Whether it holds on `day` or on a later day."""
        return self.until is None or max(day, self.since) < self.until

    def overlaps(self, other: Span) -> bool:
        return self.reaches(other.since) and other.reaches(self.since)

    def ended(self, day: date) -> Span:
        """The same, ended on `day`; one that had not begun by then never holds."""
        return Span(self.since, max(self.since, day))


def most_at_once(spans: Iterable[Span], within: Span) -> int:
    """How many of `spans` hold on the day of `within` on which most do."""
    known = [span for span in spans if span.overlaps(within)]
    days = [within.since, *(span.since for span in known if within.holds_on(span.since))]
    return max(sum(span.holds_on(day) for span in known) for day in days)


def covered(span: Span, by: Iterable[Span]) -> bool:
    """Whether on each day of `span` one of `by` holds."""
    day = span.since
    for each in sorted(by, key=lambda each: each.since):
        if each.holds_on(day):
            if each.until is None or (span.until is not None and each.until >= span.until):
                return True
            day = each.until
    return False


class _Dated(Protocol):
    """A command with an effective date."""

    effective: date
    context: Context
    rule_version: str


def charter_for(command: _Dated, charters: CharterInForce) -> Charter:
    """The charter by which `command` is decided: the one in force on its effective date, if that is timely.

    Notes its version as the command's rule version. Raises Refused, as `refuse_untimely` does.
    """
    charter = charters.on(command.effective)
    refuse_untimely(command.context, command.effective, charter)
    command.rule_version = charter.version
    return charter


def refuse_untimely(context: Context, effective: date, charter: Charter) -> None:
    """Raises Refused for a date too far ahead, or too far back without a reason and a second person.

    Too far back is more working days before today than `charter` leaves to one person. The second person is
    the context's approver, and not its actor.
    """
    if effective - context.today > FARTHEST_AHEAD:
        raise Refused("effective.too_far", f"{effective} is more than a year ahead.", "effective")
    days = charter.dates.backdating_working_days
    if effective >= context.today or effective >= Calendar(charter).add(context.today, -days):
        return
    if not context.reason.strip() or context.approver in ("", context.actor):
        raise Refused(
            "effective.backdated",
            f"{effective} is over {days} working days ago: give a reason, and let a second person approve.",
            "effective",
        )
