"""Taking decisions about things with deadlines again: their due dates, and the colours that they were given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, Protocol

from workflow.calendar import Calendar
from workflow.charter.events import CharterAdopted, CharterPublished
from workflow.charter.library import UnknownCharter, learn
from workflow.charter.loader import CharterError
from workflow.charter.views import CharterInForce
from workflow.deadlines import Deadlines, S, Standing
from workflow.slices import Event, Refused


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


Wrong = dict[str, tuple[Any, Any]]
"""What is recorded and what had to be, by the name of the field."""


def flag_again(fact: Flagged, deadlines: Deadlines, yellow_working_days: int, charters: CharterInForce) -> Wrong:
    """Decide again which colour it had to be given."""
    charter = charters.on(fact.effective)
    turned = {flag.why: flag for flag in deadlines.turned(fact.effective, yellow_working_days, Calendar(charter))}
    flag = turned.get(fact.why)
    return {
        "colour": (fact.colour, flag.colour if flag else "no new one"),
        "due": (fact.due, flag.due if flag else fact.due),
        **by_charter(fact, charters),
    }


def by_charter(fact: Any, charters: CharterInForce) -> Wrong:
    """The charter by which something was decided is the one that was in force."""
    return {
        "charter": (fact.charter, charters.on(fact.effective).version),
        "charter_digest": (fact.charter_digest, charters.digest_on(fact.effective)),
    }


Checks = Mapping[type[Event], Callable[[Any, Any, CharterInForce], Wrong]]
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
        self._charters = CharterInForce()
        self._known: dict[str, Standing] = {}

    def listens_to(self) -> Sequence[type[Event]]:
        return (CharterPublished, CharterAdopted, *self._events)

    def follow(self, fact: Event) -> str:
        if isinstance(fact, CharterPublished):
            with suppress(CharterError):  # told by the re-performance of readings
                learn(fact.text)
            return ""
        if isinstance(fact, CharterAdopted):
            self._charters.note(fact)
            return ""
        id: str = getattr(fact, self._kind)
        known = self._known.get(id) or self._known.setdefault(id, self._standing(id))
        told = ""
        if (check := self._checks.get(type(fact))) is not None:
            self.decisions += 1
            told = _told(id, lambda: check(fact, known, self._charters))
        known.note(fact)  # right or wrong, what comes after was decided by it
        return told


def _told(id: str, check: Callable[[], Wrong]) -> str:
    try:
        wrong = {name: pair for name, pair in check().items() if pair[0] != pair[1]}
    except (Refused, UnknownCharter, LookupError, ValueError) as error:
        return f"{id} could not be decided: {error}"
    said = [f"{name} is recorded as {was} and had to be {due}" for name, (was, due) in wrong.items()]
    return f"{id}: {'; '.join(said)}" if said else ""
