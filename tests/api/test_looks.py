"""Who looked at the log is noted beside it, before they are shown anything."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.api.office import Office
from tests.api.shell import Shell
from workflow.looks import LooksJournal

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"


@pytest.fixture
def units(office: Office) -> Office:
    """A charter (positions 1 and 2) and two units, signed and projected."""
    office.adopt_charter()
    office.establish("DCP", "institution")
    office.establish("G1", "department", "DCP")
    office.resonance.signing.make(office.resonance.log.source)
    office.resonance.keeper().once()
    office.project()
    return office


def looks(office: Office, **query: Any) -> list[dict[str, Any]]:
    answer: Any = office.get("/v1/looks", role="auditor", **query).json
    return list(answer["items"])


LOOKED: list[tuple[str, dict[str, Any], str, int]] = [
    ("/v1/trail", {"tag": "unit:G1", "limit": "3"}, "trail", 1),
    ("/v1/events/3", {}, "event", 1),
    ("/v1/events/3/changes", {}, "event", 1),
    ("/v1/events/3/receipt", {}, "receipt", 1),
    ("/v1/compare", {"from": "position:3"}, "compare", 1),
    ("/v1/log", {"after": "2"}, "log", 2),
    ("/v1/exports/trail.csv", {"within": "DCP"}, "export trail.csv", 2),
    ("/v1/exports/trail.xlsx", {"recorded_from": "2020-01-01T00:00:00Z"}, "export trail.xlsx", 4),
    ("/tile/entries/000.p/4", {}, "entries", 4),
]


def test_a_look_says_who_when_what_and_how_much(units):
    for path, query, what, shown in LOOKED:
        units.clock.tick(seconds=1)
        assert units.get(path, role="auditor", **query).status_code == 200, path
        look, *_ = looks(units)
        assert look["at"] == units.clock().isoformat().replace("+00:00", "Z")
        assert (look["actor"], look["role"], look["what"], look["shown"]) == ("AUDITOR", "auditor", what, shown)
        assert {name: [value] for name, value in query.items()}.items() <= look["asked"].items()
        assert look["position"] in (3, 4)


def test_every_route_that_shows_events_is_among_those_that_are_noted():
    tested = {re.sub(r"/\d+(?=/|$)", "/{position}", path) for path, *_ in LOOKED}
    tested = {re.sub(r"entries/.*", "{path}", path) for path in tested}
    shows = re.compile(r"/v1/(trail|events|compare|log|exports)|/tile")
    routes = {path for path in json.loads(DOCUMENT.read_text())["paths"] if shows.match(path)}
    assert tested == routes


def test_looks_come_newest_first_in_pages_and_are_looks_themselves(units):
    for position in (1, 2, 3):
        units.get(f"/v1/events/{position}")
    first = units.get("/v1/looks", role="admin", limit=2).json
    assert [each["asked"]["position"] for each in first["items"]] == [["3"], ["2"]]
    second = units.client.get(first["next"], headers=units.bearer("admin")).json
    assert [each["asked"]["position"] for each in second["items"]] == [["1"]]
    assert second["next"] is None
    assert [(each["what"], each["actor"]) for each in looks(units, limit=2)] == [("looks", "ADMIN")] * 2


@pytest.mark.parametrize("role", ["recorder", "leader", "assessor", "supervisor"])
def test_looks_are_for_administrators_and_auditors(units, role):
    assert units.get("/v1/looks", role=role).status_code == 403


def test_what_somebody_wrote_into_a_filter_is_not_kept(units):
    asked = {"reason": "about Zhang", "actor": "张三", "tag": ["unit:G1", "person:张三"], "type": "unit.renamed"}
    assert units.get("/v1/trail", **asked).status_code == 200
    (look,) = looks(units)
    assert look["asked"] == {"reason": ["…"], "actor": ["…"], "tag": ["unit:G1", "…"], "type": ["unit.renamed"]}


def test_who_waits_for_the_next_event_and_is_shown_none_does_not_look(units):
    assert units.get("/v1/log", after=4).json == []
    assert looks(units) == []


def test_who_is_refused_is_shown_nothing_and_nothing_is_noted(units):
    for path, query in (("/v1/events/99", {}), ("/v1/trail", {"limit": "none"}), ("/v1/events/99/receipt", {})):
        assert units.get(path, **query).status_code in (404, 422)
    assert looks(units) == []


def test_what_cannot_be_noted_is_not_shown(units):
    engine = units.resonance.looks._engine
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE look"))
    for path, query, *_ in LOOKED:
        refused = units.get(path, role="auditor", **query)
        assert (refused.status_code, refused.json["code"]) == (503, "look.unnoted"), path
    LooksJournal(engine).migrate()
    assert units.get("/v1/trail").status_code == 200


class TestOnTheCommandLine:
    @pytest.fixture
    def signed(self, ready: Shell) -> Shell:
        ready.json("keygen")
        ready.json("project", "--once")
        ready.json("ledger", "--once")
        return ready

    EXPORTS: tuple[tuple[str, str, list[Any], int], ...] = (
        ("export bundle", "bundle.zip", ["--from", 2], 33),
        ("export jsonl", "log.jsonl", ["--to", 5], 5),
        ("export ocel", "log.json", [], 34),
        ("export csv", "trail.csv", ["--type", "charter.adopted"], 1),
        ("export xlsx", "trail.xlsx", ["--reason", "first"], 34),
    )

    @pytest.mark.parametrize(("what", "name", "options", "shown"), EXPORTS)
    def test_an_export_is_noted(self, signed, tmp_path, what, name, options, shown):
        signed.json(*what.split(), "--out", tmp_path / name, *options, "--actor", "inspector")
        (look,) = journal(signed)
        assert (look.actor, look.role, look.what, look.shown) == ("inspector", "shell", what, shown)
        assert "first" not in str(look.asked)

    def test_so_is_a_receipt(self, signed, tmp_path):
        signed.json("receipt", 3, "--out", tmp_path / "three.tlog-proof")
        (look,) = journal(signed)
        assert (look.actor, look.what, look.asked, look.shown) == ("operator", "receipt", {"position": ["3"]}, 1)

    @pytest.mark.parametrize(("what", "name", "options", "shown"), EXPORTS)
    def test_what_cannot_be_noted_is_not_written(self, signed, tmp_path, what, name, options, shown):
        with signed.database.engine("office").begin() as connection:
            connection.execute(sa.text("DROP TABLE look"))
        assert signed(*what.split(), "--out", tmp_path / name, *options).status == 2
        assert not (tmp_path / name).exists()

    @pytest.mark.parametrize(("what", "name", "options", "shown"), EXPORTS)
    def test_who_is_interrupted_while_it_is_written_has_looked(self, signed, tmp_path, what, name, options, shown):
        out = tmp_path / "nowhere" / name
        assert signed(*what.split(), "--out", out, *options).status == 2
        (look,) = journal(signed)
        assert (look.what, look.shown) == (what, shown)


def journal(shell: Shell) -> list[Any]:
    return list(LooksJournal(shell.database.engine("office")).latest())
