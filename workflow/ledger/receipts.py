"""Receipts (C2SP tlog-proof, draft): that an entry stands in the log, in a file that proves it without us.

    c2sp.org/tlog-proof@v1
    extra <base64>              (optional)
    index <place of the leaf>
    <hashes from the leaf to the root, a line each>
    <empty line>
    <checkpoint, as it was signed>

It never carries the key that it is verified with: that comes from elsewhere, or it would prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from workflow.ledger.notes import LARGEST, Checkpoint, Verified, VerifierKey, verify_checkpoint
from workflow.ledger.strict import Malformed, decimal, to_base64, unbase64
from workflow.ledger.tree import HASH_SIZE, leaf_hash, verify_inclusion

_HEAD = "c2sp.org/tlog-proof@v1"
_MOST_HASHES = 63


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """`index` counts leaves from 0: the event at position n is leaf n - 1. `checkpoint` is a whole signed note."""

    index: int
    proof: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    def write(self) -> str:
        lines = [_HEAD, *([] if self.extra is None else [f"extra {to_base64(self.extra)}"]), f"index {self.index}"]
        lines += [to_base64(each) for each in self.proof]
        return "\n".join(lines) + "\n\n" + self.checkpoint

    @classmethod
    def parse(cls, content: bytes) -> Receipt:
        """Raises Malformed."""
        if len(content) > LARGEST + 8 * 1024:
            raise Malformed("a receipt is not so large")
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed("a receipt is UTF-8") from None
        head, blank, checkpoint = text.partition("\n\n")
        first, *lines = head.split("\n")
        if not blank or first != _HEAD:
            raise Malformed(f"a receipt begins with {_HEAD}, and its checkpoint follows after an empty line")
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = unbase64(lines.pop(0).removeprefix("extra "))
        if not lines or not lines[0].startswith("index "):
            raise Malformed("a receipt says the index of its leaf")
        index, hashes = decimal(lines[0].removeprefix("index ")), lines[1:]
        if len(hashes) > _MOST_HASHES:
            raise Malformed(f"a proof has at most {_MOST_HASHES} hashes")
        proof = tuple(unbase64(each, HASH_SIZE) for each in hashes)
        return cls(index=index, proof=proof, checkpoint=checkpoint, extra=extra)

    def verify(self, entry: bytes, keys: Iterable[VerifierKey], origin: str) -> tuple[Checkpoint, Sequence[Verified]]:
        """What was signed, and by whom, if `entry` stands at `index` in the log `origin`. Raises Malformed, BadNote,
        BadProof."""
        signed, verified = verify_checkpoint(self.checkpoint.encode(), keys)
        if signed.origin != origin:
            raise Malformed(f"this is a receipt of the log {signed.origin}, not of {origin}")
        verify_inclusion(leaf_hash(entry), self.index, signed.size, self.proof, signed.root)
        return signed, verified
