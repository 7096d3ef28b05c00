"""Indicators with their targets, and the readings that units reported: as reported, and as corrected beside it."""

from __future__ import annotations

import msgspec

from projections.facts import At, Facts, FactTable, ReadModel, day, decimal, document, flag, integer, text
from workflow.indicators.events import (
    ColourOverridden,
    IndicatorAdopted,
    IndicatorAmended,
    IndicatorRetired,
    NothingCounted,
    OverrideLifted,
    ReadingCorrected,
    ReadingMissed,
    ReadingReported,
    TargetSet,
)

INDICATOR = FactTable(
    "indicator",
    key=[text("indicator")],
    columns=[document("definition"), day("adopted"), day("retired")],
)

TARGET = FactTable(
    "target",
    key=[text("indicator"), text("unit"), integer("year")],
    columns=[decimal("target")],
    indexes=[["unit"]],
)
"""What a unit is to reach in a year, where that is not the indicator's own target."""

READING = FactTable(
    "reading",
    key=[text("reading")],
    columns=[
        text("indicator"),
        text("unit"),
        text("period"),
        decimal("value"),
        text("colour"),
        text("rule"),
        text("decided_by"),
        decimal("target"),
        decimal("attainment"),
        text("charter"),
        day("definition_from"),
        day("due"),
        flag("late"),
        text("note"),
        text("missed"),
        decimal("corrected_value"),
        text("corrected_colour"),
        text("corrected_rule"),
        text("corrected_by"),
        decimal("corrected_attainment"),
        text("overridden_colour"),
        text("overridden_by"),
        text("overridden_why"),
    ],
    indexes=[["unit", "period"]],
)
"""A reading holds from the day it was reported. Of its judgement, the definition is the indicator's as it was known at
the position of the report, on `definition_from`; `charter` is a version. What is `corrected_…` is null until it is.
`missed` is the colour that it got while it was missing; until it is reported, it has no value, and that is its `colour`
by the rule `missing`. What is `overridden_…` is a colour that somebody set beside the computed one, null if nobody.
Where there was nothing to count it has no value either, and the colour `none` by the rule `nothing_counted`."""

COUNT = FactTable(
    "reading_count",
    key=[text("reading")],
    columns=[decimal("number"), decimal("out_of"), integer("cited"), document("tallies"), text("digest")],
)
"""What a reading was counted from: `tallies` by the positions of events."""


def adopted(facts: Facts, fact: IndicatorAdopted, at: At) -> None:
    facts.open(INDICATOR, fact.indicator, valid_from=fact.effective, definition=fact.definition, adopted=fact.effective)


def amended(facts: Facts, fact: IndicatorAmended, at: At) -> None:
    facts.amend(INDICATOR, fact.indicator, effective=fact.effective, definition=fact.definition)


def retired(facts: Facts, fact: IndicatorRetired, at: At) -> None:
    facts.amend(INDICATOR, fact.indicator, retired=fact.effective)
    facts.close(INDICATOR, fact.indicator, effective=fact.effective)


def target_set(facts: Facts, fact: TargetSet, at: At) -> None:
    key = fact.indicator, fact.unit, fact.year
    if facts.get(TARGET, *key) is None:
        facts.open(TARGET, *key, valid_from=fact.effective, target=fact.target)
    else:
        facts.amend(TARGET, *key, effective=fact.effective, target=fact.target)


def missed(facts: Facts, fact: ReadingMissed, at: At) -> None:
    known = facts.get(READING, fact.reading)
    if known is None:
        facts.open(
            READING,
            fact.reading,
            valid_from=fact.effective,
            indicator=fact.indicator,
            unit=fact.unit,
            period=fact.period,
            colour=fact.colour,
            rule="missing",
            decided_by="",
            charter=fact.charter,
            due=fact.due,
            late=True,
            note="",
            missed=fact.colour,
        )
    elif known["value"] is None:
        facts.amend(READING, fact.reading, effective=fact.effective, colour=fact.colour, missed=fact.colour)
    else:  # a clock that slept notes afterwards what was missing
        facts.amend(READING, fact.reading, missed=fact.colour)


def reported(facts: Facts, fact: ReadingReported, at: At) -> None:
    judgement = fact.judgement
    known = facts.get(READING, fact.reading)
    if known is not None:
        facts.close(READING, fact.reading, effective=fact.effective)
    facts.open(
        READING,
        fact.reading,
        valid_from=fact.effective,
        indicator=fact.indicator,
        unit=fact.unit,
        period=fact.period,
        value=fact.value,
        colour=judgement.colour,
        rule=judgement.rule,
        decided_by=judgement.decided_by,
        target=judgement.target,
        attainment=judgement.attainment,
        charter=judgement.charter,
        definition_from=judgement.definition_from,
        due=fact.due,
        late=fact.late,
        note=fact.note,
        missed=known["missed"] if known is not None else None,
        corrected_value=None,
        corrected_colour=None,
        corrected_rule=None,
        corrected_by=None,
        corrected_attainment=None,
        overridden_colour=None,
        overridden_by=None,
        overridden_why=None,
    )
    if (count := fact.count) is not None:
        facts.open(
            COUNT,
            fact.reading,
            valid_from=fact.effective,
            number=count.number,
            out_of=count.of,
            cited=count.events,
            tallies=[msgspec.structs.asdict(each) for each in count.tallies],
            digest=count.digest or None,
        )


def nothing_counted(facts: Facts, fact: NothingCounted, at: At) -> None:
    facts.open(
        READING,
        fact.reading,
        valid_from=fact.effective,
        indicator=fact.indicator,
        unit=fact.unit,
        period=fact.period,
        colour="none",
        rule="nothing_counted",
        decided_by="",
        charter=fact.charter,
        due=fact.due,
        late=False,
        note="",
    )


def corrected(facts: Facts, fact: ReadingCorrected, at: At) -> None:
    judgement = fact.judgement
    facts.amend(
        READING,
        fact.reading,
        effective=fact.effective,
        corrected_value=fact.value,
        corrected_colour=judgement.colour,
        corrected_rule=judgement.rule,
        corrected_by=judgement.decided_by,
        corrected_attainment=judgement.attainment,
    )


def overridden(facts: Facts, fact: ColourOverridden, at: At) -> None:
    about = {"overridden_colour": fact.colour, "overridden_by": fact.person, "overridden_why": at.reason}
    facts.amend(READING, fact.reading, effective=fact.effective, **about)


def override_lifted(facts: Facts, fact: OverrideLifted, at: At) -> None:
    about = {"overridden_colour": None, "overridden_by": None, "overridden_why": None}
    facts.amend(READING, fact.reading, effective=fact.effective, **about)


MODEL = ReadModel(
    "indicators",
    version=4,
    tables=[INDICATOR, TARGET, READING, COUNT],
    handlers={
        IndicatorAdopted: adopted,
        IndicatorAmended: amended,
        IndicatorRetired: retired,
        TargetSet: target_set,
        ReadingMissed: missed,
        ReadingReported: reported,
        NothingCounted: nothing_counted,
        ReadingCorrected: corrected,
        ColourOverridden: overridden,
        OverrideLifted: override_lifted,
    },
)
