"""Who is from outside a unit: who checks, reviews and scores it."""

from __future__ import annotations

from datetime import date

from workflow.calendar import ONE_DAY
from workflow.charter.model import Charter
from workflow.dates import Span
from workflow.ids import PersonId, UnitId
from workflow.organisation.belonging import Memberships
from workflow.organisation.levels import UnitHeads
from workflow.organisation.tree import UnitTree
from workflow.organisation.views import Career, Standing
from workflow.slices import Knows, Refused


class Belonging:
    """Whether a person belongs to a unit on a day: holds a post in it or below it, is a member of it or of one below
    it, or answers for it."""

    def __init__(self, person: PersonId, unit: UnitId, day: date) -> None:
        self.person, self.unit, self._day = person, unit, day
        self.service = Standing(person)
        self.belongs = False

    def knows(self, charter: Charter) -> Knows:
        career, memberships = Career(self.person), Memberships(self.person)
        yield self.service, career, memberships
        heads = UnitHeads(charter, self.unit, self._day)
        yield from heads.knows()
        units = {each.unit for each in career.on(self._day)}
        units |= {each.unit for each in memberships.memberships.values() if each.span.holds_on(self._day)}
        tree = UnitTree(units, self._day)
        yield from tree.knows()
        below = any(self.unit == each.unit for start in units for each in tree.upward(start, self._day))
        self.belongs = below or self.person in heads.people

    def must_serve(self, pointer: str) -> None:
        """Raises Refused unless the person is in service on the day; `pointer` is the parameter at fault."""
        try:
            self.service.must_serve(Span(self._day, self._day + ONE_DAY))
        except Refused as refused:
            raise Refused(refused.code, refused.sentence, pointer) from None

    def must_be_outside(self, code: str, pointer: str) -> None:
        """The same for whoever must come from outside the unit, too."""
        self.must_serve(pointer)
        if self.belongs:
            sentence = f"{self.person} belongs to the unit {self.unit}; this takes somebody from outside."
            raise Refused(code, sentence, pointer)
