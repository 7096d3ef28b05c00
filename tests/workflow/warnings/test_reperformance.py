"""Deciding due dates, rungs and escalations again: what was decided by the rules passes, what is false is named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from tests.workflow.warnings.test_escalation import EVERY_NIGHT, lived
from workflow.ids import PersonId
from workflow.reperformance import Reperformance
from workflow.slices import Event
from workflow.warnings.events import (
    InterviewDue,
    NoticeIssued,
    RectificationOverdue,
    Told,
    WarningEscalated,
    WarningRaised,
    WarningReopened,
)
from workflow.warnings.measures import GrantExtension


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> list[Event]:
    """Warnings of all kinds, answered late and not at all, and one extension."""
    house = lived(tmp_path_factory.mktemp("warnings"), EVERY_NIGHT)
    last = [fact for fact in house.facts() if isinstance(fact, WarningRaised) and fact.rectify_by is not None][-1]
    assert last.rectify_by is not None
    house.day = last.effective
    extend = GrantExtension(
        warning=last.warning, rectify_by=date.fromordinal(last.rectify_by.toordinal() + 3), effective=last.effective
    )
    house.do(extend, reason="So it is.", approver="C2")
    facts = house.facts()
    house.close()
    return facts


def wrong(facts: Sequence[Event]) -> dict[int, str]:
    """What is found wrong, by the place of the event."""
    again = Reperformance()
    found = {place: again.follow(fact) for place, fact in enumerate(facts) if fact.TOPIC in again.topics}
    return {place: told for place, told in found.items() if told}


def falsified(facts: Sequence[Event], kind: type[Event], **changes: Any) -> tuple[int, dict[int, str]]:
    """The place of the first event of a kind, and what is found wrong when it is falsified."""
    place = next(n for n, fact in enumerate(facts) if isinstance(fact, kind))
    changed = [*facts[:place], replace(facts[place], **changes), *facts[place + 1 :]]
    return place, wrong(changed)


def test_what_was_decided_by_the_rules_passes(history: list[Event]) -> None:
    assert wrong(history) == {}
    kinds = {type(fact) for fact in history}
    assert kinds >= {InterviewDue, NoticeIssued, RectificationOverdue, WarningEscalated, WarningReopened}


@pytest.mark.parametrize(
    ("kind", "changes", "told"),
    [
        (WarningRaised, {"respond_by": date(2025, 6, 20)}, "warning.raised of W."),
        (NoticeIssued, {"rung": "red_twice"}, "the rung is recorded as red_twice, and had to be "),
        (NoticeIssued, {"periods": 3}, "the periods is recorded as 3, and had to be "),
        (NoticeIssued, {"persons": (PersonId("P9"),)}, "the persons is recorded as P9, and had to be "),
        (NoticeIssued, {"told": (Told("chief", ("P9",)),)}, "the told is recorded as "),
        (InterviewDue, {"by": "chief"}, "the by is recorded as chief, and had to be "),
        (InterviewDue, {"due": date(2026, 1, 1)}, "the due is recorded as 2026-01-01, and had to be "),
        (WarningEscalated, {"level": "chief"}, "the level is recorded as chief, and had to be deputy_in_charge"),
        (WarningEscalated, {"persons": ()}, "the persons is recorded as nobody, and had to be P2"),
        (
            RectificationOverdue,
            {"due": date(2025, 6, 20)},
            "the due is recorded as 2025-06-20, and had to be 2025-06-25",
        ),
        (WarningReopened, {"rectify_by": date(2025, 9, 1)}, "recorded is 2025-09-01, and it had to be 2025-07-31"),
    ],
)
def test_a_falsified_decision_is_named(history: list[Event], kind: type[Event], changes: Any, told: str) -> None:
    place, found = falsified(history, kind, **changes)
    assert told in found[place]


def test_an_escalation_that_nothing_called_for_is_found(history: list[Event]) -> None:
    place = next(n for n, fact in enumerate(history) if isinstance(fact, WarningEscalated))
    early = replace(history[place], effective=date(2025, 6, 5))
    assert "nothing of the kind had to be" in wrong([*history[:place], early, *history[place:]])[place]


@pytest.mark.parametrize("kind", [WarningRaised, NoticeIssued, InterviewDue])
def test_a_warning_or_its_notice_that_was_never_recorded_is_missed(history: list[Event], kind: type[Event]) -> None:
    place = next(n for n, fact in enumerate(history) if isinstance(fact, kind))
    missing: Any = history[place]
    told = wrong([*history[:place], *history[place + 1 :]])
    assert told[place].startswith(f"missing: {kind.TOPIC} of {missing.warning} had to be recorded before this")


def test_an_extension_beyond_what_is_allowed_is_found(history: list[Event]) -> None:
    place, extended = len(history) - 1, history[-1]
    found = wrong([*history[:-1], replace(extended, rectify_by=date(2026, 1, 1))])
    assert list(found) == [place]
    assert "at most 1 to" in found[place]
    assert "at most 1 to" in wrong([*history, extended])[place + 1]


def test_an_appointment_that_was_taken_out_is_missed(history: list[Event]) -> None:
    without = [fact for fact in history if getattr(fact, "appointment", "") != "A2"]
    assert any("deputy_in_charge" in told for told in wrong(without).values())
