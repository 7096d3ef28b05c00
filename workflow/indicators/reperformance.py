"""Deciding every colour again: from the events before it alone, by the same rule, and comparing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workflow.again import Decision, differing, whole
from workflow.charter.events import CharterAdopted, CharterPublished
from workflow.charter.library import learn
from workflow.charter.loader import CharterError, digest
from workflow.charter.views import CharterInForce
from workflow.ids import IndicatorId, ReadingId, UnitId
from workflow.indicators.colour import colour_of_missing
from workflow.indicators.events import (
    IndicatorAdopted,
    IndicatorAmended,
    IndicatorRetired,
    Judgement,
    ReadingCorrected,
    ReadingMissed,
    ReadingReported,
    TargetSet,
)
from workflow.indicators.readings import judge_correction, judge_reading
from workflow.indicators.views import IndicatorStanding, Targets
from workflow.periods import Period
from workflow.slices import Event


class ReadingsAgain:
    """The colours of readings, and of those that were missing."""

    def __init__(self) -> None:
        self.decisions = 0
        self._charters = CharterInForce()
        self._indicators: dict[IndicatorId, IndicatorStanding] = {}
        self._targets: dict[tuple[IndicatorId, UnitId], Targets] = {}
        self._judgements: dict[ReadingId, Judgement] = {}

    def listens_to(self) -> Sequence[type[Event]]:
        return (
            CharterPublished,
            CharterAdopted,
            IndicatorAdopted,
            IndicatorAmended,
            IndicatorRetired,
            TargetSet,
            ReadingMissed,
            ReadingReported,
            ReadingCorrected,
        )

    def follow(self, fact: Event) -> str:
        match fact:
            case CharterPublished():
                return _published_wrongly(fact)
            case CharterAdopted():
                self._charters.note(fact)
            case IndicatorAdopted() | IndicatorAmended() | IndicatorRetired():
                self._indicator(fact.indicator).note(fact)
            case TargetSet():
                self._target(fact.indicator, fact.unit).note(fact)
            case ReadingMissed():
                return differing(fact.reading, fact, self._missed(fact))
            case ReadingReported() | ReadingCorrected():
                return self._judge_again(fact)
        return ""

    def _judge_again(self, fact: ReadingReported | ReadingCorrected) -> str:
        self.decisions += 1
        told = differing(fact.reading, fact, self._judged(fact))
        self._judgements[fact.reading] = fact.judgement  # right or wrong, what comes after was decided by it
        return told

    def _judged(self, fact: ReadingReported | ReadingCorrected) -> Iterator[Decision]:
        if isinstance(fact, ReadingReported):
            standing, targets = self._indicator(fact.indicator), self._target(fact.indicator, fact.unit)
            due = judge_reading(fact.value, Period.parse(fact.period), self._charters, standing, targets)
        elif fact.reading in self._judgements:
            due = judge_correction(fact.value, self._judgements[fact.reading])
        else:
            raise LookupError("it is corrected, and was never reported")
        for field, was, had_to_be in whole(fact.judgement, due):
            yield f"the {field}", was, had_to_be

    def _missed(self, fact: ReadingMissed) -> Iterator[Decision]:
        self.decisions += 1
        period = Period.parse(fact.period)
        definition = self._indicator(fact.indicator).on(period.last_day).definition
        charter = self._charters.on(period.last_day)
        due = period.due(charter)
        yield "the colour", fact.colour, colour_of_missing(definition, due, fact.effective, charter)
        yield "the due date", fact.due, due
        yield "the charter", fact.charter_digest, self._charters.digest_on(period.last_day)
        yield "its version", fact.charter, charter.version

    def _indicator(self, indicator: IndicatorId) -> IndicatorStanding:
        return self._indicators.setdefault(indicator, IndicatorStanding(indicator))

    def _target(self, indicator: IndicatorId, unit: UnitId) -> Targets:
        return self._targets.setdefault((indicator, unit), Targets(indicator, unit))


def _published_wrongly(fact: CharterPublished) -> str:
    try:
        learn(fact.text)
    except CharterError as error:
        return f"the text of {fact.charter} is no charter: {error}"
    return "" if digest(fact.text) == fact.digest else f"the text of {fact.charter} is not the digest's"
