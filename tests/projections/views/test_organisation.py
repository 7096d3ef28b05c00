"""Units, posts, people, grids and charters as they are listed and looked up, at any moment."""

from __future__ import annotations

from datetime import date

from projections.views import Moment
from projections.views.charters import adoptions, charter_at, in_force, text_of
from projections.views.organisation import grid, grids, leaderships, post, posts, unit, units
from projections.views.people import (
    appointment,
    appointments,
    details_of,
    membership,
    memberships,
    people,
    person,
)
from tests.given import LONG_AGO
from tests.projections.office import GRIDS, OFFICE, TEXT, History, facts_of, there
from tests.workflow.organisation.happened import appointed
from workflow.charter.loader import digest
from workflow.ids import GridId, PersonId, PostId, UnitId
from workflow.organisation.grids import UnbindGrid
from workflow.organisation.people import ChangePersonnelClass, CorrectPersonDetails, RecordDeparture
from workflow.organisation.posts import AbolishPost, SetPostDuties
from workflow.organisation.units import DissolveUnit, RenameUnit

MAY, JUNE, JULY = date(2025, 5, 1), date(2025, 6, 2), date(2025, 7, 1)


def test_a_renamed_unit_has_its_name_of_the_day_and_of_what_was_known(database_url):
    history = History(*OFFICE)
    before = history.position
    history.then(RenameUnit(unit=UnitId("G6"), name_zh="未检部", name_en="Juvenile", effective=JUNE), MAY)
    with facts_of(database_url, history) as connection:
        names = []
        for moment in (Moment(None, JULY), Moment(None, MAY), Moment(before, JULY)):
            found = there(unit(connection, moment, "G6"))
            names.append((found.name_zh, found.established))
    assert names == [("未检部", LONG_AGO), ("六部", LONG_AGO), ("六部", LONG_AGO)]


def test_units_are_listed_by_kind_by_parent_and_within_a_unit_page_by_page(url):
    history = History(*OFFICE)
    with facts_of(url, history) as connection:
        now = Moment(None, JULY)
        assert [each.unit for each in units(connection, now, kind="department").items] == ["G6", "G7"]
        assert [each.unit for each in units(connection, now, parent="B4").items] == ["PG6", "PG7"]
        assert [each.unit for each in units(connection, now, within="OC").items] == ["B4", "OC", "PG6", "PG7"]
        first = units(connection, now, limit=3)
        rest = units(connection, now, after=first.after or "")
        assert [each.unit for page in (first, rest) for each in page.items] == sorted(
            ["B4", "DCP", "G6", "G7", "LG", "OC", "PG6", "PG7"]
        )
        assert rest.after is None
        assert units(connection, Moment(None, date(2019, 1, 1))).items == []
        assert units(connection, Moment(0, JULY)).items == []


def test_a_dissolved_unit_is_listed_no_more_but_known_still(url):
    history = History(*OFFICE)
    history.then(AbolishPost(post=PostId("G6-H1"), effective=MAY), MAY)
    history.then(SetPostDuties(post=PostId("DCP-DEPUTY"), units=(UnitId("G7"),), effective=MAY), MAY)
    history.then(DissolveUnit(unit=UnitId("G6"), effective=JUNE), JUNE)
    with facts_of(url, history) as connection:
        now = Moment(None, JULY)
        assert [each.unit for each in units(connection, now, kind="department").items] == ["G7"]
        gone, abolished = there(unit(connection, now, "G6")), there(post(connection, now, "G6-H1"))
        deputy = there(post(connection, now, "DCP-DEPUTY"))
        assert [each.post for each in posts(connection, now, unit="G6").items] == []
        assert [each.post for each in posts(connection, Moment(None, MAY), unit="G6").items] == ["G6-HEAD"]
    assert (gone.dissolved, gone.until, abolished.abolished) == (JUNE, JUNE, MAY)
    assert (deputy.duties, deputy.since) == (("G7",), MAY)


def test_posts_are_listed_by_unit_and_kind(url):
    with facts_of(url, History(*OFFICE)) as connection:
        now = Moment(None, JULY)
        assert [each.post for each in posts(connection, now, kind="department_head").items] == ["G6-HEAD", "G7-HEAD"]
        assert [each.post for each in posts(connection, now, unit="DCP").items] == ["DCP-CHIEF", "DCP-DEPUTY"]


def test_a_person_who_left_is_known_still_with_the_day_and_what_they_held(database_url):
    history = History(*OFFICE, *GRIDS, appointed("A6", "P4", "G6-HEAD"))
    history.then(ChangePersonnelClass(person=PersonId("P4"), personnel_class="clerk", effective=MAY), MAY)
    before = history.then(CorrectPersonDetails(person=PersonId("P4"), name="Four"), MAY)
    history.then(RecordDeparture(person=PersonId("P4"), effective=JUNE), JUNE)
    with facts_of(database_url, history) as connection:
        now, in_may = Moment(None, JULY), Moment(None, MAY)
        assert "P4" not in [each.person for each in people(connection, now).items]
        gone = there(person(connection, now, "P4"))
        earlier = there(person(connection, Moment(before, date(2025, 1, 1)), "P4"))
        assert [each.appointment for each in appointments(connection, in_may, person="P4").items] == ["A6"]
        assert appointments(connection, now, person="P4").items == []
        assert [each.membership for each in memberships(connection, in_may, unit="PG6").items] == ["M-P4"]
        assert memberships(connection, now, person="P4").items == []
        held, belonged = there(appointment(connection, now, "A6")), there(membership(connection, now, "M-P4"))
        assert [each.person for each in people(connection, in_may, unit="G6", personnel_class="clerk").items] == ["P4"]
        assert [each.person for each in people(connection, in_may, ids=["P4", "P5"]).items] == ["P4", "P5"]
        assert set(details_of(connection, now, ["P4", "P5", "nobody"])) == {"P4", "P5"}
    assert (gone.personnel_class, gone.departed, gone.registered) == ("clerk", JUNE, LONG_AGO)
    assert gone.details.topic == "person.details_corrected"
    assert (earlier.personnel_class, earlier.departed) == ("prosecutor", None)
    assert (held.until, belonged.until) == (JUNE, JUNE)


def test_what_the_ex_officio_rule_says_ends_with_the_grid(url):
    history = History(*OFFICE, *GRIDS)
    history.then(RecordDeparture(person=PersonId("P9"), effective=MAY), MAY)
    history.then(UnbindGrid(grid=GridId("N6"), effective=JUNE), JUNE)
    with facts_of(url, history) as connection:
        assert [each.grid for each in grids(connection, Moment(None, JULY)).items] == ["N7"]
        assert leaderships(connection, Moment(None, JULY), ["N6", "N7"]) == {}
        unbound = there(grid(connection, Moment(None, JULY), "N6"))
    assert (unbound.department, unbound.group_unit, unbound.until) == ("G6", "PG6", JUNE)


def test_the_charter_in_force_is_the_last_that_came_into_force(url):
    later = TEXT.replace('version = "1"', 'version = "2"')
    history = History(*OFFICE, charters=[(LONG_AGO, TEXT), (JUNE, later)])
    with facts_of(url, history) as connection:
        now = Moment(None, JULY)
        found = [in_force(connection, each) for each in (now, Moment(None, MAY), Moment(2, JULY))]
        assert [each.version for each in found if each] == ["2", "1", "1"]
        assert in_force(connection, Moment(None, date(2019, 1, 1))) is None
        assert [each.since for each in adoptions(connection, now)] == [LONG_AGO, JUNE]
        assert text_of(connection, digest(later)) == later
        charter = there(charter_at(connection, now))
    assert charter.version == "2"


def test_nothing_is_known_of_what_does_not_exist(url):
    with facts_of(url, History(*OFFICE)) as connection:
        now = Moment(None, JULY)
        for look_up in (unit, post, grid, person, appointment, membership):
            assert look_up(connection, now, "nobody") is None
