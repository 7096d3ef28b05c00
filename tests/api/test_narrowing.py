"""The trail is narrowed by each filter, and by all together, to what a look at every event finds."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api import narrowing, trail
from api.access import Sight
from api.narrowing import Filters, search_for
from api.settings import Settings
from api.trail import Search, page_of
from api.wiring import bootstrap
from tests.api.conftest import _office
from tests.api.office import MONDAY, Clock, Office
from workflow.entry import Envelope, read_envelope
from workflow.log import Entry

EVERYTHING = Sight(frozenset(), inspects=True)
DAY = date(2025, 6, 16)

REASONS = ("", "Übernahme", "ÜBERNOMMEN, again", "改革", "taken over", "=1+1")


def grown(office: Office) -> None:
    """Units that are founded, named anew, moved and dissolved, with gaps in time and reasons of all kinds."""
    office.adopt_charter()
    office.establish("DCP", "institution")
    for unit in ("G1", "G2"):
        office.establish(unit, "department", "DCP")
    for unit, kind, parent in (("LG", "leading_group", None), ("OC", "organ_committee", "LG")):
        office.establish(unit, kind, parent)
    office.establish("B1", "branch", "OC")
    office.establish("B2", "branch", "OC")
    office.establish("PG1", "party_group", "B1")
    for number, reason in enumerate(REASONS):
        office.clock.tick(hours=7)
        unit = ("G1", "G2", "DCP", "B1", "PG1", "LG")[number]
        body = {"name_zh": f"N{number}", "effective": f"2025-06-{12 + number}", "reason": reason or "x"}
        office.done(f"/v1/units/{unit}/rename", body, second="leader")
    move = {"parent": "B2", "effective": "2025-06-20", "reason": "moved"}
    office.done("/v1/units/PG1/move", move, second="leader")
    office.done("/v1/units/PG1/dissolve", {"effective": "2025-06-25", "reason": "gone"}, second="leader")


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    clock, folder = Clock(), tmp_path_factory.mktemp("history")
    with bootstrap(Settings.read({"RESONANCE_VAR": str(folder)}), now=clock) as wired:
        wired.migrate()
        office = Office(wired, clock)
        grown(office)
        yield office


def entries(office: Office) -> list[tuple[Entry, Envelope]]:
    return [(entry, read_envelope(entry.bytes)) for entry in office.resonance.log.entries()]


BELOW = {
    "DCP": {"DCP", "G1", "G2"},
    "G1": {"G1"},
    "LG": {"LG", "OC", "B1", "B2", "PG1"},
    "B1": {"B1"},
    "B2": {"B2", "PG1"},
    "PG1": {"PG1"},
    "NONE": {"NONE"},
}
"""The tree on the day on which the last move took effect."""

MOVED = date(2025, 6, 20)


def by_hand(envelope: Envelope, filters: Filters) -> bool:
    """Whether an event is found, as the description of the filters says."""
    tags = envelope.tags.split()
    at = datetime.fromisoformat(envelope.time)
    effective = date.fromisoformat(envelope.effectivedate) if envelope.effectivedate else None
    return all(
        [
            set(filters.tag) <= set(tags),
            not filters.type or envelope.type in filters.type,
            filters.actor is None or envelope.actor == filters.actor,
            filters.within is None or any(f"unit:{unit}" in tags for unit in BELOW[filters.within]),
            filters.reason is None or filters.reason.casefold() in envelope.reason.casefold(),
            filters.recorded_from is None or at >= filters.recorded_from,
            filters.recorded_to is None or at <= filters.recorded_to,
            filters.effective_from is None or (effective is not None and effective >= filters.effective_from),
            filters.effective_to is None or (effective is not None and effective <= filters.effective_to),
        ]
    )


def searched(office: Office, search: Search, order: trail.Order, limit: int) -> list[int]:
    found: list[int] = []
    start: int | None = None
    while True:
        page, start = page_of(office.resonance.log, search, order, start, limit)
        assert len(page) <= limit
        found += [entry.position for entry in page]
        if start is None:
            return found


INSTANTS = st.integers(-100_000, 250_000).map(lambda seconds: MONDAY + timedelta(seconds=seconds))
DAYS = st.integers(0, 30).map(lambda number: date(2025, 6, 8) + timedelta(days=number))
OFTEN_NONE = 3


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(*[st.none()] * OFTEN_NONE, strategy)


FILTERS = st.builds(
    Filters,
    tag=st.lists(st.sampled_from(["unit:DCP", "unit:G1", "unit:OC", "unit:NONE"]), max_size=2).map(tuple),
    type=st.lists(st.sampled_from(["unit.established", "unit.renamed", "unit.moved", "none"]), max_size=2).map(tuple),
    actor=maybe(st.sampled_from(["RECORDER", "SUPERVISOR", "nobody"])),
    within=maybe(st.sampled_from(sorted(BELOW))),
    reason=maybe(st.sampled_from(["übern", "ÜBERNA", "改", "over", "=1", "absent"])),
    recorded_from=maybe(INSTANTS),
    recorded_to=maybe(INSTANTS),
    effective_from=maybe(DAYS),
    effective_to=maybe(DAYS),
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    filters=FILTERS,
    order=st.sampled_from(["newest", "oldest"]),
    page=st.sampled_from([1, 3, 1000]),
    most=st.sampled_from([0, 2, 8]),
    upto=st.integers(1, 20),
    limit=st.sampled_from([1, 4, 100]),
)
def test_a_search_finds_what_a_look_at_every_event_finds(history, filters, order, page, most, upto, limit):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(trail, "PAGE", page)
        patched.setattr(narrowing, "MOST_LOOKED_UP", most)
        log = history.resonance.log
        head = log.head().position
        search = search_for(log, filters, head, MOVED, EVERYTHING)
        expected = [entry.position for entry, envelope in entries(history) if by_hand(envelope, filters)]
        assert searched(history, search, order, limit) == (expected if order == "oldest" else expected[::-1])
        # What is not known yet at a position is not found; the units below one are those that were known then.
        upto = min(upto, head)
        earlier = searched(history, search_for(log, filters, upto, MOVED, EVERYTHING), "oldest", limit)
        assert [each for each in earlier if each > upto] == []
        if filters.within is None:
            assert earlier == [each for each in expected if each <= upto]


instant = datetime.fromisoformat
RANGE = {"recorded_from": "2025-06-16T01:00:05Z", "recorded_to": "2025-06-16T16:00:00+00:00"}

ALONE: list[tuple[dict[str, Any], Filters]] = [
    ({"within": "LG", "effective_on": "2025-06-20"}, Filters(within="LG")),
    ({"within": "B2", "effective_on": "2025-06-20"}, Filters(within="B2")),
    ({"reason": "ÜBERN"}, Filters(reason="übern")),
    ({"reason": "改"}, Filters(reason="改")),
    (RANGE, Filters(recorded_from=instant(RANGE["recorded_from"]), recorded_to=instant(RANGE["recorded_to"]))),
    ({"effective_from": "2025-06-14"}, Filters(effective_from=date(2025, 6, 14))),
    ({"effective_to": "2025-06-15"}, Filters(effective_to=date(2025, 6, 15))),
    ({"tag": "unit:DCP"}, Filters(tag=("unit:DCP",))),
    ({"type": "unit.renamed"}, Filters(type=("unit.renamed",))),
    ({"actor": "SUPERVISOR"}, Filters(actor="SUPERVISOR")),
]


def merged(some: tuple[tuple[dict[str, Any], Filters], ...]) -> tuple[dict[str, Any], Filters]:
    query = {name: value for asked, _ in some for name, value in asked.items()}
    fields = {n: getattr(f, n) for _, f in some for n in f.__struct_fields__ if getattr(f, n) not in (None, ())}
    return query, Filters(**fields)


@pytest.fixture
def both(database_url: str, tmp_path: Path) -> Iterator[Office]:
    for office in _office(database_url, tmp_path):
        grown(office)
        yield office


def test_each_filter_alone_and_any_two_together_over_http(both):
    known = entries(both)
    for some in [*((each,) for each in ALONE), *itertools.combinations(ALONE, 2)]:
        query, filters = merged(some)
        expected = [entry.position for entry, envelope in known if by_hand(envelope, filters)]
        for order in ("newest", "oldest"):
            answer = both.get("/v1/trail", limit=200, order=order, **query)
            assert answer.status_code == 200, answer.json
            found = [each["position"] for each in answer.json["items"]]
            assert found == (expected if order == "oldest" else expected[::-1]), query
        if len(some) == 1:
            assert 0 < len(expected) < len(known), query


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_pages_keep_to_the_filters_and_to_the_tree_of_the_first(history, order):
    address: str | None = f"/v1/trail?limit=1&order={order}&within=B2&effective_on=2025-06-20&reason=o"
    seen: list[int] = []
    while address:
        page = history.client.get(address, headers=history.bearer("auditor")).json
        seen += [each["position"] for each in page["items"]]
        address = page["next"]
        assert address is None or ("within=B2" in address and "effective_on=2025-06-20" in address)
    filters = Filters(within="B2", reason="o")
    expected = [entry.position for entry, envelope in entries(history) if by_hand(envelope, filters)]
    assert sorted(seen) == expected
    assert len(expected) > 1


class TestTheTreeAsItWasKnown:
    def test_on_the_day_before_a_move_the_unit_stands_where_it_stood(self, history):
        def renamed(day: str) -> list[str]:
            asked = {"within": "B2", "type": "unit.renamed", "effective_on": day}
            return [each["data"]["unit"] for each in history.get("/v1/trail", **asked).json["items"]]

        assert renamed("2025-06-19") == []
        assert renamed("2025-06-20") == ["PG1"]

    def test_a_move_that_was_not_recorded_yet_is_not_known(self, history):
        moved = next(entry.position for entry, _ in entries(history) if entry.topic == "unit.moved")
        asked = {"within": "B2", "limit": 200, "effective_on": "2025-06-20", "type": "unit.renamed"}
        assert history.get("/v1/trail", **asked).json["items"]
        assert history.get("/v1/trail", as_of=f"position:{moved - 1}", **asked).json["items"] == []

    def test_a_unit_that_is_dissolved_counts_where_it_stood_last(self, history):
        answer = history.get("/v1/trail", within="B2", limit=200, effective_on="2025-12-31").json
        assert "unit.dissolved" in {each["type"] for each in answer["items"]}


@pytest.mark.parametrize(
    ("query", "at"),
    [
        ({"recorded_from": "yesterday"}, "recorded_from"),
        ({"recorded_to": "2025-06-16"}, "recorded_to"),
        ({"recorded_to": "2025-06-16T10:00:00"}, "recorded_to"),
        ({"effective_from": "16.6.2025"}, "effective_from"),
        ({"within": "not an id"}, "within"),
        ({"reason": ""}, "reason"),
        ({"recorded_from": "2025-06-17T00:00:00Z", "recorded_to": "2025-06-16T00:00:00Z"}, "recorded_to"),
        ({"effective_from": "2025-06-17", "effective_to": "2025-06-16"}, "effective_to"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/trail", "/v1/exports/trail.csv"])
def test_what_cannot_be_meant_is_refused(history, path, query, at):
    response = history.get(path, **query)
    assert response.status_code == 422
    assert [pointer["parameter"].split(".")[0] for pointer in response.json["pointers"]] == [at]


def test_a_range_of_recording_is_found_without_reading_what_lies_outside(history, monkeypatch):
    log = history.resonance.log
    last = log.entry(log.head().position)
    read: list[int] = []
    select = log.select

    def watched(query: Any = None, *, after: int = 0, limit: int | None = None) -> Any:
        found = select(query, after=after, limit=limit)
        read.extend(entry.position for entry in found[1])
        return found

    at = read_envelope(last.bytes).time
    filters = Filters(recorded_from=datetime.fromisoformat(at))
    search = search_for(log, filters, log.head().position, DAY, EVERYTHING)
    monkeypatch.setattr(log, "select", watched)
    assert searched(history, search, "newest", 100) == [last.position]
    assert read == [last.position]
