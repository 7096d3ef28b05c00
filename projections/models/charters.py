"""Charters: their texts, and from which day on each is in force."""

from __future__ import annotations

from datetime import date

from projections.facts import At, Facts, FactTable, ReadModel, text
from workflow.charter.events import CharterAdopted, CharterPublished

CHARTER = FactTable("charter", key=[text("digest")], columns=[text("charter"), text("version")])
"""One row for each adoption. Of those that hold on a day, the one that came into force last goes before the others."""

CHARTER_TEXT = FactTable("charter_text", key=[text("digest")], columns=[text("content")])


def published(facts: Facts, fact: CharterPublished, at: At) -> None:
    # One that was published before and is adopted only now has the same text: it has the same digest.
    if facts.get(CHARTER_TEXT, fact.digest) is None:
        facts.open(CHARTER_TEXT, fact.digest, valid_from=date.min, content=fact.text)


def adopted(facts: Facts, fact: CharterAdopted, at: At) -> None:
    facts.open(CHARTER, fact.digest, valid_from=fact.effective, charter=fact.charter, version=fact.version)


MODEL = ReadModel(
    "charters",
    version=1,
    tables=[CHARTER, CHARTER_TEXT],
    handlers={CharterPublished: published, CharterAdopted: adopted},
)
