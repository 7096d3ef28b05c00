"""What a unit, or a mentorship, owes for a period: whether it does, until when, and from which day on it is yellow."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from workflow.calendar import ONE_DAY, Calendar
from workflow.charter.duties import DutyKind
from workflow.charter.views import CharterInForce
from workflow.duties.events import DutyOpened
from workflow.ids import DutyId, MentorshipId, UnitId, is_id
from workflow.mentoring.views import MentorshipStanding
from workflow.organisation.views import UnitStanding
from workflow.periods import Period
from workflow.slices import Refused

Ower = UnitStanding | MentorshipStanding
"""What owes duties: a unit those of its kind, a mentorship its reviews, for which the mentor's unit answers."""


class Parts(NamedTuple):
    """What the id of a duty or of a report is made of. `unit` is the mentorship in that of a review."""

    kind: str
    unit: UnitId
    period: Period

    def __str__(self) -> str:
        return f"{self.kind}.{self.unit}.{self.period}"


def parts_of(id: str, thing: str = "duty") -> Parts:
    """The parts of an id. Kinds and periods have no dots, so the dots tell where each ends.

    Raises Refused (`thing.unknown`) for one that can be none.
    """
    kind, _, rest = id.partition(".")
    unit, _, period = rest.rpartition(".")
    try:
        parts = Parts(kind, UnitId(unit), Period.parse(period))
    except ValueError:
        parts = None
    if parts is None or not all(map(is_id, (id, kind, unit))):
        raise Refused(f"{thing}.unknown", f"There is no {thing} {id}.", thing)
    return parts


def kind_of(charters: CharterInForce, parts: Parts) -> DutyKind:
    """The kind of duty, by the charter in force on the first day of the period. Raises Refused if there is none."""
    charter = charters.on(parts.period.first_day)
    kind = next((each for each in charter.owed() if each.id == parts.kind), None)
    if kind is None or kind.cadence != parts.period.frequency:
        raise Refused("duty.unknown", f"No {parts.kind} is owed for {parts.period}.", "duty")
    return kind


def owers(parts: Parts) -> tuple[UnitStanding, MentorshipStanding]:
    """What may owe the duty of that id. Both are read at once, for only the charter tells which it is."""
    return UnitStanding(parts.unit), MentorshipStanding(MentorshipId(parts.unit))


def is_review(charters: CharterInForce, parts: Parts) -> bool:
    """Whether it is a mentorship that owes the duty."""
    first = parts.period.first_day
    return charters.adopted_by(first) and charters.on(first).is_review(parts.kind)


def owed(charters: CharterInForce, place: Ower, parts: Parts, day: date) -> DutyOpened:
    """How the duty opens, as it stands on `day`. Raises Refused unless the unit owes it.

    It does if it stands on the first day of the period and on the last one, as far as that has come. Of a mentorship
    the last day is known from its term.
    """
    kind, period = kind_of(charters, parts), parts.period
    first = period.first_day
    stands = place.span is not None and place.span.holds_on(first) and gone_on(place, parts) > day
    if not stands or not owes(place, kind, parts):
        raise Refused("duty.not_owed", f"{parts.unit} does not owe a {parts.kind} for {period}.", "duty")
    charter = charters.on(first)
    due = period.due_at(charter)
    yellow_from = Calendar(charter).add(due.day, -charter.yellow_working_days(kind))
    names = DutyId(str(parts)), kind.id, place.unit, str(period)
    return DutyOpened(*names, due.day, due.at, yellow_from, charter.version, charters.digest_on(first), first)


def owes(place: Ower, kind: DutyKind, parts: Parts) -> bool:
    """Whether what stands owes duties of a kind."""
    if isinstance(place, MentorshipStanding):
        return parts.period.last_day < place.term
    return place.kind in kind.unit_kinds


def gone_on(place: Ower, parts: Parts) -> date:
    """The day of the period from which on its unit is no more, and owes nothing; `date.max` if there is none."""
    until = place.span.until if place.span is not None else None
    if until is None or until > parts.period.last_day:
        return date.max
    # People end a mentorship by day, and the clock has worked in the night before.
    return until if isinstance(place, UnitStanding) else until + ONE_DAY
