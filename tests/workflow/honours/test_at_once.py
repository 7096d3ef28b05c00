"""Two at once: an honour that two clerks record at the same moment is recorded once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.workflow.brands.lived import house
from tests.workflow.desk import Meddled
from tests.workflow.honours.test_honours import confer
from workflow.honours.events import HonourConferred
from workflow.ids import HonourId
from workflow.slices import Context, Refused
from workflow.writer import Writer

DAY = date(2025, 6, 13)


def test_an_honour_that_two_record_at_once_is_recorded_once(tmp_path: Path):
    place = house(tmp_path)
    place.day = DAY
    first = iter([lambda: place.do(confer())])
    log = Meddled(place.log, before=lambda: next(first, lambda: None)())
    writer = Writer(log, place.writer.keys, place.writer.journal)  # type: ignore[arg-type]  # it stands in for a log
    with pytest.raises(Refused, match=r"honour\.duplicate"):
        writer.handle(confer(honour=HonourId("H2")), Context(actor="C2", command_id="second", today=DAY))
    assert [fact.honour for fact in place.facts() if isinstance(fact, HonourConferred)] == ["H1"]
    place.close()
