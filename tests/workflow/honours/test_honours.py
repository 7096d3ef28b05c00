"""Honours of people, units, brands, teams: conferred on evidence; by two persons revoked, corrected, annulled."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from tests.given import LONG_AGO, Given, given
from tests.workflow.brands.known import TREE, B
from tests.workflow.case_teams.known import formed
from tests.workflow.duties.known import ORGANISATION
from tests.workflow.indicators.known import TEXT, department, person
from workflow.brands.events import BrandRetired
from workflow.case_teams.events import CaseTeamDissolved
from workflow.honours.commands import AnnulHonour, ConferHonour, CorrectHonour, RevokeHonour
from workflow.honours.events import HonourAnnulled, HonourConferred, HonourCorrected, HonourRevoked
from workflow.ids import BrandId, CaseTeamId, HonourId, MatterId, PersonId, UnitId
from workflow.organisation.events import PersonLeft
from workflow.reperformance import Reperformance
from workflow.slices import Command, Event

DAY = date(2025, 6, 13)
H1, M1 = HonourId("H1"), MatterId("M1")
CONFERRED = HonourConferred(H1, PersonId("P1"), None, "city", "Model team", "City", M1, ("decree 7",), DAY)


def known() -> Given:
    return given(department("G3"), person("P1"))


def confer(**changes: Any) -> Command:
    asked: dict[str, Any] = {
        "honour": H1,
        "person": PersonId("P1"),
        "level": "city",
        "title": " Model team ",
        "issuer": "City",
        "matter": M1,
        "evidence": ("decree 7",),
        "effective": DAY,
    }
    return ConferHonour(**asked | changes)


def revoke(effective: date = DAY) -> Command:
    return RevokeHonour(honour=H1, effective=effective)


def test_an_honour_is_that_of_a_person_or_of_a_unit():
    known().when(confer()).then(CONFERRED)
    known().when(confer(person=None, unit=UnitId("G3"))).then(
        HonourConferred(H1, None, UnitId("G3"), "city", "Model team", "City", M1, ("decree 7",), DAY)
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"unit": UnitId("G3")}, "honour.subject"),
        ({"person": None}, "honour.subject"),
        ({"person": PersonId("P404")}, "person.unknown"),
        ({"person": None, "unit": UnitId("G404")}, "unit.unknown"),
        ({"level": "galaxy"}, "honour.level"),
        ({"title": " "}, "honour.title"),
        ({"issuer": ""}, "honour.issuer"),
        ({"evidence": ()}, "honour.evidence"),
        ({"evidence": ("sha256:xyz",)}, "honour.evidence"),
        ({"effective": date(2025, 6, 17)}, "honour.future"),
        ({"effective": date(2025, 5, 1)}, "effective.backdated"),
    ],
)
def test_an_honour_that_cannot_be_is_refused(changes: dict[str, Any], code: str):
    known().when(confer(**changes)).refused(code)


def test_an_honour_is_conferred_once_and_on_people_in_service():
    given(department("G3"), person("P1"), CONFERRED).when(confer()).refused("honour.exists")
    given(person("P1"), PersonLeft(PersonId("P1"), DAY)).when(confer()).refused("person.left")


def test_an_honour_is_revoked_by_two_persons_with_a_reason_once():
    honoured = given(person("P1"), CONFERRED)
    gone = HonourRevoked(H1, PersonId("P1"), None, M1, DAY)
    honoured.when(revoke(), reason="r", approver="C2").then(gone)
    honoured.when(revoke(), reason="r").refused("honour.second_person")
    honoured.when(revoke(), reason="r", approver="C1").refused("honour.second_person")
    honoured.when(revoke(), approver="C2").refused("honour.reason")
    honoured.when(revoke(date(2025, 6, 12)), reason="r", approver="C2").refused("honour.order")
    honoured.when(revoke(date(2025, 6, 17)), reason="r", approver="C2").refused("honour.future")
    given(person("P1"), CONFERRED, gone).when(revoke(), reason="r", approver="C2").refused("honour.revoked")
    given().when(revoke(), reason="r", approver="C2").refused("honour.unknown")


def test_an_honour_is_not_recorded_twice():
    """The same subject, matter, level and issuer, however the issuer is written."""
    again = {"honour": HonourId("H2"), "issuer": " c i t y"}
    facts = given(department("G3"), person("P1"), person("P2"), CONFERRED)
    facts.when(confirmed := confer(**again)).refused("honour.duplicate")
    for other in ({"level": "county"}, {"matter": MatterId("M2")}, {"issuer": "Town"}, {"person": PersonId("P2")}):
        assert facts.when(confer(**again | other)).refusal is None
    revoked = HonourRevoked(H1, PersonId("P1"), None, M1, DAY)
    assert given(person("P1"), CONFERRED, revoked).when(confirmed).refusal is None


# ---- brands and case teams ----


def test_an_honour_of_a_brand_is_credited_to_the_unit_whose_brand_it_is():
    honour = confer(person=None, brand=B)
    expected = replace(CONFERRED, person=None, brand=B, credited=UnitId("G3"))
    given(*ORGANISATION, *TREE).when(honour).then(expected)
    given(*ORGANISATION).when(honour).refused("brand.not_listed")
    gone = BrandRetired(B, UnitId("G3"), 2025, "decided", DAY)
    given(*ORGANISATION, *TREE, gone).when(honour).refused("brand.not_listed")


def test_an_honour_of_a_case_team_may_name_the_unit_that_has_its_points():
    team = {"person": None, "case_team": CaseTeamId("T1")}
    facts = given(department("G3"), person("P1"), formed())
    facts.when(confer(**team)).then(replace(CONFERRED, **team))
    facts.when(confer(**team, credited=UnitId("G3"))).then(replace(CONFERRED, **team, credited=UnitId("G3")))
    refused = facts.when(confer(**team, credited=UnitId("G404"))).refused("unit.unknown")
    assert refused.fields == ("credited",)
    facts.when(confer(credited=UnitId("G3"))).refused("honour.credited")
    facts.when(confer(**team, brand=BrandId("B"))).refused("honour.subject")


def test_an_honour_is_of_no_case_team_that_was_not_formed_by_then():
    team = confer(person=None, case_team=CaseTeamId("T1"))
    known().when(team).refused("case_team.unknown")
    given(formed(effective=DAY + timedelta(days=1))).when(team).refused("honour.before_team")
    assert given(formed(effective=DAY)).when(team).refusal is None
    assert given(formed(), CaseTeamDissolved(CaseTeamId("T1"), UnitId("G3"), DAY)).when(team).refusal is None


# ---- terms ----

TERM = TEXT.replace('id = "city"', 'id = "city"\nterm_months = 18')


def test_an_honour_holds_for_the_term_that_the_charter_gives():
    facts = given(person("P1"), charters=[(LONG_AGO, TERM)])
    facts.when(confer()).then(replace(CONFERRED, until=date(2026, 12, 13)))
    leap = given(person("P1"), charters=[(LONG_AGO, TERM.replace("term_months = 18", "term_months = 8"))])
    last = date(2025, 6, 30)
    answer = leap.when(confer(effective=last), today=last)
    answer.then(replace(CONFERRED, effective=last, until=date(2026, 2, 28)))


# ---- corrected and annulled ----

TWO: dict[str, Any] = {"reason": "Misread.", "approver": "C2"}
CORRECTED = HonourCorrected(
    H1,
    PersonId("P1"),
    None,
    None,
    None,
    None,
    "county",
    "Model team",
    "County",
    M1,
    M1,
    ("decree 7",),
    date(2025, 6, 12),
    None,
    DAY,
)
ANNULLED = HonourAnnulled(H1, PersonId("P1"), None, None, None, M1, DAY)


def correct(**changes: Any) -> Command:
    asked: dict[str, Any] = {
        "honour": H1,
        "person": PersonId("P1"),
        "level": "county",
        "title": "Model team",
        "issuer": "County",
        "matter": M1,
        "evidence": ("decree 7",),
        "conferred_on": date(2025, 6, 12),
        "effective": DAY,
    }
    return CorrectHonour(**asked | changes)


def annul(effective: date = DAY) -> Command:
    return AnnulHonour(honour=H1, effective=effective)


def test_an_honour_that_was_wrongly_recorded_is_corrected_by_two_persons():
    honoured = given(department("G3"), person("P1"), CONFERRED)
    honoured.when(correct(), **TWO).then(CORRECTED)
    honoured.when(correct(), reason="Misread.").refused("honour.second_person")
    honoured.when(correct(), approver="C2").refused("honour.reason")
    honoured.when(correct(level="galaxy"), **TWO).refused("honour.level")
    honoured.when(correct(unit=UnitId("G3")), **TWO).refused("honour.subject")
    honoured.when(correct(conferred_on=date(2025, 6, 17)), **TWO).refused("honour.future")
    honoured.when(correct(effective=date(2025, 6, 17)), **TWO).refused("honour.future")
    as_it_is = correct(level="city", issuer="City", conferred_on=DAY)
    honoured.when(as_it_is, **TWO).refused("honour.same")
    given(person("P1")).when(correct(), **TWO).refused("honour.unknown")


def test_what_was_corrected_is_the_honour_from_then_on():
    facts = given(department("G3"), person("P1"), CONFERRED, CORRECTED)
    facts.when(correct(), **TWO).refused("honour.same")
    facts.when(revoke(date(2025, 6, 11)), **TWO).refused("honour.order")
    facts.when(revoke(date(2025, 6, 12)), **TWO).refused("honour.order")
    facts.when(revoke(), **TWO).then(HonourRevoked(H1, PersonId("P1"), None, M1, DAY))
    assert facts.when(confer(honour=HonourId("H2"))).refusal is None  # the city never conferred one
    facts.when(confer(honour=HonourId("H2"), level="county", issuer="County")).refused("honour.duplicate")


def test_a_correction_makes_no_duplicate_and_frees_what_was_wrong():
    other = replace(CONFERRED, honour=HonourId("H2"), matter=MatterId("M2"))
    facts = given(person("P1"), CONFERRED, other)
    wrong = correct(level="city", issuer="City", matter=MatterId("M2"))
    facts.when(wrong, **TWO).refused("honour.duplicate")
    moved = replace(CORRECTED, matter=MatterId("M3"), level="city", issuer="City")
    assert given(person("P1"), CONFERRED, moved).when(confer(honour=HonourId("H3"))).refusal is None


def test_the_record_of_an_honour_that_never_was_is_annulled_by_two_persons():
    honoured = given(person("P1"), CONFERRED)
    honoured.when(annul(), **TWO).then(ANNULLED)
    honoured.when(annul(), reason="r").refused("honour.second_person")
    honoured.when(annul(), approver="C2").refused("honour.reason")
    honoured.when(annul(date(2025, 6, 17)), **TWO).refused("honour.future")
    gone = given(person("P1"), CONFERRED, ANNULLED)
    for act in (annul(), revoke(), correct()):
        gone.when(act, **TWO).refused("honour.annulled")
    assert gone.when(confer(honour=HonourId("H2"))).refusal is None
    revoked = HonourRevoked(H1, PersonId("P1"), None, M1, DAY)
    for act in (annul(), correct()):
        given(person("P1"), CONFERRED, revoked).when(act, **TWO).refused("honour.revoked")


# ---- decided again ----


def wrong(*facts: Event) -> list[str]:
    again = Reperformance()
    everything = given(*facts, charters=[(LONG_AGO, TERM)]).facts
    return [told for fact in everything if fact.TOPIC in again.topics and (told := again.follow(fact))]


def test_terms_and_credits_are_decided_again():
    tree = [fact for fact in given(*TREE, charters=[(LONG_AGO, TERM)]).facts if fact.TOPIC == "brand.listed"]
    of_brand = replace(CONFERRED, person=None, brand=B, credited=UnitId("G3"), until=date(2026, 12, 13))
    honour = replace(CONFERRED, until=date(2026, 12, 13))

    def told(*facts: Event) -> list[str]:
        return [each for each in wrong(*facts) if each.startswith("H1")]

    assert told(*tree, of_brand, honour, CORRECTED) == []
    assert told(CONFERRED) == ["H1: until is recorded as None, and had to be 2026-12-13"]
    assert "until is recorded as 2026-01-01, and had to be None" in told(replace(CORRECTED, until=date(2026, 1, 1)))[0]
    other = replace(of_brand, credited=UnitId("G4"))
    assert told(*tree, other) == ["H1: credited is recorded as G4, and had to be G3"]
    assert told(replace(honour, credited=UnitId("G4"))) == ["H1: credited is recorded as G4, and had to be None"]
    assert "could not be decided again" in told(of_brand)[0]
