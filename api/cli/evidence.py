"""Commands about evidence: keys, the ledger and its witnesses, receipts, and files that are verified without us."""

from __future__ import annotations

import threading
from pathlib import Path
from zipfile import BadZipFile

import click

from api.cli.data import actor
from api.cli.frame import answer, as_json, cannot, gunicorn, installation, progress_bar, say_no, settings, until_told
from api.cli.looks import note_export
from api.exports.bundle import verify_bundle
from api.wiring import Resonance
from api.witness import create_witness
from workflow.ledger.cosigning import Cosigning
from workflow.ledger.keeper import Keeper
from workflow.ledger.notes import COSIGNATURE, BadNote, VerifierKey
from workflow.ledger.receipts import Receipt
from workflow.ledger.signing import SigningKeys
from workflow.ledger.standing import receipt as receipt_of
from workflow.ledger.strict import Malformed
from workflow.ledger.tree import BadProof
from workflow.ledger.witness import Witness

believing = click.option(
    "--key", "keys", metavar="VERIFIER", multiple=True, help="A key to believe; else this installation's own."
)


@click.command()
@click.option("--rotate", is_flag=True, help="Make another key, which signs from now on; the old ones stay valid.")
@click.option("--show-public", is_flag=True, help="Make none; only show what is there.")
@as_json
def keygen(rotate: bool, show_public: bool, as_json: bool) -> None:
    """Make the key that signs the ledger, and show the verifier key: give it to whoever shall verify.

    With a key there already, none is made but by --rotate.
    """
    with installation() as resonance:
        if not show_public and (rotate or not resonance.verifiers):
            resonance.signing.make(resonance.log.source)
        keys = [str(key) for key in resonance.verifiers]
    if not keys:
        cannot(["There is no key yet; `resonance keygen` makes one."])
    answer({"verifier": keys[0], "older": keys[1:]}, as_json, "\n".join(keys))


@click.command()
@click.option("--once", is_flag=True, help="Cover what is in the log, and stop.")
@as_json
def ledger(once: bool, as_json: bool) -> None:
    """Keep the ledger: sign checkpoints of the log, and have the witnesses cosign them."""
    with installation() as resonance:
        resonance.settle()
        keeper = resonance.keeper()
        if not once:
            until_told(lambda stop: keep(resonance, keeper, stop))
            return
        with progress_bar("Hashing") as progress:
            keeper.once(progress)
        wrong = Cosigning(resonance.ledger, resonance.settings.witnesses).step()
        size, witnessed = resonance.ledger.size(), resonance.ledger.witnessed()
    told = {"size": size, "witnessed": witnessed, "refused": wrong}
    answer(told, as_json, f"The ledger covers {size} events; witnesses have seen {witnessed}.")
    if wrong:
        say_no([f"{name} does not cosign: {why}" for name, why in wrong.items()])


def keep(resonance: Resonance, keeper: Keeper, stop: threading.Event) -> None:
    """The ledger, and beside it each witness, so that none keeps anybody waiting; and the key store is kept clean."""
    threading.Thread(target=resonance.keys.keep_clean, args=(stop,), name="keys", daemon=True).start()
    for each in resonance.settings.witnesses:
        cosigning = Cosigning(resonance.ledger, [each])
        threading.Thread(target=cosigning.run, args=(stop,), name=each.key.name, daemon=True).start()
    keeper.run(stop)


@click.command()
@click.option("--name", metavar="NAME", help="The witness's own name; asked for once, when its key is made.")
@click.option("--log", "logs", metavar="VERIFIER", multiple=True, help="The key of a log that it watches; repeat it.")
@click.option("--show-public", is_flag=True, help="Show the witness's verifier key, and stop.")
@click.option("--bind", metavar="HOST:PORT", help="Where to listen; else as RESONANCE_BIND says.")
@as_json
def witness(name: str | None, logs: tuple[str, ...], show_public: bool, bind: str | None, as_json: bool) -> None:
    """Watch other institutions' logs: cosign each checkpoint that follows on the last one, and no other.

    Run it on another machine, for instance in a superior office; it keeps its own key and what it has seen.
    """
    own = settings(**({"BIND": bind} if bind else {}))
    engine = own.database.engine("witness")
    keys = SigningKeys(engine)
    keys.migrate()
    if not keys.all():
        if name is None:
            cannot(["This witness has no key yet; --name NAME makes one, such as --name witness.example.org."])
        keys.make(name, COSIGNATURE)
    signer = keys.current()
    if show_public:
        answer({"verifier": str(signer.verifier)}, as_json, str(signer.verifier))
        return
    if not logs:
        cannot(["No log to watch; name one with --log VERIFIER, as `resonance keygen --show-public` shows it there."])
    watching = Witness(engine, signer, [_verifier(each) for each in logs])
    gunicorn(lambda: create_witness(watching), own.bind, workers=1)


@click.command()
@click.argument("position", type=click.IntRange(1))
@click.option("--out", type=click.Path(path_type=Path), help="The file to write; else POSITION.tlog-proof.")
@actor
@as_json
def receipt(position: int, out: Path | None, actor: str, as_json: bool) -> None:
    """Write a receipt: a file that proves that the event at POSITION stands in the log. The event lies beside it."""
    out = out or Path(f"{position}.tlog-proof")
    beside = out.with_suffix(".json")
    with installation() as resonance:
        entry, found = resonance.log.entry(position), receipt_of(resonance.ledger, position)
        if entry is None:
            say_no([f"There is no event at position {position}."])
        if found is None:
            say_no([f"No checkpoint covers position {position} yet; `resonance ledger` signs one."])
        note_export(resonance, actor, "receipt", {"position": [str(position)]}, 1, position)
        out.write_text(found.write(), "utf-8")
        beside.write_bytes(entry.bytes)
    told = {"receipt": str(out), "event": str(beside)}
    answer(told, as_json, f"Wrote {out} and {beside}; `resonance verify {out} {beside} --key VERIFIER` checks them.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("event", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@believing
@as_json
def verify(file: Path, event: Path | None, keys: tuple[str, ...], as_json: bool) -> None:
    """Verify an audit bundle, or a receipt: then FILE says that the EVENT stands in a log.

    With --key no installation is needed.
    """
    known = [_verifier(each) for each in keys] or _own_keys()
    try:
        if event is None:
            proved = verify_bundle(file, known)
            signed_by, (first, last, size) = proved.signatures, proved.range
        else:
            proof = Receipt.parse(file.read_bytes())
            signed, signed_by = proof.verify(event.read_bytes(), known, known[0].name)
            first = last = proof.index + 1
            size = signed.size
    except BadZipFile:
        cannot([f"{file} is no audit bundle; with a receipt, name the file of its event too."])
    except (Malformed, BadNote, BadProof) as error:
        answer({"ok": False, "detail": str(error)}, as_json, f"NO: {error}.")
        say_no([])
    names = [each.key.name for each in signed_by]
    told = {"ok": True, "first": first, "last": last, "size": size, "signed_by": names}
    where = f"position {first}" if first == last else f"positions {first} to {last}"
    answer(told, as_json, f"yes: {where} of {size}, signed by {', '.join(names)}")


def _own_keys() -> list[VerifierKey]:
    with installation() as resonance:
        return believed(resonance, ())


def believed(resonance: Resonance, keys: tuple[str, ...]) -> list[VerifierKey]:
    """The keys that are named, else the installation's own, those of its witnesses with them."""
    own = [_verifier(each) for each in keys] or resonance.verifiers
    return own + [witness.key for witness in resonance.settings.witnesses]


def _verifier(text: str) -> VerifierKey:
    try:
        return VerifierKey.parse(text)
    except Malformed as error:
        cannot([f"{error}."])
