"""A person's page of duties: what they hold, what waits for them, and nothing that is somebody else's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Connection, event

from projections.views import Moment, answering_for
from projections.views.answering_for import AnsweringFor
from projections.views.charters import charter_at
from projections.views.people import person
from tests.projections.office import GRIDS, OFFICE, History, facts_of, there
from tests.projections.views.test_case_teams import a_history as with_a_case_team
from tests.workflow.case_teams.known import DAY, LATER, LEAD, SECOND, T1, THIRD
from tests.workflow.duties.known import DEPUTY, HEAD, ORGAN, ORGANISATION, SECRETARY, member, opened, turned
from tests.workflow.organisation.happened import appointed
from tests.workflow.reports.test_reports import Q2, by_deputy, countersigned, submitted
from tests.workflow.reports.test_reports import done as reported
from tests.workflow.study.known import LAST_DAY, held, scheduled
from workflow.ids import GridId, PersonId, SessionId, UnitId
from workflow.organisation.events import ExOfficioLeadershipStarted

MAY, JULY = date(2025, 5, 20), date(2025, 7, 8)


def page(connection: Connection, who: str, day: date, position: int | None = None, barred: str = "") -> AnsweringFor:
    moment = Moment(position, day, frozenset({barred} if barred else ()))
    charter = there(charter_at(connection, moment))
    return answering_for.answering_for(connection, moment, charter, there(person(connection, moment, who)))


def heads(found: AnsweringFor) -> list[tuple[str, str, bool]]:
    return [(each.unit.unit, each.by.kind, each.by.acting) for each in found.held.heads.items]


def levels(found: AnsweringFor) -> list[tuple[str, str]]:
    return [(each.level, each.unit.unit) for each in found.held.levels.items]


def test_who_holds_several_posts_answers_on_both_lines(database_url):
    with facts_of(database_url, History(*OFFICE)) as connection:
        chief, deputy = page(connection, "P1", JULY), page(connection, "P2", JULY)
        assert [(each.appointment.kind, there(each.post).post) for each in chief.held.posts.items] == [
            ("substantive", "DCP-CHIEF"),
            ("concurrent", "LG-SEC"),
            ("concurrent", "OC-SEC"),
        ]
        assert heads(chief) == [("DCP", "substantive", False), ("LG", "concurrent", False), ("OC", "concurrent", False)]
        assert there(deputy.held.posts.items[0].post).duties == ("G6", "G7")
        assert levels(deputy) == [("deputy_in_charge", "G6"), ("deputy_in_charge", "G7"), ("branch_secretary", "B4")]
        assert heads(deputy) == [("B4", "concurrent", False)]


def test_who_acts_for_a_head_answers_for_the_unit_and_leads_its_group_as_long_as_that_lasts(database_url):
    acting = appointed("A9", "P5", "G7-HEAD", kind="acting")
    leads = ExOfficioLeadershipStarted(
        GridId("N7"),
        UnitId("PG7"),
        UnitId("G7"),
        PersonId("P5"),
        acting.appointment,
        "grid_head",
        True,
        acting.effective,
    )
    history = History(*OFFICE, *GRIDS)
    before = history.position
    history.facts += [acting, leads]
    with facts_of(database_url, history) as connection:
        now, then = page(connection, "P5", JULY), page(connection, "P5", JULY, before)
        assert heads(now) == [("G7", "acting", True), ("PG7", "ex_officio", True)]
        assert levels(now) == [("department_head", "G7"), ("group_leader", "PG7")]
        assert [each.group_unit for each in now.held.leaderships.items] == ["PG7"]
        assert (heads(then), levels(then), then.held.leaderships.items) == ([], [], [])


def test_the_duties_of_a_unit_are_for_its_head_and_those_with_a_quorum_for_who_must_be_there(database_url):
    comment, meeting, general = (
        "monthly_comment.G3.2025-05",
        "committee_meeting.B2.2025-05",
        "general_meeting.B2.2025-Q2",
    )
    history = History(*ORGANISATION, member("P3", "PG3"), member("P4", "PG3", "probationary"))
    history.facts += [opened(each) for each in (comment, meeting, general, "monthly_comment.G4.2025-05")]
    with facts_of(database_url, history) as connection:

        def owed(who: str) -> tuple[list[str], list[str]]:
            found = page(connection, who, MAY).owed
            return [each.duty for each in found.duties.items], [each.duty for each in found.to_attend.items]

        assert owed(HEAD) == ([comment], [])
        assert owed(SECRETARY) == ([meeting, general], [meeting])
        assert owed("P3") == ([], [general])
        assert owed("P4") == ([], [])  # who is on probation has no vote


def test_a_report_waits_for_who_is_to_sign_it_then_for_who_receives_it_on_each_line(database_url):
    history = History(*ORGANISATION, opened(Q2), submitted(), reported())
    unsigned = history.position
    history.facts.append(countersigned)
    signed = history.position
    history.facts.append(by_deputy)
    with facts_of(database_url, history) as connection:

        def awaited(who: str, position: int | None) -> list[tuple[list[str], list[str]]]:
            found = page(connection, who, JULY, position).owed.reports.items
            return [(each.sign, each.receive) for each in found]

        everybody = (HEAD, SECRETARY, DEPUTY, ORGAN)
        assert [awaited(who, unsigned) for who in everybody] == [[], [(["branch_secretary"], [])], [], []]
        assert [awaited(who, signed) for who in everybody] == [[], [], [([], ["business"])], [([], ["party"])]]
        assert [awaited(who, None) for who in everybody] == [[], [], [], [([], ["party"])]]


def test_a_session_is_for_its_audience_and_who_missed_it_may_make_up_as_long_as_that_is_allowed(database_url):
    coming = SessionId("friday_classroom.I.2025-05-23")
    history = History(*ORGANISATION, scheduled(), scheduled(coming, date(2025, 5, 23)), held(present=(1,), absent=(7,)))
    with facts_of(database_url, history) as connection:

        def studying(who: str, day: date) -> tuple[list[str], list[date | None]]:
            found = page(connection, who, day).study
            return [each.session for each in found.to_attend.items], [each.until for each in found.make_ups.items]

        until = LAST_DAY
        assert studying(DEPUTY, MAY) == ([coming], [until])
        assert studying(DEPUTY, date(2025, 5, 31)) == ([coming], [])
        assert studying(HEAD, MAY) == ([coming], [])
        assert studying("P9", MAY) == ([], [])  # who has no post is not asked


def test_a_case_team_is_shown_to_who_is_not_barred_from_it_only(database_url):
    history = with_a_case_team()
    with facts_of(database_url, history) as connection:

        def teams(who: str, day: date, **more: Any) -> list[tuple[str, str, bool]]:
            found = page(connection, who, day, **more)
            return [(each.case_team.case_team, each.role, each.leads) for each in found.case_teams.items]

        assert teams(LEAD, DAY) == [(T1, "handler", True)]
        assert teams(LEAD, LATER) == []  # recused
        assert teams(SECOND, LATER) == [(T1, "handler", False)]
        assert teams(THIRD, LATER) == []
        seen, barred = page(connection, SECOND, LATER), page(connection, SECOND, LATER, barred=f"case-team:{T1}")
        assert T1 in str(msgspec.to_builtins(seen))
        assert T1 not in str(msgspec.to_builtins(barred))


def test_each_list_is_cut_and_says_how_many_were_left_out(url, monkeypatch):
    history = History(*ORGANISATION, opened("monthly_comment.G3.2025-05"), opened("weekly_meeting.G3.2025-W21"))
    history.facts += [opened("weekly_meeting.G3.2025-W20"), opened("weekly_meeting.G3.2025-W19")]
    with facts_of(url, history) as connection:
        assert page(connection, HEAD, MAY).owed.duties.left_out == 0
        monkeypatch.setattr(answering_for, "MOST", 1)
        duties = page(connection, HEAD, MAY).owed.duties
        assert ([each.duty for each in duties.items], duties.left_out) == (["monthly_comment.G3.2025-05"], 3)
        monkeypatch.setattr(answering_for, "COUNTED", 2)
        assert page(connection, HEAD, MAY).owed.duties.left_out == 2


@contextmanager
def counted(connection: Connection) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield asked
    event.remove(connection, "before_cursor_execute", note)


def test_how_much_is_asked_does_not_grow_with_what_there_is_of_others(url):
    history = History(*ORGANISATION, *(opened(f"weekly_meeting.G3.2025-W{n}") for n in range(19, 22)))
    small = history.position
    history.facts += [opened(f"weekly_meeting.G4.2025-W{n}") for n in range(10, 22)]
    history.facts += [turned("weekly_meeting.G4.2025-W21", "yellow", date(2025, 5, 26), date(2025, 5, 23))]
    with facts_of(url, history) as connection:
        numbers = []
        for position in (small, history.position):
            with counted(connection) as asked:
                page(connection, HEAD, MAY, position)
            numbers.append(len(asked))
        assert numbers[0] == numbers[1] <= 50
