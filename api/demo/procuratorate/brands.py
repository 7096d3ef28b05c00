"""The brands of 2024, 2025 and the beginning of 2026, the five qualities of the branches by quarter, and honours.

The brand of G1 is not renewed in time in 2025: the clock retires it, and it is listed anew. That of G3 is rejected at
first, that of G4 moves to another sub-brand, that of G6 is checked late, that of G8 has to be mended, and that of G5
is mended late.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

from api.demo.procuratorate.organisation import people
from api.demo.steps import Step
from workflow.brands.applying import ApplyForBrand, ReviewBrand
from workflow.brands.checking import CheckBrand, MendBrand
from workflow.brands.events import Points
from workflow.brands.listing import ListBrand, MoveBrand, RejectBrand
from workflow.honours.commands import ConferHonour, CorrectHonour
from workflow.ids import BrandId, CaseTeamId, HonourId, MatterId, PersonId, UnitId
from workflow.periods import Period
from workflow.qualities.commands import CorrectQualities, ScoreQualities
from workflow.qualities.events import QualityPoints
from workflow.qualities.views import score_id

CLERK, SECOND, SUPERVISOR = "clerk", "assessor", "supervisor"
SECRETARY, LEADER, DEPUTY = PersonId("P006"), PersonId("P007"), PersonId("P002")
"""The organ secretary and a member of the leading group review brands; a deputy chief those of the organ committee."""


class _Brand(NamedTuple):
    brand: BrandId
    unit: str
    level: str
    parent: BrandId | None
    zh: str
    en: str


UMBRELLA, STUDY, SERVICE, INTEGRITY = (BrandId(f"BR-{id}") for id in ("BEACON", "STUDY", "SERVICE", "INTEGRITY"))

TOP = _Brand(UMBRELLA, "DCP", "umbrella_brand", None, "赤炬明衡", "Red Beacon, Clear Scale")
SUBS = (
    _Brand(STUDY, "G2", "sub_brand", UMBRELLA, "炬学", "Beacon Study"),
    _Brand(SERVICE, "G7", "sub_brand", UMBRELLA, "炬行", "Beacon Service"),
    _Brand(INTEGRITY, "OC", "sub_brand", UMBRELLA, "炬廉", "Beacon Integrity"),
)
BUSINESS = tuple(
    _Brand(BrandId(f"BR-{unit}"), unit, "business_brand", parent, zh, en)
    for unit, parent, zh, en in (
        ("G1", STUDY, "稳枢", "Steady Desk"),
        ("G2", STUDY, "根铸", "Root & Forge"),
        ("G3", INTEGRITY, "速衡", "Swift Scale"),
        ("G4", INTEGRITY, "护市", "Guarded Market"),
        ("G5", SERVICE, "青案", "Green Docket"),
        ("G6", SERVICE, "护苗", "Sapling Shield"),
        ("G7", SERVICE, "敞门", "Open Door"),
        ("G8", INTEGRITY, "直规", "Straight Rule"),
    )
)
ALL = (TOP, *SUBS, *BUSINESS)

LATE, REJECTED, MOVED, MENDED, MENDED_LATE = (BrandId(f"BR-{unit}") for unit in ("G1", "G3", "G4", "G8", "G5"))
OVERDUE = (BrandId("BR-G6"), 2024)
"""Whose check is late, in which year."""

MOVED_ON, ANEW = date(2025, 5, 6), date(2025, 3, 3)

HONOURED_TEAMS = CaseTeamId("T1"), CaseTeamId("T2")
BRANCHES = tuple(UnitId(f"B{n}") for n in range(1, 6))
QUALITIES = ("learning", "service", "hard_work", "innovation", "integrity")
CORRECTED = score_id(UnitId("B3"), Period.parse("2025-Q1"))


def steps() -> Iterator[Step]:
    """All of it; what is done on one day is in its order."""
    yield from _listed(2024, date(2024, 1, 15))
    yield from _checked(2024)
    yield from _listed(2025, date(2025, 1, 6))
    yield Step(MOVED_ON, SUPERVISOR, MoveBrand(brand=MOVED, parent=SERVICE, effective=MOVED_ON))
    yield from _checked(2025)
    yield from _begun(2026, date(2026, 1, 5))
    yield from _scored()
    yield from _honours()


def _listed(year: int, first: date) -> Iterator[Step]:
    """Level by level, a week apart: what stands below is listed last."""
    for week, level in enumerate(((TOP,), SUBS, BUSINESS)):
        day = first + timedelta(weeks=week)
        for each in level:
            late = (each.brand, year) == (LATE, 2025)
            applied = ANEW if late else day
            if (each.brand, year) == (REJECTED, 2024):
                yield _applied(each, year, applied)
                reject = RejectBrand(brand=each.brand, year=year, effective=applied)
                yield Step(applied, SUPERVISOR, reject, "计划过于笼统。")
            yield from _reviewed(each, year, applied)
            listed = applied + timedelta(days=4)
            yield Step(listed, SUPERVISOR, ListBrand(brand=each.brand, year=year, effective=listed))


def _begun(year: int, first: date) -> Iterator[Step]:
    """The umbrella and the sub-brands are renewed; the business brands are reviewed, and still to be decided."""
    for week, level in enumerate(((TOP,), SUBS)):
        for each in level:
            day = first + timedelta(days=4 * week)
            yield from _reviewed(each, year, day)
            yield Step(day, SUPERVISOR, ListBrand(brand=each.brand, year=year, effective=day))
    for each in BUSINESS:
        yield from _reviewed(each, year, date(2026, 1, 13))


def _applied(each: _Brand, year: int, day: date) -> Step:
    moved = each.brand == MOVED and year > MOVED_ON.year
    application = ApplyForBrand(
        brand=each.brand,
        unit=UnitId(each.unit),
        year=year,
        level=each.level,
        title_zh=each.zh,
        title_en=each.en,
        goals=f"{year} 年：制度一项、案例两件、群众反馈每季一次。",
        evidence=(f"{each.brand} {year} 年创建方案",),
        parent=SERVICE if moved else each.parent,
        person=HEADS[each.unit],
        effective=day,
    )
    return Step(day, CLERK, application)


def _reviewed(each: _Brand, year: int, day: date) -> Iterator[Step]:
    yield _applied(each, year, day)
    given = Random(f"{each.brand}.{year}")
    for reviewer in _outsiders(each):
        points = tuple(
            Points(criterion, Decimal(given.randint(2 * least, 2 * most)) / 2)
            for criterion, least, most in (("fusion", 33, 39), ("results", 33, 39), ("recognition", 16, 20))
        )
        review = ReviewBrand(
            brand=each.brand, year=year, reviewer=reviewer, points=points, finding="符合创建标准。", effective=day
        )
        yield Step(day, SECOND, review)


def _checked(year: int) -> Iterator[Step]:
    for each in ALL:
        to_mend = each.brand == {2024: MENDED, 2025: MENDED_LATE}[year]
        day = date(year, 7, 2) if each in BUSINESS else date(year, 6, 24)
        if (each.brand, year) == OVERDUE:
            day = date(year, 7, 22)
        check = CheckBrand(
            brand=each.brand,
            checker=_outsiders(each)[0],
            finding="案例未更新。" if to_mend else "按方案推进。",
            evidence=(f"{each.brand} {year} 年中期检查表",),
            result="mend" if to_mend else "pass",
            mend_by=date(year, 8, 5) if to_mend else None,
            effective=day,
        )
        yield Step(day, SUPERVISOR, check)
        if to_mend:
            mended = date(year, 8, 2 if year == 2024 else 12)
            seen = MendBrand(
                brand=each.brand, checker=_outsiders(each)[0], finding="已更新。", evidence=("案例",), effective=mended
            )
            yield Step(mended, SUPERVISOR, seen)


def _outsiders(each: _Brand) -> tuple[PersonId, PersonId]:
    return (LEADER, DEPUTY) if each.unit == "OC" else (SECRETARY, LEADER)


def _scored() -> Iterator[Step]:
    """The organ secretary scores every branch for every quarter."""
    period, given = Period.parse("2024-Q1"), Random("qualities")
    while period.year < 2026:
        day = period.next.first_day + timedelta(days=10)
        for branch in BRANCHES:
            points = _qualities([given.randint(30, 40) for _ in QUALITIES], branch, period)
            asked = {"unit": branch, "period": str(period), "scorer": SECRETARY}
            score = ScoreQualities(**asked, points=points, effective=day)  # type: ignore[arg-type]
            yield Step(day, SECOND, score)
            if score_id(branch, period) == CORRECTED:
                halves = [int(2 * each.points) for each in points]
                better = _qualities([min(halves[0] + 3, 40), *halves[1:]], branch, period)
                found = date(2025, 5, 20)
                correct = CorrectQualities(score=CORRECTED, scorer=SECRETARY, points=better, effective=found)
                yield Step(found, SECOND, correct, "漏计一次集中学习。", SUPERVISOR)
        period = period.next


def _qualities(halves: list[int], branch: UnitId, period: Period) -> tuple[QualityPoints, ...]:
    return tuple(
        QualityPoints(quality, Decimal(half) / 2, (f"{branch} {period} {quality} 台账",))
        for quality, half in zip(QUALITIES, halves, strict=True)
    )


def _honours() -> Iterator[Step]:
    """Two teams, a person and a brand; that of the first team was recorded at the wrong level."""
    one, two = HONOURED_TEAMS
    found = date(2024, 12, 20)
    for honour in (
        _honour("H-2024-02", date(2024, 12, 16), "county", "IP-2024", case_team=one, credited=UnitId("G4")),
        _honour("H-2024-03", date(2024, 12, 18), "province", "CAMPAIGN-2024", case_team=two, credited=UnitId("G3")),
        _honour("H-2025-02", date(2025, 4, 28), "province", "CASE-2024-201", person=PersonId("P064")),
        _honour("H-2025-03", date(2025, 6, 3), "county", "SAPLING-2025", brand=BrandId("BR-G6")),
    ):
        yield Step(honour.effective, CLERK, honour)
        if honour.case_team == one:
            right = CorrectHonour(
                honour=honour.honour,
                level="city",
                title=honour.title,
                issuer="市人民检察院",
                matter=honour.matter,
                evidence=honour.evidence,
                case_team=one,
                credited=honour.credited,
                conferred_on=honour.effective,
                effective=found,
            )
            yield Step(found, CLERK, right, "表彰文件为市级。", SUPERVISOR)


def _honour(
    id: str,
    day: date,
    level: str,
    matter: str,
    *,
    person: PersonId | None = None,
    brand: BrandId | None = None,
    case_team: CaseTeamId | None = None,
    credited: UnitId | None = None,
) -> ConferHonour:
    return ConferHonour(
        honour=HonourId(id),
        person=person,
        brand=brand,
        case_team=case_team,
        credited=credited,
        level=level,
        title="先进集体" if person is None else "先进个人",
        issuer={"county": "县委", "city": "市人民检察院", "province": "省人民检察院"}[level],
        matter=MatterId(matter),
        evidence=(f"表彰文件 {id}",),
        effective=day,
    )


HEADS = {each.post.removesuffix("-HEAD"): PersonId(each.id) for each in people() if each.post.endswith("-HEAD")}
HEADS |= {"DCP": PersonId("P001"), "OC": SECRETARY}
"""Who heads a unit in the months in which it applies."""
