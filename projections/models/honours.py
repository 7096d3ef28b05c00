"""Honours: whose each is, and whether it stands."""

from __future__ import annotations

from projections.facts import At, Facts, FactTable, ReadModel, day, document, integer, text
from workflow.honours.events import HonourAnnulled, HonourConferred, HonourCorrected, HonourRevoked
from workflow.honours.views import as_corrected

HONOUR = FactTable(
    "honour",
    key=[text("honour")],
    columns=[
        text("person"),
        text("unit"),
        text("brand"),
        text("case_team"),
        text("credited"),
        text("level"),
        text("title"),
        text("issuer"),
        text("matter"),
        document("evidence"),
        day("conferred_on"),
        integer("year"),
        day("held_until"),
        text("state"),
        day("corrected_on"),
        text("words"),
    ],
    indexes=[["person"], ["unit"], ["credited"], ["brand"], ["case_team"], ["matter"], ["year"]],
)
"""A row holds while the honour is in a state: conferred, expired, revoked or annulled. `words` say why it was revoked,
annulled, or last corrected. A correction holds since ever: what was recorded wrongly never was so."""


def conferred(facts: Facts, fact: HonourConferred, at: At) -> None:
    _open(facts, fact)


def corrected(facts: Facts, fact: HonourCorrected, at: At) -> None:
    facts.close(HONOUR, fact.honour)
    _open(facts, as_corrected(fact))
    facts.amend(HONOUR, fact.honour, corrected_on=fact.effective, words=at.reason)


def revoked(facts: Facts, fact: HonourRevoked, at: At) -> None:
    facts.amend(HONOUR, fact.honour, effective=fact.effective, state="revoked", words=at.reason)


def annulled(facts: Facts, fact: HonourAnnulled, at: At) -> None:
    facts.amend(HONOUR, fact.honour, state="annulled", words=at.reason)


def _open(facts: Facts, honour: HonourConferred) -> None:
    facts.open(
        HONOUR,
        honour.honour,
        valid_from=honour.effective,
        person=honour.person,
        unit=honour.unit,
        brand=honour.brand,
        case_team=honour.case_team,
        credited=honour.credited,
        level=honour.level,
        title=honour.title,
        issuer=honour.issuer,
        matter=honour.matter,
        evidence=honour.evidence,
        conferred_on=honour.effective,
        year=honour.effective.year,
        held_until=honour.until,
        state="conferred",
        words="",
    )
    if honour.until is not None:
        facts.amend(HONOUR, honour.honour, effective=honour.until, state="expired")


MODEL = ReadModel(
    "honours",
    version=2,
    tables=[HONOUR],
    handlers={
        HonourConferred: conferred,
        HonourCorrected: corrected,
        HonourRevoked: revoked,
        HonourAnnulled: annulled,
    },
)
