"""A small office for the tests of read models and views: made by the real commands, then recorded and projected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import TypeVar

import msgspec
from sqlalchemy import Connection

from projections.generations import Generations
from projections.history import digest
from projections.models import MODELS
from projections.projector import Projector
from projections.rebuild import rebuild
from projections.store import checkpoints
from tests.given import LONG_AGO, charter_in_force, given
from tests.projections.sample import new_log
from tests.workflow.organisation.happened import BUSINESS, PARTY, appointed, bound, member, person, post
from workflow.charter.library import learn
from workflow.charter.loader import shipped
from workflow.database import Database
from workflow.entry import tail
from workflow.ids import IndicatorId, UnitId
from workflow.indicators.commands import AdoptIndicator
from workflow.indicators.definitions import definition_of
from workflow.indicators.readings import ReportReading
from workflow.log import LogEvent, open_log
from workflow.organisation.events import PostDutiesSet
from workflow.sealed import Sealed, Unsealed, key_of
from workflow.slices import Command, Context, Event

TEXT = shipped("procuratorate")
CHARTER = learn(TEXT)

OFFICE = (
    *BUSINESS,
    *PARTY,
    post("DCP-CHIEF", "DCP", "chief"),
    post("DCP-DEPUTY", "DCP", "deputy_chief"),
    post("G6-HEAD", "G6", "department_head"),
    post("G6-H1", "G6", "handler", seats=2),
    post("G7-HEAD", "G7", "department_head"),
    post("G7-DEPUTY", "G7", "department_deputy"),
    post("LG-SEC", "LG", "leading_group_secretary"),
    post("OC-SEC", "OC", "organ_secretary"),
    post("B4-SEC", "B4", "branch_secretary"),
    post("PG6-LEAD", "PG6", "group_leader"),
    *(person(f"P{n}") for n in range(1, 10)),
    member("P1", "LG"),
    member("P2", "B4"),
    member("P4", "PG6"),
    member("P5", "PG7"),
    member("P6", "PG7"),
    appointed("A1", "P1", "DCP-CHIEF"),
    appointed("A2", "P1", "LG-SEC", kind="concurrent"),
    appointed("A3", "P1", "OC-SEC", kind="concurrent"),
    appointed("A4", "P2", "DCP-DEPUTY"),
    appointed("A5", "P2", "B4-SEC", kind="concurrent"),
    PostDutiesSet(post("DCP-DEPUTY", "DCP", "").post, (UnitId("G6"), UnitId("G7")), LONG_AGO),
)
"""P1 is chief and secretary at the top, P2 deputy in charge of G6 and G7 and branch secretary. Nobody heads these yet,
and no grid binds them to PG6 (with the member P4) and PG7 (P5 and P6)."""

GRIDS = (bound("N6", "G6", "PG6"), bound("N7", "G7", "PG7"))


T = TypeVar("T")


def there(found: T | None) -> T:
    """What was looked for is there."""
    assert found is not None
    return found


class History:
    """What has happened, in the order in which it was recorded; `position` is that of the last event."""

    def __init__(self, *facts: Event, charters: Sequence[tuple[date, str]] = ((LONG_AGO, TEXT),)) -> None:
        self.facts = [fact for since, text in charters for fact in charter_in_force(text, since)]
        self.facts += facts

    @property
    def position(self) -> int:
        return len(self.facts)

    def then(self, command: Command, today: date) -> int:
        """What a command decides is recorded too, on `today`. Returns the position of the last event."""
        answer = given(*self.facts, charter=None).when(command, today=today, approver="S1", reason="As it was.")
        assert answer.refusal is None, str(answer.refusal)
        self.facts += answer.facts
        return self.position

    def adopt(self, indicator: str, since: date) -> None:
        command = AdoptIndicator(
            indicator=IndicatorId(indicator), definition=definition_of(CHARTER.indicator(indicator)), effective=since
        )
        self.then(command, since)

    def report(self, indicator: str, unit: str, period: str, value: str, on: date) -> int:
        command = ReportReading(
            indicator=IndicatorId(indicator), unit=UnitId(unit), period=period, value=Decimal(value), effective=on
        )
        return self.then(command, on)


@contextmanager
def facts_of(database_url: str, history: History) -> Iterator[Connection]:
    """The facts of a history, projected in batches as the projector does it."""
    database = Database.parse(database_url)
    log = new_log(database)
    context = Context(actor="C1", command_id="office", today=LONG_AGO, reason="As it was.")
    log.record([LogEvent(fact.TOPIC, tail(sealed(fact), context, 1, "1"), []) for fact in history.facts])
    generation = None
    try:
        Projector(database, log, MODELS, batch=7).once()
        generation = Generations(database).current()
        assert generation is not None
        with generation.engine.connect() as connection:
            assert {each.state for each in checkpoints(connection).values()} == {"live"}
            yield connection
    finally:
        if generation is not None:
            generation.engine.dispose()
        log.close()


def digests_of(database_url: str, history: History) -> list[str]:
    """The digest of each read model's facts, at every position."""
    with facts_of(database_url, history) as connection:
        return [digest(connection, model, position) for position in range(history.position + 1) for model in MODELS]


def rebuilt_the_same(database_url: str, history: History) -> bool:
    """Whether a rebuild beside the facts that were followed gives the same ones."""
    with facts_of(database_url, history):
        database = Database.parse(database_url)
        log = open_log(database)
        rebuilt = rebuild(database, log, MODELS)
        log.close()
        rebuilt.generation.engine.dispose()
    return dict(rebuilt.same) == {model.name: True for model in MODELS} and not rebuilt.parked


def sealed(fact: Event) -> Event:
    """As the writer would have recorded it, but with a seal that no key opens."""
    boxes = {
        name: Sealed(f"{key_of(fact)}.1", fact.TOPIC, str(value.details), "0" * 64)
        for name in fact.__struct_fields__
        if isinstance(value := getattr(fact, name), Unsealed)
    }
    return msgspec.structs.replace(fact, **boxes) if boxes else fact
