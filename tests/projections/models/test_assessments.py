"""The facts of assessments: every result that ever held, what it was made up of, and what was struck."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from projections.views import Moment
from projections.views.assessments import (
    appeal,
    appeals,
    assessment,
    assessments,
    merits,
    results,
    results_of,
    revisions,
    score,
    scores,
)
from projections.views.honours import honour, honours
from tests.projections.office import History, digests_of, facts_of, rebuilt_the_same, there
from tests.workflow.assessments.known import (
    APPEAL,
    DAY,
    OPEN,
    SCORE,
    TEXT,
    A,
    after,
    finalising,
    rated,
    scoring,
    voting,
)
from tests.workflow.assessments.test_again import LIFE
from tests.workflow.assessments.test_scores import HONOUR
from workflow.assessments.events import AssessmentRevised
from workflow.assessments.publishing import RecuseReviewer
from workflow.assessments.scoring import ExcuseSubject
from workflow.ids import PersonId

NOW = Moment(None, date(2025, 8, 1))
RECUSED = RecuseReviewer(assessment=A, person=PersonId("P8"), effective=DAY)


def a_history() -> History:
    """One life of an assessment, revised by an appeal and by a revocation, and final."""
    history = History(charters=())
    history.facts += after(*LIFE, RECUSED, finalising(date(2025, 7, 22))).facts
    return history


def test_results_are_those_of_the_last_revision_and_all_are_known(url):
    history = a_history()
    with facts_of(url, history) as connection:
        held = {each.subject: (each.revision, each.total) for each in results(connection, NOW, A)}
        assert held == {"P1": (3, Decimal("95.00")), "P2": (3, Decimal("95.00")), "P3": (3, Decimal("83.00"))}
        told = [(each.revision, each.why, each.cause, each.bonus) for each in revisions(connection, NOW, A, "P1")]
        assert told == [
            (3, "honour", HONOUR, Decimal(0)),
            (2, "appeal", APPEAL, Decimal(3)),
            (1, "publication", "", Decimal(3)),
        ]
        first = next(n for n, fact in enumerate(history.facts, 1) if isinstance(fact, AssessmentRevised))
        before = Moment(first - 1, DAY)
        assert {each.revision for each in results(connection, before, A)} == {1}
        assert [each.assessment for each in results_of(connection, NOW, "P3")] == [A]


def test_a_score_says_what_it_was_made_up_of(url):
    with facts_of(url, a_history()) as connection:
        found = there(score(connection, NOW, A, "P1"))
        assert (found.base, found.reds, found.scorer) == (Decimal("95.00"), 0, "P9")
        assert found.stays is not None
        assert found.counted is not None
        assert (found.stays[0].units, found.counted[1].readings[0].period) == (("D1",), "2025-04")
        assert len(scores(connection, NOW, A)) == 3
        struck = {
            (each.subject, each.kind): each.struck_by for s in ("P1", "P3") for each in merits(connection, NOW, A, s)
        }
        assert struck == {("P1", "bonus"): HONOUR, ("P3", "deduction"): APPEAL}


def test_an_assessment_is_listed_by_what_it_is_about_and_where_it_stands(url):
    with facts_of(url, a_history()) as connection:
        found = there(assessment(connection, NOW, A))
        assert (found.state, found.revision, found.confirmed_by) == ("finalised", 3, "P0")
        assert found.recused is not None
        assert [each.person for each in found.recused] == ["P8"]
        for asked in ({"scope": "DCP"}, {"within": "DCP"}, {"group": "prosecutors"}, {"states": ["finalised"]}):
            assert [each.assessment for each in assessments(connection, NOW, **asked).items] == [A]
        for asked in ({"scope": "D1"}, {"states": ["open"]}, {"period": "2025"}):
            assert assessments(connection, NOW, **asked).items == []
        assert there(assessment(connection, NOW.on(OPEN), A)).state == "open"


def test_appeals_and_honours_are_shown_in_their_state(url):
    with facts_of(url, a_history()) as connection:
        decided = there(appeal(connection, NOW, APPEAL))
        assert (decided.state, decided.reviewers, decided.overdue) == ("upheld", ("P4", "P5"), False)
        assert [each.appeal for each in appeals(connection, NOW, A)] == [APPEAL]
        assert there(honour(connection, NOW, HONOUR)).state == "revoked"
        assert [each.honour for each in honours(connection, NOW, person="P1", state="revoked").items] == [HONOUR]
        assert honours(connection, NOW, level="city").items == []
        assert honours(connection, NOW.on(date(2025, 7, 1)), state="conferred").items != []


def test_who_is_excused_has_no_score(url):
    history = History(charters=())
    excuse = ExcuseSubject(assessment=A, subject="P3", effective=SCORE)
    again = scoring("P1", rated("8"))
    history.facts += after(*LIFE[:4], excuse, again, voting(P1=1, P2=2), text=TEXT).facts
    with facts_of(url, history) as connection:
        excused = there(score(connection, NOW, A, "P3"))
        assert (excused.excused, excused.base, excused.words) == (True, None, "As it was.")
        assert there(score(connection, NOW, A, "P1")).base == Decimal("94.00")
        votes = there(assessment(connection, NOW, A)).votes
        assert votes is not None
        assert [(each.subject, each.votes) for each in votes] == [("P1", 1), ("P2", 2)]


def test_a_rebuild_gives_the_same_facts(database_url):
    assert rebuilt_the_same(database_url, a_history())


def test_both_databases_have_the_same_facts_at_every_position(url, fresh_postgres_url):
    history = a_history()
    assert digests_of(url, history) == digests_of(fresh_postgres_url, history)
