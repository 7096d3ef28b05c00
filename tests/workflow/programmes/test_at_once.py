"""Two at the same moment: nobody is enrolled twice, and nothing is verified twice, nor after the programme closed."""

from __future__ import annotations

from datetime import date

from tests.projections.office import sealed
from tests.workflow.clock.house import Institution, at_once
from tests.workflow.mentoring.test_at_once import counted
from tests.workflow.programmes.known import (
    ADOPTED,
    CLOSES,
    HEAD,
    MARCH,
    ONES,
    ORGANISATION,
    P1,
    P2,
    adopted,
    complete,
    completed,
    enrol,
    enrolled,
    send_back,
    verify,
)
from workflow.programmes.closing import CloseProgramme
from workflow.programmes.events import ItemCompleted, ItemVerified, ParticipantsEnrolled, ProgrammeClosed
from workflow.slices import Event


def institution_of(url: str, day: date, *facts: Event) -> Institution:
    return Institution(url, [sealed(fact) for fact in (*ORGANISATION, *facts)], day)


def test_nobody_is_enrolled_twice_at_once(database_url):
    place = institution_of(database_url, ADOPTED, adopted())
    several = [enrol("P1", other) for other in ("P2", "P3", "P4")]
    assert at_once(place, *several) == ["programme.enrolled"] * 2
    assert counted(place, ParticipantsEnrolled) == 1
    place.close()


def test_what_is_shown_twice_at_once_has_two_numbers(database_url):
    place = institution_of(database_url, MARCH, adopted(), enrolled("P1"))
    assert at_once(place, complete(), complete()) == []
    ids = {fact.completion for fact in place.facts() if isinstance(fact, ItemCompleted)}
    assert ids == {f"{ONES}.P1.paper.1", f"{ONES}.P1.paper.2"}
    place.close()


def test_it_is_verified_or_returned_but_not_both(database_url):
    done = completed()
    place = institution_of(database_url, MARCH, adopted(), enrolled("P1"), done)
    # What was verified before it is returned would be returned by two persons.
    assert at_once(place, verify(done), send_back(done, P2)) in (["completion.found"], ["completion.second_person"])
    place.close()


def test_what_is_verified_as_it_closes_counts_or_is_refused(database_url):
    done, last = completed(), date(2026, 1, 15)
    place = institution_of(database_url, CLOSES, adopted(), enrolled("P1"), done)
    close = CloseProgramme(programme=ONES, effective=CLOSES)
    codes = at_once(place, close, verify(done, HEAD, last))
    (end,) = [fact for fact in place.facts() if isinstance(fact, ProgrammeClosed)]
    assert end.persons == (P1,)
    assert (end.results[0].done[1], codes) in [(1, []), (0, ["programme.closed"])]
    assert counted(place, ItemVerified) == end.results[0].done[1]
    place.close()
