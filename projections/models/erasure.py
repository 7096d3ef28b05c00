"""Whose personal details were erased, or are restricted, since when."""

from __future__ import annotations

from projections.facts import At, Facts, FactTable, ReadModel, text
from workflow.erasure.events import (
    ERASURES,
    LIFTINGS,
    RESTRICTIONS,
    PersonErased,
    PersonRestricted,
    PersonRestrictionLifted,
    PetitionerErased,
    PetitionerRestricted,
    PetitionerRestrictionLifted,
)
from workflow.keys import ERASED, RESTRICTED
from workflow.sealed import key_of

HOLD = FactTable("hold", key=[text("whose")], columns=[text("state")])
"""`whose` is the name of a key: the id of a person, or that of somebody from outside with its kind before it. A row
holds while they are `restricted`, or from when they were `erased`."""


def erased(facts: Facts, fact: PersonErased | PetitionerErased, at: At) -> None:
    whose = key_of(fact)
    known = facts.get(HOLD, whose)
    if known is not None and known["valid_to"] is None:  # was restricted until then
        facts.amend(HOLD, whose, effective=fact.effective, state=ERASED)
    else:
        facts.open(HOLD, whose, valid_from=fact.effective, state=ERASED)


def restricted(facts: Facts, fact: PersonRestricted | PetitionerRestricted, at: At) -> None:
    facts.open(HOLD, key_of(fact), valid_from=fact.effective, state=RESTRICTED)


def lifted(facts: Facts, fact: PersonRestrictionLifted | PetitionerRestrictionLifted, at: At) -> None:
    facts.close(HOLD, key_of(fact), effective=fact.effective)


MODEL = ReadModel(
    "erasure",
    version=1,
    tables=[HOLD],
    handlers={
        **dict.fromkeys(ERASURES, erased),
        **dict.fromkeys(RESTRICTIONS, restricted),
        **dict.fromkeys(LIFTINGS, lifted),
    },
)
