"""Two at once: a duty is opened once and fulfilled once, whoever comes first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.workflow.desk import Meddled
from tests.workflow.duties.test_clock import fulfil, house
from workflow.duties.agenda import Duties
from workflow.slices import Command, Context, Refused
from workflow.writer import Writer

WEEK, DAY = "weekly_meeting.G3.2025-W23", date(2025, 6, 4)


@pytest.fixture
def place(tmp_path: Path):
    place = house(tmp_path, first=DAY)
    yield place
    place.close()


def while_another(place, meddle: Callable[[], object], command: Command) -> None:
    """Somebody decides; before it is recorded, something else is."""
    first = iter([meddle])
    log = Meddled(place.log, before=lambda: next(first, lambda: None)())
    writer = Writer(log, place.writer.keys, place.writer.journal)  # type: ignore[arg-type]  # it stands in for a log
    writer.handle(command, Context(actor="C2", command_id="second", today=DAY))


def topics(place) -> list[str]:
    return [fact.TOPIC for fact in place.facts() if getattr(fact, "duty", "") == WEEK]


def test_of_two_who_fulfil_a_duty_at_once_one_is_refused(place):
    with pytest.raises(Refused, match=r"duty\.fulfilled"):
        while_another(place, lambda: place.do(fulfil(WEEK, DAY)), fulfil(WEEK, DAY))
    assert topics(place) == ["duty.opened", "duty.fulfilled"]


def test_a_duty_that_the_clock_opens_while_it_is_fulfilled_is_opened_once(place):
    clock = place.clock(lambda: [Duties()])
    while_another(place, lambda: clock.until(DAY), fulfil(WEEK, DAY))
    assert topics(place) == ["duty.opened", "duty.fulfilled"]
