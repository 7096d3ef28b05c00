"""Collecting cosignatures: the ledger's last checkpoint is brought to each witness, with the proof that it follows on
the one which that witness saw last."""

from __future__ import annotations

import http.client
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from typing import NamedTuple

import structlog

from workflow.database import FAILURES
from workflow.ledger.keeper import LONGEST_PAUSE, PAUSE
from workflow.ledger.notes import (
    COSIGNATURE,
    BadNote,
    Checkpoint,
    VerifierKey,
    parse_note,
    verify_checkpoint,
    verify_note,
)
from workflow.ledger.store import LedgerStore, Signed
from workflow.ledger.strict import Malformed, decimal
from workflow.ledger.tiles import nodes_of
from workflow.ledger.tree import consistency_proof
from workflow.ledger.witness import Request

PATIENCE = 5.0
"""Seconds for which the answer of a witness is waited for."""
_LONGEST_ANSWER = 16 * 1024

_logger = structlog.get_logger(__name__)


class WitnessRefuses(Exception):
    """A witness does not cosign: it saw another history of this log, or does not know it. Somebody must look."""


class KnownWitness(NamedTuple):
    """Where a witness answers, and the key that it cosigns with."""

    url: str
    key: VerifierKey

    @classmethod
    def parse(cls, text: str) -> KnownWitness:
        """`URL VERIFIER-KEY`. Raises Malformed."""
        url, blank, key = text.strip().partition(" ")
        verifier = VerifierKey.parse(key.strip())
        if not blank or not url.startswith(("http://", "https://")) or verifier.kind != COSIGNATURE:
            raise Malformed(f"{text[:80]!r} is no witness: a URL and a key that cosigns")
        return cls(url.rstrip("/"), verifier)


class Answer(NamedTuple):
    status: int
    body: bytes


Post = Callable[[str, bytes], Answer]


def post(url: str, body: bytes) -> Answer:
    """Raises OSError if the witness cannot be reached, or answers something else than HTTP."""
    try:
        try:
            answer = urllib.request.urlopen(urllib.request.Request(url, body), timeout=PATIENCE)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return Answer(answer.status, answer.read(_LONGEST_ANSWER))
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error


class Cosigning:
    """Brings the checkpoints of one ledger to its witnesses."""

    def __init__(self, store: LedgerStore, witnesses: Sequence[KnownWitness], post: Post = post) -> None:
        self._store = store
        self._witnesses = witnesses
        self._post = post

    def step(self) -> dict[str, str]:
        """Bring the last checkpoint to every witness that has not cosigned it; what is wrong, by the witness's name.

        What one of them does not answer, or refuses, is told and tried again the next time; the ledger goes on.
        """
        signed, wrong = self._store.latest(), {}
        for witness in self._witnesses if signed else ():
            assert signed is not None
            if self._store.witnessed(witness.key.name) < signed.size:
                try:
                    self._cosigned_by(witness, signed)
                except (OSError, WitnessRefuses, BadNote, Malformed, LookupError) as error:
                    wrong[witness.key.name] = str(error)
                    _logger.warning("no cosignature", witness=witness.key.name, size=signed.size, error=repr(error))
        return wrong

    def run(self, stop: threading.Event) -> None:
        """Do so whenever there is a new checkpoint, until `stop` is set. Whom a witness keeps waiting is only this: so
        each gets a `Cosigning` of its own, in a thread of its own."""
        pause = PAUSE
        while not stop.wait(pause):
            try:
                wrong = bool(self.step())
            except FAILURES as error:
                _logger.warning("nothing was cosigned, to be tried again", error=repr(error), pause=pause)
                wrong = True
            pause = min(2 * pause, LONGEST_PAUSE) if wrong else PAUSE

    def _cosigned_by(self, witness: KnownWitness, signed: Signed) -> None:
        old = self._store.witnessed(witness.key.name)
        answer = self._ask(witness, old, signed)
        seen = _size_in(answer)
        if seen is not None:
            if seen > signed.size:
                raise WitnessRefuses(f"it has seen {seen} entries of this log, which has {signed.size} now")
            answer = self._ask(witness, seen, signed)
        if answer.status != 200:
            raise WitnessRefuses(f"it answers {answer.status}: {answer.body[:200].decode(errors='replace').strip()}")
        text = parse_note(signed.note.encode()).text
        note, _ = verify_note(f"{text}\n".encode() + answer.body, [witness.key])
        own = witness.key.name, witness.key.id
        line = next(each.line() for each in note.signatures if (each.name, each.key_id) == own)
        self._store.cosign(signed.size, witness.key.name, line)

    def _ask(self, witness: KnownWitness, old: int, signed: Signed) -> Answer:
        proof = consistency_proof(old, signed.size, nodes_of(self._store.tile)) if old else []
        return self._post(f"{witness.url}/add-checkpoint", Request(old, proof, signed.note.encode()).write())


def _size_in(answer: Answer) -> int | None:
    """The size that a witness says it has seen last, where that is not the one that was asked from."""
    if answer.status != 409:
        return None
    try:
        return decimal(answer.body.decode(errors="replace").removesuffix("\n"))
    except Malformed:  # it says that it has seen another root
        return None


def cosigned_note(store: LedgerStore, signed: Signed) -> str:
    """A checkpoint with all the lines that witnesses have signed under it so far."""
    return signed.note + "".join(store.cosignatures(signed.size))


def checkpoint_of(content: bytes, keys: Sequence[VerifierKey]) -> Checkpoint:
    """The checkpoint in a file that somebody kept: a checkpoint, or a receipt, which ends in one.

    Raises BadNote, Malformed unless one of `keys` signed it.
    """
    if content.startswith(b"c2sp.org/tlog-proof@"):
        content = content.partition(b"\n\n")[2]
    return verify_checkpoint(content, keys)[0]
