"""The rules of a shadow: a charter as if it had always been in force, with the indicators that it defines."""

from __future__ import annotations

from datetime import date

from workflow.assessments.measuring import Indicators
from workflow.charter.events import CharterAdopted
from workflow.charter.model import Charter
from workflow.charter.views import CharterInForce
from workflow.ids import CharterId, IndicatorId
from workflow.indicators.definitions import definition_of
from workflow.indicators.events import IndicatorAdopted

ALWAYS = date.min


class Rules:
    """`charter` must have been learnt: what is decided by it asks for it by its digest."""

    def __init__(self, charter: Charter, digest: str) -> None:
        self.charter = charter
        self.charters = CharterInForce()
        self.charters.note(CharterAdopted(CharterId(charter.id), charter.version, digest, ALWAYS))
        self.indicators = Indicators()
        for indicator in charter.indicators:
            self.indicators.note(IndicatorAdopted(IndicatorId(indicator.id), definition_of(indicator), ALWAYS))
