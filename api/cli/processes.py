"""Commands that run: one process each, as the Procfile starts them, and the demonstration that starts all it needs."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from api.cli.frame import answer, as_json, cannot, installation, instant, progress_bar, settings
from api.demo.loading import FIRST_DAY, LAST_DAY, ZONE, Demonstration, belongs_to_demonstration
from api.simulation import SimulatedClock
from api.wiring import Resonance
from projections.models import MODELS
from projections.projector import Projector
from workflow.agendas import agendas
from workflow.clock import Clock

DEMO_USERS = {
    "clerk": "recorder",
    "head-G3": "leader",
    "assessor": "assessor",
    "supervisor": "supervisor",
    "auditor": "auditor",
    "administrator": "admin",
}

DEMO_PERSONS = {"head-G3": "P030"}
"""Who among the people a user of the demonstration is."""

bind = click.option("--bind", metavar="HOST:PORT", help="Where to listen; else as RESONANCE_BIND says.")


@click.command()
@as_json
def migrate(as_json: bool) -> None:
    """Create what is missing in the databases: tables, indexes, triggers, grants. Again changes nothing."""
    with installation() as resonance:
        resonance.migrate()
        head = resonance.log.head().position
    answer({"migrated": True, "head": head}, as_json, f"The databases are ready; the log holds {head} events.")


@click.command()
@bind
@click.option("--workers", default=2, show_default=True, help="Processes that answer requests.")
def serve(bind: str | None, workers: int) -> None:
    """Serve the HTTP interface."""
    _serve(_listening(bind), workers)


@click.command()
@click.option("--once", is_flag=True, help="Work off what is in the log, and stop.")
@as_json
def project(once: bool, as_json: bool) -> None:
    """Keep the facts up with the log."""
    with installation() as resonance, progress_bar("Building facts") as progress:
        projector = _projector(resonance, lambda p: progress(p.done, p.total))
        if once:
            projector.once()
        else:
            _until_told(projector.run)
        head = resonance.log.head().position
    answer({"head": head}, as_json, f"The facts are up with the log at position {head}.")


@click.command()
@click.option("--once", is_flag=True, help="Do what is due by now, and stop.")
@click.option("--until", metavar="INSTANT", help="Do what is due by then, and stop. Days to come are simulated.")
@as_json
def clock(once: bool, until: str | None, as_json: bool) -> None:
    """Do, day by day, what is due.

    On simulated days, what is recorded bears their time; in production there are none.
    """
    simulated = SimulatedClock()
    with installation(now=simulated) as resonance:
        ticking = Clock(resonance.log, resonance.handle_all, agendas())
        if not once and until is None:
            _until_told(lambda stop: ticking.run(resonance.today, stop))
            return
        today = resonance.today()
        last = resonance.zone.local(instant(until)).date() if until is not None else today
        if last > today and resonance.settings.env == "production":
            cannot([f"{last} is still to come, and in production no days are simulated."])
        with progress_bar("Living through the days") as progress:
            done = ticking.until(min(last, today))
            simulated.zone = resonance.zone.zone
            for lived in range(1, (last - today).days + 1):
                simulated.day = today + timedelta(days=lived)
                done += ticking.until(simulated.day)
                progress(lived, (last - today).days)
    answer({"events": done, "until": last.isoformat()}, as_json, f"What was due by {last} is done: {done} events.")


@click.command()
@click.option("--load-only", is_flag=True, help="Load and stop.")
@bind
@as_json
def demo(load_only: bool, bind: str | None, as_json: bool) -> None:
    """Load the demonstration organisation, then serve it, printing logins once."""
    simulated, listening = SimulatedClock(ZONE, FIRST_DAY), _listening(bind)
    with installation(now=simulated) as resonance:
        resonance.migrate()
        if not belongs_to_demonstration(resonance):
            cannot(["This log holds something else; the demonstration wants one of its own (RESONANCE_VAR)."])
        with progress_bar("Living through two years") as progress:
            loaded = Demonstration(resonance, simulated).load(progress)
        with progress_bar("Building facts") as progress:
            _projector(resonance, lambda p: progress(p.done, p.total)).once()
        logins = {} if load_only else _logins(resonance)
    lines = [f"The demonstration organisation is loaded: {loaded.events} events, the last on {LAST_DAY}."]
    if logins:
        lines += ["", f"http://{listening}/docs — tokens, shown only now:"]
        lines += [f"  {role:<11}{token}" for role, token in logins.items()]
        lines += ["", f"Nothing was reported since: ask with ?effective_on={LAST_DAY} to see it as it was then."]
    answer({"events": loaded.events, "logins": logins}, as_json, "\n".join(lines))
    sys.stdout.flush()
    if not load_only:
        with _beside(
            "project"
        ):  # and no clock: here time stands still, or all that nobody reported since would be late
            _serve(listening, workers=1)


def _listening(bind: str | None) -> str:
    """Where to listen: as the option says, else as the settings do. Raises BadSettings."""
    return settings(**({"BIND": bind} if bind else {})).bind


def _projector(resonance: Resonance, progress: Callable[[Any], None]) -> Projector:
    return Projector(resonance.settings.database, resonance.log, MODELS, progress=progress)


def _logins(resonance: Resonance) -> dict[str, str]:
    """New tokens for the demonstration's users, by role; those of an earlier start are of no use any more."""
    for row in resonance.tokens.list():
        if row.user in DEMO_USERS and row.revoked_at is None:
            resonance.tokens.revoke(row.id)
    return {role: resonance.tokens.issue(user, role, DEMO_PERSONS.get(user)).token for user, role in DEMO_USERS.items()}


def _until_told(run: Callable[[threading.Event], None]) -> None:
    """Run until the process is asked to stop."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    run(stop)


@contextmanager
def _beside(command: str) -> Iterator[None]:
    """Another process of ours, for as long as this one serves."""
    process = subprocess.Popen([sys.executable, "-m", "api.cli", command])
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


class _Gunicorn(BaseApplication):
    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from api.app import create_app  # in the worker: what it opens must not be shared by a fork

        return create_app()


def _serve(bind: str, workers: int) -> None:
    # Without keep-alive no worker lies idle while another one holds all connections.
    options = {"bind": bind, "workers": workers, "worker_class": "gthread", "threads": 8, "keepalive": 0}
    _Gunicorn(options | {"control_socket_disable": True}).run()
