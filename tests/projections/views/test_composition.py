"""Composition: a branch has at least 3 voting members, at most 50, and from 7 on a committee of 3 to 5."""

from __future__ import annotations

from datetime import date

import pytest

from projections.views import Moment
from projections.views.composition import Composition, composition
from projections.views.organisation import unit
from tests.projections.office import CHARTER, OFFICE, History, facts_of, there
from tests.workflow.organisation.happened import appointed, member, person, post
from workflow.slices import Event

TODAY = Moment(None, date(2025, 7, 1))


def branch(url: str, *more: Event) -> Composition:
    """B4 of the office, whose groups have three members beside its own one."""
    with facts_of(url, History(*OFFICE, *more)) as connection:
        return there(composition(connection, TODAY, there(unit(connection, TODAY, "B4")), CHARTER))


def members(number: int, kind: str = "full") -> list[Event]:
    return [fact for n in range(number) for fact in (person(f"M{n}"), member(f"M{n}", "PG6", kind=kind))]


def committee(number: int) -> list[Event]:
    """So many more who hold a post in the branch."""
    seats = post("B4-MEMBER", "B4", "branch_secretary", seats=60)
    return [seats, *(appointed(f"C{n}", f"M{n}", "B4-MEMBER", kind="concurrent") for n in range(number))]


def test_a_branch_has_at_least_three_voting_members(url: str):
    found = branch(url)
    assert (found.members, found.voting, found.flaws) == (4, 4, [])


def test_a_branch_with_less_than_three_voting_members_is_told(url: str):
    nearly = [fact for fact in OFFICE if getattr(fact, "membership", "") not in ("M-P5", "M-P6")]
    with facts_of(url, History(*nearly, *members(5, "probationary"))) as connection:
        found = there(composition(connection, TODAY, there(unit(connection, TODAY, "B4")), CHARTER))
    assert (found.members, found.voting, found.flaws) == (7, 2, ["members_at_least", "committee_at_least"])


def test_a_branch_has_at_most_fifty_members(url: str):
    assert branch(url, *members(46), *committee(3)).flaws == []
    assert branch(url.replace("log.", "another/log."), *members(47), *committee(3)).flaws == ["members_at_most"]


@pytest.mark.parametrize(
    ("more", "in_committee", "flaws"),
    [(2, 0, []), (3, 0, ["committee_at_least"]), (3, 2, []), (6, 4, []), (6, 5, ["committee_at_most"])],
)
def test_from_seven_members_on_a_branch_has_a_committee_of_three_to_five(
    url: str, more: int, in_committee: int, flaws: list[str]
):
    assert branch(url, *members(more), *committee(in_committee)).flaws == flaws


def test_probationary_members_are_members_without_a_vote(url: str):
    found = branch(url, *members(2, "probationary"))
    assert (found.members, found.voting) == (6, 4)


def test_of_a_unit_whose_kind_has_no_rule_nothing_is_wanted(url: str):
    with facts_of(url, History(*OFFICE)) as connection:
        assert composition(connection, TODAY, there(unit(connection, TODAY, "G6")), CHARTER) is None
