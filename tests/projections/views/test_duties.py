"""Duties as they are seen: the register, the counts of a period, and the same whether the clock was awake or not."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from projections.views import Moment
from projections.views.duties import OPEN, acts, counts, duties, duty
from tests.projections.office import History, facts_of, there
from tests.workflow.duties.known import ORGANISATION, fulfilled, opened, turned
from workflow.duties.events import DutyExcused, DutyExtended
from workflow.ids import DutyId, PersonId, UnitId

G3, G4, THEME, PG3 = (
    "monthly_comment.G3.2025-05",
    "monthly_comment.G4.2025-05",
    "theme_day.B2.2025-05",
    "group_meeting.PG3.2025-05",
)
YELLOW, DUE, RED, DONE = date(2025, 5, 28), date(2025, 6, 5), date(2025, 6, 6), date(2025, 6, 20)


def extended() -> DutyExtended:
    names = DutyId(THEME), UnitId("B2"), PersonId("P2")
    return DutyExtended(*names, date(2025, 6, 12), time.max, date(2025, 6, 5), 1, date(2025, 6, 4))


def a_history() -> History:
    return History(
        *ORGANISATION,
        *(opened(each) for each in (G3, G4, THEME, PG3)),
        fulfilled(G4, date(2025, 5, 20), date(2025, 5, 21)),
        turned(G3, "yellow", DUE, YELLOW),
        turned(THEME, "yellow", DUE, YELLOW),
        extended(),
        turned(G3, "red", DUE, RED),
        fulfilled(G3, DONE, DONE, late=True, person=PersonId("P1")),
        DutyExcused(DutyId(PG3), UnitId("PG3"), "decided", RED),
    )


def on(day: date, position: int | None = None) -> Moment:
    return Moment(position, day)


def test_what_lapsed_and_was_done_is_visible_as_both(database_url):
    with facts_of(database_url, a_history()) as connection:
        shown = there(duty(connection, on(DONE), G3))
        assert (shown.state, shown.colour, shown.lapsed_on, shown.done_on) == ("fulfilled_late", None, RED, DONE)
        assert [each.state for each in acts(connection, on(DONE), G3)] == ["open", "yellow", "lapsed", "fulfilled_late"]


@pytest.mark.parametrize(
    ("day", "state", "colour"),
    [(date(2025, 5, 1), "open", "green"), (YELLOW, "yellow", "yellow"), (RED, "lapsed", "red")],
)
def test_on_each_day_it_has_the_state_and_the_colour_of_that_day(database_url, day, state, colour):
    with facts_of(database_url, a_history()) as connection:
        shown = there(duty(connection, on(day), G3))
        assert (shown.state, shown.colour) == (state, colour)


def test_an_extension_makes_it_green_again_until_its_new_days(database_url):
    with facts_of(database_url, a_history()) as connection:
        shown = there(duty(connection, on(date(2025, 6, 4)), THEME))
        assert (shown.state, shown.colour, shown.due, shown.extensions) == ("open", "green", date(2025, 6, 12), 1)


def test_the_register_holds_what_is_still_to_be_done_in_a_unit_or_below_it(database_url):
    history = a_history()
    with facts_of(database_url, history) as connection:

        def listed(day: date, position: int | None = None, **asked: Any) -> list[str]:
            return [each.duty for each in duties(connection, on(day, position), states=OPEN, **asked).items]

        assert listed(RED) == [G3, THEME]
        assert listed(RED, within="I") == [G3]
        assert listed(RED, within="B2") == [THEME]
        assert listed(date(2025, 5, 20), within="LG") == [PG3, THEME]
        assert listed(RED, unit="G3", kind="monthly_comment", period="2025-05") == [G3]
        assert listed(RED, kind="weekly_meeting") == []
        assert listed(RED, len(history.facts) - 3) == [PG3, G3, THEME]
        assert [each.duty for each in duties(connection, on(RED), states=("lapsed",)).items] == [G3]


def test_what_was_met_late_and_lapsed_is_counted_by_period(database_url):
    with facts_of(database_url, a_history()) as connection:

        def told(day: date, **asked: Any) -> list[tuple[object, ...]]:
            found = counts(connection, on(day), period="2025-05", **asked)
            return [(c.kind, c.owed, c.in_time, c.late, c.lapsed, c.pending, c.excused) for c in found]

        assert told(DONE, within="I") == [("monthly_comment", 2, 1, 1, 0, 0, 0)]
        assert told(RED, units=["G3", "G4"]) == [("monthly_comment", 2, 1, 0, 1, 0, 0)]
        assert told(RED, within="B2") == [("group_meeting", 0, 0, 0, 0, 0, 1), ("theme_day", 1, 0, 0, 0, 1, 0)]
        assert told(RED, kinds=["theme_day"]) == [("theme_day", 1, 0, 0, 0, 1, 0)]


def test_it_is_the_same_when_the_clock_is_behind(tmp_path):
    awake = History(
        *ORGANISATION,
        opened(THEME),
        turned(THEME, "yellow", DUE, YELLOW),
        extended(),
        turned(THEME, "yellow", date(2025, 6, 12), date(2025, 6, 5)),
        turned(THEME, "red", date(2025, 6, 12), date(2025, 6, 13)),
        fulfilled(THEME, DONE, DONE, late=True),
    )
    slept = History(
        *ORGANISATION,
        opened(THEME),
        extended(),
        fulfilled(THEME, DONE, DONE, late=True),
        turned(THEME, "yellow", DUE, YELLOW),
        turned(THEME, "yellow", date(2025, 6, 12), date(2025, 6, 5)),
        turned(THEME, "red", date(2025, 6, 12), date(2025, 6, 13)),
    )
    days = [date(2025, 5, 20) + timedelta(days=n) for n in range(35)]

    def told(facts: Connection) -> list[tuple[object, ...]]:
        found = [there(duty(facts, on(day), THEME)) for day in days]
        return [(d.state, d.colour, d.due, d.lapsed_on, d.done_on, d.since, d.until) for d in found]

    (tmp_path / "slept").mkdir()
    with (
        facts_of(f"sqlite:///{tmp_path}/log.sqlite", awake) as one,
        facts_of(f"sqlite:///{tmp_path}/slept/log.sqlite", slept) as other,
    ):
        assert told(one) == told(other)
