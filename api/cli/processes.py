"""Commands that run: one process each, as the Procfile starts them, and the demonstration that starts all it needs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import click

from api.cli.frame import (
    answer,
    as_json,
    cannot,
    gunicorn,
    installation,
    instant,
    progress_bar,
    settings,
    until_told,
)
from api.demo.demonstration import Demonstration
from api.demo.loading import Loading, demonstration_in
from api.demo.organisations import DEMONSTRATIONS
from api.simulation import SimulatedClock
from api.wiring import Resonance
from projections.models import MODELS
from projections.projector import Projector
from workflow.agendas import agendas
from workflow.clock.clock import Clock
from workflow.ledger.keeper import Keeper

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
        resonance.settle()
        projector = _projector(resonance, lambda p: progress(p.done, p.total))
        if once:
            projector.once()
        else:
            until_told(projector.run)
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
        resonance.settle()
        ticking = Clock(resonance.log, resonance.handle_all, agendas())
        if not once and until is None:
            until_told(lambda stop: ticking.run(resonance.today, stop))
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
@click.option(
    "--charter",
    type=click.Choice(list(DEMONSTRATIONS)),
    default=next(iter(DEMONSTRATIONS)),
    show_default=True,
    help="The organisation to load.",
)
@click.option("--load-only", is_flag=True, help="Load and stop.")
@bind
@as_json
def demo(charter: str, load_only: bool, bind: str | None, as_json: bool) -> None:
    """Load a demonstration organisation, then serve it, printing logins once."""
    demonstration, listening = DEMONSTRATIONS[charter], _listening(bind)
    simulated = SimulatedClock(demonstration.zone, demonstration.first_day)
    first, last = demonstration.first_day, demonstration.last_day
    with installation(now=simulated) as resonance:
        resonance.migrate()
        _only_for(charter, demonstration_in(resonance))
        with progress_bar(f"Living from {first} to {last}") as progress:
            loaded = Loading(demonstration, resonance, simulated).load(progress)
        with progress_bar("Building facts") as progress:
            _projector(resonance, lambda p: progress(p.done, p.total)).once()
        with progress_bar("Signing") as progress:
            _sign(resonance, progress)
        logins = {} if load_only else _logins(resonance, demonstration)
    lines = [f"The demonstration of the {charter} is loaded: {loaded.events} events, from {first} to {last}."]
    if logins:
        lines += ["", f"http://{listening}/docs — tokens, shown only now:"]
        lines += [f"  {role:<11}{token}" for role, token in logins.items()]
        lines += ["", f"Nothing was reported since: ask with ?effective_on={last} to see it as it was then."]
    answer({"events": loaded.events, "logins": logins}, as_json, "\n".join(lines))
    sys.stdout.flush()
    if not load_only:
        # And no clock: here time stands still, or all that nobody reported since would be late.
        with _beside("project"), _beside("ledger"):
            _serve(listening, workers=1)


def _sign(resonance: Resonance, progress: Callable[[int, int], None]) -> None:
    """Sign what is in the log, today: the ledger's time is not simulated."""
    if not resonance.verifiers:
        resonance.signing.make(resonance.log.source)
    Keeper(resonance.ledger, resonance.log, resonance.signing).once(progress)


def _only_for(charter: str, found: str | None) -> None:
    """A demonstration wants a log of its own."""
    if found is None:
        cannot(["This log holds something else; the demonstration wants one of its own (RESONANCE_VAR)."])
    if found not in ("", charter):
        cannot(
            [
                f"This log holds the demonstration of the {found}: say --charter {found}, "
                f"or give that of the {charter} a log of its own (RESONANCE_VAR)."
            ]
        )


def _listening(bind: str | None) -> str:
    """Where to listen: as the option says, else as the settings do. Raises BadSettings."""
    return settings(**({"BIND": bind} if bind else {})).bind


def _projector(resonance: Resonance, progress: Callable[[Any], None]) -> Projector:
    return Projector(resonance.settings.database, resonance.log, MODELS, progress=progress)


def _logins(resonance: Resonance, demonstration: Demonstration) -> dict[str, str]:
    """New tokens for the demonstration's users, by role; those of an earlier start are of no use any more."""
    for row in resonance.tokens.list():
        if row.user in demonstration.logins and row.revoked_at is None:
            resonance.tokens.revoke(row.id)
    return {
        role: resonance.tokens.issue(user, role, demonstration.persons.get(user)).token
        for user, role in demonstration.logins.items()
    }


@contextmanager
def _beside(command: str) -> Iterator[None]:
    """Another process of ours, for as long as this one serves."""
    process = subprocess.Popen([sys.executable, "-m", "api.cli", command])
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


def _serve(bind: str, workers: int) -> None:
    gunicorn(_application, bind, workers)


def _application() -> Any:
    from api.app import create_app  # in the worker: what it opens must not be shared by a fork

    return create_app()
