"""Assessments, from opening to the final result, and appeals against them."""

from __future__ import annotations

from typing import Any

from api.commands import command
from api.names import Names, names
from api.openapi import Blueprint
from api.reading import Item, Look, Page, Shown, found, read
from api.schemas.assessments import (
    AssessmentsSchema,
    BonusSchema,
    DecideAppealSchema,
    DeductionSchema,
    LodgeAppealSchema,
    OpenAssessmentSchema,
    RecordVoteSchema,
    ScoreSubjectSchema,
    SubjectSchema,
    VetoSchema,
)
from api.schemas.base import ByPersonSchema, DatedSchema
from projections.views import assessments as views
from projections.views.assessments import Appeal, Assessment, Merit, Result, Score
from workflow.assessments.appeals import DecideAppeal, LodgeAppeal
from workflow.assessments.opening import OpenAssessment
from workflow.assessments.publishing import ConfirmScores, FinaliseAssessment, PublishAssessment, RecuseReviewer
from workflow.assessments.scoring import (
    ExcuseSubject,
    RecordBonus,
    RecordDeduction,
    RecordVeto,
    RecordVote,
    ScoreSubject,
)

assessments = Blueprint("assessments", __name__, url_prefix="/v1", description="Assessments and appeals.")

ONE = "/assessments/<id:assessment>"
command(assessments, "/assessments", OpenAssessment, OpenAssessmentSchema, "assess", at="/v1/assessments/{assessment}")
command(assessments, f"{ONE}/score", ScoreSubject, ScoreSubjectSchema, "assess")
command(assessments, f"{ONE}/excuse", ExcuseSubject, SubjectSchema, "assess")
command(assessments, f"{ONE}/bonus", RecordBonus, BonusSchema, "assess")
command(assessments, f"{ONE}/deduction", RecordDeduction, DeductionSchema, "assess")
command(assessments, f"{ONE}/veto", RecordVeto, VetoSchema, "assess")
command(assessments, f"{ONE}/vote", RecordVote, RecordVoteSchema, "assess")
command(assessments, f"{ONE}/confirm", ConfirmScores, ByPersonSchema, "confirm")
command(assessments, f"{ONE}/publish", PublishAssessment, DatedSchema, "assess")
command(assessments, f"{ONE}/finalise", FinaliseAssessment, DatedSchema, "assess")
command(assessments, f"{ONE}/recuse", RecuseReviewer, ByPersonSchema, "review")
command(
    assessments, f"{ONE}/appeals", LodgeAppeal, LodgeAppealSchema, "appeal", at="/v1/appeals/{appeal}", makes="appeal"
)
command(assessments, "/appeals/<id:appeal>/decide", DecideAppeal, DecideAppealSchema, "review")


class AssessmentShown(Item[Assessment], kw_only=True):
    """An assessment with its scores, the results that hold, and its appeals."""

    scores: list[Score]
    results: list[Result]
    appeals: list[Appeal]
    names: Names


class ResultShown(Shown, kw_only=True):
    """How one subject fared: the result that holds (`revisions` has it first, then those before), and every point.

    `score` says which units told on how many days, which readings counted with which weight, who rated, and the scores
    of the parts; `merits` what each matter gave or took.
    """

    score: Score
    merits: list[Merit]
    revisions: list[Result]
    appeals: list[Appeal]
    names: Names


class ResultsShown(Shown, kw_only=True):
    items: list[Result]


@read(assessments, "/assessments", Page[Assessment], AssessmentsSchema)
def list_assessments(look: Look) -> dict[str, Any]:
    """Assessments, by id."""
    asked = look.paging()
    return look.page(views.assessments(look.connection, look.moment, states=sorted(set(asked.pop("state"))), **asked))


@read(assessments, ONE, AssessmentShown, act="see names")
def assessment(look: Look, assessment: str) -> dict[str, Any]:
    """An assessment, with its scores and results."""
    item = found(views.assessment(look.connection, look.moment, assessment), "assessment", assessment)
    appeals = views.appeals(look.connection, look.moment, assessment)
    people = {*item.subjects, item.confirmed_by, *(each.lodged_by for each in appeals)}
    return {
        "item": item,
        "scores": views.scores(look.connection, look.moment, assessment),
        "results": views.results(look.connection, look.moment, assessment),
        "appeals": appeals,
        "names": names(look, people),
    }


@read(assessments, f"{ONE}/subjects/<id:subject>", ResultShown, act="see names")
def assessed(look: Look, assessment: str, subject: str) -> dict[str, Any]:
    """The score of a person or a unit with the explanation of every point, and all results it ever had."""
    found(views.assessment(look.connection, look.moment, assessment), "assessment", assessment)
    score = found(views.score(look.connection, look.moment, assessment, subject), "subject", subject)
    appeals = [each for each in views.appeals(look.connection, look.moment, assessment) if each.subject == subject]
    people = {
        subject,
        score.scorer,
        *(each.rater for each in score.ratings or ()),
        *(each.lodged_by for each in appeals),
    }
    people |= {reviewer for each in appeals for reviewer in each.reviewers or ()}
    return {
        "score": score,
        "merits": views.merits(look.connection, look.moment, assessment, subject),
        "revisions": views.revisions(look.connection, look.moment, assessment, subject),
        "appeals": appeals,
        "names": names(look, people),
    }


@read(assessments, "/results/<id:subject>", ResultsShown, act="see names")
def results_of(look: Look, subject: str) -> dict[str, Any]:
    """The results of a person or a unit in all assessments, as they hold."""
    return {"items": views.results_of(look.connection, look.moment, subject)}


class AppealShown(Item[Appeal], kw_only=True):
    names: Names


@read(assessments, "/appeals/<id:appeal>", AppealShown, act="see names")
def appeal(look: Look, appeal: str) -> dict[str, Any]:
    """An appeal, and how it was decided."""
    item = found(views.appeal(look.connection, look.moment, appeal), "appeal", appeal)
    return {"item": item, "names": names(look, {item.lodged_by, item.subject, *(item.reviewers or ())})}
