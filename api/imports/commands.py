"""What a row of a spreadsheet asks for: the commands of each kind of record, and importing them all or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from api.imports.parsing import CellError, Record, row_key
from api.wiring import Resonance
from workflow.honours.commands import ConferHonour
from workflow.indicators.commands import SetTarget
from workflow.indicators.readings import ReportReading
from workflow.organisation.appointments import Appoint
from workflow.organisation.grids import BindGrid
from workflow.organisation.memberships import StartMembership
from workflow.organisation.people import RegisterPerson
from workflow.organisation.posts import EstablishPost, SetPostDuties
from workflow.organisation.units import EstablishUnit
from workflow.slices import Command, Context, Event, Refused
from workflow.writer import RefusedTogether

Row = dict[str, Any]


def _post(row: Row) -> list[Command]:
    post = EstablishPost(
        post=row["post"],
        unit=row["unit"],
        kind=row["kind"],
        title_zh=row["title_zh"] or "",
        title_en=row["title_en"] or "",
        effective=row["effective"],
    )
    duties = SetPostDuties(post=row["post"], units=row["oversees"], effective=row["effective"])
    return [post, duties] if row["oversees"] else [post]


COMMANDS: dict[str, Callable[[Row], list[Command]]] = {
    "units": lambda row: [EstablishUnit(**row | {"name_zh": row["name_zh"] or "", "name_en": row["name_en"] or ""})],
    "posts": _post,
    "grids": lambda row: [BindGrid(**row)],
    "roster": lambda row: [
        RegisterPerson(
            person=row["person"],
            personnel_class=row["class"],
            name=row["name"],
            phone=row["phone"] or "",
            number=row["number"] or "",
            effective=row["registered"],
        )
    ],
    "memberships": lambda row: [
        StartMembership(membership=f"M.{row['person']}.{row['unit']}.{row['effective']}", **row)  # type: ignore[arg-type]
    ],
    "appointments": lambda row: [
        Appoint(appointment=f"A.{row['person']}.{row['post']}.{row['effective']}", **row)  # type: ignore[arg-type]
    ],
    "targets": lambda row: [SetTarget(**row)],
    "readings": lambda row: [
        ReportReading(
            indicator=row["indicator"],
            unit=row["unit"],
            period=row["period"],
            value=row["value"],
            effective=row["reported_on"],
            note=row["note"] or "",
        )
    ],
    "honours": lambda row: [
        ConferHonour(
            honour=row["honour"],
            person=row["person"],
            unit=row["unit"],
            brand=row["brand"],
            case_team=row["case_team"],
            level=row["level"],
            title=row["title"],
            issuer=row["issuer"],
            matter=row["matter"],
            evidence=(row["evidence"],),
            effective=row["conferred_on"],
        )
    ],
}
"""The commands that a record of each kind stands for, in order."""

PERSONAL = frozenset(("roster",))
"""The kinds whose records hold personal details."""
COLUMNS = {"personnel_class": "class", "title_zh": "title_zh", "units": "oversees"}
"""Parameters of commands that are called otherwise in a file."""
DATES = {"roster": "registered", "readings": "reported_on", "honours": "conferred_on"}
"""The column that is the effective date, where it is not called so."""


@dataclass(frozen=True)
class Imported:
    """What came of an import, or would come. `changed` rows did something, `unchanged` ones had been imported before.

    `events` counts what was recorded now; `facts` are the events of all rows, whenever they were recorded.
    """

    rows: int
    changed: int
    unchanged: int
    events: int
    position: int
    facts: Sequence[Event]


class ImportRefused(Exception):
    """Rows that are not well formed, or that a rule refused. Nothing of the file was recorded."""

    def __init__(self, errors: Sequence[CellError]) -> None:
        super().__init__(f"{len(errors)} error(s); nothing was imported")
        self.errors = errors


def import_records(
    resonance: Resonance,
    records: Sequence[Record],
    context: Context,
    dry_run: bool = False,
) -> Imported:
    """Do what all records ask for, or nothing. Rows that were imported before change nothing.

    The command id of a row follows from what it says, so the same row in another file, or twice in one, is one
    command; that of `context` is not used. Raises ImportRefused with the cell of each refusal.
    """
    asked = [
        (record, command, f"import.{key}.{number}")
        for key, record in {_key(resonance, record): record for record in records}.items()
        for number, command in enumerate(COMMANDS[record.kind](dict(record.values)), 1)
    ]
    commands = [(command, replace(context, command_id=command_id)) for _, command, command_id in asked]
    try:
        outcomes = resonance.handle_all(commands, dry_run=dry_run)
    except RefusedTogether as together:
        # What a row asks for second stands on the first: were both refused, only the first says why.
        errors: dict[int, CellError] = {}
        for number, refused in together.refusals.items():
            record = asked[number][0]
            errors.setdefault(id(record), _error(record, refused.told))
        raise ImportRefused(list(errors.values())) from None
    changed = {id(asked[n][0]) for n, outcome in enumerate(outcomes) if outcome.events and not outcome.repeated}
    return Imported(
        rows=len(records),
        changed=len(changed),
        unchanged=len(records) - len(changed),
        events=sum(len(outcome.events) for outcome in outcomes if not outcome.repeated),
        position=max((outcome.last for outcome in outcomes), default=resonance.log.head().position),
        facts=[fact for outcome in outcomes for fact in outcome.events],
    )


def _key(resonance: Resonance, record: Record) -> str:
    """What a row says, as a part of command ids. They stand in the log for ever, so where there is a name in the row it
    is keyed: a bare hash would tell the name to who tries all."""
    key = row_key(record.kind, record)
    return resonance.keys.digest(key.encode()).hex() if record.kind in PERSONAL else key


def _error(record: Record, refused: Refused) -> CellError:
    """Where in the sheet a refused row stands: the cell that the rule points to, else the first of the row."""
    addresses = list(_addresses(record, refused.fields))
    address = addresses[0] if addresses else next(iter(record.addresses.values()))
    column = next((name for name, where in record.addresses.items() if where == address), "")
    found = record.values.get(column)
    text = " ".join(found) if isinstance(found, tuple) else "" if found is None else str(found)
    return CellError(record.sheet, address, column, refused.code, text, refused.sentence)


def _addresses(record: Record, fields: Sequence[str]) -> Iterator[str]:
    for field in fields:
        column = DATES.get(record.kind, field) if field == "effective" else COLUMNS.get(field, field)
        if column in record.addresses:
            yield record.addresses[column]
