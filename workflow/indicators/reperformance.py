"""Deciding every colour again: from the events before it alone, by the same rule, and comparing."""

from __future__ import annotations

from typing import ClassVar

from workflow.charter.events import CharterAdopted, CharterPublished
from workflow.charter.library import learn
from workflow.charter.loader import digest
from workflow.charter.views import CharterInForce
from workflow.ids import IndicatorId, ReadingId, UnitId
from workflow.indicators.events import (
    IndicatorAdopted,
    IndicatorAmended,
    IndicatorRetired,
    Judgement,
    ReadingCorrected,
    ReadingReported,
    TargetSet,
)
from workflow.indicators.periods import Period
from workflow.indicators.readings import judge_correction, judge_reading
from workflow.indicators.views import IndicatorStanding, Targets
from workflow.slices import Event, Refused


class Reperformance:
    """Follows the log from its beginning; holds at every event what was known before it."""

    TOPICS: ClassVar[frozenset[str]] = frozenset(
        cls.TOPIC
        for cls in (
            CharterPublished,
            CharterAdopted,
            IndicatorAdopted,
            IndicatorAmended,
            IndicatorRetired,
            TargetSet,
            ReadingReported,
            ReadingCorrected,
        )
    )

    def __init__(self) -> None:
        self.decisions = 0
        self._charters = CharterInForce()
        self._indicators: dict[IndicatorId, IndicatorStanding] = {}
        self._targets: dict[tuple[IndicatorId, UnitId], Targets] = {}
        self._judgements: dict[ReadingId, Judgement] = {}

    def follow(self, fact: Event) -> str:
        """Take note of the next event of `TOPICS`. If it is a decision, what is wrong with it; "" if nothing is."""
        match fact:
            case CharterPublished():
                return "" if learn(fact.text) and digest(fact.text) == fact.digest else "the text is not the digest's"
            case CharterAdopted():
                self._charters.note(fact)
            case IndicatorAdopted() | IndicatorAmended() | IndicatorRetired():
                self._indicator(fact.indicator).note(fact)
            case TargetSet():
                self._target(fact.indicator, fact.unit).note(fact)
            case ReadingReported() | ReadingCorrected():
                return self._judge_again(fact)
        return ""

    def _judge_again(self, fact: ReadingReported | ReadingCorrected) -> str:
        self.decisions += 1
        try:
            if isinstance(fact, ReadingReported):
                standing, targets = self._indicator(fact.indicator), self._target(fact.indicator, fact.unit)
                due = judge_reading(fact.value, Period.parse(fact.period), self._charters, standing, targets)
            else:
                due = judge_correction(fact.value, self._judgements[fact.reading])
        except (Refused, ValueError, LookupError) as error:
            return f"{fact.reading} could not be judged: {error}"
        self._judgements[fact.reading] = fact.judgement
        if due == fact.judgement:
            return ""
        recorded = fact.judgement
        return f"{fact.reading} is recorded as {recorded.colour} ({recorded.decided_by}); it had to be {due.colour}"

    def _indicator(self, indicator: IndicatorId) -> IndicatorStanding:
        return self._indicators.setdefault(indicator, IndicatorStanding(indicator))

    def _target(self, indicator: IndicatorId, unit: UnitId) -> Targets:
        return self._targets.setdefault((indicator, unit), Targets(indicator, unit))
