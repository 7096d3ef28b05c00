"""Commands that export: an audit bundle, the log as others read it, or the trail as a table. Each is a look that is
noted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Any

import click

from api.access import Sight
from api.cli.data import actor, day_of
from api.cli.frame import answer, as_json, installation, instant, progress_bar, say_no
from api.cli.history import moment_as_of
from api.cli.looks import SHELL, note_export
from api.exports import ocel as object_centric
from api.exports.bundle import Manifest, Uncovered, write_bundle
from api.exports.lines import write_lines
from api.exports.tables import MOST_ROWS, Write, write_csv, write_xlsx
from api.exports.taking import Taking, about
from api.narrowing import Filters, search_for
from api.reading import snapshot
from api.trail import Order
from projections.store import checkpoints

out = click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write.")
first = click.option(
    "--from", "first", type=click.IntRange(1), default=1, show_default=True, help="The first position."
)
last = click.option("--to", "last", type=click.IntRange(1), help="The last position; else as far as there is.")

EVERYTHING = Sight(frozenset(), inspects=True)
"""On the command line nothing is left out: who can read the databases is recused from nothing."""


@click.group()
def export() -> None:
    """Write the log, or a part of it, into a file that others read without us."""


@export.command()
@out
@first
@last
@actor
@as_json
def bundle(out: Path, first: int, last: int | None, actor: str, as_json: bool) -> None:
    """An audit bundle: entries with all that proves them, and a program that verifies it with Python alone."""
    with installation() as resonance, progress_bar("Bundling") as progress:

        def noted(manifest: Manifest) -> None:
            told = {"from": [str(manifest.first)], "to": [str(manifest.last)]}
            shown = manifest.last - manifest.first + 1
            note_export(resonance, actor, "export bundle", told, shown, manifest.size)

        try:
            made = write_bundle(out, resonance.log, resonance.ledger, first, last, progress, before=noted)
        except Uncovered as error:
            say_no([f"This cannot be bundled: {error}."])
    result = {"out": str(out), "first": made.first, "last": made.last, "size": made.size}
    answer(result, as_json, f"Wrote {out}: positions {made.first} to {made.last}, signed at {made.size}.")


@export.command()
@out
@actor
@as_json
def ocel(out: Path, actor: str, as_json: bool) -> None:
    """An object-centric event log (OCEL 2.0) for process mining: SQLite if FILE ends with .sqlite, else JSON."""
    write = object_centric.write_sqlite if out.suffix == ".sqlite" else object_centric.write_json
    with installation() as resonance, progress_bar("Writing") as progress:
        generation = resonance.generations.current()
        if generation is None:
            say_no(["There are no facts yet; `resonance project --once` builds them."])
        with snapshot(generation) as connection:
            reached = min(each.position for each in checkpoints(connection).values())
            note_export(resonance, actor, "export ocel", {}, reached, reached)
            write(out, object_centric.Ocel(resonance.log, connection, reached), progress)
    answer({"out": str(out), "events": reached}, as_json, f"Wrote {out}: {reached} events.")


@export.command()
@out
@first
@last
@actor
@as_json
def jsonl(out: Path, first: int, last: int | None, actor: str, as_json: bool) -> None:
    """The stored CloudEvents, byte for byte, each on a line."""
    with installation() as resonance, progress_bar("Writing") as progress:
        head = resonance.log.head().position
        upto = head if last is None else min(last, head)
        told = {"from": [str(first)], "to": [] if last is None else [str(last)]}
        note_export(resonance, actor, "export jsonl", told, max(0, upto - first + 1), upto)
        written = write_lines(out, resonance.log, first, upto, progress)
    answer({"out": str(out), "events": written}, as_json, f"Wrote {out}: {written} events.")


_DATE = click.DateTime(["%Y-%m-%d"])
_NARROWED = (
    out,
    click.option("--tag", multiple=True, help="Events that bear this tag, such as unit:G3; all of them, if repeated."),
    click.option("--type", "type_", multiple=True, help="Events of this type, or of any that is named."),
    click.option("--by", help="Events that this user recorded."),
    click.option("--within", metavar="UNIT", help="Events of this unit and of those below it."),
    click.option("--reason", help="Part of the reason, in capitals or not."),
    click.option("--recorded-from", metavar="INSTANT", help="Recorded then or later."),
    click.option("--recorded-to", metavar="INSTANT", help="Recorded then or before."),
    click.option("--effective-from", type=_DATE, callback=day_of, help="Effective on that day or later."),
    click.option("--effective-to", type=_DATE, callback=day_of, help="Effective on that day or before."),
    click.option("--as-of", metavar="INSTANT|position:N", help="Nothing that was recorded later."),
    click.option("--effective-on", type=_DATE, callback=day_of, help="The day of --within; else --as-of's, or today."),
    click.option("--order", type=click.Choice(["newest", "oldest"]), default="newest", show_default=True),
    actor,
    as_json,
)


def _narrowed(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_NARROWED):
        command = option(command)
    return command


@export.command("csv")
@_narrowed
def csv_file(**given: Any) -> None:
    """The trail as CSV (UTF-8), narrowed as over HTTP; its last record is the checkpoint."""
    _export_table("csv", write_csv, None, **given)


@export.command("xlsx")
@_narrowed
def xlsx_file(**given: Any) -> None:
    """The trail as a workbook, narrowed as over HTTP; its second worksheet is the checkpoint."""
    _export_table("xlsx", write_xlsx, MOST_ROWS, **given)


def _export_table(
    what: str,
    write: Write,
    most: int | None,
    *,
    out: Path,
    tag: tuple[str, ...],
    type_: tuple[str, ...],
    by: str | None,
    within: str | None,
    reason: str | None,
    recorded_from: str | None,
    recorded_to: str | None,
    effective_from: date | None,
    effective_to: date | None,
    as_of: str | None,
    effective_on: date | None,
    order: Order,
    actor: str,
    as_json: bool,
) -> None:
    filters = Filters(
        tag=tag,
        type=type_,
        actor=by,
        within=within,
        reason=reason,
        recorded_from=_instant(recorded_from),
        recorded_to=_instant(recorded_to),
        effective_from=effective_from,
        effective_to=effective_to,
    )
    with installation() as app:
        upto, day = moment_as_of(app, as_of, effective_on)
        taking = Taking(app.log, search_for(app.log, filters, upto, day, EVERYTHING), order, most)
        asked = filters.asked() | {"order": [order], "as_of": [f"position:{upto}"], "effective_on": [str(day)]}
        with TemporaryFile() as file:  # which nobody else can open: how many rows there are is known at the end
            write(file, taking, about(app, upto, asked, actor, SHELL))
            note_export(app, actor, f"export {what}", asked, taking.rows, upto)
            file.seek(0)
            with out.open("wb") as written:
                copyfileobj(file, written)
    told = {"out": str(out), "events": taking.rows, "left_off": taking.left_off}
    answer(told, as_json, f"Wrote {out}: {taking.rows} events, {taking.left_off} left off.")


def _instant(text: str | None) -> datetime | None:
    return None if text is None else instant(text)
