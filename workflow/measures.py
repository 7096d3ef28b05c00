"""Everything that readings may count in this system, by the word that a charter has for it."""

from __future__ import annotations

from collections.abc import Mapping

from workflow.counting import Measure
from workflow.duties.measures import DutiesMet
from workflow.hearings.measures import HearingsAgainstPlan
from workflow.service.measures import ServiceHours
from workflow.study.measures import Attendance

MEASURES: Mapping[str, type[Measure]] = {
    "duties_met": DutiesMet,
    "attendance": Attendance,
    "service_hours": ServiceHours,
    "hearings_against_plan": HearingsAgainstPlan,
}
"""`workflow.charter.coherence.COUNTED` says of which kinds each may be."""
