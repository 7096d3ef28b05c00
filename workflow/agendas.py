"""What the clock has to do in this system: the agendas of all parts, in the order of their work on a day."""

from __future__ import annotations

from workflow.assessments.agenda import Assessments
from workflow.clock.agenda import Agenda
from workflow.indicators.missing import MissingReadings


def agendas() -> list[Agenda]:
    """Agendas that know nothing yet."""
    return [MissingReadings(), Assessments()]
