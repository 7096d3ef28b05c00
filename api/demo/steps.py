"""What somebody does in a demonstration, and in which periods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from workflow.charter.measurement import Cadence
from workflow.periods import Period
from workflow.slices import Command


@dataclass(frozen=True)
class Step:
    """What somebody does on a day, by the user's name; `approver` is the second person, where a rule wants one. `name`
    makes the id of the command; else it is made of the place among all steps."""

    day: date
    actor: str
    command: Command
    reason: str = ""
    approver: str = ""
    name: str = ""


def periods(cadence: Cadence, first: date, last: date) -> Iterator[Period]:
    """The periods that lie between two days, both included."""
    period = Period.containing(first, cadence)
    if period.first_day < first:
        period = period.next
    while period.last_day <= last:
        yield period
        period = period.next
