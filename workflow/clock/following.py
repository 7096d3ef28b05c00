"""Agendas that follow the log together: what is due on a day, by what was recorded so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workflow.charter.events import CharterAdopted, CharterPublished
from workflow.charter.library import learn
from workflow.charter.views import CharterInForce
from workflow.clock.agenda import Act, Agenda
from workflow.clock.events import ClockStarted
from workflow.slices import Event


class Following:
    """Agendas, the charters that were adopted, and the day from which on the clock does what is due (None: it was not
    started)."""

    def __init__(self, agendas: Sequence[Agenda]) -> None:
        self.charters = CharterInForce()
        self.since: date | None = None
        self._agendas = agendas
        self._listening: dict[str, list[Agenda]] = {
            event.TOPIC: [] for event in (CharterPublished, CharterAdopted, ClockStarted)
        }
        for agenda in agendas:
            for event in agenda.listens_to():
                self._listening.setdefault(event.TOPIC, []).append(agenda)

    @property
    def topics(self) -> frozenset[str]:
        """The types of the events that `note` wants to be given."""
        return frozenset(self._listening)

    def note(self, fact: Event) -> None:
        if isinstance(fact, CharterPublished):
            learn(fact.text)
        elif isinstance(fact, CharterAdopted):
            self.charters.note(fact)
        elif isinstance(fact, ClockStarted):
            self.since = fact.effective
        for agenda in self._listening[fact.TOPIC]:
            agenda.note(fact)

    def due(self, day: date) -> list[list[Act]]:
        """What is to be done on a day, by each agenda, in order; nothing while no charter is in force."""
        if not self.charters.adopted_by(day):
            return []
        return [list(agenda.due(day, self.charters)) for agenda in self._agendas]
