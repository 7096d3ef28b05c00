"""Commands about history: how far the facts are, replaying the log, building the facts anew, and the audit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

import click

from api.cli.evidence import believed, believing
from api.cli.frame import answer, as_json, cannot, installation, progress_bar, say_no
from api.problems import Problem
from api.time_control import asked
from api.wiring import Resonance
from projections.audit import faithfulness, reperformance, replayed
from projections.generations import Generations
from projections.models import MODELS
from projections.projector import status as projections_status
from projections.rebuild import rebuild as rebuild_facts
from workflow.finding import Finding
from workflow.ledger.cosigning import checkpoint_of
from workflow.ledger.integrity import integrity
from workflow.ledger.notes import BadNote, Checkpoint, VerifierKey
from workflow.ledger.standing import standing
from workflow.ledger.strict import Malformed


@click.command()
@as_json
def status(as_json: bool) -> None:
    """Say how far the log is, each read model, and the ledger."""
    with installation() as resonance:
        told = projections_status(Generations(resonance.settings.database), resonance.log, MODELS, datetime.now(UTC))
        head = resonance.log.head().position
        signed = standing(resonance.ledger, head)
        kind = "sqlite" if resonance.settings.database.path else "postgresql"
    lines = [f"log: {head} events ({kind})"]
    lines += [f"{name}: {s['state']} at {s['position']}, {s['lag_events']} behind" for name, s in told.items()]
    lines.append(f"ledger: {signed['size']} signed, {signed['witnessed']} witnessed, {signed['uncovered']} uncovered")
    body = {"head": head, "database": kind, "projections": told, "ledger": signed}
    answer(body, as_json, "\n".join(lines))
    if any(s["state"] == "parked" for s in told.values()):
        say_no([])


@click.command()
@click.option("--as-of", metavar="INSTANT|position:N", help="Replay up to there; else up to the head.")
@as_json
def replay(as_of: str | None, as_json: bool) -> None:
    """Replay the log from its beginning, beside everything, and say what facts it gives.

    Each read model has a digest: the same on every machine and database for the same history.
    """
    with installation() as resonance, progress_bar("Replaying") as progress:
        position, _ = moment_as_of(resonance, as_of)
        with replayed(resonance.log, MODELS, lambda p: progress(p.done, p.total)) as fresh:
            digests = {model.name: fresh.digest(model, position) for model in MODELS}
            facts = {model.name: fresh.count(model, position) for model in MODELS}
            parked = sorted(fresh.parked)
    found = {name: {"facts": facts[name], "digest": digests[name]} for name in digests}
    lines = [f"{name}: {each['facts']} facts, sha256 {each['digest']}" for name, each in found.items()]
    lines += [f"{name}: parked, it could not take an event" for name in parked]
    answer(
        {"position": position, "projections": found, "parked": parked},
        as_json,
        "\n".join([f"As of position {position}:", *lines]),
    )
    if parked:
        say_no([])


@click.command()
@click.argument("model", required=False)
@as_json
def rebuild(model: str | None, as_json: bool) -> None:
    """Build the facts anew from the log, beside those in use, compare, and switch over. MODEL: only this one."""
    names = [each.name for each in MODELS]
    if model is not None and model not in names:
        cannot([f"There is no read model {model}; there are {', '.join(names)}."])
    with installation() as resonance, progress_bar("Rebuilding") as progress:
        done = rebuild_facts(
            resonance.settings.database,
            resonance.log,
            MODELS,
            only=None if model is None else [model],
            progress=lambda p: progress(p.done, p.total),
        )
    result = {"generation": done.generation.number, "same": dict(done.same), "parked": sorted(done.parked)}
    lines = [f"{name}: {'as before' if same else 'DIFFERS from before'}" for name, same in done.same.items()]
    lines += [f"{name}: parked" for name in sorted(done.parked)]
    answer(result, as_json, "\n".join([f"Generation {done.generation.number} is in use.", *lines]))
    if done.parked or not all(done.same.values()):
        say_no([])


@click.command()
@click.option(
    "--since",
    "kept",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    multiple=True,
    help="A checkpoint or receipt that was kept elsewhere; repeat it.",
)
@believing
@as_json
def audit(kept: tuple[Path, ...], keys: tuple[str, ...], as_json: bool) -> None:
    """Ask whether the log is what was signed, the facts what the log says, and every decision what the rules said.

    Integrity: every entry, hashed again, is the one that was signed. Faithfulness: the facts in use are those that a
    replay gives. Re-performance: every decision, taken again from what was recorded before it, is the one that was
    recorded, and none that the clock had to take is missing. Changes nothing; may run while everything goes on.
    """
    with installation() as resonance:
        known = believed(resonance, keys)
        # Who brings keys need not have the key store, in which is what was signed last.
        last = None if keys else resonance.signing.last()
        since = [_checkpoint(path, known) for path in kept]
        with progress_bar("Integrity") as progress:
            whole = integrity(resonance.log, resonance.ledger, known, since, progress, last)
        with progress_bar("Faithfulness") as progress:
            faithful = faithfulness(
                resonance.settings.database, resonance.log, MODELS, lambda p: progress(p.done, p.total)
            )
        with progress_bar("Re-performance") as progress:
            reperformed = reperformance(resonance.log, progress)
    findings = {"integrity": whole, "faithfulness": faithful, "reperformance": reperformed}
    answer(
        {name: asdict(finding) for name, finding in findings.items()},
        as_json,
        "\n".join(_sentence(name, finding) for name, finding in findings.items()),
    )
    if not all(finding.ok for finding in findings.values()):
        say_no([])


def _sentence(name: str, finding: Finding) -> str:
    if finding.ok:
        return f"{name}: yes ({finding.checked} checked)" + (f"; {finding.detail}" if finding.detail else "")
    return f"{name}: NO (first at position {finding.first_bad}): {finding.detail}"


def _checkpoint(path: Path, keys: Sequence[VerifierKey]) -> Checkpoint:
    try:
        return checkpoint_of(path.read_bytes(), keys)
    except (BadNote, Malformed) as error:
        cannot([f"{path} holds no checkpoint that could be believed: {error}."])


def moment_as_of(resonance: Resonance, as_of: str | None, effective_on: date | None = None) -> tuple[int, date]:
    """The position and the day that are asked for, resolved as over HTTP; what is known now for none."""
    try:
        known = asked(resonance, as_of, effective_on)
    except Problem as problem:
        cannot([problem.detail])
    return resonance.log.head().position if known.position is None else known.position, known.effective_on
