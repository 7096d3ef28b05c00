"""Counting again what readings count, from the events themselves: number, tallies and value must come out the same."""

from __future__ import annotations

from collections.abc import Sequence

from workflow.again import learned
from workflow.calendar import ONE_DAY
from workflow.charter.events import CharterPublished
from workflow.charter.views import CharterInForce
from workflow.counting import Counting, counted
from workflow.indicators.events import Count, Definition, NothingCounted, ReadingReported
from workflow.indicators.views import IndicatorStanding
from workflow.measures import MEASURES
from workflow.periods import Period
from workflow.remembered import Remembered, listened_to
from workflow.slices import Event, Refused, View

_STOOD_ON: Sequence[type[View]] = (
    CharterInForce,
    IndicatorStanding,
    *(view for each in MEASURES.values() for view in each.VIEWS),
)
"""Views of all that is counted."""


class CountsAgain:
    """What readings count, and that what is counted is not reported."""

    def __init__(self) -> None:
        self.decisions = 0
        self._past = Remembered()

    def listens_to(self) -> Sequence[type[Event]]:
        return list(dict.fromkeys((CharterPublished, ReadingReported, NothingCounted, *listened_to(_STOOD_ON))))

    def follow(self, fact: Event, position: int | None = None) -> str:
        if learned(fact):
            return ""
        told = ""
        if isinstance(fact, ReadingReported | NothingCounted):
            try:
                told = self._count_again(fact)
            except (Refused, ValueError, LookupError) as error:
                told = f"{fact.reading} could not be counted: {error}"
        self._past.note(fact, position)
        return told

    def _count_again(self, fact: ReadingReported | NothingCounted) -> str:
        period = Period.parse(fact.period)
        charters, standing = CharterInForce(), IndicatorStanding(fact.indicator)
        self._past.read((charters, standing))
        definition = standing.on(period.last_day).definition
        was = fact.count if isinstance(fact, ReadingReported) else None
        if not definition.counts:
            return "" if was is None and isinstance(fact, ReadingReported) else f"{fact.reading} is not to be counted"
        self.decisions += 1
        asked = Counting.by(charters, fact.unit, period, definition.kinds)
        due, value = self._counted(asked, definition)
        recorded = fact.value if isinstance(fact, ReadingReported) else None
        wrong = [
            f"{what} is recorded as {one}, and had to be {other}"
            for what, one, other in (
                ("the value", recorded, value),
                ("effective", fact.effective, asked.until + ONE_DAY),
                ("what was counted", brief(was), brief(None if value is None else due)),
            )
            if one != other
        ]
        if not wrong and was is not None and was != due:
            wrong = ["other events are cited than had to be counted"]
        return f"{fact.reading}: {'; '.join(wrong)}" if wrong else ""

    def _counted(self, asked: Counting, definition: Definition) -> tuple[Count, object]:
        measure = MEASURES[definition.counts](asked)
        self._past.learn(measure.knows())
        count = counted(measure.tallies())
        return count, measure.value(count.number, count.of)


def brief(count: Count | None) -> str:
    """A count in a few words."""
    return "nothing" if count is None else f"{count.number} of {count.of}, by {count.events} events"
