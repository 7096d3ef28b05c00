"""Assessments: where each is, every score and result with what it was made up of, and appeals."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec

from projections.facts import At, Facts, FactTable, ReadModel, day, decimal, document, flag, integer, text
from workflow.assessments.events import (
    AppealDecided,
    AppealLodged,
    AppealOverdue,
    AssessmentFinalised,
    AssessmentOpened,
    AssessmentPublished,
    AssessmentRevised,
    BonusRecorded,
    DeductionRecorded,
    MatterStruck,
    Result,
    ReviewerRecused,
    ScoresConfirmed,
    SubjectExcused,
    SubjectScored,
    VetoRecorded,
    VoteRecorded,
)
from workflow.assessments.views import subject_of

ASSESSMENT = FactTable(
    "assessment",
    key=[text("assessment")],
    columns=[
        text("group_id"),
        text("scope"),
        text("period"),
        document("subjects"),
        text("state"),
        text("charter"),
        text("charter_digest"),
        integer("revision"),
        day("notice_until"),
        day("appeals_until"),
        text("confirmed_by"),
        document("votes"),
        document("recused"),
    ],
    register=["state", "scope"],
)
"""A row holds while the assessment is in a state: open, confirmed, published or finalised. `revision` is 0 before it is
published, then counts its results. `recused`: who decides no appeal of it, and why."""

SCORE = FactTable(
    "score",
    key=[text("assessment"), text("subject")],
    columns=[
        text("scorer"),
        document("stays"),
        document("counted"),
        document("ratings"),
        document("parts"),
        decimal("base"),
        integer("reds"),
        flag("excused"),
        text("words"),
    ],
    indexes=[["subject"]],
)
"""The score of a subject without bonus and deduction, and all that went into it. `words`: why somebody is excused."""

MERIT = FactTable(
    "merit",
    key=[text("assessment"), text("subject"), text("kind"), text("matter"), integer("number")],
    columns=[
        decimal("points"),
        text("honour"),
        document("evidence"),
        text("struck_by"),
    ],
    indexes=[["honour"]],
)
"""What a matter gave or took: `kind` is bonus, deduction or veto; `number` counts from 0 what was recorded for it.

`struck_by` is the honour whose revocation, or the appeal whose decision, took it away again.
"""

RESULT = FactTable(
    "result",
    key=[text("assessment"), text("subject"), integer("revision")],
    columns=[
        decimal("base"),
        decimal("bonus"),
        decimal("deduction"),
        decimal("total"),
        decimal("decides"),
        integer("reds"),
        flag("vetoed"),
        text("grade"),
        integer("rank"),
        flag("awaits_vote"),
        text("why"),
        text("cause"),
    ],
    indexes=[["subject"]],
)
"""A result of a revision; of those that are known the last one holds.

`why` (publication, appeal, honour or vote) and `cause`, the id of the appeal or the honour, say what made it.
"""

APPEAL = FactTable(
    "appeal",
    key=[text("appeal")],
    columns=[
        text("assessment"),
        text("subject"),
        text("lodged_by"),
        text("grounds"),
        day("lodged_on"),
        day("decide_by"),
        text("state"),
        flag("overdue"),
        document("reviewers"),
        text("finding"),
    ],
    indexes=[["assessment"]],
    register=["state", "assessment"],
)
"""A row holds while the appeal is in a state: lodged, upheld or rejected. `overdue`: it was not decided in time."""


def opened(facts: Facts, fact: AssessmentOpened, at: At) -> None:
    facts.open(
        ASSESSMENT,
        fact.assessment,
        valid_from=fact.effective,
        group_id=fact.group,
        scope=fact.scope,
        period=fact.period,
        subjects=fact.subjects,
        state="open",
        charter=fact.charter,
        charter_digest=fact.charter_digest,
        revision=0,
    )


def scored(facts: Facts, fact: SubjectScored, at: At) -> None:
    values: dict[str, Any] = {
        "scorer": fact.scorer,
        "stays": fact.stays,
        "counted": fact.counted,
        "ratings": fact.ratings,
        "parts": fact.parts,
        "base": fact.base,
        "reds": fact.reds,
        "excused": False,
        "words": "",
    }
    key = fact.assessment, subject_of(fact.person, fact.unit)
    if facts.get(SCORE, *key) is None:
        facts.open(SCORE, *key, valid_from=fact.effective, **values)
    else:
        facts.amend(SCORE, *key, effective=fact.effective, **values)


def excused(facts: Facts, fact: SubjectExcused, at: At) -> None:
    key = fact.assessment, subject_of(fact.person, fact.unit)
    if facts.get(SCORE, *key) is not None:
        facts.close(SCORE, *key)
    facts.open(SCORE, *key, valid_from=fact.effective, excused=True, words=at.reason)


def bonus(facts: Facts, fact: BonusRecorded, at: At) -> None:
    _merit(facts, fact, "bonus", fact.points, fact.honour, at)


def deduction(facts: Facts, fact: DeductionRecorded, at: At) -> None:
    _merit(facts, fact, "deduction", fact.points, None, at)


def veto(facts: Facts, fact: VetoRecorded, at: At) -> None:
    _merit(facts, fact, "veto", Decimal(0), None, at)


def _merit(
    facts: Facts,
    fact: BonusRecorded | DeductionRecorded | VetoRecorded,
    kind: str,
    points: Decimal,
    honour: str | None,
    at: At,
) -> None:
    subject, number = subject_of(fact.person, fact.unit), 0
    while facts.get(MERIT, fact.assessment, subject, kind, fact.matter, number) is not None:
        number += 1
    facts.open(
        MERIT,
        fact.assessment,
        subject,
        kind,
        fact.matter,
        number,
        valid_from=fact.effective,
        points=points,
        honour=honour,
        evidence=fact.evidence,
        struck_by="",
    )


def struck(facts: Facts, fact: MatterStruck, at: At) -> None:
    subject = subject_of(fact.person, fact.unit)
    for kind in ("bonus", "deduction", "veto"):
        number = 0
        while (held := facts.get(MERIT, fact.assessment, subject, kind, fact.matter, number)) is not None:
            if not held["struck_by"] and held["honour"] == fact.honour:
                key = fact.assessment, subject, kind, fact.matter, number
                facts.amend(MERIT, *key, effective=fact.effective, struck_by=fact.appeal or fact.honour)
            number += 1


def voted(facts: Facts, fact: VoteRecorded, at: At) -> None:
    facts.amend(ASSESSMENT, fact.assessment, effective=fact.effective, votes=fact.votes)


def recused(facts: Facts, fact: ReviewerRecused, at: At) -> None:
    held = facts.get(ASSESSMENT, fact.assessment)
    before = held["recused"] if held is not None else None
    people = [] if before is None else msgspec.json.decode(before)
    recused = [*people, {"person": fact.person, "words": at.reason}]
    facts.amend(ASSESSMENT, fact.assessment, effective=fact.effective, recused=recused)


def confirmed(facts: Facts, fact: ScoresConfirmed, at: At) -> None:
    facts.amend(ASSESSMENT, fact.assessment, effective=fact.effective, state="confirmed", confirmed_by=fact.person)


def published(facts: Facts, fact: AssessmentPublished, at: At) -> None:
    facts.amend(
        ASSESSMENT,
        fact.assessment,
        effective=fact.effective,
        state="published",
        revision=1,
        notice_until=fact.notice_until,
        appeals_until=fact.appeals_until,
    )
    _results(facts, fact, 1, fact.results, "publication", "")


def revised(facts: Facts, fact: AssessmentRevised, at: At) -> None:
    facts.amend(ASSESSMENT, fact.assessment, effective=fact.effective, revision=fact.revision)
    _results(facts, fact, fact.revision, fact.results, fact.why, fact.appeal or fact.honour or "")


def _results(
    facts: Facts,
    fact: AssessmentPublished | AssessmentRevised,
    revision: int,
    results: Sequence[Result],
    why: str,
    cause: str,
) -> None:
    for each in results:
        facts.open(
            RESULT,
            fact.assessment,
            each.subject,
            revision,
            valid_from=fact.effective,
            base=each.base,
            bonus=each.bonus,
            deduction=each.deduction,
            total=each.total,
            decides=each.decides,
            reds=each.reds,
            vetoed=each.vetoed,
            grade=each.grade,
            rank=each.rank,
            awaits_vote=each.awaits_vote,
            why=why,
            cause=cause,
        )


def finalised(facts: Facts, fact: AssessmentFinalised, at: At) -> None:
    facts.amend(ASSESSMENT, fact.assessment, effective=fact.effective, state="finalised")


def lodged(facts: Facts, fact: AppealLodged, at: At) -> None:
    facts.open(
        APPEAL,
        fact.appeal,
        valid_from=fact.effective,
        assessment=fact.assessment,
        subject=subject_of(fact.person, fact.unit),
        lodged_by=fact.by,
        grounds=fact.grounds,
        lodged_on=fact.effective,
        decide_by=fact.decide_by,
        state="lodged",
        overdue=False,
        finding="",
    )


def decided(facts: Facts, fact: AppealDecided, at: At) -> None:
    state = "upheld" if fact.upheld else "rejected"
    facts.amend(
        APPEAL,
        fact.appeal,
        effective=fact.effective,
        state=state,
        overdue=fact.late,
        reviewers=fact.reviewers,
        finding=fact.finding,
    )


def overdue(facts: Facts, fact: AppealOverdue, at: At) -> None:
    facts.amend(APPEAL, fact.appeal, effective=fact.effective, overdue=True)


MODEL = ReadModel(
    "assessments",
    version=3,
    tables=[ASSESSMENT, SCORE, MERIT, RESULT, APPEAL],
    handlers={
        AssessmentOpened: opened,
        SubjectScored: scored,
        SubjectExcused: excused,
        BonusRecorded: bonus,
        DeductionRecorded: deduction,
        VetoRecorded: veto,
        MatterStruck: struck,
        VoteRecorded: voted,
        ReviewerRecused: recused,
        ScoresConfirmed: confirmed,
        AssessmentPublished: published,
        AssessmentRevised: revised,
        AssessmentFinalised: finalised,
        AppealLodged: lodged,
        AppealDecided: decided,
        AppealOverdue: overdue,
    },
)
