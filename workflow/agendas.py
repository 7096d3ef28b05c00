"""What the clock has to do in this system: the agendas of all parts, in the order of their work on a day."""

from __future__ import annotations

from workflow.assessments.agenda import Assessments
from workflow.brands.agenda import Brands
from workflow.clock.agenda import Agenda
from workflow.duties.agenda import Duties
from workflow.indicators.missing import MissingReadings
from workflow.plans.agenda import DueTasks
from workflow.warnings.agenda import EscalatedWarnings


def agendas() -> list[Agenda]:
    """Agendas that know nothing yet."""
    return [MissingReadings(), Duties(), DueTasks(), EscalatedWarnings(), Assessments(), Brands()]
