"""The clock's part: hearings turn yellow and red when their notice, or they themselves, are due."""

from __future__ import annotations

from datetime import date

from workflow.charter.model import Charter
from workflow.clock.agenda import Agenda
from workflow.deadlines import Due
from workflow.hearings.commands import FlagHearing
from workflow.hearings.views import HearingStanding
from workflow.ids import HearingId


def due_hearings() -> Agenda:
    def rule(charter: Charter) -> int | None:
        return None if charter.hearings is None else charter.hearings.yellow_working_days

    def flag(id: str, why: str, day: date) -> FlagHearing:
        return FlagHearing(hearing=HearingId(id), why=why, effective=day)

    return Due("hearing", HearingStanding.listens_to(), HearingStanding, flag, rule)
