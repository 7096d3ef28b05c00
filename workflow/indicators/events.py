"""What happened to indicators and their readings (row 7 of the domain).

A rate or share is a decimal fraction (0.95), a value is in the indicator's own unit of measure. Decimals are stored as
text and never pass through a float.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from workflow.ids import IndicatorId, PersonId, ReadingId, UnitId, WarningId
from workflow.slices import Event


class Definition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an indicator is measured and judged, as far as it differs from the charter's defaults.

    `direction`: higher, lower or reference. `profile`: each (the target holds for every period) or the pace of a
    cumulative year: linear, quarterly, seasonal (`weights`: twelve shares). `frequency`: monthly or quarterly.
    `mode`: scored, warning_only, reference_only. `yellow` and `red` are limits on the value (`<98`, `>=1`) that go
    before the limits on attainment. `count_rule`: the value is a count of bad things, judged by the charter's counts.
    `counts`: nobody reports it, the clock counts that, of the `kinds` (none: of all); see `workflow.measures`.
    """

    indicator_set: str
    name_zh: str
    name_en: str
    measure: str
    direction: str
    profile: str
    frequency: str
    mode: str
    weight: Decimal
    target: Decimal | None = None
    reference_low: Decimal | None = None
    reference_high: Decimal | None = None
    yellow: str = ""
    red: str = ""
    count_rule: bool = False
    weights: tuple[Decimal, ...] = ()
    scope: tuple[str, ...] = ()
    counts: str = ""
    kinds: tuple[str, ...] = ()


class IndicatorAdopted(Event):
    """From `effective` on the indicator is measured so."""

    TOPIC = "indicator.adopted"
    indicator: IndicatorId
    definition: Definition
    effective: date


class IndicatorAmended(Event):
    """From `effective` on the indicator is measured differently; what was decided before stays."""

    TOPIC = "indicator.amended"
    indicator: IndicatorId
    definition: Definition
    effective: date


class IndicatorRetired(Event):
    TOPIC = "indicator.retired"
    indicator: IndicatorId
    effective: date


class TargetSet(Event):
    """What a unit is to reach in a year, instead of the indicator's own target. `year` counts from 1 January."""

    TOPIC = "target.set"
    indicator: IndicatorId
    unit: UnitId
    year: int
    target: Decimal
    effective: date


class Judgement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A colour and everything it was decided from, so that it can be decided again.

    `target` is the target-to-date; `attainment` is rounded to four places, half to even; `rule` names what decided:
    limits, attainment, count, reference. `decided_by` says which limit, e.g. `red <93`. `charter` is the version of
    the charter in force at the end of the period, `definition_from` the date since which the indicator is so defined.
    """

    colour: str
    rule: str
    decided_by: str
    value: Decimal
    target: Decimal | None
    attainment: Decimal | None
    charter: str
    charter_digest: str
    definition: Definition
    definition_from: date


class Tally(msgspec.Struct, frozen=True, array_like=True):
    """What the event at a `position` of the log adds to a count: to the number, and to what it is a number of."""

    position: int
    number: Decimal
    of: Decimal


class Count(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was counted: `number` of `of`, by the events that `tallies` cite, in the order of their positions.

    If they are more than an entry can hold, `tallies` are none, and `digest` is that of all (SHA-256, in hexadecimal).
    """

    number: Decimal
    of: Decimal
    events: int
    tallies: tuple[Tally, ...] = ()
    digest: str = ""


class ReadingReported(Event):
    """What a unit reported for a period (`2025-04`, `2025-Q2`), and the colour as reported. `late`: after `due`.

    With a `count` nobody reported it: it was counted in the night after the day `due`, as of that day, and is not late.
    """

    TOPIC = "reading.reported"
    reading: ReadingId
    indicator: IndicatorId
    unit: UnitId
    period: str
    value: Decimal
    judgement: Judgement
    due: date
    late: bool
    effective: date
    note: str = ""
    count: Count | None = None


class NothingCounted(Event):
    """There was nothing of which a number could be counted for a period: so it has no reading, and is not missing."""

    TOPIC = "reading.nothing_counted"
    reading: ReadingId
    indicator: IndicatorId
    unit: UnitId
    period: str
    due: date
    charter: str
    charter_digest: str
    effective: date


class ReadingMissed(Event):
    """Nothing was reported for a period: the colour, by `charter`'s rule for what is missing, from `effective` on."""

    TOPIC = "reading.missed"
    reading: ReadingId
    indicator: IndicatorId
    unit: UnitId
    period: str
    colour: str
    due: date
    charter: str
    charter_digest: str
    effective: date


class ReadingCorrected(Event):
    """The value was found wrong: the colour as reported stays, the colour as corrected stands beside it."""

    TOPIC = "reading.corrected"
    reading: ReadingId
    indicator: IndicatorId
    unit: UnitId
    period: str
    value: Decimal
    previous: Decimal
    judgement: Judgement
    effective: date
    warning: WarningId | None = None


class ColourOverridden(Event):
    """`person`, who may, sets `colour` beside the `computed` one, which stays; the reason is in the entry."""

    TOPIC = "reading.colour_overridden"
    reading: ReadingId
    indicator: IndicatorId
    unit: UnitId
    period: str
    person: PersonId
    computed: str
    colour: str
    effective: date


class OverrideLifted(Event):
    """The colour that was set beside the computed one does not hold any more; the reason is in the entry."""

    TOPIC = "reading.override_lifted"
    reading: ReadingId
    indicator: IndicatorId
    unit: UnitId
    period: str
    person: PersonId
    effective: date
