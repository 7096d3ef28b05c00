"""The writer: what was asked once is done once, whoever else writes, however often it is asked, and whatever dies."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.given import LONG_AGO
from tests.workflow.desk import (
    NOW,
    Desk,
    LeaveSeat,
    LookAround,
    Meddled,
    TakeOneSeat,
    TakeSeats,
    by,
    desk_at,
    rows_of,
    take,
)
from workflow.charter import library, shipped
from workflow.charter.adoption import AdoptCharter
from workflow.entry import EntryTooLarge
from workflow.ids import PersonId, UnitId
from workflow.organisation.units import EstablishUnit
from workflow.slices import Refused
from workflow.writer import ATTEMPTS, Conflict, RefusedTogether, Writer


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    yield from desk_at(database_url)


def refused(ask: Callable[[], Any], code: str) -> Refused:
    with pytest.raises(Refused) as caught:
        ask()
    assert caught.value.code == code
    return caught.value


class Once:
    """Does something the first time it is called."""

    def __init__(self, act: Callable[[], Any]) -> None:
        self.act: Callable[[], Any] | None = act

    def __call__(self) -> None:
        act, self.act = self.act, None
        if act:
            act()


class TestOneCommand:
    def test_its_events_are_recorded_with_who_and_why(self, desk):
        context = by("c-1", reason="all\nsit", approver="B", correlation_id="k", causation_id="w")
        outcome = desk.writer.handle(take("P1", 3, 4), context)
        assert (outcome.first, outcome.last, outcome.repeated) == (1, 2, False)
        assert [fact.number for fact in outcome.events] == [3, 4]
        for number, envelope in enumerate(desk.envelopes(), 1):
            assert (envelope.id, envelope.commandid) == (f"c-1.{number}", "c-1")
            assert (envelope.actor, envelope.approver, envelope.reason) == ("clerk", "B", "all sit")
            assert (envelope.correlationid, envelope.causationid) == ("k", "w")
            assert (envelope.tags, envelope.time) == ("unit:R1 person:P1", "2025-06-16T01:00:00.000000Z")

    def test_what_comes_to_nothing_is_at_the_head(self, desk):
        desk.writer.handle(take("P1", 1), by("c-1"))
        nothing = desk.writer.handle(TakeSeats(row=UnitId("R1"), person=PersonId("P2"), numbers=()), by("c-2"))
        assert (nothing.last, nothing.events, nothing.repeated) == (1, (), False)

    def test_what_stands_on_nothing_reads_nothing(self, desk):
        desk.writer.handle(take("P1"), by("c-1"))

        reads: list[object] = []
        assert desk.at(Meddled(desk.log, read=lambda: reads.append(1))).handle(LookAround(), by("c-2")).events == ()
        assert reads == []

    @pytest.mark.parametrize("person", ["Zhang San", "", "P1\n", "P" * 81, "ä"])
    def test_a_malformed_id_is_refused_before_anything_is_read(self, desk, person):
        assert refused(lambda: desk.writer.handle(take(person), by("c-1")), "id.malformed").fields == ("person",)
        assert desk.log.head().position == 0

    def test_an_event_of_61_kilobytes_is_not_recorded_and_nothing_with_it(self, desk):
        desk.writer.handle(take("P1", 1, note="x" * 59_000), by("c-1"))
        with pytest.raises(EntryTooLarge):
            desk.writer.handle(take("P2", 2, note="x" * 61_000), by("c-2"))
        with pytest.raises(EntryTooLarge):
            desk.writer.handle_all([*rows_of("P3"), (take("P2", note="x" * 61_000), by("c-2"))])
        assert desk.seats() == {1: "P1"}
        assert desk.log.command("c-2") is None

    def test_a_charter_that_another_process_adopted_is_learnt_when_it_is_needed(self, desk, monkeypatch):
        adopt = AdoptCharter(text=shipped("hospital"), effective=LONG_AGO)
        desk.writer.handle(adopt, by("c-1", approver="B"))
        monkeypatch.setattr(library, "_known", {})
        unit = EstablishUnit(unit=UnitId("H"), kind="castle", name_zh="院", effective=NOW.date())
        refused(lambda: desk.writer.handle(unit, by("c-2")), "unit.kind")


class TestTheSameCommandAgain:
    def test_the_first_outcome_is_returned_whatever_came_after(self, desk):
        first = desk.writer.handle(take("P1", 1, 2), by("c-1"))
        desk.writer.handle(take("P2"), by("c-2"))
        again = desk.writer.handle(take("P1", 1, 2), by("c-1"))
        assert (again.first, again.last, again.repeated) == (first.first, first.last, True) == (1, 2, True)
        assert [(fact.row, fact.number, fact.person) for fact in again.events] == [("R1", 1, "P1"), ("R1", 2, "P1")]
        assert desk.log.head().position == 3
        assert desk.journal.latest() == []

    def test_it_is_not_done_again_even_if_it_could_be(self, desk):
        desk.writer.handle(take("P1", 1), by("c-1"))
        desk.writer.handle(LeaveSeat(row=UnitId("R1"), number=1), by("c-2"))
        again = desk.writer.handle(take("P1", 1), by("c-1"))
        assert (again.last, again.repeated) == (1, True)
        assert desk.seats() == {}

    def test_another_writer_with_the_same_keys_knows_it_too(self, desk):
        desk.writer.handle(take("P1", 1), by("c-1"))
        other = Desk(desk.url)
        assert other.writer.handle(take("P1", 1), by("c-1")).repeated
        other.close()

    @pytest.mark.parametrize(
        ("command", "actor"),
        [
            (take("P1", 2), "clerk"),
            (take("P1", 1, name="Li"), "clerk"),
            (LeaveSeat(row=UnitId("R1"), number=1), "clerk"),
            (take("P1", 1), "another"),
            (take("Zhang San", 1), "clerk"),
        ],
    )
    def test_with_other_content_or_another_actor_it_is_refused_and_noted(self, desk, command, actor):
        desk.writer.handle(take("P1", 1), by("c-1"))
        refused(lambda: desk.writer.handle(command, by("c-1", actor)), "command.reused")
        assert desk.log.head().position == 1
        (attempt,) = desk.journal.latest()
        assert (attempt.code, attempt.actor) == ("command.reused", actor)

    def test_reason_and_approver_do_not_make_it_another(self, desk):
        desk.writer.handle(take("P1", 1), by("c-1", reason="because"))
        assert desk.writer.handle(take("P1", 1), by("c-1", approver="B")).repeated

    def test_after_a_crash_between_append_and_answer_the_client_gets_it_by_asking_again(self, desk):
        def die() -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            desk.at(Meddled(desk.log, after=die)).handle(take("P1", 1), by("c-1"))
        again = desk.writer.handle(take("P1", 1), by("c-1"))
        assert (again.last, again.repeated) == (1, True)
        assert desk.seats() == {1: "P1"}

    def test_a_refused_one_may_be_asked_again_and_then_is_done(self, desk):
        desk.writer.handle(take("P1", 1), by("c-1"))
        refused(lambda: desk.writer.handle(take("P2", 1), by("c-2")), "seat.taken")
        desk.writer.handle(LeaveSeat(row=UnitId("R1"), number=1), by("c-3"))
        assert not desk.writer.handle(take("P2", 1), by("c-2")).repeated
        assert desk.seats() == {1: "P2"}


class TestConflicts:
    def test_if_a_rival_was_faster_the_whole_decision_is_made_again(self, desk):
        rival = Once(lambda: desk.writer.handle(take("P9", 1), by("c-9")))
        outcome = desk.at(Meddled(desk.log, before=rival)).handle(take("P1", 0, 0), by("c-1"))
        assert (outcome.first, outcome.last) == (2, 3)
        assert [fact.number for fact in outcome.events] == [2, 3]
        assert desk.seats() == {1: "P9", 2: "P1", 3: "P1"}

    def test_a_rival_between_two_stages_of_what_must_be_known_is_a_conflict_too(self, desk):
        rival = Once(lambda: desk.writer.handle(take("P9", 1), by("c-9")))
        command = TakeOneSeat(row=UnitId("R1"), person=PersonId("P1"))
        outcome = desk.at(Meddled(desk.log, read=rival)).handle(command, by("c-1"))
        assert outcome.events[0].number == 2
        assert desk.seats() == {1: "P9", 2: "P1"}

    def test_what_is_said_of_others_is_no_conflict(self, desk):
        appends: list[object] = []

        def elsewhere() -> None:
            appends.append(desk.writer.handle(take("P9", row="R2"), by(f"c-9{len(appends)}")))

        desk.at(Meddled(desk.log, before=elsewhere)).handle(take("P1"), by("c-1"))
        assert len(appends) == 1
        assert desk.seats() == {1: "P1"}

    def test_after_many_lost_races_it_gives_up_and_nothing_is_recorded(self, desk):
        rivals: list[object] = []

        def rival() -> None:
            rivals.append(desk.writer.handle(take("P9"), by(f"rival-{len(rivals)}")))

        losing = desk.at(Meddled(desk.log, before=rival))
        with pytest.raises(Conflict):
            losing.handle(take("P1"), by("c-1"))
        assert len(rivals) == ATTEMPTS
        assert set(desk.seats().values()) == {"P9"}
        assert desk.journal.latest() == []

    def test_of_two_threads_that_want_one_seat_exactly_one_gets_it(self, desk):
        answers = together(desk, lambda writer, n: writer.handle(take(f"P{n}", 1), by(f"c-{n}")))
        (winner,) = [answer for answer in answers if not isinstance(answer, Refused)]
        (loser,) = [answer for answer in answers if isinstance(answer, Refused)]
        assert loser.code == "seat.taken"
        assert desk.seats() == {1: winner.events[0].person}
        assert desk.log.head().position == 1

    def test_of_two_threads_with_the_same_command_both_get_the_one_outcome(self, desk):
        answers = together(desk, lambda writer, _: writer.handle(take("P1"), by("c-1")))
        assert [(answer.first, answer.last) for answer in answers] == [(1, 1), (1, 1)]
        assert sorted(answer.repeated for answer in answers) == [False, True]
        assert desk.seats() == {1: "P1"}

    def test_of_two_threads_with_the_same_file_one_does_it_and_the_other_knows(self, desk):
        answers = together(desk, lambda writer, _: writer.handle_all(rows_of("P1", "P2")))
        assert sorted([each.repeated for each in answer] for answer in answers) == [[False] * 2, [True] * 2]
        assert desk.seats() == {1: "P1", 2: "P2"}


def together(desk: Desk, ask: Callable[[Writer, int], Any]) -> list[Any]:
    """Two ask at once: both have read before either appends. What they got, refusals included."""
    meeting = threading.Barrier(2)

    def one(number: int) -> Any:
        writer = desk.at(Meddled(desk.log, before=Once(lambda: meeting.wait(30))))
        try:
            return ask(writer, number)
        except Refused as no:
            return no

    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(one, range(2)))


class TestTheAttemptsJournal:
    def test_a_refusal_leaves_who_tried_what_and_why_not(self, desk):
        desk.writer.handle(take("P1", 1), by("c-1"))
        refused(lambda: desk.writer.handle(take("P2", 1), by("c-2", "head")), "seat.taken")
        (attempt,) = desk.journal.latest()
        assert (attempt.at, attempt.actor, attempt.command) == (NOW.isoformat(), "head", "TakeSeats")
        assert (attempt.command_id, attempt.subjects) == ("c-2", "unit:R1 person:P2")
        assert (attempt.code, attempt.sentence) == ("seat.taken", "P1 sits there.")
        assert desk.log.head().position == 1

    def test_it_holds_no_personal_details(self, desk):
        desk.writer.handle(take("P1", 1), by("c-1"))
        refused(lambda: desk.writer.handle(take("P2", 1, name="Zhang San"), by("c-2")), "seat.taken")
        refused(lambda: desk.writer.handle(take("Zhang San"), by("c-3")), "id.malformed")
        refused(lambda: desk.writer.handle(take("Zhang San"), by("c-1")), "command.reused")
        attempts = desk.journal.latest()
        assert [attempt.subjects for attempt in attempts] == ["", "", "unit:R1 person:P2"]
        assert "Zhang" not in repr(attempts)

    def test_it_is_read_from_the_latest_on_in_pages(self, desk):
        desk.writer.handle(take("P1", 1), by("c-0"))
        for n in range(1, 6):
            with pytest.raises(Refused):
                desk.writer.handle(take("P2", 1), by(f"c-{n}"))
        page = desk.journal.latest(limit=2)
        assert [attempt.command_id for attempt in page] == ["c-5", "c-4"]
        assert [a.command_id for a in desk.journal.latest(limit=2, before=page[-1].number)] == ["c-3", "c-2"]


class TestManyAtOnce:
    def test_each_knows_what_those_before_it_did(self, desk):
        desk.writer.handle(take("P0", 1), by("c-0"))
        outcomes = desk.writer.handle_all(rows_of("P1", "P2", "P3"))
        assert [(each.first, each.last, each.repeated) for each in outcomes] == [(n, n, False) for n in (2, 3, 4)]
        assert desk.seats() == {1: "P0", 2: "P1", 3: "P2", 4: "P3"}
        assert [envelope.commandid for envelope in desk.envelopes()] == ["c-0", "row-P1", "row-P2", "row-P3"]

    def test_what_those_before_it_did_to_others_is_not_its_concern(self, desk):
        asked = [(take("P1", row="R2"), by("c-1")), (take("P2"), by("c-2"))]
        desk.writer.handle_all(asked)
        assert (desk.seats("R2"), desk.seats("R1")) == ({1: "P1"}, {1: "P2"})

    def test_it_knows_of_them_what_bears_all_that_it_asks_about_and_no_more(self, desk):
        def one(person: str, command_id: str) -> Any:
            return TakeOneSeat(row=UnitId("R1"), person=PersonId(person)), by(command_id)

        desk.writer.handle_all([one("P1", "c-1"), one("P2", "c-2")])
        with pytest.raises(RefusedTogether) as caught:
            desk.writer.handle_all([one("P3", "c-3"), one("P4", "c-4"), one("P3", "c-5"), one("P1", "c-6")])
        assert {number: no.code for number, no in caught.value.refusals.items()} == {2: "seat.second", 3: "seat.second"}
        assert desk.seats() == {1: "P1", 2: "P2"}

    def test_all_or_none_and_every_refusal_is_told(self, desk):
        desk.writer.handle(take("P0", 1), by("c-0"))
        asked = [(take("P1", 1), by("a")), (take("P2", 2), by("b")), (take("P3", 2), by("c")), (take("?"), by("d"))]
        with pytest.raises(RefusedTogether) as caught:
            desk.writer.handle_all(asked)
        codes = {number: no.code for number, no in caught.value.refusals.items()}
        assert codes == {0: "seat.taken", 2: "seat.taken", 3: "id.malformed"}
        assert desk.seats() == {1: "P0"}
        assert [attempt.command_id for attempt in desk.journal.latest()] == ["d", "c", "a"]

    def test_a_dry_run_says_what_would_be_and_leaves_no_trace(self, desk):
        asked = rows_of("P1", "P2")
        would = desk.writer.handle_all(asked, dry_run=True)
        with pytest.raises(RefusedTogether):
            desk.writer.handle_all([(take("?"), by("x"))], dry_run=True)
        assert desk.log.head().position == 0
        assert desk.journal.latest() == []
        assert desk.keys.leftovers(["P1"]) == set()  # no key was made
        assert desk.writer.handle_all(asked) == would

    def test_those_done_before_are_passed_over_whoever_asked_for_them(self, desk):
        desk.writer.handle_all(rows_of("P1", "P2"))
        again = desk.writer.handle_all(rows_of("P1", "P3", "P2", actor="another"))
        assert [(each.first, each.repeated) for each in again] == [(1, True), (3, False), (2, True)]
        assert [fact.person for each in again for fact in each.events] == ["P1", "P3", "P2"]
        assert desk.seats() == {1: "P1", 2: "P2", 3: "P3"}

    def test_a_command_id_that_was_used_for_something_else_is_refused(self, desk):
        desk.writer.handle_all(rows_of("P1"))
        with pytest.raises(RefusedTogether) as caught:
            desk.writer.handle_all([(take("P2"), by("row-P1")), *rows_of("P3")])
        assert {number: no.code for number, no in caught.value.refusals.items()} == {0: "command.reused"}
        assert desk.seats() == {1: "P1"}

    def test_if_a_rival_was_faster_all_are_decided_again(self, desk):
        rival = Once(lambda: desk.writer.handle(take("P9", 1), by("c-9")))
        outcomes = desk.at(Meddled(desk.log, before=rival)).handle_all(rows_of("P1", "P2"))
        assert [(each.first, each.events[0].number) for each in outcomes] == [(2, 2), (3, 3)]
        assert desk.seats() == {1: "P9", 2: "P1", 3: "P2"}

    def test_others_elsewhere_shift_the_positions_and_nothing_else(self, desk):
        rival = Once(lambda: desk.writer.handle(take("P9", row="R2"), by("c-9")))
        outcomes = desk.at(Meddled(desk.log, before=rival)).handle_all(rows_of("P1", "P2"))
        assert [(each.first, each.last) for each in outcomes] == [(2, 2), (3, 3)]
        assert [envelope.commandid for envelope in desk.envelopes()] == ["c-9", "row-P1", "row-P2"]

    def test_none_are_done_of_none(self, desk):
        assert desk.writer.handle_all([]) == []
        assert desk.log.head().position == 0
