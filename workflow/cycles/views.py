"""What is known of a sync cycle."""

from __future__ import annotations

from dataclasses import field
from datetime import date

from workflow.cycles.events import CycleClosed, CycleInspected, CycleOpened, CycleStageReached
from workflow.ids import CycleId
from workflow.slices import View, event


class CycleStanding(View):
    """How a cycle was opened, the stages that each line reached, in order, and whether it was inspected and closed."""

    cycle: CycleId
    opened: CycleOpened | None = field(init=False, default=None)
    stages: dict[str, list[str]] = field(init=False, default_factory=dict)
    inspected: bool = field(init=False, default=False)
    closed: bool = field(init=False, default=False)
    last: date = field(init=False, default=date.min)

    @event(CycleOpened)
    def was_opened(self, fact: CycleOpened) -> None:
        self.opened, self.last = fact, fact.effective
        self.stages = {item.line: [] for item in fact.items}

    @event(CycleStageReached)
    def reached(self, line: str, stage: str, effective: date) -> None:
        self.stages[line].append(stage)
        self.last = effective

    @event(CycleInspected)
    def was_inspected(self, effective: date) -> None:
        self.inspected, self.last = True, effective

    @event(CycleClosed)
    def was_closed(self, effective: date) -> None:
        self.closed, self.last = True, effective
