"""Two at once, or one after the other in one file: nobody joins or leads a team from which they are recused, whoever
comes first, and nobody is told then that there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.workflow.case_teams.known import DAY, LATER, PLACE, SECOND, THIRD, change_lead, declare, form, join, leave
from tests.workflow.clock.house import Institution
from tests.workflow.desk import Meddled
from workflow.case_teams.members import JoinCaseTeam
from workflow.ids import CaseTeamId, PersonId
from workflow.organisation.events import PersonRegistered
from workflow.slices import Command, Context, Refused
from workflow.writer import RefusedTogether, Writer


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Institution]:
    first = [fact for fact in PLACE if not isinstance(fact, PersonRegistered)]
    place = Institution(f"sqlite:///{tmp_path}/log.sqlite", first, DAY)
    for fact in PLACE:
        if isinstance(fact, PersonRegistered):
            place.record(place.writer._seal(fact, "given.1"))
    place.do(form())
    place.day = LATER
    yield place
    place.close()


def while_another(place: Institution, meddle: Callable[[], object], command: Command) -> None:
    """Somebody decides; before it is recorded, something else is."""
    first = iter([meddle])
    log = Meddled(place.log, before=lambda: next(first, lambda: None)())
    writer = Writer(log, place.writer.keys, place.writer.journal)  # type: ignore[arg-type]  # it stands in for a log
    writer.handle(command, Context(actor="C2", command_id="second", today=LATER, reason="decided"))


@pytest.mark.parametrize(("person", "command"), [(THIRD, join()), (SECOND, change_lead())])
def test_who_is_recused_while_they_join_or_come_to_lead_does_neither(place: Institution, person, command: Command):
    with pytest.raises(Refused, match=r"case_team\.recused"):
        while_another(place, lambda: place.do(declare(person)), command)
    assert not [fact for fact in place.facts() if fact.TOPIC in ("case_team.member_joined", "case_team.lead_changed")]


def test_who_joins_while_they_are_recused_is_out_again(place: Institution):
    while_another(place, lambda: place.do(join()), declare(THIRD))
    topics = [fact.TOPIC for fact in place.facts()][-3:]
    assert topics == ["case_team.member_joined", "recusal.declared", "case_team.member_left"]


def test_of_two_who_take_the_last_place_at_once_one_is_refused(place: Institution):
    alone = {"form": "sole_prosecutor", "members": (SECOND,), "roles": ("handler",), "lead": None, "named_by": None}
    place.do(form(case_team="T2", effective=LATER, **alone))
    place.do(assist("A1"))
    with pytest.raises(Refused, match=r"case_team\.full"):
        while_another(place, lambda: place.do(assist("A2")), assist("A3"))


def assist(person: str) -> JoinCaseTeam:
    return JoinCaseTeam(case_team=CaseTeamId("T2"), person=PersonId(person), role="assistant", effective=LATER)


def test_who_recuses_themselves_in_a_file_is_told_of_no_team_in_the_rows_that_follow(place: Institution):
    def asked(number: int) -> Context:
        return Context(actor="C2", command_id=f"row-{number}", today=LATER, people=(SECOND,))

    with pytest.raises(RefusedTogether) as caught:
        place.writer.handle_all([(declare(SECOND), asked(1)), (leave(SECOND), asked(2))])
    ((number, refused),) = caught.value.refusals.items()
    assert (number, refused.code, refused.told.code) == (1, "access.recused", "case_team.unknown")
