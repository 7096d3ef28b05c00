"""By when something has to be done next, as it stood after each act, and the colours that it turns while it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import takewhile
from typing import Any, NamedTuple, Protocol, TypeVar

from workflow.calendar import ONE_DAY, Calendar
from workflow.charter.model import Charter
from workflow.charter.views import CharterInForce
from workflow.clock.agenda import Act
from workflow.clock.events import ClockStarted
from workflow.slices import Command, Event

_RANK = ("green", "yellow", "red")


class Flag(NamedTuple):
    """The colour that something has, because what `why` names is due on `due`."""

    why: str
    due: date
    colour: str


class Deadlines:
    """What is to be done, by name, and by when: as it stood after each act, and which colours it was given."""

    def __init__(self) -> None:
        self._stood: list[tuple[date, dict[str, date]]] = []
        self._given: dict[tuple[str, date], list[tuple[date, str]]] = {}

    @property
    def open(self) -> dict[str, date]:
        """What is to be done now."""
        return dict(self._stood[-1][1]) if self._stood else {}

    def stand(self, since: date, dues: Mapping[str, date]) -> None:
        """From `since` on, this is to be done. What is not, or on another day, lost its colours of the days after."""
        self._stood.append((since, dict(dues)))
        for why, due in self._given:
            if dues.get(why) != due:
                self._given[why, due] = [known for known in self._given[why, due] if known[0] <= since]

    def given(self, why: str, due: date, colour: str, day: date) -> None:
        """It was given a colour on a day."""
        self._given.setdefault((why, due), []).append((day, colour))

    def settled(self, day: date) -> bool:
        """Whether nothing is to be done from that day on, as far as is known."""
        return bool(self._stood) and not self._stood[-1][1] and self._stood[-1][0] < day

    def turned(self, day: date, yellow_working_days: int, calendar: Calendar) -> list[Flag]:
        """What turned yellow or red by `day` and was not given that colour yet, since it is due.

        Yellow: at most so many working days are left after this day; red: overdue. It is decided by how things stood
        when the day began, so what is done on the day itself changes nothing. What was not due any more for a while,
        and is due again on the same day, is given its colours again.
        """
        dues = next((dues for since, dues in reversed(self._stood) if since < day), {})
        found = []
        for why, due in sorted(dues.items()):
            colour = _colour(due, day, yellow_working_days, calendar)
            since = self._due_since(why, due, day)
            given = [_RANK.index(known) for on, known in self._given.get((why, due), ()) if on > since]
            if _RANK.index(colour) > max(given, default=0):
                found.append(Flag(why, due, colour))
        return found

    def _due_since(self, why: str, due: date, day: date) -> date:
        """Since when something was due without a break, as it stood when a day began."""
        stood = [(since, dues.get(why) == due) for since, dues in self._stood if since < day]
        return [since for since, _ in takewhile(lambda each: each[1], reversed(stood))][-1]


def _colour(due: date, day: date, yellow_working_days: int, calendar: Calendar) -> str:
    if day > due:
        return "red"
    return "yellow" if day >= calendar.add(due + ONE_DAY, -yellow_working_days - 1) else "green"


class Standing(Protocol):
    """A view of one thing that has deadlines."""

    deadlines: Deadlines

    def note(self, fact: Event) -> None: ...


S = TypeVar("S", bound=Standing)


class Due:
    """The agenda of things of one kind, each of which turns yellow and red. What was due before the clock was started
    is left alone.

    `kind` is the field of their events that names them; `standing` makes the view of one, `flag` the command that gives
    it a colour on a day, and `rule` says when a thing is yellow, None: the charter knows no such things.
    """

    def __init__(
        self,
        kind: str,
        events: Iterable[type[Event]],
        standing: Callable[[Any], S],
        flag: Callable[[str, str, date], Command],
        rule: Callable[[Charter], int | None],
    ) -> None:
        self._kind, self._events, self._standing, self._flag, self._rule = kind, tuple(events), standing, flag, rule
        self._since = date.max
        self._known: dict[str, S] = {}
        self._open: set[str] = set()

    def listens_to(self) -> Iterable[type[Event]]:
        return (ClockStarted, *self._events)

    def note(self, fact: Event) -> None:
        if isinstance(fact, ClockStarted):
            self._since = fact.effective
            return
        id: str = getattr(fact, self._kind)
        if id not in self._known:
            self._known[id] = self._standing(id)
        self._known[id].note(fact)
        self._open.add(id)

    def due(self, day: date, charters: CharterInForce) -> Iterator[Act]:
        charter = charters.on(day)
        yellow = self._rule(charter)
        if yellow is None:
            return
        calendar = Calendar(charter)
        for id in sorted(self._open):
            deadlines = self._known[id].deadlines
            flags = [flag for flag in deadlines.turned(day, yellow, calendar) if flag.due >= self._since]
            for flag in flags:
                # Due on another day, or in another colour, it is another act, of which nothing is said yet.
                name = f"{self._kind}.{id}.{flag.why}.{flag.due}.{flag.colour}.{day}"
                yield Act(name, self._flag(id, flag.why, day))
            if not flags and deadlines.settled(day):
                self._open.remove(id)  # nothing is left that could turn, until something happens to it
