"""The responsibility chain of anything, on both lines, at any moment."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from projections.views import Moment
from projections.views.chain import KINDS, Chain, Chains, Kind, chain
from projections.views.line import Line, Step
from tests.given import LONG_AGO
from tests.projections.office import CHARTER, GRIDS, OFFICE, History, facts_of
from tests.workflow.organisation.happened import appointed, bound, member, person, post, unit
from workflow.charter.library import learn
from workflow.charter.loader import shipped
from workflow.ids import AppointmentId, PersonId, PostId, UnitId
from workflow.organisation.appointments import Appoint, EndAppointment
from workflow.organisation.events import PostDutiesSet, UnitMoved

APRIL, MAY, JUNE, JULY = (date(2025, month, 1) for month in (4, 5, 6, 7))

BUSINESS_LEVELS = ["department_head", "deputy_in_charge", "chief"]
PARTY_LEVELS = ["group_leader", "branch_secretary", "organ_secretary", "leading_group_secretary"]


def appoint(id: str, person: str, post: str, since: date, kind: str = "substantive") -> Appoint:
    return Appoint(
        appointment=AppointmentId(id), person=PersonId(person), post=PostId(post), kind=kind, effective=since
    )


def end(id: str, day: date) -> EndAppointment:
    return EndAppointment(appointment=AppointmentId(id), effective=day)


def ask(connection: Connection, kind: Kind, id: str, day: date = JULY, position: int | None = None) -> Chains:
    found = chain(connection, Moment(position, day), kind, id, CHARTER)
    assert found is not None
    return found


def line(chain: Chain, name: str) -> Line:
    return next(each for each in chain.lines if each.line == name)


def step(chain: Chain, level: str) -> Step:
    return next(each for line in chain.lines for each in line.steps if each.level == level)


def answering(line: Line) -> list[tuple[str, list[str]]]:
    return [(step.level, [holder.person for holder in step.holders]) for step in line.steps]


def headed_office() -> History:
    history = History(*OFFICE, *GRIDS)
    history.then(appoint("A6", "P4", "G6-HEAD", APRIL), APRIL)
    history.then(appoint("A7", "P5", "G7-HEAD", APRIL), APRIL)
    return history


def test_a_departments_chain_goes_up_both_lines_through_its_grid(database_url):
    with facts_of(database_url, headed_office()) as connection:
        (found,) = ask(connection, "unit", "G6").chains
    assert not found.broken
    assert answering(line(found, "business")) == [
        ("department_head", ["P4"]),
        ("deputy_in_charge", ["P2"]),
        ("chief", ["P1"]),
    ]
    assert line(found, "party").grid == "N6"
    assert answering(line(found, "party")) == [
        ("group_leader", ["P4"]),
        ("branch_secretary", ["P2"]),
        ("organ_secretary", ["P1"]),
        ("leading_group_secretary", ["P1"]),
    ]


def test_who_leads_ex_officio_is_shown_with_the_rule_and_the_event_that_made_it_so(url):
    history = headed_office()
    with facts_of(url, history) as connection:
        found = ask(connection, "unit", "G6")
    leader = step(found.chains[0], "group_leader")
    (holder,) = leader.holders
    assert (holder.kind, holder.rule, holder.appointment, holder.acting) == (
        "ex_officio",
        "head_leads_group",
        "A6",
        False,
    )
    assert history.facts[holder.position - 1].TOPIC == "ex_officio.started"
    assert found.details.keys() == {"P1", "P2", "P4"}


def test_a_groups_chain_goes_up_the_business_line_through_its_grid(url):
    with facts_of(url, headed_office()) as connection:
        (found,) = ask(connection, "unit", "PG6").chains
    assert [each.level for each in line(found, "business").steps] == BUSINESS_LEVELS
    assert [each.level for each in line(found, "party").steps] == PARTY_LEVELS


def test_a_handlers_chain_begins_with_the_handler_alone(url):
    history = headed_office()
    history.then(appoint("A8", "P7", "G6-H1", APRIL), APRIL)
    history.then(appoint("A9", "P8", "G6-H1", APRIL), APRIL)
    with facts_of(url, history) as connection:
        (of_person,) = ask(connection, "person", "P7").chains
        (of_post,) = ask(connection, "post", "G6-H1").chains
    assert answering(line(of_person, "business"))[0] == ("handler", ["P7"])
    assert answering(line(of_post, "business"))[0] == ("handler", ["P7", "P8"])
    assert [each.level for each in line(of_person, "party").steps] == PARTY_LEVELS


def test_a_person_has_a_chain_for_each_post_and_each_membership(url):
    with facts_of(url, headed_office()) as connection:
        found = ask(connection, "person", "P4")
    (by_post, by_membership) = found.chains
    assert by_post.post is not None
    assert by_post.post.post == "G6-HEAD"
    assert by_membership.membership is not None
    assert by_membership.membership.unit == "PG6"
    assert [each.line for each in by_membership.lines] == ["party"]


def test_above_the_grids_the_other_line_is_the_top_of_it(url):
    with facts_of(url, headed_office()) as connection:
        (institution,) = ask(connection, "unit", "DCP").chains
        (branch,) = ask(connection, "unit", "B4").chains
    assert not institution.broken
    assert [each.level for each in line(institution, "party").steps] == ["leading_group_secretary"]
    assert not branch.broken
    assert [each.level for each in line(branch, "business").steps] == ["chief"]


def test_a_department_that_no_grid_binds_breaks_the_party_line(url):
    with facts_of(url, History(*OFFICE, appointed("A6", "P4", "G6-HEAD"))) as connection:
        (found,) = ask(connection, "unit", "G6").chains
    assert not line(found, "business").broken
    assert line(found, "party").missing == "grid"
    assert found.broken


def test_a_post_that_nobody_holds_breaks_the_chain(url):
    with facts_of(url, History(*OFFICE, *GRIDS)) as connection:
        (found,) = ask(connection, "unit", "G6").chains
    head = step(found, "department_head")
    assert (head.vacant, head.broken, head.missing) == (True, True, "holder")
    assert step(found, "chief").broken is False


def test_a_level_without_a_post_breaks_the_chain(url):
    history = headed_office()
    history.facts.append(PostDutiesSet(PostId("DCP-DEPUTY"), (UnitId("G7"),), MAY))
    with facts_of(url, history) as connection:
        (before,) = ask(connection, "unit", "G6", APRIL).chains
        (after,) = ask(connection, "unit", "G6", MAY).chains
    assert not before.broken
    overseer = step(after, "deputy_in_charge")
    assert (overseer.post, overseer.missing) == (None, "post")
    assert after.broken


def test_a_level_whose_unit_is_missing_in_between_breaks_the_chain(url):
    history = headed_office()
    history.facts.append(UnitMoved(UnitId("B4"), None, UnitId("OC"), MAY))
    with facts_of(url, history) as connection:
        (found,) = ask(connection, "unit", "G6", MAY).chains
    assert step(found, "organ_secretary").missing == "unit"
    assert line(found, "party").broken


def test_a_unit_that_does_not_stand_on_the_day_has_a_broken_chain(url):
    with facts_of(url, History(*OFFICE)) as connection:
        (found,) = ask(connection, "unit", "G6", date(2019, 12, 31)).chains
    assert found.unit is None
    assert found.broken


def test_what_is_not_known_has_no_chain(url):
    history = History(*OFFICE)
    with facts_of(url, history) as connection:
        things: list[tuple[Kind, str]] = [("unit", "G6"), ("post", "G6-HEAD"), ("person", "P1")]
        for kind, id in things:
            assert chain(connection, Moment(None, JULY), kind, id, CHARTER) is not None
            assert chain(connection, Moment(2, JULY), kind, id, CHARTER) is None
        for kind in KINDS:
            assert chain(connection, Moment(None, JULY), kind, "nobody", CHARTER) is None


def test_story_a_a_head_who_is_no_member_leaves_the_group_to_an_acting_leader(database_url):
    history = History(*OFFICE, *GRIDS)
    headless = history.position
    headed = history.then(appoint("A6", "P3", "G6-HEAD", APRIL), APRIL)
    history.then(appoint("A7", "P4", "PG6-LEAD", MAY, "acting"), MAY)
    with facts_of(database_url, history) as connection:
        (before,) = ask(connection, "unit", "G6", JULY, headless).chains
        (without,) = ask(connection, "unit", "G6", JULY, headed).chains
        (now,) = ask(connection, "unit", "G6", JULY).chains
        (in_april,) = ask(connection, "unit", "G6", APRIL).chains
    assert step(before, "department_head").missing == "holder"
    for each in (without, in_april):
        leader = step(each, "group_leader")
        assert (leader.why, leader.missing, leader.vacant) == ("head_not_member", "holder", True)
        assert not line(each, "business").broken
    leader = step(now, "group_leader")
    assert [(each.person, each.acting, each.kind) for each in leader.holders] == [("P4", True, "acting")]
    assert (leader.vacant, leader.broken, leader.why) == (True, False, "designated")
    assert not now.broken


def test_story_b_the_head_leaves_the_deputy_acts_she_returns(database_url):
    history = History(*OFFICE, *GRIDS, appointed("A6", "P4", "G6-HEAD"))
    history.then(appoint("A7", "P5", "G7-HEAD", APRIL), APRIL)
    history.then(appoint("A8", "P6", "G7-DEPUTY", APRIL), APRIL)
    left = history.then(end("A7", MAY), MAY)
    acted = history.then(appoint("A9", "P6", "G7-HEAD", MAY, "acting"), MAY)
    history.then(appoint("A10", "P5", "G7-HEAD", JUNE), JUNE)

    def heads(day: date, position: int | None = None) -> list[list[tuple[str, bool]]]:
        (found,) = ask(connection, "unit", "G7", day, position).chains
        steps = (step(found, "department_head"), step(found, "group_leader"))
        return [[(each.person, each.acting) for each in one.holders] for one in steps]

    with facts_of(database_url, history) as connection:
        assert heads(APRIL) == [[("P5", False)]] * 2
        assert heads(MAY) == [[("P6", True)]] * 2
        assert heads(JUNE) == [[("P5", False)]] * 2
        # As it was known at the time, whatever was found out since:
        assert heads(JUNE, left) == [[], []]
        assert heads(JUNE, acted) == [[("P6", True)]] * 2
        (gap,) = ask(connection, "unit", "G7", MAY, left).chains
        assert step(gap, "group_leader").why == "vacancy"


def test_the_chain_of_a_warning_is_that_of_its_unit(url):
    history = headed_office()
    history.adopt("I20", date(2025, 1, 1))
    history.report("I20", "G7", "2025-04", "96", MAY)
    with facts_of(url, history) as connection:
        found = ask(connection, "warning", "W.I20.G7.2025-04")
    assert found.warning is not None
    assert (found.warning.colour, found.warning.state) == ("red", "raised")
    assert [each.unit.unit for each in found.chains if each.unit] == ["G7"]


def test_the_chains_of_an_indicator_are_those_of_the_units_it_concerns_page_by_page(url):
    history = headed_office()
    history.adopt("C1", date(2025, 1, 1))
    with facts_of(url, history) as connection:
        first = chain(connection, Moment(None, JULY), "indicator", "C1", CHARTER, limit=1)
        assert first is not None
        rest = chain(connection, Moment(None, JULY), "indicator", "C1", CHARTER, after=first.after or "")
    assert rest is not None
    assert [each.unit.unit for found in (first, rest) for each in found.chains if each.unit] == ["G6", "G7"]
    assert (first.after, rest.after) == ("G6", None)


def test_a_hospitals_chain_follows_its_own_charter(url):
    text = shipped("hospital")
    history = History(
        unit("H", "hospital"),
        unit("D1", "department", "H"),
        unit("W1", "ward", "D1"),
        post("W1-NURSE", "W1", "nurse", seats=5),
        charters=[(LONG_AGO, text)],
    )
    with facts_of(url, history) as connection:
        found = chain(connection, Moment(None, JULY), "post", "W1-NURSE", learn(text))
    assert found is not None
    (of_ward,) = found.chains
    assert [each.line for each in of_ward.lines] == ["quality"]
    levels = ["clinician", "head_nurse", "director", "vice_president", "president"]
    assert [each.level for each in line(of_ward, "quality").steps] == levels
    assert (line(of_ward, "quality").grid, line(of_ward, "quality").missing) == (None, None)


def test_a_line_passes_over_the_levels_that_do_not_stand_above_the_unit(url):
    """The hospital: committees and teams beside wards; a physician of a department, who has no head nurse."""
    text = shipped("hospital")
    history = History(
        unit("H", "hospital"),
        unit("D1", "department", "H"),
        unit("QC", "quality_committee", "H"),
        unit("QT1", "quality_team", "QC"),
        bound("N1", "D1", "QT1"),
        post("D1-DIR", "D1", "department_director"),
        post("D1-PHYS", "D1", "physician", seats=5),
        person("P1"),
        appointed("A1", "P1", "D1-DIR"),
        charters=[(LONG_AGO, text)],
    )
    with facts_of(url, history) as connection:
        (team,) = ask_hospital(connection, text, "QT1")
        (committee,) = ask_hospital(connection, text, "QC")
        found = chain(connection, Moment(None, JULY), "post", "D1-PHYS", learn(text))
    assert found is not None
    levels = ["quality_team_leader", "committee_chair", "president"]
    assert [each.level for each in line(team, "quality").steps] == levels
    assert [each.level for each in line(committee, "quality").steps] == levels[1:]
    physician = line(found.chains[0], "quality").steps
    assert [(each.level, each.missing) for each in physician] == [
        ("clinician", "holder"),
        ("director", None),
        ("vice_president", "post"),
        ("president", "post"),
    ]


def ask_hospital(connection: Connection, text: str, id: str) -> list[Chain]:
    found = chain(connection, Moment(None, JULY), "unit", id, learn(text))
    assert found is not None
    return found.chains


def test_a_member_without_a_post_has_the_chain_of_their_group(url):
    with facts_of(url, History(*OFFICE, member("P9", "PG6"))) as connection:
        found = ask(connection, "person", "P9")
    assert [each.unit.unit for each in found.chains if each.unit] == ["PG6"]
    assert found.broken  # nobody leads the group
