"""Deciding again: starts, extensions and ends of mentorships that were falsified are found and named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from tests.given import LONG_AGO, charter_in_force, given
from tests.workflow.indicators.known import TEXT
from tests.workflow.mentoring.known import DAY, FREE, KIND, MODEL, ORGANISATION, TERM, designated, start
from tests.workflow.mentoring.test_reviewing import JUNE, review
from tests.workflow.mentoring.test_running import LONGER, MAY, by_time, end, extend, meet, moved
from workflow.duties.events import DutyFulfilled, DutyOpened
from workflow.ids import MentorshipId, PersonId, UnitId
from workflow.mentoring.designating import WithdrawLeaver
from workflow.mentoring.events import MentorshipEnded, MentorshipExtended, MentorshipStarted, ModelPersonWithdrawn
from workflow.mentoring.reperformance import MentorshipsAgain
from workflow.organisation.events import PersonLeft
from workflow.reperformance import Reperformance
from workflow.slices import Command, Event


@pytest.fixture(scope="module")
def history() -> list[Event]:
    facts: list[Event] = [*charter_in_force(TEXT, LONG_AGO), *ORGANISATION, designated(), designated("P10")]
    acts: list[tuple[Command | Event, date]] = [
        *((start(f"M{n}", mentee=f"P{n + 1}"), DAY) for n in range(1, 6)),
        (start("M6", mentor="P10", mentee="P2", kind=FREE), DAY),
        (meet(), MAY),
        (extend(), MAY),
        (end(mentorship=MentorshipId("M2")), MAY),
        (moved("P4"), MAY),
        (by_time(MAY + timedelta(days=1), MentorshipId("M3")), MAY + timedelta(days=1)),
        (review(), JUNE),
        (by_time(TERM, MentorshipId("M4")), TERM),
        (by_time(LONGER), LONGER),
        (PersonLeft(PersonId("P10"), LONGER), LONGER),
        (
            WithdrawLeaver(person=PersonId("P10"), kind=KIND, effective=LONGER + timedelta(days=1)),
            LONGER + timedelta(days=1),
        ),
    ]
    for act, day in acts:
        if isinstance(act, Event):
            facts.append(act)
            continue
        answer = given(*facts, charter=None).when(act, today=day, reason="So it is.")
        assert answer.refusal is None, str(answer.refusal)
        facts += answer.facts
    return facts


def wrong(facts: Sequence[Event]) -> dict[int, str]:
    again = Reperformance()
    found = {place: again.follow(fact) for place, fact in enumerate(facts) if fact.TOPIC in again.topics}
    return {place: told for place, told in found.items() if told}


def test_what_was_decided_by_the_rules_passes(history: list[Event]):
    assert wrong(history) == {}
    again = MentorshipsAgain()
    for fact in history:
        if type(fact) in again.listens_to():
            again.follow(fact)
    kinds = (MentorshipStarted, MentorshipExtended, MentorshipEnded, ModelPersonWithdrawn)
    assert again.decisions == sum(isinstance(fact, kinds) for fact in history) == 12


@pytest.mark.parametrize(
    ("kind", "number", "change", "told"),
    [
        (
            MentorshipStarted,
            0,
            {"until": date(2027, 1, 1)},
            "the days of the term is recorded as 669, and had to be 366",
        ),
        (MentorshipStarted, 0, {"until": date(2025, 3, 4)}, "the days of the term is recorded as 1"),
        (MentorshipStarted, 0, {"mentor_unit": UnitId("G4")}, "mentor_unit is recorded as G4"),
        (MentorshipStarted, 0, {"mentee_unit": UnitId("G4")}, "mentee_unit is recorded as G4"),
        (MentorshipStarted, 0, {"charter": "9"}, "charter is recorded as 9"),
        (MentorshipStarted, 0, {"charter_digest": "sha256:0"}, "charter_digest is recorded as sha256:0"),
        (MentorshipStarted, 0, {"mentor": PersonId("P8")}, "the model person is recorded as True"),
        (MentorshipStarted, 1, {"mentee": PersonId("P2")}, "the mentee's other mentors of the kind"),
        (MentorshipStarted, 5, {"mentor": PersonId("P1")}, "how many the mentor leads is recorded as 6"),
        (MentorshipExtended, 0, {"number": 2}, "number is recorded as 2"),
        (MentorshipExtended, 0, {"until": date(2027, 1, 1)}, "the days added is recorded as 487"),
        (MentorshipEnded, 0, {"cause": "mentee_left"}, "cause is recorded as mentee_left, and had to be term"),
        (MentorshipEnded, 0, {"effective": date(2025, 9, 2)}, "effective is recorded as 2025-09-02"),
        (MentorshipEnded, 1, {"since": DAY}, "since is recorded as 2025-03-03, and had to be 2025-05-06"),
        (MentorshipEnded, 1, {"effective": MAY}, "effective is recorded as 2025-05-06, and had to be 2025-05-07"),
        (MentorshipEnded, 2, {"cause": "mentee_left"}, "cause is recorded as mentee_left, and had to be term"),
        (
            ModelPersonWithdrawn,
            0,
            {"effective": LONGER},
            f"P10.{KIND}: effective is recorded as {LONGER}, and had to be",
        ),
        (ModelPersonWithdrawn, 0, {"person": MODEL}, f"P1.{KIND}: effective is recorded as"),
        (DutyOpened, 0, {"due": date(2025, 8, 1)}, "due is recorded as 2025-08-01"),
        (DutyFulfilled, 0, {"due": date(2025, 8, 1)}, "due is recorded as 2025-08-01"),
    ],
)
def test_a_falsified_decision_is_found_and_named(
    history: list[Event], kind: type[Event], number: int, change: dict[str, Any], told: str
):
    where = [n for n, fact in enumerate(history) if isinstance(fact, kind)][number]
    found = wrong([*history[:where], replace(history[where], **change), *history[where + 1 :]])
    assert told in found[where]


def test_an_end_of_what_never_started_is_found(history: list[Event]):
    where = next(n for n, fact in enumerate(history) if isinstance(fact, MentorshipStarted) and fact.kind == KIND)
    found = wrong([*history[:where], *history[where + 1 :]])
    assert any(fact.startswith("M1") for fact in found.values())
