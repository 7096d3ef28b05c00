"""Whose an honour is: a person, a unit, a brand or a case team; whether they were there, and who has a share in it."""

from __future__ import annotations

from datetime import date

from workflow.brands.tree import BrandTree
from workflow.calendar import ONE_DAY
from workflow.case_teams.views import CaseTeamStanding, MembersOf
from workflow.charter.model import Charter
from workflow.dates import Span
from workflow.honours.events import HonourConferred
from workflow.ids import BrandId, CaseTeamId, PersonId, UnitId
from workflow.organisation.outside import Belonging
from workflow.organisation.views import Standing, UnitStanding
from workflow.slices import Knows, Refused


class Subject:
    """One of the four, on the day of the honour. Raises Refused for none of them, or several."""

    def __init__(
        self,
        person: PersonId | None,
        unit: UnitId | None,
        brand: BrandId | None,
        case_team: CaseTeamId | None,
        credited: UnitId | None,
        day: date,
    ) -> None:
        if sum(each is not None for each in (person, unit, brand, case_team)) != 1:
            sentence = "An honour is that of one person, unit, brand or case team."
            raise Refused("honour.subject", sentence, "person", "unit", "brand", "case_team")
        if credited is not None and case_team is None:
            sentence = "Which unit has the points is said of a team's honour; else it is known."
            raise Refused("honour.credited", sentence, "credited")
        self._brand, self._credited, self._day = brand, credited, day
        self._service = None if person is None else Standing(person)
        place = unit or credited
        self._pointer = "unit" if unit is not None else "credited"
        self._place = None if place is None else UnitStanding(place)
        self._tree = None if brand is None else BrandTree()
        self._team = None if case_team is None else CaseTeamStanding(case_team)

    def knows(self) -> Knows:
        known = self._service, self._place, self._tree, self._team
        views = tuple(view for view in known if view is not None)
        if views:
            yield views

    def credited(self) -> UnitId | None:
        """The unit that has the points, where the subject cannot have them. Raises Refused if it was not there."""
        on = Span(self._day, self._day + ONE_DAY)
        if self._service is not None:
            self._service.must_serve(on)
        if self._place is not None:
            self._place.must_stand(on, self._pointer)
        if self._team is not None and self._team.must_be_known().effective > self._day:
            raise Refused("honour.before_team", f"The team was not formed yet on {self._day}.", "case_team")
        if self._tree is not None and self._brand is not None:
            return self._tree.must_be_listed(self._brand, self._day).unit
        return self._credited


class Share:
    """Whether a person was one of those who earned the honour of a unit: belonged to it, or to one below it, then; or
    that of a case team: was a member of it then."""

    def __init__(self, person: PersonId, honour: HonourConferred) -> None:
        self._person, self._day = person, honour.effective
        self._belonging = None if honour.unit is None else Belonging(person, honour.unit, honour.effective)
        self._team = None if honour.case_team is None else MembersOf(honour.case_team)

    def knows(self, charter: Charter) -> Knows:
        if self._belonging is not None:
            yield from self._belonging.knows(charter)
        if self._team is not None:
            yield (self._team,)

    @property
    def earned(self) -> bool:
        if self._team is not None:
            return self._person in self._team.on(self._day)
        return self._belonging is not None and self._belonging.belongs
