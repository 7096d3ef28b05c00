"""What is known of the charter: which one is in force on a day."""

from __future__ import annotations

from dataclasses import field
from datetime import date

from workflow.charter.events import CharterAdopted
from workflow.charter.library import by_digest
from workflow.charter.model import Charter
from workflow.ids import CharterId
from workflow.slices import Refused, View, event


class CharterInForce(View):
    """The charters that were adopted, and from when each is in force."""

    adoptions: list[tuple[date, str]] = field(init=False, default_factory=list)
    versions: set[str] = field(init=False, default_factory=set)

    @event(CharterAdopted)
    def adopted(self, charter: CharterId, version: str, digest: str, effective: date) -> None:
        self.adoptions.append((effective, digest))
        self.versions.add(version)

    def adopted_by(self, day: date) -> bool:
        """Whether a charter is in force on `day`."""
        return any(effective <= day for effective, _ in self.adoptions)

    def digest_on(self, day: date) -> str:
        """Of those in force on `day`, the one that came into force last; of two on one day, the one adopted later."""
        in_force = [adoption for adoption in self.adoptions if adoption[0] <= day]
        if not in_force:
            raise Refused("charter.none", f"No charter is in force on {day}.", "effective")
        return max(reversed(in_force), key=lambda adoption: adoption[0])[1]

    def on(self, day: date) -> Charter:
        return by_digest(self.digest_on(day))
