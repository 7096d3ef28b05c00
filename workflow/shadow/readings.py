"""The colours of readings under another charter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from workflow.ids import IndicatorId, ReadingId, UnitId
from workflow.indicators.colour import colour_of_missing
from workflow.indicators.events import Judgement, ReadingCorrected, ReadingMissed, ReadingReported, TargetSet
from workflow.indicators.readings import judge_correction, judge_reading
from workflow.indicators.views import IndicatorStanding, Targets
from workflow.organisation.events import UnitEstablished
from workflow.periods import Period
from workflow.shadow.rules import Rules
from workflow.slices import Event

UNMEASURED = "unmeasured"
"""The rule of a reading that the charter does not ask for: it has no such indicator, or measures it for other periods
or of other units. Its colour is `none`."""


class ColourChange(msgspec.Struct, frozen=True, kw_only=True):
    """A reading that would have another colour, or have it by another limit: as recorded, last corrected, and as in the
    shadow. `value` is None for one that is missing: that is judged on the day on which it was last found missing."""

    reading: str
    indicator: str
    unit: str
    period: str
    value: Decimal | None
    colour: str
    rule: str
    decided_by: str
    shadow_colour: str
    shadow_rule: str
    shadow_decided_by: str

    @property
    def way(self) -> str:
        return f"{self.colour} → {self.shadow_colour}"


class _Told(NamedTuple):
    """What is told of a reading."""

    value: Decimal | None
    colour: str
    rule: str
    decided_by: str


class ShadowReadings:
    """All readings, each judged when it was reported, missed or corrected, by the targets that were set by then."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._kinds: dict[UnitId, str] = {}
        self._targets: dict[tuple[IndicatorId, UnitId], Targets] = {}
        self._judgements: dict[ReadingId, Judgement | None] = {}  # in the shadow; None: unmeasured
        self._readings: dict[ReadingId, ReadingReported | ReadingMissed] = {}
        self._told: dict[ReadingId, tuple[_Told, _Told]] = {}  # as recorded, and in the shadow

    def listens_to(self) -> Sequence[type[Event]]:
        return UnitEstablished, TargetSet, ReadingMissed, ReadingReported, ReadingCorrected

    def follow(self, fact: Event) -> Event | None:
        """Take note of the next event, and give it as it would have been; None for a reading that is unmeasured."""
        match fact:
            case UnitEstablished():
                self._kinds[fact.unit] = fact.kind
            case TargetSet():
                self._target(fact.indicator, fact.unit).note(fact)
            case ReadingMissed():
                return self._missed(fact)
            case ReadingReported() | ReadingCorrected():
                return self._judged(fact)
        return fact

    def looked_at(self, since: date | None) -> int:
        """How many readings there are of periods that ended on `since` or later."""
        return sum(1 for _ in self._since(since))

    def changes(self, since: date | None) -> list[ColourChange]:
        """Those that would have been judged differently, by id."""
        changed = []
        for fact in self._since(since):
            recorded, shadow = self._told[fact.reading]
            if recorded[1:] != shadow[1:]:
                changed.append(
                    ColourChange(
                        reading=fact.reading,
                        indicator=fact.indicator,
                        unit=fact.unit,
                        period=fact.period,
                        value=recorded.value,
                        colour=recorded.colour,
                        rule=recorded.rule,
                        decided_by=recorded.decided_by,
                        shadow_colour=shadow.colour,
                        shadow_rule=shadow.rule,
                        shadow_decided_by=shadow.decided_by,
                    )
                )
        return sorted(changed, key=lambda each: each.reading)

    def _since(self, since: date | None) -> Iterator[ReadingReported | ReadingMissed]:
        for fact in self._readings.values():
            if since is None or Period.parse(fact.period).last_day >= since:
                yield fact

    def _missed(self, fact: ReadingMissed) -> ReadingMissed | None:
        if fact.reading in self._judgements:
            return fact  # one that was reported late was missing before that
        self._readings[fact.reading] = fact
        standing = self._standing(fact)
        if standing is None:
            shadow = _Told(None, "none", UNMEASURED, "")
        else:
            period, charter = Period.parse(fact.period), self._rules.charter
            definition = standing.on(period.last_day).definition
            colour = colour_of_missing(definition, period.due(charter), fact.effective, charter)
            shadow = _Told(None, colour, "missing", "")
        self._told[fact.reading] = _Told(None, fact.colour, "missing", ""), shadow
        return None if standing is None else replace(fact, colour=shadow.colour)

    def _judged(self, fact: ReadingReported | ReadingCorrected) -> Event | None:
        if isinstance(fact, ReadingReported):
            self._readings[fact.reading] = fact
        shadow = self._judgements[fact.reading] = self._judge(fact)
        told = _Told(fact.value, "none", UNMEASURED, "") if shadow is None else _told(shadow)
        self._told[fact.reading] = _told(fact.judgement), told
        return None if shadow is None else replace(fact, judgement=shadow)

    def _judge(self, fact: ReadingReported | ReadingCorrected) -> Judgement | None:
        if isinstance(fact, ReadingCorrected):
            before = self._judgements[fact.reading]
            return None if before is None else judge_correction(fact.value, before)
        standing = self._standing(fact)
        if standing is None:
            return None
        targets = self._target(fact.indicator, fact.unit)
        return judge_reading(fact.value, Period.parse(fact.period), self._rules.charters, standing, targets)

    def _standing(self, fact: ReadingReported | ReadingMissed) -> IndicatorStanding | None:
        """How the charter defines the indicator of a reading; None if it does not ask for the reading."""
        standing = self._rules.indicators.by_id.get(fact.indicator)
        if standing is None:
            return None
        period = Period.parse(fact.period)
        definition = standing.on(period.last_day).definition
        concerns = fact.unit in definition.scope or self._kinds.get(fact.unit) in definition.scope
        return standing if concerns and definition.frequency == period.frequency else None

    def _target(self, indicator: IndicatorId, unit: UnitId) -> Targets:
        return self._targets.setdefault((indicator, unit), Targets(indicator, unit))


def _told(judgement: Judgement) -> _Told:
    return _Told(judgement.value, judgement.colour, judgement.rule, judgement.decided_by)
