"""When time ends a mentorship: at its term, and on the night after one of the two left or was transferred, or after the
designation that it took was withdrawn."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from workflow.calendar import ONE_DAY
from workflow.charter.mentoring import MentoringRule
from workflow.ids import UnitId
from workflow.mentoring.views import MentorshipStanding, ModelStanding
from workflow.organisation.views import Career, Standing


class Side(NamedTuple):
    """What is known of a mentor or a mentee, besides."""

    service: Standing
    career: Career


class End(NamedTuple):
    """From `day` on a mentorship does not hold, because of what is so `since`."""

    day: date
    cause: str
    since: date


def first_end(
    known: MentorshipStanding, mentor: Side, mentee: Side, model: ModelStanding, rule: MentoringRule
) -> End | None:
    """The first day on which time ends a mentorship, as it stands; None for one that ended, or was never started.

    Of two causes on one day the term goes first, then who left, then who was transferred, then the designation.
    """
    started, span = known.started, known.span
    if started is None or span is None or span.until is None or known.ended is not None:
        return None
    ends = [End(span.until, "term", span.until)]
    for name, side, unit in (("mentor", mentor, started.mentor_unit), ("mentee", mentee, started.mentee_unit)):
        left = side.service.span.until if side.service.span is not None else None
        if left is not None:
            ends.append(End(left + ONE_DAY, f"{name}_left", left))
        if (gone := gone_from(side.career, unit, started.effective)) is not None:
            ends.append(End(gone + ONE_DAY, f"{name}_transferred", gone))
    if rule.ends_with_designation and rule.kind(started.kind).model:
        designated = [each for each in model.spans.get(started.kind, ()) if each.since <= started.effective]
        if designated and (withdrawn := designated[-1].until) is not None:
            ends.append(End(withdrawn + ONE_DAY, "designation_withdrawn", withdrawn))
    order = ("term", "mentor_left", "mentee_left", "mentor_transferred", "mentee_transferred", "designation_withdrawn")
    return min(ends, key=lambda end: (end.day, order.index(end.cause)))


def gone_from(career: Career, unit: UnitId, since: date) -> date | None:
    """The first day from `since` on on which somebody holds no post in a unit; None if there is none.

    Another post in the same unit is no transfer.
    """
    held = [each.span for each in career.appointments.values() if each.unit == unit]
    day = since
    while True:
        ends = [span.until for span in held if span.holds_on(day)]
        if not ends:
            return day
        if None in ends:
            return None
        day = max(end for end in ends if end is not None)


def post_unit(career: Career, day: date) -> UnitId | None:
    """The unit in which somebody holds their post on a day: the substantive one, else the one held longest."""
    held = sorted(career.on(day), key=lambda each: (each.kind != "substantive", each.span.since, each.id))
    return held[0].unit if held else None
