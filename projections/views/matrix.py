"""The progress of a programme: people, or units, by items, and how much of what is owed is done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import msgspec
from sqlalchemy import Connection, select

from projections.models.programmes import COMPLETION, ITEM_NOTE
from projections.models.responsibility import APPOINTMENT
from projections.views import Fact, Moment, every, holds
from projections.views.charters import charter_by
from projections.views.organisation import subtree
from projections.views.programmes import Completion, Participation, Programme, participations_in
from workflow.calendar import ONE_DAY
from workflow.charter.programmes import ProgrammeItem, ProgrammeTemplate
from workflow.dates import Span
from workflow.programmes.progress import Done, counted, owed

_COUNTED = ("enrolled", "finished", "lapsed")


class Note(Fact, kw_only=True):
    """How far an item has come, as was noted last."""

    participation: str
    item: str
    note: str
    noted_on: date


class ProgressCell(msgspec.Struct, kw_only=True):
    """One item of one participant: `done` is what counts of the `owed`; `waiting` is completed and not looked at yet,
    `returned` had to be done anew. `lapsed`: the programme is closed, and not all was done."""

    item: str
    done: int
    owed: int
    waiting: int
    returned: int
    lapsed: bool
    note: str | None


class ProgressRow(msgspec.Struct, kw_only=True):
    """All items of one participant. `units`: where a person holds posts; of a unit, itself."""

    participation: Participation
    units: list[str]
    cells: list[ProgressCell]
    done: int
    owed: int


class CompletionRate(msgspec.Struct, kw_only=True):
    """How much of what is owed is done; `share` is rounded half up to four decimals, None if nothing is owed. `of`: the
    item, the unit, or "" for all."""

    of: str
    done: int
    owed: int
    share: Decimal | None


class Matrix(msgspec.Struct, kw_only=True):
    """The rows of all who were enrolled; those withdrawn count in no rate. A person with posts in several units counts
    in the rate of each."""

    items: list[ProgrammeItem]
    rows: list[ProgressRow]
    total: CompletionRate
    by_item: list[CompletionRate]
    by_unit: list[CompletionRate]


def matrix(
    connection: Connection,
    moment: Moment,
    programme: Programme,
    *,
    unit: str | None = None,
    within: str | None = None,
    person: str | None = None,
    item: str | None = None,
) -> Matrix:
    """The progress matrix: of all, of those in a `unit`, or `within` a unit and all below it, or of one person; and of
    all items, or of one."""
    taking = participations_in(connection, moment, programme.programme)
    places = _units_of(connection, moment, taking)
    if person is not None:
        taking = [each for each in taking if each.person == person]
    for wanted in ([unit] if unit else None, _below(connection, moment, within) if within else None):
        if wanted is not None:
            taking = [each for each in taking if set(places[each.participation]) & set(wanted)]
    items = [each for each in template_of(connection, programme).items if item in (None, each.id)]
    rows = _rows(connection, moment, programme, taking, items, places)
    counting = [row for row in rows if row.participation.state in _COUNTED]
    units = sorted({each for row in counting for each in row.units})
    return Matrix(
        items=items,
        rows=rows,
        total=_rate("", (cell for row in counting for cell in row.cells)),
        by_item=[_rate(each.id, (row.cells[n] for row in counting)) for n, each in enumerate(items)],
        by_unit=[_rate(each, (cell for row in counting if each in row.units for cell in row.cells)) for each in units],
    )


def row_of(connection: Connection, moment: Moment, programme: Programme, taking: Participation) -> ProgressRow:
    """One row: what one participant has to do in one programme, and has done."""
    items = list(template_of(connection, programme).items)
    places = _units_of(connection, moment, [taking])
    return _rows(connection, moment, programme, [taking], items, places)[0]


def template_of(connection: Connection, programme: Programme) -> ProgrammeTemplate:
    """The template as it was when the programme was adopted."""
    return charter_by(connection, programme.charter_digest).programme(programme.template)


def _rows(
    connection: Connection,
    moment: Moment,
    programme: Programme,
    taking: Collection[Participation],
    items: list[ProgrammeItem],
    places: dict[str, list[str]],
) -> list[ProgressRow]:
    made: dict[tuple[str | None, str | None], list[Completion]] = defaultdict(list)
    only = [COMPLETION.c.programme == programme.programme]
    if len(taking) == 1:
        (alone,) = taking
        only += [COMPLETION.c.person == alone.person if alone.person else COMPLETION.c.unit == alone.unit]
    for each in every(connection, COMPLETION, moment, Completion, *only):
        made[each.person, each.unit].append(each)
    noted = every(connection, ITEM_NOTE, moment, Note, ITEM_NOTE.c.programme == programme.programme)
    notes = {(each.participation, each.item): each.note for each in noted}
    full = [each.id for each in template_of(connection, programme).items]
    rows = []
    for part in taking:
        cells = [
            _cell(programme, part, each, full.index(each.id), made[part.person, part.unit], notes) for each in items
        ]
        rows.append(
            ProgressRow(
                participation=part,
                units=places[part.participation],
                cells=cells,
                done=sum(cell.done for cell in cells),
                owed=sum(cell.owed for cell in cells),
            )
        )
    return rows


def _cell(
    programme: Programme,
    part: Participation,
    item: ProgrammeItem,
    place: int,
    made: list[Completion],
    notes: dict[tuple[str, str], str],
) -> ProgressCell:
    mine = [each for each in made if each.item == item.id]
    if part.done is not None and part.owed is not None:
        done, must = part.done[place], part.owed[place]
    else:
        span = Span(part.takes_from, programme.last_day + ONE_DAY)
        verified = [Done(each.item, each.quantity, each.done_on) for each in mine if each.state == "verified"]
        done, must = counted(item, span, verified), owed(item, span)
    return ProgressCell(
        item=item.id,
        done=done,
        owed=must,
        waiting=sum(each.quantity for each in mine if each.state == "completed"),
        returned=sum(each.quantity for each in mine if each.state == "returned"),
        lapsed=part.done is not None and done < must,
        note=notes.get((part.participation, item.id)),
    )


def _units_of(connection: Connection, moment: Moment, taking: Collection[Participation]) -> dict[str, list[str]]:
    """By participation, the units in which a person holds posts on the day; of a unit, itself."""
    people = sorted({each.person for each in taking if each.person is not None})
    held: dict[str, set[str]] = defaultdict(set)
    query = select(APPOINTMENT.c.person, APPOINTMENT.c.unit)
    for row in connection.execute(query.where(APPOINTMENT.c.person.in_(people), holds(APPOINTMENT, moment))):
        held[row.person].add(row.unit)
    return {
        each.participation: sorted(held[each.person]) if each.person is not None else [each.unit or ""]
        for each in taking
    }


def _below(connection: Connection, moment: Moment, unit: str) -> list[str]:
    return list(connection.scalars(subtree(moment, unit)))


def _rate(of: str, cells: Iterable[ProgressCell]) -> CompletionRate:
    several = list(cells)
    done, must = sum(cell.done for cell in several), sum(cell.owed for cell in several)
    share = (Decimal(done) / must).quantize(Decimal("0.0001"), ROUND_HALF_UP) if must else None
    return CompletionRate(of=of, done=done, owed=must, share=share)
