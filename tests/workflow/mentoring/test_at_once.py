"""Two who pair at the same moment: a mentor's limit, one mentor a kind, and that nobody learns in a circle, hold."""

from __future__ import annotations

from datetime import date

from tests.projections.office import sealed
from tests.workflow.clock.house import Institution, at_once
from tests.workflow.mentoring.known import DAY, FREE, KIND, ORGANISATION, designated, start, started
from workflow.ids import MentorshipId
from workflow.mentoring.events import MentorshipExtended, MentorshipStarted
from workflow.mentoring.running import ExtendMentorship
from workflow.slices import Event


def institution_of(url: str, *facts: Event) -> Institution:
    history = [sealed(fact) for fact in (*ORGANISATION, designated(), *facts)]
    return Institution(url, history, DAY)


def counted(institution: Institution, kind: type[Event]) -> int:
    return sum(isinstance(fact, kind) for fact in institution.facts())


def test_two_at_once_never_exceed_the_mentors_limit(database_url):
    institution = institution_of(database_url, *(started(f"L{n}", mentee=f"P{n}") for n in range(3, 6)))
    commands = [start(f"M{n}", mentee=f"P{n}") for n in (2, 6, 7, 8)]
    assert at_once(institution, *commands) == ["mentorship.limit"] * 2
    assert counted(institution, MentorshipStarted) == 5
    institution.close()


def test_two_at_once_never_take_the_same_mentee(database_url):
    institution = institution_of(database_url, *(designated(f"P{n}") for n in (3, 4)))
    commands = [start(f"M{n}", mentor=f"P{n}") for n in (1, 3, 4)]
    assert at_once(institution, *commands) == ["mentorship.taken"] * 2
    institution.close()


def test_two_at_once_never_close_a_circle(database_url):
    institution = institution_of(database_url)
    ring = [("P1", "P2"), ("P2", "P3"), ("P3", "P1")]
    commands = [start(f"M{n}", mentor, mentee, kind=FREE) for n, (mentor, mentee) in enumerate(ring)]
    assert at_once(institution, *commands) == ["mentorship.circle"]
    institution.close()


def test_an_extension_and_a_start_at_once_never_exceed_the_limit(database_url):
    until, later = date(2025, 9, 1), date(2025, 12, 1)
    four = [started(f"L{n}", mentee=f"P{n}", since=until, until=later) for n in range(3, 7)]
    institution = institution_of(database_url, started(until=until), *four)
    extend = ExtendMentorship(mentorship=MentorshipId("M1"), until=later, effective=DAY)
    another = start("M9", mentee="P8", kind=KIND, effective=date(2025, 9, 1), until=later)
    assert at_once(institution, extend, another) == ["mentorship.limit"]
    assert counted(institution, MentorshipExtended) + counted(institution, MentorshipStarted) == 6
    institution.close()
