"""Re-performance: every decision that was recorded is taken again, and must come out the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from workflow.assessments.reperformance import AssessmentsAgain
from workflow.duties.reperformance import DutiesAgain
from workflow.indicators.reperformance import ReadingsAgain
from workflow.plans.reperformance import TasksAgain
from workflow.reports.reperformance import ReportsAgain
from workflow.slices import Event
from workflow.warnings.reperformance import WarningsAgain


class Again(Protocol):
    """Takes the decisions of one part of the domain again, while it follows the log from its beginning.

    It holds at every event what was known before it, and trusts no recorded input: what a decision stood on, it follows
    itself. `decisions` is how many it took again.
    """

    decisions: int

    def listens_to(self) -> Sequence[type[Event]]: ...

    def follow(self, fact: Event) -> str:
        """Take note of the next event. If it is a decision, what is wrong with it; "" if nothing is."""
        ...


AGAIN: Sequence[Callable[[], Again]] = (
    ReadingsAgain,
    DutiesAgain,
    ReportsAgain,
    TasksAgain,
    WarningsAgain,
    AssessmentsAgain,
)
"""Those of all parts."""


class Reperformance:
    """All decisions of the log again."""

    def __init__(self, parts: Sequence[Callable[[], Again]] = AGAIN) -> None:
        self._parts = [part() for part in parts]
        self._listening: dict[str, list[Again]] = {}
        for part in self._parts:
            for event in part.listens_to():
                self._listening.setdefault(event.TOPIC, []).append(part)
        self._topics = frozenset(self._listening)

    @property
    def topics(self) -> frozenset[str]:
        """The types of the events that `follow` wants to be given."""
        return self._topics

    @property
    def decisions(self) -> int:
        return sum(part.decisions for part in self._parts)

    def follow(self, fact: Event) -> str:
        """Take note of the next event of `topics`; what is wrong with it, "" if nothing is."""
        told = [part.follow(fact) for part in self._listening[fact.TOPIC]]
        return "; ".join(filter(None, told))
