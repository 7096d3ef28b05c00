"""A shadow: follows the log, decides nothing, and tells what would differ, one kind of decision after the other."""

from __future__ import annotations

from collections.abc import Sequence

from workflow.assessments.following import Followed
from workflow.charter.model import Charter
from workflow.shadow.grades import ShadowGrades
from workflow.shadow.readings import ShadowReadings
from workflow.shadow.rules import Rules
from workflow.slices import Event


class Shadow:
    """What was recorded, as `charter`, which has been learnt, would have decided it, had it always been in force."""

    def __init__(self, charter: Charter, digest: str) -> None:
        rules = Rules(charter, digest)
        self.colours = ShadowReadings(rules)
        self.grades = ShadowGrades(rules)

    def listens_to(self) -> Sequence[type[Event]]:
        return tuple(dict.fromkeys((*self.colours.listens_to(), *self.grades.listens_to())))

    def follow(self, fact: Event) -> None:
        """Take note of the next event of the log."""
        instead = self.colours.follow(fact)
        if isinstance(instead, Followed):
            self.grades.follow(instead)
