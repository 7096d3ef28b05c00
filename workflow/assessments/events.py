"""What happened to assessments (row 8 of the domain).

An assessment is of one group, in a unit and below it, for one quarter or year. Points are decimals with two places,
rounded half up. Whoever is scored is a person or a unit: of the fields `person` and `unit` one is given.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from workflow.ids import AppealId, AssessmentId, HonourId, MatterId, PersonId, UnitId
from workflow.slices import Event


class AssessmentOpened(Event):
    """`subjects` are the ids of those who are assessed, by `charter` to the end: the one in force on the last day."""

    TOPIC = "assessment.opened"
    assessment: AssessmentId
    group: str
    scope: UnitId
    period: str
    subjects: tuple[str, ...]
    charter: str
    charter_digest: str
    effective: date


class Stay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days, both included, on which the same units told how somebody worked."""

    units: tuple[str, ...]
    first: date
    last: date
    days: int


class Counting(msgspec.Struct, frozen=True, array_like=True):
    """A reading that counted: its period, its attainment (at most 1; 0 if missing), and its colour or `missing`."""

    period: str
    attainment: Decimal
    colour: str


class Counted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The readings of an indicator that counted for a part, and how much each weighs: the weight of the indicator,
    times the months of a period."""

    unit: str
    part: str
    indicator: str
    weight: Decimal
    readings: tuple[Counting, ...]


class Rating(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The points that somebody gives for a part that is rated."""

    part: str
    rater: PersonId
    points: Decimal


class PartScore(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The score of a part, of `points` at most; None: nothing was measured, and its points are shared by the others."""

    part: str
    points: Decimal
    score: Decimal | None


class SubjectScored(Event):
    """The score without bonus and deduction (`base`), how it was made up, and how many of the readings were red.

    `scorer` scored, or is the first of those who decided an appeal.
    """

    TOPIC = "assessment.scored"
    assessment: AssessmentId
    person: PersonId | None
    unit: UnitId | None
    scorer: PersonId
    stays: tuple[Stay, ...]
    counted: tuple[Counted, ...]
    ratings: tuple[Rating, ...]
    parts: tuple[PartScore, ...]
    base: Decimal
    reds: int
    effective: date


class SubjectExcused(Event):
    """Not assessed after all; the reason is in the entry."""

    TOPIC = "assessment.excused"
    assessment: AssessmentId
    person: PersonId | None
    unit: UnitId | None
    effective: date


class BonusRecorded(Event):
    """Points for a matter; with `honour` those of its level."""

    TOPIC = "assessment.bonus_recorded"
    assessment: AssessmentId
    person: PersonId | None
    unit: UnitId | None
    matter: MatterId
    points: Decimal
    honour: HonourId | None
    evidence: tuple[str, ...]
    effective: date


class DeductionRecorded(Event):
    TOPIC = "assessment.deduction_recorded"
    assessment: AssessmentId
    person: PersonId | None
    unit: UnitId | None
    matter: MatterId
    points: Decimal
    evidence: tuple[str, ...]
    effective: date


class VetoRecorded(Event):
    """Whatever the points, the grade is capped."""

    TOPIC = "assessment.veto_recorded"
    assessment: AssessmentId
    person: PersonId | None
    unit: UnitId | None
    matter: MatterId
    evidence: tuple[str, ...]
    effective: date


class MatterStruck(Event):
    """What a matter gave or took, by `honour` or (None) by itself, counts no more: the honour was revoked, or `appeal`
    was upheld."""

    TOPIC = "assessment.matter_struck"
    assessment: AssessmentId
    person: PersonId | None
    unit: UnitId | None
    matter: MatterId
    honour: HonourId | None
    appeal: AppealId | None
    effective: date


class Votes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    subject: str
    votes: int


class VoteRecorded(Event):
    """A vote between some who were equal in all else."""

    TOPIC = "assessment.vote_recorded"
    assessment: AssessmentId
    votes: tuple[Votes, ...]
    evidence: tuple[str, ...]
    effective: date


class ReviewerRecused(Event):
    """The person does not decide appeals of this assessment; the reason is in the entry."""

    TOPIC = "assessment.reviewer_recused"
    assessment: AssessmentId
    person: PersonId
    effective: date


class ScoresConfirmed(Event):
    """`person` holds the level of the chain that the charter names."""

    TOPIC = "assessment.confirmed"
    assessment: AssessmentId
    person: PersonId
    level: str
    effective: date


class Result(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`total` is base + bonus - deduction, not below 0. `decides` is the score of the part that decides between equals.

    `rank` is None where ranking is off. `awaits_vote`: equal to others in all that decides, where the quota ends.
    """

    subject: str
    base: Decimal
    bonus: Decimal
    deduction: Decimal
    total: Decimal
    decides: Decimal
    reds: int
    vetoed: bool
    grade: str
    rank: int | None = None
    awaits_vote: bool = False


class AssessmentPublished(Event):
    """The results, by rank or else by id. They are on notice, and appeals may be lodged, up to and with these days."""

    TOPIC = "assessment.published"
    assessment: AssessmentId
    results: tuple[Result, ...]
    notice_until: date
    appeals_until: date
    effective: date


class AssessmentRevised(Event):
    """The results anew; the ones before stay known. `why`: appeal, honour or vote. `revision` counts from 2."""

    TOPIC = "assessment.revised"
    assessment: AssessmentId
    revision: int
    why: str
    results: tuple[Result, ...]
    appeal: AppealId | None
    honour: HonourId | None
    effective: date


class AssessmentFinalised(Event):
    """Notice is over, and all appeals are decided."""

    TOPIC = "assessment.finalised"
    assessment: AssessmentId
    effective: date


class AppealLodged(Event):
    """`by` is the person scored, or who answers for the unit. To be decided up to and with `decide_by`."""

    TOPIC = "appeal.lodged"
    appeal: AppealId
    assessment: AssessmentId
    person: PersonId | None
    unit: UnitId | None
    by: PersonId
    grounds: str
    decide_by: date
    effective: date


class AppealDecided(Event):
    TOPIC = "appeal.decided"
    appeal: AppealId
    assessment: AssessmentId
    person: PersonId | None
    unit: UnitId | None
    reviewers: tuple[PersonId, ...]
    upheld: bool
    finding: str
    late: bool
    effective: date


class AppealOverdue(Event):
    """It was to be decided by now, and is not."""

    TOPIC = "appeal.overdue"
    appeal: AppealId
    assessment: AssessmentId
    person: PersonId | None
    unit: UnitId | None
    decide_by: date
    effective: date
