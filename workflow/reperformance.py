"""Re-performance: every decision that was recorded is taken again, and must come out the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import signature
from typing import Any, Protocol

from workflow.assessments.reperformance import AssessmentsAgain
from workflow.brands.reperformance import BrandsAgain
from workflow.duties.reperformance import DutiesAgain
from workflow.hearings.reperformance import HearingsAgain
from workflow.honours.reperformance import HonoursAgain
from workflow.indicators.recounting import CountsAgain
from workflow.indicators.reperformance import ReadingsAgain
from workflow.mentoring.reperformance import MentorshipsAgain
from workflow.plans.reperformance import TasksAgain
from workflow.programmes.reperformance import ProgrammesAgain
from workflow.qualities.reperformance import QualitiesAgain
from workflow.reports.reperformance import ReportsAgain
from workflow.service.reperformance import NeedsAgain, VisitsAgain
from workflow.slices import Event
from workflow.study.reperformance import SessionsAgain
from workflow.warnings.reperformance import WarningsAgain


class Again(Protocol):
    """Takes the decisions of one part of the domain again, while it follows the log from its beginning.

    It holds at every event what was known before it, and trusts no recorded input: what a decision stood on, it follows
    itself. `decisions` is how many it took again. One whose `follow` asks for a `position` too is given the event's.
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
    VisitsAgain,
    NeedsAgain,
    HearingsAgain,
    CountsAgain,
    SessionsAgain,
    MentorshipsAgain,
    ProgrammesAgain,
    BrandsAgain,
    QualitiesAgain,
    HonoursAgain,
)
"""Those of all parts."""


class Reperformance:
    """All decisions of the log again."""

    def __init__(self, parts: Sequence[Callable[[], Again]] = AGAIN) -> None:
        self._parts = [part() for part in parts]
        self._listening: dict[str, list[Callable[[Event, int | None], str]]] = {}
        for part in self._parts:
            follow = _placed(part)
            for event in part.listens_to():
                self._listening.setdefault(event.TOPIC, []).append(follow)
        self._topics = frozenset(self._listening)

    @property
    def topics(self) -> frozenset[str]:
        """The types of the events that `follow` wants to be given."""
        return self._topics

    @property
    def decisions(self) -> int:
        return sum(part.decisions for part in self._parts)

    def follow(self, fact: Event, position: int | None = None) -> str:
        """Take note of the next event of `topics`; what is wrong with it, "" if nothing is."""
        told = [follow(fact, position) for follow in self._listening[fact.TOPIC]]
        return "; ".join(filter(None, told))


def _placed(part: Any) -> Callable[[Event, int | None], str]:
    """The part's `follow`, called with a position whether it asks for one or not."""
    if "position" in signature(part.follow).parameters:
        placed: Callable[[Event, int | None], str] = part.follow
        return placed
    return lambda fact, position: str(part.follow(fact))
