"""An institution with a clock, for the tests of what it does: whatever part of the domain it is about."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from tests.given import LONG_AGO, charter_in_force
from workflow.agendas import agendas
from workflow.charter.loader import shipped
from workflow.clock.agenda import Agenda
from workflow.clock.clock import Clock
from workflow.database import Database
from workflow.entry import Envelope, read_envelope, tail
from workflow.ids import tags_of
from workflow.journal import AttemptsJournal
from workflow.keys import KeyStore
from workflow.log import LogEvent, open_log
from workflow.slices import Command, Context, Event, Refused
from workflow.writer import Writer


class Institution:
    """A log and a writer, on a simulated day; `history` was recorded before the first one."""

    def __init__(
        self,
        url: str,
        history: Sequence[Event],
        first_day: date,
        charter: str = "procuratorate",
        text: str | None = None,
    ) -> None:
        self.day = first_day
        database = Database.parse(url)
        self.log = open_log(database, now=lambda: datetime.combine(self.day, time(1), UTC))
        keys, journal = KeyStore(database.engine("keys")), AttemptsJournal(database.engine("office"))
        for each in (self.log, keys, journal):
            each.migrate()
        self.writer = Writer(self.log, keys, journal)
        self._parts = self.log, keys, journal
        self._numbers = itertools.count(1)
        self.record(*charter_in_force(text or shipped(charter), LONG_AGO), *history)

    def record(self, *facts: Event) -> None:
        """Put events into the log as they are."""
        context = Context(actor="C1", command_id=f"given-{next(self._numbers)}", today=self.day)
        self.log.record([LogEvent(f.TOPIC, tail(f, context, n, ""), tags_of(f)) for n, f in enumerate(facts, 1)])

    def do(self, command: Command, **context: Any) -> None:
        """Have somebody do something today."""
        about = {"actor": "C1", "command_id": f"did-{next(self._numbers)}", "today": self.day, **context}
        self.writer.handle(command, Context(**about))

    def clock(self, agendas: Callable[[], Sequence[Agenda]] = agendas) -> Clock:
        return Clock(self.log, self.writer.handle_all, agendas())

    def live(self, clock: Clock, until: date, acts: Mapping[date, Sequence[Command]] | None = None) -> None:
        """Day by day: the clock in the night, then what people do."""
        while self.day <= until:
            clock.until(self.day)
            for command in (acts or {}).get(self.day, ()):
                self.do(command)
            self.day += timedelta(days=1)

    def envelopes(self) -> list[Envelope]:
        return [read_envelope(entry.bytes) for entry in self.log.entries()]

    def facts(self) -> list[Event]:
        return [envelope.event for envelope in self.envelopes()]

    def close(self) -> None:
        for part in self._parts:
            part.close()


def by_the_clock(institution: Institution) -> list[tuple[str, Event]]:
    """What the clock did, by command, in the order of the commands' names: whenever it was done."""
    told = [(each.commandid, each.event) for each in institution.envelopes() if each.actor == "clock"]
    return sorted(told, key=lambda each: each[0])


def at_once(institution: Institution, *commands: Command) -> list[str]:
    """The codes with which some were refused, when all are sent at the same moment."""
    codes: list[str] = []
    barrier = threading.Barrier(len(commands))

    def send(command: Command) -> None:
        barrier.wait()
        try:
            institution.do(command, reason="x")
        except Refused as refused:
            codes.append(refused.code)

    threads = [threading.Thread(target=send, args=(command,)) for command in commands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes
