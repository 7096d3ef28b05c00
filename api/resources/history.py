"""History: the trail of what happened, single events with what they changed, comparisons, and the feed of the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import marshmallow as ma
import msgspec
from flask import Response, request

from api.access import Sight, resonance, sight, whole_log
from api.commands import permitted
from api.looks import note_look
from api.narrowing import search_for
from api.openapi import Blueprint
from api.paging import PageSchema, cursor, key_of, next_page
from api.problems import Problem
from api.reading import HEADERS, facts, preferred_wait, read_log
from api.schemas.fields import QueryWhole, Text
from api.schemas.trail import NarrowedSchema, filters_in
from api.time_control import AsOf, position_of, recorded_at
from api.time_control import asked as moment_asked
from api.trail import page_of
from api.wiring import Resonance
from projections.alterations import Alteration, alterations
from projections.history import Difference, changes, difference
from projections.models import MODELS
from workflow.entry import read_envelope
from workflow.log import Entry

history = Blueprint("history", __name__, url_prefix="/v1", description="What happened, and what it changed.")

FARTHEST = 50_000
"""The most events between two instants that are compared in one answer."""


class Happened(msgspec.Struct, kw_only=True):
    """An event as the log keeps it; personal details in `data` are sealed."""

    position: int
    id: str
    type: str
    recorded_at: datetime
    effective: date | None
    actor: str
    approver: str
    reason: str
    rule_version: str
    command_id: str
    correlation_id: str
    causation_id: str
    tags: list[str]
    data: msgspec.Raw


class Trail(msgspec.Struct):
    items: list[Happened]
    next: str | None


class Changed(msgspec.Struct):
    """Rows of one table of facts, marks included, that held before and do not afterwards, and the other way round."""

    before: list[dict[str, Any]]
    after: list[dict[str, Any]]


class EventDetail(msgspec.Struct):
    """An event, the rows of facts before it and after it, and of each fact what it changed, column by column."""

    event: Happened
    changes: dict[str, Changed]
    altered: list[Alteration]


class EventChanges(msgspec.Struct):
    changes: dict[str, Changed]


class Comparison(msgspec.Struct):
    from_: AsOf = msgspec.field(name="from")
    to: AsOf
    changes: dict[str, Changed]


class TrailSchema(NarrowedSchema, PageSchema):
    """Query parameters of the trail."""


class CompareSchema(ma.Schema):
    from_ = Text(1, 60, required=True, data_key="from", metadata={"description": "An instant, or `position:N`."})
    to = Text(1, 60, load_default=None, metadata={"description": "Likewise; left out: now."})


class FeedSchema(ma.Schema):
    after = QueryWhole(0, 10**18 - 1, load_default=0, metadata={"description": "The position after which it begins."})
    limit = QueryWhole(1, 1000, load_default=100)


class NothingSchema(ma.Schema):
    """A query without parameters."""


@read_log(history, "/trail", Trail, TrailSchema, "see history")
def trail(asked: dict[str, Any]) -> Trail:
    """What happened, newest first or oldest first. A page may be short, or empty, and still have a next one."""
    app, filters = resonance(), filters_in(asked)
    upto, day = moment_of(app, asked)
    seen, after = sight(), key_of(asked["cursor"], int)  # no recusal comes between what is to be shown and this
    if not seen.of_event("", filters.tag):
        note_look("trail", 0, upto)
        return Trail([], None)
    search = search_for(app.log, filters, upto, day, seen)
    found, stopped = page_of(app.log, search, asked["order"], after, asked["limit"])
    following = None
    if stopped is not None:
        following = next_page(cursor=cursor(stopped), as_of=f"position:{upto}", effective_on=day)
    note_look("trail", len(found), upto)
    return Trail([_happened(entry) for entry in found], following)


def moment_of(app: Resonance, asked: dict[str, Any]) -> tuple[int, date]:
    """The last position that a trail shows, and the day on which it looks at the tree of units."""
    moment = moment_asked(app, asked["as_of"], asked["effective_on"])
    return app.log.head().position if moment.position is None else moment.position, moment.effective_on


@read_log(history, "/events/<int:position>", EventDetail, NothingSchema, "see history")
def event(_: dict[str, Any], position: int) -> EventDetail:
    """One event, and what it changed."""
    entry_at(position)
    changed = _changes(position)
    event = _happened(entry_at(position))  # once more: the facts may have been waited for, and a recusal come meanwhile
    rows = {table: (each.before, each.after) for table, each in changed.items()}
    note_look("event", 1, position)
    return EventDetail(event, changed, alterations(MODELS, rows))


@read_log(history, "/events/<int:position>/changes", EventChanges, NothingSchema, "see history")
def event_changes(_: dict[str, Any], position: int) -> EventChanges:
    """What one event changed: the rows of facts before it and after it, by table."""
    entry_at(position)
    changed = _changes(position)
    note_look("event", 1, position)
    return EventChanges(changed)


@read_log(history, "/compare", Comparison, CompareSchema, "see history")
def compare(asked: dict[str, Any]) -> Comparison:
    """What was known at one instant and not at the other, by table."""
    app = resonance()
    earlier, _ = position_of(app, asked["from_"], "from")
    later = app.log.head().position if asked["to"] is None else position_of(app, asked["to"], "to")[0]
    if abs(later - earlier) > FARTHEST:
        sentence = f"More than {FARTHEST:,} events lie between the two; choose instants that are closer."
        raise Problem(422, "compare.too_far", sentence, [{"parameter": "from", "detail": sentence}])
    with facts(app, max(earlier, later)) as (connection, _, _):
        found = _changed(difference(connection, MODELS, earlier, later), sight())
    note_look("compare", sum(len(each.before) + len(each.after) for each in found.values()), max(earlier, later))
    return Comparison(AsOf(earlier, recorded_at(app, earlier)), AsOf(later, recorded_at(app, later)), found)


def feed(asked: dict[str, Any]) -> Response:
    """The log itself: the stored CloudEvents, byte for byte, in order. The first one stands at `after` + 1, and there
    are no gaps. `Prefer: wait` waits for the next event, when all were read. As nothing is left out, it is for who may
    inspect and is recused from no case."""
    app, after = resonance(), asked["after"]
    whole_log()
    _, seconds = preferred_wait(app)
    app.log.wait(after, seconds)
    head, entries = app.log.select(after=after, limit=asked["limit"])
    whole_log()  # once more: they may be recused by what came meanwhile
    last = entries[-1].position if entries else min(after, head.position)
    if entries:  # who waits for what comes next, and is shown nothing, does not look
        note_look("log", len(entries), last)
    response = Response(
        b"[" + b",".join(entry.bytes for entry in entries) + b"]", content_type="application/cloudevents-batch+json"
    )
    response.headers["Resonance-Position"] = str(last)
    response.headers["Link"] = f'<{next_page(after=last)}>; rel="next"'
    response.add_etag()
    response.make_conditional(request)
    return response


BATCH = {"type": "array", "items": {"type": "object", "required": ["specversion", "id", "source", "type"]}}
history.route("/log")(
    permitted(
        "inspect",
        history.arguments(FeedSchema, location="query")(
            history.response(200, BATCH, content_type="application/cloudevents-batch+json")(
                history.alt_response(304, description="Not modified.", success=True)(
                    history.doc(operationId="feed", parameters=[HEADERS[0], HEADERS[-1]])(feed)
                )
            )
        ),
    )
)


def entry_at(position: int) -> Entry:
    """Raises Problem if the log does not reach so far."""
    entry = resonance().log.entry(position)
    if entry is None or not _may_see(entry):
        sentence = f"There is no event at position {position}."
        raise Problem(404, "event.unknown", sentence, [{"parameter": "position", "detail": sentence}])
    return entry


def _may_see(entry: Entry) -> bool:
    return sight().of_event(entry.topic, read_envelope(entry.bytes).tags.split())


def _changes(position: int) -> dict[str, Changed]:
    with facts(resonance(), position) as (connection, _, _):
        return _changed(changes(connection, MODELS, position), sight())


def _changed(found: dict[str, Difference], seen: Sight) -> dict[str, Changed]:
    def rows(table: str, of: Sequence[Any]) -> list[dict[str, Any]]:
        return [shown for row in of if (shown := seen.of_row(table, row)) is not None]

    changed = {table: Changed(rows(table, each.before), rows(table, each.after)) for table, each in found.items()}
    return {table: each for table, each in changed.items() if each.before or each.after}


def _happened(entry: Entry) -> Happened:
    envelope = read_envelope(entry.bytes)
    return Happened(
        position=entry.position,
        id=envelope.id,
        type=envelope.type,
        recorded_at=datetime.fromisoformat(envelope.time),
        effective=date.fromisoformat(envelope.effectivedate) if envelope.effectivedate else None,
        actor=envelope.actor,
        approver=envelope.approver,
        reason=envelope.reason,
        rule_version=envelope.ruleversion,
        command_id=envelope.commandid,
        correlation_id=envelope.correlationid,
        causation_id=envelope.causationid,
        tags=envelope.tags.split(),
        data=envelope.data,
    )
