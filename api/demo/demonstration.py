"""What a demonstration is: an organisation's charters, its files, and what its people do in the time it tells of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from api.demo.files import File
from api.demo.steps import Step
from workflow.calendar import Calendar
from workflow.charter.library import learn
from workflow.slices import Event


@dataclass(frozen=True)
class Adoption:
    """The text of a charter, the day on which it is decided, and the one from which it holds."""

    text: str
    decided: date
    effective: date
    reason: str


@dataclass(frozen=True)
class Demonstration:
    """The history of an invented organisation, day by day from the first to the last.

    `charters` are in their order; the first is adopted by `adopted_by` with a second person on the first day. `files`
    lie in `folder`, and row by row `recorder` imports them when the time has come, in their order. `parts` are what is
    done otherwise, by name: each makes its steps, and the name begins the ids of its commands. `answers` is what people
    do about an event that an import brought. `logins` are the users who are let in, with their roles; `persons` says
    who among the people some of them are.
    """

    charters: tuple[Adoption, ...]
    zone: ZoneInfo
    first_day: date
    last_day: date
    folder: Path
    files: tuple[File, ...]
    parts: Mapping[str, Callable[[], Iterable[Step]]]
    answers: Callable[[Event, Calendar], Iterable[Step]]
    recorder: str
    adopted_by: tuple[str, str]
    logins: Mapping[str, str]
    persons: Mapping[str, str] = field(default_factory=dict)

    @property
    def charter(self) -> str:
        """The id of its charter, which is its own."""
        return learn(self.charters[0].text).id
