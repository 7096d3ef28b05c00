"""Personal details as an event holds them: sealed under the person's own key, or not yet sealed.

A rule deals with `personal(name=…, phone=…)`. The writer seals it before anything is stored; what was not sealed cannot
be encoded, so it cannot reach the log by mistake.
"""

from __future__ import annotations

from typing import Any, cast

import msgspec

from workflow.ids import tag


class Sealed(msgspec.Struct, frozen=True):
    """Details that only the key of a person opens.

    `event` and `topic` are the id and the type of the event they were sealed for. `box` is base64 of nonce(12) ‖
    AES-256-GCM(salt(32) ‖ JSON object). `commitment` is hex SHA-256 of tag ‖ salt ‖ JSON object; it stays when the key
    is destroyed, so that an erased value cannot be claimed to have been another.
    """

    event: str
    topic: str
    box: str
    commitment: str


class Unsealed:
    """Details that a command brought and nobody has sealed yet. msgspec refuses to encode it."""

    __slots__ = ("details",)

    def __init__(self, details: dict[str, str]) -> None:
        self.details = details

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unsealed) and self.details == other.details

    def __hash__(self) -> int:
        return hash(tuple(self.details.items()))

    def __repr__(self) -> str:
        return f"Unsealed({', '.join(self.details)})"  # never the values: this ends up in logs


OUTSIDER = "petitioner"
"""The field of an event, and the kind of id, that names somebody from outside."""


def key_of(fact: Any) -> str:
    """The name of the key under which the details in an event are sealed: the id of the person of staff whom it is
    about, or of the outsider with its kind before it, so that one is never taken for the other."""
    outsider: str | None = getattr(fact, OUTSIDER, None)
    return str(fact.person) if outsider is None else key_of_outsider(outsider)


def key_of_outsider(id: str) -> str:
    return tag(OUTSIDER, id)


def personal(**details: str) -> Sealed:
    """Details for a field of type `Sealed`, to be sealed by the writer. Empty ones are left out."""
    return cast(Sealed, Unsealed({name: value for name, value in details.items() if value}))
