"""Opening sync cycles, moving them stage by stage, inspecting and closing them.

The charter in force on the day on which a cycle opened says through which stages it moves, to its end.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from workflow.calendar import ONE_DAY
from workflow.charter.duties import Sync
from workflow.charter.library import by_digest
from workflow.charter.views import CharterInForce
from workflow.cycles.events import CycleClosed, CycleInspected, CycleOpened, CycleStageReached, Item
from workflow.cycles.views import CycleStanding
from workflow.dates import Span, charter_for
from workflow.evidence import said, shown
from workflow.ids import CycleId, PersonId, UnitId
from workflow.organisation.levels import UnitHeads
from workflow.organisation.outside import Belonging
from workflow.organisation.views import UnitStanding
from workflow.slices import Command, Knows, Refused


class OpenCycle(Command):
    """Let a unit set out with an item on each line, to move through all stages in step."""

    cycle: CycleId
    unit: UnitId
    title: str
    items: tuple[Item, ...]
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing, self.place = (
            CharterInForce(),
            CycleStanding(self.cycle),
            UnitStanding(self.unit),
        )
        yield self.charters, self.standing, self.place

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        if self.standing.opened is not None:
            raise Refused("cycle.exists", f"There is a cycle {self.cycle} already.", "cycle")
        if charter.sync is None:
            raise Refused("cycle.charter", "The charter knows no sync cycles.", "cycle")
        self.place.must_stand(Span(self.effective, self.effective + ONE_DAY))
        if self.effective > self.context.today:
            raise Refused("cycle.future", f"{self.effective} is still to come.", "effective")
        title = said(self.title, "cycle.title", "A cycle has a title.")
        items = _one_a_line(self.items, charter.sync.lines, "items")
        digest = self.charters.digest_on(self.effective)
        self.trigger(CycleOpened(self.cycle, self.unit, title, items, charter.version, digest, self.effective))


class _ActOnCycle(Command):
    """What is done about an open cycle."""

    cycle: CycleId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), CycleStanding(self.cycle)
        yield self.charters, self.standing

    def opened(self) -> CycleOpened:
        """Raises Refused if nobody opened it."""
        if self.standing.opened is None:
            raise Refused("cycle.unknown", f"There is no cycle {self.cycle}.", "cycle")
        return self.standing.opened

    def begin(self) -> tuple[CycleOpened, Sync]:
        """The cycle, and how it moves. Raises Refused if it is closed, or if the act would come before the last one."""
        charter_for(self, self.charters)
        opened = self.opened()
        if self.standing.closed:
            raise Refused("cycle.closed", f"The cycle {self.cycle} is closed.", "cycle")
        if self.effective < self.standing.last:
            sentence = f"The last was on {self.standing.last}, and this is earlier."
            raise Refused("cycle.order", sentence, "effective")
        if self.effective > self.context.today:
            raise Refused("cycle.future", f"{self.effective} is still to come.", "effective")
        self.rule_version = opened.charter
        sync = by_digest(opened.charter_digest).sync
        assert sync is not None
        return opened, sync

    def refuse_unfinished(self, sync: Sync) -> None:
        """Raises Refused unless every line has reached the last stage."""
        for line, stages in self.standing.stages.items():
            if len(stages) < len(sync.stages):
                last = sync.stages[-1].id
                raise Refused("cycle.unfinished", f"The line {line} has not reached the stage {last}.", "cycle")


class _ActOfUnit(_ActOnCycle):
    """The same by somebody who answers for the unit, or, without a person, recorded by a clerk."""

    person: PersonId | None = None

    def knows(self) -> Knows:
        yield from super().knows()
        if self.person is not None:
            self.heads = UnitHeads(self.charters.on(self.effective), self.opened().unit, self.effective)
            yield from self.heads.knows()

    def begin(self) -> tuple[CycleOpened, Sync]:
        opened, sync = super().begin()
        if self.person is not None and self.person not in self.heads.people:
            sentence = f"{self.person} does not answer for the unit {opened.unit} on {self.effective}."
            raise Refused("cycle.not_answerable", sentence, "person")
        return opened, sync


class ReachStage(_ActOfUnit):
    """Say that a line has reached its next stage, and show it. No line runs further ahead than the charter allows."""

    line: str
    stage: str
    evidence: tuple[str, ...]

    def execute(self) -> None:
        opened, sync = self.begin()
        if self.line not in self.standing.stages:
            lines = ", ".join(self.standing.stages)
            raise Refused("cycle.line", f"The cycle has the lines {lines}.", "line")
        reached = self.standing.stages[self.line]
        following = [stage.id for stage in sync.stages[len(reached) :]]
        if not following or self.stage != following[0]:
            then = f"the next stage is {following[0]}" if following else "it has reached the last stage"
            raise Refused("cycle.stage", f"On the line {self.line}, {then}.", "stage")
        behind = min(self.standing.stages, key=lambda line: len(self.standing.stages[line]))
        if len(reached) + 1 - len(self.standing.stages[behind]) > sync.at_most_ahead:
            sentence = f"The line {self.line} would be more than {sync.at_most_ahead} ahead of the line {behind}."
            raise Refused("cycle.ahead", sentence, "line")
        evidence = shown(self.evidence, "cycle.evidence")
        names = self.cycle, opened.unit, self.line, self.stage
        self.trigger(CycleStageReached(*names, evidence, self.person, self.effective))


class RecordInspection(_ActOnCycle):
    """Record what somebody from outside the unit found on each line, once all have reached the last stage.

    From outside is who does not belong to the unit on that day.
    """

    inspector: PersonId
    findings: tuple[Item, ...]
    evidence: tuple[str, ...]

    def knows(self) -> Knows:
        yield from super().knows()
        self.who = Belonging(self.inspector, self.opened().unit, self.effective)
        yield from self.who.knows(self.charters.on(self.effective))

    def execute(self) -> None:
        opened, sync = self.begin()
        if self.standing.inspected:
            raise Refused("cycle.inspected", f"The cycle {self.cycle} was inspected already.", "cycle")
        self.refuse_unfinished(sync)
        findings = _one_a_line(self.findings, sync.lines, "findings")
        evidence = shown(self.evidence, "cycle.evidence")
        self.who.must_be_outside("cycle.inspector", "inspector")
        self.trigger(CycleInspected(self.cycle, opened.unit, self.inspector, findings, evidence, self.effective))


class CloseCycle(_ActOfUnit):
    """Close a cycle that went through all stages on every line, and was inspected."""

    def execute(self) -> None:
        opened, sync = self.begin()
        self.refuse_unfinished(sync)
        if not self.standing.inspected:
            raise Refused("cycle.not_inspected", "A cycle is closed when its inspection is recorded.", "cycle")
        self.trigger(CycleClosed(self.cycle, opened.unit, self.person, self.effective))


def _one_a_line(items: Iterable[Item], lines: Iterable[str], field: str) -> tuple[Item, ...]:
    """The items in the charter's order. Raises Refused unless there is just one for each line."""
    told, wanted = list(items), list(lines)
    if sorted(item.line for item in told) != sorted(wanted):
        raise Refused(f"cycle.{field}", f"One for each of the lines {', '.join(wanted)}.", field)
    texts = {item.line: said(item.text, f"cycle.{field}", "None of them is blank.") for item in told}
    return tuple(Item(line, texts[line]) for line in wanted)
