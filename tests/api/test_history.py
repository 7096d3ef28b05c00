"""History: what happened, what it changed, and the log itself."""

from __future__ import annotations

import msgspec
import pytest
from eventsourcing.dcb.api import DCBQuery, DCBQueryItem

from api import trail
from tests.api.office import Office
from workflow.entry import read_envelope
from workflow.log import Entry


@pytest.fixture
def units(office: Office) -> Office:
    """A charter (positions 1 and 2), three units (3 to 5), and a new name (6)."""
    office.adopt_charter()
    office.establish("DCP", "institution")
    office.establish("G1", "department", "DCP")
    office.establish("G2", "department", "DCP")
    office.done("/v1/units/G1/rename", {"name_zh": "一部", "effective": "2025-06-16", "reason": "改革"})
    return office


def positions(answer) -> list[int]:
    return [each["position"] for each in answer["items"]]


def test_the_trail_begins_with_what_happened_last(units):
    assert positions(units.get("/v1/trail").json) == [6, 5, 4, 3, 2, 1]
    assert positions(units.get("/v1/trail", order="oldest").json) == [1, 2, 3, 4, 5, 6]


def test_the_trail_of_a_thing_holds_what_concerns_it(units):
    answer = units.get("/v1/trail", tag="unit:G1").json
    assert positions(answer) == [6, 4]
    last = answer["items"][0]
    assert (last["type"], last["actor"], last["reason"]) == ("unit.renamed", "RECORDER", "改革")
    assert last["effective"] == "2025-06-16"
    assert last["data"]["name_zh"] == "一部"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"type": "unit.renamed"}, [6]),
        ({"type": ["unit.renamed", "charter.adopted"]}, [6, 2]),
        ({"tag": ["unit:DCP", "unit:G2"]}, [5]),
        ({"actor": "SUPERVISOR"}, [2, 1]),
        ({"actor": "nobody"}, []),
        ({"as_of": "position:4", "tag": "unit:DCP"}, [4, 3]),
        ({"as_of": "position:4", "tag": "unit:DCP", "order": "oldest"}, [3, 4]),
        ({"type": "never.happened"}, []),
    ],
)
def test_the_trail_can_be_narrowed(units, query, found):
    assert positions(units.get("/v1/trail", **query).json) == found


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_the_trail_goes_on_where_the_page_before_ended(units, order):
    seen, address = [], f"/v1/trail?limit=2&order={order}"
    while address:
        page = units.client.get(address, headers=units.bearer("auditor")).json
        assert len(page["items"]) <= 2
        seen += positions(page)
        address = page["next"]
    assert seen == sorted(range(1, 7), reverse=order == "newest")


def test_an_event_shows_what_it_changed(units):
    units.project()
    detail = units.get("/v1/events/6").json
    assert detail["event"]["position"] == 6
    changed = detail["changes"]["unit"]
    assert [row["name_zh"] for row in changed["before"]] == ["G1"]
    assert {row["name_zh"] for row in changed["after"]} == {"G1", "一部"}
    assert units.get("/v1/events/6/changes").json == {"changes": detail["changes"]}


def test_an_event_shows_old_and_new_of_each_fact(units):
    units.project()
    altered = units.get("/v1/events/6").json["altered"]
    common = {"table": "unit", "key": {"unit": "G1"}, "since": "2025-06-16", "until": None}
    assert altered == [common | {"column": "name_zh", "old": "G1", "new": "一部"}]


def test_sealed_details_of_a_person_are_told_and_not_shown(units):
    person = {"person": "P001", "personnel_class": "prosecutor", "name": "Zhang", "effective": "2025-06-16"}
    units.done("/v1/people", person)
    units.project()
    altered = units.get("/v1/events/7", role="auditor").json["altered"]
    told = {each["column"]: (each["old"], each["new"]) for each in altered}
    assert told["details"] == (None, "sealed")
    assert told["personnel_class"] == (None, "prosecutor")


@pytest.mark.parametrize("path", ["/v1/events/7", "/v1/events/0", "/v1/events/7/changes"])
def test_an_event_that_never_was_is_not_found(units, path):
    units.project()
    response = units.get(path)
    assert (response.status_code, response.json["code"]) == (404, "event.unknown")


def test_two_instants_are_compared(units):
    units.project()
    answer = units.get("/v1/compare", **{"from": "position:3", "to": "position:5"}).json
    assert (answer["from"]["position"], answer["to"]["position"]) == (3, 5)
    assert [row["unit"] for row in answer["changes"]["unit"]["after"]] == ["G1", "G2"]
    backwards = units.get("/v1/compare", **{"from": "position:5", "to": "position:3"}).json
    assert backwards["changes"]["unit"]["before"] == answer["changes"]["unit"]["after"]
    same = units.get("/v1/compare", **{"from": "position:6"}).json
    assert same["changes"] == {}


def test_the_feed_gives_the_stored_bytes(units):
    response = units.get("/v1/log", after=2, limit=2, role="auditor")
    stored = [entry.bytes for entry in units.resonance.log.entries(2, 4)]
    assert response.content_type == "application/cloudevents-batch+json"
    assert response.get_data() == b"[" + b",".join(stored) + b"]"
    assert response.headers["Resonance-Position"] == "4"
    assert response.headers["Link"] == '</v1/log?after=4&limit=2>; rel="next"'
    assert [event["specversion"] for event in msgspec.json.decode(response.get_data())] == ["1.0", "1.0"]


@pytest.mark.parametrize("after", [6, 99])
def test_the_feed_is_empty_at_the_end_of_the_log(units, after):
    response = units.get("/v1/log", after=after)
    assert msgspec.json.decode(response.get_data()) == []
    assert response.headers["Resonance-Position"] == "6"


@pytest.mark.parametrize("path", ["/v1/trail", "/v1/log", "/v1/events/1", "/v1/compare?from=position:0"])
def test_administrators_do_not_see_history(units, path):
    assert units.client.get(path, headers=units.bearer("admin")).status_code == 403


@pytest.mark.parametrize("role", ["recorder", "leader", "assessor"])
def test_the_log_as_a_whole_is_for_inspectors(units, role):
    assert units.get("/v1/log", role=role).status_code == 403


class TestReadingBackwards:
    """The log read backwards gives what it gives forwards, turned round, whatever the size of its windows."""

    @pytest.mark.parametrize("page", [1, 2, 3, 7])
    @pytest.mark.parametrize("tag", ["unit:DCP", "unit:G1", "unit:NONE", ""])
    def test_all_of_it(self, units, monkeypatch, page, tag):
        monkeypatch.setattr(trail, "PAGE", page)
        log = units.resonance.log
        query = DCBQuery([DCBQueryItem([], [tag])]) if tag else DCBQuery()
        forwards = [entry.position for entry in log.select(query)[1]]
        for upto in range(7):
            for limit in (1, 2, 10):
                found, before = [], None
                while True:
                    entries, before = trail.newest(log, query, before, upto, lambda _: True, limit)
                    found += [entry.position for entry in entries]
                    if before is None:
                        break
                assert found == [p for p in reversed(forwards) if p <= upto]

    def test_it_gives_up_a_page_that_takes_too_long_to_find(self, units, monkeypatch):
        monkeypatch.setattr(trail, "PAGE", 2)
        monkeypatch.setattr(trail, "MOST_SCANNED", 2)
        log = units.resonance.log

        def by_supervisor(entry: Entry) -> bool:
            return read_envelope(entry.bytes).actor == "SUPERVISOR"

        assert trail.newest(log, DCBQuery(), None, 6, by_supervisor, 1) == ([], 5)
        assert [e.position for e in trail.newest(log, DCBQuery(), 3, 6, by_supervisor, 1)[0]] == [2]
        assert trail.oldest(log, DCBQuery(), 2, 6, by_supervisor, 1) == ([], 4)
