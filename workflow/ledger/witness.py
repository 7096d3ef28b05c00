"""A witness (C2SP tlog-witness): remembers the last checkpoint of each log it knows, and cosigns what follows on it.

It never cosigns two checkpoints of one log that do not follow on each other, so a log that was cut, rolled back or
rewritten finds no signature any more. It knows nothing of what the entries say.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from workflow.ledger.notes import BadNote, Checkpoint, SignerKey, VerifierKey, verify_note
from workflow.ledger.strict import Malformed, decimal, to_base64, unbase64
from workflow.ledger.tree import HASH_SIZE, BadProof, verify_consistency

MOST_HASHES = 63

_metadata = sa.MetaData()
_witnessed = sa.Table(
    "witnessed",
    _metadata,
    sa.Column("origin", sa.Text, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("root", sa.LargeBinary, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)


class UnknownLog(Exception):
    """No key of such a log is known here."""


class NotSigned(Exception):
    """No known key of the log signed this checkpoint."""


class Forked(Exception):
    """A checkpoint of the size that was cosigned last has another root: the log shows different histories."""


class Stale(Exception):
    """The witness has seen another size than the one that the request goes out from; `size` is that."""

    def __init__(self, size: int) -> None:
        super().__init__(f"the last checkpoint that was cosigned is of size {size}")
        self.size = size


class Request(NamedTuple):
    """What a log asks of a witness: to follow it from the tree of `old` entries to that of its checkpoint."""

    old: int
    proof: Sequence[bytes]
    checkpoint: bytes

    def write(self) -> bytes:
        lines = [f"old {self.old}", *(to_base64(each) for each in self.proof)]
        return "\n".join(lines).encode() + b"\n\n" + self.checkpoint

    @classmethod
    def parse(cls, content: bytes) -> Request:
        """Raises Malformed."""
        head, blank, checkpoint = content.partition(b"\n\n")
        if not blank or not head.isascii():
            raise Malformed("a request is an old size, hashes, an empty line and a checkpoint")
        first, *hashes = head.decode().split("\n")
        if not first.startswith("old "):
            raise Malformed("a request begins with the old size")
        if len(hashes) > MOST_HASHES:
            raise Malformed(f"a proof has at most {MOST_HASHES} hashes")
        return cls(decimal(first.removeprefix("old ")), [unbase64(each, HASH_SIZE) for each in hashes], checkpoint)


class Witness:
    """Cosigns with `signer` for the logs whose keys are given; what it saw is in the database of `engine`."""

    def __init__(
        self,
        engine: sa.Engine,
        signer: SignerKey,
        logs: Sequence[VerifierKey],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._engine = engine
        self._signer = signer
        self._logs = logs
        self._now = now
        _metadata.create_all(engine)

    def add(self, content: bytes) -> str:
        """The line of our cosignature under a checkpoint that follows on the last one.

        Raises Malformed, UnknownLog, NotSigned, Stale, Forked, BadProof, in this order of looking.
        """
        asked = Request.parse(content)
        note_text, checkpoint = self._signed(asked.checkpoint)
        if asked.old > checkpoint.size:
            raise Malformed(f"the old size {asked.old} is larger than that of the checkpoint")
        seen = self.seen(checkpoint.origin)
        if asked.old != (seen.size if seen else 0):
            raise Stale(seen.size if seen else 0)
        if seen is not None and (seen.size == checkpoint.size and seen.root != checkpoint.root):
            raise Forked(f"another root of {seen.size} entries was cosigned before")
        if seen is None or seen.size == 0:
            if asked.proof:
                raise BadProof("nothing has to be proved of the first checkpoint")
        else:
            verify_consistency(seen.size, checkpoint.size, asked.proof, seen.root, checkpoint.root)
        self._remember(seen, checkpoint, asked.checkpoint.decode())
        return self._signer.cosign(note_text, int(self._now())).line()

    def seen(self, origin: str) -> Checkpoint | None:
        """The last checkpoint of a log that was cosigned here."""
        query = sa.select(_witnessed).where(_witnessed.c.origin == origin)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Checkpoint(row.origin, row.size, bytes(row.root))

    def note(self, origin: str) -> str | None:
        """The last checkpoint of a log that was cosigned here, as the log signed it."""
        query = sa.select(_witnessed.c.note).where(_witnessed.c.origin == origin)
        with self._engine.connect() as connection:
            return connection.scalar(query)

    def _signed(self, content: bytes) -> tuple[str, Checkpoint]:
        """The checkpoint as text and what it says, if the log that it is of signed it."""
        origin = content.split(b"\n", 1)[0].decode(errors="replace")
        keys = [key for key in self._logs if key.name == origin]
        if not keys:
            raise UnknownLog(f"no log {origin[:80]!r} is known here")
        try:
            note, _ = verify_note(content, keys)
        except BadNote as error:
            raise NotSigned(str(error)) from None
        return note.text, Checkpoint.parse(note.text)

    def _remember(self, seen: Checkpoint | None, new: Checkpoint, note: str) -> None:
        """Compare and set in one step, so that of two requests that come at once one is stale. Raises Stale."""
        values = {"size": new.size, "root": new.root, "note": note}
        with self._engine.begin() as connection:
            if seen is None:
                try:
                    connection.execute(sa.insert(_witnessed).values(origin=new.origin, **values))
                    return
                except sa.exc.IntegrityError:
                    pass
            else:
                row = _witnessed.c
                same = (row.origin == seen.origin, row.size == seen.size, row.root == seen.root)
                if connection.execute(sa.update(_witnessed).where(*same).values(values)).rowcount == 1:
                    return
        now = self.seen(new.origin)
        raise Stale(now.size if now else 0)
