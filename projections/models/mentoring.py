"""Mentoring: who is a model for what, and who leads whom towards which goals."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from projections.facts import At, Facts, FactTable, ReadModel, day, document, integer, text
from workflow.mentoring.events import (
    MentorshipEnded,
    MentorshipExtended,
    MentorshipGoalMet,
    MentorshipReviewed,
    MentorshipStarted,
    ModelPersonDesignated,
    ModelPersonWithdrawn,
)

MODEL_PERSON = FactTable(
    "model_person",
    key=[text("model")],
    columns=[
        text("person"),
        text("kind"),
        text("citation"),
        document("evidence"),
        day("designated_on"),
        text("cause"),
        text("words"),
    ],
    indexes=[["person"], ["kind"]],
)
"""A row holds while a person is a model for mentorships of a kind; `model` is `person.kind`. It was withdrawn by a
`cause`: decided (`words` say why) or left."""

MENTORSHIP = FactTable(
    "mentorship",
    key=[text("mentorship")],
    columns=[
        text("kind"),
        text("mentor"),
        text("mentee"),
        text("unit"),
        text("mentee_unit"),
        text("state"),
        document("goals"),
        document("met"),
        day("started_on"),
        day("term"),
        integer("extensions"),
        integer("reviews"),
        day("reviewed_on"),
        text("finding"),
        day("ended_on"),
        text("cause"),
        text("words"),
        text("charter"),
    ],
    indexes=[["mentor"], ["mentee"], ["unit"]],
    register=["state", "unit"],
)
"""A row holds from one act to the next. `state`: running or ended. `unit` is the mentor's, which answers for it.

`term`: the day on which it ends unless somebody ends it before. `met`: the numbers of the goals that are met.
`reviewed_on` and `finding` are those of the last review, `words` why it was extended or ended.
"""


def designated(facts: Facts, fact: ModelPersonDesignated, at: At) -> None:
    facts.open(
        MODEL_PERSON,
        f"{fact.person}.{fact.kind}",
        valid_from=fact.effective,
        person=fact.person,
        kind=fact.kind,
        citation=fact.citation,
        evidence=fact.evidence,
        designated_on=fact.effective,
        cause=None,
        words="",
    )


def withdrawn(facts: Facts, fact: ModelPersonWithdrawn, at: At) -> None:
    """Designations that were withdrawn before keep their own cause and words."""
    model = f"{fact.person}.{fact.kind}"

    def change(row: dict[str, Any]) -> dict[str, Any]:
        return {"cause": fact.cause, "words": at.reason} if row["valid_to"] is None else {}

    facts.revise(MODEL_PERSON, model, effective=date.min, change=change)
    facts.close(MODEL_PERSON, model, effective=fact.effective)


def started(facts: Facts, fact: MentorshipStarted, at: At) -> None:
    facts.open(
        MENTORSHIP,
        fact.mentorship,
        valid_from=fact.effective,
        kind=fact.kind,
        mentor=fact.mentor,
        mentee=fact.mentee,
        unit=fact.mentor_unit,
        mentee_unit=fact.mentee_unit,
        state="running",
        goals=fact.goals,
        met=(),
        started_on=fact.effective,
        term=fact.until,
        extensions=0,
        reviews=0,
        reviewed_on=None,
        finding="",
        ended_on=None,
        cause=None,
        words="",
        charter=fact.charter,
    )


def reviewed(facts: Facts, fact: MentorshipReviewed, at: At) -> None:
    """A review may be shown after a later one: it is counted, and that stays the last."""
    held_on, last = fact.held_on.isoformat(), {"reviewed_on": fact.held_on, "finding": fact.finding}

    def change(row: dict[str, Any]) -> dict[str, Any]:
        return {"reviews": row["reviews"] + 1} | (last if (row["reviewed_on"] or "") <= held_on else {})

    facts.revise(MENTORSHIP, fact.mentorship, effective=fact.effective, change=change)


def goal_met(facts: Facts, fact: MentorshipGoalMet, at: At) -> None:
    known: dict[str, Any] = facts.get(MENTORSHIP, fact.mentorship) or {}
    met = msgspec.json.decode(known["met"], type=list[int])
    facts.amend(MENTORSHIP, fact.mentorship, effective=fact.effective, met=sorted([*met, fact.goal]))


def extended(facts: Facts, fact: MentorshipExtended, at: At) -> None:
    facts.amend(
        MENTORSHIP,
        fact.mentorship,
        effective=fact.effective,
        term=fact.until,
        extensions=fact.number,
        words=at.reason,
    )


def ended(facts: Facts, fact: MentorshipEnded, at: At) -> None:
    facts.amend(
        MENTORSHIP,
        fact.mentorship,
        effective=fact.effective,
        state="ended",
        ended_on=fact.effective,
        cause=fact.cause,
        words=at.reason,
    )


MODEL = ReadModel(
    "mentoring",
    version=3,
    tables=[MODEL_PERSON, MENTORSHIP],
    handlers={
        ModelPersonDesignated: designated,
        ModelPersonWithdrawn: withdrawn,
        MentorshipStarted: started,
        MentorshipReviewed: reviewed,
        MentorshipGoalMet: goal_met,
        MentorshipExtended: extended,
        MentorshipEnded: ended,
    },
)
