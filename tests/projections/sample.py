"""A small invented read model, a harbour, with histories for it and a plain account of what they mean."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Sequence
from datetime import date

from hypothesis import strategies as st

from projections.facts import At, Facts, FactTable, ReadModel, day, decimal, document, flag, integer, text
from workflow.database import Database
from workflow.entry import tail
from workflow.log import LogEvent, LogRecorder, open_log
from workflow.slices import Context, Event

LAST_DAY = 7
"""Days are 1 to 7 January; the last one stands for all that follow."""


def january(number: int) -> date:
    return date(2025, 1, number)


class Moored(Event):
    TOPIC = "sample.moored"
    boat: str
    berth: str
    effective: date
    until: date | None = None


class Shifted(Event):
    TOPIC = "sample.shifted"
    boat: str
    berths: tuple[str, ...]
    effective: date | None = None


class Sailed(Event):
    TOPIC = "sample.sailed"
    boat: str
    effective: date | None = None


class Turned(Event):
    """The boat is moored anew; nothing of the mooring before counts."""

    TOPIC = "sample.turned"
    boat: str
    berth: str
    effective: date


class PassedBy(Event):
    """Moored and gone at once."""

    TOPIC = "sample.passed_by"
    boat: str
    effective: date


MOORING = FactTable(
    "mooring", key=[text("boat")], columns=[text("berth"), day("until")], indexes=[["berth"]], register=["berth"]
)
BERTH = FactTable(
    "berth",
    key=[text("harbour"), text("berth")],
    columns=[integer("arrivals"), flag("busy"), decimal("share"), document("last")],
)


def moored(facts: Facts, fact: Moored, at: At) -> None:
    facts.open(MOORING, fact.boat, valid_from=fact.effective, valid_to=fact.until, berth=fact.berth, until=fact.until)


def shifted(facts: Facts, fact: Shifted, at: At) -> None:
    for berth in fact.berths:
        facts.amend(MOORING, fact.boat, effective=fact.effective, berth=berth)


def sailed(facts: Facts, fact: Sailed, at: At) -> None:
    facts.close(MOORING, fact.boat, effective=fact.effective)


def turned(facts: Facts, fact: Turned, at: At) -> None:
    facts.close(MOORING, fact.boat)
    facts.open(MOORING, fact.boat, valid_from=fact.effective, berth=fact.berth)


def passed_by(facts: Facts, fact: PassedBy, at: At) -> None:
    facts.open(MOORING, fact.boat, valid_from=fact.effective, berth="outside")
    facts.close(MOORING, fact.boat)


def counted(facts: Facts, fact: Moored, at: At) -> None:
    known = facts.get(BERTH, "H", fact.berth)
    if known is None:
        facts.open(BERTH, "H", fact.berth, valid_from=date.min, arrivals=1, busy=False, last=(fact.boat, at.actor))
    else:
        arrivals = known["arrivals"] + 1
        facts.amend(BERTH, "H", fact.berth, arrivals=arrivals, busy=arrivals > 2, last=(fact.boat, at.actor))


MOORINGS = ReadModel(
    "moorings",
    version=1,
    tables=[MOORING],
    handlers={Moored: moored, Shifted: shifted, Sailed: sailed, Turned: turned, PassedBy: passed_by},
)
BERTHS = ReadModel("berths", version=1, tables=[BERTH], handlers={Moored: counted})
MODELS = [MOORINGS, BERTHS]


@dataclasses.dataclass
class Account:
    """What is known of each boat, day by day: the berth it lies at. A plain reading of what the events mean."""

    berths: dict[str, dict[int, str]] = dataclasses.field(default_factory=dict)

    def allows(self, fact: Event) -> bool:
        match fact:
            case Moored(boat, _, effective, until):
                days = range(effective.day, until.day if until else LAST_DAY + 1)
                return bool(days) and not self.berths.get(boat, {}).keys() & set(days)
            case Shifted(boat, _, effective):
                return any(effective is None or number >= effective.day for number in self.berths.get(boat, {}))
            case Sailed(boat) | Turned(boat):
                return bool(self.berths.get(boat))
            case PassedBy(boat):
                return not self.berths.get(boat)
        return False

    def note(self, fact: Event) -> None:
        match fact:
            case Moored(boat, berth, effective, until):
                days = range(effective.day, until.day if until else LAST_DAY + 1)
                self.berths.setdefault(boat, {}).update(dict.fromkeys(days, berth))
            case Shifted(boat, berths, effective):
                known = self.berths[boat]
                known.update((n, berths[-1]) for n in known if effective is None or n >= effective.day)
            case Sailed(boat, effective):
                known = self.berths[boat]
                self.berths[boat] = {n: berth for n, berth in known.items() if effective and n < effective.day}
            case Turned(boat, berth, effective):
                self.berths[boat] = dict.fromkeys(range(effective.day, LAST_DAY + 1), berth)

    def on(self, number: int) -> dict[str, str]:
        """The berth of each boat that is moored on that day."""
        return {boat: days[number] for boat, days in self.berths.items() if number in days}


def account(facts: Iterable[Event]) -> Account:
    told = Account()
    for fact in facts:
        told.note(fact)
    return told


_boats = st.sampled_from(["Ada", "Bär", "船", "ab", "aB"])
_berths = st.sampled_from(["N1", "N2", "S1", 'S"\t\\2'])
_days = st.integers(1, LAST_DAY).map(january)
_perhaps = st.none() | _days
_events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Moored, _boats, _berths, _days, _perhaps),
    st.builds(Moored, _boats, _berths, _days, _perhaps),
    st.builds(Shifted, _boats, st.lists(_berths, min_size=1, max_size=3).map(tuple), _perhaps),
    st.builds(Sailed, _boats, _perhaps),
    st.builds(Turned, _boats, _berths, _days),
    st.builds(PassedBy, _boats, _days),
)


@st.composite
def histories(draw: st.DrawFn, most: int = 30) -> list[Event]:
    """Events that make sense one after the other."""
    told, facts = Account(), []
    for fact in draw(st.lists(_events, min_size=1, max_size=most)):
        if told.allows(fact):
            told.note(fact)
            facts.append(fact)
    return facts


def long_history(events: int) -> list[Event]:
    """A history of so many events, always the same, in which boats come, shift and go."""
    facts: list[Event] = []
    for number in itertools.count():
        facts.append(Moored(f"boat-{number}", f"B{number % 13}", january(1 + number % 3)))
        if number >= 5 and number % 3 == 0:
            facts.append(Shifted(f"boat-{number - 5}", ("X", f"B{number % 11}"), january(3 + number % 2)))
        if number >= 50:
            earlier = number - 50
            boat = f"boat-{earlier}"
            leaving = Sailed(boat, january(6) if earlier % 4 else None)
            facts.append(Turned(boat, "T", january(2)) if earlier % 2 else leaving)
        if len(facts) >= events:
            return facts[:events]
    raise AssertionError


def record(log: LogRecorder, facts: Sequence[Event]) -> None:
    """Put events into the log as they are, a hundred at a time."""
    for start in range(0, len(facts), 100):
        events = []
        for fact in facts[start : start + 100]:
            context = Context(actor="C1", command_id="test", today=january(1))
            events.append(LogEvent(fact.TOPIC, tail(fact, context, 1, ""), []))
        log.record(events)


def new_log(database: Database, facts: Sequence[Event] = ()) -> LogRecorder:
    """The log of a new institution, with these events."""
    log = open_log(database)
    log.migrate()
    record(log, facts)
    return log
