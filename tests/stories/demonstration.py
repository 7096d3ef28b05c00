"""The demonstration organisation at work: what its people do through HTTP, day by day, and what they were shown."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.test import TestResponse

from api.demo.procuratorate.demonstration import PROCURATORATE
from api.settings import Settings
from api.wiring import bootstrap
from tests.api.office import Clock as StandingClock
from tests.api.office import Office
from workflow.agendas import agendas
from workflow.charter.loader import shipped
from workflow.clock.clock import Clock

ZONE = ZoneInfo("Asia/Shanghai")
FOUNDED = "2024-01-01"

WHO_IMPORTS = {"targets": "assessor"}
"""The role that imports a kind of file, where it is not the recorder."""


def nine_o_clock(day: str, zone: ZoneInfo = ZONE) -> datetime:
    """Nine in the morning in the institution's time zone, as UTC."""
    return datetime.combine(date.fromisoformat(day), time(9), zone).astimezone(UTC)


def rows_of(name: str, *, folder: Path = PROCURATORATE.folder, **wanted: str) -> bytes:
    """A file of the demonstration, cut down to its header and the rows whose cells are as wanted.

    `wanted` is by the English name of the column, with underscores: `reported_on="2025-05-06"`.
    """
    text = (folder / name).read_text("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    place = {column.rpartition("(")[2].rstrip(")").replace(" ", "_"): at for at, column in enumerate(header)}
    kept = [row for row in rows if all(row[place[column]] == cell for column, cell in wanted.items())]
    assert kept, f"{name} has no such rows"
    cut = io.StringIO(newline="")
    csv.writer(cut).writerows([header, *kept])
    return cut.getvalue().encode()


class Organisation(Office):
    """The office of the demonstration organisation."""

    demonstration = PROCURATORATE

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._ticking = Clock(self.resonance.log, self.resonance.handle_all, agendas())
        self._shown: list[tuple[str, dict[str, Any], Any]] = []

    @property
    def today(self) -> str:
        return self.clock.at.astimezone(self.demonstration.zone).date().isoformat()

    @property
    def position(self) -> int:
        """That of the last event."""
        return self.resonance.log.head().position

    def on(self, day: str) -> None:
        """The next thing happens on that day, from nine o'clock on."""
        at = nine_o_clock(day, self.demonstration.zone)
        assert at >= self.clock.at, "days go on, never back"
        self.clock.at = at

    def live(self, until: str) -> None:
        """The days go by until that one, and on each the clock does what is due; the first time, it is started."""
        while self.today < until:
            self.on((date.fromisoformat(self.today) + timedelta(days=1)).isoformat())
            self._ticking.until(date.fromisoformat(self.today))

    def work(self, until: str, but: str = "") -> None:
        """The days go by until that one, and on each, after the clock, its readings come in from the demonstration's
        files: all but those whose id, `indicator.unit.period`, is `but`."""
        while self.today < until:
            self.live((date.fromisoformat(self.today) + timedelta(days=1)).isoformat())
            name = f"readings-{self.today[:4]}.csv"
            text = (self.demonstration.folder / name).read_text("utf-8-sig")
            header, *rows = csv.reader(io.StringIO(text, newline=""))
            today = [row for row in rows if row[4] == self.today and ".".join(row[:3]) != but]
            if today:
                cut = io.StringIO(newline="")
                csv.writer(cut).writerows([header, *today])
                self.imported(name, cut.getvalue().encode())

    def found(self) -> None:
        """The first day: the charter, and what the organisation's files say of that day; who acts comes later."""
        first = self.demonstration.first_day.isoformat()
        self.on(first)
        self.rule(shipped(self.demonstration.charter), first)
        for name in ("organisation.xlsx", "roster.csv", "memberships.csv"):
            self.imported(name)
        for kind in ("substantive", "concurrent"):
            self.imported("appointments.csv", self.rows_of("appointments.csv", kind=kind, effective=first))

    def rows_of(self, name: str, **wanted: str) -> bytes:
        return rows_of(name, folder=self.demonstration.folder, **wanted)

    def report(self, indicator: str, period: str) -> str:
        """The recorder imports a reading from the demonstration's file, on the day that is written there; its id."""
        name = f"readings-{period[:4]}.csv"
        rows = self.rows_of(name, indicator_id=indicator, period=period)
        (row,) = csv.DictReader(io.StringIO(rows.decode()))
        _, unit, _, _, reported_on, _ = row.values()
        self.on(reported_on)
        self.imported(name, rows)
        return f"{indicator}.{unit}.{period}"

    def rule(self, text: str, effective: str, reason: str = "") -> Any:
        """Adopt a charter with its indicators, as the supervisor, with the assessor as second person."""
        body = {"text": text, "effective": effective, "reason": reason}
        return self.done("/v1/charter", body, role="supervisor", second="assessor")

    def send(self, name: str, content: bytes | None = None, **form: Any) -> TestResponse:
        """Import a file of that name: one of the demonstration's, whole, or the given content."""
        self.clock.tick(seconds=1)
        whole = (self.demonstration.folder / name).read_bytes() if content is None else content
        data = {"file": (io.BytesIO(whole), name), **form}
        headers = self.bearer(WHO_IMPORTS.get(name.partition(".")[0], "recorder"))
        return self.client.post("/v1/imports", data=data, content_type="multipart/form-data", headers=headers)

    def imported(self, name: str, content: bytes | None = None) -> Any:
        """The same, which must succeed and change something; its answer."""
        response = self.send(name, content)
        assert response.status_code == 200, response.get_data(as_text=True)
        answer: Any = response.json
        assert answer["changed"] == answer["rows"], answer
        return answer

    def refused(self, path: str, body: Any, **given: Any) -> tuple[int, str]:
        """The status and the code with which a command is refused; it must leave nothing in the log."""
        before = self.position
        response = self.post(path, body, **given)
        assert response.status_code >= 400, response.get_data(as_text=True)
        assert self.position == before
        return response.status_code, (response.json or {})["code"]

    def look(self, path: str, **query: Any) -> Any:
        """What a read answers now, or as of then. It must be answered in the same way for ever: see `look_again`.

        What is said of single events, or between two instants, has no moment of its own, and must not need one.
        """
        body = self.seen(path, **query)
        if "as_of" in body:
            query |= {"as_of": f"position:{body['as_of']['position']}", "effective_on": body["effective_on"]}
        self._shown.append((path, query, body))
        return body

    def look_again(self) -> None:
        """Ask again for everything that was ever looked at, as it was known then: nothing of it has changed."""
        assert self._shown
        self.project()
        for path, query, body in self._shown:
            again = self.get(path, **query)
            assert (again.status_code, again.json) == (200, body), (path, query)

    def chain(self, kind: str, id: str, **query: Any) -> dict[str, dict[str, Any]]:
        """The one chain of a thing: the lines of it by name, each with `broken`, and its levels by name."""
        (chain,) = self.look(f"/v1/chain/{kind}/{id}", **query)["chains"]
        return {
            line["line"]: {step["level"]: step for step in line["steps"]} | {"broken": line["broken"]}
            for line in chain["lines"]
        }


@contextmanager
def founded(database_url: str, folder: Path, kind: type[Organisation] = Organisation) -> Iterator[Organisation]:
    """The organisation on its first day, in an institution that does not exist yet."""
    clock = StandingClock()
    clock.at = nine_o_clock(kind.demonstration.first_day.isoformat(), kind.demonstration.zone)
    settings = Settings.read({"RESONANCE_DATABASE_URL": database_url, "RESONANCE_VAR": str(folder)})
    with bootstrap(settings, now=clock) as wired:
        wired.migrate()
        organisation = kind(wired, clock)
        organisation.found()
        yield organisation


def holders(step: dict[str, Any]) -> list[tuple[str, str]]:
    """Who answers on a level of a chain, and by what kind of appointment."""
    return [(holder["person"], holder["kind"]) for holder in step["holders"]]
