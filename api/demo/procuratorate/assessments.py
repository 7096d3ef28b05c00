"""The assessment of the prosecutors of G3 for the second quarter of 2025: an honour, an appeal, and a revocation.

Of the stories, (h) and (i): the appeal is upheld, and later the honour is revoked that had the first place.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from api.demo.steps import Step
from workflow.assessments.appeals import DecideAppeal, LodgeAppeal
from workflow.assessments.events import Rating
from workflow.assessments.opening import OpenAssessment
from workflow.assessments.publishing import ConfirmScores, PublishAssessment
from workflow.assessments.scoring import RecordBonus, ScoreSubject
from workflow.assessments.views import assessment_id
from workflow.honours.commands import ConferHonour, RevokeHonour
from workflow.ids import AppealId, HonourId, MatterId, PersonId, UnitId
from workflow.periods import Period

GROUP, UNIT, PERIOD = "prosecutors", UnitId("G3"), "2025-Q2"
ASSESSMENT = assessment_id(GROUP, UNIT, Period.parse(PERIOD))
CHIEF, SCORER, REVIEWERS = PersonId("P001"), PersonId("P020"), (PersonId("P002"), PersonId("P003"))
HONOURED, APPELLANT = PersonId("P034"), PersonId("P033")
HONOUR, APPEAL, MATTER = HonourId("H-2025-01"), AppealId("AP-2025-01"), MatterId("CASE-2025-117")

RATINGS = {"P031": "9.5", "P032": "8.5", "P033": "9.4", "P034": "8", "P035": "7.5", "P036": "8.2", "P037": "7"}
"""The overall part, of ten points, by person."""


def steps() -> Iterator[Step]:
    """Everything, in the order in which it is done."""
    conferred, opened, published = date(2025, 5, 12), date(2025, 7, 11), date(2025, 7, 14)
    lodged, decided, revoked = date(2025, 7, 15), date(2025, 7, 22), date(2025, 9, 15)
    honour = ConferHonour(
        honour=HONOUR,
        person=HONOURED,
        level="province",
        title="Model prosecutor",
        issuer="Provincial procuratorate",
        matter=MATTER,
        evidence=("decree 12/2025",),
        effective=conferred,
    )
    yield Step(conferred, "clerk", honour)
    yield Step(opened, "assessor", OpenAssessment(group=GROUP, scope=UNIT, period=PERIOD, effective=opened))
    for subject, points in RATINGS.items():
        rating = Rating("overall", SCORER, Decimal(points))
        score = ScoreSubject(assessment=ASSESSMENT, subject=subject, scorer=SCORER, ratings=(rating,), effective=opened)
        yield Step(opened, "assessor", score)
    bonus = RecordBonus(
        assessment=ASSESSMENT,
        subject=HONOURED,
        matter=MATTER,
        honour=HONOUR,
        evidence=("decree 12/2025",),
        effective=opened,
    )
    yield Step(opened, "assessor", bonus)
    yield Step(published, "leader", ConfirmScores(assessment=ASSESSMENT, person=CHIEF, effective=published))
    yield Step(published, "assessor", PublishAssessment(assessment=ASSESSMENT, effective=published))
    appeal = LodgeAppeal(
        appeal=APPEAL,
        assessment=ASSESSMENT,
        subject=APPELLANT,
        by=APPELLANT,
        grounds="Two months of mentoring were left out of the rating.",
        effective=lodged,
    )
    yield Step(lodged, "clerk", appeal)
    decision = DecideAppeal(
        appeal=APPEAL,
        reviewers=REVIEWERS,
        upheld=True,
        finding="They were left out.",
        ratings=(Rating("overall", REVIEWERS[0], Decimal("9.8")),),
        effective=decided,
    )
    yield Step(decided, "supervisor", decision)
    withdrawn = "The case was retried, and the province withdrew it."
    yield Step(revoked, "clerk", RevokeHonour(honour=HONOUR, effective=revoked), withdrawn, "supervisor")
