"""What every department plans for a quarter, and how its targets are split and amended: the work of eight quarters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zlib import crc32

from api.demo.procuratorate.organisation import DEPARTMENTS, Department, people
from api.demo.procuratorate.plans import MOVED, MOVES
from api.demo.procuratorate.quarterly_tasks import Given, Quarter, life
from api.demo.steps import Step, periods
from workflow.calendar import Calendar
from workflow.charter.model import Charter
from workflow.ids import IndicatorId, PersonId, PlanId, TargetId, TaskId, UnitId
from workflow.plans.amending import AddTarget, ChangeTarget
from workflow.plans.numbering import part_id, plan_id, target_id
from workflow.plans.planning import AdoptPlan, Aim, CancelTarget
from workflow.plans.splitting import AssignTasks, Part, Reallocate


@dataclass(frozen=True)
class Work:
    """A target of every quarter: `each` for everybody in a range of the department's staff, its head not counted, up
    to `more` beside that, and a `rest` for the department itself. The title is the indicator's, where there is one."""

    title: str
    staff: tuple[int, int]
    each: int
    rest: int
    more: int = 0
    measure: str = "count"
    indicator: IndicatorId | None = None


def _measured(indicator: str, staff: tuple[int, int], each: int, rest: int, measure: str = "") -> Work:
    return Work("", staff, each, rest, measure=measure, indicator=IndicatorId(indicator))


WORK = {
    "G1": (
        Work("督办事项办结", (0, 4), 6, 4, 3),
        Work("检察信息简报", (4, 8), 4, 3, 2),
        Work("公文核稿", (8, 11), 25, 5, 10),
    ),
    "G2": (
        _measured("I06", (0, 4), 2, 4),
        Work("青年干警导学", (4, 6), 6, 2, 2),
        Work("人事档案核对", (6, 9), 12, 3, 4),
    ),
    "G3": (
        Work("刑事案件审结", (0, 7), 12, 6, 6),
        Work("案件质量自查", (7, 14), 8, 6, 4),
        Work("案卷归档", (14, 17), 20, 5, 10),
    ),
    "G4": (
        _measured("I12", (0, 4), 1, 2),
        _measured("I13", (4, 8), 1, 1),
        Work("经济犯罪案卷自查", (8, 13), 8, 4, 4),
    ),
    "G5": (
        Work("民事行政监督案件审结", (0, 5), 5, 4, 3),
        Work("公益诉讼线索核查", (5, 9), 6, 3, 3),
        Work("检察建议跟踪回访", (9, 12), 4, 3, 2),
    ),
    "G6": (
        _measured("I18", (0, 3), 2, 3),
        Work("帮教回访", (3, 5), 12, 4, 4),
        Work("社会调查", (5, 7), 6, 2, 2),
    ),
    "G7": (
        Work("首次信访就地化解", (0, 3), 5, 3, 2),
        Work("来访接待", (3, 6), 18, 6, 8),
        Work("司法救助线索摸排", (6, 8), 5, 2, 2),
    ),
    "G8": (
        Work("案件流程监控", (0, 2), 40, 10, 15),
        _measured("I25", (2, 11), 10, 5, "hours_a_quarter"),
    ),
}
"""What a department has to do, target by target."""

INSTEAD = {"I12": Work("重大案件会商", (0, 4), 3, 2, 2)}
"""What G4 does in 2025, when its plan of the year pursues the indicator."""

ACTING = ("G7", PersonId("P084"), {"2025-Q1", "2025-Q2"})
"""Who has no task of her own while she acts as head (story b), for she is who verifies."""

GIVEN_UP = {TargetId("G1.2024-Q3.T2"), TargetId("G2.2025-Q1.T2")}
"""Targets that are given up in mid-quarter, with all their tasks."""

AMENDED = TargetId("G3.2025-Q1.T1")
"""The target that is raised in mid-quarter: the department itself takes what is more."""
MORE = 10

ADDED = (PlanId("G7.2025-Q3"), Aim(Decimal(12), "count", "信访积案排查"), (3, 5), 4)
"""The target that is added to a plan: to which, what, to whom, and how much each of them does."""

DISBURDENED = {
    TaskId("G3.2024-Q2.T1.4"),
    TaskId("G5.2024-Q4.T2.1"),
    TaskId("G6.2025-Q1.T2.2"),
    TaskId("G1.2025-Q2.T1.3"),
    TaskId("G3.2025-Q4.T2.5"),
}
"""Tasks that are cancelled by a reallocation: the department itself takes what is left of them."""


def steps(charter: Charter, first: date, last: date) -> Iterator[Step]:
    """All plans of quarters from one day to another, and what becomes of them."""
    calendar = Calendar(charter)
    for period in periods("quarterly", first, last):
        quarter = Quarter(period, calendar)
        for department in DEPARTMENTS:
            yield from _planned(department, quarter)


def _planned(department: Department, quarter: Quarter) -> Iterator[Step]:
    unit, user, plan = UnitId(department.id), f"head-{department.id}", plan_id(UnitId(department.id), quarter.period)
    year, number = str(quarter.period).split("-Q")
    split: list[tuple[TargetId, list[Given]]] = []
    aims: list[Aim] = []
    for place, usual in enumerate(WORK[department.id], 1):
        work = INSTEAD.get(usual.indicator or "", usual) if year == "2025" else usual
        target = target_id(plan, place)
        given = list(_given(target, work, department, quarter))
        amount = sum((each.amount for each in given), Decimal(0))
        aims.append(Aim(amount, work.measure if work.indicator is None else "", work.title, work.indicator))
        split.append((target, given))
    title = f"{department.zh}{year}年第{number}季度工作计划"
    adopted = AdoptPlan(
        unit=unit, period=str(quarter.period), title=title, targets=tuple(aims), effective=quarter.opens
    )
    yield Step(quarter.opens, "supervisor", adopted)
    for target, given in split:
        yield from _split(target, given, quarter.split, user)
        yield from _pursued(target, given, quarter, user)
    if plan == ADDED[0]:
        yield from _added(department, quarter, user)


def _given(target: TargetId, work: Work, department: Department, quarter: Quarter) -> Iterator[Given]:
    """The parts of a target, in their order: of people, and the rest of the department itself."""
    number = 1
    for person in staff(department, quarter)[slice(*work.staff)]:
        if (department.id, person) == ACTING[:2] and str(quarter.period) in ACTING[2]:
            continue
        task = part_id(target, number)
        amount = work.each + crc32(f"{task}.amount".encode()) % (work.more + 1)
        yield Given(task, UnitId(department.id), person, Decimal(amount))
        number += 1
    yield Given(part_id(target, number), UnitId(department.id), None, Decimal(work.rest))


def staff(department: Department, quarter: Quarter) -> list[PersonId]:
    """Who works in a department when a quarter begins, beside its head: those who changed places (story d) as well."""
    moved = {taken: person for person, _, taken in MOVES} if quarter.opens > MOVED else {}
    posts = [each for each in people() if each.post.startswith(f"{department.id}-")]
    return [PersonId(moved.get(each.post, each.id)) for each in posts if not each.post.endswith("-HEAD")]


def _split(target: TargetId, given: list[Given], day: date, user: str) -> Iterator[Step]:
    parts = tuple(
        Part(each.amount, person=each.person) if each.person else Part(each.amount, unit=each.unit) for each in given
    )
    yield Step(day, user, AssignTasks(target=target, parts=parts, effective=day))


def _pursued(target: TargetId, given: list[Given], quarter: Quarter, user: str) -> Iterator[Step]:
    """What becomes of a target: as a rule its tasks are done; a few are changed in mid-quarter."""
    day = quarter.middle
    if target in GIVEN_UP:
        for each in given:
            yield from life(each, quarter, until=day)
        yield Step(
            day, user, CancelTarget(target=target, effective=day), "上级统一部署,本项工作并入专项。", "supervisor"
        )
        return
    gone = next((each for each in given if each.task in DISBURDENED), None)
    rest = given[-1]
    if gone is None and target != AMENDED:
        for each in given:
            yield from life(each, quarter)
        return
    extra = Decimal(MORE) if gone is None else gone.amount - gone.after(1)
    for each in given:
        if each == gone:
            yield from life(each, quarter, until=day)
        else:
            yield from life(each, quarter, more=extra if each == rest else Decimal(0))
    parts = tuple(
        Part(each.amount + (extra if each == rest else Decimal(0)), task=each.task) for each in given if each != gone
    )
    if gone is None:
        amount = sum((each.amount for each in given), extra)
        raised = ChangeTarget(target=target, amount=amount, parts=parts, effective=day)
        yield Step(day, user, raised, "本季受理案件增加。", "supervisor")
    else:
        anew = Reallocate(target=target, parts=parts, effective=day)
        yield Step(day, user, anew, "该同志参加集中培训，剩余部分由部门承担。", "supervisor")


def _added(department: Department, quarter: Quarter, user: str) -> Iterator[Step]:
    plan, aim, those, each = ADDED
    day, target = quarter.middle, target_id(plan, len(WORK[department.id]) + 1)
    add = AddTarget(plan=plan, aim=aim, effective=day)
    yield Step(day, user, add, "市院部署专项排查。", "supervisor")
    doers = staff(department, quarter)[slice(*those)]
    unit = UnitId(department.id)
    given = [Given(part_id(target, n), unit, doer, Decimal(each)) for n, doer in enumerate(doers, 1)]
    given.append(Given(part_id(target, len(doers) + 1), unit, None, aim.amount - each * len(doers)))
    split = quarter.calendar.add(day, 1)
    yield from _split(target, given, split, user)
    for one in given:
        yield from life(one, quarter, since=split)
