"""The colours of things that have several deadlines: by what is due, and the worst of them."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

import msgspec

from projections.facts import Facts, FactTable

_RANK = ("green", "yellow", "red")


class _Flagged(Protocol):
    @property
    def why(self) -> str: ...
    @property
    def colour(self) -> str: ...
    @property
    def effective(self) -> date: ...


def flagged(facts: Facts, table: FactTable, id: str, fact: _Flagged) -> None:
    """What is due for one reason turned yellow or red."""
    facts.amend(table, id, effective=fact.effective, **_of(_flags(facts, table, id) | {fact.why: fact.colour}))


def without(facts: Facts, table: FactTable, id: str, *whys: str) -> dict[str, Any]:
    """The columns `flags` and `colour` when these are not due any more; without any of `whys`: when nothing is."""
    flags = _flags(facts, table, id) if whys else {}
    return _of({why: colour for why, colour in flags.items() if why not in whys})


def _flags(facts: Facts, table: FactTable, id: str) -> dict[str, str]:
    known = facts.get(table, id)
    return msgspec.json.decode(known["flags"], type=dict[str, str]) if known and known["flags"] else {}


def _of(flags: dict[str, str]) -> dict[str, Any]:
    worst = max(flags.values(), key=_RANK.index, default="green")
    return {"flags": flags or None, "colour": worst}
