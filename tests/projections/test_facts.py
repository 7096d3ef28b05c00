"""The fact mechanism in memory: what `open`, `amend`, `revise` and `close` do, and refuse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from projections.facts import At, FactError, Facts, FactTable, day, decimal, document, flag, integer, text
from tests.projections.sample import LAST_DAY, MOORING, MOORINGS, account, histories, january
from workflow.slices import Event

TABLE = FactTable("thing", key=[text("thing")], columns=[text("place"), integer("size")])
MARKS = ("opened", "closed", "valid_from", "valid_to")


class Given:
    """Facts to which changes are applied, each at a position of its own."""

    def __init__(self) -> None:
        self.facts = Facts([TABLE], 0, lambda table, key: [])

    def at(self, position: int, *changes: Callable[[Facts], None]) -> Given:
        self.facts.position = position
        for change in changes:
            change(self.facts)
        return self

    def rows(self) -> list[tuple[Any, ...]]:
        """Place, size and marks of every row there ever was."""
        return [tuple(row[1:]) for _, new, _ in self.facts.unwritten(99) for row in new]


def opens(start: int, until: int | None = None, **values: Any) -> Callable[[Facts], None]:
    end = january(until) if until else None
    return lambda facts: facts.open(TABLE, "a", valid_from=january(start), valid_to=end, **values)


def amends(since: int | None = None, **values: Any) -> Callable[[Facts], None]:
    return lambda facts: facts.amend(TABLE, "a", effective=january(since) if since else None, **values)


def closes(since: int | None = None) -> Callable[[Facts], None]:
    return lambda facts: facts.close(TABLE, "a", effective=january(since) if since else None)


def test_what_is_opened_holds_until_it_is_closed():
    rows = Given().at(4, opens(1, place="N", size=2)).at(9, closes()).rows()
    assert rows == [("N", 2, 4, 9, "2025-01-01", None)]


def test_values_may_come_in_any_order_and_those_not_given_are_null():
    assert Given().at(1, opens(1, size=2, place="N")).rows() == [("N", 2, 1, None, "2025-01-01", None)]
    assert Given().at(1, opens(1, size=2)).rows() == [(None, 2, 1, None, "2025-01-01", None)]


def test_closing_from_a_day_on_keeps_what_held_before():
    rows = Given().at(1, opens(2, place="N")).at(2, closes(5)).rows()
    assert rows == [
        ("N", None, 1, 2, "2025-01-02", None),
        ("N", None, 2, None, "2025-01-02", "2025-01-05"),
    ]


@pytest.mark.parametrize("since", [1, 2])
def test_closing_from_its_first_day_on_or_before_leaves_nothing(since: int):
    assert Given().at(1, opens(2, place="N")).at(2, closes(since)).rows() == [("N", None, 1, 2, "2025-01-02", None)]


@pytest.mark.parametrize("since", [4, 5])
def test_closing_from_a_day_on_which_it_no_longer_held_changes_nothing(since: int):
    rows = Given().at(1, opens(2, 4, place="N")).at(2, closes(since)).rows()
    assert rows == [("N", None, 1, None, "2025-01-02", "2025-01-04")]


def test_amending_changes_all_days():
    rows = Given().at(1, opens(2, place="N", size=1)).at(2, amends(place="S")).rows()
    assert rows == [("N", 1, 1, 2, "2025-01-02", None), ("S", 1, 2, None, "2025-01-02", None)]


def test_amending_from_a_day_on_cuts_the_span_in_two():
    rows = Given().at(1, opens(2, 6, place="N")).at(2, amends(4, place="S")).rows()
    assert rows == [
        ("N", None, 1, 2, "2025-01-02", "2025-01-06"),
        ("N", None, 2, None, "2025-01-02", "2025-01-04"),
        ("S", None, 2, None, "2025-01-04", "2025-01-06"),
    ]


def test_amending_from_a_day_on_reaches_every_later_span():
    begun = Given().at(1, opens(2, place="N")).at(2, amends(4, place="S"))
    current = [row for row in begun.at(3, amends(2, place="W")).rows() if row[3] is None]
    assert current == [
        ("W", None, 3, None, "2025-01-02", "2025-01-04"),
        ("W", None, 3, None, "2025-01-04", None),
    ]


def revises(since: int, sizes: dict[str, int]) -> Callable[[Facts], None]:
    def change(row: dict[str, Any]) -> dict[str, Any]:
        return {"size": sizes[row["place"]]} if row["place"] in sizes else {}

    return lambda facts: facts.revise(TABLE, "a", effective=january(since), change=change)


def test_revising_from_a_day_on_changes_each_span_by_what_it_says():
    begun = Given().at(1, opens(2, place="N")).at(2, amends(4, place="S")).at(3, amends(6, place="W"))
    current = [row for row in begun.at(4, revises(3, {"N": 1, "W": 2})).rows() if row[3] is None]
    assert sorted(current, key=lambda row: row[4]) == [
        ("N", None, 4, None, "2025-01-02", "2025-01-03"),
        ("N", 1, 4, None, "2025-01-03", "2025-01-04"),
        ("S", None, 3, None, "2025-01-04", "2025-01-06"),
        ("W", 2, 4, None, "2025-01-06", None),
    ]


def test_amending_to_what_it_is_already_changes_nothing():
    rows = Given().at(1, opens(2, place="N", size=1)).at(2, amends(4, place="N", size=1)).rows()
    assert rows == [("N", 1, 1, None, "2025-01-02", None)]


def test_what_an_event_opens_and_closes_never_appears():
    given_ = Given().at(1, opens(2, place="N"), amends(place="S"), closes())
    assert given_.rows() == []
    assert given_.facts.get(TABLE, "a") is None


def test_two_changes_by_one_event_are_one():
    rows = Given().at(1, opens(2, place="N")).at(2, amends(4, place="S"), amends(4, place="W"), closes(6)).rows()
    assert rows == [
        ("N", None, 1, 2, "2025-01-02", None),
        ("N", None, 2, None, "2025-01-02", "2025-01-04"),
        ("W", None, 2, None, "2025-01-04", "2025-01-06"),
    ]


def test_what_came_to_an_end_may_be_opened_again_later():
    given_ = Given().at(1, opens(5, 7, place="N")).at(2, opens(2, 5, place="S"))
    assert [row[0] for row in given_.rows()] == ["N", "S"]
    last = given_.facts.get(TABLE, "a")
    assert last is not None
    assert last["place"] == "N"


def test_get_gives_values_and_marks_as_they_are_kept():
    assert Given().at(7, opens(2, 5, place="N")).facts.get(TABLE, "a") == {
        "thing": "a",
        "place": "N",
        "size": None,
        **dict(zip(MARKS, (7, None, "2025-01-02", "2025-01-05"), strict=True)),
    }


@pytest.mark.parametrize(
    ("before", "change"),
    [
        ([opens(1)], opens(3)),
        ([opens(2, 5)], opens(1, 3)),
        ([opens(2, 5)], opens(4)),
        ([], opens(3, 3)),
        ([], opens(3, 2)),
        ([], opens(1, wrong=1)),
        ([], opens(1, thing="b")),
        ([], opens(1, closed=1)),
        ([], amends(place="S")),
        ([opens(1), closes()], amends(place="S")),
        ([opens(1, 3)], amends(3, place="S")),
        ([opens(1)], amends(wrong=1)),
        ([], revises(3, {})),
        ([opens(1, 3)], revises(3, {})),
        ([opens(1)], lambda facts: facts.revise(TABLE, "a", effective=january(1), change=lambda row: {"wrong": 1})),
        ([], closes()),
        ([], closes(3)),
        ([opens(2), closes(1)], closes(3)),
        ([], lambda facts: facts.open(TABLE, "a", "b", valid_from=january(1))),
        ([], lambda facts: facts.close(TABLE)),
        ([], lambda facts: facts.get(TABLE, "a", "b")),
    ],
)
def test_a_handler_cannot_do_what_makes_no_sense(
    before: list[Callable[[Facts], None]], change: Callable[[Facts], None]
):
    begun = Given()
    for position, each in enumerate(before, 1):
        begun.at(position, each)
    with pytest.raises(FactError, match="thing"):
        begun.at(9, change)


def test_what_was_closed_is_not_looked_up_again():
    """The database still has the row, as long as the batch is not written."""
    written = ["a", "N", 1, 3, None, "2025-01-01", None]
    facts = Facts([TABLE], 5, lambda table, key: [written.copy()])
    facts.position = 6
    facts.close(TABLE, "a")
    facts.position = 7
    for change in (amends(place="S"), closes()):
        with pytest.raises(FactError, match="not known"):
            change(facts)
    assert facts.get(TABLE, "a") is None
    ((_, new, ended),) = facts.unwritten(99)
    assert (new, ended) == ([], [["a", "N", 1, 3, 6, "2025-01-01", None]])


def test_a_table_of_another_read_model_is_out_of_reach():
    with pytest.raises(KeyError):
        Given().facts.open(MOORING, "a", valid_from=january(1))


def test_values_are_kept_as_texts_and_whole_numbers():
    table = FactTable("kept", [text("k")], [flag("f"), day("d"), decimal("n"), document("j")])
    facts = Facts([table], 0, lambda table, key: [])
    facts.open(table, "a", valid_from=date.min, f=True, d=january(3), n=Decimal("1E+2"), j=("船", {"b": 1, "a": None}))
    facts.open(table, "b", valid_from=date.min)
    facts.amend(table, "b", n=Decimal("0.10"), f=False)
    ((_, rows, _),) = facts.unwritten(99)
    assert [row[1:5] for row in rows] == [
        [1, "2025-01-03", "100", '["船",{"a":null,"b":1}]'],
        [0, None, "0.10", None],
    ]
    assert rows[0][-2] == "0001-01-01"


@pytest.mark.parametrize(
    ("key", "columns"),
    [
        ([text("a")], [text("a")]),
        ([text("a")], [text("closed")]),
        ([text("a")], [text("effective")]),
        ([day("a")], []),
    ],
)
def test_a_table_that_could_not_work_is_refused(key: list[Any], columns: list[Any]):
    with pytest.raises(ValueError, match="bad"):
        FactTable("bad", key, columns)


@given(histories())
def test_day_by_day_the_facts_say_what_a_plain_account_of_the_events_says(history: list[Event]):
    facts = Facts([MOORING], 0, lambda table, key: [])
    for position, fact in enumerate(history, 1):
        facts.position = position
        MOORINGS.handlers[type(fact)](facts, fact, At("", ""))
    rows = [row for _, new, _ in facts.unwritten(99) for row in new]
    for position in range(1, len(history) + 1):
        known = [r for r in rows if r[-4] <= position and (r[-3] is None or r[-3] > position)]
        told = account(history[:position])
        for number in range(1, LAST_DAY + 1):
            on = january(number).isoformat()
            held = [(r[0], r[1]) for r in known if r[-2] <= on and (r[-1] is None or on < r[-1])]
            assert len(held) == len(dict(held)), "a boat lies at two berths"
            assert dict(held) == told.on(number)
