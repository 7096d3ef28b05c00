"""The installation: probes, metrics, the document, and what every answer carries."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import structlog
from flask.testing import FlaskClient

from api import logs, openapi
from api.app import create_app
from api.settings import Settings
from api.wiring import bootstrap
from projections.models import MODELS
from projections.projector import Projector
from tests.api.office import Office

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"


def test_a_process_that_answers_is_alive(desk):
    assert desk.client.get("/livez").status_code == 200


def test_an_installation_is_ready_once_the_facts_follow_the_log(office):
    office.adopt_charter()
    before = office.client.get("/readyz")
    assert (before.status_code, before.get_json()["code"]) == (503, "server.not_ready")
    office.project()
    after = office.client.get("/readyz")
    assert (after.status_code, after.json["head"]) == (200, 2)
    assert {each["state"] for each in after.json["projections"].values()} == {"live"}


def test_a_parked_read_model_is_named(office):
    def poisoned(*_: object) -> None:
        raise ValueError("no")

    office.project()
    office.adopt_charter()
    model = next(each for each in MODELS if each.name == "charters")
    broken = dataclasses.replace(model, handlers=dict.fromkeys(model.handlers, poisoned))
    models = [broken if each is model else each for each in MODELS]
    Projector(office.resonance.settings.database, office.resonance.log, models, now=office.clock).once()
    response = office.client.get("/readyz")
    assert response.status_code == 503
    assert "charters is parked" in response.json["detail"]
    shown = office.get("/v1/units")
    assert (shown.status_code, shown.headers["Resonance-Parked"]) == (200, "charters")
    assert shown.headers["Resonance-Position"] == "2"
    assert b'resonance_projection_parked{model="charters"} 1.0' in office.client.get("/metrics").get_data()


def test_an_installation_without_tables_says_so_and_does_not_fall_over(database_url, tmp_path):
    client = served(database_url, tmp_path)
    assert client.get("/livez").status_code == 200
    for path in ("/readyz", "/v1/me"):
        response = client.get(path, headers={"Authorization": "Bearer x"})
        assert (response.status_code, response.get_json()["code"]) == (503, "database.unreachable")
    assert client.get("/metrics").status_code == 200


def test_a_database_that_only_reads_answers_and_records_nothing(fresh_postgres_url, tmp_path):
    """As a standby does: what is shown of the log is noted first, so it is not shown there."""
    with bootstrap(Settings.read({"RESONANCE_DATABASE_URL": fresh_postgres_url})) as resonance:
        resonance.migrate()
        admin, recorder = (
            {"Authorization": f"Bearer {resonance.tokens.issue(role, role).token}"} for role in ("admin", "recorder")
        )
    client = served(f"{fresh_postgres_url}&options=-c%20default_transaction_read_only%3Don", tmp_path)
    assert client.get("/v1/me", headers=admin).get_json()["user"] == "admin"
    assert client.get("/v1/looks", headers=admin).get_json()["code"] == "look.unnoted"
    body = {"unit": "DCP", "kind": "institution", "name_zh": "x", "effective": "2025-06-16"}
    response = client.post("/v1/units", json=body, headers=recorder | {"Idempotency-Key": "k"})
    assert (response.status_code, response.get_json()["code"]) == (503, "database.read_only")


def served(url: str, folder: Path) -> FlaskClient:
    return create_app(Settings.read({"RESONANCE_VAR": str(folder), "RESONANCE_DATABASE_URL": url})).test_client()


def test_metrics_count_requests_and_commands_by_what_came_of_them(desk):
    desk.adopt_charter()
    body = {"unit": "DCP", "kind": "castle", "name_zh": "x", "effective": "2025-06-16"}
    desk.post("/v1/units", body)
    desk.done("/v1/units", body | {"kind": "institution"}, key="k")
    desk.done("/v1/units", body | {"kind": "institution"}, key="k")
    told = desk.client.get("/metrics").get_data(as_text=True)
    for outcome in ("refused", "done", "repeated"):
        assert f'resonance_commands_total{{command="EstablishUnit",outcome="{outcome}"}} 1.0' in told
    assert 'resonance_requests_total{method="POST",route="/v1/units",status="201"} 2.0' in told
    assert 'resonance_projection_lag_events{model="people"} 3.0' in told


@pytest.mark.parametrize("path", ["/livez", "/v1/units", "/docs", "/nothing", "/static/swagger/init.js"])
def test_every_answer_is_guarded(desk, path):
    headers = desk.client.get(path).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self'; img-src 'self' data:")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert len(headers["Resonance-Request"]) == 32


def test_the_page_of_the_document_needs_nothing_from_elsewhere_and_no_script_in_it(desk):
    page = desk.client.get("/docs").get_data(as_text=True)
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"\bon\w+=|style=|https?:", page)
    for address in re.findall(r'(?:src|href|data-url)="([^"]+)"', page):
        assert desk.client.get(address).status_code == 200, address


def test_the_committed_document_is_that_of_the_code(desk):
    served = desk.client.get("/openapi.json").json
    assert json.loads(DOCUMENT.read_text()) == served, "run `make openapi`"
    assert served["openapi"] == "3.1.0"


def test_every_answer_type_keeps_its_name_in_the_document(desk):
    schemas = desk.client.get("/openapi.json").json["components"]["schemas"]
    assert {name: schemas[name] for name in openapi.ANSWERS} == json.loads(msgspec.json.encode(openapi.ANSWERS))
    assert not [name for name in schemas if re.search(r"\d$", name)], "two shapes of one name"


@pytest.fixture
def logged() -> Iterator[None]:
    """Logs as in production."""
    logs.configure("production")
    yield
    logs.configure("development")


@pytest.mark.parametrize("env", ["production", "development"])
def test_a_mishap_is_logged_without_what_was_sent(desk: Office, env: str, capsys: pytest.CaptureFixture[str]):
    """Neither the values of a statement nor those of a function are in it: they can be names, or keys."""
    with desk.resonance.settings.database.engine("office").begin() as office:
        office.exec_driver_sql(
            "CREATE TRIGGER no BEFORE INSERT ON attempt BEGIN SELECT RAISE(ABORT, 'out of order'); END"
        )
    logs.configure(env)
    body = {"person": "P001", "personnel_class": "prosecutor", "name": "Zhang San", "effective": "2025-06-16"}
    response = desk.client.post("/v1/people", json=body, headers=desk.bearer("recorder") | {"Idempotency-Key": "K-77"})
    logs.configure("development")
    assert (response.status_code, response.get_json()["code"]) == (500, "server.mishap")
    told = capsys.readouterr().err
    assert "out of order" in told
    assert "INSERT INTO attempt" in told
    assert not [each for each in ("Zhang", "P001", "K-77") if each in told]


def test_what_is_logged_names_routes_and_no_people(desk: Office, logged: None):
    with structlog.testing.capture_logs() as lines:
        desk.get("/v1/people", name="Zhang San")
        desk.post("/v1/people", {"person": "P001", "name": "Zhang San"})
    assert [line["route"] for line in lines] == ["/v1/people", "/v1/people"]
    assert "Zhang" not in str(lines)
    assert lines[0]["user"] == "SUPERVISOR"
