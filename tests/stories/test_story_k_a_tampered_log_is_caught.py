"""Story (k): somebody with the database makes a red April yellow. The audit names the first entry that was altered, and
so does whoever kept a receipt, even when everything is signed anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from tests.api.shell import Shell
from tests.stories.demonstration import Organisation
from tests.workflow.ledger.conftest import Thief
from tests.workflow.ledger.tampering import change, change_ledger, replaced
from workflow.ledger.keeper import Keeper, NotAsSigned
from workflow.ledger.notes import VerifierKey
from workflow.ledger.receipts import Receipt
from workflow.ledger.tree import BadProof

READING = "I14.G5.2025-04"


def test_a_tampered_log_is_caught_naming_the_first_bad_entry(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    shell = Shell(monkeypatch, tmp_path)
    monkeypatch.setenv("RESONANCE_DATABASE_URL", database_url_of(organisation))
    april_is_red_and_signed(organisation)
    evidence = somebody_keeps_evidence(organisation, tmp_path)
    assert said_by_audit(shell)["integrity"]["ok"]
    position = altered(organisation)
    the_altered_log_says_yellow_but_proves_nothing(organisation, position, evidence)
    the_audit_names_the_first_bad_entry(shell, position)
    everything_is_signed_anew(organisation)
    only_who_kept_something_can_tell(shell, evidence)


def database_url_of(at: Organisation) -> str:
    database = at.resonance.settings.database
    separator = "&" if "?" in database.url else "?"
    return database.url + (f"{separator}schema={database.schema}" if database.schema else "")


def said_by_audit(shell: Shell, *arguments: object) -> Any:
    return shell("audit", "--json", *arguments).json


def april_is_red_and_signed(at: Organisation) -> None:
    for month in ("01", "02", "03", "04"):
        at.report("I14", f"2025-{month}")
    assert at.look(f"/v1/readings/{READING}")["item"]["colour"] == "red"
    at.resonance.signing.make(at.resonance.log.source)
    at.resonance.keeper().once()


class Evidence:
    """What somebody elsewhere keeps: the verifier key, the entry of the reading, and the receipt for it."""

    def __init__(self, key: VerifierKey, position: int, entry: bytes, receipt: Path) -> None:
        self.key, self.position, self.entry, self.receipt = key, position, entry, receipt


def position_of_the_reading(at: Organisation) -> int:
    (item,) = at.seen("/v1/trail", tag=f"reading:{READING}", type="reading.reported")["items"]
    return int(item["position"])


def somebody_keeps_evidence(at: Organisation, folder: Path) -> Evidence:
    position = position_of_the_reading(at)
    kept = folder / "april.tlog-proof"
    kept.write_bytes(at.get(f"/v1/events/{position}/receipt", role="auditor").data)
    entry = at.resonance.log.entry(position)
    assert entry is not None
    (key,) = at.resonance.verifiers
    Receipt.parse(kept.read_bytes()).verify(entry.bytes, [key], at.resonance.log.source)
    return Evidence(key, position, entry.bytes, kept)


def altered(at: Organisation) -> int:
    """The position of the reading, which is made yellow; what came after it is altered too."""
    position, database = position_of_the_reading(at), at.resonance.settings.database
    assert at.position > position
    before = [entry.bytes for entry in at.resonance.log.entries()]
    later = replaced(at.position, "2025-05-27", "2025-08-27")
    change(database, later, replaced(position, '"colour":"red"', '"colour":"yellow"'))
    after = [entry.bytes for entry in at.resonance.log.entries()]
    differing = [number for number, pair in enumerate(zip(before, after, strict=True), 1) if pair[0] != pair[1]]
    assert differing == [position, at.position]
    return position


def the_altered_log_says_yellow_but_proves_nothing(at: Organisation, position: int, evidence: Evidence) -> None:
    assert '"colour":"yellow"' in at.get(f"/v1/events/{position}").get_data(as_text=True)
    now = at.resonance.log.entry(position)
    assert now is not None
    receipt = Receipt.parse(at.get(f"/v1/events/{position}/receipt", role="auditor").data)
    with pytest.raises(BadProof):
        receipt.verify(now.bytes, [evidence.key], at.resonance.log.source)
    receipt.verify(evidence.entry, [evidence.key], at.resonance.log.source)


def the_audit_names_the_first_bad_entry(shell: Shell, position: int) -> None:
    said = said_by_audit(shell)
    assert (said["integrity"]["ok"], said["integrity"]["first_bad"]) == (False, position)
    assert (said["faithfulness"]["ok"], said["faithfulness"]["first_bad"]) == (False, position)
    reperformed = said["reperformance"]
    assert (reperformed["ok"], reperformed["first_bad"]) == (False, position)
    assert f"{READING}: the colour is recorded as yellow, and had to be red" in reperformed["detail"]
    assert shell("audit").status == 1


def everything_is_signed_anew(at: Organisation) -> None:
    """By somebody who has the key as well: the ledger itself does not do so."""
    emptied = [f"DELETE FROM {table}" for table in ("tile", "checkpoint", "cosignature")]
    change_ledger(at.resonance.settings.database, *emptied, "UPDATE ledger_head SET size = 0")
    with pytest.raises(NotAsSigned):
        at.resonance.keeper().once()
    Keeper(at.resonance.ledger, at.resonance.log, Thief(at.resonance.signing.current())).once()
    forgotten = sqlalchemy.text("DELETE FROM signed_last")
    with at.resonance.settings.keys.engine("keys").begin() as keys:
        keys.execute(forgotten)


def only_who_kept_something_can_tell(shell: Shell, evidence: Evidence) -> None:
    assert said_by_audit(shell)["integrity"]["ok"]
    found = said_by_audit(shell, "--since", evidence.receipt)["integrity"]
    assert not found["ok"]
    assert "are not those that were signed at size" in found["detail"]
