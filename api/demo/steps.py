"""What somebody does in the demonstration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
