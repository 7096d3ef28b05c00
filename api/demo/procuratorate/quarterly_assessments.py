"""The assessments of every quarter: of departments, leaders and all classes of personnel in the institution, but of
prosecutors department by department, as they are equals only there; who is rated how follows from the ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from zlib import crc32

from api.demo.procuratorate.assessments import ASSESSMENT, CHIEF, REVIEWERS
from api.demo.procuratorate.duties import INSPECTOR, holder, in_charge
from api.demo.procuratorate.organisation import DEPARTMENTS, PROSECUTOR, ROOT, people
from api.demo.procuratorate.plans import MOVED, MOVES
from api.demo.steps import Step, periods
from workflow.assessments.appeals import DecideAppeal, LodgeAppeal
from workflow.assessments.events import Rating, Votes
from workflow.assessments.opening import OpenAssessment
from workflow.assessments.publishing import ConfirmScores, PublishAssessment
from workflow.assessments.scoring import RecordBonus, RecordDeduction, RecordVeto, RecordVote, ScoreSubject
from workflow.assessments.views import assessment_id
from workflow.calendar import Calendar
from workflow.charter.model import Charter
from workflow.ids import AppealId, AssessmentId, HonourId, MatterId, PersonId, UnitId
from workflow.periods import Period

CLASS_OF = {
    "prosecutors": PROSECUTOR,
    "assistants": "assistant",
    "clerks": "clerk",
    "police": "judicial_police",
    "staff": "admin",
}
"""The groups of people by the class of personnel."""

DEPUTIES = tuple(PersonId(f"P{number:03d}") for number in range(2, 6))


class Merit(NamedTuple):
    """What a matter gives or takes: of an honour its points, else points taken, or the veto."""

    assessment: str
    subject: str
    matter: str
    honour: str = ""
    points: str = ""


MERITS = (
    Merit("departments.DCP.2024-Q4", "G4", "IP-2024", honour="H-2024-02"),
    Merit("departments.DCP.2024-Q4", "G3", "CAMPAIGN-2024", honour="H-2024-03"),
    Merit("prosecutors.G5.2025-Q2", "P064", "CASE-2024-201", honour="H-2025-02"),
    Merit("departments.DCP.2025-Q2", "G6", "SAPLING-2025", honour="H-2025-03"),
    Merit("clerks.DCP.2024-Q1", "P046", "ARCHIVE-2024-03", points="1"),
    Merit("staff.DCP.2024-Q3", "P014", "SAFETY-2024-07", points="2"),
    Merit("assistants.DCP.2024-Q4", "P070", "TERM-2024-11", points="1.5"),
    Merit("prosecutors.G4.2025-Q3", "P052", "REVIEW-2025-08", points="2.5"),
    Merit("clerks.DCP.2025-Q4", "P081", "ARCHIVE-2025-12", points="1"),
    # The breach that C6 of G8 tells of.
    Merit("police.DCP.2024-Q3", "P097", "CONDUCT-2024-09"),
)

TIED, VOTES = "police.DCP.2025-Q1", (Votes("P096", 5), Votes("P099", 4))
"""Two are rated alike, better than all others, where there is one place; a vote decides."""


@dataclass(frozen=True)
class Appeal:
    """Who appeals against what, and, if it is upheld, how the reviewers rate."""

    id: AppealId
    assessment: str
    subject: PersonId
    grounds: str
    finding: str
    anew: str = ""


APPEALS = (
    Appeal(
        AppealId("AP-2024-01"),
        "clerks.DCP.2024-Q3",
        PersonId("P060"),
        "综合评价未计入专项归档工作。",
        "专项归档工作已在部门评价中计入，维持原结果。",
    ),
    Appeal(
        AppealId("AP-2025-02"),
        "prosecutors.G5.2025-Q3",
        PersonId("P065"),
        "借调培训期间的授课未计入综合评价。",
        "授课属实，应予计入。",
        "9.55",
    ),
)


def steps(charter: Charter, first: date, last: date) -> Iterator[Step]:
    """All assessments of quarters from one day to another; the one of story (h) is not among them."""
    calendar = Calendar(charter)
    for period in periods("quarterly", first, last):
        for group in ("departments", "leaders", *CLASS_OF):
            for scope in _scopes(group):
                if assessment_id(group, scope, period) != ASSESSMENT:
                    yield from _assessed(group, scope, period, calendar)


def _scopes(group: str) -> list[UnitId]:
    """Where a group is assessed: prosecutors, in the departments that have more of them than the head."""
    if group == "prosecutors":
        return [UnitId(each.id) for each in DEPARTMENTS if each.classes[0] > 1]
    return [UnitId(ROOT)]


def _assessed(group: str, scope: UnitId, period: Period, calendar: Calendar) -> Iterator[Step]:
    """From the opening, on the first working day after that on which readings are counted, to the publication."""
    id = assessment_id(group, scope, period)
    opened = calendar.add(period.next.first_day.replace(day=10), 1)
    confirmed, published = calendar.add(opened, 2), calendar.add(opened, 3)
    yield Step(opened, "assessor", OpenAssessment(group=group, scope=scope, period=str(period), effective=opened))
    given: set[tuple[str, int]] = set()
    for subject, unit in _subjects(group, scope, period.last_day):
        ratings = tuple(_ratings(id, subject, unit, opened, given))
        scorer = ratings[0].rater
        score = ScoreSubject(assessment=id, subject=subject, scorer=scorer, ratings=ratings, effective=opened)
        yield Step(opened, "assessor", score)
    day = calendar.add(opened, 1)
    yield from (_merit(each, day) for each in MERITS if each.assessment == id)
    yield Step(confirmed, "leader", ConfirmScores(assessment=id, person=CHIEF, effective=confirmed))
    if id == TIED:
        vote = RecordVote(assessment=id, votes=VOTES, evidence=(f"考核委员会纪要 {confirmed}",), effective=confirmed)
        yield Step(confirmed, "assessor", vote)
    yield Step(published, "assessor", PublishAssessment(assessment=id, effective=published))
    for appeal in APPEALS:
        if appeal.assessment == id:
            yield from _appealed(appeal, id, published, calendar)


def _subjects(group: str, scope: UnitId, day: date) -> Iterator[tuple[str, str]]:
    """Who is assessed, and in which department; the leaders of the institution are in none."""
    if group == "departments":
        yield from ((each.id, each.id) for each in DEPARTMENTS)
        return
    heads = {holder(f"{each.id}-HEAD", day): each.id for each in DEPARTMENTS}
    if group == "leaders":
        yield CHIEF, ""
        yield from ((each, "") for each in DEPUTIES)
        yield from heads.items()
        return
    moved = {person: taken.partition("-")[0] for person, _, taken in MOVES} if day >= MOVED else {}
    for each in people():
        unit = moved.get(each.id, each.post.partition("-")[0])
        posted = unit.startswith("G") and not each.post.endswith("-HEAD")
        if posted and each.id not in heads and each.personnel_class == CLASS_OF[group] and scope in (unit, ROOT):
            yield each.id, unit


def _ratings(id: AssessmentId, subject: str, unit: str, day: date, given: set[tuple[str, int]]) -> Iterator[Rating]:
    """The overall part, of ten points: people by the head of the department, leaders by the chief, departments by the
    chief and the deputy in charge. Nobody is rated like another of the same department, but for the tie."""
    points = 740 + crc32(f"{id}.{subject}".encode()) % 210
    while (unit, points) in given:
        points += 1
    given.add((unit, points))
    if id == TIED and subject in {each.subject for each in VOTES}:
        points = 980
    rated = Decimal(points) / 100
    if subject == unit:
        yield Rating("overall", CHIEF, rated)
        yield Rating("overall", in_charge(unit), min(rated + Decimal("0.2"), Decimal(10)))
    elif subject == CHIEF:
        yield Rating("overall", INSPECTOR, rated)
    elif id.startswith("leaders"):
        yield Rating("overall", CHIEF, rated)
    else:
        yield Rating("overall", holder(f"{unit}-HEAD", day), rated)


def _merit(merit: Merit, day: date) -> Step:
    about: dict[str, Any] = {
        "assessment": AssessmentId(merit.assessment),
        "subject": merit.subject,
        "matter": MatterId(merit.matter),
        "evidence": (f"文件 {merit.matter}",),
        "effective": day,
    }
    command: RecordBonus | RecordDeduction | RecordVeto
    if merit.honour:
        command = RecordBonus(**about, honour=HonourId(merit.honour))
    elif merit.points:
        command = RecordDeduction(**about, points=Decimal(merit.points))
    else:
        command = RecordVeto(**about)
    return Step(day, "assessor", command)


def _appealed(appeal: Appeal, id: AssessmentId, published: date, calendar: Calendar) -> Iterator[Step]:
    lodged, decided = calendar.add(published, 2), calendar.add(published, 9)
    lodge = LodgeAppeal(
        appeal=appeal.id,
        assessment=id,
        subject=appeal.subject,
        by=appeal.subject,
        grounds=appeal.grounds,
        effective=lodged,
    )
    yield Step(lodged, "clerk", lodge)
    decision = DecideAppeal(
        appeal=appeal.id,
        reviewers=REVIEWERS,
        upheld=bool(appeal.anew),
        finding=appeal.finding,
        ratings=(Rating("overall", REVIEWERS[0], Decimal(appeal.anew)),) if appeal.anew else (),
        effective=decided,
    )
    yield Step(decided, "supervisor", decision)
