"""The assessment of the nurses of Medicine for the second quarter: an honour, and an appeal that is not upheld."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from api.demo.hospital.organisation import staff_of
from api.demo.hospital.plans import COMER, LEAVER
from api.demo.steps import Step
from workflow.assessments.appeals import DecideAppeal, LodgeAppeal
from workflow.assessments.events import Rating
from workflow.assessments.opening import OpenAssessment
from workflow.assessments.publishing import ConfirmScores, PublishAssessment
from workflow.assessments.scoring import RecordBonus, ScoreSubject
from workflow.assessments.views import assessment_id
from workflow.honours.commands import ConferHonour
from workflow.ids import AppealId, HonourId, MatterId, PersonId, UnitId
from workflow.periods import Period

GROUP, UNIT, PERIOD = "nurses", UnitId("MED"), "2025-Q2"
ASSESSMENT = assessment_id(GROUP, UNIT, Period.parse(PERIOD))
PRESIDENT, SCORER = PersonId(staff_of("GH-PRES")[0]), PersonId(staff_of("MED-DIR")[0])
REVIEWERS = (PersonId(staff_of("GH-VP2")[0]), PersonId(staff_of("GH-QO")[0]))

NURSES = sorted({*staff_of("M1-NURSE"), *staff_of("M2-NURSE"), COMER} - {LEAVER})
"""Who nurses in the two wards on the last day of the quarter."""

RATINGS = dict(zip(NURSES, ("9.2", "8.8", "8.5", "9.6", "8.1", "9.0", "7.9", "8.3", "8.6", "7.5"), strict=True))
"""Professional conduct, of ten points, by person."""

HONOURED, APPELLANT = PersonId(NURSES[1]), PersonId(NURSES[-2])
HONOUR, APPEAL, MATTER = HonourId("HON-2025-01"), AppealId("AP-2025-01"), MatterId("NEAR-MISS-2025-08")


def steps() -> Iterator[Step]:
    """Everything, in the order in which it is done."""
    conferred, opened, published = date(2025, 6, 12), date(2025, 7, 15), date(2025, 7, 16)
    lodged, decided = date(2025, 7, 18), date(2025, 7, 25)
    evidence = ("minutes of the committee",)
    honour = ConferHonour(
        honour=HONOUR,
        person=HONOURED,
        level="hospital",
        title="Good catch of the year",
        issuer="Quality and Safety Committee",
        matter=MATTER,
        evidence=evidence,
        effective=conferred,
    )
    yield Step(conferred, "records-office", honour)
    yield Step(opened, "peer-review", OpenAssessment(group=GROUP, scope=UNIT, period=PERIOD, effective=opened))
    for subject, points in RATINGS.items():
        ratings = (Rating("conduct", SCORER, Decimal(points)),)
        score = ScoreSubject(assessment=ASSESSMENT, subject=subject, scorer=SCORER, ratings=ratings, effective=opened)
        yield Step(opened, "peer-review", score)
    bonus = RecordBonus(
        assessment=ASSESSMENT, subject=HONOURED, matter=MATTER, honour=HONOUR, evidence=evidence, effective=opened
    )
    yield Step(opened, "peer-review", bonus)
    yield Step(published, "presidency", ConfirmScores(assessment=ASSESSMENT, person=PRESIDENT, effective=published))
    yield Step(published, "peer-review", PublishAssessment(assessment=ASSESSMENT, effective=published))
    grounds = "The ward had two empty posts in June."
    appeal = LodgeAppeal(
        appeal=APPEAL, assessment=ASSESSMENT, subject=APPELLANT, by=APPELLANT, grounds=grounds, effective=lodged
    )
    yield Step(lodged, "records-office", appeal)
    finding = "That was so for everybody in the ward."
    decision = DecideAppeal(appeal=APPEAL, reviewers=REVIEWERS, upheld=False, finding=finding, effective=decided)
    yield Step(decided, "quality-office", decision)
