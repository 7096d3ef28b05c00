"""An office at its desk: the HTTP interface of an institution, with a token for every role and a clock of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from werkzeug.test import TestResponse

from api.app import create_app
from api.tokens import ROLES
from api.wiring import Resonance
from projections.models import MODELS
from projections.projector import Projector
from workflow.charter.adoption import AdoptCharter
from workflow.charter.loader import shipped

MONDAY = datetime(2025, 6, 16, 1, 0, tzinfo=UTC)  # nine o'clock in Shanghai


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = MONDAY

    def __call__(self) -> datetime:
        return self.at

    def tick(self, **span: float) -> datetime:
        self.at += timedelta(**span)
        return self.at


class Office:
    """What the people of an office do through HTTP. The user of each token is the role in capitals."""

    def __init__(self, resonance: Resonance, clock: Clock) -> None:
        self.resonance = resonance
        self.clock = clock
        self.tokens: dict[str, str] = {role: resonance.tokens.issue(role.upper(), role).token for role in ROLES}
        self.app = create_app(resonance=resonance)
        self.client = self.app.test_client()

    def bearer(self, role: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[role]}"}

    def post(
        self,
        path: str,
        body: Any = None,
        *,
        role: str = "recorder",
        second: str = "",
        key: str = "",
        **given: Any,
    ) -> TestResponse:
        headers = self.bearer(role)
        if second:
            headers["Resonance-Second-Person"] = f"Bearer {self.tokens[second]}"
        if key:
            headers["Idempotency-Key"] = key
        self.clock.tick(seconds=1)
        return self.client.post(path, json={} if body is None else body, headers=headers, **given)

    def done(self, path: str, body: Any = None, **given: Any) -> Any:
        """The same, which must succeed; its answer."""
        response = self.post(path, body, **given)
        assert response.status_code in (200, 201), response.get_data(as_text=True)
        return response.json

    def get(
        self, path: str, *, role: str = "supervisor", headers: dict[str, str] | None = None, **query: Any
    ) -> TestResponse:
        return self.client.get(path, query_string=query, headers=self.bearer(role) | (headers or {}))

    def seen(self, path: str, *, role: str = "supervisor", **query: Any) -> Any:
        """What a read answers, which must succeed, once the projector has worked off the log."""
        self.project()
        response = self.get(path, role=role, **query)
        assert response.status_code == 200, response.get_data(as_text=True)
        return response.json

    def project(self) -> None:
        Projector(self.resonance.settings.database, self.resonance.log, MODELS, now=self.clock).once()

    def adopt_charter(self) -> None:
        """Put the procuratorate's charter in force since 2020, without its indicators."""
        self.clock.tick(seconds=1)
        context = self.resonance.context("SUPERVISOR", approver="LEADER")
        command = AdoptCharter(text=shipped("procuratorate"), effective=date(2020, 1, 1))
        self.resonance.handle(command, context)

    def establish(self, unit: str, kind: str, parent: str | None = None, effective: str = "2025-06-10") -> None:
        body = {"unit": unit, "kind": kind, "name_zh": unit, "parent": parent, "effective": effective}
        self.done("/v1/units", body | {"reason": "taken over"}, second="leader")
