"""Amounts: exact sums, and shares by days."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from workflow.calendar import ONE_DAY, Calendar
from workflow.charter.model import Charter
from workflow.charter.plans import PlanRule
from workflow.slices import Refused


def rule_of(charter: Charter) -> PlanRule:
    """What the charter says of plans. Raises Refused if it says nothing."""
    if charter.plans is None:
        raise Refused("plan.none", "The charter in force knows no plans.", "effective")
    return charter.plans


def amount_of(number: Decimal, decimals: int, code: str, *fields: str) -> Decimal:
    """`number` without an exponent. Raises Refused(code) unless it is from 0 to below 10^12 with at most so many
    decimals, zeros at its end not counted: sums and shares of a few hundred of such stay exact."""
    if not number.is_finite() or number < 0 or number.adjusted() >= 12:
        raise Refused(code, "An amount is a number from 0 to below 1,000,000,000,000.", *fields)
    whole = Decimal(f"{number.copy_abs():f}")
    rounded = whole.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    if rounded != whole:
        raise Refused(code, f"An amount of this measure has at most {decimals} decimals.", *fields)
    return rounded


class Shares(NamedTuple):
    """What of an amount is whose by days: `share` is that of the first `days`, `rest` that of the others."""

    days: int
    of_days: int
    share: Decimal
    rest: Decimal


def by_days(amount: Decimal, first_day: date, due: date, moved: date, decimals: int) -> Shares:
    """Split an amount that is to be done from `first_day` until `due` (both included) on the day `moved`.

    The share is amount × days before `moved` ÷ days in all, calendar days, rounded half up to so many decimals; the
    rest is what is left of the amount, so the two sum to it exactly. Raises Refused unless `first_day` < `moved` <=
    `due`.
    """
    if not first_day < moved <= due:
        sentence = f"The task is to be done from {first_day} until {due}; {moved} leaves nothing to share by days."
        raise Refused("task.share_days", sentence, "effective")
    days, of_days = (moved - first_day).days, (due - first_day).days + 1
    share = (amount * days / of_days).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return Shares(days, of_days, share, amount - share)


def accept_by(effective: date, charter: Charter) -> date:
    """The last day on which what was given to somebody on `effective` is accepted in time."""
    return Calendar(charter).add(effective, rule_of(charter).acceptance_working_days)


class Flag(NamedTuple):
    """The colour of a task that is not complete. `why`: due, acceptance or leaver; "" for green."""

    colour: str
    why: str


def flag_of(due: date, accepted_by: date | None, day: date, charter: Charter, settle_by: date | None = None) -> Flag:
    """The colour on `day` of a task due on `due`; `accepted_by`: until when it is to be accepted, None once it is;
    `settle_by`: until when it is to be shared or reassigned, because its assignee left.

    Red: overdue. Yellow: at most `yellow_working_days` working days are left after this day, or it is not accepted or
    not settled in time.
    """
    if day > due:
        return Flag("red", "due")
    if day >= Calendar(charter).add(due + ONE_DAY, -rule_of(charter).yellow_working_days - 1):
        return Flag("yellow", "due")
    if accepted_by is not None and day > accepted_by:
        return Flag("yellow", "acceptance")
    if settle_by is not None and day > settle_by:
        return Flag("yellow", "leaver")
    return Flag("green", "")
