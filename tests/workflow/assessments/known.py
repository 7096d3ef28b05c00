"""What the tests of assessments say has happened: two departments, three prosecutors, a chief, readings of a quarter.

The charter measures I07 of D1 and I09 of D2 for performance, C3 of both in common; people rate the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.given import LONG_AGO, Given, charter_in_force
from tests.workflow.indicators.known import START, department, holds, post
from workflow.assessments.appeals import DecideAppeal, LodgeAppeal
from workflow.assessments.events import Rating, Votes
from workflow.assessments.opening import OpenAssessment
from workflow.assessments.publishing import ConfirmScores, FinaliseAssessment, PublishAssessment
from workflow.assessments.scoring import RecordVote, ScoreSubject
from workflow.charter.library import learn
from workflow.charter.loader import digest, shipped
from workflow.ids import AppealId, AssessmentId, IndicatorId, PersonId, UnitId
from workflow.indicators.colour import judge, target_to_date
from workflow.indicators.definitions import definition_of
from workflow.indicators.events import IndicatorAdopted, ReadingReported
from workflow.indicators.views import reading_id
from workflow.organisation.events import PersonRegistered
from workflow.periods import Period
from workflow.sealed import personal
from workflow.slices import Command, Event

TEXT = (
    shipped("procuratorate")
    .replace('scope = { units = ["G3"] }\ntarget = 25', 'scope = { units = ["D1"] }\ntarget = 25')
    .replace('scope = { units = ["G3"] }\ntarget = 90', 'scope = { units = ["D2"] }\ntarget = 90')
)
CHARTER = learn(TEXT)
A = AssessmentId("prosecutors.DCP.2025-Q2")
Q2 = "2025-Q2"
OPEN, SCORE, PUBLISH = date(2025, 7, 10), date(2025, 7, 11), date(2025, 7, 14)  # Thursday, Friday, Monday
DAY = date(2025, 7, 15)
CHIEF, RATER = PersonId("P0"), PersonId("P9")
APPEAL = AppealId("AP1")


def person(id: str, personnel_class: str = "prosecutor", since: date = START) -> Event:
    return PersonRegistered(PersonId(id), personnel_class, personal(name=id), since)


def reported(indicator: str, unit: str, period: str, value: str, text: str = TEXT) -> ReadingReported:
    charter = learn(text)
    defined = definition_of(charter.indicator(indicator))
    when = Period.parse(period)
    asked = target_to_date(defined, defined.target, when)
    judgement = judge(Decimal(value), asked, defined, START, charter, digest(text))
    id = reading_id(IndicatorId(indicator), UnitId(unit), when)
    due, on = when.due(charter), when.last_day + timedelta(days=3)
    return ReadingReported(id, IndicatorId(indicator), UnitId(unit), period, Decimal(value), judgement, due, False, on)


def adopted_as(indicator: str, text: str = TEXT) -> Event:
    return IndicatorAdopted(IndicatorId(indicator), definition_of(learn(text).indicator(indicator)), START)


UNITS = (
    department("DCP", "institution"),
    department("D1", parent="DCP"),
    department("D2", parent="DCP"),
    *(
        post(id, unit, kind)
        for id, unit, kind in (
            ("CHIEF", "DCP", "chief"),
            ("D1-HEAD", "D1", "department_head"),
            ("D2-HEAD", "D2", "department_head"),
            ("D1-H1", "D1", "handler"),
            ("D1-H2", "D1", "handler"),
            ("D2-H1", "D2", "handler"),
            ("D2-H2", "D2", "handler"),
        )
    ),
)
PEOPLE = (
    *(person(f"P{n}") for n in range(6)),
    person("P8", "clerk"),
    person("P9", "admin"),
    holds("P0", "CHIEF", "DCP"),
    holds("P4", "D1-HEAD", "D1"),
    holds("P1", "D1-H1", "D1"),
    holds("P2", "D1-H2", "D1"),
    holds("P3", "D2-H1", "D2"),
    holds("P8", "D2-H2", "D2"),
)


def readings(text: str = TEXT) -> tuple[Event, ...]:
    """Performance: D1 reached (0.8 + 1 + 1) / 3, D2 all. Common: D1 reached all, D2 half."""
    return (
        *(adopted_as(indicator, text) for indicator in ("I07", "I09", "C3")),
        reported("I07", "D1", "2025-04", "31.25", text),
        reported("I07", "D1", "2025-05", "25", text),
        reported("I07", "D1", "2025-06", "20", text),
        *(reported("I09", "D2", f"2025-0{n}", "90", text) for n in (4, 5, 6)),
        reported("C3", "D1", Q2, "92", text),
        reported("C3", "D2", Q2, "46", text),
    )


READINGS = readings()
KNOWN: tuple[Event, ...] = (*UNITS, *PEOPLE, *READINGS)


def rated(points: str = "9", rater: str = RATER, part: str = "overall") -> tuple[Rating, ...]:
    return (Rating(part, PersonId(rater), Decimal(points)),)


def opening(group: str = "prosecutors", scope: str = "DCP", period: str = Q2, effective: date = OPEN) -> Command:
    return OpenAssessment(group=group, scope=UnitId(scope), period=period, effective=effective)


def scoring(subject: str, ratings: Sequence[Rating] | None = None, effective: date = SCORE, of: str = A) -> Command:
    given_ratings = rated() if ratings is None else tuple(ratings)
    return ScoreSubject(
        assessment=AssessmentId(of), subject=subject, scorer=RATER, ratings=given_ratings, effective=effective
    )


def confirming(effective: date = SCORE, by: str = CHIEF, of: str = A) -> Command:
    return ConfirmScores(assessment=AssessmentId(of), person=PersonId(by), effective=effective)


def publishing(effective: date = PUBLISH, of: str = A) -> Command:
    return PublishAssessment(assessment=AssessmentId(of), effective=effective)


def lodging(subject: str = "P3", by: str = "P3", effective: date = DAY, appeal: str = APPEAL) -> Command:
    return LodgeAppeal(
        appeal=AppealId(appeal), assessment=A, subject=subject, by=PersonId(by), grounds="No.", effective=effective
    )


def deciding(upheld: bool = True, reviewers: Sequence[str] = ("P4", "P5"), **more: Any) -> Command:
    asked = {"appeal": APPEAL, "finding": "Seen.", "effective": DAY, **more}
    return DecideAppeal(reviewers=tuple(PersonId(each) for each in reviewers), upheld=upheld, **asked)


def voting(**votes: int) -> Command:
    cast = tuple(Votes(subject, number) for subject, number in votes.items())
    return RecordVote(assessment=A, votes=cast, evidence=("minutes",), effective=SCORE)


def after(*steps: Event | Command, known: Sequence[Event] = KNOWN, text: str = TEXT) -> Given:
    """What has happened, and then what came of commands, each on its day."""
    facts = [*charter_in_force(text, LONG_AGO), *known]
    for step in steps:
        if isinstance(step, Event):
            facts.append(step)
            continue
        today = step.effective  # type: ignore[attr-defined]
        answer = Given(facts).when(step, today=today, reason="because", approver="C2")
        assert answer.refusal is None, str(answer.refusal)
        facts += answer.facts
    return Given(facts)


SCORED = (opening(), scoring("P1"), scoring("P2"), scoring("P3", rated("8")))
PUBLISHED = (*SCORED, confirming(), voting(P1=3, P2=1), publishing())


def result(facts: Sequence[Event], subject: str) -> Any:
    """The last result of a subject among the events."""
    lists = [each.results for each in facts if hasattr(each, "results")]
    return next(each for each in lists[-1] if each.subject == subject)


def replace_day(command: Command, effective: date = DAY) -> Command:
    again = command.again()
    again.effective = effective  # type: ignore[attr-defined]
    return again


def finalising(effective: date) -> Command:
    return FinaliseAssessment(assessment=A, effective=effective)
