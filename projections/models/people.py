"""People: their personnel class, when they came and left, and their details, sealed as the log has them."""

from __future__ import annotations

from projections.facts import At, Facts, FactTable, ReadModel, day, document, text
from workflow.organisation.events import PersonDetailsCorrected, PersonLeft, PersonnelClassChanged, PersonRegistered

PERSON = FactTable(
    "person",
    key=[text("person")],
    columns=[
        text("personnel_class"),
        document("details"),
        day("registered"),
        day("departed"),
    ],
)


def registered(facts: Facts, fact: PersonRegistered, at: At) -> None:
    facts.open(
        PERSON,
        fact.person,
        valid_from=fact.effective,
        personnel_class=fact.personnel_class,
        details=fact.details,
        registered=fact.effective,
    )


def details_corrected(facts: Facts, fact: PersonDetailsCorrected, at: At) -> None:
    facts.amend(PERSON, fact.person, details=fact.details)


def class_changed(facts: Facts, fact: PersonnelClassChanged, at: At) -> None:
    facts.amend(PERSON, fact.person, effective=fact.effective, personnel_class=fact.personnel_class)


def left(facts: Facts, fact: PersonLeft, at: At) -> None:
    facts.amend(PERSON, fact.person, departed=fact.effective)
    facts.close(PERSON, fact.person, effective=fact.effective)


MODEL = ReadModel(
    "people",
    version=1,
    tables=[PERSON],
    handlers={
        PersonRegistered: registered,
        PersonDetailsCorrected: details_corrected,
        PersonnelClassChanged: class_changed,
        PersonLeft: left,
    },
)
