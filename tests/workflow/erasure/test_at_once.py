"""Somebody is erased at the very moment at which something about them is recorded: whatever comes first, nothing is
sealed for them afterwards, and no key comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.given import LONG_AGO
from tests.workflow.desk import Desk, Meddled, by, desk_at
from workflow.charter import shipped
from workflow.charter.adoption import AdoptCharter
from workflow.erasure.commands import ErasePerson
from workflow.erasure.settling import settle
from workflow.ids import PersonId
from workflow.organisation.people import CorrectPersonDetails, RecordDeparture, RegisterPerson
from workflow.slices import Refused
from workflow.writer import RefusedTogether

P1, LEFT = PersonId("P1"), date(2024, 1, 1)
BY_TWO: dict[str, Any] = {"approver": "another", "reason": "As it was."}
REGISTER = RegisterPerson(person=P1, personnel_class="clerk", name="Zhang San", effective=LONG_AGO)
CORRECT = CorrectPersonDetails(person=P1, name="Zhang Si")


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """P1 was registered, and left long ago."""
    for desk in desk_at(database_url):
        adopt = AdoptCharter(text=shipped("procuratorate"), effective=LONG_AGO)
        desk.writer.handle(adopt, by("charter", **BY_TWO))
        desk.writer.handle(REGISTER, by("register", **BY_TWO))
        desk.writer.handle(RecordDeparture(person=P1, effective=LEFT), by("leave", **BY_TWO))
        yield desk


def erase(desk: Desk) -> None:
    desk.writer.handle(ErasePerson(person=P1), by("erase", **BY_TWO))
    settle(desk.log, desk.keys)


@pytest.mark.parametrize("after", [1, 2])
def test_who_decided_a_moment_too_early_finds_no_key_and_is_refused(desk: Desk, after: int):
    """After the first read (what is known of them), and after the second (whether they were erased)."""
    reads: list[int] = []

    def read() -> None:
        reads.append(1)
        if len(reads) == after:
            erase(desk)

    with pytest.raises(Refused) as refused:
        desk.at(Meddled(desk.log, read=read)).handle(CORRECT, by("correct"))
    assert refused.value.code == "person.erased"
    assert desk.keys.leftovers(["P1"]) == set()
    assert desk.envelopes()[-1].type == "person.erased"


def test_what_was_sealed_before_the_key_went_is_not_recorded_after_it(desk: Desk):
    once = iter([lambda: erase(desk)])
    meddled = Meddled(desk.log, before=lambda: next(once, lambda: None)())
    with pytest.raises(Refused) as refused:
        desk.at(meddled).handle(CORRECT, by("correct"))
    assert refused.value.code == "person.erased"
    assert desk.keys.leftovers(["P1"]) == set()


def test_among_several_that_are_recorded_together_none_seals_for_who_is_erased_before_it(desk: Desk):
    asked = [(ErasePerson(person=P1), by("erase", **BY_TWO)), (CORRECT, by("correct"))]
    with pytest.raises(RefusedTogether) as together:
        desk.writer.handle_all(asked)
    assert [refused.code for refused in together.value.refusals.values()] == ["person.erased"]
    first, last = desk.writer.handle_all(asked[::-1])
    assert (first.events[0].TOPIC, last.events[0].TOPIC) == ("person.details_corrected", "person.erased")
    settle(desk.log, desk.keys)
    assert desk.keys.leftovers(["P1"]) == set()


def test_a_row_that_was_imported_before_is_passed_over_after_the_erasure_too(desk: Desk):
    erase(desk)
    (outcome,) = desk.writer.handle_all([(REGISTER, by("register", **BY_TWO))])
    assert outcome.repeated
    with pytest.raises(Refused) as refused:
        desk.writer.handle(REGISTER, by("register", **BY_TWO))
    assert refused.value.code == "command.erased"


def test_a_key_store_that_is_newer_than_the_log_seals_nothing_for_who_was_erased(desk: Desk):
    desk.keys.erase("P1")
    with pytest.raises(Refused) as refused:
        desk.writer.handle(CORRECT, by("correct"))
    assert refused.value.code == "command.erased"
    assert desk.keys.leftovers(["P1"]) == set()
