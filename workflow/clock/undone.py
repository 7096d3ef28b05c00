"""What the clock had to do and never did: found by letting the agendas follow a log once more.

A decision that is recorded can be taken again. One that was never recorded, or was taken out, shows only in that it was
due: so all agendas are asked again what was due on each day that the clock has gone through.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from itertools import chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

from workflow.calendar import ONE_DAY
from workflow.charter.loader import CharterError
from workflow.clock.agenda import Act, Agenda
from workflow.clock.clock import CLOCK
from workflow.clock.events import ClockStarted
from workflow.clock.following import Following
from workflow.entry import Envelope
from workflow.ids import tags_of
from workflow.slices import Context, Event, Refused, View


class Missing(NamedTuple):
    """Before the event at `position` something had to be recorded that is not."""

    position: int
    sentence: str


class _Pending(NamedTuple):
    day: date
    act: Act


class _Late(NamedTuple):
    """What the clock did for a day, when it had done something for a later one already."""

    position: int
    effective: date
    tags: frozenset[str]


class Undone:
    """The acts of the clock that are missing in a log that is followed from its beginning to its end.

    An act is missing if it was due on a day by what was known when the day began, was due still by all that was known
    when the clock did something that is effective on a later day (so it had gone through that one), would have brought
    something about then, and the like was not done later for that day or one before, by a clock that was started anew.
    So what is back-dated is not held against a clock that could not know. What was due after the last thing that the
    clock did is not known to be missing: it may still come.

    `agendas` makes agendas that know nothing yet; `read` fills views with what was recorded up to a position.
    """

    def __init__(self, agendas: Callable[[], Sequence[Agenda]], read: Callable[[int, Sequence[View]], None]) -> None:
        self._on_time, self._behind = Following(agendas()), Following(agendas())
        self.topics = self._on_time.topics
        self._read = read
        self._zone = ZoneInfo("UTC")
        self._day: date | None = None
        self._pending: dict[str, _Pending] = {}
        self._done: set[str] = set()
        self._reached = date.min
        self._late: list[_Late] = []
        self._suspect: list[tuple[int, _Pending]] = []
        self._lost: Missing | None = None

    def follow(self, position: int, envelope: Envelope, fact: Event | None) -> None:
        """Take note of the next entry, with its event if that is of one of the `topics`.

        Where something was taken out of a log, what follows may make no sense to an agenda; from there on nothing can
        be told, and that is told.
        """
        if self._lost is not None:
            return
        try:
            self._begin_days(datetime.fromisoformat(envelope.time).astimezone(self._zone).date())
            if envelope.actor == CLOCK:
                self._clock_did(position, envelope)
            if fact is not None and envelope.type in self.topics:
                self._note(fact)
        except (LookupError, ValueError, AssertionError, Refused) as error:
            self._lost = Missing(position, f"missing: what was due from here on cannot be told: {error!r}")

    def first(self) -> Missing | None:
        """The first one, when the whole log was followed."""
        for position, (day, act) in self._suspect:
            if act.name in self._done or self._was_done_late(position, day, act):
                continue
            if topics := self._would_bring(position - 1, day, act):
                sentence = f"missing: {act.name} was to be done on {day} ({', '.join(topics)}), and is not recorded"
                return Missing(position, sentence)
        return self._lost

    def _note(self, fact: Event) -> None:
        with suppress(CharterError):  # what is wrong with a charter, the re-performance of readings tells
            self._on_time.note(fact)
            self._behind.note(fact)
        adoptions = self._on_time.charters.adoptions
        if adoptions:
            self._zone = ZoneInfo(self._on_time.charters.on(adoptions[-1][0]).institution.timezone)

    def _begin_days(self, today: date) -> None:
        """Ask what is due on the days that have begun, by what is known before anything is recorded on them."""
        if self._on_time.since is None:
            return
        day = self._on_time.since if self._day is None else self._day + ONE_DAY
        while day <= today:
            for act in chain(*self._on_time.due(day)):
                if act.name not in self._done:
                    self._pending.setdefault(act.name, _Pending(day, act))
            self._day, day = day, day + ONE_DAY

    def _clock_did(self, position: int, envelope: Envelope) -> None:
        if self._on_time.since is None and envelope.type != ClockStarted.TOPIC:
            raise LookupError("the clock was never started")
        if envelope.effectivedate:
            effective = date.fromisoformat(envelope.effectivedate)
            self._gone_through(effective, position)
            if effective < self._reached:
                self._late.append(_Late(position, effective, frozenset(envelope.tags.split())))
            self._reached = max(self._reached, effective)
        name = envelope.commandid.removeprefix(f"{CLOCK}.")
        self._done.add(name)
        self._pending.pop(name, None)

    def _gone_through(self, until: date, position: int) -> None:
        """The clock has gone through all days before `until`: what is pending of them should have been done."""
        late = {name: each for name, each in self._pending.items() if each.day < until}
        for day in sorted({each.day for each in late.values()}):
            due = {act.name for act in chain(*self._behind.due(day))}
            self._suspect += [(position, each) for name, each in late.items() if each.day == day and name in due]
        for name in late:
            del self._pending[name]

    def _was_done_late(self, position: int, day: date, act: Act) -> bool:
        tags = set(tags_of(act.command))
        return any(each.position > position and each.effective <= day and tags <= each.tags for each in self._late)

    def _would_bring(self, position: int, day: date, act: Act) -> list[str]:
        """The types of the events that an act would have brought about, by what was recorded up to a position."""
        command = act.command.again()
        command.context = Context(actor=CLOCK, command_id=act.name, today=day)
        try:
            command.decide(lambda views: self._read(position, views))
        except (Refused, LookupError, ValueError):
            return []  # the clock was refused, too
        return [fact.TOPIC for fact in command.facts]
