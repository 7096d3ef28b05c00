"""Who is erased or restricted: on either database the same, rebuilt the same, and shown as it is by now."""

from __future__ import annotations

from datetime import date

from projections.views.erasure import held_since, last_changed
from tests.given import LONG_AGO
from tests.projections.office import History, digests_of, facts_of, rebuilt_the_same
from tests.workflow.organisation.happened import person
from tests.workflow.service import known
from workflow.erasure.commands import (
    ErasePerson,
    ErasePetitioner,
    LiftPersonRestriction,
    LiftPetitionerRestriction,
    RestrictPerson,
    RestrictPetitioner,
)
from workflow.ids import PersonId
from workflow.organisation.events import PersonLeft

P1, P2, P3, X1 = PersonId("P1"), PersonId("P2"), PersonId("P3"), known.OUTSIDER
EVERYBODY = ["P1", "P2", "P3", f"petitioner:{X1}"]
MAY, JUNE, JULY = date(2025, 5, 6), date(2025, 6, 3), date(2025, 7, 1)


def a_history() -> History:
    """P1 was restricted, released on that very day, restricted again, and erased on the day of that; P2 is restricted
    since June, P3 was in May; the petitioner was restricted and is erased."""
    history = History(*(person(id) for id in ("P1", "P2", "P3")), PersonLeft(P1, LONG_AGO))
    for day, command in (
        (MAY, RestrictPerson(person=P3)),
        (MAY, known.outsider()),
        (MAY, RestrictPetitioner(petitioner=X1)),
        (JUNE, LiftPersonRestriction(person=P3)),
        (JUNE, RestrictPerson(person=P1)),
        (JUNE, LiftPersonRestriction(person=P1)),
        (JUNE, RestrictPerson(person=P1)),
        (JUNE, ErasePerson(person=P1)),
        (JUNE, RestrictPerson(person=P2)),
        (JUNE, LiftPetitionerRestriction(petitioner=X1)),
        (JULY, ErasePetitioner(petitioner=X1)),
    ):
        history.then(command, day)
    return history


def test_a_rebuild_beside_gives_the_same_facts_as_those_that_were_followed(database_url):
    assert rebuilt_the_same(database_url, a_history())


def test_both_databases_have_the_same_facts_at_every_position(url, fresh_postgres_url):
    history = a_history()
    assert digests_of(url, history) == digests_of(fresh_postgres_url, history)


def test_it_is_shown_who_is_erased_or_restricted_by_now_and_since_when(url):
    history = a_history()
    with facts_of(url, history) as connection:
        assert held_since(connection, EVERYBODY) == {
            "P1": ("erased", JUNE),
            "P2": ("restricted", JUNE),
            f"petitioner:{X1}": ("erased", JULY),
        }
        assert held_since(connection, ["P3"]) == held_since(connection, []) == {}
        opened, closed = last_changed(connection)
        assert (opened, closed) == (history.position, history.position - 1)


def test_before_anybody_was_there_is_nothing_to_show(url):
    with facts_of(url, History(person("P1"))) as connection:
        assert (held_since(connection, EVERYBODY), last_changed(connection)) == ({}, (0, 0))
