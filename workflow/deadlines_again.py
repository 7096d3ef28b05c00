"""Taking decisions about things with deadlines again: their due dates, and the colours that they were given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from workflow.again import Decision, FollowedCharters, by_charter, differing
from workflow.calendar import Calendar
from workflow.charter.views import CharterInForce
from workflow.deadlines import Deadlines, S, Standing
from workflow.slices import Event


class Flagged(Protocol):
    """An event by which something was given a colour."""

    @property
    def why(self) -> str: ...
    @property
    def due(self) -> date: ...
    @property
    def colour(self) -> str: ...
    @property
    def charter(self) -> str: ...
    @property
    def charter_digest(self) -> str: ...
    @property
    def effective(self) -> date: ...


def flag_again(
    fact: Flagged, deadlines: Deadlines, yellow_working_days: int, charters: CharterInForce
) -> Iterator[Decision]:
    """Decide again which colour it had to be given."""
    charter = charters.on(fact.effective)
    turned = {flag.why: flag for flag in deadlines.turned(fact.effective, yellow_working_days, Calendar(charter))}
    flag = turned.get(fact.why)
    yield "colour", fact.colour, flag.colour if flag else "no new one"
    yield "due", fact.due, flag.due if flag else fact.due
    yield from by_charter(fact, charters)


Checks = Mapping[type[Event], Callable[[Any, Any, CharterInForce], Iterable[Decision]]]
"""By type of event, what is compared with what had to be, given what was known of the thing before it."""


class Again:
    """Decides anew what was decided about things of one kind, while it follows the log.

    `kind` is the field that names a thing, and `standing` makes its view.
    """

    def __init__(
        self,
        kind: str,
        events: Iterable[type[Event]],
        standing: Callable[[Any], S],
        checks: Checks,
    ) -> None:
        self.decisions = 0
        self._kind, self._standing, self._checks = kind, standing, checks
        self._events = tuple(events)
        self._charters = FollowedCharters()
        self._known: dict[str, Standing] = {}

    def listens_to(self) -> Sequence[type[Event]]:
        return (*FollowedCharters.HEARD, *self._events)

    def follow(self, fact: Event) -> str:
        if self._charters.took(fact):
            return ""
        id: str = getattr(fact, self._kind)
        known = self._known.get(id) or self._known.setdefault(id, self._standing(id))
        told = differing(id, fact, self._again(fact, known))
        known.note(fact)  # right or wrong, what comes after was decided by it
        return told

    def _again(self, fact: Event, known: Standing) -> Iterator[Decision]:
        if (check := self._checks.get(type(fact))) is not None:
            self.decisions += 1
            yield from check(fact, known, self._charters)
