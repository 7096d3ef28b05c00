"""What the clock has to do in this system: the agendas of all parts, in the order of their work on a day."""

from __future__ import annotations

from workflow.assessments.agenda import Assessments
from workflow.brands.agenda import Brands
from workflow.clock.agenda import Agenda
from workflow.duties.agenda import Duties
from workflow.hearings.agenda import due_hearings
from workflow.indicators.counted import CountedReadings
from workflow.indicators.missing import MissingReadings
from workflow.mentoring.agenda import RunningMentorships
from workflow.plans.agenda import DueTasks
from workflow.programmes.agenda import RunningProgrammes
from workflow.service.agenda import agendas_of_service
from workflow.warnings.agenda import EscalatedWarnings


def agendas() -> list[Agenda]:
    """Agendas that know nothing yet."""
    return [
        CountedReadings(),
        MissingReadings(),
        Duties(),
        DueTasks(),
        EscalatedWarnings(),
        Assessments(),
        *agendas_of_service(),
        due_hearings(),
        RunningMentorships(),
        RunningProgrammes(),
        Brands(),
    ]
