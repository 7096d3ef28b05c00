"""Assessments: lists, results with the explanation of every point, revisions, and appeals."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal

import msgspec
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection

from projections.facts import as_of, listed
from projections.models.assessments import APPEAL, ASSESSMENT, MERIT, RESULT, SCORE
from projections.views import Fact, Found, Moment, every, one, page, seen, shown
from projections.views.organisation import subtree
from workflow.assessments.events import Counted, PartScore, Rating, Stay, Votes


class Recused(msgspec.Struct):
    person: str
    words: str


class Assessment(Fact, kw_only=True):
    """An assessment in its `state` since `since`: open, confirmed, published or finalised."""

    DOCUMENTS = ("subjects", "votes", "recused")

    assessment: str
    group_id: str
    scope: str
    period: str
    subjects: tuple[str, ...]
    state: str
    charter: str
    charter_digest: str
    revision: int
    notice_until: date | None
    appeals_until: date | None
    confirmed_by: str | None
    votes: tuple[Votes, ...] | None
    recused: tuple[Recused, ...] | None


class Score(Fact, kw_only=True):
    """The score of a subject without bonus and deduction, and what it was made up of. None of it if `excused`."""

    DOCUMENTS = ("stays", "counted", "ratings", "parts")
    FLAGS = ("excused",)

    assessment: str
    subject: str
    scorer: str | None
    stays: tuple[Stay, ...] | None
    counted: tuple[Counted, ...] | None
    ratings: tuple[Rating, ...] | None
    parts: tuple[PartScore, ...] | None
    base: Decimal | None
    reds: int | None
    excused: bool
    words: str


class Merit(Fact, kw_only=True):
    """What a matter gave (bonus) or took (deduction, veto). `struck_by` is what took it away again, if anything."""

    DOCUMENTS = ("evidence",)

    assessment: str
    subject: str
    kind: str
    matter: str
    points: Decimal
    honour: str | None
    evidence: tuple[str, ...]
    struck_by: str


class Result(Fact, kw_only=True):
    """The result of a subject in a revision, and what made it: `why` and the id of the appeal or honour, `cause`; null
    for an honour that whoever looks is barred from."""

    FLAGS = ("vetoed", "awaits_vote")

    assessment: str
    subject: str
    revision: int
    base: Decimal
    bonus: Decimal
    deduction: Decimal
    total: Decimal
    decides: Decimal
    reds: int
    vetoed: bool
    grade: str
    rank: int | None
    awaits_vote: bool
    why: str
    cause: str | None


class Appeal(Fact, kw_only=True):
    """An appeal in its `state`: lodged, upheld or rejected."""

    DOCUMENTS = ("reviewers",)
    FLAGS = ("overdue",)

    appeal: str
    assessment: str
    subject: str
    lodged_by: str
    grounds: str
    lodged_on: date
    decide_by: date
    state: str
    overdue: bool
    reviewers: tuple[str, ...] | None
    finding: str


def assessments(
    connection: Connection,
    moment: Moment,
    *,
    scope: str | None = None,
    within: str | None = None,
    group: str | None = None,
    period: str | None = None,
    states: Collection[str] = (),
    limit: int = 50,
    after: str = "",
) -> Found[Assessment]:
    """Assessments by id: of a unit, `within` a unit and all below it, of a group, for a period, in certain states."""
    conditions: list[ColumnElement[bool]] = []
    if within is not None:
        conditions.append(ASSESSMENT.c.scope.in_(subtree(moment, within)))
    for column, wanted in ((ASSESSMENT.c.scope, scope), (ASSESSMENT.c.group_id, group), (ASSESSMENT.c.period, period)):
        if wanted is not None:
            conditions.append(column == wanted)
    if states:
        conditions = [ASSESSMENT.c.assessment.in_(listed(ASSESSMENT, states, *moment[:2], *conditions))]
    return page(connection, ASSESSMENT, moment, Assessment, conditions, limit, after)


def assessment(connection: Connection, moment: Moment, id: str) -> Assessment | None:
    return one(connection, ASSESSMENT, moment, Assessment, id)


def results(connection: Connection, moment: Moment, assessment: str) -> list[Result]:
    """The results that hold, by rank if there are ranks, else by subject."""
    found = _last(_results(connection, moment, RESULT.c.assessment == assessment))
    return sorted(found, key=lambda each: (each.rank or 0, each.subject))


def revisions(connection: Connection, moment: Moment, assessment: str, subject: str) -> list[Result]:
    """Every result that a subject ever had in an assessment, as was known at the moment; the last one first."""
    query = seen(RESULT, Result).where(
        as_of(RESULT, moment.position), RESULT.c.assessment == assessment, RESULT.c.subject == subject
    )
    found = _shown(moment, (shown(row, Result) for row in connection.execute(query)))
    return sorted(found, key=lambda each: each.revision, reverse=True)


def results_of(connection: Connection, moment: Moment, subject: str) -> list[Result]:
    """The results of a subject in all assessments, as they hold."""
    return _last(_results(connection, moment, RESULT.c.subject == subject))


def cause_shown(cause: str, barred: Collection[str]) -> str | None:
    """The cause of a result, to who is barred from these. Results rest on all that counted, and are shown whole."""
    return None if f"honour:{cause}" in barred else cause


def _results(connection: Connection, moment: Moment, *conditions: ColumnElement[bool]) -> list[Result]:
    return _shown(moment, every(connection, RESULT, moment, Result, *conditions))


def _shown(moment: Moment, results: Iterable[Result]) -> list[Result]:
    return [replace(each, cause=cause_shown(each.cause or "", moment.barred)) for each in results]


def _last(results: Iterable[Result]) -> list[Result]:
    """Of each assessment and subject the last revision."""
    found: dict[tuple[str, str], Result] = {}
    for each in results:
        key = each.assessment, each.subject
        if key not in found or found[key].revision < each.revision:
            found[key] = each
    return list(found.values())


def scores(connection: Connection, moment: Moment, assessment: str) -> list[Score]:
    return every(connection, SCORE, moment, Score, SCORE.c.assessment == assessment)


def score(connection: Connection, moment: Moment, assessment: str, subject: str) -> Score | None:
    return one(connection, SCORE, moment, Score, assessment, subject)


def merits(connection: Connection, moment: Moment, assessment: str, subject: str) -> list[Merit]:
    """What counts for or against a subject, and what did until it was struck."""
    return every(connection, MERIT, moment, Merit, MERIT.c.assessment == assessment, MERIT.c.subject == subject)


def appeals(connection: Connection, moment: Moment, assessment: str) -> list[Appeal]:
    return every(connection, APPEAL, moment, Appeal, APPEAL.c.assessment == assessment)


def appeal(connection: Connection, moment: Moment, id: str) -> Appeal | None:
    return one(connection, APPEAL, moment, Appeal, id)
