"""What honours give in an assessment, to whom, and how it is taken back on every path."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.projections.office import sealed
from tests.workflow.assessments.known import (
    DAY,
    PUBLISH,
    SCORE,
    SCORED,
    TEXT,
    A,
    after,
    confirming,
    opening,
    publishing,
    result,
)
from tests.workflow.assessments.test_again import again
from tests.workflow.assessments.test_scores import HONOUR, HONOURED, bonus
from tests.workflow.case_teams.known import dissolved, formed, joined, left
from tests.workflow.clock.house import Institution
from workflow.assessments.agenda import Assessments
from workflow.assessments.events import AssessmentRevised, BonusRecorded, MatterStruck
from workflow.assessments.publishing import ReverseBonus
from workflow.assessments.scoring import RecordBonus
from workflow.honours.commands import AnnulHonour, CorrectHonour, RevokeHonour
from workflow.ids import AssessmentId, CaseTeamId, HonourId, MatterId, PersonId, UnitId
from workflow.slices import Command

P1, M1, H2 = PersonId("P1"), MatterId("M1"), HonourId("H2")
OF_UNIT = replace(HONOURED, person=None, unit=UnitId("D1"))
SHARED = TEXT.replace('id = "province"', 'id = "province"\nmembers_share = 0.5')


def correct(**changes: Any) -> CorrectHonour:
    """The honour as it was recorded, but for the changes."""
    asked = {name: getattr(HONOURED, name) for name in ("honour", "person", "level", "title", "issuer", "matter")}
    asked |= {"evidence": ("decree",), "conferred_on": HONOURED.effective, "effective": DAY}
    return CorrectHonour(**asked | changes)


# ---- collective honours ----


def test_the_honour_of_a_unit_gives_points_to_the_unit_only():
    after(*SCORED, OF_UNIT).when(bonus("P1", honour=HONOUR), today=SCORE).refused("assessment.honour")


def test_where_the_charter_says_so_each_member_has_a_share():
    facts = after(*SCORED, OF_UNIT, text=SHARED)
    (given,) = facts.when(bonus("P1", honour=HONOUR), today=SCORE).facts
    assert isinstance(given, BonusRecorded)
    assert given.points == Decimal("1.50")
    facts.when(bonus("P3", honour=HONOUR), today=SCORE).refused("assessment.honour")  # of D2


def test_of_a_share_and_an_honour_of_ones_own_for_one_matter_only_the_highest_counts():
    own = replace(HONOURED, honour=H2)
    facts = after(*SCORED, OF_UNIT, own, bonus("P1", honour=H2), text=SHARED)
    facts.when(bonus("P1", honour=HONOUR), today=SCORE).refused("assessment.matter")
    steps = (*SCORED, OF_UNIT, own, bonus("P1", honour=HONOUR), bonus("P1", honour=H2), confirming(), publishing())
    facts = after(*steps, text=SHARED)
    assert result(facts.facts, "P1").bonus == 3
    assert not [told for told in again(facts.facts)[0] if told.startswith(A)]


def test_the_honour_of_a_team_gives_points_to_the_unit_that_is_credited():
    team = replace(HONOURED, person=None, case_team=CaseTeamId("T1"), credited=UnitId("D1"))
    units = after(*SCORED, team, text=SHARED)
    units.when(bonus("P1", honour=HONOUR), today=SCORE).refused("assessment.honour")  # who was not in it
    departments = "departments.DCP.2025-Q2"
    asked = bonus("D1", honour=HONOUR)
    assert isinstance(asked, RecordBonus)
    asked.assessment = AssessmentId(departments)
    (fact,) = after(opening("departments"), team).when(asked, today=SCORE).facts
    assert (fact.unit, fact.points) == ("D1", 3)  # type: ignore[attr-defined]


def test_each_member_of_an_honoured_team_on_that_day_has_a_share_where_the_charter_says_so():
    honour = replace(HONOURED, person=None, case_team=CaseTeamId("T1"))
    day = honour.effective
    team = formed(members=(P1, PersonId("P2")), roles=("handler", "handler"), effective=day - timedelta(days=9))
    theirs = bonus("P1", honour=HONOUR)
    (given,) = after(*SCORED, team, honour, text=SHARED).when(theirs, today=SCORE).facts
    assert isinstance(given, BonusRecorded)
    assert given.points == Decimal("1.50")
    gone, later = left(P1, on=day), left(P1, on=day + timedelta(days=1))
    after(*SCORED, team, gone, honour, text=SHARED).when(theirs, today=SCORE).refused("assessment.honour")
    assert after(*SCORED, team, later, honour, text=SHARED).when(theirs, today=SCORE).refusal is None
    again = joined(P1, on=day + timedelta(days=1))
    after(*SCORED, team, gone, again, honour, text=SHARED).when(theirs, today=SCORE).refused("assessment.honour")
    over = replace(dissolved, effective=day)
    after(*SCORED, team, over, honour, text=SHARED).when(theirs, today=SCORE).refused("assessment.honour")


def test_an_honour_whose_term_is_over_gives_nothing():
    ended = replace(HONOURED, until=SCORE)
    after(*SCORED, ended).when(bonus("P1", honour=HONOUR), today=SCORE).refused("assessment.honour")
    holds = replace(HONOURED, until=SCORE + timedelta(days=1))
    assert after(*SCORED, holds).when(bonus("P1", honour=HONOUR), today=SCORE).refusal is None


def test_a_falsified_share_is_named():
    facts = list(after(*SCORED, OF_UNIT, bonus("P1", honour=HONOUR), text=SHARED).facts)
    place = next(n for n, fact in enumerate(facts) if isinstance(fact, BonusRecorded))
    facts[place] = replace(facts[place], points=Decimal(3))
    assert "the bonus is recorded as 3, and had to be 1.50" in again(facts)[0][-1]


# ---- taken back ----

STEPS = (*SCORED, HONOURED, bonus("P1", honour=HONOUR), confirming(), publishing())
REVERSE = ReverseBonus(assessment=A, honour=HONOUR, effective=DAY)


def test_the_bonus_of_an_honour_that_never_was_is_struck():
    facts = after(*STEPS, AnnulHonour(honour=HONOUR, effective=DAY), REVERSE).facts
    assert isinstance(facts[-1], AssessmentRevised)
    assert result(facts, "P1").bonus == 0
    gone = AnnulHonour(honour=HONOUR, effective=SCORE)
    after(*SCORED, HONOURED, gone).when(bonus("P1", honour=HONOUR), today=SCORE).refused("assessment.honour")


@pytest.mark.parametrize("changes", [{"level": "city"}, {"matter": MatterId("M7")}, {"person": PersonId("P2")}])
def test_the_bonus_of_an_honour_that_is_corrected_is_struck_if_the_honour_gives_it_no_more(changes: dict[str, Any]):
    facts = after(*STEPS, correct(**changes), REVERSE).facts
    assert isinstance(facts[-2], MatterStruck)
    assert result(facts, "P1").bonus == 0
    assert again(facts)[0] == []


def test_a_correction_that_concerns_no_points_strikes_nothing():
    after(*STEPS, correct(title="Model of all")).when(REVERSE, today=DAY).nothing()


def test_a_corrected_honour_gives_what_it_is_worth_while_scores_are_open():
    early = {"effective": SCORE}
    known = after(*SCORED, HONOURED, bonus("P1", honour=HONOUR), correct(level="city", **early))
    struck = known.when(ReverseBonus(assessment=A, honour=HONOUR, **early), today=SCORE).facts
    facts = after(*known.facts[2:], *struck, known=()).when(bonus("P1", honour=HONOUR), today=SCORE).facts
    assert [each.points for each in facts if isinstance(each, BonusRecorded)] == [2]


# ---- by the clock ----


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Institution]:
    """Two honours for one matter gave P1 a bonus, first the lower and then the higher."""
    lower = replace(HONOURED, honour=H2, level="city")
    steps = (*SCORED, HONOURED, lower, bonus("P1", honour=H2), bonus("P1", honour=HONOUR), confirming(), publishing())
    house = Institution(f"sqlite:///{tmp_path}/log.sqlite", [], PUBLISH)
    house.record(*map(sealed, after(*steps).facts))
    yield house
    house.close()


def lived(house: Institution, *acts: tuple[date, Command]) -> list[tuple[str, date]]:
    """What the clock took back, and when."""
    house.live(house.clock(lambda: [Assessments()]), date(2025, 8, 20), {day: [act] for day, act in acts})
    return [(fact.honour, fact.effective) for fact in house.facts() if isinstance(fact, MatterStruck)]  # type: ignore[misc]


def did(house: Institution, monkeypatch: pytest.MonkeyPatch) -> None:
    done = house.do
    monkeypatch.setattr(house, "do", lambda command: done(command, reason="r", approver="C2"))


def test_when_both_honours_for_a_matter_fall_both_bonuses_do(house: Institution, monkeypatch: pytest.MonkeyPatch):
    did(house, monkeypatch)
    first, second = date(2025, 7, 21), date(2025, 7, 28)
    struck = lived(
        house,
        (first, RevokeHonour(honour=H2, effective=first)),
        (second, RevokeHonour(honour=HONOUR, effective=second)),
    )
    assert struck == [(H2, date(2025, 7, 22)), (HONOUR, date(2025, 7, 29))]
    assert [result(house.facts(), "P1").bonus] == [0]


def test_the_clock_strikes_what_a_correction_took_away_on_the_day_after(
    house: Institution, monkeypatch: pytest.MonkeyPatch
):
    did(house, monkeypatch)
    day = date(2025, 7, 21)
    assert lived(house, (day, correct(level="county", effective=day))) == [(HONOUR, date(2025, 7, 22))]
    assert result(house.facts(), "P1").bonus == 2  # that of the other honour counts again


def test_the_clock_looks_once_at_what_a_correction_left_as_it_was(house: Institution, monkeypatch: pytest.MonkeyPatch):
    did(house, monkeypatch)
    day = date(2025, 7, 21)
    assert lived(house, (day, correct(title="Model of all", effective=day))) == []
    agenda: Any = Assessments()
    for fact in house.facts():
        if type(fact) in tuple(agenda.listens_to()):
            agenda.note(fact)
    days = [day + timedelta(days=n) for n in range(4)]
    named = [[act.name for act in agenda.due(each, None) if ".reverse." in act.name] for each in days]
    assert [len(each) for each in named] == [0, 1, 0, 0]


def test_the_clock_strikes_what_an_annulled_honour_gave(house: Institution, monkeypatch: pytest.MonkeyPatch):
    did(house, monkeypatch)
    day = date(2025, 7, 21)
    assert lived(house, (day, AnnulHonour(honour=HONOUR, effective=day))) == [(HONOUR, date(2025, 7, 22))]
