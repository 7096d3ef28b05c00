"""The part of a charter about what is measured: colours, indicators, warnings, and when things are due."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from workflow.charter.terms import (
    Count,
    DayOfMonth,
    Days,
    Id,
    LevelRef,
    MeasureRef,
    Positive,
    SetRef,
    Text,
    UnitKindRef,
    Words,
)
from workflow.ids import UnitId

Direction = Literal["higher", "lower", "reference"]
Profile = Literal["each", "linear", "quarterly", "seasonal"]
Frequency = Literal["monthly", "quarterly"]
Cadence = Literal["weekly", "monthly", "quarterly", "yearly"]
Mode = Literal["scored", "warning_only", "reference_only"]
Comparator = Literal["<", "<=", ">", ">="]
ColourBy = Literal["limits", "count", "attainment", "nothing"]
Checker = Literal["outside_department", "another_person"]
Action = Literal["warning_notice", "supervision_notice", "accountability_interview"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Attainment(msgspec.Struct, frozen=True, kw_only=True):
    """Least attainments (ratios, 1 = on target) for green and for yellow; below is red."""

    green: Decimal
    yellow: Decimal


class CountRule(msgspec.Struct, frozen=True, kw_only=True):
    """Greatest counts for green and for yellow where the target is 0; above is red."""

    green_max: Count
    yellow_max: Count


class MissingRule(msgspec.Struct, frozen=True, kw_only=True):
    """From which working day after the cut-off a missing reading is yellow, and from which it is red."""

    yellow_from_working_day: Days
    red_from_working_day: Days


class ColourRule(msgspec.Struct, frozen=True, kw_only=True):
    """`[colour]`: how a colour follows where the indicator itself gives no limits."""

    attainment: Attainment
    count: CountRule
    missing: MissingRule


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """A unit of measure, such as % or days."""

    id: Id
    words: Words


class IndicatorSet(msgspec.Struct, frozen=True, kw_only=True):
    """Indicators that are adopted, amended and retired together. The dates are in the events that do so."""

    id: Id
    words: Words


class Limit(msgspec.Struct, frozen=True):
    """A limit on the value of a reading itself, written `<98` or `>=1`."""

    comparator: Comparator
    value: Decimal

    def reached_by(self, value: Decimal) -> bool:
        """Whether `value`, in the indicator's measure, falls under this limit."""
        if self.comparator == "<":
            return value < self.value
        if self.comparator == "<=":
            return value <= self.value
        return value > self.value if self.comparator == ">" else value >= self.value

    def __str__(self) -> str:
        return f"{self.comparator}{self.value}"


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """The range in which a value is usual, both ends included, in the indicator's measure."""

    low: Decimal
    high: Decimal


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """Whom an indicator concerns: the units named, or every unit of the kinds named."""

    units: tuple[Id, ...] = ()
    unit_kinds: tuple[UnitKindRef, ...] = ()

    def covers(self, unit: UnitId, unit_kind: str) -> bool:
        return unit in self.units or unit_kind in self.unit_kinds


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What the readings of an indicator count, instead of being reported: `what` of which `kinds`."""

    what: Text
    kinds: tuple[Id, ...] = ()


class Indicator(msgspec.Struct, frozen=True, kw_only=True):
    """What is measured, how often, against what.

    `target` and the limits are in `measure`. `profile` says what the target means: "each" is the target of
    every single period; with the others the reading is cumulative from 1 January, the target is that of the
    year, and the target to date grows evenly by month ("linear"), by a quarter at each quarter's end
    ("quarterly"), or by the shares of the twelve `seasonal_weights` ("seasonal"). `weight` is in points.
    """

    id: Id
    set: SetRef
    words: Words
    measure: MeasureRef
    direction: Direction
    profile: Profile
    frequency: Frequency
    mode: Mode
    weight: Decimal
    scope: Scope
    target: Decimal | None = None
    reference: Reference | None = None
    yellow: Limit | None = None
    red: Limit | None = None
    count_rule: bool = False
    seasonal_weights: tuple[Decimal, ...] = ()
    counts: Counts | None = None

    @property
    def colour_by(self) -> ColourBy:
        """What decides its colour: its limits, if it has any; else the count rule; else the attainment."""
        if self.mode == "reference_only":
            return "nothing"
        if self.yellow is not None or self.red is not None:
            return "limits"
        return "count" if self.count_rule else "attainment"


class YellowLoop(msgspec.Struct, frozen=True, kw_only=True):
    """What a yellow warning asks for, counted from the day it was raised."""

    explanation_working_days: Days


class RedLoop(msgspec.Struct, frozen=True, kw_only=True):
    """What a red warning asks for, counted from the day it was raised."""

    plan_working_days: Days
    fixed_working_days: Days


class ExtensionRule(msgspec.Struct, frozen=True, kw_only=True):
    """How often rectification may be extended, and by how many working days each time at most."""

    at_most: Count
    working_days: Days


class OverrideRule(msgspec.Struct, frozen=True, kw_only=True):
    """Who may set another colour beside the one of a reading: who holds one of these levels of the unit's chain."""

    by: tuple[LevelRef, ...] = ()


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """A rung of the escalation ladder, reached at `after` consecutive periods of `colour`.

    `tell` are the levels of the chain that are told, `by` is the level that carries out the action ("": the
    system does, by telling). An interview is held within `working_days`; None: by the day to respond by.
    """

    id: Id
    colour: Literal["yellow", "red"]
    after: Positive
    action: Action
    tell: Annotated[tuple[LevelRef, ...], Meta(min_length=1)]
    by: LevelRef = ""
    working_days: Days | None = None


class WarningRule(msgspec.Struct, frozen=True, kw_only=True):
    """`[warnings]`: the closed loop from raising to close-out.

    `checker` says who may close out: "outside_department" is somebody without an appointment in the unit
    warned or below it; "another_person" anybody but the one who reported the rectification.
    """

    checker: Checker
    yellow: YellowLoop
    red: RedLoop
    extension: ExtensionRule
    override: OverrideRule = OverrideRule()
    ladder: tuple[Rung, ...] = ()


class WeeklyDue(msgspec.Struct, frozen=True, kw_only=True):
    """Weekly things are due on this day and local time of the week after. A duty is yellow when at most
    `yellow_working_days` are left; so in the others."""

    weekday: Weekday
    at: time
    yellow_working_days: Count = 5


class DayDue(msgspec.Struct, frozen=True, kw_only=True):
    """Due by the end of this day in the month after the period."""

    day: DayOfMonth
    yellow_working_days: Count = 5


class YearlyDue(msgspec.Struct, frozen=True, kw_only=True):
    """Due by the end of this day in the year after."""

    month: Annotated[int, Meta(ge=1, le=12)]
    day: DayOfMonth
    yellow_working_days: Count = 5


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """`[due]`: when what belongs to a period must be in."""

    weekly: WeeklyDue
    monthly: DayDue
    quarterly: DayDue
    yearly: YearlyDue

    def yellow_working_days(self, cadence: Cadence) -> int:
        """With how many working days left what is owed so often turns yellow."""
        rule: WeeklyDue | DayDue | YearlyDue = getattr(self, cadence)
        return rule.yellow_working_days
