"""The one reading that was reported wrong, and is corrected two months later (story e)."""

from __future__ import annotations

from collections.abc import Iterator

from api.demo.procuratorate.measurements import CORRECTION
from api.demo.steps import Step
from workflow.ids import IndicatorId, UnitId
from workflow.indicators.readings import CorrectReading
from workflow.indicators.views import reading_id
from workflow.periods import Period


def steps() -> Iterator[Step]:
    period = Period.parse(CORRECTION.period)
    reading = reading_id(IndicatorId(CORRECTION.indicator), UnitId(CORRECTION.unit), period)
    command = CorrectReading(reading=reading, value=CORRECTION.value, effective=CORRECTION.found_on)
    yield Step(CORRECTION.found_on, "clerk", command, CORRECTION.reason, "assessor")
