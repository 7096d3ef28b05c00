"""The agenda of warnings: which of them have to go up on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from workflow.charter.views import CharterInForce
from workflow.clock.agenda import Act
from workflow.clock.events import ClockStarted
from workflow.ids import WarningId
from workflow.slices import Event
from workflow.warnings.escalation import EscalateWarning, passed
from workflow.warnings.views import Escalations, InterviewStanding, WarningStanding


class EscalatedWarnings:
    """What was not answered, not rectified, or not held, by the day before."""

    def __init__(self) -> None:
        self._since: date | None = None
        self._known: dict[WarningId, tuple[WarningStanding, Escalations, InterviewStanding]] = {}
        self._open: set[WarningId] = set()

    def listens_to(self) -> Iterable[type[Event]]:
        yield ClockStarted
        yield from WarningStanding.listens_to()
        yield from Escalations.listens_to()
        yield from InterviewStanding.listens_to()

    def note(self, fact: Event) -> None:
        if isinstance(fact, ClockStarted):
            self._since = fact.effective
            return
        warning: WarningId = getattr(fact, "warning")  # noqa: B009 (each of them has one)
        if warning not in self._known:
            self._known[warning] = WarningStanding(warning), Escalations(warning), InterviewStanding(warning)
        for view in self._known[warning]:
            view.note(fact)
        self._open.add(warning)

    def due(self, day: date, charters: CharterInForce) -> Iterator[Act]:
        charter = charters.on(day)
        for warning in sorted(self._open):
            loop, past, interview = self._known[warning]
            if loop.state == "closed_out" and loop.last < day and interview.missing_on(day) is None:
                self._open.discard(warning)
            elif passed(loop, past, interview, day, charter, self._since):
                yield Act(f"escalate.{warning}.{day}", EscalateWarning(warning=warning, effective=day))
