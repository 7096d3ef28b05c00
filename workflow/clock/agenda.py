"""Agendas: what the clock has to do for one part of the domain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from datetime import date

    from workflow.charter.views import CharterInForce
    from workflow.slices import Command, Event


class Act(NamedTuple):
    """Something to be done. `name` says what it is and, if it may come again, when: `missing.I07.G3.2025-05.red`. The
    same name is the same act, for ever: so the command's parameters are no more than the name says too."""

    name: str
    command: Command


class Agenda(Protocol):
    """Follows the events of its `listens_to`, in the order of the log, and knows from them what is to be done.

    Days come in order, but any number of times: what was done must show in the events, and is not named again. The
    commands decide anew, by all that a rule must know; an agenda may name what turns out to be nothing.
    """

    def listens_to(self) -> Iterable[type[Event]]: ...

    def note(self, fact: Event) -> None: ...

    def due(self, day: date, charters: CharterInForce) -> Iterable[Act]:
        """What is to be done on `day`, in order; a charter is in force on it."""
        ...
