"""The facts of plans: on every day a task has what it had on that day, in whatever order that was recorded."""

from __future__ import annotations

from datetime import date

from projections.views import Moment
from projections.views.plans import task
from tests.projections.office import History, facts_of, there
from tests.workflow.organisation.happened import appointed
from tests.workflow.plans.known import APRIL, ONE, ORGANISATION, PLAN, assign, reallocate, still, to
from tests.workflow.plans.test_changing import JUNE_30, MAY_16, leaves, share
from workflow.ids import UnitId

BEFORE, BETWEEN = date(2025, 5, 15), date(2025, 6, 29)


def test_a_task_has_so_many_parts_since_the_day_from_which_on_it_has_them(url):
    """P1 left for G5 in May; their part is shared when the split was made anew already, in June."""
    history = History(*ORGANISATION)
    for act in (PLAN, assign(to("G4", 24), on=APRIL), assign(to("P1", 13), to("P2", 11), parent=ONE, on=APRIL)):
        history.then(act, APRIL)
    history.facts += leaves("P1", "G4-H1"), appointed("A5", "P1", "G5-H2", unit="G5", since=MAY_16)
    history.then(reallocate(still(f"{ONE}.1", 13), to("P2", 6), to("P4", 5), parent=ONE, on=JUNE_30), JUNE_30)
    history.then(share(f"{ONE}.1", unit=UnitId("G4")), JUNE_30)
    with facts_of(url, history) as connection:
        days = (BEFORE, MAY_16, BETWEEN, JUNE_30)
        assert [there(task(connection, Moment(None, day), ONE)).parts for day in days] == [2, 3, 3, 4]
