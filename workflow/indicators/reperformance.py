"""Deciding every colour again: from the events before it alone, by the same rule, and comparing."""

from __future__ import annotations

from collections.abc import Sequence

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
from workflow.slices import Event, Refused


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
                return self._miss_again(fact)
            case ReadingReported() | ReadingCorrected():
                return self._judge_again(fact)
        return ""

    def _judge_again(self, fact: ReadingReported | ReadingCorrected) -> str:
        self.decisions += 1
        before = self._judgements.get(fact.reading)
        self._judgements[fact.reading] = fact.judgement  # right or wrong, what comes after was decided by it
        try:
            if isinstance(fact, ReadingReported):
                standing, targets = self._indicator(fact.indicator), self._target(fact.indicator, fact.unit)
                due = judge_reading(fact.value, Period.parse(fact.period), self._charters, standing, targets)
            elif before is None:
                return f"{fact.reading} could not be judged: it is corrected, and was never reported"
            else:
                due = judge_correction(fact.value, before)
        except (Refused, ValueError, LookupError, ArithmeticError) as error:
            return f"{fact.reading} could not be judged: {error}"
        return _differences(fact.reading, fact.judgement, due)

    def _miss_again(self, fact: ReadingMissed) -> str:
        self.decisions += 1
        period = Period.parse(fact.period)
        try:
            definition, charter = (
                self._indicator(fact.indicator).on(period.last_day).definition,
                self._charters.on(period.last_day),
            )
            due = period.due(charter)
            colour = colour_of_missing(definition, due, fact.effective, charter)
            had_to_be = (colour, due, charter.version, self._charters.digest_on(period.last_day))
        except (Refused, ValueError, LookupError) as error:
            return f"{fact.reading} could not be judged: {error}"
        was = (fact.colour, fact.due, fact.charter, fact.charter_digest)
        told = [f"{w} and had to be {h}" for w, h in zip(was, had_to_be, strict=True) if w != h]
        return f"{fact.reading}, missing: recorded is {'; '.join(told)}" if told else ""

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


def _differences(reading: ReadingId, recorded: Judgement, due: Judgement) -> str:
    """What of a recorded judgement is not as it had to be; "" if all is."""
    wrong = [
        f"the {field} is recorded as {was}, and had to be {had_to_be}"
        for field in Judgement.__struct_fields__
        if (was := getattr(recorded, field)) != (had_to_be := getattr(due, field))
    ]
    return f"{reading}: {'; '.join(wrong)}" if wrong else ""
