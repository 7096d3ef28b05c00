"""The facts of study on a real history: rebuilt, and on either database, they are the same."""

from __future__ import annotations

from datetime import date

from projections.views import Moment
from projections.views.study import attendance, attendance_of, rates, session, sessions
from tests.projections.office import History, digests_of, facts_of, rebuilt_the_same, there
from tests.workflow.study.known import CLASSROOM, FRIDAY, KNOWN
from tests.workflow.study.test_attendance import LATER, correct, make_up, verify
from tests.workflow.study.test_sessions import EARLIER, hold, schedule
from workflow.study.sessions import CancelSession


def a_history() -> History:
    history = History(*KNOWN)
    history.then(schedule(), EARLIER)
    history.then(CancelSession(session=CLASSROOM, effective=EARLIER), EARLIER)
    history.then(schedule(), EARLIER)
    history.then(hold(1, 7, 9), FRIDAY)
    history.then(make_up(), LATER)
    history.then(verify(), LATER)
    history.then(correct("excused", 4), LATER)
    return history


def test_a_rebuild_beside_gives_the_same_facts_as_those_that_were_followed(database_url):
    assert rebuilt_the_same(database_url, a_history())


def test_both_databases_have_the_same_facts(url, fresh_postgres_url):
    history = a_history()
    assert digests_of(url, history) == digests_of(fresh_postgres_url, history)


def test_attendance_is_what_was_known_then(url):
    history = a_history()
    with facts_of(url, history) as connection:
        now, friday = Moment(None, LATER), Moment(None, FRIDAY)
        states = {each.person: each.state for each in attendance(connection, now, CLASSROOM)}
        assert states == {"P1": "present", "P3": "made_up", "P4": "excused", "P7": "present"}
        on_friday = {each.person: each.state for each in attendance(connection, friday, CLASSROOM)}
        assert on_friday == {"P1": "present", "P3": "absent", "P4": "absent", "P7": "present"}
        shown, then = there(session(connection, now, CLASSROOM)), there(session(connection, friday, CLASSROOM))
        assert (shown.present, shown.excused, shown.absent, shown.made_up, shown.guests) == (2, 1, 0, 1, ("P9",))
        assert (then.present, then.excused, then.absent, then.made_up) == (2, 0, 2, 0)
        assert (shown.state, shown.why) == ("held", None)
        (rate,) = rates(connection, friday, cadence="quarterly")
        assert (rate.unit, rate.period, rate.asked, str(rate.rate)) == ("I", "2025-Q2", 4, "50")
        assert [each.session for each in attendance_of(connection, now, "P3").items] == [CLASSROOM]
        assert sessions(connection, now, states=("scheduled",)).items == []
        assert [each.session for each in sessions(connection, Moment(None, date(2025, 5, 7)), within="I").items] == [
            CLASSROOM
        ]


def test_the_counts_of_a_day_are_those_of_its_people_in_whatever_order_they_were_corrected(url):
    history = History(*KNOWN)
    history.then(schedule(), EARLIER)
    history.then(hold(1, 7), FRIDAY)
    first, between, last = date(2025, 5, 19), date(2025, 5, 20), date(2025, 5, 22)
    history.then(correct("present", 3, on=last), last)
    history.then(correct("present", 4, on=first), last)
    with facts_of(url, history) as connection:
        for day, absent in ((FRIDAY, 2), (first, 1), (between, 1), (last, 0)):
            moment = Moment(None, day)
            shown = there(session(connection, moment, CLASSROOM))
            assert (shown.present, shown.absent) == (4 - absent, absent)
            assert absent == sum(each.state == "absent" for each in attendance(connection, moment, CLASSROOM))
