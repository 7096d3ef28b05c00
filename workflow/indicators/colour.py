"""The colour of a reading: a pure function of its value, its target, its definition and the charter.

All numbers are decimals in the indicator's own measure. A colour is decided from exact products, never from a rounded
quotient, so that 94.996 % of the target is yellow where green begins at 95 %.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Literal, NamedTuple

from workflow.calendar import Calendar
from workflow.charter.measurement import Comparator, Limit
from workflow.charter.model import Charter
from workflow.indicators.events import Definition, Judgement
from workflow.periods import Period

Colour = Literal["none", "green", "yellow", "red"]
"""`none`: the value is for reference and is not judged."""

FOUR_PLACES = Decimal("0.0001")

# A context of our own: the one of the thread may have been changed by others.
_exactly = Context(prec=60, rounding=ROUND_HALF_EVEN)
_limit = re.compile(r"(<=|>=|<|>) ?(-?[0-9]{1,12}(?:\.[0-9]{1,6})?)").fullmatch  # as in a charter
_severity = {"none": 0, "green": 0, "yellow": 1, "red": 2}


class Decided(NamedTuple):
    """A colour, the rule that decided it, and which limit of that rule."""

    colour: Colour
    rule: Literal["limits", "attainment", "count", "reference"]
    by: str


def worse(one: str, other: str) -> bool:
    """Whether colour `one` is worse than colour `other`."""
    return _severity[one] > _severity[other]


def warns(colour: str) -> bool:
    """Whether a reading of this colour raises a warning."""
    return worse(colour, "green")


def limit_of(text: str) -> Limit | None:
    """The limit written `<98` or `>=1`; none for an empty text. Raises ValueError for anything else."""
    if not text:
        return None
    found = _limit(text)
    if found is None:
        raise ValueError(f"{text!r} is no limit: it is written <98, <=98, >98 or >=98")
    comparator: Comparator = found[1]  # type: ignore[assignment]  # the pattern allows no other
    return Limit(comparator, Decimal(found[2]))


def attainment(value: Decimal, target: Decimal, direction: str) -> Decimal | None:
    """How far a target is reached, 1 = reached, rounded to four places, half to even.

    higher: value ÷ target. lower: target ÷ value. 0 ÷ 0 is 1. None where a number above 0 would be divided by 0: then
    nothing was asked yet, or nothing bad happened. Neither number is negative.
    """
    got, asked = (value, target) if direction == "higher" else (target, value)
    if asked == 0:
        return Decimal("1.0000") if got == 0 else None
    return _exactly.quantize(_exactly.divide(got, asked), FOUR_PLACES)


def target_to_date(definition: Definition, annual_target: Decimal | None, period: Period) -> Decimal | None:
    """What is to be reached by the end of `period`, rounded to four places, half to even; None without a target.

    each: the target itself, unrounded. linear: a twelfth of the year's for every month that is over. quarterly: a
    quarter of it for every quarter that is over. seasonal: the shares of the months that are over.
    """
    if annual_target is None or definition.profile == "each":
        return annual_target
    months = period.last_month
    if definition.profile == "seasonal":
        over, whole = sum(definition.weights[:months], Decimal(0)), sum(definition.weights, Decimal(0))
    elif definition.profile == "quarterly":
        over, whole = Decimal(months // 3), Decimal(4)
    else:
        over, whole = Decimal(months), Decimal(12)
    return _exactly.quantize(_exactly.divide(_exactly.multiply(annual_target, over), whole), FOUR_PLACES)


def judge(
    value: Decimal,
    target: Decimal | None,
    definition: Definition,
    definition_from: date,
    charter: Charter,
    charter_digest: str,
) -> Judgement:
    """Decide the colour. `target` is the target to date. Raises ValueError where one is needed and none is given."""
    decided = _decide(value, target, definition, charter)
    judged = target if decided.rule != "reference" else None
    return Judgement(
        colour=decided.colour,
        rule=decided.rule,
        decided_by=decided.by,
        value=value,
        target=target,
        attainment=None if judged is None else attainment(value, judged, definition.direction),
        charter=charter.version,
        charter_digest=charter_digest,
        definition=definition,
        definition_from=definition_from,
    )


def rejudge(judgement: Judgement, charter: Charter) -> Judgement:
    """The judgement again, from its recorded inputs; `charter` is the one it names. Equal, or something is wrong."""
    return judge(
        judgement.value,
        judgement.target,
        judgement.definition,
        judgement.definition_from,
        charter,
        judgement.charter_digest,
    )


def is_judged(definition: Definition) -> bool:
    """Whether readings of the indicator get a colour at all, or are for reference."""
    return definition.mode != "reference_only" and definition.direction != "reference"


def colour_of_missing(definition: Definition, due: date, day: date, charter: Charter) -> Colour:
    """The colour on `day` of a reading that was due and is not there, by the charter's rule for missing readings.

    `none` for an indicator that is not judged, and while the reading is not overdue.
    """
    rule, overdue = charter.colour.missing, Calendar(charter).between(due, day)
    if is_judged(definition) and overdue >= rule.red_from_working_day:
        return "red"
    return "yellow" if is_judged(definition) and overdue >= rule.yellow_from_working_day else "none"


def _decide(value: Decimal, target: Decimal | None, definition: Definition, charter: Charter) -> Decided:
    if not is_judged(definition):
        return _by_reference(value, definition)
    if definition.yellow or definition.red:
        return _by_limits(value, definition)
    if definition.count_rule or (target == 0 and definition.direction == "lower"):
        return _by_count(value, charter)
    if target is None:
        raise ValueError("without limits and without a count rule, a colour needs a target")
    return _by_attainment(value, target, definition.direction, charter)


def _by_reference(value: Decimal, definition: Definition) -> Decided:
    low, high = definition.reference_low, definition.reference_high
    if low is None or high is None:
        return Decided("none", "reference", "")
    return Decided("none", "reference", f"{'within' if low <= value <= high else 'outside'} {low}–{high}")


def _by_limits(value: Decimal, definition: Definition) -> Decided:
    red, yellow = limit_of(definition.red), limit_of(definition.yellow)
    if red is not None and red.reached_by(value):
        return Decided("red", "limits", f"red {red}")
    if yellow is not None and yellow.reached_by(value):
        return Decided("yellow", "limits", f"yellow {yellow}")
    return Decided("green", "limits", f"green not {yellow or red}")


def _by_count(value: Decimal, charter: Charter) -> Decided:
    rule = charter.colour.count
    if value <= rule.green_max:
        return Decided("green", "count", f"green <={rule.green_max}")
    if value <= rule.yellow_max:
        return Decided("yellow", "count", f"yellow <={rule.yellow_max}")
    return Decided("red", "count", f"red >{rule.yellow_max}")


def _by_attainment(value: Decimal, target: Decimal, direction: str, charter: Charter) -> Decided:
    rule = charter.colour.attainment
    if _reaches(value, target, direction, rule.green):
        return Decided("green", "attainment", f"green >={rule.green}")
    if _reaches(value, target, direction, rule.yellow):
        return Decided("yellow", "attainment", f"yellow >={rule.yellow}")
    return Decided("red", "attainment", f"red <{rule.yellow}")


def _reaches(value: Decimal, target: Decimal, direction: str, ratio: Decimal) -> bool:
    """Whether the attainment is at least `ratio`, without dividing."""
    got, asked = (value, target) if direction == "higher" else (target, value)
    return got >= _exactly.multiply(asked, ratio)
