"""What commands about service have in common: in whose service, in which order, and by how many people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Protocol

from workflow.calendar import ONE_DAY
from workflow.charter.model import Charter
from workflow.charter.service import HearingRule, ServiceKind, ServiceRule
from workflow.dates import Span
from workflow.organisation.views import Standing
from workflow.slices import Context, Refused


class Dated(Protocol):
    """A command with the day from which on it counts."""

    effective: date
    context: Context


def service_of(charter: Charter) -> ServiceRule:
    """What the charter says of service. Raises Refused if it says nothing."""
    if charter.service is None:
        raise Refused("service.charter", "The charter knows no service to the people.", "effective")
    return charter.service


def hearings_of(charter: Charter) -> HearingRule:
    """The same of hearings."""
    if charter.hearings is None:
        raise Refused("hearing.charter", "The charter knows no field hearings.", "effective")
    return charter.hearings


def refuse_untimely(command: Dated, part: str, last: date = date.min) -> None:
    """Raises Refused for a day to come, or one before the `last` thing that happened."""
    if command.effective > command.context.today:
        raise Refused(f"{part}.future", f"{command.effective} is still to come.", "effective")
    if command.effective < last:
        raise Refused(f"{part}.order", f"The last was on {last}, and this is earlier.", "effective")


def refuse_alone(context: Context, part: str) -> None:
    """Raises Refused unless two persons want it, and say why."""
    refuse_unsaid(context, part)
    if context.approver in ("", context.actor):
        raise Refused(f"{part}.second_person", "This takes two persons.", "approver")


def refuse_unsaid(context: Context, part: str) -> None:
    if not context.reason.strip():
        raise Refused(f"{part}.reason", "Why this is so must be said.", "reason")


def must_serve(standing: Standing, day: date, pointer: str) -> None:
    """Raises Refused unless the person is in service on the day; `pointer` is the parameter at fault."""
    try:
        standing.must_serve(Span(day, day + ONE_DAY))
    except Refused as refused:
        raise Refused(refused.code, refused.sentence, pointer) from None


def must_be_kind(kind: str, known: Iterable[ServiceKind], code: str) -> None:
    """Raises Refused for a kind that the charter does not know; the last part of `code` is the parameter."""
    ids = [each.id for each in known]
    if kind not in ids:
        sentence = f"The charter does not know that kind; it has {', '.join(ids) or 'none'}."
        raise Refused(code, sentence, code.rpartition(".")[2])


def hours_of(hours: Decimal, rule: ServiceRule, code: str, *, none: bool = False) -> Decimal:
    """Hours in steps of a tenth. Raises Refused for others, for more than a day has for one person, and for none."""
    least = Decimal(0) if none else Decimal("0.1")
    if not least <= hours <= rule.hours_a_day or hours != hours.quantize(Decimal("0.1")):
        sentence = f"Hours are {least} to {rule.hours_a_day}, in tenths."
        raise Refused(code, sentence, "hours")
    return hours


def refuse_too_long(hours: Decimal, rule: ServiceRule, whose: str, day: date, pointer: str) -> None:
    """Raises Refused for more `hours` of one person's day than the charter allows."""
    if hours > rule.hours_a_day:
        sentence = f"{whose} would have served {hours} hours on {day}; {rule.hours_a_day} is the most."
        raise Refused("service.hours_a_day", sentence, pointer)
