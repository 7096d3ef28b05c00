"""Commands that export: an audit bundle, or the log as others read it."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.frame import answer, as_json, installation, progress_bar, say_no
from api.exports import ocel as object_centric
from api.exports.bundle import Uncovered, write_bundle
from api.exports.lines import write_lines
from api.reading import snapshot
from projections.store import checkpoints

out = click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write.")
first = click.option(
    "--from", "first", type=click.IntRange(1), default=1, show_default=True, help="The first position."
)
last = click.option("--to", "last", type=click.IntRange(1), help="The last position; else as far as there is.")


@click.group()
def export() -> None:
    """Write the log, or a part of it, into a file that others read without us."""


@export.command()
@out
@first
@last
@as_json
def bundle(out: Path, first: int, last: int | None, as_json: bool) -> None:
    """An audit bundle: entries with all that proves them, and a program that verifies it with Python alone."""
    with installation() as resonance, progress_bar("Bundling") as progress:
        try:
            made = write_bundle(out, resonance.log, resonance.ledger, first, last, progress)
        except Uncovered as error:
            say_no([f"This cannot be bundled: {error}."])
    told = {"out": str(out), "first": made.first, "last": made.last, "size": made.size}
    answer(told, as_json, f"Wrote {out}: positions {made.first} to {made.last}, signed at {made.size}.")


@export.command()
@out
@as_json
def ocel(out: Path, as_json: bool) -> None:
    """An object-centric event log (OCEL 2.0) for process mining: SQLite if FILE ends with .sqlite, else JSON."""
    write = object_centric.write_sqlite if out.suffix == ".sqlite" else object_centric.write_json
    with installation() as resonance, progress_bar("Writing") as progress:
        generation = resonance.generations.current()
        if generation is None:
            say_no(["There are no facts yet; `resonance project --once` builds them."])
        with snapshot(generation) as connection:
            reached = min(each.position for each in checkpoints(connection).values())
            write(out, object_centric.Ocel(resonance.log, connection, reached), progress)
    answer({"out": str(out), "events": reached}, as_json, f"Wrote {out}: {reached} events.")


@export.command()
@out
@first
@last
@as_json
def jsonl(out: Path, first: int, last: int | None, as_json: bool) -> None:
    """The stored CloudEvents, byte for byte, each on a line."""
    with installation() as resonance, progress_bar("Writing") as progress:
        written = write_lines(out, resonance.log, first, last, progress)
    answer({"out": str(out), "events": written}, as_json, f"Wrote {out}: {written} events.")
