"""The facts of mentoring and programmes on a real history: rebuilt, and on either database, they are the same."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from projections.facts import as_of
from projections.history import changes
from projections.models import MODELS
from projections.models.mentoring import MODEL_PERSON
from projections.views import Moment
from projections.views.chain import chain
from projections.views.matrix import matrix, row_of
from projections.views.mentoring import (
    acts,
    learned_by,
    led_by,
    mentorship,
    mentorships,
    model_persons,
    models_of,
)
from projections.views.programmes import (
    completion,
    completions,
    participations_in,
    programme,
    programmes,
    taken_by,
    taken_by_unit,
)
from tests.projections.office import CHARTER, History, digests_of, facts_of, rebuilt_the_same, there
from tests.workflow.mentoring.known import FREE, KIND, MODEL, ORGANISATION, designated, start, started
from tests.workflow.mentoring.test_designating import designate
from tests.workflow.mentoring.test_designating import withdraw as withdraw_model
from tests.workflow.mentoring.test_reviewing import JUNE, review
from tests.workflow.mentoring.test_running import LONGER, MAY, by_time, extend, meet
from tests.workflow.programmes.known import (
    ADOPTED,
    CLOSES,
    HEAD,
    MARCH,
    ONES,
    P1,
    QUALITY,
    adopt,
    complete,
    completed,
    enrol,
    progress,
    send_back,
    verify,
    withdraw,
)
from workflow.duties.agenda import OpenDuty
from workflow.ids import DutyId
from workflow.mentoring.designating import WithdrawLeaver
from workflow.organisation.people import RecordDeparture
from workflow.programmes.closing import CloseProgramme

REVIEW = DutyId("mentoring_review.M1.2025-Q2")


def a_history() -> History:
    history = History(*ORGANISATION, designated())
    history.then(adopt(), ADOPTED)
    history.then(adopt("quality_project"), ADOPTED)
    history.then(enrol("P1", "P2", "P10"), ADOPTED)
    history.then(enrol("G3", programme=QUALITY), ADOPTED)
    history.then(start(), MARCH)
    history.then(start("M2", "P10", "P1", kind=FREE), MARCH)
    history.then(progress(), MARCH)
    history.then(progress(note="Nearly."), MARCH)
    for command in (complete(), complete("lecture"), complete(who="P10"), complete("fix", "G3", QUALITY, quantity=3)):
        history.then(command, MARCH)
    history.then(verify(completed()), MARCH)
    history.then(send_back(completed("lecture")), MARCH)
    history.then(withdraw("P10"), MARCH)
    history.then(OpenDuty(duty=REVIEW, effective=date(2025, 4, 1)), date(2025, 4, 1))
    history.then(meet(), MAY)
    history.then(extend(), MAY)
    history.then(review(), JUNE)
    history.then(withdraw_model(effective=JUNE), JUNE)
    history.then(by_time(JUNE + timedelta(days=1)), JUNE + timedelta(days=1))
    history.then(CloseProgramme(programme=ONES, effective=CLOSES), CLOSES)
    return history


def test_a_rebuild_beside_gives_the_same_facts_as_those_that_were_followed(database_url):
    assert rebuilt_the_same(database_url, a_history())


def test_both_databases_have_the_same_facts_at_every_position(url, fresh_postgres_url):
    history = a_history()
    assert digests_of(url, history) == digests_of(fresh_postgres_url, history)


def test_each_event_changes_the_facts_that_it_is_about(url):
    history = a_history()
    with facts_of(url, history) as connection:
        changed = {
            fact.TOPIC: set(changes(connection, MODELS, position)) for position, fact in enumerate(history.facts, 1)
        }
    mine = {topic: tables for topic, tables in changed.items() if topic.startswith(("m", "programme"))}
    assert mine == {
        **{f"model_person.{what}": {"model_person"} for what in ("designated", "withdrawn")},
        **{f"mentorship.{what}": {"mentorship"} for what in ("started", "reviewed", "goal_met", "extended", "ended")},
        "programme.adopted": {"programme"},
        "programme.enrolled": {"participation"},
        "programme.withdrawn": {"participation"},
        "programme.item_progressed": {"item_note"},
        **{f"programme.item_{what}": {"completion"} for what in ("completed", "verified", "returned")},
        "programme.closed": {"programme", "participation"},
    }


def test_a_person_leads_and_learns(database_url):
    with facts_of(database_url, a_history()) as connection:
        may = Moment(None, MAY)
        assert [each.mentorship for each in led_by(connection, may, "P1")] == ["M1"]
        assert [each.mentorship for each in learned_by(connection, may, "P1")] == ["M2"]
        assert [each.kind for each in models_of(connection, may, "P1")] == ["key_handler"]
        assert [each.person for each in model_persons(connection, may, within="G3").items] == ["P1"]
        assert model_persons(connection, may, within="G4").items == []
        after = Moment(None, JUNE + timedelta(days=1))
        assert led_by(connection, after, "P1") == []
        assert models_of(connection, after, "P1") == []
        assert [each.mentorship for each in learned_by(connection, after, "P1")] == ["M2"]


def test_a_mentorship_shows_what_was_done_about_it(database_url):
    history = a_history()
    with facts_of(database_url, history) as connection:
        end = JUNE + timedelta(days=1)
        shown = there(mentorship(connection, Moment(None, end), "M1"))
        assert (shown.state, shown.cause, shown.ended_on) == ("ended", "designation_withdrawn", end)
        assert (shown.met, shown.extensions, shown.term) == ((1,), 1, LONGER)
        assert (shown.reviews, shown.reviewed_on, shown.finding) == (1, JUNE, "On the way.")
        assert [each.state for each in acts(connection, Moment(None, end), "M1")] == ["running"] * 4 + ["ended"]
        listed = mentorships(connection, Moment(None, end), within="I", states=("running",)).items
        assert [each.mentorship for each in listed] == ["M2"]
        assert [each.mentorship for each in mentorships(connection, Moment(None, end), person="P1").items] == [
            "M1",
            "M2",
        ]
        assert [each.mentorship for each in mentorships(connection, Moment(None, end), mentee="P1").items] == ["M2"]
        started = next(n for n, fact in enumerate(history.facts, 1) if fact.TOPIC == "mentorship.started")
        then = there(mentorship(connection, Moment(started, MARCH), "M1"))
        assert (then.state, then.met, then.extensions) == ("running", (), 0)


def test_a_withdrawal_says_nothing_of_a_designation_that_was_withdrawn_before(url):
    decided, again, left = date(2025, 4, 1), date(2025, 5, 6), date(2025, 6, 2)
    history = History(*ORGANISATION, designated(since=MARCH))
    history.then(withdraw_model(effective=decided), decided)
    history.then(designate(person=MODEL, effective=again), again)
    history.then(RecordDeparture(person=MODEL, effective=left), left)
    noted = left + timedelta(days=1)
    history.then(WithdrawLeaver(person=MODEL, kind=KIND, effective=noted), noted)
    with facts_of(url, history) as connection:
        spans = select(MODEL_PERSON.c.cause, MODEL_PERSON.c.words).where(as_of(MODEL_PERSON, None))
        told = [tuple(row) for row in connection.execute(spans.order_by(MODEL_PERSON.c.valid_from))]
        assert [cause for cause, _ in told] == ["decided", "left"]
        assert told[0][1] == "As it was."


def test_a_review_that_is_shown_late_counts_on_its_own_days_and_a_later_one_stays_the_last(url):
    history = History(*ORGANISATION, designated(), started(until=date(2026, 3, 2)))
    shown, late = date(2025, 9, 25), date(2025, 9, 23)
    third: dict[str, Any] = {"period": "2025-Q3", "held_on": date(2025, 9, 20), "finding": "Nearly there."}
    history.then(review(**third, effective=shown), shown)
    history.then(review(effective=late), shown)
    with facts_of(url, history) as connection:

        def on(day: date) -> tuple[int, date | None, str]:
            one = there(mentorship(connection, Moment(None, day), "M1"))
            return one.reviews, one.reviewed_on, one.finding

        assert on(late) == (1, JUNE, "On the way.")
        assert on(shown) == (2, third["held_on"], third["finding"])


def test_the_mentors_unit_answers_for_a_mentorship_and_the_adopting_one_for_a_programme(url):
    with facts_of(url, a_history()) as connection:
        may = Moment(None, MAY)
        asked = there(chain(connection, may, "mentorship", "M2", CHARTER))
        assert [(each.unit.unit, each.post.post) for each in asked.chains if each.unit and each.post] == [
            ("G4", "G4-H10")
        ]
        assert asked.mentorship is not None
        asked = there(chain(connection, may, "programme", ONES, CHARTER))
        assert [each.unit.unit for each in asked.chains if each.unit] == ["I"]
        assert chain(connection, may, "mentorship", "M9", CHARTER) is None


def test_the_matrix_shows_what_is_done_waiting_and_lapsed(database_url):
    history = a_history()
    with facts_of(database_url, history) as connection:
        may = Moment(None, MAY)
        known = there(programme(connection, may, ONES))
        told = matrix(connection, may, known)
        assert [row.participation.person for row in told.rows] == ["P1", "P10", "P2"]
        assert [row.participation.state for row in told.rows] == ["enrolled", "withdrawn", "enrolled"]
        paper = told.rows[0].cells[1]
        assert (paper.item, paper.done, paper.owed, paper.waiting, paper.note) == ("paper", 1, 1, 0, "Nearly.")
        assert told.rows[0].cells[2].returned == 1
        assert told.rows[1].cells[1].waiting == 1
        # Who was withdrawn counts in no rate.
        assert (told.total.done, told.total.owed, told.total.share) == (1, 8, Decimal("0.1250"))
        assert [(each.of, each.done, each.owed) for each in told.by_item] == [
            ("mentor", 0, 2),
            ("paper", 1, 2),
            ("lecture", 0, 2),
            ("model_case", 0, 2),
        ]
        assert [(each.of, each.done) for each in told.by_unit] == [("G3", 1)]
        assert [row.participation.person for row in matrix(connection, may, known, unit="G4").rows] == ["P10"]
        assert len(matrix(connection, may, known, within="I").rows) == 3
        one = matrix(connection, may, known, person="P2", item="paper")
        assert [[cell.item for cell in row.cells] for row in one.rows] == [["paper"]]
        end = Moment(None, CLOSES)
        closed = matrix(connection, end, there(programme(connection, end, ONES)))
        assert [cell.lapsed for cell in closed.rows[0].cells] == [True, False, True, True]
        assert [row.participation.state for row in closed.rows] == ["lapsed", "withdrawn", "lapsed"]
        assert (closed.total.done, closed.total.owed) == (1, 8)


def test_programmes_and_completions_are_listed(database_url):
    with facts_of(database_url, a_history()) as connection:
        may, end = Moment(None, MAY), Moment(None, CLOSES)
        assert [each.programme for each in programmes(connection, may, within="I").items] == [ONES, QUALITY]
        assert [each.programme for each in programmes(connection, end, states=("closed",)).items] == [ONES]
        done = there(programme(connection, end, ONES))
        assert (done.took_part, done.finished) == (2, 0)
        waiting = completions(connection, may, states=("completed",)).items
        assert [each.completion for each in waiting] == [f"{ONES}.P10.paper.1", f"{QUALITY}.G3.fix.1"]
        of_one = completions(connection, may, person="P1", states=("verified",)).items
        assert [(each.item, each.verifier) for each in of_one] == [("paper", HEAD)]
        assert there(completion(connection, may, f"{ONES}.P1.lecture.1")).finding == "Too short."
        assert len(participations_in(connection, may, ONES)) == 3
        (taken,) = taken_by(connection, may, P1)
        assert row_of(connection, may, there(programme(connection, may, ONES)), taken).done == 1
        (unit,) = taken_by_unit(connection, may, "G3")
        project = row_of(connection, may, there(programme(connection, may, QUALITY)), unit)
        assert [(cell.item, cell.done, cell.owed, cell.waiting) for cell in project.cells] == [
            ("analysis", 0, 4, 0),
            ("fix", 0, 2, 3),
        ]
