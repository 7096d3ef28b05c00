"""Two who split one target, or report on one task, at the same moment: the sums hold, and nothing is lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.projections.office import sealed
from tests.workflow.clock.house import Institution, at_once
from tests.workflow.plans.known import (
    MARCH,
    NEW_YEAR,
    ONE,
    ORGANISATION,
    PLAN,
    SPLIT,
    accept,
    after,
    assign,
    progress,
    to,
)
from workflow.plans.events import SplitMade, TaskProgressed
from workflow.slices import Event


@pytest.fixture
def institution(database_url: str):
    plan = after().when(PLAN, today=NEW_YEAR).facts
    made = Institution(database_url, [*(sealed(fact) for fact in ORGANISATION), *plan], NEW_YEAR)
    yield made
    made.close()


def found(institution: Institution, kind: type[Event]) -> list[Event]:
    return [fact for fact in institution.facts() if isinstance(fact, kind)]


def test_of_several_splits_at_once_one_is_made(institution):
    commands = [assign(to("P1", 24 - n), to("P2", n)) for n in range(1, 6)]
    assert at_once(institution, *commands) == ["task.is_split"] * 4
    (made,) = found(institution, SplitMade)
    assert sum(made.amounts) == Decimal(24)  # type: ignore[attr-defined]


def test_of_two_reports_at_once_none_makes_it_less(institution):
    for command in (SPLIT[1], accept(ONE, "P1")):
        institution.do(command)
    institution.day = date(2025, 3, 3)
    codes = at_once(institution, progress(ONE, "P1", 5, MARCH), progress(ONE, "P4", 3, MARCH))
    done = [fact.done for fact in found(institution, TaskProgressed)]  # type: ignore[attr-defined]
    assert (done, codes) in [([5], ["task.decreasing"]), ([3, 5], [])]
