"""How far the ledger is: what is signed, what is witnessed, and how much nothing protects yet."""

from __future__ import annotations

from typing import TypedDict

from workflow.entry import instant_text
from workflow.ledger.cosigning import cosigned_note
from workflow.ledger.receipts import Receipt
from workflow.ledger.store import LedgerStore
from workflow.ledger.tiles import nodes_of
from workflow.ledger.tree import inclusion_proof


class Standing(TypedDict):
    """`size` entries are covered by the checkpoint that was signed last, at `signed_at` (RFC 3339; None before the
    first); `witnessed` by the last one that a witness cosigned; `uncovered` by none."""

    size: int
    signed_at: str | None
    witnessed: int
    uncovered: int


def standing(store: LedgerStore, head: int) -> Standing:
    """`head` is that of the log."""
    signed = store.latest()
    if signed is None:
        return Standing(size=0, signed_at=None, witnessed=0, uncovered=head)
    return Standing(
        size=signed.size,
        signed_at=instant_text(signed.signed_at),
        witnessed=store.witnessed(),
        uncovered=max(0, head - signed.size),
    )


def receipt(store: LedgerStore, position: int) -> Receipt | None:
    """That the event at a position stands in the log, by the last checkpoint that witnesses cosigned, if that covers
    it, else by the last one that was signed; None if that does not cover it yet."""
    signed = store.latest(store.witnessed()) if store.witnessed() >= position else store.latest()
    if signed is None or signed.size < position:
        return None
    proof = inclusion_proof(position - 1, signed.size, nodes_of(store.tile))
    return Receipt(index=position - 1, proof=tuple(proof), checkpoint=cosigned_note(store, signed))
