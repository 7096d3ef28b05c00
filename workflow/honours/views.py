"""What is known of honours."""

from __future__ import annotations

from dataclasses import field
from datetime import date

from workflow.honours.events import HonourConferred, HonourRevoked
from workflow.ids import HonourId
from workflow.slices import Refused, View, event


class HonourStanding(View):
    """An honour as it was conferred, and from when on it is revoked."""

    honour: HonourId
    conferred: HonourConferred | None = field(init=False, default=None)
    revoked: date | None = field(init=False, default=None)

    @event(HonourConferred)
    def was_conferred(self, fact: HonourConferred) -> None:
        self.conferred = fact

    @event(HonourRevoked)
    def was_revoked(self, effective: date) -> None:
        self.revoked = effective

    def must_be_known(self) -> HonourConferred:
        """The honour. Raises Refused if there is none."""
        if self.conferred is None:
            raise Refused("honour.unknown", f"There is no honour {self.honour}.", "honour")
        return self.conferred

    def revoked_by(self, day: date) -> bool:
        return self.revoked is not None and self.revoked <= day
