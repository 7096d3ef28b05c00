"""What becomes of a task of a quarter, from its acceptance to its verification; which way follows from its id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from zlib import crc32

from api.demo.procuratorate.duties import holder, in_charge
from api.demo.procuratorate.plans import MOVES
from api.demo.steps import Step
from workflow.calendar import ONE_DAY, Calendar
from workflow.ids import PersonId, TaskId, UnitId
from workflow.periods import Period
from workflow.plans.changing import ExtendTask, ReassignTask
from workflow.plans.checking import ReturnTask, VerifyTask
from workflow.plans.doing import AcceptTask, CompleteTask, RefuseTask, ReportProgress

SUPERVISOR = "supervisor"

NEVER_DONE = {TaskId("G1.2024-Q4.T1.2"), TaskId("G5.2025-Q3.T1.4"), TaskId("G8.2025-Q2.T2.3")}
"""Tasks that stay undone, and red."""

REFUSED = {TaskId("G3.2024-Q3.T2.2"): PersonId("P040"), TaskId("G6.2024-Q2.T3.1"): PersonId("P082")}
"""Tasks that are given back, and to whom they go then."""

SETTLED = date(2025, 5, 20)
LEFT_BEHIND = {
    TaskId("G4.2025-Q2.T3.3"): PersonId(MOVES[1][0]),
    TaskId("G5.2025-Q2.T3.1"): PersonId(MOVES[0][0]),
}
"""Tasks of those who change places in mid-quarter (story d): the clock notes them as left behind, and days later they
are given to whoever came instead."""


@dataclass(frozen=True)
class Quarter:
    """The days on which plans of a quarter are adopted, split, changed and reported of."""

    period: Period
    calendar: Calendar

    @property
    def opens(self) -> date:
        return self.calendar.add(self.period.first_day - ONE_DAY, 1)

    @property
    def split(self) -> date:
        return self.calendar.add(self.opens, 1)

    @property
    def middle(self) -> date:
        return self.calendar.add(_month(self.period, 1) + timedelta(days=17), 1)

    def reported(self, month: int, chance: int) -> date:
        """A working day at the end of a month of it, the first or the second."""
        return self.calendar.add(_month(self.period, month), -1 - chance % 3)

    def before_end(self, working_days: int) -> date:
        """The working day that has one fewer working days after it, in the quarter."""
        return self.calendar.add(self.period.last_day + ONE_DAY, -working_days)

    def after_end(self, working_days: int) -> date:
        return self.calendar.add(self.period.last_day, working_days)


def _month(period: Period, number: int) -> date:
    """The first day of a month of a quarter, the first one is 0."""
    return period.first_day.replace(month=period.first_day.month + number)


@dataclass(frozen=True)
class Given:
    """A task as it is given: without a person, to the unit itself."""

    task: TaskId
    unit: UnitId
    person: PersonId | None
    amount: Decimal

    def chance(self, of: str, among: int) -> int:
        return crc32(f"{self.task}.{of}".encode()) % among

    def after(self, months: int) -> Decimal:
        """How much of it is done a month or two after its beginning."""
        share = Decimal(30 * months + self.chance(f"pace.{months}", 8) - 4) / 100
        return (self.amount * share).quantize(Decimal(1), rounding=ROUND_DOWN)


def life(
    given: Given,
    quarter: Quarter,
    *,
    since: date | None = None,
    until: date | None = None,
    more: Decimal = Decimal(0),
) -> Iterator[Step]:
    """All that is done about a task that is given at the beginning of the quarter, or `since`. What is done before it
    is cancelled is what is done before `until`; `more` is added to it in mid-quarter."""
    steps = _Life(given, quarter, since or quarter.split, given.amount + more).steps()
    return (step for step in steps if until is None or step.day < until)


class _Life:
    def __init__(self, given: Given, quarter: Quarter, since: date, amount: Decimal) -> None:
        self._given, self._quarter, self._since, self._amount = given, quarter, since, amount
        self._task, self._calendar, self._user = given.task, quarter.calendar, f"head-{given.unit}"
        self._person = given.person
        self._done = Decimal(0)

    def steps(self) -> Iterator[Step]:
        given = self._given
        late = given.chance("accept", 40) == 0
        yield from self._accepted(self._calendar.add(self._since, 5 if late else 1 + given.chance("day", 2)))
        for months in (1, 2):
            day = self._quarter.reported(months, given.chance(f"report.{months}", 3))
            if months == 2 and self._task in LEFT_BEHIND:
                yield from self._passed_on(LEFT_BEHIND[self._task], SETTLED, "原承办人轮岗，由接任者继续办理。")
            if day > self._since:
                yield from self._progressed(given.after(months), day)
        if self._task in NEVER_DONE:
            return
        yield from self._finished(given.chance("fate", 100))

    def _by(self, day: date) -> PersonId:
        """Who says what is done: the person, or the head of the department."""
        return self._person or holder(f"{self._given.unit}-HEAD", day)

    def _accepted(self, day: date) -> Iterator[Step]:
        if self._task in REFUSED:
            why = "本季已承担两项专项任务。"
            refuse = RefuseTask(task=self._task, person=self._by(day), why=why, effective=day)
            yield Step(day, self._user, refuse)
            yield from self._passed_on(REFUSED[self._task], self._calendar.add(day, 1), "按工作量调整。")
            return
        yield Step(day, self._user, AcceptTask(task=self._task, person=self._by(day), effective=day))

    def _passed_on(self, to: PersonId, day: date, why: str) -> Iterator[Step]:
        self._person, then = to, self._calendar.add(day, 1)
        yield Step(day, self._user, ReassignTask(task=self._task, person=to, effective=day), why)
        yield Step(then, self._user, AcceptTask(task=self._task, person=to, effective=then))

    def _progressed(self, done: Decimal, day: date) -> Iterator[Step]:
        if done > self._done:
            self._done = done
            report = ReportProgress(task=self._task, person=self._by(day), done=done, effective=day)
            yield Step(day, self._user, report)

    def _finished(self, fate: int) -> Iterator[Step]:
        """Most are done well in time, some in the last days, a few later: extended in time, or when they are red."""
        quarter = self._quarter
        if fate < 86:
            day = quarter.before_end(8 + fate % 6)
        elif fate < 94:
            day = quarter.before_end(1 + fate % 5)
        elif fate < 98:
            extended = quarter.before_end(2) if fate < 96 else quarter.after_end(2)
            yield from self._progressed(self._amount - 1, quarter.before_end(3))
            extend = ExtendTask(task=self._task, due=quarter.after_end(9), effective=extended)
            yield Step(extended, self._user, extend, "外部单位回函未到。", SUPERVISOR)
            day = quarter.after_end(5 + fate % 4)
        else:
            day = quarter.after_end(3)
        yield from self._progressed(self._amount, day)
        yield from self._completed(day, "台账")
        yield from self._checked(self._calendar.add(day, 1))

    def _completed(self, day: date, evidence: str) -> Iterator[Step]:
        shown = (f"{evidence} {self._task}",)
        complete = CompleteTask(task=self._task, person=self._by(day), evidence=shown, effective=day)
        yield Step(day, self._user, complete)

    def _checked(self, day: date) -> Iterator[Step]:
        """The head verifies what people did, and the deputy chief in charge what the head did; one in twenty-five is
        returned and done anew."""
        if self._given.chance("check", 25) == 0:
            back = ReturnTask(
                task=self._task, verifier=self._verifier(day), finding="台账与案卡不一致。", effective=day
            )
            yield Step(day, self._checker(), back)
            again = self._calendar.add(day, 2)
            yield from self._completed(again, "补正台账")
            day = self._calendar.add(again, 1)
        verify = VerifyTask(task=self._task, verifier=self._verifier(day), finding="属实。", effective=day)
        yield Step(day, self._checker(), verify)

    def _verifier(self, day: date) -> PersonId:
        unit = self._given.unit
        return holder(f"{unit}-HEAD", day) if self._person else in_charge(unit)

    def _checker(self) -> str:
        return self._user if self._person else SUPERVISOR
