"""Commands that bring something in: spreadsheets, charters, tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import click
import msgspec

from api.charters import apply_charter, last_adopted
from api.cli.frame import answer, as_json, cannot, installation, say_no
from api.imports import TEMPLATES, blank_template, load
from api.imports.commands import ImportRefused, import_records
from api.shadow import C, Differences, ShadowRun, shadow_run
from api.tokens import ROLES, BadToken
from api.wiring import Resonance
from workflow.charter import SHIPPED, CharterError, difference, parse, read_text, shipped
from workflow.erasure.views import PersonHold
from workflow.ids import PersonId, is_id
from workflow.organisation.views import Standing
from workflow.shadow.grades import GradeChange
from workflow.shadow.readings import ColourChange

actor = click.option("--actor", default="operator", show_default=True, help="The user who does it.")
approver = click.option("--approver", default="", help="The second person, where a rule wants one.")
reason = click.option("--reason", default="", help="Why; kept with every event.")


def day_of(_: click.Context, __: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(list(TEMPLATES)), help="What the file holds, if its name does not say.")
@click.option("--dry-run", is_flag=True, help="Only say what would come of it.")
@click.option("--template", is_flag=True, help="Write a blank workbook to FILE instead.")
@actor
@approver
@reason
@as_json
def import_file(
    file: Path,
    kind: str | None,
    dry_run: bool,
    template: bool,
    actor: str,
    approver: str,
    reason: str,
    as_json: bool,
) -> None:
    """Import a spreadsheet (XLSX or CSV): all of it or nothing. The same file twice changes nothing."""
    if template:
        file.write_bytes(blank_template([kind] if kind else TEMPLATES))
        answer({"template": str(file)}, as_json, f"Wrote {file}.")
        return
    records, errors = load(file, kind=kind)
    if not errors:
        try:
            with installation() as resonance:
                context = resonance.context(actor, approver=approver, reason=reason)
                done = import_records(resonance, records, context, dry_run)
        except ImportRefused as refused:
            errors = list(refused.errors)
    if errors:
        answer({"errors": errors}, as_json, f"{file}: {len(errors)} error(s); nothing was imported.")
        say_no([] if as_json else [str(error) for error in errors])
    result = {name: getattr(done, name) for name in ("rows", "changed", "unchanged", "events", "position")}
    would = "would be" if dry_run else "were"
    answer(
        result | {"dry_run": dry_run},
        as_json,
        f"{file}: {done.rows} rows; {done.changed} {would} new ({done.events} events), {done.unchanged} known.",
    )


@click.group()
def charter() -> None:
    """Check, compare and adopt charters. FILE is a path, or the name of a shipped one."""


def _text(file: str) -> str:
    if file in SHIPPED:
        return shipped(file)
    if not Path(file).is_file():
        cannot([f"There is no file {file}; the shipped charters are {' and '.join(SHIPPED)}."])
    return read_text(file)


@charter.command()
@click.argument("file")
@as_json
def check(file: str, as_json: bool) -> None:
    """Say everything that is wrong with a charter."""
    try:
        checked = parse(_text(file), file)
    except CharterError as error:
        answer({"ok": False, "problems": [str(p) for p in error.problems]}, as_json, f"{file} is no sound charter.")
        say_no([] if as_json else [str(problem) for problem in error.problems])
    answer({"ok": True, "charter": checked.id, "version": checked.version}, as_json, f"{file} is a sound charter.")


@charter.command()
@click.argument("file")
@as_json
def diff(file: str, as_json: bool) -> None:
    """Show what FILE would change of the charter that was adopted last."""
    with installation() as resonance:
        before = last_adopted(resonance)
    if before is None:
        cannot(["No charter was adopted yet; there is nothing to compare with."])
    changes = difference(before, parse(_text(file), file))
    listed = [{"key": c.key, "old": str(c.old), "new": str(c.new)} for c in changes]
    answer({"changes": listed}, as_json, lambda: "\n".join(map(str, changes)) or "Nothing would change.")


@charter.command()
@click.argument("file")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), callback=day_of, help="Of periods that ended then or later."
)
@as_json
def shadow(file: str, since: date | None, as_json: bool) -> None:
    """Show which colours and grades would have differed under FILE. Nothing is recorded."""
    text = _text(file)
    parse(text, file)  # so that problems name the file
    with installation() as resonance:
        run = shadow_run(resonance, text, since)
    answer(msgspec.to_builtins(run), as_json, lambda: "\n".join(_told(run)))


def _told(run: ShadowRun) -> Iterator[str]:
    yield f"{run.charter} {run.version}"
    yield from _table(run.colours, "readings", _colour)
    yield from _table(run.grades, "grades", _grade)


def _table(found: Differences[C], what: str, line: Callable[[C], str]) -> Iterator[str]:
    yield f"{found.differ} of {found.looked_at} {what} would have been different."
    yield from (f"  {way}: {number}" for way, number in found.counts.items())
    yield from map(line, found.rows)
    if found.left_off:
        yield f"... and {found.left_off} more."


def _colour(row: ColourChange) -> str:
    value = "missing" if row.value is None else row.value
    recorded = row.colour, row.rule, row.decided_by
    instead = row.shadow_colour, row.shadow_rule, row.shadow_decided_by
    return f"{row.reading}  {value}  {' '.join(filter(None, recorded))} → {' '.join(filter(None, instead))}"


def _grade(row: GradeChange) -> str:
    recorded = _result(row.total, row.rank, row.grade, row.decided_by)
    instead = _result(row.shadow_total, row.shadow_rank, row.shadow_grade, row.shadow_decided_by)
    why = f"; {', '.join(row.why)}" if row.why else ""
    return f"{row.assessment} {row.subject}  {recorded} → {instead}{why}"


def _result(total: Decimal | None, rank: int | None, grade: str, decided_by: str) -> str:
    place = "" if rank is None else f"rank {rank}"
    return " ".join(filter(None, ("" if total is None else str(total), place, grade, f"({decided_by})")))


@charter.command()
@click.argument("file")
@click.option(
    "--effective", type=click.DateTime(["%Y-%m-%d"]), callback=day_of, required=True, help="From this day on."
)
@actor
@approver
@reason
@as_json
def apply(file: str, effective: date, actor: str, approver: str, reason: str, as_json: bool) -> None:
    """Adopt a charter, and the indicators it defines. It takes two persons: --actor and --approver."""
    text = _text(file)
    parse(text, file)  # so that problems name the file
    with installation() as resonance:
        outcomes = apply_charter(resonance, text, effective, actor, approver, reason)
        position = resonance.log.head().position
    events = sum(len(outcome.events) for outcome in outcomes)
    said = f"{file} is adopted from {effective} on ({events} events)." if outcomes else "It was adopted already."
    answer({"events": events, "position": position}, as_json, said)


@click.group()
def token() -> None:
    """Issue and revoke the tokens by which people and programs use the HTTP interface."""


@token.command()
@click.option("--user", required=True, help="An id, never a name: it becomes the actor of every event.")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--person", help="Whose token it is, by their id: from what they are recused, it is kept.")
@as_json
def issue(user: str, role: str, person: str | None, as_json: bool) -> None:
    """Issue a token. It is shown once; only its SHA-256 is kept."""
    with installation() as resonance:
        try:
            if person is not None and is_id(person) and not _known(resonance, person):
                cannot([f"There is no person {person}, or they were erased."])
            issued = resonance.tokens.issue(user, role, person)
        except BadToken as error:
            cannot([str(error)])
    told = {"id": issued.id, "token": issued.token, "user": user, "role": role, "person": person}
    answer(told, as_json, issued.token)


def _known(resonance: Resonance, person: str) -> bool:
    """Whether a person is known, and not erased: a slip of the pen here would keep somebody from nothing."""
    standing, hold = Standing(PersonId(person)), PersonHold(PersonId(person))
    resonance.writer.look(standing, hold)
    return standing.span is not None and not hold.erased


@token.command()
@click.argument("token_id")
@as_json
def revoke(token_id: str, as_json: bool) -> None:
    """Revoke a token by its id (see `token list`)."""
    with installation() as resonance:
        revoked = resonance.tokens.revoke(token_id)
    if not revoked:
        say_no([f"There is no token {token_id} in use."])
    answer({"revoked": token_id}, as_json, f"{token_id} is of no use any more.")


@token.command("list")
@as_json
def list_tokens(as_json: bool) -> None:
    """List all tokens: their ids, users, roles and persons."""
    with installation() as resonance:
        rows = resonance.tokens.list()
    lines = [
        f"{r.id}  {r.user}  {r.role}  {r.person or '-'}  {r.issued_at}  {r.revoked_at or ''}".rstrip() for r in rows
    ]
    answer([row._asdict() for row in rows], as_json, "\n".join(lines) or "There are no tokens.")
